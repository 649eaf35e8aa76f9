//! Small hands on a session: answer its question, change its mode, start it again, end it, look at it.

use super::agent::AgentCommand;
use super::agents::close_ask;
use super::effect::{Effect, FaceId};
use super::forks::{Result, no_session};
use super::session::Alive;
use super::state::{Now, State};
use super::{budget, feed, reports, stream, supervise, terminals, turns, worktree};
use crate::protocol::{
    Ask, AskId, AskKind, Backend, Decision, Delta, Event, Refusal, Restart, SessionId, Source,
    Status,
};
use crate::store::Write;
use std::collections::HashSet;

/// From now on the face shows these sessions, and is told what it needs to show the new ones.
pub fn watch(state: &mut State, face: FaceId, sessions: Vec<SessionId>, out: &mut Vec<Effect>) {
    let Some(known) = state.faces.get_mut(&face) else {
        return;
    };
    let wanted: HashSet<SessionId> = sessions.into_iter().collect();
    let before = std::mem::replace(&mut known.watching, wanted.clone());
    for &session in before.difference(&wanted) {
        out.push(Effect::UnwatchScreen { session, face });
    }
    for &session in wanted.difference(&before) {
        state.show(session, face, out);
    }
}

/// The kind of a question, if that decision answers it.
///
/// # Errors
/// It is the answer to another kind of question.
fn fits(ask: &Ask, decision: &Decision) -> Result<AskKind> {
    let refused = |what: &str, next: &str| Err(Refusal::new(what, next));
    match (ask.kind, decision) {
        (AskKind::Question, Decision::Once | Decision::Always) => refused(
            "a question wants an answer, not a yes",
            "choose one of its answers, or write your own",
        ),
        (AskKind::Question, Decision::Answer { answers }) if !ask.multiple && answers.len() > 1 => {
            refused("only one answer can be given", "choose one")
        }
        (_, Decision::Answer { answers }) if answers.iter().all(|a| a.trim().is_empty()) => {
            refused("the answer is empty", "write one, or answer no")
        }
        (AskKind::Approval | AskKind::Budget, Decision::Answer { .. }) => refused(
            "this is answered with once, always or no",
            "a no may have words with it",
        ),
        (kind, _) => Ok(kind),
    }
}

/// Takes the answer to an open question.
///
/// # Errors
/// The question is no longer open, or the decision does not answer it.
pub fn respond(
    state: &mut State,
    id: SessionId,
    ask: AskId,
    decision: Decision,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<()> {
    let session = state.sessions.get_mut(&id).ok_or_else(no_session)?;
    let open = session.view.asks.iter().find(|open| open.id == ask);
    let open = open.ok_or_else(|| {
        Refusal::new(
            "that question is no longer open",
            "somebody has answered it already",
        )
    })?;
    if open.on_screen {
        return Err(Refusal::new(
            format!("`{}` asks on its own screen", session.view.name),
            "answer it in its pane",
        ));
    }
    let terminal = session.view.backend == Backend::Terminal;
    let kind = fits(open, &decision)?;
    if terminal {
        return reports::answer(state, id, ask, &decision, now, out);
    }
    match kind {
        AskKind::Approval | AskKind::Question | AskKind::Login => {
            if let Some(key) = session.agent_asks.get(&ask) {
                let key = key.clone();
                let said = match &decision {
                    Decision::No { message } => message.trim().to_owned(),
                    Decision::Answer { answers } => answers.join(", "),
                    Decision::Once | Decision::Always => String::new(),
                };
                if !said.is_empty() {
                    let text = format!("answered: {said}");
                    stream::grow(state, id, Delta::Notice { text }, now, out);
                }
                out.push(Effect::Command {
                    session: id,
                    command: AgentCommand::Decide { key, decision },
                });
            }
            close_ask(state, id, ask, now, out);
        }
        AskKind::Budget => {
            session.held = None;
            close_ask(state, id, ask, now, out);
            if let Decision::No { .. } = decision {
                turns::take_back(state, id, "not sent: over the day's budget", now, out);
                if let Some(session) = state.sessions.get(&id) {
                    out.push(session.changed());
                }
            } else if state.sessions[&id].running.is_some() {
                // The agent went on by itself meanwhile: what was allowed is sent when it is done.
                if let Some(session) = state.sessions.get_mut(&id) {
                    session.allowed = true;
                }
            } else if let Some(&turn) = state.sessions[&id].queue.front() {
                let amount = budget::reservation(state, &state.sessions[&id], turn);
                turns::send(state, id, amount, now, out);
            }
        }
    }
    Ok(())
}

/// Whether an agent knows a permission mode.
///
/// # Errors
/// It does not; says which it knows.
pub fn check_mode(state: &State, backend: &Backend, mode: &str) -> Result<()> {
    let described = state.config.agents.get(backend.as_str());
    let modes = match described.and_then(|agent| agent.protocol.as_ref()) {
        Some(protocol) => protocol.modes.as_slice(),
        None => &[],
    };
    if modes.is_empty() || modes.iter().any(|known| known.name == mode) {
        return Ok(());
    }
    let words: Vec<&str> = modes.iter().map(|known| known.name.as_str()).collect();
    Err(Refusal::new(
        format!(
            "`{}` is no permission mode of {backend}",
            mode.escape_debug()
        ),
        format!("choose one of {}", words.join(", ")),
    ))
}

/// Asks an agent to change how far it may go unasked.
///
/// # Errors
/// Not an agent.
pub fn set_permission_mode(
    state: &mut State,
    id: SessionId,
    mode: String,
    out: &mut Vec<Effect>,
) -> Result<()> {
    let session = state.sessions.get(&id).ok_or_else(no_session)?;
    if !session.view.backend.is_agent() {
        return Err(Refusal::new(
            format!("`{}` has no permission mode", session.view.name),
            "only sessions with agents have one",
        ));
    }
    check_mode(state, &session.view.backend, &mode)?;
    let session = state.sessions.get_mut(&id).ok_or_else(no_session)?;
    session.spec.permission_mode = Some(mode.clone());
    if session.process == Alive::No {
        session.view.permission_mode = Some(mode);
        out.push(session.changed());
    } else {
        // Shown once the agent says that it is in force.
        out.push(Effect::Command {
            session: id,
            command: AgentCommand::SetPermissionMode(mode),
        });
    }
    out.push(session.row());
    Ok(())
}

/// Starts a session's process anew, whatever became of it before.
///
/// # Errors
/// No such session.
pub fn restart(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) -> Result<()> {
    let session = state.sessions.get(&id).ok_or_else(no_session)?;
    let comes_back = terminals::comes_back(state, session);
    let session = state.sessions.get_mut(&id).ok_or_else(no_session)?;
    session.restarts.clear();
    if session.awaits_worktree() {
        return Err(Refusal::new(
            format!("the worktree of `{}` is being made", session.view.name),
            "wait until it is there",
        ));
    }
    if worktree::life::make_first(state, id, now, out) {
        return Ok(());
    }
    let session = state.sessions.get_mut(&id).ok_or_else(no_session)?;
    let backend = session.view.backend.clone();
    if backend.is_api() {
        if session.running.is_none() && session.held.is_none() {
            session.set_status(Status::Idle, Source::Protocol, now);
            session.view.note = None;
            out.push(session.changed());
        }
        return Ok(());
    }
    match (session.process, &backend) {
        (Alive::No, _) => supervise::start(state, id, now, out),
        (_, agent) if agent.is_agent() => {
            // Two of them on one conversation would spoil it: the new one begins when the old one is gone.
            session.restart_when_gone = true;
            session.view.note = Some("starts again as soon as it has ended".into());
            out.push(session.changed());
            out.push(Effect::Command {
                session: id,
                command: AgentCommand::Stop,
            });
        }
        _ if comes_back => {
            // As above: two of them on one conversation.
            session.restart_when_gone = true;
            out.push(Effect::End { session: id });
        }
        _ => {
            out.push(Effect::End { session: id });
            session.process = Alive::No;
            supervise::start(state, id, now, out);
        }
    }
    Ok(())
}

/// Ends a session for good; its turns stay in the store.
pub fn kill(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    turns::take_back(state, id, "the session was killed", now, out);
    if let Some(session) = state.sessions.get_mut(&id) {
        if session.awaits_worktree() {
            out.push(Effect::GiveUpWorktree { session: id });
        }
        session.process = Alive::No;
        session.view.restart = Restart::Never;
    }
    turns::interrupt(state, id, now, out);
    reports::ended(state, id, now, out);
    if let Some(session) = state.sessions.get_mut(&id) {
        feed::gone(session, out);
    }
    state.followed.retain(|(session, _), _| *session != id);
    out.push(Effect::CutStream { session: id });
    out.push(Effect::End { session: id });
    out.push(Effect::Write(Write::SessionKilled { id, at: now.ms }));
    out.push(Effect::Tell {
        to: super::To::All,
        event: Event::SessionRemoved { session: id },
    });
    state.sessions.remove(&id);
    for face in state.faces.values_mut() {
        face.watching.remove(&id);
    }
    state.forget_unreachable_turns();
}
