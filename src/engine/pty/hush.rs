//! While a key is on its way to the screen, terminals that flood hold still: their programs wait in a full
//! pipe, and the processors are free for the few steps from the key to its echo. As long as somebody types on,
//! they are read slowly, so that the next key finds a processor free too. Where nobody types nothing is held.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long a key keeps the others still.
const HUSH: Duration = Duration::from_millis(5);
/// For so long after a key it is believed that another one follows.
const TYPING: Duration = Duration::from_millis(300);
/// What all others together are read meanwhile: so many bytes in such a time, 4 MB/s. Who writes less than that
/// is not held.
const SLOWLY: (usize, Duration) = (16 * 1024, Duration::from_millis(4));
/// A program that fills a read with so much has more to say.
const MUCH: usize = 1024;
/// However many wait for each other, none is kept waiting for longer: its program may have ended.
const LONGEST: Duration = Duration::from_millis(100);

/// When and where somebody types. Times are microseconds since the first use.
struct Hush {
    /// When the last key was typed; 0: none was.
    key: AtomicU64,
    /// The terminal that was typed into.
    typed: AtomicU64,
    /// When the next one may be read.
    next: Mutex<u64>,
}

/// There is one keyboard, so all terminals of the process share one.
static HERE: Hush = Hush::new();

fn now() -> u64 {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let begin = *BEGIN.get_or_init(Instant::now);
    micros(begin.elapsed())
}

fn micros(time: Duration) -> u64 {
    time.as_micros() as u64
}

/// A key goes to this terminal.
pub fn typed(terminal: u64) {
    HERE.typed(terminal);
}

/// Whether a terminal that floods is to be read slowly: somebody types into another one.
pub fn is_slow(terminal: u64) -> bool {
    HERE.is_slow(terminal)
}

/// Waits while a key is on its way through another terminal.
pub fn hold(terminal: u64) {
    HERE.hold(terminal);
}

impl Hush {
    const fn new() -> Hush {
        Hush {
            key: AtomicU64::new(0),
            typed: AtomicU64::new(0),
            next: Mutex::new(0),
        }
    }

    fn typed(&self, terminal: u64) {
        self.typed.store(terminal, Ordering::Relaxed);
        self.key.store(now().max(1), Ordering::Relaxed);
    }

    /// How long after the last key it is, if that went to another terminal and another one may follow.
    fn since_key(&self, terminal: u64) -> Option<u64> {
        let key = self.key.load(Ordering::Relaxed);
        if key == 0 || self.typed.load(Ordering::Relaxed) == terminal {
            return None;
        }
        Some(now().saturating_sub(key)).filter(|since| *since < micros(TYPING))
    }

    fn is_slow(&self, terminal: u64) -> bool {
        self.since_key(terminal).is_some()
    }

    fn hold(&self, terminal: u64) {
        let left = |since| micros(HUSH).saturating_sub(since);
        let left = self.since_key(terminal).map_or(0, left);
        if left > 0 {
            std::thread::sleep(Duration::from_micros(left));
        }
    }
}

/// How fast one terminal is read.
pub struct Pace {
    hush: &'static Hush,
    terminal: u64,
    /// Bytes since the last rest.
    read: usize,
}

impl Pace {
    pub fn new(terminal: u64) -> Pace {
        Pace {
            hush: &HERE,
            terminal,
            read: 0,
        }
    }

    /// So much was read at once: rests if somebody types elsewhere and it is much.
    pub fn after(&mut self, bytes: usize) {
        let Some(since) = self.hush.since_key(self.terminal) else {
            self.read = 0;
            return;
        };
        self.read += bytes;
        let (piece, time) = SLOWLY;
        let hush = micros(HUSH).saturating_sub(since);
        if self.read < piece && (hush == 0 || bytes < MUCH) {
            return;
        }
        self.read = 0;
        // One behind the other, whichever comes first.
        let now = now();
        let until = {
            let mut next = (self.hush.next.lock()).unwrap_or_else(PoisonError::into_inner);
            *next = (*next).clamp(now + hush, now + micros(LONGEST)) + micros(time);
            *next
        };
        std::thread::sleep(Duration::from_micros(until.saturating_sub(now)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static THERE: Hush = Hush::new();

    #[test]
    fn others_hold_still_for_a_moment_and_the_one_that_was_typed_into_does_not() {
        let hush = Hush::new();
        hush.hold(1);
        assert!(!hush.is_slow(1), "nobody has typed yet");
        let begun = Instant::now();
        hush.typed(2);
        hush.hold(2);
        let own = begun.elapsed();
        hush.hold(1);
        assert!(begun.elapsed() >= HUSH || own >= HUSH);
    }

    #[test]
    fn much_is_read_slowly_while_somebody_types_elsewhere_and_only_then() {
        let (piece, time) = SLOWLY;
        let pace = |terminal| Pace {
            hush: &THERE,
            terminal,
            read: 0,
        };
        let (mut flood, mut own) = (pace(1), pace(2));
        let begun = Instant::now();
        flood.after(piece);
        assert!(*THERE.next.lock().unwrap() == 0, "nobody has typed yet");
        for _ in 0..4 {
            THERE.typed(2);
            own.after(piece);
            flood.after(piece / 2);
            flood.after(piece / 2);
        }
        assert!(begun.elapsed() >= 4 * time, "{:?}", begun.elapsed());
        assert!(THERE.is_slow(1) && !THERE.is_slow(2));
    }
}
