//! What real programs wrote to a terminal of 80 by 24, and the screen it makes. Every file `fixtures/*.bytes` is
//! read; a new one needs no more than `cargo insta review` (or `INSTA_UPDATE=always`).
//!
//! Such a file is recorded in a terminal of that size (`script -q -c PROGRAM FILE`, without its first and last
//! line), and is free of names of the machine it was recorded on.

use super::picture;
use super::terminal::{Size, Terminal};
use crate::protocol::{Line, Style};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

fn recordings() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/pty/fixtures");
    let mut found: Vec<_> = (folder.read_dir().unwrap().flatten())
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "bytes"))
        .map(|entry| {
            let name = entry
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
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
    for (name, bytes) in recordings() {
        let mut terminal = Terminal::small(24, 80, 1000);
        terminal.feed(&bytes);
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
    for (name, bytes) in recordings() {
        let mut whole = Terminal::small(24, 80, 1000);
        let answers = whole.feed(&bytes).answers;
        let wanted = picture::take(&mut whole);
        for size in [1, 2, 3, 7, 61, 4096] {
            let mut cut = Terminal::small(24, 80, 1000);
            let mut said = Vec::new();
            for piece in bytes.chunks(size) {
                said.extend(cut.feed(piece).answers);
            }
            assert!(
                picture::take(&mut cut) == wanted,
                "{name} in pieces of {size}"
            );
            assert_eq!(said, answers, "{name} in pieces of {size}");
        }
    }
}
