//! The classic blend: fixed shares of what benchmarks say and what this user saw, whatever was seen how often. It stays
//! selectable for those who want it; replays show what it costs where benchmarks are wrong.

use crate::learning::results::Cell;

/// The shares of benchmark and personal results: 70 % and 30 %.
pub const USUAL: (f64, f64) = (0.7, 0.3);

/// Expected success, 0 to 1: `shares` of the prior and of the rate in the cell; without any result the prior.
pub fn blended(prior: f64, cell: &Cell, shares: (f64, f64)) -> f64 {
    let all = shares.0 + shares.1;
    if cell.weight <= 0.0 || all <= 0.0 {
        return prior;
    }
    let personal = cell.weighted_successes / cell.weight;
    (shares.0 * prior + shares.1 * personal) / all
}
