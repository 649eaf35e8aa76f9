//! The git program: one at a time, without a terminal, and never longer than it takes.

use crate::protocol::{Category, Failure};
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process_group};
use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How long one call may take. A large repository is checked out in less; a hook that waits for somebody is not
/// waited for.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long a git of an engine that has died may still run before we say so.
const OTHERS: Duration = Duration::from_secs(60);
/// Between two looks at whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Where git would look for a repository instead of in the folder it is run in. Inherited when the engine was started
/// from a hook or an alias.
const NOT_INHERITED: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
];

/// Always the same: nothing is repacked behind our back, no index is shared with another, no line end is an error.
const ALWAYS: &[&str] = &[
    "-c",
    "gc.auto=0",
    "-c",
    "maintenance.auto=false",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.splitIndex=false",
    "-c",
    "core.safecrlf=false",
];

/// What git answered.
pub struct Ran {
    pub ok: bool,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Ran {
    /// The output without the line break at its end.
    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.stdout);
        text.strip_suffix('\n').unwrap_or(&text).to_owned()
    }

    /// The output as a path.
    pub fn path(&self) -> PathBuf {
        let bytes = self.stdout.strip_suffix(b"\n").unwrap_or(&self.stdout);
        PathBuf::from(OsString::from_vec(bytes.to_vec()))
    }

    /// Why git refused, in its own words, on one line.
    pub fn why(&self) -> String {
        let lines = || self.stderr.lines().map(str::trim).filter(|l| !l.is_empty());
        let fatal = lines().find(|line| line.starts_with("fatal: "));
        let error = lines().find(|line| line.starts_with("error: "));
        let line = fatal
            .or(error)
            .or_else(|| lines().next_back())
            .unwrap_or("");
        let line = line
            .trim_start_matches("fatal: ")
            .trim_start_matches("error: ");
        let line: String = line
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(300)
            .collect();
        match line.is_empty() {
            true => "it does not say why".to_owned(),
            false => line,
        }
    }
}

/// The right to run git. While it or any git it started is there, no other engine has it: what an engine that was
/// killed had begun is over before its successor looks.
#[derive(Clone)]
pub struct Git {
    /// Locked. Each git has it as its input, which is empty, so that the lock lives as long as they do.
    lock: Arc<File>,
    /// Whether what is being done is given up. `None`: it cannot be.
    given_up: Option<watch::Receiver<bool>>,
}

impl Git {
    /// Takes the lock in `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be written, or another git does not come to its end.
    pub async fn take(
        folder: &Path,
        given_up: Option<watch::Receiver<bool>>,
    ) -> Result<Git, Failure> {
        let failed = |e: std::io::Error| {
            Failure::new(
                Category::Refused,
                format!("`{}` cannot be used: {e}", folder.display()),
                "check who owns it, and whether the disk is full",
            )
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed)?;
        let lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join("lock"))
            .map_err(failed)?;
        let until = Instant::now() + OTHERS;
        while flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            if Instant::now() > until {
                return Err(Failure::new(
                    Category::Timeout,
                    "a git that was started earlier still runs",
                    "end it, then try again",
                ));
            }
            sleep(LOOK).await;
        }
        Ok(Git {
            lock: Arc::new(lock),
            given_up,
        })
    }

    /// The same for what must be done even if the rest is given up.
    pub fn to_the_end(&self) -> Git {
        Git {
            lock: self.lock.clone(),
            given_up: None,
        }
    }

    /// Whether the rest is given up.
    pub fn is_given_up(&self) -> bool {
        self.given_up.as_ref().is_some_and(|told| *told.borrow())
    }

    /// Runs git in a folder, whatever it answers.
    ///
    /// # Errors
    /// Git is not there, takes too long, or what is done was given up.
    pub async fn run(
        &self,
        folder: &Path,
        args: &[&str],
        env: &[(&str, &Path)],
    ) -> Result<Ran, Failure> {
        let mut command = Command::new("git");
        for name in NOT_INHERITED {
            command.env_remove(name);
        }
        command
            .args(ALWAYS)
            .args(args)
            .current_dir(folder)
            // Looking at a working tree never writes its index.
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("LC_ALL", "C")
            .envs(env.iter().copied())
            .stdin(Stdio::from(self.lock.try_clone().map_err(not_run)?))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let child = command.spawn().map_err(not_run)?;
        let group = child
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let output = tokio::select! {
            output = timeout(PATIENCE, child.wait_with_output()) => output,
            () = given_up(self.given_up.clone()) => {
                end(group);
                return Err(Failure::new(Category::Refused, "given up", ""));
            }
        };
        match output {
            Ok(output) => {
                let output = output.map_err(not_run)?;
                Ok(Ran {
                    ok: output.status.success(),
                    stdout: output.stdout,
                    stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
                })
            }
            Err(_) => {
                end(group);
                let word = args.first().copied().unwrap_or_default();
                Err(Failure::new(
                    Category::Timeout,
                    format!("git {word} took longer than {} s", PATIENCE.as_secs()),
                    "see whether a hook of the repository waits for something",
                ))
            }
        }
    }

    /// Runs git, which must succeed.
    ///
    /// # Errors
    /// As [`Git::run`], or git refused: with its own words.
    pub async fn must(
        &self,
        folder: &Path,
        args: &[&str],
        env: &[(&str, &Path)],
    ) -> Result<Ran, Failure> {
        let ran = self.run(folder, args, env).await?;
        match ran.ok {
            true => Ok(ran),
            false => Err(refused(args, &ran)),
        }
    }
}

/// Git's refusal of a call.
pub fn refused(args: &[&str], ran: &Ran) -> Failure {
    let words: Vec<&str> = args
        .iter()
        .copied()
        .take_while(|word| !word.starts_with('-'))
        .take(2)
        .collect();
    Failure::new(
        Category::Refused,
        format!("git {}: {}", words.join(" "), ran.why()),
        "",
    )
}

fn not_run(error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::new(
            Category::Missing,
            "`git` is not there, or the folder is not",
            "install git, and see that the folder exists",
        ),
        _ => Failure::new(Category::Exited, format!("git did not run: {error}"), ""),
    }
}

/// Ends a git and all that it started.
fn end(group: Option<Pid>) {
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

async fn given_up(told: Option<watch::Receiver<bool>>) {
    if let Some(mut told) = told
        && told.wait_for(|given_up| *given_up).await.is_ok()
    {
        return;
    }
    // Nobody can any more.
    std::future::pending().await
}
