//! The picture of a terminal session, as rows of runs.

use super::ids::SessionId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The newest state of a terminal: all rows, or those that changed since the last update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreenUpdate {
    pub session: SessionId,
    pub rows: u16,
    pub cols: u16,
    /// Whether every row is here; a face forgets what it had.
    pub full: bool,
    /// Row number from 0 at the top, and the row's whole content.
    pub lines: Vec<(u16, Line)>,
    /// `None`: hidden.
    pub cursor: Option<Cursor>,
    pub modes: Modes,
    /// How many lines the view is scrolled up, and how many there are above the present.
    pub scrolled: u32,
    pub history: u32,
    /// The number of the first row. Lines are numbered from 0 in the order in which they were first shown at the
    /// top of the screen; a line keeps its number until it is dropped, unless `reflow` has risen since.
    #[serde(default)]
    pub top: u64,
    /// Raised whenever line numbers have lost their meaning: a new width, a reset, a cleared history.
    #[serde(default)]
    pub reflow: u64,
}

/// Where a search has found something: from the first cell to the last, both included. On the rows between
/// them everything belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub line: u64,
    pub col: u16,
    pub last_line: u64,
    pub last_col: u16,
}

/// What a search has found in a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// From the top down; where there are more than were wanted, the newest.
    pub matches: Vec<Match>,
    /// Whether there are more, or the time for searching was over before the oldest line was reached.
    pub more: bool,
    /// [`ScreenUpdate::reflow`] as of the search: the numbers mean nothing under another.
    pub reflow: u64,
}

/// One row. Cells past the last run are blank.
pub type Line = Vec<Run>;

/// A stretch of text in one style. Holds no control characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub text: String,
    #[serde(default, skip_serializing_if = "Style::is_plain")]
    pub style: Style,
    /// Where the program says that this text leads: an http, https or file address without control characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Arc<str>>,
    /// Of the last run of a row: the program's line did not fit, and goes on in the next row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wraps: bool,
}

impl Run {
    pub fn new(text: impl Into<String>, style: Style) -> Run {
        Run {
            text: text.into(),
            style,
            link: None,
            wraps: false,
        }
    }
}

/// The longest address of a link that is kept, in bytes.
pub const LONGEST_LINK: usize = 2_000;

/// Whether an address is one that may be opened: http, https or file, of printable ASCII, not too long.
pub fn is_link(address: &str) -> bool {
    ["http://", "https://", "file://"]
        .iter()
        .any(|scheme| address.starts_with(scheme) && address.len() > scheme.len())
        && address.len() <= LONGEST_LINK
        && address.bytes().all(|b| b.is_ascii_graphic())
}

/// A cell while rows are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub style: Style,
}

/// How text looks. `None` is the terminal's own colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Style {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fg: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bg: Option<Color>,
    /// Of the line below the text, where it is not the text's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub underline: Option<Color>,
    /// The bits below.
    pub attributes: u16,
}

impl Style {
    pub const BOLD: u16 = 1;
    pub const DIM: u16 = 2;
    pub const ITALIC: u16 = 4;
    pub const UNDERLINE: u16 = 8;
    pub const REVERSE: u16 = 16;
    pub const STRIKE: u16 = 32;
    pub const HIDDEN: u16 = 64;

    fn is_plain(&self) -> bool {
        *self == Style::default()
    }
}

/// A colour as the program named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// 0 to 15 the sixteen named ones, above them the 256-colour palette.
    Indexed(u8),
    Rgb(u8, u8, u8),
}

/// Where the cursor is, from 0, and how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub row: u16,
    pub col: u16,
    pub shape: CursorShape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CursorShape {
    Block,
    Underline,
    Beam,
}

/// What the program has asked of its terminal, as far as a face must know it to send the right keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Modes {
    pub app_cursor: bool,
    pub app_keypad: bool,
    pub bracketed_paste: bool,
    pub alt_screen: bool,
    pub focus_events: bool,
    /// Clicks, drags (with a button), or any motion are wanted.
    pub mouse_clicks: bool,
    pub mouse_drags: bool,
    pub mouse_motion: bool,
    pub mouse_sgr: bool,
    /// The mouse's older form, with columns and rows as UTF-8.
    pub mouse_utf8: bool,
    /// In the alternate screen the wheel sends arrow keys.
    pub alternate_scroll: bool,
    /// Flags of the kitty keyboard protocol, as below; 0: keys as xterm sends them.
    pub kitty: u8,
}

impl Modes {
    pub const KITTY_DISAMBIGUATE: u8 = 1;
    pub const KITTY_EVENTS: u8 = 2;
    pub const KITTY_ALTERNATES: u8 = 4;
    pub const KITTY_ALL_KEYS: u8 = 8;
    pub const KITTY_TEXT: u8 = 16;

    /// Whether the program wants any of the mouse.
    pub fn wants_mouse(&self) -> bool {
        self.mouse_clicks || self.mouse_drags || self.mouse_motion
    }
}
