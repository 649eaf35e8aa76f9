//! What programs leave behind in process groups of their own when they end, such as daemons that go on with their
//! work: found by the command line among the user's processes, and only where they were started from a session of
//! ours. From Linux's `/proc`; elsewhere nothing is found.

use crate::config::agents::{Agent, Pattern};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long they have between the request to end and the end.
const GRACE: Duration = Duration::from_secs(2);
/// Between two looks at whether they have ended.
const LOOK: Duration = Duration::from_millis(20);

/// Which sessions of each agent were started, by the tickets in their environment. All of them stand in a file as well,
/// a line `AGENT TICKET` for each, for an engine that comes after one that was killed.
pub struct Tickets {
    of: HashMap<String, Vec<String>>,
    file: PathBuf,
}

impl Tickets {
    pub fn new(file: PathBuf) -> Tickets {
        Tickets {
            of: HashMap::new(),
            file,
        }
    }

    /// A session of the agent is about to begin.
    pub fn add(&mut self, agent: &str, ticket: String) {
        let file = fs::File::options()
            .create(true)
            .append(true)
            .open(&self.file);
        if let Err(error) = file.and_then(|mut file| writeln!(file, "{agent} {ticket}")) {
            let file = self.file.display();
            tracing::warn!("{file}: {error}; after a crash, daemons of {agent} may be left");
        }
        self.of.entry(agent.to_owned()).or_default().push(ticket);
    }

    /// All of the agent's so far, which are then forgotten. In the file they stay, until what they have left is ended.
    pub fn take(&mut self, agent: &str) -> Option<Vec<String>> {
        self.of.remove(agent)
    }

    /// Nothing is left of any session.
    pub fn forget(&mut self) {
        self.of.clear();
        let _ = fs::remove_file(&self.file);
    }
}

/// Ends what sessions of an engine that was killed have left behind, as its file of tickets and the agents'
/// descriptions tell. Takes up to two seconds for each agent that has left something.
pub fn end_those_of_the_last(file: &Path, agents: &BTreeMap<String, Agent>) {
    let Ok(text) = fs::read_to_string(file) else {
        return;
    };
    let mut tickets: HashMap<&str, Vec<String>> = HashMap::new();
    // A line that was cut off is no ticket, and finds nothing.
    for (agent, ticket) in text.lines().filter_map(|line| line.rsplit_once(' ')) {
        tickets.entry(agent).or_default().push(ticket.to_owned());
    }
    for (agent, tickets) in tickets {
        if let Some(agent) = agents.get(agent) {
            end(&agent.stop.leaves, &tickets);
        }
    }
    let _ = fs::remove_file(file);
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
    let fits = |folder: &Path| {
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

    #[test]
    fn what_is_left_of_a_killed_engine_is_known_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tickets");
        let mut tickets = Tickets::new(file.clone());
        tickets.add("codex", "one".into());
        tickets.add("my agent", "two".into());
        assert_eq!(tickets.take("codex"), Some(vec!["one".to_owned()]));
        // Forgotten, but perhaps not ended yet when the engine is killed.
        let kept = fs::read_to_string(&file).unwrap();
        assert_eq!(kept, "codex one\nmy agent two\n");
        end_those_of_the_last(&file, &BTreeMap::new());
        assert!(!file.exists());
        tickets.add("codex", "three".into());
        tickets.forget();
        assert!(!file.exists());
    }
}
