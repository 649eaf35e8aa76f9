//! The empty house: what this is, what was found on the machine, and how to begin.

use crate::config::Action;
use crate::faces::tui::model::{Link, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::views::draw::put;
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

const WIDTH: u16 = 74;

pub fn draw(model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.is_empty() || model.link == Link::Waiting {
        return;
    }
    let key = |action| model.keymap.hint(action).unwrap_or_else(|| ":".to_owned());
    if !model.sessions.is_empty() {
        return page(&all_closed(model, look), area, buf);
    }
    let mut lines: Vec<Vec<(String, Style)>> = vec![
        vec![("antiphon".into(), look.accent)],
        vec![(
            "many LLM sessions side by side, in one terminal".into(),
            look.text,
        )],
        vec![],
    ];
    match &model.offers {
        None => lines.push(vec![(
            "looking at what this machine has …".into(),
            look.dim,
        )]),
        Some(offers) => {
            lines.push(vec![("found on this machine".into(), look.dim)]);
            let ready = || offers.iter().filter(|o| o.ready);
            let widest = ready().map(|o| o.label.width()).max().unwrap_or(0);
            for offer in ready() {
                lines.push(vec![
                    ("  ✓ ".into(), look.good),
                    (pad(&sanitise::line(&offer.label), widest + 2), look.text),
                    (sanitise::line(&offer.detail).into_owned(), look.dim),
                ]);
            }
            let missing: Vec<_> = offers
                .iter()
                .filter(|o| !o.ready)
                .map(|o| sanitise::line(&o.label).into_owned())
                .collect();
            if !missing.is_empty() {
                lines.push(vec![
                    ("  · missing: ".into(), look.dim),
                    (missing.join(", "), look.dim),
                ]);
            }
        }
    }
    lines.push(vec![]);
    for (key, words) in [
        (
            "enter".to_owned(),
            "try it with a rehearsal: built in, offline, free",
        ),
        (
            key(Action::Spawn),
            "spawn a session; shows what is missing for the rest",
        ),
        (key(Action::Help), "all keys"),
        (key(Action::Detach), "leave; sessions go on without you"),
    ] {
        lines.push(vec![
            (pad(&key, 8), look.accent),
            (words.to_owned(), look.text),
        ]);
    }
    page(&lines, area, buf);
}

/// Sessions, but no pane: how to open one again.
fn all_closed(model: &Model, look: &Look) -> Vec<Vec<(String, Style)>> {
    let key = |action| model.keymap.hint(action).unwrap_or_else(|| ":".to_owned());
    let name = model
        .current()
        .map(|s| sanitise::line(&s.name).into_owned())
        .unwrap_or_default();
    let both = format!(
        "{} {}",
        key(Action::NextSession),
        key(Action::PreviousSession)
    );
    let mut lines = vec![
        vec![("no pane is open; all sessions go on".into(), look.text)],
        vec![],
    ];
    for (key, words) in [
        (key(Action::OpenInPane), format!("open {name}")),
        (both, "select another".to_owned()),
        (key(Action::Spawn), "spawn a session".to_owned()),
        (key(Action::Help), "all keys".to_owned()),
    ] {
        lines.push(vec![(pad(&key, 8), look.accent), (words, look.text)]);
    }
    lines
}

fn page(lines: &[Vec<(String, Style)>], area: Rect, buf: &mut Buffer) {
    let widest = lines
        .iter()
        .map(|line| line.iter().map(|(text, _)| text.width()).sum::<usize>())
        .max();
    let widest = u16::try_from(widest.unwrap_or(0)).unwrap_or(u16::MAX);
    let width = WIDTH
        .min(widest.max(40))
        .min(area.width.saturating_sub(2))
        .max(1)
        .min(area.width);
    let height = (lines.len() as u16).min(area.height);
    let x = area.x + (area.width - width) / 2;
    let top = area.y + (area.height - height) * 2 / 5;
    for (i, line) in lines.iter().take(usize::from(height)).enumerate() {
        let y = top + i as u16;
        let mut at = x;
        for (text, style) in line {
            let room = usize::from((x + width).saturating_sub(at));
            at = put(buf, at, y, &fit(text, room), *style);
        }
    }
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}
