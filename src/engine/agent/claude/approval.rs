//! Tools that ask before they run: the question in words, and the decision in the CLI's. Questions of the model's own
//! are in `questions`.

use crate::protocol::Decision;
use serde_json::{Value, json};

/// Lines of a preview of each of: removed text, added text, a file's content.
const PREVIEW_LINES: usize = 12;

/// The tool that asks whether a plan may be carried out.
const PLAN: &str = "ExitPlanMode";

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
    let suggestions = match tool {
        // "Always" for a plan: go ahead, and ask no more about edits. The CLI suggests nothing here.
        PLAN => vec![json!({"type": "setMode", "mode": "acceptEdits", "destination": "session"})],
        _ => for_this_session(request["permission_suggestions"].as_array()),
    };
    let mut detail = detail(tool, &input);
    if let Some(scope) = scope(&suggestions, &input).filter(|_| tool != PLAN) {
        detail.push_str(&format!("\n(always: {scope})"));
    }
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
        // Words are no permission.
        Decision::Answer { answers } => {
            json!({"behavior": "deny", "message": answers.join(", ")})
        }
    }
}

/// What those suggestions would allow from now on, in a few words; `None`: nothing that can be said.
fn scope(suggestions: &[Value], input: &Value) -> Option<String> {
    let mut parts = Vec::new();
    for suggestion in suggestions {
        for rule in suggestion["rules"].as_array().into_iter().flatten() {
            let tool = rule["toolName"].as_str().unwrap_or("?");
            parts.push(match rule["ruleContent"].as_str() {
                Some(_) if rule["ruleContent"] == input["command"] => "exactly this".to_owned(),
                Some(what) => format!("{tool}({what})"),
                None => tool.to_owned(),
            });
        }
        for folder in suggestion["directories"].as_array().into_iter().flatten() {
            parts.push(format!("in {}", folder.as_str().unwrap_or("?")));
        }
        match suggestion["mode"].as_str() {
            Some("acceptEdits") => parts.push("every edit of a file".to_owned()),
            Some(mode) => parts.push(format!("permission mode {mode}")),
            None => {}
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
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
        // The CLI puts it in from the file in which the model wrote it; without such a file there is none.
        PLAN => text("plan").unwrap_or_default().to_owned(),
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
        assert!(!none.always && !none.detail.contains("always"));
        let no = Decision::No {
            message: "later".into(),
        };
        assert_eq!(
            decide(&none.pending, &no),
            json!({"behavior": "deny", "message": "later"})
        );
    }
    #[test]
    fn always_says_what_it_would_allow() {
        let rules =
            json!([{"toolName": "Bash", "ruleContent": "cargo test:*"}, {"toolName": "Read"}]);
        for (suggestion, said) in [
            (
                json!({"type": "addRules", "rules": rules}),
                "ls\n(always: Bash(cargo test:*), Read)",
            ),
            (
                json!({"type": "addRules", "rules": [{"toolName": "Bash", "ruleContent": "ls"}]}),
                "ls\n(always: exactly this)",
            ),
            (
                json!({"type": "setMode", "mode": "acceptEdits"}),
                "ls\n(always: every edit of a file)",
            ),
            (
                json!({"type": "addDirectories", "directories": ["/srv"]}),
                "ls\n(always: in /srv)",
            ),
            (json!({"type": "news"}), "ls"),
        ] {
            let request = json!({"tool_name": "Bash", "input": {"command": "ls"},
                "permission_suggestions": [suggestion]});
            assert_eq!(read(&request).detail, said);
        }
    }

    #[test]
    fn a_plan_goes_ahead_with_edits_accepted_or_not() {
        let plan = read(&json!({"tool_name": "ExitPlanMode", "input": {"plan": "1. read"}}));
        assert_eq!((plan.detail.as_str(), plan.always), ("1. read", true));
        let none = read(&json!({"tool_name": "ExitPlanMode", "input": {}}));
        assert_eq!(none.detail, "");
        let once = decide(&plan.pending, &Decision::Once);
        assert_eq!(once["updatedPermissions"], Value::Null);
        let always = decide(&plan.pending, &Decision::Always);
        assert_eq!(always["updatedPermissions"][0]["mode"], "acceptEdits");
        assert_eq!(always["updatedPermissions"][0]["destination"], "session");
    }
}
