//! What this user's results tell beyond single models: how much of the differences priors foretold was found again, how
//! many results priors are worth, how hard each category is for all models here, and how far models differ by category.

use crate::learning::posterior::{Expected, LEAN, at_odds};
use crate::learning::prior::{Ground, Prior, Priors};
use crate::learning::results::{Kinds, Results};

/// Results a cell must have to speak for or against a prior.
const LEAST_SEEN: u32 = 3;

/// Such cells that must be there before priors may weigh less; and the least they then weigh, of their full weight: 5
/// observations, which is what wrong priors needed in replays.
const ENOUGH: usize = 5;
const LEAST_TRUST: f64 = 0.25;

/// How firmly the slope is held to 1: the variance of a result (about 0.2) over that of a slope (0.5²).
const SLOPE_HELD: f64 = 0.8;

/// How firmly the ease of a category is held to that which priors foretell, in units of p (1 − p) of results: as 25
/// results of 0.8 would. And how often it is worked out from what the last time left; thrice is enough.
const EASE_HELD: f64 = 4.0;
const ROUNDS: usize = 3;

/// What a category leans on what is known of the model from elsewhere before anything is known of it, how many results
/// that counts for, and its bounds. Chosen; on two public logs twice or half of each hardly matters.
const USUAL_LEAN: f64 = 40.0;
const LEAN_HELD: f64 = 200.0;
const LEAST_LEAN: f64 = 20.0;
const MOST_LEAN: f64 = 400.0;

/// What priors are made of for this user.
#[derive(Clone, Debug, PartialEq)]
pub struct Trust {
    /// What priors weigh, 1 for their full weight.
    pub weight: f64,
    /// What is left of a difference between two priors: 1 all of it, 0 nothing.
    pub slope: f64,
    /// The prior that the slope turns around.
    pub centre: f64,
    /// What a category leans on what is known of the model from elsewhere, in results: the less models differ by
    /// category, the more.
    pub lean: f64,
    /// What a category multiplies the odds of all models with, by its place in [`Priors`].
    ease: Vec<f64>,
}

/// Results of one model in one category, beside its prior.
struct Seen {
    /// Place of the model among those with results, and of the category in [`Priors`].
    model: usize,
    place: usize,
    prior: f64,
    founded: bool,
    rate: f64,
    n: f64,
}

impl Trust {
    /// The slope is that of a regression of rates on priors, held to 1. Weight and lean are by moments of the
    /// beta-binomial distribution: if an expectation is worth k observations, a cell of n results differs from it by a
    /// squared z of 1 + (n − 1) / (k + 1) on average.
    pub(super) fn measure(priors: &Priors, results: &Results) -> Trust {
        let cells: Vec<Seen> = results
            .models()
            .enumerate()
            .flat_map(|(model, (plain, kinds))| cells(priors, model, plain, kinds))
            .collect();
        let (slope, centre) = slope(&cells);
        let mut trust = Trust {
            weight: 1.0,
            slope,
            centre,
            lean: USUAL_LEAN,
            ease: vec![1.0; priors.categories()],
        };
        let founded = || cells.iter().filter(|cell| cell.founded);
        let (excess, room) =
            moments(founded().map(|cell| (cell, trust.turn(cell.prior).clamp(0.02, 0.98))));
        if founded().count() >= ENOUGH && excess > 0.0 {
            trust.weight = ((room / excess - 1.0) / LEAN).clamp(LEAST_TRUST, 1.0);
        }
        let levels = trust.levels(&cells);
        let level = |cell: &Seen| trust.turn(cell.prior) + levels[cell.model];
        trust.ease = ease(&cells, priors.categories(), level);

        let level = |cell: &Seen| trust.turn(cell.prior) + levels[cell.model];
        let eased = |cell| (cell, at_odds(level(cell), trust.ease[cell.place]));
        let (excess, room) = moments(cells.iter().map(eased));
        // 1 / (k + 1), held to that of the usual lean.
        let held = LEAN_HELD / (USUAL_LEAN + 1.0);
        let share = (excess.max(0.0) + held) / (room + LEAN_HELD);
        trust.lean = (1.0 / share - 1.0).clamp(LEAST_LEAN, MOST_LEAN);
        trust
    }

    /// A prior as far as it is trusted, in the category at `place`.
    pub(super) fn apply(&self, prior: &Prior, place: usize) -> Expected {
        Expected {
            success: at_odds(self.turn(prior.success), self.ease[place]),
            weight: prior.weight * self.weight,
            lean: self.lean,
        }
    }

    fn turn(&self, prior: f64) -> f64 {
        self.centre + self.slope * (prior - self.centre)
    }

    /// How much better than its priors each model does, all categories together.
    fn levels(&self, cells: &[Seen]) -> Vec<f64> {
        let models = cells.last().map_or(0, |cell| cell.model + 1);
        let mut sums = vec![(0.0, 1.0); models];
        for cell in cells {
            let (surplus, n) = &mut sums[cell.model];
            *surplus += cell.n * (cell.rate - self.turn(cell.prior));
            *n += cell.n;
        }
        sums.iter().map(|(surplus, n)| surplus / n).collect()
    }
}

fn cells(priors: &Priors, model: usize, plain: &str, kinds: &Kinds) -> impl Iterator<Item = Seen> {
    kinds
        .iter()
        .filter(|(_, kind)| kind.cell.seen >= LEAST_SEEN && kind.cell.weight > 0.0)
        .map(move |(category, kind)| {
            let prior = priors.get(plain, category);
            Seen {
                model,
                place: priors.place(category),
                prior: prior.success,
                founded: matches!(prior.ground, Ground::Scores(_) | Ground::Predecessor(_)),
                rate: kind.cell.weighted_successes / kind.cell.weight,
                n: kind.cell.weight,
            }
        })
}

/// What the squared distances of cells from what was expected have beyond binomial variance, and what room there was.
fn moments<'a>(cells: impl Iterator<Item = (&'a Seen, f64)>) -> (f64, f64) {
    cells.fold((0.0, 0.0), |(excess, room), (cell, expected)| {
        let z = cell.n * (cell.rate - expected).powi(2) / (expected * (1.0 - expected));
        (excess + z - 1.0, room + cell.n - 1.0)
    })
}

/// Slope and centre; 1 without founded priors.
fn slope(cells: &[Seen]) -> (f64, f64) {
    // A cell says no more than its prior's lean, however many results it has: categories differ for other reasons.
    let weigh = |cell: &Seen| cell.n * LEAN / (cell.n + LEAN);
    let founded = || cells.iter().filter(|cell| cell.founded);
    let all: f64 = founded().map(weigh).sum();
    if all <= 0.0 {
        return (1.0, 0.5);
    }
    let centre = founded().map(|cell| weigh(cell) * cell.prior).sum::<f64>() / all;
    let middle = founded().map(|cell| weigh(cell) * cell.rate).sum::<f64>() / all;
    let (mut squares, mut products) = (SLOPE_HELD, SLOPE_HELD);
    for cell in founded() {
        squares += weigh(cell) * (cell.prior - centre).powi(2);
        products += weigh(cell) * (cell.prior - centre) * (cell.rate - middle);
    }
    ((products / squares).clamp(0.0, 1.0), centre)
}

/// What each category multiplies the odds of all models with, given their levels: by Newton's steps towards the best
/// logarithm of it, held to nothing. Nothing where only one model was seen: then it cannot be told whether the category is hard or the model bad
/// at it.
fn ease(cells: &[Seen], categories: usize, level: impl Fn(&Seen) -> f64) -> Vec<f64> {
    let mut logs = vec![0.0; categories];
    let mut ease = vec![1.0; categories];
    for _ in 0..ROUNDS {
        let mut sums = vec![(0.0, 0.0, 0_u32); categories];
        for cell in cells {
            let (surplus, told, models) = &mut sums[cell.place];
            let expected = at_odds(level(cell), ease[cell.place]);
            *surplus += cell.n * (cell.rate - expected);
            *told += cell.n * expected * (1.0 - expected);
            *models += 1;
        }
        for ((log, ease), (surplus, told, models)) in logs.iter_mut().zip(&mut ease).zip(sums) {
            if models > 1 {
                *log += (surplus - EASE_HELD * *log) / (told + EASE_HELD);
                *ease = f64::exp(*log);
            }
        }
    }
    ease
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two models known from everywhere, and a third that has no results.
    fn measured(rows: &[(&str, &str, f64, u32)]) -> (Trust, Priors) {
        let given = ["a", "b", "new"].into_iter().flat_map(|model| {
            ["math", "debug", "explain", "data"].map(|category| (model, category, 0.8, 20.0))
        });
        let priors = Priors::given(given);
        let results = Results::from_rows(rows.iter().copied());
        (Trust::measure(&priors, &results), priors)
    }

    #[test]
    fn what_is_hard_for_all_is_expected_of_a_new_model_and_what_is_hard_for_one_is_not() {
        let all_bad = [
            ("a", "math", 40.0, 80),
            ("b", "math", 40.0, 80),
            ("a", "explain", 64.0, 80),
            ("b", "explain", 64.0, 80),
        ];
        let new = |rows: &[_], category| {
            let (trust, priors) = measured(rows);
            let prior = priors.get("new", category);
            trust.apply(prior, priors.place(category)).success
        };
        assert!(new(&all_bad, "math") < 0.7 && new(&all_bad, "explain") > 0.75);
        let one_bad = [("a", "math", 40.0, 80), ("a", "explain", 64.0, 80)];
        assert!((new(&one_bad, "math") - 0.8).abs() < 1e-9);
    }

    #[test]
    fn models_that_differ_by_category_lean_less_on_other_categories() {
        let rows = |one: f64, other: f64| {
            ["math", "debug", "explain", "data"]
                .into_iter()
                .enumerate()
                .flat_map(move |(at, category)| {
                    let (a, b) = if at % 2 == 0 {
                        (one, other)
                    } else {
                        (other, one)
                    };
                    [("a", category, a, 100), ("b", category, b, 100)]
                })
                .collect::<Vec<_>>()
        };
        let lean = |rows: &[_]| measured(rows).0.lean;
        let (alike, apart) = (lean(&rows(80.0, 80.0)), lean(&rows(95.0, 50.0)));
        assert!(
            lean(&[]) == USUAL_LEAN && alike > 80.0 && apart < 30.0,
            "{alike} {apart}"
        );
    }
}
