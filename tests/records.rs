//! What is kept of turns and learnt from them, in the real program: rated by hand, by command and in the composer,
//! corrected, and still there after the engine was killed.

mod support;

use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use support::{DEADLINE, chat_api::ChatApi, home::Home, screen::Screen};

fn lab() -> (ChatApi, Home) {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    home.ok(&["spawn", "primer", "-b", "openai", "-m", "gpt-5"]);
    (api, home)
}

fn record(home: &Home, turn: &str) -> Value {
    home.json(&["record", turn])["record"].clone()
}

#[test]
fn what_is_said_of_turns_survives_the_death_of_the_engine() {
    let (api, home) = lab();
    home.ok(&["ask", "primer", "fix this bug: the zzyzx overflows"]);
    home.ok(&["ask", "primer", "why is the sky blue?"]);
    let sent = api.ledger.calls().len();

    // Feedback is answered with what was rated, and reaches no model.
    let said = home.ok(&["ask", "primer", "/feedback good t1"]);
    assert!(said.starts_with("t1 rated good: gpt-5, "), "{said}");
    let said = home.ok(&["ask", "primer", "/feedback 2"]);
    assert!(said.starts_with("t2 rated 2: gpt-5, "), "{said}");
    assert_eq!(api.ledger.calls().len(), sent);
    for (args, words) in [
        (
            vec!["ask", "primer", "/feedback great"],
            "`great` is not a rating",
        ),
        (vec!["ask", "primer", "/feedback good t77"], "no turn t77"),
        (vec!["rate", "t77", "good"], "no turn t77"),
        (vec!["correct", "t77", "math"], "no turn t77"),
        (
            vec!["correct", "t1", "poetry"],
            "`poetry` is not a category",
        ),
    ] {
        let refused = home.refused(&args);
        assert!(refused.contains(words), "{refused}");
    }
    let was = record(&home, "t1")["category"].as_str().unwrap().to_owned();
    let right = if was == "data" { "math" } else { "data" };
    let said = home.ok(&["correct", "t1", right]);
    assert!(
        said.starts_with(&format!("t1 is {right}, not {was}")),
        "{said}"
    );

    let all = |home: &Home| {
        let of = |turn| home.json(&["record", turn]);
        let suggested = home.json(&["suggest", "fix this bug: the zzyzx overflows"]);
        let ratings: Vec<Value> = home
            .json(&["log", "primer"])
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t["rating"].clone())
            .collect();
        (of("t1"), of("t2"), suggested["category"].clone(), ratings)
    };
    let before = all(&home);
    assert_eq!(before.2, right, "a correction is learnt");
    home.crash_engine();
    assert_eq!(all(&home), before);
    // Twice rated, learnt once: also across a death.
    home.ok(&["rate", "t2", "good"]);
    let results =
        |home: &Home| home.json(&["suggest", "why is the sky blue?"])["candidates"].clone();
    let believed = results(&home);
    home.crash_engine();
    assert_eq!(results(&home), believed);
    let store = std::fs::read(home.antiphon().join("data/antiphon.db")).unwrap();
    assert!(!store.is_empty());
    let kept = record(&home, "t1").to_string();
    assert!(!kept.contains("zzyzx"), "{kept}");
}

#[test]
fn a_turn_is_rated_in_the_composer_and_corrected_with_one_key() {
    let (api, home) = lab();
    home.ok(&["ask", "primer", "fix this bug: it overflows"]);
    let sent = api.ledger.calls().len();
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("i write to primer");
    screen.key("i");
    screen.type_text("/feedback 5");
    screen.key("enter");
    screen.wait_for_text("t1 rated 5: gpt-5");
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.key("w");
    screen.wait_for_text("what was it?");
    screen.type_text("research");
    screen.key("enter");
    screen.wait_for_text("t1 is research, not");
    assert_eq!(record(&home, "t1")["category"], "research");
    assert_eq!(home.json(&["log", "primer"])[0]["rating"]["stars"], 5);
    assert_eq!(api.ledger.calls().len(), sent);
}

/// Whether two figures are the same, but for what JSON loses of a number.
fn near(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-9 * a.abs().max(1.0)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| near(a, b)))
        }
        _ => a == b,
    }
}

/// What is believed of models that have results; which others are at hand is found out only after a start.
fn believed(home: &Home) -> Value {
    let learned = home.json(&["learn", "show"]);
    serde_json::json!([learned["results"], learned["trust"], learned["beliefs"]])
}

#[test]
fn killed_amid_ratings_the_engine_loses_none_and_believes_what_a_fresh_fold_believes() {
    let (_api, home) = lab();
    let prompts = [
        "fix this bug",
        "explain monads to me",
        "prove that 2 is prime",
    ];
    for prompt in prompts {
        home.ok(&["ask", "primer", prompt]);
    }
    // Each turn is rated over and over; kept is what was said of it, and how much of that was acknowledged.
    let over = AtomicBool::new(false);
    let (sender, acknowledgements) = channel();
    let rater = |turn: String, sender: Sender<()>| {
        let (mut said, mut acknowledged, mut count) = (Vec::new(), 0, 0);
        while !over.load(Ordering::Relaxed) {
            let rating = ["good", "bad", "4"][said.len() % 3];
            said.push(rating);
            if home.cli(&["rate", &turn, rating]).status.success() {
                acknowledged = said.len();
                count += 1;
                let _ = sender.send(());
            }
        }
        (turn, said, acknowledged, count)
    };
    let told = thread::scope(|scope| {
        let rater = &rater;
        let raters: Vec<_> = (1..=prompts.len())
            .map(|n| {
                let sender = sender.clone();
                scope.spawn(move || rater(format!("t{n}"), sender))
            })
            .collect();
        for _ in 0..3 {
            for _ in 0..9 {
                acknowledgements
                    .recv_timeout(DEADLINE)
                    .expect("ratings go on");
            }
            home.crash_engine();
        }
        over.store(true, Ordering::Relaxed);
        raters
            .into_iter()
            .map(|rater| rater.join().unwrap())
            .collect::<Vec<_>>()
    });
    let log = home.json(&["log", "primer"]);
    for (turn, said, acknowledged, count) in told {
        assert!(count > 0, "{turn} was never rated");
        let number: usize = turn[1..].parse().unwrap();
        let kept = &log[number - 1]["rating"];
        let word = match kept["stars"].as_u64() {
            Some(stars) => stars.to_string(),
            None => kept.as_str().unwrap().to_owned(),
        };
        // What was said after that may be stored or not: nobody was told.
        assert!(
            said[acknowledged - 1..].contains(&word.as_str()),
            "{turn}: {word} of {said:?}, {acknowledged} acknowledged"
        );
    }
    // On top of that more is learnt; after a death it is folded from its rows, after an end read from a snapshot and,
    // without that, folded anew.
    home.ok(&["rate", "t1", "good"]);
    home.ok(&["correct", "t2", "math"]);
    let living = believed(&home);
    assert_eq!(living[0], 3, "{living}");
    home.crash_engine();
    let folded = believed(&home);
    home.ok(&["engine", "stop"]);
    let from_snapshot = believed(&home);
    home.ok(&["engine", "stop"]);
    let store = rusqlite::Connection::open(home.antiphon().join("data/antiphon.db")).unwrap();
    assert_eq!(store.execute("DELETE FROM learner", []).unwrap(), 1);
    drop(store);
    let fresh = believed(&home);
    for other in [folded, from_snapshot, fresh] {
        assert!(near(&living, &other), "{living}\n{other}");
    }
}
