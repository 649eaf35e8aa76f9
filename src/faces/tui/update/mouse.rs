//! The mouse: the wheel scrolls what is under it, a click focuses, and a program that asked for the mouse gets it.

use crate::faces::tui::input;
use crate::faces::tui::model::layout::{self, PaneAt};
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::update::scroll::{By, scroll};
use crate::faces::tui::update::{Cmd, change};
use crate::faces::tui::views::sidebar;
use crate::protocol::Op;
use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

const WHEEL_LINES: i32 = 3;

pub fn mouse(model: &mut Model, event: MouseEvent, cmds: &mut Vec<Cmd>) {
    if !model.layers.is_empty() {
        return;
    }
    let at = Position::new(event.column, event.row);
    let screen = layout::screen(model);
    let pane = screen
        .panes
        .iter()
        .find(|pane| pane.rect.contains(at))
        .copied();
    let click = matches!(event.kind, MouseEventKind::Down(MouseButton::Left));
    if screen.sidebar.contains(at) {
        if click && let Some(session) = sidebar::session_at(model, screen.sidebar, event.row) {
            model.panes.select(session);
            model.mode = Mode::Normal;
        }
        return;
    }
    let Some(pane) = pane else { return };
    if click && !pane.focused {
        model.panes.select(pane.session);
        model.mode = Mode::Normal;
        return;
    }
    if to_program(model, pane, event, cmds) {
        return;
    }
    match event.kind {
        MouseEventKind::ScrollUp => scroll(model, pane.session, By::Lines(-WHEEL_LINES), cmds),
        MouseEventKind::ScrollDown => scroll(model, pane.session, By::Lines(WHEEL_LINES), cmds),
        _ => {}
    }
}

/// Whether the pane's program took the event.
fn to_program(model: &Model, pane: PaneAt, event: MouseEvent, cmds: &mut Vec<Cmd>) -> bool {
    let area = layout::terminal(pane.rect);
    let Some(terminal) = model.terminals.get(&pane.session) else {
        return false;
    };
    if !area.contains(Position::new(event.column, event.row)) {
        return false;
    }
    let (column, row) = (event.column - area.x, event.row - area.y);
    let bytes = input::mouse(event, column, row, terminal.modes);
    let taken = !bytes.is_empty();
    if taken {
        cmds.push(change(Op::Input {
            session: pane.session,
            bytes,
        }));
    }
    taken
}
