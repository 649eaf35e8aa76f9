//! The picture of a terminal session, as the engine last sent it.

use crate::protocol::{Cursor, Line, Modes, ScreenUpdate};

/// All rows of a terminal, and what its program asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terminal {
    pub rows: u16,
    pub cols: u16,
    pub lines: Vec<Line>,
    pub cursor: Option<Cursor>,
    pub modes: Modes,
    pub scrolled: u32,
    pub history: u32,
    /// The number of the first row, see [`ScreenUpdate::top`]; `reflow` is that of the numbers.
    pub top: u64,
    pub reflow: u64,
}

/// The most rows kept: what a screen can hold and a hostile engine cannot pass.
const MOST_ROWS: u16 = 2_000;

impl Terminal {
    /// Takes the rows that changed.
    pub fn apply(&mut self, update: ScreenUpdate) {
        if update.full {
            self.lines.clear();
        }
        self.rows = update.rows.min(MOST_ROWS);
        self.cols = update.cols;
        self.lines.resize(usize::from(self.rows), Line::new());
        for (row, line) in update.lines {
            if let Some(place) = self.lines.get_mut(usize::from(row)) {
                *place = line;
            }
        }
        self.cursor = update.cursor;
        self.modes = update.modes;
        self.scrolled = update.scrolled;
        self.history = update.history;
        self.top = update.top;
        self.reflow = update.reflow;
    }

    /// The line of that number, if it is on the screen.
    pub fn line(&self, number: u64) -> Option<&Line> {
        let row = number.checked_sub(self.top)?;
        self.lines.get(usize::try_from(row).ok()?)
    }

    /// Whether the line of that number is on the screen and goes on in the next one.
    pub fn wraps(&self, number: u64) -> bool {
        let last = self.line(number).and_then(|line| line.last());
        last.is_some_and(|run| run.wraps)
    }

    /// The number of the first row when the view is not scrolled.
    pub fn present(&self) -> u64 {
        self.top + u64::from(self.scrolled)
    }

    /// The number of the oldest line that is there.
    pub fn oldest(&self) -> u64 {
        self.present().saturating_sub(self.history.into())
    }

    /// The number of the last row of the program's screen.
    pub fn newest(&self) -> u64 {
        self.present() + u64::from(self.rows.max(1)) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Run, SessionId, Style};

    fn update(full: bool, lines: &[(u16, &str)]) -> ScreenUpdate {
        let line = |text: &str| vec![Run::new(text, Style::default())];
        ScreenUpdate {
            session: SessionId(1),
            rows: 2,
            cols: 10,
            full,
            lines: lines.iter().map(|(row, text)| (*row, line(text))).collect(),
            cursor: None,
            modes: Modes::default(),
            scrolled: 0,
            history: 0,
            top: 0,
            reflow: 0,
        }
    }

    #[test]
    fn changed_rows_replace_and_a_full_update_forgets() {
        let mut terminal = Terminal::default();
        terminal.apply(update(true, &[(0, "a"), (1, "b")]));
        terminal.apply(update(false, &[(1, "c"), (7, "outside")]));
        let text = |t: &Terminal, row: usize| t.lines[row].first().map(|run| run.text.clone());
        assert_eq!(text(&terminal, 0).as_deref(), Some("a"));
        assert_eq!(text(&terminal, 1).as_deref(), Some("c"));
        terminal.apply(update(true, &[(1, "d")]));
        assert_eq!(text(&terminal, 0), None);
    }
}
