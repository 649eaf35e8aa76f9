//! A turn while its answer arrives: shown at once, written within a quarter of a second.

use super::effect::{Effect, Timer, To};
use super::provider::StreamEvent;
use super::retry;
use super::settle::end;
use super::state::{Now, State};
use crate::protocol::{
    Block, Category, Delta, Event, Failure, Receipt, SessionId, ToolState, Turn, TurnState, apply,
    response_text,
};
use crate::store::Write;

/// How long half an answer may be only in memory, in milliseconds. Below the promised 250, so that the
/// write itself fits in.
const FLUSH_AFTER: i64 = 150;

/// Takes in what a stream tells.
pub fn streamed(
    state: &mut State,
    id: SessionId,
    epoch: u64,
    event: StreamEvent,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let (true, Some(running)) = (session.epoch == epoch, &session.running) else {
        return;
    };
    let turn = running.turn;
    match event {
        StreamEvent::Delta(delta) => grow(state, id, delta, now, out),
        StreamEvent::Model(model) => {
            if let Some(turn) = state.turns.get_mut(&turn) {
                turn.model = Some(model);
            }
        }
        StreamEvent::Usage(usage) => {
            if let Some(turn) = state.turns.get_mut(&turn) {
                turn.usage = usage;
            }
        }
        StreamEvent::Answered { request_id, limits } => {
            if let Some(turn) = state.turns.get_mut(&turn) {
                turn.receipt = Receipt {
                    request_id,
                    requests_remaining: limits.requests_remaining,
                    tokens_remaining: limits.tokens_remaining,
                    limits_reset_at: limits.resets_at,
                    tokens_per_second: None,
                };
            }
        }
        StreamEvent::Pace { tokens_per_second } => {
            if let Some(turn) = state.turns.get_mut(&turn) {
                turn.receipt.tokens_per_second = Some(tokens_per_second);
            }
        }
        StreamEvent::Ended { .. } => {
            let how = state.turns.get_mut(&turn).map_or(TurnState::Done, outcome);
            end(state, id, how, None, now, out);
        }
        StreamEvent::Failed(failure) => retry::failed(state, id, failure, now, out),
    }
}

/// How an answer that came to its end turned out. A chat API has no tools here: a call that it asks for stays
/// undone, and an answer that is nothing else is none.
fn outcome(turn: &mut Turn) -> TurnState {
    let mut asked_for = None;
    for block in &mut turn.blocks {
        if let Block::Tool {
            name,
            output,
            state: state @ ToolState::Running,
            ..
        } = block
        {
            *state = ToolState::Failed;
            *output = Some("not run: this backend has no tools".into());
            asked_for = Some(name.clone());
        }
    }
    match asked_for {
        Some(name) if response_text(&turn.blocks).is_empty() => TurnState::Failed(Failure::new(
            Category::ToolError,
            format!("the model asked for the tool {name}, which is not run here"),
            "ask it to answer in words, or ask a claude session",
        )),
        _ => TurnState::Done,
    }
}

/// Adds to the running turn's response.
pub fn grow(state: &mut State, id: SessionId, delta: Delta, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some(running) = &mut session.running else {
        return;
    };
    let Some(turn) = state.turns.get_mut(&running.turn) else {
        return;
    };
    if turn.timings.first_token_at.is_none() && !matches!(delta, Delta::Notice { .. }) {
        turn.timings.first_token_at = Some(now.ms);
    }
    apply(&mut turn.blocks, &delta);
    if let Delta::Text { text } | Delta::Thinking { text } = &delta {
        running.produced += text.len();
    }
    remember(&mut running.unwritten, &delta);
    out.push(Effect::Tell {
        to: To::Watchers(id),
        event: Event::Grew {
            session: id,
            turn: running.turn,
            delta,
        },
    });
    if !state.flush_armed {
        state.flush_armed = true;
        out.push(Effect::Arm {
            timer: Timer::Flush,
            at: now.ms + FLUSH_AFTER,
        });
    }
}

/// Keeps a delta for the store; text that follows text is one delta.
fn remember(unwritten: &mut Vec<Delta>, delta: &Delta) {
    match (unwritten.last_mut(), delta) {
        (Some(Delta::Text { text }), Delta::Text { text: more })
        | (Some(Delta::Thinking { text }), Delta::Thinking { text: more }) => text.push_str(more),
        (_, Delta::Replace { .. }) => {
            unwritten.clear();
            unwritten.push(delta.clone());
        }
        _ => unwritten.push(delta.clone()),
    }
}

/// Writes half answers, and shows how fast they grow.
pub fn flush(state: &mut State, now: Now, out: &mut Vec<Effect>) {
    state.flush_armed = false;
    for session in state.sessions.values_mut() {
        let Some(running) = &mut session.running else {
            continue;
        };
        if running.unwritten.is_empty() {
            continue;
        }
        for delta in running.unwritten.drain(..) {
            out.push(Effect::Write(Write::Draft {
                turn: running.turn,
                seq: running.drafts,
                delta,
            }));
            running.drafts += 1;
        }
        let first = state
            .turns
            .get(&running.turn)
            .and_then(|turn| turn.timings.first_token_at);
        if let Some(first) = first
            && now.ms - first >= 500
        {
            // Four characters a token is near enough for a needle that moves; the end tells exactly.
            let tokens = running.produced as f32 / 4.0;
            session.view.gauges.tokens_per_second = Some(tokens * 1000.0 / (now.ms - first) as f32);
            out.push(session.changed());
        }
    }
}
