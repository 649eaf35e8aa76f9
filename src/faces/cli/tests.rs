//! Commands against an engine that says what it is told to.

use crate::faces::cli::out::{Outcome, Stop};
use crate::faces::cli::testing::{only, run, snapshot};
use crate::protocol::testing::{session, turn};
use crate::protocol::*;

fn house() -> Vec<SessionView> {
    let mut critic = session(2, "critic");
    critic.parent = Some(SessionId(1));
    critic.asks.push(Ask {
        id: AskId(7),
        kind: AskKind::Approval,
        title: "Bash".into(),
        detail: "cargo test".into(),
        since: 0,
        choices: vec![],
        multiple: false,
        always: true,
        on_screen: false,
    });
    critic.status = Status::NeedsYou;
    let mut shell = session(3, "shell");
    shell.backend = Backend::Terminal;
    vec![session(1, "primer"), critic, shell]
}

fn changed(turn: Turn) -> Event {
    Event::TurnChanged {
        session: turn.session,
        turn,
    }
}

fn grew(text: &str) -> Event {
    Event::Grew {
        session: SessionId(1),
        turn: TurnId(5),
        delta: Delta::Text { text: text.into() },
    }
}

/// An engine that answers every prompt as t5 with "one two".
fn willing(request: &Request) -> (Vec<Event>, Result<Answer, Refusal>, Vec<Event>) {
    match request {
        Request::Query(Query::Snapshot) => only(snapshot(house())),
        Request::Op(Op::Ask { .. } | Op::Relay { .. }) => {
            let turns = vec![(SessionId(1), TurnId(5))];
            let end = changed(turn(5, None, "hi", "one \u{1b}\u{9b}two"));
            // What comes before the reply is not lost, and no escape gets through.
            let before = vec![grew("one"), grew(" \u{1b}")];
            (
                before,
                Ok(Answer::Turns(turns)),
                vec![grew("\u{9b}two"), end],
            )
        }
        Request::Op(Op::Broadcast { .. }) => {
            let turns = vec![(SessionId(1), TurnId(5)), (SessionId(2), TurnId(6))];
            let mut failed = turn(6, None, "hi", "");
            failed.session = SessionId(2);
            failed.state =
                TurnState::Failed(Failure::new(Category::Auth, "the key is refused", "set it"));
            let events = vec![changed(failed), changed(turn(5, None, "hi", "one"))];
            (vec![], Ok(Answer::Turns(turns)), events)
        }
        Request::Op(_) => only(Answer::Done),
        Request::Query(Query::Turn { .. }) => {
            only(Answer::Log(vec![turn(5, None, "hi", "one\u{1b}[31m two")]))
        }
        Request::Query(Query::Log { .. } | Query::LogByName { .. }) => {
            only(Answer::Log(vec![turn(
                5,
                None,
                "hi",
                "one\u{1b}]0;x\u{7} two",
            )]))
        }
        Request::Query(_) => (vec![], Err(Refusal::new("not today", "come back")), vec![]),
    }
}

fn what(outcome: Outcome) -> String {
    match outcome {
        Err(Stop::Error(error)) => format!("{} | {}", error.what, error.next),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_answer_is_printed_as_it_grows() {
    let (outcome, page, seen) = run(&["ask", "primer", "hi"], willing).await;
    outcome.unwrap();
    assert_eq!(page, "one two\n");
    let watched = seen
        .iter()
        .position(|r| matches!(r, Request::Op(Op::Watch { .. })));
    let asked = seen
        .iter()
        .position(|r| matches!(r, Request::Op(Op::Ask { .. })));
    assert!(
        watched.unwrap() < asked.unwrap(),
        "events could be missed: {seen:?}"
    );
    let (outcome, page, _) = run(&["relay", "critic", "s1", "--wait"], willing).await;
    outcome.unwrap();
    assert_eq!(page, "one two\n");
}

#[tokio::test]
async fn what_is_attached_goes_by_its_whole_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.png");
    std::fs::write(&file, "x").unwrap();
    let beside = format!("{}/./x.png", folder.path().display());
    let (outcome, _, seen) = run(&["ask", "primer", "hi", "--attach", &beside], willing).await;
    outcome.unwrap();
    let asked = seen.iter().find_map(|request| match request {
        Request::Op(Op::Ask { attached, .. }) => Some(attached.clone()),
        _ => None,
    });
    assert_eq!(asked.unwrap(), [file.canonicalize().unwrap()]);
    let place = folder.path().display().to_string();
    let (outcome, ..) = run(&["ask", "primer", "hi", "--attach", &place], willing).await;
    assert!(what(outcome).starts_with("this is not a file"));
    let (outcome, ..) = run(&["ask", "shell", "hi", "--attach", &beside], willing).await;
    assert!(what(outcome).starts_with("shell is a terminal"));
}

#[tokio::test]
async fn data_comes_as_json_that_can_be_read_back() {
    let (outcome, page, _) = run(&["ask", "primer", "hi", "--json"], willing).await;
    outcome.unwrap();
    assert_eq!(serde_json::from_str::<Turn>(&page).unwrap().id, TurnId(5));
    let (_, page, _) = run(&["ask", "primer", "hi", "--async", "--json"], willing).await;
    let value: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(value, serde_json::json!({ "session": 1, "turn": 5 }));
    let (_, page, _) = run(&["list", "--json"], willing).await;
    assert_eq!(
        serde_json::from_str::<Vec<SessionView>>(&page).unwrap(),
        house()
    );
    let (_, page, _) = run(&["log", "primer", "--json"], willing).await;
    assert_eq!(serde_json::from_str::<Vec<Turn>>(&page).unwrap().len(), 1);
}

#[tokio::test]
async fn an_async_turn_is_named_and_polled() {
    let (_, page, _) = run(&["ask", "primer", "hi", "--async"], willing).await;
    assert_eq!(page, "t5\n");
    let (outcome, page, _) = run(&["poll", "t5", "--wait"], willing).await;
    outcome.unwrap();
    assert_eq!(page, "one[31m two\n");
}

#[tokio::test]
async fn a_terminal_is_typed_into() {
    let (outcome, page, seen) = run(&["ask", "shell", "ls"], willing).await;
    outcome.unwrap();
    assert_eq!(page, "");
    let session = SessionId(3);
    let expected = Request::Op(Op::Paste {
        session,
        text: "ls".into(),
        submit: true,
    });
    assert_eq!(seen[1..], [expected]);
}

#[tokio::test]
async fn a_failed_turn_is_a_failed_command() {
    let (outcome, page, _) = run(
        &["broadcast", "hi", "--to", "primer,critic", "--wait"],
        willing,
    )
    .await;
    assert!(matches!(outcome, Err(Stop::Failed)));
    assert_eq!(page, "primer  t5  $0\none\n\ncritic  t6  $0\n\n\n");
    let (_, page, seen) = run(&["broadcast", "hi", "--to", "primer,s1,critic"], willing).await;
    assert_eq!(page, "t5  primer\nt6  critic\n");
    let to = Audience::Sessions(vec![SessionId(1), SessionId(2)]);
    assert_eq!(
        seen[1],
        Request::Op(Op::Broadcast {
            to,
            prompt: "hi".into()
        })
    );
}

#[tokio::test]
async fn the_tree_is_listed_and_no_escape_gets_through() {
    let (_, page, _) = run(&["list"], willing).await;
    let lines: Vec<&str> = page.lines().collect();
    assert!(lines[1].starts_with("primer    s1  idle"), "{page}");
    assert!(
        lines[2].starts_with("└─critic  s2  needs you: Bash"),
        "{page}"
    );
    for line in [
        ["log", "primer"],
        ["export", "primer"],
        ["status", "critic"],
    ] {
        let (outcome, page, _) = run(&line, willing).await;
        outcome.unwrap();
        assert!(
            !page.contains(|c: char| c.is_control() && c != '\n'),
            "{page:?}"
        );
    }
}

#[tokio::test]
async fn a_question_is_answered() {
    let (outcome, _, seen) = run(
        &["respond", "critic", "no", "--message", "use nextest"],
        willing,
    )
    .await;
    outcome.unwrap();
    let decision = Decision::No {
        message: "use nextest".into(),
    };
    let (session, ask) = (SessionId(2), AskId(7));
    assert_eq!(
        seen[1],
        Request::Op(Op::Respond {
            session,
            ask,
            decision
        })
    );
    let (outcome, ..) = run(&["respond", "primer", "once"], willing).await;
    assert!(what(outcome).starts_with("primer asks nothing"));
}

#[tokio::test]
async fn the_inbox_lists_what_waits() {
    fn waiting(_: &Request) -> (Vec<Event>, Result<Answer, Refusal>, Vec<Event>) {
        let mut sessions = house();
        sessions[0].status = Status::Failed {
            category: Category::Auth,
        };
        let mut asks = sessions[1].asks.clone();
        asks[0].id = AskId(9);
        asks[0].kind = AskKind::Question;
        asks[0].detail = "Which \u{1b}[2Jcolour?".into();
        asks[0].choices = ["Red", "Blue"]
            .map(|label| Choice {
                label: label.into(),
                detail: String::new(),
            })
            .to_vec();
        sessions[1].asks.extend(asks);
        only(snapshot(sessions))
    }
    let (outcome, page, _) = run(&["inbox"], waiting).await;
    outcome.unwrap();
    for text in [
        "once|always|no",
        "Bash: cargo test",
        "1 Red  2 Blue",
        "failed: auth",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains('\u{1b}'));
    let (outcome, page, _) = run(&["inbox", "--json"], waiting).await;
    outcome.unwrap();
    let rows: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(rows[1]["name"], "critic");
    assert_eq!(rows[1]["ask"]["choices"][1]["label"], "Blue");
    assert_eq!(rows.as_array().unwrap().len(), 3);
    for (line, decision) in [
        (&["respond", "critic", "2", "--ask", "9"][..], "Blue"),
        (
            &["respond", "critic", "--ask", "9", "a", "green", "one"],
            "a green one",
        ),
    ] {
        let (outcome, _, seen) = run(line, waiting).await;
        outcome.unwrap();
        let expected = Request::Op(Op::Respond {
            session: SessionId(2),
            ask: AskId(9),
            decision: Decision::Answer {
                answers: vec![decision.into()],
            },
        });
        assert_eq!(seen[1], expected);
    }
    let (outcome, ..) = run(&["respond", "critic", "no", "--ask", "8"], waiting).await;
    assert!(what(outcome).starts_with("critic does not ask number 8"));
}

#[tokio::test]
async fn several_changes_go_in_one_line_and_the_name_changes_last() {
    let line = [
        "set",
        "primer",
        "--rename",
        "x",
        "--model",
        "m",
        "--no-group",
    ];
    let (outcome, page, seen) = run(&line, willing).await;
    outcome.unwrap();
    let session = SessionId(1);
    let ops = [
        Request::Op(Op::SetModel {
            session,
            model: "m".into(),
        }),
        Request::Op(Op::SetGroup {
            session,
            group: None,
        }),
        Request::Op(Op::Rename {
            session,
            name: "x".into(),
        }),
    ];
    let changes: Vec<&Request> = seen
        .iter()
        .filter(|r| matches!(r, Request::Op(_)))
        .collect();
    assert_eq!(changes, ops.iter().collect::<Vec<_>>());
    assert_eq!(
        page,
        "primer: model m, from the next prompt on\nprimer: no group\nprimer: now called x\n"
    );
}

#[tokio::test]
async fn errors_say_what_and_what_next() {
    for (line, expected) in [
        (
            &["ask", "primr", "hi"][..],
            "no session `primr` | did you mean `primer`?",
        ),
        (
            &["ask", "primer", " "],
            "the prompt is empty | write one, or - for standard input",
        ),
        (
            &["fork", "primer", "x", "--backend", "cluade"],
            "no backend `cluade` | did you mean `claude`?",
        ),
        (
            &["spawn", "x", "--cwd", "/nowhere"],
            "the folder cannot be used: No such file or directory (os error 2) | choose another with --cwd",
        ),
        (
            &["spawn", "x", "-b", "claude", "--", "vim"],
            "a command can only be run in a terminal | leave out --backend, or the command",
        ),
        (
            &["rate", "t4", "6"],
            "`6` is not a rating: expected good, bad or 1 to 5 | antiphon rate [TURN|NAME] good|bad|1..5",
        ),
        (&["stats"], "not today | come back"),
    ] {
        let (outcome, page, _) = run(line, willing).await;
        assert_eq!(what(outcome), expected, "{line:?}");
        assert_eq!(page, "");
    }
}
