//! Claude Code's transcript: `~/.claude/projects/FOLDER/CONVERSATION.jsonl`, and beside it the sub-agents' in
//! `CONVERSATION/subagents/agent-*.jsonl`.
//!
//! Each content block of an answer is a line of its own, all with the same message and request and the same usage, so
//! a request is counted by these two names and its last line holds. Side calls, requests that were cut and asked
//! again, and compaction are in no line; `cost-state`, written when a conversation is left, counts them all.

use super::{Fact, Spent, called, tail, time};
use crate::protocol::{Quota, Usage};
use serde_json::Value;

/// The facts of one line.
pub fn read(line: &Value) -> Vec<Fact> {
    match line["type"].as_str().unwrap_or_default() {
        "assistant" => spent(line).into_iter().chain(calls(line)).collect(),
        "user" => interrupted(line).into_iter().chain(ran(line)).collect(),
        "system" if line["subtype"] == "turn_duration" && line["isSidechain"] != true => {
            time(line).map(|at| Fact::Over { at }).into_iter().collect()
        }
        "system" if line["subtype"] == "informational" || line["subtype"] == "compact_boundary" => {
            vec![Fact::Hidden {
                conversation: conversation(line),
            }]
        }
        "cost-state" => totals(line).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn conversation(line: &Value) -> String {
    line["sessionId"].as_str().unwrap_or_default().to_owned()
}

fn spent(line: &Value) -> Option<Fact> {
    let message = &line["message"];
    let model = message["model"].as_str()?;
    // Words of the CLI's own, such as an error in the place of an answer.
    if model == "<synthetic>" || line["isApiErrorMessage"] == true {
        return None;
    }
    let usage = usage(&message["usage"])?;
    let key = [&message["id"], &line["requestId"]].map(|part| part.as_str().unwrap_or_default());
    if key[0].is_empty() {
        return None;
    }
    Some(Fact::Spent(Spent {
        key: key.join("/"),
        conversation: conversation(line),
        model: Some(model.to_owned()),
        usage,
        at: time(line)?,
        aside: line["isSidechain"] == true,
    }))
}

/// The usage record of a message. Output that was thought is told apart where it is counted.
fn usage(record: &Value) -> Option<Usage> {
    record.as_object()?;
    let count = |value: &Value| value.as_u64().unwrap_or(0);
    let output = count(&record["output_tokens"]);
    let reasoning = count(&record["output_tokens_details"]["thinking_tokens"]).min(output);
    let written = count(&record["cache_creation_input_tokens"]);
    let long = count(&record["cache_creation"]["ephemeral_1h_input_tokens"]).min(written);
    Some(Usage {
        input: count(&record["input_tokens"]),
        output: output - reasoning,
        reasoning,
        cache_read: count(&record["cache_read_input_tokens"]),
        cache_write_5m: written - long,
        cache_write_1h: long,
        estimated: false,
    })
}

/// No hook tells of an interruption; this line does, beginning with these words in every version seen.
fn interrupted(line: &Value) -> Option<Fact> {
    if line["isSidechain"] == true {
        return None;
    }
    let first = &line["message"]["content"][0]["text"];
    let broken_off = first.as_str()?.starts_with("[Request interrupted by user");
    broken_off
        .then(|| time(line))
        .flatten()
        .map(|at| Fact::Interrupted { at })
}

fn blocks<'a>(line: &'a Value, kind: &'static str) -> impl Iterator<Item = &'a Value> {
    let all = line["message"]["content"].as_array().into_iter().flatten();
    all.filter(move |block| block["type"] == kind && line["isSidechain"] != true)
}

fn calls(line: &Value) -> Vec<Fact> {
    let calls = blocks(line, "tool_use");
    calls
        .filter_map(|block| {
            let input = block["input"].to_string();
            called(time(line)?, &block["id"], &block["name"], input)
        })
        .collect()
}

/// A command that ends with another code than 0 begins its output with these words; any other error is that it was not
/// run, as when its user refused it. One that goes on in the background has not ended.
fn ran(line: &Value) -> Vec<Fact> {
    let about = &line["toolUseResult"];
    if about["backgroundTaskId"].is_string() || about["interrupted"] == true {
        return Vec::new();
    }
    let results = blocks(line, "tool_result");
    results
        .filter_map(|block| {
            let content = &block["content"];
            let parts = content.as_array().into_iter().flatten();
            let parts = parts.filter_map(|part| part["text"].as_str());
            let output = content.as_str().into_iter().chain(parts);
            let output = output.collect::<Vec<_>>().join("\n");
            let passed = block["is_error"] != true;
            (passed || output.starts_with("Exit code ")).then_some(Fact::Ran {
                at: time(line)?,
                call: block["tool_use_id"].as_str()?.to_owned(),
                passed,
                output: tail(&output),
            })
        })
        .collect()
}

fn totals(line: &Value) -> Option<Fact> {
    let models = line["modelUsage"].as_object()?;
    let count = |value: &Value| value.as_u64().unwrap_or(0);
    let by_model = models.iter().map(|(model, used)| {
        let output = count(&used["outputTokens"]);
        let reasoning = count(&used["thinkingTokens"]).min(output);
        let written = count(&used["cacheCreationInputTokens"]);
        let long = count(&used["cacheCreationEphemeral1hInputTokens"]).min(written);
        let usage = Usage {
            input: count(&used["inputTokens"]),
            output: output - reasoning,
            reasoning,
            cache_read: count(&used["cacheReadInputTokens"]),
            cache_write_5m: written - long,
            cache_write_1h: long,
            estimated: false,
        };
        // The window is not part of the name: `claude-opus-4-8[1m]`.
        let plain = model.split('[').next().unwrap_or(model);
        let dollars = used["costUSD"].as_f64().unwrap_or(0.0);
        (plain.to_owned(), usage, dollars)
    });
    Some(Fact::Totals {
        conversation: conversation(line),
        by_model: by_model.collect(),
        before: false,
    })
}

/// The windows of a subscription as a statusline is told them: `{five_hour: {used_percentage, resets_at}, …}`.
pub fn quotas(limits: &Value) -> Vec<Quota> {
    let windows = limits.as_object().into_iter().flatten();
    windows
        .filter_map(|(name, window)| {
            let name = match name.as_str() {
                "five_hour" => "5h",
                "seven_day" => "week",
                other => other,
            };
            let resets = &window["resets_at"];
            let seconds = resets.as_i64().or_else(|| {
                let stamp: jiff::Timestamp = resets.as_str()?.parse().ok()?;
                Some(stamp.as_second())
            });
            Some(Quota {
                name: name.to_owned(),
                used_percent: window["used_percentage"].as_f64()? as f32,
                resets_at: seconds.map(|s| s * 1000),
            })
        })
        .collect()
}

#[cfg(test)]
#[path = "claude_tests.rs"]
mod tests;
