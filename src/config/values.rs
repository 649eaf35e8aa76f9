//! The configuration as values. What each key means is said in `assets/config.toml`, the file that users see.

use crate::config::agents::{self, Agent};
use crate::config::endpoint::Endpoint;
use crate::protocol::{Backend, Nano, ValueTable};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Everything that config.toml can say, but for keys and colours.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// System prompt of API sessions that bring none of their own.
    pub system: Option<String>,
    /// The longest answer that is asked for, in tokens; 1 to 1,000,000.
    pub max_output_tokens: u32,
    /// 0 to 2; `None`: the server's own.
    pub temperature: Option<f32>,
    /// Names of a theme and of a keymap: a file of the user's, or an embedded one.
    pub theme: String,
    pub keymap: String,
    /// Whether the terminal's bell rings for what `notify.on` names.
    pub bell: bool,
    /// Whether clicks and the wheel are Antiphon's; the terminal's own selection then needs shift.
    pub mouse: bool,
    pub default: Defaults,
    pub notify: Notify,
    pub budget: Budget,
    pub suggest: Suggest,
    /// What tasks are worth.
    pub value: ValueTable,
    pub sessions: Sessions,
    pub worktrees: super::Worktrees,
    pub relay: Relay,
    pub terminal: Terminal,
    pub claude: Claude,
    pub anthropic: Api,
    pub openai: Api,
    pub gemini: Api,
    pub ollama: Ollama,
    pub providers: Providers,
    pub catalog: CatalogPlaces,
    pub retry: Retry,
    pub fallback: Fallback,
    /// OpenAI-compatible endpoints by name. No name is that of a built-in backend.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// Descriptions of agents by name: the shipped ones, and the user's `agents/NAME.toml`.
    pub agents: BTreeMap<String, Agent>,
}

/// What a new session is when nothing else is said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// `None`: the first that this machine has.
    pub backend: Option<Backend>,
    /// `None`: where the face was started.
    pub cwd: Option<PathBuf>,
}

/// When and how the user is told of what happens in a session that is not looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Notify {
    /// One of `DESKTOP`; `None`: auto.
    pub desktop: Option<String>,
    /// Some of `NOTIFY_ON`.
    pub on: Vec<String>,
}

/// How a notification reaches the desktop: through the terminal, by the sequence that it knows.
pub const DESKTOP: &[&str] = &["auto", "osc9", "osc777", "both", "off"];

/// What rings and notifies.
pub const NOTIFY_ON: &[&str] = &["needs_you", "finished", "failed", "limited"];

/// `NOTIFY_ON` as values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotifyOn {
    NeedsYou,
    Finished,
    Failed,
    Limited,
}

/// `DESKTOP` as values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Desktop {
    /// What the terminal is known to understand; both where it is not known.
    #[default]
    Auto,
    Osc9,
    Osc777,
    Both,
    Off,
}

impl Notify {
    pub fn on(&self) -> Vec<NotifyOn> {
        let named = |word: &String| match word.as_str() {
            "needs_you" => Some(NotifyOn::NeedsYou),
            "finished" => Some(NotifyOn::Finished),
            "failed" => Some(NotifyOn::Failed),
            "limited" => Some(NotifyOn::Limited),
            _ => None,
        };
        self.on.iter().filter_map(named).collect()
    }

    pub fn desktop(&self) -> Desktop {
        match self.desktop.as_deref() {
            Some("osc9") => Desktop::Osc9,
            Some("osc777") => Desktop::Osc777,
            Some("both") => Desktop::Both,
            Some("off") => Desktop::Off,
            _ => Desktop::Auto,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// For a day, local time. `None`: no limit.
    pub daily: Option<Nano>,
    /// The share of the limit, 0 to 1, from which a warning is shown.
    pub warn_at: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Suggest {
    pub enabled: bool,
    /// The cheapest model whose lower bound of success reaches this, 0 to 1, comes first.
    pub threshold: f64,
    /// What a failed answer costs you beside its price. `None`: nothing.
    pub failure: Option<Nano>,
    /// `shrink` or `blend`; `None`: the first.
    pub policy: Option<String>,
    /// What benchmarks weigh with the policy `blend`, 0 to 1; the user's own results weigh the rest.
    pub benchmarks: f64,
}

/// How benchmarks and the user's own results are put together: by what each is worth, or in fixed shares.
pub const SUGGEST_POLICIES: &[&str] = &["shrink", "blend"];

#[derive(Clone, Debug, PartialEq)]
pub struct Sessions {
    /// Restarts of one session within a minute, after which it is left alone; 0 to 100.
    pub restart_limit: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Relay {
    /// What a relayed answer is put into, by name: `{text}` is the answer, `{from}` the session's name.
    /// `plain` is used where none is named.
    pub templates: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Terminal {
    /// `None`: `$SHELL`, else /bin/sh.
    pub shell: Option<String>,
    /// Lines kept in memory above the screen; 0 to 100,000.
    pub scrollback: u32,
    /// Bytes of older lines kept on the disk for each session; 0: none.
    pub scrollback_disk: u64,
    /// One of `CLIPBOARD`; `None`: deny.
    pub clipboard_from_programs: Option<String>,
}

/// Whether a program in a terminal may put text on the clipboard.
pub const CLIPBOARD: &[&str] = &["deny", "allow"];

impl Terminal {
    /// Whether programs may put text on the clipboard.
    pub fn clipboard_is_open(&self) -> bool {
        self.clipboard_from_programs.as_deref() == Some("allow")
    }
}

/// The Claude Code CLI.
#[derive(Clone, Debug, PartialEq)]
pub struct Claude {
    pub program: String,
    /// `None`: the one that the CLI chooses.
    pub model: Option<String>,
    /// One of [`PERMISSION_MODES`]; `None`: the one that the CLI's own settings choose.
    pub permission_mode: Option<String>,
    /// Further arguments.
    pub args: Vec<String>,
    /// `auto`, `plan` or `metered`; `None`: auto.
    pub billing: Option<String>,
}

/// How Claude Code's use is paid for: `auto` asks the CLI, `plan` is a subscription, `metered` is by token.
pub const BILLING: &[&str] = &["auto", "plan", "metered"];

/// The forms in which a server of OpenAI's kind is spoken to.
pub const WIRES: &[&str] = &["chat", "responses"];
/// The same for endpoints, some of which speak Anthropic's form.
pub const ENDPOINT_WIRES: &[&str] = &["chat", "responses", "anthropic"];

/// Which providers a model's name may lead to, by the names of their backends and endpoints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Providers {
    /// Never asked.
    pub off: Vec<String>,
    /// Asked first, in this order; the others follow, direct ones before resellers.
    pub order: Vec<String>,
}

/// Where the catalogue's public tables are fetched from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CatalogPlaces {
    /// Addresses in the place of the tables' own, by the table's name.
    pub sources: BTreeMap<String, String>,
}

/// What is done when a request fails before anything of its answer was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// Tries of one model in all, the first included; 1 to 10.
    pub attempts: u32,
    /// The longest wait before a try, in seconds. A server that wants a longer one is given up on.
    pub longest_wait: u32,
}

/// Where a prompt goes when its model fails for good.
#[derive(Clone, Debug, PartialEq)]
pub struct Fallback {
    /// The failures that are answered by going on, as in [`FALLBACK_ON`].
    pub on: Vec<String>,
    /// Models in order, by the name of a group; a session's own chain wins.
    pub groups: BTreeMap<String, Vec<String>>,
}

/// The kinds of failure another model may not have.
pub const FALLBACK_ON: &[&str] = &[
    "rate_limit",
    "overloaded",
    "auth",
    "quota",
    "context_overflow",
    "refused",
    "network",
    "timeout",
    "cut_off",
    "parse",
    "missing",
    "capability_mismatch",
];

/// The permission modes of the Claude Code CLI.
pub const PERMISSION_MODES: &[&str] = &[
    "default",
    "acceptEdits",
    "plan",
    "auto",
    "bypassPermissions",
];

/// A provider's own API.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// Without a slash at its end.
    pub base_url: String,
    /// The environment variable that holds the key.
    pub api_key_env: String,
    /// A shell command that prints the key; asked when the variable is not set.
    pub api_key_cmd: Option<String>,
    /// `None`: the catalogue's choice.
    pub model: Option<String>,
    /// Further models to offer.
    pub models: Vec<String>,
    /// `chat` or `responses`, for OpenAI only; `None`: chat.
    pub wire: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Ollama {
    /// Without a slash at its end.
    pub base_url: String,
    /// `None`: the first that Ollama has.
    pub model: Option<String>,
}

/// The templates that are there without any configuration.
const RELAY_TEMPLATES: &[(&str, &str)] = &[
    ("plain", "From {from}:\n\n{text}"),
    (
        "review",
        "Review this answer of {from}: what is wrong, what is missing, what would you change?\n\n{text}",
    ),
    (
        "summarise",
        "Summarise this answer of {from} in five sentences:\n\n{text}",
    ),
];

impl Default for Config {
    fn default() -> Config {
        Config {
            system: None,
            max_output_tokens: 4096,
            temperature: None,
            theme: "default".to_owned(),
            keymap: "default".to_owned(),
            bell: true,
            mouse: true,
            default: Defaults::default(),
            notify: Notify {
                desktop: None,
                on: vec!["needs_you".to_owned()],
            },
            budget: Budget {
                daily: None,
                warn_at: 0.8,
            },
            suggest: Suggest {
                enabled: true,
                threshold: 0.8,
                failure: Some(Nano::from_dollars(0.01)),
                policy: Some(SUGGEST_POLICIES[0].to_owned()),
                benchmarks: 0.7,
            },
            value: ValueTable::default(),
            sessions: Sessions { restart_limit: 5 },
            worktrees: super::Worktrees::default(),
            relay: Relay {
                templates: RELAY_TEMPLATES
                    .iter()
                    .map(|&(name, text)| (name.to_owned(), text.to_owned()))
                    .collect(),
            },
            terminal: Terminal {
                shell: None,
                scrollback: 2000,
                scrollback_disk: 64 << 20,
                clipboard_from_programs: Some("deny".to_owned()),
            },
            claude: Claude {
                program: "claude".to_owned(),
                model: None,
                permission_mode: None,
                args: Vec::new(),
                billing: None,
            },
            anthropic: Api::new("https://api.anthropic.com", "ANTHROPIC_API_KEY"),
            openai: Api::new("https://api.openai.com/v1", "OPENAI_API_KEY"),
            gemini: Api::new(
                "https://generativelanguage.googleapis.com",
                "GEMINI_API_KEY",
            ),
            providers: Providers::default(),
            catalog: CatalogPlaces::default(),
            retry: Retry {
                attempts: 3,
                longest_wait: 60,
            },
            fallback: Fallback {
                on: ["rate_limit", "overloaded", "quota", "network", "timeout"]
                    .map(str::to_owned)
                    .to_vec(),
                groups: BTreeMap::new(),
            },
            ollama: Ollama {
                base_url: "http://127.0.0.1:11434".to_owned(),
                model: None,
            },
            endpoints: BTreeMap::new(),
            agents: agents::shipped(),
        }
    }
}

impl Api {
    fn new(base_url: &str, api_key_env: &str) -> Api {
        Api {
            base_url: base_url.to_owned(),
            api_key_env: api_key_env.to_owned(),
            api_key_cmd: None,
            model: None,
            models: Vec::new(),
            wire: None,
        }
    }
}
