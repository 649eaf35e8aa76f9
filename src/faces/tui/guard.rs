//! The terminal, taken over and given back: at the end, on an error, and in a panic.

use crate::faces::tui::ability::KEYBOARD;
use ratatui::crossterm::cursor::{SetCursorStyle, Show};
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
    PushKeyboardEnhancementFlags,
};
use ratatui::crossterm::style::Print;
use ratatui::crossterm::terminal::{
    Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{execute, queue};
use std::io::{self, Write, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal is ours at the moment.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Clicks and the wheel, in the form without limits; not every motion, which would wake us for nothing.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// Gives the terminal back when dropped.
pub struct Guard(());

impl Guard {
    /// Takes the terminal over. A panic gives it back before it is reported.
    ///
    /// # Errors
    /// Where standard output is not a terminal that can be switched.
    pub fn take(mouse: bool) -> io::Result<Guard> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                restore();
                before(info);
            }));
        });
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let guard = Guard(());
        let mut out = stdout();
        queue!(
            out,
            EnterAlternateScreen,
            // It may have been on already, with what another program left there.
            Clear(ClearType::All),
            EnableBracketedPaste,
            EnableFocusChange,
            // So that shift-enter is told from enter, where the terminal can. Others ignore it.
            PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::from_bits_truncate(KEYBOARD)),
        )?;
        if mouse {
            queue!(out, Print(MOUSE_ON))?;
        }
        out.flush()?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, once. Errors are of no use here: there is nowhere left to show them.
fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = execute!(
        stdout(),
        EndSynchronizedUpdate,
        PopKeyboardEnhancementFlags,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        SetCursorStyle::DefaultUserShape,
        LeaveAlternateScreen,
        Show,
    );
    let _ = disable_raw_mode();
}
