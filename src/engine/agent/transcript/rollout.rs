//! Which rollout is whose. A Codex in its own interface lets a daemon write the file, so no process of the pane has
//! it open; what is left is where and when the conversation began, and that is only taken where one pane can be meant.

use super::places;
use crate::protocol::Millis;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The longest first line that is read, in bytes. Seen: 20 KB (it holds the instructions).
const LONGEST_HEAD: u64 = 1024 * 1024;

/// How a rollout begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub thread: String,
    pub parent: Option<String>,
    pub cwd: PathBuf,
    pub began: Millis,
}

/// The first line of a rollout; `None`: it is not there yet, or none.
pub fn head(path: &Path) -> Option<Head> {
    let file = File::open(path).ok()?;
    let mut line = String::new();
    let read = BufReader::new(file.take(LONGEST_HEAD)).read_line(&mut line);
    read.ok().filter(|_| line.ends_with('\n'))?;
    let line: Value = serde_json::from_str(&line).ok()?;
    let about = &line["payload"];
    let text = |name: &str| about[name].as_str().map(str::to_owned);
    let began: jiff::Timestamp = text("timestamp")
        .or_else(|| line["timestamp"].as_str().map(str::to_owned))?
        .parse()
        .ok()?;
    Some(Head {
        thread: text("id")?,
        parent: text("parent_thread_id"),
        cwd: text("cwd")?.into(),
        began: began.as_millisecond(),
    })
}

/// A pane that waits for its rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    pub sessions: PathBuf,
    pub cwd: &'a Path,
    pub since: Millis,
    pub threads: Vec<String>,
}

/// Whose the rollout is, by its place in `panes`; `None` where that cannot be told.
pub fn owner(head: &Head, sessions: &Path, panes: &[Waiting<'_>]) -> Option<usize> {
    let of_parent = panes.iter().position(|pane| {
        head.parent
            .as_ref()
            .is_some_and(|p| pane.threads.contains(p))
    });
    if of_parent.is_some() || head.parent.is_some() {
        return of_parent;
    }
    let could = |pane: &Waiting<'_>| {
        pane.sessions == sessions && pane.cwd == head.cwd && pane.since <= head.began
    };
    let mut owners = panes.iter().enumerate().filter(|(_, pane)| could(pane));
    let (first, _) = owners.next()?;
    owners.next().is_none().then_some(first)
}

/// The rollout of a conversation, wherever in the years it began.
pub fn of_conversation(sessions: &Path, conversation: &str) -> Option<PathBuf> {
    let end = format!("-{conversation}.jsonl");
    let below = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let years = below(sessions);
    let days = years
        .iter()
        .flat_map(|year| below(year))
        .flat_map(|m| below(&m));
    days.flat_map(|day| places::transcripts(&day))
        .find(|file| file.to_str().is_some_and(|name| name.ends_with(&end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pane(cwd: &Path, since: Millis, threads: &[&str]) -> Waiting<'static> {
        Waiting {
            sessions: "/s".into(),
            cwd: Box::leak(cwd.to_owned().into_boxed_path()),
            since,
            threads: threads.iter().map(|t| (*t).to_owned()).collect(),
        }
    }

    fn rollout(cwd: &str, began: Millis, parent: Option<&str>) -> Head {
        Head {
            thread: "new".into(),
            parent: parent.map(str::to_owned),
            cwd: cwd.into(),
            began,
        }
    }

    #[test]
    fn a_rollout_is_given_only_to_the_one_pane_that_can_be_meant() {
        let panes = [
            pane(Path::new("/a"), 100, &["one"]),
            pane(Path::new("/b"), 100, &[]),
            pane(Path::new("/b"), 500, &[]),
        ];
        let owner = |head: Head| super::owner(&head, Path::new("/s"), &panes);
        assert_eq!(owner(rollout("/a", 200, None)), Some(0));
        assert_eq!(owner(rollout("/a", 50, None)), None, "began before");
        assert_eq!(owner(rollout("/c", 200, None)), None, "in another folder");
        assert_eq!(
            owner(rollout("/b", 200, None)),
            Some(1),
            "the other began later"
        );
        assert_eq!(
            owner(rollout("/b", 600, None)),
            None,
            "either could be meant"
        );
        assert_eq!(
            owner(rollout("/c", 600, Some("one"))),
            Some(0),
            "a sub-agent's"
        );
        assert_eq!(
            owner(rollout("/a", 600, Some("two"))),
            None,
            "of somebody else's"
        );
        let elsewhere = super::owner(&rollout("/a", 200, None), Path::new("/t"), &panes);
        assert_eq!(elsewhere, None, "another CODEX_HOME");
    }

    #[test]
    fn the_head_is_read_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let day = folder.path().join("2026/11/20");
        std::fs::create_dir_all(&day).unwrap();
        let path = day.join("rollout-2026-11-20T10-24-16-01a1f87c.jsonl");
        let line = r#"{"timestamp":"2026-11-20T10:24:18.282Z","type":"session_meta","payload":{"id":"01a1f87c","timestamp":"2026-11-20T10:24:16.903Z","cwd":"/w"}}"#;
        std::fs::write(&path, line).unwrap();
        assert_eq!(head(&path), None);
        std::fs::write(&path, format!("{line}\nnonsense")).unwrap();
        let read = head(&path).unwrap();
        assert_eq!(
            (read.thread.as_str(), read.began % 100_000),
            ("01a1f87c", 56_903)
        );
        assert_eq!(of_conversation(folder.path(), "01a1f87c"), Some(path));
        assert_eq!(of_conversation(folder.path(), "01a1"), None);
    }
}
