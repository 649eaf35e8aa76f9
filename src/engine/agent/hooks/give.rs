//! Writes the settings file of a session, and finds out what of the user's it would cover.

use super::settings;
use serde_json::Value;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The settings file of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Give {
    /// Where it is to be.
    pub file: PathBuf,
    /// Where the engine listens.
    pub socket: PathBuf,
    /// The folder the agent works in.
    pub cwd: PathBuf,
    /// What the user gave with `--settings`: a file, or JSON.
    pub given: Option<String>,
}

impl Give {
    /// Writes the file, for its user alone.
    ///
    /// # Errors
    /// What the user gave does not read, or the file cannot be written. Then the agent starts as it would without us.
    pub fn write(&self) -> Result<(), String> {
        let given = self.given.as_deref().map(|given| self.read_given(given));
        let given = given.transpose()?;
        let line = given.as_ref().and_then(line).or_else(|| self.users_line());
        let program =
            std::env::current_exe().map_err(|e| format!("cannot find this program: {e}"))?;
        let program = program.display().to_string();
        let socket = self.socket.display().to_string();
        let settings = settings::settings((&program, &socket), given.as_ref(), line.as_ref());
        let written = || -> std::io::Result<()> {
            if let Some(folder) = self.file.parent() {
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(folder)?;
            }
            // Anew, so that nobody else's file of that name is written to.
            match std::fs::remove_file(&self.file) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
            let mut options = OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&self.file)?;
            file.write_all(settings.to_string().as_bytes())
        };
        written().map_err(|e| format!("{}: {e}", self.file.display()))
    }

    /// Takes our settings out of a command again, and puts in what was given.
    pub fn undo(&self, command: &mut Vec<String>) {
        super::settings::take_given(command);
        if let Some(given) = &self.given {
            command.splice(1..1, ["--settings".to_owned(), given.clone()]);
        }
    }

    fn read_given(&self, given: &str) -> Result<Value, String> {
        if given.trim_start().starts_with('{') {
            return serde_json::from_str(given).map_err(|e| format!("--settings is no JSON: {e}"));
        }
        let path = self.cwd.join(given);
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// The statusline of the nearest settings that have one: the project's of this machine, the project's, the user's.
    /// One that an administrator enforces is not covered by ours.
    fn users_line(&self) -> Option<Value> {
        let home = std::env::var_os("CLAUDE_CONFIG_DIR").filter(|folder| !folder.is_empty());
        let user = home
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".claude")));
        let project = self.cwd.join(".claude");
        let files = [
            Some(project.join("settings.local.json")),
            Some(project.join("settings.json")),
            user.map(|folder| folder.join("settings.json")),
        ];
        files.into_iter().flatten().find_map(|path| line_of(&path))
    }
}

fn line_of(path: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(path).ok()?;
    line(&serde_json::from_str(&text).ok()?)
}

fn line(settings: &Value) -> Option<Value> {
    let line = &settings["statusLine"];
    line["command"].is_string().then(|| line.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_file_is_the_users_alone_and_shows_the_line_that_the_project_has() {
        let folder = tempfile::tempdir().unwrap();
        let cwd = folder.path().join("work");
        std::fs::create_dir_all(cwd.join(".claude")).unwrap();
        let line = r#"{"statusLine": {"type": "command", "command": "date"}}"#;
        std::fs::write(cwd.join(".claude/settings.json"), line).unwrap();
        std::fs::write(cwd.join("mine.json"), r#"{"model": "x"}"#).unwrap();
        let mut give = Give {
            file: folder.path().join("run/claude-1.json"),
            socket: "/s".into(),
            cwd,
            given: Some("mine.json".into()),
        };
        for _ in 0..2 {
            give.write().unwrap();
        }
        let mode = give.file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let text = std::fs::read_to_string(&give.file).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["model"], "x");
        let command = read["statusLine"]["command"].as_str().unwrap();
        assert!(command.ends_with("--show 'date'"), "{command}");
        for (given, why) in [("none.json", "No such file"), ("{x", "no JSON")] {
            give.given = Some(given.into());
            let error = give.write().unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
