//! Ollama's own chat API: `POST /api/chat`, newline-delimited JSON.
//! <https://github.com/ollama/ollama/blob/main/docs/api.md>

use super::failure::Asked;
use super::reading::{End, Out, count};
use super::{ChatRequest, StreamEvent, openai};
use crate::protocol::{Delta, Failure, Usage};
use serde_json::{Value, json};

/// The body of a request. The context size (`num_ctx`) is left to the server, which knows its memory.
pub(super) fn body(request: &ChatRequest) -> Value {
    let mut options = json!({"num_predict": request.max_output_tokens});
    if let Some(temperature) = request.temperature {
        options["temperature"] = json!(temperature);
    }
    json!({
        "model": request.model,
        "messages": openai::messages(request),
        "stream": true,
        "options": options,
    })
}

/// Every line stands for itself.
pub(super) struct Decoder;

impl Decoder {
    pub(super) fn take(
        &mut self,
        asked: &Asked,
        line: &[u8],
        out: &mut Out,
    ) -> Result<(), Failure> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let line = asked.object(line)?;
        out.model(line["model"].as_str());
        let message = &line["message"];
        out.thinking(message["thinking"].as_str());
        out.text(message["content"].as_str());
        for (at, call) in message["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let function = &call["function"];
            let id = call["id"]
                .as_str()
                .map_or_else(|| format!("call {at}"), str::to_owned);
            out.delta(Delta::ToolStarted {
                id: id.clone(),
                name: function["name"].as_str().unwrap_or("?").into(),
            });
            out.delta(Delta::ToolInput {
                id,
                json: function["arguments"].to_string(),
            });
        }
        if line["done"] == true {
            let reason = line["done_reason"].as_str();
            if reason == Some("length") {
                out.notice("The answer ends here: the limit of output tokens is reached.");
            }
            if let Some(usage) = usage(&line) {
                out.events.push(StreamEvent::Usage(usage));
            }
            out.end = Some(Ok(End {
                stop_reason: reason.map(str::to_owned),
            }));
        }
        Ok(())
    }
}

/// Older servers leave `prompt_eval_count` out when the whole prompt was still in memory; the usage is then marked as
/// estimated, its input unknown and 0.
fn usage(line: &Value) -> Option<Usage> {
    let known = |name: &str| line.get(name).is_some_and(Value::is_u64);
    known("eval_count").then(|| Usage {
        input: count(line, "/prompt_eval_count"),
        output: count(line, "/eval_count"),
        estimated: !known("prompt_eval_count"),
        ..Usage::default()
    })
}
