//! What is learnt, kept in step with the store: evidence goes into the learner and onto the disk in the same order, so
//! that what is believed can always be folded anew from what is stored.

use super::effect::Effect;
use super::rules;
use super::state::{Now, State};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::learning::{FEATURES, Learner, Observation};
use crate::protocol::Record;
use crate::store::{About, Evidence, EvidenceRow, LearnerRow, Reader, Write};

/// After so much evidence the learner is written whole: a start folds at most so many rows. A figure between the cost of
/// writing (a hundred kilobytes at a time) and that of folding (a microsecond a row).
const SNAPSHOT_EVERY: u64 = 1_000;

/// Where the evidence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place of the next row.
    pub next: u64,
    /// Up to which row the learner was last written.
    pub written: u64,
}

/// What was believed when the engine ended, and up to which row it was read from a snapshot: the evidence behind it
/// is folded here.
///
/// # Errors
/// The store cannot be read.
pub fn load(reader: &Reader, catalog: &Catalog) -> Result<(Learner, u64)> {
    // A snapshot of another version is not read: everything is folded anew.
    let kept = reader.learner()?.and_then(|row| {
        let learner = Learner::from_snapshot(&row.snapshot).ok()?;
        Some((learner, row.seq))
    });
    let (mut learner, seq) = kept.unwrap_or_default();
    reader.evidence(seq, |evidence| fold(&mut learner, catalog, &evidence))?;
    Ok((learner, seq))
}

/// What is believed after all evidence that is stored and not forgotten, and which row is the last of it.
///
/// # Errors
/// The store cannot be read.
pub fn anew(reader: &Reader, catalog: &Catalog) -> Result<(Learner, u64)> {
    let (mut learner, mut last) = (Learner::default(), 0);
    reader.evidence(0, |evidence| {
        last = evidence.row.seq;
        fold(&mut learner, catalog, &evidence);
    })?;
    Ok((learner, last))
}

/// What was learnt while everything was folded anew joins it.
pub fn catch_up(learner: &mut Learner, catalog: &Catalog, since: &[Evidence], last: u64) {
    for evidence in since.iter().filter(|evidence| evidence.row.seq > last) {
        fold(learner, catalog, evidence);
    }
}

/// Takes in one row.
fn fold(learner: &mut Learner, catalog: &Catalog, evidence: &Evidence) {
    let of = |row: &EvidenceRow| observation(catalog, row, &evidence.about);
    let now = of(&evidence.row);
    match &evidence.before {
        None => learner.observe(&now),
        Some(before) => learner.revise(&of(before), &now),
    }
}

fn observation(catalog: &Catalog, row: &EvidenceRow, about: &About) -> Observation {
    Observation {
        model: catalog.key(&row.model),
        category: row.category.clone(),
        tags: about.tags.clone(),
        complexity: about.complexity,
        // A turn from before there were records has none.
        features: about.features[..].try_into().unwrap_or([0.0; FEATURES]),
        success: row.success,
        weight: row.weight,
    }
}

/// What a record tells of its prompt.
pub fn about(record: &Record) -> About {
    About {
        tags: record.tags.clone(),
        complexity: record.complexity,
        features: record.features.clone(),
    }
}

/// Learns what a row tells, and stores it: the next in order.
pub fn take(state: &mut State, evidence: &Evidence, now: Now, out: &mut Vec<Effect>) {
    fold(&mut state.learner, &state.catalog, evidence);
    state.kept.noted(evidence);
    out.push(Effect::Write(Write::Evidence(evidence.row.clone())));
    state.evidence.next = evidence.row.seq + 1;
    rules::follow(state, evidence, now, out);
    if evidence.row.seq >= state.evidence.written + SNAPSHOT_EVERY {
        keep(state, now, out);
    }
}

/// Writes the learner as it stands, if it has learnt anything since it was written.
pub fn keep(state: &mut State, now: Now, out: &mut Vec<Effect>) {
    let seq = state.evidence.next - 1;
    // What is being forgotten is still in it while everything is folded anew.
    if seq > state.evidence.written && !state.kept.is_forgetting() {
        state.evidence.written = seq;
        out.push(Effect::Write(Write::Learner(LearnerRow {
            seq,
            snapshot: state.learner.to_snapshot(),
            at: now.ms,
        })));
    }
}
