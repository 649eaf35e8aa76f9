//! What can be seen of a turn without asking, and what follows from it: signals, a quality, evidence for the learner.

use super::effect::Effect;
use super::records::Asked;
use super::state::{Now, State};
use super::{availability, evidence, ratings};
use crate::learning::{Layer, Next, Place, Signal, quality, signals_after, signals_of};
use crate::protocol::{Backend, Millis, Origin, Rating, Seen, SessionId, Turn, TurnId, TurnState};
use crate::store::{Evidence, EvidenceRow, Known, Write};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The same prompt to another model tells of the first answer for so long, in milliseconds.
const ASKED_ELSEWHERE: Millis = 10 * 60_000;

/// Prompts that are remembered for that, at most; the oldest are given up first.
const REMEMBERED: usize = 1_000;

/// A prompt that was sent lately, wherever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lately {
    pub at: Millis,
    prompt: u64,
    turn: TurnId,
}

/// A turn is over: what it tells by itself, and whether its model could be had.
pub fn over(state: &mut State, turn: TurnId, now: Now, out: &mut Vec<Effect>) {
    let Some(ended) = state.turns.get(&turn) else {
        return;
    };
    if ratings::rateable(ended) {
        state.last_over = Some(turn);
    }
    let failed = matches!(ended.state, TurnState::Failed(_));
    // Of a program in a terminal the answer is not kept: that there is none to see tells nothing.
    let signals = match ended.backend == Backend::Terminal && !failed {
        true => Vec::new(),
        false => signals_of(ended),
    };
    saw(state, turn, &signals, now, out);
    availability::took(state, turn, now, out);
}

/// An answer was sent on to another session.
pub fn relayed(state: &mut State, turn: TurnId, now: Now, out: &mut Vec<Effect>) {
    let signal = Signal::named("relayed onward");
    saw(state, turn, signal.as_slice(), now, out);
}

/// Something was seen of a turn that is over.
pub fn saw(state: &mut State, turn: TurnId, signals: &[Signal], now: Now, out: &mut Vec<Effect>) {
    // What follows a failure of keys, limits or networks, such as the same prompt again, tells nothing of the model.
    let away = state.turns.get(&turn).is_some_and(ratings::was_away);
    let (Some(of), Some(mut known)) = (
        state.turns.get(&turn).map(Of::turn),
        state.records.remove(&turn),
    ) else {
        return;
    };
    let tell = |signal: &&Signal| !away || signal.layer == Layer::Availability;
    for signal in signals.iter().filter(tell) {
        if known.seen.iter().any(|seen| seen.name == signal.name) {
            continue;
        }
        let seen = Seen {
            name: signal.name.to_owned(),
            layer: word(signal.layer).to_owned(),
            weight: signal.weight,
        };
        known.seen.push(seen.clone());
        out.push(Effect::Write(Write::Outcome {
            turn,
            seen,
            at: now.ms,
        }));
    }
    judge(state, of, &mut known, now, out);
    state.records.insert(turn, known);
}

/// A layer as it is stored and shown.
fn word(layer: Layer) -> &'static str {
    match layer {
        Layer::Transport => "transport",
        Layer::Content => "content",
        Layer::Behaviour => "behaviour",
        Layer::Tools => "tools",
        Layer::Availability => "availability",
    }
}

/// What is needed of a turn to judge it.
pub struct Of {
    model: Option<String>,
    rating: Option<Rating>,
    /// Nothing is learnt of rehearsals.
    rehearsed: bool,
}

impl Of {
    pub fn turn(turn: &Turn) -> Of {
        Of {
            model: turn.model.clone(),
            rating: turn.rating,
            rehearsed: turn.backend == Backend::Rehearsal,
        }
    }
}

/// Weighs all that was seen of a turn and what the user said of it. What is new is stored and learnt.
pub fn judge(state: &mut State, of: Of, known: &mut Known, now: Now, out: &mut Vec<Effect>) {
    let signals: Vec<Signal> = known
        .seen
        .iter()
        .filter_map(|seen| Signal::named(&seen.name))
        .collect();
    let seen = quality(&signals);
    let (score, why) = (seen.score, seen.line());
    let turn = known.record.turn;
    if known.record.quality != Some(score) || known.record.why != why {
        known.record.quality = Some(score);
        known.record.why.clone_from(&why);
        out.push(Effect::Write(Write::Quality { turn, score, why }));
    }
    // What is forgotten counts again only when the turn is rated again.
    let Some(model) = of.model.filter(|_| !of.rehearsed && !known.forgotten) else {
        return;
    };
    // What the user says is worth more than all that was seen.
    let (success, weight) = match of.rating {
        Some(rating) => (rating.success(), 1.0),
        None => (seen.success, seen.weight),
    };
    let category = known.record.category.clone();
    let told = known.evidence.as_ref();
    let same = told.is_some_and(|told| {
        (told.success, told.weight) == (success, weight)
            && told.model == model
            && told.category == category
    });
    if same || told.is_none() && weight <= 0.0 {
        return;
    }
    let row = EvidenceRow {
        seq: state.evidence.next,
        turn: Some(turn),
        model,
        category,
        success,
        weight,
        at: now.ms,
        about: None,
    };
    let evidence = Evidence {
        before: known.evidence.replace(row.clone()),
        about: evidence::about(&known.record),
        row,
    };
    evidence::take(state, &evidence, now, out);
}

/// A prompt was asked: what it tells of the answers before it.
pub fn prompted(state: &mut State, id: SessionId, asked: &Asked, now: Now, out: &mut Vec<Effect>) {
    let Some(turn) = state.turns.get(&asked.turn) else {
        return;
    };
    if asked.prompt.is_empty() || !matches!(turn.origin, Origin::Typed | Origin::Broadcast { .. }) {
        return;
    }
    let mut told: Vec<(TurnId, Place)> = Vec::new();
    let mut tell = |turn: Option<TurnId>, place| told.extend(turn.map(|turn| (turn, place)));
    match turn.parent.and_then(|parent| state.turns.get(&parent)) {
        Some(before) if before.session == id => tell(Some(before.id), Place::Session),
        _ => tell(instead_of(state, id, turn), Place::Instead),
    }
    let hash = hash(asked.prompt);
    for lately in elsewhere(state, turn, hash, now) {
        tell(Some(lately), Place::OtherModel);
    }
    for (before, place) in told {
        let next = Next {
            prompt: asked.prompt,
            at: now.ms,
            place,
        };
        let signals = match state.turns.get(&before) {
            Some(before) if before.state.is_over() => match said_in(state, before) {
                // The turn of a program in a terminal holds no text.
                Some(prompt) => {
                    let prompt = prompt.to_owned();
                    signals_after(
                        &Turn {
                            prompt,
                            ..before.clone()
                        },
                        next,
                    )
                }
                None => signals_after(before, next),
            },
            _ => continue,
        };
        saw(state, before, &signals, now, out);
    }
    remember(state, asked.turn, hash, now);
    if let Some(session) = state.sessions.get_mut(&id)
        && session.view.backend == Backend::Terminal
    {
        session.told.prompt = Some((asked.turn, asked.prompt.to_owned()));
    }
}

/// What was asked of a program in a terminal, if it is the newest that was.
pub fn said_in<'a>(state: &'a State, turn: &Turn) -> Option<&'a str> {
    let (of, prompt) = state.sessions.get(&turn.session)?.told.prompt.as_ref()?;
    (*of == turn.id).then_some(prompt)
}

/// The first prompt of a fork stands in the place of the turn that followed the fork's point when it was made.
fn instead_of(state: &State, id: SessionId, turn: &Turn) -> Option<TurnId> {
    let session = state.sessions.get(&id)?;
    let parent = session.view.parent?;
    let before = state.turns.values().filter(|other| {
        other.parent == turn.parent
            && other.session == parent
            && other.timings.asked_at <= session.view.created_at
    });
    before.map(|other| other.id).max()
}

/// Turns that were asked the same lately, of other models in other sessions; not those of the same broadcast.
fn elsewhere(state: &State, turn: &Turn, prompt: u64, now: Now) -> Vec<TurnId> {
    let same = state.lately.iter().rev().filter(|lately| {
        lately.prompt == prompt && (0..=ASKED_ELSEWHERE).contains(&(now.ms - lately.at))
    });
    same.filter_map(|lately| state.turns.get(&lately.turn))
        .filter(|other| other.session != turn.session && other.model != turn.model)
        .filter(|other| other.origin != turn.origin || turn.origin == Origin::Typed)
        .map(|other| other.id)
        .collect()
}

fn remember(state: &mut State, turn: TurnId, prompt: u64, now: Now) {
    let lately = &mut state.lately;
    while lately.len() >= REMEMBERED
        || lately
            .front()
            .is_some_and(|oldest| now.ms - oldest.at > ASKED_ELSEWHERE)
    {
        lately.pop_front();
    }
    lately.push_back(Lately {
        at: now.ms,
        prompt,
        turn,
    });
}

fn hash(prompt: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    prompt.trim().hash(&mut hasher);
    hasher.finish()
}
