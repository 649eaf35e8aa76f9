//! Movements of the cursor in copy mode, as in vi. Pure: a movement that needs a line which is not in sight says which.

use crate::faces::tui::model::cells::{CellText, at, cells, last_column};
use crate::faces::tui::model::copying::Place;
use crate::faces::tui::model::terminal::Terminal;

/// One movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    Left,
    Down,
    Up,
    Right,
    /// `big`: words are what stands between blanks.
    Word {
        big: bool,
    },
    WordBack {
        big: bool,
    },
    WordEnd {
        big: bool,
    },
    LineStart,
    LineText,
    LineEnd,
    Top,
    Bottom,
    ViewTop,
    ViewMiddle,
    ViewBottom,
    /// Lines down, up where negative.
    Lines(i64),
}

/// Where a movement leads, and the column that up and down keep to from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub place: Place,
    pub wish: u16,
}

/// What a character belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Sign,
}

fn class(cell: Option<&CellText>, big: bool) -> Class {
    match cell.map(CellText::first) {
        None | Some(' ') => Class::Blank,
        Some(c) if big || c.is_alphanumeric() || c == '_' => Class::Word,
        Some(_) => Class::Sign,
    }
}

/// The cells of a line, or its number where it is not in sight.
fn line(view: &Terminal, number: u64) -> Result<Vec<CellText>, u64> {
    view.line(number).map(cells).ok_or(number)
}

/// The column in which the cursor can stand on its line; `None` where the line is not in sight.
pub fn fitted(view: &Terminal, place: Place, block: bool) -> Option<u16> {
    let cells = cells(view.line(place.line)?);
    let most = match block {
        true => view.cols.saturating_sub(1),
        false => last_column(&cells),
    };
    let col = place.col.min(most);
    // On the left half of a wide character.
    Some(at(&cells, col).map_or(col, |index| cells[index].col))
}

/// Takes one movement. `top` is the first line in sight.
///
/// # Errors
/// The line that must be in sight before.
pub fn go(motion: Motion, from: Place, wish: u16, view: &Terminal, top: u64) -> Result<Moved, u64> {
    let rows = i64::from(view.rows.max(1));
    let to = |place: Place| {
        Ok(Moved {
            place,
            wish: place.col,
        })
    };
    let vertical = |line: i64| {
        let line = line.clamp(view.oldest() as i64, view.newest() as i64) as u64;
        let place = Place::new(line, wish);
        // What is not in sight is fitted when it comes.
        let col = fitted(view, place, false).unwrap_or(wish);
        Ok(Moved {
            place: Place::new(line, col),
            wish,
        })
    };
    let here = from.line as i64;
    match motion {
        Motion::Up => vertical(here - 1),
        Motion::Down => vertical(here + 1),
        Motion::Lines(lines) => vertical(here.saturating_add(lines)),
        Motion::ViewTop => vertical(top as i64),
        Motion::ViewMiddle => vertical(top as i64 + (rows - 1) / 2),
        Motion::ViewBottom => vertical(top as i64 + rows - 1),
        Motion::Top => to(Place::new(view.oldest(), 0)),
        Motion::Bottom => {
            // The last line that has text: below it a terminal may be empty.
            let last = view.newest();
            let text = |number: &u64| view.line(*number).is_none_or(|line| !line.is_empty());
            let line = (view.top.max(view.oldest())..=last).rev().find(text);
            to(Place::new(line.unwrap_or(last), 0))
        }
        Motion::LineStart => to(Place::new(from.line, 0)),
        Motion::LineText => {
            let cells = line(view, from.line)?;
            let first = cells.iter().find(|cell| !cell.is_blank());
            to(Place::new(from.line, first.map_or(0, |cell| cell.col)))
        }
        Motion::LineEnd => Ok(Moved {
            place: Place::new(from.line, last_column(&line(view, from.line)?)),
            wish: u16::MAX,
        }),
        Motion::Left => {
            let cells = line(view, from.line)?;
            let before = cells.iter().rev().find(|cell| cell.col < from.col);
            to(Place::new(from.line, before.map_or(0, |cell| cell.col)))
        }
        Motion::Right => {
            let cells = line(view, from.line)?;
            let next = cells.iter().find(|cell| cell.col > from.col);
            let most = last_column(&cells);
            to(Place::new(
                from.line,
                next.map_or(most, |cell| cell.col.min(most)),
            ))
        }
        Motion::Word { big } => to(word(view, from, big)?),
        Motion::WordBack { big } => to(word_back(view, from, big)?),
        Motion::WordEnd { big } => to(word_end(view, from, big)?),
    }
}

fn word(view: &Terminal, from: Place, big: bool) -> Result<Place, u64> {
    let mut number = from.line;
    let mut cells = line(view, number)?;
    let mut index = at(&cells, from.col).unwrap_or(cells.len());
    let begun = class(cells.get(index), big);
    // Behind the word on which the cursor stands, which may go on in the next row.
    loop {
        while begun != Class::Blank && index < cells.len() && class(cells.get(index), big) == begun
        {
            index += 1;
        }
        if begun == Class::Blank || index < cells.len() || !view.wraps(number) {
            break;
        }
        number += 1;
        cells = line(view, number)?;
        index = 0;
    }
    loop {
        while index < cells.len() && class(cells.get(index), big) == Class::Blank {
            index += 1;
        }
        if let Some(cell) = cells.get(index) {
            return Ok(Place::new(number, cell.col));
        }
        if number >= view.newest() {
            return Ok(Place::new(from.line, last_column(&line(view, from.line)?)));
        }
        number += 1;
        cells = line(view, number)?;
        index = 0;
    }
}

fn word_end(view: &Terminal, from: Place, big: bool) -> Result<Place, u64> {
    let mut number = from.line;
    let mut cells = line(view, number)?;
    let mut index = at(&cells, from.col).map_or(cells.len(), |index| index + 1);
    loop {
        while index < cells.len() && class(cells.get(index), big) == Class::Blank {
            index += 1;
        }
        if index < cells.len() {
            let of = class(cells.get(index), big);
            loop {
                while class(cells.get(index + 1), big) == of {
                    index += 1;
                }
                let end = Place::new(number, cells[index].col);
                if index + 1 < cells.len() || !view.wraps(number) {
                    return Ok(end);
                }
                let next = line(view, number + 1)?;
                if class(next.first(), big) != of {
                    return Ok(end);
                }
                (number, cells, index) = (number + 1, next, 0);
            }
        }
        if number >= view.newest() {
            return Ok(from);
        }
        number += 1;
        cells = line(view, number)?;
        index = 0;
    }
}

fn word_back(view: &Terminal, from: Place, big: bool) -> Result<Place, u64> {
    let mut number = from.line;
    let mut cells = line(view, number)?;
    // The number of cells before the cursor.
    let mut before = cells.partition_point(|cell| cell.col < from.col);
    loop {
        while before > 0 && class(cells.get(before - 1), big) == Class::Blank {
            before -= 1;
        }
        if before > 0 {
            let of = class(cells.get(before - 1), big);
            loop {
                while before > 1 && class(cells.get(before - 2), big) == of {
                    before -= 1;
                }
                let begin = Place::new(number, cells[before - 1].col);
                if before > 1 || number == 0 || !view.wraps(number - 1) {
                    return Ok(begin);
                }
                let above = line(view, number - 1)?;
                if class(above.last(), big) != of {
                    return Ok(begin);
                }
                (number, before) = (number - 1, above.len());
                cells = above;
            }
        }
        if number <= view.oldest() {
            return Ok(Place::new(number, 0));
        }
        number -= 1;
        cells = line(view, number)?;
        before = cells.len();
    }
}
