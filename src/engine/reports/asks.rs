//! Dialogs of a program in its own interface that can be answered here too: the hook of the dialog waits, and what
//! it is told closes the dialog. Nothing is typed into the pane.

use super::hooks;
use super::told::Held;
use crate::config::agents::Kind;
use crate::engine::agent::hooks::decision::{Permission, Put};
use crate::engine::effect::{Effect, FaceId};
use crate::engine::forks::Result;
use crate::engine::state::{Now, State};
use crate::protocol::{Answer, Ask, AskId, AskKind, Decision, Refusal, SessionId, Source};
use serde_json::Value;

/// A dialog stands open, and its hook waits.
pub fn open(
    state: &mut State,
    id: SessionId,
    reporter: (FaceId, u64),
    request: &Value,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let permission = Permission::read(request);
    let ask = put(state, id, (permission.put(), false), now, out);
    state.held.push(Held {
        session: id,
        ask,
        reporter,
        permission,
    });
    mark(state, id);
}

/// Notes whether a hook of the session waits.
fn mark(state: &mut State, id: SessionId) {
    let waits = state.held.iter().any(|held| held.session == id);
    if let Some(session) = state.sessions.get_mut(&id) {
        session.rungs.waits = waits;
    }
}

/// Something is asked that can be answered only in the pane.
pub fn open_in_pane(
    state: &mut State,
    id: SessionId,
    kind: Kind,
    message: &str,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let question = Put {
        kind: match kind {
            Kind::Approval => AskKind::Approval,
            Kind::Question => AskKind::Question,
            Kind::Login => AskKind::Login,
        },
        title: "in its pane".into(),
        detail: message.to_owned(),
        choices: Vec::new(),
        multiple: false,
        always: false,
    };
    put(state, id, (question, true), now, out);
}

/// Puts a question; `on_screen`: one that can be answered only there.
fn put(
    state: &mut State,
    id: SessionId,
    (put, on_screen): (Put, bool),
    now: Now,
    out: &mut Vec<Effect>,
) -> AskId {
    let ask = state.new_ask_id();
    if let Some(session) = state.sessions.get_mut(&id) {
        session.view.asks.push(Ask {
            id: ask,
            kind: put.kind,
            title: put.title,
            detail: put.detail,
            since: now.ms,
            choices: put.choices,
            multiple: put.multiple,
            always: put.always,
            on_screen,
        });
        out.push(session.changed());
    }
    ask
}

/// Takes the user's decision. `false`: the question is none of these.
///
/// # Errors
/// Nobody waits for it any more: it can be answered only in the pane.
pub fn answer(
    state: &mut State,
    id: SessionId,
    ask: AskId,
    decision: &Decision,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<()> {
    let Some(at) = state
        .held
        .iter()
        .position(|h| h.session == id && h.ask == ask)
    else {
        return Err(Refusal::new(
            "this can be answered only on the program's own screen",
            "open its pane",
        ));
    };
    let text = state.held[at].permission.decide(decision);
    close(state, id, ask, out);
    match text {
        Some(text) => {
            let (face, number) = state.held.remove(at).reporter;
            mark(state, id);
            out.push(Effect::Reply {
                face,
                id: number,
                result: Ok(Answer::Text(text)),
            });
        }
        None => {
            // The next of several questions.
            let question = state.held[at].permission.put();
            state.held[at].ask = put(state, id, (question, false), now, out);
        }
    }
    hooks::still(state, id, now, out);
    Ok(())
}

/// All questions of the session are gone.
pub fn close_all(state: &mut State, id: SessionId, out: &mut Vec<Effect>) {
    if let Some(session) = state.sessions.get_mut(&id)
        && !session.view.asks.is_empty()
    {
        session.view.asks.clear();
        out.push(session.changed());
    }
    sweep(state, out);
}

/// A tool has run, or will not: whoever asked for it asks no more. The oldest of that tool where there are several.
pub fn close_of_tool(state: &mut State, id: SessionId, tool: &str, out: &mut Vec<Effect>) {
    let asked = |held: &&Held| held.session == id && held.permission.tool == tool;
    if let Some(ask) = state.held.iter().find(asked).map(|held| held.ask) {
        close(state, id, ask, out);
        sweep(state, out);
    }
}

fn close(state: &mut State, id: SessionId, ask: AskId, out: &mut Vec<Effect>) {
    if let Some(session) = state.sessions.get_mut(&id) {
        session.view.asks.retain(|open| open.id != ask);
        out.push(session.changed());
    }
}

/// Lets the hooks go whose questions are no longer open.
pub fn sweep(state: &mut State, out: &mut Vec<Effect>) {
    let concerned: Vec<SessionId> = state.held.iter().map(|held| held.session).collect();
    let sessions = &state.sessions;
    let open = |held: &Held| {
        let session = sessions.get(&held.session);
        session.is_some_and(|s| s.view.asks.iter().any(|ask| ask.id == held.ask))
    };
    state.held.retain(|held| {
        let still = open(held);
        if !still {
            let (face, id) = held.reporter;
            out.push(Effect::Reply {
                face,
                id,
                result: Ok(Answer::Done),
            });
        }
        still
    });
    for id in concerned {
        mark(state, id);
    }
}

/// A face has hung up: if it was a hook that waited, its question can from now on be answered only in the pane. Whether
/// the dialog is still open is told by the transcript or the title.
pub fn left(state: &mut State, face: FaceId, now: Now, out: &mut Vec<Effect>) {
    let gone = state.held.iter().find(|held| held.reporter.0 == face);
    let Some(id) = gone.map(|held| held.session) else {
        return;
    };
    state.held.retain(|held| held.reporter.0 != face);
    mark(state, id);
    let said = state
        .sessions
        .get(&id)
        .and_then(|session| session.rungs.hook);
    hooks::rung(
        state,
        id,
        (Source::Hook, said.map(|said| said.means)),
        now,
        out,
    );
}
