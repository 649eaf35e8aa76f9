//! Tokens and money, in integers.

use serde::{Deserialize, Serialize};
use std::{fmt, iter::Sum, ops::Add};

/// An amount in nano-dollars: 1 USD = 1,000,000,000. Signed, so that differences are amounts too.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Nano(pub i64);

impl Nano {
    /// The amount of a decimal figure such as `5` or `0.25` dollars, rounded to the nearest nano-dollar.
    pub fn from_dollars(dollars: f64) -> Nano {
        Nano((dollars * 1e9).round() as i64)
    }

    /// For display and ratios only; sums stay in [`Nano`].
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl Add for Nano {
    type Output = Nano;
    fn add(self, other: Nano) -> Nano {
        Nano(self.0.saturating_add(other.0))
    }
}

impl Sum for Nano {
    fn sum<I: Iterator<Item = Nano>>(amounts: I) -> Nano {
        amounts.fold(Nano(0), Add::add)
    }
}

/// `$1,234.50`, `$0.42`, `$0.004`, `$0.00012`, `$0`: two decimals from a cent upwards in whole
/// cents, below that the first two digits that are not zero.
impl fmt::Display for Nano {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nano = self.0.unsigned_abs();
        let text = match nano {
            0 => "0".to_owned(),
            // A price such as $0.125 or $1.745 is shown as it is.
            1_000_000..
                if !nano.is_multiple_of(10_000_000)
                    && nano.is_multiple_of(1_000_000)
                    && nano < 100_000_000_000 =>
            {
                let (dollars, mills) = (nano / 1_000_000_000, nano / 1_000_000 % 1000);
                format!("{dollars}.{mills:03}")
            }
            1_000_000_000.. => {
                let cents = (nano + 5_000_000) / 10_000_000;
                format!("{}.{:02}", group_thousands(cents / 100), cents % 100)
            }
            100_000_000.. => format!("{:.2}", nano as f64 / 1e9),
            10_000_000.. => trim_zeros(format!("{:.3}", nano as f64 / 1e9)),
            1_000_000.. => trim_zeros(format!("{:.4}", nano as f64 / 1e9)),
            100_000.. => trim_zeros(format!("{:.5}", nano as f64 / 1e9)),
            10_000.. => trim_zeros(format!("{:.6}", nano as f64 / 1e9)),
            _ => trim_zeros(format!("{:.9}", nano as f64 / 1e9)),
        };
        write!(f, "{sign}${text}")
    }
}

fn trim_zeros(text: String) -> String {
    let kept = text.trim_end_matches('0');
    let whole = kept.find('.').map_or(kept.len(), |dot| dot + 3);
    text[..whole.max(kept.len()).min(text.len())].to_owned()
}

fn group_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What something cost, and how far that is known. Costs add up, and what is not known stays visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The part that has a price.
    pub priced: Nano,
    /// A conservative stand-in for the part without a price. Counts against the budget; shown as `?`.
    pub unpriced: Nano,
    /// The list price of what a subscription covers. Nobody pays it, so it counts against no budget.
    #[serde(default)]
    pub plan: Nano,
    /// Whether `priced` rests on estimated token counts.
    pub estimated: bool,
}

impl Cost {
    /// What counts against a budget: the priced part and the conservative stand-in.
    pub fn counted(self) -> Nano {
        self.priced + self.unpriced
    }
}

impl Add for Cost {
    type Output = Cost;
    fn add(self, other: Cost) -> Cost {
        Cost {
            priced: self.priced + other.priced,
            unpriced: self.unpriced + other.unpriced,
            plan: self.plan + other.plan,
            estimated: self.estimated || other.estimated,
        }
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::default(), Add::add)
    }
}

/// `$0.03`, `~$0.03` (estimated), `?` (no price at all), `$0.03+?` (a part without a price), `plan ~$0.42`
/// (covered by a subscription, with its list price), `$0.03 + plan ~$0.42`.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.estimated { "~" } else { "" };
        if self.plan != Nano(0) {
            let metered = Cost {
                plan: Nano(0),
                ..*self
            };
            if metered.counted() != Nano(0) {
                write!(f, "{metered} + ")?;
            }
            return write!(f, "plan ~{}", self.plan);
        }
        match (self.priced, self.unpriced) {
            (priced, Nano(0)) => write!(f, "{mark}{priced}"),
            (Nano(0), _) => f.write_str("?"),
            (priced, _) => write!(f, "{mark}{priced}+?"),
        }
    }
}

/// Tokens of one turn or of many. The parts do not overlap: `input` excludes what was read from or
/// written to a cache, `output` excludes `reasoning`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    pub input: u64,
    pub output: u64,
    /// Billed as output everywhere we know of; kept apart to be shown apart.
    pub reasoning: u64,
    pub cache_read: u64,
    pub cache_write_5m: u64,
    pub cache_write_1h: u64,
    /// Whether any part was counted by us rather than reported by the server.
    pub estimated: bool,
}

impl Usage {
    /// All tokens the model was shown, cached or not.
    pub fn total_input(&self) -> u64 {
        self.input + self.cache_read + self.cache_write_5m + self.cache_write_1h
    }

    /// All tokens the model produced.
    pub fn total_output(&self) -> u64 {
        self.output + self.reasoning
    }

    /// Share of the input that came from a cache, 0 to 1; `None` where there was no input.
    pub fn cached_share(&self) -> Option<f64> {
        let total = self.total_input();
        (total > 0).then(|| self.cache_read as f64 / total as f64)
    }
}

impl Add for Usage {
    type Output = Usage;
    fn add(self, other: Usage) -> Usage {
        Usage {
            input: self.input + other.input,
            output: self.output + other.output,
            reasoning: self.reasoning + other.reasoning,
            cache_read: self.cache_read + other.cache_read,
            cache_write_5m: self.cache_write_5m + other.cache_write_5m,
            cache_write_1h: self.cache_write_1h + other.cache_write_1h,
            estimated: self.estimated || other.estimated,
        }
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Usage>>(usages: I) -> Usage {
        usages.fold(Usage::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well_at_every_size() {
        for (nano, text) in [
            (0, "$0"),
            (2_800, "$0.0000028"),
            (120_000, "$0.00012"),
            (4_000_000, "$0.004"),
            (10_000_000, "$0.01"),
            (31_000_000, "$0.031"),
            (420_000_000, "$0.42"),
            (125_000_000, "$0.125"),
            (1_745_000_000, "$1.745"),
            (1_745_000_001, "$1.75"),
            (500_000_000, "$0.50"),
            (1_840_000_000, "$1.84"),
            (999_999_999, "$1.00"),
            (1_234_500_000_000, "$1,234.50"),
            (-420_000_000, "-$0.42"),
        ] {
            assert_eq!(Nano(nano).to_string(), text);
        }
    }

    #[test]
    fn an_unknown_price_never_reads_as_nothing() {
        let known = Cost {
            priced: Nano(420_000_000),
            ..Cost::default()
        };
        let unknown = Cost {
            unpriced: Nano(1_000_000),
            ..Cost::default()
        };
        assert_eq!(unknown.to_string(), "?");
        assert_eq!((known + unknown).to_string(), "$0.42+?");
        assert_eq!((known + unknown).counted(), Nano(421_000_000));
        let covered = Cost {
            plan: Nano(30_000_000),
            ..Cost::default()
        };
        assert_eq!(covered.to_string(), "plan ~$0.03");
        assert_eq!((known + covered).to_string(), "$0.42 + plan ~$0.03");
        assert_eq!((known + covered).counted(), known.priced);
    }
}
