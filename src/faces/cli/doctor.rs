//! `doctor`: what this machine has, and what is missing. Starts nothing and changes nothing.

use crate::config::agents::SHELL;
use crate::config::{Config, Endpoint, load, report};
use crate::faces::cli::desk::Desk;
use crate::faces::cli::out::{Ink, Outcome, Stop};
use crate::faces::client::{Dialogue, is_absent};
use crate::protocol::{Answer, Backend, Query, Request};
use serde::Serialize;
use std::io::IsTerminal;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    Ok,
    /// Not there; Antiphon works without it.
    Missing,
    /// To be mended.
    Broken,
}

#[derive(Debug, Serialize)]
struct Finding {
    what: String,
    found: Found,
    detail: String,
}

fn finding(what: impl Into<String>, found: Found, detail: impl Into<String>) -> Finding {
    Finding {
        what: what.into(),
        found,
        detail: detail.into(),
    }
}

pub async fn run(desk: &mut Desk<'_>) -> Outcome {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let loaded = load(desk.paths, &env, None);
    let mut findings = vec![terminal(&env), configuration(desk, &loaded.problems)];
    let (engine, offers) = engine(desk).await;
    findings.push(engine);
    findings.extend(offers.unwrap_or_else(|| backends(&loaded.config, &env)));
    if desk.out.json {
        desk.out.json(&findings)?;
    } else {
        let width = findings
            .iter()
            .map(|f| f.what.chars().count())
            .max()
            .unwrap_or(0);
        for finding in &findings {
            let (ink, mark) = match finding.found {
                Found::Ok => (Ink::Good, "✓"),
                Found::Missing => (Ink::Dim, "–"),
                Found::Broken => (Ink::Bad, "✗"),
            };
            let detail = finding
                .detail
                .replace('\n', &format!("\n{}", " ".repeat(width + 4)));
            let what = format!(" {:<width$}  ", finding.what);
            desk.out
                .inked(&[(ink, mark), (Ink::Plain, &what), (Ink::Plain, &detail)])?;
        }
    }
    match findings
        .iter()
        .any(|finding| finding.found == Found::Broken)
    {
        true => Err(Stop::Failed),
        false => Ok(()),
    }
}

fn terminal(env: &dyn Fn(&str) -> Option<String>) -> Finding {
    let mut facts = Vec::new();
    facts.extend(env("TERM").map(|term| format!("TERM={term}")));
    facts.extend(env("TERM_PROGRAM"));
    facts.extend(
        crossterm::terminal::size()
            .ok()
            .map(|(cols, rows)| format!("{cols}×{rows}")),
    );
    facts.push(match env("COLORTERM").as_deref() {
        Some("truecolor" | "24bit") => "16 million colours".to_owned(),
        _ => "COLORTERM is not set: the themes night and paper may look coarse".to_owned(),
    });
    for (name, word) in [
        ("NO_COLOR", "NO_COLOR"),
        ("TMUX", "in tmux"),
        ("STY", "in screen"),
        ("SSH_TTY", "over ssh"),
    ] {
        facts.extend(env(name).map(|_| word.to_owned()));
    }
    let locale = env("LC_ALL")
        .or_else(|| env("LC_CTYPE"))
        .or_else(|| env("LANG"));
    let utf8 = locale.is_some_and(|locale| {
        let plain = locale.to_lowercase().replace('-', "");
        plain.contains("utf8")
    });
    if !utf8 {
        facts.push("the locale does not say UTF-8: frames and marks may look wrong".to_owned());
    }
    let shown = std::io::stdout().is_terminal() || std::io::stderr().is_terminal();
    let found = if shown { Found::Ok } else { Found::Missing };
    finding("terminal", found, facts.join(", "))
}

fn configuration(desk: &Desk<'_>, problems: &[crate::protocol::Problem]) -> Finding {
    let file = desk.paths.config_file();
    if !problems.is_empty() {
        let all: Vec<String> = problems.iter().map(report).collect();
        return finding("configuration", Found::Broken, all.join("\n"));
    }
    let note = if file.exists() {
        ""
    } else {
        " (not there; the defaults hold)"
    };
    finding(
        "configuration",
        Found::Ok,
        format!("{}{note}", file.display()),
    )
}

/// The engine, and if it runs, what it offers.
async fn engine(desk: &Desk<'_>) -> (Finding, Option<Vec<Finding>>) {
    let mut line = match Dialogue::open(&desk.paths.socket(), false).await {
        Ok(line) => line,
        Err(error) if is_absent(&error) => {
            return (
                finding(
                    "engine",
                    Found::Ok,
                    "does not run; the first command starts it",
                ),
                None,
            );
        }
        Err(error) => return (finding("engine", Found::Broken, error.to_string()), None),
    };
    let (pid, version) = (line.client.engine_pid, &line.client.engine_version);
    let engine = finding("engine", Found::Ok, format!("{version}, process {pid}"));
    let Ok(Answer::Offers(offers)) = line.ask(Request::Query(Query::Offers)).await else {
        return (engine, None);
    };
    let found = |ready| if ready { Found::Ok } else { Found::Missing };
    let offers = offers
        .into_iter()
        .map(|offer| finding(offer.label, found(offer.ready), offer.detail));
    (engine, Some(offers.collect()))
}

/// What can be seen without an engine: programs in PATH and variables that hold keys. Their values are not shown.
fn backends(config: &Config, env: &dyn Fn(&str) -> Option<String>) -> Vec<Finding> {
    let path = env("PATH").unwrap_or_default();
    let mut findings = Vec::new();
    let agents = config
        .agents
        .values()
        .filter(|agent| agent.program != SHELL);
    let programs = agents.map(|agent| match agent.backend() {
        Backend::Claude => (agent.label.as_str(), config.claude.program.as_str()),
        _ => (agent.label.as_str(), agent.program.as_str()),
    });
    for (what, program) in programs.chain([("Ollama", "ollama")]) {
        findings.push(match in_path(program, &path) {
            Some(place) => finding(what, Found::Ok, place.display().to_string()),
            None => finding(what, Found::Missing, format!("no `{program}` in PATH")),
        });
    }
    let mut key = |what: String, variable: Option<&str>, command: bool| {
        let set = variable.filter(|name| env(name).is_some());
        let (found, detail) = match (set, variable, command) {
            (Some(name), ..) => (Found::Ok, format!("{name} is set")),
            (None, _, true) => (Found::Ok, "api_key_cmd is set".to_owned()),
            (None, Some(name), false) => (Found::Missing, format!("{name} is not set")),
            (None, None, false) => (Found::Ok, "needs no key".to_owned()),
        };
        findings.push(finding(what, found, detail));
    };
    for (what, api) in [
        ("Anthropic API", &config.anthropic),
        ("OpenAI API", &config.openai),
    ] {
        key(
            what.to_owned(),
            Some(&api.api_key_env),
            api.api_key_cmd.is_some(),
        );
    }
    for (
        name,
        Endpoint {
            api_key_env,
            api_key_cmd,
            ..
        },
    ) in &config.endpoints
    {
        key(
            format!("endpoint {name}"),
            api_key_env.as_deref(),
            api_key_cmd.is_some(),
        );
    }
    findings
}

/// A program as the shell would find it.
pub fn in_path(program: &str, path: &str) -> Option<PathBuf> {
    let runs = |file: &Path| {
        let facts = file.metadata();
        facts.is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        let file = PathBuf::from(program);
        return runs(&file).then_some(file);
    }
    std::env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|file| runs(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_as_a_shell_finds_them() {
        assert!(in_path("sh", "/nowhere:/bin:/usr/bin").is_some());
        assert!(in_path("/bin/sh", "").is_some());
        assert!(in_path("sh", "/nowhere").is_none());
        assert!(in_path("/etc/passwd", "").is_none());
    }

    #[test]
    fn the_value_of_a_key_is_not_shown() {
        let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "sk-hush".to_owned());
        let findings = backends(&Config::default(), &env);
        assert!(!format!("{findings:?}").contains("hush"));
        let of = |what: &str| findings.iter().find(|f| f.what == what).map(|f| f.found);
        assert_eq!(of("OpenAI API"), Some(Found::Ok));
        assert_eq!(of("Anthropic API"), Some(Found::Missing));
    }
}
