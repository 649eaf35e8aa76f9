//! The worktree of a session that is killed: kept, or removed, and brought back.

use crate::config::Action;
use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::confirm::Confirm;
use crate::faces::tui::model::Model;
use crate::faces::tui::update::{Cmd, Purpose, op};
use crate::protocol::{Level, Op, Refusal, SessionId, WorktreeState, WorktreeView};

/// Asks whether a session is to be killed, and whether its worktree goes with it.
pub fn kill(model: &mut Model, id: SessionId) {
    let question = format!("Kill {}?", model.name_of(id));
    let mut detail =
        "Its process ends and it leaves the list. Its turns stay in the store.".to_owned();
    let kill = op(Op::Kill { session: id }, Purpose::Change);
    let tree = model.session(id).and_then(|s| s.worktree.clone());
    let confirm = match tree {
        Some(tree) => {
            let place = tree.path.display().to_string();
            detail.push_str(&format!(" Its worktree stays: {place}"));
            let remove = vec![kill.clone(), remove(place, false)];
            Confirm::new(question, detail, vec![kill]).or('w', "and remove the worktree", remove)
        }
        None => Confirm::new(question, detail, vec![kill]),
    };
    model.layers.push(Layer::Confirm(confirm));
}

fn remove(name: String, force: bool) -> Cmd {
    let request = Op::RemoveWorktree {
        name: name.clone(),
        force,
    };
    op(request, Purpose::RemoveWorktree { name, force })
}

/// A worktree was removed: for a while one key brings it back.
pub fn removed(model: &mut Model, tree: &WorktreeView) {
    model.removed = Some(tree.worktree.path.display().to_string());
    let key = model
        .keymap
        .hint(Action::RestoreWorktree)
        .unwrap_or_else(|| "restore-worktree".to_owned());
    let name = &tree.name;
    let text = match &tree.state {
        WorktreeState::Removed { archive: None, .. } => {
            format!("worktree of {name} removed · {key} undoes it for 30 s")
        }
        WorktreeState::Removed { .. } => {
            format!("worktree of {name} archived, removed · {key} undoes it for 30 s")
        }
        _ => format!("worktree of {name} was gone already"),
    };
    model.notify(Level::Info, text);
}

/// It was not removed. Where force helps, it is offered.
pub fn not_removed(model: &mut Model, name: String, force: bool, refusal: Refusal) {
    // The engine names the way out, and this is the one.
    if force || !refusal.next.contains("--force") {
        return model.notify(Level::Error, refusal.to_string());
    }
    let detail = format!(
        "{}. It can be archived first, and brought back later.",
        refusal.what
    );
    let question = "Archive and remove the worktree?";
    let confirm = Confirm::new(question, detail, vec![remove(name, true)]);
    model.layers.push(Layer::Confirm(confirm));
}

/// Brings back the one that was removed last.
pub fn restore(model: &mut Model, cmds: &mut Vec<Cmd>) {
    match model.removed.take() {
        Some(name) => cmds.push(op(Op::RestoreWorktree { name }, Purpose::RestoreWorktree)),
        None => model.notify(
            Level::Info,
            "no worktree was removed here · antiphon worktree list shows all of them",
        ),
    }
}

pub fn restored(model: &mut Model, tree: &WorktreeView) {
    let place = tree.worktree.path.display();
    model.notify(
        Level::Info,
        format!("worktree of {} is back: {place}", tree.name),
    );
}
