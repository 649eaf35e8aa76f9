//! What is learnt, in the real program: suggested, shown, decided, forgotten, carried elsewhere and replayed; and what is
//! said where there is nothing, or something that is not understood.

mod support;

use std::fs;
use support::{chat_api::ChatApi, home::Home, screen::Screen};

/// Two models of one provider, with a few rated answers.
fn lab() -> (ChatApi, Home) {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    for (name, model) in [("big", "gpt-5.4"), ("mini", "gpt-5.4-mini")] {
        home.ok(&["spawn", name, "-b", "openai", "-m", model]);
    }
    (api, home)
}

fn rated(home: &Home, name: &str, rating: &str, times: usize) {
    for n in 0..times {
        let prompt = format!("fix this bug: it overflows at {n}");
        home.ok(&["ask", name, &prompt]);
        home.ok(&["rate", name, rating]);
    }
}

#[test]
fn every_command_says_what_is_missing() {
    let (_api, home) = lab();
    for (args, words) in [
        (&["record"][..], "nothing was answered yet"),
        (&["rate", "good"], "nothing was answered yet"),
        (
            &["learn", "forget", "--model", "gpt-5"],
            "nothing was learnt of `gpt-5`",
        ),
        (
            &["learn", "forget", "--category", "debugg"],
            "expected one of code_gen",
        ),
        (
            &["learn", "show", "--category", "debugg"],
            "expected one of code_gen",
        ),
        (&["learn", "approve", "L7"], "no rule L7"),
        (
            &["learn", "approve", "L99999999999999999999999"],
            "is no rule",
        ),
        (
            &["suggest", "x", "--exclude", "gpt-5.4-mnii"],
            "no model `gpt-5.4-mnii`",
        ),
        (&["suggest", "x", "--min-window", "9000M"], "no model fits"),
        (
            &["suggest", "x", "--min-window", "wide"],
            "a number of tokens",
        ),
        (&["replay", "--own"], "nothing to replay"),
    ] {
        let out = home.cli(args);
        assert!(!out.status.success() && out.stdout.is_empty(), "{args:?}");
        let refused = String::from_utf8(out.stderr).unwrap();
        assert!(refused.contains(words), "{args:?}: {refused}");
    }
    for (args, words) in [
        (&["learn", "show"][..], "Nothing was learnt yet"),
        (&["learn", "review"], "No rule followed"),
        (
            &["learn", "advice"],
            "Nothing to advise yet: that takes 5 turns",
        ),
    ] {
        let said = home.ok(args);
        assert!(said.contains(words), "{args:?}: {said}");
    }
}

#[test]
fn what_is_rated_is_believed_decided_and_forgotten() {
    let (_api, home) = lab();
    rated(&home, "mini", "good", 3);
    rated(&home, "big", "bad", 2);
    let said = home.ok(&["rate", "t1", "5"]);
    assert_eq!(said, "t1 rated 5: gpt-5.4-mini, debug\n");
    // The newest of all is that of the other session.
    assert!(home.ok(&["record"]).contains("gpt-5.4\n"));

    let shown = home.ok(&["learn", "show", "--model", "MINI"]);
    assert!(
        shown.contains("3 of 3") && shown.contains("worth"),
        "{shown}"
    );
    assert!(
        !shown.contains("0 of 2"),
        "only what was asked for:\n{shown}"
    );
    let shown = home.ok(&["learn", "show"]);
    assert!(shown.contains("0 of 2"), "{shown}");

    // The reason stands whole, whatever the table has room for.
    let said = home.ok(&["suggest", "fix this bug: it overflows"]);
    let reason = &home.json(&["suggest", "fix this bug: it overflows"])["candidates"][0];
    let line = format!(
        "{}: {}",
        reason["model"].as_str().unwrap(),
        reason["reason"].as_str().unwrap()
    );
    assert_eq!(said.lines().nth(1), Some(&line[..]), "{said}");

    let rules = home.json(&["learn", "review"]);
    let rules = rules.as_array().unwrap();
    assert!(!rules.is_empty());
    let first = format!("L{}", rules[0]["id"]);
    let shown = home.ok(&["learn", "review"]);
    assert!(
        shown.contains(&format!("antiphon learn approve {first}")),
        "{shown}"
    );
    let said = home.ok(&["learn", "approve", &first]);
    assert!(said.contains("in force by your word"), "{said}");
    home.ok(&["learn", "reject", &first]);
    home.crash_engine();
    let rule = home.json(&["learn", "review"]);
    let rule = rule
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["id"] == rules[0]["id"])
        .unwrap();
    assert_eq!(rule["state"], "rejected");

    // Carried to another store, and known there afterwards.
    let file = home.user().join("results.jsonl");
    let path = file.to_str().unwrap();
    home.ok(&["learn", "export", path]);
    let (_other_api, other) = lab();
    let said = other.ok(&["learn", "import", path]);
    assert!(said.contains("5 learnt, 0 known already"), "{said}");
    let said = other.ok(&["learn", "import", path]);
    assert!(said.contains("0 learnt, 5 known already"), "{said}");

    home.ok(&[
        "learn",
        "forget",
        "--model",
        "gpt-5.4-mini",
        "--category",
        "debug",
    ]);
    let shown = home.ok(&["learn", "show", "--model", "mini"]);
    assert!(shown.contains("Nothing was learnt of that yet"), "{shown}");
}

#[test]
fn a_batch_names_the_lines_that_it_left_out() {
    let (_api, home) = lab();
    let file = home.user().join("tasks.jsonl");
    let lines = [
        r#"{"prompt": "fix the login", "priority": "P0", "due": "4h", "labels": ["security"]}"#,
        "write a poem",
        r#"{"prompt": 5}"#,
        "",
        r#"{"prompt": "rotate the keys", "priority": "P9"}"#,
        r#"{"prompt": "explain monads", "priority": "P4"}"#,
    ];
    fs::write(&file, lines.join("\n")).unwrap();
    let path = file.to_str().unwrap();
    let out = home.cli(&["suggest", "--batch", path, "--json"]);
    assert!(
        !out.status.success(),
        "scripts are told that lines were left out"
    );
    let rows: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let told: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["line"].as_u64().unwrap(),
                row["category"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(1, "debug"), (2, "creative"), (6, "explain")]);
    let said = String::from_utf8(out.stderr).unwrap();
    for words in [":3: ", ":5: `P9` is no priority", "2 of 5 lines left out"] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn a_log_is_replayed_and_its_broken_lines_are_named() {
    let (_api, home) = lab();
    let file = home.user().join("log.jsonl");
    let line = |n: usize| {
        let good = u8::from(n % 3 > 0);
        format!(
            r#"{{"prompt": "question {n}", "arms": {{"a": {{"reward": 1, "cost": 0.01}}, "b": {{"reward": {good}, "cost": 0.001}}}}}}"#
        )
    };
    let mut lines: Vec<String> = (0..60).map(line).collect();
    lines[2] = r#"{"prompt": "x"}"#.into();
    lines[4] = "no JSON".into();
    lines[6] = lines[6].replace("\"reward\": 1", "\"reward\": 7");
    fs::write(&file, lines.join("\n")).unwrap();
    let path = file.to_str().unwrap();
    let args = ["replay", path, "--seeds", "1", "--labels", "20,900"];
    let out = home.cli(&args);
    assert!(out.status.success());
    let (said, told) = (
        String::from_utf8(out.stdout).unwrap(),
        String::from_utf8(out.stderr).unwrap(),
    );
    for words in [
        "57 prompts, 3 lines left out, 2 models, one seed",
        "zero-shot",
        "APGR:",
        "regret:",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    for words in [
        ":3: ",
        ":5: ",
        ":7: `a`: reward 7",
        "--labels 900: the log has 57 prompts",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert!(!told.contains("replaying"), "no bar where nobody looks");
    let report = home.json(&args);
    assert_eq!(report["prompts"], 57);
    assert_eq!(report["faults"].as_array().unwrap().len(), 3);
}

#[test]
fn the_layer_shows_what_another_face_says_and_lives_through_a_crash() {
    let (_api, home) = lab();
    rated(&home, "mini", "good", 1);
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("i write to");
    screen.key("W");
    screen.wait_for_text("learning · 1 result ·");
    screen.wait_for_text("60 % sure");
    rated(&home, "big", "bad", 1);
    screen.wait_for_text("learning · 2 results ·");
    screen.resize(60, 16);
    screen.wait_for_text("gpt-5.4-mini");
    screen.resize(100, 30);
    home.crash_engine();
    screen.wait_for_text("ENGINE GONE");
    screen.key("r");
    screen.wait_for_text("DIALOG");
    rated(&home, "big", "bad", 1);
    screen.wait_for_text("learning · 3 results ·");
}
