//! Columns that stand straight, for people.

use crate::faces::cli::out::{Ink, Out, Outcome, harmless};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A word and how it stands out.
pub struct Cell {
    ink: Ink,
    text: String,
}

/// A cell of one line, in `ink`.
pub fn cell(ink: Ink, text: impl AsRef<str>) -> Cell {
    let text = harmless(text.as_ref(), true).replace(['\n', '\t'], " ");
    Cell { ink, text }
}

/// A plain cell.
pub fn plain(text: impl AsRef<str>) -> Cell {
    cell(Ink::Plain, text)
}

/// Rows under a head. A column whose head begins with `>` is set to the right; the last column is never padded.
pub struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(heads: &[&'static str]) -> Table {
        Table {
            heads: heads.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Cuts the last column so that no line is longer than `width` columns; `…` says so. A last column that would
    /// have fewer than eight is left out.
    pub fn fit(&mut self, width: usize) {
        let Some(last) = self.heads.len().checked_sub(1) else {
            return;
        };
        let widest = |i: usize| {
            let cells = self.rows.iter().map(|row| row[i].text.width());
            match cells.max().unwrap_or(0) {
                0 => 0,
                widest => widest.max(self.heads[i].trim_start_matches('>').width()) + 2,
            }
        };
        let before: usize = (0..last).map(widest).sum();
        let room = width.saturating_sub(before);
        for row in &mut self.rows {
            row[last].text = match room {
                0..8 => String::new(),
                room => shortened(&row[last].text, room),
            };
        }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Writes the table; a table without rows is nothing. Columns in which no row has anything are left out.
    pub fn write(&self, out: &mut Out) -> Outcome {
        self.lines(out, true)
    }

    /// The same, without the head.
    pub fn body(&self, out: &mut Out) -> Outcome {
        self.lines(out, false)
    }

    fn lines(&self, out: &mut Out, with_head: bool) -> Outcome {
        if self.rows.is_empty() {
            return Ok(());
        }
        let shown: Vec<usize> = (0..self.heads.len())
            .filter(|&i| self.rows.iter().any(|row| !row[i].text.is_empty()))
            .collect();
        let head = |i: usize| self.heads[i].trim_start_matches('>');
        let width = |i: usize| {
            let cells = self.rows.iter().map(|row| row[i].text.width());
            cells.max().unwrap_or(0).max(head(i).width())
        };
        let widths: Vec<usize> = (0..self.heads.len()).map(width).collect();
        let mut write = |cell: &dyn Fn(usize) -> (Ink, String)| {
            let mut words: Vec<(Ink, String)> = Vec::new();
            for (position, &i) in shown.iter().enumerate() {
                let (ink, text) = cell(i);
                let blank = " ".repeat(widths[i] - text.width());
                let last = position + 1 == shown.len();
                let gap = if last { "" } else { "  " };
                if self.heads[i].starts_with('>') {
                    words.push((Ink::Plain, blank));
                    words.push((ink, text));
                    words.push((Ink::Plain, gap.to_owned()));
                } else {
                    words.push((ink, text));
                    if !last {
                        words.push((Ink::Plain, format!("{blank}{gap}")));
                    }
                }
            }
            let words: Vec<(Ink, &str)> = words.iter().map(|(i, w)| (*i, w.as_str())).collect();
            out.inked(&words)
        };
        if with_head {
            write(&|i| (Ink::Dim, head(i).to_owned()))?;
        }
        for row in &self.rows {
            write(&|i| (row[i].ink, row[i].text.clone()))?;
        }
        Ok(())
    }
}

fn shortened(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + c.width().unwrap_or(0) >= room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::cli::testing::Page;

    #[test]
    fn a_table_keeps_to_a_width() {
        for (width, line) in [
            (20, "x     1  a b c d e f"),
            (18, "x     1  a b c d…"),
            (12, "x     1"),
        ] {
            let mut table = Table::new(&["name", ">n", "note"]);
            table.row(vec![plain("x"), plain("1"), plain("a b c d e f")]);
            table.fit(width);
            let page = Page::default();
            table
                .write(&mut Out::to(Box::new(page.clone()), false, false))
                .unwrap();
            assert_eq!(page.text().lines().nth(1), Some(line));
        }
    }

    #[test]
    fn columns_stand_straight_and_empty_ones_are_left_out() {
        let mut table = Table::new(&["name", "none", ">cost", "note"]);
        table.row(vec![plain("世界"), plain(""), plain("$1"), plain("a\nb")]);
        table.row(vec![plain("x"), plain(""), plain("$12.50"), plain("")]);
        let page = Page::default();
        table
            .write(&mut Out::to(Box::new(page.clone()), false, false))
            .unwrap();
        assert_eq!(
            page.text(),
            "name    cost  note\n世界      $1  a b\nx     $12.50\n"
        );
    }
}
