//! Which models a server has, and other questions that have one answer.

use super::client::endpoint;
use super::failure::Asked;
use super::http::{headers, send};
use super::{Secret, Wire};
use crate::protocol::{Category, Failure};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// How long a list of models may take, and a count of tokens.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// The longest answer that is read; OpenRouter's list of models has half a megabyte.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// The models that the Ollama at `base_url` has, in its order (newest first), within `deadline` from now.
pub async fn probe_ollama(base_url: &str, deadline: Duration) -> Result<Vec<String>, Failure> {
    let question = Question::new(Wire::Ollama, base_url, "tags", deadline);
    let list = question.ask().await?;
    Ok(names(&list["models"], &["name", "model"]))
}

/// The models that the server at `base_url` lists, in its order; needs the key where the server wants one. For
/// [`Wire::Rehearsal`] its only one.
pub async fn probe_models(
    wire: Wire,
    base_url: &str,
    key: Option<&Secret>,
) -> Result<Vec<String>, Failure> {
    let question = Question {
        key,
        ..Question::new(wire, base_url, "models", LIMIT)
    };
    match wire {
        Wire::Ollama => probe_ollama(base_url, LIMIT).await,
        Wire::Rehearsal => Ok(vec!["rehearsal".into()]),
        Wire::Gemini => {
            let query = "pageSize=1000";
            let list = Question { query, ..question }.ask().await?;
            Ok(gemini_models(&list))
        }
        Wire::Anthropic | Wire::OpenAiChat | Wire::OpenAiResponses => {
            // Anthropic lists 20 at a time unless asked for more; others do not look at it.
            let query = "limit=1000";
            let list = Question { query, ..question }.ask().await?;
            Ok(names(&list["data"], &["id"]))
        }
    }
}

/// The models that answer a conversation, without the folder they are all in.
fn gemini_models(list: &Value) -> Vec<String> {
    let models = list["models"].as_array().into_iter().flatten();
    let answers = |model: &&Value| {
        let methods = model["supportedGenerationMethods"].as_array();
        methods.is_none_or(|all| all.iter().any(|method| method == "generateContent"))
    };
    models
        .filter(answers)
        .filter_map(|model| model["name"].as_str())
        .map(|name| name.strip_prefix("models/").unwrap_or(name).to_owned())
        .collect()
}

/// How many tokens `model` sees on the Ollama at `base_url`: what its Modelfile sets (`num_ctx`), else what the model
/// was made for. `None` if the server does not say.
pub async fn ollama_window(base_url: &str, model: &str) -> Option<u64> {
    let body = json!({"model": model});
    let question = Question {
        body: Some(&body),
        ..Question::new(Wire::Ollama, base_url, "show", LIMIT)
    };
    window(&question.ask().await.ok()?)
}

fn window(show: &Value) -> Option<u64> {
    let parameters = show["parameters"].as_str().unwrap_or_default();
    let set = parameters.lines().find_map(|line| {
        let value = line.trim().strip_prefix("num_ctx")?;
        value.trim().parse().ok()
    });
    let made = show["model_info"].as_object().and_then(|info| {
        let found = info
            .iter()
            .find(|(name, _)| name.ends_with(".context_length"));
        found?.1.as_u64()
    });
    set.or(made)
}

/// A request whose answer is one JSON object.
pub(super) struct Question<'a> {
    pub wire: Wire,
    pub base_url: &'a str,
    pub key: Option<&'a Secret>,
    pub headers: &'a [(String, String)],
    pub model: &'a str,
    pub tail: &'a str,
    pub query: &'a str,
    /// With one it is a `POST`.
    pub body: Option<&'a Value>,
    pub limit: Duration,
}

impl<'a> Question<'a> {
    fn new(wire: Wire, base_url: &'a str, tail: &'a str, limit: Duration) -> Question<'a> {
        Question {
            wire,
            base_url,
            key: None,
            headers: &[],
            model: "",
            tail,
            query: "",
            body: None,
            limit,
        }
    }

    pub(super) async fn ask(self) -> Result<Value, Failure> {
        let asked = Asked {
            model: self.model.to_owned(),
            ..Asked::at(self.wire, self.base_url, self.key, self.headers)
        };
        let mut url = endpoint(self.wire, self.base_url, self.tail)?;
        if !self.query.is_empty() {
            url.set_query(Some(self.query));
        }
        let headers = headers(self.wire, self.key, self.headers)?;
        let method = match self.body {
            Some(_) => Method::POST,
            None => Method::GET,
        };
        let work = async {
            let mut response = send(&asked, method, url, headers, self.body, self.limit).await?;
            let mut text = Vec::new();
            while let Some(bytes) = response.chunk().await.map_err(|_| asked.cut_off())? {
                text.extend_from_slice(&bytes);
                if text.len() > MAX_ANSWER {
                    return Err(asked.not_ours("more than 8 MiB", &text));
                }
            }
            if text.trim_ascii_start().starts_with(b"<") {
                return Err(asked.not_ours("HTML", &text));
            }
            asked.object(&text)
        };
        timeout(self.limit, work).await.unwrap_or_else(|_| {
            Err(Failure::new(
                Category::Timeout,
                format!(
                    "{} did not answer in {} ms",
                    asked.place,
                    self.limit.as_millis()
                ),
                "try again, or look at what the server does",
            ))
        })
    }
}

fn names(list: &Value, fields: &[&str]) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| fields.iter().find_map(|field| item[*field].as_str()))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_what_is_set_or_what_the_model_was_made_for() {
        for (show, expected) in [
            (
                json!({"model_info": {"general.architecture": "llama", "llama.context_length": 4096}}),
                Some(4096),
            ),
            (
                json!({"parameters": "stop \"x\"\nnum_ctx     8192", "model_info": {"q.context_length": 40960}}),
                Some(8192),
            ),
            (json!({"model_info": {}}), None),
            (json!([]), None),
        ] {
            assert_eq!(window(&show), expected, "{show}");
        }
    }
}
