//! The mouse: what its button is held for, and how often it was pressed in one place.

use crate::faces::tui::model::copying::Place;
use crate::protocol::{Millis, SessionId};
use ratatui::layout::Position;

/// Presses of the same cell within so many milliseconds are one double or triple click.
const TOGETHER: Millis = 400;

/// For what the button is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Its program was told of the press, and is told of the rest.
    Program(SessionId),
    /// Selecting in a terminal, from the cell on which it was pressed.
    Selecting { session: SessionId, anchor: Place },
}

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pointer {
    pub held: Option<Held>,
    /// Where it is while the button is held.
    pub at: Position,
    /// Whether the view was scrolled when the selection began.
    pub scrolled: bool,
    last: Option<(Position, Millis, u8)>,
}

impl Pointer {
    /// A press. Returns which of a row of presses on this cell it is: 1, 2 or 3, and then 1 again.
    pub fn click(&mut self, at: Position, now: Millis) -> u8 {
        let count = match self.last {
            Some((place, time, count)) if place == at && now - time <= TOGETHER => count % 3 + 1,
            _ => 1,
        };
        self.last = Some((at, now, count));
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presses_count_where_they_are_close_in_place_and_time() {
        let mut pointer = Pointer::default();
        let (here, there) = (Position::new(3, 4), Position::new(3, 5));
        for (at, now, count) in [
            (here, 0, 1),
            (here, 300, 2),
            (here, 600, 3),
            (here, 900, 1),
            (there, 901, 1),
            (there, 1301, 2),
            (there, 1702, 1),
        ] {
            assert_eq!(pointer.click(at, now), count, "{now}");
        }
    }
}
