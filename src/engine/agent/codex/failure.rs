//! What Codex's ways of failing mean, and what to do about each.

use crate::protocol::Category;
use crate::protocol::Failure;
use crate::protocol::Millis;
use serde_json::Value;

const LOGIN: &str = "run `codex login` once, or check the key that its config.toml names";
const WAIT: &str = "wait until the limit ends";
const AGAIN: &str = "try again in a while";
const FORK: &str = "send /compact, or fork at an earlier turn";

/// Codex's own names of errors.
const BY_NAME: [(&str, Category, &str); 18] = [
    ("contextWindowExceeded", Category::ContextOverflow, FORK),
    (
        "sessionBudgetExceeded",
        Category::Quota,
        "raise the budget in its settings",
    ),
    ("usageLimitExceeded", Category::Quota, WAIT),
    ("rateLimitExceeded", Category::RateLimit, AGAIN),
    (
        "serverOverloaded",
        Category::Overloaded,
        "try again in a while, or choose another model",
    ),
    (
        "internalServerError",
        Category::Overloaded,
        "the server failed: try again",
    ),
    ("flexUnavailable", Category::Overloaded, AGAIN),
    ("policyCapacityUnavailable", Category::Overloaded, AGAIN),
    ("modelNotFound", Category::Missing, "choose another model"),
    ("unauthorized", Category::Auth, LOGIN),
    (
        "badRequest",
        Category::BadRequest,
        "change the prompt or the model",
    ),
    ("cyberPolicy", Category::Refused, "ask in another way"),
    (
        "misalignmentPolicyViolation",
        Category::Refused,
        "ask in another way",
    ),
    (
        "inferenceHookDenied",
        Category::Refused,
        "a hook of its settings denied it",
    ),
    (
        "tooManyDenials",
        Category::Refused,
        "ask in another way, or allow more",
    ),
    (
        "sandboxError",
        Category::ToolError,
        "choose another permission mode",
    ),
    (
        "responseStreamDisconnected",
        Category::CutOff,
        "try again; the conversation is kept",
    ),
    (
        "httpConnectionFailed",
        Category::Network,
        "check the connection",
    ),
];

/// Words of a message, in lower case, that tell its kind; the first that fits counts.
const BY_WORDS: [(&str, Category, &str); 15] = [
    (
        "no rollout found",
        Category::Missing,
        "its file is gone: start a new session",
    ),
    ("turn not found", Category::Missing, "fork at another turn"),
    (
        "already has an active writer",
        Category::BadRequest,
        "another process has this conversation open: end it, or fork the session",
    ),
    (
        "invalid request",
        Category::BadRequest,
        "this version speaks otherwise: update it",
    ),
    ("missing environment variable", Category::Auth, LOGIN),
    ("not logged in", Category::Auth, LOGIN),
    ("401 unauthorized", Category::Auth, LOGIN),
    ("quota exceeded", Category::Quota, WAIT),
    ("max_output_tokens", Category::CutOff, "say `go on`"),
    (
        "error sending request",
        Category::Network,
        "check the connection",
    ),
    ("lookup address", Category::Network, "check the connection"),
    (
        "connection refused",
        Category::Network,
        "check the connection",
    ),
    (
        "timed out",
        Category::Timeout,
        "try again; the conversation is kept",
    ),
    (
        "stream disconnected",
        Category::CutOff,
        "try again; the conversation is kept",
    ),
    (
        "config.toml",
        Category::BadRequest,
        "correct its configuration",
    ),
];

/// The failure of a turn, or of a request of ours. `until`: when a limit ends, if it was said.
pub fn of_error(error: &Value, until: Option<Millis>) -> Failure {
    let said = error["message"].as_str().unwrap_or("it gave no reason");
    let message = words_of(said);
    let info = &error["codexErrorInfo"];
    let named = info.as_str().or_else(|| {
        let variant = info.as_object()?.keys().next()?;
        Some(variant.as_str())
    });
    let status = info
        .as_object()
        .and_then(|variant| variant.values().next()?["httpStatusCode"].as_u64());
    let by_status = match status {
        Some(401 | 403) => Some((Category::Auth, LOGIN)),
        Some(404) => Some((Category::Missing, "choose another model")),
        Some(413) => Some((Category::ContextOverflow, FORK)),
        Some(429) => Some((Category::RateLimit, "try again later")),
        Some(500..) => Some((Category::Overloaded, AGAIN)),
        Some(400..) => Some((Category::BadRequest, "change the prompt or the model")),
        _ => None,
    };
    let by_name = BY_NAME
        .iter()
        .find(|(name, ..)| Some(*name) == named)
        .map(|(_, category, next)| (*category, *next));
    let found = by_status.or(by_name).or_else(|| by_words(said));
    let (category, next) = found.unwrap_or(match said.starts_with('{') {
        // The body of a refusal, as it came.
        true => (Category::BadRequest, "change the prompt or the model"),
        false => (Category::CutOff, "try again; the conversation is kept"),
    });
    let mut failure = Failure::new(category, message, next);
    if matches!(category, Category::RateLimit | Category::Quota) {
        failure.until = until;
    }
    failure
}

/// The failure that the last words of a process tell, which ended with an error.
pub fn exit_failure(stderr: &str) -> Failure {
    // It warns of much, each time; what is understood says more than what came last.
    let telling = |line: &&str| !line.trim().is_empty() && !line.starts_with("WARNING");
    let lines = || stderr.lines().rev().filter(telling);
    let understood = lines().find_map(|line| Some((line, by_words(line)?)));
    let last = || lines().next().unwrap_or("the process ended without a word");
    let unknown = (Category::Exited, "restart the session to go on");
    let (line, (category, next)) = understood.unwrap_or_else(|| (last(), unknown));
    Failure::new(category, one_line(line), next)
}

/// A retry, as one line for the person.
pub fn retry(error: &Value) -> String {
    let said = one_line(error["message"].as_str().unwrap_or("retrying"));
    match error["additionalDetails"].as_str() {
        Some(why) => one_line(&format!("{said}: {why}")),
        None => said,
    }
}

/// One line of a message, at most 300 characters.
pub fn one_line(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    let clean = words.join(" ");
    let shown = clean.chars().filter(|c| !c.is_control());
    shown.take(300).collect()
}

/// What a message says; that of a JSON body where it is one.
fn words_of(message: &str) -> String {
    let body: Option<Value> = serde_json::from_str(message).ok();
    let inner = body.as_ref().and_then(|body| {
        let told = [&body["error"]["message"], &body["message"], &body["detail"]];
        told.into_iter().find_map(Value::as_str)
    });
    one_line(inner.unwrap_or(message))
}

fn by_words(message: &str) -> Option<(Category, &'static str)> {
    let message = message.to_lowercase();
    BY_WORDS
        .iter()
        .find(|(words, ..)| message.contains(words))
        .map(|(_, category, next)| (*category, *next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn failures_are_told_apart() {
        let http = |name: &str, status: u64| json!({name: {"httpStatusCode": status}});
        for (info, said, category) in [
            (
                json!("contextWindowExceeded"),
                "ran out of room",
                Category::ContextOverflow,
            ),
            (
                json!("usageLimitExceeded"),
                "hit your usage limit",
                Category::Quota,
            ),
            (
                json!("serverOverloaded"),
                "at capacity",
                Category::Overloaded,
            ),
            (json!("unauthorized"), "token expired", Category::Auth),
            (
                http("httpConnectionFailed", 401),
                "unexpected status 401",
                Category::Auth,
            ),
            (
                http("httpConnectionFailed", 404),
                "unexpected status 404",
                Category::Missing,
            ),
            (
                http("responseTooManyFailedAttempts", 429),
                "exceeded retry limit",
                Category::RateLimit,
            ),
            (
                json!({"httpConnectionFailed": {"httpStatusCode": null}}),
                "x",
                Category::Network,
            ),
            (
                json!("other"),
                "stream disconnected before completion: x",
                Category::CutOff,
            ),
            (
                json!("other"),
                "{\"error\": {\"message\": \"no such field\"}}",
                Category::BadRequest,
            ),
            (
                json!("other"),
                "Missing environment variable: `KEY`.",
                Category::Auth,
            ),
            (json!("tomorrow's"), "who knows", Category::CutOff),
            (
                json!(null),
                "no rollout found for thread id x",
                Category::Missing,
            ),
            (
                json!(null),
                "thread x already has an active writer",
                Category::BadRequest,
            ),
        ] {
            let error = json!({"message": said, "codexErrorInfo": info});
            let failure = of_error(&error, Some(5));
            assert_eq!(failure.category, category, "{said}");
            let limited = matches!(category, Category::RateLimit | Category::Quota);
            assert_eq!(failure.until.is_some(), limited);
            assert!(!failure.next.is_empty());
        }
        let body = json!({"message": "{\"error\": {\"message\": \"no\\n such field\"}}"});
        assert_eq!(of_error(&body, None).message, "no such field");
    }

    #[test]
    fn last_words_are_understood() {
        for (stderr, category, message) in [
            (
                "no rollout found for x\nERROR closed\n",
                Category::Missing,
                "no rollout found for x",
            ),
            (
                "Error: bad\nWARNING: proceeding\n",
                Category::Exited,
                "Error: bad",
            ),
            ("", Category::Exited, "the process ended without a word"),
        ] {
            let failure = exit_failure(stderr);
            assert_eq!((failure.category, &*failure.message), (category, message));
        }
    }
}
