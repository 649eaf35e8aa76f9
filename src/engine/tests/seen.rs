//! What is seen of turns without asking, and whether models can be had.

use super::records::{evidence, failure};
use super::*;
use crate::protocol::{Audience, Category, Origin, Query, Rating, TurnState};

#[test]
fn failures_of_machines_count_against_availability_alone() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let model = "claude-sonnet-5-5";
    house.take(Input::Reachable {
        models: vec![
            (model.into(), Backend::Anthropic),
            ("gpt-5.5".into(), Backend::OpenAi),
        ],
    });
    let suggested = |house: &mut House| {
        let query = Query::Suggest {
            prompt: "fix this bug".into(),
            session: None,
            budget: Default::default(),
            exclude: vec![],
            require: vec![],
            min_window: None,
            task: Default::default(),
        };
        let request = Request::Query(query);
        match reply(&house.take(Input::Request {
            face: FACE,
            id: 1,
            request,
        })) {
            Some(Ok(Answer::Suggestion(s))) => s.candidates.iter().any(|c| c.model == model),
            other => panic!("{other:?}"),
        }
    };
    for n in 1..=3_u32 {
        assert!(suggested(&mut house), "after {} failures", n - 1);
        let (turn, _) = house.ask(s, "one");
        let effects = house.stream(s, failure(Category::Auth));
        assert!(evidence(&effects).is_empty());
        assert_eq!(house.known(turn).evidence, None);
        let had = house.state.availability.values().next().unwrap();
        assert_eq!(
            (had.failed, had.in_a_row, had.answered),
            (u64::from(n), n, 0)
        );
        assert!(writes(&effects).contains(&&Write::Availability(had.clone())));
    }
    assert!(!suggested(&mut house), "it rests");
    house.exchange(s, "one more");
    assert!(suggested(&mut house), "it has answered again");
    let had = house.state.availability.values().next().unwrap();
    assert_eq!((had.failed, had.in_a_row, had.answered), (3, 0, 1));
}

#[test]
fn everything_rests_only_where_something_does_not() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.take(Input::Reachable {
        models: vec![("claude-sonnet-5-5".into(), Backend::Anthropic)],
    });
    for _ in 0..3 {
        house.ask(s, "one");
        house.stream(s, failure(Category::Auth));
    }
    let asked = crate::engine::suggest::Asked {
        prompt: "fix this bug",
        session: None,
        budget: Default::default(),
        exclude: vec![],
        require: vec![],
        min_window: None,
        threshold: None,
        tags: vec![],
    };
    assert_eq!(
        crate::engine::suggest::suggest(&house.state, asked)
            .candidates
            .len(),
        1
    );
}

#[test]
fn what_the_user_does_next_tells_of_the_answer() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    // The same again, in the same session.
    let first = house.exchange(s, "explain the borrow checker");
    house.exchange(s, "explain the borrow checker");
    assert_eq!(house.seen(first), ["same prompt again"]);
    // An answer sent on.
    let sent = house.exchange(s, "write a haiku about rust");
    let other = house.spawn("b", Backend::Anthropic);
    house
        .ask_for(Op::Relay {
            from: s,
            turn: Some(sent),
            to: other,
            submit: true,
            template: None,
        })
        .unwrap();
    assert!(house.seen(sent).contains(&"relayed onward"));
    assert!(
        house
            .known(sent)
            .evidence
            .as_ref()
            .is_some_and(|e| e.success > 0.5)
    );
    // A fork from before the turn, asked anew.
    let fork = Op::Fork {
        session: s,
        name: "c".into(),
        at: Some(first),
        backend: None,
        model: None,
        count: 1,
        worktree: false,
    };
    let Ok(Answer::Sessions(views)) = house.ask_for(fork) else {
        panic!("a fork");
    };
    let after = house
        .state
        .turns
        .values()
        .find(|t| t.parent == Some(first))
        .unwrap()
        .id;
    assert!(!house.seen(after).contains(&"forked before it"));
    house.exchange(views[0].id, "now to something else entirely");
    assert!(
        house.seen(after).contains(&"forked before it"),
        "{:?}",
        house.seen(after)
    );
    let before = house.seen(after).len();
    house.exchange(views[0].id, "and more of it");
    assert_eq!(
        house.seen(after).len(),
        before,
        "only the first prompt of the fork"
    );
}

#[test]
fn the_same_prompt_to_another_model_tells_of_the_first_answer() {
    let prompt = "prove that there are infinitely many primes";
    // How long after the answer, in minutes; whether it is over; whether it tells.
    for (minutes, over, tells) in [(1, true, true), (11, true, false), (1, false, false)] {
        let mut house = House::new();
        let s = house.spawn("a", Backend::Anthropic);
        let other = house.spawn("b", Backend::Gemini);
        let (first, _) = house.ask(s, prompt);
        if over {
            house.answer(s, "assume there were finitely many", usage(1, 1));
        }
        house.now.ms += minutes * 60_000;
        house.ask(other, prompt);
        assert_eq!(!house.seen(first).is_empty(), tells, "{minutes} {over}");
    }
    // A broadcast asks all at once, and tells of none.
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.spawn("b", Backend::Gemini);
    let to = Audience::All;
    house
        .ask_for(Op::Broadcast {
            to,
            prompt: prompt.into(),
        })
        .unwrap();
    house.answer(s, "assume", usage(1, 1));
    let told = house
        .state
        .records
        .values()
        .any(|known| !known.seen.is_empty());
    assert!(!told);
    assert!(
        house
            .state
            .turns
            .values()
            .all(|t| matches!(t.origin, Origin::Broadcast { .. }))
    );
}

#[test]
fn a_clock_that_goes_backwards_disturbs_nothing() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let first = house.exchange(s, "explain the borrow checker");
    house.now.ms -= 3_600_000;
    let second = house.exchange(s, "explain the borrow checker");
    house.rate(Some(first.0), Rating::Bad);
    house.rate(Some(second.0), Rating::Good);
    assert_eq!(house.turn(second).state, TurnState::Done);
    assert_eq!(house.seen(first), ["same prompt again"]);
    let of = house.turn(second).clone();
    assert_eq!(
        house
            .state
            .learner
            .results()
            .seen(&of.model.unwrap(), &of.category),
        2
    );
}
