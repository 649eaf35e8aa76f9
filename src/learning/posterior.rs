//! What is believed of a model after this user's results: a prior, shrunk towards by what was seen.
//!
//! A (model, category) cell leans on the model's results in other categories, and these on the prior. Weight of the
//! cell's own results is n / (n + k): with k = 20, 31 % after 9 results, 83 % after 100.

use crate::catalog::Catalog;
use crate::learning::prior::{Ground, Prior, Standing, prior};
use crate::learning::results::{Cell, Results};
use std::collections::BTreeMap;

/// The most a cell leans on everything but its own results, in observations.
const LEAN: f64 = 20.0;

/// What a result in another category weighs against one in this: half, as categories differ. Chosen, not measured.
const ELSEWHERE: f64 = 0.5;

/// −0.8416 standard deviations: the 20th percentile of a normal distribution.
const Z20: f64 = -0.841_621;

/// What is believed of one model in one category.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    /// Expected share of good answers, 0 to 1.
    pub success: f64,
    /// The 20th percentile of what that share may be.
    pub lower: f64,
    /// This user's results in this cell.
    pub cell: Cell,
    pub ground: Ground,
}

/// Where models stand, by category, computed once for each that is asked for.
#[derive(Debug, Default)]
pub struct Standings(BTreeMap<String, Standing>);

impl Standings {
    fn at(&mut self, catalog: &Catalog, category: &str) -> &Standing {
        self.0
            .entry(category.to_owned())
            .or_insert_with(|| Standing::of(catalog, category))
    }
}

/// What to believe of `model` in `category`.
pub fn believe(
    catalog: &Catalog,
    standings: &mut Standings,
    results: &Results,
    model: &str,
    category: &str,
) -> Belief {
    let Prior {
        success: prior_success,
        weight,
        ground,
    } = prior(catalog, standings.at(catalog, category), model, category);

    let mut own = Cell::default();
    // How much better than its priors the model did elsewhere: categories differ in ease, so not the rate itself.
    let (mut surplus, mut elsewhere) = (0.0, 0.0);
    for (name, other, cell) in results.cells() {
        if !catalog.same(name, model) {
            continue;
        }
        if other == category {
            own = own.and(cell);
        } else {
            let expected = prior(catalog, standings.at(catalog, other), model, other).success;
            surplus += ELSEWHERE * (cell.weighted_successes - cell.weight * expected);
            elsewhere += ELSEWHERE * cell.weight;
        }
    }

    let general = (prior_success + surplus / (weight + elsewhere)).clamp(0.02, 0.98);
    let lean = (weight + elsewhere).min(LEAN);
    let total = lean + own.weight;
    let success = (general * lean + own.weighted_successes) / total;
    Belief {
        success,
        lower: lower_bound(success, total),
        cell: own,
        ground,
    }
}

impl Cell {
    /// The results of two names of one model.
    fn and(self, other: &Cell) -> Cell {
        Cell {
            successes: self.successes + other.successes,
            seen: self.seen + other.seen,
            weighted_successes: self.weighted_successes + other.weighted_successes,
            weight: self.weight + other.weight,
        }
    }
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
        let results = Results::from_rows(rows.iter().copied());
        believe(
            Catalog::embedded(),
            &mut Standings::default(),
            &results,
            model,
            category,
        )
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
}
