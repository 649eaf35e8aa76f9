//! Questions of the model's own (the tool `AskUserQuestion`): one request asks some at once, each with its choices,
//! and is answered when all of them are.

use super::AgentEvent;
use crate::protocol::Choice;
use crate::protocol::Decision;
use serde_json::{Map, Value, json};

/// More than these are not asked; the CLI itself allows four.
const MOST: usize = 8;

/// A request that waits for its answers.
#[derive(Clone, Debug)]
pub struct Form {
    pub tool_use: Option<String>,
    input: Value,
    questions: Vec<Question>,
}

#[derive(Clone, Debug)]
struct Question {
    text: String,
    given: Given,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    Open,
    Answer(String),
    Nothing,
}

/// The form of a `can_use_tool` request and its questions as events, the first first; `None`: it asks for another tool,
/// or in a form that is not known.
pub fn read(id: &str, request: &Value) -> Option<(Form, Vec<AgentEvent>)> {
    if request["tool_name"] != "AskUserQuestion" {
        return None;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut questions = Vec::new();
    let mut events = Vec::new();
    let asked = request["input"]["questions"].as_array()?;
    for (at, question) in asked.iter().take(MOST).enumerate() {
        let options = question["options"].as_array().into_iter().flatten();
        let choices = options.map(|option| Choice {
            label: text(&option["label"]),
            detail: text(&option["description"]),
        });
        let mut title = text(&question["header"]);
        if request["agent_id"].is_string() {
            title.push_str(" (by a sub-agent)");
        }
        events.push(AgentEvent::Question {
            key: key(id, at),
            title,
            detail: text(&question["question"]),
            choices: choices.filter(|choice| !choice.label.is_empty()).collect(),
            multiple: question["multiSelect"] == true,
            login: false,
        });
        questions.push(Question {
            text: text(&question["question"]),
            given: Given::Open,
        });
    }
    let form = Form {
        tool_use: request["tool_use_id"].as_str().map(String::from),
        input: request["input"].clone(),
        questions,
    };
    (!events.is_empty()).then_some((form, events))
}

/// The key of a question: that of its request, and its place in it.
fn key(id: &str, at: usize) -> String {
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
        let question = self.questions.get_mut(at)?;
        let words = match decision {
            // As the CLI itself joins them: so it knows its own choices again.
            Decision::Answer { answers } => answers.join(", "),
            Decision::No { message } => message.clone(),
            Decision::Once | Decision::Always => String::new(),
        };
        question.given = match words.trim() {
            "" => Given::Nothing,
            words => Given::Answer(words.to_owned()),
        };
        let over = self.questions.iter().all(|q| q.given != Given::Open);
        over.then(|| self.answer())
    }

    /// Questions that were left unanswered are not in it; the model is told of the others alone.
    fn answer(&self) -> Value {
        let answers = self.questions.iter().filter_map(|question| {
            let Given::Answer(words) = &question.given else {
                return None;
            };
            Some((question.text.clone(), Value::from(words.as_str())))
        });
        let answers: Map<String, Value> = answers.collect();
        if answers.is_empty() {
            return json!({"behavior": "deny", "message": "The user did not answer."});
        }
        let mut input = self.input.clone();
        input["answers"] = answers.into();
        json!({"behavior": "allow", "updatedInput": input})
    }

    /// The keys of those that are still open.
    pub fn open(&self, id: &str) -> Vec<String> {
        let open = self.questions.iter().enumerate();
        open.filter(|(_, question)| question.given == Given::Open)
            .map(|(at, _)| key(id, at))
            .collect()
    }
}
