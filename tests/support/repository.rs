//! A git repository of a test's own, and the git program without anybody's settings.

use super::home::Home;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A home in which git knows nobody's settings but who commits.
pub fn home() -> Home {
    with_git(Home::new())
}

/// The same for a home that has more.
pub fn with_git(mut home: Home) -> Home {
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@b"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@b"),
    ] {
        home.set(name, value);
    }
    home
}

/// A working tree. The path has a blank in it, as paths have.
pub struct Repository<'a> {
    pub home: &'a Home,
    pub top: PathBuf,
}

impl<'a> Repository<'a> {
    /// One with a commit on `main` that has the file `a`.
    pub fn new(home: &'a Home) -> Repository<'a> {
        let made = Repository::empty(home);
        made.write("a", "1\n");
        made.git(&["add", "."]);
        made.git(&["commit", "-qm", "one"]);
        made
    }

    /// One without a commit.
    pub fn empty(home: &'a Home) -> Repository<'a> {
        let top = home.user().join("my repo");
        fs::create_dir_all(&top).expect("a folder");
        let made = Repository {
            home,
            top: top.canonicalize().expect("it is there"),
        };
        made.git(&["init", "-q", "-b", "main"]);
        made
    }

    pub fn git(&self, args: &[&str]) -> String {
        git(self.home, &self.top, args)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// The folder in which its worktrees are made.
    pub fn worktrees(&self) -> PathBuf {
        self.top.with_file_name("my repo-worktrees")
    }

    /// A hook that runs this shell script.
    pub fn hook(&self, name: &str, script: &str) {
        let hooks = self.top.join(".git/hooks");
        fs::create_dir_all(&hooks).expect("a folder");
        let hook = hooks.join(name);
        fs::write(&hook, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("a program");
    }

    /// A session in it.
    pub fn session(&self, name: &str) {
        let top = self.top.display().to_string();
        let spawn = ["spawn", name, "-b", "rehearsal", "--cwd", &top];
        self.home.ok(&spawn);
    }

    /// What git and the disk say of worktrees and branches: nothing half made stays in it.
    pub fn inventory(&self) -> (String, String, Vec<String>) {
        let entries = fs::read_dir(self.worktrees())
            .into_iter()
            .flatten()
            .flatten();
        let mut folders: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        folders.sort();
        (
            self.git(&["worktree", "list", "--porcelain"]),
            self.git(&["for-each-ref"]),
            folders,
        )
    }
}

/// The output of git in a folder, which must succeed.
pub fn git(home: &Home, folder: &Path, args: &[&str]) -> String {
    let folder = folder.display().to_string();
    let output = home.run("git", &[&["-C", &folder], args].concat(), "");
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
