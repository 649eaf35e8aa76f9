//! What is done when a request fails: the same model again after a wait, the next model of its chain, or the
//! end of the turn. Nothing of this happens once a part of the answer was shown, nor unseen.

use super::effect::{Effect, Timer};
use super::plan::route;
use super::provider::is_transient;
use super::session::{Detour, Session};
use super::settle::end;
use super::state::{Now, State};
use super::stream::grow;
use super::turns::{advance, stream_again, tell_turn};
use crate::protocol::{Attempt, Block, Delta, Failure, Millis, SessionId, TurnId, TurnState};

/// The wait before the second try, in milliseconds; each further one waits twice as long.
const FIRST_WAIT: Millis = 1_000;

/// Takes a failed request in: again, elsewhere, or the end.
pub fn failed(state: &mut State, id: SessionId, failure: Failure, now: Now, out: &mut Vec<Effect>) {
    let Some((session, turn)) = running(state, id) else {
        return;
    };
    let shown = state.turns.get(&turn).is_some_and(|turn| {
        turn.blocks
            .iter()
            .any(|block| !matches!(block, Block::Notice { .. }))
    });
    if shown {
        return end(state, id, TurnState::Failed(failure), None, now, out);
    }
    let tries = session.running.as_ref().map_or(1, |running| running.tries);
    if let Some(wait) = wait(state, &failure, tries, turn, now) {
        return again(state, id, failure, wait, now, out);
    }
    match next_in_chain(state, session, &failure) {
        Some(detour) => elsewhere(state, id, failure, detour, now, out),
        None => end(state, id, TurnState::Failed(failure), None, now, out),
    }
}

fn running(state: &State, id: SessionId) -> Option<(&Session, TurnId)> {
    let session = state.sessions.get(&id)?;
    Some((session, session.running.as_ref()?.turn))
}

/// How long to wait before the next try of the same model; `None`: there is none.
fn wait(state: &State, failure: &Failure, tries: u32, turn: TurnId, now: Now) -> Option<Millis> {
    let rules = &state.config.retry;
    if !is_transient(failure.category) || tries >= rules.attempts {
        return None;
    }
    let wait = match failure.until {
        Some(until) => (until - now.ms).max(0),
        None => backoff(tries, turn),
    };
    (wait <= Millis::from(rules.longest_wait) * 1000).then_some(wait)
}

/// 1, 2, 4 … seconds, up to a quarter more or less, so that many sessions that failed together do not come
/// back together. The spread is a hash of the turn and the try: the same in every run, and no two turns alike.
fn backoff(tries: u32, turn: TurnId) -> Millis {
    let wait = FIRST_WAIT << (tries - 1).min(10);
    // splitmix64's finisher (Steele, Lea, Flood 2014).
    let mut hash = (turn.0 << 8 | u64::from(tries)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let share = ((hash >> 32) % 500) as Millis; // of a thousand
    wait * (750 + share) / 1000
}

fn again(
    state: &mut State,
    id: SessionId,
    failure: Failure,
    wait: Millis,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let attempts = state.config.retry.attempts;
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some(running) = &mut session.running else {
        return;
    };
    running.tries += 1;
    let tries = running.tries;
    session.epoch += 1;
    let epoch = session.epoch;
    let text = format!(
        "{}: {} · trying again in {:.1} s ({tries} of {attempts})",
        failure.category,
        failure.message,
        wait as f64 / 1000.0,
    );
    record(state, id, failure, now, out);
    grow(state, id, Delta::Notice { text }, now, out);
    out.push(Effect::Arm {
        timer: Timer::Retry { session: id, epoch },
        at: now.ms + wait,
    });
}

/// The wait before a try is over.
pub fn due(state: &mut State, id: SessionId, epoch: u64, now: Now, out: &mut Vec<Effect>) {
    if state
        .sessions
        .get(&id)
        .is_some_and(|session| session.epoch == epoch)
    {
        stream_again(state, id, now, out);
    }
}

/// The next model that can be asked, of the session's own chain or of its group's.
fn next_in_chain(state: &State, session: &Session, failure: &Failure) -> Option<Detour> {
    let rules = &state.config.fallback;
    let word = serde_json::to_value(failure.category).ok()?;
    if !rules.on.iter().any(|on| word == on.as_str()) {
        return None;
    }
    let group = || rules.groups.get(session.view.group.as_ref()?);
    let chain = match session.spec.fallback.is_empty() {
        false => &session.spec.fallback,
        true => group()?,
    };
    let gone = session.running.as_ref()?.hops;
    let tried = state.turns.get(&session.running.as_ref()?.turn)?;
    chain.iter().enumerate().skip(gone).find_map(|(at, name)| {
        let (backend, model) = route(state, name)?;
        // The model that has just failed is no way out.
        let same = backend == tried.backend && Some(&model) == tried.model.as_ref();
        (!same && backend.is_api()).then_some(Detour {
            backend,
            model,
            hops: at + 1,
        })
    })
}

/// Puts the turn back to the head of the queue, for another model; the budget is asked again there.
fn elsewhere(
    state: &mut State,
    id: SessionId,
    failure: Failure,
    detour: Detour,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let text = format!(
        "{}: {} · going on with {} ({})",
        failure.category, failure.message, detour.model, detour.backend,
    );
    record(state, id, failure, now, out);
    grow(state, id, Delta::Notice { text }, now, out);
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some(running) = session.running.take() else {
        return;
    };
    session.epoch += 1;
    session.queue.push_front(running.turn);
    session.detour = Some(detour);
    if let Some(turn) = state.turns.get_mut(&running.turn) {
        turn.state = TurnState::Waiting;
        tell_turn(id, turn, out);
    }
    advance(state, id, now, out);
}

/// Links a failed try to its turn.
fn record(state: &mut State, id: SessionId, failure: Failure, now: Now, out: &mut Vec<Effect>) {
    let Some((_, turn)) = running(state, id) else {
        return;
    };
    if let Some(turn) = state.turns.get_mut(&turn) {
        turn.attempts.push(Attempt {
            backend: turn.backend.clone(),
            model: turn.model.clone(),
            failure,
            at: now.ms,
        });
        tell_turn(id, turn, out);
    }
}
