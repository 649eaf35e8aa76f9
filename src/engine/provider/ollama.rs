//! Ollama's own chat API: `POST /api/chat`, newline-delimited JSON.
//! <https://github.com/ollama/ollama/blob/main/docs/api.md>

use super::failure::Asked;
use super::json::Json;
use super::options::{decimal, put};
use super::reading::{End, Out, count};
use super::{ChatRequest, conversation, options};
use crate::protocol::{Delta, Failure, Usage};
use serde_json::{Value, json};

/// The body of a request. The context size (`num_ctx`) is left to the server, which knows its memory.
pub(super) fn body(request: &ChatRequest) -> Value {
    let (sent, _) = options::sent(request);
    let mut options = json!({"num_predict": request.max_output_tokens});
    put(&mut options, "temperature", decimal(sent.temperature));
    put(&mut options, "top_p", decimal(sent.top_p));
    put(&mut options, "top_k", sent.top_k);
    put(&mut options, "seed", sent.seed);
    if !sent.stop.is_empty() {
        options["stop"] = sent.stop.into();
    }
    let mut body = json!({
        "model": request.model,
        "messages": messages(request),
        "stream": true,
        "options": options,
    });
    // Only gpt-oss knows how hard to think; the others think or do not.
    let levels = request.model.contains("gpt-oss");
    let think = sent.effort.map(|effort| match levels {
        true => Value::from(effort),
        false => Value::from(true),
    });
    put(&mut body, "think", think);
    body
}

/// The system prompt, then the messages; images stand beside the text.
fn messages(request: &ChatRequest) -> Vec<Value> {
    let system = conversation::system(request);
    let system = system.map(|text| json!({"role": "system", "content": text}));
    let turns = conversation::turns(request).into_iter().map(|message| {
        let text = conversation::text(&message).unwrap_or_default();
        let mut sent = json!({"role": message.role.as_str(), "content": text});
        if !message.images.is_empty() {
            let images = message.images.iter().map(|image| image.base64.as_str());
            sent["images"] = images.collect();
        }
        sent
    });
    system.into_iter().chain(turns).collect()
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
        let line = String::from_utf8_lossy(line);
        let line = asked.message(&line)?;
        out.model(line["model"].as_str());
        let message = &line["message"];
        out.thinking(message["thinking"].as_str());
        out.text(message["content"].as_str());
        for (at, call) in message["tool_calls"].items().iter().enumerate() {
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
        if line["done"].is_true() {
            let reason = line["done_reason"].as_str();
            if reason == Some("length") {
                out.notice("The answer ends here: the limit of output tokens is reached.");
            }
            if let Some(usage) = usage(&line) {
                out.usage(usage);
            }
            timings(&line, out);
            out.end = Some(Ok(End {
                stop_reason: reason.map(str::to_owned),
            }));
        }
        Ok(())
    }
}

/// Ollama's own clock, in nanoseconds: how long it took to make the tokens, and to load the model before that.
fn timings(line: &Json<'_>, out: &mut Out) {
    let seconds = |path: &str| count(line, path) as f64 / 1e9;
    out.pace(count(line, "/eval_count") as f64, seconds("/eval_duration"));
    let load = seconds("/load_duration");
    if load > 1.0 {
        out.notice(&format!("The model was loaded first, {load:.1} s."));
    }
}

/// Older servers leave `prompt_eval_count` out when the whole prompt was still in memory; the usage is then marked as
/// estimated, its input unknown and 0.
fn usage(line: &Json<'_>) -> Option<Usage> {
    let known = |name: &str| line[name].as_u64().is_some();
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
    const DONE: &str = r#"{"model":"qwen3","message":{"content":""},"done":true,"done_reason":"length","load_duration":3200000000,"prompt_eval_count":26,"eval_count":298,"eval_duration":4000000000}"#;

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
            assert!(
                matches!(&seen.blocks[4], Block::Notice { text } if text.ends_with("first, 3.2 s."))
            );
            assert_eq!(seen.pace, Some(74.5));
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
