//! The part of every adapter that is the same: bytes in, events out.

use super::failure::Asked;
use super::json::Json;
use super::lines::{Lines, Sse};
use super::{StreamEvent, Wire};
use super::{anthropic, gemini, ollama, openai, responses};
use crate::protocol::{Category, Delta, Failure, Usage};
use serde_json::Value;

/// Why a stream is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub stop_reason: Option<String>,
}

/// What the adapters add to.
#[derive(Default)]
pub(super) struct Out {
    events: Vec<StreamEvent>,
    /// The newest record, and the one that was told last.
    usage: Option<Usage>,
    told: Option<Usage>,
    /// How it ended, once the server has said so.
    pub end: Option<Result<End, Failure>>,
    model_known: bool,
    pace_known: bool,
}

impl Out {
    /// What is to be told of what has come since this was last called.
    pub(super) fn take_events(&mut self) -> Vec<StreamEvent> {
        let usage = self.usage.take().filter(|usage| self.told != Some(*usage));
        if let Some(usage) = usage {
            self.told = Some(usage);
            self.events.push(StreamEvent::Usage(usage));
        }
        std::mem::take(&mut self.events)
    }

    /// All tokens so far. Some servers tell them with every piece of text: only the newest record goes on, and only if
    /// it says something new.
    pub(super) fn usage(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

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

    /// How fast the server made `tokens`; told once, and only if it can be so.
    pub(super) fn pace(&mut self, tokens: f64, seconds: f64) {
        let tokens_per_second = (tokens / seconds) as f32;
        if tokens > 0.0 && tokens_per_second.is_normal() && !self.pace_known {
            self.pace_known = true;
            self.events.push(StreamEvent::Pace { tokens_per_second });
        }
    }

    /// The same, from what compatible servers add to a message: `timings` (llama-server), times in `usage` (Groq).
    pub(super) fn pace_in(&mut self, message: &Json<'_>) {
        let number = |path: &str| message.pointer(path).and_then(Json::as_f64);
        if let Some(rate) = number("/timings/predicted_per_second") {
            self.pace(rate, 1.0);
        } else if let Some(seconds) = number("/usage/completion_time") {
            self.pace(count(message, "/usage/completion_tokens") as f64, seconds);
        }
    }
}

/// How an answer is cut into messages.
enum Framing {
    Sse(Sse),
    Lines(Lines),
}

/// What one message means.
enum Decoder {
    Anthropic(anthropic::Decoder),
    OpenAiChat(openai::Decoder),
    OpenAiResponses(responses::Decoder),
    Gemini(gemini::Decoder),
    Ollama(ollama::Decoder),
}

impl Decoder {
    fn new(wire: Wire) -> Decoder {
        match wire {
            Wire::Anthropic => Decoder::Anthropic(anthropic::Decoder::default()),
            Wire::OpenAiResponses => Decoder::OpenAiResponses(responses::Decoder::default()),
            Wire::Gemini => Decoder::Gemini(gemini::Decoder::default()),
            Wire::Ollama => Decoder::Ollama(ollama::Decoder),
            Wire::OpenAiChat | Wire::Rehearsal => Decoder::OpenAiChat(openai::Decoder::default()),
        }
    }

    fn take(&mut self, asked: &Asked, data: &[u8], out: &mut Out) -> Result<(), Failure> {
        match self {
            Decoder::Anthropic(decoder) => decoder.take(asked, data, out),
            Decoder::OpenAiChat(decoder) => decoder.take(asked, data, out),
            Decoder::OpenAiResponses(decoder) => decoder.take(asked, data, out),
            Decoder::Gemini(decoder) => decoder.take(asked, data, out),
            Decoder::Ollama(decoder) => decoder.take(asked, data, out),
        }
    }
}

/// The reading of one answer: knows the wire, remembers what was cut in two.
pub(super) struct Reading {
    asked: Asked,
    framing: Framing,
    decoder: Decoder,
    /// Whether something that is no white space has come.
    begun: bool,
    /// A body that is one JSON object instead of a stream, as far as it has come.
    object: Option<Vec<u8>>,
    pub out: Out,
}

impl Reading {
    pub(super) fn new(asked: Asked) -> Reading {
        Reading {
            framing: match asked.wire {
                Wire::Ollama => Framing::Lines(Lines::default()),
                _ => Framing::Sse(Sse::default()),
            },
            decoder: Decoder::new(asked.wire),
            asked,
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
            match (first, &self.framing) {
                (b'<', _) => return Err(self.asked.not_ours("HTML", bytes)),
                (b'{' | b'[', Framing::Sse(_)) => {
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
            framing,
            decoder,
            out,
            ..
        } = self;
        match framing {
            Framing::Sse(sse) => sse.feed(bytes, |data| decoder.take(asked, data, out)),
            Framing::Lines(lines) => lines.feed(bytes, |line| decoder.take(asked, line, out)),
        }
    }

    /// The server has closed the stream: the end, or the failure that it was no proper one.
    pub(super) fn close(&mut self) -> Result<End, Failure> {
        if let Some(object) = &self.object {
            let value = serde_json::from_slice::<Value>(object).unwrap_or_default();
            // Google puts it into a list.
            return Err(match value.get(0).unwrap_or(&value).get("error") {
                Some(_) => self.asked.error_in_stream(&value),
                None => self.asked.not_ours("one JSON object", object),
            });
        }
        let Reading {
            asked,
            framing,
            decoder,
            out,
            ..
        } = self;
        // A last line without its end counts if it is whole; if it is not, the stream was cut.
        let last = match framing {
            Framing::Sse(sse) => sse.rest(),
            Framing::Lines(lines) => Some(lines.rest()),
        };
        let last = last.map_or(Ok(()), |data| decoder.take(asked, &data, out));
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
        let finished = || match &self.decoder {
            Decoder::Anthropic(decoder) => decoder.finished(),
            Decoder::OpenAiChat(decoder) => decoder.finished(&self.asked),
            Decoder::Gemini(decoder) => decoder.finished(),
            // Their last message says it all.
            Decoder::OpenAiResponses(_) | Decoder::Ollama(_) => None,
        };
        self.out.end.clone().or_else(finished)
    }
}

impl Asked {
    /// Reads a message of a stream, which must be an object; `error` inside it is a failure.
    pub(super) fn message<'a>(&self, text: &'a str) -> Result<Json<'a>, Failure> {
        match serde_json::from_str::<Json<'_>>(text) {
            Ok(json) if json.get("error").is_some_and(|e| !e.is_null()) => {
                Err(self.error_in_stream(&json.to_value()))
            }
            Ok(json) if json.is_object() => Ok(json),
            _ => Err(self.not_ours("malformed JSON", text.as_bytes())),
        }
    }

    /// The same of an answer that is no stream.
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
        let text = self.clean(&text);
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
pub(super) fn count(value: &Json<'_>, path: &str) -> u64 {
    value.pointer(path).and_then(Json::as_u64).unwrap_or(0)
}
