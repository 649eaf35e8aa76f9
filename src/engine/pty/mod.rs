//! Programs in pseudo-terminals. Each runs in a session of its own with four threads: one reads and parses,
//! one writes (a program may refuse to read until it is read from), one shows the newest picture to the faces
//! that watch, one waits for the end; in a flood a fifth one parses what the first one reads. All of them sleep
//! while nothing happens.
//!
//! The screen is `alacritty_terminal`'s; lines that leave it are kept in a form of their own (`block`, `past`),
//! the oldest in a file without a name. It does not know what the programs are, and knows of faces only the
//! function by which a picture is sent. Output is skipped where faces are slow, never queued.

#[cfg(test)]
mod bad_input_tests;
mod block;
#[cfg(test)]
mod block_tests;
mod command;
mod common;
mod disk;
mod hush;
mod keeper;
#[cfg(test)]
mod keeper_tests;
mod layout;
mod lines;
mod outbox;
mod palette;
mod passing;
#[cfg(test)]
mod passing_tests;
mod past;
#[cfg(test)]
mod past_tests;
mod paste;
mod picture;
mod pipe;
mod reading;
mod record;
#[cfg(test)]
mod recordings;
mod says;
mod scan;
mod shared;
mod sight;
mod terminal;
#[cfg(test)]
mod tests;
mod threads;
mod turns;
mod watcher;
mod window;

pub use command::find_program;
pub use lines::Lines;
pub use paste::sanitise_paste;
pub use reading::Reading;
pub use says::Says;
pub use scan::Mark;
pub use sight::{Seen, Sight};

use crate::protocol::Category;
use crate::protocol::Failure;
use crate::protocol::Found;
use crate::protocol::Refusal;
use crate::protocol::ScreenUpdate;
use crate::protocol::SessionId;
use disk::Disk;
use outbox::Outbox;
use past::Past;
use portable_pty::{MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process_group};
use shared::Shared;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use terminal::{Size, Terminal};
use watcher::Watcher;

/// How long a program has between the request to end and the end.
const GRACE: Duration = Duration::from_millis(500);

/// What is to be run, and how large its terminal is.
#[derive(Clone, Debug, PartialEq)]
pub struct PtyStart {
    pub session: SessionId,
    /// Program and arguments; empty: `$SHELL`, or `/bin/sh`.
    pub command: Vec<String>,
    pub cwd: PathBuf,
    pub rows: u16,
    pub cols: u16,
    /// Lines kept in memory above the screen.
    pub scrollback: usize,
    /// Bytes of older lines that are kept on the disk, in a file without a name; 0: none.
    pub scrollback_disk: u64,
    /// The folder of that file.
    pub state: PathBuf,
    /// Variables added to the inherited environment. `ANTIPHON_…` ones are not inherited.
    pub env: Vec<(String, String)>,
    /// Variables that are not inherited.
    pub not_inherited: Vec<String>,
    /// What its screen is looked at for.
    pub sight: Sight,
    /// The signal by which it is asked to end, and how long it has before it is ended.
    pub ending: (Signal, Duration),
}

impl PtyStart {
    /// A shell in the root folder, on a screen of 24 rows of 80 columns, with everything else as usual.
    pub fn plain() -> PtyStart {
        PtyStart {
            session: SessionId(0),
            command: Vec::new(),
            cwd: "/".into(),
            rows: 24,
            cols: 80,
            scrollback: 0,
            scrollback_disk: 0,
            state: std::env::temp_dir(),
            env: Vec::new(),
            not_inherited: Vec::new(),
            sight: Sight::default(),
            ending: (Signal::HUP, GRACE),
        }
    }
}

/// What a program in a terminal does, apart from its picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PtyEvent {
    /// Its new title, without control characters, at most 200 characters; empty: none any more. At most
    /// one a frame time.
    Title(String),
    /// At most one a frame time.
    Bell,
    /// The program wants to put this on the clipboard. At most one a frame time, the newest.
    Clipboard(String),
    /// The newest mark that a shell has set (OSC 133). At most one a frame time.
    Mark(Mark),
    /// What the program says of itself from now on (OSC 7501); `None`: nothing any more. At most one a frame time,
    /// the newest.
    Says(Option<Says>),
    /// What its screen says from now on, by the rules of [`PtyStart::sight`]; `None`: nothing any more.
    Seen(Option<Seen>),
    /// The last event: the program ended with a code, or by a signal; with neither where that cannot be told.
    Exited {
        code: Option<i32>,
        signal: Option<i32>,
    },
}

/// A running program in its terminal. Dropping it kills the program.
pub struct Pty {
    shared: Arc<Shared>,
    outbox: Arc<Outbox>,
    master: Mutex<Box<dyn MasterPty + Send>>,
    session: SessionId,
    pid: u32,
    ending: (Signal, Duration),
}

/// Starts a program. `events` is called from the terminal's threads, without any lock held; it must not block.
///
/// Errors: [`Category::Missing`] where the program or the folder is not there, [`Category::Exited`] where the
/// system refuses a terminal or a process.
pub fn start(
    start: PtyStart,
    events: impl Fn(PtyEvent) + Send + Sync + 'static,
) -> Result<Pty, Failure> {
    let command = command::build(&start)?;
    let refused = |error: &dyn std::fmt::Display| {
        Failure::new(
            Category::Exited,
            format!("the system gave no terminal: {error}"),
            "close some sessions, or raise the limits of processes and open files",
        )
    };
    let size = Size::fitted(start.rows, start.cols);
    let pair = native_pty_system()
        .openpty(pty_size(size))
        .map_err(|e| refused(&e))?;
    let reader = pair.master.try_clone_reader().map_err(|e| refused(&e))?;
    let writer = pair.master.take_writer().map_err(|e| refused(&e))?;
    let child = pair.slave.spawn_command(command).map_err(|e| refused(&e))?;
    drop(pair.slave);
    let pid = child.process_id().unwrap_or_default();
    let disk = (start.scrollback_disk > 0)
        .then(|| Disk::open(&start.state, start.scrollback_disk))
        .and_then(|opened| {
            opened
                .inspect_err(|e| tracing::warn!("no lines are kept on the disk: {e}"))
                .ok()
        });
    let past = Past::new(size.cols, start.scrollback, disk);
    let pty = Pty {
        shared: Arc::new(Shared::new(Terminal::new(size, past), start.sight)),
        outbox: Arc::new(Outbox::default()),
        master: Mutex::new(pair.master),
        session: start.session,
        pid,
        ending: start.ending,
    };
    threads::start(&pty, start.session, child, reader, writer, Arc::new(events))
        .map_err(|e| refused(&e))?;
    Ok(pty)
}

impl Pty {
    /// The process; it leads a process group and a session of the same number.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Sends bytes as typed, and scrolls the view back to the present. Refused where the program has ended,
    /// or has left a mebibyte unread.
    pub fn write(&self, bytes: Vec<u8>) -> Result<(), Refusal> {
        let scrolled = {
            let mut inner = self.shared.lock();
            inner.typed_at = Some(Instant::now());
            inner.terminal.view().is_some()
        };
        hush::typed(self.session.0);
        if scrolled {
            self.scroll(i32::MIN);
        }
        self.outbox.push(&bytes)
    }

    /// Tells the program whether keys go to it from now on, if it asked to be told. The view stays where it is.
    pub fn focus(&self, focused: bool) {
        if self.shared.lock().terminal.reports_focus() {
            // A program that reads nothing is not waiting for this either.
            let _ = self
                .outbox
                .push(if focused { b"\x1b[I" } else { b"\x1b[O" });
        }
    }

    /// Sends text as a paste. Refused where it has several lines and the program did not ask for
    /// bracketed paste, and as [`Self::write`] is.
    pub fn paste(&self, text: &str) -> Result<(), Refusal> {
        let bytes = paste::paste_bytes(text, self.bracketed_paste())?;
        self.write(bytes)
    }

    /// Types text, never as a paste. Refused where it has several lines, and as [`Self::write`] is.
    pub fn type_in(&self, text: &str) -> Result<(), Refusal> {
        self.write(paste::paste_bytes(text, false)?)
    }

    /// Presses keys, such as Enter, a moment after what was sent before.
    pub fn press(&self, keys: &[u8]) -> Result<(), Refusal> {
        self.outbox.push_apart(keys)
    }

    /// Whether the program has asked to be told pastes from typing.
    pub fn bracketed_paste(&self) -> bool {
        self.shared.lock().terminal.bracketed_paste()
    }

    /// Sets the size in cells, as near as can be had (1 to 300 rows, 2 to 1000 columns).
    pub fn resize(&self, rows: u16, cols: u16) {
        let size = Size::fitted(rows, cols);
        if self.shared.lock().terminal.size() == size {
            return;
        }
        self.shared.change(|terminal| {
            terminal.resize(size);
            Default::default()
        });
        let master = self.master.lock().unwrap_or_else(PoisonError::into_inner);
        // Fails only where the terminal is gone, and then there is nobody to be told.
        let _ = master.resize(pty_size(size));
    }

    /// Scrolls the view: up into the past where positive, to the present with `i32::MIN`.
    pub fn scroll(&self, lines: i32) {
        self.shared.change(|terminal| {
            terminal.scroll(lines);
            Default::default()
        });
    }

    /// Shows the terminal to a face from now on: everything at once, then what changes, each time only after
    /// [`Self::took`]. `send` is called from a thread of the terminal; it must not block.
    pub fn watch(&self, face: u64, send: Box<dyn Fn(ScreenUpdate) + Send + Sync>) {
        let watcher = Watcher::new(Arc::from(send));
        self.shared.arrange(|inner| {
            inner.watchers.insert(face, watcher);
        });
    }

    /// The face does not show it any more. One picture may still be under way.
    pub fn unwatch(&self, face: u64) {
        self.shared.arrange(|inner| {
            inner.watchers.remove(&face);
        });
    }

    /// The face has drawn the last update.
    pub fn took(&self, face: u64) {
        self.shared.arrange(|inner| {
            if let Some(watcher) = inner.watchers.get_mut(&face) {
                watcher.took();
            }
        });
    }

    /// Asks the program and what runs in its foreground to end (SIGHUP, unless said otherwise), and ends them after
    /// their time (500 ms, unless said otherwise; SIGKILL). Returns at once; [`PtyEvent::Exited`] follows. Whoever ends the engine's own process
    /// should wait for it.
    pub fn kill(&self) {
        let groups = self.groups();
        let (gently, grace) = self.ending;
        if !signal(&self.shared, &groups, gently) {
            return;
        }
        let shared = self.shared.clone();
        let killer = std::thread::Builder::new().name("pty-kill".into());
        let spawned = killer.spawn(move || {
            let deadline = Some(Instant::now() + grace);
            if !shared.wait_until(deadline, |inner| inner.exited) {
                signal(&shared, &groups, Signal::KILL);
            }
        });
        if spawned.is_err() {
            signal(&self.shared, &self.groups(), Signal::KILL);
        }
    }

    /// Waits for the end of the program, for so long.
    pub fn ends_within(&self, time: Duration) {
        let deadline = Some(Instant::now() + time);
        self.shared.wait_until(deadline, |inner| inner.exited);
    }

    /// Scrolls the view so that the line of this number comes first, or as near as can be.
    pub fn scroll_to(&self, line: u64) {
        self.shared.change(|terminal| {
            terminal.scroll_to(line);
            Default::default()
        });
    }

    /// What all lines are read through, above the screen and on it, from any thread that may wait.
    pub fn lines(&self) -> Lines {
        Lines(self.shared.clone())
    }

    /// What stands on the screen, as plain text.
    pub fn screen_text(&self) -> String {
        picture::text(&mut self.shared.lock().terminal)
    }

    /// The program's own process group and the one in the foreground of its terminal.
    fn groups(&self) -> Vec<Pid> {
        let master = self.master.lock().unwrap_or_else(PoisonError::into_inner);
        let front = master.process_group_leader();
        let own = i32::try_from(self.pid).ok();
        let mut groups: Vec<Pid> = (own.into_iter().chain(front))
            .filter_map(Pid::from_raw)
            .collect();
        groups.dedup();
        groups
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.kill();
        self.outbox.close();
        self.shared.arrange(|inner| inner.closing = true);
    }
}

/// Sends a signal to the groups while the child is known to be there; says whether it was.
fn signal(shared: &Shared, groups: &[Pid], signal: Signal) -> bool {
    // Under the lock: the child cannot be reaped, and its number reused, in between.
    let inner = shared.lock();
    if inner.exited {
        return false;
    }
    for &group in groups {
        // A group that is gone is as it should be.
        let _ = kill_process_group(group, signal);
    }
    true
}

fn pty_size(size: Size) -> PtySize {
    PtySize {
        rows: size.rows,
        cols: size.cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
