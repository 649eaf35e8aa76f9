//! What is read off a prompt before it is sent: its category, how hard it is, what it is about.

use crate::learning::classify::classify;
use serde::{Deserialize, Serialize};

/// How many figures [`Features`] has.
pub const FEATURES: usize = 32;

/// Marks of a prompt as figures for the ridge, each of about mean 0 and spread 1 over all prompts. Without a meaning
/// of its own outside the learning room; no word of the prompt can be read from it.
pub type Features = [f32; FEATURES];

/// How hard a prompt is, 0 to 100.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complexity {
    pub score: u8,
    /// What it is the sum of: a part's name and its share of the score. Parts of 0 are left out.
    pub parts: Vec<(String, u8)>,
}

/// Everything that is read off a prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// One of [`crate::learning::CATEGORIES`].
    pub category: &'static str,
    /// Where benchmarks tell more apart than our categories do: `agentic`, `algebra`, …
    pub sub: Option<&'static str>,
    pub complexity: Complexity,
    /// What it is about and which technology it is of: `security`, `law`, `rust`, …; sorted, each once.
    pub tags: Vec<&'static str>,
    pub features: Features,
}

/// Reads a prompt. `project` are the tags of the project it is asked in.
pub fn read(prompt: &str, project: &[&'static str]) -> Reading {
    Reading {
        category: classify(prompt),
        sub: None,
        complexity: Complexity::default(),
        tags: project.to_vec(),
        features: [0.0; FEATURES],
    }
}
