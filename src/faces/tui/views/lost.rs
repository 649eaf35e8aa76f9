//! The engine is gone: say so, and offer the way back.

use crate::faces::tui::layers::window::{row, window};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::views::draw::put_fit;
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

pub fn draw(reason: &str, look: &Look, area: Rect, buf: &mut Buffer) {
    let reason = [Piece::new(sanitise::line(reason), look.error)];
    let lines = wrap(&reason, 56, &[], &[], Break::Words);
    let height = lines.len().min(6) as u16;
    let inside = window(
        look,
        area,
        buf,
        "the engine is gone",
        "r restart it · q quit",
        (56, height + 4),
    );
    for (i, line) in lines.iter().take(6).enumerate() {
        line.render(row(inside, i as u16 + 1), buf);
    }
    let text = "What was acknowledged is stored; sessions come back.";
    put_fit(buf, row(inside, height + 2), text, look.dim);
}
