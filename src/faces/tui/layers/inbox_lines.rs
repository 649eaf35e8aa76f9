//! How the inbox looks: its lines, and below them all of the chosen one with the keys that answer it.

use crate::config::{Action, Keymap};
use crate::faces::tui::layers::inbox_words::{ago, details, heading, said};
use crate::faces::tui::layers::window::{field, first_row, row, window};
use crate::faces::tui::model::Model;
use crate::faces::tui::model::field::Field;
use crate::faces::tui::model::inbox::Entry;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::views::asked::{self, About, Picks};
use crate::faces::tui::views::draw::{put, put_fit, put_right};
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::status;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

/// The widest a name and a backend may be in a line.
const NAME: usize = 16;
const BACKEND: usize = 12;

/// The least rows of details.
const LEAST: u16 = 8;
/// Of more entries than these not each is measured.
const MEASURED: usize = 12;

/// What is to be drawn.
pub struct Shown<'a> {
    pub entries: Vec<Entry<'a>>,
    /// The chosen line.
    pub at: usize,
    /// The first row of its details.
    pub top: usize,
    pub picks: Picks,
}

/// The inside of the window, and how many of its rows are lines and details.
#[derive(Clone, Copy)]
struct Room {
    size: (u16, u16),
    lines: u16,
    details: u16,
}

/// As much as the longest entry needs, so that nothing jumps while one goes from line to line.
fn room(area: Rect, shown: &Shown, model: &Model) -> Room {
    let count = |rows: usize| u16::try_from(rows).unwrap_or(u16::MAX);
    let width = area.width.saturating_sub(6).min(130);
    let height = area.height.saturating_sub(4).min(40);
    let lines = count(shown.entries.len()).min((height / 3).max(3));
    // Below the lines a rule, and below the details a blank row and the keys.
    let most = height.saturating_sub(lines + 3);
    let wanted = match shown.entries.len() {
        ..=MEASURED => {
            let look = Look::default();
            let entries = shown.entries.iter();
            let rows = entries.map(|e| details(model, e, Picks::default(), width, &look).len());
            count(rows.max().unwrap_or(0)).max(LEAST)
        }
        _ => most,
    };
    let details = most.min(wanted);
    Room {
        size: (width, lines + details + 3),
        lines,
        details,
    }
}

/// The rows of details there are, and those that are shown at a time.
pub fn extent(shown: &Shown, model: &Model) -> (usize, usize) {
    let Some(entry) = shown.entries.get(shown.at) else {
        return (0, 0);
    };
    let (width, height) = model.size;
    let area = Rect::new(0, 0, width, height.saturating_sub(u16::from(height >= 3)));
    let room = room(area, shown, model);
    let all = details(model, entry, shown.picks, room.size.0, &Look::default()).len();
    (all, rows_shown(all, usize::from(room.details)))
}

/// Where not all fits, a row says so.
fn rows_shown(all: usize, room: usize) -> usize {
    if all > room {
        room.saturating_sub(1)
    } else {
        room
    }
}

pub fn draw(
    shown: &Shown,
    words: Option<&Field>,
    model: &Model,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let Some(entry) = shown.entries.get(shown.at) else {
        let inside = window(look, area, buf, "inbox", "esc back", (44, 1));
        put_fit(buf, row(inside, 0), "nothing waits for you", look.dim);
        return None;
    };
    let room = room(area, shown, model);
    let hints = match words {
        Some(_) => "enter send · esc leave".to_owned(),
        None => hints(&model.keymap),
    };
    let inside = window(look, area, buf, &heading(model), &hints, room.size);
    let names = shown.entries.iter().map(|e| width(&e.session().name));
    let names = names.max().unwrap_or(0).min(NAME);
    let height = usize::from(room.lines);
    let first = first_row(shown.at, shown.entries.len(), height);
    for (i, entry) in shown.entries.iter().enumerate().skip(first).take(height) {
        let at = row(inside, (i - first) as u16);
        line(model, look, at, buf, entry, i == shown.at, names);
    }
    let rule = row(inside, room.lines);
    put_fit(buf, rule, &"─".repeat(usize::from(rule.width)), look.border);
    let all = details(model, entry, shown.picks, inside.width, look);
    let rows = rows_shown(all.len(), usize::from(room.details));
    let top = shown.top.min(all.len().saturating_sub(rows));
    for (i, text) in all.iter().skip(top).take(rows).enumerate() {
        text.render(row(inside, room.lines + 1 + i as u16), buf);
    }
    if all.len() > rows {
        let key = |action| model.keymap.hint(action).unwrap_or_default();
        let text = format!(
            "lines {} to {} of {} · {} {} scroll",
            top + 1,
            (top + rows).min(all.len()),
            all.len(),
            key(Action::ScrollDown),
            key(Action::ScrollUp),
        );
        put_fit(
            buf,
            row(inside, room.lines + 1 + rows as u16),
            &text,
            look.dim,
        );
    }
    let last = row(inside, inside.height.saturating_sub(1));
    if let Some(words) = words {
        let label = match entry {
            Entry::Ask(_, ask) if asked::about(ask) == About::Question => "answer › ",
            _ => "no, because › ",
        };
        return field(look, last, buf, label, words, true);
    }
    keys(model, look, last, buf, entry);
    None
}

fn width(name: &str) -> usize {
    sanitise::line(name).width()
}

fn hints(keymap: &Keymap) -> String {
    let key = |action| keymap.hint(action).unwrap_or_default();
    format!(
        "{} {} choose · esc back",
        key(Action::NextSession),
        key(Action::PreviousSession)
    )
}

fn line(
    model: &Model,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
    entry: &Entry,
    chosen: bool,
    names: usize,
) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    let session = entry.session();
    if chosen {
        buf.set_style(area, look.selection);
    }
    let paint = |style| match chosen {
        true => look.selection.patch(look.bare(style)),
        false => style,
    };
    let (mark, word, what) = said(model, entry);
    let calls = match entry {
        Entry::News(session, _) => status::style(session, look, model.now),
        _ => look.warning,
    };
    let since = ago(entry.since(), model.now);
    let end = put_right(buf, area, &since, paint(look.dim)).saturating_sub(2);
    let mut x = area.x;
    let mut cell = |text: &str, cells: usize, style| {
        let room = usize::from(end.saturating_sub(x)).min(cells);
        put(buf, x, area.y, &fit(text, room), style);
        x = x.saturating_add(u16::try_from(cells).unwrap_or(0)).min(end);
    };
    cell(if chosen { "▸" } else { "" }, 2, paint(look.accent));
    cell(mark, 2, paint(calls));
    cell(
        &fit(&sanitise::line(&session.name), NAME),
        names + 2,
        paint(look.text),
    );
    if area.width >= 70 {
        let backend = sanitise::line(session.backend.as_str()).into_owned();
        cell(&fit(&backend, BACKEND - 2), BACKEND, paint(look.dim));
    }
    cell(word, 10, paint(calls));
    cell(&what, usize::MAX, paint(look.text));
}

/// The keys that answer the chosen line, as far as there is room.
fn keys(model: &Model, look: &Look, area: Rect, buf: &mut Buffer, entry: &Entry) {
    let hint = |action| model.keymap.hint(action).unwrap_or_default();
    let mut keys: Vec<(String, &'static str)> = Vec::new();
    match entry {
        Entry::Ask(_, ask) => {
            keys.extend(asked::choosing(ask));
            for (action, words) in asked::answers(ask) {
                keys.push(match action {
                    Action::Deny => ("n".to_owned(), words),
                    Action::DenyInWords => ("w".to_owned(), words),
                    action => (hint(action), words),
                });
            }
        }
        Entry::Needs(_) => {}
        Entry::News(_, news) => {
            if news.turn.is_some() {
                keys.push(("1-5".to_owned(), "rate"));
            }
            keys.push(("n".to_owned(), "take away"));
        }
    }
    keys.push(("o".to_owned(), "open"));
    let mut x = area.x;
    for (i, (key, words)) in keys.iter().enumerate() {
        let lead = if i == 0 { "" } else { " · " };
        let cells = lead.width() + key.width() + 1 + words.width();
        if usize::from(area.right().saturating_sub(x)) < cells {
            break;
        }
        x = put(buf, x, area.y, lead, look.border);
        x = put(buf, x, area.y, key, look.accent);
        x = put(buf, x + 1, area.y, words, look.text);
    }
}
