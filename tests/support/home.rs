//! A folder of its own for one test, and the program run in it. When the home is dropped, its engine ends.

use super::DEADLINE;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::mpsc::channel,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The program under test.
pub const ANTIPHON: &str = env!("CARGO_BIN_EXE_antiphon");

/// The environment of one user who has nothing but what the test gives.
pub struct Home {
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

impl Home {
    pub fn new() -> Home {
        let folder = tempfile::Builder::new()
            .prefix("ant")
            .tempdir()
            .expect("a temporary folder");
        let user = folder.path().join("user");
        fs::create_dir(&user).expect("a user's folder");
        let mut home = Home {
            folder,
            environment: BTreeMap::new(),
        };
        let antiphon = home.antiphon().display().to_string();
        for (name, value) in [
            ("ANTIPHON_HOME", antiphon.as_str()),
            ("HOME", &user.display().to_string()),
            ("PATH", "/usr/bin:/bin"),
            ("SHELL", "/bin/sh"),
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
        ] {
            home.set(name, value);
        }
        home
    }

    /// Sets a variable for everything that is started from here on.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Home {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// The folder of the user, in which everything is started.
    pub fn user(&self) -> PathBuf {
        self.folder.path().join("user")
    }

    /// What `ANTIPHON_HOME` names.
    pub fn antiphon(&self) -> PathBuf {
        self.folder.path().join("h")
    }

    pub fn environment(&self) -> impl Iterator<Item = (&String, &String)> {
        self.environment.iter()
    }

    /// The first file of that name under [`Home::antiphon`].
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        find(&self.antiphon(), name)
    }

    /// The last lines of the engine's log, for a test that fails.
    pub fn log_tail(&self) -> String {
        let log = self
            .find("engine.log")
            .and_then(|path| fs::read(path).ok())
            .unwrap_or_default();
        let text = String::from_utf8_lossy(&log).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// Runs `antiphon ARGS` to its end.
    pub fn cli(&self, args: &[&str]) -> Output {
        self.run(ANTIPHON, args, "")
    }

    /// The same, with something on its standard input.
    pub fn cli_with_input(&self, args: &[&str], input: &str) -> Output {
        self.run(ANTIPHON, args, input)
    }

    /// The standard output of `antiphon ARGS`, which must succeed.
    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.cli(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "antiphon {args:?}: {}\n{stderr}\n{}",
            output.status,
            self.log_tail()
        );
        String::from_utf8(output.stdout).expect("UTF-8 on standard output")
    }

    /// The same, read as JSON; `--json` is added.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let text = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{args:?}: {e} in {text}"))
    }

    /// What `antiphon ARGS`, which must fail, says on standard error; nothing on standard output but the
    /// part of an answer that came.
    pub fn refused(&self, args: &[&str]) -> String {
        let output = self.cli(args);
        let stderr = String::from_utf8(output.stderr).expect("UTF-8 on standard error");
        assert_eq!(output.status.code(), Some(1), "antiphon {args:?}: {stderr}");
        stderr
    }

    /// What `antiphon status NAME --json` says of one session.
    pub fn status(&self, name: &str) -> serde_json::Value {
        self.json(&["status", name])
    }

    /// Waits until a session has this status, told by that source.
    #[track_caller]
    pub fn is(&self, name: &str, status: &str, source: &str) -> serde_json::Value {
        super::until(
            &format!("{status} ({source}): {}", self.status(name)),
            || {
                let view = self.status(name);
                (view["status"]["is"] == status && view["source"] == source).then_some(view)
            },
        )
    }

    /// A build of this user's, `./make`: it fails where it is given a word.
    pub fn make(&self) {
        let file = self.user().join("make");
        fs::write(&file, "#!/bin/sh\nexit $#\n").expect("written");
        let may_run = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&file, may_run).expect("it may be run");
    }

    /// Waits until this was seen of a session's newest turn that is over.
    #[track_caller]
    pub fn sees(&self, name: &str, signal: &str) {
        super::until(&format!("{signal}: {}", self.status(name)), || {
            if self.status(name)["gauges"]["turns"] == 0 {
                return None;
            }
            let record = self.json(&["record", name]);
            let mut seen = record["seen"].as_array()?.iter();
            seen.any(|seen| seen["name"] == signal).then_some(())
        });
    }

    /// Writes `config.toml`.
    pub fn configure(&self, text: &str) -> PathBuf {
        let folder = self.antiphon().join("config");
        fs::create_dir_all(&folder).expect("a folder for settings");
        let file = folder.join("config.toml");
        fs::write(&file, text).expect("settings can be written");
        file
    }

    /// Where the engine listens.
    pub fn socket(&self) -> PathBuf {
        self.antiphon().join("run/engine.sock")
    }

    /// Kills the engine as a crash would, and waits until it is gone.
    pub fn crash_engine(&self) {
        let pid = self.engine_pid().expect("an engine runs");
        kill(pid);
        assert!(ends_within(pid, DEADLINE), "the engine survives SIGKILL");
    }

    /// Runs any program to its end, with something on its standard input.
    pub fn run(&self, program: &str, args: &[&str], input: &str) -> Output {
        self.try_run(program, args, input, DEADLINE).unwrap_or_else(|| {
            panic!(
                "{program} {args:?} did not end, or something it started holds its output open\n{}",
                self.log_tail()
            )
        })
    }

    /// `None`: it was killed because it did not end in time.
    fn try_run(&self, program: &str, args: &[&str], input: &str, time: Duration) -> Option<Output> {
        let mut child = Command::new(program)
            .args(args)
            .env_clear()
            .envs(&self.environment)
            .current_dir(self.user())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let pid = child.id();
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.to_owned();
        let (sender, receiver) = channel();
        thread::spawn(move || {
            // A program that does not read its input closes it; that is its right.
            let _ = stdin.write_all(input.as_bytes());
            drop(stdin);
            let _ = sender.send(child.wait_with_output());
        });
        match receiver.recv_timeout(time) {
            Ok(output) => Some(output.expect("its output can be read")),
            Err(_) => {
                kill(pid);
                None
            }
        }
    }

    /// The engine's process, as it says itself.
    pub fn engine_pid(&self) -> Option<u32> {
        let status: serde_json::Value =
            serde_json::from_slice(&self.cli(&["engine", "status", "--json"]).stdout).ok()?;
        status["pid"].as_u64()?.try_into().ok()
    }
}

impl Home {
    /// The processes that have this home in their environment, however they came to it. Linux only; elsewhere
    /// an engine that does not obey is left behind.
    pub fn started(&self) -> Vec<u32> {
        let mark = format!("ANTIPHON_HOME={}", self.antiphon().display());
        let mut pids = Vec::new();
        for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            if environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == mark.as_bytes())
            {
                pids.extend(
                    process
                        .file_name()
                        .to_str()
                        .and_then(|name| name.parse::<u32>().ok()),
                );
            }
        }
        pids
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Nothing was ever started where the folder was not made.
        if !self.antiphon().exists() {
            return;
        }
        if thread::panicking() {
            eprintln!("── the engine's log ends with ──\n{}", self.log_tail());
        }
        // Never a panic here: it would end all tests if one is under way.
        let soon = Duration::from_secs(5);
        let stopped = self.try_run(ANTIPHON, &["engine", "stop"], "", soon);
        let obeys = stopped.is_some_and(|output| output.status.success());
        for pid in self.started() {
            if !obeys || !ends_within(pid, Duration::from_secs(2)) {
                kill(pid);
            }
        }
    }
}

/// Kills at once, as a crash would.
pub fn kill(pid: u32) {
    signal(pid, Signal::KILL);
}

/// Sends a signal to a process that may be gone.
pub fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Whether a process that is not our child is gone in time. There is nothing to wait on but to look again.
pub fn ends_within(pid: u32, time: Duration) -> bool {
    let until = Instant::now() + time;
    let alive = || {
        i32::try_from(pid)
            .ok()
            .and_then(Pid::from_raw)
            .is_some_and(|pid| test_kill_process(pid).is_ok())
    };
    while alive() {
        if Instant::now() > until {
            return false;
        }
        thread::park_timeout(Duration::from_millis(5));
    }
    true
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    let here = entries
        .iter()
        .find(|path| path.is_file() && path.file_name().is_some_and(|n| n == name));
    here.cloned().or_else(|| {
        entries
            .iter()
            .filter(|path| path.is_dir())
            .find_map(|path| find(path, name))
    })
}
