//! A session as the engine has it.

use super::effect::{Effect, To};
use super::feed::{Prompt, Ready};
use super::reports::Told;
use super::state::Now;
use super::status::Rungs;
use crate::protocol::{
    AskId, Backend, Delta, Event, Millis, Nano, SessionSpec, SessionView, Source, Status, TurnId,
};
use crate::store::{SessionRow, Write};
use std::collections::{HashMap, VecDeque};

/// A session, with what only the engine needs to know of it.
pub struct Session {
    pub view: SessionView,
    pub spec: SessionSpec,
    /// Raised whenever a process or a stream is started or given up.
    pub epoch: u64,
    pub running: Option<Running>,
    /// Turns accepted and not sent, in order.
    pub queue: VecDeque<TurnId>,
    /// Where the first of the queue goes instead of to the session's own model.
    pub detour: Option<Detour>,
    /// Whether a subscription pays for what the agent uses.
    pub plan: bool,
    /// Whether the first of the queue may be sent whatever the budget says.
    pub allowed: bool,
    /// The first of the queue is held until this question is answered.
    pub held: Option<AskId>,
    /// What the agent calls the questions that are open.
    pub agent_asks: HashMap<AskId, String>,
    pub process: Alive,
    /// Whether the process is being ended to be started anew.
    pub restart_when_gone: bool,
    /// When the process was started again by itself, lately.
    pub restarts: VecDeque<Millis>,
    /// The agent's own name of the conversation (Claude Code: a uuid).
    pub agent_ref: Option<String>,
    /// What the program of a terminal shows when it tells of itself; another at each start.
    pub ticket: String,
    /// Rows and columns of the pane that shows it, for a terminal.
    pub size: (u16, u16),
    /// What tells of the program in a terminal.
    pub rungs: Rungs,
    /// Whether that program takes prompts, and those that wait for it.
    pub ready: Ready,
    pub unfed: Vec<Prompt>,
    /// The question that stands on the program's own screen and can be answered only there.
    pub on_screen: Option<AskId>,
    /// What its program has told of itself.
    pub told: Told,
}

/// Whether a session's process is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alive {
    No,
    Starting,
    Yes,
}

/// A turn that is being answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    pub turn: TurnId,
    pub reserved: Nano,
    /// What has arrived since the last flush, neighbours joined.
    pub unwritten: Vec<Delta>,
    pub drafts: u64,
    /// Characters of text and thinking so far, for the running estimate.
    pub produced: usize,
    /// Whether its provider was asked how many tokens it has.
    pub counted: bool,
    /// Tries of its present model, this one included.
    pub tries: u32,
    /// How many models of its chain were gone to.
    pub hops: usize,
}

/// Another model that a prompt goes to because its own failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Detour {
    pub backend: Backend,
    pub model: String,
    pub hops: usize,
}

impl Running {
    pub fn new(turn: TurnId, reserved: Nano) -> Running {
        Running {
            turn,
            reserved,
            unwritten: Vec::new(),
            drafts: 0,
            produced: 0,
            counted: false,
            tries: 1,
            hops: 0,
        }
    }
}

impl Session {
    /// An event with the session as it is now, for every face.
    pub fn changed(&self) -> Effect {
        Effect::Tell {
            to: To::All,
            event: Event::SessionChanged {
                session: self.view.clone(),
            },
        }
    }

    pub fn set_status(&mut self, status: Status, source: Source, now: Now) {
        if self.view.status != status {
            self.view.since = now.ms;
        }
        self.view.status = status;
        self.view.source = source;
    }

    /// Whether a question is open besides the one on the program's own screen.
    pub fn asks_elsewhere(&self) -> bool {
        let mut asks = self.view.asks.iter();
        asks.any(|ask| self.on_screen != Some(ask.id))
    }

    /// What it is doing, as far as its own turns and questions tell.
    pub fn own_status(&self) -> Status {
        match (self.view.asks.is_empty(), &self.running) {
            (false, _) => Status::NeedsYou,
            (true, Some(_)) => Status::Working,
            (true, None) => Status::Idle,
        }
    }

    /// The session as the store keeps it.
    pub fn row(&self) -> Effect {
        Effect::Write(Write::Session(SessionRow {
            id: self.view.id,
            spec: self.spec.clone(),
            parent: self.view.parent,
            forked_at: self.view.forked_at,
            head: self.view.head,
            created_at: self.view.created_at,
            killed_at: None,
            agent_ref: self.agent_ref.clone(),
            status: self.view.status.clone(),
            gauges: self.view.gauges,
            note: self.view.note.clone(),
        }))
    }
}
