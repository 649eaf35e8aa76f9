//! Which model next: what kind of prompt it is, what an answer will cost, how likely each model is to give a good
//! one, and so which to take.
//!
//! Pure: no clock, no network, no files. The engine hands in this user's results and gets back an ordered list.

mod advice;
mod calibrate;
mod classify;
mod estimate;
mod learner;
mod learnings;
mod posterior;
mod prior;
mod reading;
mod reason;
mod results;
mod shown;
mod suggest;
#[cfg(test)]
mod suggest_tests;
mod trends;
mod value;
mod words;

pub use advice::{AtHand, Tally, Used, advice};
pub use calibrate::{Calibration, Effort, Fit, calibrate};
pub use classify::classify;
pub use estimate::{estimate, expected_output_tokens};
pub use learner::{Learner, Observation};
pub use learnings::{AGAIN, Case, apply as apply_learnings, draw, tier, withdrawn};
pub use posterior::{Belief, Beliefs, lower_bound};
pub use prior::{Ground, Prior, Standing, prior};
pub use reading::{Complexity, FEATURES, Features, Reading, read};
pub use results::{Cell, Results};
pub use shown::beliefs;
pub use suggest::{Wish, suggest};
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
