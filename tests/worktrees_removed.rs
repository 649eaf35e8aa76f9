//! Worktrees that are removed: never with anything in them that is nowhere else, never for good at once.

mod support;

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use support::repository::{Repository, git, home};
use support::screen::Screen;
use support::{home::Home, until};

/// A fork `w` in a worktree, killed; its worktree's path.
fn killed(repository: &Repository<'_>) -> PathBuf {
    let home = repository.home;
    repository.session("primer");
    let forked = home.json(&["fork", "primer", "w", "--worktree"]);
    let said = home.ok(&["kill", "w"]);
    let path = forked[0]["worktree"]["path"].as_str().expect("a worktree");
    assert!(
        said.contains("its worktree stays") && said.contains(path),
        "{said}"
    );
    PathBuf::from(path)
}

fn state(home: &Home) -> Value {
    home.json(&["worktree", "list"])[0]["state"].clone()
}

/// The engine dies, and its successor finds that the time to undo a removal is long over.
fn much_later(home: &Home) {
    home.crash_engine();
    let records = home.antiphon().join("data/worktrees");
    for file in fs::read_dir(records).unwrap().flatten() {
        let text = fs::read_to_string(file.path()).unwrap();
        if let Ok(mut record) = serde_json::from_str::<Value>(&text) {
            record["state"]["at"] = json!(1);
            fs::write(file.path(), record.to_string()).unwrap();
        }
    }
}

#[test]
fn what_is_nowhere_else_keeps_it_and_is_named() {
    let home = home();
    let repository = Repository::new(&home);
    repository.write("a", "changed in the parent\n");
    let tree = killed(&repository);
    fs::write(tree.join("new"), "x").unwrap();
    let said = home.refused(&["worktree", "remove", "w"]);
    assert!(
        said.contains("2 uncommitted changes (M a, ?? new)"),
        "{said}"
    );
    assert!(
        said.contains("antiphon worktree remove w --force"),
        "{said}"
    );

    git(&home, &tree, &["add", "."]);
    git(&home, &tree, &["commit", "-qm", "its own \u{1b}[2Jwork"]);
    let said = home.refused(&["worktree", "remove", "w"]);
    assert!(
        said.contains("1 commit on no remote and not in `main`"),
        "{said}"
    );
    assert!(said.contains("work)") && !said.contains('\u{1b}'), "{said}");
    assert_eq!(
        state(&home),
        json!({"is": "present", "uncommitted": 0, "unpushed": 1})
    );

    // Pushed, it is elsewhere; its branch stays, for whoever looks at it there.
    git(&home, &home.user(), &["init", "-q", "--bare", "there.git"]);
    let there = home.user().join("there.git").display().to_string();
    repository.git(&["remote", "add", "origin", &there]);
    git(&home, &tree, &["push", "-q", "origin", "w"]);
    home.ok(&["worktree", "remove", "w"]);
    much_later(&home);
    until("its end", || {
        (home.json(&["worktree", "list"]) == json!([])).then_some(())
    });
    assert!(!tree.exists() && !repository.worktrees().exists());
    assert_eq!(repository.git(&["branch", "--list", "w"]).trim(), "w");
    assert!(!repository.git(&["for-each-ref"]).contains("refs/antiphon"));
}

#[test]
fn somebody_in_it_a_lock_or_what_cannot_be_archived_keeps_it_even_by_force() {
    let home = home();
    let repository = Repository::new(&home);
    repository.session("primer");
    home.ok(&["fork", "primer", "w", "--worktree"]);
    let remove = || home.refused(&["worktree", "remove", "w", "--force"]);
    let said = remove();
    assert!(
        said.contains("`w` works in") && said.contains("antiphon kill w"),
        "{said}"
    );
    let tree = repository.worktrees().join("w");
    home.ok(&["kill", "w"]);
    let inside = tree.display().to_string();
    home.ok(&["spawn", "guest", "-b", "rehearsal", "--cwd", &inside]);
    assert!(remove().contains("`guest` works in"));
    home.ok(&["kill", "guest"]);

    repository.git(&["worktree", "lock", &inside]);
    assert!(remove().contains("is locked"));
    repository.git(&["worktree", "unlock", &inside]);

    fs::create_dir(tree.join("inner")).unwrap();
    git(&home, &tree.join("inner"), &["init", "-q"]);
    git(
        &home,
        &tree.join("inner"),
        &["commit", "-qm", "x", "--allow-empty"],
    );
    let said = remove();
    assert!(
        said.contains("repositories of their own") && said.contains("inner/"),
        "{said}"
    );
    fs::remove_dir_all(tree.join("inner")).unwrap();
    home.ok(&["worktree", "remove", "w"]);
    let said = home.refused(&["worktree", "remove", "w"]);
    assert!(said.contains("removed already"), "{said}");
    assert!(
        home.refused(&["worktree", "remove", "nobody"])
            .contains("no worktree `nobody`")
    );
}

/// All that is uncommitted, of every kind.
fn mess(home: &Home, tree: &Path) -> [String; 3] {
    let write = |name: &str, text: &str| fs::write(tree.join(name), text).unwrap();
    write("committed", "c");
    git(home, tree, &["add", "."]);
    git(home, tree, &["commit", "-qm", "own"]);
    write("a", "staged\n");
    git(home, tree, &["add", "a"]);
    write("a", "staged\nand more\n");
    write("new file", "n");
    fs::remove_file(tree.join("committed")).unwrap();
    picture(home, tree)
}

fn picture(home: &Home, tree: &Path) -> [String; 3] {
    [
        git(
            home,
            tree,
            &["status", "--porcelain=v1", "-z", "-uall", "-b"],
        ),
        git(home, tree, &["diff"]),
        git(home, tree, &["diff", "--cached"]),
    ]
}

#[test]
fn by_force_it_is_archived_and_comes_back_as_it_was_or_from_the_archive() {
    let home = home();
    let repository = Repository::new(&home);
    repository.write(".gitignore", "ignored\n");
    repository.git(&["add", "."]);
    repository.git(&["commit", "-qm", "ignore"]);
    let tree = killed(&repository);
    let before = mess(&home, &tree);
    fs::write(tree.join("ignored"), "i").unwrap();

    let said = home.ok(&["worktree", "remove", "w", "--force"]);
    assert!(
        said.contains("for 30 s") && said.contains("refs/antiphon/archive/w-"),
        "{said}"
    );
    assert!(!tree.exists());
    home.crash_engine();
    assert_eq!(state(&home)["is"], "removed");
    home.ok(&["worktree", "restore", "w"]);
    assert_eq!(picture(&home, &tree), before);
    assert_eq!(fs::read_to_string(tree.join("ignored")).unwrap(), "i");
    assert!(!repository.git(&["for-each-ref"]).contains("refs/antiphon"));

    home.ok(&["worktree", "remove", "w", "--force"]);
    much_later(&home);
    let archived = until("an archive", || {
        let state = state(&home);
        (state["is"] == "archived").then_some(state)
    });
    let reference = archived["archive"].as_str().unwrap();
    assert!(!repository.worktrees().exists());
    assert_eq!(repository.git(&["branch", "--list", "w"]), "");
    let worktrees = repository.git(&["worktree", "list", "--porcelain"]);
    assert_eq!(worktrees.matches("worktree ").count(), 1, "{worktrees}");
    let shown = repository.git(&["show", &format!("{reference}:new file")]);
    assert_eq!(shown, "n", "anybody can look into it");
    let subjects = repository.git(&["log", "--format=%s", reference]);
    assert!(subjects.contains("own\n"), "{subjects}");

    // Another has its place by then.
    fs::create_dir_all(&tree).unwrap();
    home.ok(&["worktree", "restore", "w"]);
    let back = repository.worktrees().join("w-2");
    let [status, diff, staged] = picture(&home, &back);
    assert_eq!(status.replacen("w-2", "w", 1), before[0]);
    assert_eq!([diff, staged], before[1..]);
    assert!(!back.join("ignored").exists());
    assert!(
        home.refused(&["worktree", "restore", "w-2"])
            .contains("was not removed")
    );
}

#[test]
fn what_is_written_after_the_removal_is_archived_too() {
    let home = home();
    let repository = Repository::new(&home);
    let tree = killed(&repository);
    home.ok(&["worktree", "remove", "w"]);
    let aside = fs::read_dir(repository.worktrees())
        .unwrap()
        .flatten()
        .next();
    fs::write(aside.expect("set aside").path().join("late"), "words").unwrap();
    much_later(&home);
    let archived = until("an archive", || {
        let state = state(&home);
        (state["is"] == "archived").then_some(state)
    });
    let late = format!("{}:late", archived["archive"].as_str().unwrap());
    assert_eq!(repository.git(&["show", &late]), "words");
    assert!(!tree.exists());
}

#[test]
fn a_folder_that_somebody_removed_is_forgotten_when_it_is_said() {
    let home = home();
    let repository = Repository::new(&home);
    let tree = killed(&repository);
    fs::remove_dir_all(&tree).unwrap();
    assert_eq!(state(&home), json!({"is": "gone"}));
    let said = home.ok(&["worktree", "remove", "w"]);
    assert!(said.contains("gone already"), "{said}");
    assert_eq!(home.json(&["worktree", "list"]), json!([]));
    let worktrees = repository.git(&["worktree", "list", "--porcelain"]);
    assert_eq!(worktrees.matches("worktree ").count(), 1, "{worktrees}");
}

#[test]
fn on_the_screen_a_killed_sessions_worktree_stays_or_is_archived_and_one_key_undoes_it() {
    let home = home();
    let repository = Repository::new(&home);
    repository.write("a", "not committed\n");
    let folder = repository.top.display().to_string();
    home.ok(&[
        "spawn",
        "w",
        "-b",
        "terminal",
        "--cwd",
        &folder,
        "--worktree",
    ]);
    let tree = repository.worktrees().join("w");
    let screen = Screen::open(&home, &[], 140, 40);
    screen.wait_for_text("1 session");
    screen.key("K");
    screen.wait_for_text("Its worktree stays");
    screen.wait_for_text("w and remove the worktree");
    screen.key("w");
    screen.wait_for_text("Archive and remove the worktree?");
    screen.wait_for_text("1 uncommitted change (M a)");
    assert!(tree.exists());
    screen.key("y");
    screen.wait_for_text("archived, removed · U undoes it for 30 s");
    assert!(!tree.exists());
    screen.key("U");
    screen.wait_for_text("worktree of w is back");
    assert_eq!(
        fs::read_to_string(tree.join("a")).unwrap(),
        "not committed\n"
    );
}
