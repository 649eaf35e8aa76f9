//! The harness itself: a terminal that types, pastes, resizes, answers and takes pictures, tried on programs
//! whose behaviour is known.

mod support;

use alacritty_terminal::term::TermMode;
use support::{home::Home, screen::Screen};

#[test]
fn a_shell_is_typed_into_and_seen() {
    let home = Home::new();
    let screen = Screen::run(&home, "/bin/sh", &[], 60, 10);
    screen.type_text("echo \"$TERM in ${HOME##*/}\" | tr a-z A-Z");
    screen.key("enter");
    screen.wait_for_text("XTERM-256COLOR IN USER");
    screen.resize(44, 12);
    screen.type_text("stty size | tr ' ' x\r");
    screen.wait_for_text("12x44");
    screen.type_text("exit 3\r");
    assert_eq!(screen.wait_for_exit().exit_code(), 3);
}

#[test]
fn what_a_program_asks_is_answered_and_what_it_tells_is_heard() {
    let home = Home::new();
    // Asks for the cursor's position and shows the answer: row 1, column 3.
    let script = "stty raw -echo; printf 'ab\\033[6n'; head -c 6 | od -An -c; stty sane; \
        printf '\\033]0;named\\007\\033]52;c;aGk=\\007\\007'; read line";
    let screen = Screen::run(&home, "/bin/sh", &["-c", script], 60, 10);
    screen.wait_for("answer", |text| text.contains("[   1   ;   3   R"));
    screen.wait_for("bell", |_| screen.heard().bells == 1);
    let heard = screen.heard();
    assert_eq!(heard.title.as_deref(), Some("named"));
    assert_eq!(heard.clipboard, ["hi"]);
    screen.key("enter");
    assert!(screen.wait_for_exit().success());
}

#[test]
fn modes_are_seen_and_pastes_bracketed() {
    let home = Home::new();
    let script = "stty raw -echo; printf '\\033[?1049h\\033[?2004h'; head -c 13 | od -An -c; printf '\\033[?2004l\\033[?1049l'; stty sane";
    let screen = Screen::run(&home, "/bin/sh", &["-c", script], 80, 10);
    let both = TermMode::ALT_SCREEN | TermMode::BRACKETED_PASTE;
    screen.wait_for_modes("alternate screen", |modes| modes.contains(both));
    screen.paste("p");
    assert!(screen.wait_for_exit().success());
    assert!(!screen.modes().intersects(both));
}

#[test]
fn a_picture_shows_text_colours_and_lines() {
    let home = Home::new();
    let script = "printf '\\033[1;38;2;1;2;3mbold\\033[0m <&> \\033[44mblue\\033[0m \\342\\224\\214\\342\\226\\210 \\344\\270\\255x\\n'; read line";
    let screen = Screen::run(&home, "/bin/sh", &["-c", script], 40, 3);
    screen.wait_for_text("中x");
    let svg = screen.svg();
    for part in [
        "fill=\"#010203\" font-weight=\"bold\">bold<",
        "&lt;&amp;&gt;",
        "fill=\"#61afef\"",
        "<path d=",
        ">中<",
        ">x<",
    ] {
        assert!(svg.contains(part), "{part} in\n{svg}");
    }
    assert!(!svg.contains('\u{2588}'), "blocks are shapes");
}

#[test]
#[cfg(target_os = "linux")]
fn a_home_ends_what_was_started_in_it() {
    let home = Home::new();
    std::fs::create_dir(home.antiphon()).unwrap();
    let script = "sleep 1000 >/dev/null 2>&1 </dev/null &";
    home.run("/bin/sh", &["-c", script], "");
    let started = home.started();
    assert_eq!(started.len(), 1);
    drop(home);
    assert!(support::home::ends_within(started[0], support::DEADLINE));
}

#[test]
#[should_panic(expected = "seen before the end")]
fn a_wait_that_is_in_vain_shows_the_screen() {
    let home = Home::new();
    let script = "echo seen before the end";
    let screen = Screen::run(&home, "/bin/sh", &["-c", script], 40, 3);
    screen.wait_for_text("never");
}

#[test]
fn a_command_is_run_with_an_environment_of_its_own() {
    let home = Home::new();
    let output = home.cli(&["--version"]);
    assert!(home.user().is_dir() && !home.antiphon().join("user").exists());
    assert!(output.status.code().is_some());
}
