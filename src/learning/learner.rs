//! All that is learnt of models from this user's turns, as one value: a fold over observations.

use crate::catalog::Catalog;
use crate::learning::posterior::Beliefs;
use crate::learning::reading::Features;
use crate::learning::results::Results;
use crate::learning::suggest::{Wish, suggest};
use crate::learning::trends::Trends;
use crate::protocol::Suggestion;

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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learner {
    results: Results,
    trends: Trends,
}

impl Learner {
    pub fn new(results: Results) -> Learner {
        Learner {
            results,
            trends: Trends::default(),
        }
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
