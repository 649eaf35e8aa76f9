//! Forks that work in worktrees of their own: everything uncommitted goes along, nothing half made stays.

mod support;

use serde_json::Value;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use support::repository::{Repository, git, home};
use support::{home::Home, until};

fn path_of(session: &Value) -> PathBuf {
    PathBuf::from(session["worktree"]["path"].as_str().expect("a worktree"))
}

/// The state of a working tree: what is staged, what is not, what is new.
fn state(home: &Home, top: &Path) -> [String; 3] {
    [
        git(home, top, &["status", "--porcelain=v1", "-z", "-uall"]),
        git(home, top, &["diff", "--binary"]),
        git(home, top, &["diff", "--cached", "--binary"]),
    ]
}

#[test]
fn everything_uncommitted_goes_along_and_the_parent_is_not_touched() {
    let home = home();
    let repository = Repository::empty(&home);
    for name in [
        "both",
        "gone",
        "gone-staged",
        "renamed",
        "sub/deep",
        "mode",
        "kept",
    ] {
        repository.write(name, format!("{name}\n").repeat(20));
    }
    repository.write("binary", b"\0\x01\xff");
    repository.write(".gitignore", ".env\n.env.*\ntarget/\n");
    repository.write(".worktreeinclude", ".env*\n!.env.other\n");
    symlink("kept", repository.top.join("link")).unwrap();
    repository.git(&["add", "."]);
    repository.git(&["commit", "-qm", "one"]);

    repository.write("both", "staged\n");
    repository.git(&["add", "both"]);
    repository.write("both", "staged\nand not\n");
    fs::remove_file(repository.top.join("gone")).unwrap();
    repository.git(&["rm", "-q", "gone-staged"]);
    repository.git(&["mv", "renamed", "sub/new name"]);
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(repository.top.join("mode"), mode).unwrap();
    repository.write("binary", b"\xff\0\xfe");
    repository.write("staged-new", "x");
    repository.git(&["add", "staged-new"]);
    repository.write("new/größe \"q\"\nline", "y");
    symlink("nowhere", repository.top.join("new/dangling")).unwrap();
    fs::remove_file(repository.top.join("link")).unwrap();
    symlink("both", repository.top.join("link")).unwrap();
    for (ignored, text) in [(".env", "KEY"), (".env.other", "no"), ("target/x", "no")] {
        repository.write(ignored, text);
    }
    fs::create_dir(repository.top.join("inner")).unwrap();
    git(&home, &repository.top.join("inner"), &["init", "-q"]);
    repository.write("inner/x", "not ours");

    let index = || fs::read(repository.top.join(".git/index")).unwrap();
    let before = (index(), repository.git(&["stash", "list"]));
    let inside = repository.top.join("sub").display().to_string();
    home.ok(&["spawn", "primer", "-b", "rehearsal", "--cwd", &inside]);
    home.ok(&["ask", "primer", "hello"]);
    let output = home.cli(&["fork", "primer", "w", "--worktree", "--json"]);
    let told = String::from_utf8(output.stderr).unwrap();
    let forked: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{told}"));
    assert!(told.contains("not carried over: inner/"), "{told}");
    let after = (index(), repository.git(&["stash", "list"]));
    assert_eq!(before, after, "the parent is as it was");

    let tree = path_of(&forked[0]);
    assert_eq!(tree, repository.worktrees().join("w"));
    assert_eq!(forked[0]["worktree"]["branch"], "w");
    assert_eq!(forked[0]["cwd"], tree.join("sub").display().to_string());
    fs::remove_dir_all(repository.top.join("inner")).unwrap();
    assert_eq!(state(&home, &tree), state(&home, &repository.top));
    let read = |name: &str| fs::read_to_string(tree.join(name)).ok();
    assert_eq!(read(".env").as_deref(), Some("KEY"));
    assert_eq!((read(".env.other"), read("target/x")), (None, None));
    assert_eq!(fs::read(tree.join("binary")).unwrap(), b"\xff\0\xfe");
    assert_eq!(
        fs::read_link(tree.join("new/dangling")).unwrap(),
        Path::new("nowhere")
    );
    // It inherits the conversation, and a fork of the fork begins where that one is.
    assert_eq!(home.json(&["log", "w"]).as_array().unwrap().len(), 1);
    fs::write(tree.join("kept"), "by w").unwrap();
    let second = path_of(&home.json(&["fork", "w", "W", "--worktree"])[0]);
    assert_eq!(second, repository.worktrees().join("W-2"));
    assert_eq!(fs::read_to_string(second.join("kept")).unwrap(), "by w");
}

/// Forks `primer` of a repository that was prepared for it to fail: why it does, and that nothing is left.
fn refused(repository: &Repository<'_>, why: &str) -> String {
    let home = repository.home;
    repository.session("primer");
    let before = repository.inventory();
    let said = home.refused(&["fork", "primer", "w", "--worktree"]);
    assert!(said.contains(why), "{why}: {said}");
    assert_eq!(repository.inventory(), before, "{why}: nothing is left");
    assert!(!repository.worktrees().is_dir(), "{why}");
    let session = home.status("w");
    assert_eq!(session["status"]["is"], "failed", "{session}");
    assert!(session["note"].as_str().unwrap().contains(why), "{session}");
    assert_eq!(session["worktree"], Value::Null);
    assert_eq!(home.json(&["worktree", "list"]), serde_json::json!([]));
    said
}

#[test]
fn where_none_can_be_made_it_says_why_and_leaves_nothing() {
    let home_ = home();
    let said = refused(&Repository::empty(&home_), "has no commit yet");
    assert!(said.contains("git commit --allow-empty"), "{said}");

    let home_ = home();
    let repository = Repository::new(&home_);
    repository.git(&["checkout", "-qb", "other"]);
    repository.write("a", "2\n");
    repository.git(&["commit", "-qam", "two"]);
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a", "3\n");
    repository.git(&["commit", "-qam", "three"]);
    let folder = repository.top.display().to_string();
    home_.run("git", &["-C", &folder, "merge", "-q", "other"], "");
    refused(&repository, "a merge is in progress");
    // Once that is over the same session begins, and is asked what waited for it.
    repository.git(&["merge", "--abort"]);
    home_.ok(&["ask", "w", "go on", "--async"]);
    let session = until("a session that answers", || {
        let session = home_.status("w");
        (session["status"]["is"] == "working").then_some(session)
    });
    assert_eq!(path_of(&session), repository.worktrees().join("w"));

    let home_ = home();
    let repository = Repository::new(&home_);
    repository.hook("post-checkout", "echo error: not today >&2; exit 1");
    refused(&repository, "not today");

    let home_ = home();
    let repository = Repository::new(&home_);
    fs::write(repository.worktrees(), "in the way").unwrap();
    refused(&repository, "worktree add");

    let home_ = home();
    let repository = Repository::new(&home_);
    repository.write(".git/refs/heads/w.lock", "");
    let said = refused(&repository, "w.lock");
    assert!(said.contains("another git"), "{said}");
}

#[test]
fn a_folder_without_a_working_tree_is_refused() {
    let home = home();
    let said = home.refused(&["spawn", "w", "-b", "rehearsal", "--worktree"]);
    assert!(said.contains("is not in a git repository"), "{said}");
    assert!(said.contains("git init"), "{said}");
    git(&home, &home.user(), &["init", "-q", "--bare", "bare.git"]);
    let said = home.refused(&[
        "spawn",
        "v",
        "-b",
        "rehearsal",
        "--worktree",
        "--cwd",
        "bare.git",
    ]);
    assert!(said.contains("bare repository"), "{said}");
}

#[test]
fn a_commit_without_a_branch_will_do_and_a_folder_can_be_configured() {
    let home = home();
    let repository = Repository::new(&home);
    let place = home.user().join("elsewhere");
    home.configure(&format!(
        "[worktrees]\nfolder = {:?}\n",
        place.display().to_string()
    ));
    repository.git(&["checkout", "-q", "--detach"]);
    repository.session("primer");
    let forked = home.json(&["fork", "primer", "w", "--worktree"]);
    assert_eq!(path_of(&forked[0]), place.join("my repo/w"));
    // What it began with is not its own: nothing is unpushed.
    let list = home.json(&["worktree", "list"]);
    let clean = serde_json::json!({"is": "present", "uncommitted": 0, "unpushed": 0});
    assert_eq!(list[0]["state"], clean);
}

#[test]
fn eight_at_once_each_have_their_own_and_one_that_fails_says_so_alone() {
    let home = home();
    let repository = Repository::new(&home);
    repository.git(&["branch", "worker-2"]);
    repository.hook(
        "post-checkout",
        "case \"$(git symbolic-ref --short HEAD)\" in *-5) echo error: no fifth >&2; exit 1;; esac",
    );
    repository.session("primer");
    let output = home.cli(&["fork", "primer", "worker", "--count", "8", "--worktree"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("worker-5") && told.contains("no fifth"),
        "{told}"
    );
    assert_eq!(told.matches("did not start").count(), 1, "{told}");
    for number in 1..=8 {
        let session = home.status(&format!("worker-{number}"));
        let branch = match number {
            5 => {
                assert_eq!(session["status"]["is"], "failed");
                continue;
            }
            2 => "worker-2-2".to_owned(),
            other => format!("worker-{other}"),
        };
        let tree = path_of(&session);
        assert_eq!(tree, repository.worktrees().join(&branch));
        let head = git(&home, &tree, &["symbolic-ref", "--short", "HEAD"]);
        assert_eq!(head.trim(), branch);
    }
    let (_, refs, folders) = repository.inventory();
    assert_eq!(folders.len(), 7, "{folders:?}");
    assert!(!refs.contains("worker-5"), "{refs}");
}

#[test]
fn ten_thousand_are_refused_with_the_limit_named() {
    let home = home();
    Repository::new(&home).session("primer");
    let output = home.cli(&["fork", "primer", "w", "--count", "10000", "--worktree"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && told.contains("1..=32"),
        "{told}"
    );
    assert_eq!(home.json(&["list"]).as_array().unwrap().len(), 1);
}

#[test]
fn any_name_of_a_session_makes_a_branch() {
    let home = home();
    let repository = Repository::new(&home);
    repository.session("primer");
    for (name, branch) in [
        ("a#b", "a-b"),
        ("@..:=#", "session"),
        ("größe.lock", "größe"),
        ("HEAD", "head"),
        ("A#B", "A-B-2"),
    ] {
        let forked = home.ok(&["fork", "primer", "--json", "--worktree", "--", name]);
        let forked: Value = serde_json::from_str(&forked).unwrap();
        let forked = forked[0].clone();
        assert_eq!(forked["worktree"]["branch"], branch, "{name}");
        assert!(path_of(&forked).join("a").is_file());
    }
}

/// A repository in which the making of a worktree stops in the middle until the test lets it go on.
fn slow(repository: &Repository<'_>) -> PathBuf {
    let (begun, go_on) = (
        repository.top.join("../begun"),
        repository.top.join("../go-on"),
    );
    repository.hook(
        "post-checkout",
        &format!(
            "touch '{}'; while [ ! -e '{}' ]; do sleep 0.02; done",
            begun.display(),
            go_on.display()
        ),
    );
    go_on
}

fn begin_slowly(repository: &Repository<'_>) {
    let home = repository.home;
    repository.session("primer");
    let pid = home.engine_pid();
    // Nobody waits for it here.
    let background = [
        "-c",
        "antiphon=$1; \"$antiphon\" fork primer w --worktree >/dev/null 2>&1 &",
        "sh",
    ];
    home.run(
        "/bin/sh",
        &[&background[..], &[support::home::ANTIPHON]].concat(),
        "",
    );
    until("a hook that waits", || {
        repository.top.join("../begun").exists().then_some(())
    });
    assert_eq!(home.engine_pid(), pid);
    assert_eq!(home.status("w")["status"]["is"], "starting");
}

#[test]
fn an_engine_killed_in_the_middle_leaves_nothing_and_its_successor_makes_it_anew() {
    let home = home();
    let repository = Repository::new(&home);
    let go_on = slow(&repository);
    begin_slowly(&repository);
    home.ok(&["ask", "w", "waits", "--async"]);
    home.crash_engine();
    // The git that was left behind still runs: its successor waits for it.
    assert_eq!(home.status("w")["status"]["is"], "starting");
    fs::write(go_on, "").unwrap();
    let session = until("a worktree", || {
        let session = home.status("w");
        (session["status"]["is"] == "idle").then_some(session)
    });
    assert_eq!(path_of(&session), repository.worktrees().join("w"));
    let (list, _, folders) = repository.inventory();
    assert_eq!(
        (list.matches("worktree ").count(), folders.len()),
        (2, 1),
        "{list}"
    );
    assert_eq!(
        home.json(&["worktree", "list"]).as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_session_killed_in_the_middle_takes_what_there_is_with_it() {
    let home = home();
    let repository = Repository::new(&home);
    let before = repository.inventory();
    slow(&repository);
    begin_slowly(&repository);
    home.ok(&["kill", "w"]);
    until("a tidy repository", || {
        (repository.inventory() == before).then_some(())
    });
    until("no record", || {
        (home.json(&["worktree", "list"]) == serde_json::json!([])).then_some(())
    });
}
