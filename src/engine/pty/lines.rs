//! What is read of a terminal's lines by others than its threads.

use super::shared::Shared;
use super::*;

/// All lines of a terminal, for reading. Keeps nothing running; what is read may take time and wait for a disk,
/// so it is no work for the engine's loop.
#[derive(Clone)]
pub struct Lines(pub(super) Arc<Shared>);

impl Lines {
    /// See [`Reading::find`].
    pub fn find(&self, pattern: &str, limit: usize) -> Result<Found, Refusal> {
        self.read().find(pattern, limit)
    }

    /// See [`Reading::text`].
    pub fn text(&self, from: (u64, u16), to: (u64, u16), block: bool) -> String {
        self.read().text(from, to, block)
    }

    /// The lines as they are now.
    pub fn read(&self) -> Reading {
        self.0.lock().terminal.reading()
    }
}
