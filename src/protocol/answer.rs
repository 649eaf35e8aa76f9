//! What a request is answered by.

use super::{
    ids::{SessionId, TurnId},
    learning::{Adjustment, Advice, EvidenceView, Learned, Learning},
    record::{Past, RecordView},
    screen::Found,
    session::SessionView,
    suggestion::Suggestion,
    turn::Turn,
    views::{
        BudgetView, CatalogView, EngineStatus, ModelView, Offer, Problem, Snapshot, Stats,
        WorktreeView,
    },
};
use serde::{Deserialize, Serialize};

/// The answer to an [`super::Op`] or a [`super::Query`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Done,
    Sessions(Vec<SessionView>),
    Turns(Vec<(SessionId, TurnId)>),
    Snapshot(Box<Snapshot>),
    Log(Vec<Turn>),
    Record(Box<RecordView>),
    History(Vec<Past>),
    Suggestion(Suggestion),
    Suggestions(Vec<Suggestion>),
    Learned(Box<Learned>),
    Evidence(Vec<EvidenceView>),
    Adjustments(Vec<Adjustment>),
    Learnings(Vec<Learning>),
    Advice(Box<Advice>),
    Offers(Vec<Offer>),
    Stats(Stats),
    Models(Vec<ModelView>),
    Budget(BudgetView),
    Engine(EngineStatus),
    Problems(Vec<Problem>),
    Rows(Vec<[String; 3]>),
    Warnings(Vec<String>),
    Catalog(CatalogView),
    Worktrees(Vec<WorktreeView>),
    Found(Found),
    Text(String),
}

/// Why a request was not carried out: what, and what next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub what: String,
    pub next: String,
}

impl Refusal {
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Refusal {
        Refusal {
            what: what.into(),
            next: next.into(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        if !self.next.is_empty() {
            write!(f, " · {}", self.next)?;
        }
        Ok(())
    }
}
