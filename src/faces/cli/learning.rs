//! `learn`: what is believed, from what, what changed it; to forget it, to carry it elsewhere, to fit it.

use crate::error::Error;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::out::{Outcome, tell};
use crate::faces::cli::{learning_file, learning_shown};
use crate::protocol::{Answer, CATEGORIES, Forget, LearnChange, Learned, Op, Query};
use clap::{Args as Group, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum LearnCommand {
    /// Show what is believed of each model, from what, and what changed it
    Show {
        /// Only models with this in their name
        #[arg(long)]
        model: Option<String>,
        /// Only this category, such as debug
        #[arg(long, value_parser = category)]
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
    #[arg(long, value_parser = category)]
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

/// A word that is a category.
fn category(text: &str) -> Result<String, String> {
    match CATEGORIES.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(format!("expected one of {}", CATEGORIES.join(", "))),
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
            let narrowed = model.is_some() || category.is_some();
            let model = model.map(|part| part.to_lowercase());
            let mut learned = learned(desk, all).await?;
            learned.beliefs.retain(|belief| {
                let name = belief.model.to_lowercase();
                model.as_deref().is_none_or(|part| name.contains(part))
                    && category.as_deref().is_none_or(|c| belief.category == c)
            });
            match desk.out.json {
                true => desk.out.json(&learned),
                false => learning_shown::show(&mut desk.out, &learned, narrowed),
            }
        }
        LearnCommand::Review => {
            let learned = learned(desk, false).await?;
            match desk.out.json {
                true => desk.out.json(&learned.learnings),
                false => learning_shown::rules(&mut desk.out, &learned.learnings),
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
                false => learning_shown::advised(&mut desk.out, &advice),
            }
        }
    }
}

async fn learned(desk: &Desk<'_>, all: bool) -> Result<Learned, Error> {
    let mut engine = desk.engine(false).await?;
    let mut told = engine.query(Query::Learned { all }).await?;
    // An engine that has just begun knows of no model at hand until it has looked for some.
    if let Answer::Learned(learned) = &told
        && all
        && learned.beliefs.iter().all(|belief| belief.seen > 0)
    {
        engine.query(Query::Offers).await?;
        told = engine.query(Query::Learned { all }).await?;
    }
    match told {
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
        Answer::Adjustments(rows) => learning_shown::adjustments(&mut desk.out, &rows),
        Answer::Learnings(rows) if desk.out.json => desk.out.json(&rows),
        Answer::Learnings(rows) => learning_shown::rules(&mut desk.out, &rows),
        _ => Err(odd_answer().into()),
    }
}

async fn export(desk: &mut Desk<'_>, file: Option<PathBuf>) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let count = match file {
        None => learning_file::export(&mut engine, &mut |line| desk.out.text(line)).await?,
        Some(path) => {
            let count = learning_file::export_to(&mut engine, &path).await?;
            desk.out.done(format!(
                "{} written to {}",
                learning_shown::results(count),
                path.display()
            ))?;
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
        false => learning_shown::adjustments(&mut desk.out, &rows)?,
    }
    match broken {
        0 => Ok(()),
        _ => Err(crate::faces::cli::out::Stop::Failed),
    }
}
