//! One prompt to several sessions: to whom, and what.

use crate::config::{Chord, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{moved, row, window};
use crate::faces::tui::model::Model;
use crate::faces::tui::model::composer::Composer;
use crate::faces::tui::update::{Cmd, Purpose, op};
use crate::faces::tui::views::draw::{put, put_fit};
use crate::faces::tui::views::look::Look;
use crate::protocol::{Audience, Op, SessionId};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

/// The dialog.
pub struct BroadcastDialog {
    /// Each with its words and how many it reaches.
    audiences: Vec<(Audience, String, usize)>,
    at: usize,
    text: Composer,
}

impl BroadcastDialog {
    /// To the marked sessions where there are any; else to all.
    pub fn new(model: &Model) -> BroadcastDialog {
        let chats = || model.sessions.iter().filter(|s| s.backend.is_chat());
        let mut audiences = Vec::new();
        let marked: Vec<SessionId> = model.marks.iter().copied().collect();
        if !marked.is_empty() {
            let words = format!("the marked ({})", marked.len());
            audiences.push((Audience::Sessions(marked.clone()), words, marked.len()));
        }
        let all = chats().count();
        audiences.push((Audience::All, format!("all ({all})"), all));
        for group in model.groups() {
            let count = chats()
                .filter(|s| s.group.as_deref() == Some(group))
                .count();
            let words = format!("group {group} ({count})");
            audiences.push((Audience::Group(group.to_owned()), words, count));
        }
        let mut text = Composer::default();
        text.set(&model.unsent);
        BroadcastDialog {
            audiences,
            at: 0,
            text,
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.text.insert(text);
    }

    pub fn key(
        &mut self,
        model: &mut Model,
        chord: Chord,
        event: KeyEvent,
        cmds: &mut Vec<Cmd>,
    ) -> Verdict {
        let plain = !chord.ctrl && !chord.alt && !chord.shift;
        match chord.key {
            Key::Esc => {
                model.unsent = self.text.text();
                return Verdict::Close;
            }
            Key::Char('c') if chord.ctrl => {
                model.unsent.clear();
                return Verdict::Close;
            }
            Key::Tab => self.at = moved(self.at, 1, self.audiences.len()),
            Key::BackTab => self.at = moved(self.at, -1, self.audiences.len()),
            Key::Char('j') if chord.ctrl => self.text.area.insert_newline(),
            Key::Enter if !plain => self.text.area.insert_newline(),
            Key::Enter => {
                if self.text.text().trim().is_empty() {
                    return Verdict::Keep;
                }
                let to = self.audiences[self.at].0.clone();
                let prompt = self.text.take().text;
                model.unsent.clear();
                let text = prompt.clone();
                cmds.push(op(
                    Op::Broadcast { to, prompt },
                    Purpose::Broadcast { text },
                ));
                return Verdict::Close;
            }
            _ => {
                self.text.key(event);
            }
        }
        Verdict::Keep
    }

    pub fn draw(
        &self,
        model: &Model,
        look: &Look,
        area: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        let width = 72.min(area.width.saturating_sub(6)).max(1);
        let rows = self.text.rows(width).max(3);
        let newline = model.newline_key();
        let hints = format!("tab to whom · enter send · {newline} new line · esc");
        let inside = window(look, area, buf, "broadcast", &hints, (72, rows + 4));
        let line = row(inside, 0);
        if line.height > 0 {
            let mut x = put(buf, line.x, line.y, "to ", look.dim);
            for (i, (_, words, _)) in self.audiences.iter().enumerate() {
                if x + 4 >= line.right() {
                    break;
                }
                let style = if i == self.at {
                    look.selection
                } else {
                    look.dim
                };
                let words = if i == self.at {
                    format!("▸{words} ")
                } else {
                    format!(" {words} ")
                };
                let room = usize::from(line.right() - x);
                x = put(
                    buf,
                    x,
                    line.y,
                    &crate::faces::tui::text::wrap::fit(&words, room),
                    style,
                );
            }
        }
        let names: Vec<String> = match &self.audiences[self.at].0 {
            Audience::Sessions(ids) => ids.iter().map(|id| model.name_of(*id)).collect(),
            Audience::Group(group) => names(model, |s| s.group.as_ref() == Some(group)),
            Audience::All => names(model, |_| true),
        };
        put_fit(buf, row(inside, 1), &names.join(", "), look.dim);
        let text = Rect {
            y: inside.y + 3,
            height: inside.height.saturating_sub(3),
            ..inside
        };
        if text.height == 0 {
            return None;
        }
        if self.text.is_empty() {
            put_fit(buf, text, "the prompt", look.dim);
            return Some(Position::new(text.x, text.y));
        }
        (&self.text.area).render(text, buf);
        let at = self.text.area.screen_cursor();
        let (top, _) = self.text.area.scroll_offset();
        let y = text.y + (at.row as u16).saturating_sub(top);
        Some(Position::new(
            (text.x + at.col as u16).min(text.right() - 1),
            y.min(text.bottom() - 1),
        ))
    }
}

fn names(model: &Model, fits: impl Fn(&crate::protocol::SessionView) -> bool) -> Vec<String> {
    let chats = model.sessions.iter().filter(|s| s.backend.is_chat());
    chats.filter(|s| fits(s)).map(|s| s.name.clone()).collect()
}
