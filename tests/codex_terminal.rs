//! The real Codex in its own full-screen interface, in a pane: it has no hooks of ours, so what it does, uses and costs
//! is read in the rollout it writes.
//!
//! Runs where `ANTIPHON_CODEX` names the program, as `codex_real` does.

mod support;

use antiphon::protocol::Nano;
use serde_json::Value;
use std::fs;
use std::time::Duration;
use support::codex;
use support::home::{Home, ends_within};
use support::ledger::{Call, billed};
use support::responses_api::ResponsesApi;
use support::screen::Screen;
use support::until;

/// The home of a user who has Codex; `None` where there is none.
fn home(api: &ResponsesApi) -> Option<Home> {
    // A model that it does not begin by praising another for.
    codex::home(api, "gpt-5.2-codex")
}

/// The daemons that Codex has put into the user's folder and started there.
fn daemons(home: &Home) -> Vec<u32> {
    let own = home.user().join(".codex").display().to_string();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let is_one = |line: String| line.contains(&own) && line.contains("app-server");
    processes
        .filter(|process| fs::read_to_string(process.path().join("cmdline")).is_ok_and(is_one))
        .filter_map(|process| process.file_name().to_str()?.parse().ok())
        .collect()
}

fn is(home: &Home, status: &str, source: &str) -> Value {
    home.is("pane", status, source)
}

/// Types a prompt, which must end with a word of its own, and sends it.
fn say(screen: &Screen<'_>, prompt: &str) {
    screen.type_text(prompt);
    screen.wait_for_text(prompt.rsplit(' ').next().unwrap_or(prompt));
    // Enter at once behind what was typed would be taken for part of a paste.
    until("pause", || {
        screen
            .is_quiet_for(Duration::from_millis(300))
            .then_some(())
    });
    screen.type_text("\r");
}

/// The requests of the conversation that were billed. Once for each conversation, or more often, Codex also has a title
/// made for it, of which it tells nowhere.
fn answered(api: &ResponsesApi) -> Vec<Call> {
    let mut calls = api.billed();
    calls.retain(|call| !call.prompt.starts_with("Generate a concise"));
    calls
}

/// What the stand-in billed for the conversation, at the catalogue's prices, once that is what is shown.
fn costs_what_was_billed(home: &Home, api: &ResponsesApi) {
    let billed = billed(&answered(api));
    until(
        &format!("bill of {billed}: {}", home.status("pane")["gauges"]),
        || {
            let shown = Nano(home.status("pane")["gauges"]["cost"]["priced"].as_i64()?);
            assert!(shown <= billed, "counted twice: {shown}, billed {billed}");
            (shown == billed).then_some(())
        },
    );
}

#[test]
fn its_rollout_tells_what_it_does_and_what_it_costs() {
    let api = ResponsesApi::start();
    let Some(home) = home(&api) else { return };
    home.ok(&["spawn", "pane", "-b", "terminal", "--", "codex"]);
    let screen = Screen::open(&home, &[], 110, 36);
    screen.wait_for_text("Ask Codex");
    screen.key("i");
    screen.wait_for_text("INSERT");
    say(&screen, "@slow:3 hello");
    is(&home, "working", "protocol");
    let view = is(&home, "idle", "protocol");
    assert_eq!(view["agent"], "codex");
    assert_eq!(view["model"], "gpt-5.2-codex");
    assert_eq!(view["gauges_source"], "transcript");
    costs_what_was_billed(&home, &api);
    // Esc: it reports that too, and the rollout tells.
    say(&screen, "@slow:20 @len:50");
    is(&home, "working", "protocol");
    screen.wait_for_text("word1");
    screen.type_text("\x1b");
    is(&home, "idle", "protocol");
    say(&screen, "and on");
    until("third answer", || (answered(&api).len() == 2).then_some(()));
    until("third turn", || {
        let view = home.status("pane");
        (view["gauges"]["turns"] == 3 && view["status"]["is"] == "idle").then_some(())
    });
    costs_what_was_billed(&home, &api);
    // The engine begins anew: the conversation goes on, and nothing is counted again.
    drop(screen);
    // It runs its turns in daemons that outlive its screen: not the next engine.
    let daemons = daemons(&home);
    assert!(!daemons.is_empty() || !cfg!(target_os = "linux"));
    home.crash_engine();
    home.ok(&["engine", "start"]);
    for daemon in daemons {
        assert!(ends_within(daemon, Duration::from_secs(5)), "{daemon}");
    }
    let screen = Screen::open(&home, &[], 110, 36);
    screen.wait_for_text("Ask Codex");
    costs_what_was_billed(&home, &api);
    screen.key("i");
    screen.wait_for_text("INSERT");
    say(&screen, "after the crash");
    until("fourth answer", || {
        (answered(&api).len() == 3).then_some(())
    });
    costs_what_was_billed(&home, &api);
}

#[test]
fn what_it_reports_and_what_it_runs_is_known() {
    let api = ResponsesApi::start();
    let Some(home) = home(&api) else { return };
    home.make();
    home.ok(&["spawn", "pane", "-b", "terminal", "--", "codex"]);
    let screen = Screen::open(&home, &[], 110, 36);
    screen.wait_for_text("Ask Codex");
    screen.key("i");
    screen.wait_for_text("INSERT");
    say(&screen, r#"@tool:exec_command {"cmd":"./make"}"#);
    home.sees("pane", "build passed");
    say(&screen, r#"@tool:exec_command {"cmd":"./make x"}"#);
    home.sees("pane", "build failed");
    // Its dialog is in no file.
    let asks =
        r#"@tool:exec_command {"cmd":"touch made","sandbox_permissions":"require_escalated"}"#;
    say(&screen, asks);
    let view = is(&home, "needs_you", "protocol");
    assert_eq!(view["asks"][0]["on_screen"], true, "{view}");
    screen.wait_for_text("Would you like to");
    screen.type_text("\x1b");
    let view = is(&home, "idle", "protocol");
    assert_eq!(view["asks"], serde_json::json!([]));
}
