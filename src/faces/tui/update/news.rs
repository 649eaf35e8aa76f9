//! What is worth the user's attention when it happens: lines for the inbox, the bell, notifications.

use crate::config::NotifyOn;
use crate::faces::tui::model::inbox::{News, is_news, is_told, rests};
use crate::faces::tui::model::{Model, needs_you};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::update::{Cmd, Purpose, query};
use crate::faces::tui::views::asked;
use crate::protocol::{AskId, Millis, Query, SessionId, SessionView, Snapshot, Status, Turn};

/// The longest notification, in cells.
const LONGEST: usize = 120;

/// A session is about to be changed into `after`.
pub fn changed(model: &mut Model, after: &SessionView, cmds: &mut Vec<Cmd>) {
    let Some(before) = model.session(after.id).cloned() else {
        // A new one: only what it asks is news.
        return ask_rings(model, after, cmds);
    };
    ask_rings(model, after, cmds);
    if matches!(
        after.status,
        Status::Working | Status::Starting | Status::NeedsYou
    ) {
        model.news.remove(&after.id);
    }
    if !is_news(&before, after) || model.looks_at(after.id) {
        return;
    }
    let (on, word) = match after.status {
        Status::Failed { .. } => (NotifyOn::Failed, "has failed"),
        Status::Limited { .. } => (NotifyOn::Limited, "is limited"),
        Status::Ended { code: Some(0), .. } => (NotifyOn::Finished, "has ended"),
        Status::Ended { .. } => (NotifyOn::Failed, "has ended"),
        _ => (NotifyOn::Finished, "has finished"),
    };
    tell(model, after, None, cmds);
    let words = format!("{} {word}", after.name);
    ring(model, on, &words, cmds);
}

/// A line of the inbox, and what the turn was that ended.
fn tell(model: &mut Model, session: &SessionView, after: Option<Millis>, cmds: &mut Vec<Cmd>) {
    let news = News {
        since: session.since,
        turn: None,
    };
    model.news.insert(session.id, news);
    let head = session.head.filter(|_| session.backend.is_chat());
    if let Some(turn) = head {
        let purpose = Purpose::News {
            session: session.id,
            after,
        };
        cmds.push(query(Query::Turn { turn }, purpose));
    }
}

/// The turn of a line has come.
pub fn fetched(model: &mut Model, id: SessionId, after: Option<Millis>, turns: Vec<Turn>) {
    let head = model.session(id).and_then(|s| s.head);
    let Some(turn) = turns.into_iter().next().filter(|t| Some(t.id) == head) else {
        return;
    };
    if !is_told(&turn, after) {
        model.news.remove(&id);
    } else if let Some(news) = model.news.get_mut(&id) {
        news.turn = Some(turn);
    }
}

/// The first sight of the house: what ended while nobody looked. `away`: since when, and what was unseen before.
pub fn arrived(model: &mut Model, away: Option<(Millis, Vec<SessionId>)>, cmds: &mut Vec<Cmd>) {
    let Some((since, unseen)) = away else { return };
    let ended: Vec<(SessionView, bool)> = (model.sessions.iter())
        .filter(|session| rests(session))
        .map(|session| (session.clone(), unseen.contains(&session.id)))
        .filter(|(session, unseen)| *unseen || session.since > since)
        .collect();
    for (session, unseen) in ended {
        // What an engine that starts anew sets back to rest is no news.
        let after = (!unseen).then_some(since);
        tell(model, &session, after, cmds);
    }
}

/// Questions of a whole house anew: those that are not known yet ring, unless it is seen for the first time.
pub fn snapshot(model: &mut Model, snapshot: &Snapshot, first: bool, cmds: &mut Vec<Cmd>) {
    for session in &snapshot.sessions {
        match first {
            true => drop(fresh(model, session)),
            false => ask_rings(model, session, cmds),
        }
    }
}

/// Stands for a session that needs the user and does not say what for.
const UNSAID: AskId = AskId(0);

/// What it asks that is not known yet; known from now on.
fn fresh(model: &mut Model, session: &SessionView) -> Vec<AskId> {
    let mut open: Vec<AskId> = session.asks.iter().map(|ask| ask.id).collect();
    // A structured agent says that it waits a moment before it says what for.
    if open.is_empty() && needs_you(session) && !session.backend.is_chat() {
        open.push(UNSAID);
    }
    if open.is_empty() {
        model.called.remove(&session.id);
    }
    let known = &mut model.known_asks;
    known.retain(|(id, ask)| *id != session.id || open.contains(ask));
    open.retain(|ask| known.insert((session.id, *ask)));
    open
}

fn ask_rings(model: &mut Model, session: &SessionView, cmds: &mut Vec<Cmd>) {
    let fresh = fresh(model, session);
    let Some(newest) = fresh.last() else { return };
    // Who was called once is not called again for what is asked besides.
    if model.looks_at(session.id) || !model.called.insert(session.id) {
        return;
    }
    let ask = session.asks.iter().find(|ask| ask.id == *newest);
    let words = match ask {
        Some(ask) => {
            let first = ask.detail.trim_start().lines().next().unwrap_or_default();
            format!("{} {} · {first}", session.name, asked::title(ask))
        }
        None => format!("{} needs you", session.name),
    };
    ring(model, NotifyOn::NeedsYou, &words, cmds);
}

fn ring(model: &Model, on: NotifyOn, words: &str, cmds: &mut Vec<Cmd>) {
    if !model.settings.notify_on.contains(&on) {
        return;
    }
    if model.settings.bell {
        cmds.push(Cmd::Bell);
    }
    cmds.push(Cmd::Notify(fit(&sanitise::line(words), LONGEST)));
}
