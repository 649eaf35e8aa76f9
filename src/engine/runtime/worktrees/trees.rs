//! What a working tree holds beyond its last commit, as trees in the repository: made with a copy of the index, so
//! that neither the index nor a file of the working tree is touched.

use super::git::Git;
use crate::protocol::{Category, Failure};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Two trees.
pub struct Trees {
    /// What is staged; `None` while there are conflicts in it.
    pub index: Option<String>,
    /// The files as they are.
    pub files: String,
}

/// Which files belong to the tree of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// Those that git knows.
    Known,
    /// New ones that are not ignored, too.
    All,
}

/// A copy of an index, gone with this.
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
        let _ = fs::remove_file(self.0.with_extension("lock"));
    }
}

/// Copies an index with its time: git holds a file that was changed in the same second as the index for changed until
/// it has looked, and would not look if the index seemed newer.
fn copy_index(from: &Path, to: &Path) -> io::Result<()> {
    let mut from = File::open(from)?;
    let mut to = File::create_new(to)?;
    io::copy(&mut from, &mut to)?;
    to.set_modified(from.metadata()?.modified()?)
}

/// Writes the trees of the working tree at `top`. `scratch` is a folder for the copy of its `index`.
///
/// # Errors
/// A file cannot be read, or the disk is full.
pub async fn trees(
    git: &Git,
    (top, index): (&Path, &Path),
    files: Files,
    scratch: &Path,
) -> Result<Trees, Failure> {
    let copy = Copy(scratch.join(format!("{}.index", uuid::Uuid::new_v4())));
    match copy_index(index, &copy.0) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            return Err(Failure::new(
                Category::Refused,
                format!("`{}` cannot be read: {e}", index.display()),
                "",
            ));
        }
        _ => {}
    }
    let env: &[(&str, &Path)] = &[("GIT_INDEX_FILE", &copy.0)];
    let staged = git.run(top, &["write-tree"], env).await?;
    let which = match files {
        Files::Known => "--update",
        Files::All => "--all",
    };
    git.must(top, &["add", which], env).await?;
    let files = git.must(top, &["write-tree"], env).await?;
    Ok(Trees {
        index: staged.ok.then(|| staged.text()),
        files: files.text(),
    })
}

/// Brings the working tree at `top`, which is as its last commit, to these trees: files, and what of them is staged.
///
/// # Errors
/// A file cannot be written.
pub async fn lay_out(
    git: &Git,
    top: &Path,
    index: Option<&str>,
    files: &str,
) -> Result<(), Failure> {
    let head = git
        .must(top, &["rev-parse", "HEAD^{tree}"], &[])
        .await?
        .text();
    if files != head {
        git.must(top, &["read-tree", "-m", "-u", "HEAD", files], &[])
            .await?;
    }
    let staged = index.unwrap_or(&head);
    if staged != files {
        git.must(top, &["read-tree", "-i", "-m", staged], &[])
            .await?;
        // It says by its exit code that some files differ, which is what they should do.
        git.run(top, &["update-index", "-q", "--refresh"], &[])
            .await?;
    }
    Ok(())
}
