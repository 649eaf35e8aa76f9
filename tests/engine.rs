//! The engine as a process: one at a time, found through its socket, polite to strangers, gone when told.

mod support;

use rustix::process::Signal;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use support::{
    DEADLINE,
    home::{Home, ends_within, signal},
    peer::Peer,
    screen::Screen,
};

#[test]
fn there_is_only_one_engine() {
    let home = Home::new();
    home.ok(&["engine", "start"]);
    let pid = home.engine_pid().expect("an engine runs");
    let said = home.refused(&["engine", "run"]);
    assert!(
        said.contains(&format!("an engine runs already (process {pid})")),
        "{said}"
    );
    assert!(said.contains("antiphon engine stop"), "{said}");
    home.ok(&["engine", "start"]);
    assert_eq!(home.engine_pid(), Some(pid));
}

#[test]
fn a_socket_that_nobody_listens_on_is_recovered() {
    let home = Home::new();
    home.ok(&["spawn", "primer", "-b", "rehearsal"]);
    home.crash_engine();
    assert!(home.socket().exists(), "SIGKILL leaves it behind");
    let said = home.refused(&["engine", "status"]);
    assert!(said.contains("no engine runs"), "{said}");
    assert_eq!(home.json(&["list"])[0]["name"], "primer");
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.socket()), 0o600);
    assert_eq!(mode(home.antiphon().join("run")), 0o700);
    assert_eq!(mode(home.find("antiphon.db").unwrap()), 0o600);
}

#[test]
fn sigterm_ends_the_engine_cleanly() {
    let home = Home::new();
    // In the foreground, so that its exit code is seen.
    let engine = Screen::run(&home, support::home::ANTIPHON, &["engine", "run"], 100, 10);
    support::until("engine", || home.engine_pid());
    home.ok(&["spawn", "shell", "-b", "terminal", "--", "/bin/cat"]);
    let program = home.status("shell")["pid"].as_u64().expect("a process");
    signal(engine.pid, Signal::TERM);
    let status = engine.wait_for_exit();
    assert_eq!(status.exit_code(), 0, "{status}\n{}", home.log_tail());
    assert!(!home.socket().exists());
    let program = u32::try_from(program).unwrap();
    assert!(ends_within(program, DEADLINE), "no process is left behind");
    assert!(
        home.refused(&["engine", "status"])
            .contains("no engine runs")
    );
}

#[test]
fn another_version_is_told_so() {
    let home = Home::new();
    home.ok(&["engine", "start"]);
    let mut peer = Peer::connect(&home);
    peer.hello(999);
    let refused = peer.receive().expect("an answer");
    let what = refused["refused"]["what"].as_str().expect("a refusal");
    assert!(
        what.contains("protocol 999") && what.contains("9.9.9"),
        "{what}"
    );
    let next = refused["refused"]["next"].as_str().unwrap();
    assert!(next.contains("antiphon engine stop"), "{next}");
    assert_eq!(peer.receive(), None);
}

/// Bytes as a stranger might send them, before and after a proper hello.
#[test]
fn rubbish_gets_one_error_and_a_closed_connection() {
    let home = Home::new();
    home.ok(&["engine", "start"]);
    let frame = |body: &[u8]| [&(body.len() as u32).to_be_bytes(), body].concat();
    let rubbish = [
        (
            "a web browser",
            b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
        ),
        (
            "an oversized length",
            [&[0x7f, 0xff, 0xff, 0xff][..], b"x"].concat(),
        ),
        (
            "one byte above the limit",
            (antiphon::protocol::MAX_FRAME_BYTES as u32 + 1)
                .to_be_bytes()
                .to_vec(),
        ),
        ("no JSON", frame(b"\xff\xfe rubbish")),
        ("an unknown word", frame(br#"{"dance":{}}"#)),
        ("an empty frame", frame(b"")),
        (
            "an unknown op",
            frame(br#"{"request":{"id":1,"request":{"op":{"op":"fly"}}}}"#),
        ),
    ];
    for (what, bytes) in &rubbish {
        for greeted in [false, true] {
            let mut peer = Peer::connect(&home);
            if greeted {
                peer.hello(1);
                assert!(
                    peer.receive()
                        .is_some_and(|frame| frame["welcome"]["pid"].is_u64())
                );
            }
            peer.send_bytes(bytes);
            let answer = peer.receive();
            let refusal = answer
                .as_ref()
                .and_then(|frame| frame["refused"]["what"].as_str());
            let clear = refusal.is_some_and(|text| text.contains("not what Antiphon speaks"));
            assert!(clear, "{what}, greeted {greeted}: {answer:?}");
            assert_eq!(peer.receive(), None, "{what}, greeted {greeted}");
        }
    }
    // A request before hello, and hello twice.
    let mut peer = Peer::connect(&home);
    peer.send(&json!({ "request": { "id": 1, "request": { "query": { "query": "snapshot" } } } }));
    assert!(
        peer.receive()
            .is_some_and(|frame| frame["refused"].is_object())
    );
    assert_eq!(peer.receive(), None);
    // The engine minds none of it.
    assert_eq!(home.json(&["engine", "status"])["faces"], 0);
    home.ok(&["spawn", "primer", "-b", "rehearsal"]);
}
