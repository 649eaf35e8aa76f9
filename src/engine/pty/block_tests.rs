//! Rows go into a block and come out again, for the same width or another.

use super::block::Block;
use super::picture::MOST_COMBINING;
use super::terminal::Terminal;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::{Cell, Flags};

/// The rows of a grid after some output, and the same rows after they went through a block.
fn through(output: &str, cols: u16) -> (Vec<Vec<Cell>>, Vec<Vec<Cell>>, Block) {
    let mut terminal = Terminal::small(6, cols, 0);
    terminal.feed(output.as_bytes());
    let grid = terminal.term().grid();
    let rows: Vec<Vec<Cell>> = (0..6).map(|row| grid[Line(row)][..].to_vec()).collect();
    let mut block = Block::default();
    rows.iter().for_each(|row| block.push(row));
    let lines = 0..block.entries.len();
    let back = lines.flat_map(|line| block.lay_out(line, cols)).collect();
    (rows, back, block)
}

#[test]
fn rows_come_out_as_they_went_in() {
    for (output, cols) in [
        ("plain\r\n\r\ntext", 20),
        ("a line that wraps twice, at least", 12),
        (
            "\x1b[1;31mred\x1b[0m plain \x1b[48;2;1;2;3mon blue\x1b[0m",
            10,
        ),
        ("表示表示表示", 5),
        ("e\u{301}a\u{308}x", 2),
        ("\x1b[44m\x1b[K\x1b[0m\r\nend", 9),
        (
            "\x1b[4:3;58;5;9mcurly\x1b[0m\x1b]8;;http://x/\x1b\\link\x1b]8;;\x1b\\",
            30,
        ),
        ("exactly ten\r\nrow", 11),
    ] {
        let (rows, back, _) = through(output, cols);
        assert_eq!(rows, back, "{output:?}");
    }
}

#[test]
fn lines_are_laid_out_for_another_width() {
    let (_, _, block) = through("\x1b[31mabc\x1b[0mdef表示ghi\r\nnext", 8);
    assert_eq!(block.line(0).text, "abcdef表示ghi");
    let rows = block.lay_out(0, 7);
    let texts: Vec<String> = rows
        .iter()
        .map(|r| r.iter().map(|c| c.c).collect())
        .collect();
    assert_eq!(texts, ["abcdef ", "表 示 ghi"]);
    assert!(
        rows[0][6]
            .flags
            .contains(Flags::LEADING_WIDE_CHAR_SPACER | Flags::WRAPLINE)
    );
    assert_eq!(
        (block.rows(0, 7), block.rows(0, 80), block.all_rows(7)),
        (2, 1, 6)
    );
}

#[test]
fn a_line_that_never_ends_is_cut_and_noise_is_left_out() {
    let mut block = Block::default();
    let mut row = vec![Cell::default(); 100];
    row[99].flags.insert(Flags::WRAPLINE);
    (0..1000).for_each(|_| block.push(&row));
    assert!(block.entries.len() > 10 && block.entries[0].cells <= 8292);
    let mut odd = vec![Cell::default(); 4];
    odd[0].c = '\t';
    odd[1].c = '\u{202e}';
    odd[2].flags.insert(Flags::WIDE_CHAR);
    (0..1000).for_each(|_| odd[3].push_zerowidth('\u{301}'));
    block.close();
    block.push(&odd);
    let text = block.line(block.entries.len() - 1).text;
    assert_eq!(
        text.chars().filter(|c| *c == '\u{301}').count(),
        MOST_COMBINING
    );
    assert!(text.starts_with("    "));
}
