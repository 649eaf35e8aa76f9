//! Spawning a session: what was found on this machine, and what is missing for the rest.

use crate::config::{Chord, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{field, first_row, item, moved, row, step, window};
use crate::faces::tui::model::Model;
use crate::faces::tui::model::field::Field;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::update::{Cmd, Purpose, op};
use crate::faces::tui::views::draw::put_fit;
use crate::faces::tui::views::look::Look;
use crate::protocol::{Backend, Level, Offer, Op, SessionSpec};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr;

/// Names for conversations, until the user thinks of a better one.
const NAMES: [&str; 12] = [
    "cantor", "alto", "tenor", "descant", "verse", "canon", "chant", "motet", "psalm", "rondo",
    "hymn", "refrain",
];

/// The line that has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Name,
    Model,
    Folder,
    Command,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct SpawnDialog {
    offers: Vec<Offer>,
    /// Whether the offers have come.
    loaded: bool,
    at: usize,
    line: Line,
    name: Field,
    /// Whether the name is still ours to change.
    named_by_us: bool,
    model: Field,
    folder: Field,
    command: Field,
    taken: Vec<String>,
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
            command: Field::default(),
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
        self.model = Field::new(offer.models.first().map(String::as_str).unwrap_or_default());
        self.command = Field::new(offer.command.join(" "));
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

    fn lines(&self) -> &'static [Line] {
        match self.offers.get(self.at).map(|o| &o.backend) {
            Some(Backend::Terminal) => &[Line::Name, Line::Command, Line::Folder],
            Some(Backend::Rehearsal) => &[Line::Name],
            Some(Backend::Claude) => &[Line::Name, Line::Model, Line::Folder],
            _ => &[Line::Name, Line::Model],
        }
    }

    fn field(&mut self) -> &mut Field {
        match self.line {
            Line::Name => &mut self.name,
            Line::Model => &mut self.model,
            Line::Folder => &mut self.folder,
            Line::Command => &mut self.command,
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.named_by_us &= self.line != Line::Name;
        self.field().insert(text);
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
            Key::Enter => return self.spawn(model, cmds),
            _ => {
                if self.field().key(chord) {
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
        model.await_new = true;
        cmds.push(op(Op::Spawn { spec }, Purpose::Create));
        Verdict::Close
    }

    pub fn draw(
        &self,
        model: &Model,
        look: &Look,
        area: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        let lines = self.lines();
        let listed = self.offers.len().clamp(1, 14) as u16;
        let hints = match lines.len() {
            1 => "↑↓ choose · enter spawn · esc",
            _ if self.line == Line::Model => {
                "↑↓ choose · ←→ model · tab next field · enter spawn · esc"
            }
            _ => "↑↓ choose · tab next field · enter spawn · esc",
        };
        // Always room for three fields, so that the window does not jump while one chooses.
        let inside = window(look, area, buf, "spawn a session", hints, (74, listed + 5));
        let fields = 4.min(inside.height.saturating_sub(1));
        let height = inside.height.saturating_sub(fields).min(listed);
        if self.offers.is_empty() {
            let text = if self.loaded {
                "nothing was found"
            } else {
                "looking around …"
            };
            put_fit(buf, row(inside, 0), text, look.dim);
        }
        let widest = self
            .offers
            .iter()
            .map(|offer| offer.label.width())
            .max()
            .unwrap_or(0);
        let indent = (widest + 2).min(usize::from(inside.width) / 2);
        let first = first_row(self.at, self.offers.len(), usize::from(height));
        for (i, offer) in self
            .offers
            .iter()
            .enumerate()
            .skip(first)
            .take(usize::from(height))
        {
            let line = row(inside, (i - first) as u16);
            let dimmed = Look {
                text: look.dim,
                ..*look
            };
            let (look, mark) = if offer.ready {
                (look, "")
            } else {
                (&dimmed, "missing: ")
            };
            item(
                look,
                line,
                buf,
                i == self.at,
                &offer.label,
                &format!("{mark}{}", offer.detail),
                indent,
            );
        }
        let below = Rect {
            y: inside.y + (height + 1).min(inside.height),
            height: inside.height.saturating_sub(height + 1),
            ..inside
        };
        if let Some(offer) = self.offers.get(self.at).filter(|offer| !offer.ready) {
            missing(look, below, buf, offer);
            return None;
        }
        let mut cursor = None;
        for (i, line) in lines.iter().enumerate() {
            let (label, content) = match line {
                Line::Name => ("name     ", &self.name),
                Line::Model => ("model    ", &self.model),
                Line::Folder => ("folder   ", &self.folder),
                Line::Command => ("command  ", &self.command),
            };
            let at = row(inside, height + 1 + i as u16);
            let here = field(look, at, buf, label, content, *line == self.line);
            cursor = cursor.or(here);
            if content.text().is_empty() && at.width > 12 && at.height > 0 {
                let hint = match line {
                    Line::Model => "the backend's own choice",
                    Line::Command => "your shell",
                    Line::Folder => "where the engine was started",
                    Line::Name => "needed",
                };
                put_fit(
                    buf,
                    Rect {
                        x: at.x + 9,
                        width: at.width - 9,
                        ..at
                    },
                    hint,
                    look.dim,
                );
            }
        }
        if let Some(notice) = model.notice.as_ref().filter(|n| n.level != Level::Info) {
            put_fit(
                buf,
                row(inside, inside.height.saturating_sub(1)),
                &notice.text,
                look.warning,
            );
        }
        cursor
    }
}

/// In place of the fields: what is missing, and how to mend it.
fn missing(look: &Look, area: Rect, buf: &mut Buffer, offer: &Offer) {
    let detail = Piece::new(sanitise::line(&offer.detail), look.warning);
    let lines = wrap(&[detail], area.width, &[], &[], Break::Words);
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        line.render(
            Rect {
                y,
                height: 1,
                ..area
            },
            buf,
        );
    }
}
