//! The terminal is given back whatever happens, and an engine that is lost is said to be lost.

mod support;

use alacritty_terminal::term::TermMode;
use rustix::process::Signal;
use support::{
    home::{ANTIPHON, Home, signal},
    screen::Screen,
};

const TAKEN: TermMode = TermMode::ALT_SCREEN.union(TermMode::BRACKETED_PASTE);

/// Everything a full-screen program switches on.
fn left_on(modes: TermMode) -> TermMode {
    let mouse = TermMode::MOUSE_MODE | TermMode::SGR_MOUSE;
    modes & (TAKEN | mouse | TermMode::APP_CURSOR | TermMode::FOCUS_IN_OUT)
}

/// A shell that opens the program, and says afterwards how it ended and how the terminal is set.
fn in_a_shell(home: &Home) -> Screen<'_> {
    let script = format!(
        "echo before; echo $$ > shell; {ANTIPHON}; echo \"code $?\"; stty -a | tr ';' '\\n' | grep -w icanon; read x"
    );
    Screen::run(home, "/bin/sh", &["-c", &script], 100, 30)
}

#[track_caller]
fn assert_restored(screen: &Screen<'_>, code: &str) {
    let text = screen.wait_for("the shell's line", |text| {
        text.contains("code ") && text.contains("icanon")
    });
    assert!(text.contains("before"), "the screen of before: {text}");
    assert!(text.contains(code), "{code}: {text}");
    for word in ["-icanon", "-echo ", "-isig"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    let modes = screen.modes();
    assert_eq!(left_on(modes), TermMode::NONE);
    assert!(modes.contains(TermMode::SHOW_CURSOR));
}

#[test]
fn after_leaving_the_terminal_is_as_before() {
    let home = Home::new();
    let screen = in_a_shell(&home);
    screen.wait_for_text("try it with a rehearsal");
    let modes = screen.wait_for_modes("a full screen", |modes| modes.contains(TAKEN));
    assert!(modes.intersects(TermMode::MOUSE_MODE), "{modes:?}");
    screen.key("q");
    assert_restored(&screen, "code 0");
}

#[test]
fn after_a_signal_the_terminal_is_as_before() {
    for sent in [Signal::TERM, Signal::INT] {
        let home = Home::new();
        let screen = in_a_shell(&home);
        screen.wait_for_text("try it with a rehearsal");
        let children = std::process::Command::new("/bin/ps")
            .args(["-o", "pid=", "--ppid", &screen.pid.to_string()])
            .output()
            .expect("ps");
        let face = String::from_utf8(children.stdout).unwrap();
        signal(face.trim().parse().expect("one child: the face"), sent);
        assert_restored(&screen, "code 0");
    }
}

#[test]
fn a_draft_is_kept_and_nothing_stale_shines_through() {
    let home = Home::new();
    home.ok(&["spawn", "one", "-b", "rehearsal"]);
    // The alternate screen is on already, as after a face that was killed.
    let script = format!("printf '\\033[?1049h\\033[9;9HSTALE'; {ANTIPHON}; echo over");
    let screen = Screen::run(&home, "/bin/sh", &["-c", &script], 100, 30);
    let text = screen.wait_for_text("i write to one");
    assert!(!text.contains("STALE"), "{text}");
    screen.key("i");
    screen.type_text("half a thought");
    screen.wait_for_text("half a thought");
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.key("q");
    screen.wait_for_text("over");
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("half a thought");
}

#[test]
fn a_lost_engine_is_said_to_be_lost_and_one_key_brings_everything_back() {
    let home = Home::new();
    home.ok(&["spawn", "primer", "-b", "rehearsal"]);
    home.ok(&["ask", "primer", "hello"]);
    home.ok(&["spawn", "critic", "-b", "rehearsal"]);
    let screen = in_a_shell(&home);
    screen.wait_for_text("critic");
    screen.wait_for_text("2 sessions");
    let before = home.engine_pid();
    home.crash_engine();
    let text = screen.wait_for_text("the engine is gone");
    assert!(text.contains("r restart it · q quit"), "{text}");
    screen.key("r");
    screen.wait_for("the sessions again", |text| {
        !text.contains("is gone")
            && text.contains("2 sessions")
            && text.contains("primer")
            && text.contains("critic")
    });
    let after = home.engine_pid();
    assert!(after.is_some() && after != before, "{before:?} {after:?}");
    // Lost again, and left.
    home.crash_engine();
    screen.wait_for_text("the engine is gone");
    screen.key("q");
    assert_restored(&screen, "code 0");
}

#[test]
fn an_engine_stopped_by_the_user_takes_its_face_along() {
    let home = Home::new();
    home.ok(&["spawn", "primer", "-b", "rehearsal"]);
    let screen = in_a_shell(&home);
    screen.wait_for_text("primer");
    screen.key("Q");
    screen.wait_for_text("Stop the engine?");
    screen.key("y");
    assert_restored(&screen, "code 0");
    assert_eq!(home.engine_pid(), None);
    assert!(!home.socket().exists());
    assert_eq!(home.json(&["list"])[0]["name"], "primer");
}
