//! Tools that ask before they run: the question in words, and the decision in the CLI's.

use crate::protocol::Decision;
use serde_json::{Value, json};

/// Lines of a preview of each of: removed text, added text, a file's content.
const PREVIEW_LINES: usize = 12;

/// A question that waits.
#[derive(Clone, Debug)]
pub struct Pending {
    pub tool_use: Option<String>,
    input: Value,
    suggestions: Vec<Value>,
}

/// The question of a `can_use_tool` request.
pub struct Question {
    pub title: String,
    pub detail: String,
    pub always: bool,
    pub pending: Pending,
}

/// Reads the request.
pub fn read(request: &Value) -> Question {
    let tool = request["tool_name"].as_str().unwrap_or("a tool");
    let title = request["display_name"].as_str().unwrap_or(tool);
    let input = request["input"].clone();
    let suggestions = for_this_session(request["permission_suggestions"].as_array());
    let mut detail = detail(tool, &input);
    if let Some(reason) = request["decision_reason"].as_str() {
        detail.push_str(&format!("\n({reason})"));
    }
    Question {
        title: match request["agent_id"].as_str() {
            Some(_) => format!("{title} (by a sub-agent)"),
            None => title.to_owned(),
        },
        detail,
        always: !suggestions.is_empty(),
        pending: Pending {
            tool_use: request["tool_use_id"].as_str().map(String::from),
            input,
            suggestions,
        },
    }
}

/// The decision as the CLI's answer.
pub fn decide(pending: &Pending, decision: &Decision) -> Value {
    match decision {
        Decision::Once => json!({"behavior": "allow", "updatedInput": pending.input}),
        Decision::Always => json!({"behavior": "allow", "updatedInput": pending.input,
            "updatedPermissions": pending.suggestions}),
        Decision::No { message } if message.trim().is_empty() => {
            json!({"behavior": "deny", "message": "The user said no."})
        }
        Decision::No { message } => json!({"behavior": "deny", "message": message}),
        Decision::Answer { answers } => {
            json!({"behavior": "deny", "message": answers.join(", ")})
        }
    }
}

/// What "always" means: the CLI's suggestions, kept to this session (it would write some into the project's
/// settings), and no wider than needed: a change of the whole mode only where no rule is offered.
fn for_this_session(suggestions: Option<&Vec<Value>>) -> Vec<Value> {
    let all = suggestions.map(Vec::as_slice).unwrap_or_default();
    let has_rule = all.iter().any(|s| s["type"] == "addRules");
    let kept = all.iter().filter(|s| !(has_rule && s["type"] == "setMode"));
    kept.filter(|s| s.is_object())
        .map(|suggestion| {
            let mut own = suggestion.clone();
            own["destination"] = "session".into();
            own
        })
        .collect()
}

/// What exactly is to be done.
fn detail(tool: &str, input: &Value) -> String {
    let text = |key: &str| input[key].as_str();
    match tool {
        "Bash" if text("command").is_some() => text("command").unwrap_or_default().to_owned(),
        "Write" if text("content").is_some() => {
            let path = text("file_path").unwrap_or("?");
            format!(
                "{path}\n{}",
                preview('+', text("content").unwrap_or_default())
            )
        }
        "Edit" | "MultiEdit" if text("file_path").is_some() => {
            let one = [input.clone()];
            let edits = input["edits"].as_array().map_or(&one[..], Vec::as_slice);
            let mut out = text("file_path").unwrap_or_default().to_owned();
            for edit in edits {
                for (mark, key) in [('-', "old_string"), ('+', "new_string")] {
                    let part = preview(mark, edit[key].as_str().unwrap_or_default());
                    if !part.is_empty() {
                        out.push('\n');
                        out.push_str(&part);
                    }
                }
            }
            out
        }
        "ExitPlanMode" if text("plan").is_some() => text("plan").unwrap_or_default().to_owned(),
        "AskUserQuestion" if input["questions"].is_array() => questions(input),
        _ => serde_json::to_string_pretty(input).unwrap_or_default(),
    }
}

fn preview(mark: char, text: &str) -> String {
    let mut lines: Vec<String> = (text.lines().take(PREVIEW_LINES))
        .map(|line| format!("{mark} {line}"))
        .collect();
    let more = text.lines().count().saturating_sub(PREVIEW_LINES);
    if more > 0 {
        lines.push(format!("{mark} … {more} more lines"));
    }
    lines.join("\n")
}

/// Questions of the agent's with their choices. A decision cannot choose: "no" with the answer as its
/// message does, since the message reaches the model.
fn questions(input: &Value) -> String {
    let mut lines = Vec::new();
    for question in input["questions"].as_array().into_iter().flatten() {
        lines.push(question["question"].as_str().unwrap_or("?").to_owned());
        for option in question["options"].as_array().into_iter().flatten() {
            let label = option["label"].as_str().unwrap_or("?");
            match option["description"].as_str().unwrap_or_default() {
                "" => lines.push(format!("  · {label}")),
                why => lines.push(format!("  · {label}: {why}")),
            }
        }
    }
    lines.push("(answer with no and your words)".into());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_say_what_will_be_done() {
        let long = "x\n".repeat(20);
        for (tool, input, detail) in [
            ("Bash", json!({"command": "ls", "description": "d"}), "ls"),
            (
                "Write",
                json!({"file_path": "/a", "content": "one\ntwo"}),
                "/a\n+ one\n+ two",
            ),
            (
                "Edit",
                json!({"file_path": "/a", "old_string": "x", "new_string": "y\nz"}),
                "/a\n- x\n+ y\n+ z",
            ),
            ("WebFetch", json!({"url": "u"}), "{\n  \"url\": \"u\"\n}"),
            (
                "AskUserQuestion",
                json!({"questions": [{"question": "Which?", "options": [{"label": "A"}]}]}),
                "Which?\n  · A\n(answer with no and your words)",
            ),
        ] {
            let request = json!({"tool_name": tool, "input": input});
            assert_eq!(read(&request).detail, detail);
        }
        let request = json!({"tool_name": "Write", "input": {"file_path": "/a", "content": long}});
        assert!(read(&request).detail.ends_with("+ … 8 more lines"));
    }

    #[test]
    fn always_stays_in_the_session_and_is_no_wider_than_needed() {
        let request = json!({"tool_name": "Bash", "input": {"command": "x"}, "permission_suggestions": [
            {"type": "addRules", "rules": [], "behavior": "allow", "destination": "localSettings"},
            {"type": "setMode", "mode": "acceptEdits", "destination": "session"}]});
        let question = read(&request);
        assert!(question.always);
        let answer = decide(&question.pending, &Decision::Always);
        let rule =
            json!({"type": "addRules", "rules": [], "behavior": "allow", "destination": "session"});
        assert_eq!(answer["updatedPermissions"], json!([rule]));
        assert_eq!(answer["updatedInput"], json!({"command": "x"}));
        let none = read(&json!({"tool_name": "Bash", "input": {}}));
        assert!(!none.always);
        let no = Decision::No {
            message: "later".into(),
        };
        assert_eq!(
            decide(&none.pending, &no),
            json!({"behavior": "deny", "message": "later"})
        );
    }
}
