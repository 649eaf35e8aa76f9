//! What a prompt is about.

/// What a tag tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// A field of knowledge: `law`, `physics`, …
    Field,
    /// A part of software work: `frontend`, `security`, …
    Software,
    /// A language, library or tool: `rust`, `docker`, …
    Technology,
    /// How the prompt asks: `asks which`, …
    Form,
}

/// The kind of a tag; `None` for one that this version does not know.
pub fn tag_kind(tag: &str) -> Option<TagKind> {
    if tag.starts_with("asks ") {
        return Some(TagKind::Form);
    }
    ["rust", "javascript", "go", "python", "docker", "terraform"]
        .contains(&tag)
        .then_some(TagKind::Technology)
}
