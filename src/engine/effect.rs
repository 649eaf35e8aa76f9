//! What comes into the engine, and what it wants done.

use super::agent::hooks::Give;
use super::agent::transcript::{self, News};
use super::agent::{AgentCommand, AgentEvent, AgentStart};
use super::lessons::{Asked, Found, Sought};
use super::provider::{Message, Options, StreamEvent, Wire};
use super::pty::{PtyEvent, PtyStart};
use super::ratings::{Said, Sighting};
use super::terminals::Manners;
use super::worktree::{Living, Made, Wanted, Wish};
use crate::catalog::Catalog;
use crate::config::Config;
use crate::protocol::{
    Answer, Backend, Event, Failure, Millis, Problem, ProcessTree, Query, Refusal, Request,
    SessionId, TurnId,
};
use crate::store::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// A connected face, for as long as it is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub u64);

/// Everything that can happen to the engine. What comes late carries the session and the epoch of the
/// process or stream it belongs to, and is dropped if that has passed.
#[derive(Debug)]
pub enum Input {
    FaceJoined {
        face: FaceId,
        events: bool,
    },
    FaceLeft {
        face: FaceId,
    },
    /// A face that could not take all events can take some again.
    FaceCaughtUp {
        face: FaceId,
    },
    Request {
        face: FaceId,
        id: u64,
        request: Request,
    },
    Stream {
        session: SessionId,
        epoch: u64,
        event: StreamEvent,
    },
    /// The answer to [`Effect::Count`]; `None`: the provider did not say.
    Counted {
        session: SessionId,
        epoch: u64,
        tokens: Option<u64>,
    },
    Agent {
        session: SessionId,
        epoch: u64,
        event: AgentEvent,
    },
    /// A process has started, with its id where it has one, or could not.
    Started {
        session: SessionId,
        epoch: u64,
        result: Result<Option<u32>, Failure>,
    },
    Pty {
        session: SessionId,
        epoch: u64,
        event: PtyEvent,
    },
    /// Which conversation the program of a terminal was started on.
    Begun {
        session: SessionId,
        epoch: u64,
        conversation: String,
    },
    /// What was read of a transcript that is followed.
    Transcript {
        news: News,
    },
    /// What the processes of sessions use now.
    Trees {
        trees: Vec<(SessionId, ProcessTree)>,
    },
    /// The answer to [`Effect::FindModels`].
    ModelsFound {
        session: SessionId,
        result: Result<Vec<String>, Failure>,
    },
    /// The answer to [`Effect::FindWindow`], in tokens.
    WindowFound {
        session: SessionId,
        window: u64,
    },
    /// What can be asked now, for suggestions.
    Reachable {
        models: Vec<(String, Backend)>,
    },
    /// The answer to [`Effect::MakeWorktree`].
    WorktreeMade {
        session: SessionId,
        epoch: u64,
        result: Result<Made, Failure>,
    },
    Timer {
        timer: Timer,
    },
    ConfigLoaded {
        config: Arc<Config>,
        problems: Vec<Problem>,
    },
    /// The catalogue is another from now on.
    CatalogLoaded {
        catalog: Arc<Catalog>,
    },
    /// The answer to [`Effect::FindTurn`].
    FoundTurn {
        face: FaceId,
        id: u64,
        turn: TurnId,
        found: Sighting,
        said: Said,
    },
    /// The answer to [`Effect::LookAtProject`]: the names of the files in the folder.
    Project {
        folder: PathBuf,
        files: Vec<String>,
    },
    /// The answer to [`Effect::Seek`].
    Found {
        asked: Asked,
        found: Found,
    },
    Stop,
}

/// What a timer was armed for. Arming one again moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Half answers are due in the store, and running gauges on the screen.
    Flush,
    /// A session's process is due to be started again.
    Restart { session: SessionId, epoch: u64 },
    /// A provider's limit is over.
    Limit { session: SessionId },
    /// A program in a terminal has looked still for a while though its hooks said that it works.
    Calm { session: SessionId, epoch: u64 },
    /// Prompts were held for long enough for a program that has not begun to take them.
    Unfed { session: SessionId },
    /// What was expected is due to be compared with what came.
    Calibrate,
    /// A request that failed is due to be tried again.
    Retry { session: SessionId, epoch: u64 },
}

/// Whom an event is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    All,
    /// Faces that watch the session.
    Watchers(SessionId),
    Face(FaceId),
}

/// A request to a chat API, complete but for the key.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamPlan {
    pub wire: Wire,
    pub base_url: String,
    pub key: KeySource,
    pub headers: Vec<(String, String)>,
    pub model: String,
    pub system: Option<String>,
    pub messages: Vec<Message>,
    pub max_output_tokens: u32,
    pub options: Options,
}

/// Where a key is to be taken from. The engine's state never holds one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySource {
    /// Environment variable; `None`: the endpoint wants no key.
    pub env: Option<String>,
    pub cmd: Option<String>,
    /// Whether a missing key is a failure.
    pub required: bool,
}

/// A process that a session needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Process {
    Terminal(PtyStart, Manners),
    Agent(AgentStart),
}

/// What the engine wants done. Replies and events of one input go out after its writes are on disk.
#[derive(Debug, PartialEq)]
pub enum Effect {
    Reply {
        face: FaceId,
        id: u64,
        result: Result<Answer, Refusal>,
    },
    Tell {
        to: To,
        event: Event,
    },
    Write(Write),
    Stream {
        session: SessionId,
        epoch: u64,
        plan: Box<StreamPlan>,
    },
    /// Ask the provider how many tokens the request has; answered by [`Input::Counted`].
    Count {
        session: SessionId,
        epoch: u64,
        plan: Box<StreamPlan>,
    },
    /// Stops the stream; nothing of it comes in any more.
    CutStream {
        session: SessionId,
    },
    /// Write the settings that the program is given which is started next.
    Give {
        session: SessionId,
        give: Give,
    },
    /// Follow a transcript until [`Effect::Forget`]; what is read comes as [`Input::Transcript`].
    Follow {
        session: SessionId,
        start: u64,
        wanted: transcript::Wanted,
    },
    /// The session's program has ended: its transcripts are read to their end and let go, what it was given is removed.
    Forget {
        session: SessionId,
    },
    Start {
        session: SessionId,
        epoch: u64,
        process: Box<Process>,
    },
    /// Ends the session's process and forgets it; nothing of it comes in any more.
    End {
        session: SessionId,
    },
    Command {
        session: SessionId,
        command: AgentCommand,
    },
    Input {
        session: SessionId,
        bytes: Vec<u8>,
    },
    Focus {
        session: SessionId,
        focused: bool,
    },
    /// Presses keys of a terminal's program one after the other, each apart.
    Press {
        session: SessionId,
        keys: Vec<String>,
    },
    /// `face` is answered under `id`; without one it is told only of a refusal.
    Paste {
        session: SessionId,
        text: String,
        submit: bool,
        face: FaceId,
        id: Option<u64>,
    },
    Resize {
        session: SessionId,
        rows: u16,
        cols: u16,
    },
    Scroll {
        session: SessionId,
        lines: i32,
    },
    ScrollTo {
        session: SessionId,
        line: u64,
    },
    WatchScreen {
        session: SessionId,
        face: FaceId,
    },
    UnwatchScreen {
        session: SessionId,
        face: FaceId,
    },
    TookScreen {
        session: SessionId,
        face: FaceId,
    },
    /// Answered by [`Input::WorktreeMade`].
    MakeWorktree {
        session: SessionId,
        epoch: u64,
        wanted: Box<Wanted>,
    },
    /// The worktree that is being made is not wanted any more: what there is of it goes.
    GiveUpWorktree {
        session: SessionId,
    },
    /// List, remove or restore worktrees; `face` is answered.
    Worktrees {
        face: FaceId,
        id: u64,
        wish: Wish,
        living: Vec<Living>,
    },
    FindModels {
        session: SessionId,
        backend: Backend,
    },
    FindWindow {
        session: SessionId,
        model: String,
    },
    /// A query that needs the machine or the store.
    Look {
        face: FaceId,
        id: u64,
        query: Query,
    },
    /// Look for a turn that is not in memory, by its id or the start of it, of which something was said, once
    /// everything before this is on disk; answered by [`Input::FoundTurn`].
    FindTurn {
        face: FaceId,
        id: u64,
        turn: TurnId,
        said: Said,
    },
    /// Answered by [`Input::Project`].
    LookAtProject {
        folder: PathBuf,
    },
    /// Look into what is stored of the learning, once everything before this is on disk.
    Seek {
        asked: Asked,
        sought: Sought,
    },
    Arm {
        timer: Timer,
        at: Millis,
    },
    /// Read the configuration again; `face` is told the problems.
    ReadConfig {
        face: FaceId,
        id: u64,
    },
    /// Fetch the public tables of models; `face` is told what changed.
    RefreshCatalog {
        face: FaceId,
        id: u64,
        sources: Vec<String>,
        files: Vec<(String, PathBuf)>,
    },
    /// End the engine, after everything before this is done.
    Stop,
}
