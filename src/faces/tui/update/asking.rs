//! Answering what a session asks, and reading a question that is longer than its place.

use crate::config::{Action, Chord, Key};
use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::picker::{Kind, Picker};
use crate::faces::tui::model::chat::ShownTurn;
use crate::faces::tui::model::{AskView, Model, layout};
use crate::faces::tui::update::{Cmd, change};
use crate::faces::tui::views::ask::extent;
use crate::faces::tui::views::asked::{self as view, Picks};
use crate::protocol::{Ask, AskId, AskKind, Decision, Level, Op, SessionId, TurnState};

/// Answers the oldest open question of a session.
pub fn respond(model: &mut Model, id: SessionId, decision: Decision, cmds: &mut Vec<Cmd>) {
    match model.session(id).and_then(|s| s.asks.first()) {
        Some(ask) => {
            let ask = ask.id;
            decide(model, id, ask, decision, cmds);
        }
        None => model.notify(Level::Info, "this session asks nothing"),
    }
}

/// Answers one question, if the decision fits it. Whether it did.
pub fn decide(
    model: &mut Model,
    session: SessionId,
    ask: AskId,
    decision: Decision,
    cmds: &mut Vec<Cmd>,
) -> bool {
    let asks = model.session(session).map(|s| s.asks.as_slice());
    let Some(open) = asks.and_then(|asks| asks.iter().find(|open| open.id == ask)) else {
        return false;
    };
    let offered = |action| view::answers(open).iter().any(|(own, _)| *own == action);
    let words = match &decision {
        Decision::Once | Decision::Always if !offered(Action::ApproveOnce) => {
            Some(match view::choosing(open).first() {
                Some((keys, _)) => format!("this is answered by {keys}, or in words"),
                None if view::takes_words(open) => "this is answered in words".to_owned(),
                None => "there is nothing to allow here".to_owned(),
            })
        }
        Decision::Always if open.kind == AskKind::Approval && !open.always => {
            Some("this cannot be allowed for always".to_owned())
        }
        _ => None,
    };
    if let Some(words) = words {
        model.notify(Level::Info, words);
        return false;
    }
    let decision = match (open.kind, decision) {
        (AskKind::Budget, Decision::Always) => Decision::Once,
        (_, decision) => decision,
    };
    if open.kind == AskKind::Budget && matches!(decision, Decision::No { .. }) {
        take_back(model, session);
    }
    cmds.push(change(Op::Respond {
        session,
        ask,
        decision,
    }));
    true
}

/// What an answer in words decides: of a question it is the answer, of anything else a no with a reason.
pub fn worded(ask: &Ask, words: &str) -> Decision {
    let words = words.trim();
    if ask.kind == AskKind::Question && !words.is_empty() {
        return Decision::Answer {
            answers: vec![words.to_owned()],
        };
    }
    Decision::No {
        message: words.to_owned(),
    }
}

/// What comes of choosing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// There is no such choice.
    Nothing,
    /// Another set of choices is ticked, as in [`AskView::ticked`].
    Ticked(u64),
    Answer(Decision),
}

/// Takes the choice at `at`, from 0: where several can be taken it is ticked or not any more.
pub fn choose(ask: &Ask, at: usize, ticked: u64) -> Chosen {
    match ask.choices.get(at) {
        Some(_) if ask.multiple && at < 64 => Chosen::Ticked(ticked ^ 1 << at),
        Some(choice) if !ask.multiple => Chosen::Answer(Decision::Answer {
            answers: vec![choice.label.clone()],
        }),
        _ => Chosen::Nothing,
    }
}

/// The choices that are ticked, as an answer; `None`: none is.
pub fn ticked(ask: &Ask, ticked: u64) -> Option<Decision> {
    let picks = Picks {
        ticked,
        cursor: None,
    };
    let chosen = ask
        .choices
        .iter()
        .enumerate()
        .filter(|(at, _)| picks.has(*at));
    let answers: Vec<String> = chosen.map(|(_, choice)| choice.label.clone()).collect();
    (ask.multiple && !answers.is_empty()).then_some(Decision::Answer { answers })
}

/// The place that a digit chooses, from 0.
pub fn digit(chord: Chord) -> Option<usize> {
    match chord.key {
        Key::Char(c @ '1'..='9') if chord == Chord::plain(chord.key) => {
            Some(c as usize - '1' as usize)
        }
        _ => None,
    }
}

/// Keys that choose among the choices of the selected pane's question. Whether it was one.
pub fn key(model: &mut Model, chord: Chord, cmds: &mut Vec<Cmd>) -> bool {
    if model.panes.all_closed() {
        return false;
    }
    let Some((session, ask)) = model.current().and_then(|s| Some((s.id, s.asks.first()?))) else {
        return false;
    };
    let id = ask.id;
    let view = model.ask_view(session, id);
    let chosen = match digit(chord) {
        Some(at) if !ask.choices.is_empty() => choose(ask, at, view.ticked),
        None if chord == Chord::plain(Key::Enter) => match ticked(ask, view.ticked) {
            Some(answer) => Chosen::Answer(answer),
            None => return false,
        },
        _ => return false,
    };
    match chosen {
        Chosen::Answer(decision) => {
            decide(model, session, id, decision, cmds);
        }
        Chosen::Ticked(ticked) => model.asking = (session, id, AskView { ticked, ..view }),
        Chosen::Nothing => {}
    }
    true
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
    let title = match ask.kind {
        AskKind::Question => format!("answer {}", session.name),
        _ => format!("no, and tell {} why", session.name),
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
    let (all, shown) = extent(model, session, area);
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
        let top = 0;
        model.asking = (
            id,
            ask,
            AskView {
                top,
                unfolded,
                ..view
            },
        );
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
