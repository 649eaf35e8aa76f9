//! The question a session puts to the user.

use crate::config::Action;
use crate::faces::tui::model::Model;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::views::draw::{put, put_fit};
use crate::faces::tui::views::look::Look;
use crate::protocol::{AskKind, SessionView};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws the oldest open question: what, the details, and the keys that answer it.
pub fn draw(model: &Model, session: &SessionView, look: &Look, area: Rect, buf: &mut Buffer) {
    let Some(ask) = session.asks.first() else {
        return;
    };
    if area.height == 0 || area.width < 4 {
        return;
    }
    let title = sanitise::line(&ask.title);
    let more = session.asks.len() - 1;
    let more = if more > 0 {
        format!("  (and {more} more)")
    } else {
        String::new()
    };
    let what = match ask.kind {
        AskKind::Approval => format!("wants to run {title}{more}"),
        AskKind::Budget => format!("{title}{more}"),
    };
    for y in area.top()..area.bottom() {
        put(buf, area.x, y, "▌", look.warning);
    }
    let inner = Rect {
        x: area.x + 2,
        width: area.width - 2,
        ..area
    };
    let x = put(buf, inner.x, inner.y, "! ", look.warning);
    put(
        buf,
        x,
        inner.y,
        &fit(&what, usize::from(inner.right().saturating_sub(x))),
        look.title,
    );
    let rows = area.height.saturating_sub(2);
    let lines: Vec<&str> = ask.detail.lines().collect();
    for (i, line) in lines.iter().take(usize::from(rows)).enumerate() {
        let at = Rect {
            y: inner.y + 1 + i as u16,
            height: 1,
            ..inner
        };
        let cut = i + 1 == usize::from(rows) && lines.len() > usize::from(rows);
        let text = if cut {
            format!("… {} more lines", lines.len() - i)
        } else {
            sanitise::line(line).into_owned()
        };
        put_fit(buf, at, &text, look.code);
    }
    if area.height < 2 {
        return;
    }
    let answers: &[(Action, &str)] = match ask.kind {
        AskKind::Approval => &[
            (Action::ApproveOnce, "yes, once"),
            (Action::ApproveAlways, "always in this session"),
            (Action::Deny, "no"),
        ],
        AskKind::Budget => &[
            (Action::ApproveOnce, "send it anyway"),
            (Action::Deny, "take it back"),
        ],
    };
    let mut x = inner.x;
    let y = area.bottom() - 1;
    for (i, (action, words)) in answers.iter().enumerate() {
        let Some(key) = model.keymap.hint(*action) else {
            continue;
        };
        let room = usize::from(inner.right().saturating_sub(x));
        if i > 0 {
            x = put(buf, x, y, &fit(" · ", room), look.border);
        }
        let room = usize::from(inner.right().saturating_sub(x));
        x = put(buf, x, y, &fit(&key, room), look.accent);
        let room = usize::from(inner.right().saturating_sub(x));
        x = put(buf, x, y, &fit(&format!(" {words}"), room), look.text);
    }
}
