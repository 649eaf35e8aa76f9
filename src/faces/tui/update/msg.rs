//! What reaches the model, and what it asks for in turn.

use crate::config::Chord;
use crate::faces::tui::model::composer::Draft;
use crate::faces::tui::model::found::Way;
use crate::protocol::{
    Answer, Event, Millis, Op, Query, Rating, Refusal, Request, SessionId, TurnId,
};
use ratatui::crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};

/// Something happened.
#[derive(Debug)]
pub enum Msg {
    /// `chord`: what the keymap knows it as; `None` for keys it has no name for.
    Key {
        chord: Option<Chord>,
        event: KeyEvent,
    },
    Paste(String),
    Mouse(MouseEvent),
    Resize(u16, u16),
    /// A key was let go; told only where a program wants to know.
    Released(KeyEvent),
    /// The terminal's window got the focus.
    Focus,
    /// It lost the focus.
    Blur,
    Event(Event),
    Reply {
        purpose: Purpose,
        result: Result<Answer, Refusal>,
    },
    /// The engine is gone, and why.
    Lost(String),
    /// A connection stands, the first or a new one.
    Connected,
    /// A connection could not be made, and why.
    NotConnected(String),
    Timer(Timer),
}

impl Msg {
    /// Whether the screen may change by it; the others are told on to a program at most.
    pub fn is_seen(&self) -> bool {
        match self {
            Msg::Released(_) | Msg::Blur => false,
            Msg::Mouse(event) => event.kind != MouseEventKind::Moved,
            _ => true,
        }
    }
}

/// Something is to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Cmd {
    Send {
        request: Request,
        purpose: Purpose,
    },
    /// One shot, after the timer's own delay; takes the place of one that has not fired.
    Arm(Timer),
    /// Connect; with `start`, start an engine if none runs.
    Connect {
        start: bool,
    },
    /// Forget what is on the terminal and draw everything.
    Clear,
    /// Ring the terminal's bell.
    Bell,
    /// Put text on the clipboard.
    Copy(String),
    /// Open a link with what the desktop has for it.
    Open(String),
    /// Switch the terminal: flags of the kitty keyboard protocol, and whether every motion of the mouse is told.
    Switch {
        keyboard: u8,
        motion: bool,
    },
    /// Show a notification on the desktop, through the terminal. One line without control characters.
    Notify(String),
    /// Read the configuration's files again, for keys and colours.
    Reload,
    Quit,
}

/// What a request was for; comes back with its reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// Only a refusal is of interest.
    Change,
    /// The answer is a sentence to be shown.
    Say,
    /// The new sessions get the focus, and the first of them the draft of the session `draft_of`.
    Create {
        draft_of: Option<SessionId>,
    },
    /// A prompt; on a refusal it goes back to the composer.
    Prompt {
        session: SessionId,
        draft: Draft,
    },
    /// On a refusal the text is kept for the next broadcast.
    Broadcast {
        text: String,
    },
    Rate {
        turn: TurnId,
        rating: Rating,
    },
    /// `name`: the whole path.
    RemoveWorktree {
        name: String,
        force: bool,
    },
    RestoreWorktree,
    Snapshot,
    Offers,
    Models {
        session: SessionId,
    },
    Stats,
    /// `all`: of models without results too.
    Learned {
        all: bool,
    },
    Advice,
    Results {
        model: String,
        category: String,
    },
    /// What is learnt was changed; it is asked for again.
    Learn,
    /// The turn that a line of the inbox is about. `after`: it is news only if it ended after that.
    News {
        session: SessionId,
        after: Option<Millis>,
    },
    Suggest {
        session: SessionId,
        prompt: String,
    },
    Reload,
    Shutdown,
    /// Text for the clipboard.
    Copy,
    /// The places of a pattern in a terminal.
    Find {
        session: SessionId,
        pattern: String,
        way: Way,
    },
}

/// One-shot timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Ask for a suggestion for what stands in this session's composer.
    Suggest(SessionId),
    /// Scroll on: the button is held, and the pointer is past the edge.
    Drag,
}

impl Timer {
    pub fn delay(self) -> std::time::Duration {
        match self {
            Timer::Suggest(_) => std::time::Duration::from_millis(200),
            Timer::Drag => std::time::Duration::from_millis(40),
        }
    }
}

/// An [`Op`] of which only a refusal is of interest.
pub fn change(op: Op) -> Cmd {
    Cmd::Send {
        request: Request::Op(op),
        purpose: Purpose::Change,
    }
}

/// An [`Op`] with its purpose.
pub fn op(op: Op, purpose: Purpose) -> Cmd {
    Cmd::Send {
        request: Request::Op(op),
        purpose,
    }
}

/// A [`Query`] with its purpose.
pub fn query(query: Query, purpose: Purpose) -> Cmd {
    Cmd::Send {
        request: Request::Query(query),
        purpose,
    }
}
