//! One line of input over a list that it filters: commands, finding, relaying, renaming, models, budget.

use crate::config::{Action, Chord, Key};
use crate::faces::tui::layers::window::{field, first_row, item, moved, note, row, step, window};
use crate::faces::tui::layers::{Verdict, fuzzy};
use crate::faces::tui::model::Model;
use crate::faces::tui::model::field::Field;
use crate::faces::tui::model::found::Way;
use crate::faces::tui::text::figures::tokens;
use crate::faces::tui::update::Cmd;
use crate::faces::tui::update::pick;
use crate::faces::tui::views::look::Look;
use crate::protocol::{AskId, Backend, ModelView, SessionId, TurnId};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// What choosing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Command,
    Find,
    Rename(SessionId),
    Group(SessionId),
    Model(SessionId),
    PermissionMode(SessionId),
    /// `submit`: whether Enter follows the paste into a terminal. `template`: an index of the model's.
    Relay {
        from: SessionId,
        turn: TurnId,
        submit: bool,
        template: usize,
    },
    /// What kind of prompt a turn was.
    Category(TurnId),
    Budget,
    /// An answer in words to a question.
    Answer(SessionId, AskId),
    /// The path of an image.
    Attach(SessionId),
    /// A pattern in a terminal that is in copy mode.
    Search(SessionId, Way),
    CopyCode,
    OpenLink,
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Action(Action),
    Session(SessionId),
    /// From the list or as typed.
    Text(String),
    /// What is typed, as a word to be searched for.
    Word,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: String,
    pub detail: String,
    pub value: Value,
}

impl Item {
    /// A plain word.
    pub fn text(word: &str) -> Item {
        Item {
            label: word.to_owned(),
            detail: String::new(),
            value: Value::Text(word.to_owned()),
        }
    }
}

/// `anthropic · $3.00 in · $15.00 out / M · 200k`.
fn figures(model: &ModelView) -> String {
    let price = match (model.input, model.output) {
        (Some(input), Some(output)) => format!("{input} in · {output} out / M"),
        _ => "? price".to_owned(),
    };
    let window = model
        .window
        .map(|window| format!(" · {} window", tokens(window)))
        .unwrap_or_default();
    let far = if model.reachable { "" } else { " · no key" };
    format!("{price}{window} · {}{far}", model.provider)
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct Picker {
    pub kind: Kind,
    pub field: Field,
    title: String,
    note: String,
    items: Vec<Item>,
    at: usize,
    /// Whether a text that is not in the list may be taken.
    free: bool,
    /// Whether an empty text may.
    or_nothing: bool,
}

impl Picker {
    pub fn new(title: impl Into<String>, kind: Kind, items: Vec<Item>) -> Picker {
        Picker {
            kind,
            field: Field::default(),
            title: title.into(),
            note: String::new(),
            items,
            at: 0,
            free: false,
            or_nothing: false,
        }
    }

    pub fn relay(title: String, from: SessionId, turn: TurnId, items: Vec<Item>) -> Picker {
        Picker::new(
            title,
            Kind::Relay {
                from,
                turn,
                submit: false,
                template: 0,
            },
            items,
        )
    }

    pub fn free(mut self) -> Picker {
        self.free = true;
        self
    }

    pub fn or_nothing(mut self) -> Picker {
        self.or_nothing = true;
        self
    }

    pub fn with(mut self, text: &str) -> Picker {
        self.field = Field::new(text);
        self
    }

    pub fn note(mut self, note: &str) -> Picker {
        self.note = note.to_owned();
        self
    }

    /// Models of the catalogue that `backend` can have, behind those that were offered: what can be reached
    /// first, and of it what comes from the maker itself.
    pub fn models_came(&mut self, session: SessionId, backend: &Backend, models: &[ModelView]) {
        if self.kind != Kind::Model(session) {
            return;
        }
        let fits = |model: &&ModelView| match backend {
            Backend::Claude | Backend::Anthropic => model.provider == "anthropic",
            Backend::OpenAi => model.provider == "openai",
            Backend::Gemini => model.provider == "google",
            // Anything may stand behind an endpoint; the others know their own.
            Backend::Endpoint(_) => true,
            Backend::Agent(_) | Backend::Ollama | Backend::Rehearsal | Backend::Terminal => false,
        };
        let mut found: Vec<&ModelView> = models.iter().filter(fits).collect();
        found.sort_by_key(|model| (!model.reachable, model.provider != backend.as_str()));
        for model in found {
            let detail = figures(model);
            if let Some(item) = self.items.iter_mut().find(|item| item.label == model.id) {
                if item.detail.is_empty() {
                    item.detail = detail;
                }
                continue;
            }
            let value = Value::Text(model.id.clone());
            self.items.push(Item {
                label: model.id.clone(),
                detail,
                value,
            });
        }
    }

    fn found(&self) -> Vec<usize> {
        let labels = self.items.iter().map(|item| item.label.as_str());
        // The word itself stands before the sessions that have it in their names.
        let own = usize::from(self.kind == Kind::Find);
        let mut found = fuzzy::matches(self.field.text(), labels.skip(own));
        found.iter_mut().for_each(|at| *at += own);
        if own > 0 {
            found.insert(0, 0);
        }
        found
    }

    /// What stands in the lower edge, and the switch above it.
    fn hints(&self, model: &Model, found: &[usize]) -> (String, String) {
        let plain = match self.kind {
            Kind::Relay {
                submit, template, ..
            } => {
                let name = model
                    .templates
                    .get(template)
                    .map_or("plain", String::as_str);
                let hints = format!("enter relay · ctrl-t template: {name} · esc");
                let mark = if submit { "[x]" } else { "[ ]" };
                let switch = match self.on_terminal(model, found) {
                    true => format!("tab: press Enter after the paste  {mark}"),
                    false => String::new(),
                };
                return (hints, switch);
            }
            Kind::Answer(..) => "enter send · esc leave",
            Kind::Search(..) => "enter search · esc leave",
            Kind::OpenLink => "↑↓ choose · enter open · esc leave",
            _ if self.items.is_empty() => "enter take · esc leave",
            _ => "↑↓ choose · enter take · esc leave",
        };
        (plain.to_owned(), String::new())
    }

    /// Whether what is chosen is a terminal.
    fn on_terminal(&self, model: &Model, found: &[usize]) -> bool {
        let item = found.get(self.at).map(|at| &self.items[*at].value);
        matches!(item, Some(Value::Session(id)) if model.session(*id).is_some_and(|s| !s.backend.is_chat()))
    }

    pub fn key(&mut self, model: &mut Model, chord: Chord, cmds: &mut Vec<Cmd>) -> Verdict {
        let found = self.found();
        if let Some(steps) = step(chord) {
            self.at = moved(self.at, steps, found.len());
            return Verdict::Keep;
        }
        match chord.key {
            Key::Esc => Verdict::Close,
            Key::Char('c') if chord.ctrl => Verdict::Close,
            Key::Char('t') if chord.ctrl => {
                if let Kind::Relay { template, .. } = &mut self.kind {
                    *template = moved(*template, 1, model.templates.len());
                }
                Verdict::Keep
            }
            Key::Tab => {
                self.tab(model, &found);
                Verdict::Keep
            }
            Key::Enter => {
                let text = self.field.text().trim();
                // A free text that names no line exactly is itself; an empty one is the first line.
                let value = match found.get(self.at) {
                    Some(at) if self.items[*at].value == Value::Word => {
                        (!text.is_empty()).then(|| Value::Text(text.to_owned()))
                    }
                    Some(at) if !self.or_nothing || !text.is_empty() || self.at > 0 => {
                        Some(self.items[*at].value.clone())
                    }
                    _ if self.free && (self.or_nothing || !text.is_empty()) => {
                        Some(Value::Text(text.to_owned()))
                    }
                    _ => None,
                };
                match value {
                    Some(value) => pick::choose(model, self.kind, value, cmds),
                    None => Verdict::Keep,
                }
            }
            _ => {
                if self.field.key(chord) {
                    self.at = 0;
                }
                Verdict::Keep
            }
        }
    }

    /// Tab turns the switch where there is one, and otherwise completes.
    fn tab(&mut self, model: &Model, found: &[usize]) {
        let terminal = self.on_terminal(model, found);
        match &mut self.kind {
            Kind::Relay { submit, .. } if terminal => *submit = !*submit,
            Kind::Relay { .. } | Kind::Find => {}
            _ => {
                if let Some(at) = found.get(self.at) {
                    self.field = Field::new(self.items[*at].label.as_str());
                    self.at = 0;
                }
            }
        }
    }

    pub fn draw(
        &self,
        model: &Model,
        look: &Look,
        area: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        let found = self.found();
        let listed = self.items.len().min(12) as u16;
        let (hints, switch) = self.hints(model, &found);
        let below = if self.note.is_empty() {
            switch
        } else {
            self.note.clone()
        };
        // A relay's line stays where it is while one chooses.
        let notes = u16::from(!below.is_empty() || matches!(self.kind, Kind::Relay { .. }));
        let gap = u16::from(listed > 0);
        let inside = window(
            look,
            area,
            buf,
            &self.title,
            &hints,
            (72, 1 + gap + listed + notes),
        );
        let cursor = field(look, row(inside, 0), buf, "› ", &self.field, true);
        if notes > 0 {
            let line = row(inside, 1 + gap + listed);
            if line.height > 0 {
                crate::faces::tui::views::draw::put_fit(buf, line, &below, look.dim);
            }
        }
        let height = usize::from(listed.min(inside.height.saturating_sub(1 + gap)));
        let first = first_row(self.at, found.len(), height);
        let indent = self
            .items
            .iter()
            .map(|i| i.label.chars().count() + 2)
            .max()
            .unwrap_or(0)
            .min(28);
        for (i, at) in found.iter().enumerate().skip(first).take(height) {
            let line = row(inside, 1 + gap + (i - first) as u16);
            let entry = &self.items[*at];
            let label = match &entry.value {
                Value::Word => format!("“{}”", self.field.text()),
                _ => entry.label.clone(),
            };
            item(look, line, buf, i == self.at, &label, &entry.detail, indent);
        }
        if found.is_empty() && listed > 0 {
            let text = if self.free {
                "not in the list; enter takes it as it stands"
            } else {
                "nothing fits"
            };
            note(look, row(inside, 2), buf, text);
        }
        cursor
    }
}
