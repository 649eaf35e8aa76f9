//! What the processes of each session use, read while somebody looks: often while they work, seldom while they are
//! quiet, never while no face is there.

use super::Mail;
use super::proc::{Total, total};
use crate::engine::effect::Input;
use crate::protocol::{ProcessTree, SessionId};
use rustix::process::Pid;
use std::collections::HashMap;
use std::future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Between two readings while a process works.
const BUSY: Duration = Duration::from_secs(2);
/// The same while all are quiet.
const QUIET: Duration = Duration::from_secs(30);
/// After a start, a face's coming or a request: the first reading only begins the measurement.
const SOON: Duration = Duration::from_millis(500);
/// Percent of a core from which a tree counts as working.
const WORKING: f32 = 1.0;

/// The newest reading of each process, and when it was made.
type Last = HashMap<(SessionId, Pid), (Total, Instant)>;

/// When the next reading is due, and what the last one saw.
#[derive(Default)]
pub struct Trees {
    due: Option<Instant>,
    last: Arc<Mutex<Last>>,
}

impl Trees {
    /// Something happens: look again soon, if anybody looks at all.
    pub fn stir(&mut self, looked_at: bool) {
        let soon = Instant::now() + SOON;
        self.due = match (looked_at, self.due) {
            (false, _) => None,
            (true, Some(due)) => Some(due.min(soon)),
            (true, None) => Some(soon),
        };
    }

    /// The reading said whether anything works.
    pub fn read(&mut self, working: bool, looked_at: bool) {
        let wait = if working { BUSY } else { QUIET };
        self.due = looked_at.then(|| Instant::now() + wait);
    }

    /// Waits until a reading is due. Safe to be dropped and called again.
    pub async fn due(&self) {
        match self.due {
            Some(due) => sleep_until(due).await,
            None => future::pending().await,
        }
    }

    /// Reads the trees of these processes on a thread of its own; [`Mail::Trees`] follows.
    pub fn look(&mut self, roots: Vec<(SessionId, Pid)>, inbox: mpsc::Sender<Mail>) {
        self.due = None;
        let last = self.last.clone();
        tokio::task::spawn_blocking(move || {
            let trees = readings(
                &roots,
                &mut last.lock().unwrap_or_else(PoisonError::into_inner),
            );
            let working = trees
                .iter()
                .any(|(_, tree)| tree.cpu_percent.is_none_or(|cpu| cpu >= WORKING));
            let input = Input::Trees { trees };
            let _ = inbox.blocking_send(Mail::Trees { input, working });
        });
    }
}

fn readings(roots: &[(SessionId, Pid)], last: &mut Last) -> Vec<(SessionId, ProcessTree)> {
    last.retain(|known, _| roots.contains(known));
    let mut trees = Vec::with_capacity(roots.len());
    for &(session, root) in roots {
        let Some(now) = total(root) else {
            continue;
        };
        let at = Instant::now();
        let before = last.insert((session, root), (now, at));
        let cpu_percent = before.map(|(before, then)| {
            let used = now.cpu.saturating_sub(before.cpu).as_secs_f32();
            100.0 * used / at.duration_since(then).as_secs_f32().max(0.001)
        });
        let tree = ProcessTree {
            processes: now.processes,
            memory: now.memory,
            cpu_percent,
        };
        trees.push((session, tree));
    }
    trees
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_its_processes_and_what_they_use() {
        // A shell with a child that works for as long as it is let, and another that sleeps.
        let mut shell = std::process::Command::new("sh")
            .args(["-c", "while :; do :; done & sleep 60 & wait"])
            .spawn()
            .unwrap();
        let root = Pid::from_child(&shell);
        let mut last = HashMap::new();
        let roots = [(SessionId(1), root)];
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        let seen = loop {
            let tree = readings(&roots, &mut last).first().map(|(_, tree)| *tree);
            match tree {
                Some(tree) if tree.cpu_percent.is_some_and(|cpu| cpu > 5.0) => break Some(tree),
                _ if std::time::Instant::now() > deadline => break tree,
                _ => std::thread::yield_now(),
            }
        };
        let children: Vec<Pid> = super::super::proc::children(root);
        for child in children {
            let _ = rustix::process::kill_process(child, rustix::process::Signal::KILL);
        }
        let _ = shell.kill();
        let _ = shell.wait();
        let seen = seen.expect("a reading");
        assert_eq!(seen.processes, 3);
        assert!(seen.cpu_percent.is_some_and(|cpu| cpu > 5.0), "{seen:?}");
        assert!(seen.memory > 100_000, "{seen:?}");
        assert_eq!(readings(&roots, &mut last), [], "it is gone");
    }
}
