//! Everything acknowledged, on disk: one writer, readers of their own.
//!
//! [`open`] hands out the [`Journal`], through which all writes go (one thread, commits in groups), and what
//! the store knew when it was opened ([`Loaded`], half answers already recovered). A [`Reader`] asks on a
//! connection of its own and never holds up the writer. SQLite in WAL mode, schema in `migrations/`.
//!
//! Not here: what a write means. The store neither checks names nor budgets, knows no clock and no time zone,
//! and takes care that only one engine runs by nothing but the engine's lock.

mod counted;
mod journal;
mod learnt;
mod lessons;
mod load;
mod reader;
mod records;
mod rows;
mod schema;
mod stats;
#[cfg(test)]
mod tests;
mod write;

pub use counted::CountedRow;
pub use journal::{Ack, Journal, QUEUE};
pub use learnt::{
    About, AdjustmentRow, Evidence, EvidenceRow, ForgottenRow, LearnerRow, LearningRow,
};
pub use lessons::TakenRow;
pub use load::Loaded;
pub use reader::Reader;
pub use records::Known;
pub use rows::SessionRow;
pub use stats::Day;
pub use write::Write;

use crate::error::Result;
use std::path::Path;

/// Opens the store at `path`, making it (file 0600, a missing folder 0700) and bringing it to the present
/// schema where needed, and recovers what the last engine left unfinished.
///
/// Errors: a store of a newer version, another program's database and a damaged file are refused and left
/// as they are; so is a file or folder that cannot be written.
pub fn open(path: &Path) -> Result<(Journal, Loaded)> {
    let mut connection = schema::open_writer(path)?;
    let loaded = load::load(&mut connection).map_err(|e| schema::error(path, &e))?;
    let journal = Journal::start(connection, path)?;
    Ok((journal, loaded))
}
