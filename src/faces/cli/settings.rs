//! `config check`, `default`, `path` and `actions`.

use crate::config::{ACTIONS, DEFAULT_CONFIG, load, report};
use crate::faces::cli::args::ConfigCommand;
use crate::faces::cli::desk::Desk;
use crate::faces::cli::out::{Ink, Outcome, Stop};
use crate::faces::cli::table::{Table, cell, plain};

pub fn run(desk: &mut Desk<'_>, what: &ConfigCommand) -> Outcome {
    match what {
        ConfigCommand::Check => check(desk),
        ConfigCommand::Default => desk.out.text(DEFAULT_CONFIG),
        ConfigCommand::Actions => actions(desk),
        ConfigCommand::Path => desk
            .out
            .line(desk.paths.config_file().display().to_string()),
    }
}

/// Every action with the keys that it has in the user's keymap.
fn actions(desk: &mut Desk<'_>) -> Outcome {
    let keymap = load(desk.paths, &|name| std::env::var(name).ok(), None).keymap;
    let keys = |action| {
        let chords = keymap.chords(action).iter().map(ToString::to_string);
        chords.collect::<Vec<String>>()
    };
    if desk.out.json {
        let rows: Vec<_> = ACTIONS
            .iter()
            .map(|row| serde_json::json!({ "action": row.name, "keys": keys(row.action), "does": row.sentence }))
            .collect();
        return desk.out.json(&rows);
    }
    let mut table = Table::new(&["action", "keys", "does"]);
    for row in ACTIONS {
        let keys = keys(row.action).join(" ");
        table.row(vec![
            cell(Ink::Bold, row.name),
            plain(keys),
            plain(row.sentence),
        ]);
    }
    table.write(&mut desk.out)
}

fn check(desk: &mut Desk<'_>) -> Outcome {
    let file = desk.paths.config_file();
    let loaded = load(desk.paths, &|name| std::env::var(name).ok(), None);
    let problems = loaded.problems;
    let agents = loaded.config.agents.values();
    if desk.out.json {
        desk.out.json(&problems)?;
    } else if problems.is_empty() {
        let what = match file.exists() {
            true => "no problems",
            false => "not there; the defaults hold",
        };
        desk.out.line(format!("{}: {what}", file.display()))?;
        let folder = desk.paths.agents_dir().display().to_string();
        match agents.filter(|agent| agent.file.is_some()).count() {
            0 => {}
            1 => desk.out.line(format!("{folder}: 1 agent, no problems"))?,
            n => desk
                .out
                .line(format!("{folder}: {n} agents, no problems"))?,
        }
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
