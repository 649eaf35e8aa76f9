//! The time, and when the day began.

use super::super::state::Now;
use crate::protocol::Millis;
use jiff::{Timestamp, Zoned};

/// Knows when the current day began and ends, so that the calendar is looked at once a day.
pub struct Clock {
    midnight: Millis,
    next: Millis,
}

impl Clock {
    pub fn new() -> Clock {
        Clock {
            midnight: 0,
            next: 0,
        }
    }

    pub fn now(&mut self) -> Now {
        let ms = Timestamp::now().as_millisecond();
        if ms >= self.next || ms < self.midnight {
            (self.midnight, self.next) = day(&Zoned::now(), ms);
        }
        Now {
            ms,
            midnight: self.midnight,
        }
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::new()
    }
}

/// Beginning and end of the local day around `now`; a calendar that cannot tell gives the last 24 hours.
fn day(now: &Zoned, ms: Millis) -> (Millis, Millis) {
    let begin = now.start_of_day().ok();
    let end = now
        .tomorrow()
        .and_then(|tomorrow| tomorrow.start_of_day())
        .ok();
    match (begin, end) {
        (Some(begin), Some(end)) => (
            begin.timestamp().as_millisecond(),
            end.timestamp().as_millisecond(),
        ),
        _ => (ms - 86_400_000, ms + 3_600_000),
    }
}
