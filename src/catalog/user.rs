//! The user's `models.toml`, key by key: what is right applies, each mistake is one problem with its place.

use crate::catalog::load::Catalog;
use crate::catalog::nearest::nearest;
use crate::catalog::rows::{ModelRow, OfferRow, RatesRow, ScoresRow, SourceRow, Table, TierRow};
use crate::catalog::values::{
    Read, Value, Wrong, count, date, dollars, each, inner, list, number, text, texts, unknown,
    word, wrong,
};
use crate::protocol::Problem;
use std::path::Path;
use toml::de::DeTable;

/// Reads the text of a `models.toml`: the form of the embedded table, in which every key but `id` may be left out. A
/// text that is no TOML gives an empty table and one problem.
pub fn read_user_table(path: &Path, text: &str) -> (Table, Vec<Problem>) {
    let mut table = Table::default();
    let mut found = Vec::new();
    match DeTable::parse(text) {
        Ok(document) => top(document.get_ref(), &mut table, &mut found),
        Err(error) => found.push(Wrong {
            span: error.span().unwrap_or(0..0),
            what: error.message().lines().collect::<Vec<_>>().join(", "),
            next: "nothing of this file is in force until it is mended".to_owned(),
        }),
    }
    found.sort_by_key(|wrong| wrong.span.start);
    let problems = found.into_iter().map(|wrong| wrong.at(path, text));
    (table, problems.collect())
}

impl Wrong {
    /// The place in lines and characters. Of an unknown key's line only the name is shown: the value may be a secret
    /// that was written here by mistake.
    fn at(self, path: &Path, text: &str) -> Problem {
        let mut start = self.span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        let shown = match secret(&self.what) {
            true => line.split('=').next().unwrap_or_default().trim_end(),
            false => line,
        };
        Problem {
            path: path.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            what: self.what,
            next: self.next,
            source_line: shown.to_owned(),
        }
    }
}

fn secret(what: &str) -> bool {
    what.starts_with("unknown key")
}

fn top(document: &DeTable, table: &mut Table, found: &mut Vec<Wrong>) {
    for (key, value) in document.iter() {
        let read = match key.get_ref().as_ref() {
            "date" => date(value).map(|date| table.date = date),
            "sources" => sources(value, table, found),
            "models" => models(value, table, found),
            other => unknown(key.span(), other, &["date", "sources", "models"]),
        };
        found.extend(read.err());
    }
}

fn sources(value: &Value, table: &mut Table, found: &mut Vec<Wrong>) -> Read<()> {
    for (key, value) in inner(value, "a section")?.iter() {
        let mut name = String::new();
        match fields(value, &["name"], found, |_, v| text(v).map(|t| name = t)) {
            Ok(()) => {
                let source = SourceRow { name };
                table.sources.insert(key.get_ref().to_string(), source);
            }
            Err(wrong) => found.push(wrong),
        }
    }
    Ok(())
}

const MODEL_KEYS: &[&str] = &[
    "id",
    "provider",
    "tier",
    "aliases",
    "window",
    "max_output",
    "can",
    "succeeds",
    "price",
    "price_tiers",
    "batch",
    "price_source",
    "price_date",
    "offers",
    "scores",
];

fn models(value: &Value, table: &mut Table, found: &mut Vec<Wrong>) -> Read<()> {
    for value in list(value, "[[models]] sections")? {
        let mut row = ModelRow::default();
        let mut nested = Vec::new();
        let read = fields(value, MODEL_KEYS, found, |key, value| {
            let nested = &mut nested;
            match key {
                "id" => row.id = text(value)?,
                "provider" => row.provider = Some(text(value)?),
                "tier" => row.tier = Some(word(value)?),
                "aliases" => row.aliases = texts(value)?,
                "window" => row.window = Some(count(value)?),
                "max_output" => row.max_output = Some(count(value)?),
                "can" => row.can = each(value, nested, |v, _| word(v))?,
                "succeeds" => row.succeeds = Some(text(value)?),
                "price" => row.price = Some(rates(value, nested)?),
                "price_tiers" => row.price_tiers = each(value, nested, tier)?,
                "batch" => row.batch = Some(rates(value, nested)?),
                "price_source" => row.price_source = Some(text(value)?),
                "price_date" => row.price_date = Some(date(value)?),
                "offers" => row.offers = each(value, nested, offer)?,
                _ => row.scores = each(value, nested, scores)?,
            }
            Ok(())
        });
        found.extend(nested);
        found.extend(read.err());
        if row.id.is_empty() {
            let next = "add id = \"…\", the name its provider gives it";
            found.extend(wrong::<()>(value.span(), "a model without `id`", next).err());
        } else if Catalog::embedded().find(&row.id).is_none() && row.alone().is_err() {
            let what = format!("`{}` is a new model without `provider`", row.id);
            let ids = Catalog::embedded().models().iter().map(|m| m.id.as_str());
            let next = match nearest(&row.id, ids) {
                Some(id) => format!("did you mean `{id}`? if not, add provider = \"…\""),
                None => "add provider = \"…\"".to_owned(),
            };
            found.extend(wrong::<()>(value.span(), what, next).err());
        } else {
            table.models.push(row);
        }
    }
    Ok(())
}

/// Hands each known key to `take`; what it refuses and what is not known is put into `found`.
fn fields<'v>(
    value: &'v Value,
    keys: &[&str],
    found: &mut Vec<Wrong>,
    mut take: impl FnMut(&str, &'v Value) -> Read<()>,
) -> Read<()> {
    for (key, value) in inner(value, "a table { … }")?.iter() {
        let name = key.get_ref().as_ref();
        let read = match keys.contains(&name) {
            true => take(name, value).map_err(|wrong| Wrong {
                what: match wrong.what.starts_with('`') || secret(&wrong.what) {
                    true => wrong.what,
                    false => format!("`{name}`: {}", wrong.what),
                },
                ..wrong
            }),
            false => unknown(key.span(), name, keys),
        };
        found.extend(read.err());
    }
    Ok(())
}

const RATES_KEYS: &[&str] = &[
    "input",
    "output",
    "cache_read",
    "cache_write_5m",
    "cache_write_1h",
];

fn rates(value: &Value, found: &mut Vec<Wrong>) -> Read<RatesRow> {
    rates_and(value, found, &[], |_, _| Ok(()))
}

fn tier(value: &Value, found: &mut Vec<Wrong>) -> Read<TierRow> {
    let mut above = None;
    let rates = rates_and(value, found, &["above"], |_, value| {
        above = Some(count(value)?);
        Ok(())
    })?;
    match above {
        Some(above) => Ok(TierRow::new(above, rates)),
        None => wrong(
            value.span(),
            "no `above`",
            "add above = 200_000 or the like",
        ),
    }
}

/// A price; of `more` keys the value is handed to `take`. Input and output are needed, and a cache write for an hour
/// or a read left out is billed as [`RatesRow`] says.
fn rates_and(
    value: &Value,
    found: &mut Vec<Wrong>,
    more: &[&str],
    mut take: impl FnMut(&str, &Value) -> Read<()>,
) -> Read<RatesRow> {
    let keys: Vec<&str> = RATES_KEYS.iter().chain(more).copied().collect();
    let (mut row, mut input, mut output) = (RatesRow::default(), None, None);
    let before = found.len();
    fields(value, &keys, found, |key, value| {
        match key {
            "input" => input = Some(dollars(value)?),
            "output" => output = Some(dollars(value)?),
            "cache_read" => row.cache_read = Some(dollars(value)?),
            "cache_write_5m" => row.cache_write_5m = Some(dollars(value)?),
            "cache_write_1h" => row.cache_write_1h = Some(dollars(value)?),
            _ => take(key, value)?,
        }
        Ok(())
    })?;
    match (input, output) {
        // Half a price would bill the rest at another model's: none of it holds.
        _ if found.len() > before => wrong(
            value.span(),
            "a price with a mistake is not used",
            "mend it: USD per million tokens, as in { input = 3, output = 15 }",
        ),
        (Some(input), Some(output)) => Ok(RatesRow {
            input,
            output,
            ..row
        }),
        _ => wrong(
            value.span(),
            "a price needs `input` and `output`",
            "USD per million tokens, as in { input = 3, output = 15 }",
        ),
    }
}

fn offer(value: &Value, found: &mut Vec<Wrong>) -> Read<OfferRow> {
    let mut row = OfferRow {
        provider: String::new(),
        id: String::new(),
        price: None,
        price_tiers: Vec::new(),
    };
    let mut nested = Vec::new();
    let keys = ["provider", "id", "price", "price_tiers"];
    fields(value, &keys, found, |key, value| {
        match key {
            "provider" => row.provider = text(value)?,
            "id" => row.id = text(value)?,
            "price" => row.price = Some(rates(value, &mut nested)?),
            _ => row.price_tiers = each(value, &mut nested, tier)?,
        }
        Ok(())
    })?;
    found.extend(nested);
    match row.provider.is_empty() || row.id.is_empty() {
        true => wrong(
            value.span(),
            "an offer needs `provider` and `id`",
            "the reseller, and the name it gives the model",
        ),
        false => Ok(row),
    }
}

fn scores(value: &Value, found: &mut Vec<Wrong>) -> Read<ScoresRow> {
    let mut row = ScoresRow {
        source: String::new(),
        effort: String::new(),
        date: None,
        values: Default::default(),
    };
    for (key, value) in inner(value, "a table { … }")?.iter() {
        let read = match key.get_ref().as_ref() {
            "source" => text(value).map(|source| row.source = source),
            "effort" => text(value).map(|effort| row.effort = effort),
            "date" => date(value).map(|date| row.date = Some(date)),
            category => number(value).map(|score| {
                row.values.insert(category.to_owned(), score);
            }),
        };
        found.extend(read.err());
    }
    match row.source.is_empty() {
        true => wrong(
            value.span(),
            "scores without `source`",
            "name the table they are of",
        ),
        false => Ok(row),
    }
}

#[cfg(test)]
#[path = "user_tests.rs"]
mod tests;
