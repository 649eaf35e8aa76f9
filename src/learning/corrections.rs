//! What the user said of readings that were wrong: "this was maths, not data".

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Weights learnt from corrections. It holds no text: words are kept as hashes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corrections {
    /// A prompt's hash and the category it was said to be.
    words: BTreeMap<u64, String>,
}

impl Corrections {
    /// Whether nothing was corrected yet.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The user says that `prompt` is of the category `right`, one of [`crate::learning::CATEGORIES`].
    pub fn learn(&mut self, prompt: &str, right: &str) {
        self.words.insert(hash(prompt), right.to_owned());
    }

    /// The category of `prompt` that was taken for `read`.
    pub(super) fn correct(&self, prompt: &str, read: &'static str) -> &'static str {
        let said = self.words.get(&hash(prompt));
        let known = said.and_then(|said| crate::learning::CATEGORIES.iter().find(|c| *c == said));
        known.copied().unwrap_or(read)
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
