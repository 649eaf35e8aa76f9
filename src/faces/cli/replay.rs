//! `replay`: a log of prompts with known answers, or one's own history, under every policy. The composer hands in what
//! does the work, as a face opens neither files of that kind nor the learning room.

use crate::error::Error;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::lines;
use crate::faces::cli::out::{Ink, Out, Outcome, tell};
use crate::faces::cli::table::{Table, cell, plain};
use crate::protocol::{Answer, Past, Query, ReplayPlan, ReplayReport, TurnId};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// What is replayed.
pub enum Replayed {
    /// The text of a log: one JSON object a line.
    Log(String),
    /// This user's turns.
    Own(Vec<Past>),
}

/// Replays; the last argument is told how many of how many runs are done.
pub type Replayer = fn(&Replayed, &ReplayPlan, &mut dyn FnMut(usize, usize)) -> ReplayReport;

/// Turns that are asked of the engine at once.
const PAGE: u32 = 2_000;
/// Lines that were left out and are named; the others are counted.
const NAMED: usize = 5;
/// Columns of the bar.
const BAR: usize = 30;

/// What `replay` is told.
#[derive(Debug, clap::Args)]
pub struct Replay {
    /// One JSON object a line: {"prompt": …, "category": …, "arms": {MODEL: {"reward": 0 to 1, "cost": dollars}}}
    #[arg(required_unless_present = "own", conflicts_with = "own")]
    file: Option<PathBuf>,
    /// Replay your own turns; a policy counts where it chooses what was chosen then
    #[arg(long)]
    own: bool,
    /// Prompts that are learnt from before the others are put in order; several with commas
    #[arg(long, value_delimiter = ',', value_name = "N")]
    labels: Vec<usize>,
    /// Runs of each; figures are their means
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    seeds: u64,
    /// What the lower bound of success must reach, 0 to 1
    #[arg(long, default_value_t = 0.8)]
    threshold: f64,
}

pub async fn replay(desk: &mut Desk<'_>, args: Replay, replayer: Replayer) -> Outcome {
    if !(0.0..=1.0).contains(&args.threshold) {
        let what = format!("threshold {} is not from 0 to 1", args.threshold);
        return Err(Error::new(what, "--threshold", "0.8 is usual").into());
    }
    let (source, broken) = match &args.file {
        Some(file) => {
            let bytes = std::fs::read(file).map_err(|e| {
                let place = file.display().to_string();
                Error::new(
                    format!("the log cannot be read: {e}"),
                    place,
                    "name a file of one JSON object a line",
                )
            })?;
            let (log, broken) = log(&bytes);
            (Replayed::Log(log), broken)
        }
        None => (Replayed::Own(history(desk).await?), Vec::new()),
    };
    let plan = ReplayPlan {
        labels: args.labels,
        seeds: args.seeds,
        threshold: args.threshold,
    };
    let shows = std::io::stderr().is_terminal();
    let mut bar = |done: usize, all: usize| {
        if shows {
            progress(done, all);
        }
    };
    let mut report = replayer(&source, &plan, &mut bar);
    report.faults.extend(broken);
    report.faults.sort_by_key(|(line, _)| *line);
    let place = args.file.map(|file| file.display().to_string());
    name_faults(&report, place.as_deref().unwrap_or("own turns"));
    for size in unused(&plan, &report) {
        tell(&format!(
            "--labels {size}: the log has {} prompts, so none would be left to put in order · left out",
            report.prompts
        ));
    }
    if report.prompts == 0 {
        let next = match place {
            Some(_) => "each line needs \"prompt\" and \"arms\" with a \"reward\" for every model",
            None => "rate some answers first: they are what is replayed",
        };
        return Err(Error::new("nothing to replay", place.unwrap_or_default(), next).into());
    }
    if desk.out.json {
        return desk.out.json(&report);
    }
    print(desk, &report, args.own)
}

/// The text of a log, and the lines of it that are no text with what they are; those are empty in it, so that the
/// others keep their numbers.
fn log(bytes: &[u8]) -> (String, Vec<(usize, String)>) {
    let mut broken = Vec::new();
    let lines: Vec<&str> = lines::of(bytes)
        .enumerate()
        .map(|(at, line)| {
            lines::text(line).unwrap_or_else(|what| {
                broken.push((at + 1, what));
                ""
            })
        })
        .collect();
    (lines.join("\n"), broken)
}

/// All turns of this user that told something of a model.
async fn history(desk: &mut Desk<'_>) -> Result<Vec<Past>, crate::faces::cli::out::Stop> {
    let mut engine = desk.engine(false).await?;
    let mut all: Vec<Past> = Vec::new();
    loop {
        let after = all.last().map_or(TurnId(0), |past| past.turn);
        let query = Query::History { after, limit: PAGE };
        match engine.query(query).await? {
            Answer::History(page) if page.is_empty() => return Ok(all),
            Answer::History(page) => all.extend(page),
            _ => return Err(odd_answer().into()),
        }
    }
}

/// One line on standard error, written over.
fn progress(done: usize, all: usize) {
    let full = BAR * done / all.max(1);
    let mut err = std::io::stderr().lock();
    let bar = format!("{}{}", "━".repeat(full), "─".repeat(BAR - full));
    let _ = match done == all {
        true => write!(err, "\r\x1b[K"),
        false => write!(err, "\rreplaying {bar} {done} of {all}"),
    };
    let _ = err.flush();
}

/// Sizes that were asked for and are too large for the log.
fn unused(plan: &ReplayPlan, report: &ReplayReport) -> Vec<usize> {
    let used = |size: usize| report.orders.iter().any(|row| row.labels == size);
    let sizes = plan.labels.iter().copied();
    match (&report.pair, report.prompts) {
        (None, _) | (_, 0) => Vec::new(),
        _ => sizes.filter(|size| !used(*size)).collect(),
    }
}

fn name_faults(report: &ReplayReport, place: &str) {
    for (line, what) in report.faults.iter().take(NAMED) {
        // Where serde says where, it counts within this line.
        let what = what.replace(" at line 1 column", ", column");
        tell(&format!("{place}:{line}: {what} · left out"));
    }
    if report.faults.len() > NAMED {
        tell(&format!(
            "{place}: {} lines were left out",
            report.faults.len()
        ));
    }
}

fn print(desk: &mut Desk<'_>, report: &ReplayReport, own: bool) -> Outcome {
    let out = &mut desk.out;
    let left_out = match report.faults.len() {
        0 => String::new(),
        n => format!(", {n} lines left out"),
    };
    out.line(format!(
        "{} prompts{left_out}, {} models, {}",
        report.prompts,
        report.models.len(),
        match report.seeds {
            1 => "one seed".to_owned(),
            n => format!("means of {n} seeds"),
        }
    ))?;
    if let Some((strong, weak)) = report.pair.as_ref().filter(|_| !report.orders.is_empty()) {
        out.line("")?;
        out.line(format!(
            "Which prompts are worth {strong} instead of {weak}: chance gives an APGR of 0.500"
        ))?;
        let heads = [
            "policy",
            "feedback",
            ">labels",
            ">APGR",
            ">±",
            ">CPT(50 %)",
            ">CPT(80 %)",
        ];
        let mut table = Table::new(&heads);
        for row in &report.orders {
            table.row(vec![
                cell(ink(&row.policy), &row.policy),
                plain(&row.feedback),
                plain(row.labels.to_string()),
                plain(format!("{:.3}", row.apgr)),
                plain(format!("{:.3}", row.spread)),
                plain(percent(row.cpt50)),
                plain(percent(row.cpt80)),
            ]);
        }
        table.write(out)?;
        note(
            out,
            "APGR: how much of the gap between the two is won, over all shares sent to the stronger one",
        )?;
        note(
            out,
            "CPT: the share that must go there to win half, or four fifths, of it; ± over the seeds",
        )?;
        out.line("What learns has learnt from prompts of this log (in-domain); published routers saw none (zero-shot).")?;
    }
    out.line("")?;
    out.line(match own {
        true => "Each prompt once; a policy is counted where it chose the model that answered then",
        false => "Each prompt once, only the chosen model's answer seen",
    })?;
    let heads = [
        "policy",
        ">answered",
        ">success",
        ">newest third",
        ">$ per 1,000",
        ">regret",
        ">tried",
    ];
    // A column of which nothing is known in any row is none.
    let costs = report.passes.iter().any(|row| row.cost.is_some());
    let regrets = report.passes.iter().any(|row| row.regret.is_some());
    let known = |figure: Option<String>, any: bool| match any {
        true => figure.unwrap_or_else(|| "?".into()),
        false => String::new(),
    };
    let mut table = Table::new(&heads);
    for row in &report.passes {
        table.row(vec![
            cell(ink(&row.policy), &row.policy),
            plain(format!("{:.0}", row.answered)),
            plain(format!("{:.4}", row.success)),
            plain(format!("{:.4}", row.success_late)),
            plain(known(row.cost.map(|cost| format!("{cost:.3}")), costs)),
            plain(known(
                row.regret.map(|regret| format!("{regret:.4}")),
                regrets,
            )),
            plain(percent(row.tried)),
        ]);
    }
    table.write(out)?;
    if regrets {
        note(
            out,
            "regret: what the best model for each prompt would have won beyond it",
        )?;
    }
    note(
        out,
        "tried: the share sent to another model than the first, to learn of it",
    )?;
    if let Some(equal) = &report.equal {
        out.line("")?;
        out.line(format!(
            "98 % of the success of {} costs, in percent of its cost: {} with {} alone, {}",
            equal.best,
            percent(equal.single_share),
            equal.single,
            match (equal.ours_share, equal.ours_threshold) {
                (Some(share), Some(threshold)) =>
                    format!("{} with ours at a threshold of {threshold}", percent(share)),
                _ => "ours does not reach it".to_owned(),
            }
        ))?;
    }
    Ok(())
}

/// What the columns above it are.
fn note(out: &mut Out, words: &str) -> Outcome {
    out.inked(&[(Ink::Dim, words)])
}

fn ink(policy: &str) -> Ink {
    match policy.starts_with("ours") {
        true => Ink::Bold,
        false => Ink::Plain,
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
