//! What this user's turns taught: successes and counts by model, category and tag, with forgetting.

use crate::catalog::plain_name;
use crate::learning::learner::Observation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one result weighs against the next newer one: of 100 results ago, a result still weighs 0.61. Of the range
/// 0.99 to 0.997 that worked in replays; it bounds a cell's memory at 200 results.
const KEEP: f64 = 0.995;

/// Results of one model in one category, or of those among them that have one tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f64, u32, f64, f64)", into = "(f64, u32, f64, f64)")]
pub struct Cell {
    /// As they were, for people: successes (halves are possible) and results.
    pub successes: f64,
    pub seen: u32,
    /// The same with forgetting, each as sure as it was, for arithmetic.
    pub weighted_successes: f64,
    pub weight: f64,
}

impl From<(f64, u32, f64, f64)> for Cell {
    fn from((successes, seen, weighted_successes, weight): (f64, u32, f64, f64)) -> Cell {
        Cell {
            successes,
            seen,
            weighted_successes,
            weight,
        }
    }
}

impl From<Cell> for (f64, u32, f64, f64) {
    fn from(cell: Cell) -> Self {
        (
            cell.successes,
            cell.seen,
            cell.weighted_successes,
            cell.weight,
        )
    }
}

impl Cell {
    /// Takes in the newest result. One that is unsure makes others forgotten less.
    fn add(&mut self, success: f64, weight: f64) {
        let keep = 1.0 - (1.0 - KEEP) * weight;
        self.successes += success;
        self.seen += 1;
        self.weighted_successes = self.weighted_successes * keep + success * weight;
        self.weight = self.weight * keep + weight;
    }

    /// Takes a result in or back (`times` 1 or −1) as if it had stood in its place from the beginning; how far it was
    /// forgotten since is not known, so it counts in full.
    fn amend(&mut self, success: f64, weight: f64, times: f64) {
        self.successes = (self.successes + times * success).max(0.0);
        self.seen = self.seen.saturating_add_signed(times as i32);
        self.weight = (self.weight + times * weight).max(0.0);
        self.weighted_successes =
            (self.weighted_successes + times * success * weight).clamp(0.0, self.weight);
    }
}

/// Results of one model in one category.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kind {
    pub cell: Cell,
    /// Tag → those results that have it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Cell>,
}

/// Results of one model: category → results.
pub type Kinds = BTreeMap<String, Kind>;

/// All results of this user. Models are told apart by their plain name, so a date makes no other model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Results {
    models: BTreeMap<String, Kinds>,
}

impl Results {
    /// Takes in the newest observation; one without weight teaches nothing.
    pub fn observe(&mut self, seen: &Observation) {
        let (success, weight) = seen.figures();
        if weight > 0.0 {
            self.each(seen, |cell| cell.add(success, weight));
        }
    }

    /// An observation was judged anew: what was `before` is `now`. No further result.
    pub fn revise(&mut self, before: &Observation, now: &Observation) {
        for (seen, times) in [(before, -1.0), (now, 1.0)] {
            let (success, weight) = seen.figures();
            if weight > 0.0 {
                self.each(seen, |cell| cell.amend(success, weight, times));
            }
        }
    }

    /// Every cell an observation belongs to.
    fn each(&mut self, seen: &Observation, change: impl Fn(&mut Cell)) {
        let kind = self.kind_mut(&seen.model, &seen.category);
        change(&mut kind.cell);
        for tag in &seen.tags {
            match kind.tags.get_mut(tag) {
                Some(cell) => change(cell),
                None => change(kind.tags.entry(tag.clone()).or_default()),
            }
        }
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
            let cell = &mut results.kind_mut(model.as_ref(), category.as_ref()).cell;
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
        self.of(&plain_name(model))
            .and_then(|kinds| kinds.get(category))
            .map(|kind| kind.cell)
            .unwrap_or_default()
    }

    /// Every (plain name, category, results), in order of name and category.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str, &Cell)> {
        self.models.iter().flat_map(|(model, kinds)| {
            kinds
                .iter()
                .map(|(category, kind)| (model.as_str(), category.as_str(), &kind.cell))
        })
    }

    /// Every model by its plain name, with its results.
    pub fn models(&self) -> impl Iterator<Item = (&str, &Kinds)> {
        self.models
            .iter()
            .map(|(name, kinds)| (name.as_str(), kinds))
    }

    /// The results of the model of this plain name.
    pub fn of(&self, plain: &str) -> Option<&Kinds> {
        self.models.get(plain)
    }

    fn kind_mut(&mut self, model: &str, category: &str) -> &mut Kind {
        let plain = plain_name(model);
        let kinds = self.models.entry(plain).or_default();
        // Asked twice, but no name is copied for a kind that is there.
        if !kinds.contains_key(category) {
            kinds.insert(category.to_owned(), Kind::default());
        }
        kinds.entry(category.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::features::FEATURES;

    fn seen(category: &str, tag: &str, success: f64, weight: f64) -> Observation {
        Observation {
            model: "m-20260101".to_owned(),
            category: category.to_owned(),
            tags: vec![tag.to_owned()],
            complexity: 0,
            features: [0.0; FEATURES],
            success,
            weight,
        }
    }

    #[test]
    fn new_results_weigh_more_than_old_ones() {
        let mut results = Results::default();
        for success in [0.0; 300].into_iter().chain([1.0; 100]) {
            results.observe(&seen("debug", "rust", success, 1.0));
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
            one_by_one.observe(&seen("math", "rust", 1.0, 1.0));
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
        let mut results = Results::default();
        results.observe(&seen("math", "rust", 7.0, f64::NAN));
        results.observe(&seen("math", "rust", f64::NAN, 1.0));
        results.observe(&seen("math", "rust", 7.0, 9.0));
        let cell = results.cell("m", "math");
        assert_eq!((cell.successes, cell.seen, cell.weight), (1.0, 1, 1.0));
    }

    #[test]
    fn what_is_unsure_weighs_less_and_what_weighs_nothing_is_nothing() {
        let mut results = Results::default();
        results.observe(&seen("math", "rust", 1.0, 0.3));
        results.observe(&seen("math", "rust", 0.0, 0.0));
        let cell = results.cell("m", "math");
        assert_eq!((cell.successes, cell.seen), (1.0, 1));
        assert_eq!((cell.weighted_successes, cell.weight), (0.3, 0.3));
    }

    #[test]
    fn a_result_judged_anew_changes_place_and_is_no_further_one() {
        let mut results = Results::default();
        let before = seen("math", "rust", 0.2, 0.3);
        results.observe(&before);
        results.revise(&before, &seen("debug", "go", 1.0, 1.0));
        assert_eq!(results.seen("m", "math"), 0);
        assert!(results.cell("m", "math").weight < 1e-12);
        let kinds = results.of("m").expect("a model");
        assert_eq!(kinds["debug"].cell, kinds["debug"].tags["go"]);
        assert_eq!(
            kinds["debug"].cell,
            Cell {
                successes: 1.0,
                seen: 1,
                weighted_successes: 1.0,
                weight: 1.0
            }
        );
    }
}
