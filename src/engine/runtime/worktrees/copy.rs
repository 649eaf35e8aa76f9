//! Files that git does not know, copied from one working tree to another.

use super::git::Git;
use crate::protocol::{Category, Failure};
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The paths in a list that ends each with a zero byte. Repositories of their own end with a slash.
pub fn paths(list: &[u8]) -> Vec<PathBuf> {
    let entries = list.split(|byte| *byte == 0).filter(|e| !e.is_empty());
    entries
        .map(|entry| PathBuf::from(OsStr::from_bytes(entry)))
        .collect()
}

/// Whether git names a folder that it only sees from outside.
pub fn is_repository(path: &Path) -> bool {
    path.as_os_str().as_bytes().ends_with(b"/")
}

/// Copies files, each with its mode; links as links. What has gone meanwhile is left out. On a thread of its own.
///
/// # Errors
/// One cannot be read or written, or the copying is given up.
pub async fn copy_all(
    git: &Git,
    from: &Path,
    to: &Path,
    files: Vec<PathBuf>,
) -> Result<(), Failure> {
    let (git, from, to) = (git.clone(), from.to_owned(), to.to_owned());
    let copying = tokio::task::spawn_blocking(move || {
        for file in files {
            if git.is_given_up() {
                return Err(Failure::new(Category::Refused, "given up", ""));
            }
            copy(&from.join(&file), &to, &file).map_err(|e| {
                Failure::new(
                    Category::Refused,
                    format!("`{}` cannot be copied: {e}", from.join(&file).display()),
                    "",
                )
            })?;
        }
        Ok(())
    });
    copying.await.unwrap_or_else(|e| {
        Err(Failure::new(
            Category::Exited,
            format!("the files cannot be copied: {e}"),
            "",
        ))
    })
}

fn copy(from: &Path, top: &Path, file: &Path) -> std::io::Result<()> {
    let facts = match from.symlink_metadata() {
        Ok(facts) => facts,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
    };
    let to = top.join(file);
    if let Some(inner) = file.parent() {
        make_folders(top, inner)?;
    }
    if to.symlink_metadata().is_ok() {
        fs::remove_file(&to)?;
    }
    if facts.is_symlink() {
        std::os::unix::fs::symlink(fs::read_link(from)?, &to)
    } else if facts.is_file() {
        fs::copy(from, &to).map(|_| ())
    } else {
        Ok(())
    }
}

/// Makes folders below `top`; never through a link, which could lead anywhere.
fn make_folders(top: &Path, inner: &Path) -> std::io::Result<()> {
    let mut folder = top.to_owned();
    for part in inner.components() {
        folder.push(part);
        match folder.symlink_metadata() {
            Ok(facts) if facts.is_dir() => {}
            Ok(_) => {
                let what = format!("`{}` is not a folder there", folder.display());
                return Err(std::io::Error::other(what));
            }
            Err(_) => fs::create_dir(&folder)?,
        }
    }
    Ok(())
}

/// Removes a folder with all that is in it, also where a program has made folders that nobody may write to.
pub fn remove_folder(folder: &Path) -> std::io::Result<()> {
    if fs::remove_dir_all(folder).is_ok() {
        return Ok(());
    }
    open_up(folder);
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn open_up(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_never_written_through_a_link() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        for folder in ["from/a", "to", "elsewhere"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        fs::write(at("from/a/x"), "new").unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at("to/a")).unwrap();
        assert!(copy(&at("from/a/x"), &at("to"), Path::new("a/x")).is_err());
        assert!(!at("elsewhere/x").exists());
        // Nor over one.
        fs::write(at("elsewhere/y"), "kept").unwrap();
        fs::write(at("from/y"), "new").unwrap();
        std::os::unix::fs::symlink(at("elsewhere/y"), at("to/y")).unwrap();
        copy(&at("from/y"), &at("to"), Path::new("y")).unwrap();
        assert_eq!(fs::read_to_string(at("elsewhere/y")).unwrap(), "kept");
        assert_eq!(fs::read_to_string(at("to/y")).unwrap(), "new");
        copy(&at("from/gone"), &at("to"), Path::new("gone")).unwrap();
    }
}
