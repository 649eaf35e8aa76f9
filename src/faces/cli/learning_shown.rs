//! What `learn` shows: beliefs, what was changed, rules, advice.

use crate::faces::cli::out::{Ink, Out, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::words;
use crate::protocol::{
    ADVISED_FROM, Adjustment, AdjustmentKind, Advice, BeliefView, Learned, Learning, LearningState,
    Millis, Tier, Verdict,
};
use jiff::Timestamp;

/// Changes that `show` lists; --json has all that the engine holds.
const CHANGES: usize = 10;

/// `1 result`
pub fn results(count: u64) -> String {
    format!("{count} result{}", if count == 1 { "" } else { "s" })
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// `just now`, `40 s ago`, `2 h 5 min ago`.
fn ago(at: Millis) -> String {
    let span = Timestamp::now().as_millisecond() - at;
    match span {
        ..1_000 => "just now".to_owned(),
        1_000..60_000 => format!("{} s ago", span / 1_000),
        _ => format!("{} ago", words::span(span)),
    }
}

/// What is believed, all of it or what was asked for.
pub fn show(out: &mut Out, learned: &Learned, narrowed: bool) -> Outcome {
    out.line(format!(
        "{} · benchmarks trusted {} · wanted {}",
        results(learned.results),
        percent(learned.trust),
        percent(learned.threshold)
    ))?;
    if learned.beliefs.is_empty() {
        return out.line(match narrowed {
            true => "Nothing was learnt of that yet; --all shows what benchmarks say.",
            false => {
                "Nothing was learnt yet: antiphon rate, or 1 to 5 on the screen. --all: benchmarks."
            }
        });
    }
    let mut table = Table::new(&[
        "model", "category", ">good", "range", ">here", ">worth", ">before", "from", "drift",
    ]);
    for belief in &learned.beliefs {
        table.row(vec![
            cell(Ink::Bold, &belief.model),
            plain(&belief.category),
            cell(reached(belief, learned.threshold), percent(belief.success)),
            plain(format!(
                "{:.0} to {}",
                belief.lower * 100.0,
                percent(belief.upper)
            )),
            plain(here(belief)),
            plain(worth(belief)),
            plain(percent(belief.prior)),
            plain(match belief.known {
                true => belief.ground.clone(),
                false => format!("{}, not in the catalogue", belief.ground),
            }),
            plain(drift(belief)),
        ]);
    }
    table.write(out)?;
    for line in [
        "good: the share of good answers to expect; 60 % sure to be in the range",
        "here: your results, good of all; worth so many ratings, as what was only seen is less sure",
        "before: what was expected before them, and from what",
    ] {
        out.inked(&[(Ink::Dim, line)])?;
    }
    if narrowed {
        return Ok(());
    }
    if !learned.changes.is_empty() {
        out.line("")?;
        let newest = learned.changes.iter().take(CHANGES);
        adjustments(out, &newest.cloned().collect::<Vec<_>>())?;
    }
    let waiting = learned
        .learnings
        .iter()
        .filter(|rule| rule.state == LearningState::Waiting)
        .count();
    if waiting > 0 {
        out.line("")?;
        out.line(format!("{waiting} to review: antiphon learn review"))?;
    }
    Ok(())
}

/// Good where even the cautious estimate reaches what is wanted.
fn reached(belief: &BeliefView, wanted: f64) -> Ink {
    match belief.lower >= wanted {
        true => Ink::Good,
        false => Ink::Plain,
    }
}

/// `11 of 12`; nothing where there are no results.
fn here(belief: &BeliefView) -> String {
    match belief.seen {
        0 => String::new(),
        seen => format!("{} of {seen}", (belief.successes * 10.0).round() / 10.0),
    }
}

/// `3.5`; nothing where there are no results.
fn worth(belief: &BeliefView) -> String {
    match belief.seen {
        0 => String::new(),
        _ => format!("{:.1}", belief.worth),
    }
}

/// Told only where chance would hardly do as much.
fn drift(belief: &BeliefView) -> String {
    match belief.drift.filter(|drift| drift.deviations.abs() >= 2.0) {
        None => String::new(),
        Some(drift) => format!(
            "{:+.0} points ({:.1} σ)",
            drift.change * 100.0,
            drift.deviations.abs()
        ),
    }
}

/// What was changed, newest first.
pub fn adjustments(out: &mut Out, rows: &[Adjustment]) -> Outcome {
    let mut table = Table::new(&["changed", "what", "", ">old", ">new", ">sure", "because"]);
    for row in rows {
        let figure = |figure: f64| match row.kind {
            AdjustmentKind::Complexity | AdjustmentKind::Domain => format!("{figure:.2}"),
            _ => format!("{figure:.0}"),
        };
        table.row(vec![
            plain(ago(row.at)),
            plain(row.kind.as_str()),
            cell(Ink::Bold, &row.what),
            plain(figure(row.old)),
            plain(figure(row.new)),
            plain(match row.confidence < 1.0 {
                true => percent(row.confidence),
                false => String::new(),
            }),
            plain(&row.reason),
        ]);
    }
    table.fit(out.width());
    table.write(out)
}

/// Rules; what waits comes first, with what can be done about it.
pub fn rules(out: &mut Out, rows: &[Learning]) -> Outcome {
    if rows.is_empty() {
        return out.line("No rule followed from results yet.");
    }
    let mut table = Table::new(&["rule", "what", "", "since"]);
    for row in rows {
        let (state, ink) = match (row.state, row.tier) {
            (LearningState::Waiting, _) => ("waits for you", Ink::Warning),
            (LearningState::Applied, Tier::Noted) => ("in force, to review", Ink::Good),
            (LearningState::Applied, _) => ("in force", Ink::Good),
            (LearningState::Approved, _) => ("in force by your word", Ink::Good),
            (LearningState::Rejected, _) => ("rejected", Ink::Dim),
            (LearningState::Withdrawn, _) => ("withdrawn", Ink::Dim),
        };
        table.row(vec![
            cell(Ink::Bold, format!("L{}", row.id)),
            plain(&row.text),
            cell(ink, state),
            plain(ago(row.at)),
        ]);
    }
    table.fit(out.width());
    table.write(out)?;
    let undecided = rows.iter().find(|row| {
        let noted = row.state == LearningState::Applied && row.tier == Tier::Noted;
        noted || row.state == LearningState::Waiting
    });
    if let Some(rule) = undecided {
        out.line(
            "A rule in force counts its model as good enough for such prompts, or puts it last.",
        )?;
        out.line(format!(
            "antiphon learn approve L{0}, or antiphon learn reject L{0}",
            rule.id
        ))?;
    }
    Ok(())
}

/// Where a cheaper model would have done.
pub fn advised(out: &mut Out, advice: &Advice) -> Outcome {
    out.line(format!(
        "{} days: {} turns, {}",
        advice.days, advice.turns, advice.spent
    ))?;
    if advice.rows.is_empty() {
        return out.line(format!(
            "Nothing to advise yet: that takes {ADVISED_FROM} turns of one kind with one model, and a cheaper one \
             that is expected to do."
        ));
    }
    for row in &advice.rows {
        let (mark, ink) = match row.verdict {
            Verdict::Same => ("=", Ink::Good),
            Verdict::Unknown => ("?", Ink::Warning),
            Verdict::Worse => ("▼", Ink::Bad),
        };
        out.inked(&[(ink, mark), (Ink::Plain, " "), (Ink::Plain, &row.text)])?;
    }
    Ok(())
}
