//! What a program in a terminal is given at its start so that it tells of itself, and what is done at its end.

use super::told::Told;
use super::{asks, read, spent};
use crate::config::agents::{HookKind, TranscriptKind};
use crate::engine::agent::hooks::{Give, settings};
use crate::engine::agent::transcript::{Kind, Wanted};
use crate::engine::effect::Effect;
use crate::engine::pty::PtyStart;
use crate::engine::state::{Now, State};
use crate::protocol::{SessionId, TurnState};
use std::path::PathBuf;

/// A program of this kind is about to be started: its command is completed.
pub fn starting(
    state: &mut State,
    id: SessionId,
    start: &mut PtyStart,
    now: Now,
    out: &mut Vec<Effect>,
) {
    spent::end(state, id, TurnState::Interrupted, now, out);
    let config = state.config.clone();
    let socket = state.about.socket.clone();
    let folder = socket.parent().map(|run| run.join("hooks"));
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.told = Told::begun(session.epoch, now.ms);
    session.view.quotas.clear();
    let agent = session.view.agent.as_deref();
    let Some(agent) = agent.and_then(|name| config.agents.get(name)) else {
        return;
    };
    let claude = agent
        .hooks
        .is_some_and(|hooks| hooks.kind == HookKind::Claude);
    if let (true, Some(folder)) = (claude && !start.command.is_empty(), folder) {
        let given = settings::take_given(&mut start.command);
        let file = folder.join(format!("{}.json", id.0));
        let words = ["--settings".to_owned(), file.display().to_string()];
        start.command.splice(1..1, words);
        out.push(Effect::Give {
            session: id,
            give: Give {
                file,
                socket,
                cwd: session.view.cwd.clone(),
                given,
            },
        });
    }
    if agent
        .transcript
        .is_some_and(|t| t.kind == TranscriptKind::Codex)
    {
        out.push(Effect::Follow {
            session: id,
            start: session.told.start,
            wanted: Wanted::Rollout {
                home: None,
                cwd: session.view.cwd.clone(),
                since: now.ms,
                conversation: session.agent_ref.clone(),
            },
        });
    }
}

/// Follows the transcript that a hook names, if it is another than before.
pub fn follow(state: &mut State, id: SessionId, path: Option<PathBuf>, out: &mut Vec<Effect>) {
    let from = read::positions(state, id);
    let (Some(session), Some(path)) = (state.sessions.get_mut(&id), path) else {
        return;
    };
    if session.told.transcript.as_ref() == Some(&path) || !path.is_absolute() {
        return;
    }
    session.told.transcript = Some(path.clone());
    out.push(Effect::Follow {
        session: id,
        start: session.told.start,
        wanted: Wanted::File {
            kind: Kind::Claude,
            path,
            from,
            since: session.told.since,
            resumed: session.told.resumed,
        },
    });
}

/// The program has ended, or is ended.
pub fn ended(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    if session.told.start == 0 {
        return;
    }
    spent::end(state, id, TurnState::Interrupted, now, out);
    asks::sweep(state, out);
    out.push(Effect::Forget { session: id });
}
