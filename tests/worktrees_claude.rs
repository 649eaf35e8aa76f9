//! The real Claude Code CLI, forked into worktrees: it keeps only conversations of the folder it runs in, and yet the
//! fork must know what was said, work where it is, and go on there after a crash.
//!
//! Runs where `ANTIPHON_CLAUDE` names the program:
//! `npm install -g @anthropic-ai/claude-code`, then `ANTIPHON_CLAUDE=$(which claude) cargo test --test worktrees_claude`.

mod support;

use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use support::claude;
use support::messages_api::MessagesApi;
use support::repository::{Repository, with_git};

/// All that was sent with a prompt.
fn sent(api: &MessagesApi, prompt: &str) -> String {
    let asked = |call: &support::ledger::Call| call.prompt.contains(prompt);
    let call = api.billed().into_iter().rfind(asked);
    call.expect("it was asked").body["messages"].to_string()
}

fn tree_of(session: &Value) -> PathBuf {
    session["worktree"]["path"]
        .as_str()
        .expect("a worktree")
        .into()
}

#[test]
fn forks_in_worktrees_inherit_the_conversation_and_work_where_they_are() {
    let api = MessagesApi::start();
    let Some(home) = claude::home(&api) else {
        return;
    };
    let home = with_git(home);
    let repository = Repository::new(&home);
    // From a folder within: its conversations are kept apart from those of the top.
    repository.write("sub/b", "2\n");
    let inside = repository.top.join("sub").display().to_string();
    let mode = ["--permission-mode", "acceptEdits"];
    home.ok(&[
        &["spawn", "primer", "-b", "claude", "--cwd", &inside][..],
        &mode,
    ]
    .concat());
    home.ok(&["ask", "primer", "the kumquat"]);
    home.ok(&["ask", "primer", "the durian"]);
    let forked = home.json(&["fork", "primer", "w", "--worktree", "--count", "2"]);
    for session in forked.as_array().expect("two") {
        let name = session["name"].as_str().expect("a name");
        let tree = tree_of(session);
        assert!(
            tree.join("sub/b").is_file(),
            "what is uncommitted goes along"
        );
        let file = tree.join("sub/made.txt");
        let write = json!({"file_path": file, "content": name});
        home.ok(&["ask", name, &format!("@tool:Write {write} by {name}")]);
        let conversation = sent(&api, &format!("by {name}"));
        assert!(conversation.contains("the kumquat"), "{conversation}");
        assert!(conversation.contains("the durian"), "{conversation}");
        // It may edit without being asked only in the folder it works in.
        assert_eq!(fs::read_to_string(file).expect("it was written"), name);
    }
    assert!(!repository.top.join("sub/made.txt").exists());

    // At an earlier turn; and the fork of a fork.
    let first = home.json(&["log", "primer"])[0]["id"].as_u64();
    let first = format!("t{}", first.expect("a turn's number"));
    home.ok(&["fork", "primer", "early", "--at", &first, "--worktree"]);
    home.ok(&["ask", "early", "from the first"]);
    let conversation = sent(&api, "from the first");
    assert!(conversation.contains("the kumquat") && !conversation.contains("the durian"));
    home.ok(&["fork", "w-1", "deeper", "--worktree"]);
    home.ok(&["ask", "deeper", "from the fork"]);
    assert!(sent(&api, "from the fork").contains("by w-1"));

    home.crash_engine();
    home.ok(&["ask", "w-2", "after the crash"]);
    let conversation = sent(&api, "after the crash");
    assert!(conversation.contains("the kumquat") && conversation.contains("by w-2"));
}
