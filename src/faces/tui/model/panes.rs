//! Which sessions are on the screen. Some are pinned to panes; selecting another one shows it in the focused
//! pane for as long as it is selected.

use crate::protocol::SessionId;

/// The most panes side by side.
pub const MOST: usize = 4;

/// The pinned sessions, which of their panes has the focus, and the selected session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    pinned: Vec<SessionId>,
    focus: usize,
    /// A selected session that is not pinned; stands in the focused pane.
    guest: Option<SessionId>,
    /// The selected session while every pane is closed.
    resting: Option<SessionId>,
    pub zoomed: bool,
    /// Panes were opened where only one had room; they stay behind it until they are asked for.
    pub stacked: bool,
}

impl Panes {
    /// Shows these, the first one focused.
    pub fn of(sessions: impl IntoIterator<Item = SessionId>) -> Panes {
        Panes {
            pinned: sessions.into_iter().take(MOST).collect(),
            ..Panes::default()
        }
    }

    /// These panes, as they were left.
    pub fn again(pinned: Vec<SessionId>, focus: usize, zoomed: bool) -> Panes {
        let mut panes = Panes::of(pinned);
        panes.focus = focus;
        panes.zoomed = zoomed;
        panes.settle();
        panes
    }

    /// The sessions that have a pane of their own.
    pub fn pinned(&self) -> &[SessionId] {
        &self.pinned
    }

    /// What each pane shows, in order.
    pub fn shown(&self) -> Vec<SessionId> {
        let mut shown = self.pinned.clone();
        match (self.guest, shown.get_mut(self.focus)) {
            (Some(guest), Some(place)) => *place = guest,
            (Some(guest), None) => shown.push(guest),
            (None, _) => {}
        }
        shown
    }

    pub fn focus(&self) -> usize {
        self.focus
    }

    pub fn selected(&self) -> Option<SessionId> {
        self.guest
            .or_else(|| self.pinned.get(self.focus).copied())
            .or(self.resting)
    }

    /// Whether the user closed every pane.
    pub fn all_closed(&self) -> bool {
        self.resting.is_some()
    }

    /// Selects a session without opening a pane where all are closed.
    pub fn point(&mut self, session: SessionId) {
        if self.pinned.is_empty() && self.guest.is_none() {
            self.resting = Some(session);
        } else {
            self.select(session);
        }
    }

    /// Selects a session: focuses its pane, or shows it in the focused one.
    pub fn select(&mut self, session: SessionId) {
        self.resting = None;
        match self.pinned.iter().position(|s| *s == session) {
            Some(place) => {
                self.focus = place;
                self.guest = None;
            }
            None => self.guest = Some(session),
        }
        if self.pinned.is_empty() {
            self.pin();
        }
    }

    /// Gives the selected session a pane of its own; the fifth takes the place of the focused one.
    pub fn pin(&mut self) {
        let Some(guest) = self.guest.take().or(self.resting.take()) else {
            return;
        };
        if self.pinned.len() < MOST {
            self.pinned.push(guest);
            self.focus = self.pinned.len() - 1;
        } else {
            self.pinned[self.focus] = guest;
        }
    }

    /// Takes the focused pane from the screen; a guest first gives way to the session it stands before.
    pub fn close(&mut self) {
        if self.guest.take().is_none() && self.focus < self.pinned.len() {
            let closed = self.pinned.remove(self.focus);
            if self.pinned.is_empty() {
                self.resting = Some(closed);
            }
        }
        self.settle();
    }

    /// Forgets a session that is gone.
    pub fn forget(&mut self, session: SessionId) {
        if self.guest == Some(session) {
            self.guest = None;
        }
        if self.resting == Some(session) {
            self.resting = None;
        }
        if let Some(place) = self.pinned.iter().position(|s| *s == session) {
            self.pinned.remove(place);
            if place < self.focus {
                self.focus -= 1;
            }
        }
        self.settle();
    }

    /// Moves the focus by whole panes, around the ends.
    pub fn turn(&mut self, steps: isize) {
        let count = self.pinned.len();
        if count > 0 {
            self.guest = None;
            let at = self.focus as isize + steps;
            self.focus = at.rem_euclid(count as isize) as usize;
        }
    }

    fn settle(&mut self) {
        self.focus = self.focus.min(self.pinned.len().saturating_sub(1));
        self.zoomed &= self.pinned.len() > 1;
        self.stacked &= self.pinned.len() > 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SessionId = SessionId(1);
    const B: SessionId = SessionId(2);
    const C: SessionId = SessionId(3);

    #[test]
    fn a_selected_guest_stands_in_the_focused_pane() {
        let mut panes = Panes::of([A, B]);
        panes.select(C);
        assert_eq!(panes.shown(), [C, B]);
        assert_eq!(panes.selected(), Some(C));
        panes.turn(1);
        assert_eq!(panes.shown(), [A, B]);
        assert_eq!(panes.selected(), Some(B));
    }

    #[test]
    fn pinning_adds_a_pane_until_there_are_enough() {
        let mut panes = Panes::of([A]);
        for n in 2..=6 {
            panes.select(SessionId(n));
            panes.pin();
        }
        assert_eq!(panes.shown(), [1, 2, 3, 6].map(SessionId));
    }

    #[test]
    fn closing_and_forgetting_keep_the_focus_inside() {
        let mut panes = Panes::of([A, B, C]);
        panes.turn(-1);
        assert_eq!(panes.selected(), Some(C));
        panes.close();
        assert_eq!(panes.selected(), Some(B));
        panes.forget(A);
        assert_eq!(panes.selected(), Some(B));
        panes.forget(B);
        assert_eq!(panes.selected(), None);
        panes.close();
        panes.turn(1);
        panes.pin();
        assert_eq!(panes.shown(), []);
    }

    #[test]
    fn the_first_one_selected_is_pinned() {
        let mut panes = Panes::default();
        panes.select(A);
        panes.select(B);
        assert_eq!(panes.shown(), [B]);
        panes.close();
        assert_eq!(panes.shown(), [A]);
    }

    #[test]
    fn with_all_panes_closed_a_session_stays_selected() {
        let mut panes = Panes::of([A]);
        panes.close();
        assert_eq!((panes.shown(), panes.selected()), (vec![], Some(A)));
        panes.point(B);
        assert_eq!((panes.shown(), panes.selected()), (vec![], Some(B)));
        panes.pin();
        assert_eq!(panes.shown(), [B]);
        panes.close();
        panes.select(C);
        assert_eq!((panes.shown(), panes.all_closed()), (vec![C], false));
        panes.close();
        panes.forget(C);
        assert_eq!(panes.selected(), None);
    }
}
