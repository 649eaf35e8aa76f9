//! The things that can be written, and how each is.

use super::counted::{self, CountedRow};
use super::rows::{self, SessionRow, int};
use crate::protocol::{Delta, Millis, Nano, Rating, SessionId, Suggestion, Turn, TurnId};
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
    /// Something seen of a turn without asking, such as `edited`, and how much of a success it is (0 to 1).
    Outcome {
        turn: TurnId,
        name: String,
        weight: f64,
        at: Millis,
    },
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
            Write::Outcome {
                turn,
                name,
                weight,
                at,
            } => {
                connection
                    .prepare_cached(
                        "INSERT INTO outcome (turn, name, weight, at) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![int(turn.0), name, weight, at])?;
            }
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
