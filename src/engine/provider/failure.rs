//! What a server's refusal means: an HTTP status, an error in its body or in its stream, as a [`Failure`].

use super::limits::until;
use super::said::{Said, category, said, said_in};
use super::secret::{Secret, one_line, redact};
use super::{ChatRequest, Wire};
use crate::protocol::{Category, Failure, Millis};
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Whom a failure is about. Nothing in it but `key` is secret, and `key` is there to be taken out of messages.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub wire: Wire,
    /// `scheme://host:port`, as it may be shown.
    pub place: String,
    pub model: String,
    pub key: Option<Secret>,
}

impl Asked {
    pub(super) fn new(request: &ChatRequest) -> Asked {
        Asked {
            wire: request.wire,
            place: super::http::place(&request.base_url),
            model: request.model.clone(),
            key: request.key.clone(),
        }
    }

    /// The failure of an answer with an HTTP status other than 2xx.
    pub(super) fn refused(
        &self,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
        now: Millis,
    ) -> Failure {
        let said = said(body);
        let mut failure = self.judged(Some(status), &said);
        if matches!(failure.category, Category::RateLimit | Category::Overloaded) {
            failure.until = until(headers, now, failure.category == Category::RateLimit);
        }
        failure
    }

    /// The failure of an error object that came with status 200, in or instead of a stream.
    pub(super) fn error_in_stream(&self, error: &Value) -> Failure {
        self.judged(None, &said_in(error))
    }

    fn judged(&self, status: Option<u16>, said: &Said) -> Failure {
        let status = status.or(said.status);
        let category = category(status, said);
        let words = match redact(&said.message, self.key.as_ref()) {
            empty if empty.is_empty() => "no reason given".into(),
            words => words,
        };
        let message = match status {
            Some(status) => format!("{} answered {status}: {words}", self.place),
            None => format!("{} answered: {words}", self.place),
        };
        Failure::new(category, one_line(&message, 300), self.next(category, said))
    }

    /// What the user can do.
    fn next(&self, category: Category, said: &Said) -> String {
        match category {
            Category::Auth => match key_variable(self.wire, &self.place) {
                Some(name) if self.key.is_none() => format!("no key was sent: set {name}"),
                Some(name) => format!("check the key in {name}"),
                None => {
                    "set the key of this endpoint in the configuration (api_key_env or api_key_cmd)"
                        .into()
                }
            },
            Category::Quota => {
                "add credit or raise the limit in the provider's console, or switch the model"
                    .into()
            }
            Category::RateLimit => "wait, or continue on another model".into(),
            Category::Overloaded => "try again in a moment, or continue on another model".into(),
            Category::ContextOverflow => {
                "fork at an earlier turn, or switch to a model with a larger window".into()
            }
            Category::Refused => "reword the prompt, or ask another model".into(),
            Category::Missing if self.wire == Wire::Ollama && said.message.contains("model") => {
                format!("ollama pull {}", one_line(&self.model, 80))
            }
            Category::Missing => "check the model's name and base_url".into(),
            Category::Timeout => "try again".into(),
            _ => "check the model's name and the session's settings".into(),
        }
    }
}

/// The environment variable in which the key of `wire` at `place` is usually kept; `None` where none is usual.
fn key_variable(wire: Wire, place: &str) -> Option<&'static str> {
    const HOSTS: [(&str, &str); 8] = [
        ("api.openai.com", "OPENAI_API_KEY"),
        ("openrouter.ai", "OPENROUTER_API_KEY"),
        ("api.groq.com", "GROQ_API_KEY"),
        ("generativelanguage.googleapis.com", "GEMINI_API_KEY"),
        ("api.mistral.ai", "MISTRAL_API_KEY"),
        ("api.deepseek.com", "DEEPSEEK_API_KEY"),
        ("api.x.ai", "XAI_API_KEY"),
        ("api.together.xyz", "TOGETHER_API_KEY"),
    ];
    if wire == Wire::Anthropic {
        return Some("ANTHROPIC_API_KEY");
    }
    HOSTS
        .iter()
        .find(|(host, _)| place.ends_with(host))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(wire: Wire, place: &str) -> Asked {
        Asked {
            wire,
            place: place.into(),
            model: "m1".into(),
            key: Some(Secret::new("hush-hush")),
        }
    }

    #[test]
    fn statuses_and_bodies_become_failures() {
        let anthropic = asked(Wire::Anthropic, "https://api.anthropic.com");
        let openai = asked(Wire::OpenAiChat, "https://api.openai.com");
        let local = asked(Wire::OpenAiChat, "http://127.0.0.1:8080");
        let ollama = asked(Wire::Ollama, "http://127.0.0.1:11434");
        let rows: [(&Asked, u16, &str, Category, &str, &str); 21] = [
            (
                &anthropic,
                401,
                r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key hush-hush"}}"#,
                Category::Auth,
                "https://api.anthropic.com answered 401: invalid x-api-key …",
                "check the key in ANTHROPIC_API_KEY",
            ),
            (
                &openai,
                403,
                r#"{"error":{"message":"context window not enabled"}}"#,
                Category::Auth,
                "context window",
                "OPENAI_API_KEY",
            ),
            (
                &local,
                401,
                "Unauthorized\n",
                Category::Auth,
                "answered 401: Unauthorized",
                "api_key_env",
            ),
            (
                &anthropic,
                400,
                r#"{"error":{"type":"invalid_request_error","message":"Your credit balance is too low to access"}}"#,
                Category::Quota,
                "credit",
                "credit",
            ),
            (
                &openai,
                429,
                r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#,
                Category::Quota,
                "quota",
                "",
            ),
            (&openai, 402, "{}", Category::Quota, "402: {}", ""),
            (
                &openai,
                429,
                r#"{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}"#,
                Category::RateLimit,
                "reached",
                "wait",
            ),
            (
                &openai,
                404,
                r#"{"error":{"message":"The model `m1` does not exist","code":"model_not_found"}}"#,
                Category::Missing,
                "does not exist",
                "model's name",
            ),
            (
                &ollama,
                404,
                r#"{"error":"model 'm1' not found"}"#,
                Category::Missing,
                "model 'm1' not found",
                "ollama pull m1",
            ),
            (
                &ollama,
                404,
                "404 page not found",
                Category::Missing,
                "page not found",
                "base_url",
            ),
            (
                &anthropic,
                400,
                r#"{"error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
                Category::ContextOverflow,
                "too long",
                "fork",
            ),
            (
                &local,
                400,
                r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
                Category::ContextOverflow,
                "exceeds",
                "",
            ),
            (
                &anthropic,
                413,
                r#"{"error":{"type":"request_too_large","message":"Request exceeds"}}"#,
                Category::ContextOverflow,
                "413",
                "",
            ),
            (
                &openai,
                400,
                r#"{"error":{"message":"bad\u001b[2J\ntemperature"}}"#,
                Category::BadRequest,
                "400: bad[2J temperature",
                "",
            ),
            (
                &openai,
                408,
                "",
                Category::Timeout,
                "408: no reason given",
                "try again",
            ),
            (
                &local,
                504,
                "<html><head><title>Gateway Timeout</title>",
                Category::Timeout,
                "an HTML page",
                "",
            ),
            (
                &local,
                502,
                "<!doctype html><TITLE> Bad Gateway </TITLE>",
                Category::Overloaded,
                "an HTML page titled \"Bad Gateway\"",
                "",
            ),
            (
                &anthropic,
                529,
                r#"{"error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                Category::Overloaded,
                "529: Overloaded",
                "another model",
            ),
            (
                &local,
                503,
                r#"{"error":{"message":"Loading model","type":"unavailable_error"}}"#,
                Category::Overloaded,
                "Loading model",
                "",
            ),
            (
                &local,
                500,
                r#"{"detail":"boom"}"#,
                Category::Overloaded,
                "500: boom",
                "",
            ),
            (
                &openai,
                400,
                r#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]"#,
                Category::Auth,
                "not valid",
                "check the key",
            ),
        ];
        for (asked, status, body, category, message, next) in rows {
            let failure = asked.refused(status, &HeaderMap::new(), body.as_bytes(), 0);
            assert_eq!(failure.category, category, "{body}: {failure}");
            assert!(failure.message.contains(message), "{body}: {failure}");
            assert!(failure.next.contains(next), "{body}: {failure}");
            assert!(!failure.message.contains("hush"), "{failure}");
        }
    }

    #[test]
    fn errors_in_a_stream_are_judged_by_their_words() {
        let asked = asked(Wire::OpenAiChat, "https://openrouter.ai");
        for (error, category) in [
            (
                r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                Category::Overloaded,
            ),
            (
                r#"{"error":{"code":429,"message":"Slow down"}}"#,
                Category::RateLimit,
            ),
            (
                r#"{"error":{"code":502,"message":"Provider failed"}}"#,
                Category::Overloaded,
            ),
            (
                r#"{"error":{"type":"api_error","message":"Internal"}}"#,
                Category::Overloaded,
            ),
            (r#"{"error":"unexpected"}"#, Category::BadRequest),
        ] {
            let failure = asked.error_in_stream(&serde_json::from_str(error).unwrap());
            assert_eq!(failure.category, category, "{error}: {failure}");
        }
    }
}
