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
    if let Some(temperature) = request.temperature() {
        options["temperature"] = temperature;
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

#[cfg(test)]
mod tests {
    use super::super::Wire;
    use super::super::stand_in::{read_cut_everywhere, request};
    use super::*;
    use crate::protocol::{Block, Category, response_text};

    const ANSWER: &str = r#"{"model":"qwen3","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}
{"model":"qwen3","message":{"role":"assistant","content":"Grüße "},"done":false}
{"model":"qwen3","message":{"role":"assistant","content":"🎼"},"done":false}
{"model":"qwen3","message":{"content":"","tool_calls":[{"function":{"name":"look","arguments":{"at":1}}}]},"done":false}
"#;
    const DONE: &str = r#"{"model":"qwen3","message":{"content":""},"done":true,"done_reason":"length","prompt_eval_count":26,"eval_count":298}"#;

    #[test]
    fn an_answer_reads_the_same_wherever_it_is_cut() {
        for end in ["\n", "\r\n", ""] {
            let text = format!("{ANSWER}{DONE}{end}");
            let seen = read_cut_everywhere(Wire::Ollama, text.as_bytes());
            assert_eq!(seen.end, Some(Ok(Some("length".into()))));
            assert_eq!(response_text(&seen.blocks), "Grüße 🎼");
            assert_eq!(seen.blocks[0], Block::Thinking { text: "hm".into() });
            assert!(matches!(&seen.blocks[2], Block::Tool { name, input, .. }
                if name == "look" && input == "{\"at\":1}"));
            assert!(matches!(&seen.blocks[3], Block::Notice { .. }));
            let usage = seen.usage.unwrap();
            assert_eq!(
                (usage.input, usage.output, usage.estimated),
                (26, 298, false)
            );
        }
        let text = format!("{ANSWER}{}", DONE.replace("\"prompt_eval_count\":26,", ""));
        let seen = read_cut_everywhere(Wire::Ollama, text.as_bytes());
        assert!(seen.usage.unwrap().estimated);
    }

    #[test]
    fn streams_that_do_not_end_well_fail_and_keep_what_came() {
        for (rest, category) in [
            ("", Category::CutOff),
            (&DONE[..30], Category::CutOff),
            ("{oops\n", Category::Parse),
            (
                "{\"error\":\"an error was encountered while running the model\"}\n",
                Category::BadRequest,
            ),
            (
                "{\"error\":\"model 'm1' not found, try pulling it first\"}",
                Category::Missing,
            ),
        ] {
            let seen = read_cut_everywhere(Wire::Ollama, format!("{ANSWER}{rest}").as_bytes());
            assert_eq!(response_text(&seen.blocks), "Grüße 🎼");
            assert_eq!(seen.failure().category, category, "{rest}");
        }
    }

    #[test]
    fn the_request_has_its_options_apart() {
        let body = body(&request(Wire::Ollama, ""));
        assert_eq!(body["options"], json!({"num_predict": 64}));
        assert_eq!(
            body["messages"][1],
            json!({"role": "user", "content": "hello"})
        );
    }
}
