//! What a refresh changed, for the user to read: what is in force after it against what was before, whatever the
//! sources say besides.

use crate::catalog::load::Catalog;
use crate::catalog::model::Model;
use crate::catalog::price::Rates;
use crate::protocol::Nano;
use std::collections::BTreeMap;
use std::fmt;

/// One difference between two catalogues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    New {
        id: String,
        /// For a million tokens of input and of output; `None`: not known.
        price: Option<(Nano, Nano)>,
    },
    /// For a million tokens; `None`: not known.
    Price {
        id: String,
        /// Such as `output` or `input above 200000`.
        what: String,
        from: Option<Nano>,
        to: Option<Nano>,
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
pub fn diff(old: &Catalog, new: &Catalog) -> Vec<Change> {
    let (old, new) = (by_id(old), by_id(new));
    let mut changes = Vec::new();
    for (id, model) in &new {
        let id = (*id).to_owned();
        let Some(before) = old.get(id.as_str()) else {
            let rates = &model.price.rates;
            let price = model.priced.then_some((rates.input, rates.output));
            changes.push(Change::New { id, price });
            continue;
        };
        prices(&id, before, model, &mut changes);
        if before.window != model.window {
            let (from, to) = (before.window, model.window);
            changes.push(Change::Window { id, from, to });
        }
    }
    let gone = old.keys().filter(|id| !new.contains_key(*id));
    changes.extend(gone.map(|id| Change::Gone {
        id: (*id).to_owned(),
    }));
    changes
}

fn by_id(catalog: &Catalog) -> BTreeMap<&str, &Model> {
    let models = catalog.models().iter();
    models.map(|model| (model.id.as_str(), model)).collect()
}

fn prices(id: &str, old: &Model, new: &Model, changes: &mut Vec<Change>) {
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

fn figures(model: &Model) -> BTreeMap<String, Nano> {
    let mut all = BTreeMap::new();
    let mut add = |rates: &Rates, suffix: &str| {
        for (name, price) in [
            ("input", rates.input),
            ("output", rates.output),
            ("cache read", rates.cache_read),
            ("cache write 5 min", rates.cache_write_5m),
            ("cache write 1 h", rates.cache_write_1h),
        ] {
            all.insert(format!("{name}{suffix}"), price);
        }
    };
    if model.priced {
        add(&model.price.rates, "");
        for (above, rates) in &model.price.tiers {
            add(rates, &format!(" above {above}"));
        }
    }
    if let Some(batch) = &model.batch {
        all.insert("input in a batch".to_owned(), batch.input);
        all.insert("output in a batch".to_owned(), batch.output);
    }
    all
}

/// One line, such as `claude-opus-5: output $25.00 → $20.00`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollars = |price: &Option<Nano>| price.map_or("?".to_owned(), |nano| nano.to_string());
        let tokens = |count: &Option<u64>| count.map_or("?".to_owned(), |n| n.to_string());
        match self {
            Change::New {
                id,
                price: Some((input, output)),
            } => write!(f, "{id}: new, {input} in, {output} out"),
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
