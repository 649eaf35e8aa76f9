//! How a program in a terminal is started, spoken to and ended, as its description has it.

use super::super::conversation::Way;
use super::super::pty::{Pty, PtyStart};
use super::super::terminals::Manners;
use super::leftovers;
use crate::config::agents::Paste;
use crate::protocol::Refusal;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How much of a file is read to find out whether anything was said in a conversation.
const BEGINNING: u64 = 1024 * 1024;

/// Takes the first way that can be gone. Gives the conversation that the program is then in, where we know it.
pub fn choose(start: &mut PtyStart, manners: &Manners) -> Option<String> {
    let set = start.env.clone();
    let env = |name: &str| {
        let own = set.iter().rev().find(|(known, _)| known == name);
        own.map(|(_, value)| value.clone())
            .or_else(|| std::env::var(name).ok())
    };
    let way = manners.ways.iter().find(|way| can_be_gone(way, &env))?;
    start.command.extend(way.args.iter().cloned());
    way.conversation.clone()
}

fn can_be_gone(way: &Way, env: &dyn Fn(&str) -> Option<String>) -> bool {
    way.kept.is_empty()
        || way
            .kept
            .iter()
            .any(|pattern| holds(pattern, &way.holds, env))
}

/// Whether there is a file of this pattern with this text in its beginning.
fn holds(pattern: &str, text: &str, env: &dyn Fn(&str) -> Option<String>) -> bool {
    let Some(pattern) = expanded(pattern, env) else {
        return false;
    };
    matching(&pattern).iter().any(|file| {
        let mut read = Vec::new();
        let opened = std::fs::File::open(file);
        let whole = opened.and_then(|file| file.take(BEGINNING).read_to_end(&mut read));
        whole.is_ok() && memchr::memmem::find(&read, text.as_bytes()).is_some()
    })
}

/// A pattern with its beginning, `~/` or `$NAME/`, filled in.
fn expanded(pattern: &str, env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let (name, rest) = match (pattern.strip_prefix("~/"), pattern.strip_prefix('$')) {
        (Some(rest), _) => ("HOME", rest),
        (None, Some(named)) => named.split_once('/')?,
        (None, None) => return Some(pattern.to_owned()),
    };
    let value = env(name).filter(|value| !value.is_empty())?;
    Some(format!("{value}/{rest}"))
}

/// The files of a pattern in which `*` stands for any part of a name.
fn matching(pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("/")];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        if !part.contains('*') {
            for path in &mut found {
                path.push(part);
            }
            found.retain(|path| path.exists());
            continue;
        }
        found = found
            .iter()
            .filter_map(|folder| std::fs::read_dir(folder).ok())
            .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
            .filter(|path| fits(path, part))
            .collect();
    }
    found
}

fn fits(path: &Path, part: &str) -> bool {
    let Some(mut name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let mut pieces = part.split('*').peekable();
    let first = pieces.next().unwrap_or_default();
    let Some(rest) = name.strip_prefix(first) else {
        return false;
    };
    name = rest;
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return name.ends_with(piece);
        }
        match name.find(piece) {
            Some(at) => name = &name[at + piece.len()..],
            None => return false,
        }
    }
    name.is_empty()
}

/// Types a prompt, and sends it if it is to be.
///
/// # Errors
/// Several lines for a program that takes none; a program that does not read.
pub fn feed(pty: &Pty, manners: &Manners, text: &str, submit: bool) -> Result<(), Refusal> {
    let feed = &manners.feed;
    if submit && !feed.clear.is_empty() {
        pty.write(feed.clear.clone().into_bytes())?;
    }
    match feed.paste {
        Paste::Bracketed => pty.paste(text)?,
        Paste::Typed => pty.type_in(text)?,
    }
    match submit {
        true => pty.press(feed.enter.as_bytes()),
        false => Ok(()),
    }
}

/// Ends a program: by its own command, then by its signal, then for good; and then what it has left behind, if
/// `leavings` is given. Returns at once.
pub fn end(pty: Pty, manners: Manners, leavings: Option<Vec<String>>) {
    let polite = !manners.stop.command.is_empty();
    if !polite && leavings.is_none() {
        return drop(pty);
    }
    let work = move || {
        let grace = Duration::from_millis(manners.stop.grace_ms.into());
        if polite && feed(&pty, &manners, &manners.stop.command, true).is_ok() {
            pty.ends_within(grace);
        }
        pty.kill();
        pty.ends_within(grace * 2);
        drop(pty);
        if let Some(tickets) = leavings {
            leftovers::end(&manners.stop.leaves, &tickets);
        }
    };
    // Where no thread can be had, the program was dropped with the work, and so ended.
    let _ = std::thread::Builder::new()
        .name("pty-end".into())
        .spawn(work);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_files_and_only_where_something_was_said() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("projects/-work");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("rollout-9-abc.jsonl"), "{\"type\":\"user\"}").unwrap();
        std::fs::write(folder.join("empty.jsonl"), "").unwrap();
        let path = home.path().display().to_string();
        let env = |name: &str| (name == "HOME" || name == "SET").then(|| path.clone());
        for (pattern, text, there) in [
            ("~/projects/*/rollout-*-abc.jsonl", "user", true),
            ("$SET/projects/*/*abc*", "", true),
            ("$SET/projects/-work/rollout-9-abc.jsonl", "user", true),
            ("$UNSET/projects/*/rollout-*-abc.jsonl", "user", false),
            ("~/projects/*/rollout-*-abd.jsonl", "", false),
            ("~/projects/*/empty.jsonl", "user", false),
            ("~/projects/*/empty.jsonl", "", true),
            ("~/nowhere/*/x", "", false),
        ] {
            assert_eq!(holds(pattern, text, &env), there, "{pattern}");
        }
    }

    #[test]
    fn the_first_way_that_can_be_gone_is_taken() {
        let way = |arg: &str, kept: &str| Way {
            args: vec![arg.into()],
            conversation: Some(arg.into()),
            kept: (!kept.is_empty())
                .then(|| kept.into())
                .into_iter()
                .collect(),
            holds: String::new(),
        };
        let manners = Manners {
            ways: vec![
                way("resume", "/no/such"),
                way("fork", "/etc/passwd"),
                way("new", ""),
            ],
            ..Manners::default()
        };
        let mut start = PtyStart {
            command: vec!["x".into()],
            ..PtyStart::plain()
        };
        assert_eq!(choose(&mut start, &manners).as_deref(), Some("fork"));
        assert_eq!(start.command, ["x", "fork"]);
    }
}
