//! Lines that leave the screen keep their numbers and their looks, in memory and on the disk, at any width.

use super::disk::Disk;
use super::past::Past;
use super::picture;
use super::reading::Reading;
use super::terminal::{Size, Terminal};
use std::fmt::Write;

fn with_disk(rows: u16, cols: u16, memory: usize, disk: u64) -> Terminal {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::open(folder.path(), disk).unwrap();
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        0,
        "it has no name"
    );
    Terminal::new(
        Size::fitted(rows, cols),
        Past::new(cols, memory, Some(disk)),
    )
}

/// Feeds and writes to the disk as the threads do.
fn feed(terminal: &mut Terminal, output: &str) {
    for piece in output.as_bytes().chunks(4096) {
        terminal.feed(piece);
        while let Some((disk, slot, block)) = terminal.past().due() {
            let done = disk.write(slot, &block).is_ok();
            terminal.past().written(&block, &disk, slot, done);
        }
    }
}

fn counted(lines: std::ops::Range<u32>) -> String {
    lines.fold(String::new(), |mut all, n| {
        let _ = write!(all, "line {n} \x1b[3{}mcoloured\x1b[0m\r\n", n % 8);
        all
    })
}

/// The first row that is shown, as text.
fn first_shown(terminal: &mut Terminal) -> String {
    let row = picture::take(terminal).lines.remove(0);
    row.iter().map(|run| run.text.as_str()).collect()
}

fn lines_found(reading: &Reading, pattern: &str) -> Vec<u64> {
    let found = reading.find(pattern, 10).unwrap();
    found.matches.iter().map(|m| m.line).collect()
}

#[test]
fn numbers_are_kept_while_lines_scroll_away() {
    let mut terminal = Terminal::small(5, 40, 100);
    feed(&mut terminal, &counted(0..1000));
    assert_eq!((terminal.top(), terminal.oldest()), (996, 896));
    terminal.scroll_to(950);
    assert_eq!(first_shown(&mut terminal), "line 950 coloured");
    let shown = picture::take(&mut terminal);
    assert_eq!((shown.top, shown.scrolled, shown.history), (950, 46, 100));
    feed(&mut terminal, &counted(1000..1020));
    assert_eq!(
        first_shown(&mut terminal),
        "line 950 coloured",
        "the view stays"
    );
    feed(&mut terminal, &counted(1020..2000));
    assert_eq!(
        first_shown(&mut terminal),
        "line 1896 coloured",
        "or as near as can be"
    );
    terminal.scroll(10);
    assert_eq!(terminal.view(), Some(1896));
    terminal.scroll(-3);
    assert_eq!(terminal.view(), Some(1899));
    terminal.scroll(-1000);
    assert_eq!(terminal.view(), None);
    assert_eq!(first_shown(&mut terminal), "line 1996 coloured");
}

#[test]
fn lines_on_the_disk_are_scrolled_to_found_and_copied() {
    let mut terminal = with_disk(5, 40, 100, 1 << 20);
    feed(&mut terminal, &counted(0..20_000));
    let (top, oldest) = (terminal.top(), terminal.oldest());
    assert_eq!((top, oldest), (19_996, 0));
    for line in [0, 1, 9_999, 19_000, 19_995] {
        terminal.scroll_to(line);
        assert_eq!(first_shown(&mut terminal), format!("line {line} coloured"));
    }
    let reading = terminal.reading();
    assert_eq!(lines_found(&reading, "line 123 "), [123]);
    assert_eq!(lines_found(&reading, "line 19999"), [19_999]);
    assert_eq!(
        reading.text((77, 0), (78, 7), false),
        "line 77 coloured\nline 78"
    );
    // Half the width: each of the longer lines is two rows.
    terminal.resize(Size::fitted(5, 16));
    let wrapped = terminal.top();
    let reading = terminal.reading();
    let place = lines_found(&reading, "line 123 ")[0];
    let copied = reading.text((place, 0), (place + 3, 15), false);
    assert_eq!(copied, "line 123 coloured\nline 124 coloured");
    terminal.scroll_to(place);
    assert_eq!(first_shown(&mut terminal), "line 123 coloure");
    assert!(wrapped > top && terminal.reflow() > 0);
}

#[test]
fn the_file_is_written_around_and_never_grows_beyond_its_limit() {
    let mut terminal = with_disk(5, 40, 50, 100 * 1024);
    feed(&mut terminal, &counted(0..30_000));
    let oldest = terminal.oldest();
    assert!((20_000..29_900).contains(&oldest), "{oldest}");
    for line in [oldest, oldest + 700, 29_000] {
        terminal.scroll_to(line);
        assert_eq!(first_shown(&mut terminal), format!("line {line} coloured"));
    }
    let reading = terminal.reading();
    let all = reading.text((oldest, 0), (29_999, 39), false);
    assert_eq!(all.lines().count() as u64, 30_000 - oldest);
    // What is overwritten while it is read is left out, not made up.
    feed(&mut terminal, &counted(30_000..60_000));
    let found = reading.find("line", 100_000).unwrap();
    assert!(found.matches.len() < 3_000, "{}", found.matches.len());
}

#[test]
fn a_new_width_lays_out_all_lines_anew() {
    let text =
        "0123456789abcdefghij表示表示表示 e\u{301}nd \x1b[1;32mbold\x1b[0m tail\r\nshort\r\n";
    let mut terminal = Terminal::small(4, 20, 1000);
    feed(&mut terminal, &text.repeat(50));
    let plain = terminal.reading().text((0, 0), (u64::MAX, 0), false);
    for (rows, cols) in [
        (4, 7),
        (9, 33),
        (2, 5),
        (30, 11),
        (4, 2),
        (50, 200),
        (4, 20),
    ] {
        terminal.resize(Size::fitted(rows, cols));
        let reading = terminal.reading();
        assert_eq!(
            reading.text((0, 0), (u64::MAX, 0), false),
            plain,
            "{rows}x{cols}"
        );
        // Each number leads to the row that has it.
        for place in reading.find("short", 1000).unwrap().matches {
            terminal.scroll_to(place.line);
            let shown = picture::take(&mut terminal);
            let row = &shown.lines[(place.line - shown.top) as usize];
            let row: String = row.iter().map(|run| run.text.as_str()).collect();
            assert!(
                row.starts_with(&"short"[..5.min(usize::from(cols))]),
                "{row:?}"
            );
        }
        terminal.scroll(i32::MIN);
    }
    assert_eq!(terminal.top(), 50 * 4 - 3, "as before the first of them");
    assert!(picture::text(&mut terminal).ends_with("tail\nshort"));
}

#[test]
fn the_screen_takes_lines_back_when_it_grows() {
    let mut terminal = Terminal::small(4, 20, 1000);
    feed(&mut terminal, &counted(0..100));
    terminal.feed(b"prompt $ ");
    terminal.resize(Size::fitted(10, 20));
    let shown = picture::take(&mut terminal);
    assert_eq!(
        picture::text(&mut terminal).lines().next(),
        Some("line 91 coloured")
    );
    let cursor = shown.cursor.unwrap();
    assert_eq!((cursor.row, cursor.col, terminal.top()), (9, 9, 91));
    // While a full-screen program runs, the screen below it is laid out as well.
    terminal.feed(b"\x1b[?1049h\x1b[Hfull screen");
    terminal.resize(Size::fitted(20, 40));
    assert_eq!(picture::text(&mut terminal), "full screen");
    assert_eq!(terminal.oldest(), terminal.top(), "nothing to scroll to");
    terminal.feed(b"\x1b[?1049l");
    assert_eq!(
        picture::text(&mut terminal).lines().next(),
        Some("line 81 coloured")
    );
    assert!(picture::text(&mut terminal).ends_with("line 99 coloured\nprompt $"));
}

#[test]
fn a_cleared_history_is_gone() {
    for clear in ["\x1b[3J", "\x1bc"] {
        let mut terminal = with_disk(5, 40, 50, 1 << 20);
        feed(&mut terminal, &counted(0..1000));
        let before = terminal.reflow();
        feed(&mut terminal, clear);
        assert_eq!(terminal.oldest(), terminal.top(), "{clear:?}");
        assert!(terminal.reflow() > before);
        assert_eq!(lines_found(&terminal.reading(), "line 12 "), [0; 0]);
        feed(&mut terminal, &counted(0..100));
        assert!(terminal.top() - terminal.oldest() >= 90);
    }
}

#[test]
fn whole_screens_that_are_pushed_off_are_kept() {
    let mut terminal = Terminal::small(60, 20, 5000);
    for n in 0..40 {
        terminal.feed(format!("\x1b[60;1Hscreen {n}\x1b[2J").as_bytes());
        terminal.feed(format!("\x1b[Hagain {n}\x1b[60S").as_bytes());
    }
    let reading = terminal.reading();
    assert_eq!(reading.find("screen", 100).unwrap().matches.len(), 40);
    assert_eq!(reading.find("again", 100).unwrap().matches.len(), 40);
}
