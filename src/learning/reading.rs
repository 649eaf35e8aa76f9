//! What is read off a prompt before it is sent: its category, how hard it is, what it is about.

use crate::learning::complexity::{Complexity, complexity};
use crate::learning::corrections::Corrections;
use crate::learning::features::{Features, features};
use crate::learning::languages::language;
use crate::learning::marks::Marks;
use crate::learning::scan::hear;
use crate::learning::subs::sub;
use crate::learning::topics::{is_form, tags};
use serde::Serialize;

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
    let marks = Marks::of(prompt);
    let category = corrections.read(prompt, &heard);
    let tags = tags(&heard, project);
    let topics = tags.iter().filter(|tag| !is_form(tag)).count();
    Reading {
        category,
        sub: sub(category, &heard.subs),
        complexity: complexity(category, &heard, marks, topics),
        tags,
        features: features(prompt, &heard, marks),
        language: language(&heard.text, &heard.languages),
        marks: marks.names(),
        words: heard.words,
    }
}
