//! What does not fit, given to the records and to the learning: refused or left out in words, and nothing else touched.

mod support;

use antiphon::learning::replay::Log;
use std::fs;
use support::{chat_api::ChatApi, home::Home};

#[test]
fn broken_lines_of_a_log_are_named_left_out_and_counted() {
    let line =
        |rewards: &str| format!("{{\"prompt\": \"why is it so?\", \"arms\": {{{rewards}}}}}");
    let arm = |model: &str, reward: &str| format!("\"{model}\": {{\"reward\": {reward}}}");
    let good = line(&[arm("a", "1"), arm("b", "0.5")].join(", "));
    let (cut, one, none) = (&good[..20], line(&arm("a", "1")), line(""));
    let outside = line(&[arm("a", "1"), arm("b", "1.5")].join(", "));
    let below = line(&[arm("a", "-0.1"), arm("b", "1")].join(", "));
    let word = line(&[arm("a", "\"good\""), arm("b", "1")].join(", "));
    let unrated = line(&format!("\"a\": {{}}, {}", arm("b", "1")));
    let owed = line(&format!(
        "\"a\": {{\"reward\": 1, \"cost\": -2}}, {}",
        arm("b", "1")
    ));
    let lines = [
        (good.as_str(), ""),
        ("", ""),
        (cut, "EOF"),
        ("[1, 2]", "expected a string"),
        (&good, ""),
        (&one, "`b` is missing in `arms`"),
        (&none, "`arms` is empty"),
        ("{\"prompt\": \"without\"}", "arms"),
        (&outside, "`b`: reward 1.5 is not from 0 to 1"),
        (&below, "`a`: reward -0.1 is not from 0 to 1"),
        (&word, "`a`: `reward` is not a number"),
        (&unrated, "`a`: `reward` is missing"),
        (&owed, "`a`: cost -2 is not an amount of dollars"),
        (&good, ""),
    ];
    let text: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    let log = Log::read(&text);
    assert_eq!((log.tasks.len(), log.models.len()), (3, 2));
    let wrong = lines
        .iter()
        .enumerate()
        .filter(|(_, (_, why))| !why.is_empty());
    let wrong: Vec<(usize, &str)> = wrong.map(|(at, (_, why))| (at + 1, *why)).collect();
    assert_eq!(log.faults.len(), wrong.len(), "{:?}", log.faults);
    for (fault, (line, why)) in log.faults.iter().zip(&wrong) {
        assert_eq!(fault.line, *line);
        assert!(
            fault.what.contains(why),
            "line {line}: {} for {why}",
            fault.what
        );
    }

    // As a command: five are named, all are counted.
    let home = Home::new();
    let file = home.user().join("log.jsonl");
    fs::write(&file, &text).unwrap();
    let place = file.to_str().unwrap();
    let output = home.cli(&["replay", place, "--seeds", "1"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let named: Vec<&str> = said.lines().collect();
    assert_eq!(named.len(), 6, "{said}");
    assert!(named[0].starts_with(&format!("{place}:3: ")) && named[0].ends_with("left out"));
    assert_eq!(named[5], format!("{place}: 10 lines were left out"));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("3 prompts, 10 lines left out"), "{told}");
    // Of a log of which nothing is left.
    fs::write(&file, format!("{cut}\n")).unwrap();
    let refused = home.refused(&["replay", place]);
    assert!(refused.contains("nothing to replay"), "{refused}");
}

#[test]
fn a_line_that_is_no_text_is_left_out_of_every_file_alone() {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    let file = home.user().join("lines");
    let path = file.to_str().unwrap();
    let arms = r#""arms": {"a": {"reward": 1}, "b": {"reward": 0}}"#;
    let task = |prompt: &[u8]| [b"{\"prompt\": \"".as_slice(), prompt, b"\", "].concat();
    let write = |lines: &[&[u8]]| fs::write(&file, lines.join(b"\n".as_slice())).unwrap();
    let log = |prompt: &[u8]| [&task(prompt), arms.as_bytes(), b"}\r"].concat();
    write(&[&log(b"one"), &log(b"caf\xe9"), b"no JSON", &log(b"two")]);
    let output = home.cli(&["replay", path, "--seeds", "1"]);
    let (said, told) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(said.starts_with("2 prompts, 2 lines left out"), "{said}");
    let named: Vec<&str> = told.lines().collect();
    assert!(
        named[0].starts_with(&format!("{path}:2: no UTF-8 text from byte 16")),
        "{told}"
    );
    assert!(named[1].starts_with(&format!("{path}:3: ")), "{told}");

    write(&[b"fix the login\r", b"caf\xe9", b"write a poem"]);
    let output = home.cli(&["suggest", "--batch", path, "--json"]);
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let lines: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["line"])
        .collect();
    assert_eq!(lines, [1, 3]);
    let told = String::from_utf8(output.stderr).unwrap();
    for words in [":2: no UTF-8 text from byte 4", "1 of 3 lines left out"] {
        assert!(told.contains(words), "{words} in {told}");
    }

    let row = br#"{"seq": 1, "turn": null, "at": 5, "model": "m", "category": "debug", "tags": [], "complexity": 3, "features": [], "success": 1.0, "weight": 1.0}"#;
    let bad = [&row[..], b"\xff"].concat();
    write(&[b"{\"antiphon_learning\": 1}\r", &bad, row]);
    let output = home.cli(&["learn", "import", path]);
    let said = String::from_utf8(output.stdout).unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("1 learnt, 0 known already"), "{said}{told}");
    for words in [":2: no UTF-8 text from byte ", "1 of 2 lines left out"] {
        assert!(told.contains(words), "{words} in {told}");
    }
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_left_as_it_is() {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    home.ok(&["spawn", "primer", "-b", "openai", "-m", "gpt-5"]);
    home.ok(&["ask", "primer", "fix this bug"]);
    home.ok(&["rate", "good"]);
    home.ok(&["engine", "stop"]);
    let path = home.antiphon().join("data/antiphon.db");
    let bytes = fs::read(&path).unwrap();
    let mut newer = bytes.clone();
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, &newer).unwrap();
    for command in [&["learn", "show"][..], &["rate", "t1", "bad"]] {
        let refused = home.refused(command);
        assert!(
            refused.contains("the store has version 99") && refused.contains("left as it is"),
            "{refused}"
        );
    }
    assert!(fs::read(&path).unwrap() == newer, "it was touched");
    fs::write(&path, bytes).unwrap();
    assert_eq!(home.json(&["log", "primer"])[0]["rating"], "good");
}

#[test]
fn a_turn_that_is_gone_is_rated_by_the_start_of_its_id_and_one_that_runs_is_not() {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    for name in ["primer", "other"] {
        home.ok(&["spawn", name, "-b", "openai", "-m", "gpt-5"]);
    }
    for n in 0..11 {
        home.ok(&["ask", "primer", &format!("explain matter {n}")]);
    }
    home.ok(&["ask", "other", "/feedback good t4"]);
    home.ok(&["kill", "primer"]);
    let seen = || {
        let learned = home.json(&["learn", "show"]);
        let cells = learned["beliefs"].as_array().unwrap().iter();
        let told = cells.map(|cell| (cell["seen"].clone(), cell["successes"].clone()));
        format!("{:?}", told.collect::<Vec<_>>())
    };
    let before = seen();
    // By command, in a composer, as another kind; the second word on a turn takes the place of the first.
    home.ok(&["rate", "t11", "bad"]);
    let said = home.ok(&["ask", "other", "/feedback bad t4"]);
    assert!(said.starts_with("t4 rated bad: gpt-5, explain"), "{said}");
    let revised = seen();
    assert_ne!(before, revised);
    let said = home.ok(&["correct", "t11", "math"]);
    assert!(said.starts_with("t11 is math, not explain"), "{said}");
    assert_ne!(revised, seen());
    let ratings = |turn: &str| home.json(&["poll", turn])["rating"].clone();
    assert_eq!(
        (ratings("t4"), ratings("t11")),
        ("bad".into(), "bad".into())
    );
    // Living and gone: t1 is a turn, so it is meant; t12 and t13 are to come.
    let said = home.ok(&["ask", "other", "/feedback 3 t1"]);
    assert!(said.starts_with("t1 rated 3: "), "{said}");
    let refused = home.refused(&["ask", "other", "/feedback good t77"]);
    assert!(refused.contains("there is no turn t77"), "{refused}");
    let learnt = seen();
    home.crash_engine();
    assert_eq!(seen(), learnt);
}
