//! The terminal a program believes it runs in: bytes in, a grid and the answers to its questions out.
//! No threads and no file descriptors.

use super::block::Block;
use super::common::{self, Next};
use super::keeper::{Keeper, Kept};
use super::palette::default_color;
use super::past::{Page, Past};
use super::reading::Reading;
use super::says::{Records, Says};
use super::scan::{Found, Mark, Scanner};
use super::sight::last_lines;
use super::window;
use alacritty_terminal::event::{Event, EventListener, WindowSize};
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::{MIN_COLUMNS, MIN_SCREEN_LINES, Term, TermMode};
use alacritty_terminal::vte::ansi::{Handler, Processor};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A size beyond which a picture would pass the limit of a frame.
const MOST: Size = Size {
    rows: 300,
    cols: 1000,
};
/// A cell's size in pixels, for programs that ask. We do not know the face's; this is a usual one.
const CELL_PIXELS: (u16, u16) = (8, 16);

/// Bytes that the parser is given at once.
const PARSED_AT_ONCE: usize = 4096;

/// A terminal's size in cells, within what the emulation and the frames can bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub rows: u16,
    pub cols: u16,
}

impl Size {
    /// The nearest size that can be had: at least 1 row of 2 columns, at most 300 rows of 1000.
    pub fn fitted(rows: u16, cols: u16) -> Size {
        Size {
            rows: rows.clamp(MIN_SCREEN_LINES as u16, MOST.rows),
            cols: cols.clamp(MIN_COLUMNS as u16, MOST.cols),
        }
    }
}

#[cfg(test)]
impl Terminal {
    /// One that keeps nothing on the disk.
    pub fn small(rows: u16, cols: u16, scrollback: usize) -> Terminal {
        let size = Size::fitted(rows, cols);
        Terminal::new(size, Past::new(size.cols, scrollback, None))
    }
}

impl Dimensions for Size {
    fn total_lines(&self) -> usize {
        self.rows.into()
    }
    fn screen_lines(&self) -> usize {
        self.rows.into()
    }
    fn columns(&self) -> usize {
        self.cols.into()
    }
}

/// Collects what the emulation says while it reads; [`Terminal::feed`] empties it.
#[derive(Clone, Default)]
pub struct Listener(Arc<Mutex<Vec<Event>>>);

impl Listener {
    /// Lets it be said again, before anything else.
    pub fn put_back(&self, mut said: Vec<Event>) {
        said.append(&mut self.take());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = said;
    }

    /// Takes what was said since the last time.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EventListener for Listener {
    fn send_event(&self, event: Event) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }
}

/// What reading a piece of output led to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Bytes to be sent back to the program, in order.
    pub answers: Vec<u8>,
    /// The newest title; empty: back to none.
    pub title: Option<String>,
    pub bell: bool,
    /// The newest text that the program wants to put on the clipboard.
    pub clipboard: Option<String>,
    /// The newest mark of a shell.
    pub mark: Option<Mark>,
    /// What the program says of itself from now on; the inner `None`: nothing any more.
    pub says: Option<Option<Says>>,
}

/// The emulation with its parser, and the lines above its screen.
pub struct Terminal {
    term: Term<Listener>,
    past: Past,
    parser: Processor,
    scanner: Scanner,
    records: Records,
    listener: Listener,
    size: Size,
    kept: Kept,
    /// The number of the row that the view begins with; `None`: the present is shown.
    view: Option<u64>,
}

impl Terminal {
    /// Its `past` is to be as wide as `size` is.
    pub fn new(size: Size, past: Past) -> Terminal {
        let listener = Listener::default();
        Terminal {
            term: window::new_term(size, &listener),
            past,
            parser: Processor::new(),
            scanner: Scanner::default(),
            records: Records::default(),
            listener,
            size,
            kept: Kept::default(),
            view: None,
        }
    }

    /// The grid, for reading.
    pub fn term(&self) -> &Term<Listener> {
        &self.term
    }

    pub fn past(&mut self) -> &mut Past {
        &mut self.past
    }

    pub fn size(&self) -> Size {
        self.size
    }

    /// Reads output of the program.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Heard {
        let mut heard = Heard::default();
        while let Some((end, found)) = self.scanner.next(bytes) {
            self.parse(&bytes[..end]);
            self.collect(&mut heard);
            self.records.hear(found, self.scanner.report(), &mut heard);
            match found {
                Found::NameAsked => heard.answers.extend(
                    concat!("\x1bP>|antiphon(", env!("CARGO_PKG_VERSION"), ")\x1b\\").bytes(),
                ),
                Found::Mark(mark) => heard.mark = Some(mark),
                Found::Report | Found::Reset => {}
                Found::Endless => self.parse(b"\x18"),
            }
            bytes = &bytes[end..];
        }
        self.parse(bytes);
        self.collect(&mut heard);
        heard
    }

    fn parse(&mut self, mut bytes: &[u8]) {
        self.guarded(|t| {
            let mut keeper = Keeper::new(&mut t.term, &mut t.past, &mut t.kept);
            let held_back = |parser: &Processor| parser.sync_timeout().sync_timeout().is_some();
            if !keeper.kept.ground {
                // The rest of a character alone: with more behind it the parser loses what comes next.
                let further = bytes.iter().take(3).take_while(|b| *b & 0xc0 == 0x80);
                let (rest, others) = bytes.split_at(further.count());
                t.parser.advance(&mut keeper, rest);
                bytes = others;
            }
            while !bytes.is_empty() {
                if keeper.kept.ground {
                    match common::read(&mut keeper, bytes) {
                        Next::Nothing => break,
                        Next::Sequence(sequence, rest) => {
                            if sequence.ends_with(b"b") {
                                remember(&mut t.parser, keeper.kept);
                            }
                            t.parser.advance(&mut keeper, sequence);
                            keeper.kept.ground = !held_back(&t.parser);
                            bytes = rest;
                            continue;
                        }
                        Next::Other(rest) => {
                            remember(&mut t.parser, keeper.kept);
                            bytes = rest;
                        }
                    }
                }
                // In short pieces: the parser looks for the next escape after each broken character.
                let end = memchr::memchr(0x1b, &bytes[1..]).map_or(bytes.len(), |at| at + 1);
                let (piece, rest) = bytes.split_at(end.min(PARSED_AT_ONCE));
                let (before, last) = piece.split_at(piece.len() - 1);
                t.parser.advance(&mut keeper, before);
                let shown = keeper.shown_by_parser;
                t.parser.advance(&mut keeper, last);
                // A letter that was shown was not within a sequence.
                keeper.kept.ground = matches!(last, [b' '..=b'~'])
                    && keeper.shown_by_parser > shown
                    && !held_back(&t.parser);
                bytes = rest;
            }
            keeper.harvest();
        });
    }

    /// When a synchronised update, which holds the picture back, is to be ended by [`Self::end_sync`].
    pub fn sync_ends(&self) -> Option<Instant> {
        self.parser.sync_timeout().sync_timeout()
    }

    /// Shows what a synchronised update has held back for too long.
    pub fn end_sync(&mut self) -> Heard {
        let mut heard = Heard::default();
        self.guarded(|t| {
            let mut keeper = Keeper::new(&mut t.term, &mut t.past, &mut t.kept);
            t.parser.stop_sync(&mut keeper);
            keeper.harvest();
        });
        self.collect(&mut heard);
        heard
    }

    /// Sets the size; all lines are laid out anew.
    pub fn resize(&mut self, size: Size) {
        let back = self.view().map(|view| self.past.end().saturating_sub(view));
        self.size = size;
        self.guarded(|t| window::resize(&mut t.term, &mut t.past, &t.listener, size));
        self.view = back.map(|back| self.past.end().saturating_sub(back));
    }

    /// Up into the past where positive, to the present with `i32::MIN`.
    pub fn scroll(&mut self, lines: i32) {
        let now = self.view().unwrap_or(self.top());
        match lines {
            i32::MIN => self.view = None,
            lines => self.scroll_to(now.saturating_add_signed(-i64::from(lines))),
        }
    }

    /// Shows the line of this number first, or as near as can be.
    pub fn scroll_to(&mut self, line: u64) {
        self.view = Some(line);
        if let Some(line) = self.view() {
            self.past.count_to(line);
        }
        self.view = self.view();
    }

    /// The number of the first row of the screen.
    pub fn top(&self) -> u64 {
        self.past.end()
    }

    /// The number of the oldest line that can be scrolled to.
    pub fn oldest(&self) -> u64 {
        match self.alternate() {
            true => self.past.end(),
            false => self.past.start(),
        }
    }

    /// The number of the first line that is shown, where it is not that of the screen.
    pub fn view(&self) -> Option<u64> {
        let view = self.view?.max(self.oldest());
        (view < self.top()).then_some(view)
    }

    /// How often line numbers have lost their meaning.
    pub fn reflow(&self) -> u64 {
        self.past.reflow()
    }

    /// All lines as they are now.
    pub fn reading(&self) -> Reading {
        let (mut pages, mut uncounted, mut tail) = self.past.pages();
        if self.alternate() {
            pages.clear();
            (uncounted, tail) = (0, Block::default());
        }
        let grid = self.term.grid();
        for row in 0..grid.screen_lines() as i32 {
            tail.push(&grid[Line(row)][..]);
        }
        let first = match self.alternate() {
            true => self.past.end(),
            false => self.past.tail_first(),
        };
        pages.push(Page::new(first, tail.all_rows(self.size.cols), tail));
        Reading {
            pages,
            uncounted,
            oldest: self.oldest(),
            cols: self.size.cols,
            reflow: self.reflow(),
        }
    }

    fn alternate(&self) -> bool {
        self.term.mode().contains(TermMode::ALT_SCREEN)
    }

    /// Whether the program has asked to be told of the focus.
    pub fn reports_focus(&self) -> bool {
        self.term.mode().contains(TermMode::FOCUS_IN_OUT)
    }

    /// What its last lines say; see [`last_lines`].
    pub fn last_lines(&self, most: usize) -> String {
        last_lines(&self.term, most)
    }

    pub fn bracketed_paste(&self) -> bool {
        self.term.mode().contains(TermMode::BRACKETED_PASTE)
    }

    /// A mistake in the emulation must not end the session: the screen starts anew instead.
    fn guarded(&mut self, change: impl FnOnce(&mut Terminal)) {
        if catch_unwind(AssertUnwindSafe(|| change(self))).is_err() {
            self.term = window::new_term(self.size, &self.listener);
            self.parser = Processor::new();
            self.kept = Kept::default();
            self.past.lay_out(self.size.cols);
        }
    }

    fn collect(&mut self, heard: &mut Heard) {
        for event in self.listener.take() {
            match event {
                Event::PtyWrite(text) => heard.answers.extend(text.bytes()),
                Event::ColorRequest(index, answer) => {
                    let color = self.term.colors()[index].unwrap_or_else(|| default_color(index));
                    heard.answers.extend(answer(color).bytes());
                }
                Event::TextAreaSizeRequest(answer) => {
                    let (cell_width, cell_height) = CELL_PIXELS;
                    let size = WindowSize {
                        num_lines: self.size.rows,
                        num_cols: self.size.cols,
                        cell_width,
                        cell_height,
                    };
                    heard.answers.extend(answer(size).bytes());
                }
                Event::Title(title) => heard.title = Some(clean_title(&title)),
                Event::ResetTitle => heard.title = Some(String::new()),
                Event::Bell => heard.bell = true,
                Event::ClipboardStore(_, text) => heard.clipboard = Some(text),
                // What the user copied is no program's to read.
                Event::ClipboardLoad(..) => {}
                Event::MouseCursorDirty
                | Event::CursorBlinkingChange
                | Event::Wakeup
                | Event::Exit
                | Event::ChildExit(_) => {}
            }
        }
    }
}

/// Tells the parser, which is between sequences, what was shown last without it: it may be asked to repeat it.
fn remember(parser: &mut Processor, kept: &mut Kept) {
    struct Nobody;
    impl Handler for Nobody {}
    if let Some(c) = kept.shown.take() {
        parser.advance(&mut Nobody, c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// At most 200 characters, none of them control characters.
pub fn clean_title(title: &str) -> String {
    let kept = title.chars().filter(|c| super::picture::is_shown(*c));
    kept.take(200).collect()
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
