//! What our own terminal can do, as far as the environment tells, and the sequences that switch it on the way.

use crate::protocol::{CursorShape, Modes};
use ratatui::crossterm::cursor::SetCursorStyle;

/// What the keyboard is set to at the start: keys told apart, and what shift makes of them told. Terminals that do not
/// know the protocol ignore it.
pub const KEYBOARD: u8 = Modes::KITTY_DISAMBIGUATE | Modes::KITTY_ALTERNATES;

/// Terminals that speak the kitty keyboard protocol, by `TERM` or `TERM_PROGRAM`.
const TELL_KEYS_APART: &[&str] = &["xterm-kitty", "xterm-ghostty", "ghostty", "foot", "WezTerm"];

/// Whether the terminal can tell Shift-Enter from Enter. It is not asked: one that does not answer would hold
/// up the first frame for two seconds. Within tmux or screen it is those that would have to.
pub fn tells_keys_apart(env: &dyn Fn(&str) -> Option<String>) -> bool {
    let known = |name| env(name).is_some_and(|value| TELL_KEYS_APART.contains(&value.as_str()));
    env("TMUX").is_none() && env("STY").is_none() && (known("TERM") || known("TERM_PROGRAM"))
}

/// The bytes that switch the terminal on the way: the flags of the kitty keyboard protocol in place of those that
/// were pushed, and whether every motion of the mouse is told.
pub fn switch(keyboard: u8, mouse: bool, motion: bool) -> String {
    let motion = match (mouse, motion) {
        (false, _) => "",
        (true, true) => "\x1b[?1003h",
        // Every motion and some of it are one setting: to switch one off takes the other along.
        (true, false) => "\x1b[?1003l\x1b[?1000h\x1b[?1002h",
    };
    format!("\x1b[={keyboard};1u{motion}")
}

/// A shape of the cursor; `None`: the one that the user has chosen.
pub fn style(shape: Option<CursorShape>) -> SetCursorStyle {
    match shape {
        None => SetCursorStyle::DefaultUserShape,
        Some(CursorShape::Block) => SetCursorStyle::SteadyBlock,
        Some(CursorShape::Underline) => SetCursorStyle::SteadyUnderScore,
        Some(CursorShape::Beam) => SetCursorStyle::SteadyBar,
    }
}
