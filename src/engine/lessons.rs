//! What is sought in the store for the learning, and what becomes of what was found there.

use super::effect::{Effect, FaceId};
use super::state::{Now, State};
use super::{calibrate, learnt};
use crate::error::Result;
use crate::learning::Learner;
use crate::protocol::{Answer, EvidenceView, Refusal};
use crate::store::TakenRow;

/// Which results are meant; `None`: whatever the model, whatever the category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    pub model: Option<String>,
    pub category: Option<String>,
}

/// What is sought.
#[derive(Clone, Debug, PartialEq)]
pub enum Sought {
    /// The names of all models that any evidence has.
    Names(Meant),
    /// What is believed after all evidence that is stored, now that this is forgotten.
    Anew(Meant),
    /// Which of these are not known here.
    Fresh(Vec<EvidenceView>),
    /// What the newest answers took.
    Efforts,
    /// What the turns of so many days took.
    Spent { days: u32 },
}

/// What was found.
#[derive(Debug)]
pub enum Found {
    Names(Meant, Result<Vec<String>>),
    /// And the last row of evidence in it.
    Anew(Meant, Result<(Box<Learner>, u64)>),
    /// And how many are known.
    Fresh(Result<(Vec<EvidenceView>, usize)>),
    Efforts(Result<Vec<TakenRow>>),
    Spent {
        days: u32,
        taken: Result<Vec<TakenRow>>,
    },
}

/// Who is answered: a face and its request. Nobody, where it is done once a day.
pub type Asked = Option<(FaceId, u64)>;

/// Goes on with what was found; whoever asked is answered, unless more is sought.
pub fn found(state: &mut State, asked: Asked, found: Found, now: Now, out: &mut Vec<Effect>) {
    let result = match found {
        Found::Names(meant, names) => match names {
            Ok(names) => match learnt::forget_results(state, asked, meant, names, now, out) {
                Ok(()) => return,
                Err(refusal) => Err(refusal),
            },
            Err(error) => Err(refusal(error)),
        },
        Found::Anew(meant, anew) => {
            let anew = anew.map_err(refusal);
            learnt::folded(state, &meant, anew, now, out).map(|row| Answer::Adjustments(vec![row]))
        }
        Found::Fresh(fresh) => fresh
            .map(|fresh| Answer::Adjustments(vec![learnt::import(state, fresh, now, out)]))
            .map_err(refusal),
        Found::Efforts(taken) => {
            let result = taken
                .map(|taken| Answer::Adjustments(calibrate::measured(state, taken, now, out)))
                .map_err(refusal);
            calibrate::arm(state, now, out);
            result
        }
        Found::Spent { days, taken } => taken
            .map(|taken| learnt::advice(state, days, &taken))
            .map_err(refusal),
    };
    if let Some((face, id)) = asked {
        out.push(Effect::Reply { face, id, result });
    }
}

fn refusal(error: crate::error::Error) -> Refusal {
    Refusal::new(error.what, error.next)
}
