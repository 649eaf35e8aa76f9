//! The real Codex in our hands, against a stand-in of the Responses API that this test starts: spawn, ask, approve a
//! command on the screen, fork, fork at a turn, crash in the middle and resume; every cent we show is one the stand-in
//! billed, and nothing is left running behind.
//!
//! Runs where `ANTIPHON_CODEX` names the program:
//! `npm install -g @openai/codex`, then `ANTIPHON_CODEX=$(which codex) cargo test --test codex_real`.

mod support;

use antiphon::protocol::Nano;
use serde_json::Value;
use std::fs;
use support::codex;
use support::home::Home;
use support::ledger::{Call, billed};
use support::responses_api::ResponsesApi;
use support::screen::Screen;

/// The home of a user who has Codex; `None` where there is none.
fn home(api: &ResponsesApi) -> Option<Home> {
    codex::home(api, "gpt-5.5")
}

/// What Antiphon says that all sessions together have cost; all of it measured.
fn shown(home: &Home) -> Nano {
    let sessions: Vec<Value> = serde_json::from_str(&home.ok(&["--json", "list"])).expect("JSON");
    sessions
        .iter()
        .map(|session| {
            let cost = &session["gauges"]["cost"];
            assert_eq!(cost["estimated"], false, "{session}");
            assert_eq!(cost["unpriced"], 0, "{session}");
            Nano(cost["priced"].as_i64().expect("an amount"))
        })
        .sum()
}

/// The conversation that was sent with a prompt.
fn sent_with(api: &ResponsesApi, prompt: &str) -> String {
    let newest = api
        .billed()
        .into_iter()
        .rfind(|call| call.prompt.contains(prompt));
    newest.expect("it was asked").body["input"].to_string()
}

/// Processes of this user's that are Codex or come from it. Linux only.
fn left(home: &Home) -> Vec<String> {
    let mark = format!("HOME={}", home.user().display());
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let environment = fs::read(process.path().join("environ")).unwrap_or_default();
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let ours = environment
            .split(|byte| *byte == 0)
            .any(|entry| entry == mark.as_bytes());
        if ours && !line.contains("antiphon") {
            found.push(line);
        }
    }
    found
}

#[track_caller]
fn nothing_left(home: &Home) {
    support::until("end of all that Codex started", || {
        left(home).is_empty().then_some(())
    });
}

#[test]
fn asked_forked_and_resumed_it_costs_what_was_billed() {
    let api = ResponsesApi::start();
    let Some(home) = home(&api) else { return };
    home.ok(&["spawn", "primer", "--backend", "codex"]);
    assert!(
        home.ok(&["ask", "primer", "hello @think"])
            .contains("hello")
    );
    home.ok(&["ask", "primer", "and again"]);
    assert!(!left(&home).is_empty(), "it runs, and is seen to");
    home.ok(&["fork", "primer", "parser"]);
    home.ok(&["ask", "parser", "another way"]);
    assert!(
        sent_with(&api, "another way").contains("and again"),
        "a fork inherits"
    );
    let log = home.json(&["log", "primer"]);
    let first = log[0]["id"].as_u64().or(log["turns"][0]["id"].as_u64());
    let first = first.unwrap_or_else(|| panic!("{log}")).to_string();
    home.ok(&["fork", "primer", "early", "--at", &first]);
    home.ok(&["ask", "early", "from there"]);
    let early = sent_with(&api, "from there");
    assert!(
        early.contains("hello") && !early.contains("and again"),
        "{early}"
    );
    assert!(shown(&home) > Nano(0));
    assert_eq!(shown(&home), billed(&api.billed()), "before the crash");
    let status = home.status("parser");
    assert_eq!(status["source"], "protocol");
    assert!(
        status["gauges"]["context_used"].as_u64() > Some(1000),
        "{status}"
    );

    home.crash_engine();
    nothing_left(&home);
    home.ok(&["ask", "primer", "after the crash"]);
    assert!(sent_with(&api, "after the crash").contains("and again"));
    home.ok(&["ask", "parser", "here too"]);
    assert!(
        sent_with(&api, "here too").contains("another way"),
        "the fork goes on"
    );
    assert_eq!(
        shown(&home),
        billed(&api.billed()),
        "nothing is counted twice"
    );
    home.ok(&["kill", "--all"]);
    nothing_left(&home);
}

#[test]
fn a_command_is_approved_on_the_screen() {
    let api = ResponsesApi::start();
    let Some(home) = home(&api) else { return };
    let file = home.user().join("made.txt");
    let spawn = [
        "spawn",
        "primer",
        "--backend",
        "codex",
        "--permission-mode",
        "read-only",
    ];
    home.ok(&spawn);
    let screen = Screen::open(&home, &[], 120, 36);
    screen.wait_for_text("primer");
    let prompt = r#"@tool:exec_command {"cmd":"touch made.txt","sandbox_permissions":"require_escalated","justification":"to make it"}"#;
    home.ok(&["ask", "primer", prompt, "--async"]);
    screen.wait_for_text("wants to run shell");
    screen.wait_for_text("touch made.txt");
    assert!(!file.exists(), "not before it is allowed");
    screen.type_text("y");
    screen.wait_for("the tool's result", |text| text.contains("the tool said"));
    assert!(file.exists());
    screen.wait_for("the bill", |text| text.contains("✓ idle"));
    assert_eq!(shown(&home), billed(&api.billed()));
}

#[test]
fn killed_in_the_middle_of_a_turn_it_goes_on_where_it_was() {
    let api = ResponsesApi::start();
    let Some(home) = home(&api) else { return };
    home.ok(&["spawn", "primer", "--backend", "codex"]);
    home.ok(&["ask", "primer", "before"]);
    home.ok(&["ask", "primer", "@hold in the middle of this", "--async"]);
    api.ledger.wait_for("request that is held", |calls| {
        calls
            .iter()
            .any(|call| call.prompt.contains("@hold") && call.finished.is_none())
    });
    support::until("half an answer", || {
        home.ok(&["log", "primer"])
            .contains("stand-in answer")
            .then_some(())
    });
    home.crash_engine();
    nothing_left(&home);
    assert!(home.ok(&["ask", "primer", "go on"]).contains("go on"));
    let sent = sent_with(&api, "go on");
    assert!(
        sent.contains("before") && sent.contains("in the middle of this"),
        "{sent}"
    );
    let held = |prompt: &str| {
        home.ok(&["ask", "primer", prompt, "--async"]);
        api.ledger.wait_for("request that is held", |calls| {
            let open = |call: &&Call| call.finished.is_none();
            calls.iter().filter(open).any(|call| call.prompt == prompt)
        });
    };
    held("@hold and interrupt");
    home.ok(&["interrupt", "primer"]);
    support::until("end of the turn", || {
        (home.status("primer")["status"]["is"] == "idle").then_some(())
    });
    assert!(home.ok(&["ask", "primer", "again"]).contains("again"));
    held("@hold for good");
    home.ok(&["engine", "stop"]);
    nothing_left(&home);
}

#[test]
fn trouble_is_told_and_an_unknown_mode_refused() {
    let api = ResponsesApi::start();
    let Some(home) = home(&api) else { return };
    let said = home.refused(&[
        "spawn",
        "x",
        "--backend",
        "codex",
        "--permission-mode",
        "bypassPermissions",
    ]);
    assert!(said.contains("full-access"), "{said}");
    home.ok(&["spawn", "primer", "--backend", "codex"]);
    let said = home.refused(&["ask", "primer", "@err:401 hello"]);
    assert!(said.contains("codex login"), "{said}");
    let said = home.ok(&["ask", "primer", "@err:500x1 recovers"]);
    assert!(said.contains("recovers"), "{said}");
    home.ok(&["set", "primer", "--permission-mode", "full-access"]);
    support::until("change of the mode", || {
        (home.status("primer")["permission_mode"] == "full-access").then_some(())
    });
    assert_eq!(shown(&home), billed(&api.billed()));
}
