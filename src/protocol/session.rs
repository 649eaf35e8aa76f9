//! A session: what it is asked to be, and what can be seen of it.

use super::{
    ask::Ask,
    failure::Category,
    ids::{Millis, SessionId, TurnId},
    money::{Cost, Nano, Usage},
};
use serde::{Deserialize, Serialize};
use std::{fmt, path::PathBuf, str::FromStr};

/// How a session is run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Backend {
    /// Any program in a PTY.
    Terminal,
    /// The Claude Code CLI, run structured.
    Claude,
    /// Another agent, run through the protocol that its description names; by the description's name.
    Agent(String),
    /// The Anthropic Messages API.
    Anthropic,
    /// The OpenAI Chat Completions API.
    OpenAi,
    /// The Gemini API.
    Gemini,
    /// A local Ollama.
    Ollama,
    /// Built in, offline, and labelled as such.
    Rehearsal,
    /// An OpenAI-compatible endpoint, by its name in the configuration.
    Endpoint(String),
}

impl Backend {
    /// The names of those that need no endpoint in the configuration.
    pub const BUILT_IN: &[&str] = &[
        "claude",
        "anthropic",
        "openai",
        "gemini",
        "ollama",
        "terminal",
        "rehearsal",
    ];

    /// The name used in the configuration, on the command line and on the screen.
    pub fn as_str(&self) -> &str {
        match self {
            Backend::Terminal => "terminal",
            Backend::Claude => "claude",
            Backend::Agent(name) => name,
            Backend::Anthropic => "anthropic",
            Backend::OpenAi => "openai",
            Backend::Gemini => "gemini",
            Backend::Ollama => "ollama",
            Backend::Rehearsal => "rehearsal",
            Backend::Endpoint(name) => name,
        }
    }

    /// Whether a conversation of turns is held with it; a terminal has none.
    pub fn is_chat(&self) -> bool {
        *self != Backend::Terminal
    }

    /// Whether each turn is a request of its own that is sent the whole conversation.
    pub fn is_api(&self) -> bool {
        !self.is_agent() && *self != Backend::Terminal
    }

    /// Whether it is a program that is spoken to through a protocol of its own and keeps its conversation itself.
    pub fn is_agent(&self) -> bool {
        matches!(self, Backend::Claude | Backend::Agent(_))
    }
}

impl From<String> for Backend {
    fn from(name: String) -> Backend {
        match name.as_str() {
            "terminal" => Backend::Terminal,
            "claude" => Backend::Claude,
            "anthropic" => Backend::Anthropic,
            "openai" => Backend::OpenAi,
            "gemini" => Backend::Gemini,
            "ollama" => Backend::Ollama,
            "rehearsal" => Backend::Rehearsal,
            _ => match name.strip_prefix(AGENT) {
                Some(agent) => Backend::Agent(agent.to_owned()),
                None => Backend::Endpoint(name),
            },
        }
    }
}

/// What stands before an agent's name where an endpoint may have the same.
const AGENT: &str = "agent:";

impl From<Backend> for String {
    fn from(backend: Backend) -> String {
        match backend {
            Backend::Agent(name) => format!("{AGENT}{name}"),
            other => other.as_str().to_owned(),
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is done when a session's process ends by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    #[default]
    Never,
    /// When the exit code is not 0 or a signal ended it.
    OnFailure,
    Always,
}

impl FromStr for Restart {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "never" => Ok(Restart::Never),
            "on-failure" => Ok(Restart::OnFailure),
            "always" => Ok(Restart::Always),
            _ => Err(format!(
                "`{text}` is not a restart policy: expected never, on-failure or always"
            )),
        }
    }
}

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Restart::Never => "never",
            Restart::OnFailure => "on-failure",
            Restart::Always => "always",
        })
    }
}

/// What a new session is to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionSpec {
    /// 1 to 40 characters, no control characters, not a number alone; unique among living sessions.
    pub name: String,
    pub backend: Backend,
    /// `None`: the backend's default.
    pub model: Option<String>,
    /// `None`: the folder in which the engine was started.
    pub cwd: Option<PathBuf>,
    pub group: Option<String>,
    #[serde(default)]
    pub restart: Restart,
    /// For `terminal`: program and arguments; empty: the user's shell. For others unused.
    #[serde(default)]
    pub command: Vec<String>,
    /// System prompt; `None`: the configuration's.
    pub system: Option<String>,
    /// For `claude`: `default`, `acceptEdits`, `plan`, `auto` or `bypassPermissions`.
    pub permission_mode: Option<String>,
    #[serde(default)]
    pub options: Options,
    /// Models to go to when this one fails, in order: `provider:model` or a model's name.
    #[serde(default)]
    pub fallback: Vec<String>,
    /// Whether it goes on by itself when the window of a limit resets, with the prompt that met the limit.
    #[serde(default)]
    pub resume_at_reset: bool,
    /// Whether it is given a git worktree of its own, on a branch of its name.
    #[serde(default)]
    pub worktree: bool,
    /// The worktree it was given; `cwd` is in it then. Filled in by the engine alone.
    #[serde(default)]
    pub own_worktree: Option<Worktree>,
}

/// How an answer is sampled. `None` leaves it to the configuration, and that to the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// 0 to 2.
    pub temperature: Option<f32>,
    /// 0 to 1.
    pub top_p: Option<f32>,
    pub top_k: Option<u32>,
    pub stop: Vec<String>,
    pub seed: Option<u64>,
    /// How hard a reasoning model thinks: `low`, `medium` or `high`.
    pub effort: Option<String>,
    pub max_output_tokens: Option<u32>,
}

impl SessionSpec {
    /// A spec with everything else left at its default.
    pub fn new(name: impl Into<String>, backend: Backend) -> SessionSpec {
        SessionSpec {
            name: name.into(),
            backend,
            model: None,
            cwd: None,
            group: None,
            restart: Restart::Never,
            command: Vec::new(),
            system: None,
            permission_mode: None,
            options: Options::default(),
            fallback: Vec::new(),
            resume_at_reset: false,
            worktree: false,
            own_worktree: None,
        }
    }
}

/// What a session is doing. Never guessed: where nothing tells, it is `Unknown`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Status {
    Starting,
    Idle,
    Working,
    /// Waits for the user; what for is in [`SessionView::asks`].
    NeedsYou,
    /// A limit of the provider; the session can be used again from `until`.
    Limited {
        until: Option<Millis>,
    },
    /// The last turn or start failed; the session can be used again.
    Failed {
        category: Category,
    },
    /// The process ended: with `code`, or by `signal`.
    Ended {
        code: Option<i32>,
        signal: Option<i32>,
    },
    Unknown,
}

/// How a status is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The backend said so in its own protocol; or a program in a terminal did, by the program status protocol.
    #[default]
    Protocol,
    Hook,
    Transcript,
    Title,
    Screen,
    None,
}

impl Source {
    /// The short word that stands behind a status on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Protocol => "ctrl",
            Source::Hook => "hook",
            Source::Transcript => "file",
            Source::Title => "title",
            Source::Screen => "screen",
            Source::None => "",
        }
    }
}

/// What is used of a subscription's window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quota {
    /// Such as `5h` or `week`.
    pub name: String,
    /// 0 to 100, or more where it is overdrawn.
    pub used_percent: f32,
    pub resets_at: Option<Millis>,
}

/// What the processes of a session use: its own and all that came from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProcessTree {
    pub processes: u32,
    /// Bytes of memory that are theirs (resident, shared pages counted once for each).
    pub memory: u64,
    /// Percent of one core since the reading before; `None` at the first.
    pub cpu_percent: Option<f32>,
}

/// A git worktree that was made for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worktree {
    pub path: PathBuf,
    pub branch: String,
    /// The working tree it was made from.
    pub repository: PathBuf,
}

/// The figures of a session. Its own turns only: what a fork inherited is its parent's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gauges {
    pub turns: u32,
    pub usage: Usage,
    pub cost: Cost,
    /// Whether the backend runs on this machine and costs nothing.
    pub local: bool,
    /// Tokens of the context as of the last turn.
    pub context_used: Option<u64>,
    /// Tokens that the model's window holds.
    pub window: Option<u64>,
    /// What the prompt cache has saved so far: reads at the cache's price instead of the full one, less what
    /// the writes cost above it. Negative while nothing has been read yet.
    #[serde(default)]
    pub saved: Nano,
    /// Output tokens a second of the last or the running turn.
    pub tokens_per_second: Option<f32>,
}

/// All that a face shows of a session, except its turns and its screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    pub id: SessionId,
    pub name: String,
    pub backend: Backend,
    pub model: Option<String>,
    pub cwd: PathBuf,
    pub group: Option<String>,
    pub command: Vec<String>,
    pub restart: Restart,
    /// The session it was forked from, and the last turn it inherited.
    pub parent: Option<SessionId>,
    pub forked_at: Option<TurnId>,
    /// The newest turn of its conversation, its own or inherited.
    pub head: Option<TurnId>,
    pub status: Status,
    pub source: Source,
    /// Since when it has this status.
    pub since: Millis,
    pub gauges: Gauges,
    /// Open questions, oldest first.
    pub asks: Vec<Ask>,
    /// For `claude`: the permission mode in force.
    pub permission_mode: Option<String>,
    /// Prompts accepted and not yet sent.
    pub waiting: u32,
    /// The process, where the session has one.
    pub pid: Option<u32>,
    /// What the program calls itself (terminal title), cleaned of control characters.
    pub title: Option<String>,
    /// The newest one-line message of the session, such as why it failed.
    pub note: Option<String>,
    pub created_at: Millis,
    /// The description of the agent that it runs, by name; for a terminal found by the program's name.
    #[serde(default)]
    pub agent: Option<String>,
    /// How the gauges are known.
    #[serde(default)]
    pub gauges_source: Source,
    #[serde(default)]
    pub quotas: Vec<Quota>,
    #[serde(default)]
    pub tree: Option<ProcessTree>,
    #[serde(default)]
    pub worktree: Option<Worktree>,
    #[serde(default)]
    pub resume_at_reset: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_names_are_no_endpoints() {
        for name in Backend::BUILT_IN {
            let backend = Backend::from((*name).to_owned());
            assert!(!matches!(backend, Backend::Endpoint(_)), "{name}");
            assert_eq!(backend.as_str(), *name);
        }
    }
}
