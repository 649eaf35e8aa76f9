//! What each model's tokenizer makes of our counts, learned from the usage that servers report.
//!
//! Tokenizers differ between the versions of one family by a third and more, so a factor belongs to a model, not to a
//! provider. Learning is an exponential average of the logarithm of reported / counted: twice too much and half too
//! little are the same error.

use crate::catalog::names::plain_name;
use crate::catalog::tokens::factor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Shorter prompts say little: a few tokens of framing weigh too much in them.
const SHORTEST: u64 = 20;

/// What no tokenizer does: then something else than the text was counted, such as tools or images.
const POSSIBLE: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// Reports that the seed counts for.
const SEED_WEIGHT: f64 = 2.0;

/// The share of a new report once many were seen: the last 50 or so decide. A tokenizer does not change under one
/// name, so this is slow; but what a user sends does, and a provider may.
const SHARE: f64 = 0.02;

/// Factors by model; what was not learned yet is the seed of [`factor`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Factors {
    by_model: BTreeMap<String, Learned>,
}

/// A factor, and how many reports it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    pub factor: f64,
    pub reports: u32,
}

impl Factors {
    /// Tokens `model` makes of one of [`crate::catalog::count_tokens`].
    pub fn get(&self, model: &str) -> f64 {
        self.learned(model)
            .map_or_else(|| factor(model), |learned| learned.factor)
    }

    /// What was learned of `model`, for those who show on what an estimate rests.
    pub fn learned(&self, model: &str) -> Option<Learned> {
        let learned = self.by_model.get(&plain_name(model)).copied()?;
        // From a file anything may come.
        (learned.factor.is_finite() && learned.factor > 0.0).then_some(learned)
    }

    /// The tokens `model` is expected to make of a text that [`crate::catalog::count_tokens`] counts as `counted`.
    pub fn estimate(&self, model: &str, counted: u64) -> u64 {
        (counted as f64 * self.get(model)).ceil() as u64
    }

    /// Learns from one request: what [`crate::catalog::count_tokens`] counted of all that was sent, without a factor,
    /// and the whole input the server reported, cached or not. Not for a request with parts that were not counted.
    pub fn update(&mut self, model: &str, counted: u64, reported: u64) {
        if counted < SHORTEST || reported == 0 {
            return;
        }
        let ratio = reported as f64 / counted as f64;
        if !POSSIBLE.contains(&ratio) {
            return;
        }
        let before = self.get(model);
        let reports = self.learned(model).map_or(0, |learned| learned.reports);
        // A plain mean of seed and reports at first, an exponential one later.
        let share = (1.0 / (f64::from(reports) + 1.0 + SEED_WEIGHT)).max(SHARE);
        let learned = Learned {
            factor: before * (ratio / before).powf(share),
            reports: reports.saturating_add(1),
        };
        self.by_model.insert(plain_name(model), learned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_moves_from_its_seed_to_what_is_reported() {
        let mut factors = Factors::default();
        assert_eq!(factors.get("claude-opus-4-6"), 1.14);
        for _ in 0..200 {
            factors.update("anthropic/claude-opus-4.6", 1_000, 1_300);
        }
        assert!((factors.get("claude-opus-4-6") - 1.3).abs() < 0.001);
        assert_eq!(factors.get("claude-opus-4-8"), 1.5, "another version");
        assert_eq!(factors.estimate("claude-opus-4-6", 10), 13);
        // A newer tokenizer under the same name is learned too.
        for _ in 0..150 {
            factors.update("claude-opus-4-6", 1_000, 1_600);
        }
        assert!((factors.get("claude-opus-4-6") - 1.6).abs() < 0.03);
    }

    #[test]
    fn what_cannot_be_a_tokenizers_doing_is_not_learned() {
        let mut factors = Factors::default();
        for (counted, reported) in [(5, 9), (0, 0), (1_000, 0), (1_000, 90_000), (1_000, 10)] {
            factors.update("gpt-5.5", counted, reported);
        }
        assert_eq!(factors, Factors::default());
    }

    #[test]
    fn factors_are_kept_as_text() {
        let mut factors = Factors::default();
        factors.update("gpt-5.5", 100, 110);
        let text = serde_json::to_string(&factors).expect("plain data");
        assert_eq!(serde_json::from_str::<Factors>(&text).ok(), Some(factors));
        let odd: Factors =
            serde_json::from_str(r#"{"gpt-5-5":{"factor":-1.0,"reports":3}}"#).expect("readable");
        assert_eq!(odd.get("gpt-5.5"), 1.0);
    }
}
