//! What the tests of the translation are made with: recorded talks with Codex 0.169.0, in both directions. What we say
//! must be what was said (`>`), and what was heard (`<`) is turned into events and looked at as the engine would.

mod made_up;
mod recorded;

use super::super::{AgentFrom, Protocol};
use super::state::State;
use super::translate::translate;
use super::*;
use crate::protocol::Block;
use crate::protocol::Decision;
use crate::protocol::Failure;
use crate::protocol::ToolState;
use crate::protocol::Usage;
use crate::protocol::apply;
use crate::protocol::response_text;

/// One turn, as the engine would have it.
struct Seen {
    blocks: Vec<Block>,
    spent: Vec<(String, Usage, f64)>,
    context_used: Option<u64>,
    record: Option<String>,
    failure: Option<Failure>,
    interrupted: bool,
}

struct Talked {
    turns: Vec<Seen>,
    others: Vec<AgentEvent>,
    state: State,
}

fn start(from: AgentFrom, mode: Option<&str>, model: Option<&str>) -> AgentStart {
    AgentStart {
        protocol: Protocol::Codex,
        program: "codex".into(),
        install: String::new(),
        args: vec!["app-server".into()],
        cwd: "/home/ann/shop".into(),
        model: model.map(String::from),
        permission_mode: mode.map(String::from),
        conversation: String::new(),
        from,
        system: None,
        env: Vec::new(),
    }
}

/// What the person did that made us say a recorded line.
fn cause(line: &Value, next: Option<&Value>) -> Vec<AgentCommand> {
    let params = &line["params"];
    let decide = |key: String, decision: Decision| AgentCommand::Decide { key, decision };
    let id = &line["id"];
    match line["method"].as_str() {
        Some("turn/start") => {
            let text = params["input"][0]["text"].as_str().unwrap();
            vec![AgentCommand::Prompt(text.into())]
        }
        Some("turn/interrupt") => vec![AgentCommand::Interrupt],
        Some("thread/settings/update") => vec![match params["model"].as_str() {
            Some(model) => AgentCommand::SetModel(model.into()),
            None => AgentCommand::SetPermissionMode(settings::word(params).unwrap()),
        }],
        Some(_) => Vec::new(),
        None => match (&line["result"]["decision"], &line["result"]["answers"]) {
            (Value::String(word), _) => {
                let steered = next.filter(|next| next["method"] == "turn/steer");
                let words = steered.and_then(|next| next["params"]["input"][0]["text"].as_str());
                let message = words.unwrap_or_default().to_owned();
                vec![decide(
                    id.to_string(),
                    match word.as_str() {
                        "accept" => Decision::Once,
                        "acceptForSession" => Decision::Always,
                        _ => Decision::No { message },
                    },
                )]
            }
            (_, Value::Object(answers)) => {
                let all = answers.values().enumerate();
                all.map(|(at, answer)| {
                    let answers = vec![answer["answers"][0].as_str().unwrap().to_owned()];
                    decide(format!("{id}#{at}"), Decision::Answer { answers })
                })
                .collect()
            }
            _ => Vec::new(),
        },
    }
}

fn play(start: &AgentStart, text: &str) -> Talked {
    let mut state = State::new(start);
    let lines: Vec<(bool, Value)> = text
        .lines()
        .map(|line| {
            (
                line.starts_with('>'),
                serde_json::from_str(&line[2..]).unwrap(),
            )
        })
        .collect();
    let (mut said, mut events) = (state.rpc.take(), Vec::new());
    for (at, (ours, line)) in lines.iter().enumerate() {
        if *ours {
            let next = lines.get(at + 1).map(|(_, next)| next);
            for command in cause(line, next) {
                state.command(command);
            }
        } else {
            events.extend(translate(&mut state, line));
        }
        said.extend(state.rpc.take());
    }
    let recorded = lines.iter().filter(|(ours, _)| *ours);
    for (own, (_, recorded)) in said.iter_mut().zip(recorded) {
        own["params"]["clientInfo"]["version"].take();
        let mut recorded = recorded.clone();
        recorded["params"]["clientInfo"]["version"].take();
        assert_eq!(*own, recorded);
    }
    let recorded = lines.iter().filter(|(ours, _)| *ours).count();
    assert_eq!(said.len(), recorded);
    let (turns, others) = sort(events);
    Talked {
        turns,
        others,
        state,
    }
}

fn sort(events: Vec<AgentEvent>) -> (Vec<Seen>, Vec<AgentEvent>) {
    let (mut turns, mut others, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
    for event in events {
        match event {
            AgentEvent::Delta(delta) => apply(&mut blocks, &delta),
            AgentEvent::TurnEnded {
                usage,
                spent,
                context_used,
                record,
                failure,
                interrupted,
                ..
            } => {
                assert_eq!(usage, spent.iter().map(|(_, usage, _)| *usage).sum());
                turns.push(Seen {
                    blocks: std::mem::take(&mut blocks),
                    spent,
                    context_used,
                    record,
                    failure,
                    interrupted,
                });
            }
            other => others.push(other),
        }
    }
    assert_eq!(blocks, [], "nothing is said outside of turns");
    (turns, others)
}

fn texts(turns: &[Seen]) -> Vec<String> {
    turns
        .iter()
        .map(|turn| response_text(&turn.blocks))
        .collect()
}

fn tools(seen: &Seen) -> Vec<(&str, &str, ToolState)> {
    let tools = seen.blocks.iter().filter_map(|block| match block {
        Block::Tool {
            name,
            output,
            state,
            ..
        } => Some((name.as_str(), output.as_deref().unwrap_or("?"), *state)),
        _ => None,
    });
    tools.collect()
}

fn notices(seen: &Seen) -> Vec<&str> {
    let notices = seen.blocks.iter().filter_map(|block| match block {
        Block::Notice { text } => Some(text.as_str()),
        _ => None,
    });
    notices.collect()
}

fn input(seen: &Seen) -> u64 {
    seen.spent
        .iter()
        .map(|(_, usage, _)| usage.total_input())
        .sum()
}

/// The input tokens that a recording's last totals name.
fn last_total(text: &str) -> u64 {
    let mut updates = text
        .lines()
        .filter(|line| line.contains("tokenUsage/updated"));
    let last: Value = serde_json::from_str(&updates.next_back().unwrap()[2..]).unwrap();
    last["params"]["tokenUsage"]["total"]["inputTokens"]
        .as_u64()
        .unwrap()
}
