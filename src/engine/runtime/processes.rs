//! Terminals and agents: handles to what runs.

use super::super::agent::hooks::Give;
use super::super::agent::{self, AgentCommand};
use super::super::effect::{FaceId, Input, Process};
use super::super::pty::{self, Lines, Pty, PtyStart};
use super::super::terminals::Manners;
use super::leftovers::{self, Tickets};
use super::{FaceOut, Mail, manners};
use crate::protocol::{Event, Refusal, SessionId};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc;

/// What a session's process is spoken to through.
enum Handle {
    Terminal(Pty, Manners),
    Agent(mpsc::Sender<AgentCommand>),
}

/// Events of one agent that may wait for the loop; when it is full, its output is read later.
const EVENTS: usize = 256;
/// How long processes may take to end by themselves when the engine ends, and after being told harder.
const GOODBYE: Duration = Duration::from_millis(400);
/// Between two looks at whether they have.
const LOOK: Duration = Duration::from_millis(10);

pub struct Processes {
    running: HashMap<SessionId, Handle>,
    /// The process groups of those that were started, to be ended with the engine.
    groups: HashMap<(SessionId, u64), Pid>,
    tickets: Tickets,
    folder: PathBuf,
    /// Settings that could not be written for a program that is started next.
    without: Option<(SessionId, Give)>,
    inbox: mpsc::Sender<Mail>,
}

impl Processes {
    /// `folder` is that of files that belong to what runs; `tickets`, the file of those.
    pub fn new(folder: PathBuf, tickets: PathBuf, inbox: mpsc::Sender<Mail>) -> Processes {
        Processes {
            folder,
            tickets: Tickets::new(tickets),
            running: HashMap::new(),
            groups: HashMap::new(),
            without: None,
            inbox,
        }
    }

    /// The session's program is started without these settings next.
    pub fn start_without(&mut self, session: SessionId, give: Give) {
        self.without = Some((session, give));
    }

    pub fn start(&mut self, session: SessionId, epoch: u64, process: Process) {
        let started = match process {
            Process::Terminal(start, manners) => {
                let mut start = PtyStart {
                    state: self.folder.clone(),
                    ..start
                };
                if let Some((_, give)) = self.without.take_if(|(id, _)| *id == session) {
                    give.undo(&mut start.command);
                }
                if let Some(conversation) = manners::choose(&mut start, &manners) {
                    self.tell(Input::Begun {
                        session,
                        epoch,
                        conversation,
                    });
                }
                if let (Some(agent), false) = (&manners.agent, manners.stop.leaves.is_empty())
                    && let Some((_, ticket)) =
                        start.env.iter().find(|(n, _)| n == "ANTIPHON_TICKET")
                {
                    self.tickets.add(agent, ticket.clone());
                }
                let inbox = self.inbox.clone();
                // Called from the terminal's own threads, which may wait.
                let tell = move |event| {
                    let input = Input::Pty {
                        session,
                        epoch,
                        event,
                    };
                    let _ = inbox.blocking_send(Mail::Input(input));
                };
                pty::start(start, tell).map(|pty| {
                    let pid = Some(pty.pid());
                    (Handle::Terminal(pty, manners), pid)
                })
            }
            Process::Agent(start) => {
                let (out, mut events) = mpsc::channel(EVENTS);
                let inbox = self.inbox.clone();
                tokio::spawn(async move {
                    while let Some(event) = events.recv().await {
                        let input = Input::Agent {
                            session,
                            epoch,
                            event,
                        };
                        if inbox.send(Mail::Input(input)).await.is_err() {
                            return;
                        }
                    }
                });
                agent::start(start, out).map(|commands| (Handle::Agent(commands), None))
            }
        };
        let result = match started {
            Ok((handle, pid)) => {
                // An agent tells its process itself, in `AgentEvent::Started`.
                let tells_itself = matches!(handle, Handle::Agent(_));
                if let Some(pid) = pid {
                    self.began(session, epoch, pid);
                }
                self.running.insert(session, handle);
                if tells_itself {
                    return;
                }
                Ok(pid)
            }
            Err(failure) => Err(failure),
        };
        self.tell(Input::Started {
            session,
            epoch,
            result,
        });
    }

    /// Tells the loop, from within it.
    fn tell(&self, input: Input) {
        let inbox = self.inbox.clone();
        tokio::spawn(async move { inbox.send(Mail::Input(input)).await });
    }

    pub fn end(&mut self, session: SessionId) {
        match self.running.remove(&session) {
            Some(Handle::Agent(commands)) => {
                // Dropping its commands closes its input.
                let _ = commands.try_send(AgentCommand::Stop);
            }
            Some(Handle::Terminal(pty, manners)) => {
                let leavings = self.leavings(&manners);
                manners::end(pty, manners, leavings);
            }
            None => {}
        }
    }

    /// The tickets by which what an agent has left behind is known, once the last of its sessions has ended.
    fn leavings(&mut self, manners: &Manners) -> Option<Vec<String>> {
        let agent = manners.agent.as_ref()?;
        let another = self.running.values().any(|handle| match handle {
            Handle::Terminal(_, other) => other.agent.as_ref() == Some(agent),
            Handle::Agent(_) => false,
        });
        match another {
            true => None,
            false => self.tickets.take(agent),
        }
    }

    /// Ends everything, process groups and all: with their input closed and a hang-up, then with SIGTERM, then
    /// for good. Nothing that was started runs on unseen.
    pub async fn end_all(&mut self) {
        let groups: Vec<Pid> = self.groups.values().copied().collect();
        let mut left = Vec::new();
        for (_, handle) in self.running.drain() {
            match handle {
                Handle::Agent(commands) => {
                    let _ = commands.try_send(AgentCommand::Stop);
                }
                // Dropping a terminal ends its process group.
                Handle::Terminal(_, manners) => {
                    let agent = manners.agent.unwrap_or_default();
                    let tickets = self.tickets.take(&agent);
                    left.extend(tickets.map(|tickets| (manners.stop.leaves, tickets)));
                }
            }
        }
        for signal in [Signal::TERM, Signal::KILL] {
            if gone_within(&groups, GOODBYE).await {
                break;
            }
            for &group in &groups {
                let _ = kill_process_group(group, signal);
            }
        }
        gone_within(&groups, GOODBYE).await;
        let ending = move || {
            for (patterns, tickets) in left {
                leftovers::end(&patterns, &tickets);
            }
        };
        let _ = tokio::task::spawn_blocking(ending).await;
        self.tickets.forget();
    }

    /// A process runs, the leader of its group.
    pub fn began(&mut self, session: SessionId, epoch: u64, pid: u32) {
        if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
            self.groups.insert((session, epoch), pid);
        }
    }

    /// The process of each session.
    pub fn roots(&self) -> Vec<(SessionId, Pid)> {
        let all = self.groups.iter();
        all.map(|(&(session, _), &pid)| (session, pid)).collect()
    }

    /// A process has ended; its number may soon be another's.
    pub fn ended(&mut self, session: SessionId, epoch: u64) {
        self.groups.remove(&(session, epoch));
    }

    pub fn command(&self, session: SessionId, command: AgentCommand) {
        let Some(Handle::Agent(commands)) = self.running.get(&session) else {
            return;
        };
        let commands = commands.clone();
        // The agent's own task takes commands quickly; the order of two at once is kept by its queue.
        if let Err(mpsc::error::TrySendError::Full(command)) = commands.try_send(command) {
            tokio::spawn(async move { commands.send(command).await });
        }
    }

    fn terminal(&self, session: SessionId) -> Option<&Pty> {
        match self.running.get(&session) {
            Some(Handle::Terminal(pty, _)) => Some(pty),
            _ => None,
        }
    }

    pub fn input(&self, session: SessionId, bytes: Vec<u8>) {
        if let Some(pty) = self.terminal(session) {
            // A program that reads nothing any more: its queue is full, and what is typed is lost on it.
            let _ = pty.write(bytes);
        }
    }

    pub fn focus(&self, session: SessionId, focused: bool) {
        if let Some(pty) = self.terminal(session) {
            pty.focus(focused);
        }
    }

    /// What the lines of a terminal are read through; `None` where there is none.
    pub fn lines(&self, session: SessionId) -> Option<Lines> {
        self.terminal(session).map(Pty::lines)
    }

    pub fn press(&self, session: SessionId, keys: &[String]) {
        if let Some(pty) = self.terminal(session) {
            for key in keys {
                // As above.
                let _ = pty.press(key.as_bytes());
            }
        }
    }

    pub fn paste(&self, session: SessionId, text: &str, submit: bool) -> Result<(), Refusal> {
        let Some(Handle::Terminal(pty, manners)) = self.running.get(&session) else {
            return Err(Refusal::new(
                "its program is not running",
                "R starts it again",
            ));
        };
        manners::feed(pty, manners, text, submit)
    }

    pub fn resize(&self, session: SessionId, rows: u16, cols: u16) {
        if let Some(pty) = self.terminal(session) {
            pty.resize(rows, cols);
        }
    }

    pub fn scroll(&self, session: SessionId, lines: i32) {
        if let Some(pty) = self.terminal(session) {
            pty.scroll(lines);
        }
    }

    pub fn scroll_to(&self, session: SessionId, line: u64) {
        if let Some(pty) = self.terminal(session) {
            pty.scroll_to(line);
        }
    }

    pub fn watch(&self, session: SessionId, face: FaceId, out: FaceOut) {
        if let Some(pty) = self.terminal(session) {
            // Left out when the face is behind: it is shown everything anew once it has caught up.
            let send = move |update| {
                out.tell(Event::Screen(update));
            };
            pty.watch(face.0, Box::new(send));
        }
    }

    pub fn unwatch(&self, session: SessionId, face: FaceId) {
        if let Some(pty) = self.terminal(session) {
            pty.unwatch(face.0);
        }
    }

    pub fn took(&self, session: SessionId, face: FaceId) {
        if let Some(pty) = self.terminal(session) {
            pty.took(face.0);
        }
    }
}

/// Waits until none of the process groups has a member left. There is nobody to be told by: their parents
/// may be gone.
async fn gone_within(groups: &[Pid], time: Duration) -> bool {
    let gone = || {
        groups
            .iter()
            .all(|&group| test_kill_process_group(group).is_err())
    };
    let looking = async {
        while !gone() {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(time, looking).await.is_ok()
}
