//! `rate` and `correct`: what was thought of a turn, and what it was.

use crate::error::Error;
use crate::faces::cli::args::rated;
use crate::faces::cli::desk::{Desk, Engine, odd_answer};
use crate::faces::cli::out::Outcome;
use crate::protocol::{Answer, Op, Query, TurnId};

pub async fn rate(desk: &mut Desk<'_>, what: &[String], note: Option<String>) -> Outcome {
    let (of, rating) = rated(what)
        .map_err(|what| Error::new(what, "", "antiphon rate [TURN|NAME] good|bad|1..5"))?;
    let mut engine = desk.engine(false).await?;
    let turn = meant(&mut engine, of).await?;
    let turns = engine.turns(Op::Rate { turn, rating, note }).await?;
    if desk.out.json {
        let rows: Vec<_> = turns
            .iter()
            .map(|(session, turn)| serde_json::json!({ "session": session, "turn": turn, "rating": rating }))
            .collect();
        return desk.out.json(&rows);
    }
    for (_, turn) in turns {
        let Answer::Log(of) = engine.query(Query::Turn { turn }).await? else {
            return Err(odd_answer().into());
        };
        let of = of.first().map_or_else(String::new, |turn| {
            let model = turn.model.as_deref().unwrap_or(turn.backend.as_str());
            format!(": {model}, {}", turn.category)
        });
        desk.out.line(format!("{turn} rated {rating}{of}"))?;
    }
    Ok(())
}

pub async fn correct(desk: &mut Desk<'_>, what: &[String]) -> Outcome {
    let (of, category) = match what {
        [category] => (None, category),
        [of, category] => (Some(of.as_str()), category),
        _ => return Err(odd_answer().into()),
    };
    let mut engine = desk.engine(false).await?;
    let turn = meant(&mut engine, of).await?;
    let category = category.clone();
    match engine.op(Op::Correct { turn, category }).await? {
        Answer::Text(said) => desk.say(&said),
        _ => Err(odd_answer().into()),
    }
}

/// The turn that a word means: its id, or the newest answer of a session. `None`: no word, the newest of all.
pub async fn meant(engine: &mut Engine, word: Option<&str>) -> Result<Option<TurnId>, Error> {
    match word {
        None => Ok(None),
        Some(word) => match word.parse() {
            Ok(turn) => Ok(Some(turn)),
            Err(_) => newest_answer(engine, word).await.map(Some),
        },
    }
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
