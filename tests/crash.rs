//! The engine is killed in the middle of ten answers: what was finished is there, what was half there is, too.

mod support;

use serde_json::Value;
use std::time::{Duration, Instant};
use support::{chat_api::ChatApi, home::Home, screen::Screen, until};

fn text_of(turn: &Value) -> String {
    let blocks = turn["blocks"].as_array().into_iter().flatten();
    blocks.filter_map(|block| block["text"].as_str()).collect()
}

fn log(home: &Home, name: &str) -> Vec<Value> {
    home.json(&["log", name]).as_array().unwrap().clone()
}

#[test]
fn ten_streams_are_cut_by_sigkill_and_nothing_acknowledged_is_lost() {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    let names: Vec<String> = (1..=10).map(|n| format!("voice-{n}")).collect();
    for name in &names {
        home.ok(&["spawn", name, "-b", "openai", "-m", "gpt-5"]);
        home.ok(&["ask", name, "@say finished before"]);
    }
    let screen = Screen::open(&home, &[], 120, 40);
    screen.wait_for_text("10 sessions");
    let before: Vec<Value> = names
        .iter()
        .map(|name| log(&home, name)[0].clone())
        .collect();
    // Each says half of its answer and then no more, until everybody is there.
    home.ok(&["broadcast", "@hold @len:101", "--all"]);
    for name in &names {
        until("half an answer", || {
            text_of(log(&home, name).last()?)
                .contains("word51")
                .then_some(())
        });
    }
    // What is older than 250 ms is on the disk: the promise is about time, so time has to pass. The picture
    // of a quiet screen is a clock as good as any.
    let since = Instant::now();
    until("the time in which everything is written", || {
        (since.elapsed() > Duration::from_millis(300)).then_some(())
    });
    home.crash_engine();
    screen.wait_for_text("the engine is gone");
    screen.key("r");
    screen.wait_for("the sessions again", |text| {
        text.contains("10 sessions") && !text.contains("is gone")
    });
    screen.wait_for_text("interrupted");
    for (name, before) in names.iter().zip(&before) {
        let turns = log(&home, name);
        assert_eq!(turns.len(), 2, "{name}");
        assert_eq!(turns[0], *before, "{name}: a finished turn is as it was");
        assert_eq!(turns[1]["state"], "interrupted", "{name}");
        let text = text_of(&turns[1]);
        assert!(
            text.starts_with("word1 word2 ") && text.contains("word51"),
            "{name}: {text}"
        );
        assert_eq!(
            turns[1]["cost"]["estimated"], true,
            "{name}: what half an answer cost is an estimate"
        );
        assert_eq!(home.status(name)["status"]["is"], "idle");
    }
    // Held answers of the dead engine are let go; the sessions go on where they were.
    (0..10).for_each(|_| api.server.release());
    let answer = home.ok(&["ask", "voice-7", "go on"]);
    assert!(answer.contains("to: go on"), "{answer}");
}

#[test]
fn a_prompt_that_waited_is_kept_but_not_sent_behind_the_users_back() {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    home.ok(&["spawn", "primer", "-b", "openai", "-m", "gpt-5"]);
    home.ok(&["ask", "primer", "@hold first", "--async"]);
    home.ok(&["ask", "primer", "second", "--async"]);
    api.ledger.wait_for("first", |calls| !calls.is_empty());
    home.crash_engine();
    let turns = log(&home, "primer");
    let kept: Vec<_> = turns
        .iter()
        .map(|t| (t["prompt"].as_str().unwrap(), t["state"].as_str().unwrap()))
        .collect();
    assert_eq!(
        kept,
        [("@hold first", "interrupted"), ("second", "interrupted")]
    );
    assert!(text_of(&turns[1]).contains("Never sent"), "{}", turns[1]);
    assert_eq!(turns[1]["cost"]["priced"], 0);
    assert_eq!(api.ledger.calls().len(), 1);
}
