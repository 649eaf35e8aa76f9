//! Chooses a face, or becomes the engine. The only place that may open every room.

use antiphon::config::{self, Paths};
use antiphon::engine::daemon::{NotStarted, run_engine};
use antiphon::error::{Error, Result};
use antiphon::faces::cli::{self, Args, Command, EngineCommand, Replayed};
use antiphon::faces::client::{Client, HELD, READY, reach};
use antiphon::faces::tui;
use antiphon::learning::replay::{Log, report};
use antiphon::protocol::{ReplayPlan, ReplayReport};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match args.command {
        None => open(),
        Some(Command::Engine {
            what: EngineCommand::Run { report },
        }) => engine(report),
        Some(command) => return cli::run(command, args.json, replay),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("antiphon: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What `antiphon replay` does: the learning room's work on what the face has read.
fn replay(
    what: &Replayed,
    plan: &ReplayPlan,
    progress: &mut dyn FnMut(usize, usize),
) -> ReplayReport {
    let log = match what {
        Replayed::Log(text) => Log::read(text),
        Replayed::Own(turns) => Log::of_history(turns),
    };
    report(&log, plan, progress)
}

/// Opens the full-screen face, on an engine that is started if none runs.
fn open() -> Result<()> {
    let paths = Paths::from_env()?;
    paths.create()?;
    let read = |paths: &Paths| {
        let mut loaded = config::load(paths, &|name| std::env::var(name).ok(), None);
        if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            loaded.theme = config::Theme::monochrome();
        }
        loaded
    };
    let loaded = read(&paths);
    let cwd = loaded.config.default.cwd.clone();
    let mouse = loaded.config.mouse;
    let again = paths.clone();
    let start = tui::Start {
        loaded,
        reload: Box::new(move || read(&again)),
        mouse,
        cwd: cwd.or_else(|| std::env::current_dir().ok()),
        state: Some(paths.state.clone()),
    };
    let connect: tui::Connector = Box::new(move |start| {
        let paths = paths.clone();
        Box::pin(async move {
            let program = std::env::current_exe()
                .map_err(|e| Error::new(format!("cannot find this program: {e}"), "", ""))?;
            match start {
                true => reach(&program, &paths.socket(), &paths.log(), true).await,
                false => Client::connect(&paths.socket(), true).await,
            }
        })
    });
    runtime()?.block_on(tui::run(start, connect))
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::new(format!("cannot start: {e}"), "", ""))
}

/// Becomes the engine. With `report`, says on the first line of standard output how the start went, as
/// `ensure_engine` wants to hear it, and nothing after that.
fn engine(report: bool) -> Result<()> {
    let say = move |word: &str| {
        if report {
            let mut out = std::io::stdout();
            let _ = writeln!(out, "{word}");
            let _ = out.flush();
        }
    };
    let outcome = Paths::from_env()
        .map_err(NotStarted::Failed)
        .and_then(|paths| {
            tracing_subscriber::fmt()
                .with_writer(std::io::stderr)
                .with_ansi(false)
                .init();
            run_engine(paths, move || say(READY))
        });
    match outcome {
        Ok(()) => Ok(()),
        Err(NotStarted::Held(_)) if report => {
            say(HELD);
            Ok(())
        }
        Err(NotStarted::Held(pid)) => Err(Error::new(
            match pid {
                Some(pid) => format!("an engine runs already (process {pid})"),
                None => "an engine runs already".into(),
            },
            "",
            "antiphon engine stop ends it",
        )),
        Err(NotStarted::Failed(error)) => {
            let parts = [&error.what, &error.place, &error.next];
            let said: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
            say(&said.join(" · ").replace('\n', " "));
            Err(error)
        }
    }
}
