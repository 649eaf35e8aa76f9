//! Keys as the bytes that xterm sends for them.

use crate::protocol::Modes;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The numbers in the sequences of F5 to F20.
const FUNCTION: [u8; 16] = [
    15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34,
];

/// The bytes of a key that is pressed; none for keys that a terminal does not send.
pub fn key(event: KeyEvent, modes: Modes) -> Vec<u8> {
    let held = |modifier| event.modifiers.contains(modifier);
    let (ctrl, alt, shift) = (
        held(KeyModifiers::CONTROL),
        held(KeyModifiers::ALT),
        held(KeyModifiers::SHIFT),
    );
    // xterm's modifier parameter: 1 plus shift 1, alt 2, ctrl 4.
    let modifier = 1 + u8::from(shift) + 2 * u8::from(alt) + 4 * u8::from(ctrl);
    let plain = modifier == 1;
    let cursor = |letter: char| match (plain, modes.app_cursor) {
        (true, true) => format!("\x1bO{letter}"),
        (true, false) => format!("\x1b[{letter}"),
        (false, _) => format!("\x1b[1;{modifier}{letter}"),
    };
    let tilde = |number: u8| match plain {
        true => format!("\x1b[{number}~"),
        false => format!("\x1b[{number};{modifier}~"),
    };
    let escaped = |text: String| if alt { format!("\x1b{text}") } else { text };
    let text = match event.code {
        KeyCode::Char(c) if ctrl => escaped(control(c).to_string()),
        // Terminals that tell keys apart name the key, and not what shift makes of it.
        KeyCode::Char(c) if shift => escaped(c.to_uppercase().to_string()),
        KeyCode::Char(c) => escaped(c.to_string()),
        KeyCode::Enter => escaped("\r".into()),
        KeyCode::Esc => escaped("\x1b".into()),
        KeyCode::Tab if shift => "\x1b[Z".into(),
        KeyCode::Tab => escaped("\t".into()),
        KeyCode::BackTab => "\x1b[Z".into(),
        KeyCode::Backspace => escaped(if ctrl { "\x08".into() } else { "\x7f".into() }),
        KeyCode::Up => cursor('A'),
        KeyCode::Down => cursor('B'),
        KeyCode::Right => cursor('C'),
        KeyCode::Left => cursor('D'),
        KeyCode::Home => cursor('H'),
        KeyCode::End => cursor('F'),
        KeyCode::Insert => tilde(2),
        KeyCode::Delete => tilde(3),
        KeyCode::PageUp => tilde(5),
        KeyCode::PageDown => tilde(6),
        KeyCode::F(number @ 1..=4) => {
            let letter = char::from(b'P' + number - 1);
            match plain {
                true => format!("\x1bO{letter}"),
                false => format!("\x1b[1;{modifier}{letter}"),
            }
        }
        KeyCode::F(number @ 5..=20) => tilde(FUNCTION[usize::from(number) - 5]),
        _ => String::new(),
    };
    text.into_bytes()
}

/// The character that ctrl makes of `c`; `c` itself where there is none.
fn control(c: char) -> char {
    match c.to_ascii_lowercase() {
        lower @ 'a'..='z' => char::from(lower as u8 - b'a' + 1),
        ' ' | '@' | '2' => '\0',
        '[' | '3' => '\x1b',
        '\\' | '4' => '\x1c',
        ']' | '5' => '\x1d',
        '^' | '6' => '\x1e',
        '_' | '7' | '/' => '\x1f',
        '8' | '?' => '\x7f',
        _ => c,
    }
}
