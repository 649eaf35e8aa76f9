//! The rule: the cheapest model whose lower bound reaches the threshold; if none does, the best that can be afforded,
//! and of those about as good the cheapest. Pressure on the budget makes more of them count as about as good.
//!
//! Of those that reach it, a failed answer is counted as a cent unless the user says otherwise: so next to nothing is never
//! saved by failing more often, and where savings are worth naming the cheapest is the cheapest.

/// Differences in expected success that are no differences, while the budget is fresh.
const ALIKE: f64 = 0.01;

/// The most that pressure may take from success.
const MOST_PRESSED: f64 = 0.15;

/// What a failed answer costs its reader beside its price, in nano-dollars, unless the user says otherwise: a cent, the few
/// seconds in which one sees that it is none. Chosen low, so that it decides only between prices that hardly differ.
pub const FAILURE: f64 = 1e7;

/// The share of prompts that may go to another model than the first so that something is learnt: while priors prove
/// right, and where they do not.
const EXPLORE_LEAST: f64 = 0.01;
const EXPLORE_MOST: f64 = 0.03;

/// Complexity from which a mistake is not cheap any more, so that nothing is tried.
const HARD: u8 = 60;

/// How near its expected success must be to that of the first for a model to be tried instead of it.
const NEAR: f64 = 0.05;

/// A model that could be taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer {
    /// Expected share of good answers, and its 20th and 80th percentile.
    pub success: f64,
    pub lower: f64,
    pub upper: f64,
    /// Expected cost, in nano-dollars.
    pub cost: f64,
    /// What stands against it, if anything.
    pub barred: Option<Bar>,
}

/// What keeps a model from being taken, the lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bar {
    /// The same model is at hand without a middleman.
    Resold,
    /// Dearer than what is left of the budget.
    TooDear,
}

/// Where a model stands in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Its lower bound reaches the threshold: by cost, and what its failures cost.
    Reaches,
    /// About as good as the best that does not: by cost.
    Alike,
    /// The rest: by expected success.
    Behind,
    Barred(Bar),
}

/// The terms of a choice.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// What the lower bound of success must reach.
    pub threshold: f64,
    /// The share of the budget that is used, 0 to 1; 0 without a budget.
    pub used: f64,
    /// What a failed answer costs its reader beside its price, in nano-dollars, while the budget is fresh.
    pub failure: f64,
    /// Of the prompt, 0 to 100.
    pub complexity: u8,
}

impl Terms {
    /// What success may be given up for a lower cost: nothing to speak of with a fresh budget, ten times as much when
    /// nine tenths are used. (A price on cost that grows as the budget runs out, as a primal-dual pacer has it, in a
    /// closed form that needs no state.)
    pub fn pressure(&self) -> f64 {
        let left = 1.0 - self.used.clamp(0.0, 1.0);
        (ALIKE / left.max(1e-6)).min(MOST_PRESSED)
    }

    /// Cost of an offer and of what fails of it; the less is left of the budget, the less failures count beside money.
    fn counted(&self, offer: &Offer) -> f64 {
        let left = 1.0 - self.used.clamp(0.0, 1.0);
        offer.cost + self.failure * left * (1.0 - offer.success)
    }

    /// The threshold as the pressure leaves it.
    pub fn bar(&self) -> f64 {
        self.threshold - (self.pressure() - ALIKE)
    }
}

/// The place of each offer in the order, best first, and its rank. Equals keep their order.
pub fn order(offers: &[Offer], terms: &Terms) -> Vec<(usize, Rank)> {
    let free = |offer: &&Offer| offer.barred.is_none();
    let best = offers
        .iter()
        .filter(free)
        .map(|offer| offer.success)
        .fold(0.0, f64::max);
    let bar = terms.bar();
    let rank = |offer: &Offer| match offer.barred {
        Some(bar) => Rank::Barred(bar),
        None if offer.lower >= bar => Rank::Reaches,
        None if offer.success >= best - terms.pressure() => Rank::Alike,
        None => Rank::Behind,
    };
    let counted = |offer: &Offer| terms.counted(offer);
    let mut places: Vec<(usize, Rank)> = offers.iter().map(rank).enumerate().collect();
    places.sort_by(|(a, rank), (b, other)| {
        let (one, two) = (&offers[*a], &offers[*b]);
        let cost = one.cost.total_cmp(&two.cost);
        let success = two.success.total_cmp(&one.success);
        rank.cmp(other).then(match rank {
            Rank::Behind => success.then(cost),
            Rank::Reaches => counted(one).total_cmp(&counted(two)).then(cost),
            Rank::Alike | Rank::Barred(_) => cost.then(success),
        })
    });
    places
}

/// A model to be tried instead of the first, so that something is learnt of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Its place in the order.
    pub place: usize,
    /// How probable it was to be tried, for estimates from such turns.
    pub propensity: f64,
}

/// Whether to try another than the first of `places`, and which: of those about as good and not dearer than twice the
/// first, the one least is known of. `chance` is evenly from 0 to below 1; `trust` is how far priors proved right,
/// 0 to 1. Never in more than 3 % of prompts.
pub fn trial(
    offers: &[Offer],
    places: &[(usize, Rank)],
    terms: &Terms,
    trust: f64,
    chance: f64,
) -> Option<Trial> {
    if terms.complexity >= HARD {
        return None;
    }
    let share = EXPLORE_MOST - (EXPLORE_MOST - EXPLORE_LEAST) * trust.clamp(0.0, 1.0);
    let first = &offers[places.first()?.0];
    let width = |offer: &Offer| offer.upper - offer.lower;
    let (place, _) = places
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, (at, _))| {
            let offer = &offers[*at];
            offer.barred.is_none()
                && offer.success >= first.success - NEAR
                && offer.upper >= first.success
                && offer.cost <= 2.0 * first.cost
        })
        .max_by(|(_, (a, _)), (_, (b, _))| width(&offers[*a]).total_cmp(&width(&offers[*b])))?;
    (chance < share).then_some(Trial {
        place,
        propensity: share,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENT: f64 = 1e7;

    /// Success and cost in cents; all with a lower bound of 0.05 below.
    fn first(offers: &[(f64, f64)], used: f64) -> usize {
        let offers: Vec<Offer> = offers
            .iter()
            .map(|&(success, cents)| Offer {
                success,
                lower: success - 0.05,
                upper: success + 0.03,
                cost: cents * CENT,
                barred: None,
            })
            .collect();
        let terms = Terms {
            threshold: 0.80,
            failure: FAILURE,
            used,
            complexity: 20,
        };
        order(&offers, &terms)[0].0
    }

    #[test]
    fn the_cheapest_that_reaches_the_bar_is_first_and_next_to_nothing_is_no_saving() {
        for (offers, used, expected, why) in [
            (
                [(0.95, 3.0), (0.87, 0.4)],
                0.0,
                1,
                "the cheapest above the bar",
            ),
            ([(0.95, 3.0), (0.82, 0.4)], 0.0, 0, "only one reaches it"),
            (
                [(0.95, 0.05), (0.87, 0.003)],
                0.0,
                0,
                "a twentieth of a cent",
            ),
            (
                [(0.95, 0.05), (0.87, 0.003)],
                0.9,
                1,
                "it counts when money is short",
            ),
            (
                [(0.95, 0.05), (0.947, 0.003)],
                0.0,
                1,
                "as good, and cheaper",
            ),
        ] {
            assert_eq!(first(&offers, used), expected, "{why}");
        }
    }
}
