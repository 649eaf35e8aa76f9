//! A terminal pane: its title, and the program's screen as the engine sent it.

use crate::config::Action;
use crate::faces::tui::model::layout;
use crate::faces::tui::model::terminal::Terminal;
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::views::CursorAt;
use crate::faces::tui::views::chat::{self, title};
use crate::faces::tui::views::draw::put_right;
use crate::faces::tui::views::look::{self, Look};
use crate::faces::tui::views::status;
use crate::protocol::{SessionView, Status};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
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
    let terminal = model.terminals.get(&session.id);
    if let Some(terminal) = terminal {
        paint(terminal, area, buf);
        if let Some(found) = model.found.as_ref().filter(|f| f.session == session.id) {
            for row in area.intersection(buf.area).rows() {
                chat::mark(found, false, look, row, buf);
            }
        }
        if terminal.scrolled > 0 && area.height > 1 {
            let text = format!(" ↑ {} of {} ", terminal.scrolled, terminal.history);
            put_right(buf, Rect { height: 1, ..area }, &text, look.selection);
        }
    }
    if matches!(session.status, Status::Ended { .. } | Status::Failed { .. }) {
        over(model, session, look, area, buf);
        return CursorAt::default();
    }
    let Some(terminal) = terminal else {
        return CursorAt::default();
    };
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

/// Below what the program drew, if it ever ran: how it ended, and why.
fn over(model: &Model, session: &SessionView, look: &Look, area: Rect, buf: &mut Buffer) {
    // That it ended is what the status says already.
    let note = session
        .note
        .as_deref()
        .filter(|note| !note.starts_with("the process ended"))
        .map(sanitise::line)
        .unwrap_or_default();
    let restart = model.keymap.hint(Action::Restart).unwrap_or_default();
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
            let style = look::style(run.style);
            let room = usize::from(area.right() - x);
            x = buf
                .set_stringn(x, y, sanitise::line(&run.text), room, style)
                .0;
        }
    }
}
