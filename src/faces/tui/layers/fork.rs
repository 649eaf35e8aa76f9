//! Forking a session: name, how many, and with which model they go on.

use crate::config::{Chord, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{choice, chosen, field, moved, row, window};
use crate::faces::tui::model::Model;
use crate::faces::tui::model::field::Field;
use crate::faces::tui::update::{Cmd, Purpose, answered, op};
use crate::faces::tui::views::draw::put_fit;
use crate::faces::tui::views::look::Look;
use crate::protocol::{Backend, Level, Op, SessionId, TurnId};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// More forks at once than this are surely a slip of the finger.
const MOST: u32 = 32;

/// A line of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Name,
    Count,
    /// Not for a terminal, whose program chooses itself.
    Model,
    /// Not for a chat API, which touches no file.
    Worktree,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct ForkDialog {
    session: SessionId,
    source: String,
    /// The last turn that is inherited; `None`: the newest that is over.
    at: Option<TurnId>,
    prompt: String,
    backend: Option<Backend>,
    name: Field,
    count: Field,
    model: Field,
    /// Whether each is given a worktree of its own.
    worktree: bool,
    lines: Vec<Line>,
    /// Index of the line that has the keys.
    on: usize,
    /// Whether the draft in the source's composer goes along.
    takes_draft: bool,
    /// The engine was asked, and has not answered yet.
    pub asked: bool,
}

impl ForkDialog {
    pub fn new(
        model: &Model,
        session: SessionId,
        at: Option<TurnId>,
        to: Option<(Backend, String)>,
    ) -> ForkDialog {
        let source = model.name_of(session);
        let chat = model.chats.get(&session);
        // Without a choice the newest answer; a turn that failed is no good place to go on from.
        let turn = chat.and_then(|chat| match at {
            Some(_) => chat.meant(|turn| turn.state.is_over()),
            None => chat.meant(answered),
        });
        let at = at.or(turn.map(|turn| turn.id));
        let takes_draft = to.is_some();
        let runs = to.as_ref().map(|(backend, _)| backend);
        let runs = runs.or(model.session(session).map(|s| &s.backend));
        let mut lines = vec![Line::Name, Line::Count];
        lines.extend(runs.filter(|b| b.is_chat()).map(|_| Line::Model));
        lines.extend(runs.filter(|b| !b.is_api()).map(|_| Line::Worktree));
        let (backend, wanted) = to.map_or((None, None), |(backend, wanted)| {
            (Some(backend), Some(wanted))
        });
        ForkDialog {
            session,
            at,
            prompt: turn.map(|turn| turn.prompt.clone()).unwrap_or_default(),
            backend,
            name: Field::new(model.free_name(&format!("{source}-2"))),
            source,
            count: Field::new("1"),
            model: Field::new(wanted.unwrap_or_default()),
            worktree: false,
            lines,
            on: 0,
            takes_draft,
            asked: false,
        }
    }

    /// The field that has the keys, if it is one for text.
    fn field(&mut self) -> Option<&mut Field> {
        match self.lines.get(self.on)? {
            Line::Name => Some(&mut self.name),
            Line::Count => Some(&mut self.count),
            Line::Model => Some(&mut self.model),
            Line::Worktree => None,
        }
    }

    pub fn paste(&mut self, text: &str) {
        if let Some(field) = self.field() {
            field.insert(text);
        }
    }

    pub fn key(&mut self, model: &mut Model, chord: Chord, cmds: &mut Vec<Cmd>) -> Verdict {
        match chord.key {
            Key::Esc => return Verdict::Close,
            Key::Char('c') if chord.ctrl => return Verdict::Close,
            Key::Tab | Key::Down => self.on = moved(self.on, 1, self.lines.len()),
            Key::BackTab | Key::Up => self.on = moved(self.on, -1, self.lines.len()),
            Key::Enter if self.asked => {}
            Key::Enter => {
                let count = match self.count.text().trim().parse() {
                    Ok(count @ 1..=MOST) => count,
                    _ => {
                        model.notify(
                            Level::Warning,
                            format!("how many: a number from 1 to {MOST}"),
                        );
                        return Verdict::Keep;
                    }
                };
                let text =
                    |field: &Field| Some(field.text().trim().to_owned()).filter(|t| !t.is_empty());
                let Some(name) = text(&self.name) else {
                    model.notify(Level::Warning, "a fork needs a name");
                    return Verdict::Keep;
                };
                let request = Op::Fork {
                    session: self.session,
                    name,
                    at: self.at,
                    backend: self.backend.clone(),
                    model: text(&self.model),
                    count,
                    worktree: self.worktree,
                };
                model.await_new = true;
                let draft_of = self.takes_draft.then_some(self.session);
                cmds.push(op(request, Purpose::Create { draft_of }));
                self.asked = true;
            }
            _ => match self.field() {
                Some(field) => {
                    field.key(chord);
                }
                None => self.worktree = chosen(chord, self.worktree),
            },
        }
        Verdict::Keep
    }

    pub fn draw(
        &self,
        model: &Model,
        look: &Look,
        area: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        let title = format!("fork {}", self.source);
        let hints = "tab next field · enter fork · esc";
        let inside = window(look, area, buf, &title, hints, (64, 8));
        let from = match self.at {
            Some(turn) => format!("up to and with {turn}: "),
            None => "up to its newest turn".to_owned(),
        };
        put_fit(
            buf,
            row(inside, 0),
            &format!("{from}{}", self.prompt),
            look.dim,
        );
        let mut cursor = None;
        for (i, line) in self.lines.iter().enumerate() {
            let at = row(inside, 2 + i as u16);
            let has_keys = i == self.on;
            let (label, content) = match line {
                Line::Name => ("name     ", &self.name),
                Line::Count => ("how many ", &self.count),
                Line::Model => ("model    ", &self.model),
                Line::Worktree => {
                    let here = choice(look, at, buf, "worktree ", self.worktree, has_keys);
                    cursor = cursor.or(here);
                    continue;
                }
            };
            cursor = cursor.or(field(look, at, buf, label, content, has_keys));
            if *line == Line::Model && content.text().is_empty() && at.width > 12 && at.height > 0 {
                let behind = Rect {
                    x: at.x + 9,
                    width: at.width - 9,
                    ..at
                };
                put_fit(buf, behind, "the same", look.dim);
            }
        }
        let last = row(inside, 7);
        match (&model.notice, &self.backend) {
            (Some(notice), _) if notice.level != Level::Info => {
                put_fit(buf, last, &notice.text, look.warning);
            }
            (_, Some(backend)) => {
                let text = format!("goes on with {backend}; the draft goes along");
                put_fit(buf, last, &text, look.dim);
            }
            _ => {}
        }
        cursor
    }
}
