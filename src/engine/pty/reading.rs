//! All lines of a terminal at one moment, for reading: search and text. Off the engine's loop, without the
//! terminal's lock, and bounded in time.

use super::block::Block;
use super::layout::Measured;
use super::past::Page;
use crate::protocol::Found;
use crate::protocol::Match;
use crate::protocol::Refusal;
use regex::{Regex, RegexBuilder};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a search may take; what it has found until then is told.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes of text that are copied at most; the rest is left out.
const MOST_COPIED: usize = 4 * 1024 * 1024;
/// Bytes a compiled pattern may take.
const LARGEST_PATTERN: usize = 1024 * 1024;

/// Everything above the screen, and the screen.
pub struct Reading {
    /// From the top down. The first so many were not counted, see `Past`.
    pub pages: Vec<Page>,
    pub uncounted: usize,
    /// The number of the oldest row that can be scrolled to.
    pub oldest: u64,
    pub cols: u16,
    pub reflow: u64,
}

impl Reading {
    /// Finds a regular expression in lines that are whole, however they were wrapped. Without a capital letter
    /// in it, upper and lower case are the same. At most `limit` matches, the newest. Takes at most two seconds.
    ///
    /// Refused where the pattern is none.
    pub fn find(&self, pattern: &str, limit: usize) -> Result<Found, Refusal> {
        let regex = compile(pattern)?;
        let mut found = Found {
            reflow: self.reflow,
            ..Found::default()
        };
        let deadline = Instant::now() + PATIENCE;
        let mut first = None;
        for (index, page) in self.pages.iter().enumerate().rev() {
            if found.matches.len() > limit || Instant::now() > deadline {
                found.more = true;
                break;
            }
            let Some(block) = page.block() else { break };
            let begin = self.first_of(index, &block, first);
            first = Some(begin);
            let mut here = self.find_in(begin, &block, &regex);
            here.append(&mut found.matches);
            found.matches = here;
        }
        if let Some(older) = found.matches.len().checked_sub(limit).filter(|n| *n > 0) {
            found.matches.drain(..older);
            found.more = true;
        }
        Ok(found)
    }

    /// The number of the first row of a page, if that of the next one is `next`.
    fn first_of(&self, index: usize, block: &Block, next: Option<u64>) -> u64 {
        match next.filter(|_| index < self.uncounted) {
            Some(next) => next.saturating_sub(block.all_rows(self.cols).into()),
            None => self.pages[index].first,
        }
    }

    fn find_in(&self, first: u64, block: &Block, regex: &Regex) -> Vec<Match> {
        let mut matches = Vec::new();
        for (first, rows, line) in lines(first, block, self.cols) {
            if first + u64::from(rows) <= self.oldest {
                continue;
            }
            for hit in regex.find_iter(line.text).filter(|hit| !hit.is_empty()) {
                let mut covered = (line.places(self.cols))
                    .filter(|p| p.cells > 0)
                    .take_while(|p| p.at < hit.end())
                    .skip_while(|p| p.at < hit.start());
                let Some(from) = covered.next() else {
                    continue;
                };
                let to = covered.last().unwrap_or(from);
                matches.push(Match {
                    line: first + u64::from(from.row),
                    col: from.col,
                    last_line: first + u64::from(to.row),
                    last_col: to.col + to.cells - 1,
                });
            }
        }
        matches
    }

    /// The text from one cell (line and column) to another, both included, without trailing blanks; wrapped
    /// lines are one. With `block` the rectangle between the two. At most about 4 MiB.
    pub fn text(&self, from: (u64, u16), to: (u64, u16), block: bool) -> String {
        let (from, to) = (from.min(to), from.max(to));
        let columns = from.1.min(to.1)..=from.1.max(to.1);
        let mut copy = Copy::default();
        for (first, page) in self.blocks_from(from.0) {
            for (first, rows, line) in lines(first, &page, self.cols) {
                let last = first + u64::from(rows) - 1;
                if last < from.0 || first > to.0 || copy.all.len() > MOST_COPIED {
                    continue;
                }
                let mut row = first.max(from.0);
                for place in line.places(self.cols) {
                    let at = first + u64::from(place.row);
                    let right = place.col + place.cells.saturating_sub(1);
                    if !block {
                        let inside = (at, right) >= from && (at, place.col) <= to;
                        copy.add(place.c, inside);
                        continue;
                    }
                    while row < at.min(to.0.saturating_add(1)) {
                        copy.end();
                        row += 1;
                    }
                    let inside = (from.0..=to.0).contains(&at)
                        && right >= *columns.start()
                        && place.col <= *columns.end();
                    copy.add(place.c, inside);
                }
                if !block || row <= to.0 {
                    copy.end();
                }
            }
        }
        copy.all.pop();
        copy.all
    }

    /// The blocks that hold a row and all below it, with the numbers of their first rows.
    fn blocks_from(&self, row: u64) -> Vec<(u64, Arc<Block>)> {
        let mut blocks = Vec::new();
        let mut first = None;
        for (index, page) in self.pages.iter().enumerate().rev() {
            let Some(block) = page.block() else { break };
            let begin = self.first_of(index, &block, first);
            first = Some(begin);
            blocks.push((begin, block));
            if begin <= row {
                break;
            }
        }
        blocks.reverse();
        blocks
    }
}

/// Text that is being put together.
#[derive(Default)]
struct Copy {
    all: String,
    /// Where the line begins that is not ended yet.
    begun: usize,
}

impl Copy {
    fn add(&mut self, c: char, inside: bool) {
        if inside {
            self.all.push(c);
        }
    }

    fn end(&mut self) {
        let kept = self.all[self.begun..].trim_end_matches(' ').len();
        self.all.truncate(self.begun + kept);
        self.all.push('\n');
        self.begun = self.all.len();
    }
}

/// The lines of a block from the top down: the number of the first row, how many there are, and the line.
fn lines(first: u64, block: &Block, cols: u16) -> impl Iterator<Item = (u64, u32, Measured<'_>)> {
    let mut next = first;
    (0..block.entries.len()).map(move |line| {
        let (first, line) = (next, block.line(line));
        let rows = line.rows(cols);
        next += u64::from(rows);
        (first, rows, line)
    })
}

fn compile(pattern: &str) -> Result<Regex, Refusal> {
    let mut escaped = false;
    let capital = pattern.chars().any(|c| {
        let counts = c.is_uppercase() && !escaped;
        escaped = c == '\\' && !escaped;
        counts
    });
    RegexBuilder::new(pattern)
        .case_insensitive(!capital)
        .size_limit(LARGEST_PATTERN)
        .build()
        .map_err(|error| {
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default();
            let why = why.strip_prefix("error: ").unwrap_or(why);
            Refusal::new(
                format!("this is no pattern to search for: {why}"),
                "put a backslash before . * + ? ( ) [ ] { } | ^ $ that are meant as such",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::super::terminal::Terminal;
    use super::*;

    fn reading(output: &str, rows: u16, cols: u16) -> Reading {
        let mut terminal = Terminal::small(rows, cols, 1000);
        terminal.feed(output.as_bytes());
        terminal.reading()
    }

    fn spans(found: &Found) -> Vec<(u64, u16, u64, u16)> {
        let span = |m: &Match| (m.line, m.col, m.last_line, m.last_col);
        found.matches.iter().map(span).collect()
    }

    #[test]
    fn patterns_are_found_across_wraps_and_wide_characters() {
        let text = "one two\r\nTwo 表two表 t\r\nabcdefghijkl\r\nend";
        let reading = reading(text, 3, 8);
        for (pattern, wanted) in [
            ("two", vec![(0, 4, 0, 6), (1, 0, 1, 2), (1, 6, 2, 0)]),
            ("Two", vec![(1, 0, 1, 2)]),
            ("表", vec![(1, 4, 1, 5), (2, 1, 2, 2)]),
            ("g.*k", vec![(3, 6, 4, 2)]),
            ("^e\\w+$", vec![(5, 0, 5, 2)]),
            ("x*", vec![]),
            ("\\Snd", vec![(5, 0, 5, 2)]),
        ] {
            let found = reading.find(pattern, 100).unwrap();
            assert_eq!(spans(&found), wanted, "{pattern}");
        }
        let newest = reading.find("two", 1).unwrap();
        assert!(newest.more && spans(&newest) == [(1, 6, 2, 0)]);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let reading = reading("text", 3, 8);
        for pattern in ["(", "a{9999999}", "[z-a]", "*"] {
            let refusal = reading.find(pattern, 1).unwrap_err();
            assert!(refusal.what.starts_with("this is no pattern"), "{refusal}");
            assert!(!refusal.what.contains('\n'));
        }
    }

    #[test]
    fn text_is_copied_as_it_was_written() {
        let reading = reading("first\r\nabcdefghijkl表示\r\n\r\n  end  \r\n", 3, 8);
        for (from, to, block, text) in [
            ((0, 0), (0, 7), false, "first"),
            ((0, 2), (1, 3), false, "rst\nabcd"),
            ((1, 6), (2, 1), false, "ghij"),
            ((2, 4), (3, 7), false, "表示\n"),
            ((2, 5), (2, 6), false, "表示"),
            ((3, 0), (4, 7), false, "\n  end"),
            ((4, 7), (3, 0), false, "\n  end"),
            ((0, 1), (2, 2), true, "ir\nbc\njk"),
            ((2, 2), (4, 1), true, "jk\n\n e"),
            ((9, 0), (99, 0), false, ""),
        ] {
            assert_eq!(reading.text(from, to, block), text, "{from:?} {to:?}");
        }
    }
}
