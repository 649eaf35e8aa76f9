//! The Anthropic Messages API: `POST /v1/messages`, server-sent events.
//! <https://docs.claude.com/en/docs/build-with-claude/streaming>

use super::failure::Asked;
use super::json::Json;
use super::options::{decimal, put};
use super::reading::{End, Out, count};
use super::{ChatRequest, conversation, options};
use crate::protocol::{Delta, Failure, Usage};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The body of a request.
pub(super) fn body(request: &ChatRequest) -> Value {
    let (options, _) = options::sent(request);
    let mut body = prompt(request);
    body["max_tokens"] = request.max_output_tokens.into();
    body["stream"] = true.into();
    put(&mut body, "temperature", decimal(options.temperature));
    put(&mut body, "top_p", decimal(options.top_p));
    put(&mut body, "top_k", options.top_k);
    if !options.stop.is_empty() {
        body["stop_sequences"] = options.stop.into();
    }
    body
}

/// The part of the body that is counted as input: model, system prompt, messages, and whether it shall think.
///
/// The cache is told what to keep, see [`breakpoints`].
pub(super) fn prompt(request: &ChatRequest) -> Value {
    let turns = conversation::turns(request);
    let marked = breakpoints(turns.len());
    let messages: Vec<Value> = turns
        .iter()
        .enumerate()
        .map(|(at, message)| {
            let images = message.images.iter().map(|image| {
                json!({"type": "image", "source": {"type": "base64", "media_type": image.media_type, "data": image.base64}})
            });
            let text = conversation::text(message).map(text_block);
            let mut content: Vec<Value> = images.chain(text).collect();
            if marked.contains(&Some(at)) && let Some(last) = content.last_mut() {
                keep(last);
            }
            json!({"role": message.role.as_str(), "content": content})
        })
        .collect();
    let mut body = json!({"model": request.model, "messages": messages});
    if let Some(system) = conversation::system(request) {
        let mut block = text_block(system);
        keep(&mut block);
        body["system"] = json!([block]);
    }
    let effort = options::sent(request).0.effort;
    if let Some((thinking, output)) = effort.and_then(|effort| thinking(request, &effort)) {
        body["thinking"] = thinking;
        put(&mut body, "output_config", output);
    }
    body
}

/// After which of `count` messages the cache is told to keep everything so far: the new prompt, so that the next turn
/// and the forks of a session that was primed with a single long one read it for a fraction of the price; the last
/// answer before it, where the turn before and the forks of the same answer have put or will put theirs; and in a long
/// conversation one earlier, which stays where it is for eight turns. The server looks only 20 blocks back from a mark
/// for what it has kept; with the earlier one between, forks from some turns ago find their beginning too. With the
/// system prompt's these are the four marks that are allowed.
fn breakpoints(count: usize) -> [Option<usize>; 3] {
    const STEP: usize = 16;
    let answer = count.checked_sub(2);
    let earlier = answer.and_then(|answer| (answer / STEP * STEP).checked_sub(1));
    [count.checked_sub(1), answer, earlier]
}

fn text_block(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn keep(block: &mut Value) {
    block["cache_control"] = json!({"type": "ephemeral"});
}

/// `thinking` and `output_config` for an effort. Claude 4.6 and later decide themselves how long to think and take the
/// effort as a word; earlier ones (and servers with other models) take a number of tokens, at least 1024 and less than
/// the limit of output, here a share of it. `None` where that leaves no room, or the word names no share.
pub(super) fn thinking(request: &ChatRequest, effort: &str) -> Option<(Value, Option<Value>)> {
    const BY_BUDGET: [&str; 9] = [
        "claude-3",
        "claude-opus-4-0",
        "claude-opus-4-1",
        "claude-opus-4-2",
        "claude-opus-4-5",
        "claude-sonnet-4-0",
        "claude-sonnet-4-2",
        "claude-sonnet-4-5",
        "claude-haiku-4-5",
    ];
    let model = request.model.as_str();
    if model.contains("claude") && !BY_BUDGET.iter().any(|old| model.contains(old)) {
        // Unless it is asked for, later ones do not show what they think.
        let adaptive = json!({"type": "adaptive", "display": "summarized"});
        return Some((adaptive, Some(json!({"effort": effort}))));
    }
    let quarters = match effort {
        "low" => 1,
        "medium" => 2,
        "high" => 3,
        _ => return None,
    };
    let budget = (request.max_output_tokens / 4 * quarters).max(1024);
    (budget < request.max_output_tokens)
        .then(|| (json!({"type": "enabled", "budget_tokens": budget}), None))
}

/// What has to be remembered between the events of one answer.
#[derive(Default)]
pub(super) struct Decoder {
    usage: Usage,
    stop_reason: Option<String>,
    /// The ids of tool calls by the index of their block.
    tools: HashMap<u64, String>,
}

impl Decoder {
    /// The end, if the model has named its reason to stop and only `message_stop` is missing.
    pub(super) fn finished(&self) -> Option<Result<End, Failure>> {
        let stop_reason = self.stop_reason.clone();
        stop_reason.is_some().then_some(Ok(End { stop_reason }))
    }

    pub(super) fn take(
        &mut self,
        asked: &Asked,
        data: &[u8],
        out: &mut Out,
    ) -> Result<(), Failure> {
        let data = String::from_utf8_lossy(data);
        let event = asked.message(&data)?;
        let text = |path: &str| event.pointer(path).and_then(Json::as_str);
        let index = count(&event, "/index");
        match text("/type").unwrap_or_default() {
            "message_start" => {
                out.model(text("/message/model"));
                self.count(&event["message"]["usage"], out);
            }
            "content_block_start" => {
                out.text(text("/content_block/text"));
                out.thinking(text("/content_block/thinking"));
                if let (Some(id), Some(name)) =
                    (text("/content_block/id"), text("/content_block/name"))
                {
                    self.tools.insert(index, id.to_owned());
                    out.delta(Delta::ToolStarted {
                        id: id.into(),
                        name: name.into(),
                    });
                }
            }
            "content_block_delta" => {
                out.text(text("/delta/text"));
                out.thinking(text("/delta/thinking"));
                if let (Some(json), Some(id)) =
                    (text("/delta/partial_json"), self.tools.get(&index))
                {
                    out.delta(Delta::ToolInput {
                        id: id.clone(),
                        json: json.into(),
                    });
                }
            }
            "message_delta" => {
                self.count(&event["usage"], out);
                // llama-server.
                out.pace_in(&event);
                if let Some(reason) = text("/delta/stop_reason") {
                    self.stop_reason = Some(reason.to_owned());
                    match reason {
                        "refusal" => {
                            return Err(asked.said_no(text("/delta/stop_details/explanation")));
                        }
                        "max_tokens" => out
                            .notice("The answer ends here: the limit of output tokens is reached."),
                        "model_context_window_exceeded" => {
                            out.notice("The answer ends here: the model's context window is full.");
                        }
                        _ => {}
                    }
                }
            }
            "message_stop" => {
                out.end = Some(Ok(End {
                    stop_reason: self.stop_reason.clone(),
                }));
            }
            // `ping`, `content_block_stop`, and what may come to be: nothing to show.
            _ => {}
        }
        Ok(())
    }

    /// Takes the figures that are there. All are absolute; those of `message_delta` are newer, but some servers send
    /// 0 there for what they have told before.
    fn count(&mut self, reported: &Json<'_>, out: &mut Out) {
        if !reported.is_object() {
            return;
        }
        let newest = |old: u64, path: &str| match count(reported, path) {
            0 => old,
            new => new,
        };
        let usage = &mut self.usage;
        let old_output = usage.output + usage.reasoning;
        usage.input = newest(usage.input, "/input_tokens");
        usage.cache_read = newest(usage.cache_read, "/cache_read_input_tokens");
        usage.reasoning = newest(usage.reasoning, "/output_tokens_details/thinking_tokens");
        usage.output = newest(old_output, "/output_tokens").saturating_sub(usage.reasoning);
        let written = count(reported, "/cache_creation_input_tokens");
        let hour = count(reported, "/cache_creation/ephemeral_1h_input_tokens");
        let five = count(reported, "/cache_creation/ephemeral_5m_input_tokens");
        if written + hour + five > 0 {
            usage.cache_write_1h = hour;
            // What is not told apart was written for five minutes, the default.
            usage.cache_write_5m = five.max(written.saturating_sub(hour));
        }
        out.usage(*usage);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Wire;
    use super::super::stand_in::{read, read_cut_everywhere};
    use super::*;
    use crate::protocol::{Block, Category, ToolState};

    const ANSWER: &str = r#"event: message_start
data: {"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":10,"cache_read_input_tokens":200,"cache_creation_input_tokens":50,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":30},"output_tokens":1}}}

event: ping
data: {"type":"ping"}

data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"abc"}}

data: {"type":"content_block_stop","index":0}

data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße "}}

data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"🎼"}}

data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"Bash","input":{}}}

data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}}

data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":":1}"}}

data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":42,"input_tokens":0,"output_tokens_details":{"thinking_tokens":12}}}

data: {"type":"message_stop"}

"#;

    #[test]
    fn an_answer_reads_the_same_wherever_it_is_cut() {
        for text in [ANSWER.to_owned(), ANSWER.replace('\n', "\r\n")] {
            let seen = read_cut_everywhere(Wire::Anthropic, text.as_bytes());
            assert_eq!(seen.end, Some(Ok(Some("max_tokens".into()))));
            assert_eq!(seen.model.as_deref(), Some("claude-x"));
            let usage = Usage {
                input: 10,
                output: 30,
                reasoning: 12,
                cache_read: 200,
                cache_write_5m: 20,
                cache_write_1h: 30,
                estimated: false,
            };
            assert_eq!(seen.usage, Some(usage));
            assert_eq!(seen.blocks.len(), 4);
            assert_eq!(seen.blocks[0], Block::Thinking { text: "hm".into() });
            assert_eq!(
                seen.blocks[1],
                Block::Text {
                    text: "Grüße 🎼".into()
                }
            );
            assert_eq!(
                seen.blocks[2],
                Block::Tool {
                    id: "t1".into(),
                    name: "Bash".into(),
                    input: "{\"a\":1}".into(),
                    output: None,
                    state: ToolState::Running,
                }
            );
            assert!(matches!(&seen.blocks[3], Block::Notice { text } if text.contains("limit")));
        }
        // One piece from the network, one delta for all the text in it.
        assert_eq!(read(Wire::Anthropic, &[ANSWER.as_bytes()]).deltas, 5);
    }

    #[test]
    fn streams_that_do_not_end_well_fail_and_keep_what_came() {
        let cut = ANSWER.find("data: {\"type\":\"message_delta").unwrap();
        let begun = &ANSWER[..cut];
        for (rest, category) in [
            ("", Category::CutOff),
            ("data: {\"type\":\"messa", Category::CutOff),
            ("data: {oops\n\n", Category::Parse),
            ("data: 7\n\n", Category::Parse),
            (
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
                Category::Overloaded,
            ),
            (
                "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},\"usage\":{\"output_tokens\":3}}\n\n",
                Category::Refused,
            ),
        ] {
            let bytes = [begun.as_bytes(), rest.as_bytes()].concat();
            let seen = read_cut_everywhere(Wire::Anthropic, &bytes);
            assert_eq!(seen.failure().category, category, "{rest}");
            assert_eq!(seen.blocks.len(), 3);
            assert!(seen.usage.is_some());
        }
        let seen = read(
            Wire::Anthropic,
            &[b"data: {\x1b[2J hush-hush-1 ", &[b'x'; 200], b"\n\n"],
        );
        let message = &seen.failure().message;
        assert!(message.contains("messages: {[2J … xxx"), "{message}");
        assert!(message.chars().count() < 180, "{message}");
        let seen = read(Wire::Anthropic, &[b"\n <html>"]);
        assert!(seen.failure().message.contains("HTML"));
    }

    #[test]
    fn cache_writes_without_a_breakdown_are_short_ones() {
        let start = br#"data: {"type":"message_start","message":{"usage":{"input_tokens":1,"cache_creation_input_tokens":9}}}

"#;
        let usage = read(Wire::Anthropic, &[start]).usage.unwrap();
        assert_eq!((usage.cache_write_5m, usage.cache_write_1h), (9, 0));
    }
}
