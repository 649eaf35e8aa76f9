//! Selecting in a terminal with the mouse: dragging selects, two clicks a word, three a line, letting go copies.

use crate::faces::tui::model::copying::selection::{Selection, Shape, Unit};
use crate::faces::tui::model::copying::{Copying, Place};
use crate::faces::tui::model::layout::{self, PaneAt};
use crate::faces::tui::model::pointer::Held;
use crate::faces::tui::model::terminal::Terminal;
use crate::faces::tui::model::{Model, links};
use crate::faces::tui::update::copying::{ask, copy, open_link};
use crate::faces::tui::update::{Cmd, Timer, change};
use crate::protocol::{Op, SessionId};
use ratatui::crossterm::event::{KeyModifiers, MouseEvent};
use ratatui::layout::{Position, Rect};

/// The most lines that are scrolled at once where one drags past the edge.
const MOST_LINES: u16 = 5;

/// The button went down in a terminal's screen.
pub fn press(model: &mut Model, pane: PaneAt, event: MouseEvent) {
    let session = pane.session;
    let at = Position::new(event.column, event.row);
    let Some(place) = place_at(model, pane, at) else {
        return;
    };
    if event.modifiers.contains(KeyModifiers::CONTROL)
        && let Some(target) = shown(model, session).and_then(|view| links::at(view, place))
    {
        return open_link(model, target);
    }
    let clicks = model.pointer.click(at, model.now);
    model.pointer.held = Some(Held::Selecting {
        session,
        anchor: place,
    });
    match &mut model.copying {
        Some(copying) if copying.keys && copying.session == session => {
            copying.selection = None;
            copying.put(place, 0);
        }
        _ => model.copying = None,
    }
    match clicks {
        1 => {}
        2 => begin(model, session, place, Shape::Chars, Unit::Word),
        _ => begin(model, session, place, Shape::Lines, Unit::Char),
    }
}

/// The mouse moved with the button held.
pub fn drag(model: &mut Model, event: MouseEvent, cmds: &mut Vec<Cmd>) {
    model.pointer.at = Position::new(event.column, event.row);
    let Some(Held::Selecting { session, anchor }) = model.pointer.held else {
        return;
    };
    let Some(pane) = pane_of(model, session) else {
        return;
    };
    let Some(place) = place_at(model, pane, model.pointer.at) else {
        return;
    };
    let selecting = model.copying.as_ref().is_some_and(|c| c.dragging);
    if !selecting {
        if place == anchor {
            return;
        }
        let shape = match event.modifiers.contains(KeyModifiers::ALT) {
            true => Shape::Block,
            false => Shape::Chars,
        };
        begin(model, session, anchor, shape, Unit::Char);
    }
    extend(model, pane, cmds);
}

/// The pointer is held: the selection follows it, and scrolls where it is past the edge.
fn extend(model: &mut Model, pane: PaneAt, cmds: &mut Vec<Cmd>) {
    let area = layout::terminal(pane.rect);
    let y = model.pointer.at.y;
    let above = area.y.saturating_sub(y).min(MOST_LINES);
    let below = (y + 1).saturating_sub(area.bottom()).min(MOST_LINES);
    let Some(copying) = &mut model.copying else {
        return;
    };
    let lines = i64::from(below) - i64::from(above);
    if lines != 0 {
        let line = copying.top().saturating_add_signed(lines);
        let wanted = copying.want(line);
        ask(pane.session, wanted, cmds);
        cmds.push(Cmd::Arm(Timer::Drag));
    }
    if let Some(place) = place_at(model, pane, model.pointer.at)
        && let Some(copying) = &mut model.copying
    {
        if let Some(selection) = &mut copying.selection {
            selection.head = place;
        }
        copying.cursor = place;
        copying.wish = place.col;
    }
}

/// The pointer rests past the edge.
pub fn tick(model: &mut Model, cmds: &mut Vec<Cmd>) {
    let dragging = model.copying.as_ref().filter(|c| c.dragging);
    if let Some(pane) = dragging.and_then(|c| pane_of(model, c.session)) {
        extend(model, pane, cmds);
    }
}

/// The button was let go: what is selected is copied.
pub fn release(model: &mut Model, cmds: &mut Vec<Cmd>) {
    let Some(copying) = model.copying.as_mut().filter(|c| c.dragging) else {
        return;
    };
    copying.dragging = false;
    let session = copying.session;
    if let Some(selection) = &copying.selection {
        copy(session, selection, &copying.view, cmds);
    }
    let began_scrolled = model.pointer.scrolled;
    let scrolled = copying.view.scrolled > 0 || copying.view.top != copying.top();
    if !copying.keys && !began_scrolled && scrolled {
        cmds.push(change(Op::Scroll {
            session,
            lines: i32::MIN,
        }));
    }
}

fn begin(model: &mut Model, session: SessionId, anchor: Place, shape: Shape, unit: Unit) {
    let Some(terminal) = model.terminals.get(&session) else {
        return;
    };
    model.pointer.scrolled = terminal.scrolled > 0;
    let kept = model.copying.take().filter(|c| c.keys);
    let mut copying = kept.unwrap_or_else(|| Copying::new(session, terminal, false));
    copying.dragging = true;
    copying.selection = Some(Selection {
        unit,
        ..Selection::new(anchor, shape)
    });
    model.copying = Some(copying);
}

/// What a terminal's pane shows: the lines that are held on to, or its newest picture.
pub fn shown(model: &Model, session: SessionId) -> Option<&Terminal> {
    match &model.copying {
        Some(copying) if copying.session == session && copying.holds() => Some(&copying.view),
        _ => model.terminals.get(&session),
    }
}

fn pane_of(model: &Model, session: SessionId) -> Option<PaneAt> {
    let screen = layout::screen(model);
    screen
        .panes
        .into_iter()
        .find(|pane| pane.session == session)
}

/// The cell of the terminal below a position of our screen; the nearest one where it is outside.
fn place_at(model: &Model, pane: PaneAt, at: Position) -> Option<Place> {
    let area: Rect = layout::terminal(pane.rect);
    let view = shown(model, pane.session)?;
    let top = match &model.copying {
        Some(copying) if copying.session == pane.session && copying.holds() => copying.top(),
        _ => view.top,
    };
    if area.is_empty() || view.rows == 0 {
        return None;
    }
    let row = at.y.saturating_sub(area.y).min(area.height - 1);
    let col = at.x.saturating_sub(area.x).min(area.width - 1);
    Some(Place::new(top + u64::from(row.min(view.rows - 1)), col))
}
