//! What is read off a prompt before it is sent: its category, how hard it is, what it is about.

use crate::learning::classify::{category, weights};
use crate::learning::corrections::Corrections;
use crate::learning::features::{Features, features};
use crate::learning::scan::hear;
use crate::learning::topics::tags;
use serde::{Deserialize, Serialize};

/// How hard a prompt is, 0 to 100.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complexity {
    pub score: u8,
    /// What it is the sum of: a part's name and its share of the score. Parts of 0 are left out.
    pub parts: Vec<(String, u8)>,
}

/// Everything that is read off a prompt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// One of [`crate::learning::CATEGORIES`].
    pub category: &'static str,
    /// Where benchmarks tell more apart than our categories do: `agentic`, `algebra`, …
    pub sub: Option<&'static str>,
    pub complexity: Complexity,
    /// What it is about, which technology it is of, how it asks: `security`, `law`, `rust`, `asks which`, …; sorted,
    /// each once. [`crate::learning::tag_kind`] tells the kinds apart.
    pub tags: Vec<&'static str>,
    pub features: Features,
    /// The natural language, where it could be told: `en`, `de`, `zh`, …
    pub language: Option<&'static str>,
    /// What it holds: `code`, `error`, `formula`, `numbers`, `link`, …; in no order of weight.
    pub marks: Vec<&'static str>,
    /// How many words it has.
    pub words: u32,
}

/// Reads a prompt. `project` are the tags of the project it is asked in, as
/// [`project_tags`](crate::learning::project_tags) gives them; `corrections` are what the user said of earlier readings.
pub fn read(prompt: &str, project: &[&'static str], corrections: &Corrections) -> Reading {
    let heard = hear(prompt);
    let read = category(&weights(prompt, &heard));
    Reading {
        category: corrections.correct(prompt, read),
        sub: None,
        complexity: Complexity::default(),
        tags: tags(&heard, project),
        features: features(prompt, &heard, prompt.contains("```"), false),
        language: None,
        marks: Vec::new(),
        words: heard.words,
    }
}
