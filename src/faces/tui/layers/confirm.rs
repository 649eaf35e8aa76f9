//! A question before something that cannot be taken back.

use crate::config::{Chord, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{row, window};
use crate::faces::tui::text::wrap::{Break, Piece, fit, wrap};
use crate::faces::tui::update::Cmd;
use crate::faces::tui::views::draw::put;
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// What is asked, and what is done on yes.
#[derive(Clone, Debug)]
pub struct Confirm {
    question: String,
    detail: String,
    on_yes: Vec<Cmd>,
    /// Another kind of yes: its key, its words, and what is done then.
    other: Option<(char, &'static str, Vec<Cmd>)>,
}

impl Confirm {
    pub fn new(
        question: impl Into<String>,
        detail: impl Into<String>,
        on_yes: Vec<Cmd>,
    ) -> Confirm {
        Confirm {
            question: question.into(),
            detail: detail.into(),
            on_yes,
            other: None,
        }
    }

    /// With another kind of yes, on a key of its own.
    pub fn or(mut self, key: char, words: &'static str, cmds: Vec<Cmd>) -> Confirm {
        self.other = Some((key, words, cmds));
        self
    }

    pub fn key(&mut self, chord: Chord, cmds: &mut Vec<Cmd>) -> Verdict {
        match chord.key {
            Key::Char('y' | 'Y') => {
                cmds.append(&mut self.on_yes);
                Verdict::Close
            }
            Key::Char(key) if !chord.ctrl && self.is_other(key) => {
                if let Some((_, _, on_other)) = &mut self.other {
                    cmds.append(on_other);
                }
                Verdict::Close
            }
            Key::Char('n' | 'N' | 'q') | Key::Esc => Verdict::Close,
            _ if chord.ctrl => Verdict::Pass,
            _ => Verdict::Keep,
        }
    }

    fn is_other(&self, key: char) -> bool {
        self.other.as_ref().is_some_and(|(own, ..)| *own == key)
    }

    pub fn draw(&self, look: &Look, area: Rect, buf: &mut Buffer) {
        let detail = [Piece::new(self.detail.as_str(), look.text)];
        let lines = wrap(&detail, 52, &[], &[], Break::Words);
        let height = lines.len() as u16 + 4;
        let inside = window(look, area, buf, &self.question, "", (52, height));
        for (i, line) in lines.iter().enumerate() {
            let at = row(inside, i as u16 + 1);
            line.render(at, buf);
        }
        let at = row(inside, lines.len() as u16 + 2);
        if at.height > 0 {
            let hint = match &self.other {
                Some((key, words, _)) => format!("y yes · {key} {words} · n no"),
                None => "y yes · n no".to_owned(),
            };
            put(
                buf,
                at.x,
                at.y,
                &fit(&hint, usize::from(at.width)),
                look.accent,
            );
        }
    }
}
