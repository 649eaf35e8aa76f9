//! Limits of providers: waited out, and gone on after where the user said so.

use super::accept::{self, Prompt};
use super::effect::{Effect, FaceId, Timer};
use super::feed;
use super::forks::{Result, no_session};
use super::session::Session;
use super::state::{Now, State};
use super::{status, turns};
use crate::protocol::{
    Backend, Category, Millis, Origin, SessionId, Source, Status, Turn, TurnState,
};

/// What an agent is told that has the prompt already and was cut off in the middle of its work.
const GO_ON: &str = "Go on where you stopped.";
/// A moment is added to the time that the provider named: its clock and ours may differ.
const GRACE: Millis = 2_000;
/// The least that is waited before going on: a limit whose time is past already must not be run into again and again.
const PAUSE: Millis = 60_000;
/// Percent of a window that are shown as all of it.
const USED_UP: f32 = 99.5;

/// Lets the clock end a limit whose end is known.
pub fn watch_limit(session: &Session, now: Now, out: &mut Vec<Effect>) {
    if let Status::Limited { until: Some(at) } = session.view.status {
        let at = match session.spec.resume_at_reset {
            true => (at + GRACE).max(now.ms + PAUSE),
            false => at,
        };
        let session = session.view.id;
        out.push(Effect::Arm {
            timer: Timer::Limit { session },
            at,
        });
    }
}

/// The status of a program in a terminal that was refused by a limit: until those of its windows reset that are used up,
/// as far as it tells of them.
pub fn met(session: &Session, now: Now) -> Status {
    let used_up = (session.view.quotas.iter()).filter(|window| window.used_percent >= USED_UP);
    let until = used_up.filter_map(|window| window.resets_at).max();
    Status::Limited {
        until: until.filter(|at| *at > now.ms),
    }
}

/// Whether what a program in a terminal was asked last was refused by a limit, and a window that it tells of is still
/// used up: also one that was started again since.
pub fn still_refused(state: &State, session: &Session, now: Now) -> bool {
    let last = session.view.head.and_then(|turn| state.turns.get(&turn));
    last.is_some_and(met_a_limit) && matches!(met(session, now), Status::Limited { until: Some(_) })
}

/// Whether waiting prompts are kept back until a limit is over.
pub fn waits(session: &Session, now: Now) -> bool {
    let limit = match session.view.status {
        Status::Limited { until } => until,
        _ => None,
    };
    session.spec.resume_at_reset && limit.is_some_and(|at| at > now.ms)
}

/// The time of a limit has come; a later limit has a later time.
pub fn limit_over(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Status::Limited { until: Some(at) } = session.view.status else {
        return;
    };
    if at > now.ms {
        return;
    }
    session.view.note = None;
    session.told.limited = false;
    let in_terminal = session.view.backend == Backend::Terminal;
    let (status, source) = match in_terminal {
        true => status::believed(&session.rungs),
        false => (session.own_status(), Source::Protocol),
    };
    session.set_status(status, source, now);
    out.push(session.changed());
    match (session.spec.resume_at_reset, in_terminal) {
        (false, _) => {}
        (true, false) => go_on(state, id, now, out),
        (true, true) => {
            let prompt = feed::Prompt {
                text: GO_ON.to_owned(),
                face: FaceId(0),
                id: None,
            };
            feed::feed(state, id, prompt, now, out);
        }
    }
}

/// Asks again what met the limit, and then what has waited since.
pub fn go_on(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    // What waits stands behind the turn that failed.
    let first = session.queue.front().and_then(|turn| state.turns.get(turn));
    let newest = match first {
        Some(waiting) => waiting.parent,
        None => session.view.head,
    };
    let failed = newest
        .and_then(|turn| state.turns.get(&turn))
        .filter(|turn| turn.session == id && met_a_limit(turn));
    let Some(failed) = failed else {
        return turns::advance(state, id, now, out);
    };
    let begun = session.view.backend.is_agent() && !failed.blocks.is_empty();
    let prompt = Prompt {
        attached: failed.attached.clone(),
        ..Prompt::new(
            match begun {
                true => GO_ON.to_owned(),
                false => failed.prompt.clone(),
            },
            Origin::Reset,
        )
    };
    accept::ask_first(state, id, prompt, now, out);
}

fn met_a_limit(turn: &Turn) -> bool {
    matches!(&turn.state, TurnState::Failed(failure)
        if matches!(failure.category, Category::RateLimit | Category::Quota))
}

/// Whether the session goes on by itself when the window of a limit resets.
///
/// # Errors
/// No such session.
pub fn set_resume_at_reset(
    state: &mut State,
    id: SessionId,
    on: bool,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<()> {
    let session = state.sessions.get_mut(&id).ok_or_else(no_session)?;
    session.spec.resume_at_reset = on;
    session.view.resume_at_reset = on;
    watch_limit(session, now, out);
    out.push(session.row());
    out.push(session.changed());
    // What waited for the reset need not wait any more.
    turns::advance(state, id, now, out);
    Ok(())
}
