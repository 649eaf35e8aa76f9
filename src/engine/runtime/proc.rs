//! What the system tells of processes, from Linux's `/proc` (proc_pid_stat(5), proc_pid_statm(5)). Elsewhere nothing
//! is told, and nothing is shown.

use rustix::process::Pid;
use std::collections::HashSet;
use std::fs;
use std::time::Duration;

/// What a process and all its descendants use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub processes: u32,
    /// Bytes, resident.
    pub memory: u64,
    /// Time on a core since each began, that of children which have ended included.
    pub cpu: Duration,
}

/// Sums up the tree below `root`. `None`: it is gone, or the system does not tell.
pub fn total(root: Pid) -> Option<Total> {
    let mut total = Total::default();
    let mut seen = HashSet::new();
    let mut next = vec![root];
    while let Some(pid) = next.pop() {
        if !seen.insert(pid) {
            continue;
        }
        let Some((memory, cpu)) = one(pid) else {
            continue;
        };
        total.processes += 1;
        total.memory += memory;
        total.cpu += cpu;
        next.extend(children(pid));
    }
    (total.processes > 0).then_some(total)
}

/// Resident bytes and time on a core; `None` for one that is gone or only waits to be reaped.
fn one(pid: Pid) -> Option<(u64, Duration)> {
    let folder = format!("/proc/{}", pid.as_raw_nonzero());
    let stat = fs::read_to_string(format!("{folder}/stat")).ok()?;
    // The name stands in brackets and may hold anything, brackets too.
    let fields: Vec<&str> = stat[stat.rfind(')')? + 1..].split_whitespace().collect();
    if *fields.first()? == "Z" {
        return None;
    }
    let ticks: u64 = fields
        .get(11..15)?
        .iter()
        .filter_map(|f| f.parse::<u64>().ok())
        .sum();
    let a_second = rustix::param::clock_ticks_per_second().max(1);
    let statm = fs::read_to_string(format!("{folder}/statm")).ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    let memory = pages * rustix::param::page_size() as u64;
    Some((memory, Duration::from_millis(ticks * 1000 / a_second)))
}

/// The processes that it started and that are still its own; each of its threads may have some.
pub fn children(pid: Pid) -> Vec<Pid> {
    let tasks = format!("/proc/{}/task", pid.as_raw_nonzero());
    let Ok(threads) = fs::read_dir(tasks) else {
        return Vec::new();
    };
    let lists = threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            let pids = list
                .split_whitespace()
                .filter_map(|pid| Pid::from_raw(pid.parse().ok()?));
            pids.collect::<Vec<_>>()
        })
        .collect()
}
