//! What is taken when nobody chose.

use crate::catalog::load::Catalog;
use crate::catalog::names::plain_name;
use crate::protocol::Backend;

/// The model a new session of `backend` gets: the current one of the middle class. `None` where the backend has a
/// default of its own (`claude`), or only the machine or the configuration can tell (`ollama`, an endpoint).
pub fn default_model(backend: &Backend) -> Option<&'static str> {
    match backend {
        Backend::Anthropic => Some("claude-sonnet-5-5"),
        Backend::OpenAi => Some("gpt-5.6-terra"),
        Backend::Gemini => Some("gemini-3.5-flash"),
        Backend::Claude
        | Backend::Agent(_)
        | Backend::Ollama
        | Backend::Rehearsal
        | Backend::Terminal
        | Backend::Endpoint(_) => None,
    }
}

/// Beginnings of names that only one provider gives.
const FAMILIES: &[(&str, &str)] = &[
    ("claude-", "anthropic"),
    ("gpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4-", "openai"),
    ("gemini-", "google"),
    ("deepseek-", "deepseek"),
    ("qwen", "alibaba"),
    ("glm-", "zai"),
    ("kimi-", "moonshotai"),
    ("grok-", "xai"),
    ("mistral-", "mistral"),
    ("codestral", "mistral"),
    ("devstral", "mistral"),
    ("minimax-", "minimax"),
    ("llama-", "meta"),
];

/// Whose model `name` is: as the catalogue says, else by the family its name begins with. A tag as Ollama's
/// (`qwen3:32b`) has no provider.
pub fn provider_of(name: &str) -> Option<&'static str> {
    if let Some(model) = Catalog::embedded().find(name) {
        return Some(&model.provider);
    }
    family_of(name)
}

/// Whose model `name` is by its family alone.
pub(super) fn family_of(name: &str) -> Option<&'static str> {
    let plain = plain_name(name);
    FAMILIES
        .iter()
        .find(|(start, _)| plain.starts_with(start) && !plain.contains(':'))
        .map(|(_, provider)| *provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_known_models_of_their_provider() {
        for (backend, provider) in [
            (Backend::Anthropic, "anthropic"),
            (Backend::OpenAi, "openai"),
        ] {
            assert_eq!(
                default_model(&backend).and_then(provider_of),
                Some(provider)
            );
        }
        assert_eq!(default_model(&Backend::Ollama), None);
    }

    #[test]
    fn providers_are_told_by_name() {
        for (name, provider) in [
            ("opus", Some("anthropic")),
            ("claude-opus-9", Some("anthropic")),
            ("gpt-7-mars", Some("openai")),
            ("qwen3:32b", None),
            ("nobody", None),
        ] {
            assert_eq!(provider_of(name), provider, "{name}");
        }
    }
}
