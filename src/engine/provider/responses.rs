//! The OpenAI Responses API and servers compatible with it: `POST /responses`, server-sent events.
//! <https://platform.openai.com/docs/api-reference/responses-streaming>

use super::failure::Asked;
use super::json::Json;
use super::openai::inclusive;
use super::options::{decimal, put};
use super::reading::{End, Out, count};
use super::{ChatRequest, conversation, options};
use crate::protocol::{Delta, Failure, Usage};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The body of a request. The whole conversation goes with every one and nothing is stored at the provider's. What a
/// model thought is summarised only where an effort is set: models that do not reason refuse to be asked, and OpenAI
/// gives summaries to verified organisations only.
pub(super) fn body(request: &ChatRequest) -> Value {
    let (options, _) = options::sent(request);
    let mut body = json!({
        "model": request.model,
        "max_output_tokens": request.max_output_tokens,
        "stream": true,
        "store": false,
        "input": input(request),
    });
    put(&mut body, "instructions", conversation::system(request));
    put(&mut body, "temperature", decimal(options.temperature));
    put(&mut body, "top_p", decimal(options.top_p));
    let reasoning = |effort| json!({"effort": effort, "summary": "auto"});
    put(&mut body, "reasoning", options.effort.map(reasoning));
    body
}

fn input(request: &ChatRequest) -> Vec<Value> {
    let turns = conversation::turns(request).into_iter();
    turns
        .map(|message| {
            let role = message.role.as_str();
            if message.images.is_empty() {
                return json!({"type": "message", "role": role, "content": message.text});
            }
            let images = message
                .images
                .iter()
                .map(|image| json!({"type": "input_image", "image_url": image.data_uri()}));
            let text = conversation::text(&message)
                .map(|text| json!({"type": "input_text", "text": text}));
            let content: Vec<Value> = images.chain(text).collect();
            json!({"type": "message", "role": role, "content": content})
        })
        .collect()
}

/// What has to be remembered between the events of one answer.
#[derive(Default)]
pub(super) struct Decoder {
    refused: bool,
    /// The calls of tools by the name of their item.
    tools: HashMap<String, Call>,
}

struct Call {
    id: String,
    /// Whether some of its arguments were told.
    begun: bool,
}

impl Decoder {
    pub(super) fn take(
        &mut self,
        asked: &Asked,
        data: &[u8],
        out: &mut Out,
    ) -> Result<(), Failure> {
        // Some compatible servers end with it.
        if data.trim_ascii() == b"[DONE]" {
            return Ok(());
        }
        let data = String::from_utf8_lossy(data);
        let event = asked.message(&data)?;
        let text = |path: &str| event.pointer(path).and_then(Json::as_str);
        let item = item(&event);
        out.model(text("/response/model"));
        match text("/type").unwrap_or_default() {
            "response.output_item.added" => self.begin(item, &event["item"], out),
            "response.output_text.delta" => out.text(text("/delta")),
            "response.refusal.delta" => {
                self.refused = true;
                out.text(text("/delta"));
            }
            // A summary; and the thoughts themselves, from open models.
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                out.thinking(text("/delta"));
            }
            "response.reasoning_summary_part.added" if count(&event, "/summary_index") > 0 => {
                out.thinking(Some("\n\n"));
            }
            "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta" => {
                self.input(&item, text("/delta"), false, out);
            }
            "response.output_item.done" if !self.tools.contains_key(&item) => {
                self.begin(item, &event["item"], out);
            }
            "response.output_item.done" => {
                let json = text("/item/arguments").or(text("/item/input"));
                self.input(&item, json, true, out);
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                return self.end(asked, &event, out);
            }
            "error" => return Err(asked.error_in_stream(&event.to_value())),
            // The same again as a whole (`….done`), progress, and what may come to be.
            _ => {}
        }
        Ok(())
    }

    /// A new item of the answer: told if it is a call of a tool.
    fn begin(&mut self, name: String, item: &Json<'_>, out: &mut Out) {
        let text = |name: &str| item[name].as_str().filter(|text| !text.is_empty());
        let kind = text("type").unwrap_or_default();
        if !kind.ends_with("_call") {
            return;
        }
        let id = text("call_id").or(text("id"));
        let id = id.map_or_else(|| format!("call {name}"), str::to_owned);
        let call = Call {
            id: id.clone(),
            begun: false,
        };
        self.tools.insert(name.clone(), call);
        out.delta(Delta::ToolStarted {
            id,
            // The provider's own tools have no name but their kind.
            name: text("name").unwrap_or(kind).into(),
        });
        self.input(&name, text("arguments").or(text("input")), true, out);
    }

    /// More of a call's arguments, or all of them as a whole: for servers that did not send them in pieces.
    fn input(&mut self, item: &str, json: Option<&str>, whole: bool, out: &mut Out) {
        let (Some(call), Some(json)) = (self.tools.get_mut(item), json) else {
            return;
        };
        if json.is_empty() || (whole && call.begun) {
            return;
        }
        call.begun = true;
        out.delta(Delta::ToolInput {
            id: call.id.clone(),
            json: json.into(),
        });
    }

    fn end(&self, asked: &Asked, event: &Json<'_>, out: &mut Out) -> Result<(), Failure> {
        let response = &event["response"];
        if let Some(usage) = usage(&response["usage"]) {
            out.usage(usage);
        }
        out.pace_in(event);
        out.pace_in(response);
        if event["type"].as_str() == Some("response.failed") {
            let error = match &response["error"] {
                Json::Null => json!("no reason given"),
                error => error.to_value(),
            };
            return Err(asked.error_in_stream(&json!({"error": error})));
        }
        let why = response["incomplete_details"]["reason"].as_str();
        match why {
            Some("content_filter") => return Err(asked.said_no(why)),
            _ if self.refused => return Err(asked.said_no(None)),
            Some("max_output_tokens") => {
                out.notice("The answer ends here: the limit of output tokens is reached.");
            }
            Some(other) => out.notice(&format!("The answer ends here: {other}.")),
            None => {}
        }
        out.end = Some(Ok(End {
            stop_reason: why.or(response["status"].as_str()).map(str::to_owned),
        }));
        Ok(())
    }
}

/// By what an event names the item that it is about: its id (llama-server knows no other way), else its place.
fn item(event: &Json<'_>) -> String {
    let id = event["item_id"].as_str().or(event["item"]["id"].as_str());
    id.map_or_else(|| event["output_index"].to_string(), str::to_owned)
}

/// `input_tokens` includes what came from the cache and what was written into it, `output_tokens` the reasoning.
fn usage(reported: &Json<'_>) -> Option<Usage> {
    reported["input_tokens"].as_u64()?;
    let [input, cached, written, output, reasoning] = [
        "/input_tokens",
        "/input_tokens_details/cached_tokens",
        "/input_tokens_details/cache_write_tokens",
        "/output_tokens",
        "/output_tokens_details/reasoning_tokens",
    ]
    .map(|path| count(reported, path));
    Some(inclusive([input, cached, written], [output, reasoning]))
}

#[cfg(test)]
mod tests {
    use super::super::Wire;
    use super::super::stand_in::{read, read_cut_everywhere};
    use super::*;
    use crate::protocol::{Block, Category, response_text};

    const ANSWER: &str = r#"event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","error":null,"model":"gpt-x-2026","usage":null}}

data: {"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}

data: {"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}

data: {"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"hm"}

data: {"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":1,"part":{"type":"summary_text","text":""}}

data: {"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":1,"delta":"so"}

data: {"type":"response.output_item.added","output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"Grüße "}

data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"🎼"}

data: {"type":"response.output_text.done","item_id":"msg_1","output_index":1,"content_index":0,"text":"Grüße 🎼"}

data: {"type":"response.output_item.added","output_index":2,"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"look","arguments":""}}

data: {"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":2,"delta":"{\"a\""}

data: {"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":2,"delta":":1}"}

data: {"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":2,"arguments":"{\"a\":1}"}

data: {"type":"response.output_item.done","output_index":2,"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"look","arguments":"{\"a\":1}","status":"completed"}}

"#;
    const USAGE: &str = r#""usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":64},"output_tokens":40,"output_tokens_details":{"reasoning_tokens":30},"total_tokens":140}"#;

    fn ended(kind: &str, more: &str) -> String {
        format!(
            "event: response.{kind}\ndata: {{\"type\":\"response.{kind}\",\"response\":{{\"status\":\"{kind}\",{more}{USAGE}}}}}\n\n"
        )
    }

    #[test]
    fn an_answer_reads_the_same_wherever_it_is_cut() {
        let text = format!("{ANSWER}{}", ended("completed", "\"error\":null,"));
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let seen = read_cut_everywhere(Wire::OpenAiResponses, text.as_bytes());
            assert_eq!(seen.end, Some(Ok(Some("completed".into()))));
            assert_eq!(seen.model.as_deref(), Some("gpt-x-2026"));
            let usage = Usage {
                input: 36,
                cache_read: 64,
                output: 10,
                reasoning: 30,
                ..Usage::default()
            };
            assert_eq!(seen.usage, Some(usage));
            assert_eq!(seen.blocks.len(), 3);
            assert_eq!(
                seen.blocks[0],
                Block::Thinking {
                    text: "hm\n\nso".into()
                }
            );
            assert_eq!(response_text(&seen.blocks), "Grüße 🎼");
            assert!(
                matches!(&seen.blocks[2], Block::Tool { id, name, input, .. }
                if (id.as_str(), name.as_str(), input.as_str()) == ("call_1", "look", "{\"a\":1}"))
            );
        }
    }

    #[test]
    fn endings_of_all_kinds_are_told_apart() {
        for (rest, expected) in [
            (
                ended("incomplete", r#""incomplete_details":{"reason":"max_output_tokens"},"#),
                Ok("max_output_tokens"),
            ),
            (
                ended("incomplete", r#""incomplete_details":{"reason":"content_filter"},"#),
                Err(Category::Refused),
            ),
            (
                ended("failed", r#""error":{"code":"server_error","message":"boom"},"#),
                Err(Category::Overloaded),
            ),
            (
                ended("failed", r#""error":{"code":"rate_limit_exceeded","message":"slow"},"#),
                Err(Category::RateLimit),
            ),
            (
                ended("failed", r#""error":{"code":"context_length_exceeded","message":"long"},"#),
                Err(Category::ContextOverflow),
            ),
            (
                "event: error\ndata: {\"type\":\"error\",\"code\":\"insufficient_quota\",\"message\":\"You exceeded\",\"param\":null}\n\n".into(),
                Err(Category::Quota),
            ),
            (
                format!(
                    "data: {{\"type\":\"response.refusal.delta\",\"delta\":\"I cannot\"}}\n\n{}",
                    ended("completed", "")
                ),
                Err(Category::Refused),
            ),
            (String::new(), Err(Category::CutOff)),
            ("data: [DONE]\n\n".into(), Err(Category::CutOff)),
            ("data: {\"type\":\"response.comp".into(), Err(Category::CutOff)),
            ("data: {oops\n\n".into(), Err(Category::Parse)),
        ] {
            let text = format!("{ANSWER}{rest}");
            let seen = read(Wire::OpenAiResponses, &[text.as_bytes()]);
            assert!(response_text(&seen.blocks).starts_with("Grüße 🎼"), "{rest}");
            assert_eq!(seen.usage.is_some(), rest.contains("usage"), "{rest}");
            let end = seen.end.unwrap().map(Option::unwrap_or_default);
            let end = end.as_deref().map_err(|failure| failure.category);
            assert_eq!(end, expected, "{rest}");
        }
    }

    #[test]
    fn open_models_show_their_thoughts_and_calls_come_whole() {
        let text = r#"data: {"type":"response.reasoning_text.delta","delta":"raw"}

data: {"type":"response.output_item.added","output_index":4,"item":{"type":"web_search_call","id":"ws_1"}}

data: {"type":"response.output_item.added","output_index":5,"item":{"type":"function_call","name":"f","arguments":"{}"}}

data: {"type":"response.output_item.added","item":{"type":"function_call","id":"fc_2","call_id":"c2","name":"g","arguments":""}}

data: {"type":"response.output_item.added","item":{"type":"function_call","id":"fc_3","call_id":"c3","name":"h","arguments":""}}

data: {"type":"response.function_call_arguments.delta","item_id":"fc_2","delta":"[2]"}

data: {"type":"response.output_item.done","item":{"type":"function_call","id":"fc_3","call_id":"c3","name":"h","arguments":"[3]"}}

data: {"type":"response.output_item.done","item":{"type":"function_call","id":"fc_4","call_id":"c4","name":"i","arguments":"[4]"}}

"#;
        let seen = read(Wire::OpenAiResponses, &[text.as_bytes()]);
        assert_eq!(seen.blocks[0], Block::Thinking { text: "raw".into() });
        let calls: Vec<_> = seen.blocks[1..]
            .iter()
            .map(|block| match block {
                Block::Tool {
                    id, name, input, ..
                } => (id.as_str(), name.as_str(), input.as_str()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            calls,
            [
                ("ws_1", "web_search_call", ""),
                ("call 5", "f", "{}"),
                ("c2", "g", "[2]"),
                ("c3", "h", "[3]"),
                ("c4", "i", "[4]")
            ]
        );
        let without = serde_json::from_str("{\"output_tokens\":3}").unwrap();
        assert_eq!(usage(&without), None);
    }
}
