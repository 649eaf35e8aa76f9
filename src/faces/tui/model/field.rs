//! One line of text that is being typed, for dialogs.

use crate::config::{Chord, Key};
use crate::faces::tui::sanitise;
use unicode_segmentation::UnicodeSegmentation;

/// The text and the cursor, as a byte index at a grapheme's edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
    cursor: usize,
}

impl Field {
    pub fn new(text: impl Into<String>) -> Field {
        let text = text.into();
        let cursor = text.len();
        Field { text, cursor }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before and after the cursor.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }

    pub fn insert(&mut self, text: &str) {
        let clean = sanitise::line(text);
        self.text.insert_str(self.cursor, &clean);
        self.cursor += clean.len();
    }

    /// Whether the key was one for editing.
    pub fn key(&mut self, chord: Chord) -> bool {
        match (chord.key, chord.ctrl, chord.alt) {
            (Key::Char(c), false, false) => self.insert(c.encode_utf8(&mut [0; 4])),
            (Key::Backspace, false, false) | (Key::Char('h'), true, false) => {
                let from = self.before();
                self.text.replace_range(from..self.cursor, "");
                self.cursor = from;
            }
            (Key::Delete, ..) | (Key::Char('d'), true, false) => {
                let to = self.after();
                self.text.replace_range(self.cursor..to, "");
            }
            (Key::Char('w'), true, false) | (Key::Backspace, ..) => {
                let kept = self.text[..self.cursor].trim_end();
                let from = kept.rfind(' ').map_or(0, |blank| blank + 1);
                self.text.replace_range(from..self.cursor, "");
                self.cursor = from;
            }
            (Key::Char('u'), true, false) => {
                self.text.replace_range(..self.cursor, "");
                self.cursor = 0;
            }
            (Key::Left, ..) | (Key::Char('b'), true, false) => self.cursor = self.before(),
            (Key::Right, ..) | (Key::Char('f'), true, false) => self.cursor = self.after(),
            (Key::Home, ..) | (Key::Char('a'), true, false) => self.cursor = 0,
            (Key::End, ..) | (Key::Char('e'), true, false) => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }

    fn before(&self) -> usize {
        let (left, _) = self.halves();
        left.grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let (_, right) = self.halves();
        right
            .graphemes(true)
            .next()
            .map_or(self.cursor, |g| self.cursor + g.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editing_moves_by_whole_characters() {
        let mut field = Field::new("ab 世");
        let press = |field: &mut Field, keys: &str| {
            for key in keys.split_whitespace() {
                field.key(Chord::parse(key).unwrap());
            }
        };
        press(&mut field, "left x right backspace");
        assert_eq!(field.text(), "ab x");
        press(&mut field, "home delete end ctrl-w");
        assert_eq!(field.text(), "b ");
        field.insert("\u{1b}[31mred\n");
        assert_eq!(field.text(), "b [31mred ");
        press(&mut field, "ctrl-u");
        assert_eq!(field.text(), "");
        assert!(!field.key(Chord::parse("enter").unwrap()));
    }
}
