//! A session's status in marks and words, each readable without colour.

use crate::faces::tui::model::Model;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::figures;
use crate::faces::tui::views::asked;
use crate::faces::tui::views::look::Look;
use crate::protocol::{Backend, Cost, Millis, Nano, Quota, SessionView, Status};
use ratatui::style::Style;

/// Whether it is limited no longer, by the clock: the time that the provider named has passed.
pub fn limit_over(session: &SessionView, now: Millis) -> bool {
    matches!(session.status, Status::Limited { until: Some(until) } if until <= now)
}

/// The one-cell mark of a status.
pub fn glyph(session: &SessionView, now: Millis) -> &'static str {
    match &session.status {
        _ if !session.asks.is_empty() => "!",
        Status::NeedsYou => "!",
        _ if limit_over(session, now) => "✓",
        Status::Starting | Status::Working => "◐",
        Status::Limited { .. } => "◌",
        Status::Failed { .. } => "✗",
        Status::Ended { .. } => "□",
        Status::Idle => "✓",
        Status::Unknown if session.backend == Backend::Terminal => "▣",
        Status::Unknown => "?",
    }
}

pub fn style(session: &SessionView, look: &Look, now: Millis) -> Style {
    match &session.status {
        _ if !session.asks.is_empty() => look.warning,
        _ if limit_over(session, now) => look.good,
        Status::NeedsYou | Status::Limited { .. } => look.warning,
        Status::Starting | Status::Working => look.accent,
        Status::Failed { .. } => look.error,
        Status::Idle => look.good,
        Status::Ended { .. } | Status::Unknown => look.dim,
    }
}

/// The status in words: `idle`, `working`, `approve?`, `limited to 15:00`, `failed: auth`, `ended 1`.
pub fn words(session: &SessionView, model: &Model) -> String {
    let zone = &model.zone;
    if let Some(ask) = session.asks.first() {
        return asked::call(ask).to_owned();
    }
    match &session.status {
        Status::Starting => "starting".to_owned(),
        Status::Idle => "idle".to_owned(),
        _ if limit_over(session, model.now) => "limit over".to_owned(),
        Status::Working => "working".to_owned(),
        Status::NeedsYou => "needs you".to_owned(),
        Status::Limited { until: Some(until) } => {
            let then = if session.resume_at_reset {
                ", goes on"
            } else {
                ""
            };
            format!("limited to {}{then}", clock(*until, zone))
        }
        Status::Limited { until: None } => "limited".to_owned(),
        Status::Failed { category } => format!("failed: {category}"),
        Status::Ended {
            code: Some(code), ..
        } => format!("ended {code}"),
        Status::Ended {
            signal: Some(signal),
            ..
        } => format!("ended by signal {signal}"),
        Status::Ended { .. } => "ended".to_owned(),
        Status::Unknown => "unknown".to_owned(),
    }
}

/// What stands at the right of the sidebar: words where the user should know, else the cost. With it,
/// whether the words call for the user.
pub fn beside(session: &SessionView, model: &Model) -> (String, bool) {
    match &session.status {
        _ if !session.asks.is_empty() => (words(session, model), true),
        _ if limit_over(session, model.now) => (cost(session), false),
        Status::Limited { until: Some(until) } => {
            (format!("to {}", clock(*until, &model.zone)), true)
        }
        Status::Limited { .. } | Status::NeedsYou => (words(session, model), true),
        Status::Failed { category } => (category.to_string(), true),
        Status::Ended { .. } => (words(session, model), false),
        _ => (cost(session), false),
    }
}

/// `412 MB · 35 % cpu`: what its processes use, the memory alone where there is no room; nothing where that is not
/// known.
pub fn tree(session: &SessionView, room: bool) -> String {
    let Some(tree) = session.tree else {
        return String::new();
    };
    let memory = figures::bytes(tree.memory);
    match tree.cpu_percent {
        Some(cpu) if room && cpu >= 0.5 => format!("{memory} · {cpu:.0} % cpu"),
        _ => memory,
    }
}

/// `$0.42`, `local $0`, nothing where nothing was asked yet.
pub fn cost(session: &SessionView) -> String {
    let gauges = &session.gauges;
    match gauges.turns {
        0 => String::new(),
        _ if gauges.local && gauges.cost.counted().0 == 0 => "local".to_owned(),
        _ => gauges.cost.to_string(),
    }
}

/// The cost in fewer cells: what a subscription covers by its word alone, and without the mark of an estimate.
pub fn short_cost(session: &SessionView) -> String {
    let cost = session.gauges.cost;
    match (cost.plan.0, cost.counted().0) {
        (0, 0) => String::new(),
        (0, _) => cost.to_string().trim_start_matches('~').to_owned(),
        (_, 0) => "plan".to_owned(),
        _ => Cost {
            plan: Nano(0),
            ..cost
        }
        .to_string(),
    }
}

/// `claude sonnet-5`, `terminal`, `rehearsal`.
pub fn backend_and_model(session: &SessionView) -> String {
    let model = session
        .model
        .as_deref()
        .map(sanitise::line)
        .unwrap_or_default();
    let program = session
        .command
        .first()
        .map(|p| p.rsplit('/').next().unwrap_or(p));
    match (&session.backend, program) {
        (Backend::Terminal, Some(program)) => sanitise::line(program).into_owned(),
        (Backend::Terminal, None) => "shell".to_owned(),
        (backend, _) if model.is_empty() || model == backend.as_str() => {
            sanitise::line(backend.as_str()).into_owned()
        }
        // `claude-opus-5-5` says already that it is Claude's.
        (backend, _) if model.starts_with(&format!("{}-", backend.as_str())) => model.into_owned(),
        (backend, _) => format!("{} {model}", sanitise::line(backend.as_str())),
    }
}

/// The window of a subscription of which most is used, among those that have not reset since they were told.
pub fn fullest_quota(model: &Model) -> Option<&Quota> {
    let all = model.sessions.iter().flat_map(|session| &session.quotas);
    let still = all.filter(|quota| quota.resets_at.is_none_or(|at| at > model.now));
    still.max_by(|a, b| a.used_percent.total_cmp(&b.used_percent))
}

/// The time of day, `15:00`.
pub fn clock(at: Millis, zone: &jiff::tz::TimeZone) -> String {
    match jiff::Timestamp::from_millisecond(at) {
        Ok(time) => time.to_zoned(zone.clone()).strftime("%H:%M").to_string(),
        Err(_) => "?".to_owned(),
    }
}

/// `31.2k in · 4.1k out · 88 % cached`, as much of it as fits into `room` cells.
pub fn usage(session: &SessionView, room: usize) -> String {
    let usage = &session.gauges.usage;
    let mark = if usage.estimated { "~" } else { "" };
    let mut text = format!(
        "{mark}{} in · {mark}{} out",
        figures::tokens(usage.total_input()),
        figures::tokens(usage.total_output()),
    );
    let mut add = |more: String| {
        if text.chars().count() + more.chars().count() <= room {
            text.push_str(&more);
        }
    };
    if let Some(share) = usage.cached_share().filter(|share| *share >= 0.005) {
        add(format!(" · {} cached", figures::percent(share)));
    }
    // Less than the hundredth part of a cent is not worth the place.
    let saved = session.gauges.saved;
    if saved.0 >= 100_000 {
        add(format!(" · saved {saved}"));
    }
    text
}
