//! What is learnt: evidence in its order, the fold over it, and what is concluded and adjusted by it.

use super::records::{bytes, floats, listed};
use super::rows::{self, id, int};
use crate::protocol::{Availability, Millis, TurnId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashMap;

/// What a turn tells of the model that answered it.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceRow {
    /// Its place in the order, from 1.
    pub seq: u64,
    /// `None`: it came from another store.
    pub turn: Option<TurnId>,
    /// As the answer named it.
    pub model: String,
    pub category: String,
    /// 0 to 1.
    pub success: f64,
    /// How sure that is, 0 to 1; 0 takes back what was said of the turn before.
    pub weight: f64,
    pub at: Millis,
    /// Of a row without a turn; the others have a record.
    pub about: Option<About>,
}

/// What a prompt was about, of all that a record holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    pub tags: Vec<String>,
    pub complexity: u8,
    /// Empty for a turn from before there were records.
    pub features: Vec<f32>,
}

/// A row of evidence with what is needed to learn from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub row: EvidenceRow,
    pub about: About,
    /// The row of the same turn that it takes the place of.
    pub before: Option<EvidenceRow>,
}

/// What is believed after the evidence up to `seq`, as JSON of the learning room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnerRow {
    pub seq: u64,
    pub snapshot: String,
    pub at: Millis,
}

/// Evidence that is left out from now on: up to `seq`, of this model in this category; `None`: of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgottenRow {
    pub seq: u64,
    pub model: Option<String>,
    pub category: Option<String>,
    pub at: Millis,
}

/// What was adjusted by what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct AdjustmentRow {
    pub id: u64,
    pub at: Millis,
    pub kind: String,
    /// What exactly, such as `debug/hard`.
    pub what: String,
    pub old: String,
    pub new: String,
    pub reason: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// What was concluded.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningRow {
    pub id: u64,
    pub at: Millis,
    pub kind: String,
    /// What it is about; the same conclusion has the same.
    pub key: String,
    pub text: String,
    /// 0 to 1.
    pub success: f64,
    pub n: u32,
    pub tier: String,
    pub state: String,
}

/// Adjustments that are read when the store is opened; the newest of each thing is always among them.
const ADJUSTMENTS: u32 = 500;

pub fn put_evidence(connection: &Connection, row: &EvidenceRow) -> rusqlite::Result<()> {
    let about = row.about.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO evidence (seq, turn, model, category, success, weight, at, tags, complexity, features)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            int(row.seq),
            row.turn.map(|turn| int(turn.0)),
            row.model,
            row.category,
            row.success,
            row.weight,
            row.at,
            about.map(|about| rows::text(&about.tags)).transpose()?,
            about.map(|about| about.complexity),
            about.map(|about| bytes(&about.features)),
        ])?;
    Ok(())
}

pub fn put_learner(connection: &Connection, row: &LearnerRow) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO learner (id, seq, snapshot, at) VALUES (1, ?1, ?2, ?3)",
        )?
        .execute(params![int(row.seq), row.snapshot, row.at])?;
    Ok(())
}

/// What is forgotten is in no snapshot any more.
pub fn put_forgotten(connection: &Connection, row: &ForgottenRow) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO forgotten (seq, model, category, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![int(row.seq), row.model, row.category, row.at])?;
    connection.execute("DELETE FROM learner", [])?;
    Ok(())
}

pub fn put_availability(connection: &Connection, row: &Availability) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO availability (model, backend, answered, failed, in_a_row, category, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            row.model,
            row.backend.as_str(),
            int(row.answered),
            int(row.failed),
            row.in_a_row,
            row.category.map(|c| rows::text(&c)).transpose()?,
            row.at
        ])?;
    Ok(())
}

pub fn put_adjustment(connection: &Connection, row: &AdjustmentRow) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO adjustment (id, at, kind, what, old, new, reason, confidence)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            int(row.id),
            row.at,
            row.kind,
            row.what,
            row.old,
            row.new,
            row.reason,
            row.confidence
        ])?;
    Ok(())
}

pub fn put_learning(connection: &Connection, row: &LearningRow) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO learning (id, at, kind, key, text, success, n, tier, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            int(row.id),
            row.at,
            row.kind,
            row.key,
            row.text,
            row.success,
            row.n,
            row.tier,
            row.state
        ])?;
    Ok(())
}

/// The newest row of each of these turns that have any; `None`: it is forgotten.
pub fn newest(
    connection: &Connection,
    turns: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<HashMap<TurnId, Option<EvidenceRow>>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT seq, turn, model, category, success, weight, at FROM evidence WHERE turn IN ({turns}) ORDER BY seq"
    ))?;
    let kept = kept(connection)?;
    let rows = statement.query_map(params, |row| {
        let turn = TurnId(id(row, "turn")?);
        Ok((turn, of_turn(row, turn)?))
    })?;
    let mut newest = HashMap::new();
    for row in rows {
        let (turn, row) = row?;
        // Where the newest is forgotten, what was said before it does not come back.
        newest.insert(turn, Some(row).filter(&kept));
    }
    Ok(newest)
}

/// What a row of the evidence tells of a turn, without what the record holds of it.
pub fn of_turn(row: &Row, turn: TurnId) -> rusqlite::Result<EvidenceRow> {
    Ok(EvidenceRow {
        seq: id(row, "seq")?,
        turn: Some(turn),
        model: row.get("model")?,
        category: row.get("category")?,
        success: row.get("success")?,
        weight: row.get("weight")?,
        at: row.get("at")?,
        about: None,
    })
}

/// Tells of rows of evidence whether they are not forgotten.
pub fn kept(connection: &Connection) -> rusqlite::Result<impl Fn(&EvidenceRow) -> bool> {
    let forgotten = forgotten(connection)?;
    Ok(move |row: &EvidenceRow| !forgotten.iter().any(|f| f.covers(row)))
}

/// Hands on the evidence behind `after`, in order; without what is forgotten.
pub fn each(
    connection: &Connection,
    after: u64,
    mut take: impl FnMut(Evidence),
) -> rusqlite::Result<()> {
    let kept = kept(connection)?;
    let mut statement = connection.prepare(
        "SELECT now.seq, now.turn, now.model, now.category, now.success, now.weight, now.at,
            COALESCE(record.tags, now.tags), COALESCE(record.complexity, now.complexity),
            COALESCE(record.features, now.features),
            old.seq, old.model, old.category, old.success, old.weight, old.at
         FROM evidence AS now LEFT JOIN record ON record.turn = now.turn
         LEFT JOIN evidence AS old ON old.seq =
            (SELECT MAX(seq) FROM evidence WHERE turn = now.turn AND seq < now.seq)
         WHERE now.seq > ?1 ORDER BY now.seq",
    )?;
    let mut found = statement.query([int(after)])?;
    while let Some(row) = found.next()? {
        let number = |at: usize| {
            row.get::<_, Option<i64>>(at)
                .map(|n| n.map(i64::unsigned_abs))
        };
        let turn = number(1)?.map(TurnId);
        let about = About {
            tags: listed(row.get::<_, Option<String>>(7)?.as_deref()),
            complexity: row.get::<_, Option<u8>>(8)?.unwrap_or(0),
            features: floats(&row.get::<_, Option<Vec<u8>>>(9)?.unwrap_or_default()),
        };
        let part = |from: usize, seq: u64| -> rusqlite::Result<EvidenceRow> {
            Ok(EvidenceRow {
                seq,
                turn,
                model: row.get(from)?,
                category: row.get(from + 1)?,
                success: row.get(from + 2)?,
                weight: row.get(from + 3)?,
                at: row.get(from + 4)?,
                about: turn.is_none().then(|| about.clone()),
            })
        };
        let now = part(2, number(0)?.unwrap_or(0))?;
        let before = match number(10)? {
            Some(seq) => Some(part(11, seq)?).filter(&kept),
            None => None,
        };
        let now = match (kept(&now), &before) {
            (true, _) => now,
            (false, None) => continue,
            // What it took the place of does not come back because it is forgotten itself.
            (false, Some(_)) => EvidenceRow { weight: 0.0, ..now },
        };
        take(Evidence {
            row: now,
            about,
            before,
        });
    }
    Ok(())
}

impl ForgottenRow {
    /// Whether it leaves this row out.
    pub fn covers(&self, row: &EvidenceRow) -> bool {
        let is =
            |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|w| w == found);
        row.seq <= self.seq && is(&self.model, &row.model) && is(&self.category, &row.category)
    }
}

fn forgotten(connection: &Connection) -> rusqlite::Result<Vec<ForgottenRow>> {
    let mut statement =
        connection.prepare("SELECT seq, model, category, at FROM forgotten ORDER BY seq")?;
    let rows = statement.query_map([], |row| {
        Ok(ForgottenRow {
            seq: id(row, "seq")?,
            model: row.get("model")?,
            category: row.get("category")?,
            at: row.get("at")?,
        })
    })?;
    rows.collect()
}

pub fn learner(connection: &Connection) -> rusqlite::Result<Option<LearnerRow>> {
    connection
        .query_row("SELECT seq, snapshot, at FROM learner", [], |row| {
            Ok(LearnerRow {
                seq: id(row, "seq")?,
                snapshot: row.get("snapshot")?,
                at: row.get("at")?,
            })
        })
        .optional()
}

pub fn availability(connection: &Connection) -> rusqlite::Result<Vec<Availability>> {
    let mut statement = connection.prepare(
        "SELECT model, backend, answered, failed, in_a_row, category, at FROM availability ORDER BY model, backend",
    )?;
    let rows = statement.query_map([], |row| {
        let backend: String = row.get("backend")?;
        let category: Option<String> = row.get("category")?;
        Ok(Availability {
            model: row.get("model")?,
            backend: backend.into(),
            answered: id(row, "answered")?,
            failed: id(row, "failed")?,
            in_a_row: row.get("in_a_row")?,
            // A kind that a later version named is not known here.
            category: category.and_then(|text| serde_json::from_str(&text).ok()),
            at: row.get("at")?,
        })
    })?;
    rows.collect()
}

/// The newest adjustments, and the newest of everything that was ever adjusted; oldest first.
pub fn adjustments(connection: &Connection) -> rusqlite::Result<Vec<AdjustmentRow>> {
    let mut statement = connection.prepare(
        "SELECT id, at, kind, what, old, new, reason, confidence FROM adjustment
         WHERE id IN (SELECT MAX(id) FROM adjustment GROUP BY kind, what)
            OR id IN (SELECT id FROM adjustment ORDER BY id DESC LIMIT ?1) ORDER BY id",
    )?;
    let rows = statement.query_map([ADJUSTMENTS], |row| {
        Ok(AdjustmentRow {
            id: id(row, "id")?,
            at: row.get("at")?,
            kind: row.get("kind")?,
            what: row.get("what")?,
            old: row.get("old")?,
            new: row.get("new")?,
            reason: row.get("reason")?,
            confidence: row.get("confidence")?,
        })
    })?;
    rows.collect()
}

/// Everything that was concluded, oldest first.
pub fn learnings(connection: &Connection) -> rusqlite::Result<Vec<LearningRow>> {
    let mut statement = connection.prepare(
        "SELECT id, at, kind, key, text, success, n, tier, state FROM learning ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(LearningRow {
            id: id(row, "id")?,
            at: row.get("at")?,
            kind: row.get("kind")?,
            key: row.get("key")?,
            text: row.get("text")?,
            success: row.get("success")?,
            n: row.get("n")?,
            tier: row.get("tier")?,
            state: row.get("state")?,
        })
    })?;
    rows.collect()
}
