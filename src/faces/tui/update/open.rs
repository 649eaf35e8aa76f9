//! Opening dialogs, with what they need to know.

use crate::config::ACTIONS;
use crate::config::Context;
use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::broadcast::BroadcastDialog;
use crate::faces::tui::layers::confirm::Confirm;
use crate::faces::tui::layers::fork::ForkDialog;
use crate::faces::tui::layers::help::Help;
use crate::faces::tui::layers::inbox::Inbox;
use crate::faces::tui::layers::picker::{Item, Kind, Picker, Value};
use crate::faces::tui::layers::spawn::SpawnDialog;
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::update::{Cmd, Purpose, op, query};
use crate::faces::tui::views::status;
use crate::protocol::{
    Backend, CATEGORIES, Level, ModelFilter, Op, Query, SessionId, SessionView, Status, Turn,
    TurnState,
};

pub fn help(model: &mut Model) {
    model.layers.push(Layer::Help(Help::default()));
}

/// The inbox. `back_to`: the mode that esc goes back to.
pub fn inbox(model: &mut Model, back_to: Mode) {
    let inbox = Inbox::new(model, back_to);
    model.layers.push(Layer::Inbox(inbox));
}

pub fn spawn(model: &mut Model, cmds: &mut Vec<Cmd>) {
    // What the machine has may have changed since the last look.
    cmds.push(query(Query::Offers, Purpose::Offers));
    let dialog = SpawnDialog::new(model);
    model.layers.push(Layer::Spawn(dialog));
}

pub fn broadcast(model: &mut Model) {
    if !model.sessions.iter().any(|s| s.backend.is_chat()) {
        return model.notify(Level::Info, "no session holds a conversation yet");
    }
    let dialog = BroadcastDialog::new(model);
    model.layers.push(Layer::Broadcast(dialog));
}

pub fn fork(model: &mut Model, id: SessionId) {
    open_fork(model, id, None);
}

/// A fork that goes on with another backend and model.
pub fn fork_to(model: &mut Model, id: SessionId, backend: Backend, wanted: String) {
    open_fork(model, id, Some((backend, wanted)));
}

fn open_fork(model: &mut Model, id: SessionId, to: Option<(Backend, String)>) {
    let Some(session) = model.session(id) else {
        return;
    };
    if !session.backend.is_chat() && session.agent.is_none() {
        let text = "no program is known here that holds a conversation";
        return model.notify(Level::Info, text);
    }
    let selected = model.chats.get(&id).and_then(|chat| chat.selected);
    let dialog = ForkDialog::new(model, id, selected, to);
    model.layers.push(Layer::Fork(dialog));
}

pub fn answered(turn: &Turn) -> bool {
    turn.state == TurnState::Done || turn.state == TurnState::Interrupted
}

pub fn relay(model: &mut Model, from: SessionId) {
    let chat = model.session(from).is_some_and(|s| s.backend.is_chat());
    let turn = model
        .chats
        .get(&from)
        .and_then(|chat| chat.meant(answered))
        .map(|turn| turn.id);
    let Some(turn) = turn.filter(|_| chat) else {
        return model.notify(Level::Info, "there is no finished answer to relay");
    };
    let items = sessions(model, |id| id != from);
    if items.is_empty() {
        return model.notify(
            Level::Info,
            "there is no other session to relay to; n spawns one",
        );
    }
    let title = format!("relay {turn} of {} to", model.name_of(from));
    model
        .layers
        .push(Layer::Picker(Picker::relay(title, from, turn, items)));
}

fn sessions(model: &Model, fits: impl Fn(SessionId) -> bool) -> Vec<Item> {
    let row = |s: &SessionView| Item {
        label: s.name.clone(),
        detail: {
            let what = status::backend_and_model(s);
            let words = status::words(s, model);
            // A shell called shell is one all the same.
            match what == s.name {
                true => words,
                false => format!("{what} · {words}"),
            }
        },
        value: Value::Session(s.id),
    };
    model
        .sessions
        .iter()
        .filter(|s| fits(s.id))
        .map(row)
        .collect()
}

pub fn find(model: &mut Model) {
    let word = Item {
        label: String::new(),
        detail: "in this pane".to_owned(),
        value: Value::Word,
    };
    let mut items = vec![word];
    items.extend(sessions(model, |_| true));
    let picker = Picker::new("find a word, or a session by its name", Kind::Find, items);
    model.layers.push(Layer::Picker(picker));
}

pub fn palette(model: &mut Model) {
    let items = ACTIONS
        .iter()
        .filter(|row| row.context == Context::Normal)
        .map(|row| Item {
            label: row.name.to_owned(),
            detail: match model.keymap.hint(row.action) {
                Some(key) => format!("{} · {key}", row.sentence),
                None => row.sentence.to_owned(),
            },
            value: Value::Action(row.action),
        })
        .collect();
    model
        .layers
        .push(Layer::Picker(Picker::new("command", Kind::Command, items)));
}

pub fn rename(model: &mut Model, id: SessionId) {
    let name = model.name_of(id);
    let picker = Picker::new(format!("rename {name}"), Kind::Rename(id), vec![])
        .free()
        .with(&name);
    model.layers.push(Layer::Picker(picker));
}

pub fn set_group(model: &mut Model, id: SessionId) {
    let items = model.groups().into_iter().map(Item::text).collect();
    let title = format!("group of {} (empty: none)", model.name_of(id));
    let picker = Picker::new(title, Kind::Group(id), items)
        .free()
        .or_nothing();
    model.layers.push(Layer::Picker(picker));
}

pub fn switch_model(model: &mut Model, id: SessionId, cmds: &mut Vec<Cmd>) {
    let Some(session) = model.session(id) else {
        return;
    };
    if !session.backend.is_chat() {
        return model.notify(Level::Info, "a terminal has no model");
    }
    // What this backend was found to have; the catalogue is asked for the rest.
    let offered = model
        .offers
        .iter()
        .flatten()
        .filter(|o| o.backend == session.backend);
    let items = offered
        .flat_map(|o| &o.models)
        .map(|name| Item::text(name))
        .collect();
    let title = format!("model of {}", session.name);
    cmds.push(query(
        Query::Models {
            filter: ModelFilter::default(),
        },
        Purpose::Models { session: id },
    ));
    let mut picker = Picker::new(title, Kind::Model(id), items).free();
    // As they were last time; what has changed since comes with the answer.
    picker.models_came(id, &session.backend, &model.models);
    model.layers.push(Layer::Picker(picker));
}

pub fn attach(model: &mut Model, id: SessionId) {
    if model.session(id).is_none_or(|s| !s.backend.is_chat()) {
        return model.notify(
            Level::Info,
            "images go along with a prompt; a terminal has none",
        );
    }
    let title = format!("image for the next prompt to {}", model.name_of(id));
    let picker = Picker::new(title, Kind::Attach(id), vec![]).free();
    model.layers.push(Layer::Picker(picker.note("a path")));
}

/// Says of which category the shown turn was.
pub fn correct_category(model: &mut Model, id: SessionId) {
    let asked = |turn: &Turn| !turn.prompt.is_empty();
    let Some(turn) = model.chats.get(&id).and_then(|chat| chat.meant(asked)) else {
        return model.notify(
            Level::Info,
            "there is no turn whose kind could be corrected",
        );
    };
    let title = format!("{} is {}; what was it?", turn.id, turn.category);
    let others = CATEGORIES.iter().filter(|known| **known != turn.category);
    let picker = Picker::new(
        title,
        Kind::Category(turn.id),
        others.map(|known| Item::text(known)).collect(),
    );
    let picker = picker.note("prompts like it will be read so");
    model.layers.push(Layer::Picker(picker));
}

/// Starts a session's process anew, after asking where that ends one that runs.
pub fn restart(model: &mut Model, id: SessionId, cmds: &mut Vec<Cmd>) {
    let Some(session) = model.session(id) else {
        return;
    };
    let restart = op(Op::Restart { session: id }, Purpose::Change);
    if !runs(session) {
        return cmds.push(restart);
    }
    let question = format!("Restart {}?", session.name);
    let detail = "It runs. Its process ends, and what it was at is broken off.";
    let confirm = Confirm::new(question, detail, vec![restart]);
    model.layers.push(Layer::Confirm(confirm));
}

/// Whether a restart would break something off.
pub fn runs(session: &SessionView) -> bool {
    match session.status {
        Status::Ended { .. } | Status::Failed { .. } => false,
        Status::Starting | Status::Working | Status::NeedsYou => true,
        _ => !session.backend.is_chat(),
    }
}

pub fn permission_mode(model: &mut Model, id: SessionId) {
    let agent = model.session(id).filter(|s| s.backend.is_agent());
    let Some(agent) = agent.map(|s| s.backend.as_str().to_owned()) else {
        return model.notify(
            Level::Info,
            "only sessions with agents have a permission mode",
        );
    };
    let modes = model
        .modes
        .get(&agent)
        .map(Vec::as_slice)
        .unwrap_or_default();
    if modes.is_empty() {
        let text = format!(
            "{agent} does not say which modes it has: antiphon set NAME --permission-mode MODE"
        );
        return model.notify(Level::Info, text);
    }
    let items = modes
        .iter()
        .map(|mode| Item {
            label: mode.name.clone(),
            detail: mode.means.clone(),
            value: Value::Text(mode.name.clone()),
        })
        .collect();
    let title = format!("permission mode of {}", model.name_of(id));
    model.layers.push(Layer::Picker(Picker::new(
        title,
        Kind::PermissionMode(id),
        items,
    )));
}

pub fn budget(model: &mut Model) {
    let mut title = format!("budget · today {}", model.budget.spent);
    if model.budget.reserved.0 > 0 {
        title.push_str(&format!(" · {} held back", model.budget.reserved));
    }
    match model.budget.daily {
        Some(daily) => title.push_str(&format!(" of {daily} a day")),
        None => title.push_str(" · no limit"),
    }
    let picker = Picker::new(title, Kind::Budget, vec![]).free();
    model.layers.push(Layer::Picker(
        picker.note("a new daily limit in dollars, such as 5; or none"),
    ));
}

pub fn stop_engine(model: &mut Model) {
    let detail = "All processes end. Sessions come back when the engine starts again.";
    let cmds = vec![op(Op::Shutdown, Purpose::Shutdown)];
    model.layers.push(Layer::Confirm(Confirm::new(
        "Stop the engine?",
        detail,
        cmds,
    )));
}
