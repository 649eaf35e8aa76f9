//! A session that is to have a worktree: it is `starting` until git has made it, and only then begins.

use super::{Living, Made, Wanted};
use crate::engine::effect::{Effect, To};
use crate::engine::session::{Alive, Session};
use crate::engine::settle::status_after;
use crate::engine::state::{Now, State};
use crate::engine::{spawn, turns};
use crate::protocol::{Event, Failure, Level, SessionId, Source, Status};

impl Session {
    /// Whether it is to have a worktree, and has none yet.
    pub fn lacks_worktree(&self) -> bool {
        self.spec.worktree && self.spec.own_worktree.is_none()
    }

    /// Whether its worktree is being made.
    pub fn awaits_worktree(&self) -> bool {
        self.lacks_worktree() && self.process == Alive::Starting
    }
}

/// Has the worktree made that a session lacks. `true`: the session cannot begin before it is there.
pub fn make_first(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) -> bool {
    let folder = state.config.worktrees.folder.clone();
    let Some(session) = state.sessions.get_mut(&id) else {
        return false;
    };
    if !session.lacks_worktree() {
        return false;
    }
    if session.process == Alive::Starting {
        return true;
    }
    session.epoch += 1;
    session.process = Alive::Starting;
    session.view.note = None;
    session.set_status(Status::Starting, Source::Protocol, now);
    out.push(Effect::MakeWorktree {
        session: id,
        epoch: session.epoch,
        wanted: Box::new(Wanted {
            session: id,
            created_at: session.view.created_at,
            name: session.view.name.clone(),
            from: session.view.cwd.clone(),
            folder,
        }),
    });
    out.push(session.changed());
    true
}

/// A worktree is there, or git refused.
pub fn made(
    state: &mut State,
    id: SessionId,
    epoch: u64,
    result: Result<Made, Failure>,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.epoch != epoch || !session.awaits_worktree() {
        return;
    }
    session.process = Alive::No;
    match result {
        Ok(made) => {
            let text = said(&made);
            let level = match made.left_behind.is_empty() {
                true => Level::Info,
                false => Level::Warning,
            };
            session.spec.cwd = Some(made.cwd.clone());
            session.view.cwd = made.cwd;
            session.spec.own_worktree = Some(made.worktree.clone());
            session.view.worktree = Some(made.worktree);
            session.set_status(Status::Idle, Source::Protocol, now);
            out.push(Effect::Tell {
                to: To::All,
                event: Event::Notice {
                    level,
                    text,
                    session: Some(id),
                },
            });
            spawn::begin(state, id, now, out);
            turns::advance(state, id, now, out);
        }
        Err(failure) => {
            session.view.note = Some(failure.to_string());
            session.set_status(status_after(&failure), Source::Protocol, now);
            out.push(session.row());
            turns::take_back(
                state,
                id,
                "not sent: the worktree could not be made",
                now,
                out,
            );
            if let Some(session) = state.sessions.get(&id) {
                out.push(session.changed());
            }
        }
    }
}

fn said(made: &Made) -> String {
    let Made {
        worktree,
        left_behind,
        ..
    } = made;
    let mut text = format!(
        "works in {} on branch {}",
        worktree.path.display(),
        worktree.branch
    );
    if !left_behind.is_empty() {
        text.push_str(" · not carried over: ");
        text.push_str(&left_behind.join(", "));
    }
    text
}

/// All living sessions.
pub fn living(state: &State) -> Vec<Living> {
    let of = |session: &Session| Living {
        session: session.view.id,
        created_at: session.view.created_at,
        name: session.view.name.clone(),
        cwd: session.view.cwd.clone(),
    };
    state.sessions.values().map(of).collect()
}
