//! What programs leave behind in process groups of their own when they end, such as daemons that go on with their
//! work: found by the command line among the user's processes, and only where they were started from a session of
//! ours. From Linux's `/proc`; elsewhere nothing is found.

use crate::config::agents::Pattern;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant};

/// How long they have between the request to end and the end.
const GRACE: Duration = Duration::from_secs(2);
/// Between two looks at whether they have ended.
const LOOK: Duration = Duration::from_millis(20);

/// Which sessions of each agent were started, by the tickets in their environment.
#[derive(Default)]
pub struct Tickets(HashMap<String, Vec<String>>);

impl Tickets {
    /// A session of the agent has begun.
    pub fn add(&mut self, agent: &str, ticket: String) {
        self.0.entry(agent.to_owned()).or_default().push(ticket);
    }

    /// All of the agent's so far, which are then forgotten.
    pub fn take(&mut self, agent: &str) -> Option<Vec<String>> {
        self.0.remove(agent)
    }
}

/// Ends (SIGTERM, then SIGKILL) the processes whose command line one of the patterns fits and whose environment holds
/// one of the tickets. Takes up to two seconds.
pub fn end(patterns: &[Pattern], tickets: &[String]) {
    let left = find(patterns, tickets);
    for &pid in &left {
        let _ = kill_process(pid, Signal::TERM);
    }
    let deadline = Instant::now() + GRACE;
    while !left.is_empty() && Instant::now() < deadline {
        if find(patterns, tickets).is_empty() {
            return;
        }
        std::thread::sleep(LOOK);
    }
    for pid in find(patterns, tickets) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

fn find(patterns: &[Pattern], tickets: &[String]) -> Vec<Pid> {
    if patterns.is_empty() || tickets.is_empty() {
        return Vec::new();
    }
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbered = processes.filter_map(|entry| {
        let number = entry.file_name().to_str()?.parse::<i32>().ok()?;
        Some((Pid::from_raw(number)?, entry.path()))
    });
    let fits = |folder: &std::path::Path| {
        let line = fs::read(folder.join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let called = patterns.iter().any(|pattern| pattern.find(&line).is_some());
        // Readable only where the process is the user's.
        called && {
            let environment = fs::read(folder.join("environ")).unwrap_or_default();
            let mut variables = environment.split(|&byte| byte == 0);
            variables.any(|variable| {
                let ticket = variable.strip_prefix(b"ANTIPHON_TICKET=");
                ticket.is_some_and(|found| tickets.iter().any(|known| known.as_bytes() == found))
            })
        }
    };
    numbered
        .filter(|(_, folder)| fits(folder))
        .map(|(pid, _)| pid)
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    #[test]
    fn only_what_a_session_of_ours_has_left_is_ended() {
        let sleep = |ticket: &str| {
            let mut command = Command::new("sleep");
            command
                .arg("987")
                .env("ANTIPHON_TICKET", ticket)
                .process_group(0);
            command.spawn().unwrap()
        };
        let (mut ours, mut other) = (sleep("ticket-of-ours"), sleep("another"));
        let pattern = Pattern::try_from("^sleep 98[67] ".to_owned()).unwrap();
        // The child is there only once it has become the program.
        let deadline = Instant::now() + Duration::from_secs(10);
        let known = ["ticket-of-ours".to_owned()];
        while find(std::slice::from_ref(&pattern), &known).is_empty() {
            assert!(Instant::now() < deadline, "it does not begin");
            std::thread::yield_now();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| end(&[pattern], &known));
            assert!(!ours.wait().unwrap().success(), "ended by a signal");
        });
        assert!(other.try_wait().unwrap().is_none(), "not ours: it lives");
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
