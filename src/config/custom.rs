//! `CUSTOM_PROVIDERS`: endpoints as JSON in the environment, for machines on which no file is written.

use crate::config::endpoint::Endpoint;
use crate::config::keys::ENDPOINT_KEYS;
use crate::config::problem::did_you_mean;
use crate::config::secrets::means_a_secret;
use crate::protocol::{Backend, Problem};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::de::DeTable;

/// The variable, which stands for the path in problems.
const VARIABLE: &str = "CUSTOM_PROVIDERS";
const FORM: &str = "write [{\"name\": \"groq\", \"base_url\": \"https://…/v1\", \"api_key_env\": \"GROQ_API_KEY\"}]";

/// Adds the endpoints of `text` that are not there yet: a list of objects with a `name`, one such object, or an object
/// of objects by name. What is wrong is left out and told; no value is repeated, as it may be a key.
pub fn custom_providers(text: &str, endpoints: &mut BTreeMap<String, Endpoint>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let value = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        Err(e) => {
            let what = format!("not JSON: {e}");
            return vec![Problem {
                line: e.line(),
                column: e.column(),
                ..problem(what, FORM)
            }];
        }
    };
    for (name, fields) in entries(value, &mut problems) {
        if endpoints.contains_key(&name) {
            // The file has it, and the file wins.
            continue;
        }
        if let Some(endpoint) = endpoint(&name, &fields, &mut problems) {
            endpoints.insert(name, endpoint);
        }
    }
    problems
}

fn problem(what: impl Into<String>, next: impl Into<String>) -> Problem {
    Problem {
        path: PathBuf::from(VARIABLE),
        line: 0,
        column: 0,
        what: what.into(),
        next: next.into(),
        source_line: String::new(),
    }
}

/// Names and fields, in whichever of the forms.
fn entries(value: Value, problems: &mut Vec<Problem>) -> Vec<(String, Map<String, Value>)> {
    let list = match value {
        Value::Array(list) => list,
        Value::Object(one) if one.contains_key("name") || one.contains_key("base_url") => {
            vec![Value::Object(one)]
        }
        Value::Object(by_name) => {
            let named = by_name.into_iter().map(|(name, fields)| match fields {
                Value::Object(mut fields) => {
                    fields.insert("name".to_owned(), Value::String(name));
                    Value::Object(fields)
                }
                other => other,
            });
            named.collect()
        }
        _ => {
            problems.push(problem("expected a list of endpoints", FORM));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (place, item) in list.into_iter().enumerate() {
        let Value::Object(mut fields) = item else {
            problems.push(problem(
                format!("entry {} is not an object", place + 1),
                FORM,
            ));
            continue;
        };
        let name = match fields.remove("name") {
            Some(Value::String(name)) => name,
            _ => String::new(),
        };
        let blank = |c: char| c.is_whitespace() || c.is_control();
        let wrong = if name.is_empty() || name.contains(blank) {
            Some(format!("entry {}: its `name` is not one word", place + 1))
        } else if !matches!(Backend::from(name.clone()), Backend::Endpoint(_)) {
            Some(format!("`{name}` is a built-in backend"))
        } else {
            None
        };
        match wrong {
            Some(what) => {
                problems.push(problem(what, "give it a name of its own, such as \"groq\""))
            }
            None => found.push((name, fields)),
        }
    }
    found
}

fn endpoint(
    name: &str,
    fields: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<Endpoint> {
    let mut endpoint = Endpoint::default();
    for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        if let Err((what, next)) = field(&mut endpoint, key, value) {
            problems.push(problem(format!("`{name}`: {what}"), next));
        }
    }
    if endpoint.base_url.is_empty() {
        if !fields.contains_key("base_url") {
            let what = format!("`{name}` has no `base_url`");
            problems.push(problem(what, "add \"base_url\": \"https://…/v1\""));
        }
        return None;
    }
    Some(endpoint)
}

/// Fills one key, by the same table and checks as the file's.
fn field(into: &mut Endpoint, key: &str, value: &Value) -> Result<(), (String, String)> {
    let row = ENDPOINT_KEYS.iter().find(|(_, known, _)| *known == key);
    let Some((_, _, slot)) = row else {
        let what = format!("unknown key `{}`", key.escape_debug());
        if means_a_secret(key) {
            let next = "keep keys out of it: name the variable that holds it in `api_key_env`, or a command that \
                        prints it in `api_key_cmd`";
            return Err((what, next.to_owned()));
        }
        let known = || ENDPOINT_KEYS.iter().map(|row| row.1);
        let next = did_you_mean(key, std::iter::once("name").chain(known()), || {
            let all: Vec<&str> = known().collect();
            format!("the keys are name, {}", all.join(", "))
        });
        return Err((what, next));
    };
    let odd = |_| (format!("`{key}` is not of the right kind"), FORM.to_owned());
    // What a key may hold is known in the file's form.
    let line = BTreeMap::from([(key, value)]);
    let text = toml::to_string(&line).map_err(|_| odd(()))?;
    let table = DeTable::parse(&text).map_err(|_| odd(()))?;
    let Some(value) = table.get_ref().get(key) else {
        return Err(odd(()));
    };
    slot.fill(into, value.get_ref(), None)
        .map_err(|wrong| (format!("`{key}`: {}", wrong.what), wrong.next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (BTreeMap<String, Endpoint>, Vec<Problem>) {
        let mut endpoints = BTreeMap::from([(
            "mine".to_owned(),
            Endpoint {
                base_url: "http://file".to_owned(),
                ..Endpoint::default()
            },
        )]);
        let problems = custom_providers(text, &mut endpoints);
        (endpoints, problems)
    }

    #[test]
    fn endpoints_come_in_three_forms_and_the_file_wins() {
        let groq = r#""base_url": "https://api.groq.com/openai/v1/", "api_key_env": "GROQ_API_KEY", "wire": "responses",
            "headers": {"X-Title": "a"}, "model": "m", "models": ["m", "n"], "local": true, "api_key_cmd": null"#;
        for text in [
            format!(
                r#"[{{"name": "groq", {groq}}}, {{"name": "mine", "base_url": "http://env"}}]"#
            ),
            format!(r#"{{"name": "groq", {groq}}}"#),
            format!(r#"{{"groq": {{{groq}}}}}"#),
        ] {
            let (endpoints, problems) = read(&text);
            assert_eq!(problems, [], "{text}");
            assert_eq!(endpoints["mine"].base_url, "http://file");
            let groq = &endpoints["groq"];
            assert_eq!(groq.base_url, "https://api.groq.com/openai/v1");
            assert_eq!(groq.api_key_env.as_deref(), Some("GROQ_API_KEY"));
            assert_eq!(groq.wire.as_deref(), Some("responses"));
            assert_eq!(groq.headers["X-Title"], "a");
            assert_eq!((groq.models.len(), groq.local), (2, true));
        }
    }

    #[test]
    fn mistakes_are_told_and_no_key_is_repeated() {
        for (text, what, next) in [
            ("[{", "not JSON", "write"),
            ("5", "expected a list", "write"),
            ("[5]", "entry 1 is not an object", "write"),
            (
                r#"[{"base_url": "http://h"}]"#,
                "entry 1: its `name`",
                "give",
            ),
            (
                r#"[{"name": "ollama", "base_url": "http://h"}]"#,
                "`ollama` is a built-in",
                "give",
            ),
            (r#"[{"name": "g"}]"#, "`g` has no `base_url`", "add"),
            (
                r#"[{"name": "g", "base_url": "h"}]"#,
                "`g`: `base_url`: expected an http",
                "write",
            ),
            (
                r#"{"g": {"base_url": "http://h", "api_key": "sk-secret"}}"#,
                "`g`: unknown key `api_key`",
                "keep keys out",
            ),
            (
                r#"{"g": {"base_url": "http://h", "api_key_env": "sk-secret"}}"#,
                "`g`: `api_key_env`: this is not",
                "write its name",
            ),
            (
                r#"{"g": {"base_url": "http://h", "modle": "x"}}"#,
                "`g`: unknown key `modle`",
                "did you mean `model`?",
            ),
            (
                r#"{"g": {"base_url": "http://h", "wire": "chatt"}}"#,
                "`g`: `wire`: `chatt`",
                "did you mean `chat`?",
            ),
        ] {
            let (_, problems) = read(text);
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            let told = &problems[0];
            assert!(told.what.starts_with(what), "{text}: {}", told.what);
            assert!(told.next.starts_with(next), "{text}: {}", told.next);
            assert!(!format!("{told:?}").contains("secret"), "{told:?}");
        }
    }
}
