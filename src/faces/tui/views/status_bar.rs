//! The last line: the mode, what can be done now, what was said last, and the engine.

use crate::config::Action;
use crate::faces::tui::model::{Link, Mode, Model, layout, needs_you};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::update::runs;
use crate::faces::tui::views::asked;
use crate::faces::tui::views::draw::{put, put_right};
use crate::faces::tui::views::look::Look;
use crate::protocol::{Level, SessionView, Status};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

/// A key and what it does, in one word.
type Hint = (String, &'static str);

pub fn draw(model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 3 {
        return;
    }
    let gone = matches!(model.link, Link::Lost(_));
    let (word, style) = match (model.mode, model.layers.is_empty()) {
        _ if gone => (" ENGINE GONE ", look.error),
        (_, false) => (" DIALOG ", look.dim),
        (Mode::Normal, _) => (" NORMAL ", look.title),
        (Mode::Copy, _) => (" COPY ", look.selection.patch(look.accent)),
        (Mode::Insert, _) => (" INSERT ", look.selection.patch(look.accent)),
    };
    let mut x = put(buf, area.x, area.y, word, style) + 1;
    let right = counts(model);
    let notice = said(model, look).filter(|_| !gone);
    let wide_enough = usize::from(area.width) > right.width() + 40;
    let end = if wide_enough {
        put_right(buf, area, &right, look.dim)
    } else {
        area.right()
    };
    if let Some((mark, text, style)) = notice {
        let text = format!("{mark}{}", sanitise::line(&text));
        let room = usize::from(end.saturating_sub(x)).saturating_sub(1);
        if text.width() <= room {
            put(buf, x, area.y, &text, style);
            return;
        }
        long(&text, style, area, buf);
    }
    for (key, word) in hints(model) {
        let width = (key.width() + 1 + word.width()) as u16;
        if x + width + 3 > end {
            break;
        }
        x = put(buf, x, area.y, &key, look.accent);
        x = put(buf, x + 1, area.y, word, look.dim);
        x = put(buf, x, area.y, " · ", look.border);
    }
    // The dot behind the last hint.
    if let Some(cell) = buf.cell_mut((x.saturating_sub(2), area.y))
        && cell.symbol() == "·"
    {
        cell.set_symbol(" ");
    }
}

/// The most rows that a notice takes.
const MOST_ROWS: u16 = 4;

/// A notice for which one row is too short stands over the panes' last rows, until the next key.
fn long(text: &str, style: Style, area: Rect, buf: &mut Buffer) {
    let inner = area.width.saturating_sub(2);
    let lines = wrap(&[Piece::new(text, style)], inner, &[], &[], Break::Words);
    let room = area.y.saturating_sub(buf.area.y).min(MOST_ROWS);
    let height = (lines.len() as u16).min(room);
    let place = Rect {
        y: area.y - height,
        height,
        ..area
    };
    for position in place.positions() {
        if let Some(cell) = buf.cell_mut(position) {
            cell.reset();
        }
    }
    buf.set_style(place, style);
    for (line, row) in lines.iter().zip(place.rows()) {
        let row = Rect {
            x: row.x + 1,
            width: inner,
            ..row
        };
        line.render(row, buf);
    }
}

/// The notice, with its mark.
fn said(model: &Model, look: &Look) -> Option<(&'static str, String, Style)> {
    let Some(notice) = model.notice.as_ref() else {
        return searched(model, look);
    };
    let (mark, style) = match notice.level {
        Level::Info => ("", look.text),
        Level::Warning => ("! ", look.warning),
        Level::Error => ("✗ ", look.error),
    };
    Some((mark, notice.text.clone(), style))
}

/// The word that is searched for, its place, and the keys for it.
fn searched(model: &Model, look: &Look) -> Option<(&'static str, String, Style)> {
    let found = model.found.as_ref()?;
    if !model.searches() || model.mode == Mode::Insert || !model.layers.is_empty() {
        return None;
    }
    let key = |action| model.keymap.hint(action).unwrap_or_default();
    let [next, previous, end] = match model.mode {
        Mode::Copy => [
            Action::CopyFindNext,
            Action::CopyFindPrevious,
            Action::CopyLeave,
        ],
        _ => [Action::FindNext, Action::FindPrevious, Action::FindEnd],
    }
    .map(key);
    let more = found.hits.as_ref().is_some_and(|hits| hits.more);
    let more = if more { "+" } else { "" };
    let text = match found.count {
        0 => format!("“{}” is not here any more · {end} end", found.word),
        count => format!(
            "“{}” {} of {count}{more} · {next} next · {previous} previous · {end} end",
            found.word, found.number,
        ),
    };
    Some(("", text, look.text))
}

/// How many sessions there are, and mistakes in the configuration: those stay in sight until they are mended.
fn counts(model: &Model) -> String {
    let (shown, count) = (model.panes.focus() + 1, model.panes.shown().len());
    let alone = layout::screen(model).panes.len() < count;
    let mut behind = String::new();
    if alone {
        let key = model.keymap.hint(Action::NextPane).unwrap_or_default();
        behind = format!("{shown} of {count}, {key} · ");
    }
    let sessions = match (&model.link, model.sessions.len()) {
        (Link::Waiting, _) => "connecting … ".to_owned(),
        (_, 1) => "1 session ".to_owned(),
        (_, n) => format!("{n} sessions "),
    };
    match model.problems.len() {
        0 => behind + &sessions,
        1 => format!("! 1 mistake in config · {behind}{sessions}"),
        n => format!("! {n} mistakes in config · {behind}{sessions}"),
    }
}

/// What is worth knowing in copy mode.
fn copying(model: &Model) -> Vec<Hint> {
    let selects = (model.copying.as_ref()).is_some_and(|copying| copying.selection.is_some());
    let wanted: &[(Action, &'static str)] = match selects {
        true => &[
            (Action::CopyYank, "copy"),
            (Action::CopyOtherEnd, "other end"),
            (Action::CopySelectLines, "lines"),
            (Action::CopySelectBlock, "rectangle"),
            (Action::CopyLeave, "select nothing"),
        ],
        false => &[
            (Action::CopySelect, "select"),
            (Action::CopySelectLines, "lines"),
            (Action::CopySelectBlock, "rectangle"),
            (Action::CopyFindBack, "find above"),
            (Action::CopyYank, "copy line"),
            (Action::CopyLeave, "leave"),
            (Action::CopyOpenLink, "open link"),
            (Action::CopyTop, "oldest"),
            (Action::CopyBottom, "newest"),
        ],
    };
    let hint = |(action, word): &(Action, &'static str)| Some((model.keymap.hint(*action)?, *word));
    wanted.iter().filter_map(hint).collect()
}

/// Whether the session's turn runs, so that it can be interrupted.
fn busy(session: &SessionView) -> bool {
    let working = matches!(session.status, Status::Working | Status::Starting);
    session.backend.is_chat() && session.asks.is_empty() && (working || session.waiting > 0)
}

/// What is worth knowing in this moment.
fn hints(model: &Model) -> Vec<Hint> {
    let key = |action: Action| model.keymap.hint(action);
    let mut out: Vec<Hint> = Vec::new();
    if matches!(model.link, Link::Lost(_)) {
        return vec![("r".into(), "restart it"), ("q".into(), "quit")];
    }
    if !model.layers.is_empty() || model.link != Link::Up {
        return out;
    }
    let current = model.current();
    let works = current.is_some_and(busy);
    if model.mode == Mode::Insert {
        let leave = key(Action::LeaveInsert).unwrap_or_default();
        if current.is_some_and(|s| s.backend.is_chat()) {
            let said = |key: &str, word| (key.to_owned(), word);
            let draft = current
                .and_then(|s| model.composers.get(&s.id))
                .is_some_and(|composer| !composer.is_empty());
            out.push(said("enter", "send"));
            match (works, draft) {
                (true, false) => out.push(said("ctrl-c", "interrupt")),
                (true, true) => out.push(said("ctrl-c twice", "interrupt")),
                _ => {}
            }
            out.extend([
                said(model.newline_key(), "new line"),
                said("esc", "leave"),
                said("↑", "earlier prompts"),
                said("/attach PATH", "image"),
            ]);
        } else {
            out.push((leave, "leave"));
        }
        return out;
    }
    if model.mode == Mode::Copy {
        return copying(model);
    }
    if let Some(ask) = current.and_then(|s| s.asks.first()) {
        out.extend(asked::offers(&model.keymap, ask));
    } else if works && let Some(key) = key(Action::Interrupt) {
        out.push((key, "interrupt"));
    }
    let waits = model.inbox_counts() != (0, 0);
    if waits && let Some(key) = key(Action::Inbox) {
        out.push((key, "inbox"));
    }
    let wanted: &[(Action, &'static str)] = match current {
        None => &[
            (Action::Spawn, "spawn"),
            (Action::Help, "help"),
            (Action::Detach, "leave"),
        ],
        Some(session) if needs_you(session) => &[
            (Action::NextNeedingYou, "next"),
            (Action::Interrupt, "interrupt"),
            (Action::Help, "help"),
        ],
        Some(_) if model.panes.all_closed() => &[
            (Action::OpenInPane, "open it"),
            (Action::NextSession, "next"),
            (Action::Spawn, "spawn"),
            (Action::Help, "help"),
            (Action::CommandPalette, "commands"),
            (Action::Detach, "leave"),
        ],
        Some(session) if session.backend.is_chat() => &[
            (Action::Write, "write"),
            (Action::Spawn, "spawn"),
            (Action::Fork, "fork"),
            (Action::Relay, "relay"),
            (Action::Broadcast, "broadcast"),
            (Action::Help, "help"),
            (Action::CommandPalette, "commands"),
            (Action::Rate1, "to 5 rate"),
            (Action::Find, "find"),
            (Action::Mark, "mark"),
            (Action::OpenInPane, "own pane"),
            (Action::Zoom, "zoom"),
            (Action::Detach, "leave"),
        ],
        Some(session) if !runs(session) => &[
            (Action::Restart, "restart"),
            (Action::Kill, "kill"),
            (Action::Spawn, "spawn"),
            (Action::ScrollUp, "scroll"),
            (Action::Help, "help"),
            (Action::Detach, "leave"),
        ],
        Some(_) => &[
            (Action::Write, "write"),
            (Action::CopyMode, "copy"),
            (Action::ScrollUp, "scroll"),
            (Action::Spawn, "spawn"),
            (Action::Help, "help"),
            (Action::Kill, "kill"),
            (Action::CommandPalette, "commands"),
            (Action::Zoom, "zoom"),
            (Action::Detach, "leave"),
        ],
    };
    for (action, word) in wanted {
        if let Some(key) = key(*action) {
            out.push((key, *word));
        }
    }
    out
}
