//! When frames are drawn: the first change after quiet at once, what follows within a frame time together, and
//! what comes of a key that was just typed before everything else.

use crate::protocol::SessionId;
use crate::protocol::{Op, Request};
use std::time::Duration;
use tokio::time::Instant;

/// What follows a frame within this time is drawn together.
const FRAME: Duration = Duration::from_millis(12);
/// However long drawing takes, frames come as often as that.
const SLOWEST: Duration = Duration::from_millis(100);
/// For so long after a key was sent to a program, what that program shows is drawn at once: at most so often.
const ECHO: Duration = Duration::from_millis(50);
const ECHO_FRAME: Duration = Duration::from_millis(2);

/// Whether a frame is to be drawn, and how soon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    #[default]
    Nothing,
    /// Once the frame time is over.
    Frame,
    /// What was just typed has done something.
    Echo,
}

#[derive(Debug, Default)]
pub struct Pace {
    wanted: Wanted,
    last_frame: Option<Instant>,
    /// The last one that showed what a key did: another one waits for no frame of a flood.
    last_echo: Option<Instant>,
    /// The least time from that frame to the next: drawing takes no more than a quarter of it.
    frame: Duration,
    /// The session whose program was sent a key last, and when.
    typed: Option<(SessionId, Instant)>,
}

impl Pace {
    pub fn want(&mut self, wanted: Wanted) {
        self.wanted = self.wanted.max(wanted);
    }

    /// When a frame is to be drawn; `None`: nothing has changed.
    pub fn frame_at(&self, now: Instant) -> Option<Instant> {
        let after = |last: Option<Instant>, time| last.map_or(now, |last| last + time);
        match self.wanted {
            Wanted::Nothing => None,
            Wanted::Frame => Some(after(self.last_frame, self.frame.max(FRAME))),
            Wanted::Echo => Some(after(self.last_echo, ECHO_FRAME)),
        }
    }

    pub fn drawn(&mut self, begun: Instant, now: Instant) {
        if self.wanted == Wanted::Echo {
            self.last_echo = Some(now);
        }
        self.wanted = Wanted::Nothing;
        self.last_frame = Some(now);
        self.frame = (3 * (now - begun)).min(SLOWEST);
    }

    /// A request goes out.
    pub fn sends(&mut self, request: &Request, now: Instant) {
        if let Request::Op(Op::Input { session, .. }) = request {
            self.typed = Some((*session, now));
        }
    }

    /// What a session's new picture is worth.
    pub fn picture(&self, session: SessionId, now: Instant) -> Wanted {
        let echo = |(typed, at): (SessionId, Instant)| typed == session && now < at + ECHO;
        match self.typed.is_some_and(echo) {
            true => Wanted::Echo,
            false => Wanted::Frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_does_not_wait_for_the_frame_time() {
        let mut pace = Pace::default();
        let now = Instant::now();
        let ms = |ms| now + Duration::from_millis(ms);
        assert_eq!(pace.frame_at(now), None);
        pace.want(Wanted::Frame);
        assert_eq!(
            pace.frame_at(now),
            Some(now),
            "the first change is drawn at once"
        );
        pace.drawn(now, now);
        let (one, other) = (SessionId(1), SessionId(2));
        pace.want(pace.picture(other, ms(1)));
        assert_eq!(pace.frame_at(ms(1)), Some(ms(12)));
        let key = Request::Op(Op::Input {
            session: one,
            bytes: b"k".to_vec(),
        });
        pace.sends(&key, ms(2));
        pace.want(pace.picture(other, ms(3)));
        assert_eq!(
            pace.frame_at(ms(3)),
            Some(ms(12)),
            "a flood beside it waits"
        );
        pace.want(pace.picture(one, ms(3)));
        assert_eq!(pace.frame_at(ms(3)), Some(ms(3)), "at once");
        pace.drawn(ms(3), ms(4));
        pace.want(pace.picture(one, ms(5)));
        assert_eq!(
            pace.frame_at(ms(5)),
            Some(ms(6)),
            "not more often than is seen"
        );
        pace.drawn(ms(6), ms(6));
        pace.want(pace.picture(other, ms(7)));
        pace.drawn(ms(18), ms(19));
        pace.want(pace.picture(one, ms(19)));
        let at = pace.frame_at(ms(19)).unwrap();
        assert!(at <= ms(19), "right behind a frame of the flood");
        assert_eq!(
            pace.picture(one, ms(100)),
            Wanted::Frame,
            "long after the key"
        );
    }
}
