//! What happens in sessions against what rings, and what waits in the inbox until it is seen.

use super::inbox::{DOCS, PARSER};
use super::*;
use crate::faces::tui::views::tests::inbox::asked;
use crate::faces::tui::views::tests::picture;

fn changed(model: &mut Model, id: SessionId, change: impl Fn(&mut SessionView)) -> Vec<Cmd> {
    let mut session = model.session(id).unwrap().clone();
    change(&mut session);
    update(model, Msg::Event(Event::SessionChanged { session }))
}

fn finish(session: &mut SessionView) {
    session.status = Status::Idle;
    session.gauges.turns += 1;
    session.head = Some(TurnId(9));
    session.since += 1;
}

fn rung(cmds: &[Cmd]) -> (usize, Vec<&str>) {
    let bells = cmds.iter().filter(|cmd| **cmd == Cmd::Bell).count();
    let texts = cmds.iter().filter_map(|cmd| match cmd {
        Cmd::Notify(text) => Some(text.as_str()),
        _ => None,
    });
    (bells, texts.collect())
}

#[test]
fn a_question_rings_once_unless_one_looks_at_it() {
    let ask = |session: &mut SessionView| {
        session.status = Status::NeedsYou;
        let detail = "rm\u{1b}[2J -rf; now\nsecond line";
        session.asks = vec![asked(7, AskKind::Approval, "Bash", detail)];
    };
    for (focused, touched, selected, rings) in [
        (Some(true), None, PARSER, false),
        (Some(true), None, PRIMER, true),
        (Some(false), Some(60_000), PARSER, true),
        // A terminal that does not tell: whoever pressed a key a moment ago is there.
        (None, Some(59_000), PARSER, false),
        (None, Some(1_000), PARSER, true),
        (None, None, PARSER, true),
    ] {
        let mut model = house((80, 24));
        model.now = 60_000;
        (model.focused, model.touched) = (focused, touched);
        model.panes.select(selected);
        let cmds = changed(&mut model, PARSER, ask);
        let text = "parser wants to run Bash · rm[2J -rf; now";
        let expected = if rings { (1, vec![text]) } else { (0, vec![]) };
        assert_eq!(rung(&cmds), expected, "{focused:?} {touched:?}");
        model.focused = Some(false);
        let again = changed(&mut model, PARSER, |s| s.since += 1);
        assert_eq!(rung(&again).0, 0, "never twice");
        // A second question besides calls only whom the first has not.
        let cmds = changed(&mut model, PARSER, |s| {
            s.asks.push(asked(8, AskKind::Login, "", ""));
        });
        assert_eq!(rung(&cmds).0, usize::from(!rings));
        changed(&mut model, PARSER, |s| {
            s.asks.clear();
            s.status = Status::Working;
        });
        let cmds = changed(&mut model, PARSER, |s| {
            s.asks.push(asked(9, AskKind::Login, "", ""));
        });
        assert_eq!(rung(&cmds).0, 1, "answered, and asked anew");
    }
}

#[test]
fn what_rang_before_it_was_said_does_not_ring_again() {
    let waits = |session: &mut SessionView| session.status = Status::NeedsYou;
    let asks = |session: &mut SessionView| {
        session.asks = vec![asked(7, AskKind::Approval, "Bash", "ls")];
    };
    let done = |session: &mut SessionView| {
        session.asks.clear();
        session.status = Status::Working;
    };
    // A structured agent is about to say it; a program in a terminal may say no more.
    for (id, rings) in [(PARSER, [0, 1, 0, 0, 0, 1]), (SHELL, [1, 0, 0, 0, 1, 0])] {
        let mut model = house((80, 24));
        let cleared = |session: &mut SessionView| session.asks.clear();
        let changes: [&dyn Fn(&mut SessionView); 6] =
            [&waits, &asks, &cleared, &done, &waits, &asks];
        let heard = changes.map(|change| rung(&changed(&mut model, id, change)).0);
        assert_eq!(heard, rings, "{id}");
    }
}

#[test]
fn what_rings_is_chosen() {
    use crate::config::NotifyOn;
    let failed = |session: &mut SessionView| {
        session.status = Status::Failed {
            category: Category::Auth,
        };
    };
    let limited = |session: &mut SessionView| session.status = Status::Limited { until: None };
    type Change = fn(&mut SessionView);
    let changes: [(Change, NotifyOn, &str); 3] = [
        (finish, NotifyOn::Finished, "parser has finished"),
        (failed, NotifyOn::Failed, "parser has failed"),
        (limited, NotifyOn::Limited, "parser is limited"),
    ];
    for (change, on, text) in changes {
        for (wanted, bell, expected) in [
            (vec![], true, (0, vec![])),
            (vec![NotifyOn::NeedsYou], true, (0, vec![])),
            (vec![on], true, (1, vec![text])),
            (vec![on], false, (0, vec![text])),
        ] {
            let mut model = house((80, 24));
            model.settings.notify_on = wanted;
            model.settings.bell = bell;
            let cmds = changed(&mut model, PARSER, change);
            assert_eq!(rung(&cmds), expected, "{text}");
        }
    }
}

#[test]
fn what_ended_unseen_waits_in_the_inbox() {
    let mut model = house((80, 24));
    model.focused = Some(true);
    let cmds = changed(&mut model, PARSER, finish);
    let purpose = Purpose::News {
        session: PARSER,
        after: None,
    };
    let asks = |cmd: &Cmd| matches!(cmd, Cmd::Send { purpose: own, .. } if *own == purpose);
    assert!(cmds.iter().any(asks), "what it ended is asked for");
    let mut ended = turn(9, None, "the parser", "It is done.");
    ended.cost.priced = Nano(30_000_000);
    let result = Ok(Answer::Log(vec![ended.clone()]));
    update(&mut model, Msg::Reply { purpose, result });
    press(&mut model, "I j");
    let shown = picture(&model);
    assert!(
        shown.contains("finished  $0.03") && shown.contains("It is done."),
        "{shown}"
    );
    let sent = ops(press(&mut model, "4"));
    let rated = Op::Rate {
        turn: Some(TurnId(9)),
        rating: Rating::Stars(4),
        note: None,
    };
    assert_eq!(sent, [rated]);
    assert!(model.news.is_empty(), "rated is seen");
    // Seen where it happens, or as soon as it is looked at; gone when it goes on.
    model.layers.clear();
    changed(&mut model, PRIMER, |s| s.status = Status::Working);
    changed(&mut model, PRIMER, finish);
    assert!(model.news.is_empty());
    changed(&mut model, PARSER, |s| s.status = Status::Working);
    changed(&mut model, PARSER, finish);
    changed(&mut model, DOCS, |s| s.status = Status::Working);
    changed(&mut model, DOCS, finish);
    assert_eq!(model.news.len(), 2);
    changed(&mut model, PARSER, |s| s.status = Status::Working);
    assert_eq!(model.news.len(), 1);
    model.panes.select(DOCS);
    press(&mut model, "j k");
    assert!(model.news.is_empty());
    // What the user stopped is no news.
    changed(&mut model, PARSER, finish);
    ended.state = TurnState::Interrupted;
    let purpose = Purpose::News {
        session: PARSER,
        after: None,
    };
    let result = Ok(Answer::Log(vec![ended]));
    update(&mut model, Msg::Reply { purpose, result });
    assert!(model.news.is_empty());
}

#[test]
fn what_ended_while_no_face_was_there_is_told_by_the_next() {
    use crate::faces::tui::model::left::Left;
    let mut model = house((80, 24));
    let mut sessions = model.sessions.clone();
    for session in &mut sessions {
        session.since = if session.id == DOCS { 500 } else { 100 };
        session.head = Some(TurnId(9));
    }
    let snapshot = |sessions: &[SessionView]| Snapshot {
        sessions: sessions.to_vec(),
        budget: BudgetView::default(),
        engine: EngineStatus {
            pid: 1,
            version: String::new(),
            socket: "/s".into(),
            store: "/d".into(),
            sessions: 0,
            faces: 0,
            started_at: 0,
        },
        problems: vec![],
    };
    let arrive = |model: &mut Model, left| {
        model.news.clear();
        model.left = Some(left);
        let result = Ok(Answer::Snapshot(Box::new(snapshot(&sessions))));
        let purpose = Purpose::Snapshot;
        rung(&update(model, Msg::Reply { purpose, result })).0
    };
    let left = |at, news| Left {
        at,
        news,
        ..Left::default()
    };
    assert_eq!(arrive(&mut model, left(0, vec![])), 0);
    assert!(model.news.is_empty(), "the first face of all knows nothing");
    assert_eq!(
        arrive(&mut model, left(300, vec![])),
        0,
        "what was open does not ring"
    );
    assert_eq!(model.news.keys().collect::<Vec<_>>(), [&DOCS]);
    let broken = SessionId(7);
    arrive(&mut model, left(600, vec![broken, PARSER]));
    assert_eq!(
        model.news.keys().collect::<Vec<_>>(),
        [&broken],
        "parser works"
    );
    // An engine that came back set it to rest later than it ended.
    arrive(&mut model, left(300, vec![]));
    let mut old = turn(9, None, "p", "a");
    old.timings.ended_at = Some(200);
    let purpose = Purpose::News {
        session: DOCS,
        after: Some(300),
    };
    let result = Ok(Answer::Log(vec![old]));
    update(&mut model, Msg::Reply { purpose, result });
    assert!(model.news.is_empty());
}
