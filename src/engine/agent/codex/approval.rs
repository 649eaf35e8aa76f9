//! What Codex wants to be allowed, and how its requests are answered.

use super::items;
use crate::protocol::Decision;
use serde_json::{Value, json};

/// Lines of a change that are shown; the rest is counted.
const PREVIEW_LINES: usize = 30;

/// A request that waits for a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// The id that Codex waits under.
    pub id: Value,
    kind: Kind,
    /// The turn that waits, with its thread: where words that go with a "no" are sent.
    pub turn: (String, String),
    /// The call that waits; empty: none.
    pub call: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// To run a command, or to change files.
    Act,
    /// To be given these permissions.
    Permissions(Value),
    /// An MCP server asks, without fields to be filled in.
    Server,
}

/// A request, as a person reads it.
#[derive(Debug, PartialEq)]
pub struct Wanted {
    pub pending: Pending,
    pub title: String,
    pub detail: String,
    pub always: bool,
}

/// Reads a request; `item` is the call it is about, as far as it was told. `None`: it asks for something else.
pub fn read(id: &Value, method: &str, params: &Value, item: Option<&Value>) -> Option<Wanted> {
    let text = |key: &str| params[key].as_str().filter(|text| !text.is_empty());
    let mut lines: Vec<String> = Vec::new();
    let (kind, title, always) = match method {
        "item/commandExecution/requestApproval" => {
            let network = &params["networkApprovalContext"];
            if let Some(host) = network["host"].as_str() {
                let protocol = network["protocol"].as_str().unwrap_or("network");
                lines.push(format!("connect to {host} ({protocol})"));
            }
            lines.extend(text("command").map(items::unwrapped));
            let title = match (network.is_object(), params["kind"].as_str()) {
                (true, _) => "network",
                (_, Some("writeStdin")) => "shell (input to a running program)",
                _ => "shell",
            };
            (
                Kind::Act,
                title.to_owned(),
                params["kind"] != "humanCommand",
            )
        }
        "item/fileChange/requestApproval" => {
            lines.extend(item.map(|item| preview(&items::changes(&item["changes"]))));
            let root = text("grantRoot").map(|root| format!("and all that is in {root}"));
            lines.extend(root);
            (Kind::Act, "apply_patch".to_owned(), true)
        }
        "item/permissions/requestApproval" => {
            let asked = &params["permissions"];
            lines.extend(permissions(asked));
            (
                Kind::Permissions(granted(asked)),
                "permissions".to_owned(),
                true,
            )
        }
        "mcpServer/elicitation/request" => {
            let fields = params["requestedSchema"]["properties"].as_object();
            if fields.is_some_and(|fields| !fields.is_empty()) {
                return None;
            }
            let message = text("message").map(String::from);
            lines.extend(message.into_iter().chain(text("url").map(String::from)));
            let arguments = &params["_meta"]["tool_params"];
            if arguments.as_object().is_some_and(|all| !all.is_empty()) {
                lines.extend(serde_json::to_string_pretty(arguments));
            }
            let server = text("serverName").unwrap_or("an MCP server").to_owned();
            (Kind::Server, server, persists(&params["_meta"]["persist"]))
        }
        _ => return None,
    };
    if method != "mcpServer/elicitation/request" {
        lines.extend(text("cwd").map(|cwd| format!("in {cwd}")));
        lines.extend(text("reason").map(|why| format!("why: {why}")));
    }
    let own = |key: &str| text(key).unwrap_or_default().to_owned();
    Some(Wanted {
        pending: Pending {
            id: id.clone(),
            kind,
            turn: (own("threadId"), own("turnId")),
            call: own("itemId"),
        },
        title,
        detail: lines.join("\n"),
        always,
    })
}

/// The answer to a request, and words for the model that the answer has no room for.
pub fn decide(pending: &Pending, decision: &Decision) -> (Value, Option<String>) {
    let words = match decision {
        Decision::No { message } => Some(message.trim().to_owned()),
        Decision::Answer { answers } => Some(answers.join(", ")),
        Decision::Once | Decision::Always => None,
    };
    let always = *decision == Decision::Always;
    let answer = match (&pending.kind, &words) {
        (Kind::Act, None) if always => json!({"decision": "acceptForSession"}),
        (Kind::Act, None) => json!({"decision": "accept"}),
        (Kind::Act, Some(_)) => json!({"decision": "decline"}),
        (Kind::Permissions(asked), None) => {
            json!({"permissions": asked, "scope": if always { "session" } else { "turn" }})
        }
        (Kind::Permissions(_), Some(_)) => json!({"permissions": {}, "scope": "turn"}),
        (Kind::Server, None) => {
            let meta = if always {
                json!({"persist": "session"})
            } else {
                Value::Null
            };
            json!({"action": "accept", "content": {}, "_meta": meta})
        }
        (Kind::Server, Some(_)) => json!({"action": "decline", "content": null, "_meta": null}),
    };
    (answer, words.filter(|words| !words.is_empty()))
}

fn persists(persist: &Value) -> bool {
    let named = |value: &Value| value == "session";
    named(persist) || persist.as_array().is_some_and(|all| all.iter().any(named))
}

fn preview(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().take(PREVIEW_LINES).collect();
    let more = text.lines().count().saturating_sub(PREVIEW_LINES);
    let rest = format!("… {more} more lines");
    if more > 0 {
        lines.push(&rest);
    }
    lines.join("\n")
}

/// Of what is asked, what is not nothing: nothing cannot be granted.
fn granted(asked: &Value) -> Value {
    let mut all = asked.clone();
    if let Some(fields) = all.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    all
}

fn permissions(asked: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    if asked["network"]["enabled"] == true {
        lines.push("use the network".to_owned());
    }
    let files = &asked["fileSystem"];
    for (key, verb) in [("read", "read"), ("write", "write")] {
        for path in files[key].as_array().into_iter().flatten() {
            lines.push(format!("{verb} {}", path.as_str().unwrap_or("?")));
        }
    }
    for entry in files["entries"].as_array().into_iter().flatten() {
        let path = &entry["path"];
        let named = path["path"].as_str().or(path["pattern"].as_str());
        let special = path["value"]["kind"].as_str();
        let access = entry["access"].as_str().unwrap_or("use");
        lines.push(format!("{access} {}", named.or(special).unwrap_or("?")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO: Decision = Decision::No {
        message: String::new(),
    };

    #[test]
    fn each_request_says_what_it_wants_and_each_decision_has_its_words() {
        let patch = json!({"changes": [{"path": "/a", "kind": {"type": "update"}, "diff": "@@\n-x\n+y\n"}]});
        let command = "item/commandExecution/requestApproval";
        let server = "mcpServer/elicitation/request";
        let declined = json!({"action": "decline", "content": null, "_meta": null});
        let accepted = |meta: Value| json!({"action": "accept", "content": {}, "_meta": meta});
        for (method, params, title, detail, always, once, session, no) in [
            (
                command,
                json!({"command": "bash -lc 'touch x'", "cwd": "/w", "reason": "to write"}),
                "shell",
                "touch x\nin /w\nwhy: to write",
                true,
                json!({"decision": "accept"}),
                json!({"decision": "acceptForSession"}),
                json!({"decision": "decline"}),
            ),
            (
                command,
                json!({"networkApprovalContext": {"host": "h", "protocol": "https"}, "kind": "humanCommand"}),
                "network",
                "connect to h (https)",
                false,
                json!({"decision": "accept"}),
                json!({"decision": "acceptForSession"}),
                json!({"decision": "decline"}),
            ),
            (
                "item/fileChange/requestApproval",
                json!({"reason": null, "grantRoot": "/r"}),
                "apply_patch",
                "/a\n@@\n-x\n+y\nand all that is in /r",
                true,
                json!({"decision": "accept"}),
                json!({"decision": "acceptForSession"}),
                json!({"decision": "decline"}),
            ),
            (
                "item/permissions/requestApproval",
                json!({"permissions": {"network": {"enabled": true}, "fileSystem": null}, "cwd": "/w"}),
                "permissions",
                "use the network\nin /w",
                true,
                json!({"permissions": {"network": {"enabled": true}}, "scope": "turn"}),
                json!({"permissions": {"network": {"enabled": true}}, "scope": "session"}),
                json!({"permissions": {}, "scope": "turn"}),
            ),
            (
                server,
                json!({"serverName": "docs", "mode": "form", "message": "Allow docs to run \"get\"?",
                    "requestedSchema": {"type": "object", "properties": {}},
                    "_meta": {"persist": ["session", "always"], "tool_params": {}}}),
                "docs",
                "Allow docs to run \"get\"?",
                true,
                accepted(Value::Null),
                accepted(json!({"persist": "session"})),
                declined.clone(),
            ),
            (
                server,
                json!({"serverName": "docs", "mode": "url", "message": "Sign in", "url": "https://x.example"}),
                "docs",
                "Sign in\nhttps://x.example",
                false,
                accepted(Value::Null),
                accepted(json!({"persist": "session"})),
                declined,
            ),
        ] {
            let wanted = read(&json!(3), method, &params, Some(&patch)).unwrap();
            assert_eq!((&*wanted.title, &*wanted.detail), (title, detail));
            assert_eq!(wanted.always, always, "{method}");
            let answers = [
                (Decision::Once, once),
                (Decision::Always, session),
                (NO, no),
            ];
            for (decision, answer) in answers {
                assert_eq!(decide(&wanted.pending, &decision), (answer, None));
            }
        }
    }

    #[test]
    fn words_go_with_a_no_and_long_changes_are_cut() {
        let long =
            json!({"changes": [{"path": "/a", "kind": {"type": "add"}, "diff": "x\n".repeat(50)}]});
        let method = "item/fileChange/requestApproval";
        let wanted = read(&json!("q"), method, &json!({}), Some(&long)).unwrap();
        assert!(
            wanted.detail.ends_with("… 21 more lines"),
            "{}",
            wanted.detail
        );
        let no = Decision::No {
            message: " use b ".into(),
        };
        let (answer, words) = decide(&wanted.pending, &no);
        assert_eq!(answer, json!({"decision": "decline"}));
        assert_eq!(words.as_deref(), Some("use b"));
        let fields = json!({"requestedSchema": {"properties": {"a": {"type": "string"}}}});
        assert_eq!(
            read(&json!(1), "mcpServer/elicitation/request", &fields, None),
            None
        );
        assert_eq!(read(&json!(1), "tomorrow/ask", &json!({}), None), None);
    }
}
