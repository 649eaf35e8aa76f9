//! Promise 1 at the level of the store: a process that writes ten streams is killed with SIGKILL in the middle,
//! again and again, and nothing it was told is stored is missing after.
//!
//! The victim is this test binary itself, run anew with the path of a store in its environment.

use antiphon::protocol::{
    Backend, Cost, Delta, Gauges, Origin, SessionId, SessionSpec, Timings, Turn, TurnId, TurnState,
    Usage, response_text,
};
use antiphon::store::{self, Journal, Loaded, SessionRow, Write};
use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::channel,
};

const STORE: &str = "ANTIPHON_TEST_VICTIM_STORE";
const STREAMS: u64 = 10;
/// Drafts of each answer until it ends.
const DRAFTS: u64 = 8;

/// What the child does when it is run by the test below.
#[test]
#[ignore = "it is run by the test that kills it"]
fn victim() {
    if let Some(path) = env::var_os(STORE) {
        let (journal, loaded) = store::open(Path::new(&path)).unwrap();
        write_forever(&journal, &loaded);
    }
}

/// Tells on standard output what was acknowledged: `draft TURN SEQ` and `done TURN`.
fn write_forever(journal: &Journal, loaded: &Loaded) {
    let mut next = loaded.next_turn.0;
    let mut streams: Vec<(Turn, u64)> = Vec::new();
    let (sender, acknowledged) = channel();
    loop {
        for session in streams.len() as u64 + 1..=STREAMS {
            let turn = turn(next, session);
            next += 1;
            let row = SessionRow {
                head: Some(turn.id),
                ..row(session)
            };
            journal.write(
                vec![Write::Session(row), Write::TurnStarted(turn.clone())],
                None,
            );
            streams.push((turn, 0));
        }
        for (turn, seq) in &mut streams {
            *seq += 1;
            let (writes, told) = match *seq {
                DRAFTS => {
                    turn.state = TurnState::Done;
                    antiphon::protocol::apply(&mut turn.blocks, &text("all of it"));
                    (
                        vec![Write::TurnEnded(turn.clone())],
                        format!("done {}", turn.id.0),
                    )
                }
                seq => {
                    let draft = Write::Draft {
                        turn: turn.id,
                        seq,
                        delta: text(&format!("{seq},")),
                    };
                    (vec![draft], format!("draft {} {seq}", turn.id.0))
                }
            };
            let sender = sender.clone();
            journal.write(
                writes,
                Some(Box::new(move |stored| {
                    stored.unwrap();
                    sender.send(told).unwrap();
                })),
            );
        }
        for _ in 0..STREAMS {
            println!("\n@{}", acknowledged.recv().unwrap());
        }
        for stream in &mut streams {
            if stream.0.state == TurnState::Done {
                *stream = (turn(next, stream.0.session.0), 0);
                next += 1;
                journal.write(vec![Write::TurnStarted(stream.0.clone())], None);
            }
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_to_sigkill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antiphon.db");
    let mut drafts: BTreeMap<u64, u64> = BTreeMap::new();
    let mut done: Vec<u64> = Vec::new();
    for round in 1..=6 {
        let mut victim = Command::new(env::current_exe().unwrap())
            .args(["--exact", "victim", "--ignored", "--nocapture"])
            .env(STORE, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(victim.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        // Killed at another point each time, amid the writes that follow what was told.
        let told: Vec<String> = lines
            .filter(|line| line.starts_with('@'))
            .take(round * 37)
            .collect();
        victim.kill().unwrap();
        victim.wait().unwrap();
        assert_eq!(told.len(), round * 37, "the victim ended by itself");
        for line in told {
            let words: Vec<&str> = line[1..].split(' ').collect();
            let turn: u64 = words[1].parse().unwrap();
            match words[0] {
                "done" => done.push(turn),
                _ => _ = drafts.insert(turn, words[2].parse().unwrap()),
            }
        }
        let (journal, loaded) = store::open(&path).unwrap();
        journal.close();
        assert_eq!(loaded.sessions.len() as u64, STREAMS);
        assert!(loaded.turns.iter().all(|turn| turn.state.is_over()));
        let found: BTreeMap<u64, &Turn> =
            loaded.turns.iter().map(|turn| (turn.id.0, turn)).collect();
        for turn in &done {
            assert_eq!(found[turn].state, TurnState::Done);
            assert_eq!(response_text(&found[turn].blocks), "all of it");
        }
        for (turn, seq) in &drafts {
            let answer = response_text(&found[turn].blocks);
            let expected: String = (1..=*seq).map(|n| format!("{n},")).collect();
            let whole = found[turn].state == TurnState::Done && answer == "all of it";
            assert!(
                whole || answer.starts_with(&expected),
                "t{turn} holds `{answer}`, told `{expected}`"
            );
        }
    }
    assert!(done.len() > 10);
}

fn text(text: &str) -> Delta {
    Delta::Text { text: text.into() }
}

fn row(id: u64) -> SessionRow {
    SessionRow {
        id: SessionId(id),
        spec: SessionSpec::new(format!("s{id}"), Backend::Rehearsal),
        parent: None,
        forked_at: None,
        head: None,
        created_at: 0,
        killed_at: None,
        agent_ref: None,
        status: antiphon::protocol::Status::Idle,
        gauges: Gauges::default(),
        note: None,
    }
}

fn turn(id: u64, session: u64) -> Turn {
    Turn {
        id: TurnId(id),
        parent: None,
        session: SessionId(session),
        prompt: "go on".into(),
        origin: Origin::Typed,
        blocks: vec![],
        state: TurnState::Streaming,
        backend: Backend::Rehearsal,
        model: None,
        usage: Usage::default(),
        cost: Cost::default(),
        timings: Timings::default(),
        rating: None,
        category: "other".into(),
        agent_ref: None,
        attached: Vec::new(),
        attempts: Vec::new(),
        price: None,
        receipt: Default::default(),
    }
}
