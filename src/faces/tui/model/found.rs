//! A word that is searched for in what a pane shows.

use crate::protocol::{Match, SessionId};

/// Which place is gone to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The next one above, or below.
    Up,
    Down,
    /// So many further from the current one.
    Again(isize),
    /// None; only where the places are is of interest.
    Refresh,
}

/// The places of a pattern in a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hits {
    /// From the top down.
    pub matches: Vec<Match>,
    /// The current one.
    pub at: Option<usize>,
    /// Whether there are more further up.
    pub more: bool,
    /// What the numbers of lines belong to, see [`crate::protocol::ScreenUpdate::reflow`].
    pub reflow: u64,
    /// The direction of the search: `Up` or `Down`.
    pub way: Way,
    /// Whether something was written since.
    pub stale: bool,
    /// Whether they are being looked for again.
    pub asked: bool,
}

impl Hits {
    pub fn current(&self) -> Option<Match> {
        self.matches.get(self.at?).copied()
    }
}

/// The word, and which of its places is the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub session: SessionId,
    /// In small letters: case does not matter. In a terminal the pattern as it was typed.
    pub word: String,
    /// The line of the current place: the turn (an index), and the line in it. `None` in a terminal.
    pub at: Option<(usize, usize)>,
    /// Which of how many lines that is, from 1.
    pub number: usize,
    pub count: usize,
    /// Where they are in a terminal.
    pub hits: Option<Hits>,
}

impl Found {
    pub fn new(session: SessionId, word: &str) -> Found {
        Found {
            session,
            word: word.to_lowercase(),
            at: None,
            number: 0,
            count: 0,
            hits: None,
        }
    }

    /// A pattern in a terminal, with no places yet.
    pub fn pattern(session: SessionId, pattern: &str) -> Found {
        Found {
            word: pattern.to_owned(),
            ..Found::new(session, "")
        }
    }
}

/// The places of `word` (in small letters) in a row of cells, each with its first column and the one behind it.
/// `cells` are the symbols and their columns, in order.
pub fn places(cells: &[(u16, &str)], word: &str) -> Vec<(usize, usize)> {
    if word.is_empty() {
        return Vec::new();
    }
    let mut text = String::new();
    let mut starts = Vec::with_capacity(cells.len());
    for (_, symbol) in cells {
        starts.push(text.len());
        text.push_str(&symbol.to_lowercase());
    }
    let cell_of = |byte: usize| starts.partition_point(|start| *start <= byte) - 1;
    text.match_indices(word)
        .map(|(at, hit)| (cell_of(at), cell_of(at + hit.len() - 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_cells_whatever_their_bytes() {
        let cells: Vec<(u16, &str)> = ["Ü", "b", "世", "界", "B", "x"]
            .iter()
            .enumerate()
            .map(|(i, s)| (i as u16, *s))
            .collect();
        for (word, wanted) in [
            ("b", vec![(1, 1), (4, 4)]),
            ("üb", vec![(0, 1)]),
            ("世界b", vec![(2, 4)]),
            ("y", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(places(&cells, word), wanted, "{word}");
        }
    }
}
