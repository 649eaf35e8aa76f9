use super::*;
use crate::engine::effect::Timer;
use crate::protocol::{Block, Category, Failure, Nano, TurnState};

fn failure(category: Category) -> StreamEvent {
    StreamEvent::Failed(Failure::new(category, "no", ""))
}

/// The wait until the next try, if there is one.
fn wait(house: &House, effects: &[Effect]) -> Option<i64> {
    effects.iter().find_map(|effect| match effect {
        Effect::Arm {
            timer: Timer::Retry { .. },
            at,
        } => Some(at - house.now.ms),
        _ => None,
    })
}

fn ring(house: &mut House, session: SessionId) -> Vec<Effect> {
    let epoch = house.state.sessions[&session].epoch;
    house.take(Input::Timer {
        timer: Timer::Retry { session, epoch },
    })
}

fn with_chain(chain: &[&str]) -> (House, SessionId) {
    let mut house = House::new();
    house.take(Input::Reachable {
        models: vec![
            ("claude-sonnet-5-5".into(), Backend::Anthropic),
            ("gpt-5.5".into(), Backend::OpenAi),
            ("claude-haiku-4-5".into(), Backend::Anthropic),
        ],
    });
    let spec = SessionSpec {
        fallback: chain.iter().map(|name| (*name).into()).collect(),
        ..SessionSpec::new("a", Backend::Anthropic)
    };
    match house.ask_for(Op::Spawn { spec }) {
        Ok(Answer::Sessions(views)) => (house, views[0].id),
        other => panic!("no session: {other:?}"),
    }
}

#[test]
fn what_may_be_gone_in_a_moment_is_tried_again_with_growing_waits() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, _) = house.ask(s, "hello");
    let first = house.stream(s, failure(Category::Overloaded));
    let first = wait(&house, &first).expect("a second try");
    assert!((750..=1250).contains(&first), "{first}");
    assert_eq!(streams(&ring(&mut house, s)), 1);
    let second = house.stream(s, failure(Category::Overloaded));
    let second = wait(&house, &second).expect("a third try");
    assert!((1500..=2500).contains(&second), "{second}");
    ring(&mut house, s);
    let third = house.stream(s, failure(Category::Overloaded));
    assert_eq!(wait(&house, &third), None, "three tries in all");
    assert!(matches!(house.turn(turn).state, TurnState::Failed(_)));
    assert_eq!(house.turn(turn).attempts.len(), 2);
    assert_eq!(
        house.turn(turn).cost.counted(),
        Nano(0),
        "nobody has read it"
    );
    let notices = house.turn(turn).blocks.iter();
    assert_eq!(
        notices
            .filter(|b| matches!(b, Block::Notice { .. }))
            .count(),
        2
    );
}

#[test]
fn an_answer_on_a_later_try_is_an_answer() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, _) = house.ask(s, "hello");
    house.stream(s, failure(Category::Network));
    ring(&mut house, s);
    house.answer(s, "hi", usage(10, 10));
    assert_eq!(house.turn(turn).state, TurnState::Done);
    assert_eq!(house.turn(turn).attempts.len(), 1);
    assert_eq!(house.turn(turn).usage, usage(10, 10));
}

#[test]
fn nothing_is_tried_again_once_text_was_shown() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, _) = house.ask(s, "hello");
    house.stream(
        s,
        StreamEvent::Delta(Delta::Text {
            text: "half".into(),
        }),
    );
    let effects = house.stream(s, failure(Category::CutOff));
    assert_eq!(wait(&house, &effects), None);
    assert!(matches!(house.turn(turn).state, TurnState::Failed(_)));
}

#[test]
fn what_stays_wrong_is_not_tried_again() {
    for category in [
        Category::Auth,
        Category::BadRequest,
        Category::Refused,
        Category::Missing,
    ] {
        let mut house = House::new();
        let s = house.spawn("a", Backend::Anthropic);
        house.ask(s, "hello");
        let effects = house.stream(s, failure(category));
        assert_eq!(wait(&house, &effects), None, "{category}");
    }
}

#[test]
fn a_servers_own_time_is_obeyed_up_to_a_limit() {
    for (ahead, waits) in [(7_000, true), (3_600_000, false)] {
        let mut house = House::new();
        let s = house.spawn("a", Backend::Anthropic);
        house.ask(s, "hello");
        let failed = Failure {
            until: Some(house.now.ms + 1 + ahead),
            ..Failure::new(Category::RateLimit, "no", "")
        };
        let effects = house.stream(s, StreamEvent::Failed(failed));
        assert_eq!(wait(&house, &effects), waits.then_some(ahead));
    }
}

#[test]
fn an_interrupt_ends_the_waiting() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, _) = house.ask(s, "hello");
    house.stream(s, failure(Category::Overloaded));
    let epoch = house.state.sessions[&s].epoch;
    house.op(Op::Interrupt { session: s });
    let timer = Timer::Retry { session: s, epoch };
    assert!(house.take(Input::Timer { timer }).is_empty());
    assert_eq!(house.turn(turn).state, TurnState::Interrupted);
}

#[test]
fn the_next_of_the_chain_answers_and_says_so() {
    let (mut house, s) = with_chain(&["openai:gpt-5.5", "claude-haiku-4-5"]);
    let (turn, _) = house.ask(s, "hello");
    let effects = house.stream(s, failure(Category::Quota));
    assert_eq!(streams(&effects), 1);
    assert_eq!(house.turn(turn).backend, Backend::OpenAi);
    assert_eq!(house.turn(turn).model.as_deref(), Some("gpt-5.5"));
    let effects = house.stream(s, failure(Category::Quota));
    assert_eq!(streams(&effects), 1, "and the next");
    assert_eq!(house.turn(turn).model.as_deref(), Some("claude-haiku-4-5"));
    house.answer(s, "hi", usage(1000, 100));
    let done = house.turn(turn);
    assert_eq!(
        done.cost.priced.0,
        1000 * 1_000 + 100 * 5_000,
        "at the price of who answered"
    );
    assert_eq!(done.attempts.len(), 2);
    assert!(matches!(&done.blocks[0], Block::Notice { text } if text.contains("gpt-5.5")));
    let (next, _) = house.ask(s, "again");
    assert_eq!(
        house.turn(next).backend,
        Backend::Anthropic,
        "the session keeps its own model"
    );
}

#[test]
fn the_chain_is_for_failures_that_were_chosen() {
    let (mut house, s) = with_chain(&["openai:gpt-5.5"]);
    let (turn, _) = house.ask(s, "hello");
    let effects = house.stream(s, failure(Category::Refused));
    assert_eq!(streams(&effects), 0);
    assert!(matches!(house.turn(turn).state, TurnState::Failed(_)));
}

#[test]
fn the_budget_is_asked_again_at_every_hop() {
    let (mut house, s) = with_chain(&["openai:gpt-5.5"]);
    house.op(Op::SetBudget {
        daily: Some(Nano::from_dollars(0.06)),
    });
    // claude-sonnet-5-5 may cost 4.1 cents, gpt-5.5 with $30 a million for output 12.
    let (turn, effects) = house.ask(s, "hello");
    assert_eq!(streams(&effects), 1);
    let effects = house.stream(s, failure(Category::Quota));
    assert_eq!(streams(&effects), 0);
    assert_eq!(house.status(s), Status::NeedsYou);
    assert_eq!(
        house.state.reserved(),
        Nano(0),
        "what failed holds nothing back"
    );
    let ask = house.view(s).asks[0].id;
    let taken_back = crate::protocol::Decision::No {
        message: String::new(),
    };
    house.op(Op::Respond {
        session: s,
        ask,
        decision: taken_back,
    });
    let (next, effects) = house.ask(s, "again");
    assert_eq!(streams(&effects), 1);
    assert_eq!(
        house.turn(next).backend,
        Backend::Anthropic,
        "no detour is left behind"
    );
    house.stream(s, failure(Category::Quota));
    let turn_of_ask = house.view(s).head.unwrap();
    let ask = house.view(s).asks[0].id;
    let decision = crate::protocol::Decision::Once;
    let effects = house.op(Op::Respond {
        session: s,
        ask,
        decision,
    });
    assert_eq!(streams(&effects), 1);
    assert_eq!(house.turn(turn_of_ask).backend, Backend::OpenAi);
    assert!(house.turn(turn).state.is_over());
}

#[test]
fn near_the_window_the_provider_counts_first() {
    let mut house = House::new();
    let spec = SessionSpec {
        model: Some("claude-haiku-4-5".into()),
        ..SessionSpec::new("a", Backend::Anthropic)
    };
    house.op(Op::Spawn { spec });
    let s = SessionId(1);
    let (_, effects) = house.ask(s, "short");
    assert_eq!(streams(&effects), 1, "far from the window nobody is asked");
    house.answer(s, "ok", usage(10, 10));
    // 200,000 tokens hold about 200,000 short words.
    let (turn, effects) = house.ask(s, &"word ".repeat(170_000));
    assert_eq!(streams(&effects), 0);
    assert!(effects.iter().any(|e| matches!(e, Effect::Count { .. })));
    let counted = |house: &House, tokens| Input::Counted {
        session: s,
        epoch: house.state.sessions[&s].epoch,
        tokens,
    };
    let fits = counted(&house, Some(180_000));
    assert_eq!(streams(&house.take(fits)), 1);
    house.op(Op::Interrupt { session: s });
    assert_eq!(house.turn(turn).state, TurnState::Interrupted);
    let (turn, _) = house.ask(s, &"word ".repeat(170_000));
    let too_long = counted(&house, Some(210_000));
    assert_eq!(streams(&house.take(too_long)), 0);
    let TurnState::Failed(failure) = &house.turn(turn).state else {
        panic!("it does not fit");
    };
    assert_eq!(failure.category, Category::ContextOverflow);
    assert_eq!(house.turn(turn).cost.counted(), Nano(0));
}

#[test]
fn how_many_tokens_a_model_makes_is_learned_from_its_bills() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let model = house.view(s).model.clone().unwrap();
    let before = house.state.factors.get(&model);
    let prompt = "a few words of plain English, over and over. ".repeat(50);
    let words = crate::catalog::count_tokens(&prompt);
    house.ask(s, &prompt);
    let effects = house.answer(s, "ok", usage(words * 3, 5));
    assert!(house.state.factors.get(&model) > before);
    assert!(
        writes(&effects)
            .iter()
            .any(|w| matches!(w, Write::Setting { key, .. } if key == "token_factors"))
    );
}

#[test]
fn a_tool_that_nobody_runs_is_said_so() {
    let call = |house: &mut House, s| {
        for delta in [
            Delta::ToolStarted {
                id: "x".into(),
                name: "get_weather".into(),
            },
            Delta::ToolInput {
                id: "x".into(),
                json: "{}".into(),
            },
        ] {
            house.stream(s, StreamEvent::Delta(delta));
        }
    };
    let mut house = House::new();
    let s = house.spawn("a", Backend::OpenAi);
    let (turn, _) = house.ask(s, "hello");
    call(&mut house, s);
    house.stream(s, StreamEvent::Ended { stop_reason: None });
    let TurnState::Failed(failure) = &house.turn(turn).state else {
        panic!("it is no answer");
    };
    assert_eq!(failure.category, Category::ToolError);
    let (turn, _) = house.ask(s, "hello");
    call(&mut house, s);
    house.answer(s, "It may rain.", usage(1, 1));
    assert_eq!(
        house.turn(turn).state,
        TurnState::Done,
        "words are an answer"
    );
}
