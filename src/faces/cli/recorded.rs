//! `record`: what is kept of a turn beside what was said in it.

use crate::error::Error;
use crate::faces::cli::desk::{Desk, Engine, odd_answer};
use crate::faces::cli::judging::meant;
use crate::faces::cli::out::{Ink, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::{last_turn, words};
use crate::protocol::{Answer, Chosen, Millis, Query, RecordView, Turn, TurnId};

pub async fn record(desk: &mut Desk<'_>, of: Option<&str>) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let turn = match meant(&mut engine, of).await? {
        Some(turn) => turn,
        None => newest_of_all(&mut engine).await?,
    };
    let Answer::Record(view) = engine.query(Query::Record { turn }).await? else {
        return Err(odd_answer().into());
    };
    let Answer::Log(turns) = engine.query(Query::Turn { turn }).await? else {
        return Err(odd_answer().into());
    };
    let Some(turn) = turns.first() else {
        let what = format!("no turn `{turn}`");
        return Err(Error::new(what, "", "antiphon log NAME shows their ids").into());
    };
    if desk.out.json {
        return desk.out.json(&*view);
    }
    let mut table = Table::new(&["", ""]);
    for (what, value) in lines(&view, turn) {
        if !value.is_empty() {
            table.row(vec![cell(Ink::Bold, what), plain(value)]);
        }
    }
    table.body(&mut desk.out)
}

/// The answer that came last, of any session that lives.
async fn newest_of_all(engine: &mut Engine) -> Result<TurnId, Error> {
    let now = jiff::Timestamp::now().as_millisecond();
    let mut turns = Vec::new();
    for session in engine.snapshot().await?.sessions {
        turns.extend(last_turn::newest(engine, &session).await);
    }
    turns
        .iter()
        .max_by_key(|turn| came(turn, now))
        .map(|turn| turn.id)
        .ok_or_else(|| Error::new("nothing was answered yet", "", "ask something first"))
}

/// Orders answers as they came. One that ended later than now is from before the clock was set back.
fn came(turn: &Turn, now: Millis) -> (bool, Option<Millis>, TurnId) {
    let ended = turn.timings.ended_at;
    (ended.is_some_and(|at| at <= now), ended, turn.id)
}

/// What is told, and its value; empty where nothing is known.
fn lines(view: &RecordView, turn: &Turn) -> Vec<(&'static str, String)> {
    let record = &view.record;
    let parts: Vec<String> = record
        .parts
        .iter()
        .map(|(name, share)| format!("{name} {share}"))
        .collect();
    let category = match &record.sub {
        Some(sub) => format!("{} ({sub})", record.category),
        None => record.category.clone(),
    };
    let corrected = match record.category == record.read_as {
        true => String::new(),
        false => format!("{}; corrected", record.read_as),
    };
    let why = match record.chosen {
        Chosen::User => "named by you",
        Chosen::Suggestion => "suggested, and taken",
        Chosen::Explored => "suggested to learn more of it, and taken",
        Chosen::Fallback => "the model that was asked failed",
        Chosen::Default => "the configuration's or the agent's own",
    };
    let followed = match record.followed {
        Some(true) => "followed",
        Some(false) => "another was suggested",
        None => "",
    };
    let (input, output) = (turn.usage.total_input(), turn.usage.total_output());
    let used = |predicted: Option<String>, actual: String| match predicted {
        Some(predicted) => format!("{actual} (expected {predicted})"),
        None => actual,
    };
    let predicted = record.predicted;
    let seen: Vec<String> = view
        .seen
        .iter()
        .map(|seen| format!("{} ({}, {:+})", seen.name, seen.layer, seen.weight))
        .collect();
    vec![
        ("turn", record.turn.to_string()),
        ("category", category),
        ("read as", corrected),
        ("complexity", format!("{} of 100", record.complexity)),
        ("of that", parts.join(", ")),
        ("tags", record.tags.join(", ")),
        ("language", record.language.clone().unwrap_or_default()),
        ("holds", record.marks.join(", ")),
        ("words", record.words.to_string()),
        ("project", record.project.clone()),
        ("group", record.group.clone().unwrap_or_default()),
        ("model", turn.model.clone().unwrap_or_default()),
        ("backend", turn.backend.as_str().to_owned()),
        ("because", why.to_owned()),
        ("suggestion", followed.to_owned()),
        (
            "input",
            used(
                predicted.map(|p| words::tokens(p.input)),
                words::tokens(input),
            ),
        ),
        (
            "output",
            used(
                predicted.map(|p| words::tokens(p.output)),
                words::tokens(output),
            ),
        ),
        (
            "cost",
            used(predicted.map(|p| p.cost.to_string()), turn.cost.to_string()),
        ),
        (
            "rating",
            turn.rating
                .map(|rating| rating.to_string())
                .unwrap_or_default(),
        ),
        ("quality", record.why.clone()),
        ("seen", seen.join(", ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::turn;
    use crate::protocol::{Nano, Predicted, Record, Seen, TurnId, Usage};

    #[test]
    fn an_answer_from_before_the_clock_was_set_back_is_not_the_newest() {
        let ended = |id, at| {
            let mut turn = turn(id, None, "what is it", "five");
            turn.timings.ended_at = Some(at);
            turn
        };
        let turns = [ended(1, 900), ended(3, 110), ended(2, 120)];
        let newest = |now| turns.iter().max_by_key(|turn| came(turn, now)).unwrap().id;
        assert_eq!((newest(130), newest(950)), (TurnId(2), TurnId(1)));
    }

    #[test]
    fn a_record_says_what_was_expected_and_what_came() {
        let view = RecordView {
            record: Record {
                turn: TurnId(4),
                category: "math".into(),
                read_as: "data".into(),
                sub: None,
                complexity: 61,
                parts: vec![("length".into(), 61)],
                tags: vec!["rust".into()],
                language: None,
                marks: vec![],
                words: 9,
                features: vec![0.0; 32],
                project: "/home/me".into(),
                group: None,
                chosen: Chosen::Fallback,
                followed: Some(false),
                propensity: None,
                predicted: Some(Predicted {
                    input: 900,
                    output: 2_000,
                    cost: Nano(20_000_000),
                }),
                quality: Some(4.5),
                why: "4.5 of 10".into(),
            },
            seen: vec![Seen {
                name: "asked again".into(),
                layer: "behaviour".into(),
                weight: -2.5,
            }],
        };
        let turn = Turn {
            usage: Usage {
                input: 1_000,
                output: 300,
                ..Usage::default()
            },
            ..turn(4, None, "what is it", "five")
        };
        let lines = lines(&view, &turn);
        let of = |what| &lines.iter().find(|line| line.0 == what).unwrap().1;
        assert_eq!(of("read as"), "data; corrected");
        assert_eq!(of("output"), "300 (expected 2k)");
        assert_eq!(of("seen"), "asked again (behaviour, -2.5)");
        assert_eq!(of("because"), "the model that was asked failed");
        assert_eq!(of("group"), "");
    }
}
