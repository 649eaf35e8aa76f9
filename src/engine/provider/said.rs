//! What a server says of an error, in the many forms in which servers say it, and what that means.

use super::limits::duration;
use crate::protocol::{Category, Millis};
use serde_json::Value;

/// What a body says of an error.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    pub message: String,
    /// The provider's own words for the kind, lower case: its `type` and `code`.
    pub kind: String,
    /// Where the body itself names an HTTP status (OpenRouter does, in `code`).
    pub status: Option<u16>,
    /// How long to wait, where the body names it (Google does).
    pub wait: Option<Millis>,
}

/// What the body of a refusal says, whatever it is made of.
pub(super) fn said(body: &[u8]) -> Said {
    let text = String::from_utf8_lossy(body);
    match serde_json::from_str::<Value>(&text) {
        Ok(value) => said_in(&value),
        Err(_) if text.trim_start().starts_with('<') => Said {
            message: match title(&text) {
                Some(title) => format!("an HTML page titled \"{title}\""),
                None => "an HTML page".into(),
            },
            ..Said::default()
        },
        Err(_) => Said {
            message: text.into_owned(),
            ..Said::default()
        },
    }
}

/// The forms in use: `{error: {message, type, code}}` (Anthropic, OpenAI, OpenRouter), `{error: "…"}` (Ollama),
/// `{message}`, `{detail}` (FastAPI servers), a list of one of them (Gemini).
pub(super) fn said_in(value: &Value) -> Said {
    let value = value.get(0).unwrap_or(value);
    let error = value.get("error").filter(|e| !e.is_null()).unwrap_or(value);
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    let message = error
        .as_str()
        .or_else(|| text("message"))
        .or_else(|| text("detail"));
    let kind = [text("type"), text("code"), text("status")];
    Said {
        message: message.map_or_else(|| error.to_string(), str::to_owned),
        kind: kind.map(Option::unwrap_or_default).join(" ").to_lowercase(),
        status: error
            .get("code")
            .and_then(Value::as_u64)
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| (400..600).contains(code)),
        wait: error["details"].as_array().and_then(|details| {
            let waits = details.iter().filter_map(|d| d["retryDelay"].as_str());
            waits.filter_map(duration).max()
        }),
    }
}

fn title(html: &str) -> Option<&str> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let length = lower[start..].find("</title>")?;
    Some(html[start..start + length].trim()).filter(|title| !title.is_empty())
}

/// Kinds and phrases that decide whatever the status is; the first row that fits counts.
const PHRASES: [(Category, &[&str]); 7] = [
    (
        Category::Quota,
        &[
            "insufficient_quota",
            "billing_error",
            "credit balance",
            "insufficient balance",
            "insufficient credits",
        ],
    ),
    (
        Category::ContextOverflow,
        &[
            "context_length_exceeded",
            "exceed_context_size",
            "maximum context length",
            "context window",
            "context length",
            "context size",
            "prompt is too long",
            "request_too_large",
            "input token count",
        ],
    ),
    (
        Category::Overloaded,
        &["overloaded_error", "engine_overloaded"],
    ),
    (
        Category::RateLimit,
        &["rate_limit_error", "rate_limit_exceeded"],
    ),
    (
        Category::Auth,
        &[
            "authentication_error",
            "permission_error",
            "invalid_api_key",
            "api key not valid",
        ],
    ),
    (
        Category::Missing,
        &["model_not_found", "not_found_error", "try pulling it"],
    ),
    (Category::Refused, &["content_filter", "content_policy"]),
];

/// Abilities, and the words in which servers say that they lack them.
const ABILITIES: [(&str, &[&str]); 4] = [
    (
        "images",
        &[
            "image input",
            "support image",
            "support vision",
            "image_url is only supported",
            "unknown variant `image_url`",
            "images are not supported",
            "images is not supported",
            "required for image",
            "does not support multimodal",
        ],
    ),
    (
        "tools",
        &[
            "support tool",
            "tools are not supported",
            "tool use is not supported",
            "support function calling",
            "function calling is not enabled",
            "tools param requires",
        ],
    ),
    (
        "thinking",
        &[
            "support thinking",
            "support reasoning",
            "thinking is not supported",
            "thinking is not enabled",
            "thinking level is not supported",
            "reasoning.effort",
            "reasoning_effort",
            "think value",
        ],
    ),
    (
        "one of its options",
        &[
            "unsupported_parameter",
            "unsupported_value",
            "unsupported parameter",
            "unsupported value",
            "is deprecated for this model",
            "is not supported with this model",
        ],
    ),
];

/// Which ability a refusal names as lacking. Only where the server understood the request and will not have it.
pub(super) fn lacks(status: Option<u16>, said: &Said) -> Option<&'static str> {
    if !matches!(status, None | Some(400 | 404 | 415 | 422 | 500 | 501)) {
        return None;
    }
    let words = format!("{} {}", said.kind, said.message.to_lowercase());
    let named = ABILITIES
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| words.contains(phrase)));
    named.map(|(ability, _)| *ability)
}

/// The category of a refusal with `status`, or of an error in a stream without one.
pub(super) fn category(status: Option<u16>, said: &Said) -> Category {
    let words = format!("{} {}", said.kind, said.message.to_lowercase());
    // A server that is down says nothing about the request, whatever words its page holds.
    if !matches!(status, Some(401 | 403 | 502 | 503 | 504 | 529)) {
        for (category, phrases) in PHRASES {
            if phrases.iter().any(|phrase| words.contains(phrase)) {
                return category;
            }
        }
    }
    if lacks(status, said).is_some() {
        return Category::CapabilityMismatch;
    }
    match status {
        Some(401 | 403 | 407) => Category::Auth,
        Some(402) => Category::Quota,
        Some(404 | 410) => Category::Missing,
        Some(408 | 504 | 524) => Category::Timeout,
        Some(413) => Category::ContextOverflow,
        Some(429) => Category::RateLimit,
        Some(500..) => Category::Overloaded,
        None if said.kind.contains("api_error") || said.kind.contains("server_error") => {
            Category::Overloaded
        }
        None if said.kind.contains("timeout") => Category::Timeout,
        _ => Category::BadRequest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_error_says_something() {
        for (body, message, kind, status) in [
            (
                r#"{"type":"error","error":{"type":"a_error","message":"m"}}"#,
                "m",
                "a_error",
                None,
            ),
            (
                r#"{"error":{"message":"m","type":null,"code":"C"}}"#,
                "m",
                "c",
                None,
            ),
            (
                r#"{"error":{"message":"m","code":429}}"#,
                "m",
                "",
                Some(429),
            ),
            (
                r#"[{"error":{"message":"m","code":400,"status":"BAD"}}]"#,
                "m",
                "bad",
                Some(400),
            ),
            (r#"{"error":"m"}"#, "m", "", None),
            (r#"{"message":"m"}"#, "m", "", None),
            (r#"{"detail":"m"}"#, "m", "", None),
            (
                r#"{"detail":[{"loc":1}]}"#,
                r#"{"detail":[{"loc":1}]}"#,
                "",
                None,
            ),
            ("plain", "plain", "", None),
            ("<p>", "an HTML page", "", None),
            (" <TITLE>T</TITLE>", "an HTML page titled \"T\"", "", None),
            ("<title></title>", "an HTML page", "", None),
            ("", "", "", None),
        ] {
            let said = said(body.as_bytes());
            assert_eq!(said.message, message, "{body}");
            assert_eq!(said.kind.trim(), kind, "{body}");
            assert_eq!(said.status, status, "{body}");
        }
    }
}
