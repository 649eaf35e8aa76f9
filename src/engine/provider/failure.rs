//! What a server's refusal means: an HTTP status, an error in its body or in its stream, as a [`Failure`].

use super::limits::until;
use super::said::{Said, category, lacks, said, said_in};
use super::secret::{LONGEST, Secret, one_line, redact};
use super::{ChatRequest, Wire};
use crate::protocol::{Category, Failure, Millis};
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Whom a failure is about. Nothing in it but `key` and `hidden` is secret; both are there to be taken out of messages.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub wire: Wire,
    /// `scheme://host:port`, as it may be shown.
    pub place: String,
    pub model: String,
    pub key: Option<Secret>,
    /// Secrets in the user's own headers.
    pub hidden: Vec<Secret>,
}

impl Asked {
    pub(super) fn new(request: &ChatRequest) -> Asked {
        let key = request.key.as_ref();
        let asked = Asked::at(request.wire, &request.base_url, key, &request.headers);
        Asked {
            model: request.model.clone(),
            ..asked
        }
    }

    /// A server that is asked for something else than an answer.
    pub(super) fn at(
        wire: Wire,
        base_url: &str,
        key: Option<&Secret>,
        headers: &[(String, String)],
    ) -> Asked {
        Asked {
            wire,
            place: super::http::place(base_url),
            model: String::new(),
            key: key.cloned(),
            hidden: hidden(headers),
        }
    }

    /// What a server said, in one line, without control characters and keys.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.hidden {
            text = text.replace(secret.expose(), "…");
        }
        redact(&text, self.key.as_ref())
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
            let reset_too = failure.category == Category::RateLimit;
            failure.until = until(headers, now, reset_too).or(said.wait.map(|wait| now + wait));
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
        let words = match self.clean(&said.message) {
            empty if empty.is_empty() => "no reason given".into(),
            words => words,
        };
        let message = match status {
            Some(status) => format!("{} answered {status}: {words}", self.place),
            None => format!("{} answered: {words}", self.place),
        };
        let next = match lacks(status, said) {
            Some(ability) if category == Category::CapabilityMismatch => {
                format!(
                    "this model or server does not take {ability}: leave it out, or ask another"
                )
            }
            _ => self.next(category, said),
        };
        Failure::new(category, one_line(&message, LONGEST), next)
    }

    /// The model, or the provider in its place, will not answer; `why` in the provider's words.
    pub(super) fn said_no(&self, why: Option<&str>) -> Failure {
        let message = match why {
            Some(why) => format!("the model refused to answer: {}", self.clean(why)),
            None => "the model refused to answer".into(),
        };
        Failure::new(
            Category::Refused,
            one_line(&message, LONGEST),
            "reword the prompt, or ask another model",
        )
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

/// The values of headers whose name says that they are secret; of `Bearer …` the key.
fn hidden(headers: &[(String, String)]) -> Vec<Secret> {
    const SECRETIVE: [&str; 5] = ["key", "auth", "token", "secret", "cookie"];
    let secretive = headers.iter().filter(|(name, _)| {
        let name = name.to_lowercase();
        SECRETIVE.iter().any(|word| name.contains(word))
    });
    let values = secretive.filter_map(|(_, value)| value.split_whitespace().next_back());
    values.map(Secret::new).collect()
}

/// Whether the same request, sent again in a while, may well succeed. All others fail again until something is changed:
/// the request, a key, the credit, a setting.
pub fn is_transient(category: Category) -> bool {
    matches!(
        category,
        Category::RateLimit
            | Category::Overloaded
            | Category::Network
            | Category::Timeout
            | Category::CutOff
    )
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
    match wire {
        Wire::Anthropic => return Some("ANTHROPIC_API_KEY"),
        Wire::Gemini => return Some("GEMINI_API_KEY"),
        _ => {}
    }
    HOSTS
        .iter()
        .find(|(host, _)| place.ends_with(host))
        .map(|(_, name)| *name)
}
