//! The section `[worktrees]`.

use std::path::PathBuf;

/// Where the git worktrees of sessions are made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worktrees {
    /// They are made at `folder/REPOSITORY/NAME`; `None`: at `REPOSITORY-worktrees/NAME` beside the repository.
    pub folder: Option<PathBuf>,
}
