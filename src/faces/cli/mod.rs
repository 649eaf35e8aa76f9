//! The command line: everything a hand can do on the screen, for scripts. Each command asks the engine, and prints.
//!
//! Data goes to standard output, as text for people or as JSON; progress and errors go to standard error. What models
//! and programs wrote is made harmless on its way (`out`). Nothing is decided or kept here.

mod agents;
mod args;
mod asking;
mod changing;
mod desk;
mod doctor;
mod engine;
mod figures;
mod follow;
mod groups;
mod judging;
mod last_turn;
mod learning;
mod learning_file;
mod learning_shown;
mod lines;
mod listing;
mod models;
mod out;
mod reading;
mod recorded;
mod replay;
mod report;
mod responding;
mod settings;
mod spreading;
mod starting;
mod suggesting;
mod table;
mod tasks;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod waiting;
mod words;
mod worktrees;

pub use args::{Args, Command, EngineCommand};

pub use replay::{Replayed, Replayer};

use args::ReportCommand;

use crate::config::Paths;
use crate::error::{Error, Result};
use crate::faces::cli::desk::Desk;
use crate::faces::cli::out::{Out, Outcome, Stop, tell};
use clap::CommandFactory;
use std::process::ExitCode;

/// What a shell reports of a program whose reader went away: 128 and the number of SIGPIPE.
const NOBODY_READS: u8 = 141;

/// Carries out a command, with `replayer` for `replay`, and gives the exit code: 0 for success and nothing else. `engine run` is not for here.
pub fn run(command: Command, json: bool, replayer: Replayer) -> ExitCode {
    if let Command::Report { socket, what } = &command {
        match what {
            ReportCommand::Hook => report::hook(socket),
            ReportCommand::Statusline { show } => report::statusline(socket, show.as_deref()),
        }
        return ExitCode::SUCCESS;
    }
    let outcome = runtime().map_err(Stop::from).and_then(|runtime| {
        let paths = Paths::from_env()?;
        runtime.block_on(dispatch(command, &paths, Out::stdout(json), replayer))
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Pipe) => ExitCode::from(NOBODY_READS),
        Err(Stop::Failed) => ExitCode::FAILURE,
        Err(Stop::Error(error)) => {
            tell(&format!(
                "antiphon: {}",
                words::in_commands(&error.to_string(), "NAME")
            ));
            ExitCode::FAILURE
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::new(format!("cannot start: {e}"), "", ""))
}

async fn dispatch(command: Command, paths: &Paths, out: Out, replayer: Replayer) -> Outcome {
    let desk = &mut Desk { paths, out };
    match command {
        Command::Spawn(args) => starting::spawn(desk, args).await,
        Command::Ask(args) => asking::ask(desk, args).await,
        Command::Poll { turn, wait } => asking::poll(desk, turn, wait).await,
        Command::Fork(args) => spreading::fork(desk, args).await,
        Command::Relay(args) => spreading::relay(desk, args).await,
        Command::Broadcast(args) => spreading::broadcast(desk, args).await,
        Command::Rate { what, note } => judging::rate(desk, &what, note).await,
        Command::Correct { what } => judging::correct(desk, &what).await,
        Command::Record { of } => recorded::record(desk, of.as_deref()).await,
        Command::Replay(args) => replay::replay(desk, args, replayer).await,
        Command::Suggest(args) => suggesting::suggest(desk, args).await,
        Command::Learn { what } => learning::run(desk, what).await,
        Command::List => listing::list(desk).await,
        Command::Status { name } => listing::status(desk, name.as_deref()).await,
        Command::Log { name } => reading::log(desk, &name).await,
        Command::Export { name, format } => reading::export(desk, &name, format).await,
        Command::Interrupt { name } => changing::interrupt(desk, &name).await,
        Command::Inbox => responding::inbox(desk).await,
        Command::Respond(args) => responding::respond(desk, args).await,
        Command::Wait(args) => waiting::wait(desk, args).await,
        Command::Set(args) => changing::set(desk, &args.name, args.change).await,
        Command::Restart { name } => changing::restart(desk, &name).await,
        Command::Kill { name, .. } => changing::kill(desk, name.as_deref()).await,
        Command::Worktree { what } => worktrees::run(desk, what).await,
        Command::Stats { days } => figures::stats(desk, days).await,
        Command::Budget { change } => figures::budget(desk, change).await,
        Command::Models(args) => models::models(desk, args).await,
        Command::Catalog { what } => models::catalog(desk, what).await,
        Command::Engine { what } => engine::run(desk, what).await,
        Command::Config { what } => settings::run(desk, &what),
        Command::Agents => agents::run(desk).await,
        Command::Doctor => doctor::run(desk).await,
        // Answered before there is a runtime.
        Command::Report { .. } => Ok(()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "antiphon", &mut script);
            desk.out.text(&String::from_utf8_lossy(&script))
        }
    }
}
