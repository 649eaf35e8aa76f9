//! How easy prompts are that have a tag, for all models alike: what routing profits from most, since a prompt that is
//! harder for all widens the gap between a weak model and a strong one. Learnt from the results of all models, so it is
//! known before a single model's own results with the tag could tell.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How firmly each is held to 0, in units of p (1 − p) of results: as 120 results of 0.8 would. A prompt has several
/// tags, which tell much the same and are added up. Chosen on half of two public logs (MMLU and GSM8K), confirmed on
/// the other half; from 10 to 80 it hardly matters.
const HELD: f64 = 20.0;

/// What one result with a tag weighs against the next newer one: how hard tasks are changes slower than models do.
const KEEP: f64 = 0.9998;

/// What is told of a tag by less than this is left over from rounding.
const NOTHING: f64 = 1e-9;

/// Sums of one tag: of (y − p) + p (1 − p) × what was known, and of p (1 − p).
type Sums = (f64, f64);

/// Tag → what results with it told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ease {
    tags: BTreeMap<String, Sums>,
}

impl Ease {
    /// What the tag adds to the log-odds of success.
    pub fn of(&self, tag: &str) -> f64 {
        let sums = self.tags.get(tag);
        sums.map_or(0.0, |(sum, told)| sum / (told + HELD))
    }

    /// What the tags of one prompt add together.
    pub fn together(&self, tags: &[String]) -> f64 {
        tags.iter().map(|tag| self.of(tag)).sum()
    }

    /// Takes in the newest result of any model: of a prompt with these tags `expected` was expected, tags and all.
    pub fn observe(&mut self, tags: &[String], success: f64, expected: f64, weight: f64) {
        let keep = 1.0 - (1.0 - KEEP) * weight;
        self.take(tags, success, expected, weight, keep);
    }

    /// Takes a result in or back (`times` 1 or −1), at the weight it had, as if it had stood in its place from the
    /// beginning: nothing fades. How far it has faded since is not known, so it counts in full.
    ///
    /// What was known of a tag when the result came is not kept either. What is known now does in its stead: it moves
    /// `expected` too, and in the sum the two weigh each other up but for terms of second order.
    pub fn amend(&mut self, tags: &[String], success: f64, expected: f64, weight: f64, times: f64) {
        self.take(tags, success, expected, times * weight, 1.0);
        // A tag of which nothing is told any more is one that was never seen.
        for tag in tags {
            if self.tags.get(tag).is_some_and(|(_, told)| *told <= NOTHING) {
                self.tags.remove(tag);
            }
        }
    }

    fn take(&mut self, tags: &[String], success: f64, expected: f64, weight: f64, keep: f64) {
        let told = weight * expected * (1.0 - expected);
        for tag in tags {
            let known = self.of(tag);
            if !self.tags.contains_key(tag) {
                self.tags.insert(tag.clone(), Sums::default());
            }
            if let Some((sum, all)) = self.tags.get_mut(tag) {
                *sum = *sum * keep + weight * (success - expected) + told * known;
                *all = *all * keep + told;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hard_tag_is_learnt_and_one_that_only_comes_with_it_is_not_blamed_twice() {
        let mut ease = Ease::default();
        let both = ["hard".to_owned(), "beside".to_owned()];
        let only = ["beside".to_owned()];
        let expect =
            |ease: &Ease, tags: &[String]| 1.0 / (1.0 + (-1.4 - ease.together(tags)).exp());
        for n in 0..2_000_u32 {
            let (tags, success): (&[String], f64) = match n % 2 {
                0 => (&both, f64::from(u8::from(n % 4 == 0))),
                _ => (&only, f64::from(u8::from(n % 10 != 1))),
            };
            let expected = expect(&ease, tags);
            ease.observe(tags, success, expected, 1.0);
        }
        // Half of the one are good, four fifths of the other.
        assert!((expect(&ease, &both) - 0.5).abs() < 0.06, "{ease:?}");
        assert!((expect(&ease, &only) - 0.8).abs() < 0.06, "{ease:?}");
        assert_eq!(ease.of("never seen"), 0.0);
    }

    #[test]
    fn what_is_judged_anew_counts_as_it_is_now_and_as_much() {
        let tags = ["rust".to_owned()];
        for ((was, before), (is, now)) in [
            ((1.0, 1.0), (0.2, 1.0)),
            ((0.2, 0.2), (1.0, 1.0)),
            ((1.0, 1.0), (0.2, 0.2)),
        ] {
            let (mut once, mut anew) = (Ease::default(), Ease::default());
            once.observe(&tags, is, 0.7, now);
            anew.observe(&tags, was, 0.7, before);
            // It has moved what is expected.
            let expected = |ease: &Ease| 1.0 / (1.0 + 3.0 / 7.0 * (-ease.of("rust")).exp());
            let now_expected = expected(&anew);
            anew.amend(&tags, was, now_expected, before, -1.0);
            anew.amend(&tags, is, 0.7, now, 1.0);
            let (one, other) = (once.of("rust"), anew.of("rust"));
            assert!((one - other).abs() < 1e-4, "{was} {is}: {one} {other}");
            let now_expected = expected(&anew);
            anew.amend(&tags, is, now_expected, now, -1.0);
            assert!(anew.of("rust").abs() < 1e-4, "{anew:?}");
        }
    }
}
