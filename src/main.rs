//! Chooses a face.

use antiphon::faces::cli::{self, Args, Command, EngineCommand};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    match args.command {
        None
        | Some(Command::Engine {
            what: EngineCommand::Run { .. },
        }) => {
            eprintln!("antiphon: the engine and the screen are not joined up in this build");
            ExitCode::FAILURE
        }
        Some(command) => cli::run(command, args.json),
    }
}
