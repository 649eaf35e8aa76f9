use super::*;
use crate::engine::effect::Timer;
use crate::engine::pty::PtyEvent;
use crate::protocol::{Category, Failure, Gauges, ProcessTree, Restart, Source};
use crate::store::SessionRow;

fn terminal(house: &mut House, restart: Restart) -> SessionId {
    let spec = SessionSpec {
        restart,
        command: vec!["prog".into()],
        ..SessionSpec::new("t", Backend::Terminal)
    };
    let effects = house.op(Op::Spawn { spec });
    assert!(effects.iter().any(|e| matches!(e, Effect::Start { .. })));
    let Some(Ok(Answer::Sessions(views))) = reply(&effects) else {
        panic!("no session");
    };
    started(house, views[0].id);
    views[0].id
}

fn started(house: &mut House, session: SessionId) {
    let epoch = house.state.sessions[&session].epoch;
    house.take(Input::Started {
        session,
        epoch,
        result: Ok(Some(42)),
    });
}

fn exit(
    house: &mut House,
    session: SessionId,
    code: Option<i32>,
    signal: Option<i32>,
) -> Option<i64> {
    let epoch = house.state.sessions[&session].epoch;
    let event = PtyEvent::Exited { code, signal };
    let effects = house.take(Input::Pty {
        session,
        epoch,
        event,
    });
    let now = house.now.ms;
    effects.iter().find_map(|e| match e {
        Effect::Arm {
            timer: Timer::Restart { .. },
            at,
        } => Some(at - now),
        _ => None,
    })
}

#[test]
fn a_terminals_status_is_not_guessed() {
    let mut house = House::new();
    let t = terminal(&mut house, Restart::Never);
    assert_eq!(
        (house.status(t), house.view(t).source),
        (Status::Unknown, Source::None)
    );
    assert_eq!(house.view(t).pid, Some(42));
}

#[test]
fn restart_follows_its_policy() {
    let rows = [
        (Restart::Never, Some(1), None, false),
        (Restart::OnFailure, Some(0), None, false),
        (Restart::OnFailure, Some(3), None, true),
        (Restart::OnFailure, None, Some(9), true),
        (Restart::Always, Some(0), None, true),
    ];
    for (policy, code, signal, again) in rows {
        let mut house = House::new();
        let t = terminal(&mut house, policy);
        assert_eq!(
            exit(&mut house, t, code, signal).is_some(),
            again,
            "{policy} {code:?}"
        );
        assert_eq!(house.status(t), Status::Ended { code, signal });
    }
}

#[test]
fn a_program_that_keeps_ending_is_left_alone() {
    let mut house = House::new();
    let t = terminal(&mut house, Restart::Always);
    let mut waits = Vec::new();
    for _ in 0..5 {
        waits.push(exit(&mut house, t, Some(1), None).expect("started again"));
        let epoch = house.state.sessions[&t].epoch;
        let timer = Timer::Restart { session: t, epoch };
        let effects = house.take(Input::Timer { timer });
        assert!(effects.iter().any(|e| matches!(e, Effect::Start { .. })));
        started(&mut house, t);
    }
    assert!(waits.windows(2).all(|w| w[1] > w[0]), "{waits:?} grow");
    assert_eq!(exit(&mut house, t, Some(1), None), None);
    assert!(house.view(t).note.as_deref().unwrap().contains("5 times"));
    let effects = house.op(Op::Restart { session: t });
    assert!(
        effects.iter().any(|e| matches!(e, Effect::Start { .. })),
        "by hand it can be"
    );
}

#[test]
fn a_restart_that_was_overtaken_does_nothing() {
    let mut house = House::new();
    let t = terminal(&mut house, Restart::Always);
    exit(&mut house, t, Some(1), None);
    let epoch = house.state.sessions[&t].epoch;
    house.op(Op::Restart { session: t });
    let timer = Timer::Restart { session: t, epoch };
    assert!(house.take(Input::Timer { timer }).is_empty());
}

#[test]
fn a_program_that_is_missing_is_one_clear_line() {
    let mut house = House::new();
    let spec = SessionSpec {
        command: vec!["nope".into()],
        ..SessionSpec::new("t", Backend::Terminal)
    };
    house.op(Op::Spawn { spec });
    let t = SessionId(1);
    let epoch = house.state.sessions[&t].epoch;
    let failure = Failure::new(Category::Missing, "`nope` is not on the PATH", "install it");
    house.take(Input::Started {
        session: t,
        epoch,
        result: Err(failure),
    });
    assert_eq!(
        house.status(t),
        Status::Failed {
            category: Category::Missing
        }
    );
    assert!(house.view(t).note.as_deref().unwrap().contains("nope"));
}

#[test]
fn after_a_restart_shells_come_back_and_commands_wait() {
    let row = |id: u64, name: &str, command: &[&str], restart| SessionRow {
        id: SessionId(id),
        spec: SessionSpec {
            command: command.iter().map(|&c| c.into()).collect(),
            restart,
            ..SessionSpec::new(name, Backend::Terminal)
        },
        parent: None,
        forked_at: None,
        head: None,
        created_at: 0,
        killed_at: None,
        agent_ref: None,
        status: Status::Unknown,
        gauges: Gauges::default(),
        note: None,
    };
    let store = Loaded {
        sessions: vec![
            row(1, "shell", &[], Restart::Never),
            row(2, "deploy", &["deploy"], Restart::Never),
            SessionRow {
                status: Status::Ended {
                    code: Some(3),
                    signal: None,
                },
                ..row(4, "build", &["make"], Restart::Never)
            },
            row(3, "server", &["serve"], Restart::Always),
        ],
        next_session: SessionId(5),
        ..empty_store()
    };
    let now = Now {
        ms: MIDNIGHT,
        midnight: MIDNIGHT,
    };
    let (state, effects) = recover(beginning(Config::default()), store, now);
    let begun: Vec<_> = effects
        .iter()
        .filter_map(|e| match e {
            Effect::Start { session, .. } => Some(session.0),
            _ => None,
        })
        .collect();
    assert_eq!(begun, [1, 3]);
    assert_eq!(state.sessions.len(), 4);
    let ended = &state.sessions[&SessionId(4)].view;
    let code = Status::Ended {
        code: Some(3),
        signal: None,
    };
    assert_eq!(ended.status, code, "how it ended is still known");
    assert!(state.sessions[&SessionId(2)].view.note.is_some());
}

#[test]
fn a_program_that_ended_before_its_start_was_told_stays_ended() {
    let mut house = House::new();
    let spec = SessionSpec::new("short", Backend::Terminal);
    let effects = house.op(Op::Spawn { spec });
    let Some(Ok(Answer::Sessions(views))) = reply(&effects) else {
        panic!("no session");
    };
    let t = views[0].id;
    exit(&mut house, t, Some(3), None);
    started(&mut house, t);
    let ended = Status::Ended {
        code: Some(3),
        signal: None,
    };
    assert_eq!((house.status(t), house.view(t).pid), (ended, None));
}

#[test]
fn faces_are_told_of_what_processes_use_when_it_is_worth_it() {
    let mut house = House::new();
    let t = terminal(&mut house, Restart::Never);
    let tree = |memory, cpu| ProcessTree {
        processes: 2,
        memory,
        cpu_percent: Some(cpu),
    };
    let rows = [
        (tree(100_000_000, 0.2), true),
        (tree(100_900_000, 0.4), false),
        (tree(100_900_000, 7.0), true),
        (tree(140_000_000, 7.0), true),
    ];
    for (tree, told) in rows {
        let trees = vec![(t, tree)];
        let effects = house.take(Input::Trees { trees });
        assert_eq!(!effects.is_empty(), told, "{tree:?}");
    }
    exit(&mut house, t, Some(0), None);
    assert_eq!(house.view(t).tree, None);
    let trees = vec![(t, tree(1, 1.0))];
    assert_eq!(
        house.take(Input::Trees { trees }),
        [],
        "it has ended meanwhile"
    );
}
