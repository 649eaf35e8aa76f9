//! What a statusline of Claude Code is told, read.

use super::super::transcript::claude::quotas;
use crate::protocol::Quota;
use serde_json::Value;
use std::path::PathBuf;

/// The figures of a conversation as the CLI has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Statusline {
    pub conversation: Option<String>,
    pub transcript: Option<PathBuf>,
    pub model: Option<String>,
    /// Dollars of the conversation so far, what it inherited or was resumed with included.
    pub dollars: Option<f64>,
    /// Tokens of the conversation as the model last saw it.
    pub context: Option<u64>,
    pub window: Option<u64>,
    /// Windows of a subscription; without one there are none.
    pub quotas: Vec<Quota>,
}

/// Reads the JSON that a statusline is given. `None`: it is none.
pub fn read(body: &Value) -> Option<Statusline> {
    body.as_object()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let context = &body["context_window"];
    let current = &context["current_usage"];
    let parts = [
        "input_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "output_tokens",
    ];
    let used: u64 = parts
        .iter()
        .filter_map(|part| current[*part].as_u64())
        .sum();
    Some(Statusline {
        conversation: text(&body["session_id"]),
        transcript: text(&body["transcript_path"]).map(PathBuf::from),
        model: text(&body["model"]["id"]),
        dollars: body["cost"]["total_cost_usd"]
            .as_f64()
            .filter(|d| *d >= 0.0),
        context: current.is_object().then_some(used),
        window: context["context_window_size"].as_u64(),
        quotas: quotas(&body["rate_limits"]),
    })
}
