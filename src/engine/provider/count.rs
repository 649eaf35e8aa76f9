//! How many tokens a request has, counted by the provider.

use super::probe::{LIMIT, Question};
use super::{ChatRequest, Wire, anthropic, gemini};
use crate::protocol::{Category, Failure};
use serde_json::{Value, json};

/// The input tokens of `request` as its provider counts them, system prompt and images included. Costs a round trip
/// and no money: for when an estimate is too near to a limit.
///
/// # Errors
/// `BadRequest` for a wire without such an endpoint (only [`Wire::Anthropic`] and [`Wire::Gemini`] have one), `Parse`
/// for an answer without a count, and whatever a request can fail with.
pub async fn count_tokens(request: &ChatRequest) -> Result<u64, Failure> {
    let (tail, body, field) = match request.wire {
        Wire::Anthropic => (
            "messages/count_tokens".to_owned(),
            anthropic::prompt(request),
            "input_tokens",
        ),
        Wire::Gemini => {
            let resource = gemini::resource(&request.model);
            let mut whole = gemini::prompt(request);
            // Only in this form the system prompt is counted too.
            whole["model"] = json!(resource);
            let body = json!({"generateContentRequest": whole});
            (resource + ":countTokens", body, "totalTokens")
        }
        wire => {
            return Err(Failure::new(
                Category::BadRequest,
                format!("{} has no endpoint that counts tokens", wire.as_str()),
                "go by the estimate",
            ));
        }
    };
    let question = Question {
        wire: request.wire,
        base_url: &request.base_url,
        key: request.key.as_ref(),
        headers: &request.headers,
        model: &request.model,
        tail: &tail,
        query: "",
        body: Some(&body),
        limit: LIMIT,
    };
    let answer = question.ask().await?;
    answer[field]
        .as_u64()
        .ok_or_else(|| no_count(request, &answer))
}

fn no_count(request: &ChatRequest, answer: &Value) -> Failure {
    let text = answer.to_string();
    super::failure::Asked::new(request).not_ours("no count of tokens", text.as_bytes())
}
