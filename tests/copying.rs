//! Copying from a terminal: what is selected there ends on the clipboard of the user's own terminal, and what a program
//! wants to put there does not, unless it may.

mod support;

use support::{home::Home, screen::Screen, until};

/// Where the terminal's screen begins in a window of 100 by 30.
const X: u16 = 27;
const Y: u16 = 3;

/// A face that shows a program which has printed this.
fn printed<'a>(home: &'a Home, script: &str, last: &str) -> Screen<'a> {
    let script = format!("{script}; exec cat");
    home.ok(&[
        "spawn", "out", "-b", "terminal", "--", "/bin/sh", "-c", &script,
    ]);
    let screen = Screen::open(home, &[], 100, 30);
    screen.wait_for_text(last);
    screen
}

/// Four hundred lines.
const COUNT: &str =
    "i=1; while [ $i -le 400 ]; do echo \"line $i of a long log\"; i=$((i+1)); done; echo over";

fn clipboard(screen: &Screen<'_>, count: usize) -> String {
    until("text on the clipboard", || {
        let clipboard = screen.heard().clipboard;
        (clipboard.len() >= count).then(|| clipboard[count - 1].clone())
    })
}

/// A button pressed at a cell of the terminal, moved to another, and let go.
fn drag(screen: &Screen<'_>, from: (u16, u16), to: (u16, u16)) {
    let at = |(col, row): (u16, u16)| format!("{};{}", X + col + 1, Y + row + 1);
    let (from, to) = (at(from), at(to));
    screen.type_text(&format!("\x1b[<0;{from}M\x1b[<32;{to}M\x1b[<0;{to}m"));
}

#[test]
fn a_line_far_up_is_found_and_copied_with_the_keyboard() {
    let home = Home::new();
    let screen = printed(&home, COUNT, "over");
    screen.key("v");
    screen.wait_for_text("COPY");
    screen.key("?");
    screen.wait_for_text("find further up");
    screen.type_text("line 1?7\\b\r");
    screen.wait_for_text("2 of 2");
    let shown = screen.wait_for_text("line 17 of a long log");
    assert!(!shown.contains("over"), "{shown}");
    screen.key("n");
    screen.wait_for_text("1 of 2");
    screen.wait_for_text("line 7 of a long log");
    // From `line 7` to the end of the next line.
    for key in ["v", "j", "$", "y"] {
        screen.key(key);
    }
    screen.wait_for_text("41 characters copied");
    assert_eq!(
        clipboard(&screen, 1),
        "line 7 of a long log\nline 8 of a long log"
    );
    // Copy mode is left, and the present is shown again.
    screen.wait_for("the present", |text| {
        text.contains("over") && text.contains("NORMAL")
    });
}

#[test]
fn blocks_words_and_lines_are_copied_as_they_stand() {
    let home = Home::new();
    let text = "printf 'aa 世界 bb\\ncc e\\314\\201\\303\\266 dd\\n'";
    let screen = printed(&home, text, "dd");
    for (keys, wanted) in [
        ("v H 0 w v e y", "世界"),
        ("v H j V y", "cc e\u{301}ö dd"),
        ("v H 0 ctrl-v j l y", "aa\ncc"),
        ("v H 0 v W W e o y", "aa 世界 bb"),
    ]
    .into_iter()
    .map(|(keys, wanted)| (keys.split(' ').collect::<Vec<_>>(), wanted))
    {
        let before = screen.heard().clipboard.len();
        for key in &keys {
            screen.key(key);
        }
        assert_eq!(clipboard(&screen, before + 1), wanted, "{keys:?}");
        screen.wait_for_text("copied");
        screen.key("u");
        screen.wait_for("no notice", |text| !text.contains("copied"));
    }
}

#[test]
fn the_mouse_selects_and_copies() {
    let home = Home::new();
    let screen = printed(&home, COUNT, "over");
    let shown = screen.text();
    let row = |text: &str| {
        let at = shown.lines().position(|line| line.contains(text));
        at.expect("the line is in sight") as u16 - Y
    };
    drag(&screen, (5, row("line 398")), (7, row("line 399")));
    assert_eq!(clipboard(&screen, 1), "398 of a long log\nline 399");
    screen.wait_for_text("26 characters copied");
    // Two clicks: the word; three: the line. A click in between tells them apart from what came before.
    screen.click(X + 50, Y);
    for _ in 0..2 {
        screen.click(X + 6, Y + row("line 400"));
    }
    assert_eq!(clipboard(&screen, 2), "400");
    screen.click(X + 6, Y + row("line 400"));
    assert_eq!(clipboard(&screen, 3), "line 400 of a long log");
    // Past the upper edge it goes on into what is above; the present is shown again afterwards.
    let (from, to) = (row("line 398"), 0);
    let at = |row: u16| format!("{};{}", X + 1, row);
    screen.type_text(&format!(
        "\x1b[<0;{}M\x1b[<32;{}M",
        at(Y + from + 1),
        at(to + 1)
    ));
    screen.wait_for_text("line 360 of");
    screen.type_text(&format!("\x1b[<0;{}m", at(to + 1)));
    let copied = clipboard(&screen, 4);
    assert!(
        copied.contains("line 361 of a long log\nline 362"),
        "{copied}"
    );
    assert!(copied.ends_with("line 397 of a long log\nl"), "{copied}");
    screen.wait_for_text("over");
}

#[test]
fn what_is_no_pattern_is_said_once_and_clearly() {
    let home = Home::new();
    let screen = printed(&home, "echo one two", "one two");
    for (pattern, said) in [
        ("(", "this is no pattern to search for"),
        ("nowhere", "“nowhere” is nowhere in this terminal"),
        ("TWO", "“TWO” is nowhere in this terminal"),
        ("t.o", "“t.o” 1 of 1"),
    ] {
        screen.key("/");
        screen.wait_for_text("find a word");
        screen.type_text(pattern);
        screen.key("enter");
        screen.wait_for_text(said);
    }
}

#[test]
fn lines_stay_while_they_are_read_and_the_program_goes_on() {
    let home = Home::new();
    let script = format!("{COUNT}; while read -r line; do {COUNT}; echo again $line; done");
    home.ok(&[
        "spawn", "out", "-b", "terminal", "--", "/bin/sh", "-c", &script,
    ]);
    let screen = Screen::open(&home, &[], 100, 30);
    screen.wait_for_text("over");
    screen.key("v");
    screen.wait_for_text("COPY");
    screen.key("H");
    home.ok(&["ask", "out", "x"]);
    // 401 lines more, and what was in sight is where it was.
    let held = screen.wait_for("more lines below", |text| {
        text.contains(" ↑ 40") && text.contains("COPY")
    });
    assert!(held.contains("over") && !held.contains("again"), "{held}");
    screen.key("y");
    assert_eq!(clipboard(&screen, 1), "line 377 of a long log");
    screen.wait_for_text("again x");
}

#[test]
fn a_programs_text_reaches_the_clipboard_only_with_leave() {
    for (config, allowed) in [
        ("", false),
        ("[terminal]\nclipboard_from_programs = \"deny\"\n", false),
        ("[terminal]\nclipboard_from_programs = \"allow\"\n", true),
    ] {
        let home = Home::new();
        home.configure(config);
        let script = "read -r go; printf '\\033]52;c;aGFja2Vk\\007'; echo sent";
        home.ok(&[
            "spawn",
            "out",
            "-b",
            "terminal",
            "--",
            "/bin/sh",
            "-c",
            &format!("{script}; exec cat"),
        ]);
        let screen = Screen::open(&home, &[], 100, 30);
        screen.wait_for_text("out");
        screen.key("i");
        screen.wait_for_text("INSERT");
        screen.key("enter");
        screen.wait_for_text("sent");
        match allowed {
            true => assert_eq!(clipboard(&screen, 1), "hacked"),
            false => {
                screen.wait_for_text("may not");
                assert_eq!(screen.heard().clipboard, [""; 0]);
                let raw = screen.raw();
                assert!(!raw.windows(4).any(|bytes| bytes == b"]52;"));
            }
        }
    }
}
