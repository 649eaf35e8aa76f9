//! Git worktrees of sessions: what is wanted, and what is known of each. Pure; `runtime/worktrees` speaks to git.
//!
//! | file | is |
//! |---|---|
//! | `life` | a session before and after its worktree is there |
//! | `names` | branches and folders |
//! | `record` | what is kept of each worktree, beside the store |
//! | `judge` | whether one may be removed, and why not |

pub mod judge;
pub mod life;
pub mod names;
pub mod record;

use crate::protocol::{Millis, SessionId, Worktree};
use std::path::PathBuf;

/// A worktree that a session waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub session: SessionId,
    /// When the session was made; with its id it names the worktree's record, whatever store the id is of.
    pub created_at: Millis,
    pub name: String,
    /// The folder whose repository is meant, and whose uncommitted changes go along.
    pub from: PathBuf,
    /// See [`crate::config::Worktrees`].
    pub folder: Option<PathBuf>,
}

/// A worktree that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub worktree: Worktree,
    /// The place in it that answers to [`Wanted::from`].
    pub cwd: PathBuf,
    /// What was not carried over, one line each.
    pub left_behind: Vec<String>,
}

/// What is asked about the worktrees that were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    List,
    /// As [`crate::protocol::Op::RemoveWorktree`].
    Remove {
        name: String,
        force: bool,
    },
    Restore {
        name: String,
    },
}

/// A living session, as far as worktrees are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Living {
    pub session: SessionId,
    pub created_at: Millis,
    pub name: String,
    pub cwd: PathBuf,
}
