//! The composer below a chat.

use crate::config::Action;
use crate::faces::tui::model::composer::Composer;
use crate::faces::tui::model::layout::{COMPOSER_MARGIN, COMPOSER_MARK, ChatAreas};
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::views::draw::{put, put_all, put_fit};
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::suggested;
use crate::protocol::SessionView;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

/// Draws both. Returns where the cursor is while one writes here.
pub fn draw(
    model: &Model,
    session: &SessionView,
    look: &Look,
    areas: &ChatAreas,
    focused: bool,
    buf: &mut Buffer,
) -> Option<Position> {
    let writing = focused && model.mode == Mode::Insert;
    let rule_style = if writing {
        look.border_focus
    } else {
        look.border
    };
    for x in areas.rule.left() + 1..areas.rule.right().saturating_sub(1) {
        if areas.rule.height > 0 {
            put(buf, x, areas.rule.y, "─", rule_style);
        }
    }
    let area = areas.composer;
    if area.height == 0 || area.width <= COMPOSER_MARK {
        return None;
    }
    let mark = if writing { look.prompt } else { look.dim };
    put(buf, area.x + 1, area.y, "›", mark);
    let text = Rect {
        x: area.x + COMPOSER_MARK,
        width: (area.width - COMPOSER_MARK)
            .saturating_sub(COMPOSER_MARGIN)
            .max(1),
        ..area
    };
    suggested::draw(model, session, look, areas.suggestion, buf);
    let composer = model.composers.get(&session.id);
    if let Some(composer) = composer {
        attached(composer, writing, look, areas.attached, buf);
    }
    let Some(composer) = composer.filter(|c| !c.is_empty()) else {
        let hint = placeholder(model, session, writing);
        put_fit(buf, text, &hint, look.dim);
        return writing.then_some(Position::new(text.x, text.y));
    };
    (&composer.area).render(text, buf);
    let style = if writing { look.text } else { look.dim };
    buf.set_style(text, style);
    let at = composer.area.screen_cursor();
    let (top, left) = composer.area.scroll_offset();
    let x = text.x + (at.col as u16).saturating_sub(left);
    let y = text.y + (at.row as u16).saturating_sub(top);
    writing.then_some(Position::new(
        x.min(text.right() - 1),
        y.min(text.bottom() - 1),
    ))
}

/// `with cat.png · plan.png  backspace takes the last one away`.
fn attached(composer: &Composer, writing: bool, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width <= COMPOSER_MARK {
        return;
    }
    let name = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        sanitise::line(&name.to_string_lossy()).into_owned()
    };
    let names: Vec<String> = composer.attached.iter().map(name).collect();
    let mut pieces = vec![("with ", look.dim)];
    let names = names.join(" · ");
    pieces.push((&names, look.accent));
    if writing && composer.is_empty() {
        pieces.push(("  backspace takes the last one away", look.dim));
    }
    let inner = Rect {
        x: area.x + COMPOSER_MARK,
        width: area.width - COMPOSER_MARK,
        ..area
    };
    put_all(buf, inner, &pieces);
}

fn placeholder(model: &Model, session: &SessionView, writing: bool) -> String {
    let write = model.keymap.hint(Action::Write).unwrap_or_default();
    match (writing, session.waiting) {
        (true, _) => format!("write to {}", session.name),
        (false, 0) => format!("{write} write to {}", session.name),
        (false, 1) => "1 prompt waits".to_owned(),
        (false, n) => format!("{n} prompts wait"),
    }
}
