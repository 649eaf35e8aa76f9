//! What the marks of a prompt say of a model's success, beside category and tags: a linear regression in log-odds,
//! shrunk towards nothing (ridge), learnt one result at a time.
//!
//! A result y of a prompt with marks x (and a constant 1), of which a success of p was expected, tells of a shift of the
//! log-odds: by one step of Newton's for logistic regression its sums are A = Σ w p (1 − p) x xᵀ and
//! b = Σ w (y − p) x, fading with time; the coefficients θ solve (A + PRECISION I) θ = b. So a result can be taken back
//! exactly, given what was expected of it and but for its fading, and forgetting never touches the shrinkage, as it does
//! where the inverse is kept (RLS).

use crate::learning::features::{FEATURES, Features};
use serde::{Deserialize, Serialize};

/// The marks and a constant 1.
const WIDTH: usize = FEATURES + 1;

/// How firmly a coefficient is held to 0, in units of p (1 − p) of results: as 500 results of 0.8 would. Chosen on half
/// of two public logs (MMLU and GSM8K), confirmed on the other half; from 50 to 120 it hardly matters.
const PRECISION: f64 = 80.0;

/// The same for the constant: it takes up what the residuals have in common and needs no holding.
const PRECISION_CONSTANT: f64 = 4.0;

/// Results before the regression may speak.
const ENOUGH: u32 = 100;

/// The most it may say, either way, in log-odds: marks shift a success, they do not decide it.
const MOST: f64 = 3.0;

/// What one result weighs against the next newer one. Slower than that of a cell: what makes a prompt hard for a model
/// changes less than how good it is, and 32 coefficients need more than the 200 results a cell remembers.
const KEEP: f64 = 0.9999;

/// A regression for one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ridge {
    seen: u32,
    /// The lower triangle of A, row by row.
    products: Vec<f64>,
    /// b.
    moments: Vec<f64>,
    /// θ; empty before there are enough results.
    coefficients: Vec<f64>,
}

impl Default for Ridge {
    fn default() -> Ridge {
        Ridge {
            seen: 0,
            products: vec![0.0; WIDTH * (WIDTH + 1) / 2],
            moments: vec![0.0; WIDTH],
            coefficients: Vec::new(),
        }
    }
}

impl Ridge {
    /// Takes in the newest result, of which `expected` was expected.
    pub fn observe(&mut self, features: &Features, success: f64, expected: f64, weight: f64) {
        let keep = 1.0 - (1.0 - KEEP) * weight;
        for sum in self.products.iter_mut().chain(&mut self.moments) {
            *sum *= keep;
        }
        self.amend(features, success, expected, weight, 1.0);
    }

    /// Takes a result in or back (`times` 1 or −1), at the weight it had, as if it had stood in its place from the
    /// beginning: nothing fades. How far it has faded since is not known, so it counts in full.
    pub fn amend(
        &mut self,
        features: &Features,
        success: f64,
        expected: f64,
        weight: f64,
        times: f64,
    ) {
        self.seen = self.seen.saturating_add_signed(times as i32);
        if self.seen == 0 {
            // What had faded, or was expected otherwise then, would be left of it.
            *self = Ridge::default();
            return;
        }
        self.add(features, success, expected, times * weight);
        match self.seen >= ENOUGH {
            true => self.solve(),
            false => self.coefficients.clear(),
        }
    }

    /// What is to be added to the log-odds of success of a prompt with these marks.
    pub fn correction(&self, features: &Features) -> f64 {
        let sum: f64 = self
            .coefficients
            .iter()
            .zip(row(features))
            .map(|(coefficient, x)| coefficient * x)
            .sum();
        sum.clamp(-MOST, MOST)
    }

    /// Whether there are results enough for it to speak.
    pub fn speaks(&self) -> bool {
        !self.coefficients.is_empty()
    }

    fn add(&mut self, features: &Features, success: f64, expected: f64, weight: f64) {
        let row = row(features);
        let told = weight * expected * (1.0 - expected);
        let mut sums = self.products.iter_mut();
        for (i, x) in row.iter().enumerate() {
            for (y, sum) in row[..=i].iter().zip(&mut sums) {
                *sum += told * x * y;
            }
            self.moments[i] += weight * (success - expected) * x;
        }
    }

    /// By Cholesky's decomposition; some 6,000 multiplications.
    fn solve(&mut self) {
        let at = |i: usize, j: usize| i * (i + 1) / 2 + j;
        let mut lower = self.products.clone();
        for i in 0..WIDTH {
            lower[at(i, i)] += if i == FEATURES {
                PRECISION_CONSTANT
            } else {
                PRECISION
            };
        }
        for i in 0..WIDTH {
            for j in 0..=i {
                let (before_i, before_j) = (at(i, 0), at(j, 0));
                let mut sum = lower[at(i, j)];
                for k in 0..j {
                    sum -= lower[before_i + k] * lower[before_j + k];
                }
                // The sums are of squares and the shrinkage is positive, so that a diagonal is never below it but for
                // rounding and results taken back that had faded.
                lower[at(i, j)] = if i == j {
                    sum.max(1.0).sqrt()
                } else {
                    sum / lower[at(j, j)]
                };
            }
        }
        let mut solution = self.moments.clone();
        for i in 0..WIDTH {
            for k in 0..i {
                solution[i] -= lower[at(i, k)] * solution[k];
            }
            solution[i] /= lower[at(i, i)];
        }
        for i in (0..WIDTH).rev() {
            for k in i + 1..WIDTH {
                solution[i] -= lower[at(k, i)] * solution[k];
            }
            solution[i] /= lower[at(i, i)];
        }
        self.coefficients = solution;
    }
}

/// The marks and the constant; what is not finite counts as the mean, what is far out as 3 spreads.
fn row(features: &Features) -> [f64; WIDTH] {
    let mut row = [1.0; WIDTH];
    for (x, feature) in row.iter_mut().zip(features) {
        *x = match feature.is_finite() {
            true => f64::from(*feature).clamp(-3.0, 3.0),
            false => 0.0,
        };
    }
    row
}
