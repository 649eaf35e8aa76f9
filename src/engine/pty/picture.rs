//! The grid as the words of the protocol: rows of runs, cursor, modes. Reads, and only reads.

use super::terminal::Terminal;
use crate::protocol::Color;
use crate::protocol::Cursor;
use crate::protocol::CursorShape;
use crate::protocol::Line;
use crate::protocol::Modes;
use crate::protocol::Run;
use crate::protocol::Style;
use crate::protocol::is_link;
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// Combining characters kept in one cell; more are no writing but an attack on the eye or the frame.
pub const MOST_COMBINING: usize = 8;

/// All that a face is shown of a terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub lines: Vec<Line>,
    pub cols: u16,
    pub cursor: Option<Cursor>,
    pub modes: Modes,
    pub scrolled: u32,
    pub history: u32,
    pub top: u64,
    pub reflow: u64,
}

/// The newest state.
pub fn take(terminal: &mut Terminal) -> Picture {
    let rows = usize::from(terminal.size().rows);
    let top = terminal.top();
    let view = terminal.view().unwrap_or(top);
    let offset = (top - view) as usize;
    let above = match offset {
        0 => Vec::new(),
        offset => terminal.past().rows(view, rows.min(offset)),
    };
    let (oldest, reflow) = (terminal.oldest(), terminal.reflow());
    let term = terminal.term();
    let on_screen = (0..).map(|row| &term.grid()[index::Line(row)][..]);
    let cells = above.iter().map(Vec::as_slice).chain(on_screen);
    let content = term.renderable_content();
    let cursor_row = usize::try_from(content.cursor.point.line.0)
        .map(|row| row + offset)
        .ok();
    let shape = match content.cursor.shape {
        ansi::CursorShape::Block | ansi::CursorShape::HollowBlock => Some(CursorShape::Block),
        ansi::CursorShape::Underline => Some(CursorShape::Underline),
        ansi::CursorShape::Beam => Some(CursorShape::Beam),
        ansi::CursorShape::Hidden => None,
    };
    Picture {
        lines: cells.take(rows).map(line).collect(),
        cols: term.columns() as u16,
        cursor: cursor_row
            .filter(|&row| row < rows)
            .zip(shape)
            .map(|(row, shape)| Cursor {
                row: row as u16,
                col: content.cursor.point.column.0 as u16,
                shape,
            }),
        modes: modes(term.mode()),
        scrolled: offset as u32,
        history: (top - oldest).min(u32::MAX.into()) as u32,
        top: view,
        reflow,
    }
}

/// What stands on the screen, without style and trailing blanks, one line each.
pub fn text(terminal: &mut Terminal) -> String {
    let mut all = String::new();
    for line in take(terminal).lines {
        line.iter().for_each(|run| all.push_str(&run.text));
        all.truncate(all.trim_end_matches(' ').len());
        all.push('\n');
    }
    all.truncate(all.trim_end_matches('\n').len());
    all
}

/// Whether a character may reach a face: no control characters, and none of those that reorder text.
pub fn is_shown(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn line(cells: &[Cell]) -> Line {
    let mut line = Line::new();
    // The last cell's text, to see whether the next one would melt into it.
    let mut before = String::new();
    // What the last cell looked like, if nothing but that and its character has to be known.
    let mut plain = None;
    for cell in cells {
        // Most cells go on as the one before: for each face and picture there are thousands.
        let looks = (cell.extra.is_none() && matches!(cell.c, ' '..='~'))
            .then_some((cell.fg, cell.bg, cell.flags))
            .filter(|_| !cell.flags.contains(Flags::WIDE_CHAR_SPACER));
        if looks.is_some()
            && looks == plain
            && let Some(run) = line.last_mut()
        {
            run.text.push(cell.c);
            before.clear();
            before.push(cell.c);
            continue;
        }
        plain = looks;
        if cell.flags.contains(Flags::WIDE_CHAR_SPACER) {
            continue;
        }
        let style = style(cell);
        let text = cell_text(cell);
        let link = link(cell);
        let apart = !text.is_ascii() && melts(&before, &text);
        match line.last_mut() {
            Some(run) if run.style == style && run.link == link && !apart => {
                run.text.push_str(&text)
            }
            _ => line.push(Run {
                text: text.clone(),
                style,
                link,
                wraps: false,
            }),
        }
        before = text;
    }
    if let Some(last) = line.last_mut()
        && last.style == Style::default()
        && last.link.is_none()
    {
        last.text.truncate(last.text.trim_end_matches(' ').len());
        if last.text.is_empty() {
            line.pop();
        }
    }
    let wraps = (cells.last()).is_some_and(|cell| cell.flags.contains(Flags::WRAPLINE));
    if let Some(last) = line.last_mut().filter(|_| wraps) {
        last.wraps = true;
    }
    line
}

/// Whether two cells side by side would be drawn narrower as one text (emoji with a skin tone, ligatures).
/// Runs are as wide as the cells they hold, so these are told apart.
fn melts(before: &str, text: &str) -> bool {
    let both = format!("{before}{text}");
    both.width() != before.width() + text.width()
}

/// A cell's character with what combines with it, as wide as the cell.
fn cell_text(cell: &Cell) -> String {
    // The emulation leaves tabs in the grid.
    let base = if is_shown(cell.c) { cell.c } else { ' ' };
    let mut text = String::from(base);
    let Some(combining) = cell.zerowidth() else {
        return text;
    };
    let plain = text.width();
    for &c in combining.iter().take(MOST_COMBINING) {
        // A joiner would pull in the next cell.
        if c == '\u{200d}' || !is_shown(c) {
            continue;
        }
        text.push(c);
        if text.width() != plain {
            text.pop();
        }
    }
    text
}

fn style(cell: &Cell) -> Style {
    let mut attributes = 0;
    for (flag, bit) in [
        (Flags::BOLD, Style::BOLD),
        (Flags::DIM, Style::DIM),
        (Flags::ITALIC, Style::ITALIC),
        (Flags::ALL_UNDERLINES, Style::UNDERLINE),
        (Flags::INVERSE, Style::REVERSE),
        (Flags::STRIKEOUT, Style::STRIKE),
        (Flags::HIDDEN, Style::HIDDEN),
    ] {
        if cell.flags.intersects(flag) {
            attributes |= bit;
        }
    }
    let (fg, dim) = color(cell.fg);
    let (bg, _) = color(cell.bg);
    if dim {
        attributes |= Style::DIM;
    }
    let underline = (cell.extra.as_ref())
        .and_then(|_| cell.underline_color())
        .and_then(|line| color(line).0);
    Style {
        fg,
        bg,
        underline,
        attributes,
    }
}

/// Where a cell leads, if that is an address of a kind that may be opened.
fn link(cell: &Cell) -> Option<Arc<str>> {
    cell.extra.as_ref()?;
    let link = cell.hyperlink()?;
    is_link(link.uri()).then(|| link.uri().into())
}

/// The colour, and whether it is a dimmed one.
fn color(color: ansi::Color) -> (Option<Color>, bool) {
    use ansi::NamedColor as Named;
    match color {
        ansi::Color::Spec(rgb) => (Some(Color::Rgb(rgb.r, rgb.g, rgb.b)), false),
        ansi::Color::Indexed(index) => (Some(Color::Indexed(index)), false),
        ansi::Color::Named(named) => match named as usize {
            index @ 0..=15 => (Some(Color::Indexed(index as u8)), false),
            index if (Named::DimBlack as usize..=Named::DimWhite as usize).contains(&index) => {
                let index = index - Named::DimBlack as usize;
                (Some(Color::Indexed(index as u8)), true)
            }
            _ => (None, named == Named::DimForeground),
        },
    }
}

fn modes(mode: &TermMode) -> Modes {
    let has = |flag| mode.contains(flag);
    Modes {
        app_cursor: has(TermMode::APP_CURSOR),
        app_keypad: has(TermMode::APP_KEYPAD),
        bracketed_paste: has(TermMode::BRACKETED_PASTE),
        alt_screen: has(TermMode::ALT_SCREEN),
        focus_events: has(TermMode::FOCUS_IN_OUT),
        mouse_clicks: has(TermMode::MOUSE_REPORT_CLICK),
        mouse_drags: has(TermMode::MOUSE_DRAG),
        mouse_motion: has(TermMode::MOUSE_MOTION),
        mouse_sgr: has(TermMode::SGR_MOUSE),
        mouse_utf8: has(TermMode::UTF8_MOUSE),
        alternate_scroll: has(TermMode::ALTERNATE_SCROLL),
        kitty: kitty(mode),
    }
}

fn kitty(mode: &TermMode) -> u8 {
    [
        (TermMode::DISAMBIGUATE_ESC_CODES, Modes::KITTY_DISAMBIGUATE),
        (TermMode::REPORT_EVENT_TYPES, Modes::KITTY_EVENTS),
        (TermMode::REPORT_ALTERNATE_KEYS, Modes::KITTY_ALTERNATES),
        (TermMode::REPORT_ALL_KEYS_AS_ESC, Modes::KITTY_ALL_KEYS),
        (TermMode::REPORT_ASSOCIATED_TEXT, Modes::KITTY_TEXT),
    ]
    .into_iter()
    .filter(|(flag, _)| mode.contains(*flag))
    .fold(0, |flags, (_, bit)| flags | bit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(output: &str) -> Picture {
        let mut terminal = Terminal::small(4, 20, 100);
        terminal.feed(output.as_bytes());
        take(&mut terminal)
    }

    #[test]
    fn cells_become_runs_as_wide_as_their_cells() {
        for (output, texts) in [
            ("plain", vec!["plain"]),
            ("a\tb", vec!["a       b"]),
            ("表示x", vec!["表示x"]),
            ("ab表cd", vec!["ab表cd"]),
            ("ab\x1b[1mcd表e\x1b[0mf g", vec!["ab", "cd表e", "f g"]),
            ("ab\x1b[4;58;5;9mcd\x1b[59mef", vec!["ab", "cd", "ef"]),
            ("e\u{301}!", vec!["e\u{301}!"]),
            ("a\u{200d}b\u{202e}c", vec!["abc"]),
            ("a\x1b[1mb\x1b[0mc", vec!["a", "b", "c"]),
            ("👍🏽", vec!["👍", "🏽"]),
            ("❤\u{fe0f}x", vec!["❤x"]),
            ("\x1b[44m  \x1b[0m   ", vec!["  "]),
        ] {
            let line = &picture(output).lines[0];
            let seen: Vec<&str> = line.iter().map(|run| run.text.as_str()).collect();
            assert_eq!(seen, texts, "{output:?}");
        }
    }

    #[test]
    fn styles_and_colours_are_kept() {
        let line =
            &picture("\x1b[1;2;3;4:3;7;9;31;48;5;200mx\x1b[0;38;2;1;2;3mY\x1b[0;93mz").lines[0];
        let all = Style::BOLD
            | Style::DIM
            | Style::ITALIC
            | Style::UNDERLINE
            | Style::REVERSE
            | Style::STRIKE;
        assert_eq!(line[0].style.attributes, all);
        assert_eq!(line[0].style.fg, Some(Color::Indexed(1)));
        assert_eq!(line[0].style.bg, Some(Color::Indexed(200)));
        assert_eq!(line[1].style.fg, Some(Color::Rgb(1, 2, 3)));
        assert_eq!(line[2].style.fg, Some(Color::Indexed(11)));
    }

    #[test]
    fn links_of_kinds_that_may_be_opened_are_told() {
        let link = |address: &str| format!("a\x1b]8;;{address}\x1b\\bc\x1b]8;;\x1b\\d");
        let told = |address: &str| {
            let line = &picture(&link(address)).lines[0];
            let run = line.iter().find(|run| run.link.is_some());
            run.map(|run| (run.text.clone(), run.link.as_deref().unwrap().to_owned()))
        };
        for address in ["https://example.org/a?b=c", "http://x", "file:///etc/hosts"] {
            assert_eq!(told(address), Some(("bc".into(), address.into())));
        }
        let long = format!("https://{}", "x".repeat(3000));
        for address in [
            "javascript:alert(1)",
            "ssh://x",
            "https://",
            "https://é",
            &long,
        ] {
            assert_eq!(told(address), None, "{address}");
        }
        let colored = &picture("\x1b[4;58;5;9mx").lines[0][0];
        assert_eq!(colored.style.underline, Some(Color::Indexed(9)));
    }

    #[test]
    fn what_the_program_asks_of_the_keyboard_is_told() {
        for (output, flags) in [
            ("", 0),
            ("\x1b[>1u", 1),
            ("\x1b[>1u\x1b[>31u", 31),
            ("\x1b[>1u\x1b[>31u\x1b[<u", 1),
            ("\x1b[>5u\x1b[<9u", 0),
            ("\x1b[=3;1u", 3),
        ] {
            assert_eq!(picture(output).modes.kitty, flags, "{output:?}");
        }
    }

    #[test]
    fn no_number_of_keyboard_modes_brings_it_down() {
        let seen = picture(&("\x1b[>1u".repeat(10_000) + "still here"));
        assert_eq!(seen.lines[0][0].text, "still here");
    }

    #[test]
    fn the_cursor_is_told_or_hidden() {
        let seen = picture("ab\x1b[5 q").cursor;
        let wanted = Cursor {
            row: 0,
            col: 2,
            shape: CursorShape::Beam,
        };
        assert_eq!(seen, Some(wanted));
        assert_eq!(picture("\x1b[?25l").cursor, None);
    }

    #[test]
    fn modes_and_text_are_told() {
        let seen = picture("one\r\n\r\ntwo  \x1b[?1h\x1b[?2004h\x1b[?1002h\x1b[?1006h");
        assert!(seen.modes.app_cursor && seen.modes.bracketed_paste);
        assert!(seen.modes.mouse_drags && seen.modes.mouse_sgr && !seen.modes.mouse_motion);
        let mut terminal = Terminal::small(4, 20, 100);
        terminal.feed(b"one\r\n\r\ntwo  ");
        assert_eq!(text(&mut terminal), "one\n\ntwo");
    }

    #[test]
    fn no_output_puts_a_control_character_into_a_run() {
        let every: String = (0..0x2070).filter_map(char::from_u32).collect();
        let seen = picture(&every.replace('\x1b', ""));
        let runs = seen.lines.iter().flatten();
        assert!(runs.flat_map(|run| run.text.chars()).all(is_shown));
    }
}
