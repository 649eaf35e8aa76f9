//! What the engine says.

use crate::config::Action;
use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::stats::StatsView;
use crate::faces::tui::model::inbox::rests;
use crate::faces::tui::model::panes::Panes;
use crate::faces::tui::model::{Link, Mode, Model};
use crate::faces::tui::update::{Cmd, Purpose, clipboard, copying, learning, news, seek, worktree};
use crate::protocol::{
    Answer, Event, Level, Rating, Refusal, ScreenUpdate, SessionId, SessionView, Snapshot,
};

pub fn event(model: &mut Model, event: Event, cmds: &mut Vec<Cmd>) {
    match event {
        Event::SessionChanged { session } => {
            news::changed(model, &session, cmds);
            changed(model, session);
        }
        Event::SessionRemoved { session } => removed(model, session),
        Event::Snapshot { snapshot } => {
            news::snapshot(model, &snapshot, false, cmds);
            arrive(model, *snapshot, cmds);
        }
        Event::History {
            session,
            turns,
            omitted,
        } => {
            if omitted > 0 {
                let text =
                    format!("{omitted} earlier turns are left out here · antiphon log has them");
                model.notify(Level::Info, text);
            }
            let chat = model.chats.entry(session).or_default();
            chat.replace(session, turns);
        }
        Event::TurnChanged { session, turn } => {
            if turn.state.is_over() {
                learning::stale(model, cmds);
            }
            model.chats.entry(session).or_default().changed(turn)
        }
        Event::Grew {
            session,
            turn,
            delta,
        } => {
            model.chats.entry(session).or_default().grew(turn, &delta);
        }
        Event::Screen(update) => {
            let session = update.session;
            screen(model, update, cmds);
            if !model.untaken.contains(&session) {
                model.untaken.push(session);
            }
        }
        Event::Budget { budget } => model.budget = budget,
        Event::Problems { problems } => model.take_problems(problems),
        Event::Notice {
            level,
            text,
            session,
        } => {
            let text = match session {
                Some(id) => format!("{}: {text}", model.name_of(id)),
                None => text,
            };
            model.notify(level, text);
        }
        Event::Bell { session } => {
            let text = format!("{} rings", model.name_of(session));
            model.notify(Level::Info, text);
        }
        Event::Clipboard { session, text } => {
            clipboard::from_program(model, session, text, cmds);
        }
        Event::Stopping => {
            // Asked for by somebody; whoever still looks is told when the connection ends.
            model.notify(Level::Info, "the engine stops");
        }
    }
}

/// A terminal shows something else; those who hold on to lines of it, or know places in it, are told.
fn screen(model: &mut Model, update: ScreenUpdate, cmds: &mut Vec<Cmd>) {
    let session = update.session;
    let terminal = model.terminals.entry(session).or_default();
    let before = (terminal.top, terminal.present());
    // The lines are moved into the picture; what the search needs of them is whether there are any.
    let changed = !update.lines.is_empty();
    let rest = ScreenUpdate {
        lines: Vec::new(),
        ..update
    };
    terminal.apply(ScreenUpdate {
        lines: update.lines,
        ..rest.clone()
    });
    if let Some(copying) = model.copying.as_mut().filter(|c| c.session == session) {
        let wanted = copying.screen(terminal);
        copying::ask(session, wanted, cmds);
    }
    seek::screen(model, before, (&rest, changed), cmds);
}

fn changed(model: &mut Model, session: SessionView) {
    let id = session.id;
    match model.sessions.iter_mut().find(|s| s.id == id) {
        Some(place) => *place = session,
        None => {
            model.sessions.push(session);
            if model.panes.selected().is_none() || std::mem::take(&mut model.await_new) {
                show(model, id);
            }
        }
    }
}

/// Gives a new session a pane of its own.
fn show(model: &mut Model, session: SessionId) {
    model.panes.select(session);
    model.panes.pin();
    model.panes.zoomed = false;
}

fn removed(model: &mut Model, session: SessionId) {
    let was_current = model.panes.selected() == Some(session);
    let at = model.sessions.iter().position(|s| s.id == session);
    model.sessions.retain(|s| s.id != session);
    model.chats.remove(&session);
    model.terminals.remove(&session);
    model.composers.remove(&session);
    model.told.sizes.remove(&session);
    model.told.denied.remove(&session);
    if model.copying.as_ref().is_some_and(|c| c.session == session) {
        model.copying = None;
    }
    model.marks.remove(&session);
    model.news.remove(&session);
    model.known_asks.retain(|(id, _)| *id != session);
    model.called.remove(&session);
    model.untaken.retain(|s| *s != session);
    let all_closed = model.panes.all_closed();
    model.panes.forget(session);
    if model.found.as_ref().is_some_and(|f| f.session == session) {
        model.found = None;
    }
    if was_current {
        model.mode = Mode::Normal;
    }
    if model.panes.selected().is_none() {
        let near = at.unwrap_or(0).min(model.sessions.len().saturating_sub(1));
        if let Some(next) = model.sessions.get(near).map(|s| s.id) {
            match all_closed {
                true => model.panes.point(next),
                false => model.panes.select(next),
            }
        }
    }
}

pub fn reply(
    model: &mut Model,
    purpose: Purpose,
    result: Result<Answer, Refusal>,
    cmds: &mut Vec<Cmd>,
) {
    let answer = match result {
        Ok(answer) => answer,
        Err(refusal) => return refused(model, purpose, refusal),
    };
    match (purpose, answer) {
        (Purpose::Snapshot, Answer::Snapshot(snapshot)) => {
            news::snapshot(model, &snapshot, true, cmds);
            arrive(model, *snapshot, cmds);
        }
        (Purpose::News { session, after }, Answer::Log(turns)) => {
            news::fetched(model, session, after, turns);
        }
        (Purpose::Create { draft_of }, Answer::Sessions(sessions)) => {
            let first = sessions.first().map(|session| session.id);
            for session in sessions {
                let id = session.id;
                changed(model, session);
                show(model, id);
            }
            model.await_new = false;
            model.layers.retain(|layer| !layer.creates());
            let draft = draft_of
                .and_then(|from| model.composers.get_mut(&from))
                .map(|composer| composer.take());
            if let (Some(draft), Some(first)) = (draft, first) {
                model.composers.entry(first).or_default().give_back(draft);
            }
        }
        (Purpose::Offers, Answer::Offers(offers)) => {
            for layer in &mut model.layers {
                if let Layer::Spawn(dialog) = layer {
                    dialog.offers_came(&offers);
                }
            }
            model.offers = Some(offers);
        }
        (Purpose::Models { session }, Answer::Models(models)) => {
            let Some(backend) = model.session(session).map(|s| s.backend.clone()) else {
                return;
            };
            for layer in &mut model.layers {
                if let Layer::Picker(picker) = layer {
                    picker.models_came(session, &backend, &models);
                }
            }
            model.models = models;
        }
        (Purpose::Stats, Answer::Stats(stats)) => {
            model.layers.push(Layer::Stats(StatsView::new(stats)));
        }
        (
            purpose @ (Purpose::Learned { .. }
            | Purpose::Advice
            | Purpose::Results { .. }
            | Purpose::Learn),
            answer,
        ) => learning::came(model, purpose, answer, cmds),
        (Purpose::Suggest { session, prompt }, Answer::Suggestion(suggestion)) => {
            // Late, if the draft has changed since.
            if let Some(composer) = model.composers.get_mut(&session)
                && composer.text() == prompt
            {
                composer.suggestion = Some((prompt, suggestion));
            }
        }
        (Purpose::Rate { turn, rating }, _) => {
            let words = match rating {
                Rating::Good => "good".to_owned(),
                Rating::Bad => "bad".to_owned(),
                Rating::Stars(n) => format!("{n} of 5"),
            };
            let mut turns = model.chats.values().flat_map(|chat| &chat.turns);
            let of = turns.find(|shown| shown.turn.id == turn);
            let of = of.map_or_else(String::new, |shown| {
                let of = &shown.turn;
                let model = of.model.as_deref().unwrap_or(of.backend.as_str());
                format!(": {model}, {}", of.category)
            });
            model.notify(Level::Info, format!("{turn} rated {words}{of}"));
        }
        // A prompt is answered by a sentence where it was none, but feedback.
        (Purpose::Say | Purpose::Prompt { .. }, Answer::Text(text)) => {
            model.notify(Level::Info, text);
        }
        (Purpose::Broadcast { .. }, Answer::Turns(turns)) => {
            let text = format!("sent to {} {}", turns.len(), plural(turns.len(), "session"));
            model.notify(Level::Info, text);
        }
        (Purpose::Reload, Answer::Problems(problems)) => {
            if problems.is_empty() {
                model.notify(Level::Info, "the configuration was read; no problems");
            }
            model.take_problems(problems);
        }
        (Purpose::Copy, Answer::Text(text)) => copying::copied(model, text, cmds),
        (
            Purpose::Find {
                session,
                pattern,
                way,
            },
            Answer::Found(places),
        ) => seek::came(model, (session, pattern, way), places, cmds),
        (Purpose::RemoveWorktree { .. }, Answer::Worktrees(trees)) => {
            for tree in &trees {
                worktree::removed(model, tree);
            }
        }
        (Purpose::RestoreWorktree, Answer::Worktrees(trees)) => {
            for tree in &trees {
                worktree::restored(model, tree);
            }
        }
        (Purpose::Shutdown, _) => cmds.push(Cmd::Quit),
        _ => {}
    }
}

fn refused(model: &mut Model, purpose: Purpose, refusal: Refusal) {
    if let Purpose::RemoveWorktree { name, force } = purpose {
        return worktree::not_removed(model, name, force, refusal);
    }
    let mut text = refusal.to_string();
    match purpose {
        Purpose::Prompt { session, draft } => {
            let composer = model.composers.entry(session).or_default();
            if !composer.give_back(draft) {
                text.push_str(" · ↑ brings the prompt back");
            }
        }
        Purpose::Broadcast { text: unsent } => {
            model.unsent = unsent;
            if let Some(key) = model.keymap.hint(Action::Broadcast) {
                text.push_str(&format!(" · {key} has the text again"));
            }
        }
        // A suggestion that cannot be made is simply not there.
        Purpose::Suggest { .. } => return,
        // Its line says less, and stands all the same.
        Purpose::News { .. } => return,
        Purpose::Create { .. } => {
            model.await_new = false;
            for layer in &mut model.layers {
                layer.refused();
            }
        }
        _ => {}
    }
    model.notify(Level::Error, text);
}

/// The first sight of the house, or the first after the engine was gone.
fn arrive(model: &mut Model, snapshot: Snapshot, cmds: &mut Vec<Cmd>) {
    model.link = Link::Up;
    model.sessions = snapshot.sessions;
    model.budget = snapshot.budget;
    model.engine = Some(snapshot.engine);
    model.take_problems(snapshot.problems);
    learning::stale(model, cmds);
    let gone: Vec<SessionId> = model
        .panes
        .shown()
        .into_iter()
        .filter(|id| model.session(*id).is_none())
        .collect();
    for session in gone {
        model.panes.forget(session);
    }
    if let Some(left) = model.left.take() {
        let away = left.away();
        left.restore(model);
        news::arrived(model, away, cmds);
    }
    let news = std::mem::take(&mut model.news).into_iter();
    let stands = |id: SessionId| model.session(id).is_some_and(rests);
    model.news = news.filter(|(id, _)| stands(*id)).collect();
    if let Some(session) = model.panes.selected()
        && model.session(session).is_none()
    {
        model.panes.forget(session);
    }
    if model.panes.selected().is_none() {
        let mut newest: Vec<&SessionView> = model.sessions.iter().collect();
        newest.sort_by_key(|s| std::cmp::Reverse((s.since.max(s.created_at), s.id)));
        let fits = match model.size.0 {
            ..100 => 1,
            100..180 => 2,
            _ => 3,
        };
        model.panes = Panes::of(newest.iter().take(fits).map(|s| s.id));
    }
}

/// `1 session`, `2 sessions`.
pub fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}
