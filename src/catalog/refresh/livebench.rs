//! LiveBench: a table of models by tasks (CSV) and a map of categories to tasks (JSON), both named by their date.

use crate::catalog::age::is_date;
use crate::catalog::refresh::Body;
use crate::catalog::refresh::found::{Found, Part};
use crate::catalog::refresh::json;
use crate::catalog::rows::ScoresRow;
use serde_json::Value;
use std::collections::BTreeMap;

/// The source's categories, and what the catalogue calls them.
const CATEGORIES: &[(&str, &str)] = &[
    ("Reasoning", "reasoning"),
    ("Coding", "coding"),
    ("Agentic Coding", "agentic"),
    ("Mathematics", "maths"),
    ("Data Analysis", "data"),
    ("Language", "language"),
    ("IF", "instructions"),
    ("Instruction Following", "instructions"),
];

/// In a folder's listing, the addresses of the newest table and of its categories.
pub(super) fn newest(listing: &[u8]) -> Result<Vec<String>, String> {
    let listing = json::parse(listing)?;
    let files = listing.as_array().ok_or("the answer is no list of files")?;
    let address = |name: &str| {
        let file = files
            .iter()
            .find(|file| file.get("name").and_then(Value::as_str) == Some(name))?;
        Some(file.get("download_url")?.as_str()?.to_owned())
    };
    let mut dates: Vec<&str> = files
        .iter()
        .filter_map(|file| {
            file.get("name")?
                .as_str()?
                .strip_prefix("table_")?
                .strip_suffix(".csv")
        })
        .collect();
    dates.sort_unstable();
    let pair = dates.iter().rev().find_map(|date| {
        let table = address(&format!("table_{date}.csv"))?;
        Some(vec![table, address(&format!("categories_{date}.json"))?])
    });
    pair.ok_or_else(|| "the folder has no table with its categories".to_owned())
}

/// Reads a table and its categories. The table's date stands in its address, as in `table_2026_06_25.csv`.
pub(super) fn read(bodies: &[Body], part: &mut Part) -> Result<(), String> {
    let [table, categories] = bodies else {
        return Err("a table and its categories are needed".to_owned());
    };
    let named = table
        .url
        .rsplit_once("table_")
        .and_then(|(_, name)| name.strip_suffix(".csv"));
    if let Some(date) = named
        .map(|name| name.replace('_', "-"))
        .filter(|date| is_date(date))
    {
        part.date = date;
    }
    let categories = json::parse(&categories.bytes)?;
    let table =
        std::str::from_utf8(&table.bytes).map_err(|_| "the table is not text".to_owned())?;
    if table.trim_start().starts_with('<') {
        return Err("the answer is a web page, not data".to_owned());
    }
    let mut lines = table
        .lines()
        .filter(|line| !line.trim().is_empty())
        .peekable();
    let header: Vec<&str> = lines
        .next()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .collect();
    if header.first() != Some(&"model") {
        return Err("the table has no column `model`".to_owned());
    }
    let mut columns: Vec<(&str, Vec<usize>)> = Vec::new();
    for (category, tasks) in json::object(&categories)? {
        let known = CATEGORIES.iter().find(|(name, _)| name == category);
        let Some((_, ours)) = known else { continue };
        let tasks = tasks
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let places = tasks.filter_map(|task| header.iter().position(|name| *name == task));
        columns.push((ours, places.collect()));
    }
    if columns.iter().all(|(_, places)| places.is_empty()) {
        return Err("table and categories have no task in common".to_owned());
    }
    while let Some(line) = lines.next() {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        if cells.len() != header.len() {
            // Such a line stands in the real table; as the last one it means that the answer was cut off.
            if lines.peek().is_none() {
                return Err("the table is cut off in its last line".to_owned());
            }
            part.notes.push(format!(
                "LiveBench: {} has {} cells instead of {}",
                cells[0],
                cells.len(),
                header.len()
            ));
            continue;
        }
        let mut values = BTreeMap::new();
        for (category, places) in &columns {
            let scores: Vec<f64> = places
                .iter()
                .filter_map(|at| cells[*at].parse().ok())
                .collect();
            let (mean, dropped) = mean(&scores);
            if dropped {
                part.notes.push(format!(
                    "LiveBench: {} has a 0 in {category} that is no result",
                    cells[0]
                ));
            }
            if let Some(mean) = mean {
                values.insert((*category).to_owned(), (mean * 10.0).round() / 10.0);
            }
        }
        let row = ScoresRow {
            source: format!("livebench-{}", part.date),
            effort: String::new(),
            date: None,
            values,
        };
        part.found.push(Found {
            name: cells[0].to_owned(),
            scores: vec![row],
            ..Found::default()
        });
    }
    Ok(())
}

/// The mean of a category's tasks, and whether a cell was left out: a 0 among tasks that are done well otherwise is a
/// run that failed, not a result.
fn mean(scores: &[f64]) -> (Option<f64>, bool) {
    let positive: Vec<f64> = scores
        .iter()
        .copied()
        .filter(|score| *score > 0.0)
        .collect();
    let average = |scores: &[f64]| {
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    };
    let dropped = positive.len() < scores.len() && average(&positive) > Some(50.0);
    (average(if dropped { &positive } else { scores }), dropped)
}
