//! `config check`, `default` and `path`.

use crate::config::{DEFAULT_CONFIG, load, report};
use crate::faces::cli::args::ConfigCommand;
use crate::faces::cli::desk::Desk;
use crate::faces::cli::out::{Outcome, Stop};

pub fn run(desk: &mut Desk<'_>, what: &ConfigCommand) -> Outcome {
    match what {
        ConfigCommand::Check => check(desk),
        ConfigCommand::Default => desk.out.text(DEFAULT_CONFIG),
        ConfigCommand::Path => desk
            .out
            .line(desk.paths.config_file().display().to_string()),
    }
}

fn check(desk: &mut Desk<'_>) -> Outcome {
    let file = desk.paths.config_file();
    let problems = load(desk.paths, &|name| std::env::var(name).ok(), None).problems;
    if desk.out.json {
        desk.out.json(&problems)?;
    } else if problems.is_empty() {
        let what = match file.exists() {
            true => "no problems",
            false => "not there; the defaults hold",
        };
        desk.out.line(format!("{}: {what}", file.display()))?;
    } else {
        for problem in &problems {
            desk.out.line(report(problem))?;
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Stop::Failed),
    }
}
