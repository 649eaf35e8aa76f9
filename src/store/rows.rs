//! Between rows and the words of the house.

use crate::protocol::{
    Cost, Gauges, Millis, Nano, Origin, PriceNote, Rating, SessionId, SessionSpec, Status, Timings,
    Turn, TurnId, TurnState, Usage,
};
use rusqlite::{Connection, Row, named_params, types::Type};
use serde::{Serialize, de::DeserializeOwned};

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    pub id: SessionId,
    pub spec: SessionSpec,
    pub parent: Option<SessionId>,
    /// The last turn inherited from `parent`.
    pub forked_at: Option<TurnId>,
    /// The newest turn of its conversation, its own or inherited.
    pub head: Option<TurnId>,
    pub created_at: Millis,
    /// `None`: it lives.
    pub killed_at: Option<Millis>,
    /// Where an agent keeps the conversation itself (Claude Code: its session's uuid).
    pub agent_ref: Option<String>,
    /// What it was doing when it was last written.
    pub status: Status,
    /// Its figures when it was last written. Tokens and cost are better summed from its turns.
    pub gauges: Gauges,
    /// The newest message of the session, such as why it failed.
    pub note: Option<String>,
}

const SESSION: &str = "SELECT id, spec, parent, forked_at, head, created_at, killed_at, agent_ref, status, gauges, note FROM session";
const TURN: &str = "SELECT id, parent, session, prompt, origin, blocks, state, failure, backend, model, category, \
     agent_ref, input, output, reasoning, cache_read, cache_write_5m, cache_write_1h, usage_estimated, priced_nano, \
     unpriced_nano, plan_nano, cost_estimated, price_source, price_date, attached, attempts, receipt, asked_at, \
     sent_at, first_token_at, ended_at, rating FROM turn";

/// The sessions that `rest` (what follows `FROM session`) picks.
pub fn sessions(
    connection: &Connection,
    rest: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<SessionRow>> {
    let mut statement = connection.prepare_cached(&format!("{SESSION} {rest}"))?;
    statement.query_map(params, session)?.collect()
}

/// The turns that `rest` (what follows `FROM turn`) picks.
pub fn turns(
    connection: &Connection,
    rest: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Turn>> {
    let mut statement = connection.prepare_cached(&format!("{TURN} {rest}"))?;
    statement.query_map(params, turn)?.collect()
}

fn session(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        id: SessionId(id(row, "id")?),
        spec: json(row, "spec")?,
        parent: optional_id(row, "parent")?.map(SessionId),
        forked_at: optional_id(row, "forked_at")?.map(TurnId),
        head: optional_id(row, "head")?.map(TurnId),
        created_at: row.get("created_at")?,
        killed_at: row.get("killed_at")?,
        agent_ref: row.get("agent_ref")?,
        status: json(row, "status")?,
        gauges: json(row, "gauges")?,
        note: row.get("note")?,
    })
}

fn turn(row: &Row<'_>) -> rusqlite::Result<Turn> {
    let state: String = row.get("state")?;
    let rating: Option<String> = row.get("rating")?;
    let backend: String = row.get("backend")?;
    let price_source: Option<String> = row.get("price_source")?;
    let price_date: Option<String> = row.get("price_date")?;
    Ok(Turn {
        id: TurnId(id(row, "id")?),
        parent: optional_id(row, "parent")?.map(TurnId),
        session: SessionId(id(row, "session")?),
        prompt: row.get("prompt")?,
        origin: json(row, "origin")?,
        blocks: json(row, "blocks")?,
        state: match state.as_str() {
            "waiting" => TurnState::Waiting,
            "streaming" => TurnState::Streaming,
            "done" => TurnState::Done,
            "interrupted" => TurnState::Interrupted,
            _ => TurnState::Failed(json(row, "failure")?),
        },
        backend: backend.into(),
        model: row.get("model")?,
        usage: usage(row)?,
        cost: cost(row)?,
        timings: Timings {
            asked_at: row.get("asked_at")?,
            sent_at: row.get("sent_at")?,
            first_token_at: row.get("first_token_at")?,
            ended_at: row.get("ended_at")?,
        },
        // One we cannot read is one not given: no reason to lose the turn.
        rating: rating.and_then(|text| text.parse().ok()),
        category: row.get("category")?,
        agent_ref: row.get("agent_ref")?,
        attached: json(row, "attached")?,
        attempts: json(row, "attempts")?,
        price: price_source
            .zip(price_date)
            .map(|(source, date)| PriceNote { source, date }),
        receipt: json(row, "receipt")?,
    })
}

/// The usage in a row that has its columns.
pub fn usage(row: &Row<'_>) -> rusqlite::Result<Usage> {
    Ok(Usage {
        input: id(row, "input")?,
        output: id(row, "output")?,
        reasoning: id(row, "reasoning")?,
        cache_read: id(row, "cache_read")?,
        cache_write_5m: id(row, "cache_write_5m")?,
        cache_write_1h: id(row, "cache_write_1h")?,
        estimated: row.get("usage_estimated")?,
    })
}

/// The cost in a row that has its columns.
pub fn cost(row: &Row<'_>) -> rusqlite::Result<Cost> {
    Ok(Cost {
        priced: Nano(row.get("priced_nano")?),
        unpriced: Nano(row.get("unpriced_nano")?),
        plan: Nano(row.get("plan_nano")?),
        estimated: row.get("cost_estimated")?,
    })
}

/// A number that is never negative.
pub fn id(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

pub fn optional_id(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(i64::unsigned_abs))
}

/// A column that holds JSON.
pub fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let index = row.as_ref().column_index(column)?;
    let text = row.get_ref(index)?.as_str()?;
    serde_json::from_str(text)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(e)))
}

/// JSON text, for a column.
pub fn text<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

/// SQLite's integers are signed; a count beyond that is written as the largest there is.
pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Inserts the session, or writes it anew. A session that was killed stays killed.
pub fn put_session(connection: &Connection, row: &SessionRow) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO session (id, name, spec, parent, forked_at, head, created_at, killed_at, agent_ref, status, gauges, note)
         VALUES (:id, :name, :spec, :parent, :forked_at, :head, :created_at,
            COALESCE(:killed_at, (SELECT killed_at FROM session WHERE id = :id)), :agent_ref, :status, :gauges, :note)",
    )?;
    statement.execute(named_params! {
        ":id": int(row.id.0),
        ":name": row.spec.name,
        ":spec": text(&row.spec)?,
        ":parent": row.parent.map(|id| int(id.0)),
        ":forked_at": row.forked_at.map(|id| int(id.0)),
        ":head": row.head.map(|id| int(id.0)),
        ":created_at": row.created_at,
        ":killed_at": row.killed_at,
        ":agent_ref": row.agent_ref,
        ":status": text(&row.status)?,
        ":gauges": text(&row.gauges)?,
        ":note": row.note,
    })?;
    Ok(())
}

/// Inserts the turn, or writes it anew. A rating in the store outlives a turn that comes without one: it may
/// have been given while the turn was being ended.
pub fn put_turn(connection: &Connection, turn: &Turn) -> rusqlite::Result<()> {
    let (state, failure) = match &turn.state {
        TurnState::Waiting => ("waiting", None),
        TurnState::Streaming => ("streaming", None),
        TurnState::Done => ("done", None),
        TurnState::Interrupted => ("interrupted", None),
        TurnState::Failed(failure) => ("failed", Some(text(failure)?)),
    };
    let broadcast = match turn.origin {
        Origin::Broadcast { number } => Some(int(number)),
        Origin::Typed | Origin::Relay { .. } | Origin::Agent | Origin::Reset => None,
    };
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO turn (id, parent, session, prompt, origin, broadcast, blocks, state, failure, backend,
            model, category, agent_ref, input, output, reasoning, cache_read, cache_write_5m, cache_write_1h,
            usage_estimated, priced_nano, unpriced_nano, plan_nano, cost_estimated, price_source, price_date, attached,
            attempts, receipt, asked_at, sent_at, first_token_at, ended_at, rating, success)
         VALUES (:id, :parent, :session, :prompt, :origin, :broadcast, :blocks, :state, :failure, :backend,
            :model, :category, :agent_ref, :input, :output, :reasoning, :cache_read, :cache_write_5m, :cache_write_1h,
            :usage_estimated, :priced, :unpriced, :plan, :cost_estimated, :price_source, :price_date, :attached,
            :attempts, :receipt, :asked_at, :sent_at, :first_token_at, :ended_at,
            COALESCE(:rating, (SELECT rating FROM turn WHERE id = :id)),
            COALESCE(:success, (SELECT success FROM turn WHERE id = :id)))",
    )?;
    statement.execute(named_params! {
        ":id": int(turn.id.0),
        ":parent": turn.parent.map(|id| int(id.0)),
        ":session": int(turn.session.0),
        ":prompt": turn.prompt,
        ":origin": text(&turn.origin)?,
        ":broadcast": broadcast,
        ":blocks": text(&turn.blocks)?,
        ":state": state,
        ":failure": failure,
        ":backend": turn.backend.as_str(),
        ":model": turn.model,
        ":category": turn.category,
        ":agent_ref": turn.agent_ref,
        ":input": int(turn.usage.input),
        ":output": int(turn.usage.output),
        ":reasoning": int(turn.usage.reasoning),
        ":cache_read": int(turn.usage.cache_read),
        ":cache_write_5m": int(turn.usage.cache_write_5m),
        ":cache_write_1h": int(turn.usage.cache_write_1h),
        ":usage_estimated": turn.usage.estimated,
        ":priced": turn.cost.priced.0,
        ":unpriced": turn.cost.unpriced.0,
        ":plan": turn.cost.plan.0,
        ":cost_estimated": turn.cost.estimated,
        ":price_source": turn.price.as_ref().map(|price| &price.source),
        ":price_date": turn.price.as_ref().map(|price| &price.date),
        ":attached": text(&turn.attached)?,
        ":attempts": text(&turn.attempts)?,
        ":receipt": text(&turn.receipt)?,
        ":asked_at": turn.timings.asked_at,
        ":sent_at": turn.timings.sent_at,
        ":first_token_at": turn.timings.first_token_at,
        ":ended_at": turn.timings.ended_at,
        ":rating": turn.rating.map(|rating| rating.to_string()),
        ":success": turn.rating.map(Rating::success),
    })?;
    Ok(())
}
