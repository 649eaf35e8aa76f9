//! What was counted of transcripts, and how far they were taken in.

use super::rows::{self, int};
use crate::protocol::{Millis, SessionId, TurnId, Usage};
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};

/// For how long a request is remembered after the newest, in milliseconds: a week. What a transcript tells of older
/// ones was said before whatever reads it began, and is left out for that.
const REMEMBERED: i64 = 7 * 24 * 3_600_000;

/// A request that a transcript tells of.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedRow {
    /// As agent and provider name it; the same in every copy.
    pub key: String,
    pub session: SessionId,
    /// The turn in whose figures it is.
    pub turn: TurnId,
    pub model: Option<String>,
    pub usage: Usage,
    pub at: Millis,
}

pub fn put(connection: &Connection, row: &CountedRow) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO counted (key, session, turn, model, usage, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            row.key,
            int(row.session.0),
            int(row.turn.0),
            row.model,
            rows::text(&row.usage)?,
            row.at
        ])?;
    Ok(())
}

pub fn put_position(
    connection: &Connection,
    session: SessionId,
    path: &Path,
    position: u64,
) -> rusqlite::Result<()> {
    // A path that is no text cannot be named here; such a file is read anew, and counts once by its keys.
    if let Some(path) = path.to_str() {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO followed (session, path, position) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![int(session.0), path, int(position)])?;
    }
    Ok(())
}

/// What was counted lately; older rows are deleted.
pub fn lately(connection: &Connection) -> rusqlite::Result<Vec<CountedRow>> {
    connection.execute(
        "DELETE FROM counted WHERE at < (SELECT MAX(at) FROM counted) - ?1",
        [REMEMBERED],
    )?;
    let mut statement =
        connection.prepare("SELECT key, session, turn, model, usage, at FROM counted")?;
    let mut found = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        // One that does not read is left out: it would at worst be counted again.
        let Ok(usage) = serde_json::from_str(row.get_ref("usage")?.as_str()?) else {
            continue;
        };
        let id = |name: &str| {
            row.get::<_, i64>(name)
                .map(|id| u64::try_from(id).unwrap_or(0))
        };
        all.push(CountedRow {
            key: row.get("key")?,
            session: SessionId(id("session")?),
            turn: TurnId(id("turn")?),
            model: row.get("model")?,
            usage,
            at: row.get("at")?,
        });
    }
    Ok(all)
}

/// How far the transcripts of living sessions were taken in.
pub fn positions(connection: &Connection) -> rusqlite::Result<Vec<(SessionId, PathBuf, u64)>> {
    let mut statement = connection.prepare(
        "SELECT session, path, position FROM followed JOIN session ON session.id = followed.session
         WHERE killed_at IS NULL ORDER BY session, path",
    )?;
    let rows = statement.query_map([], |row| {
        let number = |at: usize| row.get::<_, i64>(at).map(|n| u64::try_from(n).unwrap_or(0));
        let path: String = row.get(1)?;
        Ok((SessionId(number(0)?), PathBuf::from(path), number(2)?))
    })?;
    rows.collect()
}
