//! A terminal pane: its title, and the program's screen as the engine sent it.

use crate::config::Action;
use crate::faces::tui::model::cells;
use crate::faces::tui::model::copying::Copying;
use crate::faces::tui::model::copying::selection::Stretch;
use crate::faces::tui::model::found::Found;
use crate::faces::tui::model::layout;
use crate::faces::tui::model::terminal::Terminal;
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::update::shown;
use crate::faces::tui::views::CursorAt;
use crate::faces::tui::views::chat::{self, title};
use crate::faces::tui::views::draw::put_right;
use crate::faces::tui::views::look::{self, Look};
use crate::faces::tui::views::status;
use crate::protocol::{CursorShape, SessionView, Status};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

pub fn draw(
    model: &Model,
    session: &SessionView,
    look: &Look,
    rect: Rect,
    focused: bool,
    buf: &mut Buffer,
) -> CursorAt {
    let area = layout::terminal(rect);
    if area.y > rect.y {
        title(
            model,
            session,
            look,
            Rect { height: 1, ..rect },
            focused,
            buf,
        );
    }
    let terminal = shown(model, session.id);
    let copying = (model.copying.as_ref()).filter(|copying| copying.session == session.id);
    if let Some(terminal) = terminal {
        paint(terminal, area, buf);
        if let Some(found) = model.found.as_ref().filter(|f| f.session == session.id) {
            matches(terminal, found, look, area, buf);
        }
        if let Some(selection) = copying.and_then(|c| c.selection) {
            selected(terminal, &selection.stretch(terminal), look, area, buf);
        }
        let reading = copying.is_some_and(|c| c.keys);
        let somewhere = terminal.scrolled > 0 || reading && terminal.history > 0;
        if somewhere && area.height > 1 {
            let text = format!(" ↑ {} of {} ", terminal.scrolled, terminal.history);
            put_right(buf, Rect { height: 1, ..area }, &text, look.selection);
        }
    }
    if matches!(session.status, Status::Ended { .. } | Status::Failed { .. }) {
        over(model, session, look, focused, area, buf);
        return CursorAt::default();
    }
    let Some(terminal) = terminal else {
        return CursorAt::default();
    };
    if let Some(copying) = copying.filter(|c| c.keys && focused) {
        return copy_cursor(copying, terminal, area);
    }
    let cursor = terminal.cursor.filter(|c| {
        focused
            && model.mode == Mode::Insert
            && terminal.scrolled == 0
            && c.row < area.height
            && c.col < area.width
    });
    CursorAt {
        position: cursor.map(|c| Position::new(area.x + c.col, area.y + c.row)),
        shape: cursor.map(|c| c.shape),
    }
}

/// The cursor of copy mode, where its line is in sight.
fn copy_cursor(copying: &Copying, view: &Terminal, area: Rect) -> CursorAt {
    let row = copying.cursor.line.checked_sub(view.top);
    let row = row.and_then(|row| u16::try_from(row).ok());
    let seen = |row: &u16| *row < area.height && copying.cursor.col < area.width;
    let position = row
        .filter(seen)
        .map(|row| Position::new(area.x + copying.cursor.col, area.y + row));
    CursorAt {
        position,
        shape: Some(CursorShape::Block),
    }
}

/// Cells of a row, from one column of the terminal to another, both included.
fn cells(area: Rect, row: usize, (first, last): (u16, u16)) -> Rect {
    let first = first.min(area.width);
    Rect {
        x: area.x + first,
        y: area.y + row as u16,
        width: (last.saturating_add(1))
            .min(area.width)
            .saturating_sub(first),
        height: 1,
    }
}

fn rows(view: &Terminal, area: Rect) -> impl Iterator<Item = (usize, u64)> {
    let count = usize::from(view.rows.min(area.height));
    (0..count).map(|row| (row, view.top + row as u64))
}

/// What is selected, in the place of its colours. Blank lines show that they belong to it.
fn selected(view: &Terminal, stretch: &Stretch, look: &Look, area: Rect, buf: &mut Buffer) {
    for (row, line) in rows(view, area) {
        let Some((first, last)) = stretch.columns(line) else {
            continue;
        };
        let end = view.line(line).map_or(0, |line| {
            cells::cells(line).last().map_or(0, |c| c.col + c.width - 1)
        });
        let last = if stretch.block { last } else { last.min(end) };
        let place = cells(area, row, (first, last)).intersection(buf.area);
        for position in place.positions() {
            if let Some(cell) = buf.cell_mut(position) {
                cell.modifier.remove(Modifier::REVERSED | Modifier::DIM);
            }
        }
        buf.set_style(place, look.selection.add_modifier(Modifier::REVERSED));
    }
}

/// The places of a pattern, the current one more.
fn matches(view: &Terminal, found: &Found, look: &Look, area: Rect, buf: &mut Buffer) {
    let Some(hits) = found.hits.as_ref().filter(|h| h.reflow == view.reflow) else {
        return;
    };
    for (row, line) in rows(view, area) {
        let from = hits.matches.partition_point(|m| m.last_line < line);
        let here = hits.matches[from..].iter().take_while(|m| m.line <= line);
        for (number, hit) in here.enumerate() {
            let first = if hit.line == line { hit.col } else { 0 };
            let last = match hit.last_line == line {
                true => hit.last_col,
                false => view.cols.saturating_sub(1),
            };
            let place = cells(area, row, (first, last)).intersection(buf.area);
            buf.set_style(place, chat::marked(hits.at == Some(from + number), look));
        }
    }
}

/// Below what the program drew, if it ever ran: how it ended, and why.
fn over(
    model: &Model,
    session: &SessionView,
    look: &Look,
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
) {
    // That it ended is what the status says already.
    let note = session
        .note
        .as_deref()
        .filter(|note| !note.starts_with("the process ended"))
        .map(sanitise::line)
        .unwrap_or_default();
    // In the middle of writing to it, that must be left first.
    let writing = focused && model.mode == Mode::Insert;
    let leave = writing.then_some(Action::LeaveInsert);
    let keys = leave.into_iter().chain([Action::Restart]);
    let keys: Vec<String> = keys.filter_map(|key| model.keymap.hint(key)).collect();
    let restart = keys.join(" ");
    let words = status::words(session, model);
    let text = format!("{words} · {restart} starts it anew  {note}");
    let pieces = [Piece::new(text.trim_end(), look.warning)];
    let indent = [Piece::new(" ", look.warning)];
    let lines = wrap(&pieces, area.width, &indent, &indent, Break::Words);
    let height = (lines.len() as u16).min(area.height);
    let last = Rect {
        y: area.bottom() - height,
        height,
        ..area
    };
    for position in last.positions() {
        if let Some(cell) = buf.cell_mut(position) {
            cell.reset();
        }
    }
    for (line, row) in lines.iter().zip(last.rows()) {
        line.render(row, buf);
    }
}

/// Rows into cells. What does not fit is cut; a program that has not heard of its new size yet may be larger.
fn paint(terminal: &Terminal, area: Rect, buf: &mut Buffer) {
    for (row, line) in terminal
        .lines
        .iter()
        .take(usize::from(area.height))
        .enumerate()
    {
        let y = area.y + row as u16;
        let mut x = area.x;
        for run in line {
            if x >= area.right() {
                break;
            }
            let mut style = look::style(run.style);
            if run.link.is_some() {
                style = style.add_modifier(Modifier::UNDERLINED);
            }
            let room = usize::from(area.right() - x);
            x = buf
                .set_stringn(x, y, sanitise::line(&run.text), room, style)
                .0;
        }
    }
}
