//! `update`: from the model and what happened to the new model and what is to be done. No clock, no files, no
//! sockets, no terminal.

mod action;
pub mod asking;
mod clipboard;
mod copying;
mod find;
mod incoming;
mod insert;
mod learning;
mod mouse;
mod msg;
mod news;
mod open;
mod outer;
pub mod pick;
mod scroll;
mod seek;
mod selecting;
#[cfg(test)]
mod tests;
mod worktree;

pub use incoming::plural;
pub use msg::{Cmd, Msg, Purpose, Timer, change, op, query};
pub use open::{answered, runs};
pub use scroll::top_of;
pub use selecting::shown;

use crate::config::{Action, Chord, Context, Key};
use crate::faces::tui::layers::{self, Verdict};
use crate::faces::tui::model::{Link, Mode, Model, Told, layout};
use crate::protocol::{Backend, Op, Query, SessionSpec};
use ratatui::crossterm::event::KeyEvent;

/// What is asked once a connection stands.
pub fn greet() -> Vec<Cmd> {
    vec![
        query(Query::Snapshot, Purpose::Snapshot),
        query(Query::Offers, Purpose::Offers),
    ]
}

/// Takes one message.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Cmd> {
    let mut cmds = Vec::new();
    let before = model.panes.pinned().len();
    if matches!(msg, Msg::Key { .. } | Msg::Paste(_) | Msg::Mouse(_)) {
        model.touched = Some(model.now);
    }
    match msg {
        Msg::Key { chord, event } => key(model, chord, event, &mut cmds),
        Msg::Paste(text) => paste(model, &text, &mut cmds),
        Msg::Mouse(event) => mouse::mouse(model, event, &mut cmds),
        Msg::Resize(width, height) => model.size = (width, height),
        Msg::Released(event) => insert::released(model, event, &mut cmds),
        Msg::Blur => model.focused = Some(false),
        Msg::Focus => {
            model.focused = Some(true);
            if matches!(model.link, Link::Lost(_)) {
                cmds.push(Cmd::Connect { start: false });
            }
        }
        Msg::Event(event) => incoming::event(model, event, &mut cmds),
        Msg::Reply { purpose, result } => incoming::reply(model, purpose, result, &mut cmds),
        Msg::Connected => {
            model.link = Link::Waiting;
            model.notice = None;
            model.told = Told::new(model.told.switched);
            model.known_asks.clear();
            model.called.clear();
            cmds.extend(greet());
        }
        Msg::Lost(reason) | Msg::NotConnected(reason) => {
            model.link = Link::Lost(reason);
            model.mode = Mode::Normal;
        }
        Msg::Timer(Timer::Suggest(session)) => insert::ask_suggestion(model, session, &mut cmds),
        Msg::Timer(Timer::Drag) => selecting::tick(model, &mut cmds),
    }
    // What is opened where only one pane has room stays behind it when there is more.
    if model.panes.pinned().len() > before.max(1) && layout::is_narrow(model.size) {
        model.panes.stacked = true;
    }
    copying::settle(model);
    model.forget_seen();
    tell_panes(model, &mut cmds);
    outer::tell(model, &mut cmds);
    cmds
}

fn key(model: &mut Model, chord: Option<Chord>, event: KeyEvent, cmds: &mut Vec<Cmd>) {
    if let Link::Lost(_) = model.link {
        return lost_key(chord, cmds);
    }
    if !model.layers.is_empty() {
        if let Some(action) = layer_key(model, chord, event, cmds) {
            action::perform(model, action, cmds);
        }
        return;
    }
    model.notice = None;
    // What the mouse has selected was copied when the button was let go.
    if model.copying.as_ref().is_some_and(|c| !c.holds()) && !copying::begins(model, chord) {
        model.copying = None;
    }
    let just_left = std::mem::take(&mut model.just_left);
    match model.mode {
        Mode::Copy => copying::key(model, chord, cmds),
        Mode::Insert => insert::key(model, chord, event, cmds),
        Mode::Normal => {
            let Some(chord) = chord else { return };
            if model.searches()
                && let Some(action) = model.keymap.action(Context::Found, chord)
            {
                return action::perform(model, action, cmds);
            }
            if asking::key(model, chord, cmds) {
                return;
            }
            if model.sessions.is_empty() && chord == Chord::plain(Key::Enter) {
                return rehearse(model, cmds);
            }
            match model.keymap.action(Context::Normal, chord) {
                // Writing goes on behind it.
                Some(Action::Inbox) if just_left => open::inbox(model, Mode::Insert),
                Some(action) => action::perform(model, action, cmds),
                None => {}
            }
        }
    }
}

/// Gives the key to the uppermost dialog; where it lets it pass, to the one below.
fn layer_key(
    model: &mut Model,
    chord: Option<Chord>,
    event: KeyEvent,
    cmds: &mut Vec<Cmd>,
) -> Option<Action> {
    let mut passed = Vec::new();
    let mut action = None;
    while let Some(mut layer) = model.layers.pop() {
        match layers::key(&mut layer, model, chord, event, cmds) {
            Verdict::Keep => model.layers.push(layer),
            Verdict::Close => {}
            Verdict::Act(wanted) => action = Some(wanted),
            Verdict::Pass => {
                passed.push(layer);
                continue;
            }
        }
        break;
    }
    if model.layers.is_empty() && !passed.is_empty() {
        // All let it pass: it may be one for the screen as a whole.
        let below = chord.and_then(|c| model.keymap.action(Context::Normal, c));
        action = action.or(below.filter(|a| *a == Action::Redraw));
    }
    model.layers.extend(passed.into_iter().rev());
    action
}

fn lost_key(chord: Option<Chord>, cmds: &mut Vec<Cmd>) {
    match chord.map(|c| (c.key, c.ctrl)) {
        Some((Key::Char('r'), false)) => cmds.push(Cmd::Connect { start: true }),
        Some((Key::Char('q'), false) | (Key::Char('c'), true) | (Key::Esc, _)) => {
            cmds.push(Cmd::Quit)
        }
        // It may have come back: whoever presses a key wants to know.
        _ => cmds.push(Cmd::Connect { start: false }),
    }
}

/// In an empty house: the first session of all, which needs nothing.
fn rehearse(model: &mut Model, cmds: &mut Vec<Cmd>) {
    let mut spec = SessionSpec::new(model.free_name("hello"), Backend::Rehearsal);
    spec.cwd = model.cwd.clone();
    cmds.push(op(Op::Spawn { spec }, Purpose::Create { draft_of: None }));
}

fn paste(model: &mut Model, text: &str, cmds: &mut Vec<Cmd>) {
    if let Some(mut layer) = model.layers.pop() {
        layers::paste(&mut layer, text);
        model.layers.push(layer);
    } else if model.mode == Mode::Insert {
        insert::paste(model, text, cmds);
    }
}

/// Tells the engine which sessions are on the screen, and how large the terminals among them are.
fn tell_panes(model: &mut Model, cmds: &mut Vec<Cmd>) {
    if model.link != Link::Up {
        return;
    }
    let screen = layout::screen(model);
    let mut watched: Vec<_> = screen.panes.iter().map(|pane| pane.session).collect();
    watched.sort();
    // Sizes first, so that a terminal's first picture fits.
    for pane in &screen.panes {
        let terminal = model
            .session(pane.session)
            .is_some_and(|s| !s.backend.is_chat());
        let area = layout::terminal(pane.rect);
        let size = (area.height, area.width);
        if terminal
            && size.0 > 0
            && size.1 > 0
            && model.told.sizes.get(&pane.session) != Some(&size)
        {
            model.told.sizes.insert(pane.session, size);
            let (rows, cols) = size;
            cmds.push(change(Op::Resize {
                session: pane.session,
                rows,
                cols,
            }));
        }
    }
    if watched != model.told.watched {
        model.told.watched.clone_from(&watched);
        cmds.push(change(Op::Watch { sessions: watched }));
    }
}
