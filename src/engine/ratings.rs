//! What the user says of a turn (how good it is, what kind it was), taken into the store and into what is learnt.

use super::effect::{Effect, FaceId};
use super::forks::Result;
use super::seen::{Of, judge};
use super::state::{Now, State};
use super::{learnt, records, turns};
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
    /// A rating that was typed into a composer; it is answered with what was rated.
    Feedback(Rating),
    /// It was of this category, not of the one it was read as.
    Category(String),
}

/// What the store has of a turn that was named by its id or the start of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Sighting {
    Nothing,
    One(Box<(Turn, Known)>),
    /// More than one begin so: the first two.
    Several(Vec<TurnId>),
    /// The store could not be read.
    Unread(Refusal),
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
    let wanted = turn
        .or_else(|| newest(state, now))
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

/// The answer that came last. Of those that came before the engine started only clocks tell, which may have been set
/// back since: what ended later than now is the older.
fn newest(state: &State, now: Now) -> Option<TurnId> {
    let last = state
        .last_over
        .filter(|last| state.turns.contains_key(last));
    let past = |turn: &Turn| turn.timings.ended_at.is_some_and(|at| at <= now.ms);
    let before = || {
        let over = state.turns.values().filter(|turn| rateable(turn));
        over.max_by_key(|turn| (past(turn), turn.timings.ended_at, turn.id))
            .map(|turn| turn.id)
    };
    last.or_else(before)
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
    let Some(mut of) = state.turns.get(&turn).cloned() else {
        return Err(no_turn(turn));
    };
    let bare = || records::unseen(records::bare(&of));
    let mut known = state.records.get(&turn).cloned().unwrap_or_else(bare);
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
    (wanted, found): (TurnId, Sighting),
    said: Said,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Answer> {
    let (mut turn, mut stored) = match found {
        Sighting::One(found) => *found,
        Sighting::Nothing => return Err(no_turn(wanted)),
        Sighting::Several(like) => return Err(several(wanted, &like)),
        Sighting::Unread(why) => return Err(why),
    };
    // One that lives is told to those who look at it.
    if state.turns.contains_key(&turn.id) {
        return take(state, turn.id, said, now, out);
    }
    learnt::forget_in(&mut stored, state.kept.forgotten());
    // What was said of it just now may not have been in the store yet.
    let mut known = state.records.remove(&turn.id).unwrap_or(stored);
    let answer = apply(state, &mut turn, &mut known, said, now, out);
    state.records.insert(turn.id, known);
    answer
}

fn no_turn(wanted: TurnId) -> Refusal {
    Refusal::new(
        format!("there is no turn {wanted}"),
        "antiphon log NAME shows their ids",
    )
}

/// What is answered where the start of an id is the start of several.
pub fn several(start: TurnId, like: &[TurnId]) -> Refusal {
    let like: Vec<String> = like.iter().take(2).map(TurnId::to_string).collect();
    Refusal::new(
        format!("{start} may be {} or others", like.join(", ")),
        "type more of its id",
    )
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
            rate(turn, known, (rating, note), now, out)?;
            Answer::Turns(vec![(turn.session, turn.id)])
        }
        Said::Feedback(rating) => {
            rate(turn, known, (rating, None), now, out)?;
            let model = turn.model.as_deref().unwrap_or(turn.backend.as_str());
            let (id, category) = (turn.id, &turn.category);
            Answer::Text(format!("{id} rated {rating}: {model}, {category}"))
        }
        Said::Category(category) => correct(state, turn, known, category, out),
    };
    if turn.state.is_over() {
        judge(state, Of::turn(turn), known, now, out);
    }
    Ok(answer)
}

fn rate(
    turn: &mut Turn,
    known: &mut Known,
    (rating, note): (Rating, Option<String>),
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<()> {
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
    known.forgotten = false;
    out.push(Effect::Write(Write::Rating {
        turn: turn.id,
        rating,
        note,
        at: now.ms,
    }));
    Ok(())
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
