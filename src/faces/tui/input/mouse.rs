//! The mouse as the bytes that xterm sends, in the form that the program asked for.

use crate::protocol::Modes;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// Arrow keys for one turn of the wheel.
const WHEEL_KEYS: usize = 3;
/// The last column and row that fit into a byte, from 0.
const MOST_IN_A_BYTE: u16 = 222;
/// The same for two bytes of UTF-8.
const MOST_IN_UTF8: u16 = 2014;

/// The bytes of a mouse event at `column` and `row` of the program's screen, from 0; none where the program
/// wants none of it. The wheel is arrow keys on an alternate screen that asked for that.
pub fn mouse(event: MouseEvent, column: u16, row: u16, modes: Modes) -> Vec<u8> {
    if !modes.wants_mouse() {
        let letter = match event.kind {
            MouseEventKind::ScrollUp => 'A',
            MouseEventKind::ScrollDown => 'B',
            _ => return Vec::new(),
        };
        if !(modes.alt_screen && modes.alternate_scroll) {
            return Vec::new();
        }
        let lead = if modes.app_cursor { 'O' } else { '[' };
        return format!("\x1b{lead}{letter}")
            .repeat(WHEEL_KEYS)
            .into_bytes();
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
    let held = |modifier| u16::from(event.modifiers.contains(modifier));
    let code: u16 = code
        + 4 * held(KeyModifiers::SHIFT)
        + 8 * held(KeyModifiers::ALT)
        + 16 * held(KeyModifiers::CONTROL);
    if modes.mouse_sgr {
        let end = if release { 'm' } else { 'M' };
        return format!("\x1b[<{code};{};{}{end}", column + 1, row + 1).into_bytes();
    }
    // The older forms do not say which button was let go, and have no room for far columns.
    let code = if release { code | 3 } else { code };
    let most = match modes.mouse_utf8 {
        true => MOST_IN_UTF8,
        false => MOST_IN_A_BYTE,
    };
    if column > most || row > most {
        return Vec::new();
    }
    let mut bytes = b"\x1b[M".to_vec();
    for value in [code + 32, column + 33, row + 33] {
        match (modes.mouse_utf8, u8::try_from(value)) {
            (false, Ok(byte)) => bytes.push(byte),
            _ => {
                let c = char::from_u32(value.into()).unwrap_or(' ');
                bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
            }
        }
    }
    bytes
}
