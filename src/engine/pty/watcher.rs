//! What one face has been shown of a terminal, and what it is to be shown next. No clock of its own.

use super::picture::Picture;
use crate::protocol::ScreenUpdate;
use crate::protocol::SessionId;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The least time between two pictures for one face: what changes in between is skipped, not queued.
pub const FRAME: Duration = Duration::from_millis(16);
/// The same right after a key was typed, and in a flood, which nobody can read.
pub const ECHO_FRAME: Duration = Duration::from_millis(2);
pub const FLOOD_FRAME: Duration = Duration::from_millis(33);

/// How a face is sent its pictures. Called without any lock held; must not block.
pub type Send = Arc<dyn Fn(ScreenUpdate) + std::marker::Send + Sync>;

/// One face that shows the terminal.
pub struct Watcher {
    pub send: Send,
    /// What it was shown last; `None`: nothing yet, everything is to be sent.
    shown: Option<Picture>,
    /// The state of the terminal as of that picture.
    seen: u64,
    /// Whether it has drawn what it was sent.
    ready: bool,
    sent_at: Option<Instant>,
}

impl Watcher {
    pub fn new(send: Send) -> Watcher {
        Watcher {
            send,
            shown: None,
            seen: 0,
            ready: true,
            sent_at: None,
        }
    }

    /// The last update was drawn.
    pub fn took(&mut self) {
        self.ready = true;
    }

    /// Whether a state of this number would be sent, now or once the frame time is over.
    pub fn wants(&self, state: u64) -> bool {
        self.ready && (self.shown.is_none() || self.seen != state)
    }

    /// When it may be sent the next picture, so long after the last one; `None`: at once.
    pub fn not_before(&self, frame: Duration) -> Option<Instant> {
        self.sent_at.map(|at| at + frame)
    }

    /// The update that leads from what was shown to `picture`, if they differ; it counts as sent.
    pub fn update(
        &mut self,
        session: SessionId,
        picture: &Picture,
        state: u64,
        now: Instant,
    ) -> Option<ScreenUpdate> {
        self.seen = state;
        if self.shown.as_ref() == Some(picture) {
            return None;
        }
        let rows = picture.lines.len() as u16;
        let before = self
            .shown
            .as_ref()
            .filter(|shown| shown.cols == picture.cols && shown.lines.len() == picture.lines.len());
        let changed = picture
            .lines
            .iter()
            .enumerate()
            .filter(|(row, line)| before.is_none_or(|shown| shown.lines[*row] != **line))
            .map(|(row, line)| (row as u16, line.clone()));
        let update = ScreenUpdate {
            session,
            rows,
            cols: picture.cols,
            full: before.is_none(),
            lines: changed.collect(),
            cursor: picture.cursor,
            modes: picture.modes,
            scrolled: picture.scrolled,
            history: picture.history,
            top: picture.top,
            reflow: picture.reflow,
        };
        self.shown = Some(picture.clone());
        self.ready = false;
        self.sent_at = Some(now);
        Some(update)
    }
}

#[cfg(test)]
mod tests {
    use super::super::picture::take;
    use super::super::terminal::Terminal;
    use super::*;

    #[test]
    fn a_face_is_sent_everything_once_and_then_what_changed() {
        let mut terminal = Terminal::small(3, 20, 10);
        let mut watcher = Watcher::new(Arc::new(|_| {}));
        let now = Instant::now();
        let mut show = |watcher: &mut Watcher, output: &str, state| {
            terminal.feed(output.as_bytes());
            watcher.update(SessionId(1), &take(&mut terminal), state, now)
        };
        let first = show(&mut watcher, "one\r\ntwo", 1).unwrap();
        assert!(first.full && first.lines.len() == 3);
        assert!(!watcher.wants(2), "not before it was taken");
        watcher.took();
        assert!(watcher.wants(2) && !watcher.wants(1));
        assert_eq!(watcher.not_before(FRAME), Some(now + FRAME));
        let second = show(&mut watcher, "!", 2).unwrap();
        assert!(!second.full);
        let rows: Vec<u16> = second.lines.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [1]);
        watcher.took();
        assert_eq!(show(&mut watcher, "", 3), None, "nothing to be seen");
        assert!(!watcher.wants(3));
    }
}
