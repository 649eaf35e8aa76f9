//! Faces translate between the user and the engine, nothing else.

pub mod cli;
pub mod client;
pub mod tui;
