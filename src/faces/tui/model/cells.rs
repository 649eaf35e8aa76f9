//! A terminal's line as cells: which characters stand in which columns.

use crate::protocol::Line;
use std::sync::Arc;
use unicode_width::UnicodeWidthChar;

/// A character with what combines with it, the column in which it begins, and how many it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellText {
    pub col: u16,
    pub width: u16,
    pub text: String,
    pub link: Option<Arc<str>>,
}

impl CellText {
    /// Its first character.
    pub fn first(&self) -> char {
        self.text.chars().next().unwrap_or(' ')
    }

    pub fn is_blank(&self) -> bool {
        self.first() == ' '
    }
}

/// The cells of a line from the left. Columns behind the last one are blank.
pub fn cells(line: &Line) -> Vec<CellText> {
    let mut cells: Vec<CellText> = Vec::new();
    let mut col = 0;
    for run in line {
        for c in run.text.chars() {
            let width = c.width().unwrap_or(0) as u16;
            match cells.last_mut() {
                Some(last) if width == 0 => last.text.push(c),
                _ => {
                    let width = width.max(1);
                    cells.push(CellText {
                        col,
                        width,
                        text: c.into(),
                        link: run.link.clone(),
                    });
                    col += width;
                }
            }
        }
    }
    cells
}

/// The index of the cell that covers a column; `None` behind the last one.
pub fn at(cells: &[CellText], col: u16) -> Option<usize> {
    let index = cells
        .partition_point(|cell| cell.col <= col)
        .checked_sub(1)?;
    (col < cells[index].col + cells[index].width).then_some(index)
}

/// The last cell of a line that is not blank; 0 where all are.
pub fn last_column(cells: &[CellText]) -> u16 {
    cells
        .iter()
        .rfind(|cell| !cell.is_blank())
        .map_or(0, |cell| cell.col)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Run, Style};

    #[test]
    fn columns_are_those_of_the_screen() {
        let run = |text: &str, link: Option<&str>| Run {
            link: link.map(Arc::from),
            ..Run::new(text, Style::default())
        };
        let line = vec![run("a世e\u{301}", None), run(" x  ", Some("http://x"))];
        let cells = cells(&line);
        let seen: Vec<(u16, u16, &str)> = cells
            .iter()
            .map(|c| (c.col, c.width, c.text.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                (0, 1, "a"),
                (1, 2, "世"),
                (3, 1, "e\u{301}"),
                (4, 1, " "),
                (5, 1, "x"),
                (6, 1, " "),
                (7, 1, " ")
            ]
        );
        assert_eq!(
            (at(&cells, 0), at(&cells, 2), at(&cells, 8)),
            (Some(0), Some(1), None)
        );
        assert_eq!(last_column(&cells), 5);
        assert_eq!((last_column(&[]), at(&[], 0)), (0, None));
        assert_eq!(cells[4].link.as_deref(), Some("http://x"));
    }
}
