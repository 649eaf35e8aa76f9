//! The real Claude Code CLI in its own full-screen interface, in a pane: its status, its dialogs, its tokens and what
//! they cost are known without a look at the screen.
//!
//! Runs where `ANTIPHON_CLAUDE` names the program, as `claude_real` does.

mod support;

use antiphon::protocol::{Nano, Usage};
use serde_json::Value;
use std::fs;
use std::path::Path;
use support::claude;
use support::home::{Home, ends_within, kill};
use support::ledger::billed;
use support::messages_api::MessagesApi;
use support::screen::Screen;
use support::until;

/// A pane with the program in it, and a face that writes to it.
fn pane<'a>(home: &'a Home, more: &[&str]) -> Screen<'a> {
    let command = ["spawn", "pane", "-b", "terminal", "--", "claude"];
    home.ok(&[&command[..], &["--permission-mode", "default"], more].concat());
    is(home, "idle", "hook");
    let screen = Screen::open(home, &[], 110, 36);
    screen.wait_for_text("pane");
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen
}

fn is(home: &Home, status: &str, source: &str) -> Value {
    home.is("pane", status, source)
}

/// Types a prompt, which must end with a word of its own, and sends it, apart from it as a person does.
fn say(screen: &Screen<'_>, prompt: &str) {
    screen.type_text(prompt);
    // It may be wrapped at a blank.
    let end = prompt.rsplit(' ').next().unwrap_or(prompt);
    screen.wait_for_text(end);
    screen.type_text("\r");
}

fn touch(file: &Path) -> String {
    let file = file.display();
    format!("@tool:Bash {{\"command\":\"touch {file}\",\"description\":\"make {file}\"}}")
}

/// Tokens and cost that are shown, once they are those that were billed.
fn costs_what_was_billed(home: &Home, api: &MessagesApi) {
    let calls = api.billed();
    let (mut input, mut output) = (0, 0);
    for call in &calls {
        let of = call.billed;
        input += of.input + of.cache_read + of.cache_write_5m + of.cache_write_1h;
        output += of.output;
    }
    let wanted = billed(&calls);
    until(
        &format!("bill of {wanted}: {}", home.status("pane")["gauges"]),
        || {
            let gauges = &home.status("pane")["gauges"];
            let usage: Usage = serde_json::from_value(gauges["usage"].clone()).ok()?;
            let cost = &gauges["cost"];
            assert_eq!(
                (&cost["estimated"], &cost["unpriced"]),
                (&false.into(), &0.into()),
                "{gauges}"
            );
            let shown = Nano(cost["priced"].as_i64()?);
            assert!(shown <= wanted, "counted twice: {gauges}, billed {wanted}");
            (shown == wanted && usage.total_input() == input && usage.total_output() == output)
                .then_some(())
        },
    );
    let day = home.json(&["budget"]);
    assert_eq!(day["spent"]["priced"], wanted.0, "{day}");
}

#[test]
fn its_status_its_dialogs_and_its_cost_are_known() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    let [file, refused, third] = ["made", "refused", "third"].map(|name| home.user().join(name));
    let screen = pane(&home, &[]);
    say(&screen, "@slow:2 hello");
    let working = is(&home, "working", "hook");
    assert_eq!(working["agent"], "claude");
    is(&home, "idle", "hook");
    costs_what_was_billed(&home, &api);

    // A dialog is told of, and answered from elsewhere without a key that is typed.
    say(&screen, &touch(&file));
    let asks = is(&home, "needs_you", "hook");
    assert!(
        asks["asks"][0]["detail"].to_string().contains("touch"),
        "{asks}"
    );
    assert_eq!(asks["permission_mode"], "default");
    screen.wait_for_text("Do you want to proceed?");
    assert!(!file.exists());
    home.ok(&["respond", "pane", "once"]);
    screen.wait_for_text("Allowed by PermissionRequest hook");
    is(&home, "idle", "hook");
    assert!(file.exists());

    // And refused, with a word for the model.
    say(&screen, &touch(&refused));
    is(&home, "needs_you", "hook");
    home.ok(&["respond", "pane", "no", "--message", "not now"]);
    is(&home, "idle", "hook");
    assert!(!refused.exists());
    let told = api.billed().pop().expect("it was asked").body["messages"].to_string();
    assert!(told.contains("not now"), "{told}");

    // Answered in the pane, the question is gone everywhere.
    say(&screen, &touch(&third));
    is(&home, "needs_you", "hook");
    screen.wait_for_text("Do you want to proceed?");
    // A dialog takes no keys in its first moment.
    until("answer", || {
        let asked = home.status("pane")["status"]["is"] == "needs_you";
        if asked {
            screen.type_text("1");
        }
        (!asked).then_some(())
    });
    is(&home, "idle", "hook");
    assert!(third.exists());
    let view = home.status("pane");
    assert_eq!(view["asks"], serde_json::json!([]));
    assert_eq!(view["gauges"]["turns"], 4);
    assert_eq!(view["gauges_source"], "hook");
    assert!(view["gauges"]["window"].as_u64() >= Some(200_000), "{view}");
    costs_what_was_billed(&home, &api);
    // Statistics see the exchanges, and nobody keeps what was typed.
    let stats = home.json(&["stats"]);
    assert_eq!(stats["total"]["turns"], 4, "{stats}");
    let store = fs::read(home.find("antiphon.db").expect("a store")).expect("it reads");
    assert!(memchr::memmem::find(&store, b"@slow:2").is_none());
    assert!(!home.log_tail().contains("@slow"));
}

#[test]
fn a_prompt_that_is_sent_while_it_begins_is_not_lost() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    home.ok(&["spawn", "pane", "-b", "terminal", "--", "claude"]);
    // Several lines: they can only be pasted, and only once it asks for pastes.
    home.ok(&["broadcast", "first line\nsecond line", "--to", "pane"]);
    until("its answer", || (api.billed().len() == 1).then_some(()));
    let asked = api.billed()[0].prompt.clone();
    assert_eq!(asked, "first line\nsecond line");
    is(&home, "idle", "hook");
    home.ok(&["restart", "pane"]);
    home.ok(&["ask", "pane", "and another"]);
    until("its answer", || (api.billed().len() == 2).then_some(()));
    assert_eq!(api.billed()[1].prompt, "and another");
}

#[test]
fn a_build_that_it_runs_tells_of_its_turn() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    home.make();
    let screen = pane(&home, &[]);
    for (command, signal) in [("./make", "build passed"), ("./make x", "build failed")] {
        let prompt =
            format!("@tool:Bash {{\"command\":\"{command}\",\"description\":\"build it\"}}");
        say(&screen, &prompt);
        is(&home, "needs_you", "hook");
        home.ok(&["respond", "pane", "once"]);
        is(&home, "idle", "hook");
        home.sees("pane", signal);
    }
}

#[test]
fn an_interruption_ends_in_idle() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    let screen = pane(&home, &[]);
    say(&screen, "@slow:20 @len:50");
    is(&home, "working", "hook");
    screen.wait_for_text("word1");
    screen.type_text("\x1b");
    is(&home, "idle", "protocol");
    // The same in a dialog.
    say(&screen, &touch(&home.user().join("never")));
    is(&home, "needs_you", "hook");
    screen.wait_for_text("Do you want to proceed?");
    screen.type_text("\x1b");
    let view = is(&home, "idle", "protocol");
    assert_eq!(view["asks"], serde_json::json!([]));
    // It says so before its line for prompts is back, which takes what is typed.
    screen.wait_for("its line for prompts", |text| {
        !text.contains("Do you want to proceed?")
    });
    say(&screen, "carry-on");
    is(&home, "idle", "hook");
}

#[test]
fn whoever_is_killed_nothing_counts_twice() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    let screen = pane(&home, &[]);
    say(&screen, "first");
    until("first answer", || (api.billed().len() == 1).then_some(()));
    costs_what_was_billed(&home, &api);
    let settings = home.find("1.json").expect("it was given settings");

    // The agent.
    let pid = home.status("pane")["pid"].as_u64().expect("a process");
    kill(pid.try_into().expect("a pid"));
    is(&home, "ended", "protocol");
    until("settings removed", || (!settings.exists()).then_some(()));
    home.ok(&["restart", "pane"]);
    is(&home, "idle", "hook");
    screen.wait_for_text("first");
    say(&screen, "second");
    until("second answer", || (api.billed().len() == 2).then_some(()));
    costs_what_was_billed(&home, &api);
    drop(screen);

    // The engine, with an answer under way.
    let screen = Screen::open(&home, &[], 110, 36);
    screen.wait_for_text("pane");
    screen.key("i");
    screen.wait_for_text("INSERT");
    say(&screen, "third");
    until("third answer", || (api.billed().len() == 3).then_some(()));
    screen.wait_for("its answer", |text| text.matches('●').count() == 3);
    let agent = home.status("pane")["pid"]
        .as_u64()
        .and_then(|pid| pid.try_into().ok());
    home.crash_engine();
    assert!(
        ends_within(agent.expect("a process"), support::DEADLINE),
        "it does not outlive it"
    );
    drop(screen);
    home.ok(&["engine", "start"]);
    is(&home, "idle", "hook");
    costs_what_was_billed(&home, &api);
    home.crash_engine();
    home.ok(&["engine", "start"]);
    is(&home, "idle", "hook");
    let screen = Screen::open(&home, &[], 110, 36);
    screen.wait_for_text("third");
    screen.key("i");
    screen.wait_for_text("INSERT");
    say(&screen, "fourth");
    until("fourth answer", || (api.billed().len() == 4).then_some(()));
    costs_what_was_billed(&home, &api);
}

#[test]
fn settings_of_the_users_stay_in_force() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    let mark = home.user().join("hooked");
    let line = home.user().join(".claude");
    fs::create_dir_all(&line).expect("a folder");
    let users = r#"{"statusLine": {"type": "command", "command": "echo my own line"}}"#;
    fs::write(line.join("settings.json"), users).expect("written");
    let given = format!(
        r#"{{"hooks": {{"Stop": [{{"hooks": [{{"type": "command", "command": "touch {}"}}]}}]}}}}"#,
        mark.display()
    );
    fs::write(home.user().join("given.json"), given).expect("written");
    let screen = pane(&home, &["--settings", "given.json"]);
    screen.wait_for_text("my own line");
    say(&screen, "hello");
    until("the user's hook", || mark.exists().then_some(()));
    is(&home, "idle", "hook");
    costs_what_was_billed(&home, &api);
}
