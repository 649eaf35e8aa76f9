//! How the dialog for spawning looks.

use crate::faces::tui::layers::spawn::{Line, SpawnDialog};
use crate::faces::tui::layers::window::{choice, field, first_row, item, row, window};
use crate::faces::tui::model::Model;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::views::draw::put_fit;
use crate::faces::tui::views::look::Look;
use crate::protocol::{Backend, Level, Offer};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

impl SpawnDialog {
    pub fn draw(
        &self,
        model: &Model,
        look: &Look,
        area: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        let lines = self.lines();
        let listed = self.offers.len().clamp(1, 14) as u16;
        let hints = match lines.len() {
            1 => "↑↓ choose · enter spawn · esc",
            _ if self.line == Line::Model => {
                "↑↓ choose · ←→ model · tab next field · enter spawn · esc"
            }
            _ if self.line == Line::Mode => {
                "↑↓ choose · ←→ mode · tab next field · enter spawn · esc"
            }
            _ => "↑↓ choose · tab next field · enter spawn · esc",
        };
        // Always room for six fields and a notice, so that the window does not jump while one chooses.
        let inside = window(look, area, buf, "spawn a session", hints, (74, listed + 9));
        let fields = 9.min(inside.height.saturating_sub(1));
        let height = inside.height.saturating_sub(fields).min(listed);
        if self.offers.is_empty() {
            let text = if self.loaded {
                "nothing was found"
            } else {
                "looking around …"
            };
            put_fit(buf, row(inside, 0), text, look.dim);
        }
        let widest = self
            .offers
            .iter()
            .map(|offer| offer.label.width())
            .max()
            .unwrap_or(0);
        let indent = (widest + 2).min(usize::from(inside.width) / 2);
        let first = first_row(self.at, self.offers.len(), usize::from(height));
        for (i, offer) in self
            .offers
            .iter()
            .enumerate()
            .skip(first)
            .take(usize::from(height))
        {
            let line = row(inside, (i - first) as u16);
            let dimmed = Look {
                text: look.dim,
                ..*look
            };
            let (look, mark) = if offer.ready {
                (look, "")
            } else {
                (&dimmed, "missing: ")
            };
            item(
                look,
                line,
                buf,
                i == self.at,
                &offer.label,
                &format!("{mark}{}", offer.detail),
                indent,
            );
        }
        let below = Rect {
            y: inside.y + (height + 1).min(inside.height),
            height: inside.height.saturating_sub(height + 1),
            ..inside
        };
        if let Some(offer) = self.offers.get(self.at).filter(|offer| !offer.ready) {
            missing(look, below, buf, offer);
            return None;
        }
        let is_claude = (self.offers.get(self.at)).is_some_and(|o| o.backend == Backend::Claude);
        let mut cursor = None;
        for (i, line) in lines.iter().enumerate() {
            let (label, content) = match line {
                Line::Name => ("name     ", &self.name),
                Line::Model => ("model    ", &self.model),
                Line::Folder => ("folder   ", &self.folder),
                Line::Worktree => {
                    let at = row(inside, height + 1 + i as u16);
                    let has_keys = self.line == Line::Worktree;
                    let here = choice(look, at, buf, "worktree ", self.worktree, has_keys);
                    cursor = cursor.or(here);
                    continue;
                }
                Line::Command => ("command  ", &self.command),
                Line::Group => ("group    ", &self.group),
                Line::Mode => ("mode     ", &self.mode),
                Line::Fallback => ("fallback ", &self.fallback),
            };
            let at = row(inside, height + 1 + i as u16);
            let here = field(look, at, buf, label, content, *line == self.line);
            cursor = cursor.or(here);
            if content.text().is_empty() && at.width > 12 && at.height > 0 {
                let hint = match line {
                    Line::Model => "the backend's own choice",
                    Line::Command => "your shell",
                    Line::Worktree => "",
                    Line::Folder => "where the engine was started",
                    Line::Name => "needed",
                    Line::Group => "none",
                    Line::Mode if is_claude => "the permission mode of the configuration",
                    Line::Mode => "the agent's own permission mode",
                    Line::Fallback => "models to go to when this one fails, in order",
                };
                put_fit(
                    buf,
                    Rect {
                        x: at.x + 9,
                        width: at.width - 9,
                        ..at
                    },
                    hint,
                    look.dim,
                );
            }
        }
        if let Some(notice) = model.notice.as_ref().filter(|n| n.level != Level::Info) {
            let piece = Piece::new(sanitise::line(&notice.text), look.warning);
            let lines = wrap(&[piece], inside.width, &[], &[], Break::Words);
            for (i, line) in lines.iter().take(2).enumerate() {
                line.render(row(inside, inside.height.saturating_sub(2) + i as u16), buf);
            }
        }
        cursor
    }
}

/// In place of the fields: what is missing, and how to mend it.
fn missing(look: &Look, area: Rect, buf: &mut Buffer, offer: &Offer) {
    let detail = Piece::new(sanitise::line(&offer.detail), look.warning);
    let lines = wrap(&[detail], area.width, &[], &[], Break::Words);
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        line.render(
            Rect {
                y,
                height: 1,
                ..area
            },
            buf,
        );
    }
}
