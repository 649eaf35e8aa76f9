//! What is being written to a chat session, and what is suggested for it.

use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap;
use crate::protocol::Suggestion;
use ratatui::crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The most rows a composer grows to.
pub const MOST_ROWS: u16 = 8;

/// What is written and not yet sent: the text, and the images that go along (absolute paths).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub text: String,
    #[serde(default)]
    pub attached: Vec<PathBuf>,
}

/// A draft, and the way back through earlier prompts.
pub struct Composer {
    pub area: TextArea<'static>,
    /// How many prompts back the shown text is; 0: the draft itself.
    recalled: usize,
    draft: String,
    /// Prompts that were not taken and found no empty composer; the newest of the earlier prompts.
    pub returned: Vec<String>,
    /// Images for the next prompt.
    pub attached: Vec<PathBuf>,
    /// With the prompt it was asked for.
    pub suggestion: Option<(String, Suggestion)>,
}

impl Default for Composer {
    fn default() -> Composer {
        Composer {
            area: text_area(""),
            recalled: 0,
            draft: String::new(),
            returned: Vec::new(),
            attached: Vec::new(),
            suggestion: None,
        }
    }
}

fn text_area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    // The terminal's own cursor is used.
    area.set_cursor_style(Style::default());
    area.set_cursor_line_style(Style::default());
    area.set_selection_style(Style::new().reversed());
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

impl Composer {
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    pub fn set(&mut self, text: &str) {
        self.area = text_area(&sanitise::block(text));
    }

    /// What is written and attached, leaving the composer empty.
    pub fn take(&mut self) -> Draft {
        let text = self.text();
        let mut returned = std::mem::take(&mut self.returned);
        returned.retain(|kept| *kept != text);
        let attached = std::mem::take(&mut self.attached);
        *self = Composer {
            returned,
            ..Composer::default()
        };
        Draft { text, attached }
    }

    pub fn draft(&self) -> Draft {
        Draft {
            text: self.text(),
            attached: self.attached.clone(),
        }
    }

    /// Takes back what was not sent. Whether it stands in the composer again; else it is the newest of the
    /// earlier prompts.
    pub fn give_back(&mut self, draft: Draft) -> bool {
        if self.is_empty() && self.attached.is_empty() {
            self.set(&draft.text);
            self.attached = draft.attached;
            return true;
        }
        self.returned.push(draft.text);
        self.returned.dedup();
        false
    }

    /// Empties the composer; undo brings the text back.
    pub fn clear(&mut self) {
        self.area.clear();
        self.recalled = 0;
        self.suggestion = None;
    }

    pub fn insert(&mut self, text: &str) {
        self.area.insert_str(sanitise::block(text));
        self.recalled = 0;
    }

    /// Whether the text changed.
    pub fn key(&mut self, event: KeyEvent) -> bool {
        let changed = self.area.input(event);
        if changed {
            self.recalled = 0;
        }
        changed
    }

    /// Whether the cursor is on the first line; Up then goes back through `prompts`.
    pub fn at_top(&self) -> bool {
        self.area.cursor().0 == 0
    }

    pub fn at_bottom(&self) -> bool {
        self.area.cursor().0 + 1 == self.area.lines().len()
    }

    pub fn is_recalling(&self) -> bool {
        self.recalled > 0
    }

    /// Goes `steps` back (or forward, where negative) through earlier prompts, oldest first.
    pub fn recall(&mut self, steps: isize, prompts: &[&str]) {
        let goal = (self.recalled as isize + steps).clamp(0, prompts.len() as isize) as usize;
        if goal == self.recalled {
            return;
        }
        if self.recalled == 0 {
            self.draft = self.text();
        }
        let text = match goal {
            0 => std::mem::take(&mut self.draft),
            back => prompts[prompts.len() - back].to_owned(),
        };
        self.set(&text);
        self.recalled = goal;
    }

    /// The rows it wants at `width` cells: 1 to [`MOST_ROWS`].
    pub fn rows(&self, width: u16) -> u16 {
        // One cell is for the cursor behind the last character.
        let rows: usize = self
            .area
            .lines()
            .iter()
            .map(|line| wrap::rows(line, width.saturating_sub(1)))
            .sum();
        u16::try_from(rows).unwrap_or(MOST_ROWS).clamp(1, MOST_ROWS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_prompts_come_back_and_the_draft_is_kept() {
        let mut composer = Composer::default();
        composer.insert("half");
        let prompts = ["one", "two\nlines"];
        composer.recall(1, &prompts);
        assert_eq!(composer.text(), "two\nlines");
        composer.recall(5, &prompts);
        assert_eq!(composer.text(), "one");
        composer.recall(-1, &prompts);
        composer.recall(-1, &prompts);
        assert_eq!(composer.text(), "half");
        composer.recall(-1, &prompts);
        assert_eq!(composer.text(), "half");
    }

    #[test]
    fn it_grows_to_eight_rows() {
        let mut composer = Composer::default();
        assert_eq!(composer.rows(20), 1);
        composer.insert("one\ntwo");
        assert_eq!(composer.rows(20), 2);
        composer.insert(&"word ".repeat(200));
        assert_eq!(composer.rows(20), MOST_ROWS);
        assert_eq!(composer.take().text.lines().count(), 2);
        assert!(composer.is_empty());
    }

    #[test]
    fn pasted_controls_do_not_stay() {
        let mut composer = Composer::default();
        composer.insert("a\u{1b}[2Jb\r\nc\td");
        assert_eq!(composer.text(), "a[2Jb\nc    d");
    }
}
