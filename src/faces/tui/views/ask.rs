//! The question a session puts to the user: all of it, and the keys that answer it.

use crate::config::Action;
use crate::faces::tui::model::{AskView, Mode, Model};
use crate::faces::tui::text::wrap::{Break, Piece, fit, wrap};
use crate::faces::tui::views::asked::{self, Picks};
use crate::faces::tui::views::draw::put;
use crate::faces::tui::views::look::Look;
use crate::protocol::{Ask, SessionView};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

/// The mark at the left edge, and the blank behind it.
const EDGE: u16 = 2;

fn title(session: &SessionView, ask: &Ask, width: u16, look: &Look) -> Vec<Line<'static>> {
    let more = match session.asks.len() - 1 {
        0 => String::new(),
        more => format!("  (and {more} more)"),
    };
    let mark = [Piece::new("! ", look.warning)];
    let rest = [Piece::new("  ", look.warning)];
    let pieces = [Piece::new(asked::title(ask) + &more, look.title)];
    wrap(&pieces, width, &mark, &rest, Break::Words)
}

/// All of what is asked, its choices last.
fn detail(
    model: &Model,
    session: &SessionView,
    ask: &Ask,
    width: u16,
    look: &Look,
) -> Vec<Line<'static>> {
    let mut lines = asked::detail(model, session, ask, width, look);
    let ticked = model.ask_view(session.id, ask.id).ticked;
    let picks = Picks {
        ticked,
        cursor: None,
    };
    lines.extend(asked::choices(ask, picks, width, look));
    lines
}

/// The keys that answer, none of them torn apart.
fn keys(model: &Model, ask: &Ask, width: u16, look: &Look) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    let mut lead = "";
    if model.mode == Mode::Insert {
        lines[0].push_span(Span::styled("esc", look.accent));
        lead = ", then ";
    }
    for (key, words) in asked::offers(&model.keymap, ask) {
        let answer = [
            Span::styled(key, look.accent),
            Span::styled(format!(" {words}"), look.text),
        ];
        let taken: usize = answer.iter().map(Span::width).sum();
        let last = lines.len() - 1;
        if lines[last].width() > 0 {
            if lines[last].width() + lead.width() + taken > usize::from(width) {
                lines.push(Line::default());
            } else {
                lines[last].push_span(Span::styled(lead, look.border));
            }
        }
        lead = " · ";
        let last = lines.len() - 1;
        for span in answer {
            lines[last].push_span(span);
        }
    }
    lines
}

/// The rows it needs to show all of the question, at the width of the pane.
pub fn rows(model: &Model, session: &SessionView, width: u16) -> u16 {
    let Some(ask) = session.asks.first() else {
        return 0;
    };
    let (width, look) = (width.saturating_sub(EDGE), Look::default());
    let rows = title(session, ask, width, &look).len()
        + detail(model, session, ask, width, &look).len()
        + keys(model, ask, width, &look).len();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// The rows of detail there are, and those that are shown at a time in `area`.
pub fn extent(model: &Model, session: &SessionView, area: Rect) -> (usize, usize) {
    let Some(ask) = session.asks.first() else {
        return (0, 0);
    };
    let (width, look) = (area.width.saturating_sub(EDGE), Look::default());
    let all = detail(model, session, ask, width, &look).len();
    let others = title(session, ask, width, &look).len() + keys(model, ask, width, &look).len();
    let room = usize::from(area.height).saturating_sub(others);
    // Where not all fits, a row says so.
    let shown = if all > room {
        room.saturating_sub(1)
    } else {
        room
    };
    (all, shown)
}

/// Draws the oldest open question: what, the details, and the keys that answer it.
pub fn draw(model: &Model, session: &SessionView, look: &Look, area: Rect, buf: &mut Buffer) {
    let Some(ask) = session.asks.first() else {
        return;
    };
    if area.height == 0 || area.width < 4 {
        return;
    }
    for y in area.top()..area.bottom() {
        put(buf, area.x, y, "▌", look.warning);
    }
    let inner = Rect {
        x: area.x + EDGE,
        width: area.width - EDGE,
        ..area
    };
    let view = model.ask_view(session.id, ask.id);
    let (all, shown) = extent(model, session, area);
    let top = view.top.min(all.saturating_sub(shown));
    let mut lines = title(session, ask, inner.width, look);
    lines.extend(
        detail(model, session, ask, inner.width, look)
            .into_iter()
            .skip(top)
            .take(shown),
    );
    if all > shown {
        let text = more(model, view, all, top, shown);
        lines.push(Line::styled(fit(&text, usize::from(inner.width)), look.dim));
    }
    let keys = keys(model, ask, inner.width, look);
    // The answers stay, whatever else has no room.
    lines.truncate(usize::from(area.height).saturating_sub(keys.len()).max(1));
    lines.extend(keys);
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        line.render(
            Rect {
                y,
                height: 1,
                ..inner
            },
            buf,
        );
    }
}

/// `lines 1 to 6 of 30 · ctrl-d ctrl-u scroll · o all of it`.
fn more(model: &Model, view: AskView, all: usize, top: usize, shown: usize) -> String {
    let hint = |action| model.keymap.hint(action).unwrap_or_default();
    let fold = match view.unfolded {
        true => "less",
        false => "more room",
    };
    format!(
        "lines {} to {} of {all} · {} {} scroll · {} {fold}",
        (top + 1).min(all),
        (top + shown).min(all),
        hint(Action::ScrollDown),
        hint(Action::ScrollUp),
        hint(Action::FoldThinking),
    )
}
