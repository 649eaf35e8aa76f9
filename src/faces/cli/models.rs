//! `models` and `catalog`: what there is to ask, what it costs, and how old that knowledge is.

use crate::error::Error;
use crate::faces::cli::args::CatalogCommand;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::groups::Models;
use crate::faces::cli::out::{Ink, Out, Outcome, Stop, tell};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::words;
use crate::protocol::{Answer, CatalogView, ModelFilter, ModelView, Nano, Op, Query};
use std::path::PathBuf;

/// Lines of changes that are shown to people; scripts are given all.
const SHOWN_CHANGES: usize = 40;

pub async fn models(desk: &mut Desk<'_>, args: Models) -> Outcome {
    let mut engine = desk.engine(false).await?;
    if let (Some(a), Some(b)) = (&args.text, &args.other) {
        let (a, b) = (a.clone(), b.clone());
        let Answer::Rows(rows) = engine.query(Query::CompareModels { a, b }).await? else {
            return Err(odd_answer().into());
        };
        return compared(&mut desk.out, &rows);
    }
    let filter = ModelFilter {
        text: args.text.unwrap_or_default(),
        provider: args.provider,
        max_price: args.max_price,
        can: args.can,
        tier: args.tier,
        min_window: args.min_window,
        sort: args.sort,
        reachable: args.reachable,
    };
    let sorted = filter.sort.clone();
    let text = filter.text.clone();
    let narrowed = filter
        != ModelFilter {
            text: text.clone(),
            sort: sorted.clone(),
            ..ModelFilter::default()
        };
    if filter.reachable {
        // Has the engine look before it says what it can reach.
        engine.query(Query::Offers).await?;
    }
    let Answer::Models(models) = engine.query(Query::Models { filter }).await? else {
        return Err(odd_answer().into());
    };
    if desk.out.json {
        return desk.out.json(&models);
    }
    if models.is_empty() {
        let (what, next) = match narrowed {
            true => (
                "no model fits".to_owned(),
                "ask for less: antiphon models lists all",
            ),
            false => (
                format!("no model has `{text}` in its name"),
                "antiphon models lists all",
            ),
        };
        return Err(Error::new(what, "", next).into());
    }
    listed(&mut desk.out, &models, sorted.as_deref())?;
    let Answer::Catalog(catalog) = engine.query(Query::Catalog).await? else {
        return Err(odd_answer().into());
    };
    desk.out
        .line(format!("Dollars per million tokens. {}", age(&catalog)))
}

fn listed(out: &mut Out, models: &[ModelView], sort: Option<&str>) -> Outcome {
    let scored = sort.and_then(|sort| sort.strip_prefix("score:"));
    let mut table = Table::new(&[
        "model", "provider", ">score", ">in", ">out", ">cached", ">window", "tier", "can",
        "price of", "here",
    ]);
    for model in models {
        let price =
            |amount: Option<Nano>| amount.map_or("?".to_owned(), |amount| amount.to_string());
        let score = match (scored, model.score) {
            (None, _) => String::new(),
            (Some(_), score) => score.map_or("?".to_owned(), |score| format!("{score:.1}")),
        };
        table.row(vec![
            cell(Ink::Bold, &model.id),
            plain(&model.provider),
            plain(score),
            plain(price(model.input)),
            plain(price(model.output)),
            plain(price(model.cache_read)),
            plain(model.window.map(words::tokens).unwrap_or_default()),
            plain(&model.tier),
            cell(Ink::Dim, model.can.join(" ")),
            cell(Ink::Dim, model.price_date.as_deref().unwrap_or_default()),
            cell(Ink::Good, if model.reachable { "yes" } else { "" }),
        ]);
    }
    table.write(out)
}

fn compared(out: &mut Out, rows: &[[String; 3]]) -> Outcome {
    if out.json {
        return out.json(&rows);
    }
    let mut table = Table::new(&["", "", ""]);
    for (i, [what, a, b]) in rows.iter().enumerate() {
        let ink = if i == 0 { Ink::Bold } else { Ink::Plain };
        table.row(vec![cell(Ink::Dim, what), cell(ink, a), cell(ink, b)]);
    }
    table.body(out)
}

/// `Table of 2026-11-20, 3 days old.`
fn age(catalog: &CatalogView) -> String {
    let old = match catalog.age_days {
        None => String::new(),
        Some(..=0) => ", of today".to_owned(),
        Some(1) => ", 1 day old".to_owned(),
        Some(days) => format!(", {days} days old"),
    };
    let next = match catalog.age_days {
        Some(30..) => " antiphon catalog refresh fetches a newer one.",
        _ => "",
    };
    format!("Table of {}{old}.{next}", catalog.date)
}

pub async fn catalog(desk: &mut Desk<'_>, what: CatalogCommand) -> Outcome {
    let (refresh, request) = match what {
        CatalogCommand::Status => (false, None),
        CatalogCommand::Refresh { source, from_file } => {
            let files = whole_paths(from_file)?;
            let op = Op::RefreshCatalog {
                sources: source,
                files,
            };
            (true, Some(op))
        }
    };
    let mut engine = desk.engine(false).await?;
    let answer = match request {
        Some(op) => engine.op(op).await?,
        None => engine.query(Query::Catalog).await?,
    };
    let Answer::Catalog(view) = answer else {
        return Err(odd_answer().into());
    };
    if desk.out.json {
        desk.out.json(&view)?;
    } else {
        if refresh {
            changes(&mut desk.out, &view)?;
        }
        status(&mut desk.out, &view)?;
    }
    for error in &view.errors {
        tell(&format!("antiphon: {error}"));
    }
    if view.errors.is_empty() {
        return Ok(());
    }
    tell("  next:  what could not be had stays as it was; antiphon catalog refresh tries again");
    Err(Stop::Failed)
}

fn whole_paths(files: Vec<(String, PathBuf)>) -> Result<Vec<(String, PathBuf)>, Error> {
    let whole = |(name, path): (String, PathBuf)| match path.canonicalize() {
        Ok(path) => Ok((name, path)),
        Err(e) => {
            let place = path.display().to_string();
            Err(Error::new(
                format!("the file cannot be used: {e}"),
                place,
                "--from-file NAME=PATH",
            ))
        }
    };
    files.into_iter().map(whole).collect()
}

fn changes(out: &mut Out, view: &CatalogView) -> Outcome {
    if view.changes.is_empty() {
        out.line("nothing changed")?;
    }
    for line in view.changes.iter().take(SHOWN_CHANGES) {
        out.line(line)?;
    }
    if let Some(more @ 1..) = view.changes.len().checked_sub(SHOWN_CHANGES) {
        out.line(format!("… and {more} changes more; --json has all"))?;
    }
    if !view.notes.is_empty() {
        out.line(format!(
            "{} rows passed over; --json says why",
            view.notes.len()
        ))?;
    }
    out.line("")
}

fn status(out: &mut Out, view: &CatalogView) -> Outcome {
    out.line(format!(
        "{} {} models, {} of them with a price.",
        age(view),
        view.models,
        view.priced
    ))?;
    let mut table = Table::new(&["table", ">rows", "of", "looked at", "from"]);
    for source in &view.sources {
        let checked = source.checked_at.map(words::clock);
        table.row(vec![
            cell(Ink::Bold, &source.name),
            plain(source.rows.map_or("–".to_owned(), |rows| rows.to_string())),
            plain(source.date.as_deref().unwrap_or_default()),
            plain(checked.as_deref().unwrap_or("never")),
            cell(Ink::Dim, &source.url),
        ]);
    }
    table.write(out)?;
    match &view.user_file {
        Some(file) => out.line(format!("Over all of them lies {}.", file.display())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_and_an_old_table_says_how_to_get_a_newer() {
        for (days, text) in [
            (None, "Table of d."),
            (Some(0), "Table of d, of today."),
            (Some(1), "Table of d, 1 day old."),
            (
                Some(40),
                "Table of d, 40 days old. antiphon catalog refresh fetches a newer one.",
            ),
        ] {
            let view = CatalogView {
                date: "d".into(),
                age_days: days,
                ..CatalogView::default()
            };
            assert_eq!(age(&view), text);
        }
    }
}
