//! Codex, run structured: one long-lived `codex app-server`, JSON-RPC on lines both ways.
//!
//! `state` makes lines of commands, `translate` (with `turns` and `items`) makes events of lines; both pure. Written
//! after what version 0.169.0 says and takes.

mod answer;
mod approval;
mod failure;
mod items;
mod limits;
mod opening;
mod questions;
mod settings;
mod spending;
mod state;
#[cfg(test)]
mod tests;
mod translate;
mod turns;

pub use failure::exit_failure;

use super::{AgentCommand, AgentEvent, AgentStart, Opening, Talk};
use serde_json::Value;
use state::State;

/// How the app-server is begun.
pub(super) fn open(start: &AgentStart) -> Opening {
    Opening {
        args: start.args.clone(),
        // Its last words are shown.
        env: vec![("NO_COLOR", "1")],
        // Those of an agent the engine may have been started from.
        not_inherited: &[
            "CODEX_CI",
            "CODEX_SANDBOX",
            "CODEX_SANDBOX_NETWORK_DISABLED",
            "CODEX_SESSION_ID",
            "CODEX_THREAD_ID",
            "CODEX_TOOL_CALL_ID",
        ],
        talk: Box::new(State::new(start)),
    }
}

impl Talk for State {
    fn command(&mut self, command: AgentCommand) {
        State::command(self, command);
    }
    fn hear(&mut self, line: &Value) -> Vec<AgentEvent> {
        translate::translate(self, line)
    }
    fn say(&mut self) -> Vec<Value> {
        self.rpc.take()
    }
    fn gives_up(&mut self) -> Option<String> {
        self.gives_up.take()
    }
    fn ended(&mut self) -> Vec<AgentEvent> {
        let mut events = Vec::new();
        turns::drop_asks(self, &mut events);
        if self.turn.held {
            turns::finish(self, &mut events);
        }
        events
    }
}
