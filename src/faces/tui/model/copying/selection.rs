//! What is selected in a terminal, and which columns of a line belong to it.

use crate::faces::tui::model::cells::{CellText, at, cells};
use crate::faces::tui::model::copying::Place;
use crate::faces::tui::model::terminal::Terminal;

/// What belongs to the selection between its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Everything, line by line.
    Chars,
    /// All lines, whole.
    Lines,
    /// The rectangle.
    Block,
}

/// By what the mouse extends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    #[default]
    Char,
    Word,
}

/// Two ends, both included, in either order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    pub anchor: Place,
    pub head: Place,
    pub shape: Shape,
    pub unit: Unit,
}

/// What ends a word for a double click. Not `/`, `:` or `.`: paths, addresses and `file:line` are one word.
const BETWEEN_WORDS: &str = " \t\"'`()[]{}<>│|,;";

/// A stretch of cells as the engine is asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Place,
    pub to: Place,
    pub block: bool,
}

impl Selection {
    pub fn new(at: Place, shape: Shape) -> Selection {
        Selection {
            anchor: at,
            head: at,
            shape,
            unit: Unit::Char,
        }
    }

    /// The selected stretch. `view` tells where words end, as far as their lines are in sight.
    pub fn stretch(&self, view: &Terminal) -> Stretch {
        let (mut from, mut to) = (self.anchor.min(self.head), self.anchor.max(self.head));
        match self.shape {
            Shape::Lines => {
                from.col = 0;
                to.col = u16::MAX;
            }
            Shape::Block => {
                let (left, right) = (from.col.min(to.col), from.col.max(to.col));
                from.col = left;
                to.col = right;
            }
            Shape::Chars if self.unit == Unit::Word => {
                from = word_around(view, from).0;
                to = word_around(view, to).1;
            }
            Shape::Chars => {}
        }
        Stretch {
            from,
            to,
            block: self.shape == Shape::Block,
        }
    }

    /// Keeps both ends among the lines that are there.
    pub fn fit(&mut self, oldest: u64, newest: u64) {
        for end in [&mut self.anchor, &mut self.head] {
            end.line = end.line.clamp(oldest, newest);
        }
    }
}

impl Stretch {
    /// The first and the last column of a line that belong to it.
    pub fn columns(&self, line: u64) -> Option<(u16, u16)> {
        if line < self.from.line || line > self.to.line {
            return None;
        }
        let first = line == self.from.line || self.block;
        let last = line == self.to.line || self.block;
        Some((
            if first { self.from.col } else { 0 },
            if last { self.to.col } else { u16::MAX },
        ))
    }
}

/// The first and the last cell of the word on a cell, which may go on in the next row; the cell itself where it belongs
/// to none.
fn word_around(view: &Terminal, place: Place) -> (Place, Place) {
    let row = |number: u64| view.line(number).map(cells).unwrap_or_default();
    let inside = |cell: &CellText| !BETWEEN_WORDS.contains(cell.first());
    let here = row(place.line);
    let Some(index) = at(&here, place.col).filter(|index| inside(&here[*index])) else {
        return (place, place);
    };
    // The cells of the word in a row, from one of them to the left and to the right.
    let first = |row: &[CellText], from: usize| {
        row[..from]
            .iter()
            .rposition(|c| !inside(c))
            .map_or(0, |i| i + 1)
    };
    let last = |row: &[CellText], from: usize| {
        let end = row[from..].iter().position(|c| !inside(c));
        end.map_or(row.len(), |i| from + i) - 1
    };
    let (mut line, mut cells_of) = (place.line, here.clone());
    let mut begin = first(&cells_of, index);
    while begin == 0 && line > 0 && view.wraps(line - 1) {
        let above = row(line - 1);
        if !above.last().is_some_and(inside) {
            break;
        }
        line -= 1;
        begin = first(&above, above.len());
        cells_of = above;
    }
    let from = Place::new(line, cells_of[begin].col);
    (line, cells_of) = (place.line, here);
    let mut end = last(&cells_of, index);
    while end + 1 == cells_of.len() && view.wraps(line) {
        let below = row(line + 1);
        if !below.first().is_some_and(inside) {
            break;
        }
        line += 1;
        end = last(&below, 0);
        cells_of = below;
    }
    let to = &cells_of[end];
    (from, Place::new(line, to.col + to.width - 1))
}
