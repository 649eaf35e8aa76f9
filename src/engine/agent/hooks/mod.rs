//! What an agent in its own interface is given so that it tells of itself, and what it tells: hooks and a statusline
//! of Claude Code, through a settings file of ours.
//!
//! `settings` is what the file says, `give` writes it and finds the statusline that the user has, `heard` reads what a
//! hook is told, `statusline` what a statusline is told, `decision` puts a permission to the user and the answer into
//! the agent's words. All but `give` is pure. What was said in the conversation is passed over.

pub mod decision;
pub mod give;
pub mod heard;
pub mod settings;
pub mod statusline;

pub use give::Give;
pub use heard::{Heard, Hook};
