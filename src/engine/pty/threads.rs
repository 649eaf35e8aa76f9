//! The four threads of a terminal. None is ever joined: each ends by itself once the program is gone. A
//! process that outlives it and keeps the terminal open holds the reader, asleep, until it closes it.

use super::outbox::Outbox;
use super::shared::Shared;
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
/// What is read and parsed in one go.
const PIECE: usize = 64 * 1024;

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
        let (shared, outbox) = (shared.clone(), outbox.clone());
        move || {
            let answer = |bytes: Vec<u8>| drop(outbox.push(&bytes));
            shared.show(session, &*events, &answer);
        }
    })?;
    spawn("pty-read", move || read(reader, &shared, &outbox))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let builder = std::thread::Builder::new().name(name.into());
    builder.spawn(work).map(drop)
}

fn read(mut reader: Box<dyn Read + Send>, shared: &Shared, outbox: &Outbox) {
    let mut piece = vec![0; PIECE];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => {
                let answers = shared.change(|terminal| terminal.feed(&piece[..length]));
                if !answers.is_empty() {
                    // A program that does not read its input does not read answers either.
                    let _ = outbox.push(&answers);
                }
                shared.put_on_disk();
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        }
        if shared.lock().closing && shared.lock().exited {
            break;
        }
    }
    shared.arrange(|inner| inner.output_ended = true);
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
