//! The OpenAI Chat Completions API and the many servers that are compatible with it: `POST /chat/completions`,
//! server-sent events. <https://platform.openai.com/docs/api-reference/chat-streaming>

use super::failure::Asked;
use super::json::Json;
use super::options::{decimal, put};
use super::reading::{End, Out, count};
use super::{ChatRequest, conversation, options};
use crate::protocol::{Delta, Failure, Usage};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The body of a request. OpenAI itself wants `max_completion_tokens`, compatible servers know only `max_tokens`.
pub(super) fn body(request: &ChatRequest) -> Value {
    let limit = if options::is_openai(request) {
        "max_completion_tokens"
    } else {
        "max_tokens"
    };
    let mut body = json!({
        "model": request.model,
        limit: request.max_output_tokens,
        "stream": true,
        "stream_options": {"include_usage": true},
        "messages": messages(request),
    });
    let (options, _) = options::sent(request);
    put(&mut body, "temperature", decimal(options.temperature));
    put(&mut body, "top_p", decimal(options.top_p));
    put(&mut body, "top_k", options.top_k);
    put(&mut body, "seed", options.seed);
    put(&mut body, "reasoning_effort", options.effort);
    if !options.stop.is_empty() {
        body["stop"] = options.stop.into();
    }
    body
}

/// The system prompt, then the messages; a message without images is plain text, which every server understands.
fn messages(request: &ChatRequest) -> Vec<Value> {
    let system = conversation::system(request);
    let system = system.map(|text| json!({"role": "system", "content": text}));
    let turns = conversation::turns(request).into_iter().map(|message| {
        let role = message.role.as_str();
        if message.images.is_empty() {
            return json!({"role": role, "content": message.text});
        }
        let images = message
            .images
            .iter()
            .map(|image| json!({"type": "image_url", "image_url": {"url": image.data_uri()}}));
        let text = conversation::text(&message).map(|text| json!({"type": "text", "text": text}));
        json!({"role": role, "content": images.chain(text).collect::<Vec<_>>()})
    });
    system.into_iter().chain(turns).collect()
}

/// What has to be remembered between the chunks of one answer.
#[derive(Default)]
pub(super) struct Decoder {
    finish_reason: Option<String>,
    refused: bool,
    /// The ids of tool calls by their index.
    tools: HashMap<u64, String>,
}

impl Decoder {
    /// The end, if the model has named its reason to stop and only usage or `[DONE]` is missing.
    pub(super) fn finished(&self, asked: &Asked) -> Option<Result<End, Failure>> {
        self.finish_reason.as_ref().map(|_| self.verdict(asked))
    }

    fn verdict(&self, asked: &Asked) -> Result<End, Failure> {
        if self.refused {
            return Err(asked.said_no(None));
        }
        Ok(End {
            stop_reason: self.finish_reason.clone(),
        })
    }

    pub(super) fn take(
        &mut self,
        asked: &Asked,
        data: &[u8],
        out: &mut Out,
    ) -> Result<(), Failure> {
        if data.trim_ascii() == b"[DONE]" {
            out.end = Some(self.verdict(asked));
            return Ok(());
        }
        let data = String::from_utf8_lossy(data);
        let chunk = asked.message(&data)?;
        out.model(chunk["model"].as_str());
        if let Some(usage) = usage(&chunk["usage"]) {
            out.usage(usage);
        }
        let choice = &chunk["choices"][0];
        let delta = &choice["delta"];
        // `reasoning_content`: DeepSeek, llama-server, vLLM; `reasoning`: OpenRouter, Groq. Never both in earnest.
        out.thinking(
            delta["reasoning_content"]
                .as_str()
                .or_else(|| delta["reasoning"].as_str()),
        );
        match &delta["content"] {
            // Mistral's reasoning models send a list of parts.
            Json::List(parts) => {
                for part in parts {
                    out.text(part["text"].as_str());
                    for thought in part["thinking"].items() {
                        out.thinking(thought["text"].as_str());
                    }
                }
            }
            content => out.text(content.as_str()),
        }
        if let Some(words) = delta["refusal"].as_str().filter(|words| !words.is_empty()) {
            self.refused = true;
            out.text(Some(words));
        }
        for call in delta["tool_calls"].items() {
            self.tool(call, out);
        }
        if let Some(reason) = choice["finish_reason"].as_str().filter(|r| !r.is_empty()) {
            match reason {
                "length" => {
                    out.notice("The answer ends here: the limit of output tokens is reached.")
                }
                // Usage is still to come.
                "content_filter" => self.refused = true,
                _ => {}
            }
            self.finish_reason = Some(reason.to_owned());
        }
        // Told with every token if the server is set up so: only the last one counts.
        if self.finish_reason.is_some() {
            out.pace_in(&chunk);
        }
        Ok(())
    }

    /// The first piece of a call has its id and name, all have an index, later ones more of the arguments.
    fn tool(&mut self, call: &Json<'_>, out: &mut Out) {
        let index = count(call, "/index");
        if let Some(name) = call["function"]["name"].as_str().filter(|n| !n.is_empty())
            && !self.tools.contains_key(&index)
        {
            let id = call["id"]
                .as_str()
                .map_or_else(|| format!("call {index}"), str::to_owned);
            self.tools.insert(index, id.clone());
            out.delta(Delta::ToolStarted {
                id,
                name: name.into(),
            });
        }
        if let (Some(json), Some(id)) = (
            call["function"]["arguments"].as_str(),
            self.tools.get(&index),
        ) && !json.is_empty()
        {
            out.delta(Delta::ToolInput {
                id: id.clone(),
                json: json.into(),
            });
        }
    }
}

/// `prompt_tokens` includes what came from the cache and what was written into it (OpenRouter tells it), and
/// `completion_tokens` the reasoning, except where the total shows that it does not (xAI).
fn usage(reported: &Json<'_>) -> Option<Usage> {
    reported["prompt_tokens"].as_u64()?;
    let prompt = count(reported, "/prompt_tokens");
    let completion = count(reported, "/completion_tokens");
    let cached = count(reported, "/prompt_tokens_details/cached_tokens")
        .max(count(reported, "/prompt_cache_hit_tokens")); // DeepSeek
    let written = count(reported, "/prompt_tokens_details/cache_write_tokens");
    let reasoning = count(reported, "/completion_tokens_details/reasoning_tokens");
    let apart =
        reasoning > 0 && count(reported, "/total_tokens") == prompt + completion + reasoning;
    let all = completion + if apart { reasoning } else { 0 };
    Some(inclusive([prompt, cached, written], [all, reasoning]))
}

/// The record of a server whose input includes `[input, cache read, cache write]` what the cache did, and whose
/// `[output, reasoning]` includes the reasoning. A part is never more than its whole.
pub(super) fn inclusive(
    [input, cached, written]: [u64; 3],
    [output, reasoning]: [u64; 2],
) -> Usage {
    let cache_read = cached.min(input);
    let cache_write_5m = written.min(input - cache_read);
    let reasoning = reasoning.min(output);
    Usage {
        input: input - cache_read - cache_write_5m,
        cache_read,
        cache_write_5m,
        output: output - reasoning,
        reasoning,
        ..Usage::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Wire;
    use super::super::stand_in::{read, read_cut_everywhere, request};
    use super::*;
    use crate::protocol::{Block, Category, response_text};

    const ANSWER: &str = r#": OPENROUTER PROCESSING

data: {"model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

data: {"model":"gpt-x","choices":[{"delta":{"reasoning_content":"hm"}}]}

data: {"choices":[{"delta":{"content":"Grüße "}}]}

data: {"choices":[{"delta":{"content":"🎼"}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"look","arguments":""}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]}

data: {"choices":[{"delta":{},"finish_reason":"length"}]}

data: {"choices":[],"timings":{"prompt_n":36,"predicted_n":40,"predicted_per_second":81.5},"usage":{"prompt_tokens":100,"completion_tokens":40,"total_tokens":140,"prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":30}}}

data: [DONE]

"#;

    #[test]
    fn an_answer_reads_the_same_wherever_it_is_cut() {
        let seen = read_cut_everywhere(Wire::OpenAiChat, ANSWER.as_bytes());
        assert_eq!(seen.end, Some(Ok(Some("length".into()))));
        assert_eq!(seen.model.as_deref(), Some("gpt-x"));
        let usage = seen.usage.unwrap();
        let parts = [usage.input, usage.cache_read, usage.output, usage.reasoning];
        assert_eq!(parts, [36, 64, 10, 30]);
        assert_eq!(seen.pace, Some(81.5));
        assert_eq!(response_text(&seen.blocks), "Grüße 🎼");
        assert_eq!(seen.blocks[0], Block::Thinking { text: "hm".into() });
        assert!(
            matches!(&seen.blocks[2], Block::Tool { id, name, input, .. }
            if (id.as_str(), name.as_str(), input.as_str()) == ("c1", "look", "{}"))
        );
        assert!(matches!(&seen.blocks[3], Block::Notice { text } if text.contains("limit")));
    }

    #[test]
    fn endings_of_all_kinds_are_told_apart() {
        let begun = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";
        let stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
        for (rest, expected) in [
            ("data: [DONE]".to_owned(), Ok(None)),
            (stop.to_owned(), Ok(Some("stop".to_owned()))),
            (format!("{stop}data: [DONE]\n\n"), Ok(Some("stop".into()))),
            (String::new(), Err(Category::CutOff)),
            ("data: {\"choices\"".into(), Err(Category::CutOff)),
            ("data: <oops>\n\n".into(), Err(Category::Parse)),
            (
                "data: {\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n".into(),
                Err(Category::RateLimit),
            ),
            (
                stop.replace("stop", "content_filter"),
                Err(Category::Refused),
            ),
            (
                format!("data: {{\"choices\":[{{\"delta\":{{\"refusal\":\"no\"}}}}]}}\n\n{stop}"),
                Err(Category::Refused),
            ),
        ] {
            let text = format!("{begun}{rest}");
            let seen = read_cut_everywhere(Wire::OpenAiChat, text.as_bytes());
            assert!(response_text(&seen.blocks).starts_with("Hi"), "{rest}");
            assert_eq!(
                seen.end.unwrap().map_err(|f| f.category),
                expected,
                "{rest}"
            );
        }
        for (body, category) in [
            (
                "{\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}",
                Category::Overloaded,
            ),
            ("{\"choices\":[{\"message\":{}}]}", Category::Parse),
            ("<!doctype html><p>Sign in", Category::Parse),
            ("", Category::CutOff),
            ("data: caf\u{e9}", Category::CutOff),
        ] {
            let seen = read(Wire::OpenAiChat, &[body.as_bytes()]);
            assert_eq!(seen.failure().category, category, "{body}");
        }
    }

    #[test]
    fn broken_utf8_of_a_model_is_replaced_and_parts_are_joined() {
        let chunk = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xff\xfeb\"}}]}\n\n";
        assert_eq!(
            response_text(&read(Wire::OpenAiChat, &[chunk]).blocks),
            "a\u{fffd}\u{fffd}b"
        );
        let parts = br#"data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"so"}]}}]}

"#;
        let seen = read(Wire::OpenAiChat, &[parts]);
        assert_eq!(seen.blocks[0], Block::Thinking { text: "hm".into() });
        assert_eq!(response_text(&seen.blocks), "so");
    }

    #[test]
    fn usage_is_taken_apart_as_each_provider_means_it() {
        for (reported, expected) in [
            (
                json!({"prompt_tokens": 9, "completion_tokens": 4}),
                Some([9, 0, 4, 0]),
            ),
            (
                json!({"prompt_tokens": 9, "prompt_cache_hit_tokens": 5, "completion_tokens": 4}),
                Some([4, 5, 4, 0]),
            ),
            (
                json!({"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 20, "completion_tokens_details": {"reasoning_tokens": 7}}),
                Some([9, 0, 4, 7]),
            ),
            (
                json!({"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}}),
                Some([0, 3, 0, 0]),
            ),
            (
                json!({"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 6}}),
                Some([1, 2, 0, 0]),
            ),
            (json!(null), None),
            (json!({}), None),
        ] {
            let text = reported.to_string();
            let read = serde_json::from_str(&text).unwrap();
            let parts = usage(&read).map(|u| [u.input, u.cache_read, u.output, u.reasoning]);
            assert_eq!(parts, expected, "{reported}");
        }
    }

    #[test]
    fn the_limit_has_the_name_that_the_server_knows() {
        for (base, known, unknown) in [
            (
                "https://api.openai.com/v1",
                "max_completion_tokens",
                "max_tokens",
            ),
            (
                "http://127.0.0.1:8080/v1",
                "max_tokens",
                "max_completion_tokens",
            ),
        ] {
            let body = body(&request(Wire::OpenAiChat, base));
            assert_eq!(body[known], 64);
            assert!(body[unknown].is_null());
            assert_eq!(body["messages"][0]["role"], "system");
            assert_eq!(body["stream_options"]["include_usage"], true);
        }
    }
}
