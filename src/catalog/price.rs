//! What tokens cost: integers all the way, one rounding at the end.

use crate::protocol::{Nano, Usage};

/// Nano-dollars for a million tokens of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    pub input: Nano,
    /// Also what reasoning is billed at.
    pub output: Nano,
    pub cache_read: Nano,
    pub cache_write_5m: Nano,
    pub cache_write_1h: Nano,
}

/// A model's price: rates, and other rates for large requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    pub rates: Rates,
    /// `(n, rates)`: a request whose input, cached or not, is above `n` tokens is billed at `rates` as a whole.
    /// Ascending.
    pub tiers: Vec<(u64, Rates)>,
}

/// What a model without a known price counts at: $10 in, $50 out, $2.50 cache read, $12.50 and $20 cache write.
///
/// The rates of the dearest model sold today for everyday use, and a cache read at a quarter of the input where a
/// tenth is usual: a budget errs on the safe side. Only the `-pro` kind and some old ones are dearer (a test names
/// them). A constant, so that what was counted yesterday does not change with the next edition of the catalogue.
pub const UNKNOWN_PRICE: Price = Price {
    rates: Rates {
        input: Nano(10_000_000_000),
        output: Nano(50_000_000_000),
        cache_read: Nano(2_500_000_000),
        cache_write_5m: Nano(12_500_000_000),
        cache_write_1h: Nano(20_000_000_000),
    },
    tiers: Vec::new(),
};

impl Price {
    /// The rates in force for a request with `input` tokens of input, cached or not.
    pub fn rates_at(&self, input: u64) -> &Rates {
        self.tiers
            .iter()
            .rev()
            .find(|(above, _)| input > *above)
            .map_or(&self.rates, |(_, rates)| rates)
    }

    /// What `usage` cost. Exact until the one rounding at the end, half a nano-dollar upwards.
    ///
    /// A tier is chosen by the sum of the usage's input: hand in one request at a time where tiers matter.
    pub fn cost(&self, usage: &Usage) -> Nano {
        self.rates_at(usage.total_input()).cost(usage)
    }
}

impl Rates {
    /// What `usage` costs at these rates. Exact until the one rounding at the end, half a nano-dollar upwards.
    pub fn cost(&self, usage: &Usage) -> Nano {
        let rates = self;
        let nano_per_million: i128 = [
            (usage.input, rates.input),
            (usage.output, rates.output),
            (usage.reasoning, rates.output),
            (usage.cache_read, rates.cache_read),
            (usage.cache_write_5m, rates.cache_write_5m),
            (usage.cache_write_1h, rates.cache_write_1h),
        ]
        .into_iter()
        .map(|(tokens, Nano(rate))| i128::from(tokens) * i128::from(rate))
        .sum();
        let rounded = (nano_per_million + 500_000).div_euclid(1_000_000);
        Nano(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn usage(input: u64, output: u64, reasoning: u64, read: u64, w5m: u64, w1h: u64) -> Usage {
        Usage {
            input,
            output,
            reasoning,
            cache_read: read,
            cache_write_5m: w5m,
            cache_write_1h: w1h,
            estimated: false,
        }
    }

    /// Each sum worked out by hand from the provider's price in USD per million.
    #[test]
    fn costs_are_right_to_the_nano_dollar() {
        for (model, used, nano) in [
            // 1,000 × 4 + 500 × 20 = 14,000 µ$
            ("claude-opus-5-5", usage(1_000, 500, 0, 0, 0, 0), 14_000_000),
            // 100,000 of each kind: 0.4 + 2 + 2 (reasoning) + 0.02 + 0.5 + 0.8
            (
                "claude-opus-5-5",
                usage(100_000, 100_000, 100_000, 100_000, 100_000, 100_000),
                5_720_000_000,
            ),
            // the 1 h write is dearer than the 5 min one: 1,000,000 × 4 against × 2.5
            (
                "claude-sonnet-5-5",
                usage(0, 0, 0, 0, 0, 1_000_000),
                4_000_000_000,
            ),
            (
                "claude-sonnet-5-5",
                usage(0, 0, 0, 0, 1_000_000, 0),
                2_500_000_000,
            ),
            // 7 × 0.1 + 3 × 0.5 + 1 × 0.01 = 2.21 µ$
            ("claude-haiku-5-5", usage(7, 3, 0, 1, 0, 0), 2_210),
            // 1 token read from a cache at 0.0028 = 2.8 nano-dollars, rounded once: 3; two: 5.6 → 6
            ("deepseek-v4-flash", usage(0, 0, 0, 1, 0, 0), 3),
            ("deepseek-v4-flash", usage(0, 0, 0, 2, 0, 0), 6),
            // 0.003625 × 4 = 14.5 nano-dollars: half upwards
            ("deepseek-v4-pro", usage(0, 0, 0, 4, 0, 0), 15),
            // at the limit the lower tier, above it the upper one for all: 2.5 × 272,000; 5 × 272,001 + 22.5
            ("gpt-5.4", usage(272_000, 0, 0, 0, 0, 0), 680_000_000),
            ("gpt-5.4", usage(272_001, 1, 0, 0, 0, 0), 1_360_027_500),
            // what was cached counts towards the tier: 1 × 5 + 272,000 × 0.5
            ("gpt-5.4", usage(1, 0, 0, 272_000, 0, 0), 136_005_000),
            // long context of Sonnet 4.5: 6, 22.5, 1 h write 12
            (
                "claude-sonnet-4-5",
                usage(200_000, 10, 0, 0, 0, 1),
                1_200_237_000,
            ),
        ] {
            let found = Catalog::embedded().find(model).expect(model);
            assert_eq!(found.price.cost(&used), Nano(nano), "{model} {used:?}");
        }
    }

    #[test]
    fn an_unknown_price_is_dearer_than_any_in_common_use() {
        let most = &UNKNOWN_PRICE.rates;
        let dearer: Vec<&str> = Catalog::embedded()
            .models()
            .iter()
            .filter(|model| {
                let rates = &model.price.rates;
                // Where no cache price is known, a read is billed as input, which is safe enough.
                let read_known = rates.cache_read < rates.input;
                rates.input > most.input
                    || rates.output > most.output
                    || (read_known && rates.cache_read > most.cache_read)
                    || rates.cache_write_1h > most.cache_write_1h
            })
            .map(|model| model.id.as_str())
            .collect();
        assert_eq!(
            dearer,
            [
                "claude-opus-4-1",
                "claude-opus-4-0",
                "gpt-5.5-pro",
                "gpt-5.4-pro",
                "gpt-5-pro",
                "o1"
            ]
        );
    }

    #[test]
    fn no_sum_overflows() {
        let all = u64::MAX / 8;
        let cost = UNKNOWN_PRICE.cost(&usage(all, all, all, all, all, all));
        assert_eq!(cost, Nano(i64::MAX));
    }
}
