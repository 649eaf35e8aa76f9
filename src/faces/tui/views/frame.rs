//! The quiet lines between header, sidebar and panes, joined where they meet.

use crate::faces::tui::model::layout::Screen;
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::collections::BTreeMap;

const UP: u8 = 1;
const RIGHT: u8 = 2;
const DOWN: u8 = 4;
const LEFT: u8 = 8;

/// The arms that meet in each cell.
#[derive(Default)]
struct Lines(BTreeMap<(u16, u16), u8>);

impl Lines {
    fn horizontal(&mut self, y: u16, from: u16, to: u16) {
        for x in from..to {
            let arms = if x > from { LEFT } else { 0 } | if x + 1 < to { RIGHT } else { 0 };
            *self.0.entry((y, x)).or_default() |= arms;
        }
    }

    fn vertical(&mut self, x: u16, from: u16, to: u16) {
        for y in from..to {
            let arms = if y > from { UP } else { 0 } | if y + 1 < to { DOWN } else { 0 };
            *self.0.entry((y, x)).or_default() |= arms;
        }
    }
}

fn symbol(arms: u8) -> &'static str {
    const VERTICAL: u8 = UP | DOWN;
    const HORIZONTAL: u8 = LEFT | RIGHT;
    match arms {
        a if a == VERTICAL | RIGHT => "├",
        a if a == VERTICAL | LEFT => "┤",
        a if a == HORIZONTAL | DOWN => "┬",
        a if a == HORIZONTAL | UP => "┴",
        a if a == VERTICAL | HORIZONTAL => "┼",
        a if a & HORIZONTAL == 0 && a != 0 => "│",
        a if a == DOWN | RIGHT => "┌",
        a if a == DOWN | LEFT => "┐",
        a if a == UP | RIGHT => "└",
        a if a == UP | LEFT => "┘",
        _ => "─",
    }
}

/// Draws the line below the header, and those around panes; those that touch the focused one stand out.
pub fn draw(look: &Look, screen: &Screen, buf: &mut Buffer) {
    let body = screen.body;
    let mut lines = Lines::default();
    if body.y > screen.header.bottom() {
        lines.horizontal(body.y - 1, body.x, body.right());
    }
    // One row up, so that a line joins the one below the header.
    let top = |rect: Rect| {
        if rect.y == body.y && body.y > screen.header.bottom() {
            rect.y - 1
        } else {
            rect.y
        }
    };
    if screen.sidebar.width > 0 {
        lines.vertical(
            screen.sidebar.right(),
            top(screen.sidebar),
            screen.sidebar.bottom(),
        );
    }
    for pane in &screen.panes {
        let rect = pane.rect;
        if rect.right() < body.right() {
            let end = if rect.bottom() < body.bottom() {
                rect.bottom() + 1
            } else {
                rect.bottom()
            };
            let start = if rect.y > body.y {
                rect.y - 1
            } else {
                top(rect)
            };
            lines.vertical(rect.right(), start, end);
        }
        if rect.bottom() < body.bottom() {
            let left = if screen.sidebar.width > 0 || rect.x > body.x {
                rect.x.saturating_sub(1)
            } else {
                rect.x
            };
            let right = if rect.right() < body.right() {
                rect.right() + 1
            } else {
                rect.right()
            };
            lines.horizontal(rect.bottom(), left, right);
        }
    }
    let many = screen.panes.len() > 1;
    let focus = screen
        .panes
        .iter()
        .find(|pane| pane.focused && many)
        .map(|pane| pane.rect);
    for ((y, x), arms) in lines.0 {
        let beside = focus.is_some_and(|r| {
            let wide = Rect::new(
                r.x.saturating_sub(1),
                r.y.saturating_sub(1),
                r.width + 2,
                r.height + 2,
            );
            wide.contains(Position::new(x, y)) && y >= body.y
        });
        let style = if beside {
            look.border_focus
        } else {
            look.border
        };
        if let Some(cell) = buf.cell_mut((x, y)) {
            cell.set_symbol(symbol(arms)).set_style(style);
        }
    }
}
