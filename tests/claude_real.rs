//! The real Claude Code CLI in our hands, against a stand-in of the Messages API that this test starts: spawn,
//! ask, approve a tool on the screen, fork, crash and resume; and every cent we show is one the stand-in billed.
//!
//! Runs where `ANTIPHON_CLAUDE` names the program:
//! `npm install -g @anthropic-ai/claude-code`, then `ANTIPHON_CLAUDE=$(which claude) cargo test --test claude_real`.

mod support;

use antiphon::protocol::Nano;
use serde_json::Value;
use std::fs;
use support::claude::{self, billed};
use support::home::Home;
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
    home.ok(&["broadcast", "after the crash", "--to", "own"]);
    let resumed = conversation(&api, "after the crash");
    assert!(resumed.contains("say hello to me"), "it is back: {resumed}");
    is(&home, "own", "idle");

    home.ok(&["fork", "own", "copy"]);
    is(&home, "copy", "idle");
    home.ok(&["broadcast", "another way", "--to", "copy"]);
    let forked = conversation(&api, "another way");
    assert!(forked.contains("after the crash"), "it inherits: {forked}");
    home.ok(&["broadcast", "the old way", "--to", "own"]);
    let own = conversation(&api, "the old way");
    assert!(!own.contains("another way"), "each goes its own way: {own}");
}
