//! The real Claude Code CLI in our hands, against a stand-in of the Messages API that this test starts: spawn,
//! ask, approve a tool and answer its questions on the screen, fork, crash and resume; and every cent we show is one the stand-in billed.
//!
//! Runs where `ANTIPHON_CLAUDE` names the program:
//! `npm install -g @anthropic-ai/claude-code`, then `ANTIPHON_CLAUDE=$(which claude) cargo test --test claude_real`.

mod support;

use antiphon::protocol::Nano;
use serde_json::Value;
use std::fs;
use support::claude;
use support::home::Home;
use support::ledger::billed;
use support::messages_api::MessagesApi;
use support::screen::Screen;

fn sessions(home: &Home) -> Vec<Value> {
    serde_json::from_str(&home.ok(&["--json", "list"])).expect("JSON")
}

/// What Antiphon says that all sessions together have cost.
fn shown(home: &Home) -> Nano {
    sessions(home)
        .iter()
        .map(|session| {
            let cost = &session["gauges"]["cost"];
            assert_eq!(
                cost["estimated"], false,
                "measured, not estimated: {session}"
            );
            assert_eq!(cost["unpriced"], 0, "{session}");
            Nano(cost["priced"].as_i64().expect("an amount"))
        })
        .sum()
}

#[test]
fn asked_forked_crashed_and_resumed_it_costs_what_was_billed() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    home.ok(&["spawn", "primer", "--backend", "claude"]);
    let answer = home.ok(&["ask", "primer", "hello"]);
    assert!(!answer.trim().is_empty());
    home.ok(&["ask", "primer", "and again"]);
    home.ok(&["fork", "primer", "parser"]);
    home.ok(&["ask", "parser", "another way"]);
    assert_eq!(shown(&home), billed(&api.billed()), "before the crash");

    let forked = sessions(&home).into_iter().find(|s| s["name"] == "parser");
    let forked = forked.expect("it is listed");
    assert_eq!(forked["parent"], sessions(&home)[0]["id"]);
    let newest = api
        .billed()
        .into_iter()
        .rfind(|call| call.prompt.contains("another way"));
    let conversation = newest.expect("it was asked").body["messages"].to_string();
    assert!(
        conversation.contains("and again"),
        "the fork inherits: {conversation}"
    );

    home.crash_engine();
    home.ok(&["ask", "primer", "after the crash"]);
    home.ok(&["ask", "parser", "here too"]);
    let resumed = api
        .billed()
        .into_iter()
        .rfind(|call| call.prompt.contains("here too"));
    let conversation = resumed.expect("it was asked").body["messages"].to_string();
    assert!(
        conversation.contains("another way"),
        "the fork goes on: {conversation}"
    );
    assert_eq!(
        shown(&home),
        billed(&api.billed()),
        "nothing is counted twice"
    );
}

#[test]
fn a_tool_is_approved_on_the_screen() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    let file = home.user().join("made.txt");
    home.ok(&[
        "spawn",
        "primer",
        "--backend",
        "claude",
        "--permission-mode",
        "default",
    ]);
    let screen = Screen::open(&home, &[], 120, 36);
    screen.wait_for_text("primer");
    let prompt = format!(
        "@tool:Write {{\"file_path\":\"{}\",\"content\":\"by hand\"}}",
        file.display()
    );
    home.ok(&["ask", "primer", &prompt, "--async"]);
    screen.wait_for_text("wants to run Write");
    assert!(!file.exists(), "not before it is allowed");
    screen.type_text("y");
    screen.wait_for("the tool's result", |text| text.contains("the tool said"));
    assert_eq!(
        fs::read_to_string(&file).expect("it was written"),
        "by hand"
    );
    screen.wait_for("the bill", |text| text.contains("✓ idle"));
    assert_eq!(shown(&home), billed(&api.billed()));
}

/// Waits until the session's status is this.
#[track_caller]
fn is(home: &Home, name: &str, status: &str) -> Value {
    let mut last = Value::Null;
    support::until(&format!("{name} {status}"), || {
        last = home.status(name);
        (last["status"]["is"] == status).then(|| last.clone())
    })
}

/// The newest request with this prompt, once it has come: the conversation that was sent.
#[track_caller]
fn conversation(api: &MessagesApi, prompt: &str) -> String {
    support::until(prompt, || {
        let calls = api.billed().into_iter();
        let asked = calls.filter(|call| call.prompt.contains(prompt));
        // Side calls, such as for a title, bring no tools.
        let mut asked =
            asked.filter(|call| call.body["tools"].as_array().is_some_and(|t| !t.is_empty()));
        Some(asked.next_back()?.body["messages"].to_string())
    })
}

/// Waits until the selected pane, the newest session's, shows this and the line for prompts below it: its first hook
/// comes a moment before it reads what is typed.
fn prompts(home: &Home, shown: &str) {
    let screen = Screen::open(home, &[], 130, 40);
    screen.wait_for("the line for prompts", |text| {
        let below = text.rfind(shown).map(|at| &text[at..]);
        below.is_some_and(|below| below.contains("manual mode on"))
    });
}

#[test]
fn on_its_own_screen_it_is_understood_comes_back_and_is_forked() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    home.ok(&[
        "spawn",
        "own",
        "--",
        "claude",
        "--permission-mode",
        "default",
    ]);
    let view = is(&home, "own", "idle");
    assert_eq!(view["agent"], "claude");
    home.ok(&["broadcast", "say hello to me", "--to", "own"]);
    conversation(&api, "say hello to me");
    is(&home, "own", "idle");

    home.ok(&[
        "broadcast",
        "@tool:Bash {\"command\":\"touch made\"}",
        "--to",
        "own",
    ]);
    let asks = is(&home, "own", "needs_you");
    assert_eq!(asks["asks"][0]["kind"], "approval", "{asks}");
    let made = home.user().join("made");
    assert!(!made.exists(), "not before it is allowed");
    // Esc refuses it: no hook tells of that.
    home.ok(&["interrupt", "own"]);
    is(&home, "own", "idle");
    assert!(!made.exists());

    home.crash_engine();
    is(&home, "own", "idle");
    prompts(&home, "say hello to me");
    home.ok(&["broadcast", "after the crash", "--to", "own"]);
    let resumed = conversation(&api, "after the crash");
    assert!(resumed.contains("say hello to me"), "it is back: {resumed}");
    is(&home, "own", "idle");

    home.ok(&["fork", "own", "copy"]);
    is(&home, "copy", "idle");
    prompts(&home, "after the crash");
    home.ok(&["broadcast", "another way", "--to", "copy"]);
    let forked = conversation(&api, "another way");
    assert!(forked.contains("after the crash"), "it inherits: {forked}");
    home.ok(&["broadcast", "the old way", "--to", "own"]);
    let own = conversation(&api, "the old way");
    assert!(!own.contains("another way"), "each goes its own way: {own}");
}

/// What the model was told as the result of its newest tool call.
fn told(api: &MessagesApi) -> String {
    let newest = api.billed().pop().expect("it was asked again");
    let messages = newest.body["messages"]
        .as_array()
        .expect("a conversation")
        .clone();
    let results = messages
        .iter()
        .flat_map(|m| m["content"].as_array().cloned().unwrap_or_default());
    let mut results = results.filter(|part| part["type"] == "tool_result");
    let result = results.next_back();
    result.expect("a result")["content"].to_string()
}

#[test]
fn its_questions_are_answered_from_the_inbox_of_another_pane() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    home.ok(&["spawn", "asker", "--backend", "claude"]);
    home.ok(&["spawn", "other", "--backend", "rehearsal"]);
    let screen = Screen::open(&home, &[], 90, 30);
    // The one that changed last is shown first, and both have just begun.
    let shown = screen.wait_for("a session", |text| text.contains("i write to"));
    if shown.contains("write to asker") {
        screen.key("j");
    }
    screen.wait_for_text("write to other");
    screen.key("i");
    screen.type_text("my draft");
    let question = |text: &str, multiple: bool, labels: [&str; 3]| {
        let options = labels.map(|label| serde_json::json!({"label": label, "description": "so"}));
        serde_json::json!({"question": text, "header": "Look", "multiSelect": multiple,
            "options": options})
    };
    let questions = serde_json::json!({"questions": [
        question("Which colour?", false, ["Red", "Blue", "Green"]),
        question("Which parts?", true, ["Door", "Roof", "Wall"]),
    ]});
    let prompt = format!("@tool:AskUserQuestion {questions}");
    home.ok(&["ask", "asker", &prompt, "--async"]);
    screen.wait_for_text("●2");
    let told_of = String::from_utf8_lossy(&screen.raw())
        .matches("\x1b]9;Antiphon: asker ")
        .count();
    assert_eq!((screen.heard().bells, told_of), (1, 1), "one call for both");
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.type_text("I");
    screen.wait_for_text("2 Blue");
    screen.type_text("2");
    screen.wait_for_text("[ ] Wall");
    screen.type_text("13");
    screen.wait_for_text("[x] Wall");
    screen.key("enter");
    home.ok(&["wait", "asker", "--until", "idle"]);
    let told_first = told(&api);
    for answer in [
        r#"\"Which colour?\"=\"Blue\""#,
        r#"\"Which parts?\"=\"Door, Wall\""#,
    ] {
        assert!(told_first.contains(answer), "{told_first}");
    }
    screen.wait_for_text("inbox · 1 ended");
    screen.key("esc");
    let shown = screen.wait_for_text("INSERT");
    assert!(shown.contains("my draft"), "{shown}");
    // In words, and by a script.
    home.ok(&["ask", "asker", &format!("again {prompt}"), "--async"]);
    home.ok(&["wait", "asker", "--until", "needs-you"]);
    let asked = home.json(&["inbox"]);
    assert_eq!(asked[0]["ask"]["choices"][1]["label"], "Blue");
    home.ok(&["respond", "asker", "a", "light", "grey"]);
    home.ok(&["respond", "asker", "no"]);
    home.ok(&["wait", "asker", "--until", "idle"]);
    let told_then = told(&api);
    assert!(told_then.contains(r#"=\"a light grey\""#), "{told_then}");
    assert!(!told_then.contains("Which parts?"), "{told_then}");
    assert_eq!(shown_cost(&home, "asker"), billed(&api.billed()));
}

/// What one session has cost.
fn shown_cost(home: &Home, name: &str) -> Nano {
    let cost = &home.status(name)["gauges"]["cost"];
    Nano(cost["priced"].as_i64().expect("an amount"))
}

#[test]
fn a_plan_goes_ahead_with_edits_accepted() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    let spawn = [
        "spawn",
        "planner",
        "--backend",
        "claude",
        "--permission-mode",
        "plan",
    ];
    home.ok(&spawn);
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("write to planner");
    home.ok(&[
        "ask",
        "planner",
        "@tool:ExitPlanMode {\"plan\":\"1. read\"}",
        "--async",
    ]);
    screen.wait_for_text("has a plan, and asks to go ahead");
    screen.wait_for_text("a yes, and accept edits");
    screen.type_text("a");
    home.ok(&["wait", "planner", "--until", "idle"]);
    assert_eq!(home.status("planner")["permission_mode"], "acceptEdits");
}
