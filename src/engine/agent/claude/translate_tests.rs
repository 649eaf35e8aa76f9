//! Recorded lines of Claude Code 2.1.328, turned into events and looked at as the engine would.

use super::state::State;
use super::translate::translate;
use super::*;
use crate::protocol::Block;
use crate::protocol::Category;
use crate::protocol::Decision;
use crate::protocol::Failure;
use crate::protocol::ToolState;
use crate::protocol::Usage;
use crate::protocol::apply;
use crate::protocol::response_text;
use serde_json::{Value, json};

/// A turn as the engine has it at its end.
#[derive(Debug, Default)]
struct Seen {
    blocks: Vec<Block>,
    /// How often blocks were told anew.
    replaced: usize,
    usage: Usage,
    spent: Vec<(String, Usage, f64)>,
    context_used: Option<u64>,
    window: Option<u64>,
    record: Option<String>,
    failure: Option<Failure>,
    interrupted: bool,
}

fn state(from: AgentFrom) -> State {
    State::new(&AgentStart {
        protocol: super::super::Protocol::Claude,
        install: String::new(),
        program: "claude".into(),
        args: Vec::new(),
        cwd: "/".into(),
        model: None,
        permission_mode: None,
        conversation: "own".into(),
        from,
        system: None,
        env: Vec::new(),
    })
}

fn lines(recorded: &str) -> Vec<Value> {
    let lines = recorded.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// All turns, and all events that are neither growth nor an end.
fn play(state: &mut State, recorded: &str) -> (Vec<Seen>, Vec<AgentEvent>) {
    let (mut turns, mut others, mut now) = (Vec::new(), Vec::new(), Seen::default());
    for event in lines(recorded)
        .iter()
        .flat_map(|line| translate(state, line))
    {
        match event {
            AgentEvent::Delta(delta) => {
                now.replaced +=
                    usize::from(matches!(delta, crate::protocol::Delta::Replace { .. }));
                apply(&mut now.blocks, &delta);
            }
            AgentEvent::TurnEnded {
                usage,
                spent,
                context_used,
                window,
                record,
                failure,
                interrupted,
            } => {
                let (blocks, replaced) = (std::mem::take(&mut now.blocks), now.replaced);
                turns.push(Seen {
                    blocks,
                    replaced,
                    usage,
                    spent,
                    context_used,
                    window,
                    record,
                    failure,
                    interrupted,
                });
                now.replaced = 0;
            }
            other => others.push(other),
        }
    }
    (turns, others)
}

fn tools(seen: &Seen) -> Vec<(&str, &ToolState)> {
    let tools = seen.blocks.iter().filter_map(|block| match block {
        Block::Tool { name, state, .. } => Some((name.as_str(), state)),
        _ => None,
    });
    tools.collect()
}

#[test]
fn a_talk_with_tools_a_switch_and_an_interrupt() {
    let (turns, others) = play(
        &mut state(AgentFrom::New),
        include_str!("fixtures/talk.jsonl"),
    );
    let texts: Vec<String> = turns
        .iter()
        .map(|turn| response_text(&turn.blocks))
        .collect();
    assert_eq!(turns.len(), 6);
    assert_eq!(texts[0], "reply #1 to: hello @think one");
    assert!(matches!(&turns[0].blocks[0], Block::Thinking { text } if text.starts_with("let me")));
    assert_eq!(tools(&turns[1]), [("Write", &ToolState::Done)]);
    assert!(texts[1].ends_with("got the tool result, done."));
    assert_eq!(tools(&turns[2]), [("Bash", &ToolState::Denied)]);
    assert_eq!(texts[4], "word0 word1 word2 ");
    assert!(turns[4].interrupted && turns[4].failure.is_none());
    assert!(
        turns.iter().all(|turn| turn.replaced == 0),
        "all streamed text stood"
    );
    // Money and tokens: by model, of this turn alone, of the interrupted one too.
    let model = |at: usize| {
        (
            turns[at].spent[0].0.as_str(),
            turns[at].spent[0].1.total_output(),
        )
    };
    assert_eq!(model(1), ("claude-opus-5-5", 80));
    assert_eq!(model(4), ("claude-haiku-4-5", 5));
    let dollars: f64 = turns
        .iter()
        .flat_map(|turn| &turn.spent)
        .map(|(.., d)| d)
        .sum();
    assert!((dollars - 0.0224124).abs() < 1e-9, "{dollars}");
    assert!(turns.iter().all(|turn| turn.record.is_some()));
    let room = |at: usize| (turns[at].context_used, turns[at].window);
    assert_eq!(room(0), (Some(12 + 13_561 + 35), Some(1_000_000)));
    assert_eq!(room(5), (Some(12 + 14_644 + 12), Some(200_000)));
    let ready = AgentEvent::Ready {
        model: Some("claude-opus-5-5".into()),
        permission_mode: Some("default".into()),
        version: "2.1.328".into(),
    };
    assert!(others.contains(&ready));
    assert!(others.contains(&AgentEvent::Model("claude-haiku-4-5".into())));
    assert!(others.contains(&AgentEvent::PermissionMode("acceptEdits".into())));
    let approvals = others.iter().filter_map(|event| match event {
        AgentEvent::Approval { detail, always, .. } => Some((detail.as_str(), *always)),
        _ => None,
    });
    let asked = [
        (
            "/home/ann/shop/a.txt\n+ hello\n+ world\n(always: every edit of a file)",
            true,
        ),
        (
            "touch /home/ann/shop/zz\n(always: exactly this, in /home/ann/shop)",
            true,
        ),
    ];
    assert_eq!(approvals.collect::<Vec<_>>(), asked);
    assert_eq!(others.last(), Some(&AgentEvent::State(AgentState::Idle)));
}

#[test]
fn trouble_on_the_way_leaves_one_answer() {
    let (turns, others) = play(
        &mut state(AgentFrom::New),
        include_str!("fixtures/trouble.jsonl"),
    );
    let notices = others.iter().filter_map(|event| match event {
        AgentEvent::Notice(text) => Some(text.as_str()),
        _ => None,
    });
    let told: Vec<&str> = notices.collect();
    assert_eq!(told[0], "retrying 1 of 10 in 0.6 s: overloaded (529)");
    assert_eq!(told[2], "retrying 1 of 10 in 1.2 s: rate limit (429)");
    assert_eq!(told[3], "retrying 1 of 10 in 0.6 s: unknown");
    let failure = turns[2].failure.as_ref().unwrap();
    assert_eq!(failure.category, Category::BadRequest);
    assert!(turns[2].blocks.is_empty(), "an error is no answer");
    // Cut in the middle, and asked again without streaming.
    for (turn, word) in [(3, "@midcut"), (4, "@sseerr")] {
        let text = response_text(&turns[turn].blocks);
        assert_eq!(text.matches(word).count(), 1, "{text}");
        assert!(text.ends_with("in the middle of it all"));
    }
}

#[test]
fn refusals_of_the_server_are_failures_with_a_way_out() {
    let (turns, _) = play(
        &mut state(AgentFrom::New),
        include_str!("fixtures/refused.jsonl"),
    );
    let kinds: Vec<Category> = turns
        .iter()
        .map(|t| t.failure.as_ref().unwrap().category)
        .collect();
    assert_eq!(kinds, [Category::Auth, Category::RateLimit]);
    assert!(turns[0].failure.as_ref().unwrap().next.contains("log in"));
}

#[test]
fn what_was_spent_before_a_resume_is_not_spent_again() {
    let mut told = state(AgentFrom::Resume);
    let (turns, _) = play(&mut told, include_str!("fixtures/resumed.jsonl"));
    assert_eq!(turns[0].usage.total_output(), 13);
    // A version that tells only totals: the answer to `get_usage` is what they are counted from.
    let mut untold = state(AgentFrom::Resume);
    let known = lines(include_str!("fixtures/resumed.jsonl"))
        .into_iter()
        .map(|mut line| {
            line.as_object_mut()
                .unwrap()
                .remove("model_usage_since_last_result");
            format!("{line}\n")
        });
    let id = untold.replies[1]["request_id"].clone();
    let before = json!({"claude-opus-5-5": {"inputTokens": 60, "outputTokens": 194, "cacheReadInputTokens": 68_710, "costUSD": 0.017862},
        "claude-haiku-4-5": {"inputTokens": 36, "outputTokens": 29, "cacheReadInputTokens": 43_694, "costUSD": 0.0045504}});
    let answer = json!({"type": "control_response", "response": {"subtype": "success",
        "request_id": id, "response": {"session": {"model_usage": before}}}});
    translate(&mut untold, &answer);
    let (again, _) = play(&mut untold, &known.collect::<String>());
    for (turn, other) in turns.iter().zip(&again) {
        assert_eq!(turn.usage, other.usage);
        assert!((turn.spent[0].2 - other.spent[0].2).abs() < 1e-9);
    }
}

#[test]
fn a_helper_in_the_background_belongs_to_the_turn_and_not_to_its_text() {
    let mut state = state(AgentFrom::New);
    let (turns, others) = play(&mut state, include_str!("fixtures/helper.jsonl"));
    assert_eq!(turns.len(), 1, "the turn ends when the helper is done");
    assert_eq!(tools(&turns[0]), [("Task", &ToolState::Done)]);
    let text = response_text(&turns[0].blocks);
    assert!(text.ends_with("done.\n\nreply #7 to: "), "{text}");
    assert!(
        turns[0]
            .spent
            .iter()
            .map(|(_, u, _)| u.total_output())
            .sum::<u64>()
            > 95 + 11
    );
    let by_helper = |event: &AgentEvent| matches!(event, AgentEvent::Approval { title, .. } if title.ends_with("(by a sub-agent)"));
    assert!(others.iter().any(by_helper));
}

#[test]
fn an_interrupt_withdraws_the_question() {
    let (turns, others) = play(
        &mut state(AgentFrom::New),
        include_str!("fixtures/withdrawn.jsonl"),
    );
    let gone = |event: &AgentEvent| matches!(event, AgentEvent::ApprovalGone { .. });
    assert!(others.iter().any(gone) && turns[0].interrupted);
    assert_eq!(tools(&turns[0]), [("Bash", &ToolState::Denied)]);
    assert!(turns[0].usage.total_output() > 0);
}

#[test]
fn commands_become_lines_and_their_answers_events() {
    let mut state = state(AgentFrom::Resume);
    let first = lines(include_str!("fixtures/resumed_first.jsonl"));
    let mut events = Vec::new();
    for (line, reply) in first.into_iter().zip(std::mem::take(&mut state.replies)) {
        let mut line = line;
        line["response"]["request_id"] = reply["request_id"].clone();
        events.extend(translate(&mut state, &line));
    }
    let ready = AgentEvent::Ready {
        model: None,
        permission_mode: Some("plan".into()),
        version: "2.1.328".into(),
    };
    let billing = AgentEvent::Billing { plan: false };
    assert_eq!(events, [ready, billing], "a resumed model is not guessed");
    state.command(AgentCommand::SetPermissionMode("bypassPermissions".into()));
    let asked = state.replies.remove(0);
    assert_eq!(asked["request"]["mode"], "bypassPermissions");
    let refused = json!({"type": "control_response", "response": {"subtype": "error",
        "request_id": asked["request_id"], "error": "not launched so"}});
    let notice = "the permission mode is not changed to bypassPermissions: not launched so";
    assert_eq!(
        translate(&mut state, &refused),
        [AgentEvent::Notice(notice.into())]
    );
    state.command(AgentCommand::SetModel("sonnet".into()));
    let id = state.replies.remove(0)["request_id"].clone();
    let done = json!({"type": "control_response", "response": {"subtype": "success",
        "request_id": id, "response": {"model": "claude-sonnet-5-5"}}});
    let model = AgentEvent::Model("claude-sonnet-5-5".into());
    assert_eq!(translate(&mut state, &done), [model]);
}

#[test]
fn the_window_is_that_of_the_model_that_answered() {
    let mut state = state(AgentFrom::New);
    let own = |window: u64| json!({"inputTokens": 1, "contextWindow": window});
    let recorded = [
        json!({"type": "system", "subtype": "init", "model": "small", "permissionMode": "plan"}),
        json!({"type": "assistant", "uuid": "r", "parent_tool_use_id": null,
            "message": {"id": "m", "model": "large", "content": [{"type": "text", "text": "x"}]}}),
        json!({"type": "result", "is_error": false, "modelUsage": {"small": own(2), "large": own(10)}}),
    ];
    let text: String = recorded.iter().map(|line| format!("{line}\n")).collect();
    let (turns, _) = play(&mut state, &text);
    assert_eq!(turns[0].window, Some(10));
}

#[test]
fn decisions_answer_the_question_they_belong_to() {
    let mut state = state(AgentFrom::New);
    state.replies.clear();
    let ask = json!({"type": "control_request", "request_id": "r", "request":
        {"subtype": "can_use_tool", "tool_name": "Bash", "input": {"command": "ls"}}});
    translate(&mut state, &ask);
    for key in ["nobody", "r", "r"] {
        state.command(AgentCommand::Decide {
            key: key.into(),
            decision: Decision::Once,
        });
    }
    let allow = json!({"behavior": "allow", "updatedInput": {"command": "ls"}});
    assert_eq!(state.replies.len(), 1);
    assert_eq!(state.replies[0]["response"]["response"], allow);
}

#[test]
fn limits_are_told_and_the_unknown_passes() {
    let mut state = state(AgentFrom::New);
    let limit = |status: &str| json!({"type": "rate_limit_event", "rate_limit_info": {"status": status, "resetsAt": 5}});
    let limited = AgentEvent::Limited { until: Some(5000) };
    assert_eq!(translate(&mut state, &limit("rejected")), [limited]);
    for line in [
        limit("allowed"),
        json!({"type": "tomorrow", "x": [1]}),
        json!({"type": "system"}),
        json!([1, 2]),
        json!("text"),
        json!(null),
        json!({"type": "assistant", "message": 5}),
        json!({"type": "stream_event", "event": {"type": "content_block_delta"}}),
        json!({"type": "control_response", "response": {}}),
    ] {
        assert_eq!(translate(&mut state, &line), [], "{line}");
    }
    state.replies.clear();
    let other = json!({"type": "control_request", "request_id": "q", "request": {"subtype": "elicitation"}});
    assert_eq!(translate(&mut state, &other), []);
    assert_eq!(state.replies[0]["response"]["subtype"], "error");
}
