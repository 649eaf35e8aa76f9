//! Signals, as tables.

use super::*;
use crate::protocol::{Block, Category, Failure, Timings, ToolState, TurnState, testing};

fn turn(category: &str, prompt: &str, state: TurnState, blocks: Vec<Block>) -> Turn {
    Turn {
        state,
        blocks,
        category: category.into(),
        timings: Timings {
            asked_at: 1_000,
            sent_at: Some(1_000),
            first_token_at: Some(2_000),
            ended_at: Some(10_000),
        },
        ..testing::turn(7, None, prompt, "")
    }
}

fn text(text: &str) -> Vec<Block> {
    vec![Block::Text { text: text.into() }]
}

fn tool(input: &str, output: &str, state: ToolState) -> Block {
    Block::Tool {
        id: "1".into(),
        name: "Bash".into(),
        input: input.into(),
        output: Some(output.into()),
        state,
    }
}

fn names(signals: &[Signal]) -> Vec<&'static str> {
    signals.iter().map(|signal| signal.name).collect()
}

#[test]
fn failures_of_keys_limits_and_networks_tell_nothing_of_the_model() {
    for (category, seen) in [
        (Category::RateLimit, "unavailable"),
        (Category::Overloaded, "unavailable"),
        (Category::Auth, "unavailable"),
        (Category::Quota, "unavailable"),
        (Category::Network, "unavailable"),
        (Category::Timeout, "unavailable"),
        (Category::Missing, "unavailable"),
        (Category::Exited, "unavailable"),
        (Category::ContextOverflow, "not taken"),
        (Category::BadRequest, "not taken"),
        (Category::CapabilityMismatch, "not taken"),
        (Category::Refused, "refused"),
        (Category::CutOff, "cut off"),
        (Category::Parse, "failed"),
        (Category::ToolError, "failed"),
    ] {
        let state = TurnState::Failed(Failure::new(category, "x", "y"));
        let signals = signals_of(&turn("debug", "Fix it", state, text("half an answer")));
        assert_eq!(names(&signals), [seen], "{category}");
        let away = signals[0].layer == Layer::Availability;
        assert_eq!(away, is_infrastructure(category), "{category}");
    }
}

#[test]
fn answers_are_seen_through() {
    let code = "Here it is:\n```rust\nfn main() {}\n```\nIt reads the file and prints the first line of it.";
    for (category, prompt, answer, seen) in [
        ("code_gen", "Write a parser", code, &[][..]),
        ("code_gen", "Write a parser", "", &["empty"]),
        ("explain", "Explain monads", "No.", &["far too short"]),
        ("explain", "Explain monads in one word", "Burritos.", &[]),
        ("simple_qa", "Capital of France?", "Paris", &[]),
        (
            "code_gen",
            "Write a parser for INI files",
            "You would first split the input into lines, and then look at each of them for a bracket or an \
             equals sign, and put the names into a map.",
            &["no code"],
        ),
        (
            "creative",
            "Write a story about a burglar",
            "I'm sorry, but I can't help with that request.",
            &["declined"],
        ),
        (
            "debug",
            "Why does it crash?",
            "I'm not sure. It might be the cache, or perhaps the lock; probably the lock.",
            &["hedges"],
        ),
        (
            "debug",
            "Fix it",
            "I was unable to reproduce the crash on this machine.",
            &["gave up"],
        ),
        (
            "debug",
            "Fix it",
            "The root cause is a missing lock; I tested the change.",
            &["sure of itself"],
        ),
        (
            "refactor",
            "Split this file into two",
            "```rust\nmod a;\n// ... existing code ...\n```\nThe rest of the code is as it was before this.",
            &["left out parts"],
        ),
    ] {
        let turn = turn(category, prompt, TurnState::Done, text(answer));
        assert_eq!(names(&signals_of(&turn)), seen, "{answer}");
    }
}

#[test]
fn a_stop_counts_once_an_answer_had_begun() {
    let mut stopped = turn("debug", "x", TurnState::Interrupted, text("Well,"));
    assert_eq!(names(&signals_of(&stopped)), ["stopped by the user"]);
    stopped.timings.first_token_at = None;
    assert_eq!(names(&signals_of(&stopped)), [""; 0]);
}

#[test]
fn tests_and_builds_are_seen_in_what_agents_run() {
    use ToolState::{Denied, Done, Failed, Running};
    for (input, output, state, seen) in [
        (
            r#"{"command":"cargo test --lib"}"#,
            "test result: ok. 5 passed",
            Done,
            &["tests passed"][..],
        ),
        (
            r#"{"command":"cargo test --lib"}"#,
            "error: test failed",
            Failed,
            &["tests failed"],
        ),
        (
            r#"{"command":"cd app && npm test 2>&1 | tail -5"}"#,
            "npm ERR! Test failed.",
            Done,
            &["tests failed"],
        ),
        (
            r#"{"command":"cargo test || true"}"#,
            "test result: FAILED. 1 passed; 2 failed",
            Done,
            &["tests failed"],
        ),
        (
            r#"{"command":["bash","-lc","pytest -q"]}"#,
            "3 passed in 0.1s",
            Done,
            &["tests passed"],
        ),
        (
            r#"{"cmd":"RUST_LOG=debug timeout 60 cargo nextest run"}"#,
            "",
            Done,
            &["tests passed"],
        ),
        (
            r#"{"command":"./gradlew test"}"#,
            "BUILD FAILED",
            Failed,
            &["tests failed"],
        ),
        (
            r#"{"command":"go build ./... && go test ./..."}"#,
            "ok",
            Done,
            &["tests passed", "build passed"],
        ),
        (
            r#"{"command":"npx tsc --noEmit"}"#,
            "a.ts(1,1): error TS2304",
            Done,
            &["build failed"],
        ),
        (
            r#"{"command":"make"}"#,
            "make: *** [all] Error 2",
            Failed,
            &["build failed"],
        ),
        (
            r#"{"command":"npm run test:unit"}"#,
            "",
            Done,
            &["tests passed"],
        ),
        (r#"{"command":"echo cargo test"}"#, "cargo test", Done, &[]),
        (r#"{"command":"cat Makefile"}"#, "", Done, &[]),
        (r#"{"command":"cargo test"}"#, "", Denied, &[]),
        (r#"{"command":"cargo test"}"#, "", Running, &[]),
        (r#"{"file_path":"cargo test"}"#, "", Done, &[]),
        (r#"{"command":"cargo te"#, "", Done, &[]),
    ] {
        let turn = turn(
            "debug",
            "Mend it",
            TurnState::Done,
            vec![tool(input, output, state)],
        );
        assert_eq!(names(&signals_of(&turn)), seen, "{input} {output}");
    }
}

#[test]
fn the_last_run_counts() {
    let failed = tool(r#"{"command":"pytest"}"#, "1 failed", ToolState::Failed);
    let passed = tool(r#"{"command":"pytest"}"#, "2 passed", ToolState::Done);
    let mended = vec![failed.clone(), passed.clone()];
    let broken = vec![passed, failed];
    for (blocks, seen) in [(mended, "tests passed"), (broken, "tests failed")] {
        let turn = turn("debug", "Mend it", TurnState::Done, blocks);
        assert_eq!(names(&signals_of(&turn)), [seen]);
    }
}

#[test]
fn the_next_prompt_is_read_against_the_one_before() {
    use Place::{Instead, OtherModel, Session};
    let asked = "Write a function that parses dates in three formats";
    let soon = 60_000;
    for (place, prompt, at, seen) in [
        (Session, "try again", soon, "try again"),
        (Session, "Please try again, with tests", soon, "try again"),
        (Session, "no, use chrono instead", soon, "objection"),
        (Session, "No. That is the wrong format", soon, "objection"),
        (Session, "that didn’t compile", soon, "objection"),
        (Session, "still fails on leap years", soon, "objection"),
        (Session, "use jiff instead of chrono", soon, "redirected"),
        (
            Session,
            "Actually, make it four formats",
            soon,
            "redirected",
        ),
        (
            Session,
            "thanks, but it misses leap years",
            soon,
            "redirected",
        ),
        (Session, "thanks! now the docs", soon, "thanks"),
        (Session, "perfect", soon, "thanks"),
        (Session, "no problem, thank you", soon, "thanks"),
        (Session, asked, soon, "same prompt again"),
        (
            Session,
            "write a function that parses dates in four formats!",
            soon,
            "edited and resent",
        ),
        (
            Session,
            "What is the tallest mountain of Peru?",
            soon,
            "on to the next",
        ),
        (
            Session,
            "What is the tallest mountain of Peru?",
            40 * 60_000,
            "",
        ),
        (Session, "What is the tallest mountain of Peru?", 5_000, ""),
        (Session, "now add a test for it", soon, ""),
        (Session, "Notice the leap years too", soon, ""),
        (Session, "Normalise the result", soon, ""),
        (Instead, asked, soon, "same prompt again"),
        (
            Instead,
            "Write a function that parses dates in five formats",
            soon,
            "edited and resent",
        ),
        (Instead, "What about ISO weeks?", soon, "forked before it"),
        (OtherModel, asked, soon, "asked another model"),
        (OtherModel, "What about ISO weeks?", soon, ""),
    ] {
        let turn = turn("code_gen", asked, TurnState::Done, text("fn parse() {}"));
        let found = names(&signals_after(&turn, Next { prompt, at, place }));
        let seen: Vec<&str> = [seen].into_iter().filter(|name| !name.is_empty()).collect();
        assert_eq!(found, seen, "{place:?} {prompt}");
    }
}
