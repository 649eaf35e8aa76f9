//! Where the characters of a line stand when it is as wide as the terminal: as the emulation wraps them.

use unicode_width::UnicodeWidthChar;

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
        c => c.width().unwrap_or(1) as u16,
    }
}

/// The places of all characters of a line, laid out `cols` wide (at least 2).
pub fn places(text: &str, cols: u16) -> impl Iterator<Item = Place> {
    let cols = cols.max(2);
    let (mut row, mut col, mut last) = (0, 0, 0);
    text.char_indices().map(move |(at, c)| {
        let cells = cells(c);
        if cells > 0 {
            if col + cells > cols {
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

/// How many rows a line takes, at least one. `width`: its cells; `wide`: whether some character takes two.
pub fn rows(text: &str, width: u32, wide: bool, cols: u16) -> u32 {
    let cols = u32::from(cols.max(2));
    match wide && width > cols {
        true => places(text, cols as u16)
            .last()
            .map_or(1, |place| place.row + 1),
        false => width.div_ceil(cols).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let place = places(text, cols).last().unwrap();
            assert_eq!((place.row, place.col), last, "{text}");
            let width = text.chars().map(|c| u32::from(cells(c))).sum();
            let wide = text.chars().any(|c| cells(c) == 2);
            assert_eq!(rows(text, width, wide, cols), count, "{text}");
        }
        assert_eq!(rows("", 0, false, 80), 1);
    }
}
