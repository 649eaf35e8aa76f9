//! The grammar of the command line.

use crate::faces::cli::groups::{
    Ask, Broadcast, Fork, Format, Models, Relay, Respond, Set, Spawn, Wait,
};
use crate::faces::cli::learning::LearnCommand;
use crate::faces::cli::replay::Replay;
use crate::faces::cli::suggesting::Suggest;
use crate::protocol::{Rating, TurnId};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Run many LLM sessions side by side.
///
/// Without a command the full-screen program opens; the engine is started if none runs.
#[derive(Debug, Parser)]
#[command(name = "antiphon", version)]
pub struct Args {
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// One command. PROMPT may be `-`: standard input.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a session
    Spawn(Spawn),
    /// Ask a session and print its answer as it comes
    Ask(Ask),
    /// Print the answer of a turn, or how far it is
    Poll {
        turn: TurnId,
        /// Wait until it is there
        #[arg(long)]
        wait: bool,
    },
    /// Make a new session that inherits the conversation of another
    Fork(Fork),
    /// Send an answer of one session as the prompt of another
    Relay(Relay),
    /// Send one prompt to several sessions
    Broadcast(Broadcast),
    /// Rate a turn
    Rate {
        /// The turn, or the session whose newest answer is meant (neither: the newest of all); then good, bad or 1 to 5
        #[arg(value_name = "[TURN|NAME] RATING", num_args = 1..=2, required = true)]
        what: Vec<String>,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Say what kind of prompt a turn was, where it was taken for another
    Correct {
        /// The turn, or the session whose newest answer is meant (neither: the newest of all); then the category, such
        /// as debug
        #[arg(value_name = "[TURN|NAME] CATEGORY", num_args = 1..=2, required = true)]
        what: Vec<String>,
    },
    /// Show what is kept of a turn beside what was said in it: how it was read, expected and judged
    Record {
        /// The turn, or the session whose newest answer is meant; left out: the newest of all
        #[arg(value_name = "TURN|NAME")]
        of: Option<String>,
    },
    /// Say which model to take for a prompt
    Suggest(Suggest),
    /// Replay a log of prompts with known answers, or your own turns, under every policy
    Replay(Replay),
    /// Show what is learnt of models, change it, or carry it elsewhere
    Learn {
        #[command(subcommand)]
        what: LearnCommand,
    },
    /// List all sessions as the tree of their forks
    List,
    /// Show one session, or the engine, the budget and who needs you
    Status { name: Option<String> },
    /// Print the conversation of a session, also of one that was killed
    Log { name: String },
    /// Print a conversation as a document
    Export {
        name: String,
        #[arg(long, value_enum, default_value_t = Format::Md)]
        format: Format,
    },
    /// Stop the running turn of a session and take back those that wait
    Interrupt { name: String },
    /// List what all sessions ask, and which are limited or failed
    Inbox,
    /// Answer what a session asks: once, always, no, or an answer
    Respond(Respond),
    /// Wait until a session needs you, is idle, …
    Wait(Wait),
    /// Change a session
    Set(Set),
    /// Start the process of a session that ended anew
    Restart { name: String },
    /// End a session; its turns stay in the store
    Kill {
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        name: Option<String>,
        #[arg(long)]
        all: bool,
    },
    /// List the git worktrees of sessions, remove one or bring one back
    Worktree {
        #[command(subcommand)]
        what: WorktreeCommand,
    },
    /// Show what was used, spent and thought of it
    Stats {
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
        days: u32,
    },
    /// Show or set the daily budget
    Budget {
        #[command(subcommand)]
        change: Option<BudgetChange>,
    },
    /// List models and their prices, or compare two
    Models(Models),
    /// Fetch the public tables of models and prices, or show how old they are
    Catalog {
        #[command(subcommand)]
        what: CatalogCommand,
    },
    /// Start, stop or look at the engine
    Engine {
        #[command(subcommand)]
        what: EngineCommand,
    },
    /// Check the configuration, or show its default or its place
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// List the agents that are described, where they are, and what tells of their status
    Agents,
    /// Say what was found on this machine and what is missing
    Doctor,
    /// Hand on what a program in a pane tells of itself; run by its hooks
    #[command(hide = true)]
    Report {
        /// Where the engine listens
        #[arg(long)]
        socket: PathBuf,
        #[command(subcommand)]
        what: ReportCommand,
    },
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
}

/// NAME is the session's, the branch's, or the worktree's whole path.
#[derive(Debug, Subcommand)]
pub enum WorktreeCommand {
    /// Show all worktrees, of killed sessions too, and what in them is uncommitted or unpushed
    List,
    /// Remove one, unless anything in it is uncommitted or unpushed; for 30 s it can be brought back as it was
    Remove {
        name: String,
        /// Archive what is uncommitted or unpushed under a ref of the repository, and remove it then
        #[arg(long)]
        force: bool,
    },
    /// Bring a removed one back, or an archived one
    Restore { name: String },
}

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    Hook,
    Statusline {
        /// The user's own statusline, shown in the place of ours
        #[arg(long)]
        show: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum BudgetChange {
    /// Dollars a day, or none; in force until changed
    Set { amount: String },
}

#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// Fetch the tables again; what cannot be had stays as it was
    Refresh {
        /// Only this table, such as models.dev; may be given more than once
        #[arg(long, value_name = "NAME")]
        source: Vec<String>,
        /// Read a table from a file in the place of its address; may be given more than once
        #[arg(long, value_name = "NAME=PATH", value_parser = name_and_path)]
        from_file: Vec<(String, PathBuf)>,
    },
    /// Show how many models are known, where from, and how old that is
    Status,
}

fn name_and_path(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(path)))
        }
        _ => Err("expected NAME=PATH, such as models.dev=api.json".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub enum EngineCommand {
    /// Start it in the background if none runs
    Start,
    /// Stop it; sessions come back at its next start
    Stop,
    /// Show its process, version, socket, sessions and uptime
    Status,
    /// Run it here, in the foreground
    #[command(hide = true)]
    Run {
        /// Say on the first line of the output how the start went
        #[arg(long)]
        report: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Report every problem of config.toml, the theme, the keymap and the descriptions of agents
    Check,
    /// Print the default config.toml, with every key explained
    Default,
    /// Print where config.toml is looked for
    Path,
    /// Print every action, its keys and what it does
    Actions,
}

/// What is rated, as it was written, and the rating.
///
/// # Errors
/// What is not a rating.
pub fn rated(what: &[String]) -> Result<(Option<&str>, Rating), String> {
    match what {
        [rating] => Ok((None, rating.parse()?)),
        [rated, rating] => Ok((Some(rated), rating.parse()?)),
        _ => Err("expected [TURN|NAME] and a rating".to_owned()),
    }
}

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;
