//! A permission that a dialog asks for, put to the user elsewhere too. The hook of the dialog waits with it: what it
//! prints is the answer, and the dialog closes. Nothing is typed.

use super::super::claude::approval;
use crate::protocol::{AskKind, Choice, Decision};
use serde_json::{Value, json};

/// What is asked, one question after the other.
#[derive(Clone, Debug)]
pub struct Permission {
    pub tool: String,
    pending: approval::Pending,
    title: String,
    detail: String,
    always: bool,
    /// The agent's own questions and what was answered so far.
    questions: Vec<Value>,
    answers: Vec<String>,
    input: Value,
}

/// A question as the inbox shows it.
pub struct Put {
    pub kind: AskKind,
    pub title: String,
    pub detail: String,
    pub choices: Vec<Choice>,
    pub multiple: bool,
    /// Whether "always" can be more than "once".
    pub always: bool,
}

impl Permission {
    /// Reads the request of a `PermissionRequest` hook.
    pub fn read(request: &Value) -> Permission {
        let question = approval::read(request);
        let tool = request["tool_name"].as_str().unwrap_or_default().to_owned();
        let questions = match tool.as_str() {
            "AskUserQuestion" => request["input"]["questions"].as_array().cloned(),
            _ => None,
        };
        Permission {
            tool,
            pending: question.pending,
            title: question.title,
            detail: question.detail,
            always: question.always,
            questions: questions.unwrap_or_default(),
            answers: Vec::new(),
            input: request["input"].clone(),
        }
    }

    /// What is to be put to the user now.
    pub fn put(&self) -> Put {
        let Some(question) = self.questions.get(self.answers.len()) else {
            return Put {
                kind: AskKind::Approval,
                title: self.title.clone(),
                detail: self.detail.clone(),
                choices: Vec::new(),
                multiple: false,
                always: self.always,
            };
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let options = question["options"].as_array().into_iter().flatten();
        Put {
            kind: AskKind::Question,
            title: text(&question["question"]),
            detail: String::new(),
            choices: options
                .map(|option| Choice {
                    label: text(&option["label"]),
                    detail: text(&option["description"]),
                })
                .collect(),
            multiple: question["multiSelect"] == true,
            always: false,
        }
    }

    /// Takes the user's decision; what the hook is to print, or `None` where another question comes first.
    pub fn decide(&mut self, decision: &Decision) -> Option<String> {
        let decided = match decision {
            Decision::Answer { answers } if !self.questions.is_empty() => {
                self.answers.push(answers.join(", "));
                if self.answers.len() < self.questions.len() {
                    return None;
                }
                let asked = self.questions.iter().map(|q| q["question"].as_str());
                let answers: serde_json::Map<String, Value> = asked
                    .zip(&self.answers)
                    .filter_map(|(question, answer)| Some((question?.to_owned(), json!(answer))))
                    .collect();
                let mut input = self.input.clone();
                input["answers"] = answers.into();
                json!({"behavior": "allow", "updatedInput": input})
            }
            other => {
                let mut decided = approval::decide(&self.pending, other);
                // The tool runs with what it asked for. What we have of it may be cut.
                if let Some(fields) = decided.as_object_mut() {
                    fields.remove("updatedInput");
                }
                decided
            }
        };
        let output = json!({"hookSpecificOutput":
            {"hookEventName": "PermissionRequest", "decision": decided}});
        Some(output.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(text: &str) -> Value {
        let value: Value = serde_json::from_str(text).unwrap();
        value["hookSpecificOutput"]["decision"].clone()
    }

    #[test]
    fn a_tool_is_allowed_or_not() {
        let request = json!({"tool_name": "Bash", "input": {"command": "ls"},
            "permission_suggestions": [{"type": "addRules", "rules": [], "destination": "localSettings"}]});
        let mut permission = Permission::read(&request);
        let put = permission.put();
        assert_eq!(
            (put.kind, put.title.as_str(), put.detail.as_str()),
            (AskKind::Approval, "Bash", "ls")
        );
        let once = decision(&permission.decide(&Decision::Once).unwrap());
        assert_eq!(once, json!({"behavior": "allow"}));
        let always = decision(&permission.decide(&Decision::Always).unwrap());
        assert_eq!(always["updatedPermissions"][0]["destination"], "session");
        let no = Decision::No {
            message: "later".into(),
        };
        let no = decision(&permission.decide(&no).unwrap());
        assert_eq!(no, json!({"behavior": "deny", "message": "later"}));
    }

    #[test]
    fn questions_are_asked_one_by_one_and_answered_together() {
        let request = json!({"tool_name": "AskUserQuestion", "input": {"questions": [
            {"question": "Which?", "options": [{"label": "Red", "description": "r"}, {"label": "Blue"}]},
            {"question": "Why?", "multiSelect": true, "options": []}]}});
        let mut permission = Permission::read(&request);
        let put = permission.put();
        assert_eq!(
            (put.kind, put.title.as_str(), put.choices.len()),
            (AskKind::Question, "Which?", 2)
        );
        let answer = |words: &[&str]| Decision::Answer {
            answers: words.iter().map(|w| (*w).to_owned()).collect(),
        };
        assert_eq!(permission.decide(&answer(&["Blue"])), None);
        assert!(permission.put().multiple);
        let done = decision(&permission.decide(&answer(&["a", "b"])).unwrap());
        assert_eq!(
            done["updatedInput"]["answers"],
            json!({"Which?": "Blue", "Why?": "a, b"})
        );
        assert_eq!(
            done["updatedInput"]["questions"],
            request["input"]["questions"]
        );
    }
}
