//! Keys and the mouse: as the keymap knows them, and as bytes for a program in a terminal.

pub mod bytes;
pub mod keys;
