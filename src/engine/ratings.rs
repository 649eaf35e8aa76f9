//! What the user says of a turn (how good it is, what kind it was), taken into the store and into what is learnt.

use super::effect::{Effect, FaceId};
use super::forks::Result;
use super::seen::{Of, judge};
use super::state::{Now, State};
use super::{records, turns};
use crate::learning::{CATEGORIES, is_infrastructure};
use crate::protocol::{Answer, Backend, Rating, Refusal, SessionId, Turn, TurnId, TurnState};
use crate::store::{Known, Write};

/// The setting of the store that holds what was learnt of corrected readings, as JSON.
pub const CORRECTIONS: &str = "corrections";

/// What is said of a turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Rating {
        rating: Rating,
        note: Option<String>,
    },
    /// It was of this category, not of the one it was read as.
    Category(String),
}

/// Takes what is said of a turn, or of the newest that is over. `Ok(None)`: the store looks for the turn first.
///
/// # Errors
/// No such turn, or one that is still being answered; no such category.
pub fn say(
    state: &mut State,
    (face, id): (FaceId, u64),
    turn: Option<TurnId>,
    said: Said,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    if let Said::Category(category) = &said
        && !CATEGORIES.contains(&category.as_str())
    {
        return Err(Refusal::new(
            format!("`{category}` is not a category"),
            format!("one of {}", CATEGORIES.join(", ")),
        ));
    }
    let newest = || {
        let over = state.turns.values().filter(|turn| rateable(turn));
        over.max_by_key(|turn| (turn.timings.ended_at, turn.id))
            .map(|turn| turn.id)
    };
    let wanted = turn
        .or_else(newest)
        .ok_or_else(|| Refusal::new("nothing was answered yet", "ask something first"))?;
    if !state.turns.contains_key(&wanted) {
        out.push(Effect::FindTurn {
            face,
            id,
            turn: wanted,
            said,
        });
        return Ok(None);
    }
    take(state, wanted, said, now, out).map(Some)
}

/// Whether there is an answer that could be rated.
pub fn rateable(turn: &Turn) -> bool {
    // Of a program in a terminal the text is not kept.
    let answered = !turn.blocks.is_empty() || turn.backend == Backend::Terminal;
    turn.state.is_over() && turn.timings.sent_at.is_some() && answered
}

/// Whether a turn failed for what says nothing of how good its model is: keys, limits, machines, networks.
pub fn was_away(turn: &Turn) -> bool {
    matches!(&turn.state, TurnState::Failed(failure) if is_infrastructure(failure.category))
}

/// Takes what is said of a turn in memory.
///
/// # Errors
/// It is not over, or was never sent.
pub fn take(
    state: &mut State,
    turn: TurnId,
    said: Said,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Answer> {
    let Some(of) = state.turns.get(&turn).cloned() else {
        return Err(no_turn());
    };
    let bare = || Known {
        record: records::bare(&of),
        seen: Vec::new(),
        evidence: None,
    };
    let mut known = state.records.get(&turn).cloned().unwrap_or_else(bare);
    let mut of = of;
    let answer = apply(state, &mut of, &mut known, said, now, out)?;
    state.records.insert(turn, known);
    state.turns.insert(turn, of);
    // Forks show the turn too.
    let showing: Vec<SessionId> = state
        .sessions
        .values()
        .filter(|s| state.path(s.view.head).iter().any(|shown| shown.id == turn))
        .map(|s| s.view.id)
        .collect();
    for session in showing {
        turns::tell_turn(session, &state.turns[&turn], out);
    }
    Ok(answer)
}

/// The store has looked for a turn of which something was said.
pub fn found(
    state: &mut State,
    found: Option<(Turn, Known)>,
    said: Said,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Answer> {
    let (mut turn, stored) = found.ok_or_else(no_turn)?;
    // What was said of it just now may not have been in the store yet.
    let mut known = state.records.remove(&turn.id).unwrap_or(stored);
    let answer = apply(state, &mut turn, &mut known, said, now, out);
    state.records.insert(turn.id, known);
    answer
}

fn no_turn() -> Refusal {
    Refusal::new("there is no such turn", "antiphon log NAME shows their ids")
}

fn apply(
    state: &mut State,
    turn: &mut Turn,
    known: &mut Known,
    said: Said,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Answer> {
    if !matches!(said, Said::Category(_)) && was_away(turn) && turn.blocks.is_empty() {
        return Err(Refusal::new(
            format!("{} was not answered: its model could not be had", turn.id),
            "rate one that was answered",
        ));
    }
    let answer = match said {
        Said::Rating { rating, note } => {
            if !turn.state.is_over() {
                return Err(Refusal::new(
                    format!("{} is still being answered", turn.id),
                    "rate it when it is done",
                ));
            }
            if turn.timings.sent_at.is_none() {
                return Err(Refusal::new(
                    format!("{} was never sent, so nobody answered it", turn.id),
                    "rate one that was answered",
                ));
            }
            turn.rating = Some(rating);
            out.push(Effect::Write(Write::Rating {
                turn: turn.id,
                rating,
                note,
                at: now.ms,
            }));
            Answer::Turns(vec![(turn.session, turn.id)])
        }
        Said::Category(category) => correct(state, turn, known, category, out),
    };
    if turn.state.is_over() {
        judge(state, Of::turn(turn), known, now, out);
    }
    Ok(answer)
}

/// The turn is of another category, and prompts like it will be read so.
fn correct(
    state: &mut State,
    turn: &mut Turn,
    known: &mut Known,
    category: String,
    out: &mut Vec<Effect>,
) -> Answer {
    let was = std::mem::replace(&mut turn.category, category.clone());
    known.record.category.clone_from(&category);
    out.push(Effect::Write(Write::Category {
        turn: turn.id,
        category: category.clone(),
    }));
    // Of a program in a terminal the prompt is not kept.
    let learnt = match turn.prompt.is_empty() {
        true => "its prompt is not kept, so the next one like it is read as before",
        false => {
            state.corrections.learn(&turn.prompt, &category);
            if let Ok(value) = serde_json::to_string(&state.corrections) {
                out.push(Effect::Write(Write::Setting {
                    key: CORRECTIONS.into(),
                    value,
                }));
            }
            "prompts like it will be read so"
        }
    };
    let not = match was == category {
        true => String::new(),
        false => format!(", not {was}"),
    };
    Answer::Text(format!("{} is {category}{not} · {learnt}", turn.id))
}
