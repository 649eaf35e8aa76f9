//! All the words the reader listens for, in one index: a prompt is gone through once.

use crate::learning::CATEGORIES;
use crate::learning::cues::{CUES, Cue};
use crate::learning::languages::LANGUAGES;
use crate::learning::subs::SUBS;
use crate::learning::tags;
use crate::learning::words::WORDS;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

/// What a phrase speaks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// A category, by its place in [`CATEGORIES`], and how loudly.
    Category(u8, u8),
    /// A tag, by its place among [`tags::all`], and how loudly.
    Tag(u8, u8),
    Cue(Cue),
    /// A row of [`SUBS`].
    Sub(u8),
    /// A row of [`LANGUAGES`].
    Language(u8),
}

/// What begins with a word.
#[derive(Default)]
struct Entry {
    /// What the word speaks for by itself.
    alone: Vec<Target>,
    /// What may follow it (a blank and the rest of a phrase), and what the whole speaks for.
    longer: Vec<(Box<str>, Target)>,
}

/// Phrases by their first word.
pub(super) struct Phrases {
    by_first: HashMap<Box<str>, Entry, BuildHasherDefault<Ends>>,
}

impl Phrases {
    /// The index of all tables, made at first use.
    pub(super) fn all() -> &'static Phrases {
        static ALL: OnceLock<Phrases> = OnceLock::new();
        ALL.get_or_init(Phrases::build)
    }

    fn build() -> Phrases {
        let mut phrases = Phrases {
            by_first: HashMap::default(),
        };
        for (phrase, category, weight) in WORDS {
            let place = CATEGORIES.iter().position(|known| known == category);
            if let Some(place) = place {
                phrases.add(phrase, Target::Category(place as u8, *weight as u8));
            }
        }
        for (cue, words) in &CUES {
            phrases.add_all(words, Target::Cue(*cue));
        }
        for (place, tag) in tags::all().iter().enumerate() {
            phrases.add_all(tag.sure, Target::Tag(place as u8, tags::SURE));
            phrases.add_all(tag.hints, Target::Tag(place as u8, tags::HINT));
        }
        for (place, (_, _, words)) in SUBS.iter().enumerate() {
            phrases.add_all(words, Target::Sub(place as u8));
        }
        for (place, (_, words)) in LANGUAGES.iter().enumerate() {
            phrases.add_all(words, Target::Language(place as u8));
        }
        phrases
    }

    /// `words` as the tables have them: parted by blanks, `_` for a blank within.
    fn add_all(&mut self, words: &str, target: Target) {
        for phrase in words.split_whitespace() {
            self.add(&phrase.replace('_', " "), target);
        }
    }

    fn add(&mut self, phrase: &str, target: Target) {
        let end = phrase.find(' ').unwrap_or(phrase.len());
        let entry = self.by_first.entry(phrase[..end].into()).or_default();
        match &phrase[end..] {
            "" => entry.alone.push(target),
            rest => entry.longer.push((rest.into(), target)),
        }
    }

    /// Tells `found` what every phrase speaks for that begins with `word` and goes on in `after`, the text behind it.
    /// A plural is found as its singular, if it is not known itself.
    pub(super) fn at(&self, word: &str, after: &str, mut found: impl FnMut(Target)) {
        let Some(entry) = self.by_first.get(word).or_else(|| self.singular(word)) else {
            return;
        };
        for target in &entry.alone {
            found(*target);
        }
        // Most phrases differ in the first letter behind the blank already.
        let next = after.as_bytes().get(1);
        for (rest, target) in &entry.longer {
            if rest.as_bytes().get(1) == next && goes_on(after, rest) {
                found(*target);
            }
        }
    }

    /// What is known of a word as the plural or the possessive of another.
    fn singular(&self, word: &str) -> Option<&Entry> {
        let less = word.strip_suffix('s')?;
        let less = less.strip_suffix('\'').unwrap_or(less);
        self.by_first.get(less).or_else(|| {
            let less = less.strip_suffix('e')?;
            self.by_first.get(less).or_else(|| {
                let stem = less.strip_suffix('i')?;
                self.by_first.get(format!("{stem}y").as_str())
            })
        })
    }
}

/// Whether `after` goes on with `rest` as whole words, the last of them perhaps in the plural.
fn goes_on(after: &str, rest: &str) -> bool {
    after.strip_prefix(rest).is_some_and(|left| {
        let left = left.strip_prefix('s').unwrap_or(left);
        left.is_empty() || left.starts_with(' ')
    })
}

/// A hash of a short word by its ends: faster than what withstands an attacker, whom a fixed table has not to fear.
#[derive(Default)]
pub(super) struct Ends(u64);

impl Hasher for Ends {
    fn write(&mut self, bytes: &[u8]) {
        let number = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
        let ends = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => number(first) | number(last) << 32,
            _ => {
                let own = bytes.iter().zip(0..);
                own.fold(0, |all, (byte, at)| all | u64::from(*byte) << (8 * at))
            }
        };
        self.0 = ends ^ (bytes.len() as u64).rotate_right(8);
    }

    /// The end of the word.
    fn write_u8(&mut self, _: u8) {}

    /// Mixed, since the table looks at the highest bits and at the lowest.
    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 32)
    }
}
