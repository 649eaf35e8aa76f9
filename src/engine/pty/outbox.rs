//! Bytes on their way to a program, which may not be reading.

use crate::protocol::Refusal;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that may wait. When they are full, what is to be added is refused as a whole and the person who
/// typed is told; answers of the terminal to the program are dropped, since it does not read them anyway.
const MOST_WAITING: usize = 1024 * 1024;

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    closed: bool,
}

/// A bounded queue between everybody who types and the one thread that writes.
#[derive(Default)]
pub struct Outbox {
    waiting: Mutex<Waiting>,
    filled: Condvar,
}

impl Outbox {
    /// Adds bytes behind all others, or none of them.
    pub fn push(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(Refusal::new(
                "the program has ended",
                "restart the session to use it again",
            ));
        }
        if waiting.bytes.len() + bytes.len() > MOST_WAITING {
            return Err(Refusal::new(
                "the program does not read its input; what was typed is not sent",
                "wait for it, or kill the session",
            ));
        }
        waiting.bytes.extend_from_slice(bytes);
        self.filled.notify_one();
        Ok(())
    }

    /// All bytes that wait; blocks while there are none. `None` once closed.
    pub fn take(&self) -> Option<Vec<u8>> {
        let mut waiting = self.lock();
        while waiting.bytes.is_empty() && !waiting.closed {
            waiting = self
                .filled
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        (!waiting.closed).then(|| std::mem::take(&mut waiting.bytes))
    }

    /// Refuses everything from now on and drops what waits.
    pub fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        waiting.bytes = Vec::new();
        self.filled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_and_ends() {
        let outbox = Outbox::default();
        outbox.push(b"ab").unwrap();
        outbox.push(b"c").unwrap();
        assert_eq!(outbox.take().unwrap(), b"abc");
        outbox.push(&vec![0; MOST_WAITING]).unwrap();
        assert!(outbox.push(b"x").is_err());
        outbox.close();
        assert_eq!(outbox.take(), None);
        assert!(outbox.push(b"x").is_err());
    }
}
