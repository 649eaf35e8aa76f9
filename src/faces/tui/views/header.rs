//! The first line: the program, who needs you, and today's money.

use crate::faces::tui::model::Model;
use crate::faces::tui::text::figures;
use crate::faces::tui::views::draw::{put, put_all, width_of};
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub fn draw(model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let share = model.budget.share();
    let warn_at = model.settings.warn_at;
    let money = match share {
        Some(share) if share >= 1.0 => look.error,
        Some(share) if share >= warn_at => look.warning,
        _ => look.text,
    };
    let gauge = if share.is_some_and(|s| s >= warn_at) {
        money
    } else {
        look.gauge
    };
    let spent = format!("{}", model.budget.spent);
    let bar = share
        .map(|share| figures::bar(share, 9))
        .unwrap_or_default();
    let limit = model
        .budget
        .daily
        .map(|daily| format!(" {daily}"))
        .unwrap_or_default();
    let word = match share {
        Some(share) if share >= 1.0 => "budget used up  ",
        Some(share) if share >= warn_at => "budget nearly used  ",
        _ => "",
    };
    let full = [
        (word, money),
        ("today ", look.dim),
        (&spent, money),
        (" ", look.dim),
        (&bar, gauge),
        (&limit, look.dim),
    ];
    let of = model
        .budget
        .daily
        .map(|daily| format!(" of {daily}"))
        .unwrap_or_default();
    let middle = [
        (word, money),
        (spent.as_str(), money),
        (of.as_str(), look.dim),
    ];
    let alarm = if word.is_empty() { "" } else { "! " };
    let short = [
        (alarm, money),
        (spent.as_str(), money),
        (of.as_str(), look.dim),
    ];
    let needing = model.needing();
    let call = match needing {
        0 => String::new(),
        1 => "! 1 session needs you".to_owned(),
        n => format!("! {n} sessions need you"),
    };
    let left = [
        (" antiphon", look.accent),
        ("   ", look.dim),
        (call.as_str(), look.warning),
    ];
    let end = put_all(buf, area, &left);
    let room = usize::from(area.right().saturating_sub(end)).saturating_sub(3);
    let pieces: &[_] = match room {
        room if width_of(&full) <= room => &full,
        room if width_of(&middle) <= room => &middle,
        _ => &short,
    };
    let width = width_of(pieces);
    if width <= room {
        let mut x = area.right() - width as u16 - 1;
        for (text, style) in pieces {
            x = put(buf, x, area.y, text, *style);
        }
    }
}
