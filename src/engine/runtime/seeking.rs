//! Looks into the store for the learning, in the background.

use super::super::evidence;
use super::super::learnt::{imported, told};
use super::super::lessons::{Asked, Found, Sought};
use super::super::state::State;
use super::{Hands, Input, Mail};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::protocol::{EvidenceView, Millis};
use crate::store::Reader;
use jiff::Timestamp;
use std::path::PathBuf;

/// Answers that estimates are compared with; the newest.
const MEASURED: u32 = 5_000;
/// Turns that advice looks at; the newest of its days.
const ADVISED: u32 = 20_000;
const DAY: Millis = 24 * 3_600_000;

impl Hands {
    /// Seeks, and tells the loop what was found.
    pub fn seek(&self, state: &State, asked: Asked, sought: Sought) {
        let inbox = self.inbox.clone();
        let store = self.paths.store_file();
        let catalog = state.catalog.clone();
        tokio::task::spawn_blocking(move || {
            let found = look(store, &catalog, sought);
            let _ = inbox.blocking_send(Mail::Input(Input::Found { asked, found }));
        });
    }
}

/// Finds in the store what is sought; blocks for as long as that takes.
pub fn look(store: PathBuf, catalog: &Catalog, sought: Sought) -> Found {
    let reader = || Reader::open(&store);
    let now = Timestamp::now().as_millisecond();
    match sought {
        Sought::Names(meant) => Found::Names(meant, reader().and_then(|r| r.names())),
        Sought::Anew(meant) => {
            let anew = reader().and_then(|r| evidence::anew(&r, catalog));
            Found::Anew(meant, anew.map(|(learner, last)| (Box::new(learner), last)))
        }
        Sought::Fresh(results) => Found::Fresh(reader().and_then(|r| fresh(&r, results))),
        Sought::Efforts => Found::Efforts(reader().and_then(|r| r.taken(0, MEASURED))),
        Sought::Spent { days } => {
            let from = now - Millis::from(days) * DAY;
            let taken = reader().and_then(|r| r.taken(from, ADVISED));
            Found::Spent { days, taken }
        }
    }
}

/// The results that are not known here, each once, and how many are.
fn fresh(reader: &Reader, results: Vec<EvidenceView>) -> Result<(Vec<EvidenceView>, usize)> {
    let count = results.len();
    let mut fresh: Vec<EvidenceView> = Vec::new();
    for result in results {
        // One of this store's own, written out and read back.
        let own = match result.turn {
            Some(turn) => reader
                .result_of(turn)?
                .is_some_and(|row| row.at == result.at && row.model == result.model),
            None => false,
        };
        let row = imported(&result);
        let twice = |other: &EvidenceView| other.at == result.at && imported(other) == row;
        if !own && !fresh.iter().rev().any(twice) && !reader.is_imported(&row)? {
            fresh.push(result);
        }
    }
    let known = count - fresh.len();
    Ok((fresh, known))
}

/// Results as they are told, from the one behind `after` on.
pub fn results_after(
    reader: &Reader,
    after: u64,
    limit: u32,
) -> std::result::Result<Vec<EvidenceView>, Error> {
    let found = reader.results_after(after, limit as usize)?;
    Ok(found.into_iter().map(told).collect())
}

/// The newest results of a model in a category, as they are told.
pub fn newest_results(
    reader: &Reader,
    catalog: &Catalog,
    (model, category): (&str, &str),
    limit: u32,
) -> std::result::Result<Vec<EvidenceView>, Error> {
    let is = |name: &str| name == model || catalog.same(name, model);
    let found = reader.newest_results(&is, category, limit as usize)?;
    Ok(found.into_iter().map(told).collect())
}
