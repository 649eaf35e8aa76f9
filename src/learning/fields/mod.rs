//! The vocabulary of fields of knowledge: words that tell what a prompt is about. English, lower case, singular
//! (a plural in -s, -es or -ies is found too), `_` for a blank. Add a word, not a rule.

mod nature;
mod society;

/// A field, words that are hardly used in another, words that are used there more than elsewhere.
pub(super) type Field = (&'static str, &'static str, &'static str);

/// Every field there is. Of equal ones, the first counts.
pub(super) const FIELDS: [&[Field]; 2] = [nature::NATURE, society::SOCIETY];
