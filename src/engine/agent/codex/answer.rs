//! The response of a turn as it grows, item by item: partial text at once, an item's own last word in its place as it
//! is completed. What was streamed of an answer that was cut and is asked for again does not stand twice.

use super::items;
use crate::protocol::Block;
use crate::protocol::Delta;
use crate::protocol::ToolState;
use crate::protocol::apply;
use serde_json::Value;

/// The items of the running turn, as whoever applied our deltas has them as blocks.
#[derive(Debug, Default)]
pub struct Answer {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    id: String,
    /// The item was completed. Of a text that was not, only what was streamed is known.
    done: bool,
    block: Block,
}

/// What an item that is text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Text,
    Thinking,
}

impl Answer {
    /// More of a text.
    pub fn more(&mut self, id: &str, said: Said, text: &str) -> Vec<Delta> {
        if text.is_empty() {
            return Vec::new();
        }
        match self.parts.iter().position(|part| part.id == id) {
            // It comes late, or twice.
            Some(at) if self.parts[at].done => Vec::new(),
            Some(at) if at + 1 == self.parts.len() => self.grow(said, text),
            Some(at) => {
                if let Block::Text { text: own } | Block::Thinking { text: own } =
                    &mut self.parts[at].block
                {
                    own.push_str(text);
                }
                vec![self.replace()]
            }
            None => {
                let anew = self.drop_cut(said);
                let deltas = self.push(id, said.block(text));
                match anew {
                    true => vec![self.replace()],
                    false => deltas,
                }
            }
        }
    }

    /// Whether a text has begun.
    pub fn has(&self, id: &str) -> bool {
        self.parts.iter().any(|part| part.id == id)
    }

    /// A tool is called.
    pub fn called(&mut self, item: &Value) -> Vec<Delta> {
        let (Some(id), Some((name, arguments))) = (item["id"].as_str(), items::call(item)) else {
            return Vec::new();
        };
        if self.has(id) {
            return Vec::new();
        }
        let block = Block::Tool {
            id: id.into(),
            name: name.clone(),
            input: arguments.to_string(),
            output: None,
            state: ToolState::Running,
        };
        self.parts.push(Part {
            id: id.into(),
            done: false,
            block,
        });
        let started = Delta::ToolStarted {
            id: id.into(),
            name,
        };
        let input = Delta::ToolInput {
            id: id.into(),
            json: arguments.to_string(),
        };
        vec![started, input]
    }

    /// A call has ended. Nothing, where it was not one of this turn.
    pub fn ended(&mut self, item: &Value) -> Vec<Delta> {
        let (output, state) = items::outcome(item);
        let id = item["id"].as_str().unwrap_or_default();
        self.end_call(id, output, state).into_iter().collect()
    }

    /// A text is complete: this is all of it.
    pub fn settle(&mut self, id: &str, said: Said, text: &str) -> Vec<Delta> {
        let at = self.parts.iter().position(|part| part.id == id);
        if text.is_empty() {
            let was = at.map(|at| self.parts.remove(at));
            return was.map(|_| self.replace()).into_iter().collect();
        }
        let block = said.block(text);
        let Some(at) = at else {
            let anew = self.drop_cut(said);
            let deltas = self.push(id, block);
            self.finish(id);
            return match anew {
                true => vec![self.replace()],
                false => deltas,
            };
        };
        let stands = self.parts[at].block == block;
        self.parts[at].block = block;
        self.parts[at].done = true;
        match stands {
            true => Vec::new(),
            false => vec![self.replace()],
        }
    }

    /// A line for the person. Not again, if it is the newest already.
    pub fn notice(&mut self, text: String) -> Vec<Delta> {
        let block = Block::Notice { text };
        match self.parts.last() {
            Some(last) if last.block == block => Vec::new(),
            _ => self.push("", block),
        }
    }

    /// The request was cut and is sent again: what was streamed of its answer does not stand.
    pub fn cut(&mut self) -> Vec<Delta> {
        let before = self.parts.len();
        self.parts.retain(|part| part.done || !is_text(&part.block));
        match self.parts.len() == before {
            true => Vec::new(),
            false => vec![self.replace()],
        }
    }

    /// Bytes that were streamed of texts that are not complete.
    pub fn unfinished(&self) -> usize {
        let open = self.parts.iter().filter(|part| !part.done);
        open.map(|part| match &part.block {
            Block::Text { text } | Block::Thinking { text } => text.len(),
            _ => 0,
        })
        .sum()
    }

    /// The turn is over; all is forgotten. Calls that were not ended go on in the background, or never ended;
    /// those that `waited` to be allowed have not begun.
    pub fn end(&mut self, broken: bool, waited: &[String]) -> Vec<Delta> {
        let running = self.parts.iter().filter_map(|part| match &part.block {
            Block::Tool { id, state, .. } if *state == ToolState::Running => Some(id.clone()),
            _ => None,
        });
        let (words, state) = match broken {
            true => ("(no result)", ToolState::Failed),
            false => ("(goes on in the background)", ToolState::Done),
        };
        let mut deltas = Vec::new();
        for id in running.collect::<Vec<_>>() {
            deltas.extend(match waited.contains(&id) {
                true => self.end_call(&id, String::new(), ToolState::Denied),
                false => self.end_call(&id, words.into(), state),
            });
        }
        self.parts.clear();
        deltas
    }

    fn end_call(&mut self, id: &str, output: String, state: ToolState) -> Option<Delta> {
        let part = self.parts.iter_mut().find(|part| part.id == id)?;
        let delta = Delta::ToolEnded {
            id: id.into(),
            output,
            state,
        };
        let mut one = vec![part.block.clone()];
        apply(&mut one, &delta);
        part.block = one.pop()?;
        part.done = true;
        Some(delta)
    }

    /// A text that was left unfinished when another of its kind begins was cut, and is said anew.
    fn drop_cut(&mut self, said: Said) -> bool {
        let kind = std::mem::discriminant(&said.block(""));
        let before = self.parts.len();
        self.parts
            .retain(|part| part.done || std::mem::discriminant(&part.block) != kind);
        self.parts.len() != before
    }

    fn grow(&mut self, said: Said, more: &str) -> Vec<Delta> {
        if let Some(Block::Text { text } | Block::Thinking { text }) =
            self.parts.last_mut().map(|part| &mut part.block)
        {
            text.push_str(more);
        }
        vec![said.delta(more)]
    }

    fn push(&mut self, id: &str, block: Block) -> Vec<Delta> {
        let last = self.parts.last();
        // A delta would run on in the block before.
        let runs_on = last.is_some_and(|last| {
            is_text(&block) && std::mem::discriminant(&last.block) == std::mem::discriminant(&block)
        });
        let delta = match &block {
            Block::Text { text } => Said::Text.delta(text),
            Block::Thinking { text } => Said::Thinking.delta(text),
            Block::Notice { text } => Delta::Notice { text: text.clone() },
            Block::Tool { .. } => return Vec::new(),
        };
        self.parts.push(Part {
            id: id.into(),
            done: !is_text(&block),
            block,
        });
        vec![match runs_on {
            true => self.replace(),
            false => delta,
        }]
    }

    fn finish(&mut self, id: &str) {
        if let Some(part) = self.parts.iter_mut().find(|part| part.id == id) {
            part.done = true;
        }
    }

    fn replace(&self) -> Delta {
        Delta::Replace {
            blocks: self.parts.iter().map(|part| part.block.clone()).collect(),
        }
    }
}

impl Said {
    fn block(self, text: &str) -> Block {
        let text = text.to_owned();
        match self {
            Said::Text => Block::Text { text },
            Said::Thinking => Block::Thinking { text },
        }
    }

    fn delta(self, text: &str) -> Delta {
        let text = text.to_owned();
        match self {
            Said::Text => Delta::Text { text },
            Said::Thinking => Delta::Thinking { text },
        }
    }
}

fn is_text(block: &Block) -> bool {
    matches!(block, Block::Text { .. } | Block::Thinking { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What whoever applies all deltas has in the end, and how often all was said anew.
    fn play(steps: Vec<Vec<Delta>>) -> (Vec<Block>, usize) {
        let mut blocks = Vec::new();
        let deltas: Vec<Delta> = steps.into_iter().flatten().collect();
        for delta in &deltas {
            apply(&mut blocks, delta);
        }
        let anew = |delta: &&Delta| matches!(delta, Delta::Replace { .. });
        (blocks, deltas.iter().filter(anew).count())
    }

    fn text(text: &str) -> Block {
        Said::Text.block(text)
    }

    #[test]
    fn texts_stream_and_stand() {
        let mut answer = Answer::default();
        let steps = vec![
            answer.more("r", Said::Thinking, "hm"),
            answer.settle("r", Said::Thinking, "hm"),
            answer.more("a", Said::Text, "one "),
            answer.more("a", Said::Text, "two"),
            answer.settle("a", Said::Text, "one two"),
            answer.more("a", Said::Text, "late"),
            answer.more("b", Said::Text, "three"),
            answer.settle("b", Said::Text, "three!"),
            answer.settle("c", Said::Text, ""),
        ];
        let (blocks, anew) = play(steps);
        let thought = Said::Thinking.block("hm");
        assert_eq!(blocks, [thought, text("one two"), text("three!")]);
        assert_eq!(anew, 2, "a second text in a row, and a correction");
    }

    #[test]
    fn an_answer_that_was_cut_does_not_stand_twice() {
        let mut told = Answer::default();
        let steps = vec![
            told.more("a", Said::Text, "one tw"),
            told.cut(),
            told.notice("again 1/2".into()),
            told.notice("again 1/2".into()),
            told.more("b", Said::Text, "one two"),
        ];
        let notice = Block::Notice {
            text: "again 1/2".into(),
        };
        assert_eq!(play(steps).0, [notice, text("one two")]);
        assert_eq!(told.unfinished(), 7);
        // Silently.
        let mut silent = Answer::default();
        let steps = vec![
            silent.more("a", Said::Text, "one tw"),
            silent.more("b", Said::Text, "one two"),
            silent.settle("b", Said::Text, "one two"),
        ];
        assert_eq!(play(steps).0, [text("one two")]);
    }

    #[test]
    fn calls_end_or_go_on() {
        let item = |id: &str, status: &str| {
            json!({"type": "commandExecution", "id": id, "command": "ls",
                "aggregatedOutput": "x", "status": status})
        };
        let mut answer = Answer::default();
        let steps = vec![
            answer.called(&item("1", "inProgress")),
            answer.called(&item("1", "inProgress")),
            answer.called(&item("2", "inProgress")),
            answer.ended(&item("1", "completed")),
            answer.ended(&item("9", "completed")),
            answer.end(false, &[]),
            answer.ended(&item("2", "completed")),
        ];
        let seen: Vec<(String, ToolState)> = (play(steps).0.into_iter())
            .map(|block| match block {
                Block::Tool { output, state, .. } => (output.unwrap_or_default(), state),
                other => panic!("{other:?}"),
            })
            .collect();
        let background = "(goes on in the background)".to_owned();
        assert_eq!(
            seen,
            [
                ("x".to_owned(), ToolState::Done),
                (background, ToolState::Done)
            ]
        );
    }
}
