//! What is believed of a model after this user's results: a prior, shrunk towards by what was seen.
//!
//! Hierarchical Beta-Binomial: a prompt's tags lean on the model's (model, category) cell, the cell on the model's
//! results in other categories, and these on the prior. What a level says itself weighs n / (n + k): with k = 20, 31 %
//! after 9 results, 83 % after 100. Where the prompt is harder than others, and what its marks say, comes last.

use crate::learning::features::Features;
use crate::learning::prior::{Ground, Priors};
use crate::learning::results::{Cell, Kinds, Results};
use crate::learning::trust::Trust;

/// The most a cell leans on everything but its own results, in observations.
pub(super) const LEAN: f64 = 20.0;

/// What a result in another category weighs against one in this: half, as categories differ. Chosen, not measured.
const ELSEWHERE: f64 = 0.5;

/// How much a tag leans on the categories its results are of, in observations. A prompt has several tags and marks
/// besides, which tell much the same and are added up: so each leans more than a cell does.
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
    /// What the prompt's tags let expect above it.
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
        self.about(plain, category, &[], |rate| rate.success)
    }

    /// What to believe of it for a prompt; `shift` is what the prompt's marks make of the rate.
    pub(super) fn about(
        &self,
        plain: &str,
        category: &str,
        tags: &[String],
        shift: impl FnOnce(Rate) -> f64,
    ) -> Belief {
        let prior = self.priors.get(plain, category);
        let kinds = self.results.of(plain);
        let trusted = |category: &str| self.trust.apply(self.priors.get(plain, category));
        let rate = match kinds {
            Some(kinds) => rate(kinds, category, tags, trusted),
            None => trusted(category).into(),
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
    pub fn trust(&self) -> Trust {
        self.trust
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

/// A prior as far as it is trusted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    pub(super) success: f64,
    pub(super) weight: f64,
    /// The most a cell leans on it and on what is known from elsewhere.
    pub(super) lean: f64,
}

/// The rate of one model for a prompt of `category` with `tags`, given what is `expected` of it in each category.
pub(super) fn rate(
    kinds: &Kinds,
    category: &str,
    tags: &[String],
    expected: impl Fn(&str) -> Expected,
) -> Rate {
    // How much better than its priors the model did: categories differ in ease, so not the rate itself.
    let (mut surplus, mut seen) = (0.0, 0.0);
    for (name, kind) in kinds {
        surplus += kind.cell.weighted_successes - kind.cell.weight * expected(name).success;
        seen += kind.cell.weight;
    }
    let in_category = |name: &str| {
        let expected = expected(name);
        let own = kinds.get(name).map(|kind| kind.cell).unwrap_or_default();
        let own_surplus = own.weighted_successes - own.weight * expected.success;
        let elsewhere = ELSEWHERE * (seen - own.weight).max(0.0);
        let general =
            expected.success + ELSEWHERE * (surplus - own_surplus) / (expected.weight + elsewhere);
        let lean = (expected.weight + elsewhere).min(expected.lean);
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
    // What its results with each tag were above what their categories let expect.
    let mut above = vec![(0.0, 0.0); tags.len()];
    for (name, kind) in kinds {
        if kind.tags.is_empty() {
            continue;
        }
        let base = if name == category {
            rate.success
        } else {
            in_category(name).success
        };
        for (tag, (surplus, weight)) in tags.iter().zip(&mut above) {
            if let Some(cell) = kind.tags.get(tag) {
                *surplus += cell.weighted_successes - cell.weight * base;
                *weight += cell.weight;
            }
        }
    }
    let shrunk = |(surplus, weight): &(f64, f64)| surplus / (weight + LEAN_TAG);
    rate.tags = above.iter().map(shrunk).sum();
    rate
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
        let trust = |successes: &dyn Fn(usize) -> f64| {
            let rows = (0..models.len()).map(|i| (models[i], "debug", successes(i), 20));
            let priors = Priors::of(Catalog::embedded());
            Beliefs::new(&priors, &Results::from_rows(rows)).trust()
        };
        assert_eq!(trust(&|_| 18.0).weight, 1.0);
        assert_eq!(trust(&|i| if i % 2 == 0 { 3.0 } else { 18.0 }).weight, 0.25);
        let few = Results::from_rows([("gpt-5.5", "debug", 0.0, 20)]);
        let priors = Priors::of(Catalog::embedded());
        assert_eq!(Beliefs::new(&priors, &few).trust().weight, 1.0);
    }
}
