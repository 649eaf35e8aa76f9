//! A turn: one prompt and its response, and how a response grows while it streams.

use super::{
    Backend,
    failure::Failure,
    ids::{Millis, SessionId, TurnId},
    money::{Cost, Usage},
};
use serde::{Deserialize, Serialize};
use std::{fmt, path::PathBuf, str::FromStr};

/// One prompt and its response. Turns form a tree through `parent`; a session points at one of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    pub id: TurnId,
    /// The turn before this one in the conversation; `None` at the root.
    pub parent: Option<TurnId>,
    /// The session in which it was asked. A fork sees it as inherited.
    pub session: SessionId,
    pub prompt: String,
    pub origin: Origin,
    pub blocks: Vec<Block>,
    pub state: TurnState,
    pub backend: Backend,
    /// The model that answered, as the server named it; before the answer, the one that was asked.
    pub model: Option<String>,
    pub usage: Usage,
    pub cost: Cost,
    pub timings: Timings,
    pub rating: Option<Rating>,
    /// The classifier's category of the prompt, such as `debug`.
    pub category: String,
    /// Where an agent keeps this turn itself. Claude Code: the uuid of its conversation, a slash, and the
    /// uuid of the turn's last record, so that a fork finds both.
    pub agent_ref: Option<String>,
    /// Files sent along with the prompt, such as images.
    #[serde(default)]
    pub attached: Vec<PathBuf>,
    /// Tries before the one that gave this answer, oldest first.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// Where the price of `cost` is from; `None` where none was used.
    #[serde(default)]
    pub price: Option<PriceNote>,
    /// What the server said of the request beside the answer.
    #[serde(default)]
    pub receipt: Receipt,
}

/// A try that failed before anything of its answer was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub backend: Backend,
    pub model: Option<String>,
    pub failure: Failure,
    pub at: Millis,
}

/// What a server tells with the head of its answer, and of its own speed. All of it may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    /// The provider's own name for the request, to be quoted to its support.
    pub request_id: Option<String>,
    /// What is left of the provider's rate limits, and when the first of them begins anew.
    pub requests_remaining: Option<u64>,
    pub tokens_remaining: Option<u64>,
    pub limits_reset_at: Option<Millis>,
    /// Output tokens a second as the server measured them, without the network.
    pub tokens_per_second: Option<f32>,
}

/// Which price table a cost rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceNote {
    pub source: String,
    /// As `2026-11-20`.
    pub date: String,
}

/// Who wrote the prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    #[default]
    Typed,
    /// Relayed from a turn of another session.
    Relay { from: String, turn: TurnId },
    /// Sent to several sessions at once; the number is shared by all turns of one broadcast.
    Broadcast { number: u64 },
    /// Nobody: the agent went on by itself, as after a background task. The prompt is empty.
    Agent,
    /// Nobody: a limit is over, and the session goes on by itself with what had met it.
    Reset,
}

/// How far a turn has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnState {
    /// Accepted and stored, not sent yet: behind another turn, or held by the budget.
    Waiting,
    Streaming,
    Done,
    /// Stopped by the user or by a crash; what had arrived is kept.
    Interrupted,
    Failed(Failure),
}

impl TurnState {
    /// Whether nothing more will be added to the turn.
    pub fn is_over(&self) -> bool {
        !matches!(self, TurnState::Waiting | TurnState::Streaming)
    }
}

/// One piece of a response, in the order in which it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Block {
    Text {
        text: String,
    },
    Thinking {
        text: String,
    },
    Tool {
        id: String,
        name: String,
        /// The arguments as JSON text; may be incomplete while it streams.
        input: String,
        output: Option<String>,
        state: ToolState,
    },
    /// Said by Antiphon, not by the model: a retry, a model switch, that a session is a rehearsal.
    Notice {
        text: String,
    },
}

/// How far a tool call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolState {
    Running,
    Done,
    Failed,
    Denied,
}

/// How a response grows. [`apply`] is the only place that knows what each does to the blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Delta {
    Text {
        text: String,
    },
    Thinking {
        text: String,
    },
    ToolStarted {
        id: String,
        name: String,
    },
    /// More of a call's arguments.
    ToolInput {
        id: String,
        json: String,
    },
    ToolEnded {
        id: String,
        output: String,
        state: ToolState,
    },
    Notice {
        text: String,
    },
    /// All blocks anew: the authoritative form of what was streamed before it.
    Replace {
        blocks: Vec<Block>,
    },
}

/// Adds `delta` to `blocks`. A delta for a tool call that is not there is dropped.
pub fn apply(blocks: &mut Vec<Block>, delta: &Delta) {
    match delta {
        Delta::Text { text: more } => match blocks.last_mut() {
            Some(Block::Text { text }) => text.push_str(more),
            _ => blocks.push(Block::Text { text: more.clone() }),
        },
        Delta::Thinking { text: more } => match blocks.last_mut() {
            Some(Block::Thinking { text }) => text.push_str(more),
            _ => blocks.push(Block::Thinking { text: more.clone() }),
        },
        Delta::ToolStarted { id, name } => blocks.push(Block::Tool {
            id: id.clone(),
            name: name.clone(),
            input: String::new(),
            output: None,
            state: ToolState::Running,
        }),
        Delta::ToolInput { id, json } => {
            if let Some(Block::Tool { input, .. }) = find_tool(blocks, id) {
                input.push_str(json);
            }
        }
        Delta::ToolEnded { id, output, state } => {
            if let Some(Block::Tool {
                output: kept,
                state: at,
                ..
            }) = find_tool(blocks, id)
            {
                *kept = Some(output.clone());
                *at = *state;
            }
        }
        Delta::Notice { text } => blocks.push(Block::Notice { text: text.clone() }),
        Delta::Replace { blocks: all } => blocks.clone_from(all),
    }
}

fn find_tool<'a>(blocks: &'a mut [Block], wanted: &str) -> Option<&'a mut Block> {
    blocks
        .iter_mut()
        .rev()
        .find(|block| matches!(block, Block::Tool { id, .. } if id == wanted))
}

/// The answer proper: all text blocks, a blank line between them; no thinking, tools or notices.
pub fn response_text(blocks: &[Block]) -> String {
    let texts: Vec<&str> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Text { text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    texts.join("\n\n")
}

/// When a turn began, first answered and ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    pub asked_at: Millis,
    /// When it was sent to the model; later than `asked_at` for a turn that had to wait.
    pub sent_at: Option<Millis>,
    pub first_token_at: Option<Millis>,
    pub ended_at: Option<Millis>,
}

impl Timings {
    /// From sending to the end, in milliseconds.
    pub fn duration(&self) -> Option<Millis> {
        Some(self.ended_at? - self.sent_at?)
    }
}

/// What the user said of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    Bad,
    Good,
    /// 1 to 5.
    Stars(u8),
}

impl Rating {
    /// How much of a success it is, 0 to 1: good and four stars upwards are one, three stars a half.
    pub fn success(self) -> f64 {
        match self {
            Rating::Good | Rating::Stars(4..) => 1.0,
            Rating::Stars(3) => 0.5,
            Rating::Bad | Rating::Stars(_) => 0.0,
        }
    }
}

impl FromStr for Rating {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "good" => Ok(Rating::Good),
            "bad" => Ok(Rating::Bad),
            "1" | "2" | "3" | "4" | "5" => Ok(Rating::Stars(text.as_bytes()[0] - b'0')),
            _ => Err(format!(
                "`{text}` is not a rating: expected good, bad or 1 to 5"
            )),
        }
    }
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rating::Good => f.write_str("good"),
            Rating::Bad => f.write_str("bad"),
            Rating::Stars(n) => write!(f, "{n}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_build_blocks_in_order_of_arrival() {
        let text = |t: &str| Delta::Text { text: t.into() };
        let mut blocks = Vec::new();
        for delta in [
            Delta::Thinking { text: "hm".into() },
            text("one "),
            text("two"),
            Delta::ToolStarted {
                id: "x".into(),
                name: "Bash".into(),
            },
            Delta::ToolInput {
                id: "x".into(),
                json: "{}".into(),
            },
            Delta::ToolEnded {
                id: "x".into(),
                output: "ok".into(),
                state: ToolState::Done,
            },
            Delta::ToolEnded {
                id: "nobody".into(),
                output: "lost".into(),
                state: ToolState::Done,
            },
            text("three"),
        ] {
            apply(&mut blocks, &delta);
        }
        assert_eq!(response_text(&blocks), "one two\n\nthree");
        assert_eq!(blocks.len(), 4);
        assert!(
            matches!(&blocks[2], Block::Tool { input, output: Some(o), state: ToolState::Done, .. } if input == "{}" && o == "ok")
        );
    }
}
