//! Colours by name and number, and those named to a program that asks. What is drawn are the face's own; programs ask to find out
//! whether the background is dark.

use alacritty_terminal::vte::ansi::NamedColor as N;
use alacritty_terminal::vte::ansi::Rgb;

/// All colours that have a name; the first sixteen by their numbers.
pub const COLORS: [N; 29] = [
    N::Black,
    N::Red,
    N::Green,
    N::Yellow,
    N::Blue,
    N::Magenta,
    N::Cyan,
    N::White,
    N::BrightBlack,
    N::BrightRed,
    N::BrightGreen,
    N::BrightYellow,
    N::BrightBlue,
    N::BrightMagenta,
    N::BrightCyan,
    N::BrightWhite,
    N::Foreground,
    N::Background,
    N::Cursor,
    N::DimBlack,
    N::DimRed,
    N::DimGreen,
    N::DimYellow,
    N::DimBlue,
    N::DimMagenta,
    N::DimCyan,
    N::DimWhite,
    N::BrightForeground,
    N::DimForeground,
];

const FOREGROUND: Rgb = Rgb {
    r: 0xd4,
    g: 0xd4,
    b: 0xd4,
};
const BACKGROUND: Rgb = Rgb {
    r: 0x1e,
    g: 0x1e,
    b: 0x1e,
};

/// The sixteen named colours, as xterm has them.
const NAMED: [(u8, u8, u8); 16] = [
    (0x00, 0x00, 0x00),
    (0xcd, 0x00, 0x00),
    (0x00, 0xcd, 0x00),
    (0xcd, 0xcd, 0x00),
    (0x00, 0x00, 0xee),
    (0xcd, 0x00, 0xcd),
    (0x00, 0xcd, 0xcd),
    (0xe5, 0xe5, 0xe5),
    (0x7f, 0x7f, 0x7f),
    (0xff, 0x00, 0x00),
    (0x00, 0xff, 0x00),
    (0xff, 0xff, 0x00),
    (0x5c, 0x5c, 0xff),
    (0xff, 0x00, 0xff),
    (0x00, 0xff, 0xff),
    (0xff, 0xff, 0xff),
];

/// The colour at an index: 0 to 15 named, 16 to 231 the cube, 232 to 255 grey, 257 the background, all
/// else the foreground.
pub fn default_color(index: usize) -> Rgb {
    let (r, g, b) = match index {
        0..=15 => NAMED[index],
        16..=231 => {
            let step = |n: usize| if n == 0 { 0 } else { (55 + 40 * n) as u8 };
            let cube = index - 16;
            (step(cube / 36), step(cube / 6 % 6), step(cube % 6))
        }
        232..=255 => {
            let grey = (8 + 10 * (index - 232)) as u8;
            (grey, grey, grey)
        }
        257 => return BACKGROUND,
        _ => return FOREGROUND,
    };
    Rgb { r, g, b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_has_a_colour() {
        for (index, (r, g, b)) in [
            (1, (0xcd, 0, 0)),
            (16, (0, 0, 0)),
            (21, (0, 0, 255)),
            (231, (255, 255, 255)),
            (232, (8, 8, 8)),
            (255, (238, 238, 238)),
            (257, (0x1e, 0x1e, 0x1e)),
            (9999, (0xd4, 0xd4, 0xd4)),
        ] {
            assert_eq!(default_color(index), Rgb { r, g, b });
        }
    }
}
