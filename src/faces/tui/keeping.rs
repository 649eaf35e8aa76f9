//! The file in which a face leaves what the next one takes up again.

use crate::faces::tui::model::left::Left;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const NAME: &str = "face.json";

/// What was left in `folder`. A file that is not there or cannot be read has nothing in it.
pub fn read(folder: &Path) -> Left {
    let text = std::fs::read(folder.join(NAME)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Leaves it in `folder`, in a file that only its owner reads (drafts are private), whole or not at all.
pub fn write(folder: &Path, left: &Left) -> std::io::Result<()> {
    let text = serde_json::to_vec(left)?;
    let fresh = folder.join(format!("{NAME}.{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(&text)?;
    drop(file);
    std::fs::rename(fresh, folder.join(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_left_is_found_and_private() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), Left::default());
        let left = Left {
            broadcast: "to all".into(),
            ..Left::default()
        };
        write(folder.path(), &left).unwrap();
        write(folder.path(), &left).unwrap();
        assert_eq!(read(folder.path()), left);
        let file = folder.path().join(NAME);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        std::fs::write(&file, "rubbish").unwrap();
        assert_eq!(read(folder.path()), Left::default());
    }
}
