//! The words of the house: what faces ask, what the engine tells, and the things both speak of.
//!
//! Only data and its arithmetic live here, with serde; no clock, no files, no sockets. Every other room may
//! open this one; this one opens none (`error` aside).

mod answer;
mod ask;
mod failure;
mod fork_tree;
mod frame;
mod ids;
mod learning;
mod messages;
mod money;
mod record;
mod replay;
mod screen;
mod session;
mod suggestion;
mod task;
#[cfg(test)]
pub mod testing;
mod turn;
mod views;

pub use answer::{Answer, Refusal};
pub use ask::{Ask, AskKind, Choice, Decision};
pub use failure::{Category, Failure};
pub use fork_tree::{TreeRow, fork_tree};
pub use frame::{ClientFrame, MAX_FRAME_BYTES, PROTOCOL_VERSION, ServerFrame, decode, encode};
pub use ids::{AskId, Millis, SessionId, TurnId};
pub use learning::{
    ADVISED_FROM, Adjustment, AdjustmentKind, Advice, AdviceRow, BeliefView, Drift, EvidenceView,
    Forget, LearnChange, Learned, Learning, LearningState, Rule, RuleAdvice, Tier, Verdict,
};
pub use messages::{Audience, Event, Level, Op, Query, Report, Request};
pub use money::{Cost, Nano, Usage};
pub use record::{Availability, CATEGORIES, Chosen, Past, Predicted, Record, RecordView, Seen};
pub use replay::{ReplayEqual, ReplayModel, ReplayOrder, ReplayPass, ReplayPlan, ReplayReport};
pub use screen::{
    Cell, Color, Cursor, CursorShape, Found, Line, Match, Modes, Run, ScreenUpdate, Style, is_link,
};
pub use session::{
    Backend, Gauges, Options, ProcessTree, Quota, Restart, SessionSpec, SessionView, Source,
    Status, Worktree,
};
pub use suggestion::{BudgetTier, Candidate, Suggestion};
pub use task::{BatchTask, DEFER, SPANS, Task, TaskValue, ValueTable};
pub use turn::{
    Attempt, Block, Delta, Origin, PriceNote, Rating, Receipt, Timings, ToolState, Turn, TurnState,
    apply, response_text,
};
pub use views::{
    BudgetView, CatalogSource, CatalogView, EngineStatus, ModelFilter, ModelView, Offer, Problem,
    Snapshot, Stats, StatsRow, WorktreeState, WorktreeView,
};
