//! A turn from its beginning to its bill.

use super::super::AgentState;
use super::AgentEvent;
use super::failure::{of_error, one_line, retry};
use super::opening;
use super::state::{Asked, State, Turn};
use crate::protocol::Category;
use crate::protocol::Delta;
use crate::protocol::Usage;
use serde_json::{Value, json};

/// Characters to a token, where nothing was counted.
const GUESS: u64 = 4;

/// A turn has begun, in our thread or a sub-agent's.
pub fn started(state: &mut State, thread: &str, turn: &Value, events: &mut Vec<AgentEvent>) {
    let id = turn["id"].as_str().unwrap_or_default().to_owned();
    if state.thread.as_deref() != Some(thread) {
        state.helpers.insert(thread.to_owned(), id);
        return;
    }
    let unwanted = std::mem::take(&mut state.turn.unwanted);
    state.turn.open = true;
    state.turn.held = false;
    state.turn.id = Some(id);
    state.turn.model.clone_from(&state.model);
    events.push(AgentEvent::State(AgentState::Working));
    if unwanted {
        state.interrupt();
    }
}

/// A turn has ended.
pub fn completed(state: &mut State, thread: &str, turn: &Value, events: &mut Vec<AgentEvent>) {
    if state.thread.as_deref() != Some(thread) {
        return helper_gone(state, thread, events);
    }
    state.turn.last = turn["id"].as_str().map(String::from);
    state.turn.id = None;
    // One that went on by itself; what we have asked for comes after it.
    if state.turn.starting && !state.turn.told {
        return;
    }
    match turn["status"].as_str() {
        Some("interrupted") => state.turn.interrupted = true,
        Some("failed") => {
            state.turn.failure = Some(of_error(&turn["error"], state.limits.until()));
        }
        _ => {}
    }
    let broken = state.turn.interrupted || state.turn.failure.is_some();
    if !broken && !state.helpers.is_empty() {
        state.turn.held = true;
        return;
    }
    finish(state, events);
}

/// A sub-agent has ended; with the last of them, the turn that it belonged to.
pub fn helper_gone(state: &mut State, thread: &str, events: &mut Vec<AgentEvent>) {
    state.helpers.remove(thread);
    if state.helpers.is_empty() && state.turn.held {
        finish(state, events);
        events.push(AgentEvent::State(AgentState::Idle));
    }
}

/// Ends the turn with all that was told of it.
pub fn finish(state: &mut State, events: &mut Vec<AgentEvent>) {
    let last = state.turn.last.take();
    let turn = std::mem::replace(
        &mut state.turn,
        Turn {
            last: last.clone(),
            ..Turn::default()
        },
    );
    let broken = turn.interrupted || turn.failure.is_some();
    let unfinished = state.answer.unfinished() as u64;
    if broken && unfinished > 0 {
        let model = turn.model.clone().or_else(|| state.model.clone());
        let usage = Usage {
            input: turn.prompt as u64 / GUESS,
            output: unfinished / GUESS,
            cache_read: state.context_used.unwrap_or(0),
            ..Usage::default()
        };
        state.spending.guess(&model.unwrap_or_default(), usage);
    }
    let waited: Vec<String> = (state.approvals.values())
        .map(|pending| pending.call.clone())
        .collect();
    for delta in state.answer.end(broken, &waited) {
        events.push(AgentEvent::Delta(delta));
    }
    drop_asks(state, events);
    state.changes.clear();
    let spent = state.spending.settle();
    if !turn.asked && !turn.told && !spent.is_empty() {
        // Its bill needs a turn to stand in.
        let text = "it has gone on by itself, without a word".into();
        events.push(AgentEvent::Delta(Delta::Notice { text }));
    }
    let login = matches!(&turn.failure, Some(failure) if failure.category == Category::Auth);
    events.push(AgentEvent::TurnEnded {
        usage: spent.iter().map(|(_, usage, _)| *usage).sum(),
        spent,
        context_used: state.context_used,
        window: state.window,
        record: last,
        failure: turn.failure.filter(|_| !turn.interrupted),
        interrupted: turn.interrupted,
    });
    if login {
        state.rpc.ask(Asked::Account, "account/read", json!({}));
    }
}

/// Codex waits for no answer any more.
pub fn drop_asks(state: &mut State, events: &mut Vec<AgentEvent>) {
    let approvals = std::mem::take(&mut state.approvals).into_keys();
    let forms = std::mem::take(&mut state.forms).into_values();
    let keys = approvals.chain(forms.flat_map(|form| form.open()));
    events.extend(keys.map(|key| AgentEvent::ApprovalGone { key }));
}

/// What a thread says of itself.
pub fn status(state: &mut State, thread: &str, status: &Value, events: &mut Vec<AgentEvent>) {
    let kind = status["type"].as_str().unwrap_or_default();
    let flags = status["activeFlags"].as_array().map_or(0, Vec::len);
    let own = state.thread.as_deref() == Some(thread);
    match kind {
        "active" if flags > 0 => events.push(AgentEvent::State(AgentState::NeedsYou)),
        "active" if own => events.push(AgentEvent::State(AgentState::Working)),
        "idle" if own && !state.turn.held && !state.turn.starting => {
            events.push(AgentEvent::State(AgentState::Idle));
        }
        "notLoaded" if !own => helper_gone(state, thread, events),
        _ => {}
    }
}

/// Running totals of a thread.
pub fn used(state: &mut State, params: &Value, events: &mut Vec<AgentEvent>) {
    let thread = params["threadId"].as_str().unwrap_or_default();
    let usage = &params["tokenUsage"];
    let main = state.thread.as_deref() == Some(thread);
    let turn = params["turnId"].as_str();
    let own = !main || [&state.turn.id, &state.turn.last].contains(&&turn.map(String::from));
    let model = state.model_of(thread);
    state.spending.told(thread, usage, own, &model);
    if !main {
        return;
    }
    let window = usage["modelContextWindow"].as_u64();
    let last = &usage["last"];
    // A full window is told as totals without parts.
    let full = usage["total"]["inputTokens"] == 0 && last["totalTokens"] != 0;
    let told = match full {
        true => window,
        false => last["totalTokens"].as_u64(),
    };
    if let Some(used) = told.filter(|used| *used > 0) {
        state.window = window.or(state.window);
        if state.context_used.replace(used) != Some(used) {
            events.push(AgentEvent::Context { used, window });
        }
    }
}

/// Rate limits of the account.
pub fn limits(state: &mut State, snapshot: &Value, events: &mut Vec<AgentEvent>) {
    let reached = state.limits.told(snapshot);
    let quotas = state.limits.quotas();
    if !quotas.is_empty() {
        events.push(AgentEvent::Quotas(quotas));
    }
    if reached && !std::mem::replace(&mut state.limited, reached) {
        let until = state.limits.until();
        events.push(AgentEvent::Limited { until });
    }
    state.limited = reached;
}

/// Something went wrong on the way. What ends the turn is told again by its end.
pub fn error(state: &mut State, params: &Value, events: &mut Vec<AgentEvent>) {
    let own = params["threadId"].as_str() == state.thread.as_deref();
    if own && params["willRetry"] == true {
        let cut = state.answer.cut();
        tell(state, cut, events);
        notice(state, retry(&params["error"]), events);
    }
}

/// A line for the person: in the running turn, or beside.
pub fn notice(state: &mut State, text: String, events: &mut Vec<AgentEvent>) {
    match state.turn.open {
        true => {
            let deltas = state.answer.notice(text);
            tell(state, deltas, events);
        }
        false => events.push(AgentEvent::Notice(text)),
    }
}

/// A warning, the first time.
pub fn warning(state: &mut State, text: &Value, events: &mut Vec<AgentEvent>) {
    let text = one_line(text.as_str().unwrap_or_default());
    if !text.is_empty() && state.warned.insert(text.clone()) {
        notice(state, text, events);
    }
}

/// The response grows.
pub fn tell(state: &mut State, deltas: Vec<Delta>, events: &mut Vec<AgentEvent>) {
    state.turn.told |= !deltas.is_empty();
    events.extend(deltas.into_iter().map(AgentEvent::Delta));
}

/// Another account is in use.
pub fn account_changed(state: &mut State, params: &Value, events: &mut Vec<AgentEvent>) {
    if let Some(mode) = params["authMode"].as_str() {
        let plan = mode.starts_with("chatgpt");
        events.push(AgentEvent::Billing { plan });
        opening::logged_in(state, events);
    }
}
