//! x
pub fn classify(_prompt: &str) -> &'static str {
    "other"
}
