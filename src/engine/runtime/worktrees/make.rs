//! Making a worktree: the place, the branch, and what was not committed where it is made from.

use super::copy::{copy_all, is_repository, paths, remove_folder};
use super::git::{Git, refused};
use super::records::Records;
use super::source::{Source, home, look};
use super::trees::{Files, lay_out, trees};
use crate::engine::worktree::names::{collides, free, plain};
use crate::engine::worktree::record::{Record, Stage};
use crate::engine::worktree::{Made, Wanted};
use crate::protocol::{Category, Failure, Worktree};
use std::fs;
use std::path::{Path, PathBuf};

/// Patterns of ignored files that go along all the same, in the form of a .gitignore.
const INCLUDE: &str = ".worktreeinclude";
/// How often another name is tried when somebody else takes the chosen one meanwhile.
const TRIES: usize = 5;

/// Makes what is wanted, or finds it made. Nothing half made is left.
///
/// # Errors
/// Why not, and what could be done.
pub async fn make(git: &Git, records: &Records<'_>, wanted: &Wanted) -> Result<Made, Failure> {
    if let Some(before) = records.of(wanted.session, wanted.created_at) {
        match before.state {
            // The engine ended before the session was told.
            Stage::Made if before.worktree.path.is_dir() => return Ok(before.made()),
            Stage::Making => undo(&git.to_the_end(), records, &before).await,
            _ => {}
        }
    }
    let source = look(git, &wanted.from).await?;
    let record = add(git, records, &source, wanted).await?;
    let filled = fill(git, records, &source, record.clone()).await;
    if filled.is_err() {
        undo(&git.to_the_end(), records, &record).await;
    }
    filled.map(|record| record.made())
}

/// A worktree of the last commit alone, on a branch of its own.
async fn add(
    git: &Git,
    records: &Records<'_>,
    source: &Source,
    wanted: &Wanted,
) -> Result<Record, Failure> {
    let home = home(source, wanted.folder.as_deref());
    if home.to_str().is_none() || source.top.to_str().is_none() {
        return Err(Failure::new(
            Category::Refused,
            format!("`{}` is no UTF-8 text", home.display()),
            "set `folder` under [worktrees] in config.toml",
        ));
    }
    let mut tries = 0;
    loop {
        let (branch, path) = free_names(git, source, &wanted.name, &home).await?;
        let record = Record {
            session: wanted.session,
            created_at: wanted.created_at,
            name: wanted.name.clone(),
            worktree: Worktree {
                path: path.clone(),
                branch: branch.clone(),
                repository: source.top.clone(),
            },
            git_dir: source.git_dir.clone(),
            base: source.head.clone(),
            parent_branch: source.branch.clone(),
            cwd: path.clone(),
            left_behind: Vec::new(),
            state: Stage::Making,
        };
        records.save(&record)?;
        let place = path.to_string_lossy();
        let args = ["worktree", "add", "-b", &branch, &*place, &source.head];
        let ran = git.run(&source.top, &args, &[]).await;
        let failure = match ran {
            Ok(ran) if ran.ok => return Ok(record),
            // Somebody was faster; what is there is theirs.
            Ok(ran) if ran.stderr.contains("already exists") => {
                records.forget(&record);
                tries += 1;
                if tries < TRIES {
                    continue;
                }
                return Err(refused(&args, &ran));
            }
            Ok(ran) => Failure {
                next: mend(&ran.stderr).to_owned(),
                ..refused(&args, &ran)
            },
            Err(failure) => failure,
        };
        undo(&git.to_the_end(), records, &record).await;
        return Err(failure);
    }
}

/// What can be done about a refusal of `git worktree add`.
fn mend(stderr: &str) -> &'static str {
    if stderr.contains("Permission denied") || stderr.contains("Read-only file system") {
        "set `folder` under [worktrees] in config.toml to a folder you can write to"
    } else if stderr.contains(".lock") {
        "see whether another git runs there, then try again"
    } else {
        ""
    }
}

/// A branch and a folder of one name that nobody has.
async fn free_names(
    git: &Git,
    source: &Source,
    name: &str,
    home: &Path,
) -> Result<(String, PathBuf), Failure> {
    let args = ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"];
    let known = git.must(&source.top, &args, &[]).await?.text();
    let taken =
        |name: &str| collides(name, known.lines()) || home.join(name).symlink_metadata().is_ok();
    let branch = free(&plain(name), taken);
    let path = home.join(&branch);
    Ok((branch, path))
}

/// Carries over what is not committed, and notes the worktree as made.
async fn fill(
    git: &Git,
    records: &Records<'_>,
    source: &Source,
    mut record: Record,
) -> Result<Record, Failure> {
    let path = record.worktree.path.clone();
    let tree = (source.top.as_path(), source.index.as_path());
    let now = trees(git, tree, Files::Known, records.0).await?;
    lay_out(git, &path, now.index.as_deref(), &now.files).await?;
    let list = ["ls-files", "--others", "--exclude-standard", "-z"];
    let new = git.must(&source.top, &list, &[]).await?.stdout;
    let (repositories, new): (Vec<_>, Vec<_>) = paths(&new)
        .into_iter()
        .partition(|path| is_repository(path));
    copy_all(git, &source.top, &path, new).await?;
    copy_included(git, &source.top, &path).await?;
    let home = path.parent().unwrap_or(&path);
    for inner in repositories {
        // Worktrees that are kept inside the repository are no part of it.
        if !source.top.join(&inner).starts_with(home) {
            let text = format!("{} (a repository of its own)", inner.display());
            record.left_behind.push(text.replace(char::is_control, "?"));
        }
    }
    if path.join(".gitmodules").is_file() {
        let text = "submodules (git submodule update --init fetches them)";
        record.left_behind.push(text.to_owned());
    }
    let inner = path.join(&source.inner);
    if inner.is_dir() {
        // Without the slash at its end.
        record.cwd = inner.components().collect();
    }
    record.state = Stage::Made;
    records.save(&record)?;
    Ok(record)
}

/// Copies the files that git ignores and [`INCLUDE`] names.
async fn copy_included(git: &Git, from: &Path, to: &Path) -> Result<(), Failure> {
    let file = from.join(INCLUDE);
    if !file.is_file() {
        return Ok(());
    }
    let patterns = format!("--exclude-from={}", file.display());
    let args = ["ls-files", "--others", "--ignored", &patterns, "-z"];
    let named = git.must(from, &args, &[]).await?.stdout;
    let files = paths(&named)
        .into_iter()
        .filter(|path| !is_repository(path));
    copy_all(git, from, to, files.collect()).await
}

/// Takes away what there is of a worktree that did not come about. What cannot be taken away is logged.
pub async fn undo(git: &Git, records: &Records<'_>, record: &Record) {
    let Worktree { path, branch, .. } = &record.worktree;
    let dir = record.git_dir.as_path();
    let place = path.to_string_lossy();
    let git_dir: &[(&str, &Path)] = &[("GIT_DIR", dir)];
    let args = ["worktree", "remove", "--force", "--force", &*place];
    let removed = git.run(dir, &args, git_dir).await;
    if !removed.is_ok_and(|ran| ran.ok) {
        take_apart(dir, path);
    }
    let reference = format!("refs/heads/{branch}");
    // Only where nothing was committed on it.
    let args = ["update-ref", "-d", &reference, &record.base];
    let _ = git.run(dir, &args, git_dir).await;
    if path.symlink_metadata().is_ok() {
        tracing::warn!(
            "a worktree that was not finished is left: {}",
            path.display()
        );
    }
    remove_if_empty(path.parent());
    records.forget(record);
}

/// Removes a worktree that git itself does not know as one yet. Its folder only where it is ours: empty, or with a
/// `.git` that leads into the repository.
fn take_apart(git_dir: &Path, path: &Path) {
    let admin = git_dir.join("worktrees");
    let leads_to = fs::read_to_string(path.join(".git")).ok();
    let own = leads_to
        .as_deref()
        .and_then(|text| text.trim().strip_prefix("gitdir: "))
        .map(PathBuf::from)
        .filter(|own| own.parent() == Some(&admin));
    if let Some(own) = own {
        let _ = remove_folder(path);
        let _ = fs::remove_dir_all(own);
    } else {
        remove_if_empty(Some(path));
    }
    // Made first, and of no use without the file that says where the worktree is.
    if let Some(name) = path.file_name() {
        let begun = admin.join(name);
        if begun.is_dir() && !begun.join("gitdir").exists() {
            let _ = fs::remove_dir_all(begun);
        }
    }
}

/// Removes a folder in which nothing is left.
pub fn remove_if_empty(folder: Option<&Path>) {
    if let Some(folder) = folder {
        // It refuses where something is left.
        let _ = fs::remove_dir(folder);
    }
}
