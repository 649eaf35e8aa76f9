//! `stats` and `budget`: what was spent, and what may be spent.

use crate::error::Error;
use crate::faces::cli::args::BudgetChange;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::listing;
use crate::faces::cli::out::{Ink, Out, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::words;
use crate::protocol::{Answer, Nano, Op, Query, Stats, StatsRow};

pub async fn stats(desk: &mut Desk<'_>, days: u32) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let Answer::Stats(stats) = engine.query(Query::Stats { days }).await? else {
        return Err(odd_answer().into());
    };
    match desk.out.json {
        true => desk.out.json(&stats),
        false => show(&mut desk.out, &stats),
    }
}

fn show(out: &mut Out, stats: &Stats) -> Outcome {
    let total = &stats.total;
    out.inked(&[
        (Ink::Bold, &format!("{} days", stats.days)),
        (
            Ink::Plain,
            &format!("  {}  {} turns  {}", total.cost, total.turns, good(total)),
        ),
    ])?;
    if stats.suggested > 0 {
        out.line(format!(
            "suggestions: {} shown, {} followed",
            stats.suggested, stats.followed
        ))?;
    }
    for (what, rows) in [
        ("model", &stats.by_model),
        ("category", &stats.by_category),
        ("day", &stats.by_day),
    ] {
        if rows.is_empty() {
            continue;
        }
        out.line("")?;
        let mut table = Table::new(&[
            what,
            ">turns",
            ">failed",
            ">in",
            ">out",
            ">cost",
            ">first token",
            "rated good",
        ]);
        // Days on which nothing was asked say nothing.
        for row in rows.iter().filter(|row| row.turns > 0) {
            table.row(vec![
                cell(Ink::Bold, &row.name),
                plain(row.turns.to_string()),
                plain(if row.failed == 0 {
                    String::new()
                } else {
                    row.failed.to_string()
                }),
                plain(words::tokens(row.usage.total_input())),
                plain(words::tokens(row.usage.total_output())),
                plain(row.cost.to_string()),
                plain(row.first_token.map(words::span).unwrap_or_default()),
                plain(good(row)),
            ]);
        }
        table.write(out)?;
    }
    Ok(())
}

/// `92 % good of 31`; empty where nothing was rated.
fn good(row: &StatsRow) -> String {
    match row.rated {
        0 => String::new(),
        rated => format!(
            "{:.0} % good of {rated}",
            row.successes * 100.0 / f64::from(rated)
        ),
    }
}

pub async fn budget(desk: &mut Desk<'_>, change: Option<BudgetChange>) -> Outcome {
    let daily = match change {
        Some(BudgetChange::Set { amount }) => Some(amount_of(&amount)?),
        None => None,
    };
    let mut engine = desk.engine(false).await?;
    if let Some(daily) = daily {
        engine.op(Op::SetBudget { daily }).await?;
    }
    let Answer::Budget(view) = engine.query(Query::Budget).await? else {
        return Err(odd_answer().into());
    };
    if desk.out.json {
        return desk.out.json(&view);
    }
    let limit = if view.daily.is_none() {
        ", no limit"
    } else {
        ""
    };
    desk.out
        .line(format!("today {}{limit}", listing::budget(&view)))
}

/// Dollars as `5`, `5.50` or `$5`; `none` is no limit.
fn amount_of(text: &str) -> Result<Option<Nano>, Error> {
    if text == "none" {
        return Ok(None);
    }
    let number = text.strip_prefix('$').unwrap_or(text).parse::<f64>();
    match number {
        Ok(dollars) if (0.0..=1e6).contains(&dollars) => Ok(Some(Nano::from_dollars(dollars))),
        _ => Err(Error::new(
            format!("`{text}` is not an amount"),
            "antiphon budget set",
            "write dollars a day such as 5 or 0.50, or none",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_dollars() {
        for (text, amount) in [
            ("5", Some(5_000_000_000)),
            ("$0.5", Some(500_000_000)),
            ("0", Some(0)),
            ("none", None),
        ] {
            assert_eq!(amount_of(text).unwrap(), amount.map(Nano));
        }
        for text in ["", "-1", "nan", "inf", "five", "1e9"] {
            assert!(amount_of(text).is_err(), "{text}");
        }
    }
}
