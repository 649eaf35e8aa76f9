//! What is kept of turns besides what was said in them, and what was seen of them.

use super::learnt::{self, EvidenceRow};
use super::rows::{self, id, int, json, optional_id};
use crate::protocol::{Chosen, Millis, Nano, Past, Predicted, Record, Seen, TurnId};
use rusqlite::{Connection, Row, named_params, params};
use std::collections::HashMap;

/// All that the store knows of one turn beside the turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub record: Record,
    /// In the order in which it was seen.
    pub seen: Vec<Seen>,
    /// What it tells of its model, by the newest judgement; `None`: nothing yet, or it is forgotten.
    pub evidence: Option<EvidenceRow>,
    /// What it told is forgotten, and it was not rated again since.
    pub forgotten: bool,
}

const RECORD: &str = "SELECT turn, category, read_as, sub, complexity, parts, tags, language, marks, words, features, \
     project, group_name, chosen, followed, propensity, predicted_input, predicted_output, predicted_nano, quality, why \
     FROM record";

pub fn put(connection: &Connection, record: &Record) -> rusqlite::Result<()> {
    let predicted = record.predicted;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO record (turn, category, read_as, sub, complexity, parts, tags, language, marks,
                words, features, project, group_name, chosen, followed, propensity, predicted_input, predicted_output,
                predicted_nano, quality, why)
             VALUES (:turn, :category, :read_as, :sub, :complexity, :parts, :tags, :language, :marks,
                :words, :features, :project, :group, :chosen, :followed, :propensity, :input, :output,
                :nano, :quality, :why)",
        )?
        .execute(named_params! {
            ":turn": int(record.turn.0),
            ":category": record.category,
            ":read_as": record.read_as,
            ":sub": record.sub,
            ":complexity": record.complexity,
            ":parts": rows::text(&record.parts)?,
            ":tags": rows::text(&record.tags)?,
            ":language": record.language,
            ":marks": rows::text(&record.marks)?,
            ":words": record.words,
            ":features": bytes(&record.features),
            ":project": record.project,
            ":group": record.group,
            ":chosen": record.chosen.as_str(),
            ":followed": record.followed,
            ":propensity": record.propensity,
            ":input": predicted.map(|p| int(p.input)),
            ":output": predicted.map(|p| int(p.output)),
            ":nano": predicted.map(|p| p.cost.0),
            ":quality": record.quality,
            ":why": record.why,
        })?;
    Ok(())
}

/// How good an answer seems now.
pub fn put_quality(
    connection: &Connection,
    turn: TurnId,
    score: f64,
    why: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE record SET quality = ?2, why = ?3 WHERE turn = ?1")?
        .execute(params![int(turn.0), score, why])?;
    Ok(())
}

/// The category that the user says is right.
pub fn put_category(connection: &Connection, turn: TurnId, category: &str) -> rusqlite::Result<()> {
    for table in ["record", "turn"] {
        let key = if table == "turn" { "id" } else { "turn" };
        connection
            .prepare_cached(&format!(
                "UPDATE {table} SET category = ?2 WHERE {key} = ?1"
            ))?
            .execute(params![int(turn.0), category])?;
    }
    Ok(())
}

pub fn put_seen(
    connection: &Connection,
    turn: TurnId,
    seen: &Seen,
    at: Millis,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO outcome (turn, name, layer, weight, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![int(turn.0), seen.name, seen.layer, seen.weight, at])?;
    Ok(())
}

/// What is known of the turns that `turns` (a subquery, or one id) names, in order of their ids.
pub fn known(
    connection: &Connection,
    turns: &str,
    params: impl rusqlite::Params + Clone,
) -> rusqlite::Result<Vec<Known>> {
    let mut seen: HashMap<TurnId, Vec<Seen>> = HashMap::new();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT turn, name, layer, weight FROM outcome WHERE turn IN ({turns}) ORDER BY rowid"
    ))?;
    let mut found = statement.query(params.clone())?;
    while let Some(row) = found.next()? {
        seen.entry(TurnId(id(row, "turn")?))
            .or_default()
            .push(Seen {
                name: row.get("name")?,
                layer: row.get("layer")?,
                weight: row.get("weight")?,
            });
    }
    let mut evidence = learnt::newest(connection, turns, params.clone())?;
    let mut statement =
        connection.prepare_cached(&format!("{RECORD} WHERE turn IN ({turns}) ORDER BY turn"))?;
    let mut found = statement.query(params)?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let record = record(row)?;
        let told = evidence.remove(&record.turn);
        all.push(Known {
            seen: seen.remove(&record.turn).unwrap_or_default(),
            forgotten: matches!(told, Some(None)),
            evidence: told.flatten(),
            record,
        });
    }
    Ok(all)
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let chosen: String = row.get("chosen")?;
    let expected = optional_id(row, "predicted_input")?.zip(optional_id(row, "predicted_output")?);
    let cost: Option<i64> = row.get("predicted_nano")?;
    Ok(Record {
        turn: TurnId(id(row, "turn")?),
        category: row.get("category")?,
        read_as: row.get("read_as")?,
        sub: row.get("sub")?,
        complexity: row.get("complexity")?,
        parts: json(row, "parts")?,
        tags: json(row, "tags")?,
        language: row.get("language")?,
        marks: json(row, "marks")?,
        words: row.get("words")?,
        features: floats(row.get_ref("features")?.as_blob()?),
        project: row.get("project")?,
        group: row.get("group_name")?,
        chosen: Chosen::ALL
            .into_iter()
            .find(|known| known.as_str() == chosen)
            .unwrap_or_default(),
        followed: row.get("followed")?,
        propensity: row.get("propensity")?,
        predicted: expected.zip(cost).map(|((input, output), cost)| Predicted {
            input,
            output,
            cost: Nano(cost),
        }),
        quality: row.get("quality")?,
        why: row.get("why")?,
    })
}

/// Turns behind `after` that told something of a model, without what is forgotten; oldest first, `limit` of them at
/// most. Fewer than that: there are no more.
pub fn history(connection: &Connection, after: TurnId, limit: u32) -> rusqlite::Result<Vec<Past>> {
    let mut statement = connection.prepare_cached(
        "SELECT turn.id, asked_at, broadcast, evidence.seq AS seq, evidence.at AS at,
            evidence.category AS category, record.tags AS tags, record.complexity AS complexity, record.features AS features,
            evidence.model AS model, backend, evidence.success AS success, evidence.weight AS weight, priced_nano,
            unpriced_nano, plan_nano, cost_estimated, propensity
         FROM turn JOIN evidence ON evidence.seq = (SELECT MAX(seq) FROM evidence WHERE turn = turn.id)
         LEFT JOIN record ON record.turn = turn.id
         WHERE turn.id > ?1 AND evidence.weight > 0 ORDER BY turn.id",
    )?;
    let kept = learnt::kept(connection)?;
    let mut found = statement.query([int(after.0)])?;
    let mut all = Vec::new();
    // Whoever asks takes an empty page for the end: what is forgotten must not fill one.
    while all.len() < limit as usize
        && let Some(row) = found.next()?
    {
        let turn = TurnId(id(row, "id")?);
        let told = learnt::of_turn(row, turn)?;
        if !kept(&told) {
            continue;
        }
        let features: Option<Vec<u8>> = row.get("features")?;
        let tags: Option<String> = row.get("tags")?;
        let backend: String = row.get("backend")?;
        all.push(Past {
            turn,
            at: row.get("asked_at")?,
            broadcast: optional_id(row, "broadcast")?,
            category: told.category,
            tags: listed(tags.as_deref()),
            complexity: row.get::<_, Option<u8>>("complexity")?.unwrap_or(0),
            features: features.map_or_else(Vec::new, |bytes| floats(&bytes)),
            model: told.model,
            backend: backend.into(),
            success: told.success,
            weight: told.weight,
            cost: rows::cost(row)?,
            propensity: row.get("propensity")?,
        });
    }
    Ok(all)
}

/// Tags as a row has them; of a turn from before there were records there are none.
pub fn listed(json: Option<&str>) -> Vec<String> {
    json.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// As a column keeps them.
pub fn bytes(figures: &[f32]) -> Vec<u8> {
    figures.iter().flat_map(|f| f.to_le_bytes()).collect()
}

/// What is left over behind the last whole figure is no figure.
pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect()
}
