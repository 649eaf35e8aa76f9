use super::*;
use crate::engine::agent::{AgentCommand, AgentEvent, AgentFrom, AgentState};
use crate::engine::effect::Process;
use crate::protocol::{Decision, TurnState, response_text};

fn agent(house: &mut House, session: SessionId, event: AgentEvent) -> Vec<Effect> {
    let epoch = house.state.sessions[&session].epoch;
    house.take(Input::Agent {
        session,
        epoch,
        event,
    })
}

fn spawned(house: &mut House) -> SessionId {
    let s = house.spawn("c", Backend::Claude);
    agent(house, s, AgentEvent::Started { pid: 9 });
    s
}

fn ended(spent: Vec<(String, Usage, f64)>) -> AgentEvent {
    AgentEvent::TurnEnded {
        usage: usage(1, 1),
        spent,
        context_used: Some(30_000),
        window: Some(200_000),
        record: Some("r1".into()),
        failure: None,
        interrupted: false,
    }
}

fn commands(effects: &[Effect]) -> Vec<&AgentCommand> {
    effects
        .iter()
        .filter_map(|e| match e {
            Effect::Command { command, .. } => Some(command),
            _ => None,
        })
        .collect()
}

fn start_from(effects: &[Effect]) -> Option<AgentFrom> {
    effects.iter().find_map(|e| match e {
        Effect::Start { process, .. } => match &**process {
            Process::Agent(start) => Some(start.from.clone()),
            Process::Terminal(..) => None,
        },
        _ => None,
    })
}

#[test]
fn one_process_many_turns_each_billed_with_its_side_calls() {
    let mut house = House::new();
    let s = spawned(&mut house);
    let (turn, effects) = house.ask(s, "hello");
    assert_eq!(commands(&effects), [&AgentCommand::Prompt("hello".into())]);
    agent(
        &mut house,
        s,
        AgentEvent::Delta(Delta::Text { text: "hi".into() }),
    );
    let spent = vec![
        ("claude-sonnet-5-5".into(), usage(1000, 100), 0.003),
        ("claude-haiku-5-5".into(), usage(500, 10), 0.000_055),
    ];
    agent(&mut house, s, ended(spent));
    let done = house.turn(turn);
    assert_eq!(response_text(&done.blocks), "hi");
    assert_eq!(done.usage.input, 1500);
    assert_eq!(
        done.cost.priced.0,
        1000 * 2_000 + 100 * 10_000 + 500 * 100 + 10 * 500
    );
    assert_eq!(house.view(s).gauges.context_used, Some(30_000));
    let (_, effects) = house.ask(s, "again");
    assert!(start_from(&effects).is_none(), "the process lives on");
}

#[test]
fn a_model_without_a_price_is_taken_at_what_the_agent_says() {
    let mut house = House::new();
    let s = spawned(&mut house);
    let (turn, _) = house.ask(s, "hello");
    agent(
        &mut house,
        s,
        ended(vec![(
            "claude-from-the-future-9".into(),
            usage(10, 10),
            0.5,
        )]),
    );
    assert_eq!(house.turn(turn).cost.priced.0, 500_000_000);
}

#[test]
fn an_approval_is_asked_and_answered() {
    let mut house = House::new();
    let s = spawned(&mut house);
    house.ask(s, "run it");
    let approval = AgentEvent::Approval {
        key: "k1".into(),
        title: "Bash".into(),
        detail: "cargo test".into(),
        always: true,
    };
    agent(&mut house, s, approval);
    assert_eq!(house.status(s), Status::NeedsYou);
    let ask = house.view(s).asks[0].id;
    let effects = house.op(Op::Respond {
        session: s,
        ask,
        decision: Decision::Always,
    });
    let expected = AgentCommand::Decide {
        key: "k1".into(),
        decision: Decision::Always,
    };
    assert_eq!(commands(&effects), [&expected]);
    assert_eq!(house.status(s), Status::Working);
    agent(&mut house, s, AgentEvent::State(AgentState::Idle));
    assert_eq!(house.status(s), Status::Working, "idle only after the bill");
    agent(&mut house, s, ended(vec![]));
    assert_eq!(house.status(s), Status::Idle);
}

#[test]
fn a_question_is_answered_with_what_fits_it() {
    let mut house = House::new();
    let s = spawned(&mut house);
    house.ask(s, "which?");
    let question = |key: &str, multiple| AgentEvent::Question {
        key: key.into(),
        title: "Colour".into(),
        detail: "Which colour?".into(),
        choices: vec![],
        multiple,
        login: false,
    };
    agent(&mut house, s, question("k#0", false));
    agent(&mut house, s, question("k#1", true));
    let asks: Vec<_> = house.view(s).asks.iter().map(|ask| ask.id).collect();
    let answer = |words: &[&str]| Decision::Answer {
        answers: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    let mut respond = |ask, decision| {
        house.op(Op::Respond {
            session: s,
            ask,
            decision,
        })
    };
    for odd in [
        Decision::Once,
        Decision::Always,
        answer(&[]),
        answer(&[" "]),
        answer(&["a", "b"]),
    ] {
        let effects = respond(asks[0], odd.clone());
        assert_eq!(commands(&effects), [] as [&AgentCommand; 0], "{odd:?}");
    }
    for (ask, key, decision) in [
        (asks[0], "k#0", answer(&["Red"])),
        (asks[1], "k#1", answer(&["a", "b"])),
    ] {
        let effects = respond(ask, decision.clone());
        let expected = AgentCommand::Decide {
            key: key.into(),
            decision,
        };
        assert_eq!(commands(&effects), [&expected]);
    }
    assert_eq!(house.status(s), Status::Working, "nothing is open any more");
}

#[test]
fn after_a_crash_the_conversation_is_resumed() {
    let mut house = House::new();
    let s = spawned(&mut house);
    house.ask(s, "one");
    agent(&mut house, s, ended(vec![]));
    let (turn, _) = house.ask(s, "two");
    let exited = AgentEvent::Exited {
        code: None,
        signal: Some(9),
        stderr: String::new(),
    };
    agent(&mut house, s, exited);
    assert!(matches!(house.turn(turn).state, TurnState::Failed(_)));
    assert_eq!(
        house.status(s),
        Status::Ended {
            code: None,
            signal: Some(9)
        }
    );
    let (_, effects) = house.ask(s, "three");
    assert_eq!(start_from(&effects), Some(AgentFrom::Resume));
    assert_eq!(commands(&effects), [&AgentCommand::Prompt("three".into())]);
}

#[test]
fn a_fork_is_made_of_the_agents_own_conversation() {
    let mut house = House::new();
    let s = spawned(&mut house);
    let fork = |name: &str| Op::Fork {
        session: s,
        name: name.into(),
        at: None,
        backend: None,
        model: None,
        count: 1,
        worktree: false,
    };
    let effects = house.op(fork("empty"));
    assert_eq!(
        start_from(&effects),
        Some(AgentFrom::New),
        "nothing to inherit yet"
    );
    house.ask(s, "one");
    agent(&mut house, s, ended(vec![]));
    let source = house.state.sessions[&s].agent_ref.clone().unwrap();
    let effects = house.op(fork("full"));
    let expected = AgentFrom::Fork {
        source,
        at: Some("r1".into()),
    };
    assert_eq!(start_from(&effects), Some(expected));
}

#[test]
fn what_an_agent_does_unasked_is_a_turn_of_its_own() {
    let mut house = House::new();
    let s = spawned(&mut house);
    agent(
        &mut house,
        s,
        AgentEvent::Delta(Delta::Text {
            text: "the build is done".into(),
        }),
    );
    agent(&mut house, s, ended(vec![]));
    let head = house.view(s).head.unwrap();
    assert_eq!(house.turn(head).prompt, "");
    assert_eq!(response_text(&house.turn(head).blocks), "the build is done");
}

#[test]
fn a_name_that_the_agent_may_have_taken_is_not_used_again() {
    let mut house = House::new();
    let s = spawned(&mut house);
    let before = house.state.sessions[&s].agent_ref.clone();
    house.ask(s, "one");
    let exited = AgentEvent::Exited {
        code: None,
        signal: Some(9),
        stderr: String::new(),
    };
    agent(&mut house, s, exited);
    let (_, effects) = house.ask(s, "again");
    assert_eq!(start_from(&effects), Some(AgentFrom::New));
    assert_ne!(house.state.sessions[&s].agent_ref, before);
}

#[test]
fn a_restart_waits_until_the_old_process_is_gone() {
    let mut house = House::new();
    let s = spawned(&mut house);
    house.ask(s, "one");
    let effects = house.op(Op::Restart { session: s });
    assert_eq!(start_from(&effects), None);
    assert_eq!(commands(&effects), [&AgentCommand::Stop]);
    let exited = AgentEvent::Exited {
        code: Some(143),
        signal: None,
        stderr: String::new(),
    };
    let effects = agent(&mut house, s, exited);
    assert!(start_from(&effects).is_some());
}

#[test]
fn what_was_allowed_waits_for_what_the_agent_does_unasked() {
    let mut house = House::new();
    house.op(Op::SetBudget {
        daily: Some(crate::protocol::Nano(1)),
    });
    let s = spawned(&mut house);
    let (held, _) = house.ask(s, "one");
    let unasked = Delta::Text {
        text: "the build is done".into(),
    };
    agent(&mut house, s, AgentEvent::Delta(unasked));
    let ask = house.view(s).asks[0].id;
    let decision = Decision::Once;
    let effects = house.op(Op::Respond {
        session: s,
        ask,
        decision,
    });
    assert!(commands(&effects).is_empty());
    let effects = agent(&mut house, s, ended(vec![]));
    assert_eq!(commands(&effects), [&AgentCommand::Prompt("one".into())]);
    assert_eq!(house.turn(held).state, TurnState::Streaming);
}

#[test]
fn what_a_subscription_covers_counts_against_no_budget() {
    let mut house = House::new();
    let s = spawned(&mut house);
    agent(&mut house, s, AgentEvent::Billing { plan: true });
    let (turn, _) = house.ask(s, "hello");
    let spent = vec![("claude-sonnet-5-5".into(), usage(1000, 100), 0.003)];
    agent(&mut house, s, ended(spent));
    let cost = house.turn(turn).cost;
    assert_eq!(cost.plan.0, 1000 * 2_000 + 100 * 10_000);
    assert_eq!(cost.to_string(), "plan ~$0.003");
    assert_eq!(house.state.budget().spent.counted().0, 0);
}

#[test]
fn a_prompt_waits_for_the_new_process_of_a_restart() {
    let mut house = House::new();
    let s = spawned(&mut house);
    house.ask(s, "one");
    agent(&mut house, s, ended(vec![]));
    house.op(Op::Restart { session: s });
    let (turn, effects) = house.ask(s, "two");
    assert!(
        commands(&effects).is_empty(),
        "the old process is not asked"
    );
    let exited = AgentEvent::Exited {
        code: Some(0),
        signal: None,
        stderr: String::new(),
    };
    let effects = agent(&mut house, s, exited);
    assert_eq!(start_from(&effects), Some(AgentFrom::Resume));
    assert_eq!(commands(&effects), [&AgentCommand::Prompt("two".into())]);
    assert_eq!(house.turn(turn).state, TurnState::Streaming);
}
