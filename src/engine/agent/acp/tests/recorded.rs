//! What the real agents said, played through.

use super::*;

/// What was said to the agents when the talks were recorded: four approvals decided, one broken off, one answer
/// broken off, one more answer.
fn as_recorded(event: &AgentEvent, ended: &mut usize, asked: &mut usize) -> Vec<AgentCommand> {
    match event {
        AgentEvent::Ready { .. } => vec![prompt("first")],
        AgentEvent::TurnEnded { .. } => {
            *ended += 1;
            vec![prompt("next")]
        }
        AgentEvent::Approval { key, .. } => {
            *asked += 1;
            match asked {
                1 | 3 => vec![decide(key, Decision::Once)],
                2 => vec![decide(key, no())],
                4 => vec![decide(key, Decision::Always)],
                _ => vec![AgentCommand::Interrupt],
            }
        }
        AgentEvent::Delta(Delta::Text { text }) if text.starts_with("word0") => {
            vec![AgentCommand::Interrupt]
        }
        _ => Vec::new(),
    }
}

fn talk(recorded: &str) -> Played {
    let (mut ended, mut asked) = (0, 0);
    play(AgentFrom::New, &lines(recorded), |event| {
        as_recorded(event, &mut ended, &mut asked)
    })
}

fn ends(played: &Played) -> Vec<(bool, bool, u64, u64, bool)> {
    let ended = played.turns().into_iter().map(|(_, end)| match end {
        AgentEvent::TurnEnded {
            usage,
            failure,
            interrupted,
            ..
        } => (
            *interrupted,
            failure.is_some(),
            usage.total_input(),
            usage.total_output(),
            usage.estimated,
        ),
        _ => unreachable!(),
    });
    ended.collect()
}

#[test]
fn gemini_talks_asks_and_is_broken_off() {
    let played = talk(GEMINI);
    assert!(
        played.events.iter().any(
            |e| matches!(e, AgentEvent::Ready { model: None, permission_mode: Some(mode), version }
        if mode == "default" && version == "0.61.0")
        ),
        "`auto` names no model"
    );
    assert!(
        played
            .events
            .contains(&AgentEvent::Model("gemini-3.1-pro-preview".into()))
    );
    let command = (
        "a command",
        "echo one > a.txt; echo done\n[current working directory /home/ann/demo]",
    );
    let edit = (
        "an edit",
        "b.txt: line two => line 2\n/home/ann/demo/b.txt\n- line two\n+ line 2",
    );
    let write = (
        "an edit",
        "Writing to b.txt\n/home/ann/demo/b.txt\n+ by hand\n+ line two",
    );
    assert_eq!(played.approvals(), [command, command, write, edit, command]);
    let turns = played.turns();
    let tools: Vec<_> = turns[..5].iter().map(|(blocks, _)| tool(blocks)).collect();
    assert_eq!(tools[0], ("execute", ToolState::Done, ""));
    assert_eq!(tools[1], ("execute", ToolState::Denied, "(not allowed)"));
    assert_eq!(
        tools[2],
        (
            "edit",
            ToolState::Done,
            "/home/ann/demo/b.txt\n+ by hand\n+ line two"
        )
    );
    // The folder is not one that Gemini trusts.
    assert_eq!(tools[3].1, ToolState::Failed);
    assert_eq!(tools[4].1, ToolState::Failed, "broken off");
    assert_eq!(response_text(&turns[6].0), "fake answer to: and on");
    let (input, output): (Vec<u64>, Vec<u64>) =
        ends(&played).iter().map(|end| (end.2, end.3)).unzip();
    assert_eq!(output, [25, 25, 25, 25, 0, 0, 5]);
    assert!(input[0] > 20_000 && input[4] == 0 && input[6] > 10_000);
    let broken: Vec<bool> = ends(&played).iter().map(|end| end.0).collect();
    assert_eq!(broken, [false, false, false, false, true, true, false]);
    assert!(
        ends(&played).iter().all(|end| end.4 && !end.1),
        "all of them are lower bounds or not told"
    );
    let decided: Vec<&Value> = played
        .said
        .iter()
        .filter_map(|line| line["result"]["outcome"].get("optionId"))
        .collect();
    assert_eq!(
        decided,
        ["proceed_once", "cancel", "proceed_once", "proceed_always"]
    );
    assert_eq!(played.said("session/cancel").len(), 2);
}

#[test]
fn opencode_talks_asks_and_is_broken_off() {
    let played = talk(OPENCODE);
    assert!(played.events.iter().any(
        |e| matches!(e, AgentEvent::Ready { model: Some(model), permission_mode: Some(mode), .. }
        if model == "fake/fake-model" && mode == "build")
    ));
    let command = ("a command", "echo one > a.txt; echo done");
    let edit = ("an edit", "/home/ann/demo/b.txt\n- line two\n+ line 2");
    let write = ("an edit", "/home/ann/demo/b.txt\n+ by hand\n+ line two");
    assert_eq!(played.approvals(), [command, command, write, edit, command]);
    let turns = played.turns();
    let tools: Vec<_> = turns[..5].iter().map(|(blocks, _)| tool(blocks)).collect();
    assert_eq!(tools[0], ("bash", ToolState::Done, "done\n"));
    assert_eq!(tools[1].1, ToolState::Denied);
    assert_eq!(
        tools[2],
        ("write", ToolState::Done, "Wrote file successfully.")
    );
    assert_eq!(
        tools[3],
        (
            "edit",
            ToolState::Done,
            "Edit applied successfully.\n/home/ann/demo/b.txt\n- line two\n+ line 2"
        )
    );
    assert_eq!(tools[4].1, ToolState::Failed, "broken off");
    // It writes files through us although we offer nothing of the kind, and is told that we do not.
    let refused = played
        .said
        .iter()
        .filter(|line| line["error"]["code"] == -32601);
    assert_eq!(refused.count(), 2);
    let spent: f64 = turns
        .iter()
        .map(|(_, end)| match end {
            AgentEvent::TurnEnded { spent, .. } => {
                spent.iter().map(|(_, _, dollars)| dollars).sum::<f64>()
            }
            _ => 0.0,
        })
        .sum();
    let last = lines(OPENCODE)
        .iter()
        .filter_map(|l| l["params"]["update"]["cost"]["amount"].as_f64())
        .next_back();
    assert!(
        (spent - last.expect("it tells what it cost")).abs() < 1e-9,
        "every dollar once"
    );
    let ends = ends(&played);
    assert!(
        ends[0].4,
        "one of two requests was told, the other is estimated"
    );
    assert!(!ends[1].4 && !ends[6].4, "one request, told");
    assert!(
        ends[4].0 && ends[5].0 && ends[4].4 && ends[5].4,
        "of what was broken off nothing is told"
    );
}

#[test]
fn a_turn_cut_off_anywhere_leaves_nothing_open() {
    for recorded in [GEMINI, OPENCODE] {
        let all = lines(recorded);
        for cut in 0..all.len() {
            let (mut ended, mut asked) = (0, 0);
            let mut played = play(AgentFrom::New, &all[..cut], |event| {
                as_recorded(event, &mut ended, &mut asked)
            });
            let last = Talk::ended(&mut played.state);
            played.events.extend(last);
            let mut blocks = Vec::new();
            let mut open = 0;
            for event in &played.events {
                match event {
                    AgentEvent::Delta(delta) => apply(&mut blocks, delta),
                    AgentEvent::Approval { .. } => open += 1,
                    AgentEvent::ApprovalGone { .. } => open -= 1,
                    _ => {}
                }
            }
            let running = |b: &Block| {
                matches!(
                    b,
                    Block::Tool {
                        state: ToolState::Running,
                        ..
                    }
                )
            };
            assert!(!blocks.iter().any(running), "at line {cut}");
            // Decided ones are taken off by whoever decided.
            assert!(open <= asked.min(4), "at line {cut}");
            assert!(played.state.approvals.is_empty());
        }
    }
}

#[test]
fn what_was_said_before_is_not_told_again() {
    let mut without_resume = lines(OPENCODE_LOAD);
    without_resume[0]["result"]["agentCapabilities"]["sessionCapabilities"] = json!({});
    // The recorded names of the conversations.
    let of = |lines: &[Value]| {
        lines
            .iter()
            .find_map(|l| l["params"]["sessionId"].as_str().map(String::from))
    };
    for (recorded, barriers, answer) in [
        (lines(GEMINI_LOAD), 2, "fake answer to: after the load"),
        (without_resume, 1, "fake answer to: after the load"),
    ] {
        let id = of(&recorded).expect("a name");
        let renamed: Vec<Value> = recorded
            .iter()
            .map(|line| {
                let blanks = &id[..id.len() - id.trim_start().len()];
                let text = line
                    .to_string()
                    .replace(&id, &format!("{blanks}conversation"));
                serde_json::from_str(&text).expect("JSON")
            })
            .collect();
        let played = play(AgentFrom::Resume, &renamed, |event| match event {
            AgentEvent::Ready { .. } => vec![prompt("after the load")],
            _ => Vec::new(),
        });
        let turns = played.turns();
        assert_eq!(turns.len(), 1);
        assert_eq!(response_text(&turns[0].0), answer);
        assert_eq!(turns[0].0.len(), 1, "nothing of the old tools");
        assert_eq!(played.said("_antiphon/heard").len(), barriers);
        assert_eq!(played.said("session/prompt").len(), 1);
        let name = played.said("session/load")[0]["params"]["sessionId"].as_str();
        assert_eq!(name.map(str::trim_start), Some("conversation"));
        assert!(
            !played
                .events
                .iter()
                .any(|e| matches!(e, AgentEvent::Conversation(_))),
            "it keeps its name"
        );
    }
}

#[test]
fn a_fork_is_a_conversation_of_its_own() {
    let from = AgentFrom::Fork {
        source: "parent".into(),
        at: Some("end".into()),
    };
    let played = play(from, &lines(OPENCODE_FORK), |event| match event {
        AgentEvent::Ready { .. } => vec![prompt("in the fork")],
        _ => Vec::new(),
    });
    assert_eq!(
        played.said("session/fork")[0]["params"]["sessionId"],
        "parent"
    );
    let own = played.events.iter().find_map(|event| match event {
        AgentEvent::Conversation(id) => Some(id.clone()),
        _ => None,
    });
    assert_eq!(
        played.said("session/prompt")[0]["params"]["sessionId"],
        *own.expect("a name")
    );
    let turns = played.turns();
    assert_eq!(response_text(&turns[0].0), "fake answer to: in the fork");
    // What the parent has cost is in the sum that is told, and is not this one's.
    assert!(matches!(turns[0].1, AgentEvent::TurnEnded { spent, .. } if spent[0].2 == 0.0));
}

#[test]
fn what_is_not_known_passes_and_what_is_not_served_is_said_so() {
    let mut talk = lines(OPENCODE);
    let at = talk
        .iter()
        .position(|l| l["method"] == "session/update")
        .unwrap()
        + 1;
    let id = talk[1]["result"]["sessionId"].clone();
    for line in [
        json!({"method": "session/update", "params": {"sessionId": id, "update": {"sessionUpdate": "brand_new", "x": 1}}}),
        json!({"method": "session/update", "params": {"sessionId": id, "update": {"sessionUpdate": "agent_message_chunk"}}}),
        json!({"method": "session/update", "params": {"sessionId": id, "update": {"sessionUpdate": "agent_message_chunk",
            "content": {"type": "hologram"}}}}),
        json!({"method": "session/update", "params": {"sessionId": "another", "update": {"sessionUpdate":
            "agent_message_chunk", "content": {"type": "text", "text": "not ours"}}}}),
        json!({"method": "session/update"}),
        json!({"method": "brand/new"}),
        json!({"id": 4711, "result": {}}),
        json!({"id": "x", "method": "terminal/create", "params": {}}),
        json!({"id": null}),
        json!(["what"]),
        json!("what"),
    ] {
        talk.insert(at, line);
    }
    let (mut ended, mut asked) = (0, 0);
    let played = play(AgentFrom::New, &talk, |event| {
        as_recorded(event, &mut ended, &mut asked)
    });
    let texts: Vec<String> = played
        .turns()
        .iter()
        .map(|(blocks, _)| response_text(blocks))
        .collect();
    assert_eq!(texts.len(), 7);
    assert!(!texts.concat().contains("not ours"));
    assert!(
        played
            .said
            .iter()
            .any(|line| line["id"] == "x" && line["error"]["code"] == -32601)
    );
}
