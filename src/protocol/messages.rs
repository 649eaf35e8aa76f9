//! The three directions: an [`Op`] asks for a change, a [`Query`] is answered, an [`Event`] tells.

use super::{
    ask::Decision,
    ids::{AskId, SessionId, TurnId},
    learning::LearnChange,
    money::Nano,
    screen::ScreenUpdate,
    session::{Backend, SessionSpec, SessionView},
    suggestion::BudgetTier,
    task::{BatchTask, Task},
    turn::{Delta, Rating, Turn},
    views::{BudgetView, ModelFilter, Problem, Snapshot},
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

/// A wish for a change. Answered once it is stored, by an [`super::Answer`] or a [`super::Refusal`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "op")]
pub enum Op {
    /// → [`super::Answer::Sessions`] with the new one.
    Spawn {
        spec: SessionSpec,
    },
    /// → [`super::Answer::Turns`] with the one turn. A session that works queues the prompt. `/feedback …` is no prompt: it
    /// rates a turn. → [`super::Answer::Text`], what was rated
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
    /// are `name-1`, `name-2`, … → [`super::Answer::Sessions`].
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
    /// others always send. → [`super::Answer::Turns`]; for a terminal [`super::Answer::Done`].
    Relay {
        from: SessionId,
        turn: Option<TurnId>,
        to: SessionId,
        submit: bool,
        /// A template of the configuration; `None`: `plain`.
        template: Option<String>,
    },
    /// → [`super::Answer::Turns`], one for each session that has turns.
    Broadcast {
        to: Audience,
        prompt: String,
    },
    /// `turn`: `None` for the newest that is over. → [`super::Answer::Turns`] with the one rated.
    Rate {
        turn: Option<TurnId>,
        rating: Rating,
        note: Option<String>,
    },
    /// `turn`: `None` for the newest that is over. It is of this category, and prompts like it will be read so.
    /// → [`super::Answer::Text`]
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
    /// one its environment holds. → [`super::Answer::Done`]; of a dialog that stands open, as soon as it was decided here, what
    /// its hook is to print, as [`super::Answer::Text`].
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
    /// back for a while. → [`super::Answer::Worktrees`] with the one.
    RemoveWorktree {
        /// The session's, the branch's or the folder's name, or the whole path.
        name: String,
        /// Archive what is uncommitted or unpushed, and remove it then.
        force: bool,
    },
    /// Brings a removed worktree back, or an archived one. → [`super::Answer::Worktrees`] with the one.
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
    /// Text to be pasted into a terminal; the engine brackets it if the program asked for that. `submit`: it is a
    /// prompt, sent as the program's description says, once the program takes prompts.
    Paste {
        session: SessionId,
        text: String,
        #[serde(default)]
        submit: bool,
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
    /// Reads the configuration again. → [`super::Answer::Problems`].
    ReloadConfig,
    /// Fetches the public tables of models again; what cannot be had stays as it was. → [`super::Answer::Catalog`].
    RefreshCatalog {
        /// Names of tables; empty: all of them.
        sources: Vec<String>,
        /// Files read in the place of a table's answer, by the table's name; absolute paths.
        files: Vec<(String, PathBuf)>,
    },
    /// Changes what is learnt.
    Learn {
        change: LearnChange,
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
    /// → [`super::Answer::Snapshot`]
    Snapshot,
    /// The conversation of a living session, oldest first → [`super::Answer::Log`]
    Log { session: SessionId },
    /// The conversation of the newest session of that name, killed ones included → [`super::Answer::Log`]
    LogByName { name: String },
    /// → [`super::Answer::Log`] with one turn
    Turn { turn: TurnId },
    /// What is kept of a turn beside what was said in it → [`super::Answer::Record`]
    Record { turn: TurnId },
    /// This user's turns behind `after` that told something of a model, for a replay; `limit` of them at most, and
    /// no more than the engine sends at once → [`super::Answer::History`]
    History { after: TurnId, limit: u32 },
    /// → [`super::Answer::Suggestion`]
    Suggest {
        prompt: String,
        /// Whose conversation would be continued, for its length and its model.
        session: Option<SessionId>,
        budget: BudgetTier,
        /// Models not to be suggested.
        exclude: Vec<String>,
        /// Abilities a model must have: `vision`, `tools`, `json`, `reasoning`.
        require: Vec<String>,
        /// Tokens that a model must take at once; `None`: as many as the prompt and its conversation have.
        #[serde(default)]
        min_window: Option<u64>,
        /// What the task is worth; empty: nothing is said of it.
        #[serde(default)]
        task: Task,
    },
    /// One suggestion for each, with its first candidates only → [`super::Answer::Suggestions`]
    SuggestBatch {
        tasks: Vec<BatchTask>,
        budget: BudgetTier,
        exclude: Vec<String>,
        require: Vec<String>,
        #[serde(default)]
        min_window: Option<u64>,
    },
    /// What is believed of models with results, and with `all` of all models at hand → [`super::Answer::Learned`]
    Learned { all: bool },
    /// The newest results of a model in a category, newest first → [`super::Answer::Evidence`]
    Results {
        model: String,
        category: String,
        limit: u32,
    },
    /// Results as they were learnt from, from the one after `after` on → [`super::Answer::Evidence`]
    Evidence { after: u64, limit: u32 },
    /// What cheaper models would have cost → [`super::Answer::Advice`]
    Advice { days: u32 },
    /// What could be spawned on this machine → [`super::Answer::Offers`]
    Offers,
    /// → [`super::Answer::Stats`]
    Stats { days: u32 },
    /// Models of the catalogue → [`super::Answer::Models`]
    Models { filter: ModelFilter },
    /// Two models side by side → [`super::Answer::Rows`]: what, the first's, the second's
    CompareModels { a: String, b: String },
    /// What speaks against asking this backend for this model → [`super::Answer::Warnings`], empty where nothing does
    CheckModel { backend: Backend, model: String },
    /// How old the catalogue is and where it is from → [`super::Answer::Catalog`]
    Catalog,
    /// A regular expression in all lines of a terminal; without a capital letter, upper and lower case are the
    /// same → [`super::Answer::Found`]
    Find { session: SessionId, pattern: String },
    /// What stands in a terminal from one cell (line and column) to another, both included; with `block` the
    /// rectangle between the two → [`super::Answer::Text`]
    Text {
        session: SessionId,
        from: (u64, u16),
        to: (u64, u16),
        block: bool,
    },
    /// → [`super::Answer::Budget`]
    Budget,
    /// → [`super::Answer::Engine`]
    Engine,
    /// Problems of the configuration in force → [`super::Answer::Problems`]
    Problems,
    /// The worktrees that were made for sessions, of killed ones too → [`super::Answer::Worktrees`]
    Worktrees,
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
