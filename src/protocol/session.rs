//! A session: what it is asked to be, and what can be seen of it.

use super::{
    failure::Category,
    ids::{AskId, Millis, SessionId, TurnId},
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
        !matches!(self, Backend::Terminal | Backend::Claude)
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
            _ => Backend::Endpoint(name),
        }
    }
}

impl From<Backend> for String {
    fn from(backend: Backend) -> String {
        backend.as_str().to_owned()
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The backend said so in its own protocol.
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

/// A question put to the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub id: AskId,
    pub kind: AskKind,
    /// One line, such as `Bash` or `over budget`.
    pub title: String,
    /// What exactly is asked, such as the command to be run; may have several lines.
    pub detail: String,
    pub since: Millis,
}

/// What a question is about, and so which decisions fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    /// A tool wants to run: once, always for this session, or not.
    Approval,
    /// A prompt would pass the budget: send it anyway, or take it back.
    Budget,
}

/// The answer to an [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Once,
    /// For the rest of this session. For [`AskKind::Budget`] the same as `Once`.
    Always,
    /// With words for the model, possibly empty.
    No {
        message: String,
    },
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
