//! What the user says of a turn, taken into the store and into what is known of the model.

use super::effect::{Effect, FaceId};
use super::forks::Result;
use super::state::{Now, State};
use super::{suggest, turns};
use crate::protocol::{Answer, Rating, Refusal, SessionId, Turn, TurnId};
use crate::store::Write;

/// Rates a turn, or the newest that is over.
///
/// # Errors
/// No turn to rate, or one that is still being answered.
pub fn rate(
    state: &mut State,
    face: FaceId,
    id: u64,
    (turn, rating, note): (Option<TurnId>, Rating, Option<String>),
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let newest = || {
        let over = state.turns.values().filter(|turn| rateable(turn));
        over.max_by_key(|turn| (turn.timings.ended_at, turn.id))
            .map(|turn| turn.id)
    };
    let wanted = turn.or_else(newest).ok_or_else(|| {
        Refusal::new(
            "there is no turn that could be rated",
            "ask something first",
        )
    })?;
    let Some(known) = state.turns.get(&wanted) else {
        out.push(Effect::RateStored {
            face,
            id,
            turn: wanted,
            rating,
            note,
        });
        return Ok(None);
    };
    let session = known.session;
    apply_rating(state, &known.clone(), rating, note, now, out)?;
    Ok(Some(Answer::Turns(vec![(session, wanted)])))
}

fn rateable(turn: &Turn) -> bool {
    turn.state.is_over() && !turn.blocks.is_empty()
}

fn apply_rating(
    state: &mut State,
    turn: &Turn,
    rating: Rating,
    note: Option<String>,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<()> {
    if !turn.state.is_over() {
        return Err(Refusal::new(
            format!("{} is still being answered", turn.id),
            "rate it when it is done",
        ));
    }
    out.push(Effect::Write(Write::Rating {
        turn: turn.id,
        rating,
        note,
        at: now.ms,
    }));
    suggest::learn(state, turn, rating);
    if let Some(known) = state.turns.get_mut(&turn.id) {
        known.rating = Some(rating);
    }
    // Forks show the turn too.
    let showing: Vec<SessionId> = state
        .sessions
        .values()
        .filter(|s| {
            state
                .path(s.view.head)
                .iter()
                .any(|shown| shown.id == turn.id)
        })
        .map(|s| s.view.id)
        .collect();
    for session in showing {
        if let Some(turn) = state.turns.get(&turn.id) {
            turns::tell_turn(session, turn, out);
        }
    }
    Ok(())
}

/// The store has looked for a turn that was to be rated.
#[expect(clippy::too_many_arguments, reason = "the fields of one input")]
pub fn rate_stored(
    state: &mut State,
    face: FaceId,
    id: u64,
    turn: Option<Box<Turn>>,
    rating: Rating,
    note: Option<String>,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let result = match turn {
        None => Err(Refusal::new(
            "there is no such turn",
            "antiphon log NAME shows their ids",
        )),
        Some(turn) => apply_rating(state, &turn, rating, note, now, out)
            .map(|()| Answer::Turns(vec![(turn.session, turn.id)])),
    };
    out.push(Effect::Reply { face, id, result });
}
