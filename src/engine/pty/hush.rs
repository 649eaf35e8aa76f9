//! While a key is on its way to the screen, terminals that flood hold still: their programs wait in a full
//! pipe, and the processors are free for the few steps from the key to its echo.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long a key keeps the others still. Few enough that a fast typist slows a flood by a tenth.
const HUSH: Duration = Duration::from_millis(5);

/// Until when, in microseconds since the first use. One keyboard, one number for all terminals of the process.
static UNTIL: AtomicU64 = AtomicU64::new(0);
/// The terminal that was typed into.
static TYPED: AtomicU64 = AtomicU64::new(0);

fn now() -> u64 {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let begin = *BEGIN.get_or_init(Instant::now);
    begin.elapsed().as_micros() as u64
}

/// A key goes to this terminal.
pub fn typed(terminal: u64) {
    TYPED.store(terminal, Ordering::Relaxed);
    UNTIL.store(now() + HUSH.as_micros() as u64, Ordering::Relaxed);
}

/// Waits while a key is on its way through another terminal.
pub fn hold(terminal: u64) {
    let until = UNTIL.load(Ordering::Relaxed);
    if until == 0 || TYPED.load(Ordering::Relaxed) == terminal {
        return;
    }
    let left = until.saturating_sub(now()).min(HUSH.as_micros() as u64);
    if left > 0 {
        std::thread::sleep(Duration::from_micros(left));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_hold_still_for_a_moment_and_the_one_that_was_typed_into_does_not() {
        let begun = Instant::now();
        typed(u64::MAX);
        hold(u64::MAX);
        let own = begun.elapsed();
        hold(1);
        assert!(begun.elapsed() >= HUSH || own >= HUSH);
    }
}
