//! The one writer: a thread that commits in groups.
//!
//! The thread takes all that is waiting, commits it once and then calls the acknowledgements, so that the
//! price of a commit is shared by whatever arrived during the one before. A commit is made with
//! `synchronous=FULL`: what is acknowledged survives a loss of power. Only a group made up of nothing but
//! drafts, which nobody was told are safe, leaves the disk's own cache alone (`NORMAL`); it still survives
//! the death of the engine, and the next full commit carries it along.

use super::{schema, write::Write};
use crate::error::{Error, Result};
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{Builder, JoinHandle},
};

/// Called on the writer's thread after the commit that holds its batch, or with why there was none (on the
/// caller's thread where the writer is gone). It must be quick, must not panic, and must not write to the
/// journal: that could wait for itself.
pub type Ack = Box<dyn FnOnce(std::result::Result<(), String>) + Send>;

/// Batches that may wait for the writer. When so many wait, [`Journal::write`] blocks until there is room: to
/// slow the engine down is better than to forget.
pub const QUEUE: usize = 4096;

/// Batches in one commit at most, so that the first of them is not kept waiting by the last.
const GROUP: usize = 1024;

struct Batch {
    writes: Vec<Write>,
    ack: Option<Ack>,
}

/// A handle to the writer. Dropping it stores what waits, then closes the file.
pub struct Journal {
    /// `None` once closed.
    sender: Option<SyncSender<Batch>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

impl Journal {
    pub(super) fn start(connection: Connection, path: &Path) -> Result<Journal> {
        let (sender, receiver) = sync_channel(QUEUE);
        let place = path.to_owned();
        let thread = Builder::new()
            .name("store".into())
            .spawn(move || run(connection, &receiver, &place))
            .map_err(|e| {
                Error::new(
                    format!("the store's writer could not be started: {e}"),
                    path.display().to_string(),
                    "close some programs and try again",
                )
            })?;
        Ok(Journal {
            sender: Some(sender),
            thread: Some(thread),
            path: path.to_owned(),
        })
    }

    /// Has `writes` stored, together or not at all, after all that was given before. Returns before they
    /// are; `ack` is told. Blocks only while [`QUEUE`] batches wait.
    pub fn write(&self, writes: Vec<Write>, ack: Option<Ack>) {
        let batch = Batch { writes, ack };
        let lost = match &self.sender {
            Some(sender) => sender.send(batch).err().map(|e| e.0),
            None => Some(batch),
        };
        if let Some(Batch { ack: Some(ack), .. }) = lost {
            ack(Err("the store is closed".into()));
        }
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stores what waits, acknowledges it and closes the file; blocks until that is done.
    pub fn close(mut self) {
        self.finish();
    }

    fn finish(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the writer has been reported by the panic hook; there is nothing left to flush.
            let _ = thread.join();
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.finish();
    }
}

fn run(mut connection: Connection, receiver: &Receiver<Batch>, path: &Path) {
    let mut full = true;
    while let Ok(first) = receiver.recv() {
        let mut group = vec![first];
        group.extend(receiver.try_iter().take(GROUP - 1));
        let wanted = group
            .iter()
            .any(|batch| batch.ack.is_some() || batch.writes.iter().any(|write| !write.is_draft()));
        if wanted != full {
            let level = if wanted { "FULL" } else { "NORMAL" };
            if connection.pragma_update(None, "synchronous", level).is_ok() {
                full = wanted;
            }
        }
        commit(&mut connection, group, path);
    }
    if let Err((_, e)) = connection.close() {
        tracing::warn!("the store did not close cleanly: {e}");
    }
}

/// One transaction for all; in it a savepoint for each batch, so that one that fails takes no other along.
fn commit(connection: &mut Connection, group: Vec<Batch>, path: &Path) {
    let mut results = Vec::with_capacity(group.len());
    let committed = connection.transaction().and_then(|mut transaction| {
        for batch in &group {
            let stored = transaction.savepoint().and_then(|savepoint| {
                batch
                    .writes
                    .iter()
                    .try_for_each(|write| write.apply(&savepoint))?;
                savepoint.commit()
            });
            results.push(stored.map_err(|e| describe(path, &e)));
        }
        transaction.commit()
    });
    if let Err(e) = committed {
        results = vec![Err(describe(path, &e)); group.len()];
    }
    for (batch, result) in group.into_iter().zip(results) {
        match (batch.ack, result) {
            (Some(ack), result) => ack(result),
            (None, Err(e)) => tracing::error!("not stored: {e}"),
            (None, Ok(())) => {}
        }
    }
}

fn describe(path: &Path, error: &rusqlite::Error) -> String {
    let error = schema::error(path, error);
    format!("{} · {}", error.what, error.next)
}
