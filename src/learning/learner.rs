//! All that is learnt of models from this user's turns, as one value: a fold over observations.

use crate::catalog::Catalog;
use crate::learning::features::Features;
use crate::learning::posterior::Beliefs;
use crate::learning::results::Results;
use crate::learning::suggest::{Wish, suggest};
use crate::learning::trends::Trends;
use crate::protocol::Suggestion;
use serde::{Deserialize, Serialize};

/// The version of the form in which a [`Learner`] is kept. It grows with every change that would make an older
/// snapshot wrong or unreadable; then everything is folded anew from the evidence.
const VERSION: u32 = 2;

/// What one turn tells of the model that answered it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The model's key in the catalogue ([`Catalog::key`]).
    pub model: String,
    pub category: String,
    pub tags: Vec<String>,
    pub complexity: u8,
    pub features: Features,
    /// How good the answer was, 0 to 1.
    pub success: f64,
    /// How sure that is: 1 for a rating, less for what was only seen, 0 for nothing.
    pub weight: f64,
}

/// What is believed of models after everything seen so far.
///
/// Kept by the store as text ([`Learner::to_snapshot`]), so that a start need not fold all evidence anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learner {
    version: u32,
    results: Results,
    trends: Trends,
}

impl Default for Learner {
    fn default() -> Learner {
        Learner::new(Results::default())
    }
}

impl Learner {
    pub fn new(results: Results) -> Learner {
        Learner {
            version: VERSION,
            results,
            trends: Trends::default(),
        }
    }

    /// As JSON with its version.
    pub fn to_snapshot(&self) -> String {
        // Cannot fail: all keys are strings.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Learner::to_snapshot`] wrote.
    ///
    /// # Errors
    /// The text is no snapshot, or one of another version: then fold the evidence from its beginning.
    pub fn from_snapshot(text: &str) -> Result<Learner, String> {
        /// Read first, since another version may have another form.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let found: Versioned = serde_json::from_str(text).map_err(|e| e.to_string())?;
        if found.version != VERSION {
            return Err(format!(
                "a snapshot of version {}, this program keeps {VERSION}",
                found.version
            ));
        }
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    pub fn results(&self) -> &Results {
        &self.results
    }

    /// Results in the order in which they came.
    pub fn trends(&self) -> &Trends {
        &self.trends
    }

    /// What is believed of all models.
    pub fn beliefs<'a>(&'a self, catalog: &'a Catalog) -> Beliefs<'a> {
        Beliefs::new(catalog, &self.results)
    }

    /// Takes in the newest observation.
    pub fn observe(&mut self, seen: &Observation) {
        self.trends.observe(seen);
        self.results
            .record(&seen.model, &seen.category, seen.success);
    }

    /// The same turn was judged anew: what was `before` is `now`. No further result.
    pub fn revise(&mut self, before: &Observation, now: &Observation) {
        self.trends.revise(before, now);
        self.results
            .revise(&now.model, &now.category, before.success, now.success);
    }

    /// Models in order for a wish.
    pub fn suggest(&self, catalog: &Catalog, wish: &Wish) -> Suggestion {
        suggest(catalog, &self.results, wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::features::FEATURES;

    #[test]
    fn a_snapshot_is_the_whole_learner_and_another_version_is_refused() {
        let mut learner = Learner::default();
        for i in 0..50_u8 {
            learner.observe(&Observation {
                model: "gpt-5.5".to_owned(),
                category: "debug".to_owned(),
                tags: vec!["rust".to_owned()],
                complexity: i,
                features: [f32::from(i) / 50.0; FEATURES],
                success: f64::from(i % 3) / 2.0,
                weight: 1.0,
            });
        }
        let text = learner.to_snapshot();
        assert_eq!(Learner::from_snapshot(&text), Ok(learner));
        let other = text.replacen("\"version\":", "\"version\":9", 1);
        assert!(Learner::from_snapshot(&other).is_err_and(|e| e.contains("version 9")));
        assert!(Learner::from_snapshot("{").is_err());
    }
}
