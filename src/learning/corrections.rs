//! What the user said of readings that were wrong: "this was maths, not data".
//!
//! One step of a perceptron per correction: what the right category lacked is shared out among the words of the
//! prompt, and taken from the wrong one. The same kind of prompt shares most of its words and flips; another shares
//! one or two, which move it little, and not at all below [`KINSHIP`].

use crate::learning::CATEGORIES;
use crate::learning::classify::{LEAST, Weights, category, place, weights};
use crate::learning::counts::Counts;
use crate::learning::marks::Marks;
use crate::learning::scan::{Heard, hear};
use crate::learning::text::hash;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By how much the right category is to win after a correction, in the weights of the classifier.
const MARGIN: f32 = 2.0;

/// How many different words of a prompt are looked at, from its beginning.
const WORDS: usize = 24;

/// How many words are gone through to find them.
const LOOKED_AT: usize = 120;

/// The share of a prompt's words that must have been corrected before for anything to change.
const KINSHIP: f32 = 0.34;

/// How many words are remembered; of more, those go that were corrected longest ago.
const MEMORY: usize = 2_000;

/// Whether a word says nothing of the kind of a prompt.
fn is_small(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "and"
            | "or"
            | "of"
            | "to"
            | "in"
            | "on"
            | "at"
            | "for"
            | "with"
            | "from"
            | "by"
            | "is"
            | "are"
            | "was"
            | "be"
            | "it"
            | "its"
            | "this"
            | "that"
            | "these"
            | "those"
            | "my"
            | "me"
            | "i"
            | "you"
            | "your"
            | "we"
            | "our"
            | "please"
            | "can"
            | "could"
            | "would"
            | "do"
            | "does"
            | "s"
            | "as"
            | "into"
    )
}

/// Weights learnt from corrections. It holds no text: words are kept as hashes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corrections {
    /// How many corrections there were.
    count: u32,
    /// By the hash of a word.
    words: BTreeMap<u32, Word>,
}

/// What was learnt of a word.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Word {
    /// The number of the correction that it was last in.
    at: u32,
    /// By the name of a category: what is added to the classifier's weight.
    by: BTreeMap<String, f32>,
}

impl Corrections {
    /// Whether nothing was corrected yet.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many corrections were learnt.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The user says that `prompt` is of the category `right`, one of [`CATEGORIES`]. Gives back the category it was
    /// taken for until now; `None`, and nothing is learnt, if there is no such category or no word to learn from.
    pub fn learn(&mut self, prompt: &str, right: &str) -> Option<&'static str> {
        let right = CATEGORIES.iter().position(|known| *known == right)?;
        let heard = hear(prompt);
        let words = hashes(&heard.text);
        if words.is_empty() {
            return None;
        }
        let plain = weights(&heard, Marks::of(prompt, &Counts::of(prompt)));
        let before = self.corrected(&plain, &words);
        let taken = category(&before);
        // Once around per category that stands above the right one.
        for _ in 0..CATEGORIES.len() {
            let now = self.corrected(&plain, &words);
            let (wrong, most) = highest(&now, right);
            let lack = most + MARGIN - now[right];
            if lack <= 0.0 {
                break;
            }
            // What only the threshold stands above is not to be taken from.
            let (up, down) = match now[wrong] >= most {
                true => (lack / 2.0, lack / 2.0),
                false => (lack, 0.0),
            };
            self.shift(&words, right, up);
            self.shift(&words, wrong, -down);
        }
        self.count += 1;
        self.forget_oldest();
        Some(taken)
    }

    /// The category of a prompt of which `heard` was heard and that holds `marks`.
    pub(super) fn read(&self, heard: &Heard, marks: Marks) -> &'static str {
        let plain = weights(heard, marks);
        if self.is_empty() {
            return category(&plain);
        }
        category(&self.corrected(&plain, &hashes(&heard.text)))
    }

    /// The weights of the classifier and what was learnt.
    fn corrected(&self, plain: &Weights, words: &[u32]) -> Weights {
        let mut weights = *plain;
        let known: Vec<&Word> = words.iter().filter_map(|w| self.words.get(w)).collect();
        if (known.len() as f32) < KINSHIP * words.len() as f32 {
            return weights;
        }
        for (name, change) in known.iter().flat_map(|word| &word.by) {
            weights[place(name)] += change;
        }
        weights
    }

    /// Shares `change` out among words, for one category.
    fn shift(&mut self, words: &[u32], of: usize, change: f32) {
        if change == 0.0 {
            return;
        }
        for hash in words {
            let word = self.words.entry(*hash).or_default();
            word.at = self.count + 1;
            *word.by.entry(CATEGORIES[of].to_owned()).or_default() += change / words.len() as f32;
        }
    }

    fn forget_oldest(&mut self) {
        while self.words.len() > MEMORY {
            let oldest = self.words.iter().min_by_key(|(_, word)| word.at);
            let Some(oldest) = oldest.map(|(hash, _)| *hash) else {
                return;
            };
            self.words.remove(&oldest);
        }
    }
}

/// The category besides `right` that weighs most, and what is to be beaten: its weight, or the least a category needs.
fn highest(weights: &Weights, right: usize) -> (usize, f32) {
    let others = (0..weights.len()).filter(|place| *place != right);
    let wrong = others.max_by(|a, b| weights[*a].total_cmp(&weights[*b]));
    let wrong = wrong.unwrap_or(right);
    (wrong, weights[wrong].max(LEAST - 1.0))
}

/// The hashes of the different words of a text that tell something, at most [`WORDS`], from its beginning.
fn hashes(text: &str) -> Vec<u32> {
    let mut found = Vec::with_capacity(WORDS);
    let telling = |word: &&str| {
        !word.is_empty() && !is_small(word) && !word.starts_with(|c: char| c.is_ascii_digit())
    };
    for word in text.split(' ').take(LOOKED_AT).filter(telling) {
        let hash = hash(word);
        if !found.contains(&hash) {
            found.push(hash);
        }
        if found.len() == WORDS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::read;

    fn category_of(prompt: &str, corrections: &Corrections) -> &'static str {
        read(prompt, &[], corrections).category
    }

    /// (prompts of one kind, what they are said to be)
    const KINDS: [(&[&str], &str); 4] = [
        (
            &[
                "Summarise the standup notes of Monday for the team channel",
                "Summarise the standup notes of Tuesday for the team channel",
                "please summarise the standup notes of last Friday for our team channel",
            ],
            "creative",
        ),
        (
            &[
                "Bump the version to 2.3 and tag a release",
                "Bump the version to 2.4 and tag a release",
                "bump version 3.0, tag the release",
            ],
            "code_gen",
        ),
        (
            &[
                "Why is the bakery's flour order larger this week?",
                "Why is the bakery's sugar order larger this month?",
                "Why is the bakery's egg order smaller this week?",
            ],
            "data",
        ),
        (
            &["hello there friend", "hello there again", "hello friend"],
            "creative",
        ),
    ];

    #[test]
    fn two_corrections_flip_a_kind_of_prompt() {
        for (prompts, right) in KINDS {
            let mut learnt = Corrections::default();
            assert_ne!(category_of(prompts[0], &learnt), right, "{prompts:?}");
            for prompt in &prompts[..2] {
                learnt.learn(prompt, right);
                assert_eq!(category_of(prompt, &learnt), right, "{prompt}");
            }
            assert_eq!(category_of(prompts[2], &learnt), right, "{}", prompts[2]);
        }
    }

    #[test]
    fn other_prompts_do_not_suffer() {
        let mut learnt = Corrections::default();
        for (prompts, right) in KINDS {
            for prompt in &prompts[..2] {
                learnt.learn(prompt, right);
            }
        }
        for (prompt, category) in [
            ("Summarize the literature on spaced repetition", "research"),
            ("Summarise this paper", "research"),
            ("Why does the release build crash?", "debug"),
            ("What is the capital of Australia?", "simple_qa"),
            ("Refactor this module into smaller files", "refactor"),
            ("Explain how version numbers work", "explain"),
            ("Write a short story about a bakery", "creative"),
        ] {
            assert_eq!(category_of(prompt, &learnt), category, "{prompt}");
            assert_eq!(
                category_of(prompt, &Corrections::default()),
                category,
                "{prompt}"
            );
        }
    }

    #[test]
    fn a_correction_can_be_taken_back() {
        let (prompt, mut learnt) = ("Explain how async works in Rust", Corrections::default());
        assert_eq!(learnt.learn(prompt, "research"), Some("explain"));
        assert_eq!(learnt.learn(prompt, "explain"), Some("research"));
        assert_eq!(category_of(prompt, &learnt), "explain");
        assert_eq!(learnt.count(), 2);
        assert_eq!(learnt.learn(prompt, "astrology"), None);
        assert_eq!(learnt.learn("", "math"), None);
    }

    #[test]
    fn any_prompt_can_become_any_category() {
        for right in CATEGORIES {
            for prompt in ["Fix the failing test in ci", "hm", "What is 17 * 23?"] {
                let mut learnt = Corrections::default();
                learnt.learn(prompt, right);
                assert_eq!(category_of(prompt, &learnt), right, "{prompt}");
            }
        }
    }

    #[test]
    fn memory_is_bounded_and_survives_being_stored() {
        let mut learnt = Corrections::default();
        for number in 0..600 {
            let prompt = format!("a{number}x b{number}x c{number}x d{number}x e{number}x");
            learnt.learn(&prompt, "data");
        }
        assert!(learnt.words.len() <= MEMORY);
        assert_eq!(
            category_of("a599x b599x c599x d599x e599x", &learnt),
            "data"
        );
        assert_eq!(category_of("a1x b1x c1x d1x e1x", &learnt), "other");
        let text = serde_json::to_string(&learnt).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Corrections>(&text).expect("the same"),
            learnt
        );
        assert!(!text.contains("a599x"));
    }
}
