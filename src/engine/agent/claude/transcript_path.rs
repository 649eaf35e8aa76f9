//! Where the CLI keeps a conversation. Forked into another folder, such as a worktree, one is named by its file:
//! 2.1.328 finds it by its id from everywhere, 2.1.197 only from the folder itself or the top of a worktree.

use std::path::{Path, PathBuf};

/// What `--resume` is given for a conversation that goes on in `cwd`: its id, or the path of its file where that lies
/// in the folder of another project. `config`: the CLI's own folder.
pub fn resumable(config: Option<&Path>, cwd: &Path, conversation: &str) -> String {
    // Our own ids are UUIDs; anything else is no name of a file that we would look for.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let Some(projects) = config.map(|config| config.join("projects")) else {
        return conversation.to_owned();
    };
    if conversation.is_empty() || !conversation.chars().all(plain) {
        return conversation.to_owned();
    }
    let file = format!("{conversation}.jsonl");
    if projects.join(project(cwd)).join(&file).is_file() {
        return conversation.to_owned();
    }
    let folders = std::fs::read_dir(&projects).into_iter().flatten().flatten();
    let mut found = folders
        .map(|folder| folder.path().join(&file))
        .filter(|path| path.is_file());
    match found
        .next()
        .and_then(|path| path.to_str().map(str::to_owned))
    {
        Some(path) => path,
        // The CLI may know more than we do, and says so if it does not.
        None => conversation.to_owned(),
    }
}

/// The name of a project's folder.
fn project(cwd: &Path) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    cwd.to_string_lossy().chars().map(letter).collect()
}

/// The CLI's folder, as the variables say that it inherits.
pub fn config_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("CLAUDE_CONFIG_DIR")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".claude")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_of_another_folder_is_named_by_its_file() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("projects/-s-my-repo");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a1-b2.jsonl");
        std::fs::write(&file, "").unwrap();
        let file = file.to_str().unwrap();
        for (cwd, conversation, given) in [
            ("/s/my repo", "a1-b2", "a1-b2"),
            ("/s/my_repo", "a1-b2", "a1-b2"),
            ("/s/my repo-worktrees/w", "a1-b2", file),
            ("/s/my repo-worktrees/w", "unknown", "unknown"),
            ("/s", "../-s-my-repo/a1-b2", "../-s-my-repo/a1-b2"),
            ("/s", "", ""),
        ] {
            let said = resumable(Some(home.path()), Path::new(cwd), conversation);
            assert_eq!(said, given, "{cwd} {conversation}");
        }
        assert_eq!(resumable(None, Path::new("/s"), "a1-b2"), "a1-b2");
    }
}
