//! Whole lives of sessions as rows of inputs and effects: no tokio, no clock, no files.

mod acp;
mod budget;
mod claude;
mod fed;
mod folded;
mod forks;
mod learnt;
mod limits;
mod models;
mod records;
mod retry;
mod said;
mod seen;
mod supervision;
mod terminals;
mod turns;
mod worktrees;

use super::effect::{Effect, FaceId, Input, To};
use super::provider::StreamEvent;
use super::recover::{Beginning, recover};
use super::state::{Now, State};
use crate::catalog::Catalog;
use crate::config::Config;
use crate::protocol::{
    Answer, Backend, Cost, Delta, EngineStatus, Event, Op, Refusal, Request, SessionId,
    SessionSpec, SessionView, Status, Turn, TurnId, Usage,
};
use crate::store::{Loaded, Write};
use std::sync::Arc;

const FACE: FaceId = FaceId(1);
const MIDNIGHT: i64 = 1_000_000_000_000;

/// An engine with nothing in its store, and one face.
pub struct House {
    pub state: State,
    pub now: Now,
}

fn empty_store() -> Loaded {
    Loaded {
        sessions: vec![],
        turns: vec![],
        recovered: vec![],
        next_session: SessionId(1),
        next_turn: TurnId(1),
        next_broadcast: 1,
        known: vec![],
        next_evidence: 1,
        availability: vec![],
        adjustments: vec![],
        learnings: vec![],
        daily: None,
        counted: vec![],
        followed: vec![],
    }
}

fn beginning(config: Config) -> Beginning {
    Beginning {
        config: Arc::new(config),
        problems: vec![],
        catalog: Arc::new(Catalog::embedded().clone()),
        about: EngineStatus {
            pid: 1,
            version: "0".into(),
            socket: "/s".into(),
            store: "/d".into(),
            sessions: 0,
            faces: 0,
            started_at: 0,
        },
        cwd: "/home/ann/demo".into(),
        learner: Default::default(),
        written: 0,
        calibrated_at: None,
        corrections: Default::default(),
        factors: Default::default(),
        spent: Cost::default(),
    }
}

impl House {
    pub fn new() -> House {
        House::with(Config::default(), empty_store())
    }

    fn with(config: Config, store: Loaded) -> House {
        let now = Now {
            ms: MIDNIGHT + 1000,
            midnight: MIDNIGHT,
        };
        let (state, _) = recover(beginning(config), store, now);
        let mut house = House { state, now };
        house.take(Input::FaceJoined {
            face: FACE,
            events: true,
        });
        house
    }

    pub fn take(&mut self, input: Input) -> Vec<Effect> {
        self.now.ms += 1;
        super::handle(&mut self.state, input, self.now)
    }

    pub fn op(&mut self, op: Op) -> Vec<Effect> {
        self.take(Input::Request {
            face: FACE,
            id: 7,
            request: Request::Op(op),
        })
    }

    /// The answer to an op, which must be given at once.
    pub fn ask_for(&mut self, op: Op) -> Result<Answer, Refusal> {
        let effects = self.op(op);
        reply(&effects).expect("an answer")
    }

    fn spawn(&mut self, name: &str, backend: Backend) -> SessionId {
        let spec = SessionSpec::new(name, backend);
        match self.ask_for(Op::Spawn { spec }) {
            Ok(Answer::Sessions(views)) => views[0].id,
            other => panic!("no session: {other:?}"),
        }
    }

    fn ask(&mut self, session: SessionId, prompt: &str) -> (TurnId, Vec<Effect>) {
        let effects = self.op(Op::Ask {
            session,
            prompt: prompt.into(),
            suggested: false,
            attached: vec![],
        });
        match reply(&effects) {
            Some(Ok(Answer::Turns(turns))) => (turns[0].1, effects),
            other => panic!("no turn: {other:?}"),
        }
    }

    fn stream(&mut self, session: SessionId, event: StreamEvent) -> Vec<Effect> {
        let epoch = self.state.sessions[&session].epoch;
        self.take(Input::Stream {
            session,
            epoch,
            event,
        })
    }

    /// Streams a whole answer with this usage.
    fn answer(&mut self, session: SessionId, text: &str, usage: Usage) -> Vec<Effect> {
        self.stream(
            session,
            StreamEvent::Delta(Delta::Text { text: text.into() }),
        );
        self.stream(session, StreamEvent::Usage(usage));
        self.stream(session, StreamEvent::Ended { stop_reason: None })
    }

    fn view(&self, session: SessionId) -> &SessionView {
        &self.state.sessions[&session].view
    }

    fn turn(&self, turn: TurnId) -> &Turn {
        &self.state.turns[&turn]
    }

    fn status(&self, session: SessionId) -> Status {
        self.view(session).status.clone()
    }
}

pub fn reply(effects: &[Effect]) -> Option<Result<Answer, Refusal>> {
    effects.iter().find_map(|effect| match effect {
        Effect::Reply { result, .. } => Some(result.clone()),
        _ => None,
    })
}

fn streams(effects: &[Effect]) -> usize {
    let is_stream = |effect: &&Effect| matches!(effect, Effect::Stream { .. });
    effects.iter().filter(is_stream).count()
}

fn writes(effects: &[Effect]) -> Vec<&Write> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Write(write) => Some(write),
            _ => None,
        })
        .collect()
}

fn told(effects: &[Effect]) -> Vec<(&To, &Event)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Tell { to, event } => Some((to, event)),
            _ => None,
        })
        .collect()
}

fn usage(input: u64, output: u64) -> Usage {
    Usage {
        input,
        output,
        ..Usage::default()
    }
}
