//! Reading a terminal's lines and selecting among them: where the cursor is, what is selected, and which lines the
//! pane holds on to while the program goes on.

pub mod motion;
pub mod selection;
#[cfg(test)]
mod tests;

use crate::faces::tui::model::terminal::Terminal;
use crate::protocol::SessionId;
use motion::Motion;
use selection::Selection;
use std::collections::VecDeque;

/// A cell: the number of its line, and its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: u64,
    pub col: u16,
}

impl Place {
    pub fn new(line: u64, col: u16) -> Place {
        Place { line, col }
    }
}

/// Movements that may wait for lines to come; more are left out.
const MOST_WAITING: usize = 32;
/// How often a view is asked for before what comes instead is taken.
const MOST_ASKED: u8 = 3;

/// The state of copying from one terminal.
#[derive(Clone, Debug)]
pub struct Copying {
    pub session: SessionId,
    /// Whether the keyboard moves the cursor. Otherwise the mouse alone selects.
    pub keys: bool,
    /// Whether the mouse's button is held.
    pub dragging: bool,
    pub cursor: Place,
    /// The column that up and down keep to.
    pub wish: u16,
    pub selection: Option<Selection>,
    /// What the pane shows: the newest picture of the lines that are held on to.
    pub view: Terminal,
    /// The number of the first line that is wanted in sight.
    top: u64,
    asked: u8,
    /// The number before a movement.
    pub count: Option<u32>,
    /// Movements that need lines which are not in sight yet.
    waiting: VecDeque<(Motion, u32)>,
}

impl Copying {
    /// Begins where the program's cursor is, or else at the lower left.
    pub fn new(session: SessionId, terminal: &Terminal, keys: bool) -> Copying {
        let rows = u64::from(terminal.rows.max(1));
        let cursor = match terminal.cursor {
            Some(at) => Place::new(terminal.top + u64::from(at.row), at.col),
            None => Place::new(terminal.top + rows - 1, 0),
        };
        let mut copying = Copying {
            session,
            keys,
            dragging: false,
            cursor,
            wish: cursor.col,
            selection: None,
            view: terminal.clone(),
            top: terminal.top,
            asked: 0,
            count: None,
            waiting: VecDeque::new(),
        };
        copying.fit();
        copying.wish = copying.cursor.col;
        copying
    }

    /// Whether the lines in sight are held, and not those that the program shows now.
    pub fn holds(&self) -> bool {
        self.keys || self.dragging
    }

    /// The first line that is wanted in sight.
    pub fn top(&self) -> u64 {
        self.top
    }

    /// Wants `line` to be the first one in sight, as far as there are lines. The number to be asked of the engine,
    /// if it is not there already.
    pub fn want(&mut self, line: u64) -> Option<u64> {
        let line = line.clamp(self.view.oldest(), self.view.present());
        self.top = line;
        self.asked = 1;
        (line != self.view.top).then_some(line)
    }

    /// The terminal has changed. Returns the line to be asked for where it shows others than are held.
    pub fn screen(&mut self, live: &Terminal) -> Option<u64> {
        if live.reflow != self.view.reflow || live.modes.alt_screen != self.view.modes.alt_screen {
            // Numbers have another meaning now.
            let keys = self.keys;
            *self = Copying::new(self.session, live, keys);
            return None;
        }
        if !self.holds() {
            return None;
        }
        let gone = self.top < live.oldest();
        if live.top == self.top || gone || self.asked >= MOST_ASKED {
            self.view = live.clone();
            self.top = live.top;
            self.asked = 0;
            self.fit();
            return self.catch_up();
        }
        self.asked += 1;
        Some(self.top)
    }

    /// Moves the cursor, as soon as the lines for it are in sight. Returns the line to be asked for first.
    pub fn go(&mut self, motion: Motion, times: u32) -> Option<u64> {
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push_back((motion, times.clamp(1, 10_000)));
        }
        if self.waiting.len() > 1 {
            return None;
        }
        self.catch_up()
    }

    /// Puts the cursor on a cell and brings it in sight, `margin` lines from the edges where that scrolls.
    pub fn put(&mut self, place: Place, margin: u64) -> Option<u64> {
        self.waiting.clear();
        self.cursor = place;
        self.wish = place.col;
        self.extend();
        self.reveal(margin)
    }

    /// Takes the movements that can be taken.
    fn catch_up(&mut self) -> Option<u64> {
        while let Some((motion, times)) = self.waiting.pop_front() {
            for done in 0..times {
                match motion::go(motion, self.cursor, self.wish, &self.view, self.top) {
                    Ok(moved) if moved.place == self.cursor && moved.wish == self.wish => break,
                    Ok(moved) => {
                        self.cursor = moved.place;
                        self.wish = moved.wish;
                    }
                    Err(line) => {
                        self.waiting.push_front((motion, times - done));
                        self.extend();
                        return self.show(line, 0);
                    }
                }
            }
            self.extend();
            if let Some(line) = self.reveal(0) {
                return Some(line);
            }
        }
        None
    }

    /// The selection ends where the cursor is.
    fn extend(&mut self) {
        if let Some(selection) = &mut self.selection {
            selection.head = self.cursor;
        }
    }

    fn reveal(&mut self, margin: u64) -> Option<u64> {
        self.show(self.cursor.line, margin)
    }

    /// Wants a line in sight.
    fn show(&mut self, line: u64, margin: u64) -> Option<u64> {
        let rows = u64::from(self.view.rows.max(1));
        let margin = margin.min((rows - 1) / 2);
        if line < self.top {
            return self.want(line.saturating_sub(margin));
        }
        if line >= self.top + rows {
            return self.want((line + 1 + margin).saturating_sub(rows));
        }
        None
    }

    /// Keeps cursor and selection within the lines that are there, and the cursor within its line.
    fn fit(&mut self) {
        let (oldest, newest) = (self.view.oldest(), self.view.newest());
        self.cursor.line = self.cursor.line.clamp(oldest, newest);
        if self.keys
            && self.waiting.is_empty()
            && let Some(col) = motion::fitted(&self.view, self.cursor, self.is_block())
        {
            self.cursor.col = col;
        }
        if let Some(selection) = &mut self.selection {
            selection.fit(oldest, newest);
        }
        if self.keys {
            self.extend();
        }
    }

    fn is_block(&self) -> bool {
        (self.selection.as_ref()).is_some_and(|s| s.shape == selection::Shape::Block)
    }
}
