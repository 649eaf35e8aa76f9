//! Refusals as servers send them, and what they become.

use super::failure::Asked;
use super::{Secret, Wire, is_transient};
use crate::protocol::Category;
use reqwest::header::HeaderMap;

fn asked(wire: Wire, place: &str) -> Asked {
    Asked {
        wire,
        place: place.into(),
        model: "m1".into(),
        key: Some(Secret::new("hush-hush")),
        hidden: Vec::new(),
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

#[test]
fn what_a_model_cannot_do_is_named() {
    let openai = asked(Wire::OpenAiChat, "https://api.openai.com");
    let local = asked(Wire::OpenAiChat, "http://127.0.0.1:8080");
    let ollama = asked(Wire::Ollama, "http://127.0.0.1:11434");
    let gemini = asked(Wire::Gemini, "https://generativelanguage.googleapis.com");
    for (asked, status, body, ability) in [
        (
            &local,
            500,
            r#"{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj","type":"server_error"}}"#,
            "take images",
        ),
        (
            &local,
            404,
            r#"{"error":{"message":"No endpoints found that support image input","code":404}}"#,
            "take images",
        ),
        (
            &ollama,
            400,
            r#"{"error":"registry.ollama.ai/library/m1 does not support tools"}"#,
            "take tools",
        ),
        (
            &ollama,
            400,
            r#"{"error":"\"m1\" does not support thinking"}"#,
            "take thinking",
        ),
        (
            &openai,
            400,
            r#"{"error":{"message":"Unsupported parameter: 'reasoning.effort' is not supported with this model.","type":"invalid_request_error","code":"unsupported_parameter"}}"#,
            "take thinking",
        ),
        (
            &openai,
            400,
            r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0.7 with this model.","code":"unsupported_value"}}"#,
            "one of its options",
        ),
        (
            &gemini,
            400,
            r#"{"error":{"code":400,"message":"Thinking level is not supported for this model.","status":"INVALID_ARGUMENT"}}"#,
            "take thinking",
        ),
    ] {
        let failure = asked.refused(status, &HeaderMap::new(), body.as_bytes(), 0);
        assert_eq!(failure.category, Category::CapabilityMismatch, "{failure}");
        assert!(failure.next.contains(ability), "{failure}");
    }
    // Not every error that names an image is about what a model can do.
    let body = br#"{"error":{"message":"Invalid 'image_url': expected a base64 data URI"}}"#;
    let failure = openai.refused(400, &HeaderMap::new(), body, 0);
    assert_eq!(failure.category, Category::BadRequest);
    assert!(!failure.next.contains("images"), "{failure}");
    let failure = openai.refused(503, &HeaderMap::new(), b"image input offline", 0);
    assert_eq!(failure.category, Category::Overloaded);
}

#[test]
fn a_long_message_is_kept_and_no_header_of_the_users_is_in_it() {
    let headers = [
        ("api-key", "hush-own-1"),
        ("Authorization", "Bearer hush-own-2"),
        ("x-title", "Antiphon"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let asked = Asked::at(Wire::OpenAiChat, "http://h", None, &headers);
    let words = "the reason is long; ".repeat(40);
    let body = format!("Antiphon's hush-own-1 and hush-own-2 are wrong: {words}end");
    let failure = asked.refused(400, &HeaderMap::new(), body.as_bytes(), 0);
    let expected = format!("http://h answered 400: Antiphon's … and … are wrong: {words}end");
    assert_eq!(failure.message, expected);
}

#[test]
fn google_says_in_the_body_how_long_to_wait() {
    let gemini = asked(Wire::Gemini, "https://generativelanguage.googleapis.com");
    let body = r#"{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED",
        "details":[{"@type":"type.googleapis.com/google.rpc.Help"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}"#;
    let failure = gemini.refused(429, &HeaderMap::new(), body.as_bytes(), 1_000);
    assert_eq!(failure.category, Category::RateLimit);
    assert_eq!(failure.until, Some(35_500));
    let body = br#"{"error":{"code":403,"message":"Method doesn't allow unregistered callers"}}"#;
    let failure = gemini.refused(403, &HeaderMap::new(), body, 0);
    assert_eq!(failure.next, "check the key in GEMINI_API_KEY");
}

#[test]
fn what_may_pass_by_itself_is_worth_another_try() {
    for (category, again) in [
        (Category::RateLimit, true),
        (Category::Overloaded, true),
        (Category::Network, true),
        (Category::Timeout, true),
        (Category::CutOff, true),
        (Category::Auth, false),
        (Category::Quota, false),
        (Category::ContextOverflow, false),
        (Category::Refused, false),
        (Category::BadRequest, false),
        (Category::Parse, false),
        (Category::Missing, false),
        (Category::Exited, false),
        (Category::CapabilityMismatch, false),
        (Category::ToolError, false),
    ] {
        assert_eq!(is_transient(category), again, "{category}");
    }
}
