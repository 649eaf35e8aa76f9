use super::*;
use crate::protocol::{AskKind, Decision, Nano, TurnState};

fn limited(dollars: f64) -> House {
    let mut config = Config::default();
    config.budget.daily = Some(Nano::from_dollars(dollars));
    House::with(config, empty_store())
}

#[test]
fn a_prompt_over_the_budget_pauses_and_asks() {
    let mut house = limited(0.0001);
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, effects) = house.ask(s, "hello");
    assert_eq!(streams(&effects), 0);
    assert_eq!(house.status(s), Status::NeedsYou);
    assert_eq!(house.turn(turn).state, TurnState::Waiting);
    let ask = house.view(s).asks[0].clone();
    assert_eq!(ask.kind, AskKind::Budget);
    let effects = house.op(Op::Respond {
        session: s,
        ask: ask.id,
        decision: Decision::Once,
    });
    assert_eq!(streams(&effects), 1);
    assert!(house.view(s).asks.is_empty());
    assert_eq!(house.turn(turn).state, TurnState::Streaming);
    let again = Op::Respond {
        session: s,
        ask: ask.id,
        decision: Decision::Once,
    };
    assert!(house.ask_for(again).is_err(), "answered once");
}

#[test]
fn no_takes_the_prompt_back() {
    let mut house = limited(0.0001);
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, _) = house.ask(s, "hello");
    let ask = house.view(s).asks[0].id;
    let decision = Decision::No {
        message: String::new(),
    };
    let effects = house.op(Op::Respond {
        session: s,
        ask,
        decision,
    });
    assert_eq!(streams(&effects), 0);
    assert_eq!(house.turn(turn).state, TurnState::Interrupted);
    assert_eq!(house.status(s), Status::Idle);
}

#[test]
fn what_is_reserved_counts_until_it_is_settled() {
    // One prompt reserves at most 4096 output tokens at $10 a million, about 4.1 cents.
    let mut house = limited(0.06);
    let a = house.spawn("a", Backend::Anthropic);
    let b = house.spawn("b", Backend::Anthropic);
    let (_, effects) = house.ask(a, "hello");
    assert_eq!(streams(&effects), 1);
    assert!(house.state.reserved() > Nano(40_000_000));
    let (_, effects) = house.ask(b, "hello");
    assert_eq!(streams(&effects), 0, "a's reservation leaves too little");
    house.answer(a, "hi", usage(10, 10));
    assert_eq!(house.state.reserved(), Nano(0));
    let ask = house.view(b).asks[0].id;
    house.op(Op::Respond {
        session: b,
        ask,
        decision: Decision::Once,
    });
    house.answer(b, "hi", usage(10, 10));
    assert!(house.state.budget().spent.counted() < Nano::from_dollars(0.06));
}

#[test]
fn local_sessions_are_never_held() {
    let mut house = limited(0.0);
    let s = house.spawn("a", Backend::Rehearsal);
    let (_, effects) = house.ask(s, "hello");
    assert_eq!(streams(&effects), 1);
}

#[test]
fn an_unknown_model_counts_against_the_budget() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.op(Op::SetModel {
        session: s,
        model: "nobody-knows-1".into(),
    });
    let (turn, _) = house.ask(s, "hello");
    house.answer(s, "hi", usage(1000, 1000));
    let cost = house.turn(turn).cost;
    assert_eq!(cost.to_string(), "?");
    assert!(house.state.budget().spent.counted() > Nano(0));
}

#[test]
fn a_new_day_has_a_new_budget() {
    let mut house = limited(0.05);
    let s = house.spawn("a", Backend::Anthropic);
    house.ask(s, "hello");
    house.answer(s, "hi", usage(10, 4000));
    assert!(house.state.money.spent.priced > Nano(0));
    house.now = Now {
        ms: MIDNIGHT + 90_000_000,
        midnight: MIDNIGHT + 86_400_000,
    };
    let effects = house.op(Op::Interrupt { session: s });
    assert!(matches!(told(&effects)[0], (To::All, Event::Budget { .. })));
    assert_eq!(house.state.money.spent, Cost::default());
}

#[test]
fn a_budget_set_at_run_time_wins_and_is_stored() {
    let mut house = limited(100.0);
    let effects = house.op(Op::SetBudget {
        daily: Some(Nano(1)),
    });
    assert!(matches!(
        writes(&effects)[..],
        [Write::Budget {
            daily: Some(Nano(1))
        }]
    ));
    assert_eq!(house.state.budget().daily, Some(Nano(1)));
    house.op(Op::SetBudget { daily: None });
    assert_eq!(house.state.budget().daily, None);
}

#[test]
fn a_raised_budget_sends_what_it_held() {
    let mut house = limited(0.0001);
    let s = house.spawn("a", Backend::Anthropic);
    house.ask(s, "hello");
    let effects = house.op(Op::SetBudget { daily: None });
    assert_eq!(streams(&effects), 1);
    assert!(house.view(s).asks.is_empty());
    assert_eq!(house.status(s), Status::Working);
}

#[test]
fn what_was_stopped_before_its_first_word_still_costs_its_prompt() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, _) = house.ask(s, &"a long prompt ".repeat(1000));
    house.op(Op::Interrupt { session: s });
    let stopped = house.turn(turn);
    assert!(stopped.cost.priced > Nano(1_000_000), "{:?}", stopped.cost);
    assert!(stopped.cost.estimated);
}
