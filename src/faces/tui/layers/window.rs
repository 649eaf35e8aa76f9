//! The frame that all dialogs share, and the pieces they are made of.

use crate::config::{Chord, Key};
use crate::faces::tui::model::field::Field;
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::views::draw::{put, put_right};
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Block, BorderType, Clear, Widget};
use unicode_width::UnicodeWidthStr;

/// Draws an empty window in the middle of `area`, large enough for `width` by `height` cells inside, as far as
/// there is room. `hints` stand in its lower edge. Returns the inside.
pub fn window(
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
    title: &str,
    hints: &str,
    inside: (u16, u16),
) -> Rect {
    let width = (inside.0 + 4).min(area.width);
    let height = (inside.1 + 2).min(area.height);
    let place = Rect::new(
        area.x + (area.width - width) / 2,
        // A little above the middle, where the eye is.
        area.y + (area.height - height) * 2 / 5,
        width,
        height,
    );
    // What lies below steps back, and does not touch the frame.
    buf.set_style(area, look.dim);
    let cleared =
        Rect::new(place.x.saturating_sub(1), place.y, width + 2, height).intersection(area);
    Clear.render(cleared, buf);
    buf.set_style(cleared, look.text);
    if width < 8 || height < 3 {
        return place;
    }
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(look.border_focus);
    block.render(place, buf);
    let room = usize::from(width) - 6;
    put(
        buf,
        place.x + 2,
        place.y,
        &format!(" {} ", fit(title, room)),
        look.title,
    );
    let bottom = place.bottom() - 1;
    if !hints.is_empty() {
        put(
            buf,
            place.x + 2,
            bottom,
            &format!(" {} ", fit(hints, room)),
            look.dim,
        );
    }
    Rect::new(place.x + 2, place.y + 1, width - 4, height - 2)
}

/// A row inside `area`; empty where there is none.
pub fn row(area: Rect, index: u16) -> Rect {
    let y = area.y.saturating_add(index);
    let height = u16::from(y < area.bottom());
    Rect {
        y: y.min(area.bottom()),
        height,
        ..area
    }
}

/// A labelled field. Returns where the cursor is, if it `has_keys`.
pub fn field(
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
    label: &str,
    field: &Field,
    has_keys: bool,
) -> Option<Position> {
    if area.height == 0 || area.width == 0 {
        return None;
    }
    let label_style = if has_keys { look.accent } else { look.dim };
    let start = put(
        buf,
        area.x,
        area.y,
        &fit(label, usize::from(area.width)),
        label_style,
    );
    let room = usize::from(area.right().saturating_sub(start)).saturating_sub(1);
    let (before, after) = field.halves();
    // A long text is shown from where its cursor is in sight.
    let mut left = before;
    while left.width() > room {
        let mut chars = left.chars();
        chars.next();
        left = chars.as_str();
    }
    let cursor = put(buf, start, area.y, left, look.text);
    let rest = fit(after, room.saturating_sub(left.width()));
    put(buf, cursor, area.y, &rest, look.text);
    has_keys.then_some(Position::new(cursor.min(area.right() - 1), area.y))
}

/// What a worktree brings, beside the yes or no.
const WORKTREE: &str = "its own branch, with what is uncommitted here";

/// A labelled yes or no about a worktree. Returns where the cursor is, if it `has_keys`.
pub fn choice(
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
    label: &str,
    on: bool,
    has_keys: bool,
) -> Option<Position> {
    if area.height == 0 || area.width == 0 {
        return None;
    }
    let style = if has_keys { look.accent } else { look.dim };
    let x = put(
        buf,
        area.x,
        area.y,
        &fit(label, usize::from(area.width)),
        style,
    );
    let word = match (on, has_keys) {
        (true, true) => "‹yes›",
        (false, true) => "‹no›",
        (true, false) => "yes",
        (false, false) => "no",
    };
    let style = if on { look.text } else { look.dim };
    let room = usize::from(area.right().saturating_sub(x));
    let end = put(buf, x, area.y, &fit(word, room), style);
    let room = usize::from(area.right().saturating_sub(end));
    if room > 12 {
        put(buf, end + 2, area.y, &fit(WORKTREE, room - 2), look.dim);
    }
    has_keys.then_some(Position::new(x.min(area.right() - 1), area.y))
}

/// What a yes or no becomes by a key: y, n, or space and the arrows, which turn it.
pub fn chosen(chord: Chord, on: bool) -> bool {
    match chord.key {
        Key::Char('y') => true,
        Key::Char('n') => false,
        Key::Char(' ') | Key::Left | Key::Right => !on,
        _ => on,
    }
}

/// A list's line: mark and label to the left, detail behind it or to the right.
pub fn item(
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
    chosen: bool,
    label: &str,
    detail: &str,
    indent: usize,
) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    if chosen {
        buf.set_style(area, look.selection);
    }
    let paint = |style| {
        if chosen {
            look.selection.patch(look.bare(style))
        } else {
            style
        }
    };
    let mark = if chosen { "▸ " } else { "  " };
    let width = usize::from(area.width);
    let x = put(buf, area.x, area.y, &fit(mark, width), paint(look.accent));
    let x = put(
        buf,
        x,
        area.y,
        &fit(label, width.saturating_sub(2)),
        paint(look.text),
    );
    let from = (area.x + 2)
        .saturating_add(u16::try_from(indent).unwrap_or(0))
        .max(x.saturating_add(2));
    if from < area.right() {
        let text = fit(detail, usize::from(area.right() - from));
        put(buf, from, area.y, &text, paint(look.dim));
    }
}

/// A note at the right edge of a row.
pub fn note(look: &Look, area: Rect, buf: &mut Buffer, text: &str) {
    put_right(buf, area, &fit(text, usize::from(area.width)), look.dim);
}

/// The first of `count` rows to show so that row `at` is among `height`.
pub fn first_row(at: usize, count: usize, height: usize) -> usize {
    let half = height / 2;
    at.saturating_sub(half).min(count.saturating_sub(height))
}

/// How far a key moves the choice in a list; `None`: not a key for that. Letters are left to fields.
pub fn step(chord: Chord) -> Option<isize> {
    match (chord.key, chord.ctrl) {
        (Key::Down, _) | (Key::Char('n'), true) => Some(1),
        (Key::Up, _) | (Key::Char('p'), true) => Some(-1),
        (Key::PageDown, _) => Some(10),
        (Key::PageUp, _) => Some(-10),
        _ => None,
    }
}

/// Moves `at` by `steps` within `count`: single steps go around the ends, longer ones stop there.
pub fn moved(at: usize, steps: isize, count: usize) -> usize {
    if count == 0 {
        return 0;
    }
    let goal = at as isize + steps;
    let last = count as isize - 1;
    match steps {
        -1 | 1 => goal.rem_euclid(count as isize) as usize,
        _ => goal.clamp(0, last) as usize,
    }
}
