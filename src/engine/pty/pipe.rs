//! Output on its way from the thread that reads to the one that parses: in a flood both work at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes that may wait to be parsed. When they are there, no more are read, and the program waits.
const MOST_WAITING: usize = 512 * 1024;
/// Bytes for which the parsing thread is woken; fewer it finds by itself after [`DOZE`]. The more there are at once,
/// the fewer of their lines have to be shown.
const WORTH_WAKING: usize = 256 * 1024;
const DOZE: Duration = Duration::from_millis(4);

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// Whether some are being parsed.
    busy: bool,
    /// Whether the parsing thread sleeps until it is woken.
    asleep: bool,
    closed: bool,
}

#[derive(Default)]
pub struct Pipe {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    emptied: Condvar,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds bytes behind all others; waits while there are too many.
    pub fn push(&self, bytes: &[u8]) {
        let mut waiting = self.lock();
        while waiting.bytes.len() >= MOST_WAITING {
            waiting = (self.emptied.wait(waiting)).unwrap_or_else(PoisonError::into_inner);
        }
        let before = waiting.bytes.len();
        waiting.bytes.extend_from_slice(bytes);
        let enough = before < WORTH_WAKING && waiting.bytes.len() >= WORTH_WAKING;
        if waiting.asleep || enough {
            self.filled.notify_one();
        }
    }

    /// Whether everything was parsed.
    pub fn is_idle(&self) -> bool {
        let waiting = self.lock();
        waiting.bytes.is_empty() && !waiting.busy
    }

    /// Nothing more comes. Waits until everything was parsed.
    pub fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        self.filled.notify_one();
        while waiting.busy || !waiting.bytes.is_empty() {
            waiting = (self.emptied.wait(waiting)).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What there is, into `taken`, once what was taken before has been parsed. `false`: there is nothing, and
    /// nothing more comes.
    pub fn take(&self, taken: &mut Vec<u8>) -> bool {
        taken.clear();
        let mut waiting = self.lock();
        waiting.busy = false;
        if waiting.closed || waiting.bytes.is_empty() {
            self.emptied.notify_one();
        }
        let mut dozed = false;
        while waiting.bytes.is_empty() || (waiting.bytes.len() < WORTH_WAKING && !dozed) {
            if waiting.closed {
                break;
            }
            if dozed {
                waiting.asleep = true;
                waiting = (self.filled.wait(waiting)).unwrap_or_else(PoisonError::into_inner);
                waiting.asleep = false;
                continue;
            }
            let (again, timeout) =
                (self.filled.wait_timeout(waiting, DOZE)).unwrap_or_else(PoisonError::into_inner);
            waiting = again;
            dozed = timeout.timed_out();
        }
        std::mem::swap(&mut waiting.bytes, taken);
        waiting.busy = !taken.is_empty();
        self.emptied.notify_one();
        !taken.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn all_comes_out_in_order_and_never_too_much_waits() {
        let pipe = Arc::new(Pipe::default());
        let parsing = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let (mut taken, mut all) = (Vec::new(), Vec::new());
                while pipe.take(&mut taken) {
                    assert!(taken.len() <= MOST_WAITING + 4096);
                    all.extend_from_slice(&taken);
                }
                all
            }
        });
        let mut wanted = Vec::new();
        for n in 0..2000_u32 {
            let piece = n.to_le_bytes().repeat(n as usize % 1000);
            pipe.push(&piece);
            wanted.extend(piece);
        }
        pipe.close();
        assert!(pipe.is_idle());
        assert!(parsing.join().unwrap() == wanted);
    }
}
