//! Files of the user's and our own defaults, read into values: the configuration, keys, themes and
//! descriptions of agents.
//!
//! A mistake in a file becomes a [`Problem`](crate::protocol::Problem) with its place; every other line
//! holds. What the values mean is known elsewhere: no session is started here, no key is pressed and nothing is drawn.

pub mod actions;
pub mod agents;
pub mod chords;
mod colors;
mod custom;
mod endpoint;
mod environment;
pub mod keymap;
mod keys;
mod load;
mod paths;
mod problem;
mod reading;
mod secrets;
mod slots;
pub mod theme;
mod values;
mod worktrees;

pub use actions::{ACTIONS, Action, ActionRow, Context};
pub use agents::{Agent, ForkPoint, Means, Mode, ProtocolKind};
pub use chords::{Chord, Key};
pub use endpoint::Endpoint;
pub use keymap::{Keymap, actions_table_markdown};
pub use load::{Env, Find, Loaded, load, load_text};
pub use paths::Paths;
pub use problem::{SourceFile, did_you_mean, nearest, report};
pub use theme::{Role, Theme};
pub use values::{
    Api, Budget, CatalogPlaces, Claude, Config, Defaults, Desktop, NotifyOn, Ollama,
    PERMISSION_MODES, Sessions, Suggest, Terminal,
};
pub use worktrees::Worktrees;

/// The shipped config.toml: every key, its default and what it does.
pub const DEFAULT_CONFIG: &str = include_str!("../../assets/config.toml");
