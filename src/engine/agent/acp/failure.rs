//! What the agents' ways of failing mean, and what to do about each.

use crate::protocol::Category;
use crate::protocol::Failure;
use serde_json::Value;

/// The protocol's own code for "log in first".
pub const LOGIN_WANTED: i64 = -32000;

/// Words of a message, in lower case, that tell its kind; the first that fits counts.
const BY_WORDS: [(&str, Category); 19] = [
    ("api key", Category::Auth),
    ("api_key", Category::Auth),
    ("authenticat", Category::Auth),
    ("unauthorized", Category::Auth),
    ("not logged in", Category::Auth),
    ("session not found", Category::Missing),
    ("invalid session", Category::Missing),
    ("no previous sessions", Category::Missing),
    ("rate limit", Category::RateLimit),
    ("too many requests", Category::RateLimit),
    ("quota", Category::Quota),
    ("credit", Category::Quota),
    ("billing", Category::Quota),
    ("overloaded", Category::Overloaded),
    ("context length", Category::ContextOverflow),
    ("context window", Category::ContextOverflow),
    ("too long", Category::ContextOverflow),
    ("econnrefused", Category::Network),
    ("fetch failed", Category::Network),
];

/// The failure that the error of an answer tells. Gemini CLI gives the model server's HTTP status as its code.
pub fn of_error(error: &Value) -> Failure {
    let code = error["code"].as_i64().unwrap_or(0);
    let message = message(error);
    let by_code = match code {
        LOGIN_WANTED | 401 | 403 => Some(Category::Auth),
        404 => Some(Category::Missing),
        408 => Some(Category::Timeout),
        413 => Some(Category::ContextOverflow),
        429 => Some(Category::RateLimit),
        400 => Some(Category::BadRequest),
        500..600 => Some(Category::Overloaded),
        _ => None,
    };
    // Words make a coarse code finer: a 400 or a 429 has many reasons, and a code of the protocol's own has all.
    let by_words = by_words(&message).filter(|kind| {
        by_code.is_none() || matches!(kind, Category::Quota | Category::ContextOverflow)
    });
    let category = by_words.or(by_code).unwrap_or(Category::CutOff);
    Failure::new(category, message, next(category))
}

/// The failure that a stop reason tells, if it is one.
pub fn of_stop(reason: &str) -> Option<Failure> {
    let (category, what, next) = match reason {
        "max_tokens" => (
            Category::CutOff,
            "the answer reached the model's limit of tokens",
            "say `go on`",
        ),
        "max_turn_requests" => (
            Category::CutOff,
            "the agent reached its limit of requests for one turn",
            "say `go on`, or raise the limit in the agent's settings",
        ),
        "refusal" => (
            Category::Refused,
            "the agent refused; it has forgotten this prompt",
            "put it in other words",
        ),
        _ => return None,
    };
    Some(Failure::new(category, what, next))
}

/// A turn that ended without a word and without a figure.
pub fn silent() -> Failure {
    Failure::new(
        Category::CutOff,
        "the agent ended its turn without a word",
        "ask again; the agent's own log may say why",
    )
}

/// The failure that the last words of a process tell, which ended with an error. They are a runtime's more often than
/// the agent's own: the line that names an error says most.
pub fn exit_failure(stderr: &str) -> Failure {
    let told = |line: &&str| line.split_whitespace().filter(|w| w.len() > 2).count() > 1;
    let lines = || stderr.lines().rev().map(str::trim);
    let error = lines().find(|line| line.to_lowercase().contains("error") && told(line));
    let line = error.or_else(|| lines().find(told));
    let line = line.unwrap_or("the process ended without a word");
    let category = by_words(line).unwrap_or(Category::Exited);
    let next = match category {
        Category::Exited => "ask again to go on",
        other => next(other),
    };
    Failure::new(category, one_line(line), next)
}

/// One line of a message, at most 300 characters.
pub fn one_line(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    let clean = words.join(" ");
    let shown = clean.chars().filter(|c| !c.is_control());
    shown.take(300).collect()
}

/// What an error says, in one line: its details where the message itself says nothing, and the text within where a
/// server's answer was passed on as JSON.
fn message(error: &Value) -> String {
    let said = error["message"].as_str().unwrap_or_default();
    let inner: Option<Value> = serde_json::from_str(said).ok();
    let of_server = inner
        .as_ref()
        .and_then(|v| v["error"]["message"].as_str().or(v["message"].as_str()));
    let data = &error["data"];
    let details = data["details"].as_str().or(data["message"].as_str());
    let text = match (of_server, details) {
        (Some(text), _) => text.to_owned(),
        (None, Some(details)) if said.is_empty() || said == "Internal error" => details.to_owned(),
        (None, Some(details)) if !said.contains(details) => format!("{said}: {details}"),
        _ if said.is_empty() => "the agent failed and does not say why".to_owned(),
        _ => said.to_owned(),
    };
    one_line(&text)
}

fn by_words(message: &str) -> Option<Category> {
    let message = message.to_lowercase();
    let mut known = BY_WORDS.iter();
    let found = known.find(|(words, _)| message.contains(words));
    found.map(|(_, category)| *category)
}

fn next(category: Category) -> &'static str {
    match category {
        Category::Auth => {
            "log in with the agent itself in a terminal, or set its key; then ask again"
        }
        Category::Missing => "choose another model, or spawn a new session",
        Category::RateLimit | Category::Overloaded => "try again in a while",
        Category::Quota => "wait until the limit ends, or add credit",
        Category::ContextOverflow => "spawn a new session and relay the answer it needs",
        Category::Network => "check the connection",
        Category::BadRequest => "change the prompt or the model",
        _ => "try again; the conversation is kept",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn failures_are_told_apart() {
        let wrapped = r#"{"error":{"message":"key is bad","type":"x"}}"#;
        for (code, said, data, category, message) in [
            (401, wrapped, json!(null), Category::Auth, "key is bad"),
            (
                429,
                "Rate limit exceeded. Try again later.",
                json!(null),
                Category::RateLimit,
                "Rate",
            ),
            (429, "Quota exceeded", json!(null), Category::Quota, "Quota"),
            (503, "overloaded", json!(null), Category::Overloaded, "over"),
            (
                -32000,
                "Gemini API key is missing or not configured.",
                json!(null),
                Category::Auth,
                "Gemini",
            ),
            (
                -32603,
                "Internal error",
                json!({"details": "Invalid session identifier \"x\".\n  Searched"}),
                Category::Missing,
                "Invalid session identifier \"x\". Searched",
            ),
            (
                -32603,
                "Internal error: OpenCode service failure",
                json!({"service": "session"}),
                Category::CutOff,
                "Int",
            ),
            (0, "", json!(null), Category::CutOff, "the agent failed"),
        ] {
            let failure = of_error(&json!({"code": code, "message": said, "data": data}));
            assert_eq!(failure.category, category, "{said}");
            assert!(failure.message.starts_with(message), "{}", failure.message);
            assert!(!failure.next.is_empty());
        }
        assert_eq!(of_error(&Value::Null).category, Category::CutOff);
    }

    #[test]
    fn last_words_are_those_that_say_something() {
        for (stderr, category, line) in [
            (
                "Error: no API key\n  at x.js:1\n}\n",
                Category::Auth,
                "Error: no API key",
            ),
            (
                "    ]\n  }\n}\n",
                Category::Exited,
                "the process ended without a word",
            ),
            (
                "Killed by somebody\n",
                Category::Exited,
                "Killed by somebody",
            ),
            ("", Category::Exited, "the process ended without a word"),
        ] {
            let failure = exit_failure(stderr);
            assert_eq!((failure.category, &*failure.message), (category, line));
        }
    }
}
