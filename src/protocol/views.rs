//! What queries are answered with.

use super::{
    ids::{Millis, SessionId},
    money::{Cost, Nano, Usage},
    session::{Backend, SessionView, Worktree},
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The state of the house as a face first sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Oldest first.
    pub sessions: Vec<SessionView>,
    pub budget: BudgetView,
    pub engine: EngineStatus,
    pub problems: Vec<Problem>,
}

/// Money of the current day (local time).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetView {
    pub spent: Cost,
    /// Held back for turns that are being answered.
    pub reserved: Nano,
    /// `None`: no limit.
    pub daily: Option<Nano>,
}

impl BudgetView {
    /// Spent and reserved, as a share of the limit; `None` without a limit. A limit of $0 is always full.
    pub fn share(&self) -> Option<f64> {
        let limit = self.daily?;
        let used = (self.spent.counted() + self.reserved).dollars();
        Some(if limit.0 <= 0 {
            1.0
        } else {
            used / limit.dollars()
        })
    }
}

/// The engine itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStatus {
    pub pid: u32,
    pub version: String,
    pub socket: PathBuf,
    pub store: PathBuf,
    pub sessions: usize,
    pub faces: usize,
    pub started_at: Millis,
}

/// A mistake in a file of the user's. The last good value stays in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub path: PathBuf,
    /// From 1; 0 where the whole file is meant.
    pub line: usize,
    /// From 1, in characters; 0 where the whole file is meant.
    pub column: usize,
    /// Such as: unknown key `modle`.
    pub what: String,
    /// Such as: did you mean `model`?
    pub next: String,
    /// The line as it stands in the file; empty where the whole file is meant.
    pub source_line: String,
}

/// A way to run a session, and whether this machine has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub backend: Backend,
    /// Such as `Claude Code`, `Codex (in a terminal)`.
    pub label: String,
    pub ready: bool,
    /// Where it was found, or what is missing and how to mend it.
    pub detail: String,
    /// Models it has, best known first; empty: it names them itself or none is known.
    pub models: Vec<String>,
    /// For terminals: what would be run.
    pub command: Vec<String>,
}

/// A model of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelView {
    pub id: String,
    pub provider: String,
    /// Nano-dollars per million tokens.
    pub input: Option<Nano>,
    pub output: Option<Nano>,
    pub cache_read: Option<Nano>,
    pub window: Option<u64>,
    /// When the price was read off its source.
    pub price_date: Option<String>,
    /// Whether a key or a server for it is at hand.
    pub reachable: bool,
    /// `premium`, `standard` or `budget`.
    #[serde(default)]
    pub tier: String,
    /// Such as `vision`; empty: not known.
    #[serde(default)]
    pub can: Vec<String>,
    /// In the category that the list is sorted by.
    #[serde(default)]
    pub score: Option<f64>,
}

/// What a list of models is narrowed to and how it is sorted. What is `None` or empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelFilter {
    /// Part of a name or of a provider.
    pub text: String,
    pub provider: Option<String>,
    /// For a million tokens of input.
    pub max_price: Option<Nano>,
    /// Abilities, all of which a model must have.
    pub can: Vec<String>,
    pub tier: Option<String>,
    /// Tokens.
    pub min_window: Option<u64>,
    /// `price`, `window`, `name` or `score:CATEGORY`; `None`: by provider.
    pub sort: Option<String>,
    /// Only what can be asked now.
    pub reachable: bool,
}

/// The catalogue of models: how old it is, where it is from, and what its last refresh changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogView {
    /// Of its newest part, `YYYY-MM-DD`.
    pub date: String,
    pub age_days: Option<i64>,
    pub models: usize,
    /// Those whose price is known.
    pub priced: usize,
    pub sources: Vec<CatalogSource>,
    /// The user's own `models.toml`, where there is one.
    pub user_file: Option<PathBuf>,
    /// What a refresh changed, one line each; empty in an answer to a query.
    pub changes: Vec<String>,
    /// What a refresh passed over, one line each.
    pub notes: Vec<String>,
    /// Tables that could not be had or read, one line each; their last good copies stay in force.
    pub errors: Vec<String>,
}

/// One public table of models.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogSource {
    pub name: String,
    pub url: String,
    /// Rows of the last good copy; `None`: there is no copy.
    pub rows: Option<usize>,
    /// Of the copy's contents, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// When the table was last fetched, or found to be unchanged.
    pub checked_at: Option<Millis>,
}

/// A worktree that was made for a session, whatever became of the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorktreeView {
    /// What the session was called when it was made.
    pub name: String,
    /// The living session it belongs to.
    pub session: Option<SessionId>,
    pub worktree: Worktree,
    pub state: WorktreeState,
}

/// What became of a worktree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum WorktreeState {
    /// It is being made, or its making was cut off.
    Making,
    Present {
        /// Files that differ from its last commit, new ones included.
        uncommitted: u32,
        /// Commits that are on no remote and not in the branch it was made from.
        unpushed: u32,
    },
    /// Its folder is not there, and not by our doing.
    Gone,
    /// It can be brought back as it was until then; later only from `archive`, where there is one.
    Removed {
        until: Millis,
        archive: Option<String>,
    },
    /// Its last commit and what was uncommitted are kept under this ref of the repository.
    Archived { archive: String },
    /// Git does not tell, and why.
    Unknown { why: String },
}

/// What was used, spent and thought of it in a span of days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    pub days: u32,
    pub total: StatsRow,
    pub by_model: Vec<StatsRow>,
    pub by_category: Vec<StatsRow>,
    pub by_day: Vec<StatsRow>,
    /// Turns for which a suggestion was shown, and those that followed it.
    pub suggested: u32,
    pub followed: u32,
}

/// One line of statistics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StatsRow {
    pub name: String,
    pub turns: u32,
    pub failed: u32,
    pub usage: Usage,
    pub cost: Cost,
    /// Ratings given, and the sum of their successes (0 to 1 each).
    pub rated: u32,
    pub successes: f64,
    /// Median milliseconds to the first token.
    pub first_token: Option<Millis>,
}
