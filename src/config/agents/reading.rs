//! Descriptions from files: the shipped ones, and the user's, which add to them or take their place by name.

use super::{Agent, SHELL};
use crate::config::problem::{SourceFile, did_you_mean, whole_file};
use crate::protocol::{Backend, Problem};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use toml::de::DeTable;

/// The descriptions that come with the program.
pub(super) const SHIPPED: &[&str] = &[
    include_str!("../../../assets/agents/aider.toml"),
    include_str!("../../../assets/agents/claude.toml"),
    include_str!("../../../assets/agents/codex.toml"),
    include_str!("../../../assets/agents/gemini-cli.toml"),
    include_str!("../../../assets/agents/opencode.toml"),
    include_str!("../../../assets/agents/shell.toml"),
];

/// The shipped descriptions, by name.
pub fn shipped() -> BTreeMap<String, Agent> {
    // Their expressions take a while to be built.
    static READ: LazyLock<BTreeMap<String, Agent>> = LazyLock::new(|| {
        let read = SHIPPED.iter().filter_map(|text| toml::from_str(text).ok());
        read.map(|agent: Agent| (agent.name.clone(), agent))
            .collect()
    });
    READ.clone()
}

/// Every description: the shipped ones and those of the user's folder. A file with a mistake keeps what was read from
/// it before, in `last`.
pub fn read_folder(
    folder: &Path,
    last: Option<&BTreeMap<String, Agent>>,
) -> (BTreeMap<String, Agent>, Vec<Problem>) {
    let mut agents = shipped();
    let mut problems = Vec::new();
    let files = match files_of(folder) {
        Ok(files) => files,
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    let mut taken: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in files {
        let agent = match read_file(&path) {
            Ok(agent) => Some(agent),
            Err(problem) => {
                problems.push(*problem);
                let before = last.into_iter().flat_map(BTreeMap::values);
                before
                    .clone()
                    .find(|agent| agent.file.as_ref() == Some(&path))
                    .cloned()
            }
        };
        let Some(agent) = agent else { continue };
        if let Some(first) = taken.get(&agent.name) {
            let what = format!(
                "`{}` is described in {} already",
                agent.name,
                first.display()
            );
            problems.push(whole_file(&path, what, "give one of both another name"));
            continue;
        }
        taken.insert(agent.name.clone(), path);
        agents.insert(agent.name.clone(), agent);
    }
    (agents, problems)
}

/// The folder's TOML files, by name.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => {
            let next = "the shipped descriptions are in force; check the folder's owner and mode";
            return Err(whole_file(folder, format!("cannot be read: {e}"), next));
        }
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    Ok(files)
}

fn read_file(path: &Path) -> Result<Agent, Box<Problem>> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        let next =
            "what held before stays in force; check its owner, its mode and that it is UTF-8 text";
        whole_file(path, format!("cannot be read: {e}"), next)
    })?;
    let file = SourceFile::new(path, text);
    let agent = read(&file)?;
    Ok(Agent {
        file: Some(path.to_owned()),
        ..agent
    })
}

/// One description.
///
/// # Errors
/// Its first mistake, with its place.
pub(super) fn read(file: &SourceFile) -> Result<Agent, Box<Problem>> {
    let agent: Agent = toml::from_str(&file.text).map_err(|error| mistake(file, &error))?;
    let at = |section: &str, key: &str| {
        let document = DeTable::parse(&file.text).ok();
        document.and_then(|document| {
            let table = document.get_ref();
            let value = match section.is_empty() {
                true => table.get(key)?,
                false => table.get(section)?.get_ref().as_table()?.get(key)?,
            };
            Some(value.span())
        })
    };
    for (section, key, wrong) in wrong(&agent) {
        if let Some((what, next)) = wrong {
            let span = at(section, key).unwrap_or(0..0);
            return Err(Box::new(file.problem(
                span,
                format!("`{key}`: {what}"),
                next,
            )));
        }
    }
    Ok(agent)
}

type Wrong = Option<(&'static str, &'static str)>;

/// What the form alone does not hold, key by key.
fn wrong(agent: &Agent) -> Vec<(&'static str, &'static str, Wrong)> {
    let unless = |good: bool, what, next| (!good).then_some((what, next));
    let word = |text: &str| {
        !text.is_empty()
            && !text.contains(|c: char| {
                c.is_whitespace() || c.is_control() || matches!(c, '/' | ':' | ',')
            })
    };
    let line = |text: &str| !text.trim().is_empty() && !text.contains(char::is_control);
    let is_api = matches!(
        Backend::from(agent.name.clone()),
        Backend::Anthropic
            | Backend::OpenAi
            | Backend::Gemini
            | Backend::Ollama
            | Backend::Terminal
            | Backend::Rehearsal
    );
    let named = |list: &[String], what: &str| list.iter().any(|text| text.contains(what));
    let conversation = agent.conversation.clone().unwrap_or_default();
    let has = agent.conversation.is_some();
    vec![
        (
            "",
            "name",
            unless(
                word(&agent.name),
                "a name is one word",
                "write one such as \"mycli\"",
            ),
        ),
        (
            "",
            "name",
            unless(
                !is_api,
                "this is a built-in backend",
                "give the agent another name",
            ),
        ),
        (
            "",
            "label",
            unless(
                line(&agent.label),
                "expected one line",
                "write what people call it",
            ),
        ),
        (
            "",
            "program",
            unless(
                line(&agent.program),
                "expected a program",
                "write its name on the PATH",
            ),
        ),
        (
            "conversation",
            "resume",
            unless(
                !has || named(&conversation.resume, "{id}"),
                "the conversation is not named",
                "write {id} where its name stands",
            ),
        ),
        (
            "conversation",
            "fork",
            unless(
                conversation.fork.is_empty() || named(&conversation.fork, "{id}"),
                "the conversation is not named",
                "write {id} where its name stands",
            ),
        ),
        (
            "conversation",
            "kept",
            unless(
                !has || (!conversation.kept.is_empty() && named(&conversation.kept, "{id")),
                "no file is named by which a conversation is known",
                "write its path, with {id} where the conversation's name stands",
            ),
        ),
        (
            "stop",
            "grace_ms",
            unless(
                agent.stop.grace_ms <= 10_000,
                "longer than ten seconds",
                "write 0 to 10000",
            ),
        ),
        (
            "screen",
            "lines",
            unless(
                (1..=50).contains(&agent.screen.lines),
                "out of range",
                "write 1 to 50",
            ),
        ),
        (
            "",
            "program",
            unless(
                agent.program != SHELL || agent.protocol.is_none(),
                "the user's shell speaks no protocol",
                "take [protocol] out",
            ),
        ),
    ]
}

/// A mistake of the form: what is not known is held against what is.
fn mistake(file: &SourceFile, error: &toml::de::Error) -> Problem {
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let mut words = message.split('`').skip(1).step_by(2);
    let span = error.span().unwrap_or(0..0);
    let kept = "what held before stays in force";
    if let Some(unknown) = message.strip_prefix("unknown ") {
        let word = words.next().unwrap_or_default();
        let known: Vec<&str> = words.collect();
        let kind = unknown.split(' ').next().unwrap_or_default();
        let what = match kind {
            "field" => format!("unknown key `{word}`"),
            _ => format!("`{word}` is not known here"),
        };
        let next = did_you_mean(word, known.iter().copied(), || {
            format!("write one of {}", known.join(", "))
        });
        return file.problem(span, what, next);
    }
    if message.starts_with("missing field") {
        let what = format!("no `{}`", words.next().unwrap_or_default());
        return file.problem(
            span,
            what,
            "every description has a name, a label and a program; README, Agents",
        );
    }
    file.problem(span, message, kept)
}
