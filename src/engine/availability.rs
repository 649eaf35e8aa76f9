//! Whether models can be had: failures of keys, limits, machines and networks, apart from how good answers are.

use super::effect::Effect;
use super::state::{Now, State};
use crate::learning::is_infrastructure;
use crate::protocol::{Availability, Backend, Category, Turn, TurnId, TurnState};
use crate::store::Write;
use std::collections::BTreeMap;

/// A model that failed so often in a row rests: it is not suggested until it has answered again.
pub const RESTS_AFTER: u32 = 3;

/// By model (its key in the catalogue) and backend.
pub type Had = BTreeMap<(String, String), Availability>;

/// As the store has them.
pub fn loaded(rows: Vec<Availability>) -> Had {
    let rows = rows.into_iter().map(|row| {
        let key = (row.model.clone(), row.backend.as_str().to_owned());
        (key, row)
    });
    rows.collect()
}

/// Whether this model rests on this backend.
pub fn rests(state: &State, model: &str, backend: &Backend) -> bool {
    let key = (state.catalog.key(model), backend.as_str().to_owned());
    state.availability.get(&key).is_some_and(is_resting)
}

/// Whether any model rests.
pub fn any_rests(state: &State) -> bool {
    state.availability.values().any(is_resting)
}

fn is_resting(had: &Availability) -> bool {
    had.in_a_row >= RESTS_AFTER
}

/// A turn is over: counts for each model that was asked whether it could be had, once however often it was tried.
pub fn took(state: &mut State, turn: TurnId, now: Now, out: &mut Vec<Effect>) {
    let Some(turn) = state.turns.get(&turn) else {
        return;
    };
    for (model, backend, failure) in asked(turn) {
        let key = (state.catalog.key(&model), backend.as_str().to_owned());
        let had = state
            .availability
            .entry(key.clone())
            .or_insert_with(|| Availability {
                model: key.0,
                backend,
                answered: 0,
                failed: 0,
                in_a_row: 0,
                category: None,
                at: now.ms,
            });
        had.at = now.ms;
        match failure {
            None => {
                had.answered += 1;
                had.in_a_row = 0;
            }
            Some(category) => {
                had.failed += 1;
                had.in_a_row += 1;
                had.category = Some(category);
            }
        }
        out.push(Effect::Write(Write::Availability(had.clone())));
    }
}

/// The models that a turn was sent to, and why they could not be had; `None`: it answered, however badly.
fn asked(turn: &Turn) -> Vec<(String, Backend, Option<Category>)> {
    let mut asked: Vec<(String, Backend, Option<Category>)> = Vec::new();
    let tries = turn.attempts.iter().map(|attempt| {
        let category = attempt.failure.category;
        (attempt.model.clone(), &attempt.backend, Some(category))
    });
    let last = match &turn.state {
        TurnState::Done => Some(None),
        TurnState::Failed(failure) => Some(Some(failure.category)),
        // Stopped by the user, or not over: it tells neither.
        TurnState::Interrupted | TurnState::Waiting | TurnState::Streaming => None,
    };
    let last = last.map(|how| (turn.model.clone(), &turn.backend, how));
    for (model, backend, how) in tries.chain(last) {
        let Some(model) = model.filter(|_| *backend != Backend::Rehearsal) else {
            continue;
        };
        let how = match how {
            Some(category) if !is_infrastructure(category) => None,
            // Too much was asked for: any model would have to refuse.
            Some(
                Category::ContextOverflow | Category::BadRequest | Category::CapabilityMismatch,
            ) => continue,
            how => how,
        };
        // What came of the last try holds.
        asked.retain(|(known, on, _)| *known != model || on != backend);
        asked.push((model, backend.clone(), how));
    }
    asked
}
