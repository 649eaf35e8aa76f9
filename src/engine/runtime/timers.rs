//! Alarms by name. Nothing wakes up while none is armed.

use super::super::effect::Timer;
use crate::protocol::Millis;
use jiff::Timestamp;
use std::{collections::HashMap, future, time::Duration};
use tokio::time::{Instant, sleep_until};

#[derive(Default)]
pub struct Timers {
    armed: HashMap<Timer, Instant>,
}

impl Timers {
    pub fn arm(&mut self, timer: Timer, at: Millis) {
        let wait = (at - Timestamp::now().as_millisecond()).max(0);
        let due = Instant::now() + Duration::from_millis(wait.unsigned_abs());
        self.armed.insert(timer, due);
    }

    /// Waits for the first alarm, and disarms it. Safe to be dropped and called again.
    pub async fn next(&mut self) -> Timer {
        let first = self.armed.iter().min_by_key(|(_, due)| **due);
        let Some((&timer, &due)) = first else {
            return future::pending().await;
        };
        sleep_until(due).await;
        self.armed.remove(&timer);
        timer
    }
}
