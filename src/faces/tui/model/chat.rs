//! A conversation as it is shown: its turns with their wrapped lines, and where in it one reads.

use crate::protocol::{Delta, SessionId, Turn, TurnId, apply};
use ratatui::text::Line;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Lines that are drawn one below the other; shared, so that a frame copies none.
pub type Segment = Rc<Vec<Line<'static>>>;

/// The turns of a session, and the reader's place.
#[derive(Debug, Default)]
pub struct Chat {
    pub turns: Vec<ShownTurn>,
    pub place: Place,
    /// The turn that rating, fork and relay mean; `None`: the newest.
    pub selected: Option<TurnId>,
    pub unfolded: bool,
    /// Whether its history has come.
    pub loaded: bool,
}

/// What stands at the top of the pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The end is shown, and followed as it grows.
    #[default]
    End,
    /// This line of this turn (an index) is the first one shown.
    At { turn: usize, line: usize },
}

/// A turn and its lines.
#[derive(Debug)]
pub struct ShownTurn {
    pub turn: Turn,
    /// Whether this is the last turn that a fork has from its parent.
    pub ends_inherited: bool,
    lines: RefCell<Lines>,
}

/// What was wrapped for one width. A growing text changes only its last chunk, so the others are kept.
#[derive(Debug, Default)]
struct Lines {
    width: u16,
    unfolded: bool,
    all: Option<Rc<Vec<Segment>>>,
    /// By block and chunk: the chunk's length and its lines.
    chunks: HashMap<(usize, usize), (usize, Segment)>,
}

/// The kept chunks of the turn whose lines are being made.
pub struct Chunks<'a>(&'a mut HashMap<(usize, usize), (usize, Segment)>);

impl Chunks<'_> {
    /// The lines of a chunk that is `length` bytes long, made only if they are not there.
    pub fn get(
        &mut self,
        block: usize,
        chunk: usize,
        length: usize,
        make: impl FnOnce() -> Vec<Line<'static>>,
    ) -> Segment {
        match self.0.get(&(block, chunk)) {
            Some((kept, lines)) if *kept == length => lines.clone(),
            _ => {
                let lines = Rc::new(make());
                self.0.insert((block, chunk), (length, lines.clone()));
                lines
            }
        }
    }
}

impl ShownTurn {
    pub fn new(turn: Turn) -> ShownTurn {
        ShownTurn {
            turn,
            ends_inherited: false,
            lines: RefCell::default(),
        }
    }

    /// The turn's lines at `width`, made by `make` only where something changed.
    pub fn segments(
        &self,
        width: u16,
        unfolded: bool,
        make: impl FnOnce(&Turn, &mut Chunks<'_>) -> Vec<Segment>,
    ) -> Rc<Vec<Segment>> {
        let mut lines = self.lines.borrow_mut();
        if lines.width != width || lines.unfolded != unfolded {
            *lines = Lines {
                width,
                unfolded,
                ..Lines::default()
            };
        }
        if let Some(all) = &lines.all {
            return all.clone();
        }
        let all = Rc::new(make(&self.turn, &mut Chunks(&mut lines.chunks)));
        if self.turn.state.is_over() {
            lines.chunks = HashMap::new();
        }
        lines.all = Some(all.clone());
        all
    }

    fn grew(&mut self, delta: &Delta) {
        apply(&mut self.turn.blocks, delta);
        let lines = self.lines.get_mut();
        lines.all = None;
        if matches!(delta, Delta::Replace { .. }) {
            lines.chunks.clear();
        }
    }
}

impl Chat {
    /// The whole conversation of `session` anew.
    pub fn replace(&mut self, session: SessionId, turns: Vec<Turn>) {
        self.turns = turns.into_iter().map(ShownTurn::new).collect();
        let inherited = |shown: &&mut ShownTurn| shown.turn.session != session;
        if let Some(last) = self.turns.iter_mut().rfind(inherited) {
            last.ends_inherited = true;
        }
        self.loaded = true;
        if self.selected.is_some_and(|id| self.index(id).is_none()) {
            self.selected = None;
        }
        if matches!(self.place, Place::At { turn, .. } if turn >= self.turns.len()) {
            self.place = Place::End;
        }
    }

    /// A turn that is new or changed.
    pub fn changed(&mut self, turn: Turn) {
        match self.index(turn.id) {
            Some(at) => {
                let ends_inherited = self.turns[at].ends_inherited;
                self.turns[at] = ShownTurn {
                    ends_inherited,
                    ..ShownTurn::new(turn)
                };
            }
            None => self.turns.push(ShownTurn::new(turn)),
        }
    }

    /// More of a response. Of a turn that is not here, nothing is kept.
    pub fn grew(&mut self, turn: TurnId, delta: &Delta) {
        if let Some(at) = self.index(turn) {
            self.turns[at].grew(delta);
        }
    }

    pub fn index(&self, turn: TurnId) -> Option<usize> {
        self.turns.iter().rposition(|t| t.turn.id == turn)
    }

    /// The turn that is meant: the selected one, or the newest that `fits`.
    pub fn meant(&self, fits: impl Fn(&Turn) -> bool) -> Option<&Turn> {
        match self.selected.and_then(|id| self.index(id)) {
            Some(at) => Some(&self.turns[at].turn).filter(|t| fits(t)),
            None => self.turns.iter().rev().map(|t| &t.turn).find(|t| fits(t)),
        }
    }

    /// The prompts, oldest first, without repetitions in a row.
    pub fn prompts(&self) -> Vec<&str> {
        let mut prompts: Vec<&str> = self.turns.iter().map(|t| t.turn.prompt.as_str()).collect();
        prompts.dedup();
        prompts
    }

    pub fn forget_lines(&self) {
        for turn in &self.turns {
            *turn.lines.borrow_mut() = Lines::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::TurnState;
    use crate::protocol::testing::turn;

    #[test]
    fn lines_are_made_once_until_something_changes() {
        let mut chat = Chat::default();
        let mut growing = turn(1, None, "p", "a");
        growing.state = TurnState::Streaming;
        chat.replace(SessionId(1), vec![growing]);
        let made = std::cell::Cell::new(0);
        let look = |chat: &Chat, width| {
            chat.turns[0].segments(width, false, |_, chunks| {
                vec![chunks.get(0, 0, 1, || {
                    made.set(made.get() + 1);
                    vec![]
                })]
            });
            made.get()
        };
        assert_eq!(look(&chat, 80), 1);
        assert_eq!(look(&chat, 80), 1);
        chat.grew(TurnId(1), &Delta::Text { text: "b".into() });
        assert_eq!(look(&chat, 80), 1, "the first chunk is kept");
        assert_eq!(look(&chat, 40), 2);
        chat.grew(TurnId(1), &Delta::Replace { blocks: vec![] });
        assert_eq!(look(&chat, 40), 3);
    }

    #[test]
    fn the_meant_turn_is_the_selected_or_the_newest_that_fits() {
        let mut chat = Chat::default();
        let mut third = turn(3, Some(2), "c", "");
        third.state = TurnState::Streaming;
        chat.replace(
            SessionId(1),
            vec![turn(1, None, "a", ""), turn(2, Some(1), "b", ""), third],
        );
        let over = |t: &Turn| t.state.is_over();
        assert_eq!(chat.meant(over).unwrap().id, TurnId(2));
        chat.selected = Some(TurnId(1));
        assert_eq!(chat.meant(over).unwrap().id, TurnId(1));
        chat.selected = Some(TurnId(3));
        assert!(chat.meant(over).is_none());
    }
}
