//! `agents`: the descriptions in force, and what this machine has of them. Needs no engine.

use crate::config::agents::{Agent, SHELL};
use crate::config::load;
use crate::faces::cli::desk::Desk;
use crate::faces::cli::doctor::in_path;
use crate::faces::cli::out::{Ink, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use futures_util::future::join_all;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// How long a program may take to say its version; some are slow to begin.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct Row {
    name: String,
    label: String,
    /// Where its program is.
    found: Option<PathBuf>,
    version: Option<String>,
    /// What tells of its status, best first.
    rungs: Vec<&'static str>,
    resume: bool,
    fork: bool,
    /// The variables of its keys that are set here.
    keys: Vec<String>,
    install: String,
    /// The user's file that describes it.
    file: Option<PathBuf>,
}

pub async fn run(desk: &mut Desk<'_>) -> Outcome {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let config = load(desk.paths, &env, None).config;
    let rows = config.agents.values().map(|agent| async {
        let program = match agent.program.as_str() {
            SHELL => (config.terminal.shell.clone()).or_else(|| env("SHELL")),
            "claude" if agent.name == "claude" => Some(config.claude.program.clone()),
            program => Some(program.to_owned()),
        };
        let path = env("PATH").unwrap_or_default();
        let found = in_path(program.as_deref().unwrap_or("/bin/sh"), &path);
        row(agent, found, &env).await
    });
    let rows = join_all(rows).await;
    if desk.out.json {
        return desk.out.json(&rows);
    }
    let mut table = Table::new(&["agent", "", "version", "status by", "comes back", "program"]);
    for row in rows {
        let (ink, place) = match &row.found {
            Some(path) => (Ink::Plain, path.display().to_string()),
            None => (Ink::Dim, row.install),
        };
        let back = match (row.resume, row.fork) {
            (true, true) => "yes, forks",
            (true, false) => "yes",
            (false, _) => "",
        };
        table.row(vec![
            cell(Ink::Bold, &row.name),
            plain(&row.label),
            plain(row.version.unwrap_or_default()),
            cell(Ink::Dim, row.rungs.join(" ")),
            plain(back),
            cell(ink, place),
        ]);
    }
    table.write(&mut desk.out)
}

async fn row(agent: &Agent, found: Option<PathBuf>, env: &dyn Fn(&str) -> Option<String>) -> Row {
    let version = match &found {
        Some(program) if !agent.version.is_empty() => version(program, &agent.version).await,
        _ => None,
    };
    let conversation = agent.conversation.as_ref();
    Row {
        name: agent.name.clone(),
        label: agent.label.clone(),
        version,
        rungs: rungs(agent),
        resume: conversation.is_some(),
        fork: conversation.is_some_and(|known| !known.fork.is_empty()),
        keys: (agent
            .keys
            .iter()
            .filter(|name| env(name).is_some())
            .cloned())
        .collect(),
        install: agent.install.clone(),
        file: agent.file.clone(),
        found,
    }
}

fn rungs(agent: &Agent) -> Vec<&'static str> {
    let all = [
        ("protocol", agent.protocol.is_some()),
        ("hook", agent.hooks.is_some() || agent.prompt_marks),
        ("transcript", agent.transcript.is_some()),
        ("title", !agent.title.rules.is_empty()),
        ("screen", !agent.screen.rules.is_empty()),
    ];
    let there = all.into_iter().filter(|(_, there)| *there);
    there.map(|(name, _)| name).collect()
}

/// The first line of what the program says of its version; nothing where it fails, or takes too long.
async fn version(program: &Path, args: &[String]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(args).kill_on_drop(true);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let said = tokio::time::timeout(PATIENCE, command.output()).await;
    let said = said.ok()?.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let shown = line.chars().filter(|c| !c.is_control()).take(40);
    Some(shown.collect())
}
