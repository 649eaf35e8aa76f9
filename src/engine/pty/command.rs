//! What is to be run, and with which environment.

use super::PtyStart;
use crate::protocol::Category;
use crate::protocol::Failure;
use portable_pty::CommandBuilder;
use rustix::fs::{Access, access};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The command with everything checked that can be checked before it runs: the pseudo-terminal crate
/// cannot report that a program or folder is missing.
pub fn build(start: &PtyStart) -> Result<CommandBuilder, Failure> {
    if !start.cwd.is_dir() {
        return Err(Failure::new(
            Category::Missing,
            format!("`{}` is not a folder", start.cwd.display()),
            "choose a folder that exists",
        ));
    }
    let words = match start.command.is_empty() {
        true => vec![user_shell()],
        false => start.command.clone(),
    };
    let path = lookup_path(start);
    let program = find_program(&words[0], path.as_deref(), &start.cwd)?;
    let mut command = CommandBuilder::new(program);
    command.args(&words[1..]);
    command.cwd(&start.cwd);
    for (key, _) in std::env::vars_os() {
        if is_ours_alone(&key) {
            command.env_remove(&key);
        }
    }
    for key in &start.not_inherited {
        command.env_remove(key);
    }
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    command.env("TERM_PROGRAM", "antiphon");
    for (key, value) in &start.env {
        command.env(key, value);
    }
    Ok(command)
}

/// Variables that speak of the terminal in which the engine was started, or to the engine itself.
fn is_ours_alone(key: &OsStr) -> bool {
    let key = key.to_string_lossy();
    matches!(
        &*key,
        "TMUX" | "TMUX_PANE" | "TERM_PROGRAM_VERSION" | "LINES" | "COLUMNS"
    ) || key.starts_with("ANTIPHON_")
}

fn user_shell() -> String {
    std::env::var("SHELL")
        .ok()
        .filter(|shell| !shell.is_empty())
        .unwrap_or_else(|| "/bin/sh".into())
}

fn lookup_path(start: &PtyStart) -> Option<std::ffi::OsString> {
    let own = start.env.iter().rev().find(|(key, _)| key == "PATH");
    own.map(|(_, value)| value.into())
        .or_else(|| std::env::var_os("PATH"))
}

/// Where a program is: as named if the name has a slash (from `cwd`), else on `path`.
pub fn find_program(name: &str, path: Option<&OsStr>, cwd: &Path) -> Result<PathBuf, Failure> {
    let runs = |file: &Path| file.is_file() && access(file, Access::EXEC_OK).is_ok();
    let missing = |what: String, next: &str| Err(Failure::new(Category::Missing, what, next));
    if name.contains('/') {
        let file = cwd.join(name);
        return match (file.exists(), runs(&file)) {
            (_, true) => Ok(file),
            (true, false) => missing(
                format!("`{name}` is not a program"),
                "make it executable, or name another",
            ),
            (false, false) => missing(format!("`{name}` does not exist"), "check its path"),
        };
    }
    std::env::split_paths(path.unwrap_or_default())
        .filter(|folder| !folder.as_os_str().is_empty())
        .map(|folder| cwd.join(folder).join(name))
        .find(|file| !name.is_empty() && runs(file))
        .map_or_else(
            || {
                missing(
                    format!("`{name}` is not on the PATH"),
                    "install it, or give its full path",
                )
            },
            Ok,
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_or_said_to_be_missing() {
        let path = std::env::var_os("PATH");
        let find = |name: &str| find_program(name, path.as_deref(), Path::new("/"));
        assert!(find("sh").is_ok() && find("/bin/sh").is_ok() && find("bin/sh").is_ok());
        for (name, what) in [
            ("no-such-program", "`no-such-program` is not on the PATH"),
            ("", "`` is not on the PATH"),
            ("/etc/passwd", "`/etc/passwd` is not a program"),
            ("/no/such", "`/no/such` does not exist"),
        ] {
            let failure = find(name).unwrap_err();
            assert_eq!(failure.message, what);
            assert_eq!(failure.category, Category::Missing);
        }
    }
}
