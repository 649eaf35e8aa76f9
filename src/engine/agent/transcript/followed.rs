//! The transcripts of one session: which files, how far they are read, what they tell.

use super::codex::Reader;
use super::lines::Lines;
use super::{Fact, Kind, News, claude, places};
use crate::protocol::{Millis, SessionId};
use std::path::{Path, PathBuf};

/// Files of one session that are followed at once: conversations left by `/clear`, sub-agents. The oldest are let go.
const MOST_FILES: usize = 64;

/// A file that is followed.
pub struct Open {
    pub lines: Lines,
    kind: Kind,
    pub codex: Reader,
    /// Of a sub-agent: only its tokens count.
    aside: bool,
    /// Whether something since the beginning was read.
    live: bool,
    /// What is older is passed over.
    oldest: Millis,
}

/// The transcripts of one session.
pub struct Followed {
    pub session: SessionId,
    pub start: u64,
    pub since: Millis,
    pub files: Vec<Open>,
    /// Of Codex: where its rollouts will be.
    pub rollouts: Option<(PathBuf, PathBuf)>,
    pub from: Vec<(PathBuf, u64)>,
    pub resumed: bool,
}

impl Followed {
    pub fn open(&mut self, path: PathBuf, kind: Kind, aside: bool) -> bool {
        if self.files.iter().any(|open| open.lines.path() == path) {
            return false;
        }
        if self.files.len() >= MOST_FILES {
            self.files.remove(0);
        }
        let known = self.from.iter().find(|(known, _)| *known == path);
        let position = known.map_or(0, |(_, position)| *position);
        self.files.push(Open {
            lines: Lines::new(path, position),
            kind,
            codex: Reader::default(),
            aside,
            live: false,
            oldest: match (known, self.resumed) {
                (Some(_), true) => 0,
                _ => self.since,
            },
        });
        true
    }

    /// Opens the files of sub-agents that have appeared.
    pub fn discover(&mut self) {
        let main = self
            .files
            .iter()
            .filter(|o| o.kind == Kind::Claude && !o.aside);
        let folders: Vec<PathBuf> = main.map(|o| places::subagents(o.lines.path())).collect();
        for path in folders
            .iter()
            .flat_map(|folder| places::transcripts(folder))
        {
            self.open(path, Kind::Claude, true);
        }
    }

    /// The folders to be watched for it.
    pub fn folders(&self) -> Vec<PathBuf> {
        let mut wanted = Vec::new();
        for open in &self.files {
            wanted.extend(open.lines.path().parent().and_then(places::nearest));
            if open.kind == Kind::Claude && !open.aside {
                wanted.extend(places::nearest(&places::subagents(open.lines.path())));
            }
        }
        if let Some((sessions, _)) = &self.rollouts {
            for folder in places::days(sessions, jiff::Zoned::now().date()) {
                wanted.extend(places::nearest(&folder));
            }
        }
        wanted
    }

    /// Reads what is new; of `only` one file, or of all.
    pub fn read(&mut self, only: Option<&Path>) -> News {
        let mut facts = Vec::new();
        let mut positions = Vec::new();
        let since = self.since;
        for open in &mut self.files {
            let before = open.lines.position();
            if only.is_some_and(|path| path != open.lines.path()) {
                continue;
            }
            let Open {
                lines,
                kind,
                codex,
                aside,
                live,
                oldest,
            } = open;
            lines.read(|line| {
                let Ok(line) = serde_json::from_slice(line) else {
                    return;
                };
                let told = match kind {
                    Kind::Claude => claude::read(&line),
                    Kind::Codex => codex.read(&line),
                };
                *live |= super::time(&line).is_some_and(|at| at >= since);
                for mut fact in told {
                    match &mut fact {
                        Fact::Spent(spent) => spent.aside |= *aside,
                        Fact::Totals { before, .. } => *before = !*live,
                        _ if *aside => continue,
                        _ => {}
                    }
                    if fact.at().is_none_or(|at| at >= *oldest) {
                        facts.push(fact);
                    }
                }
            });
            if lines.position() != before {
                positions.push((lines.path().to_owned(), lines.position()));
            }
        }
        News {
            session: self.session,
            start: self.start,
            facts,
            positions,
        }
    }
}
