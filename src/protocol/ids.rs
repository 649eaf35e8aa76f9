//! Names for things that live longer than a borrow.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Milliseconds since the Unix epoch. The only form in which time enters a message or the store.
pub type Millis = i64;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl FromStr for $name {
            type Err = String;
            /// Accepts the number with or without its letter.
            fn from_str(text: &str) -> Result<Self, String> {
                text.strip_prefix($letter)
                    .unwrap_or(text)
                    .parse()
                    .map($name)
                    .map_err(|_| format!("`{text}` is not an id: expected {}1, {}2, …", $letter, $letter))
            }
        }
    };
}

id!(
    /// A session, for as long as the store lives. Shown as `s3`.
    SessionId, "s"
);
id!(
    /// A turn, for as long as the store lives. Shown as `t42`.
    TurnId, "t"
);
id!(
    /// A question a session has put to the user. Shown as `a7`; lives as long as the question is open.
    AskId, "a"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_with_and_without_their_letter() {
        assert_eq!("t42".parse(), Ok(TurnId(42)));
        assert_eq!("42".parse(), Ok(TurnId(42)));
        assert_eq!(SessionId(3).to_string(), "s3");
        assert!("s42".parse::<TurnId>().is_err());
    }
}
