//! Everything the screen shows, as plain data. Changed by `update` alone; views only read it.

pub mod cells;
pub mod chat;
pub mod commands;
pub mod composer;
pub mod copying;
pub mod field;
pub mod found;
pub mod inbox;
pub mod layout;
pub mod left;
pub mod links;
pub mod panes;
pub mod pointer;
pub mod terminal;

use crate::config::{Config, Desktop, Keymap, Loaded, Mode as Permissions, NotifyOn, Theme};
use crate::faces::tui::ability::KEYBOARD;
use crate::faces::tui::layers::Layer;
use crate::faces::tui::model::chat::Chat;
use crate::faces::tui::model::composer::Composer;
use crate::faces::tui::model::copying::Copying;
use crate::faces::tui::model::found::Found;
use crate::faces::tui::model::inbox::News;
use crate::faces::tui::model::left::Left;
use crate::faces::tui::model::panes::Panes;
use crate::faces::tui::model::pointer::Pointer;
use crate::faces::tui::model::terminal::Terminal;
use crate::faces::tui::views::depth::Depth;
use crate::protocol::{
    AskId, BudgetView, EngineStatus, Level, Millis, ModelView, Offer, Problem, SessionId,
    SessionView, Status,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

/// Who gets the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Normal,
    Insert,
    /// Copy mode, see [`Model::copying`].
    Copy,
}

/// One line for the status bar. Stays until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub level: Level,
    pub text: String,
}

/// Whether there is an engine at the other end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// The first snapshot is on its way.
    #[default]
    Waiting,
    Up,
    /// With the reason.
    Lost(String),
}

/// How the question that has the focus is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskView {
    /// The first row of the details that is shown.
    pub top: usize,
    /// Whether the question has the whole pane.
    pub unfolded: bool,
    /// The choices that are ticked, a bit for each of the first 64.
    pub ticked: u64,
}

/// All that is shown.
pub struct Model {
    /// In the engine's order, oldest first.
    pub sessions: Vec<SessionView>,
    pub chats: HashMap<SessionId, Chat>,
    pub terminals: HashMap<SessionId, Terminal>,
    pub composers: HashMap<SessionId, Composer>,
    pub panes: Panes,
    pub mode: Mode,
    /// Dialogs, the one that has the keys last.
    pub layers: Vec<Layer>,
    pub marks: BTreeSet<SessionId>,
    /// Of the question read last.
    pub asking: (SessionId, AskId, AskView),
    /// What ended or stopped since the user last looked at it.
    pub news: BTreeMap<SessionId, News>,
    /// Questions that are open and were told of.
    pub known_asks: BTreeSet<(SessionId, AskId)>,
    /// Sessions that rang because they need the user, and still do.
    pub called: BTreeSet<SessionId>,
    /// Whether the terminal has the focus; `None`: it has not told yet.
    pub focused: Option<bool>,
    /// When the newest key was pressed.
    pub touched: Option<Millis>,
    /// The key before was the one that leaves insert mode.
    pub just_left: bool,
    /// The word that is searched for.
    pub found: Option<Found>,
    /// What is being copied from a terminal, by the keyboard or with the mouse.
    pub copying: Option<Copying>,
    pub pointer: Pointer,
    pub budget: BudgetView,
    pub engine: Option<EngineStatus>,
    /// `None` until they were asked for and came.
    pub offers: Option<Vec<Offer>>,
    pub problems: Vec<Problem>,
    pub notice: Option<Notice>,
    /// Columns and rows.
    pub size: (u16, u16),
    pub link: Link,
    pub theme: Theme,
    pub keymap: Keymap,
    pub settings: Settings,
    pub zone: jiff::tz::TimeZone,
    /// As of the newest message or frame.
    pub now: Millis,
    /// Whether the terminal tells shift-enter from enter.
    pub keyboard: bool,
    /// The colours that the terminal has.
    pub depth: Depth,
    /// Terminals whose newest picture has not been acknowledged.
    pub untaken: Vec<SessionId>,
    /// What the engine was last told about the panes: the watched sessions, and each terminal's rows and columns.
    pub told: Told,
    /// The next session that is spawned or forked by us gets the focus.
    pub await_new: bool,
    /// The folder in which sessions are spawned.
    pub cwd: Option<PathBuf>,
    pub home: Option<PathBuf>,
    /// The worktree that was removed last, by its path.
    pub removed: Option<String>,
    /// A broadcast that was not sent.
    pub unsent: String,
    /// What was left behind the last time, until the first snapshot has come.
    pub left: Option<Left>,
    /// The names of the templates for a relay.
    pub templates: Vec<String>,
    /// How far each agent may go unasked, by its backend.
    pub modes: HashMap<String, Vec<Permissions>>,
    /// Models of the catalogue, as they were last asked for.
    pub models: Vec<ModelView>,
}

/// See [`Model::told`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub watched: Vec<SessionId>,
    pub sizes: HashMap<SessionId, (u16, u16)>,
    /// The terminals whose programs ask for the focus, and whether they have it.
    pub focus: Vec<(SessionId, bool)>,
    /// What our own terminal was set to, see [`crate::faces::tui::update::Cmd::Switch`].
    pub switched: (u8, bool),
    /// Terminals whose programs were said not to be allowed the clipboard.
    pub denied: BTreeSet<SessionId>,
}

impl Told {
    /// The engine knows nothing yet; our own terminal is set to `switched`.
    pub fn new(switched: (u8, bool)) -> Told {
        Told {
            switched,
            ..Told::default()
        }
    }
}

/// What the configuration says of the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The share of the budget from which it is a warning.
    pub warn_at: f64,
    pub suggest: bool,
    pub bell: bool,
    /// What rings and notifies.
    pub notify_on: Vec<NotifyOn>,
    pub desktop: Desktop,
}

impl Settings {
    fn of(config: &Config) -> Settings {
        Settings {
            warn_at: config.budget.warn_at,
            suggest: config.suggest.enabled,
            bell: config.bell,
            notify_on: config.notify.on(),
            desktop: config.notify.desktop(),
        }
    }
}

impl Model {
    pub fn new(loaded: Loaded, size: (u16, u16)) -> Model {
        let settings = Settings::of(&loaded.config);
        let templates = templates(&loaded.config);
        let modes = modes(&loaded.config);
        Model {
            modes,
            sessions: Vec::new(),
            chats: HashMap::new(),
            terminals: HashMap::new(),
            composers: HashMap::new(),
            panes: Panes::default(),
            mode: Mode::Normal,
            layers: Vec::new(),
            marks: BTreeSet::new(),
            asking: (SessionId(0), AskId(0), AskView::default()),
            news: BTreeMap::new(),
            known_asks: BTreeSet::new(),
            called: BTreeSet::new(),
            focused: None,
            touched: None,
            just_left: false,
            found: None,
            copying: None,
            pointer: Pointer::default(),
            budget: BudgetView::default(),
            engine: None,
            offers: None,
            problems: Vec::new(),
            notice: None,
            size,
            link: Link::Waiting,
            theme: loaded.theme,
            keymap: loaded.keymap,
            settings,
            zone: jiff::tz::TimeZone::UTC,
            now: 0,
            keyboard: false,
            depth: Depth::default(),
            untaken: Vec::new(),
            told: Told::new((KEYBOARD, false)),
            await_new: false,
            cwd: None,
            home: None,
            removed: None,
            unsent: String::new(),
            left: None,
            templates,
            models: Vec::new(),
        }
    }

    pub fn session(&self, id: SessionId) -> Option<&SessionView> {
        self.sessions.iter().find(|s| s.id == id)
    }

    /// The session that keys and actions mean: the selected one.
    pub fn current(&self) -> Option<&SessionView> {
        self.session(self.panes.selected()?)
    }

    /// The name of a session, or its id where it is gone.
    pub fn name_of(&self, id: SessionId) -> String {
        self.session(id)
            .map_or_else(|| id.to_string(), |s| s.name.clone())
    }

    /// How a question is read; a new one from its beginning.
    pub fn ask_view(&self, session: SessionId, ask: AskId) -> AskView {
        match self.asking {
            (of, number, view) if (of, number) == (session, ask) => view,
            _ => AskView::default(),
        }
    }

    /// Whether a word is searched for in the selected session.
    pub fn searches(&self) -> bool {
        let found = self.found.as_ref().map(|found| found.session);
        found.is_some() && found == self.panes.selected()
    }

    /// The key that begins a new line, as this terminal sends it.
    pub fn newline_key(&self) -> &'static str {
        if self.keyboard {
            "shift-enter"
        } else {
            "ctrl-j"
        }
    }

    pub fn notify(&mut self, level: Level, text: impl Into<String>) {
        let text = text.into();
        self.notice = Some(Notice { level, text });
    }

    /// Takes the mistakes in the configuration, and says the first one.
    pub fn take_problems(&mut self, problems: Vec<Problem>) {
        if let Some(problem) = problems.first().filter(|_| problems != self.problems) {
            let file = problem
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy();
            let place = match problem.line {
                0 => String::new(),
                line => format!(":{line}:{}", problem.column),
            };
            let text = format!("{file}{place}: {} · {}", problem.what, problem.next);
            self.notify(Level::Warning, text);
        }
        self.problems = problems;
    }

    /// A name that no living session has, from `stem`.
    pub fn free_name(&self, stem: &str) -> String {
        let taken = |name: &str| self.sessions.iter().any(|s| s.name == name);
        if !taken(stem) {
            return stem.to_owned();
        }
        // There are fewer sessions than numbers, so one is free.
        (2..)
            .map(|n| format!("{stem}-{n}"))
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// All groups that have a session, in alphabetical order.
    pub fn groups(&self) -> BTreeSet<&str> {
        self.sessions
            .iter()
            .filter_map(|s| s.group.as_deref())
            .collect()
    }

    /// Takes keys, colours and settings that were read again.
    pub fn configure(&mut self, loaded: Loaded) {
        self.settings = Settings::of(&loaded.config);
        self.templates = templates(&loaded.config);
        self.modes = modes(&loaded.config);
        self.theme = loaded.theme;
        self.keymap = loaded.keymap;
        // Wrapped lines have their colours in them.
        for chat in self.chats.values() {
            chat.forget_lines();
        }
    }
}

fn modes(config: &Config) -> HashMap<String, Vec<Permissions>> {
    let agents = config.agents.iter();
    let structured = agents.filter_map(|(name, agent)| Some((name, agent.protocol.as_ref()?)));
    structured
        .map(|(name, protocol)| (name.clone(), protocol.modes.clone()))
        .collect()
}

/// `plain`, which is used where none is named, before the others.
fn templates(config: &Config) -> Vec<String> {
    let mut names: Vec<String> = config.relay.templates.keys().cloned().collect();
    names.sort_by_key(|name| (name != "plain", name.clone()));
    names
}

/// Whether the session waits for the user.
pub fn needs_you(session: &SessionView) -> bool {
    session.status == Status::NeedsYou || !session.asks.is_empty()
}
