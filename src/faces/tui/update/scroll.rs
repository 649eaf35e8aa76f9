//! Reading: scrolling, and going from turn to turn.

use crate::faces::tui::model::chat::{Chat, Place};
use crate::faces::tui::model::{Model, layout};
use crate::faces::tui::update::{Cmd, change};
use crate::faces::tui::views::chat::text_width;
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::turn;
use crate::protocol::{Op, SessionId};

/// How far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Lines, up where negative.
    Lines(i32),
    HalfPages(i32),
    Pages(i32),
    ToTop,
    ToEnd,
}

/// Scrolls what the session's pane shows.
pub fn scroll(model: &mut Model, id: SessionId, by: By, cmds: &mut Vec<Cmd>) {
    let Some((width, height)) = body_size(model, id) else {
        return;
    };
    let page = i32::from(height.max(2));
    let lines = match by {
        By::Lines(n) => n,
        By::HalfPages(n) => n * (page / 2).max(1),
        By::Pages(n) => n * (page - 1),
        By::ToTop => -(i32::MAX / 2),
        By::ToEnd => i32::MAX / 2,
    };
    if !model.session(id).is_some_and(|s| s.backend.is_chat()) {
        // A terminal's view is the engine's: up is positive there.
        let lines = if by == By::ToEnd { i32::MIN } else { -lines };
        cmds.push(change(Op::Scroll { session: id, lines }));
        return;
    }
    let look = Look::of(&model.theme);
    let Some(chat) = model.chats.get_mut(&id) else {
        return;
    };
    chat.place = match by {
        By::ToTop if !chat.turns.is_empty() => settle(chat, (0, 0), width, height, &look),
        By::ToTop | By::ToEnd => Place::End,
        _ => moved(chat, lines, width, height, &look),
    };
    unselect_unseen(chat, width, height, &look);
}

/// The width of the text and the height of the part of the pane that is read.
pub fn body_size(model: &Model, id: SessionId) -> Option<(u16, u16)> {
    let screen = layout::screen(model);
    let pane = screen.panes.iter().find(|p| p.session == id)?;
    let session = model.session(id)?;
    Some(if session.backend.is_chat() {
        let body = layout::chat(model, session, pane.rect, pane.focused).body;
        (text_width(body.width), body.height)
    } else {
        let area = layout::terminal(pane.rect);
        (area.width, area.height)
    })
}

/// The turn (an index) and the line in it that stand at the top of a body of that size.
pub fn top_of(chat: &Chat, width: u16, height: u16, look: &Look) -> (usize, usize) {
    let end = end_top(chat, width, height, look);
    match chat.place {
        Place::End => end,
        Place::At { turn, line } => (turn, line).min(end),
    }
}

fn end_top(chat: &Chat, width: u16, height: u16, look: &Look) -> (usize, usize) {
    let mut missing = usize::from(height);
    for at in (0..chat.turns.len()).rev() {
        let lines = turn::height(chat, at, width, look);
        if lines >= missing {
            return (at, lines - missing);
        }
        missing -= lines;
    }
    (0, 0)
}

fn moved(chat: &Chat, lines: i32, width: u16, height: u16, look: &Look) -> Place {
    let (mut turn, line) = top_of(chat, width, height, look);
    let mut line = line as i64 + i64::from(lines);
    while line < 0 && turn > 0 {
        turn -= 1;
        line += turn::height(chat, turn, width, look) as i64;
    }
    while turn < chat.turns.len() {
        let here = turn::height(chat, turn, width, look) as i64;
        if line < here {
            break;
        }
        line -= here;
        turn += 1;
    }
    settle(chat, (turn, line.max(0) as usize), width, height, look)
}

fn settle(chat: &Chat, top: (usize, usize), width: u16, height: u16, look: &Look) -> Place {
    if top >= end_top(chat, width, height, look) {
        Place::End
    } else {
        Place::At {
            turn: top.0,
            line: top.1,
        }
    }
}

/// Selects the turn before or after the one that is read: the selected one, or without one the newest, or
/// where one has scrolled away from it the one at the top. Past the newest, none.
pub fn select_turn(model: &mut Model, id: SessionId, steps: isize) {
    let Some((width, height)) = body_size(model, id) else {
        return;
    };
    let look = Look::of(&model.theme);
    let Some(chat) = model.chats.get_mut(&id) else {
        return;
    };
    let count = chat.turns.len() as isize;
    if count == 0 {
        return;
    }
    let selected = chat.selected.and_then(|turn| chat.index(turn));
    let at = match (selected, chat.place) {
        (Some(at), _) => at as isize,
        (None, Place::At { turn, .. }) => turn as isize,
        (None, Place::End) => count - 1,
    };
    let goal = (at + steps).max(0);
    if goal >= count {
        chat.selected = None;
        chat.place = Place::End;
        return;
    }
    chat.selected = Some(chat.turns[goal as usize].turn.id);
    chat.place = settle(chat, (goal as usize, 0), width, height, &look);
}

/// Brings a line of a turn (an index) into sight, a third of the pane below its top, unless it is there already.
pub fn show_line(model: &mut Model, id: SessionId, place: (usize, usize)) {
    let Some((width, height)) = body_size(model, id) else {
        return;
    };
    let look = Look::of(&model.theme);
    let Some(chat) = model.chats.get_mut(&id) else {
        return;
    };
    let top = top_of(chat, width, height, &look);
    let mut below = 0;
    let mut at = top;
    // The lines between the top and the place; more than a pane of them need not be counted.
    while at.0 < place.0 && below <= usize::from(height) {
        below += turn::height(chat, at.0, width, &look).saturating_sub(at.1);
        at = (at.0 + 1, 0);
    }
    below += place.1.saturating_sub(at.1);
    if place >= top && below < usize::from(height) {
        return;
    }
    chat.place = Place::At {
        turn: place.0,
        line: place.1,
    };
    chat.place = moved(chat, -i32::from(height / 3), width, height, &look);
}

/// A selected turn that has left the pane is selected no longer: what is not seen is not meant.
fn unselect_unseen(chat: &mut Chat, width: u16, height: u16, look: &Look) {
    let Some(at) = chat.selected.and_then(|turn| chat.index(turn)) else {
        return;
    };
    let top = top_of(chat, width, height, look);
    let mut above: usize = (top.0..at)
        .map(|i| turn::height(chat, i, width, look))
        .take(usize::from(height) + 1)
        .sum();
    above = above.saturating_sub(top.1);
    if at < top.0 || above >= usize::from(height) {
        chat.selected = None;
    }
}
