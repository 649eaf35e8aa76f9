//! Which worktrees there are, and what becomes of each.

use super::archive::held;
use super::git::Git;
use super::records::Records;
use super::remove::UNDO;
use crate::engine::worktree::Living;
use crate::engine::worktree::record::{Record, Stage};
use crate::protocol::{Refusal, WorktreeState, WorktreeView};
use std::path::Path;

/// All of them, oldest first.
pub async fn list(git: &Git, records: &Records<'_>, living: &[Living]) -> Vec<WorktreeView> {
    let mut all = Vec::new();
    for record in records.all() {
        all.push(view(git, &record, living).await);
    }
    all
}

/// A worktree as a face shows it.
pub async fn view(git: &Git, record: &Record, living: &[Living]) -> WorktreeView {
    let owner = |session: &&Living| {
        session.session == record.session && session.created_at == record.created_at
    };
    let session = living.iter().find(owner).map(|session| session.session);
    let path = &record.worktree.path;
    let state = match &record.state {
        Stage::Making => WorktreeState::Making,
        Stage::Made if !path.is_dir() => WorktreeState::Gone,
        Stage::Made => match held(git, record, path).await {
            Ok(held) => WorktreeState::Present {
                uncommitted: held.changes.len() as u32,
                unpushed: held.unpushed,
            },
            Err(failure) => WorktreeState::Unknown {
                why: failure.message,
            },
        },
        Stage::Removed { at, archive, .. } => WorktreeState::Removed {
            until: at + UNDO,
            archive: archive.keeps.then(|| archive.reference.clone()),
        },
        Stage::Archived { archive } => WorktreeState::Archived {
            archive: archive.reference.clone(),
        },
    };
    WorktreeView {
        name: record.name.clone(),
        session,
        worktree: record.worktree.clone(),
        state,
    }
}

/// The one record that a name means: a living session's first, then that of a branch, a folder or a session that was.
/// Among those that fit only `wanted` ones count, if there are any.
///
/// # Errors
/// None or several.
pub fn find(
    records: &Records<'_>,
    name: &str,
    living: &[Living],
    wanted: impl Fn(&Record) -> bool,
) -> Result<Record, Refusal> {
    let all = records.all();
    let of_living = living.iter().find(|session| session.name == name);
    let is_of = |record: &Record, session: &Living| {
        (record.session, record.created_at) == (session.session, session.created_at)
    };
    let own = of_living.and_then(|session| all.iter().find(|r| is_of(r, session)));
    let fits = |record: &&Record| {
        let tree = &record.worktree;
        tree.path == Path::new(name) || tree.branch == name || record.name == name
    };
    let mut found: Vec<&Record> = match own {
        Some(own) => vec![own],
        None => all.iter().filter(fits).collect(),
    };
    if found.iter().any(|record| wanted(record)) {
        found.retain(|record| wanted(record));
    }
    // The branch of the one may be the session of the other.
    if found.len() > 1 && found.iter().filter(|r| r.worktree.branch == name).count() == 1 {
        found.retain(|record| record.worktree.branch == name);
    }
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Refusal::new(
            format!("there is no worktree `{name}`"),
            "antiphon worktree list shows those there are",
        )),
        several => {
            let paths = several
                .iter()
                .map(|r| r.worktree.path.display().to_string());
            Err(Refusal::new(
                format!("`{name}` can mean several worktrees"),
                format!(
                    "name one by its path: {}",
                    paths.collect::<Vec<_>>().join(", ")
                ),
            ))
        }
    }
}
