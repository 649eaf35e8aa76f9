//! Which models a server has.

use super::client::{endpoint, place};
use super::failure::Asked;
use super::http::{headers, send};
use super::{Secret, Wire};
use crate::protocol::{Category, Failure};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// How long a list of models may take.
const LIMIT: Duration = Duration::from_secs(10);
/// The longest list that is read; OpenRouter's has half a megabyte.
const MAX_LIST: usize = 8 * 1024 * 1024;

/// The models that the Ollama at `base_url` has, in its order (newest first), within `deadline` from now.
pub async fn probe_ollama(base_url: &str, deadline: Duration) -> Result<Vec<String>, Failure> {
    let list = ask(Wire::Ollama, base_url, None, "tags", "", None, deadline).await?;
    Ok(names(&list["models"], &["name", "model"]))
}

/// The models that the server at `base_url` lists, in its order; needs the key where the server wants one. For
/// [`Wire::Rehearsal`] its only one.
pub async fn probe_models(
    wire: Wire,
    base_url: &str,
    key: Option<&Secret>,
) -> Result<Vec<String>, Failure> {
    match wire {
        Wire::Ollama => return probe_ollama(base_url, LIMIT).await,
        Wire::Rehearsal => return Ok(vec!["rehearsal".into()]),
        Wire::Anthropic | Wire::OpenAiChat => {}
    }
    // Anthropic lists 20 at a time unless asked for more; others do not look at it.
    let list = ask(wire, base_url, key, "models", "limit=1000", None, LIMIT).await?;
    Ok(names(&list["data"], &["id"]))
}

/// How many tokens `model` sees on the Ollama at `base_url`: what its Modelfile sets (`num_ctx`), else what the model
/// was made for. `None` if the server does not say.
pub async fn ollama_window(base_url: &str, model: &str) -> Option<u64> {
    let body = json!({"model": model});
    let show = ask(Wire::Ollama, base_url, None, "show", "", Some(&body), LIMIT);
    window(&show.await.ok()?)
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

async fn ask(
    wire: Wire,
    base_url: &str,
    key: Option<&Secret>,
    tail: &str,
    query: &str,
    body: Option<&Value>,
    limit: Duration,
) -> Result<Value, Failure> {
    let asked = Asked {
        wire,
        place: place(base_url),
        model: String::new(),
        key: key.cloned(),
    };
    let mut url = endpoint(wire, base_url, tail)?;
    if !query.is_empty() {
        url.set_query(Some(query));
    }
    let headers = headers(wire, key, &[])?;
    let method = if body.is_some() {
        Method::POST
    } else {
        Method::GET
    };
    let work = async {
        let mut response = send(&asked, method, url, headers, body, limit).await?;
        let mut text = Vec::new();
        while let Some(bytes) = response.chunk().await.map_err(|_| asked.cut_off())? {
            text.extend_from_slice(&bytes);
            if text.len() > MAX_LIST {
                return Err(asked.not_ours("more than 8 MiB", &text));
            }
        }
        if text.trim_ascii_start().starts_with(b"<") {
            return Err(asked.not_ours("HTML", &text));
        }
        asked.object(&text)
    };
    timeout(limit, work).await.unwrap_or_else(|_| {
        Err(Failure::new(
            Category::Timeout,
            format!("{} did not answer in {} ms", asked.place, limit.as_millis()),
            "try again, or look at what the server does",
        ))
    })
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
