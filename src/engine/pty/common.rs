//! The common part of a terminal's output, read without the parser: text, line ends and colours. What it does
//! is what the parser and the emulation would have done; all else is left to them.

use super::keeper::Keeper;
use super::palette::COLORS;
use super::passing;
use alacritty_terminal::vte::ansi::{Attr, Color, Handler, NamedColor, Rgb};

/// Numbers in one sequence of attributes that are read here.
const MOST_NUMBERS: usize = 16;

/// How far output was read, and what comes next.
pub enum Next<'a> {
    /// Everything was read.
    Nothing,
    /// A control sequence that is whole, and what lies behind it. The parser is to read it.
    Sequence(&'a [u8], &'a [u8]),
    /// Something else.
    Other(&'a [u8]),
}

/// Reads output from its beginning, while the parser is between sequences.
pub fn read<'a>(keeper: &mut Keeper<'_>, mut output: &'a [u8]) -> Next<'a> {
    while let Some(&first) = output.first() {
        match first {
            b' '..=b'~' => {
                let (text, rest) = output.split_at(printable::<false>(output));
                keeper.text(text);
                output = rest;
            }
            b'\r' => {
                keeper.carriage_return();
                output = &output[1..];
            }
            b'\n' => {
                keeper.linefeed();
                output = &output[1..];
                output = &output[passing::read(keeper, output)..];
            }
            0x1b => {
                let Some(length) = sequence(output) else {
                    return Next::Other(output);
                };
                let (sequence, rest) = output.split_at(length);
                if !attributes(keeper, &sequence[2..]) && !place(keeper, &sequence[2..]) {
                    return Next::Sequence(sequence, rest);
                }
                output = rest;
            }
            0xc2..=0xf4 => match character(output) {
                // The parser knows what to do with C1 controls, and with what is cut off or broken.
                Some((c @ '\u{a0}'.., length)) => {
                    keeper.glyph(c);
                    output = &output[length..];
                }
                _ => return Next::Other(output),
            },
            _ => return Next::Other(output),
        }
    }
    Next::Nothing
}

/// The character of several bytes at the beginning, and how many bytes it has, if it is whole and right.
fn character(output: &[u8]) -> Option<(char, usize)> {
    let further = |at: usize| {
        let byte = *output.get(at)?;
        (byte & 0xc0 == 0x80).then_some(u32::from(byte & 0x3f))
    };
    let first = u32::from(*output.first()?);
    let (code, length, least) = match first {
        0xc2..=0xdf => ((first & 0x1f) << 6 | further(1)?, 2, 0x80),
        0xe0..=0xef => (
            (first & 0xf) << 12 | further(1)? << 6 | further(2)?,
            3,
            0x800,
        ),
        0xf0..=0xf4 => {
            let low = further(1)? << 12 | further(2)? << 6 | further(3)?;
            ((first & 7) << 18 | low, 4, 0x1_0000)
        }
        _ => return None,
    };
    let c = char::from_u32(code).filter(|_| code >= least)?;
    Some((c, length))
}

/// The length of the control sequence at the beginning, if it is whole and nothing odd is within it.
pub fn sequence(output: &[u8]) -> Option<usize> {
    let inside = output.strip_prefix(b"\x1b[")?;
    let last = inside.iter().position(|b| !matches!(b, 0x20..=0x3f))?;
    matches!(inside[last], 0x40..=0x7e).then_some(last + 3)
}

/// How many bytes at the beginning are no ASCII control characters.
pub fn text(output: &[u8]) -> usize {
    printable::<true>(output)
}

/// How many bytes at the beginning are printable ASCII, or with `BEYOND` bytes that are not ASCII.
fn printable<const BEYOND: bool>(output: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let fits = |byte: u8| matches!(byte, b' '..=b'~') || (BEYOND && byte >= 0x80);
    let mut at = 0;
    // Eight bytes at a time: a high bit tells of a byte below the space, of 0x7f, and of one beyond ASCII.
    while let Some(eight) = output.get(at..at + 8) {
        let word = u64::from_le_bytes(eight.try_into().unwrap_or_default());
        let low = word & !HIGH;
        let printable = (low + ONES * 0x60) & !(low + ONES) & HIGH;
        let others = match BEYOND {
            true => !printable & !word & HIGH,
            false => (!printable | word) & HIGH,
        };
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = &output[at..];
    at + (rest.iter().position(|byte| !fits(*byte))).unwrap_or(rest.len())
}

/// The numbers before the letter of a control sequence, and how many there are, if there is nothing else.
fn numbers(text: &[u8]) -> Option<([u16; MOST_NUMBERS], usize)> {
    let mut numbers = [0_u16; MOST_NUMBERS];
    let mut count = 1;
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                let digit = u16::from(byte - b'0');
                numbers[count - 1] = (numbers[count - 1].saturating_mul(10)).saturating_add(digit);
            }
            b';' if count < MOST_NUMBERS => count += 1,
            _ => return None,
        }
    }
    Some((numbers, count))
}

/// Moves the cursor or clears what is right of it, as what stands behind `CSI` says. `false`: it says something
/// else; nothing was done.
fn place(keeper: &mut Keeper<'_>, sequence: &[u8]) -> bool {
    let Some((&letter, text)) = sequence.split_last() else {
        return false;
    };
    match (letter, numbers(text)) {
        (b'H', Some((numbers, 1 | 2))) => {
            let [row, column] = [numbers[0].max(1), numbers[1].max(1)];
            keeper.goto(i32::from(row) - 1, usize::from(column) - 1);
            true
        }
        (b'K', Some((numbers, 1))) if numbers[0] == 0 => {
            keeper.clear_right();
            true
        }
        _ => false,
    }
}

/// Takes colours and the like from what stands behind `CSI`. `false`: it says something else, or something that
/// is rarely said; nothing was done.
pub fn attributes(handler: &mut impl Handler, sequence: &[u8]) -> bool {
    let Some((b'm', text)) = sequence.split_last() else {
        return false;
    };
    let Some((numbers, count)) = numbers(text) else {
        return false;
    };
    // First all of it is understood, then it is done.
    let mut left = &numbers[..count];
    let mut understood = [const { Attr::Reset }; MOST_NUMBERS];
    let mut all = 0;
    while let Some((attr, used)) = attribute(left) {
        understood[all] = attr;
        all += 1;
        left = &left[used..];
    }
    if !left.is_empty() {
        return false;
    }
    for attr in understood.into_iter().take(all) {
        handler.terminal_attribute(attr);
    }
    true
}

/// The attribute at the beginning, and how many numbers it takes.
fn attribute(numbers: &[u16]) -> Option<(Attr, usize)> {
    let attr = match *numbers.first()? {
        0 => Attr::Reset,
        1 => Attr::Bold,
        2 => Attr::Dim,
        3 => Attr::Italic,
        4 => Attr::Underline,
        7 => Attr::Reverse,
        22 => Attr::CancelBoldDim,
        23 => Attr::CancelItalic,
        24 => Attr::CancelUnderline,
        27 => Attr::CancelReverse,
        n @ 30..=37 => Attr::Foreground(named(n - 30)?),
        n @ 90..=97 => Attr::Foreground(named(n - 90 + 8)?),
        n @ 40..=47 => Attr::Background(named(n - 40)?),
        n @ 100..=107 => Attr::Background(named(n - 100 + 8)?),
        39 => Attr::Foreground(Color::Named(NamedColor::Foreground)),
        49 => Attr::Background(Color::Named(NamedColor::Background)),
        n @ (38 | 48) => {
            let byte = |at: usize| u8::try_from(*numbers.get(at)?).ok();
            let (color, used) = match numbers.get(1)? {
                5 => (Color::Indexed(byte(2)?), 3),
                2 => {
                    let (r, g, b) = (byte(2)?, byte(3)?, byte(4)?);
                    (Color::Spec(Rgb { r, g, b }), 5)
                }
                _ => return None,
            };
            let attr = match n {
                38 => Attr::Foreground(color),
                _ => Attr::Background(color),
            };
            return Some((attr, used));
        }
        _ => return None,
    };
    Some((attr, 1))
}

/// One of the sixteen.
fn named(number: u16) -> Option<Color> {
    COLORS[..16]
        .get(usize::from(number))
        .copied()
        .map(Color::Named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_what_the_standard_library_takes_for_them() {
        for c in ('\u{80}'..=char::MAX).step_by(7) {
            let mut bytes = [0; 5];
            let length = c.encode_utf8(&mut bytes).len();
            assert_eq!(character(&bytes), Some((c, length)), "{c:?}");
            assert_eq!(character(&bytes[..length - 1]), None, "{c:?} cut off");
        }
        for first in 0x80..=0xff_u8 {
            for second in (0..=0xff_u8).step_by(3) {
                for rest in [[0x80, 0x80], [0xbf, 0xbf], [0x80, 0x41]] {
                    let bytes = [first, second, rest[0], rest[1]];
                    let valid = (1..=4).find_map(|n| std::str::from_utf8(&bytes[..n]).ok());
                    let wanted = valid.and_then(|text| Some((text.chars().next()?, text.len())));
                    assert_eq!(character(&bytes), wanted, "{bytes:?}");
                }
            }
        }
    }
}
