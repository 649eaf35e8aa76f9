//! Tables over what the real agents said (Gemini CLI 0.61, opencode 1.18, against stand-ins of their models' servers).

mod made;
mod recorded;

use super::*;
use crate::engine::agent::{AgentCommand, AgentEvent, AgentFrom, AgentStart, Protocol};
use crate::protocol::{Block, Category, Decision, Delta, ToolState, apply, response_text};
use serde_json::{Value, json};

const GEMINI: &str = include_str!("../fixtures/gemini-talk.jsonl");
const GEMINI_LOAD: &str = include_str!("../fixtures/gemini-load.jsonl");
const OPENCODE: &str = include_str!("../fixtures/opencode-talk.jsonl");
const OPENCODE_LOAD: &str = include_str!("../fixtures/opencode-load.jsonl");
const OPENCODE_FORK: &str = include_str!("../fixtures/opencode-fork.jsonl");

fn begin(from: AgentFrom) -> State {
    State::new(&AgentStart {
        protocol: Protocol::Acp,
        program: "agent".into(),
        install: String::new(),
        args: Vec::new(),
        cwd: "/home/ann/demo".into(),
        model: None,
        permission_mode: None,
        conversation: match from {
            AgentFrom::New => String::new(),
            _ => "conversation".into(),
        },
        from,
        system: None,
        env: Vec::new(),
    })
}

fn lines(text: &str) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).expect("a line of JSON");
    text.lines().map(read).collect()
}

/// A talk played through: what was heard and said.
struct Played {
    state: State,
    events: Vec<AgentEvent>,
    said: Vec<Value>,
}

/// Feeds the lines, and lets `react` answer each event with commands.
fn play(
    from: AgentFrom,
    lines: &[Value],
    mut react: impl FnMut(&AgentEvent) -> Vec<AgentCommand>,
) -> Played {
    let mut state = begin(from);
    let mut events = Vec::new();
    let mut said = Talk::say(&mut state);
    for line in lines {
        let mut fresh = Talk::hear(&mut state, line);
        while !fresh.is_empty() {
            let commands: Vec<_> = fresh.iter().flat_map(&mut react).collect();
            events.append(&mut fresh);
            for command in commands {
                Talk::command(&mut state, command);
                fresh.extend(Talk::settled(&mut state));
            }
        }
        said.extend(Talk::say(&mut state));
    }
    Played {
        state,
        events,
        said,
    }
}

fn prompt(text: &str) -> AgentCommand {
    AgentCommand::Prompt(text.into())
}

fn decide(key: &str, decision: Decision) -> AgentCommand {
    AgentCommand::Decide {
        key: key.into(),
        decision,
    }
}

fn no() -> Decision {
    Decision::No {
        message: String::new(),
    }
}

impl Played {
    /// The blocks of each turn, and its end.
    fn turns(&self) -> Vec<(Vec<Block>, &AgentEvent)> {
        let mut blocks = Vec::new();
        let mut turns = Vec::new();
        for event in &self.events {
            match event {
                AgentEvent::Delta(delta) => apply(&mut blocks, delta),
                AgentEvent::TurnEnded { .. } => turns.push((std::mem::take(&mut blocks), event)),
                _ => {}
            }
        }
        turns
    }

    fn said(&self, method: &str) -> Vec<&Value> {
        self.said
            .iter()
            .filter(|line| line["method"] == method)
            .collect()
    }

    fn approvals(&self) -> Vec<(&str, &str)> {
        let asked = self.events.iter().filter_map(|event| match event {
            AgentEvent::Approval { title, detail, .. } => Some((title.as_str(), detail.as_str())),
            _ => None,
        });
        asked.collect()
    }
}

fn tool(blocks: &[Block]) -> (&str, ToolState, &str) {
    let tools = blocks.iter().find_map(|block| match block {
        Block::Tool {
            name,
            state,
            output,
            ..
        } => Some((&**name, *state, output.as_deref().unwrap_or("?"))),
        _ => None,
    });
    tools.expect("a tool")
}
