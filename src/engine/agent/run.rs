//! The process: its pipes, its end, and the task that owns both.

use super::lines::{LONGEST, LastWords, Line, Lines};
use super::{AgentCommand, AgentEvent, AgentStart, Opening, Talk, open};
use crate::protocol::Category;
use crate::protocol::Failure;
use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::VecDeque;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

/// Commands that may wait. When they are full, `try_send` refuses: the process does not read.
const COMMANDS: usize = 64;
/// Lines on their way to the process. When they are full, no further command is taken.
const OUTGOING: usize = 16;
/// Between the closed input and SIGTERM, and between SIGTERM and SIGKILL.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long output is still read once the process is gone.
const LAST_LINES: Duration = Duration::from_millis(500);

/// Starts the agent. Commands go in, events come out; the last one is [`AgentEvent::Exited`]. Dropping the
/// sender stops the process. Where `out` is full, the process waits.
///
/// Must be called within a tokio runtime. Errors: [`Category::Missing`] where the program or the folder is
/// not there, [`Category::Exited`] where the system refuses a process.
pub fn start(start: AgentStart, out: Sender<AgentEvent>) -> Result<Sender<AgentCommand>, Failure> {
    let opening = open(&start);
    let mut child = spawn(&start, &opening)?;
    let refused = || Failure::new(Category::Exited, "the process has no pipes", "");
    let stdin = child.stdin.take().ok_or_else(refused)?;
    let stdout = child.stdout.take().ok_or_else(refused)?;
    let stderr = child.stderr.take().ok_or_else(refused)?;
    let (commands, taken) = channel(COMMANDS);
    let (lines, outgoing) = channel(OUTGOING);
    let words = Arc::new(Mutex::new(LastWords::default()));
    tokio::spawn(write(stdin, outgoing));
    let listening = tokio::spawn(listen(stderr, words.clone()));
    let process = Process {
        child,
        lines: Lines::new(stdout, LONGEST),
        to_cli: Some(lines),
        words,
        listening,
        waiting: VecDeque::new(),
        talk: opening.talk,
        out,
        given_up: false,
        next_step: None,
        steps: VecDeque::new(),
    };
    tokio::spawn(process.run(taken));
    Ok(commands)
}

fn spawn(start: &AgentStart, opening: &Opening) -> Result<Child, Failure> {
    if !start.cwd.is_dir() {
        return Err(Failure::new(
            Category::Missing,
            format!("`{}` is not a folder", start.cwd.display()),
            "choose a folder that exists",
        ));
    }
    let mut command = Command::new(&start.program);
    command
        .args(&opening.args)
        .current_dir(&start.cwd)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if opening.not_inherited.contains(&&*name) || name.starts_with("ANTIPHON_") {
            command.env_remove(&key);
        }
    }
    command
        .envs(opening.env.iter().copied())
        .envs(start.env.iter().map(|(key, value)| (key, value)));
    die_with_the_engine(&mut command);
    command.spawn().map_err(|error| {
        let name = start.program.display();
        match error.kind() {
            std::io::ErrorKind::NotFound => Failure::new(
                Category::Missing,
                format!("`{name}` is not there"),
                &start.install,
            ),
            std::io::ErrorKind::PermissionDenied => Failure::new(
                Category::Missing,
                format!("`{name}` is not a program"),
                &start.install,
            ),
            _ => Failure::new(
                Category::Exited,
                format!("`{name}` did not start: {error}"),
                "close some sessions, or raise the limit of processes",
            ),
        }
    })
}

/// An agent that outlives an engine which crashed would go on unseen, with nobody to approve or to pay attention,
/// beside the one that takes its conversation up again.
#[cfg(target_os = "linux")]
fn die_with_the_engine(command: &mut Command) {
    use rustix::process::{getpid, getppid, set_parent_process_death_signal};
    let engine = getpid();
    let before = move || {
        set_parent_process_death_signal(Some(Signal::TERM))?;
        // It may have died before that was said.
        match getppid() == Some(engine) {
            true => Ok(()),
            false => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    };
    // SAFETY: between fork and exec only two system calls are made; nothing is allocated or locked. The signal is
    // tied to the thread that forks, which is the engine's main one and lives as long as it does.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(before);
    }
}

/// Elsewhere an agent ends when it has seen the end of its input.
#[cfg(not(target_os = "linux"))]
fn die_with_the_engine(_command: &mut Command) {}

/// Writes lines until the channel closes; then the process sees the end of its input.
async fn write(mut stdin: ChildStdin, mut lines: Receiver<Vec<u8>>) {
    while let Some(line) = lines.recv().await {
        // A process that does not read any more has ended or will; its exit tells.
        if stdin.write_all(&line).await.is_err() || stdin.flush().await.is_err() {
            return;
        }
    }
}

async fn listen(mut stderr: ChildStderr, words: Arc<Mutex<LastWords>>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stderr.read(&mut piece).await {
        lock(&words).push(&piece[..length]);
    }
}

fn lock(words: &Mutex<LastWords>) -> std::sync::MutexGuard<'_, LastWords> {
    words.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Process {
    child: Child,
    lines: Lines<ChildStdout>,
    /// `None`: the input is closed, the process is to end.
    to_cli: Option<Sender<Vec<u8>>>,
    words: Arc<Mutex<LastWords>>,
    listening: JoinHandle<()>,
    /// Lines for which the channel has no room yet; at most about [`COMMANDS`], then no command is taken.
    waiting: VecDeque<Vec<u8>>,
    talk: Box<dyn Talk>,
    out: Sender<AgentEvent>,
    /// The protocol cannot go on: however the process ends, it is a failure.
    given_up: bool,
    /// When the next of `steps` is due.
    next_step: Option<Instant>,
    steps: VecDeque<Signal>,
}

impl Process {
    async fn run(mut self, mut commands: Receiver<AgentCommand>) {
        if let Some(pid) = self.child.id() {
            self.tell(AgentEvent::Started { pid }).await;
        }
        let mut exit: Option<ExitStatus> = None;
        let mut output_ended = false;
        while exit.is_none() || !output_ended {
            self.queue_replies();
            let room = self.to_cli.clone();
            tokio::select! {
                biased;
                permit = reserve(room), if self.to_cli.is_some() && !self.waiting.is_empty() => {
                    match (permit, self.waiting.pop_front()) {
                        (Some(permit), Some(line)) => { permit.send(line); }
                        _ => self.waiting.clear(),
                    }
                }
                command = commands.recv(), if self.to_cli.is_some() && self.waiting.len() < COMMANDS => {
                    match command {
                        Some(AgentCommand::Stop) | None => self.stop(),
                        Some(command) => self.command(command).await,
                    }
                }
                line = self.lines.next(), if !output_ended => match line {
                    Line::End => {
                        output_ended = true;
                        self.stop();
                    }
                    line => self.hear(line).await,
                },
                status = self.child.wait(), if exit.is_none() => {
                    exit = Some(status.unwrap_or_default());
                    self.to_cli = None;
                    self.steps.clear();
                    // Something it has started may hold its output open.
                    self.next_step = Some(Instant::now() + LAST_LINES);
                }
                () = sleep_until(self.next_step.unwrap_or_else(Instant::now)), if self.next_step.is_some() => {
                    if exit.is_some() {
                        break;
                    }
                    self.step();
                }
            }
        }
        for event in self.talk.ended() {
            self.tell(event).await;
        }
        // The last words may still be in the pipe; something else may hold it open.
        let _ = timeout(LAST_LINES, &mut self.listening).await;
        let stderr = lock(&self.words).text();
        self.tell(AgentEvent::Exited {
            code: match exit.and_then(|status| status.code()) {
                Some(0) if self.given_up => Some(1),
                code => code,
            },
            signal: exit.and_then(|status| status.signal()),
            stderr,
        })
        .await;
    }

    async fn command(&mut self, command: AgentCommand) {
        self.talk.command(command);
        for event in self.talk.settled() {
            self.tell(event).await;
        }
    }

    fn queue_replies(&mut self) {
        for line in self.talk.say() {
            let mut bytes = line.to_string().into_bytes();
            bytes.push(b'\n');
            self.waiting.push_back(bytes);
        }
    }

    async fn hear(&mut self, line: Line) {
        match line {
            Line::Json(value) => {
                for event in self.talk.hear(&value) {
                    self.tell(event).await;
                }
                if let Some(why) = self.talk.gives_up() {
                    lock(&self.words).push(format!("{why}\n").as_bytes());
                    self.given_up = true;
                    self.stop();
                }
            }
            Line::Other(bytes) => {
                let mut words = lock(&self.words);
                words.push(&bytes);
                words.push(b"\n");
            }
            Line::TooLong => {
                let text = format!(
                    "a line of over {} MiB was left out: the answer may lack a part",
                    LONGEST >> 20
                );
                self.tell(AgentEvent::Notice(text)).await;
            }
            Line::End => {}
        }
    }

    async fn tell(&mut self, event: AgentEvent) {
        if self.out.send(event).await.is_err() {
            // Nobody listens any more.
            self.stop();
        }
    }

    /// Closes the input, which ends an idle process at once; signals follow for one that is not.
    fn stop(&mut self) {
        if self.to_cli.take().is_some() {
            self.steps = VecDeque::from([Signal::TERM, Signal::KILL]);
            self.next_step = Some(Instant::now() + PATIENCE);
        }
    }

    fn step(&mut self) {
        self.next_step = None;
        // The id is known only as long as the process is not reaped, and this task is the one that reaps.
        let pid = self
            .child
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        if let (Some(signal), Some(pid)) = (self.steps.pop_front(), pid) {
            // A group that is gone is as it should be.
            let _ = kill_process_group(pid, signal);
            if !self.steps.is_empty() {
                self.next_step = Some(Instant::now() + PATIENCE);
            }
        }
    }
}

async fn reserve(room: Option<Sender<Vec<u8>>>) -> Option<tokio::sync::mpsc::OwnedPermit<Vec<u8>>> {
    room?.reserve_owned().await.ok()
}
