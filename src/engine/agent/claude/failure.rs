//! What the CLI's ways of failing mean, and what to do about each.

use crate::protocol::Category;
use crate::protocol::Failure;
use crate::protocol::Millis;
use serde_json::Value;

/// Shown where the program is missing.
pub const INSTALL: &str = "install: npm install -g @anthropic-ai/claude-code";
const LOGIN: &str = "run `claude` once and log in, or set ANTHROPIC_API_KEY";

/// Words of a message, in lower case, that tell its kind; the first that fits counts.
const BY_WORDS: [(&str, Category, &str); 15] = [
    (
        "no conversation found with session id",
        Category::Missing,
        "it was begun in another folder, or is older than its clean-up: start a new session",
    ),
    (
        "is already in use",
        Category::BadRequest,
        "another process has this conversation open: end it, or fork the session",
    ),
    ("please run /login", Category::Auth, LOGIN),
    ("not logged in", Category::Auth, LOGIN),
    ("invalid api key", Category::Auth, LOGIN),
    ("failed to authenticate", Category::Auth, LOGIN),
    ("oauth token", Category::Auth, LOGIN),
    (
        "credit balance",
        Category::Quota,
        "add credit to the account",
    ),
    ("usage limit", Category::Quota, "wait until the limit ends"),
    (
        "hit your limit",
        Category::Quota,
        "wait until the limit ends",
    ),
    ("overloaded", Category::Overloaded, "try again in a while"),
    (
        "prompt is too long",
        Category::ContextOverflow,
        "send /compact, or fork at an earlier turn",
    ),
    (
        "unable to connect",
        Category::Network,
        "check the connection and ANTHROPIC_BASE_URL",
    ),
    (
        "timed out",
        Category::Timeout,
        "try again; the conversation is kept",
    ),
    (
        "root/sudo",
        Category::Refused,
        "choose another permission mode",
    ),
];

/// The failure a `result` line tells, if it is an error. `until`: when a limit ends, if it was said.
pub fn of_result(result: &Value, until: Option<Millis>) -> Option<Failure> {
    if result["is_error"] != true {
        return None;
    }
    let first_error = result["errors"].get(0).and_then(Value::as_str);
    let said = result["result"].as_str().filter(|said| !said.is_empty());
    let subtype = result["subtype"].as_str().unwrap_or_default();
    let message = said.or(first_error).unwrap_or(subtype);
    let by_status = match result["api_error_status"].as_u64() {
        Some(401 | 403) => Some((Category::Auth, LOGIN)),
        Some(404) => Some((Category::Missing, "choose another model")),
        Some(413) => Some((Category::ContextOverflow, "fork at an earlier turn")),
        Some(429) => Some((Category::RateLimit, "try again later")),
        Some(529) => Some((Category::Overloaded, "try again in a while")),
        Some(500..) => Some((Category::Overloaded, "the server failed: try again")),
        _ => None,
    };
    let by_subtype = match subtype {
        "error_max_budget_usd" => Some((Category::Quota, "raise --max-budget-usd")),
        "error_max_turns" => Some((Category::CutOff, "say `go on`, or raise --max-turns")),
        _ => None,
    };
    let by_words = by_words(message).filter(|(kind, _)| {
        // Words make a status finer where it is coarse: a 400 or a 429 has many reasons.
        by_status.is_none() || matches!(kind, Category::Quota | Category::ContextOverflow)
    });
    let last = match result["api_error_status"].is_u64() {
        true => (Category::BadRequest, "change the prompt or the model"),
        false => (Category::CutOff, "try again; the conversation is kept"),
    };
    let (category, next) = by_words.or(by_status).or(by_subtype).unwrap_or(last);
    let mut failure = Failure::new(category, one_line(message), next);
    if matches!(category, Category::RateLimit | Category::Quota) {
        failure.until = until;
    }
    Some(failure)
}

/// The failure that the last words of a process tell, which ended with an error.
pub fn exit_failure(stderr: &str) -> Failure {
    let line = stderr.lines().rev().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("the process ended without a word");
    let (category, next) =
        by_words(stderr).unwrap_or((Category::Exited, "restart the session to go on"));
    Failure::new(category, one_line(line), next)
}

/// One line of a message, at most 300 characters.
pub fn one_line(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    let clean = words.join(" ");
    let shown = clean.chars().filter(|c| !c.is_control());
    shown.take(300).collect()
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
        for (status, said, category) in [
            (
                json!(401),
                "Failed to authenticate. API Error: 401",
                Category::Auth,
            ),
            (
                json!(429),
                "API Error: Request rejected (429)",
                Category::RateLimit,
            ),
            (json!(429), "You've hit your limit", Category::Quota),
            (json!(529), "API Error: Overloaded", Category::Overloaded),
            (json!(500), "API Error: 500", Category::Overloaded),
            (json!(400), "API Error: 400 bad", Category::BadRequest),
            (json!(400), "Prompt is too long", Category::ContextOverflow),
            (
                json!(null),
                "Invalid API key · Please run /login",
                Category::Auth,
            ),
            (
                json!(null),
                "API Error: Unable to connect to API (ConnectionRefused)",
                Category::Network,
            ),
            (
                json!(null),
                "No conversation found with session ID: x",
                Category::Missing,
            ),
            (json!(null), "who knows", Category::CutOff),
        ] {
            let result = json!({"is_error": true, "subtype": "success",
                "api_error_status": status, "result": said});
            let failure = of_result(&result, Some(5)).unwrap();
            assert_eq!(failure.category, category, "{said}");
            let limited = matches!(category, Category::RateLimit | Category::Quota);
            assert_eq!(failure.until.is_some(), limited);
        }
        assert_eq!(of_result(&json!({"is_error": false}), None), None);
    }

    #[test]
    fn last_words_are_understood() {
        for (stderr, category) in [
            (
                "Error: Session ID 1 is already in use.\n",
                Category::BadRequest,
            ),
            (
                "No conversation found with session ID: 1\n",
                Category::Missing,
            ),
            ("Segmentation fault\n", Category::Exited),
            ("", Category::Exited),
        ] {
            assert_eq!(exit_failure(stderr).category, category);
        }
    }
}
