//! What is selected in a terminal, and which columns of a line belong to it.

use crate::faces::tui::model::cells::{at, cells};
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
                from.col = word_around(view, from).0;
                to.col = word_around(view, to).1;
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

/// The first and the last column of the word on a cell; of the cell itself where it belongs to none.
fn word_around(view: &Terminal, place: Place) -> (u16, u16) {
    let cells = view.line(place.line).map(cells).unwrap_or_default();
    let inside = |index: usize| !BETWEEN_WORDS.contains(cells[index].first());
    let Some(index) = at(&cells, place.col) else {
        return (place.col, place.col);
    };
    if !inside(index) {
        return (place.col, place.col);
    }
    let first = (0..index).rev().take_while(|i| inside(*i)).last();
    let last = (index..cells.len()).take_while(|i| inside(*i)).last();
    let last = &cells[last.unwrap_or(index)];
    (cells[first.unwrap_or(index)].col, last.col + last.width - 1)
}
