//! All sessions: the fork tree, ungrouped first, then group by group.

use crate::faces::tui::model::Model;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::views::draw::{put, put_fit, put_right};
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::status;
use crate::protocol::{Cost, SessionId, SessionView, TreeRow, fork_tree};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// A line of the sidebar.
enum Row {
    /// A group's name and what its sessions cost.
    Group(String, Cost),
    Session(TreeRow),
}

/// Lines from top to bottom. Each group has its own forest: a fork that was put into another group than its
/// parent's is a root there.
fn rows(model: &Model) -> Vec<Row> {
    let mut groups: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (index, session) in model.sessions.iter().enumerate() {
        groups
            .entry(session.group.as_deref())
            .or_default()
            .push(index);
    }
    let mut rows = Vec::with_capacity(model.sessions.len() + groups.len());
    for (group, members) in groups {
        let sessions: Vec<SessionView> = members
            .iter()
            .map(|index| model.sessions[*index].clone())
            .collect();
        if let Some(name) = group {
            let cost = sessions.iter().map(|session| session.gauges.cost).sum();
            rows.push(Row::Group(name.to_owned(), cost));
        }
        rows.extend(fork_tree(&sessions).into_iter().map(|row| {
            let index = members[row.index];
            Row::Session(TreeRow { index, ..row })
        }));
    }
    rows
}

/// The sessions in the order in which they stand here.
pub fn order(model: &Model) -> Vec<SessionId> {
    let session = |row: Row| match row {
        Row::Session(row) => Some(row.session),
        Row::Group(..) => None,
    };
    rows(model).into_iter().filter_map(session).collect()
}

/// The first row shown, so that the selected one is in sight.
fn first(model: &Model, rows: &[Row], height: usize) -> usize {
    let selected = model.panes.selected();
    let at = rows
        .iter()
        .position(|row| matches!(row, Row::Session(r) if Some(r.session) == selected));
    let at = at.unwrap_or(0);
    at.saturating_sub(height / 2)
        .min(rows.len().saturating_sub(height))
}

/// The session on the screen's row `y`.
pub fn session_at(model: &Model, area: Rect, y: u16) -> Option<SessionId> {
    let rows = rows(model);
    let first = first(model, &rows, usize::from(area.height));
    match rows.get(first + usize::from(y.checked_sub(area.y)?))? {
        Row::Session(row) => Some(row.session),
        Row::Group(..) => None,
    }
}

pub fn draw(model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.width < 6 || area.height == 0 {
        return;
    }
    let rows = rows(model);
    let height = usize::from(area.height);
    let first = first(model, &rows, height);
    for (i, row) in rows.iter().skip(first).take(height).enumerate() {
        let line = Rect {
            y: area.y + i as u16,
            height: 1,
            ..area
        };
        match row {
            Row::Group(name, cost) => group(look, line, buf, name, *cost),
            Row::Session(row) => session(model, look, line, buf, row, &model.sessions[row.index]),
        }
    }
    let mark = |y: u16, text: &str, buf: &mut Buffer| {
        put(buf, area.right() - 1, y, text, look.dim);
    };
    if first > 0 {
        mark(area.y, "↑", buf);
    }
    if rows.len() > first + height {
        mark(area.bottom() - 1, "↓", buf);
    }
}

fn group(look: &Look, line: Rect, buf: &mut Buffer, name: &str, cost: Cost) {
    let inner = Rect {
        x: line.x + 1,
        width: line.width - 3,
        ..line
    };
    let known = cost.counted().0 > 0 || cost.plan.0 > 0;
    let fits = |text: &String| text.width() + name.width() < usize::from(inner.width);
    let cost = Some(cost.to_string())
        .filter(|text| known && fits(text))
        .unwrap_or_default();
    let start = put_right(buf, inner, &cost, look.dim);
    let end = start - u16::from(!cost.is_empty() && start > 0);
    let room = usize::from(end.saturating_sub(inner.x));
    let name = fit(&sanitise::line(name), room);
    let from = put(buf, inner.x, line.y, &name, look.title) + 1;
    for x in from..end {
        put(buf, x, line.y, "─", look.border);
    }
}

fn session(
    model: &Model,
    look: &Look,
    line: Rect,
    buf: &mut Buffer,
    row: &TreeRow,
    session: &SessionView,
) {
    let selected = model.panes.selected() == Some(session.id);
    let shown = model.panes.shown().contains(&session.id);
    let marked = model.marks.contains(&session.id);
    // A background where the theme has one; reversing the whole row would be too loud for what is always there.
    let quiet = look.selection.bg.is_none();
    if selected && !quiet {
        let row = Rect {
            x: line.x + 1,
            width: line.width - 2,
            ..line
        };
        buf.set_style(row, look.selection);
    }
    let paint = |style| match selected {
        true if quiet => style,
        true => look.selection.patch(look.bare(style)),
        false => style,
    };
    let edge = match (selected, marked) {
        (_, true) => "●",
        (true, false) => "▌",
        (false, false) => " ",
    };
    let edge_style = if marked {
        look.accent
    } else {
        look.border_focus
    };
    put(buf, line.x, line.y, edge, edge_style);
    let inner = Rect {
        x: line.x + 1,
        width: line.width - 3,
        ..line
    };
    let (beside, calls) = status::beside(session, model);
    // The name is worth more than the figure: that gives way first. What calls for the user stays.
    let taken = row.branch.width() + 2 + session.name.width() + 1;
    let room = usize::from(inner.width).saturating_sub(taken);
    let beside = if calls {
        fit(&beside, usize::from(inner.width) / 2)
    } else if beside.width() <= room {
        beside
    } else {
        let shorter = match status::cost(session) == beside {
            true => status::short_cost(session),
            false => String::new(),
        };
        if shorter.width() <= room {
            shorter
        } else {
            String::new()
        }
    };
    let beside_style = match calls {
        true => status::style(session, look, model.now),
        false => look.dim,
    };
    let start = put_right(buf, inner, &beside, paint(beside_style));
    let x = put_fit(buf, inner, &row.branch, paint(look.border));
    let x = put(
        buf,
        x,
        line.y,
        status::glyph(session, model.now),
        paint(status::style(session, look, model.now)),
    );
    let gap = if beside.is_empty() { 0 } else { 1 };
    let room = usize::from(start.saturating_sub(x + 1)).saturating_sub(gap);
    let name = fit(&sanitise::line(&session.name), room);
    let style = match (selected, shown) {
        (true, _) => look.accent,
        (false, true) => look.title,
        (false, false) => look.text,
    };
    if name.width() > 0 {
        put(buf, x + 1, line.y, &name, paint(style));
    }
}
