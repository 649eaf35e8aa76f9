//! Results as they stand: of each turn the newest judgement, without what is forgotten; and what answers took.

use super::learnt::{self, About, Evidence, EvidenceRow};
use super::records::{floats, listed};
use super::rows::{self, int};
use crate::protocol::{Cost, Millis, TurnId, Usage};
use rusqlite::{Connection, Row, params};

/// Evidence that is looked through for the newest results of one kind; older ones are not found.
const LOOKED_THROUGH: u32 = 100_000;

/// What one answer took.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenRow {
    pub category: String,
    /// As the answer named it.
    pub model: String,
    /// 0 to 100; `None`: there is no record of the turn.
    pub complexity: Option<u8>,
    pub tags: Vec<String>,
    pub usage: Usage,
    pub cost: Cost,
}

const STANDING: &str = "SELECT seq, evidence.turn, model, evidence.category, success, weight, at,
        COALESCE(record.tags, evidence.tags), COALESCE(record.complexity, evidence.complexity),
        COALESCE(record.features, evidence.features)
     FROM evidence LEFT JOIN record ON record.turn = evidence.turn
     WHERE weight > 0 AND NOT EXISTS
        (SELECT 1 FROM evidence AS other WHERE other.turn = evidence.turn AND other.seq > evidence.seq)";

/// Every model that any evidence names.
pub fn names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT DISTINCT model FROM evidence ORDER BY model")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    rows.collect()
}

/// Results behind `after` in the order of the evidence, `limit` of them at most.
pub fn after(connection: &Connection, after: u64, limit: usize) -> rusqlite::Result<Vec<Evidence>> {
    let mut statement =
        connection.prepare_cached(&format!("{STANDING} AND seq > ?1 ORDER BY seq"))?;
    let kept = learnt::kept(connection)?;
    let mut found = statement.query([int(after)])?;
    let mut all = Vec::new();
    while all.len() < limit
        && let Some(row) = found.next()?
    {
        all.extend(Some(evidence(row)?).filter(|evidence| kept(&evidence.row)));
    }
    Ok(all)
}

/// The newest results in a category of the models that `is` names, newest first, `limit` of them at most.
pub fn newest(
    connection: &Connection,
    is: &dyn Fn(&str) -> bool,
    category: &str,
    limit: usize,
) -> rusqlite::Result<Vec<Evidence>> {
    let mut statement = connection.prepare_cached(&format!(
        "{STANDING} AND seq > (SELECT MAX(seq) FROM evidence) - ?1 AND evidence.category = ?2 ORDER BY seq DESC"
    ))?;
    let kept = learnt::kept(connection)?;
    let mut found = statement.query(params![LOOKED_THROUGH, category])?;
    let mut all = Vec::new();
    while all.len() < limit
        && let Some(row) = found.next()?
    {
        let model: String = row.get(2)?;
        if is(&model) {
            all.extend(Some(evidence(row)?).filter(|evidence| kept(&evidence.row)));
        }
    }
    Ok(all)
}

fn evidence(row: &Row<'_>) -> rusqlite::Result<Evidence> {
    let number = |at: usize| {
        row.get::<_, Option<i64>>(at)
            .map(|n| n.map(i64::unsigned_abs))
    };
    let about = About {
        tags: listed(row.get::<_, Option<String>>(7)?.as_deref()),
        complexity: row.get::<_, Option<u8>>(8)?.unwrap_or(0),
        features: floats(&row.get::<_, Option<Vec<u8>>>(9)?.unwrap_or_default()),
    };
    let turn = number(1)?.map(TurnId);
    Ok(Evidence {
        row: EvidenceRow {
            seq: number(0)?.unwrap_or(0),
            turn,
            model: row.get(2)?,
            category: row.get(3)?,
            success: row.get(4)?,
            weight: row.get(5)?,
            at: row.get(6)?,
            about: turn.is_none().then(|| about.clone()),
        },
        about,
        before: None,
    })
}

/// Whether a result that came from another store, and is not forgotten, is the same as this.
pub fn is_imported(connection: &Connection, result: &EvidenceRow) -> rusqlite::Result<bool> {
    let kept = learnt::kept(connection)?;
    let mut statement = connection.prepare_cached(&format!(
        "{STANDING} AND evidence.turn IS NULL AND at = ?1 AND model = ?2 AND evidence.category = ?3"
    ))?;
    let mut found = statement.query(params![result.at, result.model, result.category])?;
    while let Some(row) = found.next()? {
        let known = evidence(row)?.row;
        if known.about == result.about && known.success == result.success && kept(&known) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The newest result of a turn; `None`: nothing was learnt of it, or it is forgotten.
pub fn of_turn(connection: &Connection, turn: TurnId) -> rusqlite::Result<Option<EvidenceRow>> {
    let newest = learnt::newest(connection, "?1", [int(turn.0)])?.remove(&turn);
    Ok(newest.flatten())
}

/// What the newest answers took that were over at `from` or later, `limit` of them at most; no rehearsals, and none
/// whose tokens were not counted by their server.
pub fn taken(connection: &Connection, from: Millis, limit: u32) -> rusqlite::Result<Vec<TakenRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT turn.category AS category, model, complexity, tags, input, output, reasoning, cache_read, cache_write_5m,
            cache_write_1h, usage_estimated, priced_nano, unpriced_nano, plan_nano, cost_estimated
         FROM turn LEFT JOIN record ON record.turn = turn.id
         WHERE spent_at >= ?1 AND state = 'done' AND model IS NOT NULL AND backend <> 'rehearsal' AND usage_estimated = 0
         ORDER BY spent_at DESC LIMIT ?2",
    )?;
    let mut found = statement.query(params![from, limit])?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let tags: Option<String> = row.get("tags")?;
        all.push(TakenRow {
            category: row.get("category")?,
            model: row.get("model")?,
            complexity: row.get("complexity")?,
            tags: listed(tags.as_deref()),
            usage: rows::usage(row)?,
            cost: rows::cost(row)?,
        });
    }
    Ok(all)
}
