//! Model names as they come: with a provider in front, a date or a window behind, dots or dashes.

use std::borrow::Cow;

/// Prefixes that say who answers and change neither model nor price.
const PROVIDERS: &[&str] = &[
    "alibaba",
    "anthropic",
    "azure",
    "dashscope",
    "deepseek",
    "deepseek-ai",
    "gemini",
    "google",
    "groq",
    "meta",
    "meta-llama",
    "minimax",
    "minimaxai",
    "mistral",
    "mistralai",
    "models",
    "moonshot",
    "moonshotai",
    "openai",
    "openrouter",
    "qwen",
    "vertex_ai",
    "x-ai",
    "xai",
    "z-ai",
    "zai",
    "zai-org",
    "zhipuai",
];

/// The name by which a model is compared: lower case, without provider (`anthropic/`, `openai:`), date
/// (`-20251001`, `-2025-08-07`, `@20250929`), `-latest` and window (`[1m]`), dots as dashes.
///
/// A tag as Ollama's (`qwen3:32b`) or a reseller's (`…:free`) stays: it is another model, or another price.
pub fn plain_name(name: &str) -> String {
    plain(name).into_owned()
}

/// [`plain_name`]; most names are plain already, and nothing is copied for those.
pub(super) fn plain(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(dashed(bare(&name.to_ascii_lowercase())).into_owned());
    }
    dashed(bare(name))
}

fn dashed(name: &str) -> Cow<'_, str> {
    match name.contains('.') {
        true => Cow::Owned(name.replace('.', "-")),
        false => Cow::Borrowed(name),
    }
}

/// What is left of a name in lower case without what stands before and behind it.
fn bare(name: &str) -> &str {
    let mut rest = name;
    if let Some(bracket) = rest.find('[') {
        rest = &rest[..bracket];
    }
    while let Some((prefix, inner)) = rest.split_once(['/', ':']) {
        if inner.is_empty() || !PROVIDERS.contains(&prefix) {
            break;
        }
        rest = inner;
    }
    rest = strip_bedrock(rest);
    rest = rest.split_once('@').map_or(rest, |(model, _)| model);
    rest = rest.strip_suffix("-latest").unwrap_or(rest);
    strip_date(rest)
}

/// `us.anthropic.claude-haiku-4-5-20251001-v1:0` → `claude-haiku-4-5-20251001`.
fn strip_bedrock(name: &str) -> &str {
    // To split at what is not there costs more than to see that it is not.
    if !name.contains("anthropic.") {
        return name;
    }
    let Some((_, inner)) = name.split_once("anthropic.") else {
        return name;
    };
    let cut = inner.find("-v").filter(|at| {
        let tail = &inner[at + 2..];
        !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit() || b == b':')
    });
    cut.map_or(inner, |at| &inner[..at])
}

/// Cuts a date behind: `-YYYYMMDD` or `-YYYY-MM-DD`.
fn strip_date(name: &str) -> &str {
    for pattern in ["-dddddddd", "-dddd-dd-dd"] {
        let Some(start) = name.len().checked_sub(pattern.len()) else {
            continue;
        };
        let fits = start > 0
            && name.as_bytes()[start..]
                .iter()
                .zip(pattern.bytes())
                .all(|(byte, p)| {
                    if p == b'd' {
                        byte.is_ascii_digit()
                    } else {
                        *byte == p
                    }
                });
        if fits && name.as_bytes()[start + 1..].starts_with(b"20") {
            return &name[..start];
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for (name, plain) in [
            ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
            ("Claude-Opus-5-5[1m]", "claude-opus-5-5"),
            ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
            (
                "openrouter/anthropic/claude-sonnet-4.5",
                "claude-sonnet-4-5",
            ),
            ("openai:gpt-5-2025-08-07", "gpt-5"),
            ("models/gemini-2.5-flash", "gemini-2-5-flash"),
            (
                "us.anthropic.claude-haiku-4-5-20251001-v1:0",
                "claude-haiku-4-5",
            ),
            ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
            ("mistral-large-latest", "mistral-large"),
            ("qwen3:32b", "qwen3:32b"),
            ("deepseek/deepseek-r1:free", "deepseek-r1:free"),
            ("unsloth/qwen3-32b", "unsloth/qwen3-32b"),
            ("grok-4-0709", "grok-4-0709"),
            ("", ""),
            ("-20251001", "-20251001"),
            ("ü[", "ü"),
        ] {
            assert_eq!(plain_name(name), plain, "{name}");
        }
    }
}
