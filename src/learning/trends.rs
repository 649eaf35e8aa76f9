//! Results in the order in which they came: whether a model has changed, and what its results bear out.
//!
//! By model and category, and by each tag within these. The newest results are kept one by one, those before them as
//! a sum that slowly forgets.

use crate::learning::learner::Observation;
use crate::protocol::Drift;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// Results that are the newest; with these a change is told from what was before.
const NEWEST: usize = 10;
/// Results, on either side, below which no change is told.
const ENOUGH: f64 = 5.0;
/// What the older results keep of their weight as each further one joins them.
const KEEP: f64 = 0.98;

/// Results of one model at one kind of prompt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// (success, weight), oldest first.
    newest: VecDeque<(f32, f32)>,
    older_successes: f64,
    older_weight: f64,
}

/// All trends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trends {
    /// By `model`, `category` and `tag`; an empty tag: whatever the tags.
    #[serde(with = "rows")]
    trends: BTreeMap<(String, String, String), Trend>,
}

impl Trends {
    /// Takes in the newest result.
    pub fn observe(&mut self, seen: &Observation) {
        for tag in kinds(seen) {
            let key = (seen.model.clone(), seen.category.clone(), tag);
            self.trends
                .entry(key)
                .or_default()
                .add((seen.success as f32, seen.weight as f32));
        }
    }

    /// A result was judged anew.
    pub fn revise(&mut self, before: &Observation, now: &Observation) {
        for tag in kinds(before) {
            let key = (before.model.clone(), before.category.clone(), tag);
            if let Some(trend) = self.trends.get_mut(&key) {
                trend.take_back((before.success as f32, before.weight as f32));
            }
        }
        self.observe(now);
    }

    /// Everything there are results of: model, category, tag.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
        self.trends.keys().map(|(model, category, tag)| {
            let tag = Some(tag.as_str()).filter(|tag| !tag.is_empty());
            (model.as_str(), category.as_str(), tag)
        })
    }

    /// Of a model in a category; with a tag, of those of its results that have it.
    pub fn of(&self, model: &str, category: &str, tag: Option<&str>) -> Option<&Trend> {
        let key = (
            model.to_owned(),
            category.to_owned(),
            tag.unwrap_or_default().to_owned(),
        );
        self.trends.get(&key)
    }
}

/// The tags under which a result is kept; the empty one is that of all.
fn kinds(seen: &Observation) -> impl Iterator<Item = String> {
    std::iter::once(String::new()).chain(seen.tags.iter().cloned())
}

impl Trend {
    fn add(&mut self, result: (f32, f32)) {
        if result.1 <= 0.0 {
            return;
        }
        self.newest.push_back(result);
        if self.newest.len() > NEWEST
            && let Some((success, weight)) = self.newest.pop_front()
        {
            let weight = f64::from(weight);
            self.older_successes = self.older_successes * KEEP + weight * f64::from(success);
            self.older_weight = self.older_weight * KEEP + weight;
        }
    }

    /// Takes one such result out again: the newest that is alike, else from the sum.
    fn take_back(&mut self, result: (f32, f32)) {
        if result.1 <= 0.0 {
            return;
        }
        if let Some(at) = self.newest.iter().rposition(|kept| *kept == result) {
            self.newest.remove(at);
            return;
        }
        let weight = f64::from(result.1).min(self.older_weight);
        self.older_weight -= weight;
        let left = self.older_successes - weight * f64::from(result.0);
        self.older_successes = left.clamp(0.0, self.older_weight);
    }

    fn recent(&self) -> (f64, f64) {
        let sum = |(successes, weights), (success, weight): &(f32, f32)| {
            let weight = f64::from(*weight);
            (successes + weight * f64::from(*success), weights + weight)
        };
        self.newest.iter().fold((0.0, 0.0), sum)
    }

    /// Successes and results, each counting as much as it is sure.
    pub fn results(&self) -> (f64, f64) {
        let (successes, weight) = self.recent();
        (successes + self.older_successes, weight + self.older_weight)
    }

    /// The newest results against those before. Two shares, pooled for their error.
    pub fn drift(&self) -> Option<Drift> {
        let (successes, recent) = self.recent();
        if recent < ENOUGH || self.older_weight < ENOUGH {
            return None;
        }
        let (all, weight) = self.results();
        // Half a success and half a failure more: shares of all or none have an error too.
        let pooled = (all + 0.5) / (weight + 1.0);
        let error = (pooled * (1.0 - pooled) * (1.0 / recent + 1.0 / self.older_weight)).sqrt();
        let change = successes / recent - self.older_successes / self.older_weight;
        Some(Drift {
            change,
            deviations: change / error,
        })
    }
}

/// JSON has only text for keys; a list of rows is what the store keeps.
mod rows {
    use super::Trend;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    type Key = (String, String, String);

    pub fn serialize<S: Serializer>(
        trends: &BTreeMap<Key, Trend>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        trends.iter().collect::<Vec<_>>().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<Key, Trend>, D::Error> {
        Ok(Vec::<(Key, Trend)>::deserialize(from)?
            .into_iter()
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::FEATURES;

    fn seen(success: f64, weight: f64, tags: &[&str]) -> Observation {
        Observation {
            model: "m".into(),
            category: "debug".into(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            complexity: 0,
            features: [0.0; FEATURES],
            success,
            weight,
        }
    }

    #[test]
    fn a_model_that_got_worse_is_told_from_one_that_did_not() {
        for (before, after, told) in [
            (vec![1.0; 30], vec![0.0; 10], Some((-1.0, true))),
            (vec![0.0; 30], vec![1.0; 10], Some((1.0, true))),
            (vec![1.0; 30], vec![1.0; 10], Some((0.0, false))),
            (vec![1.0; 4], vec![0.0; 10], None),
            (vec![], vec![0.0; 3], None),
        ] {
            let mut trends = Trends::default();
            for success in before.iter().chain(&after) {
                trends.observe(&seen(*success, 1.0, &[]));
            }
            let drift = trends.of("m", "debug", None).and_then(Trend::drift);
            let found = drift.map(|d| (d.change, d.deviations.abs() > 3.0));
            assert_eq!(found, told, "{before:?} {after:?}");
        }
    }

    #[test]
    fn results_count_as_much_as_they_are_sure_and_under_each_tag() {
        let mut trends = Trends::default();
        trends.observe(&seen(1.0, 1.0, &["rust"]));
        trends.observe(&seen(0.0, 0.5, &["rust", "docs"]));
        trends.observe(&seen(1.0, 0.0, &["rust"]));
        let of = |tag| trends.of("m", "debug", tag).map(Trend::results);
        assert_eq!(of(None), Some((1.0, 1.5)));
        assert_eq!(of(Some("rust")), Some((1.0, 1.5)));
        assert_eq!(of(Some("docs")), Some((0.0, 0.5)));
        assert_eq!(of(Some("go")), None);
    }

    #[test]
    fn a_result_judged_anew_takes_the_place_of_the_one_before() {
        for age in [0, 50] {
            let mut trends = Trends::default();
            trends.observe(&seen(0.0, 0.5, &["rust"]));
            for _ in 0..age {
                trends.observe(&seen(1.0, 1.0, &[]));
            }
            trends.revise(&seen(0.0, 0.5, &["rust"]), &seen(1.0, 1.0, &[]));
            let (successes, weight) = trends.of("m", "debug", None).unwrap().results();
            assert!(
                (successes - weight).abs() < 0.5,
                "{age}: {successes} of {weight}"
            );
            let (_, left) = trends.of("m", "debug", Some("rust")).unwrap().results();
            assert_eq!(left, 0.0);
        }
    }

    #[test]
    fn trends_survive_the_store() {
        let mut trends = Trends::default();
        for i in 0..20 {
            trends.observe(&seen(f64::from(i % 2), 1.0, &["rust"]));
        }
        let text = serde_json::to_string(&trends).unwrap();
        assert_eq!(serde_json::from_str::<Trends>(&text).unwrap(), trends);
    }
}
