//! Where things live on this machine.

use crate::error::{Error, Result};
use std::fs::DirBuilder;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The longest path of a Unix socket, in bytes, without the zero at its end.
const MAX_SOCKET_PATH: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// The four folders of Antiphon. All of them are the user's alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// config.toml, keymaps/, themes/, agents/
    pub config: PathBuf,
    /// antiphon.db
    pub data: PathBuf,
    /// engine.sock, engine.lock, tickets, hooks/
    pub runtime: PathBuf,
    /// engine.log
    pub state: PathBuf,
}

impl Paths {
    /// From `ANTIPHON_HOME` if it is set, else from the XDG variables, else from their defaults.
    ///
    /// # Errors
    /// No home folder is known, or the path of the socket is longer than the system allows.
    pub fn from_env() -> Result<Paths> {
        let user = rustix::process::getuid().as_raw();
        Paths::from_lookup(&|name| std::env::var(name).ok(), user)
    }

    /// As [`Paths::from_env`], with the variables and the user's number given.
    ///
    /// # Errors
    /// As there.
    pub fn from_lookup(env: &dyn Fn(&str) -> Option<String>, user: u32) -> Result<Paths> {
        // The XDG specification has relative paths ignored.
        let folder = |name: &str| env(name).map(PathBuf::from).filter(|p| p.is_absolute());
        let paths = if let Some(home) = env("ANTIPHON_HOME").filter(|home| !home.is_empty()) {
            let home = std::path::absolute(&home).map_err(|e| {
                let next = "set ANTIPHON_HOME to the path of a folder";
                Error::new(format!("ANTIPHON_HOME cannot be used: {e}"), home, next)
            })?;
            Paths {
                config: home.join("config"),
                data: home.join("data"),
                runtime: home.join("run"),
                state: home.join("state"),
            }
        } else {
            let home = folder("HOME");
            let place = |name: &str, below_home: &str| {
                let base = folder(name).or_else(|| Some(home.as_ref()?.join(below_home)));
                base.map(|base| base.join("antiphon")).ok_or_else(|| {
                    let what = format!("no home folder: neither HOME nor {name} is set");
                    Error::new(what, "", "set HOME, or ANTIPHON_HOME to a folder of yours")
                })
            };
            Paths {
                config: place("XDG_CONFIG_HOME", ".config")?,
                data: place("XDG_DATA_HOME", ".local/share")?,
                state: place("XDG_STATE_HOME", ".local/state")?,
                runtime: folder("XDG_RUNTIME_DIR").map_or_else(
                    || PathBuf::from(format!("/tmp/antiphon-{user}")),
                    |base| base.join("antiphon"),
                ),
            }
        };
        let length = paths.socket().as_os_str().as_bytes().len();
        if length > MAX_SOCKET_PATH {
            let what = format!(
                "the path of the engine's socket has {length} bytes; this system allows {MAX_SOCKET_PATH}"
            );
            let place = paths.socket().display().to_string();
            let next = "set ANTIPHON_HOME, or XDG_RUNTIME_DIR, to a folder with a shorter path";
            return Err(Error::new(what, place, next));
        }
        Ok(paths)
    }

    /// Makes the folders that are missing, readable by the user alone.
    ///
    /// # Errors
    /// A folder cannot be made, or the runtime folder belongs to somebody else.
    pub fn create(&self) -> Result<()> {
        for folder in [&self.config, &self.data, &self.state, &self.runtime] {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(|e| failed("cannot make a folder", folder, &e))?;
        }
        own_and_close(&self.runtime)
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The user's own rows of the catalogue.
    pub fn models_file(&self) -> PathBuf {
        self.config.join("models.toml")
    }

    /// The user's own descriptions of agents.
    pub fn agents_dir(&self) -> PathBuf {
        self.config.join("agents")
    }

    pub fn keymaps_dir(&self) -> PathBuf {
        self.config.join("keymaps")
    }

    pub fn themes_dir(&self) -> PathBuf {
        self.config.join("themes")
    }

    pub fn store_file(&self) -> PathBuf {
        self.data.join("antiphon.db")
    }

    pub fn socket(&self) -> PathBuf {
        self.runtime.join("engine.sock")
    }

    pub fn lock(&self) -> PathBuf {
        self.runtime.join("engine.lock")
    }

    /// By which processes of this engine's sessions are known, for its successor.
    pub fn tickets(&self) -> PathBuf {
        self.runtime.join("tickets")
    }

    /// The settings that the program of a session is given.
    pub fn hooks_file(&self, session: u64) -> PathBuf {
        self.runtime.join("hooks").join(format!("{session}.json"))
    }

    pub fn log(&self) -> PathBuf {
        self.state.join("engine.log")
    }
}

/// The runtime folder may lie in /tmp, where anybody could have made it before us: a folder (no link to one) of
/// this user's, closed to all others.
fn own_and_close(folder: &Path) -> Result<()> {
    let facts = folder
        .symlink_metadata()
        .map_err(|e| failed("cannot look at a folder", folder, &e))?;
    if !facts.is_dir() || facts.uid() != rustix::process::getuid().as_raw() {
        return Err(Error::new(
            "the runtime folder is not a folder of yours",
            folder.display().to_string(),
            "remove it, or set XDG_RUNTIME_DIR or ANTIPHON_HOME to a folder of yours",
        ));
    }
    if facts.mode() & 0o077 != 0 {
        let closed = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(folder, closed)
            .map_err(|e| failed("cannot close a folder to others", folder, &e))?;
    }
    Ok(())
}

fn failed(what: &str, folder: &Path, error: &std::io::Error) -> Error {
    let next = "check who owns the folder above it, and whether the disk is full";
    Error::new(
        format!("{what}: {error}"),
        folder.display().to_string(),
        next,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(variables: &[(&str, &str)]) -> Result<Paths> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Paths::from_lookup(&lookup, 1000)
    }

    #[test]
    fn one_variable_moves_everything() {
        let paths = paths(&[
            ("ANTIPHON_HOME", "/a"),
            ("XDG_DATA_HOME", "/x"),
            ("HOME", "/h"),
        ]);
        let paths = paths.unwrap();
        assert_eq!(paths.config_file(), Path::new("/a/config/config.toml"));
        assert_eq!(paths.store_file(), Path::new("/a/data/antiphon.db"));
        assert_eq!(paths.socket(), Path::new("/a/run/engine.sock"));
        assert_eq!(paths.log(), Path::new("/a/state/engine.log"));
    }

    #[test]
    fn the_xdg_variables_and_their_defaults_hold() {
        let set = paths(&[
            ("HOME", "/h"),
            ("XDG_RUNTIME_DIR", "/run/user/1000"),
            ("XDG_DATA_HOME", "/d"),
        ]);
        let set = set.unwrap();
        assert_eq!(set.config, Path::new("/h/.config/antiphon"));
        assert_eq!(set.data, Path::new("/d/antiphon"));
        assert_eq!(set.runtime, Path::new("/run/user/1000/antiphon"));
        let bare = paths(&[("HOME", "/h"), ("XDG_DATA_HOME", "relative")]).unwrap();
        assert_eq!(bare.data, Path::new("/h/.local/share/antiphon"));
        assert_eq!(bare.state, Path::new("/h/.local/state/antiphon"));
        assert_eq!(bare.runtime, Path::new("/tmp/antiphon-1000"));
    }

    #[test]
    fn what_cannot_work_is_said_at_once() {
        assert!(paths(&[]).unwrap_err().what.starts_with("no home folder"));
        let long = format!("/{}", "x".repeat(120));
        let error = paths(&[("ANTIPHON_HOME", &long)]).unwrap_err();
        assert!(error.what.contains("bytes"), "{error}");
        assert!(error.next.contains("shorter"), "{error}");
    }

    #[test]
    fn folders_are_made_for_the_user_alone() {
        let home = tempfile::tempdir().unwrap();
        let text = home.path().display().to_string();
        let paths = paths(&[("ANTIPHON_HOME", &text)]).unwrap();
        std::fs::create_dir(&paths.runtime).unwrap();
        std::fs::set_permissions(&paths.runtime, std::fs::Permissions::from_mode(0o755)).unwrap();
        paths.create().unwrap();
        paths.create().unwrap();
        for folder in [&paths.config, &paths.data, &paths.state, &paths.runtime] {
            assert_eq!(
                folder.metadata().unwrap().mode() & 0o777,
                0o700,
                "{folder:?}"
            );
        }
    }

    #[test]
    fn a_runtime_folder_that_is_a_link_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let text = home.path().display().to_string();
        let paths = paths(&[("ANTIPHON_HOME", &text)]).unwrap();
        let elsewhere = home.path().join("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &paths.runtime).unwrap();
        assert!(
            paths
                .create()
                .unwrap_err()
                .what
                .contains("not a folder of yours")
        );
    }
}
