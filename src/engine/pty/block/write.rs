//! Cells into a block: runs of cells that look alike are found quickly, for a flood passes through here.

use super::*;

impl Block {
    /// Begins a line, which is to be filled by [`Self::add_text`] and ended by [`Self::trim`].
    pub fn begin(&mut self) {
        self.entries.push(Entry {
            text: self.text.len() as u32,
            runs: self.runs.len() as u32,
            cells: 0,
            wide: false,
        });
    }

    /// Adds text of so many cells to the last line, all of it looking like one cell. Nothing in it may be out of
    /// the way: it is kept as it is.
    pub fn add_text(&mut self, text: &str, cells: usize, wide: bool, like: &Cell) {
        self.text.push_str(text);
        if cells > 0 {
            let look = self.look(like);
            self.stretch(look, cells as u16);
        }
        self.grow(cells as u32, wide);
    }

    /// Takes the blanks at the end of the last line away, as a row's are.
    pub fn trim(&mut self) {
        let line = self.entries.len() - 1;
        let (text, runs) = (line.checked_sub(1)).map_or((0, 0), |l| {
            (self.entries[l].text as usize, self.entries[l].runs as usize)
        });
        let mut cells = self.entries[line].cells;
        while self.text.len() > text && self.text.ends_with(' ') {
            let run = self.runs[runs..].last_mut();
            let look = run.as_ref().map_or(0, |run| usize::from(run.look));
            if look > 0 && !self.looks[look - 1].is_empty() {
                break;
            }
            let here = run.as_ref().map_or(cells, |run| run.cells.into());
            let blanks = self.text.as_bytes()[text..].iter().rev();
            let blanks = blanks
                .take(here as usize)
                .take_while(|b| **b == b' ')
                .count();
            self.text.truncate(self.text.len() - blanks);
            cells -= blanks as u32;
            if let Some(run) = run {
                run.cells -= blanks as u16;
                if run.cells == 0 {
                    self.runs.pop();
                }
            }
        }
        let entry = &mut self.entries[line];
        entry.cells = cells;
        entry.text = self.text.len() as u32;
        entry.runs = self.runs.len() as u32;
    }

    /// Adds the cells at the beginning that look alike and hold nothing out of the way; says how many.
    pub(super) fn add_alike(&mut self, row: &[Cell]) -> usize {
        let Some(first) = row.first() else {
            return 0;
        };
        let (fg, bg, flags) = (first.fg, first.bg, first.flags & LOOK);
        let alike = |cell: &Cell| cell.fg == fg && cell.bg == bg && cell.extra.is_none();
        let narrow = |cell: &Cell| cell.flags & !Flags::WRAPLINE == flags;
        let plain = is_plain(first);
        let (mut at, mut wide) = (0, false);
        let mut ascii = [0; 128];
        while at < row.len() {
            if row[at].c.is_ascii() {
                // Most cells by far look plain, which is told with less.
                let count = match plain {
                    true => ascii_of(&mut ascii, &row[at..], is_plain),
                    false => ascii_of(&mut ascii, &row[at..], |cell| narrow(cell) && alike(cell)),
                };
                self.text
                    .push_str(std::str::from_utf8(&ascii[..count]).unwrap_or_default());
                at += count;
                if count == 0 {
                    break;
                }
                continue;
            }
            let cell = &row[at];
            if !alike(cell) || !is_shown(cell.c) {
                break;
            }
            if narrow(cell) && layout::cells(cell.c) == 1 {
                self.text.push(cell.c);
                at += 1;
            } else if cell.flags == flags | Flags::WIDE_CHAR
                && (row.get(at + 1)).is_some_and(|c| c.flags.contains(Flags::WIDE_CHAR_SPACER))
                && layout::cells(cell.c) == 2
            {
                self.text.push(cell.c);
                wide = true;
                at += 2;
            } else {
                break;
            }
        }
        if at > 0 {
            let look = self.look(first);
            self.stretch(look, at as u16);
            self.grow(at as u32, wide);
        }
        at
    }

    /// The last line has got so many cells more, and what belongs to them.
    pub(super) fn grow(&mut self, cells: u32, wide: bool) {
        if let Some(line) = self.entries.last_mut() {
            line.wide |= wide;
            line.cells += cells;
            line.text = self.text.len() as u32;
            line.runs = self.runs.len() as u32;
        }
    }

    /// Adds a cell, or one with the spacer behind it, to the last line.
    pub(super) fn add(&mut self, cell: &Cell, cells: u16) {
        let c = match cell.c {
            c @ ' '..='~' if cells == 1 => c,
            c if is_shown(c) && layout::cells(c) == cells => c,
            _ => ' ',
        };
        self.text.push(c);
        if c == ' ' && cells == 2 {
            self.text.push(' ');
        }
        let combining = cell.zerowidth().unwrap_or_default().iter();
        for &c in combining.take(MOST_COMBINING) {
            if is_shown(c) && layout::cells(c) == 0 {
                self.text.push(c);
            }
        }
        let look = self.look(cell);
        self.stretch(look, cells);
        self.grow(cells.into(), cells == 2);
    }

    /// Notes how the next cells of the last line look.
    pub(super) fn stretch(&mut self, look: u16, cells: u16) {
        let line = self.entries.len() - 1;
        let from = line.checked_sub(1).map_or(0, |l| self.entries[l].runs);
        let had = self.entries[line].cells as u16;
        if self.runs.len() > from as usize {
            match self.runs.last_mut() {
                Some(run) if run.look == look => run.cells += cells,
                _ => self.runs.push(Stretch { cells, look }),
            }
        } else if look > 0 {
            if had > 0 {
                let plain = Stretch {
                    cells: had,
                    look: 0,
                };
                self.runs.push(plain);
            }
            self.runs.push(Stretch { cells, look });
        }
    }

    /// The number of a cell's look.
    pub(super) fn look(&mut self, cell: &Cell) -> u16 {
        if is_plain(cell) {
            return 0;
        }
        let alike = |look: &Cell| {
            look.fg == cell.fg
                && look.bg == cell.bg
                && look.flags == cell.flags & LOOK
                && (look.extra.is_none() && cell.extra.is_none()
                    || look.underline_color() == cell.underline_color()
                        && look.hyperlink() == cell.hyperlink())
        };
        // Each look has a place where its number is remembered, until another takes it.
        let place = &mut self.remembered[hash(cell) % REMEMBERED];
        if let Some(number) = place.checked_sub(1)
            && self.looks.get(usize::from(number)).is_some_and(alike)
        {
            return *place;
        }
        if self.looks.len() < MOST_LOOKS {
            *place = self.looks.len() as u16 + 1;
        }
        // So many looks in so few lines are a picture; past the limit they are kept as plain text.
        if self.looks.len() == MOST_LOOKS {
            return 0;
        }
        let mut look = Cell {
            fg: cell.fg,
            bg: cell.bg,
            flags: cell.flags & LOOK,
            ..Cell::default()
        };
        if cell.extra.is_some() {
            look.set_underline_color(cell.underline_color());
            let link = cell.hyperlink();
            self.links += link.as_ref().map_or(0, |l| l.id().len() + l.uri().len());
            look.set_hyperlink(link);
        }
        self.looks.push(look);
        self.looks.len() as u16
    }
}

/// Whether a cell looks like one that was never coloured.
fn is_plain(cell: &Cell) -> bool {
    // Without branches between the parts: nearly always all of them hold.
    matches!(cell.fg, Color::Named(NamedColor::Foreground))
        & matches!(cell.bg, Color::Named(NamedColor::Background))
        & (cell.flags & !Flags::WRAPLINE).is_empty()
        & cell.extra.is_none()
}

/// Copies ASCII from the cells at the beginning that are as they should be; says how much.
fn ascii_of(into: &mut [u8], row: &[Cell], fits: impl Fn(&Cell) -> bool) -> usize {
    for (at, (byte, cell)) in into.iter_mut().zip(row).enumerate() {
        if !(fits(cell) & (' '..='~').contains(&cell.c)) {
            return at;
        }
        *byte = cell.c as u8;
    }
    into.len().min(row.len())
}

/// A number that is the same for cells that look alike.
fn hash(cell: &Cell) -> usize {
    let color = |color: Color| match color {
        Color::Named(named) => named as usize,
        Color::Indexed(index) => 512 + usize::from(index),
        Color::Spec(rgb) => {
            1024 + (usize::from(rgb.r) * 7 + usize::from(rgb.g) * 5 + usize::from(rgb.b))
        }
    };
    color(cell.fg) + color(cell.bg) * 3 + usize::from((cell.flags & LOOK).bits())
}
