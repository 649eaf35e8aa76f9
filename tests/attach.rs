//! The first start, and faces that come and go while the engine and its sessions stay.

mod support;

use rustix::process::Signal;
use support::{
    chat_api::ChatApi,
    home::{Home, signal},
    screen::Screen,
};

/// A home whose `openai` sessions speak to `api`.
fn home_with(api: &ChatApi) -> Home {
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    home
}

#[test]
fn a_first_start_on_a_bare_machine_ends_in_a_rehearsal_that_says_it_is_one() {
    let home = Home::new();
    let screen = Screen::open(&home, &[], 110, 36);
    let start = screen.wait_for_text("missing: ");
    assert!(start.contains("many LLM sessions side by side"), "{start}");
    assert!(start.contains("try it with a rehearsal"), "{start}");
    assert!(start.contains("Claude"), "{start}");
    screen.key("enter");
    screen.wait_for_text("A rehearsal: a built-in answer, offline and free");
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen.type_text("what is this?");
    screen.key("enter");
    screen.wait_for_text("This is a rehearsal: a canned answer, made offline. No model was asked.");
    screen.wait_for_text("Your prompt arrived: 3 words");
    // The last words of the answer, and its line of figures.
    screen.wait_for_text("about forks.");
    screen.wait_for("an idle session", |text| text.contains("idle"));
}

#[test]
fn the_engine_and_its_work_outlive_every_end_of_a_face() {
    let api = ChatApi::start();
    let home = home_with(&api);
    home.ok(&["spawn", "primer", "-b", "openai", "-m", "gpt-5"]);
    let engine = home.engine_pid().expect("an engine runs");
    home.ok(&[
        "ask",
        "primer",
        "@hold @say first half | second half",
        "--async",
    ]);
    for (end, code) in [
        (None, Some(0)),
        (Some(Signal::HUP), Some(0)),
        (Some(Signal::TERM), Some(0)),
        (Some(Signal::KILL), None),
    ] {
        let screen = Screen::open(&home, &[], 100, 30);
        let text = screen.wait_for_text("first half");
        assert!(!text.contains("| second half\n\n"), "{text}");
        screen.wait_for_text("working");
        match end {
            None => screen.key("q"),
            Some(end) => signal(screen.pid, end),
        }
        let status = screen.wait_for_exit();
        assert!(
            code.is_none_or(|code| status.exit_code() == code),
            "{end:?}: {status}"
        );
        assert_eq!(home.engine_pid(), Some(engine), "after {end:?}");
    }
    api.server.release();
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for("the whole conversation", |text| {
        text.contains("first half | second half") && text.contains("idle")
    });
}

#[test]
fn two_faces_at_once_see_the_same_text_as_it_comes() {
    let api = ChatApi::start();
    let home = home_with(&api);
    home.ok(&["spawn", "primer", "-b", "openai", "-m", "gpt-5"]);
    let left = Screen::open(&home, &[], 100, 30);
    let right = Screen::open(&home, &[], 80, 24);
    right.wait_for_text("primer");
    left.wait_for_text("primer");
    left.key("i");
    left.type_text("@hold @say alpha beta gamma delta");
    left.key("enter");
    for face in [&left, &right] {
        face.wait_for("the first half", |text| {
            text.lines()
                .any(|line| line.contains(" alpha beta gamma") && !line.contains("delta"))
        });
    }
    api.server.release();
    for face in [&left, &right] {
        face.wait_for("the second half", |text| {
            let said = |line: &str| line.contains("alpha beta gamma delta") && !line.contains('@');
            text.lines().any(said) && text.contains("idle")
        });
    }
    // What one does, the other sees.
    left.key("ctrl-]");
    left.wait_for_text("NORMAL");
    left.key("4");
    right.wait_for_text("★★★★☆");
    home.ok(&["spawn", "critic", "-b", "rehearsal"]);
    left.wait_for_text("critic");
    right.wait_for_text("critic");
}

#[test]
fn a_rating_by_one_key_is_shown_and_stored() {
    let home = Home::new();
    home.ok(&["spawn", "primer", "-b", "rehearsal"]);
    home.ok(&["ask", "primer", "hello"]);
    let screen = Screen::open(&home, &[], 100, 40);
    screen.wait_for_text("Your prompt arrived");
    screen.key("2");
    screen.wait_for_text("★★☆☆☆");
    screen.key("+");
    screen.wait_for("a better rating", |text| !text.contains('☆'));
    assert_eq!(home.json(&["log", "primer"])[0]["rating"], "good");
    let total = &home.json(&["stats"])["total"];
    assert_eq!(
        (&total["rated"], &total["successes"]),
        (&1.into(), &1.0.into())
    );
    // By the time it is on the screen it is on the disk.
    home.crash_engine();
    assert_eq!(home.json(&["log", "primer"])[0]["rating"], "good");
}
