//! Where the characters of a line stand when it is as wide as the terminal: as the emulation wraps them.

use std::sync::OnceLock;
use unicode_width::UnicodeWidthChar;

/// A line: its text, its cells, and whether some character takes two of them.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    pub text: &'a str,
    pub cells: u32,
    pub wide: bool,
}

/// A character with its place: the byte at which it begins, the row from 0 within its line, the column, and
/// how many cells it takes. One without width stands where the one before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub at: usize,
    pub c: char,
    pub row: u32,
    pub col: u16,
    pub cells: u16,
}

/// The cells a character takes: 0, 1 or 2.
pub fn cells(c: char) -> u16 {
    match c {
        ' '..='~' => 1,
        '\0'..='\u{ffff}' => {
            static NEAR: OnceLock<Box<[u8]>> = OnceLock::new();
            let near = NEAR.get_or_init(|| {
                let four = |at: u32| {
                    let width = |n| char::from_u32(at * 4 + n).map_or(1, looked_up);
                    (0..4).fold(0, |byte, n| byte | width(n) << (n * 2))
                };
                (0..0x4000).map(four).collect()
            });
            let c = c as usize;
            u16::from(near[c / 4] >> (c % 4 * 2) & 3)
        }
        c => looked_up(c).into(),
    }
}

/// The same from the tables of Unicode, which takes longer. Control characters are given a cell.
fn looked_up(c: char) -> u8 {
    c.width().unwrap_or(1) as u8
}

impl<'a> Measured<'a> {
    /// The places of all characters, in a terminal `cols` wide (at least 2).
    pub fn places(self, cols: u16) -> impl Iterator<Item = Place> + 'a {
        let (mut row, mut col, mut last) = (0, 0, 0);
        self.text.char_indices().map(move |(at, c)| {
            let cells = cells(c);
            if cells > 0 {
                if col + cells > cols.max(2) {
                    row += 1;
                    col = 0;
                }
                last = col;
                col += cells;
            }
            Place {
                at,
                c,
                row,
                col: last,
                cells,
            }
        })
    }

    /// How many rows it takes, at least one.
    pub fn rows(self, cols: u16) -> u32 {
        let width = u32::from(cols.max(2));
        match self.wide && self.cells > width {
            true => self.places(cols).last().map_or(1, |place| place.row + 1),
            false => self.cells.div_ceil(width).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_unicode() {
        for c in (0..0x11_0000).filter_map(char::from_u32) {
            assert_eq!(cells(c), u16::from(looked_up(c)), "{c:?}");
        }
    }

    #[test]
    fn a_wide_character_is_never_cut_in_two() {
        for (text, cols, last, count) in [
            ("abcdef", 3, (1, 2), 2),
            ("abcdefg", 3, (2, 0), 3),
            ("ab表", 3, (1, 0), 2),
            ("a表示x", 3, (1, 2), 2),
            ("表示表", 2, (2, 0), 3),
            ("abce\u{301}", 4, (0, 3), 1),
            ("abc\u{301}d", 3, (1, 0), 2),
        ] {
            let line = Measured {
                text,
                cells: text.chars().map(|c| u32::from(cells(c))).sum(),
                wide: text.chars().any(|c| cells(c) == 2),
            };
            let place = line.places(cols).last().unwrap();
            assert_eq!((place.row, place.col), last, "{text}");
            assert_eq!(line.rows(cols), count, "{text}");
        }
        let empty = Measured {
            text: "",
            cells: 0,
            wide: false,
        };
        assert_eq!(empty.rows(80), 1);
    }
}
