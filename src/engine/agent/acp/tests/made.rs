//! What agents may say and did not when they were recorded.

use super::*;

#[test]
fn failures_end_the_turn_or_the_opening_and_the_next_prompt_tries_again() {
    let hello = lines(GEMINI)[0].clone();
    let error = json!({"id": 2, "error": {"code": -32000, "message": "Gemini API key is missing or not configured."}});
    let played = play(AgentFrom::New, &[hello.clone(), error.clone()], |_| {
        Vec::new()
    });
    let login = played.events.last();
    assert!(
        matches!(login, Some(AgentEvent::Question { login: true, detail, title, .. })
        if title == "Gemini CLI wants a login" && detail.contains("· Log in with Google"))
    );
    let mut state = played.state;
    Talk::command(&mut state, prompt("now?"));
    let again = Talk::say(&mut state);
    assert_eq!(
        (&again[0]["method"], &again[0]["id"]),
        (&json!("session/new"), &json!(3))
    );
    let mut refused = error;
    refused["id"] = json!(3);
    let events = Talk::hear(&mut state, &refused);
    assert!(
        matches!(&events[0], AgentEvent::TurnEnded { failure: Some(f), record: None, .. } if f.category == Category::Auth)
    );
    Talk::command(&mut state, decide(state::LOGIN, no()));
    let opened = json!({"id": 4, "result": {"sessionId": "s"}});
    let events = Talk::hear(&mut state, &opened);
    assert!(events.contains(&AgentEvent::ApprovalGone {
        key: state::LOGIN.into()
    }));

    // What it cannot do is said, and not tried.
    let plain = json!({"id": 1, "result": {"protocolVersion": 1}});
    let future = json!({"id": 1, "result": {"protocolVersion": 2}});
    let fork = AgentFrom::Fork {
        source: "p".into(),
        at: None,
    };
    for (from, hello, word) in [
        (AgentFrom::Resume, plain.clone(), "take up"),
        (fork, plain, "fork"),
        (AgentFrom::New, future, "version 2"),
    ] {
        let mut state = begin(from);
        Talk::command(&mut state, prompt("hi"));
        let events = Talk::hear(&mut state, &hello);
        assert!(
            matches!(&events[0], AgentEvent::TurnEnded { failure: Some(f), .. }
            if f.category == Category::CapabilityMismatch && f.message.contains(word)),
            "{events:?}"
        );
    }
}

#[test]
fn stop_reasons_and_errors_are_told_apart() {
    let text = json!({"method": "session/update", "params": {"update": {"sessionUpdate": "agent_message_chunk",
        "content": {"type": "text", "text": "hm"}}}});
    for (spoke, answer, category, interrupted) in [
        (
            true,
            json!({"result": {"stopReason": "end_turn"}}),
            None,
            false,
        ),
        (
            true,
            json!({"result": {"stopReason": "brand_new"}}),
            None,
            false,
        ),
        (
            true,
            json!({"result": {"stopReason": "max_tokens"}}),
            Some(Category::CutOff),
            false,
        ),
        (
            true,
            json!({"result": {"stopReason": "max_turn_requests"}}),
            Some(Category::CutOff),
            false,
        ),
        (
            true,
            json!({"result": {"stopReason": "refusal"}}),
            Some(Category::Refused),
            false,
        ),
        (
            true,
            json!({"result": {"stopReason": "cancelled"}}),
            None,
            true,
        ),
        (
            false,
            json!({"result": {"stopReason": "end_turn"}}),
            Some(Category::CutOff),
            false,
        ),
        (
            false,
            json!({"error": {"code": 429, "message": "Rate limit exceeded."}}),
            Some(Category::RateLimit),
            false,
        ),
        (
            true,
            json!({"error": {"code": -32603, "message": "Internal error"}}),
            Some(Category::CutOff),
            false,
        ),
        (
            false,
            json!({"result": null}),
            Some(Category::CutOff),
            false,
        ),
    ] {
        let mut state = begin(AgentFrom::New);
        Talk::command(&mut state, prompt("hi"));
        Talk::hear(&mut state, &json!({"id": 1, "result": {}}));
        Talk::hear(&mut state, &json!({"id": 2, "result": {"sessionId": "s"}}));
        if spoke {
            Talk::hear(&mut state, &text);
        }
        let mut answer = answer;
        answer["id"] = json!(3);
        let events = Talk::hear(&mut state, &answer);
        let AgentEvent::TurnEnded {
            failure,
            interrupted: broken,
            record,
            usage,
            ..
        } = &events[0]
        else {
            panic!("{events:?}");
        };
        assert_eq!(
            (failure.as_ref().map(|f| f.category), *broken),
            (category, interrupted),
            "{answer}"
        );
        assert_eq!(
            record.is_some(),
            spoke,
            "only what was answered can be taken up again"
        );
        assert!(usage.estimated, "not told");
    }
}

#[test]
fn settings_wait_are_checked_and_keep_prompts_waiting() {
    let talk = lines(GEMINI);
    let mut state = begin(AgentFrom::New);
    Talk::command(&mut state, AgentCommand::SetModel("gemini-2.5-pro".into()));
    Talk::command(&mut state, prompt("hi"));
    Talk::hear(&mut state, &talk[0]);
    Talk::say(&mut state);
    Talk::hear(&mut state, &talk[1]);
    let said = Talk::say(&mut state);
    assert_eq!(said.len(), 1, "the prompt waits: {said:?}");
    assert_eq!(said[0]["params"]["modelId"], "gemini-2.5-pro");
    let events = Talk::hear(&mut state, &json!({"id": 3, "result": {}}));
    assert_eq!(events, [AgentEvent::Model("gemini-2.5-pro".into())]);
    assert_eq!(Talk::say(&mut state)[0]["method"], "session/prompt");
    Talk::command(&mut state, AgentCommand::SetPermissionMode("bypass".into()));
    let settled = Talk::settled(&mut state);
    assert!(
        matches!(&settled[0], AgentEvent::Notice(text) if text.contains("default, autoEdit, yolo, plan"))
    );
    assert_eq!(
        settled[1],
        AgentEvent::PermissionMode("default".into()),
        "as it is, whatever was shown"
    );
    Talk::command(&mut state, AgentCommand::SetPermissionMode("yolo".into()));
    assert_eq!(Talk::say(&mut state)[0]["method"], "session/set_mode");
    let events = Talk::hear(
        &mut state,
        &json!({"id": 5, "error": {"code": -32603, "message": "untrusted folder"}}),
    );
    assert!(
        matches!(&events[0], AgentEvent::Notice(text) if text == "not changed to yolo: untrusted folder")
    );
    // Gemini tells a change of its mode as if it were text.
    let session = state.session.clone();
    let update = |update: Value| json!({"method": "session/update", "params": {"sessionId": session, "update": update}});
    let events = Talk::hear(
        &mut state,
        &update(json!({"sessionUpdate": "agent_message_chunk",
        "content": {"type": "text", "text": "[MODE_UPDATE] plan"}})),
    );
    assert_eq!(events, [AgentEvent::PermissionMode("plan".into())]);
    let events = Talk::hear(
        &mut state,
        &update(json!({"sessionUpdate": "current_mode_update", "currentModeId": "yolo"})),
    );
    assert_eq!(events, [AgentEvent::PermissionMode("yolo".into())]);
}

#[test]
fn plans_thoughts_and_messages_read_well() {
    let mut state = begin(AgentFrom::New);
    Talk::command(&mut state, prompt("hi"));
    Talk::hear(&mut state, &json!({"id": 1, "result": {}}));
    Talk::hear(&mut state, &json!({"id": 2, "result": {"sessionId": "s"}}));
    let mut blocks = Vec::new();
    let mut hear = |kind: &str, mut update: Value| {
        update["sessionUpdate"] = kind.into();
        let events = Talk::hear(
            &mut state,
            &json!({"method": "session/update", "params": {"update": update}}),
        );
        for event in events {
            match event {
                AgentEvent::Delta(delta) => apply(&mut blocks, &delta),
                AgentEvent::Notice(text) => apply(&mut blocks, &Delta::Notice { text }),
                _ => {}
            }
        }
    };
    let text = |text: &str| json!({"content": {"type": "text", "text": text}});
    let of =
        |id: &str, text: &str| json!({"messageId": id, "content": {"type": "text", "text": text}});
    hear("agent_thought_chunk", text("**One**\na"));
    hear("agent_thought_chunk", text("**Two**\nb"));
    let step = |what: &str, status: &str| json!({"content": what, "status": status});
    hear(
        "plan",
        json!({"entries": [step("look", "pending"), step("do", "pending")]}),
    );
    hear(
        "plan",
        json!({"entries": [step("look", "completed"), step("do", "in_progress")]}),
    );
    hear("agent_message_chunk", of("m", "one "));
    hear("agent_message_chunk", of("m", "message"));
    hear("agent_message_chunk", of("n", "another"));
    hear("user_message_chunk", text("hi"));
    let notice = |text: &str| Block::Notice { text: text.into() };
    let expected = [
        Block::Thinking {
            text: "**One**\na\n\n**Two**\nb".into(),
        },
        notice("plan: look · do"),
        notice("plan: 1 of 2 done · now: do"),
        Block::Text {
            text: "one message\n\nanother".into(),
        },
    ];
    assert_eq!(blocks, expected);
}

#[test]
fn interrupts_are_heard_at_every_step() {
    // Before the conversation is there: nothing was sent, nothing is owed.
    let mut state = begin(AgentFrom::New);
    Talk::command(&mut state, prompt("hi"));
    Talk::command(&mut state, AgentCommand::Interrupt);
    let events = Talk::settled(&mut state);
    assert!(
        matches!(&events[..], [AgentEvent::TurnEnded { interrupted: true, usage, .. }] if !usage.estimated)
    );
    Talk::hear(&mut state, &json!({"id": 1, "result": {}}));
    Talk::hear(&mut state, &json!({"id": 2, "result": {"sessionId": "s"}}));
    assert_eq!(Talk::say(&mut state).len(), 2, "no prompt");
    // An agent that does not hear is not waited for, and its late answer is of no turn.
    Talk::command(&mut state, prompt("hi"));
    Talk::command(&mut state, AgentCommand::Interrupt);
    assert_eq!(Talk::settled(&mut state), []);
    Talk::command(&mut state, AgentCommand::Interrupt);
    let events = Talk::settled(&mut state);
    assert!(
        matches!(&events[..], [AgentEvent::TurnEnded { interrupted: true, usage, .. }] if usage.estimated)
    );
    Talk::command(&mut state, prompt("next"));
    assert_eq!(
        Talk::hear(
            &mut state,
            &json!({"id": 3, "result": {"stopReason": "cancelled"}})
        ),
        []
    );
    assert!(state.turn.is_some());
    Talk::command(&mut state, AgentCommand::Interrupt);
    // What it asks after that is answered for the user.
    Talk::say(&mut state);
    let ask = json!({"id": 9, "method": "session/request_permission", "params": {}});
    assert_eq!(Talk::hear(&mut state, &ask), []);
    assert_eq!(
        Talk::say(&mut state)[0]["result"]["outcome"]["outcome"],
        "cancelled"
    );
}
