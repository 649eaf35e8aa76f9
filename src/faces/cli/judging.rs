//! `rate` and `suggest`: what was thought of a turn, and what to take for the next.

use crate::error::Error;
use crate::faces::cli::args::{Suggest, rated};
use crate::faces::cli::desk::{Desk, odd_answer, prompt};
use crate::faces::cli::out::{Ink, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use crate::protocol::{Answer, BudgetTier, Op, Query};

pub async fn rate(desk: &mut Desk<'_>, what: &[String], note: Option<String>) -> Outcome {
    let (turn, rating) =
        rated(what).map_err(|what| Error::new(what, "", "antiphon rate [TURN] good|bad|1..5"))?;
    let mut engine = desk.engine(false).await?;
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
    let Answer::Suggestion(suggestion) = engine.query(query).await? else {
        return Err(odd_answer().into());
    };
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
    for candidate in &suggestion.candidates {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        table.row(vec![
            cell(Ink::Bold, &candidate.model),
            plain(candidate.backend.as_str()),
            plain(percent(candidate.success)),
            plain(percent(candidate.lower)),
            plain(
                candidate
                    .cost
                    .map_or("?".to_owned(), |cost| format!("~{cost}")),
            ),
            plain(candidate.seen.to_string()),
            plain(&candidate.reason),
        ]);
    }
    table.write(&mut desk.out)?;
    if !suggestion.reached {
        desk.out
            .line("No model reaches the threshold of success; the best affordable comes first.")?;
    }
    Ok(())
}
