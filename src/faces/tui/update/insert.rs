//! Insert mode: keys go to the pane.

use crate::config::{Action, Chord, Context, Key};
use crate::faces::tui::input;
use crate::faces::tui::model::{Mode, Model, commands};
use crate::faces::tui::update::scroll::{By, scroll};
use crate::faces::tui::update::{Cmd, Purpose, Timer, change, op, query};
use crate::protocol::{BudgetTier, Level, Op, Query, SessionId, Task, TurnState};
use ratatui::crossterm::event::KeyEvent;

/// Drafts longer than this are not sent along for a suggestion; their beginning is.
const SUGGEST_CHARS: usize = 8_000;

pub fn key(model: &mut Model, chord: Option<Chord>, event: KeyEvent, cmds: &mut Vec<Cmd>) {
    let leave = chord.and_then(|c| model.keymap.action(Context::Insert, c));
    let Some(session) = model.current() else {
        model.mode = Mode::Normal;
        return;
    };
    let (id, chat) = (session.id, session.backend.is_chat());
    if leave == Some(Action::LeaveInsert) {
        model.mode = Mode::Normal;
        model.just_left = true;
    } else if chat {
        compose(model, id, chord, event, cmds);
    } else {
        let modes = model
            .terminals
            .get(&id)
            .map(|t| t.modes)
            .unwrap_or_default();
        let bytes = input::key(event, modes);
        if !bytes.is_empty() {
            // What is typed belongs to the present.
            if model.terminals.get(&id).is_some_and(|t| t.scrolled > 0) {
                cmds.push(change(Op::Scroll {
                    session: id,
                    lines: i32::MIN,
                }));
            }
            cmds.push(change(Op::Input { session: id, bytes }));
        }
    }
}

/// A key was let go: some programs want to know.
pub fn released(model: &mut Model, event: KeyEvent, cmds: &mut Vec<Cmd>) {
    let writing = model.mode == Mode::Insert && model.layers.is_empty();
    let Some(session) = model.panes.selected().filter(|_| writing) else {
        return;
    };
    let Some(terminal) = model.terminals.get(&session) else {
        return;
    };
    let bytes = input::key(event, terminal.modes);
    if !bytes.is_empty() {
        cmds.push(change(Op::Input { session, bytes }));
    }
}

fn compose(
    model: &mut Model,
    id: SessionId,
    chord: Option<Chord>,
    event: KeyEvent,
    cmds: &mut Vec<Cmd>,
) {
    let composer = model.composers.entry(id).or_default();
    match chord.map(|c| (c.key, c.ctrl, c.alt, c.shift)) {
        Some((Key::Esc, ..)) => {
            model.mode = Mode::Normal;
            model.just_left = true;
        }
        Some((Key::Enter, false, false, false)) => send(model, id, cmds),
        Some((Key::Enter, ..) | (Key::Char('j'), true, false, _)) => {
            composer.area.insert_newline();
            changed(model, id, cmds);
        }
        Some((Key::Char('c'), true, ..)) => {
            if composer.is_empty() {
                interrupt(model, id, cmds);
            } else {
                composer.clear();
            }
        }
        Some((Key::Char('u'), true, ..)) => {
            composer.area.delete_line_by_head();
            changed(model, id, cmds);
        }
        Some((Key::Char('z'), true, ..)) => {
            composer.area.undo();
            changed(model, id, cmds);
        }
        // One may read while one writes.
        Some((Key::PageUp, ..)) => scroll(model, id, By::Pages(-1), cmds),
        Some((Key::PageDown, ..)) => scroll(model, id, By::Pages(1), cmds),
        Some((Key::Up, false, false, false)) if composer.at_top() => recall(model, id, 1),
        Some((Key::Down, false, false, false))
            if composer.is_recalling() && composer.at_bottom() =>
        {
            recall(model, id, -1);
        }
        Some((Key::Backspace, ..)) if composer.is_empty() && !composer.attached.is_empty() => {
            composer.attached.pop();
        }
        // The composer has no tab stops; a tab would be four blanks that nobody asked for.
        Some((Key::Tab, ..)) => {}
        _ => {
            if composer.key(event) {
                changed(model, id, cmds);
            }
        }
    }
}

/// The draft changed: what was suggested for it no longer holds.
fn changed(model: &mut Model, id: SessionId, cmds: &mut Vec<Cmd>) {
    let composer = model.composers.entry(id).or_default();
    let text = composer.text();
    // Until the new one comes the old one stays, so that the line does not flicker while one types.
    if text.trim().is_empty() || !commands::begun(&text).is_empty() {
        composer.suggestion = None;
    } else if model.settings.suggest {
        cmds.push(Cmd::Arm(Timer::Suggest(id)));
    }
}

/// The timer fired: the draft has rested for a moment.
pub fn ask_suggestion(model: &mut Model, id: SessionId, cmds: &mut Vec<Cmd>) {
    let Some(composer) = model.composers.get(&id) else {
        return;
    };
    let prompt = composer.text();
    let fresh = composer
        .suggestion
        .as_ref()
        .is_some_and(|(asked, _)| *asked == prompt);
    if prompt.trim().is_empty() || fresh || !commands::begun(&prompt).is_empty() {
        return;
    }
    let request = Query::Suggest {
        prompt: prompt.chars().take(SUGGEST_CHARS).collect(),
        session: Some(id),
        budget: BudgetTier::Any,
        exclude: Vec::new(),
        require: Vec::new(),
        min_window: None,
        task: Task::default(),
    };
    cmds.push(query(
        request,
        Purpose::Suggest {
            session: id,
            prompt,
        },
    ));
}

fn send(model: &mut Model, id: SessionId, cmds: &mut Vec<Cmd>) {
    let composer = model.composers.entry(id).or_default();
    let text = composer.text();
    if let Some(path) = text.trim().strip_prefix("/attach")
        && (path.is_empty() || path.starts_with(char::is_whitespace))
    {
        composer.set("");
        return attach(model, id, path);
    }
    let composer = model.composers.entry(id).or_default();
    if composer.text().trim().is_empty() {
        return;
    }
    if let Some(command) = commands::misspelt(&text) {
        let text = format!(
            "not sent: the command is {} {}",
            command.word, command.takes
        );
        return model.notify(Level::Warning, text);
    }
    let suggested = composer.suggestion.is_some();
    let draft = composer.take();
    let chat = model.chats.entry(id).or_default();
    chat.place = Default::default();
    chat.selected = None;
    let request = Op::Ask {
        session: id,
        prompt: draft.text.clone(),
        suggested,
        attached: draft.attached.clone(),
    };
    let purpose = Purpose::Prompt { session: id, draft };
    cmds.push(op(request, purpose));
}

/// Puts an image on the list of what goes along with the next prompt. A relative path begins in the folder in
/// which this face was started.
pub fn attach(model: &mut Model, id: SessionId, path: &str) {
    let path = path.trim().trim_matches(['"', '\'']);
    if path.is_empty() {
        return model.notify(
            Level::Info,
            "which one? write /attach and the path of an image",
        );
    }
    let base = model
        .cwd
        .clone()
        .or_else(|| Some(model.session(id)?.cwd.clone()));
    let home = path
        .strip_prefix("~/")
        .and_then(|rest| Some(model.home.clone()?.join(rest)));
    let whole = home.unwrap_or_else(|| base.unwrap_or_default().join(path));
    if !whole.is_absolute() {
        return model.notify(
            Level::Warning,
            format!("`{path}` is no whole path · begin it with /"),
        );
    }
    let composer = model.composers.entry(id).or_default();
    if !composer.attached.contains(&whole) {
        composer.attached.push(whole);
    }
}

/// Stops the running turn. Whether there is one.
pub fn interrupt(model: &Model, id: SessionId, cmds: &mut Vec<Cmd>) -> bool {
    let busy = |chat: &crate::faces::tui::model::chat::Chat| {
        chat.turns
            .iter()
            .any(|t| matches!(t.turn.state, TurnState::Streaming | TurnState::Waiting))
    };
    let working = model.session(id).is_some_and(|s| {
        use crate::protocol::Status;
        matches!(
            s.status,
            Status::Working | Status::NeedsYou | Status::Starting
        ) || s.waiting > 0
    });
    let runs = working || model.chats.get(&id).is_some_and(busy);
    if runs {
        cmds.push(change(Op::Interrupt { session: id }));
    }
    runs
}

fn recall(model: &mut Model, id: SessionId, steps: isize) {
    let mut prompts = model
        .chats
        .get(&id)
        .map(|chat| chat.prompts())
        .unwrap_or_default();
    if let Some(composer) = model.composers.get_mut(&id) {
        let returned = composer.returned.clone();
        prompts.extend(returned.iter().map(String::as_str));
        composer.recall(steps, &prompts);
    }
}

pub fn paste(model: &mut Model, text: &str, cmds: &mut Vec<Cmd>) {
    let Some(session) = model.current() else {
        return;
    };
    let id = session.id;
    if session.backend.is_chat() {
        model.composers.entry(id).or_default().insert(text);
        changed(model, id, cmds);
    } else {
        cmds.push(change(Op::Paste {
            submit: false,
            session: id,
            text: text.to_owned(),
        }));
    }
}
