//! What the engine needs to know when it starts, and the recovery of what the last one left unfinished.

use super::{
    counted::{self, CountedRow},
    learnt::{self, AdjustmentRow, LearningRow},
    records::{self, Known},
    rows::{self, SessionRow, int},
    write::DAILY_BUDGET,
};
use crate::protocol::{
    Availability, Block, Cost, Delta, Nano, SessionId, Turn, TurnId, TurnState, Usage, apply,
};
use rusqlite::{Connection, OptionalExtension};
use std::path::PathBuf;

/// The store's contents as of its opening.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// Living sessions, oldest first.
    pub sessions: Vec<SessionRow>,
    /// All turns of living sessions and all they inherited, each once, parents before children. All are
    /// over: one that was being answered is [`TurnState::Interrupted`] and holds what had arrived, one that
    /// waited says that it was never sent.
    pub turns: Vec<Turn>,
    /// The turns that were unfinished, in whatever session.
    pub recovered: Vec<TurnId>,
    pub next_session: SessionId,
    pub next_turn: TurnId,
    /// The number of the next broadcast.
    pub next_broadcast: u64,
    /// What is known of `turns` beside what was said in them; of those from before there were records nothing.
    pub known: Vec<Known>,
    /// The place of the next row of evidence.
    pub next_evidence: u64,
    pub availability: Vec<Availability>,
    /// The newest, oldest first, and the newest of everything that was ever adjusted.
    pub adjustments: Vec<AdjustmentRow>,
    pub learnings: Vec<LearningRow>,
    /// What `SetBudget` last said (`Some(None)`: no limit); `None`: it never did.
    pub daily: Option<Option<Nano>>,
    /// Requests that transcripts told of lately.
    pub counted: Vec<CountedRow>,
    /// How far the transcripts of living sessions were taken in.
    pub followed: Vec<(SessionId, PathBuf, u64)>,
}

const LIVING: &str = "WHERE killed_at IS NULL ORDER BY id";

/// From the heads and the turns of living sessions up to the roots. `UNION` takes each turn once, which also
/// ends a circle, should a damaged store hold one.
const REACHABLE: &str = "WITH RECURSIVE reached (id) AS (
        SELECT head FROM session WHERE killed_at IS NULL
        UNION SELECT turn.id FROM turn JOIN session ON turn.session = session.id WHERE killed_at IS NULL
        UNION SELECT turn.parent FROM turn JOIN reached ON turn.id = reached.id
    ) SELECT id FROM reached";

const NEVER_SENT: &str =
    "Never sent: the engine stopped while this prompt was waiting. Ask again to send it.";

/// Recovers, then reads.
pub fn load(connection: &mut Connection) -> rusqlite::Result<Loaded> {
    let recovered = recover(connection)?;
    let next = |sql| -> rusqlite::Result<u64> {
        let largest: Option<i64> = connection.query_row(sql, [], |row| row.get(0))?;
        Ok(largest.map_or(0, i64::unsigned_abs) + 1)
    };
    Ok(Loaded {
        sessions: rows::sessions(connection, LIVING, [])?,
        turns: rows::turns(
            connection,
            &format!("WHERE id IN ({REACHABLE}) ORDER BY id"),
            [],
        )?,
        recovered,
        next_session: SessionId(next("SELECT MAX(id) FROM session")?),
        next_turn: TurnId(next("SELECT MAX(id) FROM turn")?),
        next_broadcast: next("SELECT MAX(broadcast) FROM turn WHERE broadcast IS NOT NULL")?,
        known: records::known(connection, REACHABLE, [])?,
        next_evidence: next("SELECT MAX(seq) FROM evidence")?,
        availability: learnt::availability(connection)?,
        adjustments: learnt::adjustments(connection)?,
        learnings: learnt::learnings(connection)?,
        counted: counted::lately(connection)?,
        followed: counted::positions(connection)?,
        daily: setting(connection, DAILY_BUDGET)?.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

/// Ends every turn that is not over, and writes it so; drafts of turns that are over are deleted.
fn recover(connection: &mut Connection) -> rusqlite::Result<Vec<TurnId>> {
    let transaction = connection.transaction()?;
    let unfinished = "WHERE state IN ('waiting', 'streaming') ORDER BY id";
    let mut recovered = Vec::new();
    for mut turn in rows::turns(&transaction, unfinished, [])? {
        add_drafts(&transaction, &mut turn)?;
        if turn.state == TurnState::Waiting {
            turn.blocks.push(Block::Notice {
                text: NEVER_SENT.into(),
            });
            turn.usage = Usage::default();
            turn.cost = Cost::default();
        }
        turn.state = TurnState::Interrupted;
        rows::put_turn(&transaction, &turn)?;
        recovered.push(turn.id);
    }
    transaction.execute("DELETE FROM draft", [])?;
    transaction.commit()?;
    Ok(recovered)
}

/// Applies what has arrived of an answer that is not over.
pub fn add_drafts(connection: &Connection, turn: &mut Turn) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare_cached("SELECT delta FROM draft WHERE turn = ?1 ORDER BY seq")?;
    let mut drafts = statement.query([int(turn.id.0)])?;
    while let Some(row) = drafts.next()? {
        // A draft that does not read is left out: half an answer is better than none.
        if let Ok(delta) = serde_json::from_str::<Delta>(row.get_ref(0)?.as_str()?) {
            apply(&mut turn.blocks, &delta);
        }
    }
    Ok(())
}

/// A setting's value.
pub fn setting(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection
        .query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| {
            row.get(0)
        })
        .optional()
}
