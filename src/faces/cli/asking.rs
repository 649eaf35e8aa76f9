//! `ask` and `poll`: one prompt, one answer.

use crate::error::Error;
use crate::faces::cli::desk::{Desk, Engine, odd_answer, prompt};
use crate::faces::cli::follow::{to_the_end, verdict, watch};
use crate::faces::cli::groups::{Ask, OverBudget};
use crate::faces::cli::out::{Outcome, Stop, tell};
use crate::faces::cli::words;
use crate::protocol::{
    Answer, Backend, Op, Query, SessionId, SessionView, Turn, TurnId, response_text,
};
use std::path::PathBuf;

pub async fn ask(desk: &mut Desk<'_>, args: Ask) -> Outcome {
    let and_go = args.and_go;
    let text = prompt(args.prompt)?;
    let attached = whole_paths(args.attach)?;
    let mut engine = desk.engine(!and_go).await?;
    let session = engine.session(&args.name).await?;
    if session.backend == Backend::Terminal {
        if !attached.is_empty() {
            let what = format!("{} is a terminal and takes no images", session.name);
            return Err(Error::new(what, "--attach", "leave it out").into());
        }
        return paste(&mut engine, &session, text).await;
    }
    if !and_go {
        watch(&mut engine, vec![session.id]).await?;
    }
    let op = Op::Ask {
        session: session.id,
        prompt: text,
        suggested: false,
        attached,
    };
    let turns = match engine.op(op).await? {
        Answer::Turns(turns) => turns,
        // It was no prompt, but feedback.
        Answer::Text(said) => return desk.say(&said),
        _ => return Err(odd_answer().into()),
    };
    if and_go {
        let Some((session, turn)) = turns.first() else {
            return Err(odd_answer().into());
        };
        return match desk.out.json {
            true => desk
                .out
                .json(&serde_json::json!({ "session": session, "turn": turn })),
            false => desk.out.line(turn.to_string()),
        };
    }
    finish(desk, &mut engine, &turns, args.over.choice()).await
}

/// Paths as the engine can use them, which runs elsewhere.
fn whole_paths(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, Error> {
    let whole = |path: PathBuf| match path.canonicalize() {
        Ok(whole) if whole.is_file() => Ok(whole),
        Ok(_) => Err(Error::new(
            "this is not a file",
            path.display().to_string(),
            "--attach PATH",
        )),
        Err(e) => Err(Error::new(
            format!("the file cannot be attached: {e}"),
            path.display().to_string(),
            "--attach PATH",
        )),
    };
    paths.into_iter().map(whole).collect()
}

/// Prints the answer of the one turn as it comes, or with `--json` the whole turn at its end.
pub async fn finish(
    desk: &mut Desk<'_>,
    engine: &mut Engine,
    turns: &[(SessionId, TurnId)],
    over_budget: OverBudget,
) -> Outcome {
    let page = (!desk.out.json).then_some(&mut desk.out);
    let over = tokio::select! {
        biased;
        over = to_the_end(engine, turns, page, over_budget) => over?,
        _ = tokio::signal::ctrl_c() => return Err(left(turns)),
    };
    for turn in &over {
        if desk.out.json {
            desk.out.json(turn)?;
        }
        verdict(turn)?;
    }
    Ok(())
}

/// For one who does not wait any longer: the engine goes on.
fn left(turns: &[(SessionId, TurnId)]) -> Stop {
    let next = match turns {
        [(session, turn), ..] => {
            format!("antiphon poll {turn} --wait; antiphon interrupt {session} stops it")
        }
        [] => String::new(),
    };
    Error::new("not waiting any longer; the turn goes on", "", next).into()
}

/// A terminal has no turns: the prompt is typed and sent.
async fn paste(engine: &mut Engine, session: &SessionView, text: String) -> Outcome {
    let op = Op::Paste {
        session: session.id,
        text,
        submit: true,
    };
    engine.op(op).await?;
    let name = &session.name;
    tell(&format!(
        "typed into {name}, a terminal; next: antiphon shows its screen, antiphon status {name} what it does"
    ));
    Ok(())
}

pub async fn poll(desk: &mut Desk<'_>, id: TurnId, wait: bool) -> Outcome {
    let mut engine = desk.engine(wait).await?;
    let mut turn = fetch(&mut engine, id).await?;
    if wait && !turn.state.is_over() {
        watch(&mut engine, vec![turn.session]).await?;
        // It may have ended between the first look and the watch.
        turn = fetch(&mut engine, id).await?;
        if !turn.state.is_over() {
            let turns = [(turn.session, id)];
            // One who only looks decides nothing.
            return finish(desk, &mut engine, &turns, OverBudget::Wait).await;
        }
    }
    if desk.out.json {
        desk.out.json(&turn)?;
    } else if turn.state.is_over() {
        let text = response_text(&turn.blocks);
        if !text.is_empty() {
            desk.out.line(text)?;
        }
    } else {
        let so_far = response_text(&turn.blocks).chars().count();
        desk.out.line(format!(
            "{} · {so_far} characters so far",
            words::turn_state(&turn)
        ))?;
        return Ok(());
    }
    match turn.state.is_over() {
        true => verdict(&turn),
        false => Ok(()),
    }
}

async fn fetch(engine: &mut Engine, id: TurnId) -> Result<Turn, Stop> {
    match engine.query(Query::Turn { turn: id }).await? {
        Answer::Log(turns) => turns.into_iter().next().ok_or_else(|| {
            Error::new(
                format!("no turn `{id}`"),
                "",
                "antiphon log NAME shows the turns of a session",
            )
            .into()
        }),
        _ => Err(odd_answer().into()),
    }
}

/// Says on standard error where an answer that is not waited for can be had.
pub fn tell_where(turns: &[(SessionId, TurnId)]) {
    if let [(_, turn), ..] = turns {
        tell(&format!("next: antiphon poll {turn} --wait"));
    }
}
