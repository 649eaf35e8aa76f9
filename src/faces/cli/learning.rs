//! `learn`: what is believed, from what, what changed it; to forget it, to carry it elsewhere, to fit it.

use crate::error::Error;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::learning_file;
use crate::faces::cli::out::{Ink, Out, Outcome, tell};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::words;
use crate::protocol::{
    Adjustment, AdjustmentKind, Advice, Answer, BeliefView, Forget, LearnChange, Learned, Learning,
    LearningState, Millis, Op, Query, Tier, Verdict,
};
use clap::{Args as Group, Subcommand};
use jiff::Timestamp;
use std::path::PathBuf;

/// Changes that `show` lists; --json has all that the engine holds.
const CHANGES: usize = 10;

#[derive(Debug, Subcommand)]
pub enum LearnCommand {
    /// Show what is believed of each model, from what, and what changed it
    Show {
        /// Only this model
        #[arg(long)]
        model: Option<String>,
        /// Only this category, such as debug
        #[arg(long)]
        category: Option<String>,
        /// Models without results too: what benchmarks say of them
        #[arg(long)]
        all: bool,
    },
    /// List the rules that followed from results, and which wait for you
    Review,
    /// Put a rule in force, such as L3
    Approve {
        #[arg(value_parser = number)]
        rule: u64,
    },
    /// Take a rule out of force, or leave it out, for good
    Reject {
        #[arg(value_parser = number)]
        rule: u64,
    },
    /// Forget what was learnt; the turns themselves stay
    Forget(What),
    /// Write all results, without any text of a prompt, as lines of JSON
    Export {
        /// Left out: standard output
        file: Option<PathBuf>,
    },
    /// Learn from the results of another store; those that are known are passed over
    Import {
        /// As `export` writes it; - is standard input
        file: PathBuf,
    },
    /// Fit estimates and values to what was measured, as is done once a day
    Calibrate,
    /// Say where a cheaper model would have done, and what it would have cost
    Advice {
        /// How far to look back
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
        days: u32,
    },
}

/// What is to be forgotten. One of these must be said.
#[derive(Debug, Group)]
#[group(required = true, multiple = true)]
pub struct What {
    /// Results of this model; with --category those in it
    #[arg(long)]
    model: Option<String>,
    /// Results in this category
    #[arg(long)]
    category: Option<String>,
    /// What calibrations changed
    #[arg(long, conflicts_with_all = ["model", "category"])]
    calibration: bool,
    /// The rules
    #[arg(long, conflicts_with_all = ["model", "category", "calibration"])]
    rules: bool,
    /// What was learnt from corrected categories
    #[arg(long, conflicts_with_all = ["model", "category", "calibration", "rules"])]
    corrections: bool,
    /// Everything
    #[arg(long, conflicts_with_all = ["model", "category", "calibration", "rules", "corrections"])]
    all: bool,
}

impl What {
    fn meant(self) -> Forget {
        match self {
            What { all: true, .. } => Forget::All,
            What {
                calibration: true, ..
            } => Forget::Calibration,
            What { rules: true, .. } => Forget::Learnings,
            What {
                corrections: true, ..
            } => Forget::Corrections,
            What {
                model, category, ..
            } => Forget::Results { model, category },
        }
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.trim_start_matches(['L', 'l'])
        .parse()
        .map_err(|_| format!("`{text}` is no rule: expected L1, L2, …"))
}

pub async fn run(desk: &mut Desk<'_>, what: LearnCommand) -> Outcome {
    match what {
        LearnCommand::Show {
            model,
            category,
            all,
        } => {
            let mut learned = learned(desk, all).await?;
            learned.beliefs.retain(|belief| {
                model.as_deref().is_none_or(|m| belief.model == m)
                    && category.as_deref().is_none_or(|c| belief.category == c)
            });
            match desk.out.json {
                true => desk.out.json(&learned),
                false => show(&mut desk.out, &learned),
            }
        }
        LearnCommand::Review => {
            let learned = learned(desk, false).await?;
            match desk.out.json {
                true => desk.out.json(&learned.learnings),
                false => rules(&mut desk.out, &learned.learnings),
            }
        }
        LearnCommand::Approve { rule } => {
            change(desk, LearnChange::Approve { learning: rule }).await
        }
        LearnCommand::Reject { rule } => change(desk, LearnChange::Reject { learning: rule }).await,
        LearnCommand::Forget(what) => {
            let what = what.meant();
            change(desk, LearnChange::Forget { what }).await
        }
        LearnCommand::Calibrate => change(desk, LearnChange::Calibrate).await,
        LearnCommand::Export { file } => export(desk, file).await,
        LearnCommand::Import { file } => import(desk, &file).await,
        LearnCommand::Advice { days } => {
            let mut engine = desk.engine(false).await?;
            let Answer::Advice(advice) = engine.query(Query::Advice { days }).await? else {
                return Err(odd_answer().into());
            };
            match desk.out.json {
                true => desk.out.json(&advice),
                false => advised(&mut desk.out, &advice),
            }
        }
    }
}

async fn learned(desk: &Desk<'_>, all: bool) -> Result<Learned, Error> {
    let mut engine = desk.engine(false).await?;
    match engine.query(Query::Learned { all }).await? {
        Answer::Learned(learned) => Ok(*learned),
        _ => Err(odd_answer()),
    }
}

/// Asks for a change and says what it came to.
async fn change(desk: &mut Desk<'_>, change: LearnChange) -> Outcome {
    let mut engine = desk.engine(false).await?;
    match engine.op(Op::Learn { change }).await? {
        Answer::Adjustments(rows) if desk.out.json => desk.out.json(&rows),
        Answer::Adjustments(rows) if rows.is_empty() => {
            desk.out.line("Nothing is far enough off to be changed.")
        }
        Answer::Adjustments(rows) => adjustments(&mut desk.out, &rows),
        Answer::Learnings(rows) if desk.out.json => desk.out.json(&rows),
        Answer::Learnings(rows) => rules(&mut desk.out, &rows),
        _ => Err(odd_answer().into()),
    }
}

async fn export(desk: &mut Desk<'_>, file: Option<PathBuf>) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let count = match file {
        None => learning_file::export(&mut engine, &mut |line| desk.out.text(line)).await?,
        Some(path) => {
            let count = learning_file::export_to(&mut engine, &path).await?;
            desk.out
                .done(format!("{} written to {}", results(count), path.display()))?;
            count
        }
    };
    if count == 0 {
        tell("there are no results yet");
    }
    Ok(())
}

async fn import(desk: &mut Desk<'_>, file: &std::path::Path) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let (rows, broken) = learning_file::import(&mut engine, file).await?;
    match desk.out.json {
        true => desk.out.json(&rows)?,
        false => adjustments(&mut desk.out, &rows)?,
    }
    match broken {
        0 => Ok(()),
        _ => Err(crate::faces::cli::out::Stop::Failed),
    }
}

/// `1 result`
fn results(count: u64) -> String {
    format!("{count} result{}", if count == 1 { "" } else { "s" })
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn ago(at: Millis) -> String {
    let span = Timestamp::now().as_millisecond() - at;
    format!("{} ago", words::span(span.max(0)))
}

fn show(out: &mut Out, learned: &Learned) -> Outcome {
    out.line(format!(
        "{} · benchmarks trusted {} · wanted {}",
        results(learned.results),
        percent(learned.trust),
        percent(learned.threshold)
    ))?;
    let mut table = Table::new(&[
        "model", "category", ">good", "range", ">here", ">prior", "from", "drift",
    ]);
    for belief in &learned.beliefs {
        table.row(vec![
            cell(Ink::Bold, &belief.model),
            plain(&belief.category),
            plain(percent(belief.success)),
            plain(format!(
                "{:.0} to {}",
                belief.lower * 100.0,
                percent(belief.upper)
            )),
            plain(here(belief)),
            plain(percent(belief.prior)),
            plain(match belief.known {
                true => belief.ground.clone(),
                false => format!("{}, not in the catalogue", belief.ground),
            }),
            plain(drift(belief)),
        ]);
    }
    table.write(out)?;
    if learned.beliefs.is_empty() {
        out.line("Nothing was learnt of it yet: antiphon rate, or 1 to 5 on the screen.")?;
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

/// `11 of 12`; nothing where there are no results.
fn here(belief: &BeliefView) -> String {
    match belief.seen {
        0 => String::new(),
        seen => format!("{} of {seen}", (belief.successes * 10.0).round() / 10.0),
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

fn adjustments(out: &mut Out, rows: &[Adjustment]) -> Outcome {
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
            plain(percent(row.confidence)),
            plain(&row.reason),
        ]);
    }
    table.fit(out.width());
    table.write(out)
}

fn rules(out: &mut Out, rows: &[Learning]) -> Outcome {
    if rows.is_empty() {
        return out.line("No rule followed from results yet.");
    }
    let mut table = Table::new(&["rule", "", "found", "what"]);
    for row in rows {
        let (state, ink) = match (row.state, row.tier) {
            (LearningState::Waiting, _) => ("waits for you", Ink::Warning),
            (LearningState::Applied, Tier::Noted) => ("in force, look at it", Ink::Good),
            (LearningState::Applied, _) => ("in force", Ink::Good),
            (LearningState::Approved, _) => ("in force by your word", Ink::Good),
            (LearningState::Rejected, _) => ("rejected", Ink::Dim),
            (LearningState::Withdrawn, _) => ("withdrawn", Ink::Dim),
        };
        table.row(vec![
            cell(Ink::Bold, format!("L{}", row.id)),
            cell(ink, state),
            plain(ago(row.at)),
            plain(&row.text),
        ]);
    }
    table.write(out)?;
    if rows.iter().any(|row| row.state == LearningState::Waiting) {
        out.line("antiphon learn approve L1, or reject L1")?;
    }
    Ok(())
}

fn advised(out: &mut Out, advice: &Advice) -> Outcome {
    out.line(format!(
        "{} days: {} turns, {}",
        advice.days, advice.turns, advice.spent
    ))?;
    if advice.rows.is_empty() {
        return out.line("No cheaper model is known that would do: none reaches what is wanted.");
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
