//! The tags a reading can have, and how they are told from its words.

use crate::learning::fields::FIELDS;
use crate::learning::technologies::{SOFTWARE, TECHNOLOGIES};
use crate::learning::topics::TagKind;
use std::sync::OnceLock;

/// How loudly a word speaks that is hardly used elsewhere, and one that is.
pub(super) const SURE: u8 = 3;
pub(super) const HINT: u8 = 1;

/// A tag and its words, as the tables have them.
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) kind: TagKind,
    pub(super) sure: &'static str,
    pub(super) hints: &'static str,
}

/// Every tag that has words, in a fixed order: fields, software, technologies.
pub(super) fn all() -> &'static [Tag] {
    static ALL: OnceLock<Vec<Tag>> = OnceLock::new();
    ALL.get_or_init(|| {
        let of = |kind, rows: &[(&'static str, &'static str, &'static str)]| -> Vec<Tag> {
            rows.iter()
                .map(|(name, sure, hints)| Tag {
                    name,
                    kind,
                    sure,
                    hints,
                })
                .collect()
        };
        let mut tags: Vec<Tag> = (FIELDS.iter())
            .flat_map(|fields| of(TagKind::Field, fields))
            .collect();
        tags.extend(of(TagKind::Software, SOFTWARE));
        tags.extend(of(TagKind::Technology, TECHNOLOGIES));
        tags
    })
}
