//! Items of a thread that are calls of tools: what is called, with what, and what came of it.

use crate::protocol::ToolState;
use serde_json::{Value, json};

/// The most of a tool's output that is kept, in bytes; files read and logs can be huge.
const MOST_OUTPUT: usize = 32 * 1024;

/// Name and arguments, if the item is a call.
pub fn call(item: &Value) -> Option<(String, Value)> {
    let text = |key: &str| item[key].as_str().unwrap_or_default();
    let called = match item["type"].as_str()? {
        "commandExecution" => ("shell", json!({"command": unwrapped(text("command"))})),
        "fileChange" => ("apply_patch", json!({"path": paths(&item["changes"])})),
        "mcpToolCall" => {
            let name = format!("{}.{}", text("server"), text("tool"));
            return Some((name, item["arguments"].clone()));
        }
        "dynamicToolCall" => return Some((text("tool").to_owned(), item["arguments"].clone())),
        "collabAgentToolCall" => (text("tool"), json!({"prompt": text("prompt")})),
        "webSearch" => ("web_search", json!({"query": text("query")})),
        "imageView" => ("view_image", json!({"path": text("path")})),
        "imageGeneration" => ("image_generation", json!({"prompt": text("revisedPrompt")})),
        _ => return None,
    };
    Some((called.0.to_owned(), called.1))
}

/// Whether a call is still under way.
pub fn runs(item: &Value) -> bool {
    item["status"] == "inProgress"
}

/// What came of a call.
pub fn outcome(item: &Value) -> (String, ToolState) {
    let state = match item["status"].as_str() {
        Some("declined") => ToolState::Denied,
        Some("failed" | "interrupted") => ToolState::Failed,
        _ if item["success"] == false => ToolState::Failed,
        _ => ToolState::Done,
    };
    let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let output = match item["type"].as_str().unwrap_or_default() {
        "commandExecution" => {
            let mut output = text("aggregatedOutput");
            if let Some(code @ 1..) = item["exitCode"].as_i64() {
                output.push_str(&format!("\n(exit code {code})"));
            }
            output
        }
        "fileChange" => changes(&item["changes"]),
        "mcpToolCall" => match item["error"]["message"].as_str() {
            Some(error) => error.to_owned(),
            None => content(&item["result"]["content"]),
        },
        "dynamicToolCall" => content(&item["contentItems"]),
        "collabAgentToolCall" => {
            let states = item["agentsStates"].as_object().into_iter().flatten();
            let told = states.filter_map(|(_, state)| state["message"].as_str());
            told.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    };
    (cut(output), state)
}

/// The changes of files as a person reads them: each path, and what is to become of it.
pub fn changes(changes: &Value) -> String {
    let mut parts = Vec::new();
    for change in changes.as_array().into_iter().flatten() {
        let path = change["path"].as_str().unwrap_or("?");
        let diff = change["diff"].as_str().unwrap_or_default().trim_end();
        let marked = |mark: char| {
            let lines = diff.lines().map(|line| format!("{mark}{line}"));
            lines.collect::<Vec<_>>().join("\n")
        };
        parts.push(match change["kind"]["type"].as_str() {
            Some("add") => format!("add {path}\n{}", marked('+')),
            Some("delete") => format!("delete {path}"),
            _ => match change["kind"]["move_path"].as_str() {
                Some(to) => format!("move {path} to {to}\n{diff}"),
                None => format!("{path}\n{diff}"),
            },
        });
    }
    parts.join("\n")
}

fn paths(changes: &Value) -> String {
    let all = changes.as_array().into_iter().flatten();
    let paths: Vec<&str> = all.filter_map(|change| change["path"].as_str()).collect();
    paths.join(", ")
}

/// A command without the shell around it (`/bin/bash -lc '…'`), if nothing of it is lost so.
pub fn unwrapped(command: &str) -> String {
    let inner = ["-lc ", "-c "].iter().find_map(|flag| {
        let (shell, rest) = command.split_once(&format!(" {flag}"))?;
        let name = shell.rsplit('/').next()?;
        matches!(name, "bash" | "zsh" | "sh").then(|| unquoted(rest))?
    });
    inner.unwrap_or_else(|| command.to_owned())
}

/// A single shell word without its quotes; `None`: it is not one, or is quoted in another way than Codex does.
fn unquoted(word: &str) -> Option<String> {
    let within = |quote: char| word.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inner) = within('\'') {
        return (!inner.contains('\'')).then(|| inner.to_owned());
    }
    if let Some(inner) = within('"') {
        let mut plain = String::new();
        let mut chars = inner.chars();
        while let Some(char) = chars.next() {
            match char {
                '\\' => match chars.next()? {
                    escaped @ ('"' | '\\' | '$' | '`') => plain.push(escaped),
                    other => plain.extend(['\\', other]),
                },
                '"' => return None,
                other => plain.push(other),
            }
        }
        return Some(plain);
    }
    let simple = |c: char| c.is_ascii_alphanumeric() || "_-./=:,+@%".contains(c);
    (!word.is_empty() && word.chars().all(simple)).then(|| word.to_owned())
}

/// Items of a result as text.
fn content(items: &Value) -> String {
    let all = items.as_array().into_iter().flatten();
    let parts = all.map(
        |item| match (item["text"].as_str(), item["type"].as_str()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(kind)) => format!("[{kind}]"),
            (None, None) => item.to_string(),
        },
    );
    parts.collect::<Vec<_>>().join("\n")
}

fn cut(mut output: String) -> String {
    if output.len() > MOST_OUTPUT {
        let left_out = output.len() - MOST_OUTPUT;
        let end = (0..=MOST_OUTPUT).rev();
        let end = end.into_iter().find(|&at| output.is_char_boundary(at));
        output.truncate(end.unwrap_or(0));
        output.push_str(&format!("\n… {left_out} more bytes"));
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_around_a_command_is_left_out_where_nothing_is_lost() {
        for (command, shown) in [
            ("/bin/bash -lc 'touch zz'", "touch zz"),
            ("bash -lc ls", "ls"),
            (
                r#"/bin/zsh -lc "echo \"it's\" \$HOME""#,
                r#"echo "it's" $HOME"#,
            ),
            ("/bin/bash -lc 'a' 'b'", "/bin/bash -lc 'a' 'b'"),
            ("/bin/bash -lc a b", "/bin/bash -lc a b"),
            ("grep -c 'x' file", "grep -c 'x' file"),
            ("python -c 'x'", "python -c 'x'"),
            ("", ""),
        ] {
            assert_eq!(unwrapped(command), shown);
        }
    }

    #[test]
    fn each_kind_of_call_says_what_it_does_and_what_came_of_it() {
        let change = |kind: Value, diff: &str| json!([{"path": "/a", "kind": kind, "diff": diff}]);
        for (item, name, arguments, output, state) in [
            (
                json!({"type": "commandExecution", "command": "bash -lc false", "status": "failed",
                    "aggregatedOutput": "no", "exitCode": 2}),
                "shell",
                json!({"command": "false"}),
                "no\n(exit code 2)",
                ToolState::Failed,
            ),
            (
                json!({"type": "fileChange", "status": "declined",
                    "changes": change(json!({"type": "add"}), "x\ny\n")}),
                "apply_patch",
                json!({"path": "/a"}),
                "add /a\n+x\n+y",
                ToolState::Denied,
            ),
            (
                json!({"type": "fileChange", "status": "completed",
                    "changes": change(json!({"type": "update", "move_path": "/b"}), "@@\n-x\n")}),
                "apply_patch",
                json!({"path": "/a"}),
                "move /a to /b\n@@\n-x",
                ToolState::Done,
            ),
            (
                json!({"type": "mcpToolCall", "server": "s", "tool": "t", "arguments": {"q": 1},
                    "status": "completed", "result": {"content": [{"type": "text", "text": "r"}, {"type": "image"}]}}),
                "s.t",
                json!({"q": 1}),
                "r\n[image]",
                ToolState::Done,
            ),
            (
                json!({"type": "webSearch", "query": "rust"}),
                "web_search",
                json!({"query": "rust"}),
                "",
                ToolState::Done,
            ),
        ] {
            assert_eq!(call(&item), Some((name.to_owned(), arguments)));
            assert_eq!(outcome(&item), (output.to_owned(), state));
        }
        assert_eq!(call(&json!({"type": "agentMessage", "text": "x"})), None);
        assert_eq!(call(&json!({"type": "tomorrow"})), None);
        let long = json!({"type": "commandExecution", "aggregatedOutput": "é".repeat(40_000)});
        assert!(outcome(&long).0.ends_with("more bytes"));
    }
}
