//! Stands between the parser and the emulation: takes away the lines that leave the screen, and keeps a
//! program from filling the memory. Everything else is passed on.

use super::layout;
use super::past::Past;
use super::picture::MOST_COMBINING;
use super::terminal::Listener;
use alacritty_terminal::grid::{Charsets, Dimensions};
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::term::{Term, TermMode};
use alacritty_terminal::vte::ansi::cursor_icon::CursorIcon;
use alacritty_terminal::vte::ansi::*;

/// Lines that may wait above the screen until they are taken away, at least; a screen's worth if that is more.
pub const WINDOW: usize = 32;
/// Characters of a title that the emulation keeps, and puts on a stack of 4,096.
const LONGEST_TITLE: usize = 512;
/// Bytes of the address and of the name of a link.
const LONGEST_LINK: (usize, usize) = (2083, 250);
/// Keyboard modes that may lie on the stack: the emulation's own limit brings it down.
const MOST_KEYBOARD_MODES: u16 = 256;

const WIDE: Flags = Flags::WIDE_CHAR.union(Flags::WIDE_CHAR_SPACER);

/// What is remembered from one piece of output to the next.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Keyboard modes on the stack.
    keyboard_modes: u16,
    /// Whether the parser is known to be between sequences.
    pub ground: bool,
    /// The last character that was shown, if the parser did not see it.
    pub shown: Option<char>,
    /// Whether perhaps not all rows scroll.
    pub part_scrolls: bool,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept {
            keyboard_modes: 0,
            ground: true,
            shown: None,
            part_scrolls: false,
        }
    }
}

/// What the parser speaks to, for the time of one piece of output; then [`Self::harvest`] is due.
pub struct Keeper<'a> {
    pub term: &'a mut Term<Listener>,
    pub past: &'a mut Past,
    pub kept: &'a mut Kept,
    /// How many characters the parser has shown.
    pub shown_by_parser: u64,
    /// With more output left than this it is known that lines do not pass.
    pub passing_from: usize,
}

impl<'a> Keeper<'a> {
    pub fn new(term: &'a mut Term<Listener>, past: &'a mut Past, kept: &'a mut Kept) -> Keeper<'a> {
        Keeper {
            term,
            past,
            kept,
            shown_by_parser: 0,
            passing_from: usize::MAX,
        }
    }

    /// Shows printable ASCII: as the emulation would, but whole stretches at once.
    pub fn text(&mut self, text: &[u8]) {
        let mut left = text;
        let simple = self.is_simple();
        while let Some((&first, rest)) = left.split_first() {
            let written = if simple { self.stretch(left) } else { 0 };
            if written == 0 {
                self.make_room();
                self.term.input(first.into());
                left = rest;
            }
            left = &left[written..];
        }
        self.kept.shown = text.last().map(|&byte| byte.into());
    }

    /// Shows any other character that is no control character.
    pub fn glyph(&mut self, c: char) {
        self.kept.shown = Some(c);
        let cells = layout::cells(c);
        if cells == 0 && self.crowds() {
            return;
        }
        if cells == 0 || !self.is_simple() || !self.place(c, cells) {
            self.make_room();
            self.term.input(c);
        }
    }

    /// Whether to show a character is no more than to write it into its cell.
    pub fn is_simple(&self) -> bool {
        let mode = self.term.mode();
        let cursor = &self.term.grid().cursor;
        mode.contains(TermMode::LINE_WRAP)
            && !mode.contains(TermMode::INSERT)
            && cursor.template.extra.is_none()
            && cursor.charsets == Charsets::default()
    }

    /// Writes as much as goes into the row; 0 where that takes more than to write cells.
    fn stretch(&mut self, text: &[u8]) -> usize {
        let columns = self.term.columns();
        let grid = self.term.grid_mut();
        if grid.cursor.input_needs_wrap {
            return 0;
        }
        let from = grid.cursor.point.column;
        let to = Column(columns.min(from.0 + text.len()));
        let template = &grid.cursor.template;
        let (fg, bg, flags) = (template.fg, template.bg, template.flags);
        let line = grid.cursor.point.line;
        let cells = &mut grid[line][from..to];
        let all = cells
            .iter()
            .fold(Flags::empty(), |all, cell| all | cell.flags);
        if all.intersects(WIDE) {
            return 0;
        }
        for (cell, &byte) in cells.iter_mut().zip(text) {
            cell.c = byte.into();
            cell.fg = fg;
            cell.bg = bg;
            cell.flags = flags;
            cell.extra = None;
        }
        let cursor = &mut grid.cursor;
        cursor.input_needs_wrap = to.0 == columns;
        cursor.point.column = Column(to.0.min(columns - 1));
        to.0 - from.0
    }

    /// Writes one character of one or two cells; `false`: that takes more than to write cells.
    fn place(&mut self, c: char, cells: u16) -> bool {
        let columns = self.term.columns();
        let grid = self.term.grid_mut();
        let from = grid.cursor.point.column;
        let to = Column(from.0 + usize::from(cells));
        if grid.cursor.input_needs_wrap || to.0 > columns {
            return false;
        }
        let template = &grid.cursor.template;
        let (fg, bg, flags) = (template.fg, template.bg, template.flags);
        let line = grid.cursor.point.line;
        let covered = &mut grid[line][from..to];
        if covered.iter().any(|cell| cell.flags.intersects(WIDE)) {
            return false;
        }
        for (at, cell) in covered.iter_mut().enumerate() {
            cell.c = if at == 0 { c } else { ' ' };
            cell.fg = fg;
            cell.bg = bg;
            cell.flags = match (at, cells) {
                (_, 1) => flags,
                (0, _) => flags | Flags::WIDE_CHAR,
                _ => flags | Flags::WIDE_CHAR_SPACER,
            };
            cell.extra = None;
        }
        let cursor = &mut grid.cursor;
        cursor.input_needs_wrap = to.0 == columns;
        cursor.point.column = Column(to.0.min(columns - 1));
        true
    }

    /// Clears what is right of the cursor; the blanks at the end of most rows are left alone.
    pub fn clear_right(&mut self) {
        let grid = self.term.grid_mut();
        if grid.cursor.input_needs_wrap {
            return;
        }
        let blank = Cell::from(grid.cursor.template.bg);
        let point = grid.cursor.point;
        let cells = &mut grid[point.line][point.column..];
        let end = cells.iter().rposition(|cell| *cell != blank);
        cells[..end.map_or(0, |last| last + 1)].fill(blank);
    }

    /// Takes away the lines above the screen.
    pub fn harvest(&mut self) {
        let waiting = self.term.history_size();
        if waiting == 0 {
            return;
        }
        let grid = self.term.grid_mut();
        for row in -(waiting as i32)..0 {
            self.past.push(&grid[Line(row)][..]);
        }
        grid.clear_history();
    }

    /// Makes room for one more line above the screen.
    #[inline]
    fn make_room(&mut self) {
        if self.term.history_size() >= WINDOW {
            self.harvest();
        }
    }

    /// Whether a character without width is one too many in its cell.
    #[cold]
    fn crowds(&self) -> bool {
        let grid = self.term.grid();
        let point = grid.cursor.point;
        let back = usize::from(!grid.cursor.input_needs_wrap);
        let mut column = Column(point.column.0.saturating_sub(back));
        if grid[point.line][column]
            .flags
            .contains(Flags::WIDE_CHAR_SPACER)
        {
            column = Column(column.0.saturating_sub(1));
        }
        let cell = &grid[point.line][column];
        cell.zerowidth().is_some_and(|z| z.len() >= MOST_COMBINING)
    }
}

/// Methods that are passed on as they are.
macro_rules! pass_on {
    ($($name:ident($($arg:ident: $kind:ty),*);)*) => {
        $(#[inline] fn $name(&mut self $(, $arg: $kind)*) {
            self.term.$name($($arg),*);
        })*
    };
}

/// Methods that may push one line off the screen.
macro_rules! may_push {
    ($($name:ident($($arg:ident: $kind:ty),*);)*) => {
        $(#[inline] fn $name(&mut self $(, $arg: $kind)*) {
            self.make_room();
            self.term.$name($($arg),*);
        })*
    };
}

/// Methods that may push up to a whole screen off, or change screens.
macro_rules! may_push_many {
    ($($name:ident($($arg:ident: $kind:ty),*);)*) => {
        $(fn $name(&mut self $(, $arg: $kind)*) {
            self.harvest();
            self.term.$name($($arg),*);
        })*
    };
}

impl Handler for Keeper<'_> {
    #[inline]
    fn input(&mut self, c: char) {
        self.shown_by_parser += 1;
        self.kept.shown = None;
        if c >= '\u{300}' && layout::cells(c) == 0 && self.crowds() {
            return;
        }
        self.make_room();
        self.term.input(c);
    }

    may_push! {
        put_tab(count: u16);
        linefeed();
        newline();
    }

    may_push_many! {
        scroll_up(lines: usize);
        delete_lines(lines: usize);
        set_private_mode(mode: PrivateMode);
        unset_private_mode(mode: PrivateMode);
    }

    fn clear_screen(&mut self, mode: ClearMode) {
        self.harvest();
        let here = !self.term.mode().contains(TermMode::ALT_SCREEN);
        let forget = matches!(mode, ClearMode::Saved) && here;
        self.term.clear_screen(mode);
        if forget {
            self.past.clear();
        }
    }

    fn reset_state(&mut self) {
        self.term.reset_state();
        self.kept.keyboard_modes = 0;
        self.kept.part_scrolls = false;
        self.past.clear();
    }

    fn set_scrolling_region(&mut self, top: usize, bottom: Option<usize>) {
        let rows = self.term.screen_lines();
        let bottom_row = bottom.unwrap_or(rows);
        if top < bottom_row {
            self.kept.part_scrolls = top > 1 || bottom_row < rows;
        }
        self.term.set_scrolling_region(top, bottom);
    }

    fn set_title(&mut self, title: Option<String>) {
        let title = title.map(|mut title| {
            if let Some((end, _)) = title.char_indices().nth(LONGEST_TITLE) {
                title.truncate(end);
                title.shrink_to_fit();
            }
            title
        });
        self.term.set_title(title);
    }

    fn set_hyperlink(&mut self, link: Option<Hyperlink>) {
        let (uri, id) = LONGEST_LINK;
        let fits =
            |l: &Hyperlink| l.uri.len() <= uri && l.id.as_ref().is_none_or(|name| name.len() <= id);
        self.term.set_hyperlink(link.filter(fits));
    }

    fn push_keyboard_mode(&mut self, mode: KeyboardModes) {
        if self.kept.keyboard_modes < MOST_KEYBOARD_MODES {
            self.kept.keyboard_modes += 1;
            self.term.push_keyboard_mode(mode);
        }
    }

    fn pop_keyboard_modes(&mut self, to_pop: u16) {
        self.kept.keyboard_modes = self.kept.keyboard_modes.saturating_sub(to_pop);
        self.term.pop_keyboard_modes(to_pop);
    }

    pass_on! {
        set_cursor_style(style: Option<CursorStyle>);
        set_cursor_shape(shape: CursorShape);
        goto(line: i32, col: usize);
        goto_line(line: i32);
        goto_col(col: usize);
        insert_blank(count: usize);
        move_up(rows: usize);
        move_down(rows: usize);
        identify_terminal(intermediate: Option<char>);
        device_status(kind: usize);
        move_forward(cols: usize);
        move_backward(cols: usize);
        move_down_and_cr(rows: usize);
        move_up_and_cr(rows: usize);
        backspace();
        carriage_return();
        bell();
        substitute();
        set_horizontal_tabstop();
        scroll_down(lines: usize);
        insert_blank_lines(lines: usize);
        erase_chars(count: usize);
        delete_chars(count: usize);
        move_backward_tabs(count: u16);
        move_forward_tabs(count: u16);
        save_cursor_position();
        restore_cursor_position();
        clear_line(mode: LineClearMode);
        clear_tabs(mode: TabulationClearMode);
        set_tabs(interval: u16);
        reverse_index();
        terminal_attribute(attr: Attr);
        set_mode(mode: Mode);
        unset_mode(mode: Mode);
        report_mode(mode: Mode);
        report_private_mode(mode: PrivateMode);
        set_keypad_application_mode();
        unset_keypad_application_mode();
        set_active_charset(index: CharsetIndex);
        configure_charset(index: CharsetIndex, charset: StandardCharset);
        set_color(index: usize, color: Rgb);
        dynamic_color_sequence(prefix: String, index: usize, terminator: &str);
        reset_color(index: usize);
        clipboard_store(clipboard: u8, base64: &[u8]);
        clipboard_load(clipboard: u8, terminator: &str);
        decaln();
        push_title();
        pop_title();
        text_area_size_pixels();
        text_area_size_chars();
        set_mouse_cursor_icon(icon: CursorIcon);
        report_keyboard_mode();
        set_keyboard_mode(mode: KeyboardModes, behavior: KeyboardModesApplyBehavior);
        set_modify_other_keys(mode: ModifyOtherKeys);
        report_modify_other_keys();
        set_scp(path: ScpCharPath, mode: ScpUpdateMode);
    }
}
