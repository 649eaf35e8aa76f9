//! What programs in a terminal are told of keys, mouse and focus, and what our own terminal is told of them.

mod support;

use alacritty_terminal::term::TermMode;
use std::path::Path;
use support::{home::Home, screen::Screen, skipped};

const X: u16 = 27;
const Y: u16 = 3;

/// A face that writes to a program.
fn writing<'a>(home: &'a Home, command: &[&str], shows: &str) -> Screen<'a> {
    let mut args = vec!["spawn", "prog", "-b", "terminal", "--"];
    args.extend(command);
    home.ok(&args);
    let screen = Screen::open(home, &[], 100, 30);
    screen.wait_for_text(shows);
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen
}

/// A program that asks for something and then shows the bytes that it gets.
fn asks<'a>(home: &'a Home, asked: &str, bytes: usize) -> Screen<'a> {
    let script = format!(
        "stty raw -echo; printf '{asked}ready '; dd bs=1 count={bytes} 2>/dev/null | od -An -c; stty sane; read line"
    );
    writing(home, &["/bin/sh", "-c", &script], "ready")
}

fn is_there(program: &str) -> bool {
    let there = Path::new("/usr/bin").join(program).is_file();
    if !there {
        skipped(&format!("no {program} (apt-get install {program})"));
    }
    there
}

#[test]
fn keys_are_sent_in_the_form_that_was_asked_for() {
    let home = Home::new();
    // Ctrl and i, shift and enter, esc: what an older terminal cannot tell apart.
    let screen = asks(&home, "\\033[>1u", 20);
    screen.type_text("\x1b[105;5u\x1b[13;2u\x1b[27u");
    screen.wait_for_text("033   [   1   0   5   ;   5   u 033   [   1   3   ;   2   u 033");
    screen.wait_for_text("[   2   7   u");
    // The same keys where it was not asked for.
    let home = Home::new();
    let screen = asks(&home, "", 3);
    screen.type_text("\x1b[105;5u\x1b[13;2u\x1b[27u");
    screen.wait_for_text("\\t  \\r 033");
}

#[test]
fn our_own_terminal_is_asked_for_what_the_program_wants_and_given_back() {
    let home = Home::new();
    let screen = asks(&home, "\\033[>3u\\033[?1003h\\033[?1006h", 9);
    // Every motion, for as long as a program wants it; and releases of keys.
    screen.wait_for_modes("every motion", |modes| {
        modes.contains(TermMode::MOUSE_MOTION)
    });
    let has = |bytes: &[u8]| {
        let raw = screen.raw();
        raw.windows(bytes.len()).any(|seen| seen == bytes)
    };
    assert!(has(b"\x1b[>5u") && has(b"\x1b[=7;1u"));
    screen.type_text(&format!("\x1b[<35;{};{}M", X + 5, Y + 2));
    screen.type_text("\x1b[97;1:3u");
    screen.wait_for_text("033   [   <   3   5   ;   5   ;   2");
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.key("q");
    screen.wait_for_exit();
    let modes = screen.modes();
    assert!(!modes.intersects(TermMode::MOUSE_MODE), "{modes:?}");
    assert!(has(b"\x1b[<1u"), "what was pushed is popped");
}

#[test]
fn focus_is_told_to_programs_that_ask() {
    let home = Home::new();
    let screen = asks(&home, "\\033[?1004h", 9);
    screen.type_text("\x1b[O\x1b[I");
    // That it has it, that it lost it, that it has it again.
    screen.wait_for_text("033   [   I 033   [   O 033   [   I");
    // One that does not ask is not told.
    let home = Home::new();
    let screen = asks(&home, "", 1);
    screen.type_text("\x1b[O\x1b[I");
    screen.type_text("x");
    screen.wait_for_text("ready    x");
}

#[test]
fn links_and_colours_reach_our_own_terminal() {
    let script = "printf '\\033]8;;https://example.org/a\\033\\\\docs\\033]8;;\\033\\\\ \\033]8;;javascript:x\\033\\\\bad\\033]8;;\\033\\\\ \\033[38;2;1;2;3mcolour\\033[0m'; exec cat";
    for (color, wanted) in [("truecolor", "\x1b[38;2;1;2;3"), ("", "\x1b[38;5;16")] {
        let mut home = Home::new();
        home.set("COLORTERM", color);
        home.ok(&[
            "spawn", "prog", "-b", "terminal", "--", "/bin/sh", "-c", script,
        ]);
        let screen = Screen::open(&home, &[], 100, 30);
        screen.wait_for_text("docs bad colour");
        let raw = String::from_utf8_lossy(&screen.raw()).into_owned();
        assert!(raw.contains(";https://example.org/a\x1b\\"), "{raw:?}");
        assert!(raw.contains("\x1b]8;;\x1b\\"), "{raw:?}");
        assert!(!raw.contains("javascript"), "{raw:?}");
        assert!(raw.contains(wanted), "{color}: {raw:?}");
        screen.key("O");
        screen.wait_for_text("Open this link?");
        screen.wait_for_text("https://example.org/a");
        screen.key("n");
    }
}

#[test]
fn less_is_searched_and_scrolled() {
    if !is_there("less") {
        return;
    }
    let home = Home::new();
    let numbers: String = (1..=500).map(|n| format!("row {n}\n")).collect();
    std::fs::write(home.user().join("rows"), numbers).unwrap();
    let screen = writing(&home, &["less", "rows"], "row 20");
    screen.key("pagedown");
    screen.wait_for_text("row 30");
    screen.type_text("/row 400\r");
    screen.wait_for_text("row 400");
    // The wheel is arrow keys to a program on the alternate screen that does not want the mouse.
    let first = |text: &str| {
        let line = text.lines().nth(usize::from(Y)).unwrap_or_default();
        line.rsplit('│')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let before = first(&screen.text());
    screen.wheel(true, X + 5, Y + 5);
    screen.wait_for("earlier rows", |text| {
        first(text) != before && first(text).starts_with("row 39")
    });
}

#[test]
fn vim_gets_keys_and_the_mouse() {
    if !is_there("vim") {
        return;
    }
    let home = Home::new();
    std::fs::write(home.user().join("text"), "one two\nthree four\nfive six\n").unwrap();
    let vim = [
        "vim",
        "-u",
        "NONE",
        "-i",
        "NONE",
        "-n",
        "-c",
        "set mouse=a ttymouse=sgr nocp",
        "text",
    ];
    let screen = writing(&home, &vim, "three four");
    // A click puts the cursor on `four`; insert there, leave with esc, go up with an arrow.
    screen.wait_for("vim wants the mouse", |text| text.contains("five six"));
    screen.click(X + 6, Y + 1);
    screen.type_text("iNEW ");
    screen.wait_for("what was inserted", |text| {
        text.contains("three NEW four") && text.contains("-- INSERT --")
    });
    screen.key("esc");
    // Another key right behind it would make one of both.
    screen.wait_for("vim out of insert mode", |text| {
        !text.contains("-- INSERT --")
    });
    screen.key("up");
    screen.type_text("0x:w\r");
    screen.wait_for_text("ne two");
    support::until("the file", || {
        let text = std::fs::read_to_string(home.user().join("text")).unwrap();
        (text == "ne two\nthree NEW four\nfive six\n").then_some(())
    });
    // With shift the mouse is ours: what is selected is copied, and vim hears nothing of it.
    let at = |col: u16, row: u16| format!("{};{}", X + col + 1, Y + row + 1);
    let (from, to) = (at(0, 2), at(3, 2));
    screen.type_text(&format!("\x1b[<4;{from}M\x1b[<36;{to}M\x1b[<4;{to}m"));
    support::until("text on the clipboard", || {
        (screen.heard().clipboard == ["five"]).then_some(())
    });
}
