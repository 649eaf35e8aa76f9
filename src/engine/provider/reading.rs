//! The part of every adapter that is the same: bytes in, events out.

use super::failure::Asked;
use super::lines::{Lines, Sse};
use super::secret::redact;
use super::{StreamEvent, Wire};
use super::{anthropic, ollama, openai};
use crate::protocol::{Category, Delta, Failure};
use serde_json::Value;

/// Why a stream is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub stop_reason: Option<String>,
}

/// What the adapters add to.
#[derive(Default)]
pub(super) struct Out {
    pub events: Vec<StreamEvent>,
    /// How it ended, once the server has said so.
    pub end: Option<Result<End, Failure>>,
    model_known: bool,
}

impl Out {
    /// Joins deltas that continue one another: what came in one piece from the network leaves in one piece.
    pub(super) fn delta(&mut self, delta: Delta) {
        match (self.events.last_mut(), delta) {
            (Some(StreamEvent::Delta(Delta::Text { text })), Delta::Text { text: more })
            | (
                Some(StreamEvent::Delta(Delta::Thinking { text })),
                Delta::Thinking { text: more },
            ) => text.push_str(&more),
            (
                Some(StreamEvent::Delta(Delta::ToolInput { id, json })),
                Delta::ToolInput {
                    id: same,
                    json: more,
                },
            ) if *id == same => json.push_str(&more),
            (_, delta) => self.events.push(StreamEvent::Delta(delta)),
        }
    }

    pub(super) fn text(&mut self, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.delta(Delta::Text { text: text.into() });
        }
    }

    pub(super) fn thinking(&mut self, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.delta(Delta::Thinking { text: text.into() });
        }
    }

    pub(super) fn notice(&mut self, text: &str) {
        self.delta(Delta::Notice { text: text.into() });
    }

    /// The model as the server names it; told once.
    pub(super) fn model(&mut self, name: Option<&str>) {
        if let Some(name) = name.filter(|name| !name.is_empty() && !self.model_known) {
            self.model_known = true;
            self.events.push(StreamEvent::Model(name.into()));
        }
    }
}

enum Adapter {
    Anthropic(Sse, anthropic::Decoder),
    OpenAi(Sse, openai::Decoder),
    Ollama(Lines, ollama::Decoder),
}

/// The reading of one answer: knows the wire, remembers what was cut in two.
pub(super) struct Reading {
    asked: Asked,
    adapter: Adapter,
    /// Whether something that is no white space has come.
    begun: bool,
    /// A body that is one JSON object instead of a stream, as far as it has come.
    object: Option<Vec<u8>>,
    pub out: Out,
}

impl Reading {
    pub(super) fn new(asked: Asked) -> Reading {
        let adapter = match asked.wire {
            Wire::Anthropic => Adapter::Anthropic(Sse::default(), anthropic::Decoder::default()),
            Wire::Ollama => Adapter::Ollama(Lines::default(), ollama::Decoder),
            Wire::OpenAiChat | Wire::Rehearsal => {
                Adapter::OpenAi(Sse::default(), openai::Decoder::default())
            }
        };
        Reading {
            asked,
            adapter,
            begun: false,
            object: None,
            out: Out::default(),
        }
    }

    /// Takes the next bytes; what they mean is in `out`, also when they end in a failure.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if !self.begun
            && let Some(first) = bytes.iter().find(|b| !b.is_ascii_whitespace())
        {
            self.begun = true;
            match (first, &self.adapter) {
                (b'<', _) => return Err(self.asked.not_ours("HTML", bytes)),
                (b'{' | b'[', Adapter::Anthropic(..) | Adapter::OpenAi(..)) => {
                    self.object = Some(Vec::new());
                }
                _ => {}
            }
        }
        if let Some(object) = &mut self.object {
            // A small error object is all that is expected here.
            let room = 64 * 1024 - object.len().min(64 * 1024);
            object.extend_from_slice(&bytes[..bytes.len().min(room)]);
            return Ok(());
        }
        let Reading {
            asked,
            adapter,
            out,
            ..
        } = self;
        match adapter {
            Adapter::Anthropic(sse, decoder) => {
                sse.feed(bytes, |data| decoder.take(asked, data, out))
            }
            Adapter::OpenAi(sse, decoder) => sse.feed(bytes, |data| decoder.take(asked, data, out)),
            Adapter::Ollama(lines, decoder) => {
                lines.feed(bytes, |line| decoder.take(asked, line, out))
            }
        }
    }

    /// The server has closed the stream: the end, or the failure that it was no proper one.
    pub(super) fn close(&mut self) -> Result<End, Failure> {
        if let Some(object) = &self.object {
            return Err(match serde_json::from_slice::<Value>(object) {
                Ok(value) if value.get("error").is_some() => self.asked.error_in_stream(&value),
                _ => self.asked.not_ours("one JSON object", object),
            });
        }
        let Reading {
            asked,
            adapter,
            out,
            ..
        } = self;
        // A last line without its end counts if it is whole; if it is not, the stream was cut.
        let last = match adapter {
            Adapter::Anthropic(sse, decoder) => match sse.rest() {
                Some(data) => decoder.take(asked, &data, out),
                None => Ok(()),
            },
            Adapter::OpenAi(sse, decoder) => match sse.rest() {
                Some(data) => decoder.take(asked, &data, out),
                None => Ok(()),
            },
            Adapter::Ollama(lines, decoder) => decoder.take(asked, &lines.rest(), out),
        };
        if let Err(failure) = last
            && failure.category != Category::Parse
        {
            return Err(failure);
        }
        self.answered().unwrap_or_else(|| Err(self.asked.cut_off()))
    }

    /// The end, once the model has said that it has finished, even if the server has more to say (usage) or leaves
    /// the connection open.
    pub(super) fn answered(&self) -> Option<Result<End, Failure>> {
        let finished = || match &self.adapter {
            Adapter::OpenAi(_, decoder) => decoder.finished(),
            Adapter::Anthropic(_, decoder) => decoder.finished(),
            Adapter::Ollama(..) => None,
        };
        self.out.end.clone().or_else(finished)
    }
}

impl Asked {
    /// Reads a piece of JSON that must be an object; `error` inside it is a failure.
    pub(super) fn object(&self, data: &[u8]) -> Result<Value, Failure> {
        let text = String::from_utf8_lossy(data);
        match serde_json::from_str::<Value>(&text) {
            Ok(value) if value.get("error").is_some_and(|e| !e.is_null()) => {
                Err(self.error_in_stream(&value))
            }
            Ok(value) if value.is_object() => Ok(value),
            _ => Err(self.not_ours("malformed JSON", data)),
        }
    }

    /// The answer is not what this wire sends; with its first 80 characters.
    pub(super) fn not_ours(&self, what: &str, data: &[u8]) -> Failure {
        // Enough bytes for 80 characters after white space is joined, in nearly all cases.
        let text = String::from_utf8_lossy(&data[..data.len().min(1024)]);
        let text = redact(&text, self.key.as_ref());
        Failure::new(
            Category::Parse,
            format!(
                "{} sent {what} instead of a stream of {} messages: {}",
                self.place,
                self.wire.as_str(),
                super::secret::one_line(&text, 80)
            ),
            "check that base_url is the address of such an API",
        )
    }

    pub(super) fn cut_off(&self) -> Failure {
        Failure::new(
            Category::CutOff,
            format!(
                "{} closed the connection in the middle of the answer",
                self.place
            ),
            "what had arrived is kept: ask again to continue",
        )
    }
}

/// A count of tokens; 0 where it is absent or no number.
pub(super) fn count(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap_or(0)
}
