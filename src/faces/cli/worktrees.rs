//! `worktree`: the git worktrees of sessions, listed, removed and brought back.

use crate::faces::cli::args::WorktreeCommand;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::out::{Ink, Outcome, Stop};
use crate::faces::cli::table::{Cell, Table, cell, plain};
use crate::faces::cli::words;
use crate::protocol::{Answer, Op, Query, Request, SessionView, WorktreeState, WorktreeView};
use jiff::Timestamp;

pub async fn run(desk: &mut Desk<'_>, what: WorktreeCommand) -> Outcome {
    match what {
        WorktreeCommand::List => list(desk).await,
        WorktreeCommand::Remove { name, force } => {
            let tree = ask(desk, Request::Op(Op::RemoveWorktree { name, force })).await?;
            match desk.out.json {
                true => desk.out.json(&tree),
                false => removed(desk, &tree),
            }
        }
        WorktreeCommand::Restore { name } => {
            let tree = ask(desk, Request::Op(Op::RestoreWorktree { name })).await?;
            if desk.out.json {
                return desk.out.json(&tree);
            }
            let place = words::worktree(&tree.worktree);
            desk.out
                .done(format!("the worktree of {} is back: {place}", tree.name))
        }
    }
}

/// The one worktree that an op was about.
async fn ask(desk: &mut Desk<'_>, request: Request) -> Result<WorktreeView, Stop> {
    let mut engine = desk.engine(false).await?;
    match engine.0.ask(request).await? {
        Answer::Worktrees(mut trees) => trees.pop().ok_or_else(|| odd_answer().into()),
        _ => Err(odd_answer().into()),
    }
}

fn removed(desk: &mut Desk<'_>, tree: &WorktreeView) -> Outcome {
    let (name, branch) = (&tree.name, &tree.worktree.branch);
    let WorktreeState::Removed { archive, .. } = &tree.state else {
        let text = format!("the worktree of {name} was gone already; it is forgotten");
        return desk.out.done(text);
    };
    desk.out.done(format!(
        "the worktree of {name} is removed; for 30 s antiphon worktree restore {branch} brings it back as it was"
    ))?;
    match archive {
        Some(archive) => desk.out.done(format!(
            "later it brings back what is archived, all but ignored files: {archive} of {}",
            tree.worktree.repository.display()
        )),
        None => Ok(()),
    }
}

async fn list(desk: &mut Desk<'_>) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let Answer::Worktrees(trees) = engine.query(Query::Worktrees).await? else {
        return Err(odd_answer().into());
    };
    if desk.out.json {
        return desk.out.json(&trees);
    }
    if trees.is_empty() {
        return desk
            .out
            .line("no worktrees; antiphon fork SRC NEW --worktree makes one");
    }
    let sessions = engine.snapshot().await?.sessions;
    let mut table = Table::new(&["branch", "session", "state", "path"]);
    for tree in &trees {
        let (ink, state) = state(&tree.state);
        table.row(vec![
            cell(Ink::Bold, &tree.worktree.branch),
            session(tree, &sessions),
            cell(ink, state),
            plain(tree.worktree.path.display().to_string()),
        ]);
    }
    table.write(&mut desk.out)
}

/// The living session, or the name of the one that was.
fn session(tree: &WorktreeView, sessions: &[SessionView]) -> Cell {
    let living = sessions.iter().find(|s| Some(s.id) == tree.session);
    match living {
        Some(session) => plain(&session.name),
        None => cell(Ink::Dim, format!("{} (killed)", tree.name)),
    }
}

fn state(state: &WorktreeState) -> (Ink, String) {
    match state {
        WorktreeState::Making => (Ink::Dim, "being made".to_owned()),
        WorktreeState::Present {
            uncommitted: 0,
            unpushed: 0,
        } => (Ink::Good, "clean".to_owned()),
        WorktreeState::Present {
            uncommitted,
            unpushed,
        } => {
            let part = |count: u32, word: &str| (count > 0).then(|| format!("{count} {word}"));
            let parts = [
                part(*uncommitted, "uncommitted"),
                part(*unpushed, "unpushed"),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            (Ink::Warning, parts.join(", "))
        }
        WorktreeState::Gone => (Ink::Bad, "gone".to_owned()),
        WorktreeState::Removed { until, .. } => {
            let left = (until - Timestamp::now().as_millisecond()).max(0) / 1000;
            (Ink::Dim, format!("removed; as it was for {left} s more"))
        }
        WorktreeState::Archived { archive } => (Ink::Dim, format!("archived: {archive}")),
        WorktreeState::Unknown { why } => (Ink::Bad, format!("unknown: {why}")),
    }
}
