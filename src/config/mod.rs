//! Files of the user's and our own defaults, read into values: the configuration, keys and themes.
//!
//! A mistake in a file becomes a [`Problem`](crate::protocol::Problem) with its place; every other line
//! holds. What the values mean is known elsewhere: no session is started here, no key is pressed and nothing is drawn.

pub mod actions;
pub mod chords;
mod colors;
pub mod keymap;
mod problem;
pub mod theme;

pub use actions::{ACTIONS, Action, ActionRow, Context};
pub use chords::{Chord, Key};
pub use keymap::Keymap;
pub use problem::{SourceFile, did_you_mean, nearest, report};
pub use theme::{Role, Theme};
