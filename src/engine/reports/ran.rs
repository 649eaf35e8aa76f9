//! Tests and builds that an agent runs in its own interface: its transcript tells of each call and of how it ended. What
//! they say of a turn is kept; their words are not.

use crate::engine::effect::Effect;
use crate::engine::seen;
use crate::engine::state::{Now, State};
use crate::learning::signals_of_tools;
use crate::protocol::{Block, SessionId, ToolState, TurnId};

/// Calls of one exchange that are remembered; the newest say what counts.
const MOST: usize = 64;

/// Tests or a build begin.
pub fn called(state: &mut State, id: SessionId, call: String, name: String, input: String) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some(turn) = session.told.exchange.or(session.view.head) else {
        return;
    };
    let ran = session.told.ran.take().filter(|(of, _)| *of == turn);
    let (_, mut calls) = ran.unwrap_or_else(|| (turn, Vec::new()));
    if calls.len() >= MOST {
        calls.remove(0);
    }
    calls.push(Block::Tool {
        id: call,
        name,
        input,
        output: None,
        state: ToolState::Running,
    });
    session.told.ran = Some((turn, calls));
}

/// A tool has run. What its turn tells is told at the turn's end, or now where that was before.
pub fn answered(
    state: &mut State,
    id: SessionId,
    call: &str,
    (passed, printed): (bool, String),
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some((turn, calls)) = &mut session.told.ran else {
        return;
    };
    let turn = *turn;
    let known = calls
        .iter_mut()
        .find(|block| matches!(block, Block::Tool { id, .. } if id == call));
    let Some(Block::Tool {
        output, state: how, ..
    }) = known
    else {
        return;
    };
    *output = Some(printed);
    *how = match passed {
        true => ToolState::Done,
        false => ToolState::Failed,
    };
    if session.told.exchange != Some(turn) {
        tell(state, id, turn, now, out);
    }
}

/// What the tests and builds of a turn that is over have said.
pub fn tell(state: &mut State, id: SessionId, turn: TurnId, now: Now, out: &mut Vec<Effect>) {
    let told = state.sessions.get(&id).map(|session| &session.told);
    let ran = told.and_then(|told| told.ran.as_ref());
    let Some((_, calls)) = ran.filter(|(of, _)| *of == turn) else {
        return;
    };
    let signals = signals_of_tools(calls);
    seen::saw(state, turn, &signals, now, out);
}
