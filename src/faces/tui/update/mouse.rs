//! The mouse: the wheel scrolls what is under it, a click focuses, dragging selects in a terminal, and a program that
//! asked for the mouse gets it, unless shift is held.

use crate::faces::tui::input;
use crate::faces::tui::model::layout::{self, PaneAt};
use crate::faces::tui::model::pointer::Held;
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::update::scroll::{By, scroll};
use crate::faces::tui::update::{Cmd, change, copying, selecting};
use crate::faces::tui::views::sidebar;
use crate::protocol::Op;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

const WHEEL_LINES: i32 = 3;

pub fn mouse(model: &mut Model, event: MouseEvent, cmds: &mut Vec<Cmd>) {
    if let Some(held) = model.pointer.held
        && goes_on(model, held, event, cmds)
    {
        return;
    }
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
    let held = (model.copying.as_ref()).is_some_and(|c| c.session == pane.session && c.holds());
    let lines = match event.kind {
        MouseEventKind::ScrollUp => -WHEEL_LINES,
        MouseEventKind::ScrollDown => WHEEL_LINES,
        _ => {
            let chat = (model.session(pane.session)).is_some_and(|s| s.backend.is_chat());
            if click && !chat && layout::terminal(pane.rect).contains(at) {
                selecting::press(model, pane, event);
            }
            return;
        }
    };
    match held {
        true => copying::wheel(model, lines.into(), cmds),
        false => scroll(model, pane.session, By::Lines(lines), cmds),
    }
}

/// What belongs to a press that was made before, wherever the pointer is now. Whether it did.
fn goes_on(model: &mut Model, held: Held, event: MouseEvent, cmds: &mut Vec<Cmd>) -> bool {
    let over = matches!(event.kind, MouseEventKind::Up(_));
    match (held, event.kind) {
        (_, MouseEventKind::Drag(_) | MouseEventKind::Up(_)) => {}
        // A press without the end of the last one: that was lost outside of the window.
        (_, MouseEventKind::Down(_)) => {
            model.pointer.held = None;
            if let Held::Selecting { .. } = held {
                selecting::release(model, cmds);
            }
            return false;
        }
        _ => return false,
    }
    if over {
        model.pointer.held = None;
    }
    match held {
        Held::Selecting { .. } if over => selecting::release(model, cmds),
        Held::Selecting { .. } => selecting::drag(model, event, cmds),
        Held::Program(session) => {
            let screen = layout::screen(model);
            if let Some(pane) = screen.panes.iter().find(|pane| pane.session == session) {
                tell_program(model, *pane, event, cmds);
            }
        }
    }
    true
}

/// Whether the pane's program took the event.
fn to_program(model: &mut Model, pane: PaneAt, event: MouseEvent, cmds: &mut Vec<Cmd>) -> bool {
    let area = layout::terminal(pane.rect);
    let ours = event.modifiers.contains(KeyModifiers::SHIFT)
        || (model.copying.as_ref()).is_some_and(|c| c.session == pane.session && c.holds());
    if ours || !area.contains(Position::new(event.column, event.row)) {
        return false;
    }
    let taken = tell_program(model, pane, event, cmds);
    if taken && let MouseEventKind::Down(_) = event.kind {
        model.pointer.held = Some(Held::Program(pane.session));
        model.copying = None;
    }
    taken
}

/// Sends the event to the pane's program, at the nearest cell of its screen. Whether it wants it.
fn tell_program(model: &Model, pane: PaneAt, event: MouseEvent, cmds: &mut Vec<Cmd>) -> bool {
    let area = layout::terminal(pane.rect);
    let Some(terminal) = model.terminals.get(&pane.session) else {
        return false;
    };
    if area.is_empty() {
        return false;
    }
    let column = event.column.clamp(area.left(), area.right() - 1) - area.x;
    let row = event.row.clamp(area.top(), area.bottom() - 1) - area.y;
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
