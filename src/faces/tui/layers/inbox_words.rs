//! What the inbox says of each of its lines: in one row, and at length.

use crate::faces::tui::model::Model;
use crate::faces::tui::model::inbox::{Entry, News, files_written};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::figures;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::views::asked::{self, About, Picks};
use crate::faces::tui::views::look::Look;
use crate::faces::tui::views::status;
use crate::protocol::{Millis, SessionView, Status, TurnState, response_text};
use ratatui::text::Line;

pub fn heading(model: &Model) -> String {
    let (asks, news) = model.inbox_counts();
    match (asks, news) {
        (0, news) => format!("inbox · {news} ended"),
        (asks, 0) => format!("inbox · {asks} open"),
        (asks, news) => format!("inbox · {asks} open · {news} ended"),
    }
}

/// The most characters of an answer; whoever wants more opens its session.
const MOST: usize = 8_000;

/// The mark, what has happened in a word, and what exactly.
pub fn said(model: &Model, entry: &Entry) -> (&'static str, &'static str, String) {
    let line = |text: &str| {
        let first = text.lines().find(|line| !line.trim().is_empty());
        sanitise::line(first.unwrap_or_default().trim()).into_owned()
    };
    match entry {
        Entry::Ask(_, ask) => match asked::about(ask) {
            About::Tool => ("!", "run?", {
                let title = sanitise::line(&ask.title).into_owned();
                format!("{title} · {}", line(&ask.detail))
            }),
            About::Plan => ("!", "plan", line(&ask.detail)),
            About::Question => ("?", "asks", line(&ask.detail)),
            About::Login => ("!", "log in", line(&ask.detail)),
            About::Budget => ("!", "budget", line(&ask.title)),
        },
        Entry::Needs(session) => (
            "!",
            "needs you",
            line(session.note.as_deref().unwrap_or("")),
        ),
        Entry::News(session, news) => {
            let note = session.note.as_deref().map(line).unwrap_or_default();
            let mark = status::glyph(session, model.now);
            match session.status {
                Status::Failed { category } => match note.is_empty() {
                    true => (mark, "failed", category.to_string()),
                    false => (mark, "failed", note),
                },
                Status::Limited { until: Some(until) } => (
                    mark,
                    "limited",
                    format!("until {}", status::clock(until, &model.zone)),
                ),
                Status::Limited { until: None } => (mark, "limited", note),
                Status::Ended { .. } => (
                    mark,
                    "ended",
                    status::words(session, model).replace("ended", "exit"),
                ),
                _ => ("✓", "finished", finished(news)),
            }
        }
    }
}

/// `3 files, $0.03, 41 s`.
fn finished(news: &News) -> String {
    let Some(turn) = &news.turn else {
        return String::new();
    };
    let mut parts = Vec::new();
    match files_written(turn) {
        0 => {}
        1 => parts.push("1 file".to_owned()),
        files => parts.push(format!("{files} files")),
    }
    let timings = &turn.timings;
    if turn.cost != Default::default() {
        parts.push(turn.cost.to_string());
    }
    if let (Some(from), Some(to)) = (timings.sent_at, timings.ended_at) {
        parts.push(figures::duration(to - from));
    }
    parts.join(", ")
}

/// How long ago, in one figure: `40 s`, `2 m`, `3 h`, `2 d`.
pub fn ago(since: Millis, now: Millis) -> String {
    let seconds = (now - since).max(0) / 1_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} m", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// All of the chosen line.
pub fn details(
    model: &Model,
    entry: &Entry,
    picks: Picks,
    width: u16,
    look: &Look,
) -> Vec<Line<'static>> {
    let text = |text: &str, style| {
        let text = sanitise::block(text.trim()).into_owned();
        let lines = text.split('\n');
        let wrapped = |line| wrap(&[Piece::new(line, style)], width, &[], &[], Break::Words);
        lines.flat_map(wrapped).collect::<Vec<_>>()
    };
    let head = |words: &str| {
        let session = entry.session();
        let who = status::backend_and_model(session);
        let name = sanitise::line(&session.name).into_owned();
        let pieces = [
            Piece::new(format!("{name} "), look.title),
            Piece::new(words, look.title),
            Piece::new(format!("  {who}"), look.dim),
        ];
        wrap(&pieces, width, &[], &[], Break::Words)
    };
    match entry {
        Entry::Ask(session, ask) => {
            let mut lines = head(&asked::title(ask));
            lines.extend(asked::detail(model, session, ask, width, look));
            lines.extend(asked::choices(ask, picks, width, look));
            lines
        }
        Entry::Needs(_) => head("needs you: open it to see what for"),
        Entry::News(session, news) => {
            let (_, word, what) = said(model, entry);
            let mut lines = head(word);
            if !what.is_empty() {
                lines.extend(text(&what, look.text));
            }
            if let Some(turn) = &news.turn {
                lines.extend(asked_for(&turn.prompt, width, look));
                if let TurnState::Failed(failure) = &turn.state {
                    lines.extend(text(&failure.to_string(), look.error));
                }
                let answer: String = response_text(&turn.blocks).chars().take(MOST).collect();
                lines.extend(asked::prose(&answer, width, look));
            } else if let Some(note) = note(session) {
                lines.extend(text(note, look.text));
            }
            lines
        }
    }
}

fn note(session: &SessionView) -> Option<&str> {
    session
        .note
        .as_deref()
        .filter(|note| !note.trim().is_empty())
}

/// The prompt, as in a conversation.
fn asked_for(prompt: &str, width: u16, look: &Look) -> Vec<Line<'static>> {
    let mark = [Piece::new("▎ ", look.accent)];
    let prompt = sanitise::line(prompt.trim()).into_owned();
    wrap(
        &[Piece::new(prompt, look.prompt)],
        width,
        &mark,
        &mark,
        Break::Words,
    )
}
