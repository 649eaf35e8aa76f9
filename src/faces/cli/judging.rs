//! `rate` and `suggest`: what was thought of a turn, and what to take for the next.

use crate::error::Error;
use crate::faces::cli::args::rated;
use crate::faces::cli::desk::{Desk, Engine, odd_answer, prompt};
use crate::faces::cli::groups::Suggest;
use crate::faces::cli::out::{Ink, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use crate::protocol::{Answer, BudgetTier, Candidate, Op, Query, Suggestion, TurnId};

/// Suggested models that people are shown; scripts are given all.
const SHOWN: usize = 10;

pub async fn rate(desk: &mut Desk<'_>, what: &[String], note: Option<String>) -> Outcome {
    let (of, rating) = rated(what)
        .map_err(|what| Error::new(what, "", "antiphon rate [TURN|NAME] good|bad|1..5"))?;
    let mut engine = desk.engine(false).await?;
    let turn = match of {
        None => None,
        Some(word) => Some(match word.parse() {
            Ok(turn) => turn,
            Err(_) => newest_answer(&mut engine, word).await?,
        }),
    };
    let turns = engine.turns(Op::Rate { turn, rating, note }).await?;
    if desk.out.json {
        let rows: Vec<_> = turns
            .iter()
            .map(|(session, turn)| serde_json::json!({ "session": session, "turn": turn, "rating": rating }))
            .collect();
        return desk.out.json(&rows);
    }
    for (_, turn) in turns {
        desk.out.line(format!("{turn} rated {rating}"))?;
    }
    Ok(())
}

/// The newest turn of a session that is over.
async fn newest_answer(engine: &mut Engine, name: &str) -> Result<TurnId, Error> {
    let session = engine.session(name).await?;
    let Answer::Log(turns) = engine
        .query(Query::Log {
            session: session.id,
        })
        .await?
    else {
        return Err(odd_answer());
    };
    let over = turns.iter().rev().find(|turn| turn.state.is_over());
    over.map(|turn| turn.id).ok_or_else(|| {
        let what = format!("{} has answered nothing yet", session.name);
        Error::new(what, "", "ask it first, or name a turn such as t4")
    })
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
    let reason = match candidate.reason.rsplit_once(" · ") {
        Some((reason, cost)) if candidate.cost.is_some() && cost.starts_with("about ") => reason,
        _ => &candidate.reason,
    };
    let reason = reason.replace(&format!(" for {category}"), "");
    let parts = reason.split(", ").filter(|part| {
        let expected = part.ends_with(" % expected");
        !(expected || (candidate.seen == 0 && *part == "no results here yet"))
    });
    parts.collect::<Vec<_>>().join(", ")
}

pub async fn suggest(desk: &mut Desk<'_>, args: Suggest) -> Outcome {
    let text = prompt(args.prompt)?;
    let mut engine = desk.engine(false).await?;
    let session = match &args.session {
        Some(name) => Some(engine.session(name).await?.id),
        None => None,
    };
    let narrowed =
        args.budget != BudgetTier::Any || !(args.exclude.is_empty() && args.require.is_empty());
    let query = Query::Suggest {
        prompt: text,
        session,
        budget: args.budget,
        exclude: args.exclude,
        require: args.require,
    };
    let suggestion = suggested(&mut engine, query).await?;
    if desk.out.json {
        return desk.out.json(&suggestion);
    }
    if suggestion.candidates.is_empty() {
        return match narrowed {
            true => Err(Error::new(
                "no model fits",
                "",
                "ask for less with --require, --exclude or --budget",
            )
            .into()),
            false => Err(Error::new(
                "no model can be reached",
                "",
                "antiphon doctor says what is missing",
            )
            .into()),
        };
    }
    desk.out
        .line(format!("category: {}", suggestion.category))?;
    let mut table = Table::new(&[
        "model",
        "backend",
        ">success",
        ">at least",
        ">cost",
        ">seen",
        "because",
    ]);
    let models = by_model(&suggestion.candidates);
    for (candidate, backends) in models.iter().take(SHOWN) {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        table.row(vec![
            cell(Ink::Bold, &candidate.model),
            plain(backends),
            plain(percent(candidate.success)),
            plain(percent(candidate.lower)),
            plain(
                candidate
                    .cost
                    .map_or("?".to_owned(), |cost| format!("~{cost}")),
            ),
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
    Ok(())
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
                "cheapest above 80 % for debug, no results here yet · about $0.02",
                "cheapest above 80 %",
            ),
            (
                "85 % expected for debug, judged by x · about $0.02",
                "judged by x",
            ),
            (
                "85 % expected for debug, no results here yet · price unknown",
                "no results here yet · price unknown",
            ),
            ("9 of 10 for debug · about $0.02", "9 of 10"),
        ] {
            assert_eq!(
                said_once(&candidate("a", Backend::Claude, reason), "debug"),
                said
            );
        }
    }
}
