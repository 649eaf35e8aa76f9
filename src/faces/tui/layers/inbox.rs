//! The inbox: what waits for the user in all sessions, answered without leaving the pane one is in.

use crate::config::{Action, Chord, Context, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::inbox_lines::{self, Shown};
use crate::faces::tui::layers::window::{moved, step};
use crate::faces::tui::model::field::Field;
use crate::faces::tui::model::inbox::{Entry, Place};
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::update::asking::{self, Chosen};
use crate::faces::tui::update::{Cmd, Purpose, op};
use crate::faces::tui::views::asked::{self, Picks};
use crate::faces::tui::views::look::Look;
use crate::protocol::{Ask, Decision, Level, Op, Rating, SessionId};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The dialog.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// The line that is chosen, and where it stood last: where it is gone, the one that has come there.
    chosen: Option<Place>,
    row: usize,
    /// The first row of its details that is shown.
    top: usize,
    picks: Picks,
    /// An answer in words that is being written.
    words: Option<Field>,
    /// Answered here; they stay away while the engine has not said so.
    answered: Vec<Place>,
    back_to: Mode,
}

impl Inbox {
    /// `back_to`: the mode that closing goes back to.
    pub fn new(model: &Model, back_to: Mode) -> Inbox {
        let mut inbox = Inbox {
            chosen: None,
            row: 0,
            top: 0,
            picks: Picks::default(),
            words: None,
            answered: Vec::new(),
            back_to,
        };
        inbox.choose_line(model, 0);
        inbox
    }

    fn entries<'a>(&self, model: &'a Model) -> Vec<Entry<'a>> {
        let mut entries = model.inbox();
        entries.retain(|entry| !self.answered.contains(&entry.place()));
        entries
    }

    fn at(&self, entries: &[Entry]) -> usize {
        let there = |place| entries.iter().position(|entry| entry.place() == place);
        let last = entries.len().saturating_sub(1);
        self.chosen
            .and_then(there)
            .unwrap_or_else(|| self.row.min(last))
    }

    fn shown<'a>(&self, model: &'a Model) -> Shown<'a> {
        let entries = self.entries(model);
        let at = self.at(&entries);
        // What is ticked and read belongs to the line for which it was.
        let same = self.chosen == entries.get(at).map(Entry::place);
        Shown {
            entries,
            at,
            top: if same { self.top } else { 0 },
            picks: if same { self.picks } else { Picks::default() },
        }
    }

    pub fn paste(&mut self, text: &str) {
        if let Some(words) = &mut self.words {
            words.insert(text);
        }
    }

    pub fn key(&mut self, model: &mut Model, chord: Chord, cmds: &mut Vec<Cmd>) -> Verdict {
        if let Some(mut words) = self.words.take() {
            match (chord.key, chord.ctrl) {
                (Key::Esc, _) | (Key::Char('c'), true) => {}
                (Key::Enter, _) => self.send_words(model, words.text(), cmds),
                _ => {
                    words.key(chord);
                    self.words = Some(words);
                }
            }
            return Verdict::Keep;
        }
        model.notice = None;
        let shown = self.shown(model);
        let (count, at) = (shown.entries.len(), shown.at);
        let (place, ask) = match shown.entries.get(at) {
            Some(Entry::Ask(_, ask)) => (
                shown.entries.get(at).map(Entry::place),
                Some((*ask).clone()),
            ),
            entry => (entry.map(Entry::place), None),
        };
        // Its line went away in this moment: the key was not meant for the one that is there now.
        let meant = self.chosen == place;
        self.picks = shown.picks;
        (self.top, self.chosen, self.row) = (shown.top, place, at);
        let action = model.keymap.action(Context::Normal, chord);
        let plain = chord == Chord::plain(chord.key);
        match (chord.key, action) {
            (Key::Esc, _) | (_, Some(Action::Inbox | Action::Detach)) => return self.close(model),
            (Key::Char('c'), _) if chord.ctrl => return self.close(model),
            (_, Some(Action::NextSession)) => self.choose_line(model, moved(at, 1, count)),
            (_, Some(Action::PreviousSession)) => self.choose_line(model, moved(at, -1, count)),
            (_, Some(Action::Top)) => self.choose_line(model, 0),
            (_, Some(Action::Bottom)) => self.choose_line(model, count.saturating_sub(1)),
            (_, Some(Action::ScrollDown | Action::PageDown)) => self.scroll(model, 1),
            (_, Some(Action::ScrollUp | Action::PageUp)) => self.scroll(model, -1),
            _ => {
                if let Some(steps) = step(chord) {
                    self.choose_line(model, moved(at, steps, count));
                    return Verdict::Keep;
                }
                let Some(place) = place.filter(|_| meant) else {
                    return Verdict::Keep;
                };
                return match ask {
                    Some(ask) => self.on_ask(model, (place, &ask), (chord, plain), action, cmds),
                    None => self.on_news(model, place.session, (chord, plain), action, cmds),
                };
            }
        }
        Verdict::Keep
    }

    fn on_ask(
        &mut self,
        model: &mut Model,
        (place, ask): (Place, &Ask),
        (chord, plain): (Chord, bool),
        action: Option<Action>,
        cmds: &mut Vec<Cmd>,
    ) -> Verdict {
        let choices = ask.choices.len();
        let step =
            |steps| (choices > 0).then(|| moved(self.picks.cursor.unwrap_or(0), steps, choices));
        let no = Decision::No {
            message: String::new(),
        };
        let decision = match (chord.key, action) {
            (_, Some(Action::ApproveOnce)) => Some(Decision::Once),
            (_, Some(Action::ApproveAlways)) => Some(Decision::Always),
            (Key::Char('n'), _) if plain => Some(no),
            (_, Some(Action::Deny)) => Some(no),
            (Key::Char('w'), _) if plain => return self.write(model, ask),
            (_, Some(Action::DenyInWords)) => return self.write(model, ask),
            (Key::Tab | Key::Right, _) => {
                let first = self.picks.cursor.is_none() && choices > 0;
                self.picks.cursor = if first { Some(0) } else { step(1) };
                None
            }
            (Key::BackTab | Key::Left, _) => {
                self.picks.cursor = step(-1);
                None
            }
            (Key::Char(' '), _) => self.pick(ask, self.picks.cursor),
            (Key::Enter, _) => match asking::ticked(ask, self.picks.ticked) {
                Some(answer) => Some(answer),
                None => return self.open(model, place.session),
            },
            (Key::Char('o'), _) if plain => return self.open(model, place.session),
            _ => match asking::digit(chord) {
                Some(at) => self.pick(ask, Some(at)),
                None => None,
            },
        };
        if let Some(decision) = decision {
            self.send(model, place, decision, cmds);
        }
        Verdict::Keep
    }

    /// Takes a choice; of a question with one answer that is the answer.
    fn pick(&mut self, ask: &Ask, at: Option<usize>) -> Option<Decision> {
        match asking::choose(ask, at?, self.picks.ticked) {
            Chosen::Answer(decision) => return Some(decision),
            Chosen::Ticked(ticked) => {
                self.picks.ticked = ticked;
                self.picks.cursor = at;
            }
            Chosen::Nothing => {}
        }
        None
    }

    fn on_news(
        &mut self,
        model: &mut Model,
        id: SessionId,
        (chord, plain): (Chord, bool),
        action: Option<Action>,
        cmds: &mut Vec<Cmd>,
    ) -> Verdict {
        let rating = match action {
            Some(Action::RateGood) => Some(Rating::Good),
            Some(Action::RateBad) => Some(Rating::Bad),
            _ => asking::digit(chord)
                .filter(|at| *at < 5)
                .map(|at| Rating::Stars(at as u8 + 1)),
        };
        let turn = model.news.get(&id).and_then(|news| news.turn.as_ref());
        match (chord.key, rating) {
            (Key::Enter | Key::Char('o'), _) if plain => return self.open(model, id),
            (Key::Char('n' | 'x'), _) if plain => drop(model.news.remove(&id)),
            (_, Some(rating)) => match turn.map(|turn| turn.id) {
                Some(turn) => {
                    let request = Op::Rate {
                        turn: Some(turn),
                        rating,
                        note: None,
                    };
                    cmds.push(op(request, Purpose::Rate { turn, rating }));
                    model.news.remove(&id);
                }
                None => model.notify(Level::Info, "there is no turn to rate"),
            },
            _ => {}
        }
        Verdict::Keep
    }

    fn write(&mut self, model: &mut Model, ask: &Ask) -> Verdict {
        match asked::takes_words(ask) {
            true => self.words = Some(Field::default()),
            false => model.notify(Level::Info, "this is not answered in words"),
        }
        Verdict::Keep
    }

    fn send_words(&mut self, model: &mut Model, words: &str, cmds: &mut Vec<Cmd>) {
        let entries = self.entries(model);
        let found = entries.iter().find_map(|entry| match entry {
            Entry::Ask(_, ask) if Some(entry.place()) == self.chosen => {
                Some((entry.place(), asking::worded(ask, words)))
            }
            _ => None,
        });
        match found {
            Some((place, decision)) => self.send(model, place, decision, cmds),
            None => model.notify(Level::Info, "that question is no longer open"),
        }
    }

    fn send(&mut self, model: &mut Model, place: Place, decision: Decision, cmds: &mut Vec<Cmd>) {
        let Some(ask) = place.ask else { return };
        if asking::decide(model, place.session, ask, decision, cmds) {
            self.answered.push(place);
            self.choose_line(model, self.row);
        }
    }

    /// The line in that row or, where there are not so many, the last one; from its beginning.
    fn choose_line(&mut self, model: &Model, row: usize) {
        let entries = self.entries(model);
        self.row = row.min(entries.len().saturating_sub(1));
        self.chosen = entries.get(self.row).map(Entry::place);
        (self.top, self.picks) = (0, Picks::default());
    }

    fn scroll(&mut self, model: &Model, direction: isize) {
        let (all, rows) = inbox_lines::extent(&self.shown(model), model);
        let step = (rows / 2).max(1) as isize * direction;
        let last = all.saturating_sub(rows);
        self.top = self.top.min(last).saturating_add_signed(step).min(last);
    }

    fn open(&self, model: &mut Model, session: SessionId) -> Verdict {
        model.panes.select(session);
        model.mode = Mode::Normal;
        Verdict::Close
    }

    fn close(&self, model: &mut Model) -> Verdict {
        if model.current().is_some() {
            model.mode = self.back_to;
        }
        Verdict::Close
    }

    pub fn draw(
        &self,
        model: &Model,
        look: &Look,
        area: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        inbox_lines::draw(
            &self.shown(model),
            self.words.as_ref(),
            model,
            look,
            area,
            buf,
        )
    }
}
