//! A block of lines as bytes in a file. Nothing read back is trusted: a record that was overwritten while it
//! was read, or is damaged, is none.

use super::block::{Block, Entry, Stretch};
use super::palette::COLORS;
use alacritty_terminal::term::cell::{Cell, Flags, Hyperlink};
use alacritty_terminal::vte::ansi::{Color, Rgb};

/// Serial number, checksum, and the four counts.
const HEAD: usize = 8 + 8 + 4 * 4;
const ENTRY: usize = 4 + 4 + 4 + 1;
const STRETCH: usize = 2 + 2;
/// Two colours, flags, the colour of the underline, and the lengths of a link's name and address.
const LOOK: usize = 4 + 4 + 2 + 4 + 2 + 2;

/// How many bytes a block takes.
pub fn length(block: &Block) -> usize {
    let links = block.looks.iter().filter_map(Cell::hyperlink);
    HEAD + block.entries.len() * ENTRY
        + block.runs.len() * STRETCH
        + block.looks.len() * LOOK
        + links.map(|l| l.id().len() + l.uri().len()).sum::<usize>()
        + block.text.len()
}

pub fn encode(block: &Block, serial: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length(block));
    bytes.extend(serial.to_le_bytes());
    bytes.extend([0; 8]);
    for count in [
        block.entries.len(),
        block.runs.len(),
        block.looks.len(),
        block.text.len(),
    ] {
        bytes.extend((count as u32).to_le_bytes());
    }
    for entry in &block.entries {
        bytes.extend(entry.text.to_le_bytes());
        bytes.extend(entry.runs.to_le_bytes());
        bytes.extend(entry.cells.to_le_bytes());
        bytes.push(entry.wide.into());
    }
    for run in &block.runs {
        bytes.extend(run.cells.to_le_bytes());
        bytes.extend(run.look.to_le_bytes());
    }
    for look in &block.looks {
        bytes.extend(color_bytes(Some(look.fg)));
        bytes.extend(color_bytes(Some(look.bg)));
        bytes.extend(look.flags.bits().to_le_bytes());
        bytes.extend(color_bytes(look.underline_color()));
        let link = look.hyperlink();
        let (id, uri) = link.as_ref().map_or(("", ""), |l| (l.id(), l.uri()));
        bytes.extend((id.len() as u16).to_le_bytes());
        bytes.extend((uri.len() as u16).to_le_bytes());
        bytes.extend(id.bytes().chain(uri.bytes()));
    }
    bytes.extend(block.text.bytes());
    let sum = checksum(&bytes[16..]);
    bytes[8..16].copy_from_slice(&sum.to_le_bytes());
    bytes
}

pub fn decode(bytes: &[u8], serial: u64) -> Option<Block> {
    let mut rest = Rest(bytes);
    if rest.number(8)? != serial || rest.number(8)? != checksum(bytes.get(16..)?) {
        return None;
    }
    let mut count = || rest.number(4).map(|n| n as usize);
    let (entries, runs, looks, text) = (count()?, count()?, count()?, count()?);
    let entry = |rest: &mut Rest| {
        Some(Entry {
            text: rest.number(4)? as u32,
            runs: rest.number(4)? as u32,
            cells: rest.number(4)? as u32,
            wide: rest.number(1)? == 1,
        })
    };
    let entries: Option<Vec<Entry>> = (0..entries).map(|_| entry(&mut rest)).collect();
    let run = |rest: &mut Rest| {
        Some(Stretch {
            cells: rest.number(2)? as u16,
            look: rest.number(2)? as u16,
        })
    };
    let runs: Option<Vec<Stretch>> = (0..runs).map(|_| run(&mut rest)).collect();
    let looks: Option<Vec<Cell>> = (0..looks).map(|_| look(&mut rest)).collect();
    let text = std::str::from_utf8(rest.take(text)?).ok()?;
    Block::checked(text.to_owned(), entries?, runs?, looks?)
}

fn look(rest: &mut Rest) -> Option<Cell> {
    let mut look = Cell {
        fg: color(rest.number(4)?)?,
        bg: color(rest.number(4)?)?,
        flags: Flags::from_bits_truncate(rest.number(2)? as u16),
        ..Cell::default()
    };
    if let Some(color) = color(rest.number(4)?) {
        look.set_underline_color(Some(color));
    }
    let (id, uri) = (rest.number(2)? as usize, rest.number(2)? as usize);
    let id = std::str::from_utf8(rest.take(id)?).ok()?;
    let uri = std::str::from_utf8(rest.take(uri)?).ok()?;
    if !uri.is_empty() {
        look.set_hyperlink(Some(Hyperlink::new(Some(id), uri.to_owned())));
    }
    Some(look)
}

fn color_bytes(color: Option<Color>) -> [u8; 4] {
    match color {
        None => [0; 4],
        Some(Color::Indexed(index)) => [1, index, 0, 0],
        Some(Color::Spec(Rgb { r, g, b })) => [2, r, g, b],
        Some(Color::Named(named)) => {
            let [low, high] = (named as u16).to_le_bytes();
            [3, low, high, 0]
        }
    }
}

fn color(number: u64) -> Option<Color> {
    let [kind, a, b, c] = (number as u32).to_le_bytes();
    match kind {
        1 => Some(Color::Indexed(a)),
        2 => Some(Color::Spec(Rgb { r: a, g: b, b: c })),
        3 => {
            let wanted = u16::from_le_bytes([a, b]);
            let named = COLORS.into_iter().find(|n| *n as u16 == wanted)?;
            Some(Color::Named(named))
        }
        _ => None,
    }
}

/// Bytes that are not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of so many bytes, at most eight.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let mut number = [0; 8];
        number[..bytes].copy_from_slice(self.take(bytes)?);
        Some(u64::from_le_bytes(number))
    }
}

/// A sum that changes with any byte (after FNV-1a, eight bytes at a time).
fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |word: u64| {
        sum = (sum ^ word)
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(23)
    };
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        mix(u64::from_le_bytes(word.try_into().unwrap_or_default()));
    }
    words
        .remainder()
        .iter()
        .for_each(|byte| mix(u64::from(*byte)));
    mix(bytes.len() as u64);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use alacritty_terminal::vte::ansi::NamedColor;

    fn block() -> Block {
        let mut terminal = super::super::terminal::Terminal::small(4, 30, 0);
        terminal.feed(
            "plain\r\n\x1b[1;38;5;9mred\x1b[0m 表示 e\u{301}\r\n\x1b[4:3;58;2;1;2;3mcurl\x1b[0m\r\n\
             \x1b]8;id=a;http://example.org/\x1b\\link\x1b]8;;\x1b\\"
                .as_bytes(),
        );
        let mut block = Block::default();
        for row in 0..4 {
            block.push(&terminal.term().grid()[alacritty_terminal::index::Line(row)][..]);
        }
        block.close();
        block
    }

    #[test]
    fn a_block_comes_back_as_it_was() {
        let block = block();
        let bytes = encode(&block, 7);
        assert_eq!(bytes.len(), length(&block));
        assert_eq!(decode(&bytes, 7), Some(block));
        assert_eq!(decode(&bytes, 8), None, "another one");
    }

    #[test]
    fn damage_is_seen() {
        let bytes = encode(&block(), 7);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x20;
            assert_eq!(decode(&damaged, 7), None, "byte {at}");
            assert_eq!(decode(&bytes[..at], 7), None);
        }
        // With a right sum, but nonsense in it.
        let mut nonsense = bytes;
        nonsense[HEAD..HEAD + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        let sum = checksum(&nonsense[16..]);
        nonsense[8..16].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(decode(&nonsense, 7), None);
    }

    #[test]
    fn every_colour_comes_back() {
        let mut colors: Vec<Option<Color>> = (0..=255).map(|i| Some(Color::Indexed(i))).collect();
        colors.push(Some(Color::Spec(Rgb { r: 1, g: 2, b: 3 })));
        colors.extend([
            Some(Color::Named(NamedColor::Foreground)),
            Some(Color::Named(NamedColor::BrightWhite)),
            Some(Color::Named(NamedColor::DimForeground)),
            None,
        ]);
        for wanted in colors {
            let number = u32::from_le_bytes(color_bytes(wanted));
            assert_eq!(color(number.into()), wanted);
        }
    }
}
