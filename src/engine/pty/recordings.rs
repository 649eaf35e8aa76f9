//! What real programs wrote to a terminal of 80 by 24, and the screen it makes. Every file `fixtures/*.bytes` is
//! read; a new one needs no more than `cargo insta review` (or `INSTA_UPDATE=always`).
//!
//! Such a file is recorded in a terminal of that size (`script -q -c PROGRAM FILE`, without its first and last
//! line), and is free of names of the machine it was recorded on. Beside it may stand what happened at which byte
//! (`fixtures/*.marks`): other sizes, texts that were on the screen, and screens to be
//! kept as snapshots. `tests/recording.rs` records both.

use super::picture;
use super::terminal::{Size, Terminal};
use crate::protocol::{Line, Style};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// What happened when so many bytes were written.
enum Mark {
    Size {
        cols: u16,
        rows: u16,
    },
    Shows(String),
    /// A name for what is on the screen.
    Looks(String),
}

struct Recording {
    name: String,
    bytes: Vec<u8>,
    marks: Vec<(usize, Mark)>,
}

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/pty/fixtures");
    let mut found: Vec<_> = (folder.read_dir().unwrap().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "bytes"))
        .map(|path| Recording {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            bytes: std::fs::read(&path).unwrap(),
            marks: std::fs::read_to_string(path.with_extension("marks"))
                .map_or(Vec::new(), |text| text.lines().map(mark).collect()),
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!found.is_empty());
    found
}

fn mark(line: &str) -> (usize, Mark) {
    let (at, rest) = line.split_once(' ').unwrap();
    let mark = match rest.split_once(' ').unwrap() {
        ("size", size) => {
            let (cols, rows) = size.split_once('x').unwrap();
            Mark::Size {
                cols: cols.parse().unwrap(),
                rows: rows.parse().unwrap(),
            }
        }
        ("shows", text) => Mark::Shows(text.to_owned()),
        ("looks", name) => Mark::Looks(name.to_owned()),
        (what, _) => panic!("{what}"),
    };
    (at.parse().unwrap(), mark)
}

impl Recording {
    /// A terminal that was fed the whole in pieces of at most `size` bytes, and what it answered. At every mark its
    /// screen shows what the program's own terminal showed; those that have a name are given to `seen`.
    fn played(
        &self,
        size: usize,
        mut seen: impl FnMut(&str, &mut Terminal),
    ) -> (Terminal, Vec<u8>) {
        let mut terminal = Terminal::small(24, 80, 1000);
        let mut answers = Vec::new();
        let mut fed = 0;
        let mut feed = |terminal: &mut Terminal, to: usize| {
            for piece in self.bytes[fed..to].chunks(size) {
                answers.extend(terminal.feed(piece).answers);
            }
            fed = to;
        };
        for (at, mark) in &self.marks {
            feed(&mut terminal, *at);
            match mark {
                Mark::Size { cols, rows } => terminal.resize(Size::fitted(*rows, *cols)),
                Mark::Looks(name) => seen(name, &mut terminal),
                Mark::Shows(text) => {
                    let screen = plain(&mut terminal);
                    assert!(
                        screen.contains(text),
                        "{}: no {text:?} at {at} in pieces of {size}:\n{screen}",
                        self.name
                    );
                }
            }
        }
        feed(&mut terminal, self.bytes.len());
        (terminal, answers)
    }
}

fn plain(terminal: &mut Terminal) -> String {
    let lines = picture::take(terminal).lines;
    let line = |line: &Line| line.iter().map(|run| run.text.as_str()).collect::<String>();
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The screen as text; under each row that is not plain a row of letters, which are explained at the end.
fn shown(terminal: &mut Terminal) -> String {
    let picture = picture::take(terminal);
    let mut letters: BTreeMap<String, char> = BTreeMap::new();
    let mut all = String::new();
    for line in &picture.lines {
        let text: String = line.iter().map(|run| run.text.as_str()).collect();
        let _ = writeln!(all, "│{text}");
        if line.iter().any(|run| run.style != Style::default()) {
            let _ = writeln!(all, "┆{}", looks(line, &mut letters));
        }
    }
    let _ = writeln!(all, "{:?}", picture.cursor);
    let _ = writeln!(all, "{:?}", picture.modes);
    for (look, letter) in letters {
        let _ = writeln!(all, "{letter}: {look}");
    }
    all
}

fn looks(line: &Line, letters: &mut BTreeMap<String, char>) -> String {
    let mut row = String::new();
    for run in line {
        let next = (b'a' + (letters.len() % 26) as u8) as char;
        let letter = match run.style == Style::default() {
            true => ' ',
            false => *letters.entry(format!("{:?}", run.style)).or_insert(next),
        };
        let cells = unicode_width::UnicodeWidthStr::width(run.text.as_str());
        row.extend(std::iter::repeat_n(letter, cells));
    }
    row
}

#[test]
fn recorded_programs_look_as_they_did() {
    for recording in recordings() {
        let name = &recording.name;
        let (mut terminal, _) = recording.played(usize::MAX, |point, terminal| {
            insta::assert_snapshot!(format!("{name}-{point}"), shown(terminal));
        });
        insta::assert_snapshot!(format!("{name}-80x24"), shown(&mut terminal));
        terminal.resize(Size::fitted(18, 50));
        insta::assert_snapshot!(format!("{name}-50x18"), shown(&mut terminal));
        terminal.resize(Size::fitted(24, 80));
        terminal.resize(Size::fitted(30, 100));
        insta::assert_snapshot!(format!("{name}-100x30"), shown(&mut terminal));
    }
}

#[test]
fn it_does_not_matter_where_output_is_cut() {
    for recording in recordings() {
        let (mut whole, answers) = recording.played(usize::MAX, |_, _| {});
        let wanted = picture::take(&mut whole);
        for size in [1, 2, 3, 7, 61, 4096] {
            let (mut cut, said) = recording.played(size, |_, _| {});
            let name = &recording.name;
            assert!(
                picture::take(&mut cut) == wanted,
                "{name} in pieces of {size}"
            );
            assert_eq!(said, answers, "{name} in pieces of {size}");
        }
    }
}
