//! What was not recorded: races, older versions, what is not known.

use super::*;
use crate::protocol::Category;
use serde_json::json;

/// A state whose thread is open, with nothing left to say.
fn opened() -> State {
    let mut state = State::new(&start(AgentFrom::New, None, None));
    translate(
        &mut state,
        &json!({"id": 1, "result": {"userAgent": "antiphon/0.169.0 (x)"}}),
    );
    translate(
        &mut state,
        &json!({"id": 2, "result": {"account": {"type": "apiKey"}}}),
    );
    translate(
        &mut state,
        &json!({"id": 3, "result": {"thread": {"id": "t"}, "model": "m"}}),
    );
    state.rpc.take();
    state
}

#[test]
fn prompts_wait_for_the_thread_and_an_interrupt_for_its_turn() {
    let mut state = State::new(&start(AgentFrom::New, Some("plan"), None));
    state.command(AgentCommand::Prompt("early".into()));
    state.command(AgentCommand::Interrupt);
    state.rpc.take();
    translate(&mut state, &json!({"id": 1, "result": {}}));
    state.rpc.take();
    translate(
        &mut state,
        &json!({"id": 3, "result": {"thread": {"id": "t"}, "model": "m"}}),
    );
    let said = state.rpc.take();
    let methods: Vec<&str> = said
        .iter()
        .filter_map(|line| line["method"].as_str())
        .collect();
    assert_eq!(methods, ["thread/settings/update", "turn/start"]);
    assert_eq!(said[0]["params"]["collaborationMode"]["mode"], "plan");
    translate(
        &mut state,
        &json!({"id": 5, "result": {"turn": {"id": "u"}}}),
    );
    assert_eq!(
        state.rpc.take(),
        Vec::<Value>::new(),
        "not before the turn has begun"
    );
    let begun = json!({"method": "turn/started", "params": {"threadId": "t", "turn": {"id": "u"}}});
    translate(&mut state, &begun);
    assert_eq!(
        state.rpc.take()[0]["params"],
        json!({"threadId": "t", "turnId": "u"})
    );
}

#[test]
fn a_thread_that_cannot_be_opened_ends_the_process_and_a_refused_turn_ends_itself() {
    let mut state = State::new(&start(AgentFrom::Resume, None, None));
    translate(&mut state, &json!({"id": 1, "result": {}}));
    let error =
        json!({"id": 3, "error": {"code": -32600, "message": "no rollout found for thread id x"}});
    translate(&mut state, &error);
    let why = state.gives_up().unwrap();
    assert_eq!(exit_failure(&why).category, Category::Missing);
    let mut state = opened();
    state.command(AgentCommand::Prompt("x".into()));
    let error = json!({"id": 4, "error": {"code": -32600, "message": "Invalid request: no"}});
    let events = translate(&mut state, &error);
    let refused = |event: &AgentEvent| matches!(event, AgentEvent::TurnEnded { failure: Some(failure), .. } if failure.category == Category::BadRequest);
    assert!(refused(&events[0]), "{events:?}");
}

#[test]
fn a_login_is_asked_for_once_and_looked_for_again() {
    let mut state = State::new(&start(AgentFrom::New, None, None));
    translate(&mut state, &json!({"id": 1, "result": {}}));
    let none = |id: u64| json!({"id": id, "result": {"account": null, "requiresOpenaiAuth": true}});
    let events = translate(&mut state, &none(2));
    assert!(matches!(
        &events[..],
        [AgentEvent::Question { login: true, .. }]
    ));
    state.rpc.take();
    let decide = |state: &mut State| {
        let decision = Decision::Once;
        state.command(AgentCommand::Decide {
            key: "login".into(),
            decision,
        });
        state.rpc.take()[0]["method"].clone()
    };
    assert_eq!(decide(&mut state), "account/read");
    let events = translate(&mut state, &none(4));
    assert!(
        matches!(&events[..], [AgentEvent::Question { login: true, .. }]),
        "still none"
    );
    let events = translate(
        &mut state,
        &json!({"method": "account/updated", "params": {"authMode": "chatgpt", "planType": "plus"}}),
    );
    let gone = AgentEvent::ApprovalGone {
        key: "login".into(),
    };
    assert_eq!(events, [AgentEvent::Billing { plan: true }, gone]);
}

#[test]
fn limits_are_told_once_and_the_unknown_passes_or_is_refused() {
    let mut state = opened();
    let reached = json!({"method": "account/rateLimits/updated", "params": {"rateLimits": {"limitId": "codex",
        "primary": {"usedPercent": 100, "windowDurationMins": 300, "resetsAt": 5},
        "rateLimitReachedType": "rate_limit_reached"}}});
    let limited = AgentEvent::Limited { until: Some(5000) };
    assert!(translate(&mut state, &reached).contains(&limited));
    assert!(!translate(&mut state, &reached).contains(&limited));
    for line in [
        json!({"method": "tomorrow/happened", "params": {"threadId": "t"}}),
        json!({"method": "item/completed", "params": {"threadId": "t", "item": {"type": "tomorrow"}}}),
        json!({"method": "item/started"}),
        json!({"method": "item/agentMessage/delta", "params": {"threadId": "t", "turnId": "old", "delta": "x"}}),
        json!({"method": "error", "params": {"threadId": "t", "willRetry": false}}),
        json!({"method": "thread/status/changed", "params": {"threadId": "t", "status": {"type": "systemError"}}}),
        json!({"id": 99, "result": {}}),
        json!([1, 2]),
        json!(null),
    ] {
        assert_eq!(translate(&mut state, &line), [], "{line}");
        assert_eq!(state.rpc.take(), Vec::<Value>::new(), "{line}");
    }
    let unknown = json!({"id": "q", "method": "item/tool/call", "params": {"threadId": "t"}});
    assert_eq!(translate(&mut state, &unknown), []);
    assert_eq!(state.rpc.take()[0]["error"]["code"], -32601);
    let secret = json!({"id": 8, "method": "item/tool/requestUserInput", "params": {"threadId": "t",
        "questions": [{"id": "k", "question": "Key?", "isSecret": true}]}});
    assert!(matches!(
        &translate(&mut state, &secret)[..],
        [AgentEvent::Notice(_)]
    ));
    assert_eq!(state.rpc.take()[0]["result"], json!({"answers": {}}));
}

#[test]
fn plans_reroutes_and_turns_that_nobody_asked_for_are_told() {
    let mut state = opened();
    let told = |state: &mut State, method: &str, mut params: Value| {
        params["threadId"] = "t".into();
        params["turnId"] = "u".into();
        translate(state, &json!({"method": method, "params": params}))
    };
    let mut events = told(&mut state, "turn/started", json!({"turn": {"id": "u"}}));
    let steps = json!([{"step": "read", "status": "completed"}, {"step": "write", "status": "inProgress"},
        {"step": "test", "status": "pending"}]);
    for _ in 0..2 {
        events.extend(told(
            &mut state,
            "turn/plan/updated",
            json!({"plan": steps}),
        ));
    }
    events.extend(told(
        &mut state,
        "model/rerouted",
        json!({"fromModel": "m", "toModel": "n"}),
    ));
    events.extend(told(
        &mut state,
        "item/completed",
        json!({"item": {"type": "agentMessage", "id": "a", "text": "by itself"}}),
    ));
    let tokens = json!({"inputTokens": 10, "outputTokens": 2, "totalTokens": 12});
    let usage = json!({"total": tokens, "last": tokens, "modelContextWindow": 100});
    let update = |state: &mut State| {
        told(
            state,
            "thread/tokenUsage/updated",
            json!({"tokenUsage": usage}),
        )
    };
    events.extend(update(&mut state));
    let context = AgentEvent::Context {
        used: 12,
        window: Some(100),
    };
    assert!(events.contains(&context));
    events.extend(told(
        &mut state,
        "turn/completed",
        json!({"turn": {"id": "u", "status": "completed"}}),
    ));
    let (turns, _) = sort(events);
    let steps = "plan: ✓ read · ▸ write · test";
    assert_eq!(notices(&turns[0]), [steps, "answered by n instead of m"]);
    assert_eq!(texts(&turns), ["by itself"]);
    assert_eq!((&*turns[0].spent[0].0, input(&turns[0])), ("n", 10));
}

#[test]
fn an_older_version_takes_changes_with_the_next_turn() {
    let mut state = opened();
    state.command(AgentCommand::SetModel("small".into()));
    state.command(AgentCommand::SetPermissionMode("never".into()));
    let unknown = |id: u64| json!({"id": id, "error": {"message": "Invalid request: unknown variant `thread/settings/update`"}});
    assert_eq!(
        translate(&mut state, &unknown(4)),
        [AgentEvent::Model("small".into())]
    );
    assert_eq!(
        translate(&mut state, &unknown(5)),
        [AgentEvent::PermissionMode("never".into())]
    );
    state.rpc.take();
    state.command(AgentCommand::Prompt("go".into()));
    let params = state.rpc.take()[0]["params"].clone();
    assert_eq!(
        (&params["model"], &params["approvalPolicy"]),
        (&json!("small"), &json!("never"))
    );
    state.command(AgentCommand::SetModel("huge".into()));
    let refused = json!({"id": 7, "error": {"message": "no such model"}});
    let text = "the model is not changed to huge: no such model";
    assert_eq!(
        translate(&mut state, &refused),
        [AgentEvent::Notice(text.into())]
    );
}
