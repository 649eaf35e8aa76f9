//! What is kept of turns and learnt from them, in the real program: rated by hand, by command and in the composer,
//! corrected, and still there after the engine was killed.

mod support;

use serde_json::Value;
use support::{chat_api::ChatApi, home::Home, screen::Screen};

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
