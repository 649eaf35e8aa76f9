//! Lines that come and leave the screen again within one piece of output: they go straight to the past as text,
//! and never are cells. The last lines of the piece, a screen full, are left to be shown; so all is as if every
//! line had been.

use super::block::Block;
use super::common;
use super::keeper::Keeper;
use super::layout;
use super::picture::{MOST_COMBINING, is_shown};
use super::terminal::Listener;
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::Cell;
use alacritty_terminal::term::{Term, TermMode};
use alacritty_terminal::vte::ansi::{Color, NamedColor};
use std::collections::VecDeque;

/// Less output than this is not looked through.
const WORTH_TRYING: usize = 8 * 1024;

/// Where a line began that has passed, and how its first character would have looked.
struct Began {
    at: usize,
    template: Cell,
}

/// Reads lines from the beginning of `output`, which is at the beginning of a line; says how many bytes. What is
/// behind them is to be read as usual. Without two screens full of lines that are nothing but text and colours,
/// nothing is read.
pub fn read(keeper: &mut Keeper<'_>, output: &[u8]) -> usize {
    if output.len() < WORTH_TRYING || output.len() > keeper.passing_from || !may_pass(keeper) {
        return 0;
    }
    let rows = keeper.term.screen_lines();
    let before = keeper.term.grid().cursor.template.clone();
    let mut last = VecDeque::with_capacity(rows);
    let (mut at, mut shown) = (0, None);
    // The first lines are held back until it is known that there are enough.
    let mut first = Block::default();
    while first.entries.len() < 2 * rows {
        began(keeper.term, at, &mut last);
        let read = next(&output[at..]).and_then(|next| line(keeper.term, &mut first, next));
        let Some(read) = read else {
            // Not to be tried again with the same lines.
            keeper.passing_from = (output.len() - at).saturating_sub(1);
            keeper.term.grid_mut().cursor.template = before;
            return 0;
        };
        at += read.bytes;
        shown = read.shown.or(shown);
    }
    make_way(keeper);
    keeper.past.push_lines(first);
    let mut rest = whole_characters(&output[at..]);
    loop {
        began(keeper.term, at, &mut last);
        let term = &mut *keeper.term;
        let read = (keeper.past).push_line(|block| line(term, block, rest));
        let Some(read) = read else {
            break;
        };
        at += read.bytes;
        rest = &rest[read.bytes..];
        shown = read.shown.or(shown);
    }
    keeper.kept.shown = shown.or(keeper.kept.shown);
    // The last one that began has not passed; those before it are to be shown.
    let Some(began) = last.pop_front() else {
        return at;
    };
    keeper.past.take_lines(last.len());
    keeper.term.grid_mut().cursor.template = began.template;
    began.at
}

/// Notes where a line begins, and forgets those that will have left the screen.
fn began(term: &Term<Listener>, at: usize, last: &mut VecDeque<Began>) {
    if last.len() == term.screen_lines() {
        last.pop_front();
    }
    let template = term.grid().cursor.template.clone();
    last.push_back(Began { at, template });
}

/// Whether a line that comes next only moves all others up and leaves a blank one below.
fn may_pass(keeper: &Keeper<'_>) -> bool {
    let term = &*keeper.term;
    let (rows, grid) = (term.screen_lines(), term.grid());
    let cursor = &grid.cursor;
    let last = Line(rows as i32 - 1);
    let blank = Cell::default();
    rows > 1
        && cursor.point.line == last
        && cursor.point.column == 0
        && !cursor.input_needs_wrap
        && keeper.is_simple()
        && !keeper.kept.part_scrolls
        && !term.mode().contains(TermMode::ALT_SCREEN)
        && keeper.past.keeps(rows)
        && is_unpainted(&cursor.template)
        && !super::block::goes_on(&grid[Line(last.0 - 1)][..])
        && grid[last][..].iter().all(|cell| *cell == blank)
}

/// Whether a row that comes in at the bottom is blank.
fn is_unpainted(template: &Cell) -> bool {
    template.bg == Color::Named(NamedColor::Background)
}

/// Moves everything above the cursor to the past, and the cursor with its blank row to the top.
fn make_way(keeper: &mut Keeper<'_>) {
    keeper.harvest();
    let rows = keeper.term.screen_lines();
    let grid = keeper.term.grid_mut();
    grid.scroll_up(&(Line(0)..Line(rows as i32)), rows - 1);
    grid.cursor.point.line = Line(0);
    keeper.harvest();
}

/// The next line, with its end, if its characters are whole and right.
fn next(output: &[u8]) -> Option<&str> {
    let end = memchr::memchr(b'\n', output)?;
    str::from_utf8(&output[..=end]).ok()
}

/// The characters at the beginning that are whole and right.
fn whole_characters(output: &[u8]) -> &str {
    // In a flood this is most of the work, if it is not done for many at once.
    simdutf8::compat::from_utf8(output).unwrap_or_else(|error| {
        let right = &output[..error.valid_up_to()];
        simdutf8::basic::from_utf8(right).unwrap_or_default()
    })
}

/// A line that was read, with the last character that was shown.
struct Read {
    bytes: usize,
    shown: Option<char>,
}

/// Reads one line of one row, with its end, into a block. `None`: there is none, or not of this kind; then the
/// block is as before.
fn line(term: &mut Term<Listener>, block: &mut Block, output: &str) -> Option<Read> {
    block.begin();
    let read = line_into(term, block, output);
    match read {
        Some(_) => block.trim(),
        None => block.pop(),
    }
    read
}

fn line_into(term: &mut Term<Listener>, block: &mut Block, output: &str) -> Option<Read> {
    let columns = term.columns();
    let (mut at, mut column, mut shown) = (0, 0, None);
    loop {
        let rest = &output.as_bytes()[at..];
        match rest.first()? {
            b'\r' => {
                // A program that ends its lines so itself has a further one before it, from the system.
                let returns = rest.iter().take_while(|b| **b == b'\r').count();
                let ends = rest.get(returns) == Some(&b'\n');
                let unpainted = is_unpainted(&term.grid().cursor.template);
                return (ends && unpainted).then_some(Read {
                    bytes: at + returns + 1,
                    shown,
                });
            }
            0x1b => {
                let length = common::sequence(rest)?;
                if !common::attributes(term, &rest[2..length]) {
                    return None;
                }
                at += length;
            }
            _ => {
                let text = &output[at..at + common::text(rest)];
                let (cells, wide) = measured(text)?;
                column += cells;
                if column > columns {
                    return None;
                }
                block.add_text(text, cells, wide, &term.grid().cursor.template);
                shown = Some(text.chars().next_back()?);
                at += text.len();
            }
        }
    }
}

/// The cells of a text, and whether some character takes two. `None`: something in it is rare.
fn measured(text: &str) -> Option<(usize, bool)> {
    if text.is_ascii() {
        return Some((text.len(), false));
    }
    let (mut cells, mut wide, mut combining) = (0, false, 0);
    for c in text.chars() {
        match layout::cells(c) {
            0 => {
                combining += 1;
                if combining > MOST_COMBINING || cells == 0 {
                    return None;
                }
            }
            width => {
                cells += usize::from(width);
                wide |= width == 2;
                combining = 0;
            }
        }
        if matches!(c, '\u{80}'..'\u{a0}') || !is_shown(c) {
            return None;
        }
    }
    Some((cells, wide))
}
