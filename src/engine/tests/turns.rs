use super::*;
use crate::engine::effect::Timer;
use crate::protocol::{Category, Failure, Query, Rating, TurnState, response_text};

#[test]
fn a_prompt_is_stored_sent_streamed_and_settled() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, effects) = house.ask(s, "why does this fail?");
    assert!(matches!(writes(&effects)[0], Write::TurnStarted(t) if t.id == turn));
    assert_eq!(streams(&effects), 1);
    assert_eq!(house.status(s), Status::Working);
    let effects = house.answer(s, "because", usage(100, 10));
    assert!(
        writes(&effects)
            .iter()
            .any(|w| matches!(w, Write::TurnEnded(t) if t.id == turn))
    );
    let done = house.turn(turn);
    assert_eq!(done.state, TurnState::Done);
    assert_eq!(response_text(&done.blocks), "because");
    // claude-sonnet-5-5: $2 and $10 a million.
    assert_eq!(done.cost.priced.0, 100 * 2_000 + 10 * 10_000);
    assert_eq!(house.status(s), Status::Idle);
    assert_eq!(house.state.money.spent.priced, done.cost.priced);
    assert_eq!(house.view(s).gauges.context_used, Some(110));
}

#[test]
fn the_second_prompt_waits_for_the_first_answer() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    let (first, _) = house.ask(s, "one");
    let (second, effects) = house.ask(s, "two");
    assert_eq!(streams(&effects), 0);
    assert_eq!(house.turn(second).parent, Some(first));
    assert_eq!(house.view(s).waiting, 1);
    let effects = house.answer(s, "1", usage(1, 1));
    assert_eq!(streams(&effects), 1);
    assert_eq!(house.turn(second).state, TurnState::Streaming);
    assert_eq!(house.view(s).waiting, 0);
}

#[test]
fn what_comes_late_is_dropped() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    let (turn, _) = house.ask(s, "one");
    let old = house.state.sessions[&s].epoch;
    house.op(Op::Interrupt { session: s });
    assert_eq!(house.turn(turn).state, TurnState::Interrupted);
    let late = house.take(Input::Stream {
        session: s,
        epoch: old,
        event: StreamEvent::Delta(Delta::Text {
            text: "late".into(),
        }),
    });
    assert!(late.is_empty());
    let (_, _) = house.ask(s, "two");
    let late = house.take(Input::Stream {
        session: s,
        epoch: old,
        event: StreamEvent::Ended { stop_reason: None },
    });
    assert!(late.is_empty());
    assert_eq!(house.status(s), Status::Working);
}

#[test]
fn an_interrupt_keeps_what_arrived_and_takes_back_what_waits() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (first, _) = house.ask(s, "one");
    let (second, _) = house.ask(s, "two");
    house.stream(
        s,
        StreamEvent::Delta(Delta::Text {
            text: "half".into(),
        }),
    );
    let effects = house.op(Op::Interrupt { session: s });
    assert!(effects.contains(&Effect::CutStream { session: s }));
    assert_eq!(streams(&effects), 0);
    assert_eq!(response_text(&house.turn(first).blocks), "half");
    assert_eq!(house.turn(first).state, TurnState::Interrupted);
    assert!(
        house.turn(first).usage.estimated,
        "the server had not counted yet"
    );
    assert!(house.turn(first).cost.priced.0 > 0);
    assert_eq!(house.turn(second).state, TurnState::Interrupted);
    assert_eq!(house.status(s), Status::Idle);
}

#[test]
fn a_failed_turn_leaves_the_session_usable() {
    let later = Some(MIDNIGHT + 5 * 3_600_000);
    let failed = |category| Status::Failed { category };
    let rows = [
        (Category::Auth, None, failed(Category::Auth)),
        (Category::RateLimit, later, Status::Limited { until: later }),
        (Category::Parse, None, failed(Category::Parse)),
    ];
    for (category, until, expected) in rows {
        let mut house = House::new();
        let s = house.spawn("a", Backend::Anthropic);
        let (turn, _) = house.ask(s, "one");
        let failure = Failure {
            until,
            ..Failure::new(category, "no", "try again")
        };
        house.stream(s, StreamEvent::Failed(failure.clone()));
        assert_eq!(house.turn(turn).state, TurnState::Failed(failure));
        assert_eq!(house.status(s), expected);
        assert!(house.view(s).note.is_some());
        let (_, effects) = house.ask(s, "again");
        assert_eq!(streams(&effects), 1);
        assert_eq!(house.view(s).note, None);
    }
}

#[test]
fn half_answers_are_written_when_the_alarm_rings() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    house.ask(s, "one");
    let text = |t: &str| StreamEvent::Delta(Delta::Text { text: t.into() });
    let effects = house.stream(s, text("a"));
    let armed = effects.iter().find_map(|e| match e {
        Effect::Arm {
            timer: Timer::Flush,
            at,
        } => Some(at - house.now.ms),
        _ => None,
    });
    assert!(armed.is_some_and(|wait| wait < 250));
    let effects = house.stream(s, text("b"));
    assert!(
        !effects.iter().any(|e| matches!(e, Effect::Arm { .. })),
        "armed once"
    );
    let effects = house.take(Input::Timer {
        timer: Timer::Flush,
    });
    let drafts: Vec<_> = writes(&effects);
    assert!(
        matches!(drafts[..], [Write::Draft { seq: 0, delta: Delta::Text { text }, .. }] if text == "ab")
    );
    house.stream(s, text("c"));
    let effects = house.take(Input::Timer {
        timer: Timer::Flush,
    });
    assert!(matches!(
        writes(&effects)[..],
        [Write::Draft { seq: 1, .. }]
    ));
    let effects = house.take(Input::Timer {
        timer: Timer::Flush,
    });
    assert!(effects.is_empty(), "nothing new, nothing done");
}

#[test]
fn growth_is_told_to_those_who_watch() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    house.ask(s, "one");
    let effects = house.stream(s, StreamEvent::Delta(Delta::Text { text: "x".into() }));
    let [(To::Watchers(to), Event::Grew { .. })] = told(&effects)[..] else {
        panic!("one event, for the watchers: {effects:?}");
    };
    assert_eq!(*to, s);
    let effects = house.op(Op::Watch { sessions: vec![s] });
    assert!(
        matches!(told(&effects)[..], [(To::Face(FACE), Event::History { turns, .. })] if turns.len() == 1)
    );
    assert!(
        told(&house.op(Op::Watch { sessions: vec![s] })).is_empty(),
        "told once"
    );
}

#[test]
fn a_rating_is_stored_and_learnt() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    assert!(
        house
            .ask_for(Op::Rate {
                turn: None,
                rating: Rating::Good,
                note: None
            })
            .is_err()
    );
    let (turn, _) = house.ask(s, "fix this bug");
    let running = Op::Rate {
        turn: Some(turn),
        rating: Rating::Good,
        note: None,
    };
    assert!(house.ask_for(running).is_err(), "not while it runs");
    house.answer(s, "done", usage(10, 10));
    let effects = house.op(Op::Rate {
        turn: None,
        rating: Rating::Stars(5),
        note: None,
    });
    assert!(
        writes(&effects)
            .iter()
            .any(|w| matches!(w, Write::Rating { turn: t, .. } if *t == turn))
    );
    assert_eq!(house.turn(turn).rating, Some(Rating::Stars(5)));
    let model = house.turn(turn).model.clone().unwrap();
    assert_eq!(
        house
            .state
            .learner
            .results()
            .seen(&model, &house.turn(turn).category.clone()),
        1
    );
    let effects = house.op(Op::Rate {
        turn: Some(TurnId(999)),
        rating: Rating::Bad,
        note: None,
    });
    assert!(matches!(
        effects[..],
        [Effect::FindTurn {
            turn: TurnId(999),
            ..
        }]
    ));
}

#[test]
fn refusals_change_nothing() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    let nobody = SessionId(99);
    let wishes = [
        Op::Spawn {
            spec: SessionSpec::new("a", Backend::Rehearsal),
        },
        Op::Spawn {
            spec: SessionSpec::new("", Backend::Rehearsal),
        },
        Op::Spawn {
            spec: SessionSpec::new("12", Backend::Rehearsal),
        },
        Op::Spawn {
            spec: SessionSpec::new("x\x1b[2J", Backend::Rehearsal),
        },
        Op::Spawn {
            spec: SessionSpec::new("b", Backend::Endpoint("nowhere".into())),
        },
        Op::Ask {
            session: nobody,
            prompt: "x".into(),
            suggested: false,
            attached: vec![],
        },
        Op::Ask {
            session: s,
            prompt: "  ".into(),
            suggested: false,
            attached: vec![],
        },
        Op::Kill { session: nobody },
        Op::Input {
            session: s,
            bytes: vec![1],
        },
        Op::SetPermissionMode {
            session: s,
            mode: "plan".into(),
        },
    ];
    for wish in wishes {
        let effects = house.op(wish.clone());
        assert!(matches!(reply(&effects), Some(Err(_))), "{wish:?}");
        assert!(writes(&effects).is_empty(), "{wish:?}");
        assert_eq!(house.state.sessions.len(), 1);
    }
}

#[test]
fn killed_sessions_go_and_their_turns_with_them() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    house.ask(s, "one");
    let effects = house.op(Op::Kill { session: s });
    assert!(effects.contains(&Effect::CutStream { session: s }));
    assert!(
        writes(&effects)
            .iter()
            .any(|w| matches!(w, Write::SessionKilled { .. }))
    );
    assert!(house.state.turns.is_empty());
    let query = Request::Query(Query::LogByName { name: "a".into() });
    let effects = house.take(Input::Request {
        face: FACE,
        id: 1,
        request: query,
    });
    assert!(
        matches!(effects[..], [Effect::Look { .. }]),
        "the store still has it"
    );
}

#[test]
fn a_very_long_conversation_is_shown_from_its_newest_turns() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    for _ in 0..3 {
        house.ask(s, &"x".repeat(3 * 1024 * 1024));
        house.answer(s, "y", usage(1, 1));
    }
    let effects = house.op(Op::Watch { sessions: vec![s] });
    let [(_, Event::History { turns, omitted, .. })] = &told(&effects)[..] else {
        panic!("a history: {}", effects.len());
    };
    assert_eq!((turns.len(), *omitted), (2, 1));
}

#[test]
fn a_face_that_was_behind_is_told_everything_anew() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    house.op(Op::Watch { sessions: vec![s] });
    let effects = house.take(Input::FaceCaughtUp { face: FACE });
    assert!(matches!(
        told(&effects)[..],
        [
            (To::Face(FACE), Event::Snapshot { .. }),
            (To::Face(FACE), Event::History { .. })
        ]
    ));
}
