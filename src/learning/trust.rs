//! How far this user's results let priors be trusted: how much of the differences they foretold was found again, and
//! how many results they are worth.

use crate::learning::posterior::{Expected, LEAN};
use crate::learning::prior::{Ground, Prior, Priors};
use crate::learning::results::Results;

/// Results a cell must have to speak for or against a prior.
const LEAST_SEEN: u32 = 3;

/// Such cells that must be there before priors may weigh less; and the least they then weigh, of their full weight: 5
/// observations, which is what wrong priors needed in replays.
const ENOUGH: u32 = 5;
const LEAST_TRUST: f64 = 0.25;

/// How firmly the slope is held to 1: the variance of a result (about 0.2) over that of a slope (0.5²).
const SLOPE_HELD: f64 = 0.8;

/// What priors are made of for this user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trust {
    /// What priors weigh, 1 for their full weight.
    pub weight: f64,
    /// What is left of a difference between two priors: 1 all of it, 0 nothing.
    pub slope: f64,
    /// The prior that the slope turns around.
    pub centre: f64,
}

impl Trust {
    /// The slope is that of a regression of rates on priors, held to 1. The weight is by moments of the beta-binomial
    /// distribution: if a prior is worth k observations, a cell of n results differs from it by a squared z of
    /// 1 + (n − 1) / (k + 1) on average.
    pub(super) fn measure(priors: &Priors, results: &Results) -> Trust {
        let cells: Vec<(f64, f64, f64)> = results
            .models()
            .flat_map(|(model, kinds)| kinds.iter().map(move |(name, kind)| (model, name, kind)))
            .filter(|(_, _, kind)| kind.cell.seen >= LEAST_SEEN)
            .filter_map(|(model, category, kind)| {
                let prior = priors.get(model, category);
                let founded = matches!(prior.ground, Ground::Scores(_) | Ground::Predecessor(_));
                let n = f64::from(kind.cell.seen);
                founded.then(|| (prior.success, kind.cell.successes / n, n))
            })
            .collect();
        let Some(slope) = Slope::of(&cells) else {
            return Trust {
                weight: 1.0,
                slope: 1.0,
                centre: 0.5,
            };
        };
        let (mut excess, mut room) = (0.0, 0.0);
        for (prior, rate, n) in &cells {
            let p = slope.turn(*prior);
            excess += n * (rate - p).powi(2) / (p * (1.0 - p)) - 1.0;
            room += n - 1.0;
        }
        let enough = cells.len() >= ENOUGH as usize;
        let weight = if enough && excess > 0.0 {
            ((room / excess - 1.0) / LEAN).clamp(LEAST_TRUST, 1.0)
        } else {
            1.0
        };
        Trust {
            weight,
            slope: slope.slope,
            centre: slope.centre,
        }
    }

    /// A prior as far as it is trusted.
    pub(super) fn apply(&self, prior: &Prior) -> Expected {
        Expected {
            success: self.centre + self.slope * (prior.success - self.centre),
            weight: prior.weight * self.weight,
            lean: LEAN * self.weight,
        }
    }
}

struct Slope {
    slope: f64,
    centre: f64,
}

impl Slope {
    /// Of cells (prior, rate, results); `None` without any.
    fn of(cells: &[(f64, f64, f64)]) -> Option<Slope> {
        // A cell says no more than its prior's lean, however many results it has: categories differ for other reasons.
        let weigh = |n: f64| n * LEAN / (n + LEAN);
        let all: f64 = cells.iter().map(|(_, _, n)| weigh(*n)).sum();
        if all <= 0.0 {
            return None;
        }
        let centre = cells.iter().map(|(p, _, n)| weigh(*n) * p).sum::<f64>() / all;
        let middle = cells
            .iter()
            .map(|(_, rate, n)| weigh(*n) * rate)
            .sum::<f64>()
            / all;
        let (mut squares, mut products) = (SLOPE_HELD, SLOPE_HELD);
        for (prior, rate, n) in cells {
            squares += weigh(*n) * (prior - centre).powi(2);
            products += weigh(*n) * (prior - centre) * (rate - middle);
        }
        Some(Slope {
            slope: (products / squares).clamp(0.0, 1.0),
            centre,
        })
    }

    fn turn(&self, prior: f64) -> f64 {
        (self.centre + self.slope * (prior - self.centre)).clamp(0.02, 0.98)
    }
}
