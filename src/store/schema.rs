//! Opening the file: permissions, refusal of what is not ours, schema versions, and SQLite's errors in words.

use crate::error::{Error, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::{
    fs::{DirBuilder, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
    time::Duration,
};

/// Schema versions in order; the store's `user_version` is the count of those applied. An entry that was
/// released is never edited, only followed.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
];

/// `Antp`: tells our file from another program's.
const APPLICATION_ID: i64 = 0x416e_7470;

/// How long to wait where another connection holds the lock that is needed.
const BUSY: Duration = Duration::from_secs(5);

/// A connection that writes, at the present schema.
pub fn open_writer(path: &Path) -> Result<Connection> {
    make_file(path).map_err(|e| {
        Error::new(
            format!("the store cannot be opened: {e}"),
            path.display().to_string(),
            "see that the folder exists and that you may write to it",
        )
    })?;
    refuse_strangers(path)?;
    prepare(path).map_err(|e| error(path, &e))
}

/// A connection that only reads.
pub fn open_reader(path: &Path) -> Result<Connection> {
    let opened = read_only(path).and_then(|connection| {
        // One snapshot for all queries of one answer is not needed; each query sees whole commits.
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    });
    opened.map_err(|e| error(path, &e))
}

fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// The file, 0600 whatever the umask. SQLite gives its side files the same mode.
fn make_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Looks at the file without changing a byte of it.
fn refuse_strangers(path: &Path) -> Result<()> {
    let look = || -> rusqlite::Result<(i64, i64, i64)> {
        let connection = read_only(path)?;
        let number = |sql| connection.query_row(sql, [], |row| row.get(0));
        Ok((
            number("PRAGMA user_version")?,
            number("PRAGMA application_id")?,
            number("SELECT COUNT(*) FROM sqlite_schema")?,
        ))
    };
    let (version, application, tables) = look().map_err(|e| error(path, &e))?;
    let place = path.display().to_string();
    if application != APPLICATION_ID && (application, version, tables) != (0, 0, 0) {
        return Err(Error::new(
            "this is a database of another program; it was left as it is",
            place,
            "move it away, or set ANTIPHON_HOME to another folder",
        ));
    }
    let known = MIGRATIONS.len();
    if version > known as i64 {
        return Err(Error::new(
            format!(
                "the store has version {version}, this program knows versions up to {known}; it was left as it is"
            ),
            place,
            "install the newer antiphon again, or set ANTIPHON_HOME to another folder",
        ));
    }
    Ok(())
}

fn prepare(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", 4 * 1024 * 1024)?;
    migrate(&mut connection, MIGRATIONS)?;
    Ok(connection)
}

/// Applies what is missing, each version in a transaction of its own.
fn migrate(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let applied = usize::try_from(version).unwrap_or(0);
    for (index, sql) in migrations.iter().enumerate().skip(applied) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", (index + 1) as i64)?;
        transaction.commit()?;
    }
    Ok(())
}

/// What SQLite says, as what, where and what next.
pub fn error(path: &Path, error: &rusqlite::Error) -> Error {
    let place = path.display().to_string();
    let aside = format!(
        "it was left as it is: move it away (mv '{place}' '{place}.damaged') and start again; \
         `sqlite3 '{place}.damaged' .recover` may bring back what is in it"
    );
    let (what, next) = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            (format!("the store is damaged: {error}"), aside)
        }
        Some(ErrorCode::DiskFull) => (
            "the disk is full; the store could not be written".to_owned(),
            "free some space; what was acknowledged before is safe".to_owned(),
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            "another program holds the store locked".to_owned(),
            "close it and try again".to_owned(),
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
            format!("the store cannot be opened: {error}"),
            "see that the file exists and that you may read and write it and its folder".to_owned(),
        ),
        // A row that does not read as what it should be.
        None => (format!("the store is damaged: {error}"), aside),
        Some(_) => (
            format!("the store could not be used: {error}"),
            "see that the disk works and that the file is a store of antiphon".to_owned(),
        ),
    };
    Error::new(what, place, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_continue_where_they_stopped() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1)"];
        migrate(&mut connection, &steps[..1]).unwrap();
        migrate(&mut connection, &steps).unwrap();
        migrate(&mut connection, &steps).unwrap();
        let rows: i64 = connection
            .query_row("SELECT COUNT(*) FROM a", [], |row| row.get(0))
            .unwrap();
        assert_eq!(rows, 1);
    }

    #[test]
    fn a_failed_migration_leaves_the_version_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); nonsense"];
        assert!(migrate(&mut connection, &steps).is_err());
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version, 1);
        assert!(connection.prepare("SELECT * FROM b").is_err());
    }
}
