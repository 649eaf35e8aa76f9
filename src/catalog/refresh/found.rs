//! What one source says, before it is merged with what others say.

use crate::catalog::model::Ability;
use crate::catalog::rows::{RatesRow, ScoresRow, TierRow};
use serde::{Deserialize, Serialize};

/// All that one source says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The source's name.
    pub source: String,
    /// When it was fetched, or when its table was made if it says so: `YYYY-MM-DD`.
    pub date: String,
    pub found: Vec<Found>,
    /// What was passed over, in one line each.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// What one source says of one model of one seller.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// The name the seller gives it; for a benchmark, the name in its table.
    pub name: String,
    /// Who sells it, by the catalogue's name for a provider; empty in a benchmark.
    pub seller: String,
    pub price: Option<RatesRow>,
    pub tiers: Vec<TierRow>,
    pub batch: Option<RatesRow>,
    pub window: Option<u64>,
    pub max_output: Option<u64>,
    pub can: Vec<Ability>,
    pub scores: Vec<ScoresRow>,
}

impl Part {
    pub(super) fn new(source: &str, date: &str) -> Part {
        Part {
            source: source.to_owned(),
            date: date.to_owned(),
            ..Part::default()
        }
    }

    /// Reads what [`Part::to_text`] wrote.
    pub fn parse(text: &str) -> Result<Part, String> {
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    /// As JSON.
    pub fn to_text(&self) -> String {
        // Cannot fail: all keys are strings.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Providers that sell models of their own.
const MAKERS: &[&str] = &[
    "alibaba",
    "anthropic",
    "deepseek",
    "google",
    "minimax",
    "mistral",
    "moonshotai",
    "openai",
    "xai",
    "zai",
];

/// Providers that sell others' models.
const RESELLERS: &[&str] = &[
    "cerebras",
    "deepinfra",
    "fireworks-ai",
    "groq",
    "openrouter",
    "togetherai",
];

/// Other names of a seller: LiteLLM's, and those people give an endpoint.
const SELLER_NAMES: &[(&str, &str)] = &[
    ("dashscope", "alibaba"),
    ("fireworks", "fireworks-ai"),
    ("fireworks_ai", "fireworks-ai"),
    ("gemini", "google"),
    ("moonshot", "moonshotai"),
    ("together", "togetherai"),
    ("together_ai", "togetherai"),
    ("x-ai", "xai"),
    ("z-ai", "zai"),
];

/// The catalogue's name of a seller whose prices are read; `None` for all others, which are many: regional doubles,
/// clouds that bill by contract, and plans, whose $0 is no price.
pub(super) fn seller(name: &str) -> Option<&'static str> {
    let name = canonical_seller(name);
    MAKERS.iter().chain(RESELLERS).copied().find(|s| *s == name)
}

/// One name for each seller; a name that is not known stays.
pub(in crate::catalog) fn canonical_seller(name: &str) -> &str {
    SELLER_NAMES
        .iter()
        .find(|(other, _)| *other == name)
        .map_or(name, |(_, name)| name)
}

/// Whether a seller bills by the month rather than by the token.
pub(super) fn is_plan(name: &str) -> bool {
    name.contains("plan") || ["github-copilot", "github_copilot", "chatgpt"].contains(&name)
}

/// Whether a model answers text in chat, as far as its name tells.
pub(super) fn is_chat(name: &str) -> bool {
    const OTHERS: &[&str] = &[
        "audio",
        "asr",
        "dall-e",
        "embed",
        "image",
        "livetranslate",
        "moderation",
        "ocr",
        "omni-turbo",
        "realtime",
        "rerank",
        "sora",
        "transcribe",
        "tts",
        "veo",
        "video",
        "whisper",
        "-mt-",
        "character",
    ];
    let name = name.to_lowercase();
    !OTHERS.iter().any(|other| name.contains(other))
}

/// Dollars per million tokens of a price per token, without the dust of floating point.
pub(super) fn per_million(dollars_per_token: f64) -> f64 {
    (dollars_per_token * 1e15).round() / 1e9
}

/// A cache price of 0 says that the source has none, not that it is free: providers that do not bill writes apart do
/// not report any either.
pub(super) fn cache_price(dollars: Option<f64>) -> Option<f64> {
    dollars.filter(|dollars| *dollars > 0.0)
}
