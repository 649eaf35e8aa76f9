//! Keys and the mouse: as the keymap knows them, and as bytes for a program in a terminal.

pub mod keys;
mod kitty;
mod legacy;
mod mouse;
#[cfg(test)]
mod tests;

pub use mouse::mouse;

use crate::protocol::Modes;
use ratatui::crossterm::event::{KeyEvent, KeyEventKind};

/// The bytes of a key in the form that the program asked for; none for what it is not to be told.
pub fn key(event: KeyEvent, modes: Modes) -> Vec<u8> {
    if modes.kitty != 0 {
        return kitty::key(event, modes);
    }
    match event.kind {
        KeyEventKind::Release => Vec::new(),
        KeyEventKind::Press | KeyEventKind::Repeat => legacy::key(event, modes),
    }
}
