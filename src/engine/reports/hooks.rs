//! What a hook changes: the status, the exchange, the questions.

use super::{asks, spent, start};
use crate::config::agents::{Kind, Means};
use crate::engine::agent::hooks::heard::Tasks;
use crate::engine::agent::hooks::{Heard, Hook};
use crate::engine::effect::{Effect, FaceId};
use crate::engine::state::{Now, State};
use crate::engine::status;
use crate::protocol::{Category, Failure, SessionId, Source, TurnState};

/// Takes in a hook; whether its reporter waits for an answer.
pub fn heard(
    state: &mut State,
    id: SessionId,
    reporter: (FaceId, u64),
    hook: Hook,
    now: Now,
    out: &mut Vec<Effect>,
) -> bool {
    note(state, id, &hook, out);
    if let Some(session) = state.sessions.get_mut(&id) {
        // A new word: what the title said is older.
        if let Some(title) = session.told.still.take() {
            session.rungs.say(Source::Title, Some(title), now.ms);
        }
        session.told.calm &= matches!(hook.heard, Heard::Notified { .. } | Heard::Other);
    }
    start::follow(state, id, hook.transcript.clone(), out);
    match hook.heard {
        Heard::Begun { after, model } => {
            if let Some(session) = state.sessions.get_mut(&id) {
                session.view.model = model.or(session.view.model.take());
            }
            if after != "compact" {
                say(state, id, Means::Idle, now, out);
            }
        }
        Heard::Prompted { text } => {
            asks::close_all(state, id, out);
            if let Some(session) = state.sessions.get_mut(&id) {
                session.view.note = None;
            }
            spent::begin(state, id, &text, now, out);
            say(state, id, Means::Working, now, out);
        }
        Heard::ToolBegins => say(state, id, Means::Working, now, out),
        Heard::ToolEnds { tool } => {
            asks::close_of_tool(state, id, &tool, out);
            still(state, id, now, out);
        }
        Heard::Permission(request) => {
            asks::open(state, id, reporter, &request, now, out);
            say(state, id, Means::NeedsYou(Kind::Approval), now, out);
            return true;
        }
        Heard::Notified { kind, message } => notified(state, id, &kind, &message, now, out),
        Heard::Stopped { tasks } => {
            asks::close_all(state, id, out);
            runs_on(state, id, tasks);
            spent::end(state, id, TurnState::Done, now, out);
            still(state, id, now, out);
        }
        Heard::Failed { error } => {
            asks::close_all(state, id, out);
            let failure = failure(&error);
            if let Some(session) = state.sessions.get_mut(&id) {
                session.view.note = Some(failure.to_string());
                session.told.limited = failure.category == Category::RateLimit;
            }
            spent::end(state, id, TurnState::Failed(failure), now, out);
            still(state, id, now, out);
        }
        Heard::SubAgentStopped { tasks } => runs_on(state, id, tasks),
        Heard::Compacting | Heard::Compacted => {
            let begins = hook.heard == Heard::Compacting;
            if let (Some(session), Some(conversation)) =
                (state.sessions.get_mut(&id), &hook.conversation)
            {
                session.told.compacting = begins;
                session.told.bill(conversation).hidden = true;
            }
            still(state, id, now, out);
        }
        Heard::Ended { .. } => {
            asks::close_all(state, id, out);
            runs_on(state, id, Tasks::default());
            spent::end(state, id, TurnState::Interrupted, now, out);
            still(state, id, now, out);
        }
        Heard::Other => {}
    }
    false
}

/// What every hook tells beside its own word.
fn note(state: &mut State, id: SessionId, hook: &Hook, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if hook.conversation.is_some() && session.agent_ref != hook.conversation {
        session.agent_ref.clone_from(&hook.conversation);
        out.push(session.row());
    }
    let mode = &hook.permission_mode;
    if hook.sub_agent.is_none() && mode.is_some() && session.view.permission_mode != *mode {
        session.view.permission_mode.clone_from(mode);
        out.push(session.changed());
    }
}

/// How the note ends that tells of programs.
const BEHIND: &str = "in its background";

fn runs_on(state: &mut State, id: SessionId, tasks: Tasks) {
    if let Some(session) = state.sessions.get_mut(&id) {
        session.told.compacting = false;
        session.told.tasks = tasks;
        let note = match tasks.programs {
            0 => None,
            1 => Some(format!("a program {BEHIND}")),
            n => Some(format!("{n} programs {BEHIND}")),
        };
        // Any other note stays.
        let ours = session
            .view
            .note
            .as_ref()
            .is_none_or(|note| note.ends_with(BEHIND));
        if ours || note.is_some() {
            session.view.note = note;
        }
    }
}

/// It goes on with whatever it was doing.
pub fn still(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    let told = &session.told;
    let exchange = told.exchange.is_some() && !told.calm;
    let busy = exchange || told.tasks.agents > 0 || told.compacting;
    let asked = !session.view.asks.is_empty();
    let means = match (asked, busy) {
        (true, _) => Means::NeedsYou(Kind::Approval),
        (false, true) => Means::Working,
        (false, false) => Means::Idle,
    };
    say(state, id, means, now, out);
}

/// A notification; of what is asked in a dialog a hook has told already, where there is one for it.
fn notified(
    state: &mut State,
    id: SessionId,
    kind: &str,
    message: &str,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let kind = match kind {
        "permission_prompt" => Kind::Approval,
        "elicitation_dialog" | "agent_needs_input" => Kind::Question,
        // Nothing is asked: it has waited for a prompt for a minute.
        "idle_prompt" => return still(state, id, now, out),
        _ => return,
    };
    let known = state
        .sessions
        .get(&id)
        .is_some_and(|s| !s.view.asks.is_empty());
    if !known {
        asks::open_in_pane(state, id, kind, message, now, out);
    }
    say(state, id, Means::NeedsYou(kind), now, out);
}

fn failure(error: &str) -> Failure {
    let category = match error {
        "rate_limit" => Category::RateLimit,
        "authentication_failed" | "oauth_org_not_allowed" => Category::Auth,
        "billing_error" => Category::Quota,
        "invalid_request" => Category::BadRequest,
        "overloaded" => Category::Overloaded,
        // What else there is, such as an error of the server's.
        _ => Category::Overloaded,
    };
    Failure::new(
        category,
        format!("the answer could not be had: {}", error.replace('_', " ")),
        "its pane shows more",
    )
}

/// A hook says what the program does.
fn say(state: &mut State, id: SessionId, means: Means, now: Now, out: &mut Vec<Effect>) {
    rung(state, id, (Source::Hook, Some(means)), now, out);
}

/// What a rung says from now on.
pub fn rung(
    state: &mut State,
    id: SessionId,
    said: (Source, Option<Means>),
    now: Now,
    out: &mut Vec<Effect>,
) {
    let new_ask = state.new_ask_id();
    if let Some(session) = state.sessions.get_mut(&id) {
        status::hear(session, said, "", new_ask, now, out);
    }
}
