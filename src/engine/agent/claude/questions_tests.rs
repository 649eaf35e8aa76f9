//! A recorded request of Claude Code 2.1.328 with two questions, and what it is answered with.

use super::questions::{read, split};
use super::state::State;
use super::translate::translate;
use super::*;
use crate::protocol::{Block, Choice, Decision, ToolState, apply};
use serde_json::json;

const REQUEST: &str = "65dc16a2-b922-4188-a398-0836f9567ae2";

fn state() -> State {
    State::new(&AgentStart {
        protocol: super::super::Protocol::Claude,
        install: String::new(),
        program: "claude".into(),
        args: Vec::new(),
        cwd: "/".into(),
        model: None,
        permission_mode: None,
        conversation: "own".into(),
        from: AgentFrom::New,
        system: None,
        env: Vec::new(),
    })
}

fn lines() -> Vec<Value> {
    let recorded = include_str!("fixtures/questions.jsonl").lines();
    recorded
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A state in which the recorded request is open, and the request.
fn asked() -> (State, Value) {
    let mut state = state();
    state.replies.clear();
    let lines = lines();
    let at = lines
        .iter()
        .position(|l| l["type"] == "control_request")
        .unwrap();
    for line in &lines[..=at] {
        translate(&mut state, line);
    }
    (state, lines[at].clone())
}

fn decide(state: &mut State, at: usize, decision: Decision) {
    let key = format!("{REQUEST}#{at}");
    state.command(AgentCommand::Decide { key, decision });
}

fn answer(words: &[&str]) -> Decision {
    Decision::Answer {
        answers: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

fn no(message: &str) -> Decision {
    Decision::No {
        message: message.into(),
    }
}

#[test]
fn each_question_comes_with_its_choices() {
    let mut state = state();
    let events: Vec<AgentEvent> = lines()
        .iter()
        .flat_map(|line| translate(&mut state, line))
        .collect();
    let questions = events.iter().filter_map(|event| match event {
        AgentEvent::Question {
            key,
            title,
            detail,
            choices,
            multiple,
            login,
        } => {
            let labels: Vec<_> = choices.iter().map(|c| c.label.as_str()).collect();
            let (_, at) = split(key).unwrap();
            assert!(!login && key.starts_with(REQUEST));
            Some((at, title.as_str(), detail.as_str(), labels, *multiple))
        }
        AgentEvent::Approval { .. } => panic!("a question is no approval"),
        _ => None,
    });
    let expected = [
        (0, "Colour", "Which colour?", vec!["Red", "Blue"], false),
        (
            1,
            "Parts",
            "Which parts?",
            vec!["Door", "Roof, flat", "Wall"],
            true,
        ),
    ];
    assert_eq!(questions.collect::<Vec<_>>(), expected);
    let first = events.iter().find_map(|event| match event {
        AgentEvent::Question { choices, .. } => choices.first(),
        _ => None,
    });
    let red = Choice {
        label: "Red".into(),
        detail: "warm".into(),
    };
    assert_eq!(first, Some(&red));
    // What the model was told of the answer ends the call.
    let mut blocks = Vec::new();
    for event in &events {
        if let AgentEvent::Delta(delta) = event {
            apply(&mut blocks, delta);
        }
    }
    let told = blocks.iter().find_map(|block| match block {
        Block::Tool { output, state, .. } => Some((output.as_deref(), state)),
        _ => None,
    });
    let (output, ended) = told.unwrap();
    assert_eq!(ended, &ToolState::Done);
    assert!(output.unwrap().contains("\"Which parts?\"=\"Door, Wall\""));
}

#[test]
fn a_request_is_answered_when_its_last_question_is() {
    let both = json!({"Which colour?": "Blue", "Which parts?": "Door, Wall"});
    for (first, second, answers) in [
        (answer(&["Blue"]), answer(&["Door", "Wall"]), both.clone()),
        (
            answer(&["a light green"]),
            no(""),
            json!({"Which colour?": "a light green"}),
        ),
        (
            no("whichever"),
            no(" "),
            json!({"Which colour?": "whichever"}),
        ),
        // What is no answer to a question is none.
        (
            Decision::Once,
            answer(&["Wall"]),
            json!({"Which parts?": "Wall"}),
        ),
    ] {
        let (mut state, request) = asked();
        decide(&mut state, 0, first);
        assert_eq!(state.replies.len(), 0, "one is still open");
        decide(&mut state, 1, second);
        let reply = state.replies.remove(0);
        assert_eq!(reply["response"]["request_id"], REQUEST);
        let mut input = request["request"]["input"].clone();
        input["answers"] = answers;
        let expected = json!({"behavior": "allow", "updatedInput": input});
        assert_eq!(reply["response"]["response"], expected);
        // It is over: nothing is said twice.
        decide(&mut state, 1, answer(&["Door"]));
        assert_eq!(state.replies.len(), 0);
    }
    // In any order.
    let (mut state, _) = asked();
    decide(&mut state, 1, answer(&["Door", "Wall"]));
    decide(&mut state, 0, answer(&["Blue"]));
    let reply = state.replies.remove(0);
    assert_eq!(
        reply["response"]["response"]["updatedInput"]["answers"],
        both
    );
}

#[test]
fn without_any_answer_the_call_is_denied() {
    let (mut state, _) = asked();
    decide(&mut state, 0, no(""));
    decide(&mut state, 1, no(""));
    let reply = state.replies.remove(0);
    let expected = json!({"behavior": "deny", "message": "The user did not answer."});
    assert_eq!(reply["response"]["response"], expected);
    assert_eq!(state.denied.len(), 1);
}

#[test]
fn a_request_that_is_withdrawn_takes_its_open_questions_along() {
    let gone = |at: usize| AgentEvent::ApprovalGone {
        key: format!("{REQUEST}#{at}"),
    };
    let cancel = json!({"type": "control_cancel_request", "request_id": REQUEST});
    let (mut state, _) = asked();
    assert_eq!(translate(&mut state, &cancel), [gone(0), gone(1)]);
    assert_eq!(translate(&mut state, &cancel), []);
    let (mut state, _) = asked();
    decide(&mut state, 0, answer(&["Red"]));
    assert_eq!(translate(&mut state, &cancel), [gone(1)]);
    decide(&mut state, 1, answer(&["Door"]));
    assert_eq!(state.replies.len(), 0, "nobody waits for it");
    let (mut state, _) = asked();
    assert_eq!(state.ended()[..2], [gone(0), gone(1)]);
}

#[test]
fn odd_requests_are_approvals_or_have_less_in_them() {
    let request = |input: Value| json!({"tool_name": "AskUserQuestion", "input": input});
    for input in [
        json!({}),
        json!({"questions": []}),
        json!({"questions": "?"}),
    ] {
        assert!(read("r", &request(input)).is_none());
    }
    let odd = json!({"questions": [{"options": [{"label": 5}, {}, {"label": "A"}]}, 7]});
    let (_, events) = read("r", &request(odd)).unwrap();
    let counts = events.iter().map(|event| match event {
        AgentEvent::Question { choices, .. } => choices.len(),
        _ => 0,
    });
    assert_eq!(counts.collect::<Vec<_>>(), [1, 0]);
    let many: Vec<_> = (0..50)
        .map(|n| json!({"question": n.to_string()}))
        .collect();
    let (_, events) = read("r", &request(json!({"questions": many}))).unwrap();
    assert_eq!(events.len(), 8);
}
