//! Keeping what a worktree holds under a ref of its repository.

use super::git::Git;
use super::trees::{Files, trees};
use crate::engine::worktree::judge::{Held, changes};
use crate::engine::worktree::record::{Archive, Record};
use crate::protocol::Failure;
use jiff::Zoned;
use std::path::Path;

/// Who makes the commits of an archive.
const NOBODY: &[(&str, &str)] = &[
    ("GIT_AUTHOR_NAME", "Antiphon"),
    ("GIT_AUTHOR_EMAIL", "antiphon@localhost"),
    ("GIT_COMMITTER_NAME", "Antiphon"),
    ("GIT_COMMITTER_EMAIL", "antiphon@localhost"),
];

/// Looks for what would be lost with the worktree, whose folder is at `path`.
///
/// # Errors
/// Git does not tell.
pub async fn held(git: &Git, record: &Record, path: &Path) -> Result<Held, Failure> {
    let args = [
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--untracked-files=all",
        "--ignore-submodules=none",
    ];
    let changes = changes(&git.must(path, &args, &[]).await?.stdout);
    let mut held = Held {
        changes,
        ..Held::default()
    };
    let head = git
        .run(path, &["rev-parse", "-q", "--verify", "HEAD"], &[])
        .await?;
    if !head.ok {
        return Ok(held);
    }
    // Without a branch to be in, what it began with is not its own.
    let mut known = record.base.clone();
    if let Some(parent) = &record.parent_branch {
        let reference = format!("refs/heads/{parent}");
        let args = ["rev-parse", "-q", "--verify", &reference];
        let there = git.run(path, &args, &[]).await?;
        known = match there.ok {
            true => reference,
            false => String::new(),
        };
        held.parent_branch = there.ok.then(|| parent.clone());
    }
    let mut which = vec!["HEAD", "--not", "--remotes"];
    which.extend(Some(known.as_str()).filter(|known| !known.is_empty()));
    let count = [&["rev-list", "--count"][..], &which].concat();
    held.unpushed = git
        .must(path, &count, &[])
        .await?
        .text()
        .parse()
        .unwrap_or(0);
    if held.unpushed > 0 {
        let newest = [&["log", "-3", "--format=%h %s"][..], &which].concat();
        let newest = git.must(path, &newest, &[]).await?.text();
        held.newest = newest.lines().map(str::to_owned).collect();
    }
    Ok(held)
}

/// Puts the last commit of the worktree at `path`, and what is uncommitted as a commit on it, under `reference`.
///
/// # Errors
/// Something cannot be read, or the disk is full: then nothing was changed.
pub async fn archive(
    git: &Git,
    (record, path): (&Record, &Path),
    reference: String,
    held: &Held,
    scratch: &Path,
) -> Result<Archive, Failure> {
    let head = git
        .run(path, &["rev-parse", "-q", "--verify", "HEAD"], &[])
        .await?;
    let branch = git
        .run(path, &["symbolic-ref", "-q", "--short", "HEAD"], &[])
        .await?;
    let mut kept = Archive {
        reference,
        head: head.ok.then(|| head.text()),
        branch: branch.ok.then(|| branch.text()),
        index: None,
        files: None,
        keeps: !held.nothing(),
    };
    let mut newest = kept.head.clone();
    if !held.changes.is_empty() || newest.is_none() {
        let index = git
            .must(
                path,
                &["rev-parse", "--path-format=absolute", "--git-path", "index"],
                &[],
            )
            .await?
            .path();
        let now = trees(git, (path, &index), Files::All, scratch).await?;
        let mut parents: Vec<String> = kept.head.iter().cloned().collect();
        if let Some(tree) = &now.index {
            let words = format!("What was staged in the worktree of {}", record.name);
            let staged = commit(git, path, tree, &parents, &words).await?;
            parents.push(staged);
        }
        let words = format!("What was uncommitted in the worktree of {}", record.name);
        newest = Some(commit(git, path, &now.files, &parents, &words).await?);
        (kept.index, kept.files) = (now.index, Some(now.files));
    }
    if let Some(newest) = newest {
        git.must(path, &["update-ref", &kept.reference, &newest], &[])
            .await?;
    }
    Ok(kept)
}

async fn commit(
    git: &Git,
    path: &Path,
    tree: &str,
    parents: &[String],
    words: &str,
) -> Result<String, Failure> {
    let mut args = vec!["commit-tree", tree, "-m", words];
    for parent in parents {
        args.extend(["-p", parent]);
    }
    let env: Vec<(&str, &Path)> = NOBODY
        .iter()
        .map(|(name, value)| (*name, Path::new(*value)))
        .collect();
    Ok(git.must(path, &args, &env).await?.text())
}

/// A ref for a worktree's archive that is not there yet.
///
/// # Errors
/// Git does not tell.
pub async fn free_reference(git: &Git, record: &Record) -> Result<String, Failure> {
    let day = Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    let stem = format!("refs/antiphon/archive/{}-{day}", record.worktree.branch);
    let mut reference = stem.clone();
    let mut number = 1;
    let env: &[(&str, &Path)] = &[("GIT_DIR", &record.git_dir)];
    while git
        .run(
            &record.git_dir,
            &["rev-parse", "-q", "--verify", &reference],
            env,
        )
        .await?
        .ok
    {
        number += 1;
        reference = format!("{stem}-{number}");
    }
    Ok(reference)
}
