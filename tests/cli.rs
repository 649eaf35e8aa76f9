//! The real program with the real engine, as a script uses it. Only the built-in `rehearsal` and programs of every
//! Unix are asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A home of its own for one test. Dropping it stops the engine.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Home {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The program in this home, without anything of the caller's environment but PATH.
    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_antiphon"));
        command
            .args(line)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("ANTIPHON_HOME", self.path())
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, line: &[&str]) -> Output {
        self.command(line).output().unwrap()
    }

    /// Standard output of a command that succeeds.
    fn good(&self, line: &[&str]) -> String {
        let output = self.run(line);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(
            output.status.success(),
            "{line:?}: {out}{err}{}",
            self.log()
        );
        out
    }

    /// Standard error of a command that fails, and says nothing on standard output.
    fn bad(&self, line: &[&str]) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(1), "{line:?}: {output:?}");
        assert_eq!(text(&output.stdout), "", "{line:?}");
        text(&output.stderr)
    }

    fn json(&self, line: &[&str]) -> serde_json::Value {
        let text = self.good(line);
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{line:?}: {e}: {text}"))
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path().join("state/engine.log")).unwrap_or_default()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = self.command(&["engine", "stop"]).output();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_session_is_spawned_asked_forked_rated_and_remembered() {
    let home = Home::new();
    assert_eq!(
        home.good(&["list"]),
        "No sessions. antiphon spawn NAME starts one.\n"
    );
    home.good(&[
        "spawn",
        "primer",
        "--backend",
        "rehearsal",
        "--group",
        "choir",
    ]);
    let answer = home.good(&["ask", "primer", "hello there"]);
    assert!(answer.lines().count() > 1, "{answer}");
    home.good(&["fork", "primer", "kid", "--count", "2"]);
    let tree = home.good(&["list"]);
    assert!(
        tree.contains("├─kid-1") && tree.contains("└─kid-2"),
        "{tree}"
    );
    let turns = home.json(&["ask", "kid-1", "again", "--async", "--json"]);
    let id = format!("t{}", turns["turn"]);
    assert!(!home.good(&["poll", &id, "--wait"]).is_empty());
    assert_eq!(
        home.good(&["rate", &id, "good", "--note", "fine"]),
        format!("{id} rated good: rehearsal, other\n")
    );
    let log = home.json(&["log", "kid-1", "--json"]);
    let prompts: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["prompt"].as_str().unwrap())
        .collect();
    assert_eq!(prompts, ["hello there", "again"], "a fork inherits");
    home.good(&["kill", "kid-1"]);
    assert!(
        home.good(&["export", "kid-1"]).contains("> again"),
        "killed sessions stay in the store"
    );
    assert!(
        home.bad(&["status", "kid-1"])
            .contains("did you mean `kid-2`?")
    );
    // What the engine was told outlives it.
    home.good(&["engine", "stop"]);
    assert!(home.bad(&["engine", "status"]).contains("no engine runs"));
    let names: Vec<String> = home
        .json(&["list", "--json"])
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["primer", "kid-2"]);
}

#[test]
fn a_broadcast_reaches_all_and_a_relay_one() {
    let home = Home::new();
    for name in ["a", "b"] {
        home.good(&["spawn", name, "--backend", "rehearsal"]);
    }
    let answers = home.good(&["broadcast", "hi", "--all", "--wait"]);
    assert!(
        answers.starts_with("a  t") && answers.contains("\nb  t"),
        "{answers}"
    );
    assert!(!home.good(&["relay", "a", "b", "--wait"]).is_empty());
    let log = home.json(&["log", "b", "--json"]);
    let answer = home.json(&["log", "a", "--json"])[0]["blocks"].to_string();
    let relayed = log[1]["prompt"].as_str().unwrap();
    assert!(
        answer.contains(relayed.lines().nth(2).unwrap()),
        "{relayed}"
    );
    assert!(
        home.bad(&["broadcast", "hi", "--to", "a,x"])
            .contains("no session `x`")
    );
}

#[test]
fn a_prompt_comes_from_standard_input_and_a_reader_may_leave() {
    let home = Home::new();
    home.good(&["spawn", "a", "--backend", "rehearsal"]);
    let mut child = home
        .command(&["ask", "a", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"two\nlines")
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    drop(out);
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(141));
    assert!(
        !err.contains("antiphon:"),
        "a reader that leaves is no error: {err}"
    );
    assert_eq!(
        home.json(&["log", "a", "--json"])[0]["prompt"],
        "two\nlines"
    );
}

#[test]
fn a_terminal_is_spawned_typed_into_and_its_end_is_told() {
    let home = Home::new();
    home.good(&[
        "spawn",
        "shell",
        "--",
        "sh",
        "-c",
        "read line; exit \"$line\"",
    ]);
    // It prints no answer, and says where one is to be seen.
    let asked = home.run(&["ask", "shell", "3"]);
    assert!(asked.status.success() && asked.stdout.is_empty());
    assert!(
        text(&asked.stderr).contains("typed into shell"),
        "{}",
        text(&asked.stderr)
    );
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let status = home.json(&["status", "shell", "--json"])["status"].clone();
        if status["is"] == "ended" {
            assert_eq!(status["code"], 3);
            break;
        }
        assert!(std::time::Instant::now() < deadline, "{status}");
    }
    assert!(home.good(&["list"]).contains("ended: exit 3"));
}

#[test]
fn a_name_that_will_not_do_and_a_rehearsal_are_said_to_be_such() {
    let home = Home::new();
    for (name, next) in [
        ("bad name!", "such as `bad-name`"),
        ("$(touch x)", "such as `touch-x`"),
        ("a,b", "such as `a-b`"),
        ("!", "choose another"),
        ("12", "choose another"),
    ] {
        let refused = home.bad(&["spawn", name]);
        assert!(
            refused.contains(name) && refused.contains(next),
            "{refused}"
        );
    }
    let spawned = home.run(&["spawn", "größe.2"]);
    let warned = text(&spawned.stderr);
    // Where nothing else is set up.
    if text(&spawned.stdout).contains("rehearsal") {
        assert!(warned.contains("this is a rehearsal"), "{warned}");
    }
}

#[test]
fn the_budget_is_set_and_kept() {
    let home = Home::new();
    home.good(&["budget", "set", "2.50"]);
    home.good(&["engine", "stop"]);
    assert_eq!(home.json(&["budget", "--json"])["daily"], 2_500_000_000_i64);
    assert!(home.good(&["budget", "set", "none"]).contains("no limit"));
    assert!(
        home.bad(&["budget", "set", "much"])
            .contains("`much` is not an amount")
    );
}

#[test]
fn a_mistake_in_the_configuration_is_shown_at_its_place() {
    let home = Home::new();
    assert!(
        home.good(&["config", "check"])
            .contains("the defaults hold")
    );
    let file = home.good(&["config", "path"]);
    let file = Path::new(file.trim_end());
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, home.good(&["config", "default"])).unwrap();
    assert!(home.good(&["config", "check"]).contains("no problems"));
    std::fs::write(file, "[budget]\ndayly = 5\n").unwrap();
    let checked = home.run(&["config", "check"]);
    assert_eq!(checked.status.code(), Some(1));
    let out = text(&checked.stdout);
    let expected =
        "config.toml:2:1: unknown key `dayly`\n  dayly = 5\n  ^\n  next: did you mean `daily`?\n";
    assert!(out.ends_with(expected), "{out}");
    assert_eq!(home.run(&["doctor"]).status.code(), Some(1));
    // The engine starts all the same.
    home.good(&["list"]);
}

#[test]
fn wrong_words_are_refused_in_one_message() {
    let home = Home::new();
    for (line, what) in [
        (&["ask", "nobody", "hi"][..], "no session `nobody`"),
        (&["poll", "t99"], "t99"),
        (&["log", "nobody"], "nobody"),
        (
            &["spawn", "x", "--backend", "ollma"],
            "did you mean `ollama`?",
        ),
        (&["spawn", "7", "--backend", "rehearsal"], "7"),
        (&["rate", "t99", "good"], "no turn t99"),
        (&["models", "no-such-model"], "no-such-model"),
    ] {
        let error = home.bad(line);
        assert!(
            error.starts_with("antiphon: ") && error.contains(what),
            "{line:?}: {error}"
        );
        assert!(error.lines().count() <= 3, "{line:?}: {error}");
    }
    let usage = home.run(&["frok"]);
    assert_eq!(usage.status.code(), Some(2));
    assert!(text(&usage.stderr).contains("fork"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(home.good(&["completions", shell]).contains("antiphon"));
    }
}

#[test]
fn nothing_is_coloured_when_nobody_looks() {
    let home = Home::new();
    home.good(&["spawn", "a", "--backend", "rehearsal"]);
    for line in [
        &["list"][..],
        &["status"],
        &["status", "a"],
        &["stats"],
        &["models"],
        &["doctor"],
    ] {
        assert!(!home.good(line).contains('\u{1b}'), "{line:?}");
    }
}
