//! The four threads of a terminal, and a fifth in a flood. None is ever joined: each ends by itself once the
//! program is gone. A process that outlives it and keeps the terminal open holds the reader, asleep, until it
//! closes it.

use super::hush::{self, Pace};
use super::outbox::Outbox;
use super::pipe::Pipe;
use super::shared::Shared;
use super::turns;
use super::{Pty, PtyEvent};
use crate::protocol::SessionId;
use portable_pty::Child;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the end of the output is waited for after the end of the program.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// What is read in one go, at most, and what is parsed.
const PIECE: usize = 64 * 1024;
const PARSED_AT_ONCE: usize = 256 * 1024;
/// After a pause of this length a flood is over.
const PAUSE: Duration = Duration::from_millis(20);

type Events = Arc<dyn Fn(PtyEvent) + Send + Sync>;

/// Starts them all. On an error the caller drops the [`Pty`], which ends those that were started.
pub fn start(
    pty: &Pty,
    session: SessionId,
    child: Box<dyn Child + Send + Sync>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    events: Events,
) -> std::io::Result<()> {
    let (shared, outbox) = (pty.shared.clone(), pty.outbox.clone());
    spawn("pty-wait", {
        let (shared, outbox, events) = (shared.clone(), outbox.clone(), events.clone());
        move || wait(child, &shared, &outbox, &events)
    })?;
    spawn("pty-write", {
        let (shared, outbox) = (shared.clone(), outbox.clone());
        move || write(writer, &shared, &outbox)
    })?;
    spawn("pty-show", {
        let (shared, outbox, events) = (shared.clone(), outbox.clone(), events.clone());
        move || {
            let answer = |bytes: Vec<u8>| drop(outbox.push(&bytes));
            shared.show(session, &*events, &answer);
        }
    })?;
    let intake = Intake {
        session,
        shared,
        outbox,
        events,
    };
    spawn("pty-read", move || intake.read(reader))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let builder = std::thread::Builder::new().name(name.into());
    builder.spawn(work).map(drop)
}

/// What the threads need that take in the output.
#[derive(Clone)]
struct Intake {
    session: SessionId,
    shared: Arc<Shared>,
    outbox: Arc<Outbox>,
    events: Events,
}

impl Intake {
    fn parse(&self, output: &[u8]) {
        for piece in output.chunks(PARSED_AT_ONCE) {
            let turn = self.shared.is_flooding().then(turns::take);
            let answers = self.shared.read(self.session, piece, &*self.events);
            drop(turn);
            if !answers.is_empty() {
                // A program that does not read its input does not read answers either.
                let _ = self.outbox.push(&answers);
            }
            self.shared.put_on_disk();
            if self.shared.is_flooding() {
                hush::hold(self.session.0);
                self.shared.let_others();
            }
        }
    }

    /// Reads until the end. Parses by itself; in a flood another thread does.
    fn read(self, mut reader: Box<dyn Read + Send>) {
        let mut piece = vec![0; PIECE];
        let mut pipe: Option<Arc<Pipe>> = None;
        let mut last_read = Instant::now();
        let mut pace = Pace::new(self.session.0);
        loop {
            let length = match reader.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            let now = Instant::now();
            // Read slowly, it is parsed on the way: the other processor is not for it.
            let in_flood = self.shared.is_flooding()
                && now < last_read + PAUSE
                && !hush::is_slow(self.session.0);
            last_read = now;
            if in_flood && pipe.is_none() {
                pipe = self.clone().parser();
            }
            match &pipe {
                Some(pipe) if in_flood || !pipe.is_idle() => {
                    pipe.push(&piece[..length]);
                }
                _ => self.parse(&piece[..length]),
            }
            pace.after(length);
            if self.shared.over() {
                break;
            }
        }
        if let Some(pipe) = pipe {
            pipe.close();
        }
        self.shared.arrange(|inner| inner.output_ended = true);
    }

    /// A thread that parses; none where the system has none left: then there is one less.
    fn parser(self) -> Option<Arc<Pipe>> {
        let pipe = Arc::new(Pipe::default());
        let spawned = spawn("pty-parse", {
            let pipe = pipe.clone();
            move || {
                let mut taken = Vec::new();
                while pipe.take(&mut taken) {
                    self.parse(&taken);
                }
            }
        });
        spawned.is_ok().then_some(pipe)
    }
}

/// How long after other bytes those are written that must not be taken for a part of them.
const APART: Duration = Duration::from_millis(80);

fn write(mut writer: Box<dyn Write + Send>, shared: &Shared, outbox: &Outbox) {
    while let Some(piece) = outbox.take() {
        if piece.apart {
            std::thread::sleep(APART);
        }
        if writer
            .write_all(&piece.bytes)
            .and_then(|()| writer.flush())
            .is_err()
        {
            break;
        }
    }
    outbox.close();
    // Dropping the writer types a line end and an end of file: a shell with half a command in its line
    // would run it. So the program has to be gone first.
    shared.wait_until(None, |inner| inner.exited);
}

fn wait(child: Box<dyn Child + Send + Sync>, shared: &Shared, outbox: &Outbox, events: &Events) {
    if let Some(pid) = child
        .process_id()
        .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
    {
        // Waits without reaping, so that `exited` is set before the process id can be used again.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(pid), options) {}
    }
    shared.arrange(|inner| inner.exited = true);
    let child: Box<dyn Child> = child;
    let status = match child.downcast::<std::process::Child>() {
        Ok(mut child) => child.wait().ok(),
        Err(mut other) => {
            let _ = other.wait();
            None
        }
    };
    shared.wait_until(Some(Instant::now() + LAST_WORDS), |inner| {
        inner.output_ended
    });
    outbox.close();
    events(PtyEvent::Exited {
        code: status.and_then(|s| s.code()),
        signal: status.and_then(|s| s.signal()),
    });
}
