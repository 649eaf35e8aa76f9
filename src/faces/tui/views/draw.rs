//! Putting text into the buffer. Never outside of it.

use crate::faces::tui::text::wrap::fit;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// Writes `text` from `x`, `y` on, as far as the buffer reaches. Returns the column behind it.
pub fn put(buf: &mut Buffer, x: u16, y: u16, text: &str, style: Style) -> u16 {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
        return x;
    }
    buf.set_stringn(x, y, text, usize::from(area.right() - x), style)
        .0
}

/// Writes one line into `area`, cut where it is too long. Returns the column behind it.
pub fn put_fit(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    if area.height == 0 || area.width == 0 {
        return area.x;
    }
    put(
        buf,
        area.x,
        area.y,
        &fit(text, usize::from(area.width)),
        style,
    )
}

/// Writes `text` at the right edge of `area`'s first row. Returns the column in which it begins.
pub fn put_right(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let width = text.width().min(usize::from(area.width)) as u16;
    if area.height == 0 || width == 0 {
        return area.right();
    }
    let x = area.right() - width;
    put(buf, x, area.y, text, style);
    x
}

/// Pieces one after another, cut at the right edge. Returns the column behind the last.
pub fn put_all(buf: &mut Buffer, area: Rect, pieces: &[(&str, Style)]) -> u16 {
    let mut left = area;
    for (text, style) in pieces {
        let x = put_fit(buf, left, text, *style);
        left.width = left.right().saturating_sub(x);
        left.x = x;
    }
    left.x
}

/// The cells that [`put_all`] needs.
pub fn width_of(pieces: &[(&str, Style)]) -> usize {
    pieces.iter().map(|(text, _)| text.width()).sum()
}
