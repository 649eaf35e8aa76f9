//! Which model next: what kind of prompt it is, what an answer will cost, how likely each model is to give a good
//! one, and so which to take.
//!
//! Pure: no clock, no network, no files. The engine hands in this user's results and gets back an ordered list.

mod advice;
mod calibrate;
mod classify;
mod corrections;
mod cues;
mod estimate;
mod features;
mod fields;
mod forms;
mod learner;
mod learnings;
mod phrases;
mod posterior;
mod prior;
mod quality;
mod reading;
mod reason;
mod results;
mod scan;
mod shown;
mod signals;
mod suggest;
#[cfg(test)]
mod suggest_tests;
mod tags;
mod technologies;
mod topics;
mod trends;
mod value;
mod words;

pub use advice::{AtHand, Tally, Used, advice};
pub use calibrate::{Calibration, Effort, Fit, calibrate};
pub use classify::classify;
pub use corrections::Corrections;
pub use estimate::{estimate, expected_output_tokens};
pub use features::{FEATURES, Features};
pub use learner::{Learner, Observation};
pub use learnings::{AGAIN, Case, apply as apply_learnings, draw, tier, withdrawn};
pub use posterior::{Belief, Beliefs, lower_bound};
pub use prior::{Ground, Prior, Standing, prior};
pub use quality::{Quality, quality};
pub use reading::{Complexity, Reading, read};
pub use results::{Cell, Results};
pub use shown::beliefs;
pub use signals::{Layer, Next, Place, Signal, is_infrastructure, signals_after, signals_of};
pub use suggest::{Wish, suggest};
pub use technologies::project_tags;
pub use topics::{TagKind, tag_kind};
pub use trends::{Trend, Trends};
pub use value::{BANDS, band, value};

/// The kinds of prompts, as [`classify()`] gives them.
pub const CATEGORIES: [&str; 12] = [
    "code_gen",
    "debug",
    "refactor",
    "code_review",
    "explain",
    "simple_qa",
    "reasoning",
    "math",
    "creative",
    "research",
    "data",
    "other",
];
