//! What is kept of a turn besides what was said in it: how its prompt was read, what was expected, how good its answer
//! seems.

use super::{
    ids::{Millis, TurnId},
    money::{Cost, Nano},
    session::Backend,
};
use serde::{Deserialize, Serialize};

/// The kinds of prompts that are told apart.
pub const CATEGORIES: [&str; 12] = [
    "code_gen",
    "debug",
    "refactor",
    "code_review",
    "explain",
    "simple_qa",
    "reasoning",
    "math",
    "creative",
    "research",
    "data",
    "other",
];

/// A turn as the learning store sees it. Holds nothing of the prompt's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub turn: TurnId,
    /// As the user corrected it; else as it was read.
    pub category: String,
    /// As the classifier read it.
    pub read_as: String,
    /// Finer than the category, where benchmarks are: `agentic`.
    pub sub: Option<String>,
    /// 0 to 100.
    pub complexity: u8,
    /// What the complexity is the sum of.
    pub parts: Vec<(String, u8)>,
    /// What it is about: `rust`, `security`. Of the prompt and of the project.
    pub tags: Vec<String>,
    /// The prompt's natural language, where it could be told: `en`.
    pub language: Option<String>,
    /// What the prompt holds: `code`, `numbers`.
    pub marks: Vec<String>,
    pub words: u32,
    /// The prompt as figures, for arithmetic; empty for a turn from before there were records.
    pub features: Vec<f32>,
    /// The working directory it was asked in.
    pub project: String,
    pub group: Option<String>,
    pub chosen: Chosen,
    /// Whether its model was the first of what was suggested; `None`: nothing was.
    pub followed: Option<bool>,
    /// Where the suggestion named a model so as to learn of it: how likely that was, 0 to 1.
    pub propensity: Option<f64>,
    /// What was expected before it was sent; what came stands in the turn.
    pub predicted: Option<Predicted>,
    /// How good the answer seems, 0 to 10; `None` while it is not over.
    pub quality: Option<f64>,
    /// The quality explained in one line.
    pub why: String,
}

/// What a turn was expected to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicted {
    /// Tokens: the prompt and the conversation before it.
    pub input: u64,
    pub output: u64,
    /// At list price, whoever pays; an unknown price at its conservative estimate.
    pub cost: Nano,
}

/// Why a turn went to its model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// The session was given it by name.
    User,
    /// It was suggested for this prompt, and taken.
    Suggestion,
    /// The same, and it was suggested to learn more of it.
    Explored,
    /// The model that was asked failed.
    Fallback,
    /// Nobody named one: the configuration's, or the agent's own.
    #[default]
    Default,
}

impl Chosen {
    pub const ALL: [Chosen; 5] = [
        Chosen::User,
        Chosen::Suggestion,
        Chosen::Explored,
        Chosen::Fallback,
        Chosen::Default,
    ];

    /// The word it is stored and shown as.
    pub fn as_str(self) -> &'static str {
        match self {
            Chosen::User => "user",
            Chosen::Suggestion => "suggestion",
            Chosen::Explored => "explored",
            Chosen::Fallback => "fallback",
            Chosen::Default => "default",
        }
    }
}

/// Something seen of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Such as `tests passed`.
    pub name: String,
    /// `transport`, `content`, `behaviour`, `tools` or `availability`.
    pub layer: String,
    /// What it changes at a score of 0 to 10.
    pub weight: f64,
}

/// A record with what was seen of its turn, as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    pub record: Record,
    pub seen: Vec<Seen>,
}

/// How often a model could be had through a backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Availability {
    /// Its key in the catalogue.
    pub model: String,
    pub backend: Backend,
    pub answered: u64,
    pub failed: u64,
    /// Failures since it last answered.
    pub in_a_row: u32,
    /// The kind of the newest failure.
    pub category: Option<super::Category>,
    /// Of the newest change.
    pub at: Millis,
}

/// A turn of this user's that told something of a model, for a replay. Holds no text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    pub turn: TurnId,
    pub at: Millis,
    /// Shared by the turns that were asked the same prompt at once.
    pub broadcast: Option<u64>,
    pub category: String,
    pub tags: Vec<String>,
    pub complexity: u8,
    pub features: Vec<f32>,
    pub model: String,
    pub backend: Backend,
    /// 0 to 1, and how sure that is.
    pub success: f64,
    pub weight: f64,
    pub cost: Cost,
    pub propensity: Option<f64>,
}
