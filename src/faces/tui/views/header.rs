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
        .map(|share| figures::bar(share, 10))
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
        .map(|daily| format!(" / {daily}"))
        .unwrap_or_default();
    let middle = [
        (word, money),
        ("today ", look.dim),
        (spent.as_str(), money),
        (of.as_str(), look.dim),
    ];
    let alarm = if word.is_empty() { "" } else { "! " };
    let short = [
        (alarm, money),
        ("today ", look.dim),
        (spent.as_str(), money),
        (of.as_str(), look.dim),
    ];
    let bare = [
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
    let brief = match needing {
        0 => String::new(),
        n => format!("! {n}"),
    };
    let place = |call| {
        [
            (" antiphon", look.accent),
            ("   ", look.dim),
            (call, look.warning),
        ]
    };
    let (long, less) = (place(call.as_str()), place(brief.as_str()));
    let least = [(" ", look.dim), (brief.as_str(), look.warning)];
    // Today's money stays readable; who needs you shrinks to a number before it.
    let choices: [(&[_], &[_]); 6] = [
        (&long, &full),
        (&long, &middle),
        (&less, &middle),
        (&less, &short),
        (&least, &short),
        (&least, &bare),
    ];
    let fits = |(left, right): &(&[_], &[_])| {
        width_of(left) + width_of(right) + 3 <= usize::from(area.width)
    };
    let Some((left, right)) = choices.into_iter().find(fits) else {
        put_all(buf, area, &least);
        return;
    };
    put_all(buf, area, left);
    let mut x = area.right() - width_of(right) as u16 - 1;
    for (text, style) in right {
        x = put(buf, x, area.y, text, *style);
    }
}
