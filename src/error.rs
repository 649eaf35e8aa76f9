//! An error as the user sees it: what, where, what next.

use std::fmt;

/// What went wrong, where, and what to do about it. `place` and `next` may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub what: String,
    /// A path, a session's name, an address.
    pub place: String,
    pub next: String,
}

/// `Result` with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(
        what: impl Into<String>,
        place: impl Into<String>,
        next: impl Into<String>,
    ) -> Error {
        Error {
            what: what.into(),
            place: place.into(),
            next: next.into(),
        }
    }
}

/// One line for each of the three that is there.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.place.is_empty() {
            write!(f, "\n  where: {}", self.place)?;
        }
        if !self.next.is_empty() {
            write!(f, "\n  next:  {}", self.next)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
