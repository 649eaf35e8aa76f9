//! What a prompt is about and which technology it is of, from what its words speak for.

use crate::learning::forms::form;
use crate::learning::marks::Marks;
use crate::learning::scan::Heard;
use crate::learning::tags::{self, SURE};
use serde::Serialize;

/// What a tag tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TagKind {
    /// A field of knowledge: `law`, `physics`, …; a prompt has one at most.
    Field,
    /// A part of software work: `frontend`, `security`, …
    Software,
    /// A language, library or tool: `rust`, `docker`, …
    Technology,
    /// How the prompt asks: `asks which`, …; a prompt has one at most.
    Form,
}

/// The least that a tag's words must weigh: one that is hardly used elsewhere, or several that are.
const LEAST: u16 = SURE as u16;

/// How many tags of a kind a prompt has at most.
fn at_most(kind: TagKind) -> usize {
    match kind {
        TagKind::Field | TagKind::Form => 1,
        TagKind::Software => 2,
        TagKind::Technology => 3,
    }
}

/// The tags of a prompt, those of the project among them; sorted, each once.
pub(super) fn tags(heard: &Heard, marks: Marks, project: &[&'static str]) -> Vec<&'static str> {
    let mut found = project.to_vec();
    let written = [(marks.tex, "mathematics"), (marks.logic, "logic")];
    let sign = |name: &str| {
        if written.contains(&(true, name)) {
            LEAST
        } else {
            0
        }
    };
    for kind in [TagKind::Field, TagKind::Software, TagKind::Technology] {
        let mut heavy: Vec<(u16, &'static str)> = (heard.tags.iter().zip(tags::all()))
            .filter(|(_, tag)| tag.kind == kind)
            .map(|(weight, tag)| (weight + sign(tag.name), tag.name))
            .filter(|(weight, _)| *weight >= LEAST)
            .collect();
        // Stable: of equal tags the one that comes first in the table.
        heavy.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        found.extend(heavy.iter().take(at_most(kind)).map(|(_, name)| *name));
    }
    found.extend(form(&heard.text));
    found.sort_unstable();
    found.dedup();
    found
}

/// The kind of a tag; `None` for one that this version does not know.
pub fn tag_kind(tag: &str) -> Option<TagKind> {
    if is_form(tag) {
        return Some(TagKind::Form);
    }
    let known = tags::all().iter().find(|known| known.name == tag);
    known.map(|known| known.kind)
}

/// Whether a tag tells how a prompt asks.
pub(super) fn is_form(tag: &str) -> bool {
    tag.starts_with("asks ")
}
