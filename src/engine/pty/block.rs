//! Lines that have left the screen, kept small: text and stretches of style instead of cells. Lines are whole,
//! however often they were wrapped, so that they can be laid out anew for any width.

mod write;

use super::layout::{self, Measured};
use super::picture::{MOST_COMBINING, is_shown};
use alacritty_terminal::grid::GridCell;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{Color, NamedColor};

/// Cells after which a line that never ends is cut in two.
const LONGEST_LINE: u32 = 8192;

/// What a cell's flags say of its look; the rest is about where it stands.
const LOOK: Flags = Flags::all()
    .difference(Flags::WRAPLINE)
    .difference(Flags::WIDE_CHAR)
    .difference(Flags::WIDE_CHAR_SPACER)
    .difference(Flags::LEADING_WIDE_CHAR_SPACER);

/// Different looks in one block, and how many of them are remembered to be used again.
const MOST_LOOKS: usize = u16::MAX as usize - 1;
const REMEMBERED: usize = 32;

/// One line: where it ends in the text and in the stretches of its block, and how wide it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub text: u32,
    pub runs: u32,
    pub cells: u32,
    /// Whether it has characters of two cells.
    pub wide: bool,
}

/// So many cells that look alike. Cells behind the last stretch of a line look plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub cells: u16,
    /// Index into the looks of the block; 0: plain.
    pub look: u16,
}

/// Lines that follow each other.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub text: String,
    pub entries: Vec<Entry>,
    pub runs: Vec<Stretch>,
    /// How cells can look, as blank cells; the plain one, which is number 0, is not among them.
    pub looks: Vec<Cell>,
    /// Whether the last line goes on in the next row.
    open: bool,
    /// Whether that row begins with a wide character for which there was no room in the last one.
    spacer: bool,
    /// Bytes of the addresses that looks link to.
    links: usize,
    /// Numbers of looks, to find them again.
    remembered: [u16; REMEMBERED],
}

#[cfg(test)]
impl PartialEq for Block {
    fn eq(&self, other: &Block) -> bool {
        let parts = |b: &Block| {
            (
                b.text.clone(),
                b.entries.clone(),
                b.runs.clone(),
                b.looks.clone(),
            )
        };
        parts(self) == parts(other)
    }
}

/// Whether the line of a row goes on in the next one.
pub fn goes_on(row: &[Cell]) -> bool {
    let last = row.last();
    last.is_some_and(|cell| cell.flags.contains(Flags::WRAPLINE))
}

impl Block {
    /// Adds a row of the grid below all others; it continues the last line where that was wrapped.
    pub fn push(&mut self, row: &[Cell]) {
        let wrapped = goes_on(row);
        let mut length = row.len();
        if !wrapped {
            length -= row.iter().rev().take_while(|c| c.is_empty()).count();
            // A row that a line has gone on to is a row even where it is blank.
            length = length.max(usize::from(self.open));
        }
        if !self.open {
            self.begin();
        }
        if std::mem::take(&mut self.spacer)
            && row
                .first()
                .is_some_and(|c| !c.flags.contains(Flags::WIDE_CHAR))
        {
            self.add(&Cell::default(), 1);
        }
        let mut at = 0;
        while at < length {
            let alike = self.add_alike(&row[at..length]);
            at += alike;
            if alike > 0 {
                continue;
            }
            let cell = &row[at];
            let last = at + 1 == row.len();
            if last && wrapped && cell.flags.contains(Flags::LEADING_WIDE_CHAR_SPACER) {
                self.spacer = true;
                break;
            }
            let wide = cell.flags.contains(Flags::WIDE_CHAR)
                && (row.get(at + 1)).is_some_and(|c| c.flags.contains(Flags::WIDE_CHAR_SPACER));
            let cells = if wide { 2 } else { 1 };
            self.add(cell, cells);
            at += usize::from(cells);
        }
        self.open = wrapped && (self.entries.last()).is_some_and(|l| l.cells < LONGEST_LINE);
    }

    /// The next row begins a line of its own.
    pub fn close(&mut self) {
        self.open = false;
        self.spacer = false;
    }

    /// Whether the last line goes on in the next row.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// A block from its parts; `None` where they do not belong together.
    pub fn checked(
        text: String,
        entries: Vec<Entry>,
        runs: Vec<Stretch>,
        looks: Vec<Cell>,
    ) -> Option<Block> {
        let (mut text_end, mut runs_end) = (0, 0);
        for entry in &entries {
            let fits = entry.text >= text_end
                && entry.runs >= runs_end
                && text.is_char_boundary(entry.text as usize)
                && entry.runs as usize <= runs.len();
            if !fits {
                return None;
            }
            (text_end, runs_end) = (entry.text, entry.runs);
        }
        let looks_fit = runs.iter().all(|run| usize::from(run.look) <= looks.len());
        looks_fit.then_some(Block {
            text,
            entries,
            runs,
            looks,
            ..Block::default()
        })
    }

    /// Gives back what was set aside to grow.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.entries.shrink_to_fit();
        self.runs.shrink_to_fit();
        self.looks.shrink_to_fit();
    }

    /// Removes the last line.
    pub fn pop(&mut self) {
        self.entries.pop();
        let (text, runs) = self.entries.last().map_or((0, 0), |l| (l.text, l.runs));
        self.text.truncate(text as usize);
        self.runs.truncate(runs as usize);
        self.close();
    }

    /// Gives the last row of the last line, which goes on in the next row, the flags that say so.
    pub fn mark_open(&self, row: &mut [Cell]) {
        let Some(last) = row.last_mut().filter(|_| self.open) else {
            return;
        };
        last.flags.insert(Flags::WRAPLINE);
        if self.spacer {
            last.flags.insert(Flags::LEADING_WIDE_CHAR_SPACER);
        }
    }

    /// The text of a line, with its measures.
    pub fn line(&self, line: usize) -> Measured<'_> {
        let from = line.checked_sub(1).map_or(0, |l| self.entries[l].text);
        let entry = self.entries[line];
        Measured {
            text: &self.text[from as usize..entry.text as usize],
            cells: entry.cells,
            wide: entry.wide,
        }
    }

    /// How many rows a line takes.
    pub fn rows(&self, line: usize, cols: u16) -> u32 {
        self.line(line).rows(cols)
    }

    /// How many rows all lines take.
    pub fn all_rows(&self, cols: u16) -> u32 {
        (0..self.entries.len())
            .map(|line| self.rows(line, cols))
            .sum()
    }

    /// The bytes it takes, nearly.
    pub fn size(&self) -> usize {
        self.text.len()
            + self.entries.len() * size_of::<Entry>()
            + self.runs.len() * size_of::<Stretch>()
            + self.looks.len() * size_of::<Cell>()
            + self.links
    }

    /// The rows of a line as the grid would hold them.
    pub fn lay_out(&self, line: usize, cols: u16) -> Vec<Vec<Cell>> {
        let cols = usize::from(cols.max(2));
        let from = line.checked_sub(1).map_or(0, |l| self.entries[l].runs);
        let mut runs = self.runs[from as usize..self.entries[line].runs as usize].iter();
        let (mut look, mut left) = (0, 0);
        let mut rows = Vec::new();
        let mut row = vec![Cell::default(); cols];
        let mut end = 0;
        for place in self.line(line).places(cols as u16) {
            if place.row as usize > rows.len() {
                if end < cols {
                    row[cols - 1].flags.insert(Flags::LEADING_WIDE_CHAR_SPACER);
                }
                row[cols - 1].flags.insert(Flags::WRAPLINE);
                rows.push(std::mem::replace(&mut row, vec![Cell::default(); cols]));
            }
            let at = usize::from(place.col);
            if place.cells == 0 {
                row[at].push_zerowidth(place.c);
                continue;
            }
            end = at + usize::from(place.cells);
            for cell in &mut row[at..end] {
                while left == 0 {
                    (look, left) =
                        (runs.next()).map_or((0, u32::MAX), |r| (r.look, r.cells.into()));
                }
                left -= 1;
                if let Some(look) = usize::from(look).checked_sub(1) {
                    *cell = self.looks[look].clone();
                }
            }
            row[at].c = place.c;
            if place.cells == 2 {
                row[at].flags.insert(Flags::WIDE_CHAR);
                row[at + 1].flags.insert(Flags::WIDE_CHAR_SPACER);
            }
        }
        rows.push(row);
        rows
    }
}
