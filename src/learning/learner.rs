//! All that is learnt of models from this user's turns, as one value: a fold over observations.

use crate::catalog::{Catalog, plain_name};
use crate::learning::ease::Ease;
use crate::learning::features::Features;
use crate::learning::posterior::{Belief, Beliefs, Question, shifted};
use crate::learning::prior::Priors;
use crate::learning::reading::Reading;
use crate::learning::results::Results;
use crate::learning::ridge::Ridge;
use crate::learning::suggest::{Wish, suggest};
use crate::learning::trends::Trends;
use crate::protocol::Suggestion;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the form in which a [`Learner`] is kept. It grows with every change that would make an older
/// snapshot wrong or unreadable; then everything is folded anew from the evidence.
const VERSION: u32 = 4;

/// What is expected of a model before any result, and the results that is worth, where no prior is at hand.
const NEUTRAL: (f64, f64) = (0.75, 5.0);

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

impl Observation {
    /// Success and weight, bounded; what is no number weighs nothing.
    pub(super) fn figures(&self) -> (f64, f64) {
        if !self.success.is_finite() || !self.weight.is_finite() {
            return (0.0, 0.0);
        }
        (self.success.clamp(0.0, 1.0), self.weight.clamp(0.0, 1.0))
    }
}

impl Reading {
    /// What an [`Observation`] and a wish have as tags: those of the reading, and the finer kind.
    pub fn labels(&self) -> Vec<String> {
        let finer = self.sub.map(|sub| format!("{} {sub}", self.category));
        let tags = self.tags.iter().map(|tag| (*tag).to_owned());
        tags.chain(finer).collect()
    }
}

/// What is believed of models after everything seen so far.
///
/// Kept by the store as text ([`Learner::to_snapshot`]), so that a start need not fold all evidence anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learner {
    version: u32,
    results: Results,
    trends: Trends,
    /// By plain name.
    ridges: BTreeMap<String, Ridge>,
    ease: Ease,
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
            ridges: BTreeMap::new(),
            ease: Ease::default(),
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

    /// Takes in the newest observation.
    pub fn observe(&mut self, seen: &Observation) {
        let (success, weight) = seen.figures();
        if weight <= 0.0 {
            return;
        }
        let plain = plain_name(&seen.model);
        let (plainly, with_tags) = self.expected(&plain, seen);
        self.results.observe(seen);
        self.trends.observe(seen);
        self.ease.observe(&seen.tags, success, with_tags, weight);
        let ridge = self.ridges.entry(plain).or_default();
        ridge.observe(&seen.features, success, plainly, weight);
    }

    /// The same turn was judged anew: what was `before` is `now`. No further result; none any more, where `now` weighs
    /// nothing.
    pub fn revise(&mut self, before: &Observation, now: &Observation) {
        self.trends.revise(before, now);
        // What was expected without it, as when it came: so it is out of the results while the others are amended.
        let nothing = Observation {
            weight: 0.0,
            ..before.clone()
        };
        self.results.revise(before, &nothing);
        for (seen, times) in [(before, -1.0), (now, 1.0)] {
            let (success, weight) = seen.figures();
            if weight <= 0.0 {
                continue;
            }
            let plain = plain_name(&seen.model);
            let (plainly, with_tags) = self.expected(&plain, seen);
            self.ease
                .amend(&seen.tags, success, with_tags, weight, times);
            let ridge = self.ridges.entry(plain).or_default();
            ridge.amend(&seen.features, success, plainly, weight, times);
        }
        self.results.revise(&nothing, now);
    }

    /// The success that is expected of the model of this plain name by its level and how hard the prompt is; and the
    /// same with what is known of the tags.
    fn expected(&self, plain: &str, seen: &Observation) -> (f64, f64) {
        let level = self.level(plain);
        let tags = self.ease.together(&seen.tags);
        (
            bent(level, 0.0, seen.complexity),
            bent(level, tags, seen.complexity),
        )
    }

    /// What is believed of the model of this plain name for a prompt.
    pub fn belief(&self, beliefs: &Beliefs, plain: &str, question: &Question) -> Belief {
        let marks = self
            .ridges
            .get(plain)
            .map_or(0.0, |ridge| ridge.correction(question.features));
        let ease = |tag: &str| self.ease.of(tag);
        beliefs.about(plain, question.category, question.tags, ease, |rate| {
            bent(rate.success, rate.tags + marks, question.complexity)
        })
    }

    /// The success of a model over all its results. Marks and tags are learnt from what lies above that, beside the
    /// categories and not from what these leave: they tell much the same, and each is held on its own.
    fn level(&self, plain: &str) -> f64 {
        let (success, weight) = NEUTRAL;
        let (mut successes, mut all) = (success * weight, weight);
        for kind in self.results.of(plain).into_iter().flat_map(|k| k.values()) {
            successes += kind.cell.weighted_successes;
            all += kind.cell.weight;
        }
        successes / all
    }

    /// Models in order for a wish.
    pub fn suggest(&self, priors: &Priors, catalog: &Catalog, wish: &Wish) -> Suggestion {
        suggest(catalog, priors, self, wish)
    }
}

/// What a spread of complexity costs, in log-odds of success. So a prompt that is harder takes more from a weak model
/// than from a strong one, whose success is nearer to 1. Chosen, not measured.
const STEEPNESS: f64 = 0.3;

/// Mean and spread of complexity over all prompts.
pub(super) const USUAL_COMPLEXITY: u8 = 30;
const COMPLEXITY_SPREAD: f64 = 15.0;

/// The most that tags, marks and complexity together may shift, in log-odds.
const MOST_BENT: f64 = 4.0;

/// The rate for one prompt of a category in which it is `rate` over all prompts; `by` is what tags and marks add to the
/// log-odds. So a rate near 1 is hardly raised further, and what lies beyond is kept apart in order instead of being
/// cut off.
fn bent(rate: f64, by: f64, complexity: u8) -> f64 {
    let spreads = (f64::from(complexity) - f64::from(USUAL_COMPLEXITY)) / COMPLEXITY_SPREAD;
    shifted(
        rate,
        (by - STEEPNESS * spreads).clamp(-MOST_BENT, MOST_BENT),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::features::FEATURES;

    fn seen(i: u8, success: f64, weight: f64) -> Observation {
        let mark = |at: usize| ((usize::from(i) * 7 + at * 3) % 11) as f32 / 5.0 - 1.0;
        Observation {
            model: "m".to_owned(),
            category: "debug".to_owned(),
            tags: vec!["rust".to_owned(), format!("tag {}", i % 3)],
            complexity: 20 + i % 30,
            features: std::array::from_fn(mark),
            success,
            weight,
        }
    }

    /// Results enough for the marks to be heard.
    fn taught() -> Learner {
        let mut learner = Learner::default();
        for i in 0..120 {
            learner.observe(&seen(i, f64::from(i % 4).min(1.0), 1.0));
        }
        learner
    }

    /// The furthest that what marks and tags say differs.
    fn apart(one: &Learner, other: &Learner) -> f64 {
        let marks = |learner: &Learner, i| {
            let ridge = learner.ridges.get("m");
            ridge.map_or(0.0, |ridge| ridge.correction(&seen(i, 0.0, 0.0).features))
        };
        let tags = |learner: &Learner, i| learner.ease.together(&seen(i, 0.0, 0.0).tags);
        (0..11)
            .map(|i| {
                let marks = (marks(one, i) - marks(other, i)).abs();
                marks.max((tags(one, i) - tags(other, i)).abs())
            })
            .fold(0.0, f64::max)
    }

    #[test]
    fn a_result_judged_anew_teaches_what_the_new_judgement_alone_would() {
        for (was, now) in [
            (seen(5, 0.2, 0.2), seen(5, 1.0, 1.0)),
            (seen(5, 1.0, 1.0), seen(5, 0.2, 0.2)),
            (seen(5, 0.2, 0.2), seen(5, 0.2, 1.0)),
            (seen(5, 1.0, 0.0), seen(5, 1.0, 1.0)),
            (seen(5, 1.0, 1.0), seen(5, 1.0, 0.0)),
        ] {
            for start in [Learner::default(), taught()] {
                let (mut only, mut revised) = (start.clone(), start.clone());
                only.observe(&now);
                revised.observe(&was);
                let moved = apart(&only, &revised);
                revised.revise(&was, &now);
                let left = apart(&only, &revised);
                assert!(left <= moved / 50.0, "{was:?}\n{now:?}\n{moved} {left}");
            }
        }
    }

    #[test]
    fn what_is_taken_back_leaves_nothing_whenever_it_was_learnt() {
        let results: Vec<Observation> = (0..240)
            .map(|i| seen(i, f64::from(i % 4).min(1.0), f64::from(i % 5 + 1) / 5.0))
            .collect();
        let all = |results: &[Observation]| {
            let mut learner = Learner::default();
            results.iter().for_each(|result| learner.observe(result));
            learner
        };
        let take_back = |learner: &mut Learner, result: &Observation| {
            let weight = 0.0;
            let now = Observation {
                weight,
                ..result.clone()
            };
            learner.revise(result, &now);
        };
        // What came after it was expected otherwise because of it, and it has faded: little is left, not nothing.
        for (at, least) in [(120, 3.0), (180, 5.0), (239, 100.0)] {
            let without = all(&[&results[..at], &results[at + 1..]].concat());
            let mut learner = all(&results);
            let moved = apart(&learner, &without);
            take_back(&mut learner, &results[at]);
            let left = apart(&learner, &without);
            assert!(left < moved / least, "{at}: {moved} {left}");
        }
        let mut learner = all(&results);
        for result in results.iter().rev() {
            take_back(&mut learner, result);
        }
        assert_eq!(learner.ridges["m"], Ridge::default());
        let left = apart(&learner, &Learner::default());
        assert!(left < 0.02, "{left}");
    }

    #[test]
    fn a_result_that_turns_out_to_be_of_another_model_is_taken_from_the_first() {
        let mut learner = Learner::default();
        let before = seen(1, 1.0, 1.0);
        let now = Observation {
            model: "n".to_owned(),
            ..before.clone()
        };
        learner.observe(&before);
        learner.revise(&before, &now);
        assert_eq!(learner.ridges["m"], Ridge::default());
        assert_ne!(learner.ridges["n"], Ridge::default());
    }

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
