//! What is kept of each worktree: a small file beside the store, written before git is asked for anything, so that
//! nothing is forgotten when the engine dies, and nothing when the session is killed.

use super::Made;
use crate::protocol::{Millis, SessionId, Worktree};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One worktree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub session: SessionId,
    /// When the session was made.
    pub created_at: Millis,
    /// What the session was called when the worktree was made.
    pub name: String,
    pub worktree: Worktree,
    /// The git folder that all working trees of the repository share.
    pub git_dir: PathBuf,
    /// The commit it began at.
    pub base: String,
    /// The branch that was checked out where it was made from.
    pub parent_branch: Option<String>,
    pub cwd: PathBuf,
    #[serde(default)]
    pub left_behind: Vec<String>,
    pub state: Stage,
}

/// How far a worktree has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Stage {
    Making,
    Made,
    /// Its folder was set aside, as it was.
    Removed {
        at: Millis,
        /// Where its folder is.
        aside: PathBuf,
        archive: Archive,
    },
    Archived {
        archive: Archive,
    },
}

/// What a worktree held, under a ref of its repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    pub reference: String,
    /// The commit that was checked out; `None`: there was none yet.
    pub head: Option<String>,
    /// The branch that was checked out.
    pub branch: Option<String>,
    /// The tree of the index, where it could be written.
    pub index: Option<String>,
    /// The tree of all files, where any was uncommitted.
    pub files: Option<String>,
    /// Whether the ref holds what is nowhere else; if not it goes with the worktree.
    pub keeps: bool,
}

impl Record {
    /// The name of its file.
    pub fn file_name(&self) -> String {
        file_name(self.session, self.created_at)
    }

    pub fn made(&self) -> Made {
        Made {
            worktree: self.worktree.clone(),
            cwd: self.cwd.clone(),
            left_behind: self.left_behind.clone(),
        }
    }
}

/// The name of the file of a session's worktree.
pub fn file_name(session: SessionId, created_at: Millis) -> String {
    format!("{created_at}-{}.json", session.0)
}
