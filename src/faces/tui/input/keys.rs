//! crossterm's keys as the chords of the keymap.

use crate::config::{Chord, Key};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The chord of a key press; `None` for keys that no keymap can name.
pub fn chord(event: KeyEvent) -> Option<Chord> {
    let key = match event.code {
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::F(number) => Key::F(number),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    // A character that was typed with shift is already the upper one: `?` and not shift and `?`.
    let upper = matches!(event.code, KeyCode::Char(c) if c.is_uppercase());
    let shift = match event.code {
        KeyCode::Char(_) if held(KeyModifiers::CONTROL) => upper || held(KeyModifiers::SHIFT),
        KeyCode::Char(c) if !c.is_lowercase() => false,
        _ => held(KeyModifiers::SHIFT),
    };
    Some(Chord::new(
        key,
        held(KeyModifiers::CONTROL),
        held(KeyModifiers::ALT),
        shift,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_get_the_names_of_the_keymap() {
        let none = KeyModifiers::NONE;
        for (code, modifiers, text) in [
            (KeyCode::Char('j'), none, "j"),
            (KeyCode::Char('?'), KeyModifiers::SHIFT, "?"),
            (KeyCode::Char('K'), KeyModifiers::SHIFT, "K"),
            (KeyCode::Char('K'), none, "K"),
            (KeyCode::Char(']'), KeyModifiers::CONTROL, "ctrl-]"),
            (KeyCode::Char('5'), KeyModifiers::CONTROL, "ctrl-]"),
            (KeyCode::Char('X'), KeyModifiers::CONTROL, "ctrl-shift-x"),
            (KeyCode::Char('X'), KeyModifiers::ALT, "alt-X"),
            (KeyCode::Enter, KeyModifiers::SHIFT, "shift-enter"),
            (KeyCode::Enter, KeyModifiers::ALT, "alt-enter"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "backtab"),
            (KeyCode::F(1), none, "f1"),
            (KeyCode::Char(' '), none, "space"),
        ] {
            let chord = chord(KeyEvent::new(code, modifiers)).unwrap();
            assert_eq!(chord.to_string(), text);
        }
        assert_eq!(chord(KeyEvent::new(KeyCode::CapsLock, none)), None);
    }
}
