//! What the lines of the CLI mean. Pure: no clock, no process.

use super::approval;
use super::failure::{of_result, one_line};
use super::questions;
use super::quotas;
use super::spending::{from_usage, window};
use super::state::{Asked, State};
use super::{AgentEvent, AgentState, say};
use crate::protocol::Delta;
use crate::protocol::Usage;
use serde_json::Value;

/// What one line of the CLI's means. Unknown lines mean nothing.
pub fn translate(state: &mut State, line: &Value) -> Vec<AgentEvent> {
    let mut events = Vec::new();
    let kind = line["type"].as_str().unwrap_or_default();
    let of_helper = line["parent_tool_use_id"].is_string();
    match kind {
        "system" => system(state, line, &mut events),
        "control_request" => asked(state, line, &mut events),
        "control_response" => answered(state, &line["response"], &mut events),
        "control_cancel_request" => {
            let key = line["request_id"].as_str().unwrap_or_default().to_owned();
            if let Some(form) = state.forms.remove(&key) {
                let gone = form.open(&key).into_iter();
                events.extend(gone.map(|key| AgentEvent::ApprovalGone { key }));
            } else if state.approvals.remove(&key).is_some() {
                events.push(AgentEvent::ApprovalGone { key });
            }
        }
        "rate_limit_event" => limit(state, line, &mut events),
        "result" => result(state, line, &mut events),
        // What sub-agents say is theirs; the call that started them shows their result.
        _ if of_helper => {}
        "stream_event" => {
            measure(state, &line["event"]);
            events.extend(grown(state.answer.stream(&line["event"])));
        }
        "assistant" => assistant(state, line, &mut events),
        "user" if line["isReplay"] != true => user(state, line, &mut events),
        _ => {}
    }
    events
}

pub(super) fn grown(deltas: Vec<Delta>) -> impl Iterator<Item = AgentEvent> {
    deltas.into_iter().map(AgentEvent::Delta)
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(String::from)
}

fn system(state: &mut State, line: &Value, events: &mut Vec<AgentEvent>) {
    match line["subtype"].as_str().unwrap_or_default() {
        "init" => {
            let version = string(&line["claude_code_version"]);
            note_model(state, string(&line["model"]), events);
            note_mode(state, string(&line["permissionMode"]), events);
            note_ready(state, version, events);
        }
        "status" => note_mode(state, string(&line["permissionMode"]), events),
        "session_state_changed" => match line["state"].as_str().unwrap_or_default() {
            "running" => {
                state.awaited = false;
                events.push(AgentEvent::State(AgentState::Working));
            }
            "requires_action" => events.push(AgentEvent::State(AgentState::NeedsYou)),
            "idle" => {
                if state.turn.held {
                    state.finish(events);
                }
                if !state.awaited {
                    state.drop_approvals(events);
                    events.push(AgentEvent::State(AgentState::Idle));
                }
            }
            _ => {}
        },
        "background_tasks_changed" => {
            let tasks = line["tasks"].as_array();
            state.tasks = tasks.is_some_and(|tasks| tasks.iter().any(|t| t["ambient"] != true));
        }
        "api_retry" => events.push(AgentEvent::Notice(retry_notice(line))),
        "compact_boundary" => {
            let text = "the conversation was compacted: its older part is a summary now";
            events.push(AgentEvent::Notice(text.into()));
        }
        _ => {}
    }
}

fn retry_notice(line: &Value) -> String {
    let number = |key: &str| line[key].as_u64().unwrap_or(0);
    let seconds = line["retry_delay_ms"].as_f64().unwrap_or(0.0) / 1000.0;
    let mut text = format!(
        "retrying {} of {} in {seconds:.1} s: {}",
        number("attempt"),
        number("max_retries"),
        line["error"]
            .as_str()
            .unwrap_or("unknown")
            .replace('_', " "),
    );
    if let Some(status) = line["error_status"].as_u64() {
        text.push_str(&format!(" ({status})"));
    }
    text
}

fn note_model(state: &mut State, model: Option<String>, events: &mut Vec<AgentEvent>) {
    if model.is_some() && model != state.model {
        state.model.clone_from(&model);
        if state.ready {
            events.extend(model.map(AgentEvent::Model));
        }
    }
}

fn note_mode(state: &mut State, mode: Option<String>, events: &mut Vec<AgentEvent>) {
    if mode.is_some() && mode != state.permission_mode {
        state.permission_mode.clone_from(&mode);
        if state.ready {
            events.extend(mode.map(AgentEvent::PermissionMode));
        }
    }
}

fn note_ready(state: &mut State, version: Option<String>, events: &mut Vec<AgentEvent>) {
    if !std::mem::replace(&mut state.ready, true) {
        events.push(AgentEvent::Ready {
            model: state.model.clone(),
            permission_mode: state.permission_mode.clone(),
            version: version.unwrap_or_default(),
        });
    }
}

fn asked(state: &mut State, line: &Value, events: &mut Vec<AgentEvent>) {
    let Some(key) = string(&line["request_id"]) else {
        return;
    };
    if line["request"]["subtype"] != "can_use_tool" {
        state.replies.push(say::cannot(&key));
        return;
    }
    if let Some((form, questions)) = questions::read(&key, &line["request"]) {
        state.forms.insert(key, form);
        events.extend(questions);
        return;
    }
    let question = approval::read(&line["request"]);
    state.approvals.insert(key.clone(), question.pending);
    events.push(AgentEvent::Approval {
        key,
        title: question.title,
        detail: question.detail,
        always: question.always,
    });
}

fn answered(state: &mut State, response: &Value, events: &mut Vec<AgentEvent>) {
    let id = response["request_id"].as_str().unwrap_or_default();
    let Some(asked) = state.asked.remove(id) else {
        return;
    };
    let answer = &response["response"];
    if response["subtype"] == "error" {
        let why = one_line(response["error"].as_str().unwrap_or("no reason given"));
        let what = match asked {
            Asked::Model(model) => format!("the model is not changed to {model}"),
            Asked::Mode(mode) => format!("the permission mode is not changed to {mode}"),
            Asked::Interrupt => "the turn could not be interrupted".into(),
            // Older versions do not know these; the first turn tells the rest.
            Asked::Initialize | Asked::Usage => return,
        };
        events.push(AgentEvent::Notice(format!("{what}: {why}")));
        return;
    }
    match asked {
        Asked::Initialize => {
            let named = model_of(answer, state.model.as_deref());
            // A resumed conversation brings its own model, which is not told here.
            let told = state.model.is_some() || state.fresh;
            note_model(state, named.filter(|_| told), events);
            note_mode(state, string(&answer["current_permission_mode"]), events);
            note_ready(state, string(&answer["claude_code_version"]), events);
        }
        Asked::Usage => {
            if !state.fresh {
                state.spending.baseline(&answer["session"]["model_usage"]);
            }
            let plan = answer["subscription_type"].is_string()
                || answer["rate_limits_available"] == Value::Bool(true);
            events.push(AgentEvent::Billing { plan });
            let quotas = quotas::of_usage(&answer["rate_limits"]);
            if !quotas.is_empty() {
                events.push(AgentEvent::Quotas(quotas));
            }
        }
        Asked::Interrupt => {
            if state.turn.held {
                state.turn.interrupted = true;
                state.finish(events);
            }
        }
        Asked::Model(model) => {
            note_model(state, string(&answer["model"]).or(Some(model)), events);
        }
        Asked::Mode(mode) => note_mode(state, string(&answer["mode"]).or(Some(mode)), events),
    }
}

/// What the model asked for (or the default) is called in full.
fn model_of(initialized: &Value, asked: Option<&str>) -> Option<String> {
    let models = initialized["models"].as_array()?;
    let entry = models
        .iter()
        .find(|m| m["value"] == asked.unwrap_or("default"))?;
    string(&entry["resolvedModel"])
}

fn limit(state: &mut State, line: &Value, events: &mut Vec<AgentEvent>) {
    let info = match &line["rate_limit_info"] {
        Value::Null => line,
        info => info,
    };
    let quotas = quotas::of_event(info);
    if !quotas.is_empty() {
        events.push(AgentEvent::Quotas(quotas));
    }
    if info["status"] == "rejected" {
        state.limit_until = info["resetsAt"].as_i64().map(|seconds| seconds * 1000);
        events.push(AgentEvent::Limited {
            until: state.limit_until,
        });
    }
}

/// Notes how much of the window a message takes: what it was shown and what it has written.
fn measure(state: &mut State, event: &Value) {
    let output = match event["type"].as_str().unwrap_or_default() {
        "message_start" => {
            let usage = from_usage(&event["message"]["usage"]);
            state.input_tokens = usage.total_input();
            usage.total_output()
        }
        "message_delta" => match event["usage"]["output_tokens"].as_u64() {
            Some(output) => output,
            None => return,
        },
        _ => return,
    };
    if state.input_tokens > 0 {
        state.context_used = Some(state.input_tokens + output);
    }
}

fn assistant(state: &mut State, line: &Value, events: &mut Vec<AgentEvent>) {
    let message = &line["message"];
    if message["model"] == "<synthetic>" {
        // Of the CLI's own: an error, which the result tells too, or the output of a slash command.
        if line["error"].is_null() {
            events.extend(grown(state.answer.settle(message)));
        }
        return;
    }
    state.answered_by = string(&message["model"]);
    state.turn.record = string(&line["uuid"]);
    if message["stop_reason"].is_string() {
        // A message that was not streamed has all its figures here.
        let usage = from_usage(&message["usage"]);
        if usage != Usage::default() {
            state.context_used = Some(usage.total_input() + usage.total_output());
        }
    }
    events.extend(grown(state.answer.settle(message)));
}

fn user(state: &mut State, line: &Value, events: &mut Vec<AgentEvent>) {
    let rejected = |id: &Value| {
        let meta = line["tool_result_meta"].as_array().into_iter().flatten();
        let own = meta.filter(|meta| meta["id"] == *id);
        let said = |meta: &Value| {
            meta["permission_decision"]["decision"] == "reject"
                || meta["non_execution_kind"] == "user-rejected"
        };
        own.into_iter().any(said)
    };
    for item in line["message"]["content"].as_array().into_iter().flatten() {
        if item["type"] == "tool_result" {
            let id = &item["tool_use_id"];
            let denied = rejected(id) || state.denied.iter().any(|own| *id == own.as_str());
            events.extend(grown(
                state.answer.tool_ended(item, denied).into_iter().collect(),
            ));
        }
    }
}

fn result(state: &mut State, line: &Value, events: &mut Vec<AgentEvent>) {
    let aborted = line["terminal_reason"]
        .as_str()
        .map_or(state.interrupting && line["is_error"] == true, |reason| {
            reason.starts_with("aborted")
        });
    for (model, usage, dollars) in state.spending.settle(line) {
        match state.turn.spent.iter_mut().find(|(own, ..)| *own == model) {
            Some(own) => {
                own.1 = own.1 + usage;
                own.2 += dollars;
            }
            None => state.turn.spent.push((model, usage, dollars)),
        }
    }
    let turn = &mut state.turn;
    turn.usage = turn.usage + from_usage(&line["usage"]);
    let model = state.answered_by.as_deref().or(state.model.as_deref());
    turn.window = window(line, model).or(turn.window);
    turn.interrupted |= aborted;
    if !aborted {
        turn.failure = of_result(line, state.limit_until);
        if turn.failure.is_none() {
            turn.said = string(&line["result"]);
        }
    }
    let over = aborted || turn.failure.is_some() || !state.tasks;
    turn.held = !over;
    if over {
        state.finish(events);
    }
}
