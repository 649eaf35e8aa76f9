//! Links on a terminal's screen: those that the program marks (OSC 8), and addresses that stand in its text.

use crate::faces::tui::model::cells::{self, CellText};
use crate::faces::tui::model::copying::Place;
use crate::faces::tui::model::terminal::Terminal;
use crate::protocol::{Line, is_link};

/// Where a link stands on its line, from its first column to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub first: u16,
    pub last: u16,
    pub target: String,
}

/// The link on a cell.
pub fn at(view: &Terminal, place: Place) -> Option<String> {
    let links = on_line(view.line(place.line)?);
    let mut here = links
        .into_iter()
        .filter(|link| (link.first..=link.last).contains(&place.col));
    here.next().map(|link| link.target)
}

/// Where all links in sight lead, from the top down, each once.
pub fn all(view: &Terminal) -> Vec<String> {
    let mut targets: Vec<String> = Vec::new();
    for link in view.lines.iter().flat_map(on_line) {
        if !targets.contains(&link.target) {
            targets.push(link.target);
        }
    }
    targets
}

/// The links of a line. What the program marks comes before what only looks like an address.
pub fn on_line(line: &Line) -> Vec<Link> {
    // Most lines have none; nothing more is to be done for them.
    if !line.iter().any(|run| run.link.is_some()) && !names_a_scheme(line) {
        return Vec::new();
    }
    let cells = cells::cells(line);
    let mut links: Vec<Link> = Vec::new();
    let mut next = 0;
    while next < cells.len() {
        let target = cells[next].link.clone();
        let same = cells[next..].iter().take_while(|c| c.link == target);
        let end = next + same.count();
        match target {
            Some(target) => links.push(link(&cells[next..end], target.to_string())),
            None => addresses(&cells[next..end], &mut links),
        }
        next = end;
    }
    links
}

/// Whether `://` stands anywhere, be it cut by a change of style.
fn names_a_scheme(line: &Line) -> bool {
    let mut seen = 0;
    line.iter().flat_map(|run| run.text.bytes()).any(|byte| {
        seen = match (byte, seen) {
            (b'/', 2) => 3,
            (b'/', 1) => 2,
            (b':', _) => 1,
            _ => 0,
        };
        seen == 3
    })
}

fn link(cells: &[CellText], target: String) -> Link {
    let last = &cells[cells.len() - 1];
    Link {
        first: cells[0].col,
        last: last.col + last.width - 1,
        target,
    }
}

fn addresses(cells: &[CellText], links: &mut Vec<Link>) {
    let text: String = cells.iter().map(CellText::first).collect();
    for (from, to) in in_text(&text) {
        let first = text[..from].chars().count();
        let last = first + text[from..to].chars().count();
        links.push(link(&cells[first..last], text[from..to].to_owned()));
    }
}

/// Addresses in a text: the bytes at which each begins and ends.
pub fn in_text(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("://").map(|at| from + at) {
        let begin = ["https", "http", "file"]
            .iter()
            .find(|scheme| text[from..at].ends_with(*scheme))
            .map(|scheme| at - scheme.len());
        let end = |c: char| !c.is_ascii_graphic() || "\"<>`{}|\\^".contains(c);
        let stop = text[at..].find(end).map_or(text.len(), |n| at + n);
        from = stop.max(at + 3);
        let Some(begin) = begin else { continue };
        let kept = begin + trimmed(&text[begin..stop]).len();
        if is_link(&text[begin..kept]) {
            found.push((begin, kept));
        }
    }
    found
}

/// Without the signs at its end that belong to the sentence around it.
fn trimmed(address: &str) -> &str {
    let mut kept = address;
    loop {
        let last = match kept.chars().next_back() {
            Some(c) => c,
            None => return kept,
        };
        let opens = |open: char, close: char| {
            let count = |wanted| kept.chars().filter(|c| *c == wanted).count();
            last == close && count(close) > count(open)
        };
        if !(".,;:!?'".contains(last) || opens('(', ')') || opens('[', ']')) {
            return kept;
        }
        kept = &kept[..kept.len() - last.len_utf8()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Run, Style};
    use std::sync::Arc;

    #[test]
    fn addresses_are_found_without_the_sentence_around_them() {
        for (text, wanted) in [
            (
                "see https://example.org/a?b=c#d.",
                vec!["https://example.org/a?b=c#d"],
            ),
            ("(http://x.y)", vec!["http://x.y"]),
            ("http://x/a_(b)", vec!["http://x/a_(b)"]),
            (
                "[a](https://x.y/z), file:///etc/hosts!",
                vec!["https://x.y/z", "file:///etc/hosts"],
            ),
            ("xhttps://a.b", vec!["https://a.b"]),
            ("ftp://a ssh://b ://c https://", vec![]),
            ("世界 https://ö.org", vec![]),
            ("\"https://a/b\"", vec!["https://a/b"]),
        ] {
            let seen: Vec<&str> = in_text(text).iter().map(|(a, b)| &text[*a..*b]).collect();
            assert_eq!(seen, wanted, "{text}");
        }
    }

    #[test]
    fn marked_links_and_addresses_of_a_line() {
        let marked = Run {
            link: Some(Arc::from("https://a")),
            ..Run::new("世x", Style::default())
        };
        let bold = Style {
            attributes: Style::BOLD,
            ..Style::default()
        };
        let line = vec![
            Run::new("ab ", Style::default()),
            marked,
            Run::new(" http:/", Style::default()),
            Run::new("/b/c", bold),
        ];
        let found = on_line(&line);
        let seen: Vec<(u16, u16, &str)> = found
            .iter()
            .map(|l| (l.first, l.last, l.target.as_str()))
            .collect();
        assert_eq!(seen, [(3, 5, "https://a"), (7, 16, "http://b/c")]);
        let view = Terminal {
            rows: 1,
            lines: vec![line],
            top: 7,
            ..Terminal::default()
        };
        assert_eq!(at(&view, Place::new(7, 4)).as_deref(), Some("https://a"));
        assert_eq!(at(&view, Place::new(7, 6)), None);
        assert_eq!(all(&view), ["https://a", "http://b/c"]);
    }
}
