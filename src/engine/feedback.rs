//! What is typed into a composer and meant for us, not for a model: `/feedback good|bad|1..5 [turn]`.

use super::effect::{Effect, FaceId};
use super::forks::{Result, no_session};
use super::ratings::{self, Said};
use super::state::{Now, State};
use crate::protocol::{Answer, Rating, Refusal, SessionId, Turn, TurnId};

const USAGE: &str = "/feedback good|bad|1..5 [TURN]";

/// The words behind `/feedback`; `None`: the prompt is for the model.
pub fn words(prompt: &str) -> Option<Vec<&str>> {
    let mut words = prompt.split_whitespace();
    (words.next() == Some("/feedback")).then(|| words.collect())
}

/// What is broadcast goes to models.
///
/// # Errors
/// It is feedback.
pub fn refuse(broadcast: &str) -> Result<()> {
    match words(broadcast) {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            "feedback is about one turn, and is not broadcast",
            "type it into the session's own composer",
        )),
    }
}

/// Rates a turn as it was said in a session's composer, and answers what was rated. `Ok(None)`: the store looks for
/// the turn first.
///
/// # Errors
/// Not understood; no such turn, or several; one that cannot be rated.
pub fn give(
    state: &mut State,
    (face, request): (FaceId, u64),
    id: SessionId,
    words: &[&str],
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let (rating, wanted) = match words {
        [rating] => (rating, None),
        [rating, turn] => (rating, Some(*turn)),
        _ => return Err(Refusal::new("that is no feedback", USAGE)),
    };
    let rating: Rating = rating.parse().map_err(|what| Refusal::new(what, USAGE))?;
    let turn = match wanted {
        None => newest(state, id)?,
        Some(start) => meant(state, id, start)?,
    };
    let (asked, said) = ((face, request), Said::Feedback(rating));
    ratings::say(state, asked, Some(turn), said, now, out)
}

/// The newest turn of a session's conversation that can be rated.
fn newest(state: &State, id: SessionId) -> Result<TurnId> {
    let session = state.sessions.get(&id).ok_or_else(no_session)?;
    let path = state.path(session.view.head);
    let over = path.iter().rev().find(|turn| ratings::rateable(turn));
    over.map(|turn| turn.id).ok_or_else(|| {
        Refusal::new(
            format!("`{}` has answered nothing yet", session.view.name),
            "ask it first, or name a turn: /feedback good t4",
        )
    })
}

/// The turn of this conversation whose id is, or begins with, what was typed; else what was typed.
fn meant(state: &State, id: SessionId, start: &str) -> Result<TurnId> {
    let session = state.sessions.get(&id).ok_or_else(no_session)?;
    let path = state.path(session.view.head);
    let start: TurnId = start
        .parse()
        .map_err(|what: String| Refusal::new(what, USAGE))?;
    // A whole id means that turn, wherever it is, and not one whose id only begins so.
    if path.iter().any(|turn| turn.id == start) || state.turns.contains_key(&start) {
        return Ok(start);
    }
    let digits = start.0.to_string();
    let begins = |turn: &&Turn| turn.id.0.to_string().starts_with(&digits);
    let found: Vec<TurnId> = path
        .into_iter()
        .filter(begins)
        .map(|turn| turn.id)
        .collect();
    match found[..] {
        [] => Ok(start),
        [turn] => Ok(turn),
        _ => Err(ratings::several(start, &found)),
    }
}
