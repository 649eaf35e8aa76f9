//! Bytes on their way to a program, which may not be reading.

use crate::protocol::Refusal;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that may wait. When they are full, what is to be added is refused as a whole and the person who
/// typed is told; answers of the terminal to the program are dropped, since it does not read them anyway.
const MOST_WAITING: usize = 1024 * 1024;

#[derive(Default)]
struct Waiting {
    pieces: VecDeque<Piece>,
    /// Of all pieces together.
    bytes: usize,
    closed: bool,
}

/// Bytes that are written in one go.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    pub bytes: Vec<u8>,
    /// Whether a moment must pass before them: an agent that is sent a paste and Enter at once takes the Enter
    /// for a part of the paste.
    pub apart: bool,
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
        self.add(bytes, false)
    }

    /// As [`Self::push`]; a moment passes before these are written.
    pub fn push_apart(&self, bytes: &[u8]) -> Result<(), Refusal> {
        self.add(bytes, true)
    }

    fn add(&self, bytes: &[u8], apart: bool) -> Result<(), Refusal> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(Refusal::new(
                "the program has ended",
                "restart the session to use it again",
            ));
        }
        if waiting.bytes + bytes.len() > MOST_WAITING {
            return Err(Refusal::new(
                "the program does not read its input; what was typed is not sent",
                "wait for it, or kill the session",
            ));
        }
        waiting.bytes += bytes.len();
        match waiting.pieces.back_mut() {
            Some(last) if !apart => last.bytes.extend_from_slice(bytes),
            _ => waiting.pieces.push_back(Piece {
                bytes: bytes.to_vec(),
                apart,
            }),
        }
        self.filled.notify_one();
        Ok(())
    }

    /// The next bytes that wait; blocks while there are none. `None` once closed.
    pub fn take(&self) -> Option<Piece> {
        let mut waiting = self.lock();
        while waiting.pieces.is_empty() && !waiting.closed {
            waiting = self
                .filled
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let piece = waiting.pieces.pop_front()?;
        waiting.bytes -= piece.bytes.len();
        Some(piece)
    }

    /// Refuses everything from now on and drops what waits.
    pub fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        waiting.pieces.clear();
        waiting.bytes = 0;
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
        outbox.push_apart(b"\r").unwrap();
        let piece = |bytes: &[u8], apart| Piece {
            bytes: bytes.to_vec(),
            apart,
        };
        assert_eq!(outbox.take(), Some(piece(b"abc", false)));
        assert_eq!(outbox.take(), Some(piece(b"\r", true)));
        outbox.push(&vec![0; MOST_WAITING]).unwrap();
        assert!(outbox.push(b"x").is_err());
        outbox.close();
        assert_eq!(outbox.take(), None);
        assert!(outbox.push(b"x").is_err());
    }
}
