//! Agents as data: a description of the user's own makes a program known, whose status is then told by its title and
//! its screen, and whose conversation comes back after a crash. No Rust is written for it.

mod support;

use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::DEADLINE;
use support::home::{Home, ends_within};
use support::screen::Screen;
use support::until;

/// What a person would write to have Antiphon understand a program that it has never heard of.
const PARROT: &str = r#"
name = "parrot"
label = "The parrot"
program = "parrot"
version = ["--version"]
install = "buy it some seed"
keys = ["PARROT_KEY"]

[conversation]
new = ["--id", "{id}"]
resume = ["--back", "{id}"]
fork = ["--copy", "{id}", "--id", "{new}"]
kept = ["$CAGE/*/{id}", "~/cage/{id}"]
holds = "said"
valued = ["--colour"]

[feed]
clear = "\u0015"

[stop]
command = "/bye"
grace_ms = 5000

[environment]
set = { PERCH = "high" }
remove = ["CAT"]

[title]
rules = [
  { match = "^~ ", status = "working" },
  { match = "^[*] ", status = "idle" },
]

[screen]
lines = 3
rules = [
  { match = "^Password", status = "needs_you", kind = "login" },
  { match = "May I .*[?]", status = "needs_you", kind = "approval" },
]
"#;

/// A program that does as it is told, line by line.
const SCRIPT: &str = r#"#!/bin/sh
[ "$1" = --version ] && { echo "parrot 3.1"; exit; }
echo "began with: $*, $PERCH ${CAT-no cat}" | tee -a ~/began
id=
while [ $# -gt 0 ]; do case $1 in
  --id | --back) id=$2; shift;;
  --copy) from=$2; shift;;
esac; shift; done
mkdir -p ~/cage
[ -n "$from" ] && cp ~/cage/$from ~/cage/$id
[ -f ~/cage/$id ] && cat ~/cage/$id
title() { printf '\033]0;%s\007' "$1"; }
title '* ready'
while read -r line; do case $line in
  work) title '~ busy';;
  rest) title '* ready';;
  hush) title '';;
  ask) printf '\033[2J\033[HMay I fly?\n';;
  login) printf '\033[2J\033[HPassword:\n';;
  clear) printf '\033[2J\033[H';;
  /bye) echo bye >> ~/bye; exit 0;;
  *) echo "said $line" >> ~/cage/$id; echo "parrot: $line";;
esac; done
"#;

fn home() -> Home {
    let mut home = Home::new();
    let bin = home.user().join("bin");
    fs::create_dir(&bin).expect("a folder");
    let program = bin.join("parrot");
    fs::write(&program, SCRIPT).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("executable");
    home.set("PATH", &format!("{}:/usr/bin:/bin", bin.display()));
    home.set("CAT", "hungry");
    describe(&home, "parrot.toml", PARROT);
    home
}

fn describe(home: &Home, file: &str, text: &str) {
    let folder = home.antiphon().join("config/agents");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(file), text).expect("written");
}

fn tell(home: &Home, name: &str, line: &str) {
    home.ok(&["broadcast", line, "--to", name]);
}

/// Waits until the session's status is this, by this source.
#[track_caller]
fn is(home: &Home, name: &str, status: &str, source: &str) -> Value {
    let mut last = Value::Null;
    let what = format!("{status} by {source}");
    until(&what, || {
        last = home.status(name);
        (last["status"]["is"] == status && last["source"] == source).then(|| last.clone())
    })
}

#[test]
fn a_description_is_all_it_takes_to_know_what_a_program_does() {
    let home = home();
    home.ok(&["spawn", "polly", "--", "parrot", "--colour", "green"]);
    let view = is(&home, "polly", "idle", "title");
    assert_eq!(view["agent"], "parrot");
    assert_eq!(view["title"], "ready", "without what the status says");
    tell(&home, "polly", "work");
    is(&home, "polly", "working", "title");
    // Without a title, the screen tells; without either, nobody does.
    tell(&home, "polly", "hush");
    is(&home, "polly", "unknown", "none");
    tell(&home, "polly", "ask");
    let asks = is(&home, "polly", "needs_you", "screen");
    assert_eq!(asks["asks"][0]["kind"], "approval");
    assert_eq!(asks["asks"][0]["detail"], "May I fly?");
    assert!(
        home.refused(&["respond", "polly", "once"])
            .contains("its own screen")
    );
    tell(&home, "polly", "login");
    until("a login", || {
        (home.status("polly")["asks"][0]["kind"] == "login").then_some(())
    });
    tell(&home, "polly", "clear");
    is(&home, "polly", "unknown", "none");
    assert_eq!(home.status("polly")["asks"], serde_json::json!([]));
    // The rung stands beside the status, in the list and on the screen.
    tell(&home, "polly", "rest");
    is(&home, "polly", "idle", "title");
    assert!(
        home.ok(&["list"]).contains("title"),
        "{}",
        home.ok(&["list"])
    );
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("✓ idle  title");
}

#[test]
fn its_conversation_comes_back_and_is_copied() {
    let home = home();
    home.ok(&[
        "spawn", "polly", "--", "parrot", "--colour", "green", "hello",
    ]);
    is(&home, "polly", "idle", "title");
    let screen = Screen::open(&home, &[], 110, 30);
    screen.wait_for_text("began with: --colour green --id");
    screen.wait_for_text("hello, high no");
    tell(&home, "polly", "one");
    screen.wait_for_text("parrot: one");
    drop(screen);

    home.ok(&["fork", "polly", "molly"]);
    is(&home, "molly", "idle", "title");
    tell(&home, "molly", "two");
    let pages = || -> Vec<String> {
        let cage = fs::read_dir(home.user().join("cage")).expect("a cage");
        cage.flatten()
            .map(|entry| fs::read_to_string(entry.path()).expect("a page"))
            .collect()
    };
    until("what molly says", || {
        pages()
            .iter()
            .any(|page| page.contains("two"))
            .then_some(())
    });

    home.crash_engine();
    is(&home, "polly", "idle", "title");
    is(&home, "molly", "idle", "title");
    let pages = pages();
    assert_eq!(pages.len(), 2, "no third conversation: {pages:?}");
    assert!(pages.contains(&"said one\n".to_owned()), "{pages:?}");
    assert!(
        pages.contains(&"said one\nsaid two\n".to_owned()),
        "{pages:?}"
    );

    // What was asked at first is not asked again.
    let began = fs::read_to_string(home.user().join("began")).expect("its diary");
    let back = began.lines().filter(|line| line.contains("--back"));
    assert!(
        back.clone()
            .all(|line| line.starts_with("began with: --colour green --back")),
        "{began}"
    );
    assert_eq!(
        (back.count(), began.matches("hello").count()),
        (2, 1),
        "{began}"
    );
    home.ok(&["restart", "polly"]);
    until("its own goodbye", || {
        fs::read_to_string(home.user().join("bye"))
            .ok()
            .filter(|bye| bye == "bye\n")
    });
    is(&home, "polly", "idle", "title");
}

/// What is left behind is found in `/proc`.
#[cfg(target_os = "linux")]
#[test]
fn a_daemon_that_it_leaves_behind_ends_with_its_last_session_or_with_a_crash() {
    let home = home();
    let nest = "name = \"nest\"\nlabel = \"The nest\"\nprogram = \"nest\"\ninstall = \"build it\"\n\
                [stop]\nleaves = [\"^sleep 31415 \"]\n";
    describe(&home, "nest.toml", nest);
    let script = "#!/bin/sh\nsetsid sleep 31415 </dev/null >/dev/null 2>&1 &\necho $! > ~/daemon\nexec cat\n";
    let program = home.user().join("bin/nest");
    fs::write(&program, script).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("executable");
    let daemon = || {
        until("daemon", || {
            let pid: u32 = fs::read_to_string(home.user().join("daemon"))
                .ok()?
                .trim()
                .parse()
                .ok()?;
            let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            line.starts_with(b"sleep").then_some(pid)
        })
    };
    home.ok(&["spawn", "owl", "--", "nest"]);
    let first = daemon();
    home.ok(&["kill", "owl"]);
    assert!(ends_within(first, DEADLINE), "its session has ended");
    fs::remove_file(home.user().join("daemon")).expect("removed");

    home.ok(&["spawn", "hawk", "--", "nest"]);
    let second = daemon();
    home.crash_engine();
    let left = Path::new(&format!("/proc/{second}")).exists();
    assert!(left, "nobody has ended it");
    home.ok(&["engine", "start"]);
    assert!(ends_within(second, DEADLINE), "the next engine ends it");
}

#[test]
fn where_nothing_was_said_it_begins_anew() {
    let home = home();
    home.ok(&["spawn", "polly", "--", "parrot"]);
    is(&home, "polly", "idle", "title");
    home.crash_engine();
    is(&home, "polly", "idle", "title");
    let began = fs::read_to_string(home.user().join("began")).expect("its diary");
    assert_eq!(began.matches("began with: --id ").count(), 2, "{began}");
}

#[test]
fn a_mistake_in_a_description_is_told_with_its_place_and_changes_nothing_else() {
    let home = home();
    assert!(home.ok(&["config", "check"]).contains("1 agent"));
    describe(
        &home,
        "owl.toml",
        "name = \"owl\"\nlabel = \"Owl\"\nprogam = \"owl\"\n",
    );
    let output = home.cli(&["config", "check"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [
        "owl.toml:3:1: unknown key `progam`",
        "did you mean `program`?",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let doctor = String::from_utf8_lossy(&home.cli(&["doctor"]).stdout).into_owned();
    assert!(doctor.contains("owl.toml:3:1"), "{doctor}");
    describe(
        &home,
        "owl.toml",
        &PARROT
            .replace("parrot", "owl")
            .replace("May I .*", "May I (.*"),
    );
    let told = String::from_utf8_lossy(&home.cli(&["config", "check"]).stdout).into_owned();
    assert!(
        told.contains("owl.toml:38:13: `May I (.*[?]` is no regular expression: unclosed group"),
        "{told}"
    );
}

#[test]
fn agents_are_listed_with_what_tells_of_them() {
    let home = home();
    let agents = home.json(&["agents"]);
    let of = |name: &str| {
        let found = agents
            .as_array()
            .expect("a list")
            .iter()
            .find(|a| a["name"] == name);
        found.expect(name).clone()
    };
    let parrot = of("parrot");
    assert_eq!(parrot["version"], "parrot 3.1");
    assert_eq!(parrot["rungs"], serde_json::json!(["title", "screen"]));
    assert!(
        parrot["found"]
            .as_str()
            .is_some_and(|path| path.ends_with("bin/parrot"))
    );
    assert_eq!(of("claude")["found"], Value::Null);
    assert_eq!(of("claude")["rungs"][0], "protocol");
    let text = home.ok(&["agents"]);
    assert!(
        text.contains("The parrot") && text.contains("npm install -g"),
        "{text}"
    );
}
