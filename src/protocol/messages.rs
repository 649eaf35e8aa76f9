//! The three directions: an [`Op`] asks for a change, a [`Query`] is answered, an [`Event`] tells.

use super::{
    ask::Decision,
    ids::{AskId, SessionId, TurnId},
    money::Nano,
    record::{Past, RecordView},
    screen::{Found, ScreenUpdate},
    session::{Backend, SessionSpec, SessionView},
    suggestion::{BudgetTier, Suggestion},
    turn::{Delta, Rating, Turn},
    views::{
        BudgetView, CatalogView, EngineStatus, ModelFilter, ModelView, Offer, Problem, Snapshot,
        Stats, WorktreeView,
    },
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a face may send after the handshake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    Op(Op),
    Query(Query),
}

/// A wish for a change. Answered once it is stored, by an [`Answer`] or a [`Refusal`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "op")]
pub enum Op {
    /// → [`Answer::Sessions`] with the new one.
    Spawn {
        spec: SessionSpec,
    },
    /// → [`Answer::Turns`] with the one turn. A session that works queues the prompt. `/feedback …` is no prompt: it
    /// rates a turn. → [`Answer::Text`], what was rated
    Ask {
        session: SessionId,
        prompt: String,
        /// Whether a suggestion stood beside the prompt when it was sent.
        #[serde(default)]
        suggested: bool,
        /// Images to send along; absolute paths, read by the engine when the prompt is sent.
        #[serde(default)]
        attached: Vec<PathBuf>,
    },
    /// Stops the running turn, and takes back those that wait.
    Interrupt {
        session: SessionId,
    },
    Respond {
        session: SessionId,
        ask: AskId,
        decision: Decision,
    },
    /// `at`: the last turn inherited (`None`: the newest that is over). With `count` above 1 the names
    /// are `name-1`, `name-2`, … → [`Answer::Sessions`].
    Fork {
        session: SessionId,
        name: String,
        at: Option<TurnId>,
        backend: Option<Backend>,
        model: Option<String>,
        count: u32,
        /// Whether each is given a git worktree of its own.
        #[serde(default)]
        worktree: bool,
    },
    /// `turn`: `None` for the newest answer. `submit`: for a terminal, whether Enter follows the paste;
    /// others always send. → [`Answer::Turns`]; for a terminal [`Answer::Done`].
    Relay {
        from: SessionId,
        turn: Option<TurnId>,
        to: SessionId,
        submit: bool,
        /// A template of the configuration; `None`: `plain`.
        template: Option<String>,
    },
    /// → [`Answer::Turns`], one for each session that has turns.
    Broadcast {
        to: Audience,
        prompt: String,
    },
    /// `turn`: `None` for the newest that is over. → [`Answer::Turns`] with the one rated.
    Rate {
        turn: Option<TurnId>,
        rating: Rating,
        note: Option<String>,
    },
    /// `turn`: `None` for the newest that is over. It is of this category, and prompts like it will be read so.
    /// → [`Answer::Text`]
    Correct {
        turn: Option<TurnId>,
        category: String,
    },
    Rename {
        session: SessionId,
        name: String,
    },
    /// `None`: in no group.
    SetGroup {
        session: SessionId,
        group: Option<String>,
    },
    SetModel {
        session: SessionId,
        model: String,
    },
    SetPermissionMode {
        session: SessionId,
        mode: String,
    },
    /// Whether the session goes on by itself when the window of a limit resets.
    SetResumeAtReset {
        session: SessionId,
        on: bool,
    },
    /// What a program in a terminal tells of itself through a hook or a statusline that we gave it. `ticket` is the
    /// one its environment holds. → [`Answer::Done`]; of a dialog that stands open, as soon as it was decided here, what
    /// its hook is to print, as [`Answer::Text`].
    Report {
        ticket: String,
        what: Report,
        /// JSON as the program gave it.
        body: String,
    },
    /// Starts the process of a session that ended or failed anew (`claude` resumes its conversation).
    Restart {
        session: SessionId,
    },
    /// Ends the session's process and takes it from the list; its turns stay in the store.
    Kill {
        session: SessionId,
    },
    KillAll,
    /// Takes a worktree away, unless anything in it is uncommitted or unpushed; what is taken away can be brought
    /// back for a while. → [`Answer::Worktrees`] with the one.
    RemoveWorktree {
        /// The session's, the branch's or the folder's name, or the whole path.
        name: String,
        /// Archive what is uncommitted or unpushed, and remove it then.
        force: bool,
    },
    /// Brings a removed worktree back, or an archived one. → [`Answer::Worktrees`] with the one.
    RestoreWorktree {
        name: String,
    },
    /// Bytes as typed, for a terminal.
    Input {
        session: SessionId,
        bytes: Vec<u8>,
    },
    /// Whether keys go to a terminal from now on; its program is told if it asked to be.
    Focus {
        session: SessionId,
        focused: bool,
    },
    /// Text to be pasted into a terminal; the engine brackets it if the program asked for that.
    Paste {
        session: SessionId,
        text: String,
    },
    /// The size of the pane that shows a terminal. The last face to speak wins.
    Resize {
        session: SessionId,
        rows: u16,
        cols: u16,
    },
    /// Scrolls a terminal's view: up into the past where positive, to the present with `i32::MIN`.
    Scroll {
        session: SessionId,
        lines: i32,
    },
    /// Scrolls a terminal's view so that the line of this number comes first, or as near as can be.
    ScrollTo {
        session: SessionId,
        line: u64,
    },
    /// The sessions this face shows from now on. Chat sessions newly among them are told by
    /// [`Event::History`], terminals by a full [`Event::Screen`].
    Watch {
        sessions: Vec<SessionId>,
    },
    /// The last [`Event::Screen`] of this session was drawn; the next may come.
    Took {
        session: SessionId,
    },
    /// `None`: no limit. In force until changed, across restarts; wins over the configuration.
    SetBudget {
        daily: Option<Nano>,
    },
    /// Reads the configuration again. → [`Answer::Problems`].
    ReloadConfig,
    /// Fetches the public tables of models again; what cannot be had stays as it was. → [`Answer::Catalog`].
    RefreshCatalog {
        /// Names of tables; empty: all of them.
        sources: Vec<String>,
        /// Files read in the place of a table's answer, by the table's name; absolute paths.
        files: Vec<(String, PathBuf)>,
    },
    /// Ends the engine cleanly; sessions come back at its next start.
    Shutdown,
}

/// Through what a program in a terminal tells of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    Hook,
    Statusline,
}

/// To whom a broadcast goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Sessions(Vec<SessionId>),
    Group(String),
    /// Every session that holds a conversation; terminals are left out.
    All,
}

/// A question that changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "query")]
pub enum Query {
    /// → [`Answer::Snapshot`]
    Snapshot,
    /// The conversation of a living session, oldest first → [`Answer::Log`]
    Log { session: SessionId },
    /// The conversation of the newest session of that name, killed ones included → [`Answer::Log`]
    LogByName { name: String },
    /// → [`Answer::Log`] with one turn
    Turn { turn: TurnId },
    /// What is kept of a turn beside what was said in it → [`Answer::Record`]
    Record { turn: TurnId },
    /// This user's turns behind `after` that told something of a model, for a replay; `limit` of them at most, and
    /// no more than the engine sends at once → [`Answer::History`]
    History { after: TurnId, limit: u32 },
    /// → [`Answer::Suggestion`]
    Suggest {
        prompt: String,
        /// Whose conversation would be continued, for its length and its model.
        session: Option<SessionId>,
        budget: BudgetTier,
        /// Models not to be suggested.
        exclude: Vec<String>,
        /// Abilities a model must have: `vision`, `tools`, `json`, `reasoning`.
        require: Vec<String>,
    },
    /// What could be spawned on this machine → [`Answer::Offers`]
    Offers,
    /// → [`Answer::Stats`]
    Stats { days: u32 },
    /// Models of the catalogue → [`Answer::Models`]
    Models { filter: ModelFilter },
    /// Two models side by side → [`Answer::Rows`]: what, the first's, the second's
    CompareModels { a: String, b: String },
    /// What speaks against asking this backend for this model → [`Answer::Warnings`], empty where nothing does
    CheckModel { backend: Backend, model: String },
    /// How old the catalogue is and where it is from → [`Answer::Catalog`]
    Catalog,
    /// A regular expression in all lines of a terminal; without a capital letter, upper and lower case are the
    /// same → [`Answer::Found`]
    Find { session: SessionId, pattern: String },
    /// What stands in a terminal from one cell (line and column) to another, both included; with `block` the
    /// rectangle between the two → [`Answer::Text`]
    Text {
        session: SessionId,
        from: (u64, u16),
        to: (u64, u16),
        block: bool,
    },
    /// → [`Answer::Budget`]
    Budget,
    /// → [`Answer::Engine`]
    Engine,
    /// Problems of the configuration in force → [`Answer::Problems`]
    Problems,
    /// The worktrees that were made for sessions, of killed ones too → [`Answer::Worktrees`]
    Worktrees,
}

/// The answer to an [`Op`] or a [`Query`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Done,
    Sessions(Vec<SessionView>),
    Turns(Vec<(SessionId, TurnId)>),
    Snapshot(Box<Snapshot>),
    Log(Vec<Turn>),
    Record(Box<RecordView>),
    History(Vec<Past>),
    Suggestion(Suggestion),
    Offers(Vec<Offer>),
    Stats(Stats),
    Models(Vec<ModelView>),
    Budget(BudgetView),
    Engine(EngineStatus),
    Problems(Vec<Problem>),
    Rows(Vec<[String; 3]>),
    Warnings(Vec<String>),
    Catalog(CatalogView),
    Worktrees(Vec<WorktreeView>),
    Found(Found),
    Text(String),
}

/// Why a request was not carried out: what, and what next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub what: String,
    pub next: String,
}

impl Refusal {
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Refusal {
        Refusal {
            what: what.into(),
            next: next.into(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        if !self.next.is_empty() {
            write!(f, " · {}", self.next)?;
        }
        Ok(())
    }
}

/// What has happened. `SessionChanged`, `SessionRemoved`, `Budget`, `Problems` and `Notice` go to every
/// face; the others to the faces that watch the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// New, or changed in any way.
    SessionChanged {
        session: SessionView,
    },
    SessionRemoved {
        session: SessionId,
    },
    /// A whole conversation, oldest turn first; replaces what the face had of it. Of a very long one only the
    /// newest turns; `omitted` tells how many are before them.
    History {
        session: SessionId,
        turns: Vec<Turn>,
        #[serde(default)]
        omitted: usize,
    },
    /// The whole house anew, for a face that could not be told everything; replaces what it had.
    Snapshot {
        snapshot: Box<Snapshot>,
    },
    /// A turn that is new or has changed in anything but its growing blocks; replaces the face's copy.
    TurnChanged {
        session: SessionId,
        turn: Turn,
    },
    /// A response grew.
    Grew {
        session: SessionId,
        turn: TurnId,
        delta: Delta,
    },
    Screen(ScreenUpdate),
    Budget {
        budget: BudgetView,
    },
    Problems {
        problems: Vec<Problem>,
    },
    /// One line for the status bar.
    Notice {
        level: Level,
        text: String,
        session: Option<SessionId>,
    },
    /// A terminal rang its bell.
    Bell {
        session: SessionId,
    },
    /// A program in a terminal wants to put this text on the clipboard; `None`: it wanted to, and may not.
    Clipboard {
        session: SessionId,
        text: Option<String>,
    },
    /// The engine is about to end at somebody's request.
    Stopping,
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Info,
    Warning,
    Error,
}
