//! Output that is wrong, or too much: it is shown as well as can be, and memory stays bounded.

use super::block::Block;
use super::picture;
use super::terminal::{Size, Terminal};
use std::time::{Duration, Instant};

const MIB: usize = 1024 * 1024;

/// What the lines of a terminal take in memory, the screen's included.
fn memory(terminal: &Terminal) -> usize {
    let reading = terminal.reading();
    let blocks = reading.pages.iter().filter_map(|page| page.block());
    blocks.map(|block| Block::size(&block)).sum()
}

/// Feeds so many megabytes of something that repeats.
fn flood(terminal: &mut Terminal, piece: &[u8], megabytes: usize) {
    let block = piece.repeat(65_536 / piece.len() + 1);
    let mut left = megabytes * MIB;
    while left > 0 {
        terminal.feed(&block);
        left = left.saturating_sub(block.len());
    }
}

/// That the terminal still works: what is written now is on the screen.
fn works(terminal: &mut Terminal) {
    terminal.feed(b"\x1b\\\x18\x1b[0m\x1b[2J\x1b[Hstill here");
    assert_eq!(picture::text(terminal), "still here");
}

#[test]
fn floods_of_any_kind_take_bounded_memory() {
    let long = "x".repeat(2000);
    let link = format!(
        "\x1b]8;;http://{}/\x1b\\l\x1b]8;;\x1b\\\r\n",
        "y".repeat(30_000)
    );
    let colours: String = (0..500)
        .map(|n| format!("\x1b[38;2;{};{};{}mx", n % 256, n / 2, n % 7))
        .collect();
    let floods: [(&str, &[u8]); 12] = [
        ("no line ends", b"no line ends "),
        ("wide", "表示".as_bytes()),
        ("combining", "\u{301}".as_bytes()),
        ("broken characters", b"\xff\xc3\xe8\xa1\xf0\x9f"),
        ("line ends", b"\r\n"),
        (
            "titles on the stack",
            format!("\x1b]2;{long}\x07\x1b[22t").leak().as_bytes(),
        ),
        ("links", link.leak().as_bytes()),
        ("colours", colours.leak().as_bytes()),
        ("cleared screens", b"x\x1b[99;99Hx\x1b[2J\x1b[99S"),
        ("repeated", b"x\x1b[999b"),
        ("keyboard modes", b"\x1b[>1u"),
        (
            "save and restore",
            b"\x1b7\x1b[?1049h\x1b[?1048h\x1b8\x1b[?1049l",
        ),
    ];
    for (name, piece) in floods {
        let mut terminal = Terminal::small(24, 80, 500);
        flood(&mut terminal, piece, 1);
        let size = memory(&terminal);
        assert!(size < 2 * MIB, "{name}: {size} bytes");
        works(&mut terminal);
    }
}

#[test]
fn strings_that_never_end_are_cut() {
    for begin in [
        "\x1b]0;",
        "\x1b]8;;",
        "\x1b]52;c;",
        "\x1bP",
        "\x1bPq",
        "\x1b_",
        "\x1b^",
        "\x1bX",
        "\x1b]",
        "\x1b[",
    ] {
        let mut terminal = Terminal::small(24, 80, 500);
        terminal.feed(begin.as_bytes());
        flood(&mut terminal, b"0123456789", 3);
        assert!(memory(&terminal) < 2 * MIB, "{begin:?}");
        works(&mut terminal);
    }
}

#[test]
fn a_title_of_ten_megabytes_is_a_short_one() {
    let mut terminal = Terminal::small(24, 80, 500);
    let heard = terminal.feed(format!("\x1b]0;{}\x07text", "t".repeat(1000)).as_bytes());
    assert_eq!(heard.title.map(|title| title.len()), Some(200));
    // The end of one that is too long is text like any other.
    terminal.feed(b"\x1b]0;");
    flood(&mut terminal, b"long title ", 10);
    terminal.feed(b"\x07");
    works(&mut terminal);
}

#[test]
fn broken_characters_are_marked_and_nothing_else_is_lost() {
    for (output, shown) in [
        (&b"a\xffb"[..], "a\u{fffd}b"),
        (b"a\xc3(b", "a\u{fffd}(b"),
        (b"\xe8\xa1x\xf0\x9f\x98y", "\u{fffd}x\u{fffd}y"),
        // Some are controls as single bytes, which do nothing.
        (b"\xed\xa0\x80z", "\u{fffd}\u{fffd}z"),
        (b"\xc0\x80z", "\u{fffd}z"),
        (b"\xe8\x1b[1mx", "\u{fffd}x"),
    ] {
        for cut in 0..=output.len() {
            let mut terminal = Terminal::small(4, 20, 0);
            terminal.feed(&output[..cut]);
            terminal.feed(&output[cut..]);
            let text = picture::text(&mut terminal);
            assert!(
                text.starts_with(shown.chars().next().unwrap()),
                "{output:?} at {cut}: {text:?}"
            );
            assert_eq!(
                text.chars().last(),
                shown.chars().last(),
                "{output:?} at {cut}: {text:?}"
            );
        }
        let mut terminal = Terminal::small(4, 20, 0);
        terminal.feed(output);
        assert_eq!(picture::text(&mut terminal), shown, "{output:?}");
    }
}

#[test]
fn broken_characters_are_not_read_over_and_over() {
    // The parser looks for the next escape after each of them: at a megabyte a second or faster, even here.
    let mut terminal = Terminal::small(24, 80, 100);
    let begun = Instant::now();
    for _ in 0..4 {
        terminal.feed(&vec![0xff; 64 * 1024]);
    }
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn the_narrowest_panes_and_storms_of_sizes_are_borne() {
    let mut terminal = Terminal::small(1, 1, 200);
    for n in 0_u16..400 {
        terminal.feed("表示 text\r\n\x1b[31me\u{301}\x1b[5;5H".as_bytes());
        if n % 3 == 0 {
            terminal.feed(b"\x1b[?1049h\x1b[2J");
        } else if n % 3 == 1 {
            terminal.feed(b"\x1b[?1049l");
        }
        terminal.resize(Size::fitted(n * 7 % 40, n * 13 % 90));
        terminal.scroll(i32::from(n % 5) - 1);
        let picture = picture::take(&mut terminal);
        assert_eq!(picture.lines.len(), usize::from(terminal.size().rows));
        let _ = terminal.reading().text((0, 0), (u64::MAX, 0), n % 2 == 0);
    }
    terminal.resize(Size::fitted(24, 80));
    terminal.feed(b"\x1b[?1049l");
    works(&mut terminal);
}
