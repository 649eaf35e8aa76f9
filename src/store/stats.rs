//! Statistics: one pass over the turns of a span, grouped three ways.

use super::rows;
use crate::protocol::{Cost, Millis, Stats, StatsRow, Usage};
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// A day as the caller's time zone has it: its name, such as `2026-11-20`, and when it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub name: String,
    pub from: Millis,
}

/// What is taken of a turn.
struct Figures {
    failed: bool,
    usage: Usage,
    cost: Cost,
    success: Option<f64>,
    first_token: Option<Millis>,
}

/// A line that is being summed, with the waits whose median it will show.
#[derive(Default)]
struct Sum {
    row: StatsRow,
    first_tokens: Vec<Millis>,
}

impl Sum {
    fn add(&mut self, figures: &Figures) {
        self.row.turns += 1;
        self.row.failed += u32::from(figures.failed);
        self.row.usage = self.row.usage + figures.usage;
        self.row.cost = self.row.cost + figures.cost;
        self.row.rated += u32::from(figures.success.is_some());
        self.row.successes += figures.success.unwrap_or(0.0);
        self.first_tokens.extend(figures.first_token);
    }

    fn finish(mut self, name: String) -> StatsRow {
        self.row.name = name;
        self.row.first_token = median(&mut self.first_tokens);
        self.row
    }
}

/// The middle value, or the lower of the two in the middle.
fn median(values: &mut [Millis]) -> Option<Millis> {
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable(middle).1)
}

pub fn stats(connection: &Connection, days: &[Day], until: Millis) -> rusqlite::Result<Stats> {
    let from = days.first().map_or(until, |day| day.from);
    let mut total = Sum::default();
    let mut by_day: Vec<Sum> = days.iter().map(|_| Sum::default()).collect();
    let mut by_model: HashMap<String, Sum> = HashMap::new();
    let mut by_category: HashMap<String, Sum> = HashMap::new();

    let mut statement = connection.prepare_cached(
        "SELECT COALESCE(model, backend) AS name, category, state, spent_at, first_token_at - sent_at AS first_token,
            success, input, output, reasoning, cache_read, cache_write_5m, cache_write_1h, usage_estimated,
            priced_nano, unpriced_nano, plan_nano, cost_estimated
         FROM turn WHERE spent_at >= ?1 AND spent_at < ?2 AND state NOT IN ('waiting', 'streaming')",
    )?;
    let mut turns = statement.query(params![from, until])?;
    while let Some(row) = turns.next()? {
        let figures = Figures {
            failed: row.get_ref("state")?.as_str()? == "failed",
            usage: rows::usage(row)?,
            cost: rows::cost(row)?,
            success: row.get("success")?,
            first_token: row.get("first_token")?,
        };
        total.add(&figures);
        by_model.entry(row.get("name")?).or_default().add(&figures);
        by_category
            .entry(row.get("category")?)
            .or_default()
            .add(&figures);
        let at: Millis = row.get("spent_at")?;
        let day = days.partition_point(|day| day.from <= at);
        // The query begins with the first day, so there is always one at or before `at`.
        if let Some(sum) = day.checked_sub(1).and_then(|day| by_day.get_mut(day)) {
            sum.add(&figures);
        }
    }

    let (suggested, followed) = connection.query_row(
        "SELECT COUNT(*), COALESCE(SUM(followed), 0) FROM suggestion JOIN turn ON turn.id = suggestion.turn
         WHERE spent_at >= ?1 AND spent_at < ?2",
        params![from, until],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Stats {
        days: u32::try_from(days.len()).unwrap_or(u32::MAX),
        total: total.finish(String::new()),
        by_model: sorted(by_model),
        by_category: sorted(by_category),
        by_day: by_day
            .into_iter()
            .zip(days)
            .map(|(sum, day)| sum.finish(day.name.clone()))
            .collect(),
        suggested,
        followed,
    })
}

/// The dearest first, then the most used, then by name.
fn sorted(sums: HashMap<String, Sum>) -> Vec<StatsRow> {
    let mut rows: Vec<StatsRow> = sums
        .into_iter()
        .map(|(name, sum)| sum.finish(name))
        .collect();
    rows.sort_by(|a, b| {
        let rank = |row: &StatsRow| (row.cost.counted(), row.turns);
        rank(b).cmp(&rank(a)).then_with(|| a.name.cmp(&b.name))
    });
    rows
}
