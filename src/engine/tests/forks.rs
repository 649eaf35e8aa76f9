use super::*;
use crate::protocol::{Audience, Origin, TurnState};

fn fork(session: SessionId, name: &str) -> Op {
    Op::Fork {
        session,
        name: name.into(),
        at: None,
        backend: None,
        model: None,
        count: 1,
        worktree: false,
    }
}

fn forked(house: &mut House, op: Op) -> Vec<SessionId> {
    match house.ask_for(op) {
        Ok(Answer::Sessions(views)) => views.iter().map(|view| view.id).collect(),
        other => panic!("no fork: {other:?}"),
    }
}

#[test]
fn a_fork_points_into_the_same_tree() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (first, _) = house.ask(s, "one");
    house.answer(s, "1", usage(100, 10));
    let (second, _) = house.ask(s, "two");
    house.answer(s, "2", usage(200, 10));
    let turns = house.state.turns.len();
    let newest = forked(&mut house, fork(s, "b"))[0];
    assert_eq!(house.state.turns.len(), turns, "nothing is copied");
    assert_eq!(house.view(newest).head, Some(second));
    assert_eq!(house.view(newest).parent, Some(s));
    assert_eq!(
        house.view(newest).gauges.cost,
        Cost::default(),
        "inherited turns are the parent's"
    );
    let early = forked(
        &mut house,
        Op::Fork {
            session: s,
            name: "c".into(),
            at: Some(first),
            backend: None,
            model: None,
            count: 1,
            worktree: false,
        },
    )[0];
    let (_, effects) = house.ask(early, "other");
    let plan = effects.iter().find_map(|e| match e {
        Effect::Stream { plan, .. } => Some(plan),
        _ => None,
    });
    let texts: Vec<_> = plan
        .unwrap()
        .messages
        .iter()
        .map(|m| m.text.as_str())
        .collect();
    assert_eq!(texts, ["one", "1", "other"]);
}

#[test]
fn a_fork_while_an_answer_streams_takes_what_is_over() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    let (first, _) = house.ask(s, "one");
    house.answer(s, "1", usage(1, 1));
    let (running, _) = house.ask(s, "two");
    let f = forked(&mut house, fork(s, "b"))[0];
    assert_eq!(house.view(f).head, Some(first));
    let at = |turn| Op::Fork {
        session: s,
        name: "c".into(),
        at: Some(turn),
        backend: None,
        model: None,
        count: 1,
        worktree: false,
    };
    assert!(house.ask_for(at(running)).is_err());
    assert!(house.ask_for(at(TurnId(77))).is_err());
}

#[test]
fn many_at_once_have_a_limit() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    let many = |count| Op::Fork {
        session: s,
        name: "w".into(),
        at: None,
        backend: None,
        model: None,
        count,
        worktree: false,
    };
    let refusal = house.ask_for(many(10_000)).unwrap_err();
    assert!(refusal.what.contains("32"), "the limit is named: {refusal}");
    assert_eq!(forked(&mut house, many(3)).len(), 3);
    let names: Vec<_> = house
        .state
        .sessions
        .values()
        .map(|s| s.view.name.clone())
        .collect();
    assert_eq!(names, ["a", "w-1", "w-2", "w-3"]);
    assert!(house.ask_for(many(2)).is_err(), "names are taken");
    assert_eq!(house.state.sessions.len(), 4, "all or none");
}

#[test]
fn a_fork_outlives_its_parent() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    let (turn, _) = house.ask(s, "one");
    house.answer(s, "1", usage(1, 1));
    let f = forked(&mut house, fork(s, "b"))[0];
    house.op(Op::Kill { session: s });
    assert!(house.state.turns.contains_key(&turn));
    let (_, effects) = house.ask(f, "two");
    assert_eq!(streams(&effects), 1);
}

#[test]
fn a_relay_says_where_it_is_from() {
    let mut house = House::new();
    let a = house.spawn("a", Backend::Rehearsal);
    let b = house.spawn("b", Backend::Rehearsal);
    let relay = Op::Relay {
        from: a,
        turn: None,
        to: b,
        submit: false,
        template: None,
    };
    assert!(
        house.ask_for(relay.clone()).is_err(),
        "nothing to relay yet"
    );
    let (source, _) = house.ask(a, "one");
    house.answer(a, "/clear everything", usage(1, 1));
    let Ok(Answer::Turns(turns)) = house.ask_for(relay) else {
        panic!("no turn");
    };
    let relayed = house.turn(turns[0].1);
    assert_eq!(
        relayed.prompt, "From a:\n\n/clear everything",
        "no slash command can be smuggled"
    );
    assert_eq!(
        relayed.origin,
        Origin::Relay {
            from: "a".into(),
            turn: source
        }
    );
}

#[test]
fn a_relay_to_a_terminal_is_pasted() {
    let mut house = House::new();
    let a = house.spawn("a", Backend::Rehearsal);
    let t = house.spawn("sh", Backend::Terminal);
    house.ask(a, "one");
    house.answer(a, "echo hi", usage(1, 1));
    let effects = house.op(Op::Relay {
        from: a,
        turn: None,
        to: t,
        submit: false,
        template: None,
    });
    let pasted = effects.iter().any(|effect| {
        matches!(effect, Effect::Paste { session, text, submit: false, id: Some(7), .. } if *session == t && text == "echo hi")
    });
    assert!(pasted);
    assert!(reply(&effects).is_none(), "the paste answers");
}

#[test]
fn a_broadcast_reaches_its_audience_at_once() {
    let mut house = House::new();
    let ids: Vec<_> = ["a", "b", "c"]
        .map(|n| house.spawn(n, Backend::Rehearsal))
        .into();
    house.op(Op::SetGroup {
        session: ids[0],
        group: Some("g".into()),
    });
    let count = |house: &mut House, to: Audience| match house.ask_for(Op::Broadcast {
        to,
        prompt: "all".into(),
    }) {
        Ok(Answer::Turns(turns)) => turns.len(),
        _ => 0,
    };
    assert_eq!(count(&mut house, Audience::All), 3);
    assert!(ids.iter().all(|&id| house.status(id) == Status::Working));
    assert_eq!(count(&mut house, Audience::Group("g".into())), 1);
    assert_eq!(count(&mut house, Audience::Group("nobody".into())), 0);
    assert_eq!(
        count(&mut house, Audience::Sessions(vec![ids[1], SessionId(99)])),
        0
    );
    assert_eq!(house.view(ids[1]).waiting, 0, "all or none");
    let waiting = house
        .state
        .turns
        .values()
        .filter(|t| t.state == TurnState::Waiting)
        .count();
    assert_eq!(waiting, 1);
}
