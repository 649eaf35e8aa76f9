//! Agents that choose the name of their conversation themselves, fork it at its end, and do not always tell what a
//! turn used.

use super::*;
use crate::engine::agent::{AgentEvent, AgentFrom};
use crate::engine::effect::Process;
use crate::protocol::{Nano, TurnState};

fn agent(house: &mut House, session: SessionId, event: AgentEvent) -> Vec<Effect> {
    let epoch = house.state.sessions[&session].epoch;
    house.take(Input::Agent {
        session,
        epoch,
        event,
    })
}

fn spawned(house: &mut House) -> SessionId {
    let s = house.spawn("o", Backend::Agent("opencode".into()));
    agent(house, s, AgentEvent::Started { pid: 9 });
    agent(house, s, AgentEvent::Conversation("own".into()));
    s
}

fn ended(spent: Vec<(String, Usage, f64)>, usage: Usage, interrupted: bool) -> AgentEvent {
    AgentEvent::TurnEnded {
        usage,
        spent,
        context_used: None,
        window: None,
        record: Some("end".into()),
        failure: None,
        interrupted,
    }
}

fn said(text: &str) -> AgentEvent {
    AgentEvent::Delta(Delta::Text { text: text.into() })
}

fn killed() -> AgentEvent {
    AgentEvent::Exited {
        code: None,
        signal: Some(9),
        stderr: String::new(),
    }
}

fn start_from(effects: &[Effect]) -> Option<AgentFrom> {
    effects.iter().find_map(|effect| match effect {
        Effect::Start { process, .. } => match &**process {
            Process::Agent(start) => Some(start.from.clone()),
            Process::Terminal(..) => None,
        },
        _ => None,
    })
}

#[test]
fn what_is_not_told_is_estimated_and_marked() {
    let mut house = House::new();
    let s = spawned(&mut house);
    agent(&mut house, s, AgentEvent::Model("claude-sonnet-5-5".into()));
    let (turn, _) = house.ask(s, "hello");
    agent(&mut house, s, said("an answer that was broken off"));
    let untold = Usage {
        estimated: true,
        ..Usage::default()
    };
    agent(&mut house, s, ended(vec![], untold, true));
    let broken = house.turn(turn);
    assert_eq!(broken.state, TurnState::Interrupted);
    assert!(broken.usage.estimated && broken.usage.input > 0 && broken.usage.output > 0);
    assert!(broken.cost.estimated && broken.cost.priced > Nano(0));
    // Nothing used, and told so, is nothing.
    let (turn, _) = house.ask(s, "/help");
    agent(&mut house, s, ended(vec![], Usage::default(), false));
    assert_eq!(house.turn(turn).usage, Usage::default());
    assert_eq!(house.turn(turn).cost, Cost::default());
}

#[test]
fn dollars_of_the_agents_own_stand_for_what_is_only_estimated() {
    for (model, estimated, dollars, priced) in [
        ("claude-sonnet-5-5", false, 0.5, 1000 * 2_000),
        ("claude-sonnet-5-5", true, 0.5, 500_000_000),
        ("claude-sonnet-5-5", true, 0.0, 1000 * 2_000),
        ("nobody/knows-it", false, 0.5, 500_000_000),
        ("nobody/knows-it", false, 0.0, 0),
    ] {
        let mut house = House::new();
        let s = spawned(&mut house);
        let (turn, _) = house.ask(s, "hello");
        let used = Usage {
            input: 1000,
            estimated,
            ..Usage::default()
        };
        let spent = vec![(model.to_owned(), used, dollars)];
        agent(&mut house, s, ended(spent, used, false));
        let cost = house.turn(turn).cost;
        assert_eq!(cost.priced, Nano(priced), "{model} {estimated} {dollars}");
        assert_eq!(cost.unpriced > Nano(0), priced == 0);
    }
}

#[test]
fn a_conversation_that_was_begun_is_taken_up_again() {
    for (before, from) in [
        (vec![], AgentFrom::New),
        (vec![said("half an ans")], AgentFrom::Resume),
    ] {
        let mut house = House::new();
        let s = spawned(&mut house);
        house.ask(s, "hello");
        for event in before {
            agent(&mut house, s, event);
        }
        agent(&mut house, s, killed());
        let (_, effects) = house.ask(s, "go on");
        assert_eq!(start_from(&effects), Some(from));
    }
}

#[test]
fn a_copy_is_made_once_since_its_parent_goes_on() {
    let mut house = House::new();
    let s = spawned(&mut house);
    house.ask(s, "one");
    agent(&mut house, s, ended(vec![], Usage::default(), false));
    let fork = house.ask_for(Op::Fork {
        session: s,
        name: "copy".into(),
        at: None,
        backend: None,
        model: None,
        count: 1,
        worktree: false,
    });
    let Ok(Answer::Sessions(views)) = fork else {
        panic!("{fork:?}");
    };
    let copy = views[0].id;
    agent(&mut house, copy, AgentEvent::Started { pid: 10 });
    // It ends before it has made its copy: it is made later.
    agent(&mut house, copy, killed());
    let (_, effects) = house.ask(copy, "two");
    let source = AgentFrom::Fork {
        source: "own".into(),
        at: Some("end".into()),
    };
    assert_eq!(start_from(&effects), Some(source));
    agent(&mut house, copy, AgentEvent::Started { pid: 11 });
    agent(&mut house, copy, AgentEvent::Conversation("copy".into()));
    agent(&mut house, copy, killed());
    let (_, effects) = house.ask(copy, "three");
    assert_eq!(start_from(&effects), Some(AgentFrom::Resume));
}

#[test]
fn modes_are_the_agents_own_and_claudes_are_known() {
    let mut house = House::new();
    let s = spawned(&mut house);
    let set = |session, mode: &str| Op::SetPermissionMode {
        session,
        mode: mode.into(),
    };
    assert!(house.ask_for(set(s, "build")).is_ok());
    let mut spec = SessionSpec::new("c", Backend::Claude);
    spec.permission_mode = Some("plam".into());
    let refused = house.ask_for(Op::Spawn { spec });
    assert!(refused.unwrap_err().next.contains("acceptEdits"));
}
