//! Policies against a log of known answers: which would have chosen how well.
//!
//! What "ours" learns, it learns from prompts of the same log (in-domain); the published routers it is set beside saw
//! none of them (zero-shot). Whoever shows such figures says so.

mod chance;
mod expected;
mod history;
mod log;
mod measure;
mod order;
mod pass;
mod rates;
mod report;
mod task;

pub use chance::Chance;
pub use expected::{mean_costs, priors_from_others};
pub use log::{Arm, Fault, Log, Task};
pub use measure::{Curve, Scored, curve};
pub use order::{Feedback, Ordering, Scorer};
pub use pass::{Outcome, Pass, Policy};
pub use report::report;
