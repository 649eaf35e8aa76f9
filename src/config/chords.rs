//! A key with its modifiers, read and written as `ctrl-]`, `K`, `space`, `alt-x`, `f1`.

use std::fmt;

/// A key of the keyboard, without modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The character it types: `K` is shift and k. Space is `' '`.
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// 1 to 24.
    F(u8),
}

/// A key and the modifiers held with it, in the one form that all its spellings share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    pub key: Key,
    pub ctrl: bool,
    pub alt: bool,
    /// Never set together with a character alone (`K` says it) or with [`Key::BackTab`].
    pub shift: bool,
}

const NAMES: &[(&str, Key)] = &[
    ("space", Key::Char(' ')),
    ("minus", Key::Char('-')),
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("backtab", Key::BackTab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("insert", Key::Insert),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pageup", Key::PageUp),
    ("pagedown", Key::PageDown),
    // Other spellings; the first one is what is printed.
    ("return", Key::Enter),
    ("escape", Key::Esc),
    ("del", Key::Delete),
    ("ins", Key::Insert),
    ("pgup", Key::PageUp),
    ("pgdn", Key::PageDown),
];

impl Chord {
    /// The one form of a key press: `shift-k` is `K`, `shift-tab` is `backtab`, and of the pairs that a
    /// terminal cannot tell apart (`ctrl-i` and `tab`, `ctrl-5` and `ctrl-]`, …) always the same one.
    pub fn new(key: Key, ctrl: bool, alt: bool, shift: bool) -> Chord {
        let chord = |key, ctrl, shift| Chord {
            key,
            ctrl,
            alt,
            shift,
        };
        match key {
            Key::Tab if shift => chord(Key::BackTab, ctrl, false),
            Key::BackTab => chord(Key::BackTab, ctrl, false),
            Key::Char(c) if ctrl => match c.to_ascii_lowercase() {
                'i' if !shift => chord(Key::Tab, false, false),
                'm' if !shift => chord(Key::Enter, false, false),
                '[' | '3' => chord(Key::Esc, false, false),
                '@' | '2' => chord(Key::Char(' '), true, false),
                '4' => chord(Key::Char('\\'), true, false),
                '5' => chord(Key::Char(']'), true, false),
                '6' => chord(Key::Char('^'), true, false),
                '7' | '/' => chord(Key::Char('_'), true, false),
                lower => chord(Key::Char(lower), true, shift && lower.is_alphabetic()),
            },
            Key::Char(c) if shift => chord(Key::Char(upper(c)), false, false),
            _ => chord(key, ctrl, shift),
        }
    }

    /// A key alone.
    pub fn plain(key: Key) -> Chord {
        Chord::new(key, false, false, false)
    }

    /// Reads `ctrl-]`, `K`, `shift-k`, `space`, `ctrl-alt-x`. The error says what is wrong with `text`.
    pub fn parse(text: &str) -> Result<Chord, String> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text.trim();
        while let Some((before, after)) = rest.split_once(['-', '+']) {
            if before.is_empty() || after.is_empty() {
                break;
            }
            let flag = match before.to_ascii_lowercase().as_str() {
                "ctrl" | "control" | "c" => &mut ctrl,
                "alt" | "meta" | "option" | "a" => &mut alt,
                "shift" | "s" => &mut shift,
                _ => return Err(format!("`{before}` is not a modifier")),
            };
            *flag = true;
            rest = after;
        }
        let key = parse_key(rest).ok_or_else(|| format!("`{rest}` is not a key"))?;
        Ok(Chord::new(key, ctrl, alt, shift))
    }

    /// All names of keys that are not a character, for "did you mean".
    pub fn key_names() -> impl Iterator<Item = &'static str> {
        NAMES
            .iter()
            .map(|(name, _)| *name)
            .chain(["ctrl", "alt", "shift"])
    }
}

fn parse_key(text: &str) -> Option<Key> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control()).then_some(Key::Char(c));
    }
    let lower = text.to_ascii_lowercase();
    if let Some((_, key)) = NAMES.iter().find(|(name, _)| *name == lower) {
        return Some(*key);
    }
    let number: u8 = lower.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Key::F(number))
}

/// The upper case of a letter where that is one character.
fn upper(c: char) -> char {
    let mut all = c.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift, "shift-"),
        ] {
            if held {
                f.write_str(name)?;
            }
        }
        match (self.key, NAMES.iter().find(|(_, key)| *key == self.key)) {
            // Alone or at the end, a minus needs no name.
            (Key::Char('-'), _) => f.write_str("-"),
            (_, Some((name, _))) => f.write_str(name),
            (Key::Char(c), None) => write!(f, "{c}"),
            (Key::F(number), None) => write!(f, "f{number}"),
            (key, None) => write!(f, "{key:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_chord_become_one() {
        for (text, shown) in [
            ("ctrl-]", "ctrl-]"),
            ("ctrl-5", "ctrl-]"),
            ("Ctrl+X", "ctrl-x"),
            ("C-x", "ctrl-x"),
            ("K", "K"),
            ("shift-k", "K"),
            ("shift-tab", "backtab"),
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-[", "esc"),
            ("escape", "esc"),
            ("space", "space"),
            (" ", "space"),
            ("-", "-"),
            ("minus", "-"),
            ("+", "+"),
            ("ctrl--", "ctrl--"),
            ("alt-x", "alt-x"),
            ("alt-X", "alt-X"),
            ("ctrl-alt-x", "ctrl-alt-x"),
            ("alt-ctrl-x", "ctrl-alt-x"),
            ("ctrl-shift-x", "ctrl-shift-x"),
            ("shift-up", "shift-up"),
            ("F12", "f12"),
            ("PgUp", "pageup"),
        ] {
            if text == " " {
                assert_eq!(Chord::plain(Key::Char(' ')).to_string(), shown);
                continue;
            }
            let chord = Chord::parse(text).unwrap();
            assert_eq!(chord.to_string(), shown, "{text}");
            assert_eq!(
                Chord::parse(shown).unwrap(),
                chord,
                "{text} does not come back"
            );
        }
    }

    #[test]
    fn rubbish_is_refused() {
        for text in [
            "", "ctrl-", "hyper-x", "f0", "f25", "enterr", "ab", "\u{1b}",
        ] {
            assert!(Chord::parse(text).is_err(), "{text:?}");
        }
    }
}
