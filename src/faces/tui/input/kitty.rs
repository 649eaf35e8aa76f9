//! Keys as the kitty keyboard protocol has them, for programs that ask for it:
//! <https://sw.kovidgoyal.net/kitty/keyboard-protocol/>. What our own terminal does not tell us (the key below an
//! `@`, releases where it does not report them) cannot be told on.

use super::legacy;
use crate::protocol::Modes;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MediaKeyCode, ModifierKeyCode,
};

/// How the protocol names a key.
enum Name {
    /// `CSI number u`
    Unicode(u32),
    /// `CSI number ~`
    Tilde(u32),
    /// `CSI letter`, with a 1 before modifiers
    Letter(char),
}

/// The bytes of a key under flags that are not 0.
pub fn key(event: KeyEvent, modes: Modes) -> Vec<u8> {
    let has = |flag| modes.kitty & flag != 0;
    let all = has(Modes::KITTY_ALL_KEYS);
    let released = event.kind == KeyEventKind::Release;
    if released && !has(Modes::KITTY_EVENTS) {
        return Vec::new();
    }
    if !(all || has(Modes::KITTY_DISAMBIGUATE) || has(Modes::KITTY_EVENTS)) {
        return legacy::key(event, modes);
    }
    let modifiers = modifiers(event);
    let text = text(event);
    let plain_form = match event.code {
        KeyCode::Char(_) => text.is_some() || !has(Modes::KITTY_DISAMBIGUATE),
        KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab | KeyCode::Backspace => {
            // A shell must be usable after a program has left the protocol on, so these keep their bytes.
            if released && !all {
                return Vec::new();
            }
            modifiers == 0 || !has(Modes::KITTY_DISAMBIGUATE)
        }
        KeyCode::Esc => !has(Modes::KITTY_DISAMBIGUATE),
        KeyCode::Modifier(_) if !all => return Vec::new(),
        _ => false,
    };
    if plain_form && !all && !released {
        return match text {
            Some(c) => c.to_string().into_bytes(),
            None => legacy::key(event, modes),
        };
    }
    let Some(name) = name(event.code) else {
        return Vec::new();
    };
    let kind = match event.kind {
        _ if !has(Modes::KITTY_EVENTS) => 1,
        KeyEventKind::Press => 1,
        KeyEventKind::Repeat => 2,
        KeyEventKind::Release => 3,
    };
    let shifted = text.filter(|_| modifiers & 1 != 0 && has(Modes::KITTY_ALTERNATES));
    let typed = text.filter(|_| all && !released && has(Modes::KITTY_TEXT));
    sequence(name, modifiers, kind, shifted, typed).into_bytes()
}

fn sequence(
    name: Name,
    modifiers: u32,
    kind: u8,
    shifted: Option<char>,
    typed: Option<char>,
) -> String {
    let mut fields = String::new();
    if modifiers != 0 || kind != 1 {
        fields = format!(";{}", modifiers + 1);
    } else if typed.is_some() {
        fields.push(';');
    }
    if kind != 1 {
        fields.push_str(&format!(":{kind}"));
    }
    match name {
        Name::Letter(letter) if fields.is_empty() => format!("\x1b[{letter}"),
        Name::Letter(letter) => format!("\x1b[1{fields}{letter}"),
        Name::Tilde(number) => format!("\x1b[{number}{fields}~"),
        Name::Unicode(number) => {
            let other = shifted.map(|c| format!(":{}", c as u32));
            let text = typed.map(|c| format!(";{}", c as u32));
            format!(
                "\x1b[{number}{}{fields}{}u",
                other.unwrap_or_default(),
                text.unwrap_or_default()
            )
        }
    }
}

/// Shift 1, alt 2, ctrl 4, super 8, hyper 16, meta 32.
fn modifiers(event: KeyEvent) -> u32 {
    let typed_with_shift = match event.code {
        KeyCode::Char(c) => c.is_uppercase(),
        KeyCode::BackTab => true,
        _ => false,
    };
    let mut bits = u32::from(typed_with_shift);
    for (modifier, bit) in [
        (KeyModifiers::SHIFT, 1),
        (KeyModifiers::ALT, 2),
        (KeyModifiers::CONTROL, 4),
        (KeyModifiers::SUPER, 8),
        (KeyModifiers::HYPER, 16),
        (KeyModifiers::META, 32),
    ] {
        if event.modifiers.contains(modifier) {
            bits |= bit;
        }
    }
    bits
}

/// The character that a key types, if it types one.
fn text(event: KeyEvent) -> Option<char> {
    let KeyCode::Char(c) = event.code else {
        return None;
    };
    if modifiers(event) > 1 {
        return None;
    }
    let mut upper = c.to_uppercase();
    match (modifiers(event), upper.next(), upper.next()) {
        (1, Some(one), None) => Some(one),
        _ => Some(c),
    }
}

fn name(code: KeyCode) -> Option<Name> {
    Some(match code {
        KeyCode::Char(c) => {
            let mut lower = c.to_lowercase();
            let key = lower.next().filter(|_| lower.next().is_none()).unwrap_or(c);
            Name::Unicode(key as u32)
        }
        KeyCode::Esc => Name::Unicode(27),
        KeyCode::Enter => Name::Unicode(13),
        KeyCode::Tab | KeyCode::BackTab => Name::Unicode(9),
        KeyCode::Backspace => Name::Unicode(127),
        KeyCode::Up => Name::Letter('A'),
        KeyCode::Down => Name::Letter('B'),
        KeyCode::Right => Name::Letter('C'),
        KeyCode::Left => Name::Letter('D'),
        KeyCode::KeypadBegin => Name::Letter('E'),
        KeyCode::End => Name::Letter('F'),
        KeyCode::Home => Name::Letter('H'),
        KeyCode::Insert => Name::Tilde(2),
        KeyCode::Delete => Name::Tilde(3),
        KeyCode::PageUp => Name::Tilde(5),
        KeyCode::PageDown => Name::Tilde(6),
        KeyCode::F(1) => Name::Letter('P'),
        KeyCode::F(2) => Name::Letter('Q'),
        // `CSI R` is the answer to where the cursor is.
        KeyCode::F(3) => Name::Tilde(13),
        KeyCode::F(4) => Name::Letter('S'),
        KeyCode::F(n @ 5..=12) => Name::Tilde([15, 17, 18, 19, 20, 21, 23, 24][usize::from(n) - 5]),
        KeyCode::F(n @ 13..=35) => Name::Unicode(57_376 + u32::from(n) - 13),
        KeyCode::CapsLock => Name::Unicode(57_358),
        KeyCode::ScrollLock => Name::Unicode(57_359),
        KeyCode::NumLock => Name::Unicode(57_360),
        KeyCode::PrintScreen => Name::Unicode(57_361),
        KeyCode::Pause => Name::Unicode(57_362),
        KeyCode::Menu => Name::Unicode(57_363),
        KeyCode::Media(key) => Name::Unicode(57_428 + media(key)),
        KeyCode::Modifier(key) => Name::Unicode(57_441 + modifier(key)),
        KeyCode::F(_) | KeyCode::Null => return None,
    })
}

/// The place of a key among those for music.
fn media(key: MediaKeyCode) -> u32 {
    match key {
        MediaKeyCode::Play => 0,
        MediaKeyCode::Pause => 1,
        MediaKeyCode::PlayPause => 2,
        MediaKeyCode::Reverse => 3,
        MediaKeyCode::Stop => 4,
        MediaKeyCode::FastForward => 5,
        MediaKeyCode::Rewind => 6,
        MediaKeyCode::TrackNext => 7,
        MediaKeyCode::TrackPrevious => 8,
        MediaKeyCode::Record => 9,
        MediaKeyCode::LowerVolume => 10,
        MediaKeyCode::RaiseVolume => 11,
        MediaKeyCode::MuteVolume => 12,
    }
}

/// The place of a key among the modifiers.
fn modifier(key: ModifierKeyCode) -> u32 {
    match key {
        ModifierKeyCode::LeftShift => 0,
        ModifierKeyCode::LeftControl => 1,
        ModifierKeyCode::LeftAlt => 2,
        ModifierKeyCode::LeftSuper => 3,
        ModifierKeyCode::LeftHyper => 4,
        ModifierKeyCode::LeftMeta => 5,
        ModifierKeyCode::RightShift => 6,
        ModifierKeyCode::RightControl => 7,
        ModifierKeyCode::RightAlt => 8,
        ModifierKeyCode::RightSuper => 9,
        ModifierKeyCode::RightHyper => 10,
        ModifierKeyCode::RightMeta => 11,
        ModifierKeyCode::IsoLevel3Shift => 12,
        ModifierKeyCode::IsoLevel5Shift => 13,
    }
}
