//! A chat pane: who it is, its figures, the conversation, what it asks, and the composer.

use crate::faces::tui::model::chat::{Chat, Place};
use crate::faces::tui::model::found::{Found, places};
use crate::faces::tui::model::{Mode, Model, layout};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::figures;
use crate::faces::tui::text::wrap::{Break, Piece, fit, wrap};
use crate::faces::tui::update::top_of;
use crate::faces::tui::views::draw::{put, put_right};
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::{CursorAt, ask, composer, status, turn};
use crate::protocol::{Backend, SessionView, Source};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

/// The column left of the conversation, where the selected turn is marked.
pub const GUTTER: u16 = 1;

pub fn draw(
    model: &Model,
    session: &SessionView,
    look: &Look,
    rect: Rect,
    focused: bool,
    buf: &mut Buffer,
) -> CursorAt {
    let areas = layout::chat(model, session, rect, focused);
    title(model, session, look, areas.title, focused, buf);
    gauges(session, look, areas.gauges, buf);
    if let Some(chat) = model.chats.get(&session.id) {
        let found = model.found.as_ref().filter(|f| f.session == session.id);
        conversation(chat, found, look, areas.body, buf);
    }
    if model
        .chats
        .get(&session.id)
        .is_none_or(|chat| chat.turns.is_empty())
    {
        empty(session, look, areas.body, buf);
    }
    ask::draw(model, session, look, areas.ask, buf);
    let position = composer::draw(model, session, look, &areas, focused, buf);
    CursorAt {
        position,
        shape: None,
    }
}

/// Name, backend and model to the left; status, its source and the permission mode to the right.
pub fn title(
    model: &Model,
    session: &SessionView,
    look: &Look,
    area: Rect,
    focused: bool,
    buf: &mut Buffer,
) {
    if area.height == 0 || area.width < 4 {
        return;
    }
    let writing = focused && model.mode == Mode::Insert;
    let mark = match (focused, writing) {
        (_, true) => "▶",
        (true, _) => "▌",
        _ => " ",
    };
    put(buf, area.x, area.y, mark, look.accent);
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let words = format!(
        "{} {}",
        status::glyph(session, model.now),
        status::words(session, model)
    );
    let mut behind = String::new();
    // What the backend says itself is the usual case; what is only read off it is marked wherever it can be.
    let least = match session.source {
        Source::Protocol => 44,
        _ => 24,
    };
    if !session.source.as_str().is_empty() && inner.width > least {
        behind.push_str("  ");
        behind.push_str(session.source.as_str());
    }
    if let Some(mode) = session
        .permission_mode
        .as_deref()
        .filter(|_| inner.width > 44)
    {
        behind.push_str(" · ");
        behind.push_str(&sanitise::line(mode));
    }
    if let Some(speed) = session
        .gauges
        .tokens_per_second
        .filter(|s| s.is_finite() && inner.width > 60)
        && session.status == crate::protocol::Status::Working
    {
        behind.push_str(&format!(" · {speed:.0} tok/s"));
    }
    let uses = status::tree(session, inner.width > 70);
    if !uses.is_empty() && inner.width > 50 {
        behind.push_str(" · ");
        behind.push_str(&uses);
    }
    let behind_at = put_right(buf, inner, &behind, look.dim);
    let left = Rect {
        width: behind_at.saturating_sub(inner.x),
        ..inner
    };
    let words = fit(&words, usize::from(left.width) / 2);
    let words_at = put_right(buf, left, &words, status::style(session, look, model.now));
    let room = usize::from(words_at.saturating_sub(inner.x)).saturating_sub(2);
    let name_style = if focused { look.accent } else { look.title };
    let x = put(
        buf,
        inner.x,
        inner.y,
        &fit(&sanitise::line(&session.name), room),
        name_style,
    );
    let room = room.saturating_sub(usize::from(x - inner.x) + 2);
    let mut what = status::backend_and_model(session);
    if session.backend == Backend::Rehearsal {
        what = "rehearsal, not a real model".to_owned();
    }
    if session.backend == Backend::Terminal {
        // The program where the name does not tell it, and what it calls itself or else where it runs.
        let own = session
            .title
            .as_deref()
            .filter(|title| !title.trim().is_empty());
        let place = own.map_or_else(|| session.cwd.to_string_lossy(), sanitise::line);
        let place = sanitise::line(&place).into_owned();
        what = if what == session.name {
            place
        } else {
            format!("{what} · {place}")
        };
    }
    if room > 3 {
        put(buf, x + 2, inner.y, &fit(&what, room), look.dim);
    }
}

/// Tokens and cost, and how full the context is.
fn gauges(session: &SessionView, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 8 {
        return;
    }
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        height: 1,
        ..area
    };
    if session.gauges.turns == 0 {
        let folder = sanitise::line(&session.cwd.to_string_lossy()).into_owned();
        put(
            buf,
            inner.x,
            inner.y,
            &fit(&folder, usize::from(inner.width)),
            look.dim,
        );
        return;
    }
    let cost = match session.gauges.local && session.gauges.cost.counted().0 == 0 {
        true => "local $0".to_owned(),
        false => session.gauges.cost.to_string(),
    };
    let context = session
        .gauges
        .window
        .filter(|window| *window > 0)
        .map(|window| {
            let used = session.gauges.context_used.unwrap_or(0);
            (used as f64 / window as f64, window)
        });
    let cost_at = put_right(buf, inner, &cost, look.text);
    let room = usize::from(cost_at.saturating_sub(inner.x)).saturating_sub(1);
    let end = put(
        buf,
        inner.x,
        inner.y,
        &fit(&status::usage(session, room), room),
        look.dim,
    );
    let Some((share, window)) = context else {
        return;
    };
    let words = format!(
        " {} of {}",
        figures::percent(share),
        figures::tokens(window)
    );
    let style = match share {
        s if s >= 0.95 => look.error,
        s if s >= 0.8 => look.warning,
        _ => look.gauge,
    };
    if area.height > 1 {
        let y = inner.y + 1;
        let x = put(buf, inner.x, y, &figures::bar(share, 14), style);
        put(
            buf,
            x,
            y,
            &fit(&words, usize::from(inner.right().saturating_sub(x))),
            look.dim,
        );
    } else {
        let width = 14 + unicode_width::UnicodeWidthStr::width(words.as_str()) as u16;
        if cost_at > end + width + 5 {
            let x = put(
                buf,
                cost_at - width - 3,
                inner.y,
                &figures::bar(share, 14),
                style,
            );
            put(buf, x, inner.y, &words, look.dim);
        }
    }
}

/// The turns, from the one that stands at the top.
fn conversation(chat: &Chat, found: Option<&Found>, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    let width = text_width(area.width);
    let (top, skip) = top_of(chat, width, area.height, look);
    let mut y = area.y;
    let mut skip = skip;
    for at in top..chat.turns.len() {
        let shown = &chat.turns[at];
        let selected = chat.selected == Some(shown.turn.id);
        let segments = turn::segments(shown, width, chat.unfolded, look);
        let lines = segments.iter().flat_map(|segment| segment.iter());
        for (number, line) in lines.enumerate() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            if y >= area.bottom() {
                break;
            }
            let row = Rect {
                x: area.x + GUTTER,
                y,
                width,
                height: 1,
            }
            .intersection(area);
            line.render(row, buf);
            if let Some(found) = found {
                mark(found, found.at == Some((at, number)), look, row, buf);
            }
            if selected {
                put(
                    buf,
                    area.x,
                    y,
                    if number == 0 { "▶" } else { "┃" },
                    look.accent,
                );
            }
            if selected && number == 0 {
                // Which one it is, where the prompt leaves room for it.
                let name = format!(" {} ", shown.turn.id);
                let room = usize::from(row.width).saturating_sub(line.width());
                if name.width() < room {
                    put_right(buf, row, &name, look.selection);
                }
            }
            y += 1;
        }
    }
    if chat.place != Place::End && area.height > 2 {
        // Nothing is hidden behind a word that says that there is more.
        let long = " ↓ more below ";
        let y = area.bottom() - 1;
        let under = area.right().saturating_sub(1 + long.width() as u16)..area.right();
        let blank = |x| buf.cell((x, y)).is_none_or(|cell| cell.symbol() == " ");
        // The last column is blank always.
        let (text, width) = match under.into_iter().all(blank) {
            true => (long, area.width.saturating_sub(1)),
            false => ("↓", area.width),
        };
        let last = Rect {
            y,
            width,
            height: 1,
            ..area
        };
        put_right(buf, last, text, look.selection);
    }
}

/// Marks the places of a word in a row; those in the line of the current place more.
pub fn mark(found: &Found, current: bool, look: &Look, row: Rect, buf: &mut Buffer) {
    let row = row.intersection(buf.area);
    let mut cells: Vec<(u16, String)> = Vec::new();
    let mut x = row.left();
    while x < row.right() && row.height > 0 {
        let symbol = buf[(x, row.y)].symbol().to_owned();
        let width = (symbol.width() as u16).max(1);
        cells.push((x, symbol));
        // A wide one has a blank cell behind it.
        x += width;
    }
    let symbols: Vec<(u16, &str)> = cells.iter().map(|(x, s)| (*x, s.as_str())).collect();
    let style = marked(current, look);
    for (first, last) in places(&symbols, &found.word) {
        let (from, to) = (cells[first].0, cells[last].0 + 1);
        let place = Rect {
            x: from,
            width: to - from,
            height: 1,
            ..row
        };
        buf.set_style(place, style);
    }
}

/// How a place of what is searched for looks; the current one stands out.
pub fn marked(current: bool, look: &Look) -> Style {
    match current {
        true => look
            .accent
            .add_modifier(Modifier::REVERSED | Modifier::BOLD),
        false => Style::new().add_modifier(Modifier::REVERSED),
    }
}

/// The width of the text beside the gutter, with a blank column at the right edge.
pub fn text_width(width: u16) -> u16 {
    width.saturating_sub(GUTTER + 1).max(1)
}

/// Before the first prompt: what there is to say of the session.
fn empty(session: &SessionView, look: &Look, area: Rect, buf: &mut Buffer) {
    let inner = Rect {
        x: area.x + GUTTER,
        width: text_width(area.width),
        ..area
    }
    .intersection(area);
    let mut texts = Vec::new();
    if let Some(note) = &session.note {
        texts.push((sanitise::line(note).into_owned(), look.text));
    }
    if session.backend == Backend::Rehearsal {
        let text = "A rehearsal: a built-in answer, offline and free, to try Antiphon out. No model is asked.";
        texts.push((text.to_owned(), look.dim));
    }
    let mut y = inner.y;
    for (text, style) in texts {
        let lines = wrap(
            &[Piece::new(text, style)],
            inner.width,
            &[],
            &[],
            Break::Words,
        );
        for line in lines {
            if y < inner.bottom() {
                line.render(
                    Rect {
                        y,
                        height: 1,
                        ..inner
                    },
                    buf,
                );
            }
            y += 1;
        }
    }
}
