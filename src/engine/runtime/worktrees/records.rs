//! The records of worktrees on disk: one small file each.

use crate::engine::worktree::record::{Record, file_name};
use crate::protocol::{Category, Failure, Millis, SessionId};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The folder they are in.
pub struct Records<'a>(pub &'a Path);

impl Records<'_> {
    /// All that can be read, oldest first. What is no record passes silently.
    pub fn all(&self) -> Vec<Record> {
        let files = fs::read_dir(self.0).into_iter().flatten().flatten();
        let paths = files.map(|file| file.path());
        let json = paths.filter(|path| path.extension().is_some_and(|e| e == "json"));
        let mut all: Vec<Record> = json.filter_map(|path| read(&path)).collect();
        all.sort_by_key(|record| (record.created_at, record.session));
        all
    }

    pub fn of(&self, session: SessionId, created_at: Millis) -> Option<Record> {
        read(&self.0.join(file_name(session, created_at)))
    }

    /// Writes a record, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn save(&self, record: &Record) -> Result<(), Failure> {
        let path = self.0.join(record.file_name());
        let fresh = path.with_extension("new");
        let write = || -> std::io::Result<()> {
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&fresh)?;
            file.write_all(&serde_json::to_vec(record)?)?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        };
        write().map_err(|e| {
            Failure::new(
                Category::Refused,
                format!("`{}` cannot be written: {e}", path.display()),
                "check who owns the folder, and whether the disk is full",
            )
        })
    }

    pub fn forget(&self, record: &Record) {
        let _ = fs::remove_file(self.0.join(record.file_name()));
    }
}

fn read(path: &PathBuf) -> Option<Record> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}
