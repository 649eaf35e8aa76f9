//! The grammar of the command line.

use crate::protocol::{BudgetTier, Rating, Restart, TurnId};
use clap::{Args as Group, Parser, Subcommand};
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
    Ask {
        name: String,
        /// The prompt, or - for standard input
        prompt: String,
        /// Print the turn's id instead of waiting; `antiphon poll` has the answer later
        #[arg(long = "async")]
        and_go: bool,
    },
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
        /// The turn, unless the newest that is over is meant; then good, bad or 1 to 5
        #[arg(value_name = "[TURN] RATING", num_args = 1..=2, required = true)]
        what: Vec<String>,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// Say which model to take for a prompt
    Suggest(Suggest),
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
    /// Answer what a session asks: once, always or no
    Respond(Respond),
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
    /// List models and their prices
    Models { filter: Option<String> },
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
    /// Say what was found on this machine and what is missing
    Doctor,
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
}

#[derive(Debug, Group)]
pub struct Spawn {
    /// What it is to be called
    pub name: String,
    /// claude, anthropic, openai, ollama, terminal, rehearsal, or an endpoint of the configuration
    #[arg(long, short)]
    pub backend: Option<String>,
    /// Left out: the backend's default
    #[arg(long, short)]
    pub model: Option<String>,
    /// Left out: `default.cwd` of the configuration, else this folder
    #[arg(long, value_name = "DIR")]
    pub cwd: Option<PathBuf>,
    /// A named set of sessions to be in
    #[arg(long, short)]
    pub group: Option<String>,
    /// When its process ends: never, on-failure or always
    #[arg(long, default_value = "never")]
    pub restart: Restart,
    /// System prompt
    #[arg(long)]
    pub system: Option<String>,
    /// For claude: default, acceptEdits, plan, auto or bypassPermissions
    #[arg(long, value_name = "MODE", value_parser = crate::config::PERMISSION_MODES.to_vec())]
    pub permission_mode: Option<String>,
    /// For a terminal: the program and its arguments; left out: your shell
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<String>,
}

#[derive(Debug, Group)]
pub struct Fork {
    /// The session that is forked
    #[arg(value_name = "SRC")]
    pub source: String,
    /// What the new one is to be called
    #[arg(value_name = "NEW")]
    pub name: String,
    /// The last turn that is inherited; left out: the newest that is over
    #[arg(long, value_name = "TURN")]
    pub at: Option<TurnId>,
    /// Left out: that of SRC
    #[arg(long, short)]
    pub backend: Option<String>,
    /// Left out: that of SRC
    #[arg(long, short)]
    pub model: Option<String>,
    /// How many; above 1 they are called NAME-1, NAME-2, …
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub count: u32,
}

#[derive(Debug, Group)]
pub struct Relay {
    pub from: String,
    pub to: String,
    /// The turn whose answer is sent; left out: the newest
    #[arg(long)]
    pub turn: Option<TurnId>,
    /// Print the answer as it comes
    #[arg(long)]
    pub wait: bool,
    /// A template of the configuration to put the answer into, such as review
    #[arg(long)]
    pub template: Option<String>,
    /// For a terminal: press Enter after the paste
    #[arg(long)]
    pub enter: bool,
}

#[derive(Debug, Group)]
pub struct Broadcast {
    /// The prompt, or - for standard input
    pub prompt: String,
    #[command(flatten)]
    pub to: Audience,
    /// Print every answer
    #[arg(long)]
    pub wait: bool,
}

#[derive(Debug, Group)]
#[group(required = true, multiple = false)]
pub struct Audience {
    /// Names of sessions, with commas between them
    #[arg(long, value_delimiter = ',')]
    pub to: Vec<String>,
    #[arg(long)]
    pub group: Option<String>,
    /// Every session but terminals
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Group)]
pub struct Suggest {
    /// The prompt, or - for standard input
    pub prompt: String,
    /// The session whose conversation would be continued
    #[arg(long)]
    pub session: Option<String>,
    /// low, medium, high or any
    #[arg(long, default_value = "any")]
    pub budget: BudgetTier,
    /// Models not to be suggested, with commas between them
    #[arg(long, value_delimiter = ',')]
    pub exclude: Vec<String>,
    /// Abilities a model must have: vision, tools, json, reasoning
    #[arg(long, value_delimiter = ',')]
    pub require: Vec<String>,
}

#[derive(Debug, Group)]
pub struct Respond {
    pub name: String,
    #[arg(value_enum)]
    pub decision: Word,
    /// Words for the model, with no
    #[arg(long)]
    pub message: Option<String>,
}

/// A decision on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Word {
    Once,
    Always,
    No,
}

#[derive(Debug, Group)]
pub struct Set {
    pub name: String,
    #[command(flatten)]
    pub change: Change,
}

#[derive(Debug, Group)]
#[group(required = true, multiple = true)]
pub struct Change {
    #[arg(long, value_name = "NEW")]
    pub rename: Option<String>,
    #[arg(long)]
    pub model: Option<String>,
    #[arg(long, conflicts_with = "no_group")]
    pub group: Option<String>,
    #[arg(long)]
    pub no_group: bool,
    #[arg(long, value_name = "MODE", value_parser = crate::config::PERMISSION_MODES.to_vec())]
    pub permission_mode: Option<String>,
}

/// The form of an exported conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Md,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum BudgetChange {
    /// Dollars a day, or none; in force until changed
    Set { amount: String },
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
    /// Report every problem of config.toml, the theme and the keymap
    Check,
    /// Print the default config.toml, with every key explained
    Default,
    /// Print where config.toml is looked for
    Path,
}

/// The rating and the turn, in the order in which they are written on the command line.
///
/// # Errors
/// What is not a turn, or not a rating.
pub fn rated(what: &[String]) -> Result<(Option<TurnId>, Rating), String> {
    match what {
        [rating] => Ok((None, rating.parse()?)),
        [turn, rating] => Ok((Some(turn.parse()?), rating.parse()?)),
        _ => Err("expected [TURN] and a rating".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_grammar_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn command_lines_are_taken_or_refused() {
        for (line, good) in [
            ("", true),
            (
                "spawn a -b ollama --model qwen3:8b --restart on-failure",
                true,
            ),
            ("spawn a -- vim -R x", true),
            ("spawn a --restart sometimes", false),
            ("spawn a --permission-mode plan", true),
            ("spawn a --permission-mode plam", false),
            ("ask a hello --json", true),
            ("--json ask a - --async", true),
            ("ask a", false),
            ("poll t12 --wait", true),
            ("poll x12", false),
            ("fork a b --at t3 --count 3", true),
            ("fork a b --count 0", false),
            ("broadcast hi --to a,b", true),
            ("broadcast hi --all --to a", false),
            ("broadcast hi", false),
            ("rate good", true),
            ("rate t4 5 --note fine", true),
            ("rate", false),
            (
                "suggest hi --budget low --exclude a,b --require vision",
                true,
            ),
            ("suggest hi --budget tiny", false),
            ("kill", false),
            ("kill a --all", false),
            ("kill --all", true),
            ("set a --model m --group g", true),
            ("set a", false),
            ("set a --group g --no-group", false),
            ("budget set 5.50", true),
            ("engine run --report", true),
            ("completions zsh", true),
            ("completions tcl", false),
        ] {
            let words = std::iter::once("antiphon").chain(line.split_whitespace());
            let parsed = Args::try_parse_from(words);
            assert_eq!(parsed.is_ok(), good, "{line}: {parsed:?}");
        }
    }

    #[test]
    fn a_rating_may_name_its_turn() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rated(&words("bad")), Ok((None, Rating::Bad)));
        assert_eq!(
            rated(&words("t4 5")),
            Ok((Some(TurnId(4)), Rating::Stars(5)))
        );
        assert!(rated(&words("5 t4")).is_err());
        assert!(rated(&words("6")).is_err());
    }
}
