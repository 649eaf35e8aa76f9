//! Floods are parsed in turns: however many programs flood, one processor stays free of them for whoever types.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;

/// A thread that waits, and whether it has been given a turn.
struct Waiter {
    thread: Thread,
    called: AtomicBool,
}

/// Turns that are free, and those who wait for one, in order. As many wait at most as terminals run.
struct Turns {
    free: usize,
    waiting: VecDeque<Arc<Waiter>>,
}

static TURNS: LazyLock<Mutex<Turns>> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(2, |n| n.get());
    Mutex::new(Turns {
        free: processors.saturating_sub(1).max(1),
        waiting: VecDeque::new(),
    })
});

fn turns() -> MutexGuard<'static, Turns> {
    TURNS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A turn; it is over when this is dropped.
pub struct Turn(());

/// Waits for a turn. Nobody is passed by one who came later.
pub fn take() -> Turn {
    let waiter = {
        let mut turns = turns();
        if turns.free > 0 {
            turns.free -= 1;
            return Turn(());
        }
        let waiter = Arc::new(Waiter {
            thread: std::thread::current(),
            called: AtomicBool::new(false),
        });
        turns.waiting.push_back(waiter.clone());
        waiter
    };
    while !waiter.called.load(Ordering::Acquire) {
        std::thread::park();
    }
    Turn(())
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = turns();
        match turns.waiting.pop_front() {
            Some(next) => {
                next.called.store(true, Ordering::Release);
                next.thread.unpark();
            }
            None => turns.free += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn everybody_gets_a_turn_and_never_too_many_at_once() {
        let most = std::thread::available_parallelism().map_or(2, |n| n.get());
        let (now, seen) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let turn = take();
                        let at_once = now.fetch_add(1, Ordering::SeqCst) + 1;
                        seen.fetch_max(at_once, Ordering::SeqCst);
                        now.fetch_sub(1, Ordering::SeqCst);
                        drop(turn);
                    }
                });
            }
        });
        assert!(seen.load(Ordering::SeqCst) <= most.saturating_sub(1).max(1));
    }
}
