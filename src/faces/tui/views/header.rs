//! The first line: the program, what waits in the inbox, and today's money.

use crate::faces::tui::model::Model;
use crate::faces::tui::text::figures;
use crate::faces::tui::views::draw::{put, put_all, width_of};
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::status;
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
    let alarmed = match share {
        Some(share) if share >= 1.0 => "budget used up  ",
        Some(share) if share >= warn_at => "budget nearly used  ",
        _ => "",
    };
    let full = [
        (alarmed, money),
        ("today ", look.dim),
        (spent.as_str(), money),
        (" ", look.dim),
        (bar.as_str(), gauge),
        (limit.as_str(), look.dim),
    ];
    let quota = status::fullest_quota(model);
    let window = quota.as_ref().map(|q| format!("   {} ", q.name));
    let window = window.unwrap_or_default();
    let used = f64::from(quota.as_ref().map_or(0.0, |q| q.used_percent)) / 100.0;
    let used_bar = match quota {
        Some(_) => figures::bar(used, 5),
        None => String::new(),
    };
    let resets = quota.as_ref().and_then(|q| q.resets_at);
    let resets = resets.map(|at| format!(" to {}", status::clock(at, &model.zone)));
    let resets = resets.unwrap_or_default();
    let used_style = if used >= warn_at {
        look.warning
    } else {
        look.gauge
    };
    let with_window = [
        full[0],
        full[1],
        full[2],
        full[3],
        full[4],
        full[5],
        (window.as_str(), look.dim),
        (used_bar.as_str(), used_style),
        (resets.as_str(), look.dim),
    ];
    let of = model
        .budget
        .daily
        .map(|daily| format!(" / {daily}"))
        .unwrap_or_default();
    let middle = [
        (alarmed, money),
        ("today ", look.dim),
        (spent.as_str(), money),
        (of.as_str(), look.dim),
    ];
    let alarm = if alarmed.is_empty() { "" } else { "! " };
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
    let (asks, news) = model.inbox_counts();
    let count = |mark: &str, count| match count {
        0 => String::new(),
        count => format!("{mark}{count}"),
    };
    let blank = if asks > 0 { " " } else { "" };
    let (open, ended) = (count("●", asks), count(&format!("{blank}✓"), news));
    let word = match asks + news {
        0 => "",
        _ => "Inbox ",
    };
    let place = |word, ended| {
        [
            (" antiphon", look.accent),
            ("   ", look.dim),
            (word, look.dim),
            (open.as_str(), look.warning),
            (ended, look.dim),
        ]
    };
    let (long, less) = (place(word, ended.as_str()), place("", ""));
    let least = [(" ", look.dim), (open.as_str(), look.warning)];
    // Today's money stays readable; what waits shrinks to a number before it.
    let choices: [(&[_], &[_]); 7] = [
        (&long, &with_window),
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
