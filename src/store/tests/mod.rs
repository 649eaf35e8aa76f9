//! The store as its users see it: through a real file, with the writer left open where a death is played.

use super::*;
use crate::protocol::testing::turn;
use crate::protocol::{
    Backend, Block, Candidate, Category, Cost, Delta, Failure, Gauges, Nano, Origin, Rating, Seen,
    SessionId, SessionSpec, Status, Suggestion, Timings, ToolState, Turn, TurnId, TurnState, Usage,
};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};
use tempfile::TempDir;

mod figures;
mod keeping;
mod learnt;
mod recovery;
mod writer;

fn home() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data").join("antiphon.db");
    (folder, path)
}

fn row(id: u64, name: &str, head: Option<u64>) -> SessionRow {
    SessionRow {
        id: SessionId(id),
        spec: SessionSpec::new(name, Backend::Endpoint("groq".into())),
        parent: None,
        forked_at: None,
        head: head.map(TurnId),
        created_at: 5,
        killed_at: None,
        agent_ref: None,
        status: Status::Limited { until: Some(9) },
        gauges: Gauges {
            context_used: Some(9),
            ..Gauges::default()
        },
        note: None,
    }
}

fn text(text: &str) -> Delta {
    Delta::Text { text: text.into() }
}

fn asked(id: u64, parent: Option<u64>, session: u64, state: TurnState) -> Turn {
    Turn {
        session: SessionId(session),
        state,
        blocks: vec![],
        ..turn(id, parent, "why", "")
    }
}

fn seen(name: &str, layer: &str, weight: f64) -> Seen {
    Seen {
        name: name.into(),
        layer: layer.into(),
        weight,
    }
}

fn told(journal: &Journal, writes: Vec<Write>) -> Receiver<std::result::Result<(), String>> {
    let (sender, receiver) = channel();
    let ack: Ack = Box::new(move |result| sender.send(result).unwrap());
    journal.write(writes, Some(ack));
    receiver
}

fn store(journal: &Journal, writes: Vec<Write>) {
    let answer = told(journal, writes).recv_timeout(Duration::from_secs(20));
    answer.expect("acknowledged in time").expect("stored");
}

fn answer_of(turn: &Turn) -> String {
    crate::protocol::response_text(&turn.blocks)
}
