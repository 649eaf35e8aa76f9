//! `suggest`: which model to take for a prompt, or for each of many tasks.

use crate::error::Error;
use crate::faces::cli::desk::{Desk, Engine, odd_answer, prompt};
use crate::faces::cli::groups::tokens;
use crate::faces::cli::out::{Ink, Outcome, Stop};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::tasks::{self, Said};
use crate::protocol::{Answer, BudgetTier, Candidate, Nano, Query, Suggestion};
use clap::Args as Group;

/// Suggested models that people are shown; scripts are given all.
const SHOWN: usize = 10;

#[derive(Debug, Group)]
pub struct Suggest {
    /// The prompt, or - for standard input
    #[arg(required_unless_present = "batch")]
    pub prompt: Option<String>,
    /// The session whose conversation would be continued
    #[arg(long)]
    pub session: Option<String>,
    /// low, medium, high or any
    #[arg(long, default_value = "any")]
    pub budget: BudgetTier,
    /// Models not to be suggested, with commas between them
    #[arg(long, value_delimiter = ',')]
    pub exclude: Vec<String>,
    /// Abilities a model must have: vision, tools, json, reasoning
    #[arg(long, value_delimiter = ',')]
    pub require: Vec<String>,
    /// Tokens a model must take at once, such as 200k; left out: as many as the prompt and its conversation have
    #[arg(long, value_name = "TOKENS", value_parser = tokens)]
    pub min_window: Option<u64>,
    #[command(flatten)]
    pub said: Said,
    /// Many tasks, one a line: JSON with `prompt` and what else is known (priority, complexity, due, domain, risk,
    /// labels), or the bare prompt; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["prompt", "session"])]
    pub batch: Option<String>,
}

/// The engine's suggestion; where it knows of no model yet, after it has looked for some.
async fn suggested(engine: &mut Engine, query: Query) -> Result<Suggestion, Error> {
    for _ in 0..2 {
        match engine.query(query.clone()).await? {
            Answer::Suggestion(suggestion) if !suggestion.candidates.is_empty() => {
                return Ok(suggestion);
            }
            Answer::Suggestion(_) => engine.query(Query::Offers).await?,
            _ => return Err(odd_answer()),
        };
    }
    match engine.query(query).await? {
        Answer::Suggestion(suggestion) => Ok(suggestion),
        _ => Err(odd_answer()),
    }
}

/// One model with all that it can be had through, best first.
fn by_model(candidates: &[Candidate]) -> Vec<(&Candidate, String)> {
    let mut rows: Vec<(&Candidate, Vec<&str>)> = Vec::new();
    for candidate in candidates {
        let backend = candidate.backend.as_str();
        match rows
            .iter_mut()
            .find(|(first, _)| first.model == candidate.model)
        {
            Some((_, backends)) if backends.contains(&backend) => {}
            Some((_, backends)) => backends.push(backend),
            None => rows.push((candidate, vec![backend])),
        }
    }
    rows.into_iter()
        .map(|(first, backends)| (first, backends.join(", ")))
        .collect()
}

/// The reason without what stands in the other columns and above the table.
fn said_once(candidate: &Candidate, category: &str) -> String {
    let mut parts = candidate.reason.split("; ");
    let first = parts.next().unwrap_or_default();
    // What it costs has a column, and what another costs stands above the table.
    let rest = parts.filter(|part| !part.starts_with("about ") && !part.starts_with("free"));
    let first = first.replace(&format!(" for {category}"), "");
    let first = first.split(", ").filter(|part| {
        let expected = part.ends_with(" % expected");
        !(expected || (candidate.seen == 0 && *part == "no results here yet"))
    });
    let first = first.collect::<Vec<_>>().join(", ");
    let said = std::iter::once(first.as_str()).chain(rest);
    said.filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

pub async fn suggest(desk: &mut Desk<'_>, args: Suggest) -> Outcome {
    let now = jiff::Timestamp::now().as_millisecond();
    let task = args.said.task(now)?;
    if let Some(file) = &args.batch {
        return batch(desk, &args, file, now).await;
    }
    let text = prompt(args.prompt.unwrap_or_default())?;
    let mut engine = desk.engine(false).await?;
    let session = match &args.session {
        Some(name) => Some(engine.session(name).await?.id),
        None => None,
    };
    let narrowed = args.budget != BudgetTier::Any
        || args.min_window.is_some()
        || !(args.exclude.is_empty() && args.require.is_empty());
    let query = Query::Suggest {
        prompt: text,
        session,
        budget: args.budget,
        exclude: args.exclude,
        require: args.require,
        min_window: args.min_window,
        task,
    };
    let suggestion = suggested(&mut engine, query).await?;
    if desk.out.json {
        return desk.out.json(&suggestion);
    }
    if suggestion.candidates.is_empty() {
        return Err(nothing(narrowed).into());
    }
    show(desk, &suggestion)
}

fn nothing(narrowed: bool) -> Error {
    match narrowed {
        true => Error::new(
            "no model fits",
            "",
            "ask for less with --require, --exclude, --min-window or --budget",
        ),
        false => Error::new(
            "no model can be reached",
            "",
            "antiphon doctor says what is missing",
        ),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn amount(cost: Option<Nano>) -> String {
    cost.map_or("?".to_owned(), |cost| format!("~{cost}"))
}

fn show(desk: &mut Desk<'_>, suggestion: &Suggestion) -> Outcome {
    desk.out
        .line(format!("category: {}", suggestion.category))?;
    if let Some(value) = &suggestion.value {
        desk.out.line(format!(
            "value: {} = {:.2}, {}: success of {} is wanted",
            value.how,
            value.score,
            value.tier,
            percent(value.threshold)
        ))?;
    }
    if let Some(first) = suggestion.candidates.first() {
        desk.out.inked(&[
            (Ink::Bold, &first.model),
            (Ink::Plain, ": "),
            (Ink::Plain, &first.reason),
        ])?;
    }
    desk.out.line("")?;
    let mut table = Table::new(&[
        "model",
        "backend",
        ">success",
        ">at least",
        ">cost",
        ">results",
        "because",
    ]);
    let models = by_model(&suggestion.candidates);
    for (candidate, backends) in models.iter().take(SHOWN) {
        table.row(vec![
            cell(Ink::Bold, &candidate.model),
            plain(backends),
            plain(percent(candidate.success)),
            plain(percent(candidate.lower)),
            plain(amount(candidate.cost)),
            plain(candidate.seen.to_string()),
            plain(said_once(candidate, &suggestion.category)),
        ]);
    }
    table.fit(desk.out.width());
    table.write(&mut desk.out)?;
    if let Some(more @ 1..) = models.len().checked_sub(SHOWN) {
        desk.out
            .line(format!("… and {more} more; --json has all"))?;
    }
    if !suggestion.reached {
        desk.out
            .line("No model reaches the threshold of success; the best affordable comes first.")?;
    }
    if suggestion.value.as_ref().is_some_and(|v| v.tier == "defer") {
        desk.out
            .line("It is worth little now: it can wait, or go to the cheapest.")?;
    }
    Ok(())
}

/// One line of a batch, as scripts are told.
#[derive(serde::Serialize)]
struct Row<'a> {
    line: usize,
    #[serde(flatten)]
    suggestion: &'a Suggestion,
}

/// One suggestion for each line of a file.
async fn batch(desk: &mut Desk<'_>, args: &Suggest, file: &str, now: i64) -> Outcome {
    let mut read = tasks::read(file, &args.said, now)?;
    let all = read.broken + read.tasks.len();
    let mut engine = desk.engine(false).await?;
    let query = Query::SuggestBatch {
        tasks: read.tasks.clone(),
        budget: args.budget,
        exclude: args.exclude.clone(),
        require: args.require.clone(),
        min_window: args.min_window,
    };
    let mut rows = answered(engine.query(query.clone()).await?)?;
    if rows.iter().all(|row| row.candidates.is_empty()) {
        engine.query(Query::Offers).await?;
        rows = answered(engine.query(query).await?)?;
    }
    let mut kept = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        match &row.fault {
            Some(what) => read.leave_out(read.lines[place], what),
            None => kept.push((place, row)),
        }
    }
    read.sum_up(all);
    if desk.out.json {
        let row = |&(place, suggestion): &(usize, _)| Row {
            line: read.lines[place],
            suggestion,
        };
        desk.out.json(&kept.iter().map(row).collect::<Vec<_>>())?;
    } else {
        let mut table = Table::new(&[
            ">line",
            ">value",
            "tier",
            "category",
            "model",
            ">cost",
            ">at least",
            "prompt",
        ]);
        for (place, row) in kept {
            let first = row.candidates.first();
            let value = row.value.as_ref();
            table.row(vec![
                plain(read.lines[place].to_string()),
                plain(value.map(|v| format!("{:.1}", v.score)).unwrap_or_default()),
                plain(value.map(|v| v.tier.as_str()).unwrap_or_default()),
                plain(&row.category),
                cell(Ink::Bold, first.map_or("none fits", |first| &first.model)),
                plain(first.map(|first| amount(first.cost)).unwrap_or_default()),
                plain(first.map(|first| percent(first.lower)).unwrap_or_default()),
                plain(&read.tasks[place].prompt),
            ]);
        }
        table.fit(desk.out.width());
        table.write(&mut desk.out)?;
    }
    match read.broken {
        0 => Ok(()),
        _ => Err(Stop::Failed),
    }
}

fn answered(answer: Answer) -> Result<Vec<Suggestion>, Error> {
    match answer {
        Answer::Suggestions(rows) => Ok(rows),
        _ => Err(odd_answer()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Backend, Nano};

    fn candidate(model: &str, backend: Backend, reason: &str) -> Candidate {
        Candidate {
            model: model.into(),
            backend,
            success: 0.8,
            lower: 0.7,
            seen: 0,
            cost: Some(Nano(1)),
            reason: reason.into(),
        }
    }

    #[test]
    fn a_model_has_one_row_whoever_it_is_had_through() {
        let all = [
            candidate("a", Backend::Claude, ""),
            candidate("b", Backend::OpenAi, ""),
            candidate("a", Backend::Anthropic, ""),
            candidate("a", Backend::Anthropic, ""),
        ];
        let rows = by_model(&all);
        let shown: Vec<_> = rows
            .iter()
            .map(|(c, b)| (c.model.as_str(), b.as_str()))
            .collect();
        assert_eq!(shown, [("a", "claude, anthropic"), ("b", "openai")]);
    }

    #[test]
    fn a_reason_says_what_no_column_says() {
        for (reason, said) in [
            (
                "cheapest above 80 % for debug, no results here yet; about $0.02 against $0.3 at x",
                "cheapest above 80 %",
            ),
            (
                "85 % expected for debug, judged by x, no results here yet; about $0.02",
                "judged by x",
            ),
            (
                "85 % expected for debug, no results here yet; price unknown",
                "price unknown",
            ),
            (
                "85 % expected for debug, no results here yet; about $0.02; window unknown",
                "window unknown",
            ),
            (
                "85 % expected for debug, no results here yet; about $0.02",
                "",
            ),
        ] {
            assert_eq!(
                said_once(&candidate("a", Backend::Claude, reason), "debug"),
                said
            );
        }
    }
}
