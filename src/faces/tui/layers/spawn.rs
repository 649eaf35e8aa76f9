//! Spawning a session: what was found on this machine, and what is missing for the rest.

use crate::config::{Chord, Key, Mode as Permissions};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{chosen, moved, step};
use crate::faces::tui::model::Model;
use crate::faces::tui::model::field::Field;
use crate::faces::tui::update::{Cmd, Purpose, op};
use crate::protocol::{Backend, Level, Offer, Op, SessionSpec};
use std::collections::HashMap;
use std::path::PathBuf;

/// Names for conversations, until the user thinks of a better one.
const NAMES: [&str; 12] = [
    "cantor", "alto", "tenor", "descant", "verse", "canon", "chant", "motet", "psalm", "rondo",
    "hymn", "refrain",
];

/// The line that has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Name,
    Model,
    Folder,
    Worktree,
    Command,
    Group,
    Mode,
    Fallback,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct SpawnDialog {
    pub(super) offers: Vec<Offer>,
    /// Whether the offers have come.
    pub(super) loaded: bool,
    pub(super) at: usize,
    pub(super) line: Line,
    pub(super) name: Field,
    /// Whether the name is still ours to change.
    named_by_us: bool,
    pub(super) model: Field,
    pub(super) folder: Field,
    /// Whether it is given a worktree of its own.
    pub(super) worktree: bool,
    pub(super) command: Field,
    pub(super) group: Field,
    pub(super) mode: Field,
    pub(super) fallback: Field,
    taken: Vec<String>,
    /// The permission modes of agents, by the agent's name.
    modes: HashMap<String, Vec<Permissions>>,
    /// The engine was asked, and has not answered yet.
    pub asked: bool,
}

impl SpawnDialog {
    pub fn new(model: &Model) -> SpawnDialog {
        let folder = model
            .cwd
            .as_ref()
            .map(|p| p.display().to_string())
            .unwrap_or_default();
        let mut dialog = SpawnDialog {
            offers: Vec::new(),
            loaded: false,
            at: 0,
            line: Line::Name,
            name: Field::default(),
            named_by_us: true,
            model: Field::default(),
            folder: Field::new(folder),
            worktree: false,
            command: Field::default(),
            group: Field::default(),
            mode: Field::default(),
            fallback: Field::default(),
            asked: false,
            modes: model.modes.clone(),
            taken: model.sessions.iter().map(|s| s.name.clone()).collect(),
        };
        if let Some(offers) = &model.offers {
            dialog.offers_came(offers);
        }
        dialog
    }

    /// What can be spawned; the choice stays where it was.
    pub fn offers_came(&mut self, offers: &[Offer]) {
        if self.loaded && self.offers.len() == offers.len() {
            return;
        }
        let chosen = self.offers.get(self.at).map(|o| o.label.clone());
        self.offers = offers.to_vec();
        self.offers.sort_by_key(|offer| !offer.ready);
        self.at = self
            .offers
            .iter()
            .position(|o| Some(&o.label) == chosen.as_ref())
            .unwrap_or(0);
        if !self.loaded {
            self.chosen();
        }
        self.loaded = true;
    }

    /// Another offer is chosen: what hangs on it is filled in anew.
    fn chosen(&mut self) {
        let Some(offer) = self.offers.get(self.at) else {
            return;
        };
        // Claude Code chooses itself unless it is told.
        let first = offer
            .models
            .first()
            .filter(|_| offer.backend != Backend::Claude);
        self.model = Field::new(first.map(String::as_str).unwrap_or_default());
        self.command = Field::new(offer.command.join(" "));
        if !self.modes().any(|mode| mode == self.mode.text()) {
            self.mode = Field::default();
        }
        if self.named_by_us {
            let name = self.nice_name(offer);
            self.name = Field::new(name);
        }
        if !self.lines().contains(&self.line) {
            self.line = Line::Name;
        }
    }

    fn nice_name(&self, offer: &Offer) -> String {
        let free = |name: &String| !self.taken.contains(name);
        let program = offer
            .command
            .first()
            .and_then(|p| p.rsplit('/').next())
            .unwrap_or("shell");
        let stems: Vec<String> = match offer.backend {
            Backend::Terminal => vec![program.to_owned()],
            Backend::Rehearsal if free(&"hello".to_owned()) => vec!["hello".to_owned()],
            _ => NAMES.iter().map(|name| (*name).to_owned()).collect(),
        };
        let numbered = (2..).flat_map(|n| stems.iter().map(move |stem| format!("{stem}-{n}")));
        stems
            .iter()
            .cloned()
            .chain(numbered)
            .find(free)
            .unwrap_or_default()
    }

    fn is_terminal(&self) -> bool {
        self.offers
            .get(self.at)
            .is_some_and(|o| o.backend == Backend::Terminal)
    }

    pub(super) fn lines(&self) -> &'static [Line] {
        use Line::{Command, Fallback, Folder, Group, Mode, Model, Name, Worktree};
        match self.offers.get(self.at).map(|o| &o.backend) {
            Some(Backend::Terminal) => &[Name, Command, Folder, Group, Worktree],
            Some(Backend::Rehearsal) => &[Name, Group],
            Some(Backend::Claude | Backend::Agent(_)) => match self.modes().next() {
                Some(_) => &[Name, Model, Folder, Group, Mode, Worktree],
                None => &[Name, Model, Folder, Group, Worktree],
            },
            _ => &[Name, Model, Group, Fallback],
        }
    }

    /// The field that has the keys, if it is one for text.
    fn field(&mut self) -> Option<&mut Field> {
        Some(match self.line {
            Line::Name => &mut self.name,
            Line::Model => &mut self.model,
            Line::Folder => &mut self.folder,
            Line::Worktree => return None,
            Line::Command => &mut self.command,
            Line::Group => &mut self.group,
            Line::Mode => &mut self.mode,
            Line::Fallback => &mut self.fallback,
        })
    }

    pub fn paste(&mut self, text: &str) {
        self.named_by_us &= self.line != Line::Name;
        if let Some(field) = self.field() {
            field.insert(text);
        }
    }

    pub fn key(&mut self, model: &mut Model, chord: Chord, cmds: &mut Vec<Cmd>) -> Verdict {
        if let Some(steps) = step(chord) {
            self.at = moved(self.at, steps, self.offers.len());
            self.chosen();
            return Verdict::Keep;
        }
        let on_model = self.line == Line::Model;
        match chord.key {
            Key::Esc => return Verdict::Close,
            Key::Char('c') if chord.ctrl => return Verdict::Close,
            Key::Tab | Key::BackTab => {
                let lines = self.lines();
                let at = lines.iter().position(|l| *l == self.line).unwrap_or(0);
                let steps = if chord.key == Key::Tab { 1 } else { -1 };
                self.line = lines[moved(at, steps, lines.len())];
            }
            Key::Left if on_model => self.turn_model(-1),
            Key::Right if on_model => self.turn_model(1),
            Key::Left if self.line == Line::Mode => self.turn_mode(-1),
            Key::Right if self.line == Line::Mode => self.turn_mode(1),
            Key::Enter if self.asked => {}
            Key::Enter => return self.spawn(model, cmds),
            _ => {
                if self.line == Line::Worktree {
                    self.worktree = chosen(chord, self.worktree);
                } else if self.field().is_some_and(|field| field.key(chord)) {
                    self.named_by_us &= self.line != Line::Name;
                }
            }
        }
        Verdict::Keep
    }

    /// The next of the offered models.
    fn turn_model(&mut self, steps: isize) {
        let models = self
            .offers
            .get(self.at)
            .map(|o| o.models.as_slice())
            .unwrap_or_default();
        let at = models.iter().position(|m| m == self.model.text());
        let goal = at.map_or(0, |at| moved(at, steps, models.len()));
        if let Some(name) = models.get(goal) {
            self.model = Field::new(name.as_str());
        }
    }

    /// The permission modes that the chosen agent's description names.
    fn modes(&self) -> impl Iterator<Item = &str> {
        let offer = self.offers.get(self.at).filter(|o| o.backend.is_agent());
        let modes = offer.and_then(|offer| self.modes.get(offer.backend.as_str()));
        modes.into_iter().flatten().map(|mode| mode.name.as_str())
    }

    /// The next of them; before the first one stands what is taken where none is chosen.
    fn turn_mode(&mut self, steps: isize) {
        let modes: Vec<&str> = std::iter::once("").chain(self.modes()).collect();
        let at = modes.iter().position(|mode| *mode == self.mode.text());
        self.mode = Field::new(modes[moved(at.unwrap_or(0), steps, modes.len())]);
    }

    fn spawn(&mut self, model: &mut Model, cmds: &mut Vec<Cmd>) -> Verdict {
        let Some(offer) = self.offers.get(self.at) else {
            return Verdict::Keep;
        };
        if !offer.ready {
            let text = format!("{} cannot be spawned here: {}", offer.label, offer.detail);
            model.notify(Level::Warning, text);
            return Verdict::Keep;
        }
        let text = |field: &Field| Some(field.text().trim().to_owned()).filter(|t| !t.is_empty());
        let Some(name) = text(&self.name) else {
            model.notify(Level::Warning, "a session needs a name");
            return Verdict::Keep;
        };
        let mut spec = SessionSpec::new(name, offer.backend.clone());
        spec.cwd = text(&self.folder)
            .map(PathBuf::from)
            .or_else(|| model.cwd.clone());
        if self.is_terminal() {
            // As offered, unless it was edited: then its words.
            spec.command = if self.command.text() == offer.command.join(" ") {
                offer.command.clone()
            } else {
                self.command
                    .text()
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect()
            };
        } else if offer.backend != Backend::Rehearsal {
            spec.model = text(&self.model);
        }
        spec.worktree = self.worktree && self.lines().contains(&Line::Worktree);
        spec.group = text(&self.group);
        if self.lines().contains(&Line::Mode) {
            spec.permission_mode = text(&self.mode);
        } else if self.lines().contains(&Line::Fallback) {
            let names = self.fallback.text().split([',', ' ']);
            spec.fallback = names.filter(|n| !n.is_empty()).map(str::to_owned).collect();
        }
        model.await_new = true;
        model.notice = None;
        self.asked = true;
        cmds.push(op(Op::Spawn { spec }, Purpose::Create { draft_of: None }));
        Verdict::Keep
    }
}
