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

/// Cells of three results or more that must be there before they may speak against the priors; and the least that
/// priors then weigh, of their full weight: 5 observations, which is what wrong priors needed in replays.
const ENOUGH: u32 = 5;
const LEAST_TRUST: f64 = 0.25;

/// −0.8416 standard deviations: the 20th percentile of a normal distribution.
const Z20: f64 = -0.841_621;

/// What is believed of one model in one category.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    /// Expected share of good answers, 0 to 1.
    pub success: f64,
    /// The 20th percentile of what that share may be.
    pub lower: f64,
    /// What the belief rests on, in observations; the prior counts as some.
    pub weight: f64,
    /// What would be expected without a result of this user.
    pub prior: f64,
    /// This user's results in this cell.
    pub cell: Cell,
    pub ground: Ground,
}

/// What is believed of all models, given a catalogue and this user's results.
pub struct Beliefs<'a> {
    catalog: &'a Catalog,
    /// This user's results: (model's key in the catalogue, category, results).
    cells: Vec<(String, &'a str, Cell)>,
    /// Where models stand, computed once for each category that is asked for.
    standings: BTreeMap<String, Standing>,
    /// What priors weigh for this user, 1 for their full weight; see `measure_trust`.
    trust: f64,
}

impl<'a> Beliefs<'a> {
    pub fn new(catalog: &'a Catalog, results: &'a Results) -> Beliefs<'a> {
        let mut beliefs = Beliefs {
            catalog,
            cells: results
                .cells()
                .map(|(model, category, cell)| (catalog.key(model), category, *cell))
                .collect(),
            standings: BTreeMap::new(),
            trust: 1.0,
        };
        beliefs.trust = beliefs.measure_trust();
        beliefs
    }

    /// What to believe of `model` in `category`.
    pub fn of(&mut self, model: &str, category: &str) -> Belief {
        let Prior {
            success: expected,
            weight,
            ground,
        } = self.prior(model, category);

        let key = self.catalog.key(model);
        let theirs: Vec<(&str, Cell)> = self
            .cells
            .iter()
            .filter(|(model, _, _)| *model == key)
            .map(|(_, category, cell)| (*category, *cell))
            .collect();
        let mut own = Cell::default();
        // How much better than its priors the model did elsewhere: categories differ in ease, so not the rate itself.
        let (mut surplus, mut elsewhere) = (0.0, 0.0);
        for (other, cell) in theirs {
            if other == category {
                own = own.and(&cell);
            } else {
                let expected = self.prior(model, other).success;
                surplus += ELSEWHERE * (cell.weighted_successes - cell.weight * expected);
                elsewhere += ELSEWHERE * cell.weight;
            }
        }

        let weight = weight * self.trust;
        let general = (expected + surplus / (weight + elsewhere)).clamp(0.02, 0.98);
        let lean = (weight + elsewhere).min(LEAN * self.trust);
        let total = lean + own.weight;
        let success = (general * lean + own.weighted_successes) / total;
        Belief {
            success,
            lower: lower_bound(success, total),
            weight: total,
            prior: expected,
            cell: own,
            ground,
        }
    }

    /// How far this user's results let priors be trusted: 1 where they agree, down to 0.25.
    pub fn trust(&self) -> f64 {
        self.trust
    }

    /// By moments of the beta-binomial distribution: if a prior is worth k observations, a cell of n results differs
    /// from it by a squared z of 1 + (n − 1) / (k + 1) on average. Under [`ENOUGH`] cells nothing is concluded.
    fn measure_trust(&mut self) -> f64 {
        let (mut cells, mut excess, mut room) = (0, 0.0, 0.0);
        for (model, category, cell) in self.cells.clone() {
            let prior = self.prior(&model, category);
            let founded = matches!(prior.ground, Ground::Scores(_) | Ground::Predecessor(_));
            if !founded || cell.seen < 3 {
                continue;
            }
            let n = f64::from(cell.seen);
            let p = prior.success;
            excess += (cell.successes - n * p).powi(2) / (n * p * (1.0 - p)) - 1.0;
            room += n - 1.0;
            cells += 1;
        }
        if cells < ENOUGH || excess <= 0.0 {
            return 1.0;
        }
        ((room / excess - 1.0) / LEAN).clamp(LEAST_TRUST, 1.0)
    }

    fn prior(&mut self, model: &str, category: &str) -> Prior {
        let catalog = self.catalog;
        let standing = self
            .standings
            .entry(category.to_owned())
            .or_insert_with(|| Standing::of(catalog, category));
        prior(catalog, standing, model, category)
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
        Beliefs::new(Catalog::embedded(), &results).of(model, category)
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
            Beliefs::new(Catalog::embedded(), &Results::from_rows(rows)).trust()
        };
        assert_eq!(trust(&|_| 18.0), 1.0);
        assert_eq!(trust(&|i| if i % 2 == 0 { 3.0 } else { 18.0 }), LEAST_TRUST);
        let few = Results::from_rows([("gpt-5.5", "debug", 0.0, 20)]);
        assert_eq!(Beliefs::new(Catalog::embedded(), &few).trust(), 1.0);
    }
}
