//! What stands between the parser and the emulation changes nothing that is seen.

use super::terminal::{Listener, Size, Terminal};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::{Config, Osc52, Term};
use alacritty_terminal::vte::ansi::Processor;

/// Numbers that look random, the same in every run.
struct Dice(u32);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % n
    }

    fn piece(&mut self) -> String {
        let n = self.below(12) + 1;
        match self.below(27) {
            0..=7 => "The quick brown fox jumps over it. "[..n as usize * 2].to_owned(),
            8 => "表示😀한"[..].chars().take(n as usize % 4 + 1).collect(),
            9 => "e\u{301}\u{308}\u{200b}".to_owned(),
            10 => "\r\n".to_owned(),
            11 => "\n\t".to_owned(),
            12 => format!("\x1b[{};{}H", self.below(9), self.below(25)),
            13 => {
                let looks = [
                    "",
                    "0",
                    "1",
                    "4",
                    "7;31",
                    "42;97",
                    "22;24;27",
                    "38;5;200",
                    "48;2;1;2;3;1",
                    "39;49",
                    "4:3",
                    "38:2::1:2:3",
                    "58;5;1",
                    "38;5",
                    "0;38;2;300;1;1",
                    "90;100;3",
                    ";",
                    "1;;31",
                    ">4;1",
                    "?4",
                ];
                format!("\x1b[{}m", looks[self.below(20) as usize])
            }
            23 => ["\x1b[b", "\x1b[3b", "\x1b[0b", "\x1b[40b"][self.below(4) as usize].to_owned(),
            24 => "\u{85}é·\u{9b}31mé\u{a0}"[..]
                .chars()
                .skip(n as usize % 5)
                .collect(),
            25 => [
                "\x1b]0;title\x07",
                "\x1bPq#0\x1b\\",
                "\x1b[1",
                "\x1b[12\x1b[3m",
                "\x1b[\n3m",
            ][self.below(5) as usize]
                .to_owned(),
            14 => format!(
                "\x1b[{n}{}",
                ["A", "B", "C", "D", "X", "P", "@", "L", "M"][self.below(9) as usize]
            ),
            15 => format!(
                "\x1b[{}{}",
                self.below(4),
                ["J", "K"][self.below(2) as usize]
            ),
            16 => format!("\x1b[{};{}r", self.below(4) + 1, self.below(5) + 4),
            17 => format!("\x1b[{n}{}", ["S", "T"][self.below(2) as usize]),
            18 => ["\x1b[4h", "\x1b[4l", "\x1b[4l"][self.below(3) as usize].to_owned(),
            19 => ["\x1b[?7l", "\x1b[?7h", "\x1b[?7h"][self.below(3) as usize].to_owned(),
            20 => ["\x1b(0", "\x1b(B", "\x1b)0\x0e", "\x0f"][self.below(4) as usize].to_owned(),
            21 => ["\x1b7", "\x1b8", "\x1bM", "\x1bD", "\x1bE"][self.below(5) as usize].to_owned(),
            22 => ["\x1b[?1049h", "\x1b[?1049l", "\x08", "\x1b[?6h", "\x1b[?6l"]
                [self.below(5) as usize]
                .to_owned(),
            _ => format!("\x1b]8;;http://x/{n}\x1b\\a\x1b]8;;\x1b\\"),
        }
    }
}

#[test]
fn the_screen_is_what_the_bare_emulation_would_show() {
    for seed in 0..150 {
        let mut dice = Dice(seed);
        let size = Size::fitted(8, 12 + seed as u16 % 13);
        let config = Config {
            scrolling_history: 0,
            osc52: Osc52::Disabled,
            ..Config::default()
        };
        let mut bare = Term::new(config, &size, Listener::default());
        let mut parser: Processor = Processor::new();
        let mut ours = Terminal::small(8, size.cols, 100);
        let mut fed = String::new();
        for _ in 0..120 {
            let many = dice.below(6) + 1;
            let piece: String = (0..many).map(|_| dice.piece()).collect();
            fed.push_str(&piece);
            parser.advance(&mut bare, piece.as_bytes());
            ours.feed(piece.as_bytes());
            assert_eq!(
                ours.term().grid().cursor.point,
                bare.grid().cursor.point,
                "{fed:?}"
            );
            for row in 0..8 {
                let (here, there) = (&ours.term().grid()[Line(row)], &bare.grid()[Line(row)]);
                let cells = here[..].iter().zip(&there[..]);
                for (here, there) in cells {
                    let look = |c: &alacritty_terminal::term::cell::Cell| {
                        let link = c.hyperlink().map(|l| l.uri().to_owned());
                        (
                            c.c,
                            c.fg,
                            c.bg,
                            c.flags,
                            // Further ones are left out.
                            c.zerowidth().map(|z| z[..z.len().min(8)].to_vec()),
                            link,
                        )
                    };
                    assert_eq!(look(here), look(there), "row {row}: {fed:?}");
                }
            }
        }
    }
}
