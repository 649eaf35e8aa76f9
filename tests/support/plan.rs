//! How a stand-in answers one prompt, whatever the wire format: what is said, and in which rhythm.

use super::{
    directives::{self, Directives, Middle},
    http::Reply,
};
use serde_json::Value;
use std::io;

/// What a stand-in thinks before it answers.
pub const THOUGHT: &str = "let me think about it";

/// One answer.
pub struct Plan {
    pub directives: Directives,
    pub text: String,
    /// Name and arguments.
    pub tool: Option<(String, Value)>,
}

impl Plan {
    /// `turn` counts the user's messages so far; `tool_result` is what the tool said, if one just did.
    pub fn new(prompt: &str, turn: usize, tool_result: Option<&str>) -> Plan {
        let directives = directives::read(prompt);
        let start = |text: &str| text.trim().chars().take(60).collect::<String>();
        let text = match (tool_result, &directives.answer) {
            (Some(result), _) => format!("stand-in: the tool said: {}", start(result)),
            (None, Some(answer)) => answer.clone(),
            (None, None) => format!("stand-in answer {turn} to: {}", start(prompt)),
        };
        let tool = directives.tool.clone().filter(|_| tool_result.is_none());
        Plan {
            directives,
            text,
            tool,
        }
    }

    /// Has `send` called with each piece of the text, in time. `Some` where the prompt wants the stream
    /// to break off here in a way that the wire format must express.
    pub fn stream<'a>(
        &self,
        reply: &mut Reply<'a>,
        mut send: impl FnMut(&mut Reply<'a>, &str) -> io::Result<()>,
    ) -> io::Result<Option<Middle>> {
        let pieces = directives::pieces(&self.text);
        for (index, piece) in pieces.iter().enumerate() {
            send(reply, piece)?;
            if !self.directives.slow.is_zero() {
                reply.pause(self.directives.slow / pieces.len() as u32)?;
            }
            if index == pieces.len() / 2 {
                match self.directives.middle {
                    Middle::GoOn => {}
                    Middle::Hold => reply.hold()?,
                    Middle::Cut => {
                        reply.cut()?;
                        return Err(io::ErrorKind::ConnectionAborted.into());
                    }
                    middle => return Ok(Some(middle)),
                }
            }
        }
        Ok(None)
    }
}
