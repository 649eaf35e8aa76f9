//! The question a session puts to the user: all of it, and the keys that answer it.

use crate::config::Action;
use crate::faces::tui::model::{AskView, Mode, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, fit, wrap};
use crate::faces::tui::views::draw::put;
use crate::faces::tui::views::look::Look;
use crate::protocol::{Ask, AskKind, Block, SessionView};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

/// The mark at the left edge, and the blank behind it.
const EDGE: u16 = 2;

/// What is asked for, as far as it changes the words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Tool,
    Plan,
    Question,
    Budget,
}

fn about(ask: &Ask) -> About {
    let title: String = ask.title.chars().filter(|c| c.is_alphanumeric()).collect();
    match (ask.kind, title.to_lowercase().as_str()) {
        (AskKind::Budget, _) => About::Budget,
        (_, "exitplanmode") => About::Plan,
        (_, "askuserquestion") => About::Question,
        _ => About::Tool,
    }
}

/// What is asked in a word or two, for the sidebar.
pub fn call(ask: &Ask) -> &'static str {
    match about(ask) {
        About::Tool => "approve?",
        About::Plan => "go ahead?",
        About::Question => "asks",
        About::Budget => "over budget?",
    }
}

/// Whether "always" is another answer than "yes".
pub fn has_always(ask: &Ask) -> bool {
    matches!(about(ask), About::Tool | About::Plan)
}

/// Whether the answer may be words.
pub fn takes_words(ask: &Ask) -> bool {
    about(ask) != About::Budget
}

/// The keys that answer, in the order in which they are offered, each with its words.
pub fn answers(ask: &Ask) -> &'static [(Action, &'static str)] {
    match about(ask) {
        About::Tool => &[
            (Action::ApproveOnce, "yes, once"),
            (Action::ApproveAlways, "always here"),
            (Action::Deny, "no"),
            (Action::DenyInWords, "no, in words"),
        ],
        About::Plan => &[
            (Action::ApproveOnce, "go ahead"),
            (Action::ApproveAlways, "always here"),
            (Action::Deny, "no"),
            (Action::DenyInWords, "no, in words"),
        ],
        About::Question => &[
            (Action::DenyInWords, "answer in words"),
            (Action::Deny, "no answer"),
        ],
        About::Budget => &[
            (Action::ApproveOnce, "send it anyway"),
            (Action::Deny, "take it back"),
        ],
    }
}

fn title(session: &SessionView, ask: &Ask, width: u16, look: &Look) -> Vec<Line<'static>> {
    let title = sanitise::line(&ask.title);
    let what = match about(ask) {
        About::Tool => format!("wants to run {title}"),
        About::Plan => "has a plan, and asks to go ahead".to_owned(),
        About::Question => "asks you".to_owned(),
        About::Budget => title.into_owned(),
    };
    let more = match session.asks.len() - 1 {
        0 => String::new(),
        more => format!("  (and {more} more)"),
    };
    let mark = [Piece::new("! ", look.warning)];
    let rest = [Piece::new("  ", look.warning)];
    let pieces = [Piece::new(what + &more, look.title)];
    wrap(&pieces, width, &mark, &rest, Break::Words)
}

/// The plan, where the question itself came without it: it stands in the call that asks.
fn plan(model: &Model, session: &SessionView) -> Option<String> {
    let turn = &model.chats.get(&session.id)?.turns.last()?.turn;
    let input = turn.blocks.iter().rev().find_map(|block| match block {
        Block::Tool { name, input, .. } if name == "ExitPlanMode" => Some(input),
        _ => None,
    })?;
    let input: serde_json::Value = serde_json::from_str(input).ok()?;
    input["plan"].as_str().map(str::to_owned)
}

fn detail(
    model: &Model,
    session: &SessionView,
    ask: &Ask,
    width: u16,
    look: &Look,
) -> Vec<Line<'static>> {
    // Commands and files to the letter, blanks included; what was written to be read, by words.
    let (style, mode) = match about(ask) {
        About::Tool => (look.code, Break::Anywhere),
        _ => (look.text, Break::Words),
    };
    let bare = matches!(ask.detail.trim(), "" | "{}") && about(ask) == About::Plan;
    let plan = bare.then(|| plan(model, session)).flatten();
    let text = sanitise::block(plan.as_deref().unwrap_or(&ask.detail).trim_end());
    let lines = text.split('\n');
    lines
        .flat_map(|line| wrap(&[Piece::new(line, style)], width, &[], &[], mode))
        .collect()
}

/// The keys that answer, none of them torn apart.
fn keys(model: &Model, ask: &Ask, width: u16, look: &Look) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    let mut lead = "";
    if model.mode == Mode::Insert {
        lines[0].push_span(Span::styled("esc", look.accent));
        lead = ", then ";
    }
    for (action, words) in answers(ask) {
        let Some(key) = model.keymap.hint(*action) else {
            continue;
        };
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
