//! Answering what a session asks, and reading a question that is longer than its place.

use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::picker::{Kind, Picker};
use crate::faces::tui::model::chat::ShownTurn;
use crate::faces::tui::model::{AskView, Model, layout};
use crate::faces::tui::update::{Cmd, change};
use crate::faces::tui::views::ask as view;
use crate::protocol::{AskId, AskKind, Decision, Level, Op, SessionId, TurnState};

/// Answers the oldest open question.
pub fn respond(model: &mut Model, id: SessionId, decision: Decision, cmds: &mut Vec<Cmd>) {
    let ask = model.session(id).and_then(|s| s.asks.first());
    let Some(ask) = ask else {
        return model.notify(Level::Info, "this session asks nothing");
    };
    let yes = matches!(decision, Decision::Once | Decision::Always);
    if yes
        && !view::answers(ask)
            .iter()
            .any(|(action, _)| *action == crate::config::Action::ApproveOnce)
    {
        let key = model
            .keymap
            .hint(crate::config::Action::DenyInWords)
            .unwrap_or_default();
        return model.notify(Level::Info, format!("this is answered in words: {key}"));
    }
    let decision = match (ask.kind, decision) {
        (AskKind::Budget, Decision::Always) => Decision::Once,
        (_, decision) => decision,
    };
    let taken_back = ask.kind == AskKind::Budget && matches!(decision, Decision::No { .. });
    let ask = ask.id;
    if taken_back {
        take_back(model, id);
    }
    cmds.push(change(Op::Respond {
        session: id,
        ask,
        decision,
    }));
}

/// The first prompt that waits goes back to its composer, where it can be sent later or made cheaper.
fn take_back(model: &mut Model, id: SessionId) {
    let waits = |shown: &&ShownTurn| shown.turn.state == TurnState::Waiting;
    let waiting = model
        .chats
        .get(&id)
        .and_then(|chat| chat.turns.iter().find(waits));
    let Some(prompt) = waiting.map(|shown| shown.turn.prompt.clone()) else {
        return;
    };
    let composer = model.composers.entry(id).or_default();
    if composer.is_empty() {
        composer.set(&prompt);
    }
}

/// Opens a line for an answer in words.
pub fn in_words(model: &mut Model, id: SessionId) {
    let Some(session) = model.session(id) else {
        return;
    };
    let Some(ask) = session.asks.first() else {
        return model.notify(Level::Info, "this session asks nothing");
    };
    if !view::takes_words(ask) {
        return model.notify(Level::Info, "this is answered with yes or no alone");
    }
    let title = match view::has_always(ask) {
        true => format!("no, and tell {} why", session.name),
        false => format!("answer {}", session.name),
    };
    let kind = Kind::Answer(id, ask.id);
    model.layers.push(Layer::Picker(
        Picker::new(title, kind, vec![]).free().or_nothing(),
    ));
}

/// The oldest question of a session on the screen: its rows, and how many of them are shown at a time.
fn shown(model: &Model, id: SessionId) -> Option<(AskId, usize, usize)> {
    let screen = layout::screen(model);
    let pane = screen.panes.iter().find(|pane| pane.session == id)?;
    let session = model.session(id)?;
    let ask = session.asks.first()?;
    let area = layout::chat(model, session, pane.rect, pane.focused).ask;
    let (all, shown) = view::extent(model, session, area);
    Some((ask.id, all, shown))
}

/// Gives a long question the whole pane, or takes it back. Whether there is one.
pub fn fold(model: &mut Model, id: SessionId) -> bool {
    let Some((ask, all, rows)) = shown(model, id) else {
        return false;
    };
    let view = model.ask_view(id, ask);
    let long = all > rows || view.unfolded;
    if long {
        let unfolded = !view.unfolded;
        model.asking = (id, ask, AskView { top: 0, unfolded });
    }
    long
}

/// Scrolls a question that does not fit, by half of what is shown of it. Whole pages are the conversation's,
/// unless the question has the whole pane.
pub fn scroll(model: &mut Model, id: SessionId, direction: isize, page: bool) -> bool {
    let Some((ask, all, rows)) = shown(model, id) else {
        return false;
    };
    let view = model.ask_view(id, ask);
    if !view.unfolded && (page || all <= rows) {
        return false;
    }
    let step = if page { rows } else { rows / 2 }.max(1);
    let last = all.saturating_sub(rows);
    let top = match direction {
        ..0 => view.top.min(last).saturating_sub(step),
        _ => (view.top + step).min(last),
    };
    model.asking = (id, ask, AskView { top, ..view });
    true
}
