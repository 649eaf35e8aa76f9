//! What is believed of a model after this user's results: a prior, shrunk towards by what was seen.
//!
//! Hierarchical Beta-Binomial: a prompt's tags lean on the model's (model, category) cell, the cell on the model's
//! results in other categories, and these on the prior, moved by how hard the category is for all models here. What a
//! level says itself weighs n / (n + k): with k = 20, 31 % after 9 results, 83 % after 100. How far models differ by
//! category, and so how much a cell leans on results elsewhere, is measured ([`Trust`]). Where the prompt is harder than
//! others, and what its marks say, comes last.

use crate::learning::features::Features;
use crate::learning::prior::{Ground, Priors};
use crate::learning::results::{Cell, Kinds, Results};
use crate::learning::trust::Trust;

/// What a prior with scores of its own is worth, in results.
pub(super) const LEAN: f64 = 20.0;

/// How much a model's own results with a tag lean on what its categories and the tag let expect, in results. A prompt
/// has several tags and marks besides, which tell much the same and are added up: so each leans more than a cell does.
const LEAN_TAG: f64 = 240.0;

/// −0.8416 standard deviations: the 20th percentile of a normal distribution.
const Z20: f64 = -0.841_621;

/// What beliefs are asked for: a prompt, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub category: &'a str,
    pub tags: &'a [String],
    /// 0 to 100.
    pub complexity: u8,
    pub features: &'a Features,
}

/// What is believed of one model in one category.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    /// Expected share of good answers, 0 to 1.
    pub success: f64,
    /// The 20th and the 80th percentile of what that share may be.
    pub lower: f64,
    pub upper: f64,
    /// The results it is worth, its own and others that speak for it.
    pub weight: f64,
    /// What was expected before any result.
    pub prior: f64,
    pub ground: Ground,
    /// This user's results in this cell.
    pub cell: Cell,
}

/// A rate and the results it is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub(super) success: f64,
    pub(super) weight: f64,
    /// What the prompt's tags add to its log-odds.
    pub(super) tags: f64,
}

/// What is believed of all models, given their priors and this user's results.
pub struct Beliefs<'a> {
    priors: &'a Priors,
    results: &'a Results,
    trust: Trust,
}

impl<'a> Beliefs<'a> {
    pub fn new(priors: &'a Priors, results: &'a Results) -> Beliefs<'a> {
        Beliefs {
            priors,
            results,
            trust: Trust::measure(priors, results),
        }
    }

    /// What to believe of the model of this plain name in a category, whatever the prompt.
    pub fn of(&self, plain: &str, category: &str) -> Belief {
        self.about(plain, category, &[], |_| 0.0, |rate| rate.success)
    }

    /// What to believe of it for a prompt; `ease` is what a tag adds to the log-odds of all models, `shift` what the
    /// prompt's marks make of the rate.
    pub(super) fn about(
        &self,
        plain: &str,
        category: &str,
        tags: &[String],
        ease: impl Fn(&str) -> f64,
        shift: impl FnOnce(Rate) -> f64,
    ) -> Belief {
        let prior = self.priors.get(plain, category);
        let kinds = self.results.of(plain);
        let trusted = |category: &str| {
            let place = self.priors.place(category);
            self.trust.apply(self.priors.get(plain, category), place)
        };
        let rate = match kinds {
            Some(kinds) => rate(kinds, category, tags, trusted, &ease),
            None => Rate {
                tags: tags.iter().map(|tag| ease(tag)).sum(),
                ..trusted(category).into()
            },
        };
        let success = shift(rate).clamp(0.01, 0.99);
        Belief {
            success,
            lower: lower_bound(success, rate.weight),
            upper: 1.0 - lower_bound(1.0 - success, rate.weight),
            weight: rate.weight,
            prior: prior.success,
            ground: prior.ground.clone(),
            cell: kinds
                .and_then(|kinds| kinds.get(category))
                .map(|kind| kind.cell)
                .unwrap_or_default(),
        }
    }

    /// How far this user's results let priors be trusted.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }
}

impl From<Expected> for Rate {
    fn from(expected: Expected) -> Rate {
        Rate {
            success: expected.success,
            weight: expected.weight,
            tags: 0.0,
        }
    }
}

/// What is expected of a model in a category before its own results: a prior as far as it is trusted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    pub(super) success: f64,
    /// The results the prior is worth.
    pub(super) weight: f64,
    /// How many results the model's level over all categories is worth to one of them, were it known exactly: the less
    /// models differ by category, the more.
    pub(super) lean: f64,
}

impl Expected {
    /// How far a cell was above what was expected, and what that tells of the model's level: no more than `lean`, however
    /// many its results, since part of it is the category's own.
    fn surplus(&self, cell: &Cell) -> (f64, f64) {
        if cell.weight <= 0.0 {
            return (0.0, 0.0);
        }
        let told = cell.weight * self.lean / (cell.weight + self.lean);
        (
            told * (cell.weighted_successes / cell.weight - self.success),
            told,
        )
    }

    /// What the prior is worth for the level alone. Its weight is for one category, in which the level and the
    /// category's own share both are uncertain: 1 / weight = 1 / level + 1 / lean.
    fn level(&self) -> f64 {
        1.0 / (1.0 / self.weight - 1.0 / self.lean).max(LEAST_VARIANCE)
    }
}

/// Of a level, in 1 / results: also where priors claim to know more of a category than its lean allows.
const LEAST_VARIANCE: f64 = 1e-3;

/// The rate of one model for a prompt of `category` with `tags`, given what is `expected` of it in each category and what
/// each tag's `ease` adds to the log-odds of all models.
fn rate(
    kinds: &Kinds,
    category: &str,
    tags: &[String],
    expected: impl Fn(&str) -> Expected,
    ease: impl Fn(&str) -> f64,
) -> Rate {
    let (mut surplus, mut told) = (0.0, 0.0);
    for (name, kind) in kinds {
        let (own_surplus, own_told) = expected(name).surplus(&kind.cell);
        surplus += own_surplus;
        told += own_told;
    }
    let in_category = |name: &str| {
        let expected = expected(name);
        let own = kinds.get(name).map(|kind| kind.cell).unwrap_or_default();
        let (own_surplus, own_told) = expected.surplus(&own);
        let level = expected.level() + told - own_told;
        let general = expected.success + (surplus - own_surplus) / level;
        // What leans on something uncertain is no more certain than that.
        let lean = 1.0 / (1.0 / expected.lean + 1.0 / level);
        let total = lean + own.weight;
        Rate {
            success: (general.clamp(0.02, 0.98) * lean + own.weighted_successes) / total,
            weight: total,
            tags: 0.0,
        }
    };
    let mut rate = in_category(category);
    if tags.is_empty() {
        return rate;
    }
    // What its results with each tag were above what their categories and the tag's ease let expect.
    let eases: Vec<f64> = tags.iter().map(|tag| ease(tag)).collect();
    let factors: Vec<f64> = eases.iter().map(|ease| ease.exp()).collect();
    let mut above = vec![(0.0, 0.0); tags.len()];
    for (name, kind) in kinds.iter().filter(|(_, kind)| !kind.tags.is_empty()) {
        let base = match name == category {
            true => rate.success,
            false => in_category(name).success,
        };
        for ((tag, factor), (surplus, weight)) in tags.iter().zip(&factors).zip(&mut above) {
            if let Some(cell) = kind.tags.get(tag) {
                *surplus += cell.weighted_successes - cell.weight * at_odds(base, *factor);
                *weight += cell.weight;
            }
        }
    }
    // A surplus of rates s is one of log-odds s / (r (1 − r)), for small s.
    let slope = rate.success * (1.0 - rate.success);
    let shrunk = |(surplus, weight): &(f64, f64)| surplus / (weight + LEAN_TAG) / slope;
    rate.tags = eases.iter().sum::<f64>() + above.iter().map(shrunk).sum::<f64>();
    rate
}

/// A rate moved by so much in log-odds, kept from 0 and 1.
pub(super) fn shifted(rate: f64, by: f64) -> f64 {
    at_odds(rate, by.exp())
}

/// A rate whose odds are multiplied, kept from 0 and 1.
pub(super) fn at_odds(rate: f64, factor: f64) -> f64 {
    let rate = rate.clamp(0.02, 0.98);
    let odds = rate / (1.0 - rate) * factor;
    odds / (1.0 + odds)
}

/// The 20th percentile of a Beta distribution with this mean, worth `weight` observations.
///
/// Normal approximation with Cornish-Fisher's term for skewness: x = m + s (z + (z² − 1) γ / 6). Against the exact
/// percentile it is within 0.006 for means from 0.3 to 0.9 and a weight of 12 upwards, and 0.015 at a weight of 6.
pub fn lower_bound(mean: f64, weight: f64) -> f64 {
    let (a, b) = (mean * weight, (1.0 - mean) * weight);
    if a <= 0.0 || b <= 0.0 {
        return mean.clamp(0.0, 1.0);
    }
    let deviation = (mean * (1.0 - mean) / (weight + 1.0)).sqrt();
    let skewness = 2.0 * (b - a) * (weight + 1.0).sqrt() / ((weight + 2.0) * (a * b).sqrt());
    (mean + deviation * (Z20 + (Z20 * Z20 - 1.0) * skewness / 6.0)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, plain_name};

    /// Exact percentiles from the regularised incomplete beta function, by bisection.
    #[test]
    fn the_lower_bound_is_near_the_exact_percentile() {
        for (mean, weight, exact, tolerance) in [
            (0.3, 12.0, 0.1866, 0.006),
            (0.5, 6.0, 0.3266, 0.015),
            (0.5, 30.0, 0.4230, 0.002),
            (0.8, 6.0, 0.6782, 0.006),
            (0.8, 20.0, 0.7287, 0.002),
            (0.85, 20.0, 0.7880, 0.002),
            (0.9, 12.0, 0.8400, 0.006),
            (0.9, 60.0, 0.8693, 0.002),
        ] {
            let found = lower_bound(mean, weight);
            assert!(
                (found - exact).abs() < tolerance,
                "{mean} {weight}: {found:.4} against {exact}"
            );
        }
        assert_eq!((lower_bound(0.0, 20.0), lower_bound(1.0, 20.0)), (0.0, 1.0));
    }

    fn after(rows: &[(&str, &str, f64, u32)], model: &str, category: &str) -> Belief {
        let catalog = Catalog::embedded();
        let results = Results::from_rows(rows.iter().copied());
        let plain = plain_name(&catalog.key(model));
        Beliefs::new(&Priors::of(catalog), &results).of(&plain, category)
    }

    #[test]
    fn results_pull_a_belief_and_many_pull_it_more() {
        let model = "claude-opus-4-8";
        let none = after(&[], model, "debug");
        let few = after(&[(model, "debug", 0.0, 3)], model, "debug");
        let many = after(&[(model, "debug", 0.0, 60)], model, "debug");
        assert!(none.lower > 0.8 && few.success < none.success && few.success > 0.7);
        assert!(many.success < 0.35, "{many:?}");
        assert_eq!((none.cell.seen, few.cell.seen, many.cell.seen), (0, 3, 60));
    }

    #[test]
    fn results_elsewhere_pull_less_than_results_here() {
        let model = "claude-opus-4-8";
        let none = after(&[], model, "debug").success;
        let here = after(&[(model, "debug", 2.0, 10)], model, "debug").success;
        let elsewhere = after(&[(model, "explain", 2.0, 10)], model, "debug").success;
        assert!(
            here < elsewhere && elsewhere < none,
            "{here} {elsewhere} {none}"
        );
        let others = after(&[("gpt-5.5", "debug", 0.0, 50)], model, "debug").success;
        assert_eq!(others, none);
    }

    #[test]
    fn a_dated_name_and_an_alias_are_the_same_model() {
        let rows = [
            ("claude-haiku-4-5-20251001", "math", 1.0, 4),
            ("claude-haiku-4-5", "math", 3.0, 4),
        ];
        let belief = after(&rows, "anthropic/claude-haiku-4.5", "math");
        assert_eq!((belief.cell.successes, belief.cell.seen), (4.0, 8));
    }

    #[test]
    fn an_unscored_model_learns_faster() {
        let rows = [
            ("gpt-5.6-sol", "debug", 10.0, 10),
            ("gpt-5.4-mini", "debug", 10.0, 10),
        ];
        let gain =
            |model| after(&rows, model, "debug").success - after(&[], model, "debug").success;
        assert!(gain("gpt-5.6-sol") > 0.1);
        assert!(after(&rows, "gpt-5.6-sol", "debug").lower > 0.8);
    }

    #[test]
    fn priors_that_prove_wrong_are_trusted_less() {
        let models = [
            "gpt-5.5",
            "claude-opus-4-8",
            "gpt-5.4",
            "glm-5.2",
            "claude-sonnet-5",
        ];
        let trust = |successes: &dyn Fn(usize) -> f64| -> f64 {
            let rows = (0..models.len()).map(|i| (models[i], "debug", successes(i), 20));
            let priors = Priors::of(Catalog::embedded());
            Beliefs::new(&priors, &Results::from_rows(rows))
                .trust()
                .weight
        };
        assert_eq!(trust(&|_| 18.0), 1.0);
        assert_eq!(trust(&|i| if i % 2 == 0 { 3.0 } else { 18.0 }), 0.25);
        let few = Results::from_rows([("gpt-5.5", "debug", 0.0, 20)]);
        let priors = Priors::of(Catalog::embedded());
        assert_eq!(Beliefs::new(&priors, &few).trust().weight, 1.0);
    }
}
