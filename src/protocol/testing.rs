//! Hand-made values for tests of any room.

use super::*;

/// An idle `rehearsal` session with nothing in it.
pub fn session(id: u64, name: &str) -> SessionView {
    SessionView {
        id: SessionId(id),
        name: name.into(),
        backend: Backend::Rehearsal,
        model: None,
        cwd: "/home/ann/demo".into(),
        group: None,
        command: vec![],
        restart: Restart::Never,
        parent: None,
        forked_at: None,
        head: None,
        status: Status::Idle,
        source: Source::Protocol,
        since: 0,
        gauges: Gauges::default(),
        asks: vec![],
        permission_mode: None,
        waiting: 0,
        pid: None,
        title: None,
        note: None,
        created_at: 0,
        agent: None,
        gauges_source: Source::Protocol,
        quotas: Vec::new(),
        tree: None,
        worktree: None,
        resume_at_reset: false,
    }
}

/// A finished turn that answers `prompt` with `answer`.
pub fn turn(id: u64, parent: Option<u64>, prompt: &str, answer: &str) -> Turn {
    Turn {
        id: TurnId(id),
        parent: parent.map(TurnId),
        session: SessionId(1),
        prompt: prompt.into(),
        origin: Origin::Typed,
        blocks: vec![Block::Text {
            text: answer.into(),
        }],
        state: TurnState::Done,
        backend: Backend::Rehearsal,
        model: None,
        usage: Usage::default(),
        cost: Cost::default(),
        timings: Timings::default(),
        rating: None,
        category: "other".into(),
        agent_ref: None,
        attached: vec![],
        attempts: vec![],
        price: None,
        receipt: Default::default(),
    }
}
