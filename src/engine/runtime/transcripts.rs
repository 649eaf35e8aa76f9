//! What programs in terminals are given so that they tell of themselves, and the following of their transcripts.

use super::super::agent::hooks::Give;
use super::super::agent::transcript::{Follower, News, Wanted};
use super::super::effect::{Effect, Input, To};
use super::super::state::State;
use super::gate::Outgoing;
use super::{Hands, Mail};
use crate::protocol::{Event, Level, SessionId};
use tokio::sync::mpsc;

/// The follower, which is started when there is something to follow.
pub struct Transcripts {
    follower: Option<Follower>,
    inbox: mpsc::Sender<Mail>,
}

impl Transcripts {
    pub fn new(inbox: mpsc::Sender<Mail>) -> Transcripts {
        Transcripts {
            follower: None,
            inbox,
        }
    }

    pub fn follow(&mut self, session: SessionId, start: u64, wanted: Wanted) {
        if self.follower.is_none() {
            let inbox = self.inbox.clone();
            // Called from the follower's own thread, which may wait.
            let tell = move |news: News| {
                let _ = inbox.blocking_send(Mail::Input(Input::Transcript { news }));
            };
            self.follower = Follower::start(tell)
                .map_err(|e| tracing::warn!("transcripts cannot be followed: {e}"))
                .ok();
        }
        if let Some(follower) = &self.follower {
            follower.follow(session, start, wanted);
        }
    }

    pub fn forget(&self, session: SessionId) {
        if let Some(follower) = &self.follower {
            follower.forget(session);
        }
    }
}

impl Hands {
    /// Gives a program what it tells of itself through, or follows what it writes.
    pub fn listen(&mut self, state: &State, effect: Effect) {
        match effect {
            Effect::Give { session, give } => self.give(state, session, &give),
            Effect::Follow {
                session,
                start,
                wanted,
            } => self.transcripts.follow(session, start, wanted),
            Effect::Forget { session } => {
                self.transcripts.forget(session);
                self.take_back(session);
            }
            _ => {}
        }
    }

    /// Writes the settings of a program that is started next; where that cannot be, it is started without.
    fn give(&mut self, state: &State, session: SessionId, give: &Give) {
        let Err(why) = give.write() else { return };
        tracing::warn!("settings of a program could not be written: {why}");
        self.processes.start_without(session, give.clone());
        let event = Event::Notice {
            level: Level::Warning,
            text: format!("it is started without hooks, its status is told by its title: {why}"),
            session: Some(session),
        };
        self.faces
            .send(state, Outgoing::Tell { to: To::All, event });
    }

    /// Removes the settings of a program that has ended.
    fn take_back(&self, session: SessionId) {
        let _ = std::fs::remove_file(self.paths.hooks_file(session.0));
    }
}
