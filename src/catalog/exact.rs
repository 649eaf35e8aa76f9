//! Exact token counts for OpenAI's models, where the program was built with the feature `exact-tokens`.

/// The tokens of `text` at an OpenAI model of the `o200k` vocabulary (GPT-4o and later), without the few that frame a
/// message. `None` for other models, for texts above 1 MB, and without the feature.
///
/// The vocabulary is read at the first call, which takes 0.14 s: not for the path of a key or of the start.
pub fn count_exact(model: &str, text: &str) -> Option<u64> {
    const LONGEST: usize = 1_000_000;
    (text.len() <= LONGEST && is_o200k(model)).then(|| count(text))?
}

fn is_o200k(model: &str) -> bool {
    const FAMILIES: &[&str] = &["gpt-4o", "gpt-4-1", "gpt-5", "gpt-oss", "o1", "o3", "o4-"];
    let name = crate::catalog::names::plain_name(model);
    FAMILIES.iter().any(|start| name.starts_with(start)) && !name.contains(':')
}

#[cfg(feature = "exact-tokens")]
fn count(text: &str) -> Option<u64> {
    use std::sync::OnceLock;
    static VOCABULARY: OnceLock<Option<tiktoken_rs::CoreBPE>> = OnceLock::new();
    let vocabulary = VOCABULARY.get_or_init(|| tiktoken_rs::o200k_base().ok());
    let tokens = vocabulary.as_ref()?.encode_ordinary(text).len();
    u64::try_from(tokens).ok()
}

#[cfg(not(feature = "exact-tokens"))]
fn count(_: &str) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_models_of_the_vocabulary_are_counted() {
        for (model, has) in [
            ("gpt-5.6-sol", true),
            ("openai/gpt-4o-2024-08-06", true),
            ("o3", true),
            ("gpt-4-turbo", false),
            ("gpt-oss:20b", false),
            ("claude-opus-5-5", false),
        ] {
            assert_eq!(is_o200k(model), has, "{model}");
        }
        let hello = count_exact("gpt-5.5", "Hello, world!");
        assert_eq!(hello, cfg!(feature = "exact-tokens").then_some(4));
        assert_eq!(count_exact("claude-opus-5-5", "Hello"), None);
        assert_eq!(count_exact("gpt-5.5", &"a".repeat(1_000_001)), None);
    }
}
