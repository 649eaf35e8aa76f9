//! Keys and the mouse as the bytes that xterm would send, given what the program asked for.

use crate::protocol::Modes;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// The bytes of a key; none for keys that a terminal does not send.
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
            if plain {
                format!("\x1bO{letter}")
            } else {
                format!("\x1b[1;{modifier}{letter}")
            }
        }
        KeyCode::F(number @ 5..=20) => {
            const NUMBERS: [u8; 16] = [
                15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34,
            ];
            tilde(NUMBERS[usize::from(number) - 5])
        }
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

/// The bytes of a mouse event at `column` and `row` of the program's screen, from 0; none where the program
/// wants none of it. The wheel is arrow keys on an alternate screen that asked for that.
pub fn mouse(event: MouseEvent, column: u16, row: u16, modes: Modes) -> Vec<u8> {
    let wanted = modes.mouse_clicks || modes.mouse_drags || modes.mouse_motion;
    let wheel = match event.kind {
        MouseEventKind::ScrollUp => Some('A'),
        MouseEventKind::ScrollDown => Some('B'),
        _ => None,
    };
    if !wanted {
        return match wheel {
            Some(letter) if modes.alt_screen && modes.alternate_scroll => {
                let lead = if modes.app_cursor { 'O' } else { '[' };
                format!("\x1b{lead}{letter}").repeat(3).into_bytes()
            }
            _ => Vec::new(),
        };
    }
    let number = |button| match button {
        MouseButton::Left => 0,
        MouseButton::Middle => 1,
        MouseButton::Right => 2,
    };
    let (code, release) = match event.kind {
        MouseEventKind::Down(button) => (number(button), false),
        MouseEventKind::Up(button) => (number(button), true),
        MouseEventKind::Drag(button) if modes.mouse_drags || modes.mouse_motion => {
            (number(button) + 32, false)
        }
        MouseEventKind::Moved if modes.mouse_motion => (35, false),
        MouseEventKind::ScrollUp => (64, false),
        MouseEventKind::ScrollDown => (65, false),
        MouseEventKind::ScrollLeft => (66, false),
        MouseEventKind::ScrollRight => (67, false),
        _ => return Vec::new(),
    };
    let held = |modifier| event.modifiers.contains(modifier);
    let code: u16 = code
        + 4 * u16::from(held(KeyModifiers::SHIFT))
        + 8 * u16::from(held(KeyModifiers::ALT))
        + 16 * u16::from(held(KeyModifiers::CONTROL));
    if modes.mouse_sgr {
        let end = if release { 'm' } else { 'M' };
        return format!("\x1b[<{code};{};{}{end}", column + 1, row + 1).into_bytes();
    }
    // The old form has one byte for each, and no room beyond column 223.
    let code = if release { (code & !3) | 3 } else { code };
    match (
        u8::try_from(code + 32),
        u8::try_from(column + 33),
        u8::try_from(row + 33),
    ) {
        (Ok(code), Ok(column), Ok(row)) => vec![0x1b, b'[', b'M', code, column, row],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sent_as_xterm_sends_them() {
        let app = Modes {
            app_cursor: true,
            ..Modes::default()
        };
        let plain = Modes::default();
        let (none, ctrl) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        for (code, modifiers, modes, bytes) in [
            (KeyCode::Char('a'), none, plain, "a"),
            (KeyCode::Char('世'), none, plain, "世"),
            (KeyCode::Char('c'), ctrl, plain, "\x03"),
            (KeyCode::Char(' '), ctrl, plain, "\0"),
            (KeyCode::Char('x'), KeyModifiers::ALT, plain, "\x1bx"),
            (KeyCode::Enter, none, plain, "\r"),
            (KeyCode::Backspace, none, plain, "\x7f"),
            (KeyCode::Esc, none, plain, "\x1b"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, plain, "\x1b[Z"),
            (KeyCode::Up, none, plain, "\x1b[A"),
            (KeyCode::Up, none, app, "\x1bOA"),
            (KeyCode::Left, ctrl, app, "\x1b[1;5D"),
            (KeyCode::Home, none, plain, "\x1b[H"),
            (KeyCode::Delete, none, plain, "\x1b[3~"),
            (KeyCode::PageUp, KeyModifiers::SHIFT, plain, "\x1b[5;2~"),
            (KeyCode::F(1), none, plain, "\x1bOP"),
            (KeyCode::F(5), none, plain, "\x1b[15~"),
            (KeyCode::F(12), none, plain, "\x1b[24~"),
            (KeyCode::CapsLock, none, plain, ""),
        ] {
            let sent = key(KeyEvent::new(code, modifiers), modes);
            assert_eq!(sent, bytes.as_bytes(), "{code:?} {modifiers:?}");
        }
    }

    #[test]
    fn the_mouse_goes_only_where_it_is_wanted() {
        let event = |kind| MouseEvent {
            kind,
            column: 9,
            row: 9,
            modifiers: KeyModifiers::NONE,
        };
        let down = event(MouseEventKind::Down(MouseButton::Left));
        let sgr = Modes {
            mouse_clicks: true,
            mouse_sgr: true,
            ..Modes::default()
        };
        assert_eq!(mouse(down, 2, 3, Modes::default()), b"");
        assert_eq!(mouse(down, 2, 3, sgr), b"\x1b[<0;3;4M");
        assert_eq!(
            mouse(event(MouseEventKind::Up(MouseButton::Left)), 2, 3, sgr),
            b"\x1b[<0;3;4m"
        );
        assert_eq!(mouse(event(MouseEventKind::Moved), 2, 3, sgr), b"");
        let old = Modes {
            mouse_clicks: true,
            ..Modes::default()
        };
        assert_eq!(mouse(down, 2, 3, old), b"\x1b[M #$");
        assert_eq!(mouse(down, 300, 3, old), b"");
        let less = Modes {
            alt_screen: true,
            alternate_scroll: true,
            ..Modes::default()
        };
        assert_eq!(
            mouse(event(MouseEventKind::ScrollDown), 0, 0, less),
            b"\x1b[B\x1b[B\x1b[B"
        );
    }
}
