//! The Claude Code CLI, run structured: one long-lived process, JSON lines both ways.
//!
//! `translate` is a pure function from its lines to events (and `command` from commands to lines); `run`
//! owns the process. Lines and fields that are not known pass silently: the CLI moves every week. The
//! environment and the lines themselves are never logged.

mod answer;
mod approval;
mod arguments;
mod failure;
mod lines;
#[cfg(test)]
mod real_tests;
mod run;
#[cfg(test)]
mod run_tests;
mod say;
mod spending;
mod state;
mod translate;
#[cfg(test)]
mod translate_tests;

use super::{AgentCommand, AgentEvent, AgentState};
pub use failure::exit_failure;
pub use run::start;

use std::path::PathBuf;

/// What is to be run. Its `Debug` leaves out the environment, which may hold keys.
#[derive(Clone, PartialEq)]
pub struct ClaudeStart {
    /// The CLI: a path, or a name on the PATH.
    pub program: PathBuf,
    /// Arguments behind our own.
    pub args: Vec<String>,
    /// The folder it works in. A conversation can be resumed or forked only in the folder where it began.
    pub cwd: PathBuf,
    /// `None`: the CLI's default, or the resumed conversation's.
    pub model: Option<String>,
    /// `None`: the CLI's default. Resuming does not bring the last one back.
    pub permission_mode: Option<String>,
    /// The conversation's id; a UUID.
    pub session_uuid: String,
    pub from: ClaudeFrom,
    /// Text behind the CLI's own system prompt.
    pub system: Option<String>,
    /// Variables added to the inherited environment.
    pub env: Vec<(String, String)>,
}

impl std::fmt::Debug for ClaudeStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClaudeStart")
            .field("program", &self.program)
            .field("cwd", &self.cwd)
            .field("session_uuid", &self.session_uuid)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// Where the conversation begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaudeFrom {
    New,
    /// Goes on with `session_uuid`.
    Resume,
    /// A copy of another conversation under `session_uuid`, up to and with the record `at`
    /// ([`AgentEvent::TurnEnded`]'s `record`); `None`: all of it.
    Fork {
        source_uuid: String,
        at: Option<String>,
    },
}
