//! The working tree that a worktree is made from: what git says of it, and when none can be made.

use super::git::{Git, Ran};
use crate::protocol::{Category, Failure};
use std::path::{Path, PathBuf};

/// A working tree with a commit, and nothing half done in it.
pub struct Source {
    /// Its uppermost folder.
    pub top: PathBuf,
    /// From there to the folder that was named.
    pub inner: PathBuf,
    /// The git folder that all working trees of the repository share.
    pub git_dir: PathBuf,
    pub index: PathBuf,
    pub head: String,
    /// `None`: a commit is checked out, no branch.
    pub branch: Option<String>,
}

/// What stands in the git folder while something is half done: the file, what it is, how it ends.
const HALF_DONE: &[(&str, &str, &str)] = &[
    ("MERGE_HEAD", "a merge", "git merge --continue, or --abort"),
    (
        "rebase-merge",
        "a rebase",
        "git rebase --continue, or --abort",
    ),
    (
        "rebase-apply",
        "a rebase",
        "git rebase --continue, or --abort",
    ),
    (
        "CHERRY_PICK_HEAD",
        "a cherry-pick",
        "git cherry-pick --continue, or --abort",
    ),
    (
        "REVERT_HEAD",
        "a revert",
        "git revert --continue, or --abort",
    ),
];

/// Looks at the repository of a folder.
///
/// # Errors
/// There is none, it has no working tree or no commit, or something is half done in it.
pub async fn look(git: &Git, from: &Path) -> Result<Source, Failure> {
    let place = from.display();
    if !from.is_dir() {
        return Err(Failure::new(
            Category::Missing,
            format!("`{place}` is not a folder"),
            "choose a folder that exists",
        ));
    }
    let ask = async |args: &[&str]| git.run(from, args, &[]).await;
    let inside = ask(&["rev-parse", "--is-inside-work-tree"]).await?;
    if !inside.ok {
        return Err(no_repository(from, &inside));
    }
    if inside.text() != "true" {
        return Err(Failure::new(
            Category::Refused,
            format!("`{place}` is in a bare repository or a git folder: it has no working tree"),
            "name a working tree of it, or leave the worktree out",
        ));
    }
    let must = async |args: &[&str]| git.must(from, args, &[]).await;
    let absolute = async |what: &str| -> Result<PathBuf, Failure> {
        let said = must(&["rev-parse", "--path-format=absolute", what]).await?;
        Ok(said.path())
    };
    let top = absolute("--show-toplevel").await?;
    let own_dir = absolute("--git-dir").await?;
    let git_dir = absolute("--git-common-dir").await?;
    let index = must(&["rev-parse", "--path-format=absolute", "--git-path", "index"])
        .await?
        .path();
    let inner = must(&["rev-parse", "--show-prefix"]).await?.path();
    for (file, what, how) in HALF_DONE {
        if own_dir.join(file).exists() {
            return Err(Failure::new(
                Category::Refused,
                format!("{what} is in progress in {}", top.display()),
                format!("finish it first: {how}"),
            ));
        }
    }
    let head = ask(&["rev-parse", "-q", "--verify", "HEAD^{commit}"]).await?;
    if !head.ok {
        return Err(Failure::new(
            Category::Refused,
            format!(
                "{} has no commit yet that a worktree could begin at",
                top.display()
            ),
            "make one: git commit --allow-empty -m begin",
        ));
    }
    let unmerged = git
        .must(&top, &["ls-files", "--unmerged", "-z"], &[])
        .await?;
    if !unmerged.stdout.is_empty() {
        return Err(Failure::new(
            Category::Refused,
            format!(
                "there are conflicts in {} that are not resolved",
                top.display()
            ),
            "resolve them, and git add what is resolved",
        ));
    }
    let branch = ask(&["symbolic-ref", "-q", "--short", "HEAD"]).await?;
    Ok(Source {
        top,
        inner,
        git_dir,
        index,
        head: head.text(),
        branch: branch.ok.then(|| branch.text()),
    })
}

fn no_repository(from: &Path, said: &Ran) -> Failure {
    if said.stderr.contains("not a git repository") {
        return Failure::new(
            Category::Missing,
            format!("`{}` is not in a git repository", from.display()),
            "git init makes one; or leave the worktree out",
        );
    }
    Failure::new(
        Category::Refused,
        format!("git cannot use `{}`: {}", from.display(), said.why()),
        "",
    )
}

/// The folder in which a repository's worktrees are made.
pub fn home(source: &Source, folder: Option<&Path>) -> PathBuf {
    // A linked worktree's siblings are where its repository's are. A submodule's git folder is elsewhere.
    let main = match source.git_dir.file_name() {
        Some(name) if name == ".git" => source.git_dir.parent().unwrap_or(&source.top),
        _ => source.top.as_path(),
    };
    let name = main.file_name().map_or_else(
        || "root".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    match (folder, main.parent()) {
        (Some(folder), _) => folder.join(name),
        (None, Some(parent)) => parent.join(format!("{name}-worktrees")),
        (None, None) => main.join(format!("{name}-worktrees")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worktree_has_a_predictable_place() {
        let source = |top: &str, git_dir: &str| Source {
            top: top.into(),
            inner: PathBuf::new(),
            git_dir: git_dir.into(),
            index: PathBuf::new(),
            head: String::new(),
            branch: None,
        };
        for (top, git_dir, folder, place) in [
            ("/s/app", "/s/app/.git", None, "/s/app-worktrees"),
            (
                "/s/app-worktrees/w",
                "/s/app/.git",
                None,
                "/s/app-worktrees",
            ),
            ("/s/app", "/s/app/.git", Some("/wt"), "/wt/app"),
            (
                "/s/app/sub",
                "/s/app/.git/modules/sub",
                None,
                "/s/app/sub-worktrees",
            ),
            ("/s/main", "/s/app.git", None, "/s/main-worktrees"),
            ("/", "/.git", None, "/root-worktrees"),
        ] {
            let home = home(&source(top, git_dir), folder.map(Path::new));
            assert_eq!(home, Path::new(place), "{top}");
        }
    }
}
