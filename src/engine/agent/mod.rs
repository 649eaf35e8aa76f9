//! Agents that hold a conversation of their own, run as processes and spoken to in their own protocol.
//!
//! Each agent's room turns its protocol into the words below and back ([`Talk`]); `run` owns the process. None of
//! them knows sessions, turns, prices or the store; what a turn cost is told as the agent reports it.
//! Lines and fields that are not known pass silently: the agents move every week. The environment and the lines
//! themselves are never logged.

pub mod acp;
pub mod claude;
pub mod codex;
mod event;
pub mod hooks;
mod lines;
mod rpc;
mod run;
#[cfg(test)]
mod run_tests;
pub mod transcript;

pub use event::{AgentCommand, AgentEvent, AgentState};
pub use run::start;

use crate::protocol::Failure;
use serde_json::Value;
use std::path::PathBuf;

/// The protocol an agent is spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Claude Code's stream of JSON lines.
    Claude,
    /// Codex's app-server: JSON-RPC on lines.
    Codex,
    /// The Agent Client Protocol: JSON-RPC on lines.
    Acp,
}

/// What is to be run. Its `Debug` leaves out the environment, which may hold keys.
#[derive(Clone, PartialEq)]
pub struct AgentStart {
    pub protocol: Protocol,
    /// A path, or a name on the PATH.
    pub program: PathBuf,
    /// Where the program can be had, said when it is missing.
    pub install: String,
    /// Arguments behind those of the protocol.
    pub args: Vec<String>,
    /// The folder it works in. Some resume or fork a conversation only in the folder where it began.
    pub cwd: PathBuf,
    /// `None`: the agent's default, or the resumed conversation's.
    pub model: Option<String>,
    /// `None`: the agent's default. Resuming does not bring the last one back.
    pub permission_mode: Option<String>,
    /// The conversation's id. Claude Code: a UUID of our choice; others: empty until they have told it in
    /// [`AgentEvent::Conversation`].
    pub conversation: String,
    pub from: AgentFrom,
    /// Text behind the agent's own system prompt.
    pub system: Option<String>,
    /// Variables added to the inherited environment.
    pub env: Vec<(String, String)>,
}

impl std::fmt::Debug for AgentStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AgentStart")
            .field("program", &self.program)
            .field("cwd", &self.cwd)
            .field("conversation", &self.conversation)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// Where the conversation begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentFrom {
    New,
    /// Goes on with `conversation`.
    Resume,
    /// A copy of another conversation, up to and with the record `at` ([`AgentEvent::TurnEnded`]'s `record`);
    /// `None`: all of it.
    Fork {
        source: String,
        at: Option<String>,
    },
}

/// One protocol, as a state that hears lines and says lines. Pure: no clock, no process.
pub trait Talk: Send {
    /// Puts a command into words. [`AgentCommand::Stop`] is not said but done.
    fn command(&mut self, command: AgentCommand);
    /// What a command has brought about by itself, before the agent says anything. Asked for after each command.
    fn settled(&mut self) -> Vec<AgentEvent> {
        Vec::new()
    }
    /// Takes in one line of the agent.
    fn hear(&mut self, line: &Value) -> Vec<AgentEvent>;
    /// Lines to be sent, in order; each is given once. Asked for after the start, each command and each line heard.
    fn say(&mut self) -> Vec<Value>;
    /// Why nothing can come of the process any more: it is ended then, and these are its last words. Asked for
    /// after each line heard; given once.
    fn gives_up(&mut self) -> Option<String> {
        None
    }
    /// The process has ended: what it did not come to tell.
    fn ended(&mut self) -> Vec<AgentEvent>;
}

/// The arguments of the protocol, the variables it needs, those it must not inherit, and the state before the first line.
struct Opening {
    args: Vec<String>,
    env: Vec<(&'static str, &'static str)>,
    not_inherited: &'static [&'static str],
    talk: Box<dyn Talk>,
}

/// The failure that the last words of an agent tell, which ended with an error.
pub fn exit_failure(protocol: Protocol, stderr: &str) -> Failure {
    match protocol {
        Protocol::Claude => claude::exit_failure(stderr),
        Protocol::Codex => codex::exit_failure(stderr),
        Protocol::Acp => acp::exit_failure(stderr),
    }
}

fn open(start: &AgentStart) -> Opening {
    match start.protocol {
        Protocol::Claude => claude::open(start),
        Protocol::Codex => codex::open(start),
        Protocol::Acp => acp::open(start),
    }
}
