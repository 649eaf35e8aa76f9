//! Questions of the model's or of an MCP server's: one request asks some at once, and is answered when all are.

use super::super::AgentEvent;
use crate::protocol::Choice;
use crate::protocol::Decision;
use serde_json::{Map, Value, json};

/// More than these are not asked; Codex itself allows three.
const MOST: usize = 8;

/// A request that waits for its answers.
#[derive(Clone, Debug)]
pub struct Form {
    /// The id that Codex waits under.
    pub id: Value,
    wire: Wire,
    fields: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    /// The model's tool `request_user_input`.
    Model,
    /// An elicitation of an MCP server.
    Server,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    /// The JSON type of its answer.
    kind: String,
    /// `None`: open. Empty: it is not answered.
    given: Option<Vec<String>>,
}

/// The form of a request and its questions as events. `None`: it asks nothing that could be answered here.
pub fn read(id: &Value, method: &str, params: &Value) -> Option<(Form, Vec<AgentEvent>)> {
    let (wire, asked) = match method {
        "item/tool/requestUserInput" => (Wire::Model, of_model(params)),
        "mcpServer/elicitation/request" => (Wire::Server, of_server(params)),
        _ => return None,
    };
    let mut fields = Vec::new();
    let mut events = Vec::new();
    for (at, question) in asked.into_iter().take(MOST).enumerate() {
        events.push(AgentEvent::Question {
            key: key(id, at),
            title: question.title,
            detail: question.detail,
            choices: question.choices,
            multiple: question.kind == "array",
            login: false,
        });
        fields.push(Field {
            name: question.name,
            kind: question.kind,
            given: None,
        });
    }
    let id = id.clone();
    (!fields.is_empty()).then_some((Form { id, wire, fields }, events))
}

/// Whether a request wants a secret, which must not go through what is kept.
pub fn wants_secret(params: &Value) -> bool {
    let asked = params["questions"].as_array();
    asked.is_some_and(|all| all.iter().any(|question| question["isSecret"] == true))
}

struct Asked {
    name: String,
    kind: String,
    title: String,
    detail: String,
    choices: Vec<Choice>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn of_model(params: &Value) -> Vec<Asked> {
    let all = params["questions"].as_array().into_iter().flatten();
    all.map(|question| {
        let options = question["options"].as_array().into_iter().flatten();
        let choices = options.map(|option| Choice {
            label: text(&option["label"]),
            detail: text(&option["description"]),
        });
        Asked {
            name: text(&question["id"]),
            kind: "string".into(),
            title: text(&question["header"]),
            detail: text(&question["question"]),
            choices: choices.filter(|choice| !choice.label.is_empty()).collect(),
        }
    })
    .collect()
}

fn of_server(params: &Value) -> Vec<Asked> {
    let schema = &params["requestedSchema"];
    let fields = schema["properties"].as_object().into_iter().flatten();
    fields
        .map(|(name, field)| {
            let said = |key: &str| field[key].as_str();
            let label = said("description").or(said("title")).unwrap_or(name);
            let kind = said("type").unwrap_or("string").to_owned();
            Asked {
                name: name.clone(),
                title: text(&params["serverName"]),
                detail: format!("{}\n{label}", text(&params["message"])),
                choices: choices(&kind, field),
                kind,
            }
        })
        .collect()
}

/// Values that a field of a server's form can have, where they are named.
fn choices(kind: &str, field: &Value) -> Vec<Choice> {
    let inner = if kind == "array" {
        &field["items"]
    } else {
        field
    };
    let choice = |value: &Value, title: &Value| Choice {
        label: text(value),
        detail: text(title),
    };
    let titled = inner["oneOf"].as_array().or(inner["anyOf"].as_array());
    match (inner["enum"].as_array(), titled) {
        (Some(values), _) => {
            let names = &inner["enumNames"];
            let all = values.iter().enumerate();
            all.map(|(at, value)| choice(value, &names[at])).collect()
        }
        (None, Some(values)) => {
            let all = values.iter();
            all.map(|value| choice(&value["const"], &value["title"]))
                .collect()
        }
        _ if kind == "boolean" => {
            let all = ["yes", "no"].iter();
            all.map(|word| choice(&json!(word), &Value::Null)).collect()
        }
        _ => Vec::new(),
    }
}

/// The key of a question: that of its request, and its place in it.
fn key(id: &Value, at: usize) -> String {
    format!("{id}#{at}")
}

/// The request and the place that a key names.
pub fn split(key: &str) -> Option<(&str, usize)> {
    let (id, at) = key.rsplit_once('#')?;
    Some((id, at.parse().ok()?))
}

impl Form {
    /// Takes the answer to one question. The answer to the request, once none is open.
    pub fn take(&mut self, at: usize, decision: &Decision) -> Option<Value> {
        let words = match decision {
            Decision::Answer { answers } => answers.clone(),
            Decision::No { message } => vec![message.clone()],
            Decision::Once | Decision::Always => Vec::new(),
        };
        let given = words.into_iter().filter(|words| !words.trim().is_empty());
        self.fields.get_mut(at)?.given = Some(given.collect());
        let over = self.fields.iter().all(|field| field.given.is_some());
        over.then(|| self.answer())
    }

    /// Questions that were left unanswered are not in it.
    fn answer(&self) -> Value {
        let answered = self.fields.iter().filter_map(|field| {
            let given = field.given.as_ref().filter(|given| !given.is_empty())?;
            let value = match self.wire {
                Wire::Model => json!({"answers": given}),
                Wire::Server => field.value(given),
            };
            Some((field.name.clone(), value))
        });
        let answers: Map<String, Value> = answered.collect();
        match self.wire {
            Wire::Model => json!({"answers": answers}),
            Wire::Server if answers.is_empty() => {
                json!({"action": "decline", "content": null, "_meta": null})
            }
            Wire::Server => json!({"action": "accept", "content": answers, "_meta": null}),
        }
    }

    /// The keys of those that are still open.
    pub fn open(&self) -> Vec<String> {
        let open = self.fields.iter().enumerate();
        open.filter(|(_, field)| field.given.is_none())
            .map(|(at, _)| key(&self.id, at))
            .collect()
    }
}

impl Field {
    /// Words as a value of the field's type; as they are, where they do not fit: the server says so then.
    fn value(&self, given: &[String]) -> Value {
        let words = given.join(", ");
        match self.kind.as_str() {
            "array" => json!(given),
            "boolean" => match words.trim().to_lowercase().as_str() {
                "yes" | "y" | "true" => true.into(),
                "no" | "n" | "false" => false.into(),
                _ => words.into(),
            },
            "number" | "integer" => serde_json::from_str(words.trim()).unwrap_or(words.into()),
            _ => words.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(words: &str) -> Decision {
        Decision::Answer {
            answers: vec![words.into()],
        }
    }

    #[test]
    fn a_model_is_answered_when_all_its_questions_are() {
        let params = json!({"questions": [
            {"id": "flag", "header": "Flag", "question": "Keep it?", "isSecret": false, "options": [
                {"label": "Keep", "description": "no break"}, {"label": "Drop", "description": ""}]},
            {"id": "name", "header": "Name", "question": "Which?", "options": null}]});
        let (mut form, events) = read(&json!(4), "item/tool/requestUserInput", &params).unwrap();
        let AgentEvent::Question {
            key,
            title,
            detail,
            choices,
            ..
        } = &events[0]
        else {
            panic!("{events:?}");
        };
        assert_eq!((&**key, &**title, &**detail), ("4#0", "Flag", "Keep it?"));
        assert_eq!((choices.len(), &*choices[0].detail), (2, "no break"));
        assert_eq!(split(key), Some(("4", 0)));
        assert_eq!(form.take(7, &answer("x")), None);
        assert_eq!(form.take(1, &answer("settle")), None);
        assert_eq!(form.open(), ["4#0"]);
        let no = Decision::No {
            message: String::new(),
        };
        let given = json!({"answers": {"name": {"answers": ["settle"]}}});
        assert_eq!(form.take(0, &no), Some(given));
        assert!(!wants_secret(&params));
        assert!(wants_secret(&json!({"questions": [{"isSecret": true}]})));
    }

    #[test]
    fn a_server_gets_values_of_the_types_it_named() {
        let params = json!({"serverName": "docs", "message": "Tell me", "requestedSchema": {"properties": {
            "a": {"type": "boolean"}, "b": {"type": "integer"}, "c": {"type": "string", "enum": ["x", "y"]},
            "d": {"type": "array", "items": {"anyOf": [{"const": "p", "title": "P"}]}}}}});
        let (mut form, events) =
            read(&json!("e"), "mcpServer/elicitation/request", &params).unwrap();
        assert_eq!(events.len(), 4);
        for (at, words) in [(0, "Yes"), (1, "12"), (2, "y")] {
            assert_eq!(form.take(at, &answer(words)), None);
        }
        let content = json!({"a": true, "b": 12, "c": "y", "d": ["p"]});
        let given = json!({"action": "accept", "content": content, "_meta": null});
        assert_eq!(form.take(3, &answer("p")), Some(given));
        assert!(read(&json!(1), "item/tool/requestUserInput", &json!({})).is_none());
    }
}
