//! What agents write down of themselves while a person uses them in their own interface.
//!
//! `claude` and `codex` read one line each, purely; `lines` cuts a growing file into lines; `follow` is told by the
//! system when a file grows (nothing is polled) and `rollout` finds the file that a Codex writes. What was said in the
//! conversation is passed over: facts are tokens, models, limits, where turns begin and end, and what tests and builds
//! said.
//!
//! The files are internal to the agents and change with them: whatever does not read is skipped.

pub mod claude;
pub mod codex;
mod follow;
mod followed;
mod lines;
mod places;
mod rollout;

pub use follow::{Follower, News};

use crate::learning::is_run;
use crate::protocol::{Millis, Quota, Usage};
use serde_json::Value;
use std::path::PathBuf;

/// Which agent writes a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Claude,
    Codex,
}

/// What is to be followed for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A file and, of Claude Code, those of its sub-agents, each from where it was read to before.
    File {
        kind: Kind,
        path: PathBuf,
        from: Vec<(PathBuf, u64)>,
        /// What is older was spent elsewhere.
        since: Millis,
        /// Whether what stands behind a known place counts however old it is.
        resumed: bool,
    },
    /// The rollout that a Codex in this folder begins, or goes on with where its conversation is known.
    Rollout {
        /// `$CODEX_HOME`; `None`: as the engine's environment has it.
        home: Option<PathBuf>,
        cwd: PathBuf,
        since: Millis,
        conversation: Option<String>,
    },
}

/// Something a line tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// A request was answered. Told again under the same key when more of it is known.
    Spent(Spent),
    /// What the agent itself counted for its conversation so far, by model, with its own price in dollars. Holds
    /// requests that no line tells of.
    Totals {
        conversation: String,
        by_model: Vec<(String, Usage, f64)>,
        /// Whether it was counted before what is followed began.
        before: bool,
    },
    /// A turn begins, by a prompt or by itself.
    Began {
        at: Millis,
    },
    /// A request was made that no other line tells of, as when an answer was cut and asked for again.
    Hidden {
        conversation: String,
    },
    /// The turn was broken off by its user.
    Interrupted {
        at: Millis,
    },
    /// The turn is over.
    Over {
        at: Millis,
    },
    /// A tool is called that runs tests or builds something.
    Called {
        at: Millis,
        /// What the agent calls the call.
        call: String,
        name: String,
        /// The arguments, as JSON text.
        input: String,
    },
    /// A tool has run; told of any.
    Ran {
        at: Millis,
        call: String,
        passed: bool,
        /// The end of what it printed.
        output: String,
    },
    /// The conversation that the file holds.
    Conversation(String),
    Model(String),
    Quotas(Vec<Quota>),
    Context {
        used: u64,
        window: Option<u64>,
    },
}

/// Tokens of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Spent {
    /// The same wherever the record is copied to: a fork repeats what it inherits.
    pub key: String,
    pub conversation: String,
    pub model: Option<String>,
    pub usage: Usage,
    pub at: Millis,
    /// Whether a sub-agent asked; its context is not the conversation's.
    pub aside: bool,
}

impl Fact {
    /// When it happened, where that counts.
    fn at(&self) -> Option<Millis> {
        match self {
            Fact::Spent(spent) => Some(spent.at),
            Fact::Began { at } | Fact::Interrupted { at } | Fact::Over { at } => Some(*at),
            Fact::Called { at, .. } | Fact::Ran { at, .. } => Some(*at),
            _ => None,
        }
    }
}

/// Bytes of a tool's output that are kept for a look at how its run ended; tests and builds sum up at the end.
const OUTPUT: usize = 16 * 1024;

/// A call, where it is of a tool that runs tests or builds something.
fn called(at: Millis, call: &Value, name: &Value, input: String) -> Option<Fact> {
    let (call, name) = (call.as_str()?.to_owned(), name.as_str()?.to_owned());
    is_run(&name, &input).then_some(Fact::Called {
        at,
        call,
        name,
        input,
    })
}

/// The end of a text, as much as is kept.
fn tail(text: &str) -> String {
    let begin = text.len().saturating_sub(OUTPUT);
    let begin = (begin..text.len()).find(|at| text.is_char_boundary(*at));
    begin.map_or_else(String::new, |begin| text[begin..].to_owned())
}

/// The time of a line, as `2026-11-20T10:16:14.118Z`.
fn time(line: &Value) -> Option<Millis> {
    let stamp: jiff::Timestamp = line["timestamp"].as_str()?.parse().ok()?;
    Some(stamp.as_millisecond())
}
