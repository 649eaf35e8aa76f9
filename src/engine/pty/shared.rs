//! What the threads of one terminal share, and the one that shows it: woken by a change, asleep otherwise.

use super::PtyEvent;
use super::hush;
use super::picture;
use super::says::Says;
use super::scan::Mark;
use super::sight::{Looking, Sight};
use super::terminal::{Heard, Terminal};
use super::watcher::{ECHO_FRAME, FLOOD_FRAME, FRAME, Send, Watcher};
use crate::protocol::ScreenUpdate;
use crate::protocol::SessionId;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// For so long after a key what it does is shown at once.
const ECHO: Duration = Duration::from_millis(50);
/// So many bytes within such a time are a flood.
const FLOOD: (u64, Duration) = (1024 * 1024, Duration::from_millis(100));

/// Everything under one lock.
pub struct Inner {
    pub terminal: Terminal,
    /// Counts the changes of the terminal.
    pub state: u64,
    pub watchers: BTreeMap<u64, Watcher>,
    /// The newest title that was not told yet, and whether a bell was not.
    title: Option<String>,
    bell: bool,
    /// What was meant for the clipboard, likewise.
    clipboard: Option<String>,
    mark: Option<Mark>,
    says: Option<Option<Says>>,
    looking: Looking,
    /// A look at the screen has become due earlier.
    look_sooner: bool,
    told_at: Option<Instant>,
    last_title: String,
    /// When a key was sent to the program last.
    pub typed_at: Option<Instant>,
    /// Since when output is counted, how much there was, and whether the time before was a flood.
    counted: (Option<Instant>, u64),
    flooding: bool,
    /// When the showing thread wakes by itself; `None`: not before it is told to.
    alarm: Option<Instant>,
    /// The reader has seen the end of the output.
    pub output_ended: bool,
    /// The child was reaped; its process id may belong to another by now.
    pub exited: bool,
    pub closing: bool,
}

/// The lock, and what is signalled when something under it changes.
pub struct Shared {
    inner: Mutex<Inner>,
    /// How many wait for the lock, apart from who reads the output.
    queue: AtomicUsize,
    flooding: AtomicBool,
    /// For the thread that shows.
    changed: Condvar,
    /// For those who wait for an end: of the output, of the child.
    ended: Condvar,
}

/// What is to be done once the lock is given back.
#[derive(Default)]
struct Due {
    frames: Vec<(Send, ScreenUpdate)>,
    events: Vec<PtyEvent>,
}

impl Shared {
    pub fn new(terminal: Terminal, sight: Sight) -> Shared {
        Shared {
            inner: Mutex::new(Inner {
                terminal,
                state: 1,
                watchers: BTreeMap::new(),
                title: None,
                bell: false,
                clipboard: None,
                mark: None,
                says: None,
                looking: Looking::new(sight),
                look_sooner: false,
                told_at: None,
                last_title: String::new(),
                typed_at: None,
                counted: (None, 0),
                flooding: false,
                alarm: None,
                output_ended: false,
                exited: false,
                closing: false,
            }),
            queue: AtomicUsize::new(0),
            flooding: AtomicBool::new(false),
            changed: Condvar::new(),
            ended: Condvar::new(),
        }
    }

    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.queue.fetch_add(1, Ordering::Relaxed);
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        self.queue.fetch_sub(1, Ordering::Relaxed);
        inner
    }

    /// Changes something, and wakes the showing thread if there is something to show. Returns what the
    /// terminal answers to its program.
    pub fn change(&self, how: impl FnOnce(&mut Terminal) -> Heard) -> Vec<u8> {
        let mut inner = self.lock();
        let heard = how(&mut inner.terminal);
        let answers = inner.hear(heard);
        self.wake(&mut inner);
        answers
    }

    /// Reads output of the program, and shows what has changed if it is time; in a flood the showing thread
    /// does. Returns what the terminal answers.
    pub fn read(&self, session: SessionId, output: &[u8], events: &dyn Fn(PtyEvent)) -> Vec<u8> {
        let mut inner = (self.inner.lock()).unwrap_or_else(PoisonError::into_inner);
        let heard = inner.terminal.feed(output);
        let answers = inner.hear(heard);
        let now = Instant::now();
        let flooding = inner.count(output.len() as u64, now, hush::is_slow(session.0));
        let due = match flooding || inner.closing {
            true => Due::default(),
            false => inner.due(session, now),
        };
        self.wake(&mut inner);
        drop(inner);
        self.flooding.store(flooding, Ordering::Relaxed);
        due.tell(events);
        answers
    }

    /// Whether more output comes than anybody can read.
    pub fn is_flooding(&self) -> bool {
        self.flooding.load(Ordering::Relaxed)
    }

    /// Waits until those have had the lock that wanted it: who reads a flood would take it again at once.
    pub fn let_others(&self) {
        for _ in 0..100 {
            if self.queue.load(Ordering::Relaxed) == 0 {
                return;
            }
            std::thread::yield_now();
        }
    }

    /// Wakes the showing thread if there is something to show before it wakes by itself.
    fn wake(&self, inner: &mut Inner) {
        if std::mem::take(&mut inner.look_sooner) {
            self.changed.notify_one();
            return;
        }
        let wanted = match inner.has_work() {
            true => inner.next_look().unwrap_or_else(Instant::now),
            false => return,
        };
        if inner.alarm.is_none_or(|alarm| wanted < alarm) {
            self.changed.notify_one();
        }
    }

    /// Whether nobody is left to read for.
    pub fn over(&self) -> bool {
        let inner = self.lock();
        inner.closing && inner.exited
    }

    /// Writes the lines that are past what is kept in memory to the disk. Waits for it, and so the program that
    /// writes more than the disk takes waits too; the lock is free meanwhile.
    pub fn put_on_disk(&self) {
        loop {
            let due = self.lock().terminal.past().due();
            let Some((disk, slot, block)) = due else {
                return;
            };
            let done = disk.write(slot, &block).is_ok();
            let mut inner = self.lock();
            inner.terminal.past().written(&block, &disk, slot, done);
        }
    }

    /// Changes who watches, or that all is to end.
    pub fn arrange(&self, how: impl FnOnce(&mut Inner)) {
        how(&mut self.lock());
        self.changed.notify_one();
        self.ended.notify_all();
    }

    /// Waits until `over`, or until `deadline`; says whether it is over.
    pub fn wait_until(&self, deadline: Option<Instant>, over: impl Fn(&Inner) -> bool) -> bool {
        let mut inner = self.lock();
        while !over(&inner) {
            let Some(deadline) = deadline else {
                inner = (self.ended.wait(inner)).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            inner = (self.ended.wait_timeout(inner, left))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }

    /// The showing thread's whole life: sleeps until something changes that somebody wants to see, shows it
    /// at once if the last picture is long enough ago, and else when it is.
    pub fn show(&self, session: SessionId, events: &dyn Fn(PtyEvent), answer: &dyn Fn(Vec<u8>)) {
        let mut inner = self.lock();
        while !inner.closing {
            let now = Instant::now();
            if inner.terminal.sync_ends().is_some_and(|end| end <= now) {
                let heard = inner.terminal.end_sync();
                answer(inner.hear(heard));
            }
            let due = inner.due(session, now);
            if !due.is_empty() {
                drop(inner);
                due.tell(events);
                inner = self.lock();
                continue;
            }
            inner.alarm = inner.next_look();
            inner = match inner.alarm {
                Some(at) => {
                    let left = at.saturating_duration_since(Instant::now());
                    (self.changed.wait_timeout(inner, left))
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                None => (self.changed.wait(inner)).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl Due {
    fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.events.is_empty()
    }

    /// To be called without the lock.
    fn tell(self, events: &dyn Fn(PtyEvent)) {
        (self.frames.into_iter()).for_each(|(send, frame)| send(frame));
        self.events.into_iter().for_each(events);
    }
}

impl Inner {
    /// Notes that the terminal has changed and what it said; returns its answers to the program.
    fn hear(&mut self, heard: Heard) -> Vec<u8> {
        self.state += 1;
        self.bell |= heard.bell;
        self.mark = heard.mark.or(self.mark);
        if heard.says.is_some() {
            self.says = heard.says;
        }
        self.look_sooner |= self.looking.changed();
        if heard.title.is_some() {
            self.title = heard.title;
        }
        if heard.clipboard.is_some() {
            self.clipboard = heard.clipboard;
        }
        heard.answers
    }

    /// Whether there is something to tell besides the picture.
    fn has_news(&self) -> bool {
        self.title.is_some()
            || self.bell
            || self.clipboard.is_some()
            || self.mark.is_some()
            || self.says.is_some()
    }

    /// The least time between two pictures.
    fn frame(&self, now: Instant) -> Duration {
        match self.typed_at {
            Some(at) if now < at + ECHO => ECHO_FRAME,
            _ if self.flooding => FLOOD_FRAME,
            _ => FRAME,
        }
    }

    /// Counts output; says whether there is a flood. One that is read slowly stays one, little as it is then.
    fn count(&mut self, bytes: u64, now: Instant, slow: bool) -> bool {
        let (most, span) = FLOOD;
        let (since, before) = self.counted;
        match since {
            Some(since) if now < since + span => {
                self.counted.1 = before + bytes;
                self.flooding |= self.counted.1 > most;
            }
            // After a pause what came before it says nothing.
            since => {
                let lately = since.is_some_and(|since| now < since + 2 * span);
                self.flooding = lately && (before > most || (slow && self.flooding));
                self.counted = (Some(now), bytes);
            }
        }
        self.flooding
    }

    fn has_work(&self) -> bool {
        let state = self.state;
        self.has_news()
            || self.terminal.sync_ends().is_some()
            || self.watchers.values().any(|w| w.wants(state))
    }

    fn due(&mut self, session: SessionId, now: Instant) -> Due {
        let mut due = Due::default();
        let state = self.state;
        let frame = self.frame(now);
        let may = |at: Option<Instant>| at.is_none_or(|at| at <= now);
        let ready = |w: &Watcher| w.wants(state) && may(w.not_before(frame));
        if self.watchers.values().any(ready) {
            let picture = picture::take(&mut self.terminal);
            for watcher in self.watchers.values_mut().filter(|w| ready(w)) {
                if let Some(update) = watcher.update(session, &picture, state, now) {
                    due.frames.push((watcher.send.clone(), update));
                }
            }
        }
        if may(self.told_at.map(|at| at + FRAME)) {
            let title = self.title.take().filter(|t| *t != self.last_title);
            if let Some(title) = title {
                self.last_title.clone_from(&title);
                due.events.push(PtyEvent::Title(title));
            }
            if std::mem::take(&mut self.bell) {
                due.events.push(PtyEvent::Bell);
            }
            if let Some(text) = self.clipboard.take() {
                due.events.push(PtyEvent::Clipboard(text));
            }
            due.events.extend(self.mark.take().map(PtyEvent::Mark));
            due.events.extend(self.says.take().map(PtyEvent::Says));
            if !due.events.is_empty() {
                self.told_at = Some(now);
            }
        }
        if self.looking.due().is_some_and(|at| at <= now) {
            let text = self.terminal.last_lines(self.looking.lines());
            let seen = self.looking.look(&text, now);
            due.events.extend(seen.map(PtyEvent::Seen));
        }
        due
    }

    /// When something that waits for its time is to be looked at again; `None`: nothing waits.
    fn next_look(&self) -> Option<Instant> {
        let frames = self.watchers.values().filter(|w| w.wants(self.state));
        let telling = (self.has_news())
            .then(|| self.told_at.map(|at| at + FRAME))
            .flatten();
        let frame = self.frame(Instant::now());
        frames
            .filter_map(|watcher| watcher.not_before(frame))
            .chain(telling)
            .chain(self.terminal.sync_ends())
            .chain(self.looking.due())
            .min()
    }
}
