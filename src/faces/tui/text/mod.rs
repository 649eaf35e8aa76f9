//! Text into lines of a width: wrapping, markdown, figures. Knows nothing of sessions.

pub mod figures;
pub mod markdown;
pub mod wrap;
