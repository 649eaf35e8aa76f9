//! The response of a turn as it grows: partial text at once, and the CLI's authoritative blocks in its place
//! as they come. After an answer was cut and silently asked for again, nothing stands twice.

use crate::protocol::Block;
use crate::protocol::Delta;
use crate::protocol::ToolState;
use crate::protocol::apply;
use serde_json::Value;

/// The most of a tool's output that is kept, in bytes; files read and logs can be huge.
const MOST_OUTPUT: usize = 32 * 1024;

/// The blocks of the running turn, as whoever applied our deltas has them.
#[derive(Debug, Default)]
pub struct Answer {
    blocks: Vec<Block>,
    /// How many blocks in front are authoritative; those behind were only streamed.
    settled: usize,
    /// The message that streams, or did last.
    message: Option<String>,
    /// A content block has begun and nothing of it was told yet.
    fresh: bool,
    /// The tool call whose arguments stream.
    tool: Option<String>,
}

impl Answer {
    /// Reads the event of a `stream_event` line.
    pub fn stream(&mut self, event: &Value) -> Vec<Delta> {
        let part = &event["delta"];
        match event["type"].as_str().unwrap_or_default() {
            "message_start" => {
                self.message = text(&event["message"]["id"]);
                self.drop_partial()
            }
            "content_block_start" => {
                let block = &event["content_block"];
                self.fresh = true;
                self.tool = None;
                match (is_tool(block), text(&block["id"])) {
                    (true, Some(id)) => {
                        self.tool = Some(id.clone());
                        let name = text(&block["name"]).unwrap_or_default();
                        vec![self.tell(Delta::ToolStarted { id, name })]
                    }
                    _ => Vec::new(),
                }
            }
            "content_block_delta" => match part["type"].as_str().unwrap_or_default() {
                "text_delta" => self.grow(text(&part["text"]), |text| Block::Text { text }),
                "thinking_delta" => {
                    self.grow(text(&part["thinking"]), |text| Block::Thinking { text })
                }
                "input_json_delta" => match (self.tool.clone(), text(&part["partial_json"])) {
                    (Some(id), Some(json)) => vec![self.tell(Delta::ToolInput { id, json })],
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Reads the message of an `assistant` line: usually one block of the message that streams.
    pub fn settle(&mut self, message: &Value) -> Vec<Delta> {
        let id = text(&message["id"]);
        let mut changed = false;
        if self.message != id {
            // Another answer than the one that streamed: of that, nothing stands.
            changed = !self.drop_partial().is_empty();
            self.message = id;
        }
        let mut deltas = Vec::new();
        for item in message["content"].as_array().into_iter().flatten() {
            if item["type"]
                .as_str()
                .is_some_and(|kind| kind.ends_with("tool_result"))
            {
                deltas.extend(self.tool_ended(item, false));
                continue;
            }
            changed |= self.settle_block(item);
        }
        if changed {
            deltas.push(self.replace());
        }
        deltas
    }

    /// Reads a `tool_result` block. `denied`: the user or a rule did not let the tool run.
    pub fn tool_ended(&mut self, item: &Value, denied: bool) -> Option<Delta> {
        let id = text(&item["tool_use_id"])?;
        let ours = |block: &Block| matches!(block, Block::Tool { id: own, .. } if *own == id);
        self.blocks.iter().any(ours).then(|| {
            let state = match (denied, item["is_error"] == true) {
                (true, _) => ToolState::Denied,
                (_, true) => ToolState::Failed,
                _ => ToolState::Done,
            };
            let output = output_text(&item["content"]);
            self.tell(Delta::ToolEnded { id, output, state })
        })
    }

    /// The turn is over; all is forgotten afterwards. `keep_partial`: what was only streamed stays (the turn
    /// was broken off). `said`: the answer in short, for turns that told nothing else.
    pub fn end(&mut self, keep_partial: bool, said: Option<&str>) -> Vec<Delta> {
        let mut deltas = match keep_partial {
            true => Vec::new(),
            false => self.drop_partial(),
        };
        let unfinished = self.blocks.iter().filter_map(|block| match block {
            Block::Tool { id, state, .. } if *state == ToolState::Running => Some(id.clone()),
            _ => None,
        });
        for id in unfinished.collect::<Vec<_>>() {
            deltas.push(self.tell(Delta::ToolEnded {
                id,
                output: "(no result)".into(),
                state: ToolState::Failed,
            }));
        }
        if let (true, Some(said)) = (self.blocks.is_empty(), said.filter(|s| !s.is_empty())) {
            deltas.push(Delta::Text { text: said.into() });
        }
        *self = Answer::default();
        deltas
    }

    /// Puts one authoritative block in its place; says whether what was told has to be told anew.
    fn settle_block(&mut self, item: &Value) -> bool {
        let streamed = &self.blocks[self.settled..];
        let Some(block) = self.read_block(item) else {
            // An empty or hidden block: what was streamed of it, if anything, stands.
            let hidden = item["type"] == "thinking"
                && matches!(streamed.first(), Some(Block::Thinking { .. }));
            self.settled += usize::from(hidden);
            return false;
        };
        let same_place = streamed.iter().position(|other| same_kind(other, &block));
        let stands = same_place == Some(0) && same_content(&streamed[0], &block);
        if !stands {
            let end = same_place.map_or(self.settled, |at| self.settled + at + 1);
            self.blocks.splice(self.settled..end, [block]);
        }
        self.settled += 1;
        !stands
    }

    fn read_block(&self, item: &Value) -> Option<Block> {
        let some = |key: &str| text(&item[key]).filter(|text| !text.is_empty());
        match item["type"].as_str()? {
            "text" => some("text").map(|text| Block::Text { text }),
            "thinking" => some("thinking").map(|text| Block::Thinking { text }),
            _ if is_tool(item) => Some(Block::Tool {
                id: text(&item["id"])?,
                name: text(&item["name"]).unwrap_or_default(),
                input: item["input"].to_string(),
                output: None,
                state: ToolState::Running,
            }),
            _ => None,
        }
    }

    fn grow(&mut self, more: Option<String>, block: fn(String) -> Block) -> Vec<Delta> {
        let Some(more) = more.filter(|more| !more.is_empty()) else {
            return Vec::new();
        };
        let block = block(more);
        let begins = std::mem::take(&mut self.fresh);
        if begins
            && self
                .blocks
                .last()
                .is_some_and(|last| same_kind(last, &block))
        {
            // A delta would run on in the block before.
            self.blocks.push(block);
            return vec![self.replace()];
        }
        vec![match block {
            Block::Thinking { text } => self.tell(Delta::Thinking { text }),
            Block::Text { text } | Block::Notice { text } => self.tell(Delta::Text { text }),
            Block::Tool { id, name, .. } => self.tell(Delta::ToolStarted { id, name }),
        }]
    }

    fn drop_partial(&mut self) -> Vec<Delta> {
        if self.blocks.len() <= self.settled {
            return Vec::new();
        }
        self.blocks.truncate(self.settled);
        vec![self.replace()]
    }

    fn tell(&mut self, delta: Delta) -> Delta {
        apply(&mut self.blocks, &delta);
        delta
    }

    fn replace(&self) -> Delta {
        Delta::Replace {
            blocks: self.blocks.clone(),
        }
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(String::from)
}

fn is_tool(block: &Value) -> bool {
    block["type"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("tool_use"))
}

fn same_kind(one: &Block, other: &Block) -> bool {
    match (one, other) {
        (Block::Tool { id: one, .. }, Block::Tool { id: other, .. }) => one == other,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

/// Whether they say the same; of a tool call's arguments, the JSON counts and not its blanks.
fn same_content(one: &Block, other: &Block) -> bool {
    match (one, other) {
        (Block::Tool { input: one, .. }, Block::Tool { input: other, .. }) => {
            let json = |text: &str| serde_json::from_str::<Value>(text).ok();
            // No arguments stream as nothing at all.
            (one.is_empty() && other == "{}")
                || json(one).is_some_and(|one| json(other) == Some(one))
        }
        _ => one == other,
    }
}

/// A tool's output as text, cut at [`MOST_OUTPUT`].
fn output_text(content: &Value) -> String {
    let mut output = match content {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let parts = items.iter().map(|item| match item["type"].as_str() {
                Some("text") => text(&item["text"]).unwrap_or_default(),
                Some(other) => format!("[{other}]"),
                None => item.to_string(),
            });
            parts.collect::<Vec<_>>().join("\n")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    };
    if output.len() > MOST_OUTPUT {
        let left_out = output.len() - MOST_OUTPUT;
        let cut = (0..=MOST_OUTPUT)
            .rev()
            .find(|&at| output.is_char_boundary(at));
        output.truncate(cut.unwrap_or(0));
        output.push_str(&format!("\n… {left_out} more bytes"));
    }
    output
}

#[cfg(test)]
mod tests;
