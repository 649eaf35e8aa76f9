//! The words the classifier knows.
pub(crate) const WORDS: &[(&str, &str, u32)] = &[];
