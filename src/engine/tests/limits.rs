use super::*;
use crate::engine::effect::Timer;
use crate::protocol::{Category, Failure};

#[test]
fn a_limit_ends_when_its_time_has_come() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.ask(s, "one");
    let until = house.now.ms + 3_600_000;
    let failure = Failure {
        until: Some(until),
        ..Failure::new(Category::RateLimit, "no", "")
    };
    let effects = house.stream(s, StreamEvent::Failed(failure));
    let timer = Timer::Limit { session: s };
    assert!(effects.contains(&Effect::Arm { timer, at: until }));
    house.take(Input::Timer { timer });
    assert!(
        matches!(house.status(s), Status::Limited { .. }),
        "not before"
    );
    house.now.ms = until;
    house.take(Input::Timer { timer });
    assert_eq!(house.status(s), Status::Idle);
}

#[test]
fn a_session_that_may_goes_on_when_its_limit_is_over() {
    let limited = |until| Failure {
        until: Some(until),
        ..Failure::new(Category::Quota, "no", "")
    };
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.op(Op::SetResumeAtReset {
        session: s,
        on: true,
    });
    let (first, _) = house.ask(s, "one");
    let until = house.now.ms + 3_600_000;
    house.stream(s, StreamEvent::Failed(limited(until)));
    let (second, effects) = house.ask(s, "two");
    assert_eq!(streams(&effects), 0, "it waits for the reset");
    house.now.ms = until + 2_000;
    let timer = Timer::Limit { session: s };
    let effects = house.take(Input::Timer { timer });
    assert_eq!(streams(&effects), 1);
    let again = house.turn(second).parent.unwrap();
    assert_eq!(house.turn(again).parent, Some(first));
    assert_eq!(
        (house.turn(again).prompt.as_str(), &house.turn(again).origin),
        ("one", &crate::protocol::Origin::Reset)
    );
    let effects = house.answer(s, "1", usage(1, 1));
    assert_eq!(streams(&effects), 1, "what waited follows");
    house.answer(s, "2", usage(1, 1));
    assert_eq!(house.view(s).head, Some(second));
}

#[test]
fn what_waits_for_a_reset_is_sent_when_it_may_not_wait_any_more() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let op = |on| Op::SetResumeAtReset { session: s, on };
    house.op(op(true));
    house.ask(s, "one");
    let failure = Failure {
        until: Some(house.now.ms + 3_600_000),
        ..Failure::new(Category::RateLimit, "no", "")
    };
    house.stream(s, StreamEvent::Failed(failure));
    house.ask(s, "two");
    assert_eq!(streams(&house.op(op(false))), 1);
}

#[test]
fn a_limit_that_is_past_already_is_not_run_into_again_at_once() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.op(Op::SetResumeAtReset {
        session: s,
        on: true,
    });
    house.ask(s, "one");
    let failure = Failure {
        until: Some(house.now.ms - 5_000),
        ..Failure::new(Category::Quota, "no", "")
    };
    let effects = house.stream(s, StreamEvent::Failed(failure));
    let timer = Timer::Limit { session: s };
    let at = house.now.ms + 60_000;
    assert!(effects.contains(&Effect::Arm { timer, at }), "{effects:?}");
}
