//! The Agent Client Protocol: JSON-RPC on lines, one long-lived process. Gemini CLI and opencode speak it, and
//! whatever agent a user describes with `kind = "acp"`.
//!
//! `opening` brings a conversation about, `state` puts commands into words, `hear` says what lines mean, and each of
//! the others knows one part: tools, approvals, settings (model and mode), figures, failures. All of it is pure.
//!
//! Messages are read as plain JSON and not through the official `agent-client-protocol-schema` crate: its enums are
//! closed, so that a new kind of update, content, option or stop reason is an error there, and here passes silently.

mod approval;
mod failure;
mod hear;
mod opening;
mod settings;
mod state;
#[cfg(test)]
mod tests;
mod tools;
mod usage;

pub use failure::exit_failure;

use super::{AgentCommand, AgentEvent, AgentFrom, AgentStart, Opening, Talk};
use serde_json::Value;
use state::State;

/// How an agent is begun.
pub(super) fn open(start: &AgentStart) -> Opening {
    Opening {
        args: start.args.clone(),
        env: Vec::new(),
        not_inherited: &[],
        talk: Box::new(State::new(start)),
    }
}

impl Talk for State {
    fn command(&mut self, command: AgentCommand) {
        State::command(self, command);
    }
    fn settled(&mut self) -> Vec<AgentEvent> {
        std::mem::take(&mut self.settled)
    }
    fn hear(&mut self, line: &Value) -> Vec<AgentEvent> {
        hear::hear(self, line)
    }
    fn say(&mut self) -> Vec<Value> {
        self.rpc.take()
    }
    fn gives_up(&mut self) -> Option<String> {
        self.gives_up.take()
    }
    fn ended(&mut self) -> Vec<AgentEvent> {
        State::ended(self)
    }
}
