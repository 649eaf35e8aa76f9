//! Whether there is an answer, and whether it is whole.

use crate::learning::estimate::expected_output_tokens;
use crate::protocol::{Block, Category, Turn, TurnState, response_text};

/// An answer with less than this share of the tokens that its kind has is far too short.
const FAR_TOO_SHORT: f64 = 0.01;

/// Bytes a token has, roughly.
const TOKEN: f64 = 4.0;

/// Words of a prompt that wants a short answer.
const SHORT: [&str; 12] = [
    "short",
    "brief",
    "briefly",
    "one word",
    "one line",
    "one sentence",
    "yes or no",
    "only",
    "just",
    "tldr",
    "quick",
    "ok?",
];

/// Whether a failure tells of keys, limits, machines, networks and what was sent, and so nothing of how good a model is.
pub fn is_infrastructure(category: Category) -> bool {
    !matches!(
        category,
        Category::Refused | Category::CutOff | Category::Parse | Category::ToolError
    )
}

/// The names of what is seen.
pub(super) fn seen(turn: &Turn) -> Vec<&'static str> {
    match &turn.state {
        TurnState::Failed(failure) => vec![of_failure(failure.category)],
        TurnState::Interrupted if turn.timings.first_token_at.is_some() => {
            vec!["stopped by the user"]
        }
        TurnState::Done => of_answer(turn).into_iter().collect(),
        TurnState::Interrupted | TurnState::Waiting | TurnState::Streaming => Vec::new(),
    }
}

fn of_failure(category: Category) -> &'static str {
    match category {
        Category::Refused => "refused",
        Category::CutOff => "cut off",
        Category::Parse | Category::ToolError => "failed",
        Category::ContextOverflow | Category::BadRequest | Category::CapabilityMismatch => {
            "not taken"
        }
        Category::RateLimit
        | Category::Overloaded
        | Category::Auth
        | Category::Quota
        | Category::Network
        | Category::Timeout
        | Category::Missing
        | Category::Exited => "unavailable",
    }
}

fn of_answer(turn: &Turn) -> Option<&'static str> {
    let worked = turn
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Tool { .. }));
    let text = response_text(&turn.blocks);
    let text = text.trim();
    // An agent may answer by what it does.
    if worked {
        return None;
    }
    if text.is_empty() {
        return Some("empty");
    }
    let least = expected_output_tokens(&turn.category) as f64 * TOKEN * FAR_TOO_SHORT;
    let prompt = turn.prompt.to_lowercase();
    let wants_more = matches!(
        turn.category.as_str(),
        "code_gen" | "refactor" | "code_review" | "explain" | "creative" | "research"
    ) && !SHORT.iter().any(|word| prompt.contains(word));
    ((text.len() as f64) < least && wants_more).then_some("far too short")
}
