//! Lines that pass are kept, and leave the screen, as if each had been shown.

use super::past::Past;
use super::picture;
use super::terminal::{Listener, Size, Terminal};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::Cell;
use alacritty_terminal::term::{Config, Term};
use alacritty_terminal::vte::ansi::Processor;

/// Numbers that look random, the same in every run.
struct Dice(u32);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % n
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// Something that may stand in a line; one time in `rare` it is something that lets no line pass.
    fn piece(&mut self, rare: usize) -> &'static str {
        if self.below(rare) == 0 {
            return self.one_of(&[
                "\t",
                "\x1b[2;9H",
                "\n",
                "\r",
                "\x1b[K",
                "\x1b[4h",
                "\x1b[4l",
                "\x1b[2;5r",
                "\x1b[r",
                "\x1b]8;;http://x/\x1b\\",
                "\x1b]8;;\x1b\\",
                "\x1b[58;5;1m",
                "\x1b[?1049h",
                "\x1b[?1049l",
                "\x1b[3b",
                "\x1b[A",
                "\x1b[2J",
                "\x1bM",
                "\x07",
                "\x7f",
                "\u{85}",
                "\u{9b}31m",
                "\x1b(0",
                "\x1b(B",
                "\x1b[?7l",
                "\x1b[?7h",
                "\u{202e}",
                "\x1b[44m\r\n",
                "\x1b7",
                "\x1b8",
                "\x1b[L",
                "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
                "\u{301}",
            ]);
        }
        self.one_of(&[
            "word ",
            "The quick brown fox ",
            "x",
            "      ",
            "表示",
            "e\u{301}",
            "😀",
            "é ",
            "──┤",
            "\u{a0}",
            "\x1b[0m",
            "\x1b[m",
            "\x1b[1m",
            "\x1b[31m",
            "\x1b[38;5;9;1m",
            "\x1b[48;2;1;2;3mon\x1b[0m",
            "\x1b[7m  \x1b[0m",
            "\x1b[4m ",
            "\x1b[49m",
            "\x1b[0m",
            "\x1b[9m-\x1b[0m",
        ])
    }

    fn output(&mut self, lines: usize, rare: usize) -> String {
        let mut all = String::new();
        for _ in 0..lines {
            for _ in 0..self.below(6) {
                all.push_str(self.piece(rare));
            }
            all.push_str(["\x1b[0m\r\n", "\r\n", "\r\r\n"][self.below(3)]);
        }
        all
    }
}

fn look(cell: &Cell) -> impl PartialEq + std::fmt::Debug + use<> {
    let zerowidth = cell.zerowidth().unwrap_or_default();
    let link = cell.hyperlink().map(|link| link.uri().to_owned());
    let zerowidth: Vec<char> = zerowidth.iter().take(8).copied().collect();
    (
        cell.c,
        cell.fg,
        cell.bg,
        cell.flags,
        zerowidth,
        link,
        cell.underline_color(),
    )
}

fn screen(
    grid: &alacritty_terminal::grid::Grid<Cell>,
    rows: u16,
) -> Vec<Vec<impl PartialEq + std::fmt::Debug + use<>>> {
    let row = |row: u16| grid[Line(row.into())][..].iter().map(look).collect();
    (0..rows).map(row).collect()
}

/// The lines above the screen: the number of the first, and the rows of each.
fn past(
    terminal: &Terminal,
    cols: u16,
) -> (u64, Vec<Vec<Vec<impl PartialEq + std::fmt::Debug + use<>>>>) {
    let reading = terminal.reading();
    let mut lines = Vec::new();
    for page in &reading.pages {
        let block = page.block().unwrap();
        for line in 0..block.entries.len() {
            let rows = block.lay_out(line, cols);
            lines.push(
                rows.iter()
                    .map(|row| row.iter().map(look).collect())
                    .collect(),
            );
        }
    }
    (reading.pages[0].first, lines)
}

#[test]
fn all_is_as_if_every_line_had_been_shown() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let (rows, cols) = (2 + dice.below(9) as u16, 8 + dice.below(60) as u16);
        let rare = [50, 400, 4000, usize::MAX][seed as usize % 4];
        let many =
            |_: usize| Terminal::new(Size::fitted(rows, cols), Past::new(cols, 1 << 20, None));
        let (mut whole, mut cut) = (many(0), many(1));
        let config = Config {
            scrolling_history: 0,
            ..Config::default()
        };
        let mut bare = Term::new(config, &Size::fitted(rows, cols), Listener::default());
        let mut parser: Processor = Processor::new();
        for _ in 0..3 {
            let lines = 300 + dice.below(1500);
            let output = dice.output(lines, rare);
            whole.feed(output.as_bytes());
            // Too little at once for any line to pass; no character is cut in two.
            output
                .split_inclusive('\n')
                .for_each(|piece| drop(cut.feed(piece.as_bytes())));
            parser.advance(&mut bare, output.as_bytes());
            let at = |t: &Terminal| {
                (
                    t.term().grid().cursor.point,
                    t.term().grid().cursor.input_needs_wrap,
                )
            };
            assert_eq!(at(&whole), at(&cut), "seed {seed}");
            assert_eq!(at(&whole).0, bare.grid().cursor.point, "seed {seed}");
            assert_eq!(
                look(&whole.term().grid().cursor.template),
                look(&bare.grid().cursor.template)
            );
            assert_eq!(
                screen(whole.term().grid(), rows),
                screen(bare.grid(), rows),
                "seed {seed}"
            );
            assert_eq!(whole.top(), cut.top(), "seed {seed}");
            let (here, there) = (past(&whole, cols), past(&cut, cols));
            assert_eq!(here.0, there.0);
            for (n, (here, there)) in here.1.iter().zip(&there.1).enumerate() {
                assert_eq!(here, there, "seed {seed}, line {n}");
            }
            assert_eq!(here.1.len(), there.1.len(), "seed {seed}");
        }
    }
}

#[test]
fn what_passes_is_numbered_and_the_limit_holds() {
    let mut terminal = Terminal::small(5, 40, 100);
    let output: String = (0..5000)
        .map(|n| format!("line {n} \x1b[1mbold\x1b[0m\r\n"))
        .collect();
    terminal.feed(output.as_bytes());
    assert_eq!((terminal.top(), terminal.oldest()), (4996, 4896));
    assert!(picture::text(&mut terminal).starts_with("line 4996 bold\nline 4997"));
    terminal.scroll_to(4900);
    assert!(picture::text(&mut terminal).starts_with("line 4900 bold"));
}
