//! What a refresh changed, for the user to read.

use crate::catalog::rows::{ModelRow, RatesRow, Table};
use std::collections::BTreeMap;
use std::fmt;

/// One difference between two tables.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    New {
        id: String,
        price: Option<RatesRow>,
    },
    /// USD per million tokens; `None`: not given.
    Price {
        id: String,
        /// Such as `output` or `input above 200000`.
        what: String,
        from: Option<f64>,
        to: Option<f64>,
    },
    /// Tokens.
    Window {
        id: String,
        from: Option<u64>,
        to: Option<u64>,
    },
    Gone {
        id: String,
    },
}

/// All differences from `old` to `new`, by model.
pub fn diff(old: &Table, new: &Table) -> Vec<Change> {
    let by_id = |table: &'_ Table| -> BTreeMap<String, ModelRow> {
        let rows = table.models.iter();
        rows.map(|row| (row.id.clone(), row.clone())).collect()
    };
    let (old, new) = (by_id(old), by_id(new));
    let mut changes = Vec::new();
    for (id, row) in &new {
        match old.get(id) {
            None => changes.push(Change::New {
                id: id.clone(),
                price: row.price,
            }),
            Some(before) => {
                prices(id, before, row, &mut changes);
                if before.window != row.window {
                    changes.push(Change::Window {
                        id: id.clone(),
                        from: before.window,
                        to: row.window,
                    });
                }
            }
        }
    }
    let gone = old.keys().filter(|id| !new.contains_key(*id));
    changes.extend(gone.map(|id| Change::Gone { id: id.clone() }));
    changes
}

fn prices(id: &str, old: &ModelRow, new: &ModelRow, changes: &mut Vec<Change>) {
    let (before, after) = (figures(old), figures(new));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    for what in names {
        let (from, to) = (before.get(what).copied(), after.get(what).copied());
        if from != to {
            changes.push(Change::Price {
                id: id.to_owned(),
                what: what.clone(),
                from,
                to,
            });
        }
    }
}

fn figures(row: &ModelRow) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    let mut add = |rates: RatesRow, suffix: &str| {
        for (name, dollars) in [
            ("input", Some(rates.input)),
            ("output", Some(rates.output)),
            ("cache read", rates.cache_read),
            ("cache write 5 min", rates.cache_write_5m),
            ("cache write 1 h", rates.cache_write_1h),
        ] {
            if let Some(dollars) = dollars {
                all.insert(format!("{name}{suffix}"), dollars);
            }
        }
    };
    if let Some(rates) = row.price {
        add(rates, "");
    }
    for tier in &row.price_tiers {
        add(tier.rates(), &format!(" above {}", tier.above));
    }
    if let Some(rates) = row.batch {
        add(rates, " in a batch");
    }
    all
}

/// One line, such as `claude-opus-5: output $25 → $20`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollars = |figure: &Option<f64>| figure.map_or("?".to_owned(), |d| format!("${d}"));
        let tokens = |count: &Option<u64>| count.map_or("?".to_owned(), |n| n.to_string());
        match self {
            Change::New { id, price: Some(p) } => {
                write!(f, "{id}: new, ${} in, ${} out", p.input, p.output)
            }
            Change::New { id, price: None } => write!(f, "{id}: new, price unknown"),
            Change::Price { id, what, from, to } => {
                write!(f, "{id}: {what} {} → {}", dollars(from), dollars(to))
            }
            Change::Window { id, from, to } => {
                write!(f, "{id}: window {} → {} tokens", tokens(from), tokens(to))
            }
            Change::Gone { id } => write!(f, "{id}: no longer listed"),
        }
    }
}
