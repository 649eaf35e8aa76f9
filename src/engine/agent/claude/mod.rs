//! The Claude Code CLI, run structured: one long-lived process, JSON lines both ways.
//!
//! `translate` is a pure function from its lines to events, `state` from commands to lines.

mod answer;
pub mod approval;
mod arguments;
mod failure;
mod questions;
#[cfg(test)]
mod questions_tests;
mod quotas;
#[cfg(test)]
mod real_tests;
mod say;
mod spending;
mod state;
mod transcript_path;
mod translate;
#[cfg(test)]
mod translate_tests;

pub use failure::{INSTALL, exit_failure};

use super::{AgentCommand, AgentEvent, AgentFrom, AgentStart, AgentState, Opening, Talk};
use serde_json::Value;
use state::State;

/// How the CLI is begun.
pub(super) fn open(start: &AgentStart) -> Opening {
    let start = &found(start);
    Opening {
        args: arguments::arguments(start),
        env: vec![
            ("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "1"),
            ("DISABLE_AUTOUPDATER", "1"),
        ],
        // Those of an agent the engine may have been started from: the CLI would think it is nested.
        not_inherited: &["CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT"],
        talk: Box::new(State::new(start)),
    }
}

/// A fork whose source the CLI finds, wherever it was held.
fn found(start: &AgentStart) -> AgentStart {
    let mut start = start.clone();
    if let AgentFrom::Fork { source, .. } = &mut start.from {
        let config = transcript_path::config_folder();
        *source = transcript_path::resumable(config.as_deref(), &start.cwd, source);
    }
    start
}

impl Talk for State {
    fn command(&mut self, command: AgentCommand) {
        State::command(self, command);
    }
    fn hear(&mut self, line: &Value) -> Vec<AgentEvent> {
        translate::translate(self, line)
    }
    fn say(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.replies)
    }
    fn ended(&mut self) -> Vec<AgentEvent> {
        State::ended(self)
    }
}
