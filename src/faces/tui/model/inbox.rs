//! What waits for the user in all sessions: open questions first, then what has ended unseen, each oldest first.

use crate::faces::tui::model::{Model, layout, needs_you};
use crate::protocol::{
    Ask, AskId, Block, Millis, SessionId, SessionView, Status, ToolState, Turn, TurnState,
};
use std::collections::BTreeSet;

/// How long after a key one is taken to be there, where the terminal does not tell its focus.
const THERE: Millis = 30_000;

/// A line of the inbox.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    Ask(&'a SessionView, &'a Ask),
    /// It waits for something that it shows itself.
    Needs(&'a SessionView),
    /// It has ended something, or was stopped, since the user last looked.
    News(&'a SessionView, &'a News),
}

/// Something that ended unseen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    pub since: Millis,
    /// What it ended, once it was fetched.
    pub turn: Option<Turn>,
}

/// Which line is meant, also after others came and went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub session: SessionId,
    pub ask: Option<AskId>,
}

impl Entry<'_> {
    pub fn session(&self) -> &SessionView {
        match self {
            Entry::Ask(session, _) | Entry::Needs(session) | Entry::News(session, _) => session,
        }
    }

    pub fn place(&self) -> Place {
        Place {
            session: self.session().id,
            ask: match self {
                Entry::Ask(_, ask) => Some(ask.id),
                _ => None,
            },
        }
    }

    pub fn since(&self) -> Millis {
        match self {
            Entry::Ask(_, ask) => ask.since,
            Entry::Needs(session) => session.since,
            Entry::News(_, news) => news.since,
        }
    }
}

impl Model {
    /// Every line of the inbox.
    pub fn inbox(&self) -> Vec<Entry<'_>> {
        let mut asks: Vec<Entry> = Vec::new();
        for session in &self.sessions {
            asks.extend(session.asks.iter().map(|ask| Entry::Ask(session, ask)));
            if session.asks.is_empty() && session.status == Status::NeedsYou {
                asks.push(Entry::Needs(session));
            }
        }
        asks.sort_by_key(|entry| (entry.since(), entry.place().ask));
        let news = self.news.iter();
        let news = news.filter_map(|(id, news)| Some(Entry::News(self.session(*id)?, news)));
        let mut news: Vec<Entry> = news.collect();
        news.sort_by_key(Entry::since);
        asks.extend(news);
        asks
    }

    /// Open questions, and things that ended unseen.
    pub fn inbox_counts(&self) -> (usize, usize) {
        let asks = self
            .sessions
            .iter()
            .map(|session| match needs_you(session) {
                true => session.asks.len().max(1),
                false => 0,
            });
        (asks.sum(), self.news.len())
    }

    /// Whether somebody looks at the screen: as the terminal says, or else by the last key.
    pub fn attended(&self) -> bool {
        match self.focused {
            Some(focused) => focused,
            None => self.touched.is_some_and(|at| self.now - at < THERE),
        }
    }

    /// Whether the user is looking at that session: in the focused pane.
    pub fn looks_at(&self, session: SessionId) -> bool {
        let screen = layout::screen(self);
        let focused = screen.panes.iter().find(|pane| pane.focused);
        self.attended() && focused.is_some_and(|pane| pane.session == session)
    }

    /// What is on the screen while somebody looks at it is news no more.
    pub fn forget_seen(&mut self) {
        if self.news.is_empty() || !self.attended() {
            return;
        }
        for pane in layout::screen(self).panes {
            self.news.remove(&pane.session);
        }
    }
}

/// Whether a session that was so is news now that it is so.
pub fn is_news(before: &SessionView, after: &SessionView) -> bool {
    let was_at_it = matches!(before.status, Status::Working | Status::NeedsYou);
    match after.status {
        // A chat's turn is over; a program in a terminal tells nothing but that it rests.
        Status::Idle => {
            let ended = after.gauges.turns > before.gauges.turns || !after.backend.is_chat();
            was_at_it && ended && after.waiting == 0
        }
        Status::Failed { .. } | Status::Limited { .. } | Status::Ended { .. } => {
            after.status != before.status
        }
        Status::Starting | Status::Working | Status::NeedsYou | Status::Unknown => false,
    }
}

/// Whether a session is at rest, so that what it ended is worth telling.
pub fn rests(session: &SessionView) -> bool {
    let ended = session.gauges.turns > 0 || !session.backend.is_chat();
    match session.status {
        Status::Idle => ended && session.asks.is_empty(),
        Status::Failed { .. } | Status::Limited { .. } | Status::Ended { .. } => true,
        Status::Starting | Status::Working | Status::NeedsYou | Status::Unknown => false,
    }
}

/// How many files a turn's tools have written.
pub fn files_written(turn: &Turn) -> usize {
    let mut files = BTreeSet::new();
    for block in &turn.blocks {
        let Block::Tool {
            name, input, state, ..
        } = block
        else {
            continue;
        };
        let name = name.to_lowercase();
        let writes = ["edit", "write", "patch"].iter().any(|w| name.contains(w));
        if !writes || *state != ToolState::Done {
            continue;
        }
        let input: serde_json::Value = serde_json::from_str(input).unwrap_or_default();
        let paths = ["file_path", "notebook_path", "path"];
        let path = paths.iter().find_map(|key| input[*key].as_str());
        files.extend(path.map(str::to_owned));
    }
    files.len()
}

/// Whether the turn of news is what ended: not stopped by the user, and after `since` where that is known.
pub fn is_told(turn: &Turn, since: Option<Millis>) -> bool {
    let fresh = match (since, turn.timings.ended_at) {
        (Some(since), Some(ended)) => ended > since,
        _ => true,
    };
    fresh && turn.state != TurnState::Interrupted
}
