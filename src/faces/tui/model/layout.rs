//! Where everything stands for a size of the screen. Pure, so that keys and drawing agree on it.

use crate::faces::tui::model::{Mode, Model, commands};
use crate::faces::tui::views::ask;
use crate::protocol::{SessionId, SessionView};
use ratatui::layout::Rect;

/// Below this many columns only the focused pane is shown.
const NARROW: u16 = 100;
/// Below this many columns there is no sidebar.
const NO_SIDEBAR: u16 = 60;

/// The parts of the screen. A part that has no room is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    pub header: Rect,
    /// Where frames are drawn: sidebar, panes and the lines between them.
    pub body: Rect,
    pub sidebar: Rect,
    pub panes: Vec<PaneAt>,
    pub status: Rect,
    /// Where panes are, and the page that stands there when none is open.
    pub room: Rect,
}

/// A pane's place, without its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaneAt {
    pub session: SessionId,
    pub rect: Rect,
    pub focused: bool,
}

/// Whether a screen of that size has room for one pane only.
pub fn is_narrow((width, height): (u16, u16)) -> bool {
    width < NARROW || height < 15
}

/// The screen of `model`.
pub fn screen(model: &Model) -> Screen {
    let (width, height) = model.size;
    let status_rows = u16::from(height >= 3);
    let header_rows = u16::from(height >= 6);
    // One row for the line below the header.
    let top = if height >= 10 {
        header_rows + 1
    } else {
        header_rows
    };
    let body = Rect::new(0, top, width, height.saturating_sub(top + status_rows));
    let sidebar_width = match width {
        ..NO_SIDEBAR => 0,
        NO_SIDEBAR..NARROW => 22,
        NARROW..160 => 26,
        _ => 32,
    };
    let zoomed = model.panes.zoomed;
    let sidebar_width = if model.sessions.is_empty() || zoomed {
        0
    } else {
        sidebar_width
    };
    let sidebar = Rect {
        width: sidebar_width,
        ..body
    };
    let line = u16::from(sidebar_width > 0);
    let room = Rect::new(
        body.x + sidebar_width + line,
        body.y,
        body.width - sidebar_width - line,
        body.height,
    );
    let shown = model.panes.shown();
    let focus = model.panes.focus().min(shown.len().saturating_sub(1));
    let alone = zoomed || model.panes.stacked || is_narrow(model.size);
    let panes = if shown.is_empty() {
        Vec::new()
    } else if alone {
        vec![PaneAt {
            session: shown[focus],
            rect: room,
            focused: true,
        }]
    } else {
        tiles(room, shown.len())
            .into_iter()
            .zip(&shown)
            .enumerate()
            .map(|(i, (rect, session))| PaneAt {
                session: *session,
                rect,
                focused: i == focus,
            })
            .collect()
    };
    Screen {
        header: Rect::new(0, 0, width, header_rows),
        body,
        sidebar,
        panes,
        status: Rect::new(0, height - status_rows, width, status_rows),
        room,
    }
}

/// One: all of it. Two: side by side. Three: the first one tall. Four: a grid. A line stands between them.
fn tiles(room: Rect, count: usize) -> Vec<Rect> {
    let (left, right) = split(room.width);
    let (upper, lower) = split(room.height);
    let x = room.x + left + 1;
    let y = room.y + upper + 1;
    let west = Rect {
        width: left,
        ..room
    };
    let east = Rect {
        x,
        width: right,
        ..room
    };
    let north = |half: Rect| Rect {
        height: upper,
        ..half
    };
    let south = |half: Rect| Rect {
        y,
        height: lower,
        ..half
    };
    match count {
        0 => vec![],
        1 => vec![room],
        2 => vec![west, east],
        3 => vec![west, north(east), south(east)],
        _ => vec![north(west), north(east), south(west), south(east)],
    }
}

/// Two halves with one cell between them.
fn split(length: u16) -> (u16, u16) {
    let rest = length.saturating_sub(1);
    (rest - rest / 2, rest / 2)
}

/// The parts of a chat pane, from top to bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChatAreas {
    pub title: Rect,
    pub gauges: Rect,
    /// Blank, where there is room for it.
    pub gap: Rect,
    pub body: Rect,
    pub ask: Rect,
    /// The line above the composer.
    pub rule: Rect,
    /// The images that go along.
    pub attached: Rect,
    pub composer: Rect,
    pub suggestion: Rect,
}

/// The width of the mark before the composer's text.
pub const COMPOSER_MARK: u16 = 3;
/// The blank columns behind it.
pub const COMPOSER_MARGIN: u16 = 1;

/// The parts of the pane that shows `session` in `rect`. The body gives way last.
pub fn chat(model: &Model, session: &SessionView, rect: Rect, focused: bool) -> ChatAreas {
    let composer = model.composers.get(&session.id);
    let draft = composer.is_some_and(|c| !c.is_empty());
    let writing = focused && model.mode == Mode::Insert;
    let mut left = rect.height;
    let mut take = |wanted: u16, reserve: u16| {
        let rows = if left >= wanted + reserve { wanted } else { 0 };
        left -= rows;
        rows
    };
    let title = take(1, 0);
    let composer_rows = match composer {
        _ if !(focused || draft || rect.height >= 14) => 0,
        Some(composer) => composer.rows(rect.width.saturating_sub(COMPOSER_MARK + COMPOSER_MARGIN)),
        None => 1,
    };
    let composer_rows = match take(composer_rows, 1) {
        0 if writing => take(1, 0),
        rows => rows,
    };
    let ask_rows = ask::rows(model, session, rect.width);
    let unfolded = session
        .asks
        .first()
        .is_some_and(|ask| model.ask_view(session.id, ask.id).unfolded);
    let room = rect.height.saturating_sub(title + composer_rows);
    let ask = match unfolded {
        true => take(room, 0),
        // The conversation keeps some of the room: it often tells why.
        false => match take(ask_rows.min((room * 2 / 3).max(3)), 1) {
            0 if ask_rows > 0 => take(2, 0),
            rows => rows,
        },
    };
    let gauges = match gauge_rows(session, rect.width) {
        2 if rect.height < 16 => take(1, 4),
        rows => take(rows, 4),
    };
    let suggested = composer
        .and_then(|c| c.suggestion.as_ref())
        .is_some_and(|(_, suggestion)| !suggestion.candidates.is_empty())
        || composer.is_some_and(|c| !commands::begun(&c.text()).is_empty());
    let suggestion = match suggested && draft {
        false => 0,
        // What does not fit into two rows is not worth a third.
        true if rect.width < 130 && rect.height >= 16 => take(2, 3),
        true => take(1, 3),
    };
    let attached = match composer {
        Some(composer) if !composer.attached.is_empty() => take(1, 1),
        _ => 0,
    };
    let rule = if composer_rows > 0 { take(1, 3) } else { 0 };
    let gap = if rect.height >= 18 { take(1, 8) } else { 0 };
    let mut y = rect.y;
    let mut place = |height: u16| {
        let area = Rect { y, height, ..rect };
        y += height;
        area
    };
    ChatAreas {
        title: place(title),
        gauges: place(gauges),
        gap: place(gap),
        body: place(left),
        ask: place(ask),
        rule: place(rule),
        attached: place(attached),
        composer: place(composer_rows),
        suggestion: place(suggestion),
    }
}

/// Figures and context bar share a row where there is room.
pub fn gauge_rows(session: &SessionView, width: u16) -> u16 {
    match session.gauges.window {
        Some(_) if width < 84 && session.gauges.turns > 0 => 2,
        _ => 1,
    }
}

/// The part of a terminal's pane that shows its screen.
pub fn terminal(rect: Rect) -> Rect {
    let title = u16::from(rect.height > 1);
    Rect {
        y: rect.y + title,
        height: rect.height - title,
        ..rect
    }
}
