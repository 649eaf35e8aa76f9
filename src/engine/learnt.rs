//! What is learnt, as faces see it and change it.

use super::effect::{Effect, FaceId};
use super::forks::Result;
use super::state::{Now, State};
use crate::learning::{self, Beliefs};
use crate::protocol::{Answer, LearnChange, Learned, Refusal};

/// Everything that is believed, from memory.
pub fn learned(state: &State, all: bool) -> Learned {
    let reachable: Vec<&str> = match all {
        true => state
            .reachable
            .iter()
            .map(|(model, _)| model.as_str())
            .collect(),
        false => Vec::new(),
    };
    let results = state.learner.results();
    Learned {
        results: results
            .cells()
            .map(|(_, _, cell)| u64::from(cell.seen))
            .sum(),
        trust: Beliefs::new(&state.priors, results).trust().weight,
        threshold: state.config.suggest.threshold,
        beliefs: learning::beliefs(&state.catalog, &state.priors, &state.learner, &reachable),
        changes: Vec::new(),
        learnings: Vec::new(),
    }
}

/// Changes what is learnt.
pub fn change(
    _state: &mut State,
    _face: FaceId,
    _id: u64,
    _change: LearnChange,
    _now: Now,
    _out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    Err(Refusal::new("the store keeps no evidence yet", ""))
}
