//! Copy mode: the keyboard moves a cursor through a terminal's lines, selects and copies.

use crate::config::{Action, Chord, Context, Key};
use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::confirm::Confirm;
use crate::faces::tui::layers::picker::{Kind, Picker};
use crate::faces::tui::model::copying::motion::Motion;
use crate::faces::tui::model::copying::selection::{Selection, Shape};
use crate::faces::tui::model::copying::{Copying, Place};
use crate::faces::tui::model::found::Way;
use crate::faces::tui::model::terminal::Terminal;
use crate::faces::tui::model::{Mode, Model, links};
use crate::faces::tui::update::{Cmd, Purpose, action, change, query, seek};
use crate::protocol::{Level, Op, Query, SessionId};

/// The largest number before a movement.
const MOST_TIMES: u32 = 9_999;

/// Enters copy mode.
pub fn enter(model: &mut Model, session: SessionId) {
    if model.session(session).is_some_and(|s| s.backend.is_chat()) {
        let key = |action| model.keymap.hint(action).unwrap_or_default();
        let (answer, code) = (key(Action::CopyAnswer), key(Action::CopyCode));
        let text = format!("copy mode is for terminals · {answer} copies the answer, {code} code");
        return model.notify(Level::Info, text);
    }
    let Some(terminal) = model.terminals.get(&session) else {
        return model.notify(Level::Info, "there is nothing in this terminal yet");
    };
    let kept = model.copying.take().filter(|c| c.session == session);
    let mut copying = Copying::new(session, terminal, true);
    // What the mouse has selected is where it begins.
    if let Some(selection) = kept.and_then(|c| c.selection) {
        copying.cursor = selection.head;
        copying.selection = Some(selection);
    }
    model.copying = Some(copying);
    model.mode = Mode::Copy;
}

/// A key in copy mode.
pub fn key(model: &mut Model, chord: Option<Chord>, cmds: &mut Vec<Cmd>) {
    let Some(chord) = chord else { return };
    let Some(copying) = &mut model.copying else {
        model.mode = Mode::Normal;
        return;
    };
    if let Key::Char(digit @ '0'..='9') = chord.key
        && !chord.ctrl
        && !chord.alt
        && (digit != '0' || copying.count.is_some())
    {
        let digit = digit as u32 - '0' as u32;
        let count = copying.count.unwrap_or(0) * 10 + digit;
        copying.count = Some(count.min(MOST_TIMES));
        return;
    }
    match model.keymap.action(Context::Copy, chord) {
        Some(found) => action::perform(model, found, cmds),
        None => {
            copying.count = None;
            let other = model.keymap.action(Context::Normal, chord);
            if let Some(other @ (Action::Help | Action::Redraw)) = other {
                action::perform(model, other, cmds);
            }
        }
    }
}

/// The movement of an action, if it is one.
fn motion(action: Action, rows: i64) -> Option<Motion> {
    Some(match action {
        Action::CopyLeft => Motion::Left,
        Action::CopyDown => Motion::Down,
        Action::CopyUp => Motion::Up,
        Action::CopyRight => Motion::Right,
        Action::CopyWord => Motion::Word { big: false },
        Action::CopyWordBack => Motion::WordBack { big: false },
        Action::CopyWordEnd => Motion::WordEnd { big: false },
        Action::CopyBigWord => Motion::Word { big: true },
        Action::CopyBigWordBack => Motion::WordBack { big: true },
        Action::CopyBigWordEnd => Motion::WordEnd { big: true },
        Action::CopyLineStart => Motion::LineStart,
        Action::CopyLineText => Motion::LineText,
        Action::CopyLineEnd => Motion::LineEnd,
        Action::CopyTop => Motion::Top,
        Action::CopyBottom => Motion::Bottom,
        Action::CopyViewTop => Motion::ViewTop,
        Action::CopyViewMiddle => Motion::ViewMiddle,
        Action::CopyViewBottom => Motion::ViewBottom,
        Action::CopyHalfUp => Motion::Lines(-(rows / 2).max(1)),
        Action::CopyHalfDown => Motion::Lines((rows / 2).max(1)),
        Action::CopyPageUp => Motion::Lines(-(rows - 1).max(1)),
        Action::CopyPageDown => Motion::Lines((rows - 1).max(1)),
        _ => return None,
    })
}

/// Does what an action of copy mode says.
pub fn perform(model: &mut Model, action: Action, cmds: &mut Vec<Cmd>) {
    let Some(copying) = model.copying.as_mut().filter(|copying| copying.keys) else {
        return;
    };
    let session = copying.session;
    let times = copying.count.take().unwrap_or(1);
    let rows = i64::from(copying.view.rows.max(1));
    if let Some(motion) = motion(action, rows) {
        if let Motion::Lines(lines) = motion {
            // The view goes along, so that the cursor stays where the eye is.
            let line = copying
                .top()
                .saturating_add_signed(lines * i64::from(times));
            let wanted = copying.want(line);
            ask(session, wanted, cmds);
        }
        let wanted = copying.go(motion, times);
        return ask(session, wanted, cmds);
    }
    match action {
        Action::CopyScrollUp => wheel(model, -i64::from(times), cmds),
        Action::CopyScrollDown => wheel(model, i64::from(times), cmds),
        Action::CopySelect => select(copying, Shape::Chars),
        Action::CopySelectLines => select(copying, Shape::Lines),
        Action::CopySelectBlock => select(copying, Shape::Block),
        Action::CopyOtherEnd => {
            if let Some(selection) = &mut copying.selection {
                std::mem::swap(&mut selection.anchor, &mut selection.head);
                let head = selection.head;
                let wanted = copying.put(head, 0);
                ask(session, wanted, cmds);
            }
        }
        Action::CopyFind => search(model, session, Way::Down),
        Action::CopyFindBack => search(model, session, Way::Up),
        Action::CopyFindNext => seek::step(model, 1, cmds),
        Action::CopyFindPrevious => seek::step(model, -1, cmds),
        Action::CopyYank => {
            let line = Selection::new(copying.cursor, Shape::Lines);
            let selection = copying.selection.unwrap_or(line);
            copy(session, &selection, &copying.view, cmds);
            leave(model, cmds);
        }
        Action::CopyOpenLink => {
            let (cursor, view) = (copying.cursor, &copying.view);
            match links::at(view, cursor) {
                Some(target) => open_link(model, target),
                None => model.notify(Level::Info, "there is no link under the cursor"),
            }
        }
        Action::CopyLeave if copying.selection.is_some() => copying.selection = None,
        Action::CopyLeave => leave(model, cmds),
        _ => {}
    }
}

/// Begins a selection, changes its shape, or ends it where it has that shape.
fn select(copying: &mut Copying, shape: Shape) {
    match &mut copying.selection {
        Some(selection) if selection.shape == shape => copying.selection = None,
        Some(selection) => selection.shape = shape,
        None => copying.selection = Some(Selection::new(copying.cursor, shape)),
    }
}

/// Scrolls what is held in sight; the cursor stays in it.
pub fn wheel(model: &mut Model, lines: i64, cmds: &mut Vec<Cmd>) {
    let Some(copying) = &mut model.copying else {
        return;
    };
    let session = copying.session;
    let line = copying.top().saturating_add_signed(lines);
    let wanted = copying.want(line);
    ask(session, wanted, cmds);
    let last = copying.top() + u64::from(copying.view.rows.max(1)) - 1;
    let line = copying.cursor.line.clamp(copying.top(), last);
    let goal = Place::new(line, copying.cursor.col);
    if copying.keys && goal != copying.cursor {
        let wanted = copying.put(goal, 0);
        ask(session, wanted, cmds);
    }
}

/// Asks the engine for the lines that are wanted in sight.
pub fn ask(session: SessionId, line: Option<u64>, cmds: &mut Vec<Cmd>) {
    if let Some(line) = line {
        cmds.push(change(Op::ScrollTo { session, line }));
    }
}

/// Asks for what is selected, to put it on the clipboard.
pub fn copy(session: SessionId, selection: &Selection, view: &Terminal, cmds: &mut Vec<Cmd>) {
    let stretch = selection.stretch(view);
    let cell = |place: Place| (place.line, place.col);
    let text = Query::Text {
        session,
        from: cell(stretch.from),
        to: cell(stretch.to),
        block: stretch.block,
    };
    cmds.push(query(text, Purpose::Copy));
}

/// Text for the clipboard has come.
pub fn copied(model: &mut Model, text: String, cmds: &mut Vec<Cmd>) {
    let count = text.chars().count();
    if count == 0 {
        return model.notify(Level::Info, "there is nothing to copy there");
    }
    let plural = if count == 1 { "" } else { "s" };
    model.notify(Level::Info, format!("{count} character{plural} copied"));
    cmds.push(Cmd::Copy(text));
}

/// Leaves copy mode; the pane shows the present again.
pub fn leave(model: &mut Model, cmds: &mut Vec<Cmd>) {
    let Some(copying) = model.copying.take() else {
        return;
    };
    if model.mode == Mode::Copy {
        model.mode = Mode::Normal;
    }
    if model
        .found
        .as_ref()
        .is_some_and(|f| f.session == copying.session)
    {
        model.found = None;
    }
    cmds.push(change(Op::Scroll {
        session: copying.session,
        lines: i32::MIN,
    }));
}

fn search(model: &mut Model, session: SessionId, way: Way) {
    let title = match way {
        Way::Up => "find further up",
        _ => "find further down",
    };
    let picker = Picker::new(title, Kind::Search(session, way), vec![])
        .free()
        .note("a regular expression; without capitals, case does not matter");
    model.layers.push(Layer::Picker(picker));
}

/// Opens a link once the user has seen where it leads.
pub fn open_link(model: &mut Model, target: String) {
    let open = vec![Cmd::Open(target.clone())];
    let confirm = Confirm::new("Open this link?", target, open);
    model.layers.push(Layer::Confirm(confirm));
}

/// Whether a key enters copy mode, which goes on with what the mouse has selected.
pub fn begins(model: &Model, chord: Option<Chord>) -> bool {
    let action = chord.and_then(|c| model.keymap.action(Context::Normal, c));
    model.mode == Mode::Normal && action == Some(Action::CopyMode)
}

/// Copy mode ends where its terminal is not the one that has the keys any more.
pub fn settle(model: &mut Model) {
    let selected = model.panes.selected();
    let here = (model.copying.as_ref())
        .is_some_and(|c| c.keys && Some(c.session) == selected && model.mode == Mode::Copy);
    match (model.mode, here) {
        (Mode::Copy, false) => {
            model.mode = Mode::Normal;
            model.copying = None;
        }
        (_, false) if model.copying.as_ref().is_some_and(|c| c.keys) => model.copying = None,
        _ => {}
    }
}
