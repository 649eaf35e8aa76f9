//! Drawing: from the model to cells. Reads, and only reads; what a model or program wrote is made harmless here at
//! the latest.

pub mod ask;
pub mod asked;
pub mod chat;
pub mod composer;
pub mod depth;
pub mod draw;
pub mod frame;
pub mod header;
pub mod links;
pub mod look;
pub mod lost;
pub mod sidebar;
pub mod start;
pub mod status;
pub mod status_bar;
pub mod suggested;
pub mod terminal;
#[cfg(test)]
pub(super) mod tests;
pub mod turn;

use crate::faces::tui::layers;
use crate::faces::tui::model::{Link, Model, layout};
use crate::faces::tui::sanitise;
use crate::faces::tui::views::depth::Depth;
use crate::faces::tui::views::look::Look;
use crate::protocol::CursorShape;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Where the terminal's own cursor belongs, and its shape where a program chose one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CursorAt {
    pub position: Option<Position>,
    pub shape: Option<CursorShape>,
}

/// Draws everything.
pub fn draw(model: &Model, buf: &mut Buffer) -> CursorAt {
    let look = Look::of(&model.theme);
    let area = buf.area;
    // The terminal may have changed its size since the model heard of it.
    let screen = layout::screen(model);
    for cell in &mut buf.content {
        cell.set_style(look.text);
    }
    let mut cursor = CursorAt::default();
    header::draw(model, &look, screen.header, buf);
    frame::draw(&look, &screen, buf);
    sidebar::draw(model, &look, screen.sidebar, buf);
    if screen.panes.is_empty() {
        start::draw(model, &look, screen.room.intersection(area), buf);
    }
    for pane in &screen.panes {
        let Some(session) = model.session(pane.session) else {
            continue;
        };
        let rect = pane.rect.intersection(area);
        let here = if rect.is_empty() {
            CursorAt::default()
        } else if session.backend.is_chat() {
            chat::draw(model, session, &look, rect, pane.focused, buf)
        } else {
            terminal::draw(model, session, &look, rect, pane.focused, buf)
        };
        if pane.focused {
            cursor = here;
        }
    }
    status_bar::draw(model, &look, screen.status, buf);
    for (i, layer) in model.layers.iter().enumerate() {
        let room = Rect {
            height: area.height.saturating_sub(screen.status.height),
            ..area
        };
        let position = layers::draw(layer, model, &look, room, buf);
        if i + 1 == model.layers.len() {
            cursor = CursorAt {
                position,
                shape: None,
            };
        }
    }
    if let Link::Lost(reason) = &model.link {
        lost::draw(reason, &look, area, buf);
        cursor = CursorAt::default();
    }
    sweep(buf, model.depth);
    cursor.position = cursor.position.filter(|at| area.contains(*at));
    cursor
}

/// The last wall: whatever was drawn, no cell holds a character that a terminal could act on, or a colour that it
/// does not have.
fn sweep(buf: &mut Buffer, depth: Depth) {
    depth.fit(&mut buf.content);
    for cell in &mut buf.content {
        let symbol = cell.symbol();
        let plain = symbol.len() == 1 && matches!(symbol.as_bytes()[0], b' '..=b'~');
        if !plain && symbol.chars().any(sanitise::is_harmful) {
            let clean = sanitise::line(symbol).into_owned();
            cell.set_symbol(if clean.is_empty() { " " } else { &clean });
        }
    }
}
