//! Everything a key can do, in one table. Keys, the help overlay, the command palette and the README
//! are made from it.

/// Where a key is looked up. Dialogs handle their own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Single keys command the screen.
    Normal,
    /// All keys go to the pane, but for the chord that leaves.
    Insert,
    /// As `Normal`, while the places of a word that was searched for are marked; comes before it.
    Found,
}

/// One row: an action, its name in keymaps and in the palette, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct ActionRow {
    pub action: Action,
    pub name: &'static str,
    pub context: Context,
    /// Imperative, without a full stop.
    pub sentence: &'static str,
}

macro_rules! actions {
    ($($action:ident, $name:literal, $context:ident, $sentence:literal;)*) => {
        /// What a key can do. Its words are in [`ACTIONS`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $(#[doc = $sentence] $action,)* }

        /// Every action once, in the order in which help shows them.
        pub const ACTIONS: &[ActionRow] = &[$(ActionRow {
            action: Action::$action,
            name: $name,
            context: Context::$context,
            sentence: $sentence,
        },)*];
    };
}

actions! {
    Write, "write", Normal, "Write to the session: all keys go to its pane";
    LeaveInsert, "leave-insert", Insert, "Stop writing: keys command the screen again";
    Attach, "attach", Normal, "Attach an image to the next prompt";

    NextSession, "next-session", Normal, "Select the next session";
    PreviousSession, "previous-session", Normal, "Select the previous session";
    NextNeedingYou, "next-needing-you", Normal, "Select the next session that needs you";
    NextPane, "next-pane", Normal, "Focus the next pane";
    PreviousPane, "previous-pane", Normal, "Focus the previous pane";
    OpenInPane, "open-in-pane", Normal, "Show the selected session in a pane";
    ClosePane, "close-pane", Normal, "Close the pane; its session goes on";
    Zoom, "zoom", Normal, "Give the pane the whole screen, or give it back";

    Spawn, "spawn", Normal, "Spawn a session";
    Fork, "fork", Normal, "Fork the session at the shown turn";
    Relay, "relay", Normal, "Relay the shown answer to another session";
    Broadcast, "broadcast", Normal, "Broadcast a prompt to the marked sessions, a group or all";
    Mark, "mark", Normal, "Mark the session for a broadcast, or take the mark away";
    UnmarkAll, "unmark-all", Normal, "Take away all marks";

    ApproveOnce, "approve-once", Normal, "Answer yes, this once, to what the session asks";
    ApproveAlways, "approve-always", Normal, "Answer yes for the rest of this session";
    Deny, "deny", Normal, "Answer no to what the session asks";
    DenyInWords, "deny-in-words", Normal, "Answer what the session asks with words of your own";
    Interrupt, "interrupt", Normal, "Interrupt the running turn";

    Rate1, "rate-1", Normal, "Rate the shown turn 1 of 5";
    Rate2, "rate-2", Normal, "Rate the shown turn 2 of 5";
    Rate3, "rate-3", Normal, "Rate the shown turn 3 of 5";
    Rate4, "rate-4", Normal, "Rate the shown turn 4 of 5";
    Rate5, "rate-5", Normal, "Rate the shown turn 5 of 5";
    RateGood, "rate-good", Normal, "Rate the shown turn good";
    RateBad, "rate-bad", Normal, "Rate the shown turn bad";

    SwitchModel, "switch-model", Normal, "Switch the session to another model";
    TakeSuggestion, "take-suggestion", Normal, "Take the suggested model; where it is another backend's, in a fork";
    SwitchPermissionMode, "switch-permission-mode", Normal, "Switch the permission mode of the session";
    Rename, "rename", Normal, "Rename the session";
    SetGroup, "set-group", Normal, "Put the session into a group, or take it out";
    Restart, "restart", Normal, "Start the session's process anew";
    Kill, "kill", Normal, "Kill the session, after asking";
    RestoreWorktree, "restore-worktree", Normal, "Bring back the worktree that was removed last";

    PreviousTurn, "previous-turn", Normal, "Go to the previous turn";
    NextTurn, "next-turn", Normal, "Go to the next turn";
    ScrollUp, "scroll-up", Normal, "Scroll up half a page";
    ScrollDown, "scroll-down", Normal, "Scroll down half a page";
    PageUp, "page-up", Normal, "Scroll up a page";
    PageDown, "page-down", Normal, "Scroll down a page";
    Top, "top", Normal, "Go to the beginning";
    Bottom, "bottom", Normal, "Go to the end and follow it";
    FoldThinking, "fold-thinking", Normal, "Fold or unfold thinking, tool calls and a long question";
    Find, "find", Normal, "Find a word on the screen, or a session";
    FindNext, "find-next", Found, "Go to the next place of the word";
    FindPrevious, "find-previous", Found, "Go to the previous place of the word";
    FindEnd, "find-end", Found, "Search no longer";

    CommandPalette, "command-palette", Normal, "Open the command palette";
    Help, "help", Normal, "Show all keys";
    Stats, "stats", Normal, "Show the statistics";
    Budget, "budget", Normal, "Show and set the daily budget";
    ReloadConfig, "reload-config", Normal, "Read the configuration again";
    Redraw, "redraw", Normal, "Draw the screen anew";
    Detach, "detach", Normal, "Leave; all sessions go on";
    StopEngine, "stop-engine", Normal, "Stop the engine and all sessions, after asking";
}

impl Action {
    /// The row of this action.
    pub fn row(self) -> &'static ActionRow {
        // The macro lists variants and rows from the same lines, so the index is always there.
        &ACTIONS[self as usize]
    }

    pub fn name(self) -> &'static str {
        self.row().name
    }

    pub fn sentence(self) -> &'static str {
        self.row().sentence
    }

    /// The action of that name.
    pub fn from_name(name: &str) -> Option<Action> {
        ACTIONS
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_action_and_by_its_name() {
        for row in ACTIONS {
            assert_eq!(row.action.name(), row.name);
            assert_eq!(Action::from_name(row.name), Some(row.action));
            assert!(!row.sentence.ends_with('.'), "{}", row.sentence);
        }
    }
}
