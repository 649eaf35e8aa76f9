//! The corpus of keys and mouse events: `keys.tsv` and `mouse.tsv`.

use super::{key, mouse};
use crate::config::Chord;
use crate::faces::tui::testing::code;
use crate::protocol::Modes;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, ModifierKeyCode, MouseButton, MouseEvent,
    MouseEventKind,
};

fn rows(corpus: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = corpus.lines().filter(|line| !line.starts_with("# "));
    lines.map(|line| line.split('\t').collect())
}

/// `\e`, `\r`, `\t` and `\xff` as the bytes that they stand for.
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            out.extend(c.to_string().bytes());
            continue;
        }
        let (byte, length) = match &rest[..1] {
            "e" => (0x1b, 1),
            "r" => (b'\r', 1),
            "t" => (b'\t', 1),
            "x" => (u8::from_str_radix(&rest[1..3], 16).unwrap(), 3),
            other => panic!("what is \\{other}?"),
        };
        out.push(byte);
        rest = &rest[length..];
    }
    out
}

fn event(name: &str) -> KeyEvent {
    let (name, kind) = match name.split_once('+') {
        Some((name, "repeat")) => (name, KeyEventKind::Repeat),
        Some((name, "release")) => (name, KeyEventKind::Release),
        _ => (name, KeyEventKind::Press),
    };
    let mut modifiers = KeyModifiers::NONE;
    let mut rest = name;
    for (word, modifier) in [
        ("super-", KeyModifiers::SUPER),
        ("ctrl-", KeyModifiers::CONTROL),
        ("alt-", KeyModifiers::ALT),
        ("shift-", KeyModifiers::SHIFT),
    ] {
        if let Some(behind) = rest.strip_prefix(word) {
            rest = behind;
            modifiers |= modifier;
        }
    }
    let code = match rest {
        "capslock" => KeyCode::CapsLock,
        "menu" => KeyCode::Menu,
        "leftshift" => {
            modifiers |= KeyModifiers::SHIFT;
            KeyCode::Modifier(ModifierKeyCode::LeftShift)
        }
        "tab" => KeyCode::Tab,
        _ => code(Chord::parse(rest).unwrap().key),
    };
    KeyEvent::new_with_kind(code, modifiers, kind)
}

#[test]
fn every_key_of_the_corpus_is_sent_as_it_says() {
    let mut count = 0;
    for row in rows(include_str!("keys.tsv")) {
        let modes = match row[1] {
            "legacy" => Modes::default(),
            "app" => Modes {
                app_cursor: true,
                ..Modes::default()
            },
            flags => Modes {
                kitty: flags.parse().unwrap(),
                ..Modes::default()
            },
        };
        let sent = key(event(row[0]), modes);
        let (sent, wanted) = (sent.escape_ascii(), bytes(row[2]));
        assert_eq!(
            sent.to_string(),
            wanted.escape_ascii().to_string(),
            "{row:?}"
        );
        count += 1;
    }
    assert!(count > 100, "{count} rows");
}

#[test]
fn every_mouse_event_of_the_corpus_is_sent_as_it_says() {
    let mut count = 0;
    for row in rows(include_str!("mouse.tsv")) {
        let (modifiers, name) = match row[0].split_once('-') {
            Some(("ctrl", name)) => (KeyModifiers::CONTROL, name),
            Some(("alt", name)) => (KeyModifiers::ALT, name),
            _ => (KeyModifiers::NONE, row[0]),
        };
        let button = match name.split(' ').nth(1) {
            Some("middle") => MouseButton::Middle,
            Some("right") => MouseButton::Right,
            _ => MouseButton::Left,
        };
        let kind = match name {
            "wheel up" => MouseEventKind::ScrollUp,
            "wheel down" => MouseEventKind::ScrollDown,
            "wheel left" => MouseEventKind::ScrollLeft,
            "wheel right" => MouseEventKind::ScrollRight,
            "moved" => MouseEventKind::Moved,
            _ if name.starts_with("down") => MouseEventKind::Down(button),
            _ if name.starts_with("up") => MouseEventKind::Up(button),
            _ => MouseEventKind::Drag(button),
        };
        let event = MouseEvent {
            kind,
            column: 0,
            row: 0,
            modifiers,
        };
        let on = |mode| row[2].split(' ').any(|word| word == mode);
        let modes = Modes {
            mouse_clicks: on("clicks"),
            mouse_drags: on("drags"),
            mouse_motion: on("motion"),
            mouse_sgr: on("sgr"),
            mouse_utf8: on("utf8"),
            alt_screen: on("alt"),
            alternate_scroll: on("scroll"),
            app_cursor: on("app"),
            ..Modes::default()
        };
        let (column, line) = row[1].split_once(' ').unwrap();
        let sent = mouse(event, column.parse().unwrap(), line.parse().unwrap(), modes);
        let wanted = bytes(row[3]);
        assert_eq!(
            sent.escape_ascii().to_string(),
            wanted.escape_ascii().to_string(),
            "{row:?}"
        );
        count += 1;
    }
    assert!(count > 30, "{count} rows");
}
