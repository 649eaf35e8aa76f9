//! The options of the commands that have many.

use crate::protocol::{Nano, Options, Restart, TurnId};
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Group)]
pub struct Spawn {
    /// What it is to be called
    pub name: String,
    /// claude, anthropic, openai, gemini, ollama, terminal, rehearsal, an agent, or an endpoint of the configuration
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
    #[command(flatten)]
    pub sampling: Sampling,
    /// Models to go to when this one fails, in order, with commas between them: names, or BACKEND:MODEL
    #[arg(long, value_name = "MODELS", value_delimiter = ',')]
    pub fallback: Vec<String>,
    /// How far an agent may go unasked; claude: default, acceptEdits, plan, auto or bypassPermissions; codex:
    /// read-only, auto, untrusted, never, full-access or plan
    #[arg(long, value_name = "MODE")]
    pub permission_mode: Option<String>,
    /// Go on by itself when a limit of the provider is over; later: `antiphon set NAME --resume-at-reset on`
    #[arg(long)]
    pub resume_at_reset: bool,
    /// Give it a git worktree of its own, with what is uncommitted in its folder, on a branch of its name
    #[arg(long)]
    pub worktree: bool,
    /// For a terminal: the program and its arguments, such as an agent on its own full screen; left out: your shell
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<String>,
}

/// How answers are sampled; what is left out is left to the configuration, and that to the server.
#[derive(Debug, Default, Group)]
pub struct Sampling {
    /// 0 to 2
    #[arg(long, value_parser = |text: &str| within(text, 2.0))]
    pub temperature: Option<f32>,
    /// 0 to 1
    #[arg(long, value_parser = |text: &str| within(text, 1.0))]
    pub top_p: Option<f32>,
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub top_k: Option<u32>,
    /// Where the answer ends; may be given more than once
    #[arg(long, value_name = "TEXT")]
    pub stop: Vec<String>,
    #[arg(long)]
    pub seed: Option<u64>,
    /// How hard a reasoning model thinks
    #[arg(long, value_parser = ["low", "medium", "high"])]
    pub effort: Option<String>,
    #[arg(long, value_name = "TOKENS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_output_tokens: Option<u32>,
}

impl From<Sampling> for Options {
    fn from(given: Sampling) -> Options {
        Options {
            temperature: given.temperature,
            top_p: given.top_p,
            top_k: given.top_k,
            stop: given.stop,
            seed: given.seed,
            effort: given.effort,
            max_output_tokens: given.max_output_tokens,
        }
    }
}

fn within(text: &str, most: f32) -> Result<f32, String> {
    let number = text.parse::<f32>().ok();
    number
        .filter(|number| (0.0..=most).contains(number))
        .ok_or_else(|| format!("expected a number from 0 to {most}"))
}

#[derive(Debug, Group)]
pub struct Ask {
    pub name: String,
    /// The prompt, or - for standard input
    pub prompt: String,
    /// An image to send along; may be given more than once
    #[arg(long, value_name = "PATH")]
    pub attach: Vec<PathBuf>,
    /// Print the turn's id instead of waiting; `antiphon poll` has the answer later
    #[arg(long = "async")]
    pub and_go: bool,
    #[command(flatten)]
    pub over: Over,
}

/// What becomes of a prompt that would pass the day's budget.
#[derive(Clone, Copy, Debug, Default, Group)]
pub struct Over {
    /// For a prompt that would pass the day's budget; left out, on a terminal it waits for you, else it is refused
    #[arg(long, value_enum, value_name = "WHAT")]
    pub over_budget: Option<OverBudget>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OverBudget {
    /// Send it all the same
    Send,
    /// Take it back
    Refuse,
    /// Wait for `antiphon respond`
    Wait,
}

impl Over {
    /// What was chosen, or what suits whoever sits there: nobody answers a question in a script.
    pub fn choice(self) -> OverBudget {
        use std::io::IsTerminal;
        let nobody = !std::io::stdin().is_terminal();
        let usual = if nobody {
            OverBudget::Refuse
        } else {
            OverBudget::Wait
        };
        self.over_budget.unwrap_or(usual)
    }
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
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=32))]
    pub count: u32,
    /// Give each a git worktree of its own, with what is uncommitted in SRC's folder, on a branch of its name
    #[arg(long)]
    pub worktree: bool,
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
    #[command(flatten)]
    pub over: Over,
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
    #[command(flatten)]
    pub over: Over,
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
pub struct Respond {
    pub name: String,
    /// once, always or no; to a question the numbers or words of its choices, or words of your own
    #[arg(required = true, value_name = "ANSWER")]
    pub answer: Vec<String>,
    /// Words for the model, with no
    #[arg(long)]
    pub message: Option<String>,
    /// Which of several questions, by the number that `antiphon inbox` shows; left out: the oldest
    #[arg(long, value_name = "NUMBER")]
    pub ask: Option<u64>,
}

#[derive(Debug, Group)]
pub struct Wait {
    /// The sessions; none: all
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// What one of them is waited to be; several with commas between them
    #[arg(
        long,
        value_name = "STATUS",
        value_enum,
        value_delimiter = ',',
        required = true
    )]
    pub until: Vec<Until>,
    /// Wait until all of them are, not one
    #[arg(long)]
    pub all: bool,
    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<u64>,
}

/// A status that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Until {
    NeedsYou,
    Idle,
    Working,
    Limited,
    Failed,
    Ended,
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
    /// How far an agent may go unasked; a word it does not know is refused with those it knows
    #[arg(long, value_name = "MODE")]
    pub permission_mode: Option<String>,
    /// Whether it goes on by itself when a limit of the provider is over
    #[arg(long, value_enum, value_name = "WHETHER")]
    pub resume_at_reset: Option<Switch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// The form of an exported conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Md,
    Json,
}

#[derive(Debug, Default, Group)]
pub struct Models {
    /// Part of a name or a provider; with OTHER, the model that is compared
    pub text: Option<String>,
    /// Another model: the two are shown side by side
    #[arg(conflicts_with_all = ["provider", "max_price", "can", "tier", "min_window", "sort", "reachable"])]
    pub other: Option<String>,
    #[arg(long)]
    pub provider: Option<String>,
    /// Dollars for a million tokens of input
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    pub max_price: Option<Nano>,
    /// Abilities a model must have, with commas between them: vision, tools, json, reasoning
    #[arg(long, value_name = "ABILITIES", value_delimiter = ',')]
    pub can: Vec<String>,
    /// premium, standard or budget
    #[arg(long)]
    pub tier: Option<String>,
    /// Tokens, such as 200000, 200k or 1M
    #[arg(long, value_name = "TOKENS", value_parser = tokens)]
    pub min_window: Option<u64>,
    /// price, window, name or score:CATEGORY
    #[arg(long)]
    pub sort: Option<String>,
    /// Only what can be asked now
    #[arg(long)]
    pub reachable: bool,
}

fn dollars(text: &str) -> Result<Nano, String> {
    let number = text.strip_prefix('$').unwrap_or(text).parse::<f64>().ok();
    number
        .filter(|dollars| (0.0..=1e6).contains(dollars))
        .map(Nano::from_dollars)
        .ok_or_else(|| "expected dollars, such as 2.50".to_owned())
}

pub fn tokens(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        _ => (text, 1),
    };
    let number = digits.parse::<u64>().ok();
    number
        .and_then(|number| number.checked_mul(unit))
        .ok_or_else(|| "expected a number of tokens, such as 200k".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_or_refused() {
        for (text, count) in [
            ("5", Some(5)),
            ("200k", Some(200_000)),
            ("1M", Some(1_000_000)),
            ("k", None),
            ("", None),
            ("1.5M", None),
        ] {
            assert_eq!(tokens(text).ok(), count, "{text}");
        }
        assert_eq!(dollars("$2.5"), Ok(Nano(2_500_000_000)));
        assert!(dollars("-1").is_err() && dollars("nan").is_err());
        assert!(
            within("1.1", 1.0).is_err()
                && within("nan", 1.0).is_err()
                && within("0.5", 1.0).is_ok()
        );
    }
}
