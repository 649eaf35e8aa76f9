//! Chat APIs, one thin adapter a wire format.
//!
//! Does: turn a conversation into a request, stream the answer as [`StreamEvent`]s, say what went wrong in the words
//! of [`Failure`]; ask a server which models it has. Does not: retry, price, keep history, know budgets or sessions.
//! Text is handed on as the model wrote it, control characters included: whoever shows it cleans it.
//!
//! Bytes flow from `http` through `reading` (which knows `lines`) into `anthropic`, `openai`, `responses`, `gemini` or
//! `ollama`; from there on all is pure. `conversation` and `options` say what of a request every wire can take, `image`
//! reads what is attached; `client` knows addresses and certificates; `failure`, `said` and `limits` know what a refusal
//! and the head of an answer mean; `probe`, `count` and
//! `fetch` ask for something else than an answer.

mod anthropic;
mod client;
mod conversation;
mod count;
mod failure;
mod fetch;
mod gemini;
mod history;
mod http;
mod image;
mod json;
mod limits;
mod lines;
mod measure;
mod ollama;
mod openai;
mod options;
mod probe;
mod reading;
mod rehearsal;
mod responses;
mod said;
mod secret;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_asked;
#[cfg(test)]
mod tests_failure;

pub use count::count_tokens;
pub use failure::is_transient;
pub use fetch::{FileAnswer, fetch_file};
pub use history::messages;
pub use image::Image;
pub use limits::Limits;
pub use measure::{read_answer, read_frames};
pub use options::Options;
pub use probe::{ollama_window, probe_models, probe_ollama};
pub use secret::{Secret, api_key};

use crate::protocol::{Delta, Failure, Usage};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How long a server may be silent, before its answer and within it.
pub const IDLE_LIMIT: Duration = Duration::from_secs(120);

/// One request: a conversation that ends in the new prompt. `Debug` shows neither prompts nor keys.
#[derive(Clone)]
pub struct ChatRequest {
    pub wire: Wire,
    /// With or without the version (`/v1`); not looked at for [`Wire::Rehearsal`].
    pub base_url: String,
    pub key: Option<Secret>,
    /// Headers of the user's configuration; they win over ours.
    pub headers: Vec<(String, String)>,
    pub model: String,
    pub system: Option<String>,
    /// Oldest first, the last one the new prompt; see [`messages`]. Need not alternate: what says nothing is left out
    /// and neighbours of one role are joined before they are sent.
    pub messages: Vec<Message>,
    pub max_output_tokens: u32,
    pub options: Options,
}

impl fmt::Debug for ChatRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatRequest")
            .field("wire", &self.wire)
            .field("place", &http::place(&self.base_url))
            .field("model", &self.model)
            .field("messages", &self.messages.len())
            .finish_non_exhaustive()
    }
}

/// The form in which a server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Messages API.
    Anthropic,
    /// Chat Completions, of OpenAI or compatible with it.
    OpenAiChat,
    /// OpenAI's Responses API, or compatible with it.
    OpenAiResponses,
    /// Google's `streamGenerateContent`.
    Gemini,
    Ollama,
    /// Built in: a canned answer, no server.
    Rehearsal,
}

impl Wire {
    fn as_str(self) -> &'static str {
        match self {
            Wire::Anthropic => "Anthropic",
            Wire::OpenAiChat => "OpenAI",
            Wire::OpenAiResponses => "OpenAI Responses",
            Wire::Gemini => "Gemini",
            Wire::Ollama => "Ollama",
            Wire::Rehearsal => "rehearsal",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub role: Role,
    pub text: String,
    /// Paths of what the user attached; to be read into `images` before the message is sent.
    pub attached: Vec<PathBuf>,
    /// What the user attached, shown to the model before the text.
    pub images: Vec<Image>,
}

impl Message {
    /// A message without images.
    pub fn new(role: Role, text: impl Into<String>) -> Message {
        Message {
            role,
            text: text.into(),
            attached: Vec::new(),
            images: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    User,
    Assistant,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// What [`stream`] tells, in the order in which it happens. The last one is `Ended` or `Failed`, and there is
/// exactly one of these.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    /// The head of the answer is here, be it a refusal; at most once, and the first of all. Never for
    /// [`Wire::Rehearsal`], nor when the server cannot be reached.
    Answered {
        /// The provider's name for this request, to be quoted when asking its support.
        request_id: Option<String>,
        limits: Limits,
    },
    Delta(Delta),
    /// The model as the server names it; at most once.
    Model(String),
    /// All tokens so far: replaces what was told before. May come never (many compatible servers send none), once or
    /// several times.
    Usage(Usage),
    /// How fast the server says that it made the tokens, without the network; at most once, by servers that tell.
    Pace {
        tokens_per_second: f32,
    },
    Ended {
        /// In the words of the provider: `end_turn`, `stop`, `length`, …
        stop_reason: Option<String>,
    },
    Failed(Failure),
}

/// Sends `request` and tells `out` what comes back, until the end. Drop the future (abort its task) to cancel: the
/// connection is closed and nothing more is told.
///
/// What arrives in one piece from the network is told in one delta, at once. When `out` is full this waits and reads
/// nothing meanwhile, so that the server has to wait too; nothing is dropped.
pub async fn stream(request: ChatRequest, out: Sender<StreamEvent>) {
    stream_within(request, out, IDLE_LIMIT).await;
}

async fn stream_within(request: ChatRequest, out: Sender<StreamEvent>, idle: Duration) {
    let end = match request.wire {
        Wire::Rehearsal => rehearsal::play(&request, &out).await,
        _ => http::run(&request, &out, idle).await,
    };
    let last = match end {
        Ok(end) => StreamEvent::Ended {
            stop_reason: end.stop_reason,
        },
        Err(failure) => StreamEvent::Failed(failure),
    };
    // Fails only if nobody listens any more.
    let _ = out.send(last).await;
}
