//! Searching a terminal: a regular expression in all of its lines, those above the screen as well. The engine
//! searches; here one goes from place to place.

use crate::faces::tui::model::Model;
use crate::faces::tui::model::copying::Place;
use crate::faces::tui::model::found::{Found, Hits, Way};
use crate::faces::tui::model::terminal::Terminal;
use crate::faces::tui::update::copying::ask;
use crate::faces::tui::update::selecting::shown;
use crate::faces::tui::update::{Cmd, Purpose, query};
use crate::protocol::{self, Level, Match, Query, ScreenUpdate, SessionId};

/// Searches for a pattern.
pub fn start(session: SessionId, pattern: &str, way: Way, cmds: &mut Vec<Cmd>) {
    let pattern = pattern.to_owned();
    let purpose = Purpose::Find {
        session,
        pattern: pattern.clone(),
        way,
    };
    cmds.push(query(Query::Find { session, pattern }, purpose));
}

/// Goes `steps` places on in the direction of the search. What has changed since is searched again.
pub fn step(model: &mut Model, steps: isize, cmds: &mut Vec<Cmd>) {
    let Some(found) = &model.found else { return };
    let Some(hits) = &found.hits else { return };
    let steps = match hits.way {
        Way::Up => -steps,
        _ => steps,
    };
    if hits.stale {
        return start(found.session, &found.word, Way::Again(steps), cmds);
    }
    if let (Some(at), false) = (hits.at, hits.matches.is_empty()) {
        let goal = (at as isize + steps).rem_euclid(hits.matches.len() as isize);
        go(model, goal as usize, cmds);
    }
}

/// The places have come.
pub fn came(
    model: &mut Model,
    (session, pattern, way): (SessionId, String, Way),
    places: protocol::Found,
    cmds: &mut Vec<Cmd>,
) {
    let before = (model.found.take()).filter(|f| f.session == session && f.word == pattern);
    let before = before.and_then(|found| found.hits);
    if places.matches.is_empty() && way != Way::Refresh {
        model.notify(
            Level::Info,
            format!("“{pattern}” is nowhere in this terminal"),
        );
        return;
    }
    if way == Way::Refresh && before.is_none() {
        return;
    }
    let current = before.as_ref().and_then(Hits::current);
    let starts = |m: &Match| (m.line, m.col);
    let matches = places.matches;
    let count = matches.len();
    let origin = origin(model, session);
    let before_origin = matches.partition_point(|m| starts(m) < origin);
    let goal = match (way, current) {
        (Way::Up, _) => before_origin.checked_sub(1).or(count.checked_sub(1)),
        (Way::Down, _) => {
            let here = matches
                .get(before_origin)
                .is_some_and(|m| starts(m) == origin);
            let next = before_origin + usize::from(here);
            Some(if next < count { next } else { 0 })
        }
        (Way::Again(_) | Way::Refresh, None) => count.checked_sub(1),
        (Way::Again(steps), Some(current)) => {
            let at = matches.partition_point(|m| starts(m) < starts(&current));
            let gone = matches
                .get(at)
                .is_none_or(|m| starts(m) != starts(&current));
            let goal = at as isize + steps - isize::from(gone && steps > 0);
            Some(goal.rem_euclid(count.max(1) as isize) as usize)
        }
        (Way::Refresh, Some(current)) => {
            let at = matches.partition_point(|m| starts(m) < starts(&current));
            (count > 0).then(|| at.min(count - 1))
        }
    };
    let direction = match (way, &before) {
        (Way::Up | Way::Down, _) | (_, None) => way,
        (_, Some(before)) => before.way,
    };
    model.found = Some(Found {
        count,
        number: goal.map_or(0, |at| at + 1),
        hits: Some(Hits {
            at: goal,
            matches,
            more: places.more,
            reflow: places.reflow,
            way: direction,
            stale: false,
            asked: false,
        }),
        ..Found::pattern(session, &pattern)
    });
    if let (Some(goal), true) = (goal, way != Way::Refresh) {
        go(model, goal, cmds);
    }
}

/// From where one searches: the cursor of copy mode, or else the lower edge of what is in sight.
fn origin(model: &Model, session: SessionId) -> (u64, u16) {
    match &model.copying {
        Some(copying) if copying.keys && copying.session == session => {
            (copying.cursor.line, copying.cursor.col)
        }
        _ => {
            let last = |view: &Terminal| view.top + u64::from(view.rows);
            (shown(model, session).map_or(0, last), 0)
        }
    }
}

fn go(model: &mut Model, goal: usize, cmds: &mut Vec<Cmd>) {
    let Some(found) = &mut model.found else {
        return;
    };
    let (session, Some(hits)) = (found.session, &mut found.hits) else {
        return;
    };
    let Some(to) = hits.matches.get(goal).copied() else {
        return;
    };
    hits.at = Some(goal);
    found.number = goal + 1;
    if let Some(copying) = (model.copying.as_mut()).filter(|c| c.keys && c.session == session) {
        let margin = u64::from(copying.view.rows / 3);
        let wanted = copying.put(Place::new(to.line, to.col), margin);
        return ask(session, wanted, cmds);
    }
    let Some(view) = model.terminals.get(&session) else {
        return;
    };
    let rows = u64::from(view.rows.max(1));
    if !(view.top..view.top + rows).contains(&to.line) {
        ask(session, Some(to.line.saturating_sub(rows / 3)), cmds);
    }
}

/// The terminal shows something else. Where that makes the places wrong, they are looked for again: at once on the
/// alternate screen, which has no other lines, and elsewhere when one goes on.
pub fn screen(
    model: &mut Model,
    before: (u64, u64),
    update: (&ScreenUpdate, bool),
    cmds: &mut Vec<Cmd>,
) {
    let (update, changed) = update;
    let found = model.found.as_mut().filter(|f| f.session == update.session);
    let Some(found) = found else { return };
    let Some(hits) = &mut found.hits else { return };
    let present = update.top + u64::from(update.scrolled);
    let moved = hits.reflow != update.reflow;
    let written = before.1 != present || (before.0 == update.top && changed);
    hits.stale |= moved || written;
    if moved {
        hits.matches.clear();
    }
    if hits.stale && !hits.asked && (moved || update.modes.alt_screen) {
        hits.asked = true;
        let (session, pattern) = (found.session, found.word.clone());
        start(session, &pattern, Way::Refresh, cmds);
    }
}
