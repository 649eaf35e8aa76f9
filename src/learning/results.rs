//! What this user's turns taught: successes and counts by model and category, with forgetting.

use crate::catalog::plain_name;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one result weighs against the next newer one: of 100 results ago, a result still weighs 0.61. Of the range
/// 0.99 to 0.997 that worked in replays; it bounds a cell's memory at 200 results.
const KEEP: f64 = 0.995;

/// Results of one model in one category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// As they were, for people: successes (halves are possible) and results.
    pub successes: f64,
    pub seen: u32,
    /// The same with forgetting, for arithmetic.
    pub weighted_successes: f64,
    pub weight: f64,
}

/// All results of this user. Models are told apart by their plain name, so a date makes no other model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Model's plain name → category → results.
    cells: BTreeMap<String, BTreeMap<String, Cell>>,
}

impl Results {
    /// Adds one result, the newest: `success` from 0 to 1, clamped.
    pub fn record(&mut self, model: &str, category: &str, success: f64) {
        let success = success.clamp(0.0, 1.0);
        let cell = self.cell_mut(model, category);
        cell.successes += success;
        cell.seen += 1;
        cell.weighted_successes = cell.weighted_successes * KEEP + success;
        cell.weight = cell.weight * KEEP + 1.0;
    }

    /// A result was judged anew: what was `before` is `success` now. No further result.
    pub fn revise(&mut self, model: &str, category: &str, before: f64, success: f64) {
        let change = success.clamp(0.0, 1.0) - before.clamp(0.0, 1.0);
        let cell = self.cell_mut(model, category);
        cell.successes = (cell.successes + change).max(0.0);
        cell.weighted_successes = (cell.weighted_successes + change).clamp(0.0, cell.weight);
    }

    /// From sums, as a store gives them: (model, category, successes, results). The order in time is lost, so all
    /// results of a row weigh the same, together as much as if they had come one by one.
    pub fn from_rows<M, C>(rows: impl IntoIterator<Item = (M, C, f64, u32)>) -> Results
    where
        M: AsRef<str>,
        C: AsRef<str>,
    {
        let mut results = Results::default();
        for (model, category, successes, seen) in rows {
            let successes = successes.clamp(0.0, f64::from(seen));
            let cell = results.cell_mut(model.as_ref(), category.as_ref());
            cell.successes += successes;
            cell.seen += seen;
            // The geometric sum 1 + KEEP + KEEP² + …, `seen` terms.
            cell.weight = (1.0 - KEEP.powf(f64::from(cell.seen))) / (1.0 - KEEP);
            cell.weighted_successes = match cell.seen {
                0 => 0.0,
                seen => cell.successes / f64::from(seen) * cell.weight,
            };
        }
        results
    }

    /// How many results there are of `model` in `category`.
    pub fn seen(&self, model: &str, category: &str) -> u32 {
        self.cell(model, category).seen
    }

    /// The results of `model` in `category`; empty if there are none.
    pub fn cell(&self, model: &str, category: &str) -> Cell {
        let model = self.cells.get(&plain_name(model));
        model
            .and_then(|cells| cells.get(category))
            .copied()
            .unwrap_or_default()
    }

    /// Every (plain name, category, results), in order of name and category.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str, &Cell)> {
        self.cells.iter().flat_map(|(model, cells)| {
            cells
                .iter()
                .map(|(category, cell)| (model.as_str(), category.as_str(), cell))
        })
    }

    fn cell_mut(&mut self, model: &str, category: &str) -> &mut Cell {
        self.cells
            .entry(plain_name(model))
            .or_default()
            .entry(category.to_owned())
            .or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_results_weigh_more_than_old_ones() {
        let mut results = Results::default();
        for success in [0.0; 300].into_iter().chain([1.0; 100]) {
            results.record("m-20260101", "debug", success);
        }
        let cell = results.cell("m", "debug");
        assert_eq!((cell.successes, cell.seen), (100.0, 400));
        assert!(cell.weighted_successes / cell.weight > 0.4, "{cell:?}");
        assert!(cell.weight < 200.0);
    }

    #[test]
    fn sums_weigh_as_much_as_single_results() {
        let mut one_by_one = Results::default();
        for _ in 0..50 {
            one_by_one.record("m", "math", 1.0);
        }
        let rows = Results::from_rows([("m", "math", 20.0, 20), ("m", "math", 30.0, 30)]);
        let (a, b) = (one_by_one.cell("m", "math"), rows.cell("m", "math"));
        assert!(
            (a.weight - b.weight).abs() < 1e-9
                && (a.weighted_successes - b.weighted_successes).abs() < 1e-9
        );
        assert_eq!((rows.seen("m", "math"), rows.seen("m", "debug")), (50, 0));
    }

    #[test]
    fn impossible_figures_are_bounded() {
        let rows = Results::from_rows([("m", "math", 9.0, 3), ("n", "math", f64::from(-1), 0)]);
        assert_eq!(rows.cell("m", "math").successes, 3.0);
        assert_eq!(rows.cell("n", "math").weight, 0.0);
    }
}
