//! Bringing a worktree back: as it was, while its folder is only set aside; later from its archive.

use super::copy::remove_folder;
use super::git::Git;
use super::records::Records;
use super::remove::{as_refusal, back_to_made};
use super::trees::lay_out;
use crate::engine::worktree::names::{collides, free};
use crate::engine::worktree::record::{Archive, Record, Stage};
use crate::protocol::{Failure, Refusal};
use std::path::{Path, PathBuf};

/// Brings back what was removed or archived.
///
/// # Errors
/// It is there, its place is taken, or the archive is gone.
pub async fn restore(git: &Git, records: &Records<'_>, record: Record) -> Result<Record, Refusal> {
    match record.state.clone() {
        Stage::Made | Stage::Making => Err(Refusal::new(
            format!("the worktree of `{}` was not removed", record.name),
            format!("it is in {}", record.worktree.path.display()),
        )),
        Stage::Removed { aside, .. } => {
            let path = record.worktree.path.clone();
            if path.symlink_metadata().is_ok() {
                return Err(Refusal::new(
                    format!("something else is at {} now", path.display()),
                    "move it away, then try again",
                ));
            }
            std::fs::rename(&aside, &path).map_err(|e| {
                Refusal::new(format!("{} cannot be moved back: {e}", aside.display()), "")
            })?;
            Ok(back_to_made(git, records, record).await)
        }
        Stage::Archived { archive } => unpack(git, records, record, &archive)
            .await
            .map_err(as_refusal),
    }
}

/// A worktree anew, from what its archive holds.
async fn unpack(
    git: &Git,
    records: &Records<'_>,
    mut record: Record,
    archive: &Archive,
) -> Result<Record, Failure> {
    let dir = record.git_dir.clone();
    let env: &[(&str, &Path)] = &[("GIT_DIR", &dir)];
    // Without a commit of its own, the archive's stands for it.
    let head = archive.head.as_ref().unwrap_or(&archive.reference).clone();
    let args = ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"];
    let known = git.must(&dir, &args, env).await?.text();
    let home = record
        .worktree
        .path
        .parent()
        .map(PathBuf::from)
        .unwrap_or_default();
    let there = |name: &str| home.join(name).symlink_metadata().is_ok();
    let taken = |name: &str| collides(name, known.lines()) || there(name);
    // A branch that stayed is taken up again if nothing was committed on it since.
    let old = &record.worktree.branch;
    let reference = format!("refs/heads/{old}");
    let stayed = git
        .run(&dir, &["rev-parse", "-q", "--verify", &reference], env)
        .await?;
    let as_it_was = stayed.ok && stayed.text() == head && !there(old);
    let branch = match as_it_was {
        true => old.clone(),
        false => free(old, taken),
    };
    let path = home.join(&branch);
    let place = path.to_string_lossy().into_owned();
    let args = match as_it_was {
        true => vec!["worktree", "add", &place, &branch],
        false => vec!["worktree", "add", "-b", &branch, &place, &head],
    };
    git.must(&dir, &args, env).await?;
    if let Some(files) = &archive.files
        && let Err(failure) = lay_out(git, &path, archive.index.as_deref(), files).await
    {
        let args = ["worktree", "remove", "--force", &place];
        let _ = git.run(&dir, &args, env).await;
        let _ = remove_folder(&path);
        return Err(failure);
    }
    let inner = record.cwd.strip_prefix(&record.worktree.path).ok();
    record.cwd = inner.map_or(path.clone(), |inner| {
        path.join(inner).components().collect()
    });
    (record.worktree.path, record.worktree.branch) = (path, branch);
    Ok(back_to_made(git, records, record).await)
}
