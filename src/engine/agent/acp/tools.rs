//! Tool calls of the running turn: agents tell them in pieces, a face is told what it needs once.

use crate::protocol::Delta;
use crate::protocol::ToolState;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most of a tool's output that is kept, in bytes; files read and logs can be huge.
const MOST_OUTPUT: usize = 32 * 1024;
/// Lines of a preview of each of: removed text, added text.
const PREVIEW_LINES: usize = 12;
/// The longest title that is taken for a tool's name.
const LONGEST_NAME: usize = 30;

#[derive(Debug, Default)]
pub struct Tools {
    calls: BTreeMap<String, Call>,
}

#[derive(Debug, Default)]
struct Call {
    title: String,
    kind: String,
    path: Option<String>,
    input: Map<String, Value>,
    input_told: bool,
    output: String,
    ended: bool,
}

impl Tools {
    /// Takes in a `tool_call`, a `tool_call_update` or the call of a permission request (`asking`): whatever one of
    /// them leaves out stays as it was.
    pub fn update(&mut self, told: &Value, asking: bool) -> Vec<Delta> {
        let Some(id) = told["toolCallId"].as_str() else {
            return Vec::new();
        };
        let mut deltas = Vec::new();
        let call = self.calls.entry(id.to_owned()).or_insert_with(|| {
            deltas.push(Delta::ToolStarted {
                id: id.to_owned(),
                name: name(told),
            });
            Call::default()
        });
        if call.ended {
            return deltas;
        }
        call.take(told, asking);
        let state = match told["status"].as_str() {
            Some("completed") => Some(ToolState::Done),
            Some("failed") => Some(ToolState::Failed),
            _ => None,
        };
        let pending = matches!(told["status"].as_str(), Some("pending") | None);
        if !call.input_told && (asking || !pending) {
            call.input_told = true;
            deltas.push(Delta::ToolInput {
                id: id.to_owned(),
                json: call.arguments().to_string(),
            });
        }
        if let Some(state) = state {
            call.ended = true;
            deltas.push(Delta::ToolEnded {
                id: id.to_owned(),
                output: cut(std::mem::take(&mut call.output)),
                state,
            });
        }
        deltas
    }

    /// The user did not let a tool run. Not every agent says so itself afterwards.
    pub fn denied(&mut self, id: &str) -> Option<Delta> {
        self.end_one(id, "(not allowed)", ToolState::Denied)
    }

    /// The turn is over: what did not come to an end has none.
    pub fn end(&mut self) -> Vec<Delta> {
        let ids: Vec<String> = self.calls.keys().cloned().collect();
        let ended = ids
            .iter()
            .filter_map(|id| self.end_one(id, "(no result)", ToolState::Failed));
        let deltas = ended.collect();
        self.calls.clear();
        deltas
    }

    /// Whether there were calls, and all of them have ended.
    pub fn all_ended(&self) -> bool {
        !self.calls.is_empty() && self.calls.values().all(|call| call.ended)
    }

    fn end_one(&mut self, id: &str, output: &str, state: ToolState) -> Option<Delta> {
        let call = self.calls.get_mut(id).filter(|call| !call.ended)?;
        call.ended = true;
        Some(Delta::ToolEnded {
            id: id.to_owned(),
            output: output.to_owned(),
            state,
        })
    }
}

impl Call {
    fn take(&mut self, told: &Value, asking: bool) {
        let text = |key: &str| told[key].as_str().filter(|text| !text.is_empty());
        if let Some(title) = text("title") {
            self.title = title.to_owned();
        }
        if let Some(kind) = text("kind") {
            self.kind = kind.to_owned();
        }
        if let Some(path) = told["locations"][0]["path"].as_str() {
            self.path = Some(path.to_owned());
        }
        if let Some(input) = told["rawInput"].as_object().filter(|o| !o.is_empty()) {
            self.input.clone_from(input);
        }
        let output = output(told);
        // What comes with a question is there to decide by.
        if !output.is_empty() && !asking {
            self.output = output;
        }
    }

    /// The arguments, as far as the agent tells them; of one that tells none, what its title says.
    fn arguments(&self) -> Value {
        let mut input = self.input.clone();
        if self.kind == "execute" {
            input.entry("command").or_insert_with(|| json!(self.title));
        } else if let Some(path) = &self.path {
            input.entry("path").or_insert_with(|| json!(path));
        } else if input.is_empty() && !self.title.is_empty() {
            input.insert("description".into(), json!(self.title));
        }
        Value::Object(input)
    }
}

/// What a call is named: by the agent where its title is a name, else by what kind of thing it does.
fn name(call: &Value) -> String {
    let title = call["title"].as_str().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !title.is_empty() && title.len() <= LONGEST_NAME && title.chars().all(is_name) {
        return title.to_owned();
    }
    match call["kind"].as_str() {
        Some(kind) if !kind.is_empty() && kind != "other" => kind.to_owned(),
        _ => "tool".to_owned(),
    }
}

/// What a call has brought about, in words.
fn output(call: &Value) -> String {
    let shown = contents(&call["content"]);
    match &call["rawOutput"] {
        _ if !shown.is_empty() => shown,
        Value::String(text) => text.clone(),
        raw => match raw["output"].as_str().or(raw["error"].as_str()) {
            Some(text) => text.to_owned(),
            None => String::new(),
        },
    }
}

/// The contents of a call, one below the other.
pub fn contents(content: &Value) -> String {
    let items = content.as_array().into_iter().flatten();
    let parts = items.map(|item| match item["type"].as_str() {
        Some("diff") => diff(item),
        Some("content") => text(&item["content"]),
        Some(other) => format!("[{other}]"),
        None => String::new(),
    });
    let parts: Vec<String> = parts.filter(|part| !part.trim().is_empty()).collect();
    parts.join("\n")
}

/// A block of content as text; what is none is named.
pub fn text(block: &Value) -> String {
    match block["type"].as_str() {
        Some("text") => block["text"].as_str().unwrap_or_default().to_owned(),
        Some("resource_link") => block["uri"].as_str().unwrap_or("[link]").to_owned(),
        Some("resource") => match block["resource"]["text"].as_str() {
            Some(text) => text.to_owned(),
            None => "[resource]".to_owned(),
        },
        Some(other) => format!("[{other}]"),
        None => String::new(),
    }
}

/// A change of a file: its path, and the lines between those that stay.
fn diff(item: &Value) -> String {
    let lines = |key: &str| -> Vec<&str> {
        let text = item[key].as_str().unwrap_or_default();
        text.lines().collect()
    };
    let (old, new) = (lines("oldText"), lines("newText"));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let ends = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = ends.take_while(|(a, b)| a == b).count();
    let mut out = vec![item["path"].as_str().unwrap_or("?").to_owned()];
    preview(&mut out, '-', &old[head..old.len() - tail]);
    preview(&mut out, '+', &new[head..new.len() - tail]);
    out.join("\n")
}

fn preview(out: &mut Vec<String>, mark: char, lines: &[&str]) {
    let shown = lines.iter().take(PREVIEW_LINES);
    out.extend(shown.map(|line| format!("{mark} {line}")));
    let more = lines.len().saturating_sub(PREVIEW_LINES);
    if more > 0 {
        out.push(format!("{mark} … {more} more lines"));
    }
}

fn cut(mut output: String) -> String {
    if output.len() > MOST_OUTPUT {
        let left_out = output.len() - MOST_OUTPUT;
        let at = (0..=MOST_OUTPUT)
            .rev()
            .find(|&at| output.is_char_boundary(at));
        output.truncate(at.unwrap_or(0));
        output.push_str(&format!("\n… {left_out} more bytes"));
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_told_in_pieces_is_told_on_once() {
        let mut tools = Tools::default();
        let begun = tools.update(
            &json!({"toolCallId": "a", "title": "bash", "kind": "execute", "status": "pending",
                "rawInput": {"cwd": "/w"}}),
            false,
        );
        let started = Delta::ToolStarted {
            id: "a".into(),
            name: "bash".into(),
        };
        assert_eq!(begun, [started]);
        let running = json!({"toolCallId": "a", "status": "in_progress", "title": "ls",
            "rawInput": {"command": "ls"}});
        let input = Delta::ToolInput {
            id: "a".into(),
            json: r#"{"command":"ls"}"#.into(),
        };
        assert_eq!(tools.update(&running, false), [input]);
        assert_eq!(tools.update(&running, true), []);
        assert!(!tools.all_ended());
        let done = json!({"toolCallId": "a", "status": "completed",
            "content": [{"type": "content", "content": {"type": "text", "text": "x\n"}}]});
        let ended = Delta::ToolEnded {
            id: "a".into(),
            output: "x\n".into(),
            state: ToolState::Done,
        };
        assert_eq!(tools.update(&done, false), [ended]);
        assert!(tools.all_ended());
        assert_eq!(tools.update(&done, false), [], "it has ended");
        assert_eq!(tools.end(), []);
    }

    #[test]
    fn a_call_without_arguments_says_what_its_title_does() {
        for (call, name, input) in [
            (
                json!({"title": "echo a; ls", "kind": "execute"}),
                "execute",
                json!({"command": "echo a; ls"}),
            ),
            (
                json!({"title": "Writing to b", "kind": "edit", "locations": [{"path": "/b"}]}),
                "edit",
                json!({"path": "/b"}),
            ),
            (
                json!({"title": "Looks around", "kind": "brand_new"}),
                "brand_new",
                json!({"description": "Looks around"}),
            ),
            (json!({}), "tool", json!({})),
        ] {
            let mut call = call;
            call["toolCallId"] = "a".into();
            let told = Tools::default().update(&call, true);
            assert_eq!(
                told[0],
                Delta::ToolStarted {
                    id: "a".into(),
                    name: name.into()
                }
            );
            assert_eq!(
                told[1],
                Delta::ToolInput {
                    id: "a".into(),
                    json: input.to_string()
                }
            );
        }
        assert_eq!(
            Tools::default().update(&json!({"title": "no id"}), false),
            []
        );
    }

    #[test]
    fn changes_are_shown_by_what_changes() {
        let long = "x\n".repeat(40);
        for (old, new, shown) in [
            ("a\nb\nc\n", "a\nB\nc\n", "/f\n- b\n+ B"),
            ("", "one\ntwo\n", "/f\n+ one\n+ two"),
            ("a\na\n", "a\n", "/f\n- a"),
            ("same\n", "same\n", "/f"),
        ] {
            let item = json!([{"type": "diff", "path": "/f", "oldText": old, "newText": new}]);
            assert_eq!(contents(&item), shown);
        }
        let item = json!([{"type": "diff", "path": "/f", "oldText": null, "newText": long}]);
        assert!(contents(&item).ends_with("+ … 28 more lines"));
        assert_eq!(
            contents(&json!([{"type": "hologram"}, 5, {"type": "terminal"}])),
            "[hologram]\n[terminal]"
        );
    }

    #[test]
    fn output_is_bounded() {
        let item = json!({"toolCallId": "a", "status": "failed", "rawOutput": {"error": "é".repeat(MOST_OUTPUT)}});
        let told = Tools::default().update(&item, false);
        assert!(
            matches!(&told[2], Delta::ToolEnded { output, state: ToolState::Failed, .. }
            if output.ends_with("more bytes") && output.len() < MOST_OUTPUT + 40)
        );
    }
}
