//! An agent of a user's own that speaks the Agent Client Protocol: described in a file, run like those that are
//! shipped.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use support::home::Home;
use support::screen::Screen;

/// The agent: says back what it is told, asks before it does what is called `do`, and never ends what is called
/// `long` unless it is cancelled.
const TOY: &str = r#"#!/bin/sh
result() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$1" "$2"; }
update() { printf '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"toy","update":%s}}\n' "$1"; }
say() { update "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":\"$1\"}}"; }
done_with() {
    update '{"sessionUpdate":"usage_update","used":120,"size":1000,"cost":{"amount":0.5,"currency":"USD"}}'
    result "$asked" "{\"stopReason\":\"$1\",\"usage\":{\"inputTokens\":100,\"outputTokens\":20}}"
}
while read -r line; do
    id=$(printf '%s' "$line" | grep -o '"id":[0-9]*' | head -n 1 | cut -d: -f2)
    case $line in
    *'"method":"initialize"'*)
        result "$id" '{"protocolVersion":1,"agentInfo":{"title":"Toy","version":"1"},"agentCapabilities":{"loadSession":true}}' ;;
    *'"method":"session/new"'*) result "$id" '{"sessionId":"toy"}' ;;
    *'"method":"session/load"'*)
        result "$id" null
        say 'of long ago' ;;
    *'"method":"session/prompt"'*'do it'*)
        asked=$id
        printf '{"jsonrpc":"2.0","id":"ask","method":"session/request_permission","params":{"sessionId":"toy",%s,%s}}\n' \
            '"toolCall":{"toolCallId":"t","title":"make a mess","kind":"execute"}' \
            '"options":[{"optionId":"go","name":"Go","kind":"allow_once"},{"optionId":"no","name":"No","kind":"reject_once"}]' ;;
    *'"id":"ask"'*'"go"'*)
        update '{"sessionUpdate":"tool_call_update","toolCallId":"t","status":"completed"}'
        say 'a mess was made'
        done_with end_turn ;;
    *'"id":"ask"'*) say 'all is clean'; done_with end_turn ;;
    *'"method":"session/prompt"'*'long'*) asked=$id; say 'on and on' ;;
    *'"method":"session/cancel"'*) done_with cancelled ;;
    *'"method":"session/prompt"'*'die'*) say 'farewell'; echo 'Error: the toy is broken' >&2; exit 3 ;;
    *'"method":"session/prompt"'*) asked=$id; say 'heard'; done_with end_turn ;;
    *'"method"'*) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no"}}\n' "$id" ;;
    esac
done
"#;

fn home() -> Home {
    let home = Home::new();
    let program = home.user().join("toy");
    fs::write(&program, TOY).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
    let description = format!(
        "name = \"toy\"\nlabel = \"Toy\"\nprogram = \"{}\"\ninstall = \"build it\"\n[protocol]\nkind = \"acp\"\n",
        program.display()
    );
    let folder = home.antiphon().join("config/agents");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("toy.toml"), description).expect("written");
    home
}

#[test]
fn it_is_asked_approved_broken_off_and_taken_up_again() {
    let home = home();
    home.ok(&["spawn", "mine", "--backend", "toy"]);
    assert_eq!(home.ok(&["ask", "mine", "hello"]).trim(), "heard");
    let gauges = home.status("mine")["gauges"].clone();
    assert_eq!(gauges["usage"]["input"], 100);
    assert_eq!(
        (&gauges["context_used"], &gauges["window"]),
        (&120.into(), &1000.into())
    );

    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("mine");
    home.ok(&["ask", "mine", "do it", "--async"]);
    screen.wait_for_text("wants to run a command");
    screen.wait_for_text("make a mess");
    screen.type_text("y");
    screen.wait_for_text("a mess was made");
    home.ok(&["ask", "mine", "do it", "--async"]);
    screen.wait_for_text("wants to run a command");
    screen.type_text("x");
    screen.wait_for_text("all is clean");

    home.ok(&["ask", "mine", "a long one", "--async"]);
    screen.wait_for_text("on and on");
    home.ok(&["interrupt", "mine"]);
    screen.wait_for_text("interrupted");
    drop(screen);

    home.crash_engine();
    assert_eq!(
        home.ok(&["ask", "mine", "still there?"]).trim(),
        "heard",
        "nothing of long ago"
    );
    let died = home.refused(&["ask", "mine", "die"]);
    assert!(died.contains("the toy is broken"), "{died}");
    assert_eq!(home.ok(&["ask", "mine", "again"]).trim(), "heard");
    let refused = home.refused(&["fork", "mine", "other"]);
    assert!(refused.contains("cannot fork"), "{refused}");
}

#[test]
fn one_that_is_not_there_says_how_to_get_it() {
    let home = Home::new();
    for (backend, install) in [
        ("gemini-cli", "npm install -g @google/gemini-cli"),
        ("opencode", "npm install -g opencode-ai"),
    ] {
        // Whether the spawn itself says so or the session that cannot start.
        let spawned = home.cli(&["spawn", backend, "--backend", backend]);
        let said = String::from_utf8_lossy(&spawned.stderr).into_owned();
        let told = match spawned.status.success() {
            true => home.refused(&["ask", backend, "hello"]),
            false => said,
        };
        assert!(told.contains(install), "{told}");
    }
}
