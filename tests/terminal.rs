//! A terminal session: any program in a pane of its own.

mod support;

use support::{home::Home, screen::Screen, until};

/// A face that shows one session and writes to it.
fn face<'a>(home: &'a Home, name: &str) -> Screen<'a> {
    let screen = Screen::open(home, &[], 100, 30);
    screen.wait_for_text(name);
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen
}

fn status_is(home: &Home, name: &str, is: &str) -> serde_json::Value {
    until(&format!("{is} {}", home.status(name)), || {
        Some(home.status(name)).filter(|s| s["status"]["is"] == is)
    })
}

#[test]
fn a_shell_runs_in_its_pane_and_its_end_is_shown_with_the_code() {
    let home = Home::new();
    home.ok(&["spawn", "shell", "-b", "terminal"]);
    let screen = face(&home, "shell");
    screen.type_text("echo \"in ${PWD##*/} as $TERM\" | tr a-z A-Z\r");
    screen.wait_for_text("IN USER AS XTERM-256COLOR");
    screen.type_text("exit 7\r");
    screen.wait_for_text("ended 7");
    assert_eq!(home.status("shell")["status"]["code"], 7);
    // Started anew, by hand.
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.key("R");
    screen.wait_for("a running shell", |text| !text.contains("ended 7"));
    assert_ne!(home.status("shell")["status"]["is"], "ended");
}

#[test]
fn a_terminal_has_the_size_of_its_pane() {
    let home = Home::new();
    // Says its size whenever it changes, as programs on a full screen do.
    let script = "trap 'stty size' WINCH; stty size; while :; do read -r line || :; done";
    home.ok(&[
        "spawn", "sizes", "-b", "terminal", "--", "/bin/sh", "-c", script,
    ]);
    let screen = Screen::open(&home, &[], 100, 30);
    let size = |screen: &Screen<'_>| {
        let text = screen.text();
        let mut said = text.lines().filter_map(|line| {
            let line = line.rsplit('│').next()?.trim();
            let (rows, cols) = line.split_once(' ')?;
            Some((rows.parse::<u16>().ok()?, cols.parse::<u16>().ok()?))
        });
        said.next_back()
    };
    let first = until("size", || size(&screen).filter(|(_, cols)| *cols != 80));
    assert!(
        (60..100).contains(&first.1) && (20..30).contains(&first.0),
        "{first:?}"
    );
    screen.resize(120, 40);
    let second = until("other size", || size(&screen).filter(|size| *size != first));
    assert_eq!((second.0 - first.0, second.1 - first.1), (10, 20));
}

#[test]
fn a_programs_questions_to_its_terminal_are_answered_inside() {
    let home = Home::new();
    // Primary attributes, then the cursor's position, each shown as it is answered.
    let script = "stty raw -echo; printf '\\033[c'; dd bs=1 count=4 2>/dev/null | od -An -c; \
        dd bs=16 count=1 2>/dev/null >/dev/null; printf '\\033[5;9H\\033[6n'; \
        dd bs=1 count=6 2>/dev/null | od -An -c; stty sane; read line";
    home.ok(&[
        "spawn", "asks", "-b", "terminal", "--", "/bin/sh", "-c", script,
    ]);
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("033   [   ?");
    screen.wait_for_text("033   [   5   ;   9   R");
}

#[test]
fn any_program_is_heard_that_reports_of_itself() {
    let home = Home::new();
    // It asks first whether that is heard; then each line that is sent to it is its next report.
    let script = "stty raw -echo; printf '\\033]7501;?\\007\\033[c'; \
        dd bs=1 count=10 2>/dev/null | od -An -c; dd bs=16 count=1 2>/dev/null >/dev/null; stty sane; \
        while read line; do printf '\\033]7501;%s\\007' \"$line\"; done";
    home.ok(&[
        "spawn", "build", "-b", "terminal", "--", "/bin/sh", "-c", script,
    ]);
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("033   ]   7   5   0   1   ;   ? 033   \\");
    for (report, status) in [
        ("state=working:app=build", "working"),
        (
            "state=blocked:kind=permission:msg=ZGVwbG95Pw==",
            "needs_you",
        ),
        ("state=done", "idle"),
    ] {
        home.ok(&["ask", "build", report]);
        let view = home.is("build", status, "protocol");
        let asked = view["asks"].to_string().contains("deploy?");
        assert_eq!(asked, status == "needs_you", "{view}");
    }
    home.ok(&["ask", "build", "state=clear"]);
    home.is("build", "unknown", "none");
}

#[test]
fn every_key_but_one_reaches_the_program() {
    let home = Home::new();
    let script = "stty raw -echo; printf 'ready '; dd bs=1 count=11 2>/dev/null | od -An -c; stty sane; read line";
    home.ok(&[
        "spawn", "keys", "-b", "terminal", "--", "/bin/sh", "-c", script,
    ]);
    let screen = face(&home, "keys");
    screen.wait_for_text("ready");
    // q, ?, ctrl-c, tab and an arrow mean something to the screen, but not while one writes.
    screen.type_text("q?");
    screen.key("ctrl-c");
    screen.key("tab");
    screen.key("up");
    screen.type_text("ä:\r");
    screen.wait_for_text("q   ? 003  \\t 033   [   A 303 244   :  \\r");
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.key("?");
    screen.wait_for_text("Normal mode");
}

#[test]
fn control_c_stops_what_runs_in_the_shell_and_only_that() {
    let mut home = Home::new();
    home.set("PS1", "ready> ");
    home.ok(&["spawn", "shell", "-b", "terminal"]);
    let screen = face(&home, "shell");
    screen.type_text("echo run''ning; cat\r");
    screen.wait_for_text("running");
    screen.key("ctrl-c");
    // What is typed before the shell is back is thrown away with the signal.
    screen.wait_for("prompt", |text| text.matches("ready>").count() == 2);
    screen.type_text("echo still h''ere $?\r");
    screen.wait_for_text("still here 130");
}

#[test]
fn a_paste_arrives_once_and_whole() {
    let home = Home::new();
    let text = "one\ntwo \x1b[201~ three ü";
    // Bracketed paste is asked for; what arrives is shown in hexadecimal figures.
    let count = "\x1b[200~one\rtwo  three ü\x1b[201~".len();
    let script = format!(
        "stty raw -echo; printf '\\033[?2004hready '; dd bs=1 count={count} 2>/dev/null > got; stty sane; printf 'got it '; read line"
    );
    home.ok(&[
        "spawn", "paste", "-b", "terminal", "--", "/bin/sh", "-c", &script,
    ]);
    let screen = face(&home, "paste");
    screen.wait_for_text("ready");
    // The outer terminal takes the end sequence out, as terminals do; ours must as well, if it did not.
    screen.paste(&text.replace("\x1b[201~ ", " "));
    screen.wait_for_text("got it");
    let got = std::fs::read(home.user().join("got")).unwrap();
    let got = String::from_utf8(got).unwrap().replace('\n', "\r");
    assert_eq!(got, "\x1b[200~one\rtwo  three ü\x1b[201~");
}

#[test]
fn a_program_that_fails_is_restarted_but_not_for_ever() {
    let home = Home::new();
    home.configure("[sessions]\nrestart_limit = 2\n");
    home.ok(&[
        "spawn",
        "flaky",
        "-b",
        "terminal",
        "--restart",
        "on-failure",
        "--",
        "/bin/sh",
        "-c",
        "echo x >> runs; exit 3",
    ]);
    let runs = || {
        std::fs::read_to_string(home.user().join("runs"))
            .unwrap_or_default()
            .len()
            / 2
    };
    until("third run", || (runs() == 3).then_some(()));
    let status = status_is(&home, "flaky", "ended");
    assert_eq!(status["status"]["code"], 3);
    home.ok(&[
        "spawn",
        "done",
        "-b",
        "terminal",
        "--restart",
        "on-failure",
        "--",
        "/bin/true",
    ]);
    assert_eq!(status_is(&home, "done", "ended")["status"]["code"], 0);
    assert_eq!(runs(), 3);
}
