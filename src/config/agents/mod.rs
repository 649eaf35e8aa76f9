//! Descriptions of agents: how each is found, started, spoken to and ended, and where what it does can be seen. Data;
//! those shipped are in `assets/agents`, the user's own in `agents/` beside the configuration.

mod pattern;
mod reading;
#[cfg(test)]
mod tests;

pub use pattern::{Kind, Means, Pattern, Rule, first};
pub use reading::{read_folder, shipped};

use crate::protocol::Backend;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The word in the place of a program that stands for the user's shell.
pub const SHELL: &str = "$SHELL";

/// One agent.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// The name used for its backend.
    pub name: String,
    /// Such as `Claude Code`.
    pub label: String,
    /// A name on the PATH, a path, or [`SHELL`].
    pub program: String,
    /// Other names of programs that are this agent when they are run in a terminal.
    #[serde(default)]
    pub also: Vec<String>,
    /// Arguments with which it prints its version and ends; empty: it cannot.
    #[serde(default)]
    pub version: Vec<String>,
    /// How to get it, said where it is missing.
    #[serde(default)]
    pub install: String,
    /// Environment variables that it may take a key from; handed on as they are, never shown.
    #[serde(default)]
    pub keys: Vec<String>,
    /// How it is run structured; `None`: only in a terminal.
    pub protocol: Option<AgentProtocol>,
    /// Arguments of its own full-screen interface, put before the user's.
    #[serde(default)]
    pub args: Vec<String>,
    /// How its conversations are named; `None`: they cannot be come back to.
    pub conversation: Option<Conversation>,
    #[serde(default)]
    pub feed: Feed,
    #[serde(default)]
    pub interrupt: Interrupt,
    #[serde(default)]
    pub stop: Stop,
    #[serde(default)]
    pub environment: Environment,
    /// How it is given hooks that report what it does; `None`: it has none that are understood.
    pub hooks: Option<Hooks>,
    /// The form of the file it writes its conversation to; `None`: none that is understood.
    pub transcript: Option<Transcript>,
    /// Whether it marks its prompts and commands with OSC 133, as shells can.
    #[serde(default)]
    pub prompt_marks: bool,
    /// What its terminal title says.
    #[serde(default)]
    pub title: Title,
    /// What its screen says, where nothing better does.
    #[serde(default)]
    pub screen: Screen,
    /// The user's file that it was read from; `None`: shipped.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

/// How an agent is run structured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentProtocol {
    pub kind: ProtocolKind,
    /// Arguments that bring the program into this protocol.
    #[serde(default)]
    pub args: Vec<String>,
    /// Up to where of a conversation a fork can inherit.
    #[serde(default)]
    pub fork: ForkPoint,
    /// How far it may go unasked, in its own words; none: it says itself which there are, and takes or refuses them.
    #[serde(default)]
    pub modes: Vec<Mode>,
}

/// How far an agent may go unasked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mode {
    pub name: String,
    /// In a few words, for the person who chooses.
    pub means: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProtocolKind {
    /// Claude Code's stream-json.
    Claude,
    /// Codex's app-server.
    Codex,
    /// The Agent Client Protocol.
    Acp,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForkPoint {
    /// It cannot fork.
    #[default]
    No,
    /// The whole conversation.
    End,
    /// Any turn.
    Turn,
}

/// The arguments by which a program in a terminal begins, goes on with or copies a conversation. `{id}` is the
/// conversation's name, `{new}` that of a copy.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// Begins one of a name that we choose (a UUID); empty: it chooses the name itself.
    #[serde(default)]
    pub new: Vec<String>,
    pub resume: Vec<String>,
    /// Empty: it cannot fork.
    #[serde(default)]
    pub fork: Vec<String>,
    /// Whether a copy goes on in the folder where it is started, without asking, wherever its source began.
    #[serde(default)]
    pub fork_elsewhere: bool,
    /// The files of which one is there when the conversation can be come back to. `*` stands for any part of a name,
    /// `~` for the home folder, `{id8}` for the first eight characters of the conversation's name; one that begins with
    /// `$NAME/` counts only where that variable is set.
    pub kept: Vec<String>,
    /// A text that such a file holds once something was said in the conversation; empty: any.
    #[serde(default)]
    pub holds: String,
    /// Options of the user's that take a value, with `...` behind those that take several. Of the user's arguments what is neither an option nor such a value is a
    /// prompt, and is not said again when the conversation is come back to.
    #[serde(default)]
    pub valued: Vec<String>,
    /// Arguments of the user's that choose the conversation themselves: with one of them nothing is added.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// How a prompt is typed into its terminal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Feed {
    pub paste: Paste,
    /// Keys that empty its line first.
    pub clear: String,
    /// Keys that send what was typed, pressed apart from it.
    pub enter: String,
}

/// In what form text comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paste {
    /// As a bracketed paste where it asks for that, else as typed; several lines only as a paste.
    Bracketed,
    /// As typed, always.
    Typed,
}

/// How a running turn is stopped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Interrupt {
    /// Pressed one after the other, each apart.
    pub keys: Vec<String>,
}

/// How it is ended.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stop {
    /// A command typed into its line first, with Enter; empty: none.
    pub command: String,
    /// The signal sent next.
    pub signal: StopSignal,
    /// Milliseconds that each of both has before the next, and the last before it is killed.
    pub grace_ms: u32,
    /// What it leaves behind in process groups of its own, by the command line.
    pub leaves: Vec<Pattern>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StopSignal {
    Hup,
    Int,
    Term,
}

/// What it is started with, besides what the engine was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    pub set: BTreeMap<String, String>,
    /// Variables that it must not inherit.
    pub remove: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hooks {
    pub kind: HookKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HookKind {
    /// Claude Code's: a settings file of ours, with a statusline.
    Claude,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    pub kind: TranscriptKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TranscriptKind {
    /// Claude Code's `projects/…/ID.jsonl`.
    Claude,
    /// Codex's `sessions/…/rollout-…-ID.jsonl`.
    Codex,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// The first that matches tells.
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// So many of the last lines that are not blank are looked at; 1 to 50.
    pub lines: usize,
    /// The first that matches tells.
    pub rules: Vec<Rule>,
}

impl Default for Feed {
    fn default() -> Feed {
        Feed {
            paste: Paste::Bracketed,
            clear: String::new(),
            enter: "\r".to_owned(),
        }
    }
}

impl Default for Interrupt {
    fn default() -> Interrupt {
        Interrupt {
            keys: vec!["\x03".to_owned()],
        }
    }
}

impl Default for Stop {
    fn default() -> Stop {
        Stop {
            command: String::new(),
            signal: StopSignal::Hup,
            grace_ms: 500,
            leaves: Vec::new(),
        }
    }
}

impl Default for Screen {
    fn default() -> Screen {
        Screen {
            lines: 12,
            rules: Vec::new(),
        }
    }
}

impl Agent {
    /// The backend by which it is run structured, or in its own interface where it cannot be.
    pub fn backend(&self) -> Backend {
        match (&self.protocol, Backend::from(self.name.clone())) {
            (None, _) => Backend::Terminal,
            (Some(_), Backend::Claude) => Backend::Claude,
            (Some(_), _) => Backend::Agent(self.name.clone()),
        }
    }

    /// The command that runs it in its own full-screen interface; empty: the user's shell.
    pub fn command(&self) -> Vec<String> {
        if self.program == SHELL {
            return Vec::new();
        }
        let program = std::iter::once(self.program.clone());
        program.chain(self.args.iter().cloned()).collect()
    }

    /// Whether a terminal's command runs it.
    fn is_run_by(&self, command: &[String]) -> bool {
        match command.first() {
            None => self.program == SHELL,
            Some(program) => {
                let called = base_name(program);
                base_name(&self.program) == called || self.also.iter().any(|name| name == called)
            }
        }
    }
}

/// The agent that a terminal's command runs, if one is described; of several the user's own, then the first by name.
pub fn of_command<'a>(
    agents: &'a BTreeMap<String, Agent>,
    command: &[String],
) -> Option<&'a Agent> {
    let fits = agents.values().filter(|agent| agent.is_run_by(command));
    fits.min_by_key(|agent| (agent.file.is_none(), &agent.name))
}

fn base_name(program: &str) -> &str {
    let name = Path::new(program)
        .file_name()
        .and_then(|name| name.to_str());
    name.unwrap_or(program)
}
