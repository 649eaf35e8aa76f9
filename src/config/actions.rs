//! Everything a key can do, in one table. Keys, the help overlay, the command palette and the README
//! are made from it.

/// Where a key is looked up. Dialogs handle their own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Single keys command the screen.
    Normal,
    /// All keys go to the pane, but for the chord that leaves.
    Insert,
    /// Reading a terminal's lines and copying from them.
    Copy,
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
    Inbox, "inbox", Normal, "Open the inbox of all that needs you or ended unseen";
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
    CorrectCategory, "correct-category", Normal, "Say what kind of prompt the shown turn was, where it was taken for another";

    SwitchModel, "switch-model", Normal, "Switch the session to another model";
    TakeSuggestion, "take-suggestion", Normal, "Take the suggested model; where it is another backend's, in a fork";
    SwitchPermissionMode, "switch-permission-mode", Normal, "Switch the permission mode of the session";
    ResumeAtReset, "resume-at-reset", Normal, "Let the session go on by itself when a limit is over, or not";
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
    Find, "find", Normal, "Find a word in the pane (a regular expression in a terminal), or a session";
    FindNext, "find-next", Found, "Go to the next place of the word";
    FindPrevious, "find-previous", Found, "Go to the previous place of the word";
    FindEnd, "find-end", Found, "Search no longer";

    CopyMode, "copy-mode", Normal, "Move through a terminal's lines with the keyboard and copy from them";
    CopyAnswer, "copy-answer", Normal, "Copy the shown answer";
    CopyCode, "copy-code", Normal, "Copy a block of code of the shown answer";
    OpenLink, "open-link", Normal, "Open a link that the pane shows";

    CopyLeft, "copy-left", Copy, "Go a column to the left";
    CopyDown, "copy-down", Copy, "Go a line down";
    CopyUp, "copy-up", Copy, "Go a line up";
    CopyRight, "copy-right", Copy, "Go a column to the right";
    CopyWord, "copy-word", Copy, "Go to the next word";
    CopyWordBack, "copy-word-back", Copy, "Go back to the beginning of a word";
    CopyWordEnd, "copy-word-end", Copy, "Go to the end of a word";
    CopyBigWord, "copy-big-word", Copy, "Go behind the next blank";
    CopyBigWordBack, "copy-big-word-back", Copy, "Go back to behind a blank";
    CopyBigWordEnd, "copy-big-word-end", Copy, "Go to the last character before a blank";
    CopyLineStart, "copy-line-start", Copy, "Go to the beginning of the line";
    CopyLineText, "copy-line-text", Copy, "Go to the first character of the line that is no blank";
    CopyLineEnd, "copy-line-end", Copy, "Go to the end of the line";
    CopyTop, "copy-top", Copy, "Go to the oldest line";
    CopyBottom, "copy-bottom", Copy, "Go to the newest line";
    CopyViewTop, "copy-view-top", Copy, "Go to the first line in sight";
    CopyViewMiddle, "copy-view-middle", Copy, "Go to the middle of the lines in sight";
    CopyViewBottom, "copy-view-bottom", Copy, "Go to the last line in sight";
    CopyHalfUp, "copy-half-up", Copy, "Scroll up half a page";
    CopyHalfDown, "copy-half-down", Copy, "Scroll down half a page";
    CopyPageUp, "copy-page-up", Copy, "Scroll up a page";
    CopyPageDown, "copy-page-down", Copy, "Scroll down a page";
    CopyScrollUp, "copy-scroll-up", Copy, "Scroll up a line";
    CopyScrollDown, "copy-scroll-down", Copy, "Scroll down a line";
    CopySelect, "copy-select", Copy, "Select characters from here";
    CopySelectLines, "copy-select-lines", Copy, "Select whole lines from here";
    CopySelectBlock, "copy-select-block", Copy, "Select a rectangle from here";
    CopyOtherEnd, "copy-other-end", Copy, "Go to the other end of the selection";
    CopyFind, "copy-find", Copy, "Find a regular expression further down";
    CopyFindBack, "copy-find-back", Copy, "Find a regular expression further up";
    CopyFindNext, "copy-find-next", Copy, "Go to the next place, in the direction of the search";
    CopyFindPrevious, "copy-find-previous", Copy, "Go to the next place, against that direction";
    CopyYank, "copy-yank", Copy, "Copy the selection, without one the line, and leave";
    CopyOpenLink, "copy-open-link", Copy, "Open the link under the cursor, after asking";
    CopyLeave, "copy-leave", Copy, "Stop selecting, or leave";

    CommandPalette, "command-palette", Normal, "Open the command palette";
    Help, "help", Normal, "Show all keys";
    Stats, "stats", Normal, "Show the statistics";
    Learning, "learning", Normal, "Show what is learnt, what changed it, and undo it";
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
