//! Dialogs: answered here, answered in the pane, left.

use super::*;
use crate::config::Means;
use crate::config::agents::Kind;
use crate::engine::pty::Says;

/// Plays a recording up to its dialog; gives the connection that waits.
fn at_the_dialog() -> (Pane, FaceId) {
    let mut pane = Pane::new();
    let recording = include_str!("../fixtures/approved_in_the_pane.txt");
    for line in recording.lines() {
        pane.play(line);
        if line.contains("\"PermissionRequest\"") {
            break;
        }
    }
    let face = FaceId(pane.faces);
    (pane, face)
}

fn told(effects: &[Effect], to: FaceId) -> Option<Answer> {
    effects.iter().find_map(|effect| match effect {
        Effect::Reply {
            face,
            result: Ok(answer),
            ..
        } if *face == to => Some(answer.clone()),
        _ => None,
    })
}

#[test]
fn a_dialog_is_answered_through_the_hook_that_waits() {
    let (mut pane, reporter) = at_the_dialog();
    let ask = pane.view().asks[0].clone();
    assert_eq!((ask.kind, ask.title.as_str()), (AskKind::Approval, "Bash"));
    assert!(ask.detail.contains("touch"), "{}", ask.detail);
    let effects = pane.house.op(Op::Respond {
        session: pane.id,
        ask: ask.id,
        decision: Decision::Once,
    });
    let Some(Answer::Text(text)) = told(&effects, reporter) else {
        panic!("{effects:?}");
    };
    assert!(text.contains(r#""behavior":"allow""#), "{text}");
    assert!(
        !effects.iter().any(|e| matches!(e, Effect::Input { .. })),
        "nothing is typed"
    );
    assert_eq!(pane.view().status, Status::Working);
    assert!(pane.view().asks.is_empty());
}

#[test]
fn a_hook_is_let_go_when_the_dialog_was_answered_in_the_pane() {
    let (mut pane, reporter) = at_the_dialog();
    let effects = pane.take(Input::Pty {
        session: pane.id,
        epoch: 1,
        event: PtyEvent::Title("◐ Claude Code".into()),
    });
    assert_eq!(told(&effects, reporter), Some(Answer::Done));
    assert!(pane.house.state.held.is_empty());
}

fn says(pane: &mut Pane, means: Means) -> Vec<Effect> {
    let says = Says {
        means,
        failed: false,
        line: "approve Bash: touch made".into(),
    };
    pane.take(Input::Pty {
        session: pane.id,
        epoch: 1,
        event: PtyEvent::Says(Some(says)),
    })
}

#[test]
fn a_dialog_that_the_program_reports_too_stands_there_once() {
    let asks = Means::NeedsYou(Kind::Approval);
    // Told of after its hook: approved in the pane, or left.
    for (next, status) in [
        (Means::Working, Status::Working),
        (Means::Idle, Status::Idle),
    ] {
        let (mut pane, reporter) = at_the_dialog();
        let open = pane.view().asks.clone();
        says(&mut pane, asks);
        assert_eq!(pane.view().asks, open, "it can be answered here");
        assert_eq!(pane.view().status, Status::NeedsYou);
        let effects = says(&mut pane, next);
        assert_eq!(told(&effects, reporter), Some(Answer::Done), "{next:?}");
        assert_eq!((&pane.view().status, pane.view().asks.len()), (&status, 0));
    }
    // A moment before.
    let mut pane = Pane::new();
    says(&mut pane, asks);
    let first = pane.view().asks.clone();
    assert!(first.len() == 1 && first[0].on_screen, "{first:?}");
    pane.play(r#"hook {"hook_event_name":"PermissionRequest","tool_name":"Bash","tool_input":{"command":"touch made"}}"#);
    let open = pane.view().asks.clone();
    assert!(open.len() == 1 && !open[0].on_screen, "{open:?}");
}

#[test]
fn a_dialog_whose_hook_is_gone_can_be_answered_only_in_the_pane() {
    let (mut pane, reporter) = at_the_dialog();
    pane.take(Input::FaceLeft { face: reporter });
    assert_eq!(
        pane.view().status,
        Status::NeedsYou,
        "nothing says that it is closed"
    );
    let ask = pane.view().asks[0].id;
    let answer = pane.house.ask_for(Op::Respond {
        session: pane.id,
        ask,
        decision: Decision::Once,
    });
    assert!(answer.unwrap_err().what.contains("own screen"));
    // Its end is told by the transcript.
    let at = pane.house.now.ms + 500;
    pane.facts(vec![Fact::Interrupted { at }]);
    assert_eq!(
        (&pane.view().status, pane.view().asks.len()),
        (&Status::Idle, 0)
    );
}

#[test]
fn only_the_running_program_is_believed() {
    let mut pane = Pane::new();
    let report = |ticket: &str, body: &str| Op::Report {
        ticket: ticket.into(),
        what: Report::Hook,
        body: body.into(),
    };
    let ticket = pane.house.state.sessions[&pane.id].ticket.clone();
    for (ticket, body) in [
        ("", "{}"),
        ("other", "{}"),
        (&ticket, "{}"),
        (&ticket, "{"),
        (&ticket, "[1]"),
    ] {
        assert!(
            pane.house.ask_for(report(ticket, body)).is_err(),
            "{ticket} {body}"
        );
    }
    pane.take(Input::Pty {
        session: pane.id,
        epoch: 1,
        event: PtyEvent::Exited {
            code: Some(0),
            signal: None,
        },
    });
    let begun = r#"{"hook_event_name":"Stop"}"#;
    assert!(
        pane.house.ask_for(report(&ticket, begun)).is_err(),
        "it has ended"
    );
    assert!(matches!(pane.view().status, Status::Ended { .. }));
}

#[test]
fn an_interruption_that_is_told_late_ends_nothing_that_began_since() {
    let hook = |name: &str| {
        let file = "/home/ann/.claude/projects/demo/1.jsonl";
        format!(r#"{{"hook_event_name":"{name}","prompt":"go","transcript_path":"{file}"}}"#)
    };
    for is_over in [false, true] {
        let mut pane = Pane::new();
        pane.report(Report::Hook, &hook("UserPromptSubmit"));
        let at = pane.house.now.ms + 500;
        // Esc: the program itself reports that it idles.
        let rungs = &mut pane.house.state.sessions.get_mut(&pane.id).unwrap().rungs;
        rungs.say(Source::Protocol, Some(Means::Idle), at);
        pane.house.now.ms += 1_000;
        pane.report(Report::Hook, &hook("UserPromptSubmit"));
        if is_over {
            pane.report(Report::Hook, &hook("Stop"));
        }
        let before = pane.view().clone();
        pane.facts(vec![Fact::Interrupted { at }]);
        assert_eq!(*pane.view(), before);
        let last = match is_over {
            false => TurnState::Streaming,
            true => TurnState::Done,
        };
        assert_eq!(pane.turns(), [&TurnState::Interrupted, &last]);
        // One that is told of what goes on ends it.
        pane.facts(vec![Fact::Interrupted {
            at: pane.house.now.ms + 500,
        }]);
        assert_eq!(pane.view().status, Status::Idle);
        assert!(pane.house.state.sessions[&pane.id].rungs.hook.is_none());
    }
}
