//! What the lines of the agent mean. Pure: no clock, no process.

use super::state::{Asked, Last, Place, State};
use super::{AgentEvent, approval, failure, opening, tools};
use crate::engine::agent::rpc::{Heard, NO_METHOD};
use crate::protocol::Delta;
use serde_json::Value;

/// Gemini CLI says so, as if it were text of its answer, that its mode has changed.
const MODE_UPDATE: &str = "[MODE_UPDATE] ";

/// What one line means. Unknown lines mean nothing.
pub fn hear(state: &mut State, line: &Value) -> Vec<AgentEvent> {
    let mut events = match state.rpc.hear(line) {
        Heard::Request { id, method, params } => asked(state, id, method, params),
        Heard::Notification { method, params } => told(state, method, params),
        Heard::Answer { asked, answer } => answered(state, asked, answer),
        Heard::Nothing => Vec::new(),
    };
    events.append(&mut state.settled);
    events
}

fn asked(state: &mut State, id: &Value, method: &str, params: &Value) -> Vec<AgentEvent> {
    if method != "session/request_permission" {
        let message = format!("Antiphon does not serve {}", failure::one_line(method));
        state.rpc.refuse(id, NO_METHOD, &message);
        return Vec::new();
    }
    if state.turn.as_ref().is_none_or(|turn| turn.interrupted) {
        // Nobody waits for what it would do.
        state.rpc.answer(id, approval::cancelled());
        return Vec::new();
    }
    let started = state.tools.update(&params["toolCall"], true);
    let mut events = state.grown(started);
    let question = approval::read(id, params);
    let key = id.to_string();
    state.approvals.insert(key.clone(), question.pending);
    events.push(match question.choices.is_empty() {
        true => AgentEvent::Approval {
            key,
            title: question.title,
            detail: question.detail,
            always: question.always,
        },
        false => AgentEvent::Question {
            key,
            title: question.title,
            detail: question.detail,
            choices: question.choices,
            multiple: false,
            login: false,
        },
    });
    events
}

fn told(state: &mut State, method: &str, params: &Value) -> Vec<AgentEvent> {
    match method {
        "session/update" => {
            let of = params["sessionId"].as_str().unwrap_or(&state.session);
            match of == state.session {
                true => update(state, &params["update"]),
                // Of a conversation the agent holds with itself.
                false => Vec::new(),
            }
        }
        "$/cancel_request" => {
            let key = params["requestId"].to_string();
            match state.approvals.remove(&key) {
                Some(_) => vec![AgentEvent::ApprovalGone { key }],
                None => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn update(state: &mut State, update: &Value) -> Vec<AgentEvent> {
    let kind = update["sessionUpdate"].as_str().unwrap_or_default();
    match kind {
        "current_mode_update" => {
            if let Some(mode) = update["currentModeId"].as_str() {
                set_mode(state, mode);
            }
            return Vec::new();
        }
        "config_option_update" => {
            state.settings.read(update);
            state.tell_settings();
            return Vec::new();
        }
        "usage_update" => return state.figures.update(update).into_iter().collect(),
        _ => {}
    }
    if let Place::Replaying { quiet } = &mut state.place {
        *quiet = false;
    }
    // What was said before, or comes too late.
    if state.turn.is_none() {
        return Vec::new();
    }
    match kind {
        "agent_message_chunk" => {
            let text = tools::text(&update["content"]);
            match text.strip_prefix(MODE_UPDATE) {
                Some(mode) => {
                    set_mode(state, mode.trim());
                    Vec::new()
                }
                None => said(state, update, text),
            }
        }
        "agent_thought_chunk" => said(state, update, tools::text(&update["content"])),
        "tool_call" | "tool_call_update" => {
            let deltas = state.tools.update(update, false);
            if deltas
                .iter()
                .any(|d| matches!(d, Delta::ToolStarted { .. }))
            {
                next_request(state);
            }
            state.note_round();
            if let (Some(turn), false) = (&mut state.turn, deltas.is_empty()) {
                turn.last = Last::Nothing;
            }
            state.grown(deltas)
        }
        "plan" => plan(state, &update["entries"]).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn set_mode(state: &mut State, mode: &str) {
    state.settings.mode.current = Some(mode.to_owned());
    state.tell_settings();
}

/// Text or thought. A new message is a new paragraph; Gemini CLI's thoughts come whole, each with a bold heading.
fn said(state: &mut State, update: &Value, text: String) -> Vec<AgentEvent> {
    if text.is_empty() {
        return Vec::new();
    }
    next_request(state);
    let Some(turn) = &mut state.turn else {
        return Vec::new();
    };
    let message = update["messageId"].as_str().map(String::from);
    let thought = update["sessionUpdate"] == "agent_thought_chunk";
    let another = |before: &Option<String>| {
        let headed = thought && message.is_none() && text.starts_with("**");
        before.is_some() && message.is_some() && *before != message || headed
    };
    let apart = match (&turn.last, thought) {
        (Last::Text(before), false) | (Last::Thought(before), true) => another(before),
        _ => false,
    };
    let text = match apart {
        true => format!("\n\n{text}"),
        false => text,
    };
    let (last, delta) = match thought {
        true => (Last::Thought(message), Delta::Thinking { text }),
        false => (Last::Text(message), Delta::Text { text }),
    };
    turn.last = last;
    state.grown(vec![delta])
}

/// After its tools, the model was asked once more.
fn next_request(state: &mut State) {
    if let Some(turn) = &mut state.turn
        && std::mem::take(&mut turn.round_over)
    {
        state.figures.asked_again();
    }
}

/// The agent's plan on one line: all of it when it is new, how far it has come when it goes on.
fn plan(state: &mut State, entries: &Value) -> Option<AgentEvent> {
    let turn = state.turn.as_mut()?;
    let entries = entries.as_array()?;
    let text = |entry: &Value| failure::one_line(entry["content"].as_str().unwrap_or("?"));
    let steps: Vec<String> = entries.iter().map(text).collect();
    let at = |status| {
        entries
            .iter()
            .filter(move |entry| entry["status"] == status)
    };
    let notice = if steps.is_empty() {
        return None;
    } else if steps == turn.plan {
        let done = format!("plan: {} of {} done", at("completed").count(), steps.len());
        match at("in_progress").next() {
            Some(entry) => format!("{done} · now: {}", text(entry)),
            None => done,
        }
    } else {
        format!("plan: {}", steps.join(" · "))
    };
    turn.plan = steps;
    turn.last = Last::Nothing;
    Some(AgentEvent::Notice(notice))
}

fn answered(state: &mut State, asked: Asked, answer: Result<&Value, &Value>) -> Vec<AgentEvent> {
    match asked {
        Asked::Initialize => opening::initialized(state, answer),
        Asked::Session => opening::opened(state, answer),
        Asked::Barrier => {
            opening::heard(state);
            Vec::new()
        }
        Asked::Setting(which, value) => {
            state.changing = state.changing.saturating_sub(1);
            match answer {
                Ok(told) => {
                    state.settings.of(which).current = Some(value);
                    state.settings.read(told);
                }
                Err(error) => {
                    let why = failure::of_error(error).message;
                    let notice = format!("not changed to {value}: {why}");
                    state.settled.push(AgentEvent::Notice(notice));
                    // Whoever asked already shows it.
                    state.told[which as usize] = Some(value);
                }
            }
            state.tell_settings();
            state.advance();
            Vec::new()
        }
        Asked::Prompt(number) => {
            let events = match &state.turn {
                Some(turn) if turn.number == number => state.finish(answer),
                // Of a turn that was given up.
                _ => Vec::new(),
            };
            state.advance();
            events
        }
    }
}
