//! What a program in a pane needs of our own terminal, and what it is to be told of it: the focus, releases of keys,
//! every motion of the mouse.

use crate::faces::tui::ability::KEYBOARD;
use crate::faces::tui::model::terminal::Terminal;
use crate::faces::tui::model::{Link, Mode, Model, layout};
use crate::faces::tui::update::{Cmd, change};
use crate::protocol::{Modes, Op, SessionId};

/// Tells programs and terminal what has changed for them.
pub fn tell(model: &mut Model, cmds: &mut Vec<Cmd>) {
    if model.link != Link::Up {
        return;
    }
    focus(model, cmds);
    let current = model
        .panes
        .selected()
        .filter(|_| model.mode == Mode::Insert);
    let writing = current.and_then(|id| model.terminals.get(&id));
    let events = writing.map_or(0, |t| t.modes.kitty & Modes::KITTY_EVENTS);
    let motion = (layout::screen(model).panes.iter())
        .filter_map(|pane| model.terminals.get(&pane.session))
        .any(|terminal| terminal.modes.mouse_motion);
    let wanted = (KEYBOARD | events, motion);
    if model.told.switched != wanted {
        model.told.switched = wanted;
        let (keyboard, motion) = wanted;
        cmds.push(Cmd::Switch { keyboard, motion });
    }
}

/// Programs that ask for it are told when they get the focus and lose it, and at first whether they have it.
fn focus(model: &mut Model, cmds: &mut Vec<Cmd>) {
    let has = |id: SessionId| model.focused != Some(false) && model.panes.selected() == Some(id);
    let asked = |(id, terminal): (&SessionId, &Terminal)| {
        let asked = terminal.modes.focus_events;
        asked.then_some(*id)
    };
    let mut asking: Vec<SessionId> = model.terminals.iter().filter_map(asked).collect();
    asking.sort();
    let told: Vec<(SessionId, bool)> = asking.iter().map(|id| (*id, has(*id))).collect();
    for &(session, focused) in &told {
        if !model.told.focus.contains(&(session, focused)) {
            cmds.push(change(Op::Focus { session, focused }));
        }
    }
    model.told.focus = told;
}
