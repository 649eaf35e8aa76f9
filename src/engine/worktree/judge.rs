//! Whether a worktree may be removed: what git says of it, read, and put into words.

use crate::protocol::Refusal;

/// How many files or commits are named; the others are counted.
const NAMED: usize = 3;

/// A file that differs from the last commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Two letters, as `git status --short` shows them.
    pub code: String,
    pub path: String,
}

impl Change {
    /// Whether it is a repository of its own that git only sees from outside.
    pub fn is_repository(&self) -> bool {
        self.code == "??" && self.path.ends_with('/')
    }
}

/// Reads `git status --porcelain=v1 -z --no-renames`.
pub fn changes(output: &[u8]) -> Vec<Change> {
    let entries = output.split(|byte| *byte == 0);
    entries
        .filter(|entry| entry.len() > 3)
        .map(|entry| Change {
            code: String::from_utf8_lossy(&entry[..2]).into_owned(),
            path: String::from_utf8_lossy(&entry[3..]).into_owned(),
        })
        .collect()
}

/// What speaks against removing a worktree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub changes: Vec<Change>,
    /// Commits that are neither in the branch it was made from nor on any remote.
    pub unpushed: u32,
    /// The newest of them, as `hash subject`.
    pub newest: Vec<String>,
    /// The branch it was made from.
    pub parent_branch: Option<String>,
}

impl Held {
    pub fn nothing(&self) -> bool {
        self.changes.is_empty() && self.unpushed == 0
    }

    /// Why a worktree is not removed, and how it could be.
    pub fn refusal(&self, name: &str) -> Refusal {
        let mut parts = Vec::new();
        if !self.changes.is_empty() {
            let files = self
                .changes
                .iter()
                .map(|c| format!("{} {}", c.code.trim(), c.path));
            parts.push(format!(
                "{} ({})",
                counted(self.changes.len() as u32, "uncommitted change"),
                some(files, self.changes.len())
            ));
        }
        if self.unpushed > 0 {
            let branch = match &self.parent_branch {
                Some(branch) => format!(" and not in `{branch}`"),
                None => String::new(),
            };
            let commits = self.newest.iter().cloned();
            parts.push(format!(
                "{} on no remote{branch} ({})",
                counted(self.unpushed, "commit"),
                some(commits, self.unpushed as usize)
            ));
        }
        Refusal::new(
            format!("the worktree of `{name}` has {}", parts.join(" and ")),
            format!(
                "commit, and push or merge; or antiphon worktree remove {} --force, which archives it first",
                quoted(name)
            ),
        )
    }
}

/// A name as a shell takes it.
pub fn quoted(name: &str) -> String {
    match name
        .chars()
        .all(|c| c.is_alphanumeric() || "-_.+".contains(c))
    {
        true => name.to_owned(),
        false => format!("'{}'", name.replace('\'', "'\\''")),
    }
}

/// `1 commit`, `2 commits`.
pub fn counted(count: u32, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    }
}

/// The first few of `all`, without what could harm a terminal.
pub fn some(items: impl Iterator<Item = String>, all: usize) -> String {
    let named: Vec<String> = items
        .take(NAMED)
        .map(|text| text.replace(char::is_control, "?"))
        .collect();
    match all.saturating_sub(named.len()) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_says_is_read() {
        let read = changes(b"M  a b.rs\0?? new\nline\0?? nested/\0D  gone\xff\0");
        let codes: Vec<&str> = read.iter().map(|c| c.code.as_str()).collect();
        assert_eq!(codes, ["M ", "??", "??", "D "]);
        assert_eq!(read[0].path, "a b.rs");
        assert!(read[2].is_repository() && !read[1].is_repository());
        assert_eq!(changes(b""), []);
    }

    #[test]
    fn a_refusal_says_exactly_what() {
        let held = Held {
            changes: changes(b" M a\0?? b\x1b[2J\0A  c\0A  d\0"),
            unpushed: 1,
            newest: vec!["abc1234 fix".into()],
            parent_branch: Some("main".into()),
        };
        let refusal = held.refusal("w 1");
        assert_eq!(
            refusal.what,
            "the worktree of `w 1` has 4 uncommitted changes (M a, ?? b?[2J, A c and 1 more) and \
             1 commit on no remote and not in `main` (abc1234 fix)"
        );
        assert!(refusal.next.contains("remove 'w 1' --force"), "{refusal}");
        assert!(!held.nothing() && Held::default().nothing());
        let alone = Held {
            unpushed: 5,
            newest: vec!["a x".into(), "b y".into(), "c z".into()],
            ..Held::default()
        };
        assert_eq!(
            alone.refusal("w").what,
            "the worktree of `w` has 5 commits on no remote (a x, b y, c z and 2 more)"
        );
    }
}
