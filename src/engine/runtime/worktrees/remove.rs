//! Removing a worktree: refused while anything in it is nowhere else; archived, set aside for a while, then gone.

use super::archive::{archive, free_reference, held};
use super::copy::remove_folder;
use super::git::Git;
use super::make::remove_if_empty;
use super::records::Records;
use crate::engine::worktree::Living;
use crate::engine::worktree::judge::{quoted, some};
use crate::engine::worktree::record::{Archive, Record, Stage};
use crate::protocol::{Failure, Millis, Refusal};
use std::path::{Path, PathBuf};

/// For how long a removed worktree can be brought back as it was, in milliseconds.
pub const UNDO: Millis = 30_000;

/// A failure of git, as the answer to a wish.
pub fn as_refusal(failure: Failure) -> Refusal {
    Refusal::new(failure.message, failure.next)
}

/// Sets a worktree aside. With `force` also one that holds something, which is archived.
///
/// # Errors
/// What it holds, who works in it, or why git will not.
pub async fn set_aside(
    git: &Git,
    records: &Records<'_>,
    mut record: Record,
    force: bool,
    living: &[Living],
    now: Millis,
) -> Result<Record, Refusal> {
    let path = record.worktree.path.clone();
    let name = record.name.clone();
    if let Some(inside) = living.iter().find(|session| session.cwd.starts_with(&path)) {
        return Err(Refusal::new(
            format!("`{}` works in {}", inside.name, path.display()),
            format!("end it first: antiphon kill {}", quoted(&inside.name)),
        ));
    }
    let own = own_dir(git, &record).await.map_err(as_refusal)?;
    if own.join("locked").exists() {
        return Err(Refusal::new(
            format!("the worktree of `{name}` is locked"),
            format!("git worktree unlock {}", path.display()),
        ));
    }
    if own.join("modules").is_dir() {
        return Err(Refusal::new(
            format!(
                "submodules are checked out in {}: what is in them cannot be archived",
                path.display()
            ),
            format!(
                "push what they hold, then git submodule deinit --all in it, and remove {}",
                own.join("modules").display()
            ),
        ));
    }
    let held = held(git, &record, &path).await.map_err(as_refusal)?;
    let mut inner = held.changes.iter().filter(|change| change.is_repository());
    let count = inner.clone().count();
    if inner.next().is_some() {
        let paths = held.changes.iter().filter(|change| change.is_repository());
        return Err(Refusal::new(
            format!(
                "the worktree of `{name}` holds repositories of their own, which cannot be archived: {}",
                some(paths.map(|change| change.path.clone()), count)
            ),
            "move them elsewhere first",
        ));
    }
    if !force && !held.nothing() {
        return Err(held.refusal(&name));
    }
    let reference = free_reference(git, &record).await.map_err(as_refusal)?;
    let kept = archive(git, (&record, &path), reference, &held, records.0)
        .await
        .map_err(as_refusal)?;
    let aside = beside(&path);
    record.state = Stage::Removed {
        at: now,
        aside: aside.clone(),
        archive: kept,
    };
    records.save(&record).map_err(as_refusal)?;
    let place = path.to_string_lossy();
    // So that nobody tidies up behind it while it is not where git thinks.
    let args = [
        "worktree",
        "lock",
        "--reason",
        "removed by antiphon",
        &*place,
    ];
    let locked = git
        .must(&record.git_dir, &args, &[("GIT_DIR", &record.git_dir)])
        .await;
    let moved = match locked {
        Ok(_) => std::fs::rename(&path, &aside)
            .map_err(|e| Refusal::new(format!("{} cannot be moved: {e}", path.display()), "")),
        Err(failure) => Err(as_refusal(failure)),
    };
    if let Err(refusal) = moved {
        back_to_made(git, records, record).await;
        return Err(refusal);
    }
    Ok(record)
}

/// The git folder of the worktree alone.
async fn own_dir(git: &Git, record: &Record) -> Result<PathBuf, Failure> {
    let path = &record.worktree.path;
    let args = ["rev-parse", "--path-format=absolute", "--git-common-dir"];
    let common = git.must(path, &args, &[]).await?.path();
    if common != record.git_dir {
        return Err(Failure::new(
            crate::protocol::Category::Refused,
            format!(
                "{} is no worktree of {} any more",
                path.display(),
                record.git_dir.display()
            ),
            "remove the folder by hand if it is not needed",
        ));
    }
    let args = ["rev-parse", "--path-format=absolute", "--git-dir"];
    Ok(git.must(path, &args, &[]).await?.path())
}

/// Where a folder waits for its end, on the same file system.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let number = uuid::Uuid::new_v4().simple().to_string();
    path.with_file_name(format!(".{name}.removed-{}", &number[..8]))
}

/// It is where it was: the record says so again, and the archive is not needed.
pub async fn back_to_made(git: &Git, records: &Records<'_>, mut record: Record) -> Record {
    let dir = record.git_dir.clone();
    let env: &[(&str, &Path)] = &[("GIT_DIR", &dir)];
    let place = record.worktree.path.to_string_lossy().into_owned();
    let _ = git.run(&dir, &["worktree", "unlock", &place], env).await;
    if let Stage::Removed { archive, .. } | Stage::Archived { archive } = &record.state {
        let args = ["update-ref", "-d", &archive.reference];
        let _ = git.run(&dir, &args, env).await;
    }
    record.state = Stage::Made;
    if let Err(failure) = records.save(&record) {
        tracing::warn!("{failure}");
    }
    record
}

/// The time for second thoughts is over: the folder goes, and the branch if it is archived or merged.
pub async fn finish(git: &Git, records: &Records<'_>, mut record: Record) {
    let Stage::Removed { aside, archive, .. } = record.state.clone() else {
        return;
    };
    let path = record.worktree.path.clone();
    if !aside.is_dir() && path.is_dir() {
        // The engine ended before it was moved.
        back_to_made(git, records, record).await;
        return;
    }
    let kept = match again(git, records, &record, &aside, archive).await {
        Ok(kept) => kept,
        Err(failure) => {
            tracing::warn!(
                "a removed worktree is kept at {}: {failure}",
                aside.display()
            );
            return;
        }
    };
    let dir = record.git_dir.clone();
    let env: &[(&str, &Path)] = &[("GIT_DIR", &dir)];
    let place = path.to_string_lossy().into_owned();
    let args = ["worktree", "remove", "--force", "--force", &place];
    if let Ok(ran) = git.run(&dir, &args, env).await
        && !ran.ok
    {
        tracing::warn!("git worktree remove {place}: {}", ran.why());
    }
    drop_branch(git, &record, &kept).await;
    let folder = aside.clone();
    let gone = tokio::task::spawn_blocking(move || remove_folder(&folder)).await;
    if let Ok(Err(e)) = gone {
        tracing::warn!("{} cannot be removed: {e}", aside.display());
    }
    remove_if_empty(path.parent());
    if kept.keeps {
        record.state = Stage::Archived { archive: kept };
        if let Err(failure) = records.save(&record) {
            tracing::warn!("{failure}");
        }
        return;
    }
    let _ = git
        .run(&dir, &["update-ref", "-d", &kept.reference], env)
        .await;
    records.forget(&record);
}

/// A program that was just ending may have written something since: what is there now is what is kept.
async fn again(
    git: &Git,
    records: &Records<'_>,
    record: &Record,
    aside: &Path,
    archive_before: Archive,
) -> Result<Archive, Failure> {
    if !aside.is_dir() {
        return Ok(archive_before);
    }
    let now = held(git, record, aside).await?;
    if now.nothing() && !archive_before.keeps {
        return Ok(archive_before);
    }
    let reference = archive_before.reference.clone();
    let kept = archive(git, (record, aside), reference, &now, records.0).await?;
    Ok(Archive {
        keeps: kept.keeps || archive_before.keeps,
        ..kept
    })
}

/// The branch goes with the worktree where its commits are in the branch it was made from, or in the archive. One
/// that is only on a remote stays: somebody may still look at it there.
async fn drop_branch(git: &Git, record: &Record, kept: &Archive) {
    let branch = &record.worktree.branch;
    let (Some(head), true) = (&kept.head, kept.branch.as_ref() == Some(branch)) else {
        return;
    };
    let dir = record.git_dir.as_path();
    let env: &[(&str, &Path)] = &[("GIT_DIR", dir)];
    let merged = match &record.parent_branch {
        Some(parent) => {
            let reference = format!("refs/heads/{parent}");
            let args = ["merge-base", "--is-ancestor", head, &reference];
            git.run(dir, &args, env).await.is_ok_and(|ran| ran.ok)
        }
        None => *head == record.base,
    };
    if merged || kept.keeps {
        let reference = format!("refs/heads/{branch}");
        let _ = git
            .run(dir, &["update-ref", "-d", &reference, head], env)
            .await;
    }
}
