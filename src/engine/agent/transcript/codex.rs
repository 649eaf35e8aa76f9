//! Codex's transcript: `$CODEX_HOME/sessions/YYYY/MM/DD/rollout-TIME-THREAD.jsonl`.
//!
//! Newer versions write a `token_usage_record` for each answer, with the provider's name of it. Older ones only
//! `token_count`, whose `total_token_usage` goes on from the parent of a fork; there the usage of the last request
//! counts, once for each new total. Its input includes what was read from the cache.
//!
//! The title that it has made for a conversation (seen: a request of the size of the first prompt's) is told nowhere,
//! and so is not counted.

use super::{Fact, Spent, called, tail, time};
use crate::protocol::{Quota, Usage};
use serde_json::Value;

/// What has to be known of the lines before.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    thread: String,
    model: Option<String>,
    /// Whether answers are counted one by one in this file.
    by_answer: bool,
}

impl Reader {
    /// The conversation, once its first line was read.
    pub fn thread(&self) -> &str {
        &self.thread
    }

    /// The facts of one line.
    pub fn read(&mut self, line: &Value) -> Vec<Fact> {
        let payload = &line["payload"];
        let Some(at) = time(line) else {
            return Vec::new();
        };
        match line["type"].as_str().unwrap_or_default() {
            "session_meta" => {
                let id = payload["id"].as_str().unwrap_or_default();
                self.thread = id.to_owned();
                vec![Fact::Conversation(id.to_owned())]
            }
            "turn_context" => match payload["model"].as_str() {
                Some(model) => self.model(model),
                None => Vec::new(),
            },
            "token_usage_record" => {
                self.by_answer = true;
                let key = payload["response_id"].as_str().map(str::to_owned);
                let spent = key.and_then(|key| self.spent(key, &payload["usage"], at));
                spent.into_iter().collect()
            }
            "event_msg" => self.event(payload, at),
            "response_item" => tool(payload, at).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn event(&mut self, event: &Value, at: i64) -> Vec<Fact> {
        match event["type"].as_str().unwrap_or_default() {
            "task_started" => vec![Fact::Began { at }],
            "task_complete" => vec![Fact::Over { at }],
            "turn_aborted" => vec![Fact::Interrupted { at }],
            "thread_settings_applied" => match event["thread_settings"]["model"].as_str() {
                Some(model) => self.model(model),
                None => Vec::new(),
            },
            "token_count" => self.counted(event, at),
            _ => Vec::new(),
        }
    }

    fn counted(&mut self, event: &Value, at: i64) -> Vec<Fact> {
        let info = &event["info"];
        let last = &info["last_token_usage"];
        let mut facts = Vec::new();
        let total = info["total_token_usage"]["total_tokens"].as_u64();
        if let (false, Some(total)) = (self.by_answer, total) {
            let key = format!("{}/{total}", self.thread);
            facts.extend(self.spent(key, last, at));
        }
        if let Some(used) = last["total_tokens"].as_u64() {
            let window = info["model_context_window"].as_u64();
            facts.push(Fact::Context { used, window });
        }
        let quotas = quotas(&event["rate_limits"], at);
        if !quotas.is_empty() {
            facts.push(Fact::Quotas(quotas));
        }
        if event["rate_limits"]["rate_limit_reached_type"].is_string() {
            facts.push(Fact::Limited);
        }
        facts
    }

    fn model(&mut self, model: &str) -> Vec<Fact> {
        if self.model.as_deref() == Some(model) {
            return Vec::new();
        }
        self.model = Some(model.to_owned());
        vec![Fact::Model(model.to_owned())]
    }

    fn spent(&self, key: String, usage: &Value, at: i64) -> Option<Fact> {
        usage.as_object()?;
        let count = |name: &str| usage[name].as_u64().unwrap_or(0);
        let (input, output) = (count("input_tokens"), count("output_tokens"));
        let read = count("cached_input_tokens").min(input);
        let written = count("cache_write_input_tokens").min(input - read);
        let reasoning = count("reasoning_output_tokens").min(output);
        Some(Fact::Spent(Spent {
            key,
            conversation: self.thread.clone(),
            model: self.model.clone(),
            usage: Usage {
                input: input - read - written,
                output: output - reasoning,
                reasoning,
                cache_read: read,
                cache_write_5m: written,
                cache_write_1h: 0,
                estimated: false,
            },
            at,
            aside: false,
        }))
    }
}

/// A call of a tool, or what came of it.
fn tool(item: &Value, at: i64) -> Option<Fact> {
    match item["type"].as_str()? {
        "function_call" => {
            let input = item["arguments"].as_str()?.to_owned();
            called(at, &item["call_id"], &item["name"], input)
        }
        "function_call_output" => {
            let output = item["output"].as_str()?;
            Some(Fact::Ran {
                at,
                call: item["call_id"].as_str()?.to_owned(),
                passed: exit_code(output)? == 0,
                output: tail(output),
            })
        }
        _ => None,
    }
}

/// How a command ended: in a line above its output (`Process exited with code 0`), or, of older versions, in an object
/// around it. `None` for one that was not run or still runs.
fn exit_code(output: &str) -> Option<i64> {
    if let Ok(object) = serde_json::from_str::<Value>(output) {
        return object["metadata"]["exit_code"].as_i64();
    }
    let head = output.lines().take_while(|line| *line != "Output:");
    let code = head.take(8).find_map(|line| {
        line.strip_prefix("Process exited with code ")
            .or_else(|| line.strip_prefix("Exit code: "))
    });
    code?.trim().parse().ok()
}

/// The windows of a subscription. `resets_at` is in seconds; older versions tell the seconds that are left.
fn quotas(limits: &Value, at: i64) -> Vec<Quota> {
    let windows = ["primary", "secondary"].map(|which| &limits[which]);
    let quota = |window: &Value| {
        let minutes = window["window_minutes"].as_u64();
        let until = window["resets_at"].as_i64().map(|seconds| seconds * 1000);
        let left = window["resets_in_seconds"].as_i64();
        Some(Quota {
            name: match minutes {
                Some(300) => "5h".to_owned(),
                Some(10_080) => "week".to_owned(),
                Some(minutes) => format!("{}h", minutes.div_ceil(60)),
                None => "limit".to_owned(),
            },
            used_percent: window["used_percent"].as_f64()? as f32,
            resets_at: until.or_else(|| left.map(|seconds| at + seconds * 1000)),
        })
    };
    windows.into_iter().filter_map(quota).collect()
}

#[cfg(test)]
#[path = "codex_tests.rs"]
mod tests;
