//! Which model next: what kind of prompt it is, what an answer will cost, how likely each model is to give a good
//! one, and so which to take.
//!
//! Pure: no clock, no network, no files. The engine hands in this user's results and gets back an ordered list.

mod advice;
mod blend;
mod calibrate;
mod classify;
mod complexity;
mod corrections;
mod counts;
mod cues;
mod ease;
mod estimate;
mod features;
mod fields;
mod forms;
mod languages;
mod learner;
mod learnings;
mod marks;
mod phrases;
mod posterior;
mod prior;
mod projects;
mod quality;
mod reading;
mod reason;
pub mod replay;
mod results;
mod ridge;
mod rule;
mod scan;
mod shown;
mod signals;
mod subs;
mod suggest;
#[cfg(test)]
mod suggest_tests;
mod tags;
mod technologies;
mod text;
mod topics;
mod trends;
mod trust;
mod value;
mod words;

pub use crate::protocol::CATEGORIES;
pub use advice::{AtHand, Tally, Used, advice};
pub use calibrate::{Calibration, Effort, Fit, calibrate};
pub use classify::classify;
pub use complexity::Complexity;
pub use corrections::Corrections;
pub use estimate::{estimate, expected_output_tokens};
pub use features::{FEATURES, Features};
pub use learner::{Learner, Observation};
pub use learnings::{AGAIN, Case, apply as apply_learnings, draw, tier, withdrawn};
pub use posterior::{Belief, Beliefs, Question, lower_bound};
pub use prior::{Ground, Prior, Priors, Standing, prior};
pub use projects::project_tags;
pub use quality::{Quality, quality};
pub use reading::{Reading, read};
pub use results::{Cell, Kind, Kinds, Results};
pub use ridge::Ridge;
pub use shown::beliefs;
pub use signals::{
    Layer, Next, Place, Signal, is_infrastructure, is_run, signals_after, signals_of,
    signals_of_tools,
};
pub use suggest::{Policy, Wish};

pub use topics::{TagKind, tag_kind};
pub use trends::{Trend, Trends};
pub use trust::Trust;
pub use value::{BANDS, band, value};
