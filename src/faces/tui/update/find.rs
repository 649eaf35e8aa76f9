//! Searching for a word in what a chat's pane shows: prompts, answers, tool calls and notices, as they stand there.

use crate::faces::tui::model::Model;
use crate::faces::tui::model::found::Found;
use crate::faces::tui::update::scroll::{body_size, show_line};
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::turn;

/// Searches for `word` in the selected session's pane, from its end; in what is folded, if it is nowhere else.
/// Whether it is there.
pub fn find(model: &mut Model, word: &str) -> bool {
    let Some(session) = model.panes.selected() else {
        return false;
    };
    let found = Found::new(session, word);
    let mut places = lines_with(model, &found);
    if places.is_empty()
        && let Some(chat) = model.chats.get_mut(&session).filter(|chat| !chat.unfolded)
    {
        // It may stand in what is folded; then that is unfolded.
        chat.unfolded = true;
        places = lines_with(model, &found);
        if let Some(chat) = model.chats.get_mut(&session) {
            chat.unfolded = !places.is_empty();
        }
    }
    let last = places.len().checked_sub(1);
    if let Some(at) = last {
        model.found = Some(found);
        go(model, &places, at);
    }
    last.is_some()
}

/// Goes `steps` places on, around the ends.
pub fn step(model: &mut Model, steps: isize) {
    let Some(found) = model.found.clone() else {
        return;
    };
    model.panes.select(found.session);
    let places = lines_with(model, &found);
    let Some(at) = found.at.filter(|_| !places.is_empty()) else {
        return;
    };
    // The line that was the current one may be gone; then the next one is meant.
    let here = places.partition_point(|place| *place < at);
    let gone = places.get(here) != Some(&at);
    let goal = here as isize + steps - isize::from(gone && steps > 0);
    go(
        model,
        &places,
        goal.rem_euclid(places.len() as isize) as usize,
    );
}

fn go(model: &mut Model, places: &[(usize, usize)], at: usize) {
    let Some(found) = &mut model.found else {
        return;
    };
    found.at = Some(places[at]);
    found.number = at + 1;
    found.count = places.len();
    let session = found.session;
    show_line(model, session, places[at]);
}

/// The lines (turn and line in it) that hold the word.
fn lines_with(model: &Model, found: &Found) -> Vec<(usize, usize)> {
    let Some((width, _)) = body_size(model, found.session) else {
        return Vec::new();
    };
    let Some(chat) = model.chats.get(&found.session) else {
        return Vec::new();
    };
    let look = Look::of(&model.theme);
    let mut places = Vec::new();
    for (at, shown) in chat.turns.iter().enumerate() {
        let segments = turn::segments(shown, width, chat.unfolded, &look);
        let lines = segments.iter().flat_map(|segment| segment.iter());
        for (number, line) in lines.enumerate() {
            if line.to_string().to_lowercase().contains(&found.word) {
                places.push((at, number));
            }
        }
    }
    places
}
