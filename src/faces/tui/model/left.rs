//! What a face leaves behind for the next one: drafts, and which panes were open.

use crate::faces::tui::model::Model;
use crate::faces::tui::model::composer::Draft;
use crate::faces::tui::model::panes::Panes;
use crate::protocol::{Millis, SessionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The content of the file, as JSON. Fields that are missing are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Left {
    pub drafts: BTreeMap<u64, Draft>,
    pub broadcast: String,
    pub panes: Vec<SessionId>,
    pub focus: usize,
    pub zoomed: bool,
    pub stacked: bool,
    /// When it was left; 0: never.
    pub at: Millis,
    /// What had ended unseen.
    pub news: Vec<SessionId>,
}

impl Left {
    pub fn of(model: &Model) -> Left {
        let drafts = model.composers.iter().filter_map(|(session, composer)| {
            let draft = composer.draft();
            let empty = draft.text.trim().is_empty() && draft.attached.is_empty();
            (!empty).then_some((session.0, draft))
        });
        Left {
            drafts: drafts.collect(),
            broadcast: model.unsent.clone(),
            panes: model.panes.pinned().to_vec(),
            focus: model.panes.focus(),
            zoomed: model.panes.zoomed,
            stacked: model.panes.stacked,
            at: model.now,
            news: model.news.keys().copied().collect(),
        }
    }

    /// Since when nobody looked, and what was unseen before; `None`: nobody ever did.
    pub fn away(&self) -> Option<(Millis, Vec<SessionId>)> {
        (self.at > 0).then(|| (self.at, self.news.clone()))
    }

    /// Puts back what still has its session.
    pub fn restore(self, model: &mut Model) {
        for (session, draft) in self.drafts {
            let session = SessionId(session);
            if model.session(session).is_some() {
                model.composers.entry(session).or_default().give_back(draft);
            }
        }
        model.unsent = self.broadcast;
        let there = |id: &SessionId| model.session(*id).is_some();
        let pinned: Vec<SessionId> = self.panes.into_iter().filter(there).collect();
        if !pinned.is_empty() {
            model.panes = Panes::again(pinned, self.focus, self.zoomed);
            model.panes.stacked = self.stacked;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::tui::testing::{house, press, write};

    #[test]
    fn drafts_and_panes_come_back() {
        let mut model = house((120, 40));
        press(&mut model, "j enter i");
        write(&mut model, "half a thought");
        let text = serde_json::to_string(&Left::of(&model)).unwrap();
        let left: Left = serde_json::from_str(&text).unwrap();
        let mut again = house((120, 40));
        again.panes = Panes::default();
        left.clone().restore(&mut again);
        assert_eq!(again.panes.shown(), model.panes.shown());
        assert_eq!(again.panes.selected(), model.panes.selected());
        let session = model.panes.selected().unwrap();
        assert_eq!(again.composers[&session].text(), "half a thought");
        assert_eq!(Left::of(&again), left);
        // Of a session that is gone, nothing does.
        let mut empty = crate::faces::tui::testing::model((120, 40), vec![]);
        left.restore(&mut empty);
        assert!(empty.composers.is_empty() && empty.panes.shown().is_empty());
        assert_eq!(serde_json::from_str::<Left>("{}").unwrap(), Left::default());
    }
}
