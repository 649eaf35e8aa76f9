//! The things that can be written, and how each is.

use super::counted::{self, CountedRow};
use super::learnt::{self, AdjustmentRow, EvidenceRow, ForgottenRow, LearnerRow, LearningRow};
use super::records;
use super::rows::{self, SessionRow, int};
use crate::protocol::{
    Availability, Delta, Millis, Nano, Rating, Record, Seen, SessionId, Suggestion, Turn, TurnId,
};
use rusqlite::{Connection, params};
use std::path::PathBuf;

/// The setting that holds the daily budget: JSON, `null` for no limit.
pub const DAILY_BUDGET: &str = "budget.daily";

/// One change of the store. Those of one [`super::Journal::write`] are stored together or not at all.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// A new session, or one that changed.
    Session(SessionRow),
    SessionKilled {
        id: SessionId,
        at: Millis,
    },
    /// A turn that was accepted or sent, as it stands. Its cost is what counts if the engine dies before
    /// the turn is over, so it should hold what was reserved.
    TurnStarted(Turn),
    /// More of an answer. `seq` rises within a turn; deltas are applied in its order.
    Draft {
        turn: TurnId,
        seq: u64,
        delta: Delta,
    },
    /// The turn as it stays; its drafts are deleted.
    TurnEnded(Turn),
    Rating {
        turn: TurnId,
        rating: Rating,
        note: Option<String>,
        at: Millis,
    },
    /// How a turn's prompt was read and what was expected of it, with the turn or anew.
    Record(Record),
    /// Something seen of a turn without asking.
    Outcome {
        turn: TurnId,
        seen: Seen,
        at: Millis,
    },
    /// How good a turn's answer seems now, 0 to 10, and why.
    Quality {
        turn: TurnId,
        score: f64,
        why: String,
    },
    /// The category that the user says is a turn's.
    Category {
        turn: TurnId,
        category: String,
    },
    Evidence(EvidenceRow),
    /// Takes the place of the one before.
    Learner(LearnerRow),
    /// The stored fold holds what is to be forgotten, and goes; another is written once it is made.
    Forgotten(ForgottenRow),
    Availability(Availability),
    /// New, or changed.
    Adjustment(AdjustmentRow),
    /// New, or changed.
    Learning(LearningRow),
    /// What was suggested when the turn was asked.
    Suggestion {
        turn: TurnId,
        suggestion: Suggestion,
        followed: bool,
        at: Millis,
    },
    /// A request that a transcript tells of, as far as it is known by now.
    Counted(CountedRow),
    /// How far a transcript was taken in.
    Followed {
        session: SessionId,
        path: PathBuf,
        position: u64,
    },
    /// `None`: no limit. In force from then on, over the configuration's.
    Budget {
        daily: Option<Nano>,
    },
    Setting {
        key: String,
        value: String,
    },
}

impl Write {
    /// Whether losing it to a power failure would break no promise.
    pub(super) fn is_draft(&self) -> bool {
        matches!(self, Write::Draft { .. })
    }

    /// Carries it out on `connection`, inside the transaction of the caller.
    pub(super) fn apply(&self, connection: &Connection) -> rusqlite::Result<()> {
        match self {
            Write::Session(row) => rows::put_session(connection, row)?,
            Write::SessionKilled { id, at } => {
                connection
                    .prepare_cached("UPDATE session SET killed_at = ?2 WHERE id = ?1")?
                    .execute(params![int(id.0), at])?;
                connection
                    .prepare_cached("DELETE FROM followed WHERE session = ?1")?
                    .execute([int(id.0)])?;
            }
            Write::TurnStarted(turn) => rows::put_turn(connection, turn)?,
            Write::Draft { turn, seq, delta } => {
                if matches!(delta, Delta::Replace { .. }) {
                    // It holds all that came before.
                    connection
                        .prepare_cached("DELETE FROM draft WHERE turn = ?1")?
                        .execute([int(turn.0)])?;
                }
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO draft (turn, seq, delta) VALUES (?1, ?2, ?3)",
                    )?
                    .execute(params![int(turn.0), int(*seq), rows::text(delta)?])?;
            }
            Write::TurnEnded(turn) => {
                rows::put_turn(connection, turn)?;
                connection
                    .prepare_cached("DELETE FROM draft WHERE turn = ?1")?
                    .execute([int(turn.id.0)])?;
            }
            Write::Rating {
                turn,
                rating,
                note,
                at,
            } => {
                let text = rating.to_string();
                connection
                    .prepare_cached(
                        "INSERT INTO rating (turn, rating, note, at) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![int(turn.0), text, note, at])?;
                connection
                    .prepare_cached("UPDATE turn SET rating = ?2, success = ?3 WHERE id = ?1")?
                    .execute(params![int(turn.0), text, rating.success()])?;
            }
            Write::Record(record) => records::put(connection, record)?,
            Write::Outcome { turn, seen, at } => records::put_seen(connection, *turn, seen, *at)?,
            Write::Quality { turn, score, why } => {
                records::put_quality(connection, *turn, *score, why)?;
            }
            Write::Category { turn, category } => {
                records::put_category(connection, *turn, category)?;
            }
            Write::Evidence(row) => learnt::put_evidence(connection, row)?,
            Write::Learner(row) => learnt::put_learner(connection, row)?,
            Write::Forgotten(row) => learnt::put_forgotten(connection, row)?,
            Write::Availability(row) => learnt::put_availability(connection, row)?,
            Write::Adjustment(row) => learnt::put_adjustment(connection, row)?,
            Write::Learning(row) => learnt::put_learning(connection, row)?,
            Write::Suggestion {
                turn,
                suggestion,
                followed,
                at,
            } => {
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO suggestion (turn, suggestion, followed, at) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![int(turn.0), rows::text(suggestion)?, followed, at])?;
            }
            Write::Counted(row) => counted::put(connection, row)?,
            Write::Followed {
                session,
                path,
                position,
            } => counted::put_position(connection, *session, path, *position)?,
            Write::Budget { daily } => set(connection, DAILY_BUDGET, &rows::text(daily)?)?,
            Write::Setting { key, value } => set(connection, key, value)?,
        }
        Ok(())
    }
}

fn set(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)")?
        .execute([key, value])?;
    Ok(())
}
