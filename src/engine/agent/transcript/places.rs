//! Which folders have to be watched so that nothing is missed: those that hold the files, and where one is not there
//! yet, the nearest above it that is.

use std::path::{Path, PathBuf};

/// `folder`, or the nearest folder above it that exists.
pub fn nearest(folder: &Path) -> Option<PathBuf> {
    let mut above = folder.ancestors();
    above.find(|path| path.is_dir()).map(Path::to_owned)
}

/// Where the sub-agents of a conversation of Claude Code write.
pub fn subagents(transcript: &Path) -> PathBuf {
    transcript.with_extension("").join("subagents")
}

/// The transcripts in a folder, in the order of their names.
pub fn transcripts(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    files.sort();
    files
}

/// `$CODEX_HOME/sessions` and below it the folders of a day, such as `2026/11/20`.
pub fn days(sessions: &Path, day: jiff::civil::Date) -> [PathBuf; 4] {
    let year = sessions.join(format!("{:04}", day.year()));
    let month = year.join(format!("{:02}", day.month()));
    let last = month.join(format!("{:02}", day.day()));
    [sessions.to_owned(), year, month, last]
}

/// `$CODEX_HOME`, given or of the environment, else `~/.codex`.
pub fn codex_sessions(home: Option<&Path>) -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let home = home
        .map(Path::to_owned)
        .or_else(|| of("CODEX_HOME").map(PathBuf::from))
        .or_else(|| Some(PathBuf::from(of("HOME")?).join(".codex")))?;
    Some(home.join("sessions"))
}
