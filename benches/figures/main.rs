//! `cargo bench --bench figures`: the figures the project aims at, measured on this machine and printed
//! beside their aims, met or not. Linux only: it reads `/proc`. Offline: rehearsals answer.

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: these figures are read from /proc, which only Linux has");
}

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(target_os = "linux")]
mod first_token;

#[cfg(target_os = "linux")]
mod linux {
    use antiphon::faces::client::{Dialogue, ensure_engine};
    use antiphon::protocol::{
        Answer, Audience, Backend, Event, Op, Query, Request, SessionId, SessionSpec, TurnState,
        response_text,
    };
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    use std::collections::HashSet;
    use std::io::Read;
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    pub const PROGRAM: &str = env!("CARGO_BIN_EXE_antiphon");

    pub fn main() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        println!("{:<58}{:>12}   aim", "figure", "measured");
        first_frames();
        crate::first_token::first_token();
        runtime.block_on(idle());
        runtime.block_on(hundred_streams());
        runtime.block_on(memory());
    }

    pub fn row(figure: &str, measured: String, aim: &str) {
        println!("{figure:<58}{measured:>12}   {aim}");
    }

    /// A home of its own, whose engine ends with it.
    pub struct Home(tempfile::TempDir);

    impl Home {
        pub fn new() -> Home {
            Home(tempfile::tempdir().expect("a folder"))
        }

        pub fn path(&self) -> &Path {
            self.0.path()
        }

        fn socket(&self) -> PathBuf {
            self.path().join("run/engine.sock")
        }

        fn engine(&self) -> u32 {
            let text = std::fs::read_to_string(self.path().join("run/engine.lock"));
            text.expect("a lock").trim().parse().expect("a process id")
        }

        fn stop(&self) {
            let _ = std::process::Command::new(PROGRAM)
                .args(["engine", "stop"])
                .env("ANTIPHON_HOME", self.path())
                .output();
        }

        async fn dialogue(&self, events: bool) -> Dialogue {
            // The engine is started by the program itself, so that it takes this home from its environment.
            let started = std::process::Command::new(PROGRAM)
                .args(["engine", "start"])
                .env("ANTIPHON_HOME", self.path())
                .output()
                .expect("the program runs");
            assert!(started.status.success(), "{started:?}");
            let log = self.path().join("state/engine.log");
            ensure_engine(Path::new(PROGRAM), &self.socket(), &log)
                .await
                .expect("an engine");
            Dialogue::open(&self.socket(), events)
                .await
                .expect("a connection")
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            self.stop();
        }
    }

    /// From the start of the program in a terminal until the status bar of its first frame has arrived.
    fn first_frame(home: &Home) -> Duration {
        let size = PtySize {
            rows: 40,
            cols: 120,
            ..PtySize::default()
        };
        let pty = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(PROGRAM);
        command.env("ANTIPHON_HOME", home.path());
        command.env("TERM", "xterm-256color");
        let mut reader = pty.master.try_clone_reader().expect("a reader");
        let begun = Instant::now();
        let mut child = pty.slave.spawn_command(command).expect("the program runs");
        drop(pty.slave);
        let mut seen = Vec::new();
        let mut buffer = [0; 16 * 1024];
        let took = loop {
            let n = reader.read(&mut buffer).unwrap_or(0);
            assert!(n > 0, "ended: {}", String::from_utf8_lossy(&seen));
            seen.extend_from_slice(&buffer[..n]);
            if seen.windows(6).any(|bytes| bytes == b"NORMAL") {
                break begun.elapsed();
            }
        };
        child.kill().expect("it can be ended");
        child.wait().expect("it ends");
        took
    }

    fn first_frames() {
        let median = |mut times: Vec<Duration>| {
            times.sort();
            format!("{:.1} ms", times[times.len() / 2].as_secs_f64() * 1000.0)
        };
        let warm_home = Home::new();
        first_frame(&warm_home);
        let warm = (0..15).map(|_| first_frame(&warm_home)).collect();
        row(
            "first frame, engine running (median of 15)",
            median(warm),
            "under 50 ms",
        );
        let cold = (0..9).map(|_| first_frame(&Home::new())).collect();
        row(
            "first frame, engine started by it (median of 9)",
            median(cold),
            "under 100 ms",
        );
    }

    async fn spawn(
        dialogue: &mut Dialogue,
        name: String,
        backend: Backend,
        model: Option<&str>,
    ) -> SessionId {
        let spec = SessionSpec {
            model: model.map(str::to_owned),
            command: if backend == Backend::Terminal {
                vec!["cat".into()]
            } else {
                vec![]
            },
            ..SessionSpec::new(name, backend)
        };
        match dialogue.ask(Request::Op(Op::Spawn { spec })).await {
            Ok(Answer::Sessions(views)) => views[0].id,
            other => panic!("no session: {other:?}"),
        }
    }

    /// User and system time of a process so far, in seconds.
    fn cpu(pid: u32) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or("")
            .split_whitespace()
            .collect();
        let ticks: f64 = [11, 12]
            .iter()
            .filter_map(|&i| fields[i].parse::<f64>().ok())
            .sum();
        ticks / 100.0
    }

    /// How often its threads went to sleep and were woken, so far.
    fn wakeups(pid: u32) -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).expect("it runs");
        tasks
            .flatten()
            .filter_map(|task| std::fs::read_to_string(task.path().join("status")).ok())
            .flat_map(|status| {
                status
                    .lines()
                    .filter_map(|line| {
                        line.strip_prefix("voluntary_ctxt_switches:")?
                            .trim()
                            .parse()
                            .ok()
                    })
                    .collect::<Vec<u64>>()
            })
            .sum()
    }

    fn resident_mib(pid: u32) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let kib = status.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix("kB")?
                .trim()
                .parse::<f64>()
                .ok()
        });
        kib.expect("VmRSS") / 1024.0
    }

    async fn idle() {
        let home = Home::new();
        let mut dialogue = home.dialogue(true).await;
        let mut all = Vec::new();
        for n in 0..15 {
            all.push(spawn(&mut dialogue, format!("cat{n}"), Backend::Terminal, None).await);
            all.push(spawn(&mut dialogue, format!("chat{n}"), Backend::Rehearsal, None).await);
        }
        let watch = Request::Op(Op::Watch { sessions: all });
        dialogue.ask(watch).await.expect("watched");
        tokio::time::sleep(Duration::from_secs(3)).await;
        let pid = home.engine();
        let (cpu_before, woken_before) = (cpu(pid), wakeups(pid));
        let span = 20.0;
        tokio::time::sleep(Duration::from_secs_f64(span)).await;
        let share = (cpu(pid) - cpu_before) / span * 100.0;
        row(
            "engine idle with 30 panes, 20 s: CPU",
            format!("{share:.2} %"),
            "under 1 % of a core",
        );
        let woken = wakeups(pid) - woken_before;
        row(
            "engine idle with 30 panes, 20 s: wakeups",
            woken.to_string(),
            "0",
        );
    }

    async fn hundred_streams() {
        const SESSIONS: usize = 100;
        const TOKENS: usize = 500;
        let home = Home::new();
        let mut dialogue = home.dialogue(true).await;
        let model = format!("rehearsal-50tps-{TOKENS}");
        let mut all = Vec::new();
        for n in 0..SESSIONS {
            all.push(
                spawn(
                    &mut dialogue,
                    format!("s{n}"),
                    Backend::Rehearsal,
                    Some(&model),
                )
                .await,
            );
        }
        let watch = Request::Op(Op::Watch { sessions: all });
        dialogue.ask(watch).await.expect("watched");
        let pid = home.engine();
        let (before, begun) = (cpu(pid), Instant::now());
        let broadcast = Op::Broadcast {
            to: Audience::All,
            prompt: "go".into(),
        };
        let Ok(Answer::Turns(turns)) = dialogue.ask(Request::Op(broadcast)).await else {
            panic!("no broadcast");
        };
        let mut open: HashSet<_> = turns.iter().map(|(_, turn)| *turn).collect();
        let mut tokens = 0;
        while !open.is_empty() {
            if let Event::TurnChanged { turn, .. } = dialogue.next_event().await.expect("connected")
                && turn.state == TurnState::Done
                && open.remove(&turn.id)
            {
                tokens += response_text(&turn.blocks).split_whitespace().count();
            }
        }
        let took = begun.elapsed().as_secs_f64();
        let share = (cpu(pid) - before) / took * 100.0;
        row(
            "100 sessions at 50 tokens/s, all watched: CPU of the engine",
            format!("{share:.0} %"),
            "under 50 % of a core (release)",
        );
        let stored: usize = {
            let mut sum = 0;
            for (_, turn) in &turns {
                let Ok(Answer::Log(log)) = dialogue
                    .ask(Request::Query(Query::Turn { turn: *turn }))
                    .await
                else {
                    panic!("no turn");
                };
                sum += response_text(&log[0].blocks).split_whitespace().count();
            }
            sum
        };
        let lost = (SESSIONS * TOKENS).abs_diff(stored.min(tokens));
        row("… tokens lost of 50,000", lost.to_string(), "0");
        row(
            "… took",
            format!("{took:.1} s"),
            "10 s by the servers' pace",
        );
    }

    async fn memory() {
        let home = Home::new();
        let mut dialogue = home.dialogue(true).await;
        let mut all = Vec::new();
        for n in 0..20 {
            all.push(
                spawn(
                    &mut dialogue,
                    format!("s{n}"),
                    Backend::Rehearsal,
                    Some("rehearsal-2000tps-1000"),
                )
                .await,
            );
        }
        let watch = Request::Op(Op::Watch { sessions: all });
        dialogue.ask(watch).await.expect("watched");
        for _ in 0..5 {
            let broadcast = Op::Broadcast {
                to: Audience::All,
                prompt: "go on".into(),
            };
            let Ok(Answer::Turns(turns)) = dialogue.ask(Request::Op(broadcast)).await else {
                panic!("no broadcast");
            };
            let mut open: HashSet<_> = turns.iter().map(|(_, turn)| *turn).collect();
            while !open.is_empty() {
                if let Event::TurnChanged { turn, .. } =
                    dialogue.next_event().await.expect("connected")
                    && turn.state.is_over()
                {
                    open.remove(&turn.id);
                }
            }
        }
        row(
            "engine memory, 20 chats with 5 answers of 1,000 words",
            format!("{:.1} MiB", resident_mib(home.engine())),
            "under 60 MB",
        );
    }
}
