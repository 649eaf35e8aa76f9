//! A prompt is accepted: it becomes a turn, stored with its record before anybody is asked. `turns` goes on from there.

use super::effect::Effect;
use super::forks::Result;
use super::records::{self, Asked};
use super::session::{Running, Session};
use super::state::{Now, State};
use super::turns::{advance, tell_turn};
use crate::protocol::{
    Cost, Nano, Origin, Refusal, SessionId, Timings, Turn, TurnId, TurnState, Usage,
};
use crate::store::Write;
use std::path::PathBuf;

/// The longest prompt, in bytes; far above any model's window.
const MAX_PROMPT: usize = 8 * 1024 * 1024;

/// What is asked.
pub struct Prompt {
    pub text: String,
    pub origin: Origin,
    /// Whether a suggestion was seen beside it.
    pub suggested: bool,
    /// Images to send along, as absolute paths.
    pub attached: Vec<PathBuf>,
}

impl Prompt {
    /// A prompt without images.
    pub fn new(text: String, origin: Origin) -> Prompt {
        Prompt {
            text,
            origin,
            suggested: false,
            attached: Vec::new(),
        }
    }
}

/// Accepts a prompt: from here on it is stored. It is sent at once if the session is free.
pub fn ask(
    state: &mut State,
    id: SessionId,
    prompt: Prompt,
    now: Now,
    out: &mut Vec<Effect>,
) -> TurnId {
    let number = state.new_turn_id();
    let put = |state: &mut State, turn: Turn, out: &mut Vec<Effect>| {
        let Some(session) = state.sessions.get_mut(&id) else {
            return;
        };
        session.view.head = Some(number);
        session.queue.push_back(number);
        session.view.waiting = session.queue.len() as u32;
        out.push(Effect::Write(Write::TurnStarted(turn.clone())));
        out.push(session.row());
        state.turns.insert(number, turn);
    };
    accept(state, (id, number), prompt, put, now, out);
    number
}

/// As [`ask`], but before what waits.
pub fn ask_first(
    state: &mut State,
    id: SessionId,
    prompt: Prompt,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let number = state.new_turn_id();
    let put = |state: &mut State, turn: Turn, out: &mut Vec<Effect>| {
        insert(state, id, turn, out);
        if let Some(session) = state.sessions.get_mut(&id) {
            session.queue.push_front(number);
            session.view.waiting = session.queue.len() as u32;
        }
    };
    accept(state, (id, number), prompt, put, now, out);
}

/// Reads a prompt, has its turn put into the conversation and the queue, and makes its record.
fn accept(
    state: &mut State,
    (id, number): (SessionId, TurnId),
    prompt: Prompt,
    put: impl FnOnce(&mut State, Turn, &mut Vec<Effect>),
    now: Now,
    out: &mut Vec<Effect>,
) {
    let reading = records::read(state, id, &prompt.text);
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    let text = prompt.text.clone();
    let mut turn = blank(
        number,
        session,
        prompt.text,
        prompt.origin,
        reading.category,
    );
    turn.attached = prompt.attached;
    turn.timings.asked_at = now.ms;
    put(state, turn, out);
    tell_turn(id, &state.turns[&number], out);
    let asked = Asked {
        turn: number,
        prompt: &text,
        reading: &reading,
        suggested: prompt.suggested,
    };
    records::asked(state, id, &asked, now, out);
    advance(state, id, now, out);
}

/// Puts a turn behind what has been answered, before what waits.
fn insert(state: &mut State, id: SessionId, turn: Turn, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let next = session.queue.front().copied();
    let parent = match next.and_then(|id| state.turns.get(&id)) {
        Some(next) => next.parent,
        None => session.view.head,
    };
    let turn = Turn { parent, ..turn };
    match next.and_then(|id| state.turns.get_mut(&id)) {
        Some(next) => {
            next.parent = Some(turn.id);
            out.push(Effect::Write(Write::TurnStarted(next.clone())));
        }
        None => session.view.head = Some(turn.id),
    }
    out.push(Effect::Write(Write::TurnStarted(turn.clone())));
    out.push(session.row());
    state.turns.insert(turn.id, turn);
}

/// An agent goes on without having been asked, as after a background task: a turn without a prompt.
pub fn unasked(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let turn = state.new_turn_id();
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let begun = Turn {
        timings: Timings {
            asked_at: now.ms,
            sent_at: Some(now.ms),
            ..Timings::default()
        },
        state: TurnState::Streaming,
        ..blank(turn, session, String::new(), Origin::Agent, "other")
    };
    session.running = Some(Running::new(turn, Nano(0)));
    insert(state, id, begun, out);
    tell_turn(id, &state.turns[&turn], out);
    records::unasked(state, id, turn, now, out);
}

pub fn blank(
    id: TurnId,
    session: &Session,
    prompt: String,
    origin: Origin,
    category: &str,
) -> Turn {
    Turn {
        id,
        parent: session.view.head,
        session: session.view.id,
        prompt,
        origin,
        blocks: Vec::new(),
        state: TurnState::Waiting,
        backend: session.view.backend.clone(),
        model: session.view.model.clone(),
        usage: Usage::default(),
        cost: Cost::default(),
        timings: Timings::default(),
        rating: None,
        category: category.to_owned(),
        agent_ref: None,
        attached: Vec::new(),
        attempts: Vec::new(),
        price: None,
        receipt: Default::default(),
    }
}

/// Whether a prompt can be sent.
///
/// # Errors
/// It is empty, or too long.
pub fn check_prompt(prompt: &str) -> Result<()> {
    if prompt.trim().is_empty() {
        return Err(Refusal::new("the prompt is empty", "write something first"));
    }
    check_length(prompt)
}

/// Whether a prompt is of a length that can be carried.
///
/// # Errors
/// Names the limit.
pub fn check_length(prompt: &str) -> Result<()> {
    if prompt.len() > MAX_PROMPT {
        return Err(Refusal::new(
            format!(
                "a prompt of {} bytes passes the limit of {MAX_PROMPT}",
                prompt.len()
            ),
            "send less at once",
        ));
    }
    Ok(())
}
