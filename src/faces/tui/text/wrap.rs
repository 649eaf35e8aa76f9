//! Styled text broken into lines that fit a width, by display cells.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A stretch of text in one style, without line breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub text: String,
    pub style: Style,
}

impl Piece {
    pub fn new(text: impl Into<String>, style: Style) -> Piece {
        Piece {
            text: text.into(),
            style,
        }
    }
}

/// How lines may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Between words; a word longer than the line inside it.
    Words,
    /// Anywhere, blanks kept: for code.
    Anywhere,
}

/// `pieces` as lines of at most `width` cells, the first behind `first`, the others behind `rest`. Always at
/// least one line. Where the width cannot even hold the prefix, the prefix is left out.
pub fn wrap(
    pieces: &[Piece],
    width: u16,
    first: &[Piece],
    rest: &[Piece],
    mode: Break,
) -> Vec<Line<'static>> {
    let width = usize::from(width.max(1));
    let mut lines = Lines::new(width, first, rest);
    for piece in pieces {
        match mode {
            Break::Words => {
                for word in piece.text.split_word_bounds_at_blanks() {
                    lines.word(word, piece.style);
                }
            }
            Break::Anywhere => lines.graphemes(&piece.text, piece.style),
        }
    }
    lines.end()
}

/// Cuts `text` to `width` cells, with `…` where something was cut.
pub fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let cells = grapheme.width();
        if used + cells + 1 > width {
            break;
        }
        used += cells;
        out.push_str(grapheme);
    }
    out.push('…');
    out
}

/// The rows that plain `text` takes at `width`.
pub fn rows(text: &str, width: u16) -> usize {
    let plain = Style::default();
    text.split('\n')
        .map(|line| wrap(&[Piece::new(line, plain)], width, &[], &[], Break::Words).len())
        .sum()
}

trait Blanks {
    fn split_word_bounds_at_blanks(&self) -> impl Iterator<Item = &str>;
}

impl Blanks for String {
    /// Alternately runs of blanks and runs of anything else.
    fn split_word_bounds_at_blanks(&self) -> impl Iterator<Item = &str> {
        let mut left = self.as_str();
        std::iter::from_fn(move || {
            let blank = left.chars().next()? == ' ';
            let end = left.find(|c| (c == ' ') != blank).unwrap_or(left.len());
            let (word, more) = left.split_at(end);
            left = more;
            Some(word)
        })
    }
}

struct Lines<'a> {
    width: usize,
    rest: &'a [Piece],
    done: Vec<Line<'static>>,
    spans: Vec<Span<'static>>,
    used: usize,
    /// Cells taken by the prefix of the line that is being filled.
    prefix: usize,
    /// A word that may still grow across pieces, such as **bold**ness.
    pending: Vec<Piece>,
    pending_cells: usize,
}

fn cells(pieces: &[Piece]) -> usize {
    pieces.iter().map(|p| p.text.width()).sum()
}

impl<'a> Lines<'a> {
    fn new(width: usize, first: &[Piece], rest: &'a [Piece]) -> Lines<'a> {
        let mut lines = Lines {
            width,
            rest,
            done: Vec::new(),
            spans: Vec::new(),
            used: 0,
            prefix: 0,
            pending: Vec::new(),
            pending_cells: 0,
        };
        lines.start(first);
        lines
    }

    fn start(&mut self, prefix: &[Piece]) {
        let taken = cells(prefix);
        self.used = 0;
        if taken + 2 <= self.width {
            for piece in prefix {
                self.push(&piece.text, piece.style);
            }
        }
        self.prefix = self.used;
    }

    fn push(&mut self, text: &str, style: Style) {
        self.used += text.width();
        match self.spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(text),
            _ => self.spans.push(Span::styled(text.to_owned(), style)),
        }
    }

    fn line_break(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        self.done.push(Line::from(spans));
        self.start(self.rest);
    }

    fn word(&mut self, word: &str, style: Style) {
        if word.starts_with(' ') {
            self.settle();
            // Blanks at a break are not shown; those that begin a paragraph are.
            if self.used + word.len() <= self.width
                && (self.used > self.prefix || self.done.is_empty())
            {
                self.push(word, style);
            } else if self.used > self.prefix {
                self.line_break();
            }
        } else {
            self.pending_cells += word.width();
            self.pending.push(Piece::new(word, style));
        }
    }

    fn settle(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.pending);
        let taken = std::mem::take(&mut self.pending_cells);
        if self.used + taken > self.width && self.used > self.prefix {
            self.trim();
            self.line_break();
        }
        for piece in word {
            self.graphemes(&piece.text, piece.style);
        }
    }

    /// Blanks at the end of a line that is full.
    fn trim(&mut self) {
        if let Some(last) = self.spans.last_mut() {
            let kept = last.content.trim_end().len();
            last.content.to_mut().truncate(kept);
        }
    }

    fn graphemes(&mut self, text: &str, style: Style) {
        if self.used + text.width() <= self.width {
            return self.push(text, style);
        }
        for grapheme in text.graphemes(true) {
            if self.used + grapheme.width() > self.width && self.used > self.prefix {
                self.line_break();
            }
            self.push(grapheme, style);
        }
    }

    fn end(mut self) -> Vec<Line<'static>> {
        self.settle();
        self.done.push(Line::from(self.spans));
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, width: u16, mode: Break) -> Vec<String> {
        let pieces = [Piece::new(text, Style::default())];
        wrap(&pieces, width, &[], &[], mode)
            .iter()
            .map(|line| line.to_string())
            .collect()
    }

    #[test]
    fn words_break_at_blanks_and_long_words_inside() {
        assert_eq!(
            plain("one two three", 7, Break::Words),
            ["one two", "three"]
        );
        assert_eq!(plain("abcdefghij", 4, Break::Words), ["abcd", "efgh", "ij"]);
        assert_eq!(plain("世界世界", 5, Break::Words), ["世界", "世界"]);
        assert_eq!(plain("", 5, Break::Words), [""]);
        assert_eq!(plain("  indented", 20, Break::Words), ["  indented"]);
        assert_eq!(plain("a  b", 3, Break::Anywhere), ["a  ", "b"]);
    }

    #[test]
    fn a_word_in_two_styles_is_one_word() {
        let bold = Style::new().bold();
        let pieces = [
            Piece::new("say ", Style::default()),
            Piece::new("bold", bold),
            Piece::new("ness", Style::default()),
        ];
        let lines = wrap(&pieces, 9, &[], &[], Break::Words);
        assert_eq!(lines[0].to_string(), "say");
        assert_eq!(lines[1].to_string(), "boldness");
    }

    #[test]
    fn prefixes_stand_before_each_line_and_give_way() {
        let mark = [Piece::new("> ", Style::default())];
        let pieces = [Piece::new("aa bb", Style::default())];
        let lines = wrap(&pieces, 4, &mark, &mark, Break::Words);
        let shown: Vec<String> = lines.iter().map(|l| l.to_string()).collect();
        assert_eq!(shown, ["> aa", "> bb"]);
        assert_eq!(wrap(&pieces, 1, &mark, &mark, Break::Words).len(), 4);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let text = "a 世界 grüße👩‍👩‍👧 supercalifragilistic  x";
        for width in 2..40u16 {
            for mode in [Break::Words, Break::Anywhere] {
                for line in plain(text, width, mode) {
                    assert!(line.width() <= usize::from(width), "{line:?} at {width}");
                }
            }
        }
    }

    #[test]
    fn cut_text_says_so() {
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("世界世界", 4), "世…");
        assert_eq!(fit("abc", 3), "abc");
        assert_eq!(fit("abc", 0), "");
    }
}
