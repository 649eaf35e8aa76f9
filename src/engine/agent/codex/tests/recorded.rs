//! Recorded talks.

use super::*;
use crate::engine::agent::AgentState;
use crate::protocol::Category;

#[test]
fn a_talk_with_tools_decisions_changes_and_interrupts() {
    let recorded = include_str!("../fixtures/talk.lines");
    let talked = play(&start(AgentFrom::New, Some("read-only"), None), recorded);
    let (turns, others) = (&talked.turns, &talked.others);
    assert_eq!(turns.len(), 11);
    let texts = texts(turns);
    assert_eq!(texts[0], "answer to: hello @think");
    assert!(
        matches!(&turns[0].blocks[0], Block::Thinking { text } if text == "**Thinking** about it")
    );
    assert_eq!(tools(&turns[1]), [("shell", "hello\n", ToolState::Done)]);
    assert!(texts[1].starts_with("I will do it."), "{}", texts[1]);
    assert_eq!(tools(&turns[2]), [("shell", "", ToolState::Done)]);
    assert_eq!(tools(&turns[3]), [("shell", "", ToolState::Denied)]);
    assert_eq!(
        texts[3], "answer to: use zz instead",
        "its words reach the model"
    );
    let added = "add /home/ann/shop/a.txt\n+hello\n+world";
    assert_eq!(tools(&turns[6]), [("apply_patch", added, ToolState::Done)]);
    assert_eq!(tools(&turns[7])[0].2, ToolState::Denied);
    assert_eq!(texts[8], "word0 word1 word2 ");
    assert!(turns[8].interrupted && turns[8].failure.is_none());
    assert!(
        turns[8].spent[0].1.estimated,
        "Codex does not count what was interrupted"
    );
    assert!(turns[9].interrupted);
    assert_eq!(tools(&turns[9])[0].2, ToolState::Denied);
    let asked: Vec<(&str, &str, bool)> = (others.iter())
        .filter_map(|event| match event {
            AgentEvent::Approval {
                title,
                detail,
                always,
                ..
            } => Some((title.as_str(), detail.as_str(), *always)),
            _ => None,
        })
        .collect();
    assert_eq!(
        asked.len(),
        6,
        "what is allowed for the session is not asked again"
    );
    let touch = "touch zz\nin /home/ann/shop\nwhy: to write it";
    assert_eq!(asked[0], ("shell", touch, true));
    assert_eq!(asked[3], ("apply_patch", added, true));
    let update = "/home/ann/shop/a.txt\n@@ -1,2 +1,2 @@\n hello\n-world\n+there";
    assert_eq!(asked[4], ("apply_patch", update, true));
    let gone: Vec<&AgentEvent> = (others.iter())
        .filter(|event| matches!(event, AgentEvent::ApprovalGone { .. }))
        .collect();
    let key = "5".to_owned();
    assert_eq!(
        gone,
        [&AgentEvent::ApprovalGone { key }],
        "withdrawn by the interrupt"
    );
    // Statuses: while it waits, when it goes on, when it is done.
    let states: Vec<AgentState> = (others.iter())
        .filter_map(|event| match event {
            AgentEvent::State(state) => Some(*state),
            _ => None,
        })
        .collect();
    assert!(
        states
            .windows(2)
            .any(|w| w == [AgentState::NeedsYou, AgentState::Working])
    );
    assert_eq!(states.last(), Some(&AgentState::Idle));
    // Who and with what.
    let ready = AgentEvent::Ready {
        model: Some("gpt-5.5".into()),
        permission_mode: Some("read-only".into()),
        version: "0.169.0".into(),
    };
    assert!(others.contains(&ready) && others.contains(&AgentEvent::Billing { plan: false }));
    let thread = others.iter().find_map(|event| match event {
        AgentEvent::Conversation(thread) => Some(thread.clone()),
        _ => None,
    });
    assert_eq!(talked.state.thread, thread);
    assert!(others.contains(&AgentEvent::Model("gpt-5.6-luna".into())));
    assert!(others.contains(&AgentEvent::PermissionMode("auto".into())));
    // Every token, once; of the model that was in force.
    let measured: u64 = (turns.iter().flat_map(|turn| &turn.spent))
        .filter(|(_, usage, _)| !usage.estimated)
        .map(|(_, usage, _)| usage.total_input())
        .sum();
    let guessed = turns[8].spent[0].1;
    assert!(guessed.total_output() > 0 && guessed.cache_read > 0);
    assert_eq!(measured, last_total(recorded));
    assert_eq!(turns[9].spent[0].0, "gpt-5.5");
    assert_eq!(
        turns[10]
            .spent
            .iter()
            .map(|(model, ..)| model)
            .collect::<Vec<_>>(),
        ["gpt-5.6-luna"]
    );
    assert!(
        turns
            .iter()
            .all(|turn| turn.record.is_some() && turn.context_used > Some(10_000))
    );
    let quotas = others.iter().rev().find_map(|event| match event {
        AgentEvent::Quotas(quotas) => Some(quotas.clone()),
        _ => None,
    });
    let names: Vec<(String, f32)> = (quotas.unwrap().into_iter())
        .map(|quota| (quota.name, quota.used_percent))
        .collect();
    assert_eq!(names, [("5h".into(), 43.0), ("week".into(), 12.0)]);
}

#[test]
fn trouble_on_the_way_leaves_one_answer_and_a_reason() {
    let recorded = include_str!("../fixtures/trouble.lines");
    let turns = play(&start(AgentFrom::New, Some("auto"), None), recorded).turns;
    let kinds: Vec<Option<Category>> = (turns.iter())
        .map(|turn| turn.failure.as_ref().map(|failure| failure.category))
        .collect();
    let expected = [
        None,
        Some(Category::CutOff),
        None,
        Some(Category::Auth),
        Some(Category::BadRequest),
        Some(Category::RateLimit),
        Some(Category::Quota),
        Some(Category::Overloaded),
        Some(Category::ContextOverflow),
        None,
        Some(Category::CutOff),
    ];
    assert_eq!(kinds, expected);
    let texts = texts(&turns);
    assert_eq!(
        texts[0],
        "answer to: @midcutx1 cut me in the middle of it all"
    );
    let why = "stream disconnected before completion: stream closed before response.completed";
    assert_eq!(notices(&turns[0]), [format!("Reconnecting... 1/2: {why}")]);
    assert_eq!(texts[1].matches("@midcut").count(), 1, "{}", texts[1]);
    assert_eq!(notices(&turns[1]).len(), 2);
    let failure = |at: usize| turns[at].failure.as_ref().unwrap();
    assert!(failure(3).next.contains("codex login"));
    assert_eq!(failure(4).message, "fake error 400");
    assert_eq!(failure(6).until, Some(1_795_172_838_000));
    // A full window: the totals begin anew, and what comes then counts.
    assert_eq!(turns[8].context_used, Some(258_400));
    assert_eq!(input(&turns[9]), last_total(recorded));
    assert!(turns[9].context_used < Some(258_400));
}

#[test]
fn what_was_inherited_is_not_spent_again() {
    let from = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.contains("\"thread/"))
            .unwrap();
        let params = serde_json::from_str::<Value>(&line[2..]).unwrap()["params"].clone();
        (
            params["threadId"].as_str().unwrap().to_owned(),
            params["lastTurnId"].as_str().map(String::from),
        )
    };
    let resumed = include_str!("../fixtures/resumed.lines");
    let mut again = start(AgentFrom::Resume, None, None);
    again.conversation = from(resumed).0;
    let turns = play(&again, resumed).turns;
    assert!(
        (10_000..20_000).contains(&input(&turns[0])),
        "{}",
        input(&turns[0])
    );
    assert!(!turns[0].spent[0].1.estimated);
    for (recorded, inherited) in [
        (include_str!("../fixtures/forked_plain.lines"), 1),
        // The first request is cut: before it, Codex repeats what the parent has used.
        (include_str!("../fixtures/forked.lines"), 2),
    ] {
        let (source, at) = from(recorded);
        let fork = start(AgentFrom::Fork { source, at }, None, None);
        let talked = play(&fork, recorded);
        let turns = talked.turns;
        assert_eq!(turns.len(), inherited);
        for turn in &turns {
            assert!((10_000..20_000).contains(&input(turn)), "{}", input(turn));
        }
        assert!(turns.iter().map(input).sum::<u64>() < last_total(recorded));
    }
}

#[test]
fn what_ends_in_the_background_is_told_and_begins_no_turn() {
    let recorded = include_str!("../fixtures/background.lines");
    let talked = play(&start(AgentFrom::New, Some("auto"), None), recorded);
    assert_eq!(talked.turns.len(), 2);
    let (_, output, state) = tools(&talked.turns[0])[0];
    assert_eq!(
        (output, state),
        ("(goes on in the background)", ToolState::Done)
    );
    let text = "in the background: sleep 1; echo done late: ended with code 0";
    assert!(talked.others.contains(&AgentEvent::Notice(text.into())));
}

#[test]
fn a_turn_lasts_until_its_sub_agents_are_done() {
    let recorded = include_str!("../fixtures/helper.lines");
    let talked = play(
        &start(AgentFrom::New, Some("auto"), Some("gpt-5.2-codex")),
        recorded,
    );
    let turns = talked.turns;
    assert_eq!(turns.len(), 2, "the first ends with the sub-agent");
    assert_eq!(tools(&turns[0]), [("spawnAgent", "", ToolState::Done)]);
    let title = |event: &AgentEvent| match event {
        AgentEvent::Approval { title, .. } => Some(title.clone()),
        _ => None,
    };
    let titles: Vec<String> = talked.others.iter().filter_map(title).collect();
    assert_eq!(titles, ["shell (by a sub-agent)"]);
    let text = response_text(&turns[0].blocks);
    assert!(
        text.contains("agent_id") && !text.contains("Chunk"),
        "{text}"
    );
    // Both threads are in the bill.
    let mut totals = std::collections::BTreeMap::new();
    for line in recorded
        .lines()
        .filter(|line| line.contains("tokenUsage/updated"))
    {
        let line: Value = serde_json::from_str(&line[2..]).unwrap();
        let params = &line["params"];
        totals.insert(
            params["threadId"].to_string(),
            params["tokenUsage"]["total"]["inputTokens"]
                .as_u64()
                .unwrap(),
        );
    }
    assert_eq!(totals.len(), 2);
    assert_eq!(
        turns.iter().map(input).sum::<u64>(),
        totals.values().sum::<u64>()
    );
}

#[test]
fn questions_of_plan_mode_have_choices_and_are_answered_together() {
    let recorded = include_str!("../fixtures/question.lines");
    let talked = play(&start(AgentFrom::New, Some("auto"), None), recorded);
    let asked: Vec<(&str, usize)> = (talked.others.iter())
        .filter_map(|event| match event {
            AgentEvent::Question { title, choices, .. } => Some((title.as_str(), choices.len())),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [("Flag", 2), ("Name", 2)]);
    assert!(
        talked
            .others
            .contains(&AgentEvent::PermissionMode("plan".into()))
    );
    let text = response_text(&talked.turns[0].blocks);
    assert!(text.contains("Drop"), "{text}");
}
