//! A question in words: what is asked, in how much detail, with which choices, and which keys answer it.

use crate::config::{Action, Keymap};
use crate::faces::tui::model::Model;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::markdown;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::views::look::Look;
use crate::protocol::{Ask, AskKind, Block, Choice, SessionView};
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

/// What is asked for, as far as it changes the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Tool,
    Plan,
    Question,
    Login,
    Budget,
}

pub fn about(ask: &Ask) -> About {
    match ask.kind {
        AskKind::Budget => About::Budget,
        AskKind::Question => About::Question,
        AskKind::Login => About::Login,
        AskKind::Approval if ask.title.starts_with("ExitPlanMode") => About::Plan,
        AskKind::Approval => About::Tool,
    }
}

/// What is asked in a word or two, for the sidebar.
pub fn call(ask: &Ask) -> &'static str {
    match about(ask) {
        About::Tool => "approve?",
        About::Plan => "go ahead?",
        About::Question => "asks",
        About::Login => "log in",
        About::Budget => "over budget?",
    }
}

/// Whether the answer may be words.
pub fn takes_words(ask: &Ask) -> bool {
    !ask.on_screen && !matches!(about(ask), About::Budget | About::Login)
}

/// The answers that are one key each, in the order in which they are offered, each with its words.
pub fn answers(ask: &Ask) -> Vec<(Action, &'static str)> {
    if ask.on_screen {
        return Vec::new();
    }
    let always = match about(ask) {
        About::Plan => "yes, and accept edits",
        _ => "always here",
    };
    let mut answers = match about(ask) {
        About::Tool => vec![
            (Action::ApproveOnce, "yes, once"),
            (Action::ApproveAlways, always),
            (Action::Deny, "no"),
            (Action::DenyInWords, "no, in words"),
        ],
        About::Plan => vec![
            (Action::ApproveOnce, "go ahead"),
            (Action::ApproveAlways, always),
            (Action::Deny, "no"),
            (Action::DenyInWords, "no, in words"),
        ],
        About::Question => vec![
            (Action::DenyInWords, "answer in words"),
            (Action::Deny, "no answer"),
        ],
        About::Login => vec![(Action::Deny, "not now")],
        About::Budget => vec![
            (Action::ApproveOnce, "send it anyway"),
            (Action::Deny, "take it back"),
        ],
    };
    answers.retain(|(action, _)| ask.always || *action != Action::ApproveAlways);
    answers
}

/// The keys that choose among a question's choices, each with its words; none where it has none.
pub fn choosing(ask: &Ask) -> Vec<(String, &'static str)> {
    let keys = match ask.choices.len().min(9) {
        0 => return Vec::new(),
        1 => "1".to_owned(),
        last => format!("1-{last}"),
    };
    match ask.multiple {
        true => vec![(keys, "tick"), ("enter".to_owned(), "send")],
        false => vec![(keys, "answer")],
    }
}

/// All keys that answer in a pane.
pub fn offers(keymap: &Keymap, ask: &Ask) -> Vec<(String, &'static str)> {
    let mut offers = choosing(ask);
    let answers = answers(ask).into_iter();
    offers.extend(answers.filter_map(|(action, words)| Some((keymap.hint(action)?, words))));
    offers
}

/// What is asked, in one line.
pub fn title(ask: &Ask) -> String {
    let title = sanitise::line(&ask.title);
    match about(ask) {
        About::Tool if ask.on_screen => "asks on its screen whether it may".to_owned(),
        About::Question if ask.on_screen => "asks on its screen".to_owned(),
        About::Login if ask.on_screen => "wants you to log in, on its screen".to_owned(),
        About::Tool => format!("wants to run {title}"),
        About::Plan => "has a plan, and asks to go ahead".to_owned(),
        About::Question if title.trim().is_empty() => "asks you".to_owned(),
        About::Question => format!("asks you · {title}"),
        About::Login if title.trim().is_empty() => "wants you to log in".to_owned(),
        About::Login => format!("wants you to log in · {title}"),
        About::Budget => title.into_owned(),
    }
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

/// All of it, without the choices.
pub fn detail(
    model: &Model,
    session: &SessionView,
    ask: &Ask,
    width: u16,
    look: &Look,
) -> Vec<Line<'static>> {
    if about(ask) == About::Plan {
        let plan = match ask.detail.trim() {
            "" => plan(model, session),
            detail => Some(detail.to_owned()),
        };
        let none = "(it has written no plan; what it said stands in the conversation)";
        return prose(plan.as_deref().unwrap_or(none), width, look);
    }
    // Commands and files to the letter, blanks included; what was written to be read, by words.
    let (style, mode) = match about(ask) {
        About::Tool => (look.code, Break::Anywhere),
        _ => (look.text, Break::Words),
    };
    let text = &ask.detail;
    let text = sanitise::block(text.trim_end());
    let lines = text.split('\n');
    lines
        .flat_map(|line| wrap(&[Piece::new(line, style)], width, &[], &[], mode))
        .collect()
}

/// What was written to be read, as in a conversation.
pub fn prose(text: &str, width: u16, look: &Look) -> Vec<Line<'static>> {
    let text = sanitise::block(text.trim_end());
    let palette = look.markdown();
    let mut lines = Vec::new();
    for chunk in markdown::chunks(&text) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(markdown::render(chunk, width, &palette));
    }
    lines
}

/// Which choices are ticked, a bit for each of the first 64, and which one has the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Picks {
    pub ticked: u64,
    pub cursor: Option<usize>,
}

impl Picks {
    pub fn has(self, at: usize) -> bool {
        at < 64 && self.ticked >> at & 1 == 1
    }
}

/// The choices, each with its number; ticks where several can be taken.
pub fn choices(ask: &Ask, picks: Picks, width: u16, look: &Look) -> Vec<Line<'static>> {
    let one = |(at, choice): (usize, &Choice)| {
        let mark = if picks.cursor == Some(at) { "▸" } else { " " };
        let tick = match (ask.multiple, picks.has(at)) {
            (false, _) => "",
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
        };
        let number = format!("{mark}{} ", at + 1);
        let blank = " ".repeat(number.width() + tick.width());
        let first = [Piece::new(number, look.accent), Piece::new(tick, look.text)];
        let rest = [Piece::new(blank, look.text)];
        let mut pieces = vec![Piece::new(sanitise::line(&choice.label), look.text)];
        if !choice.detail.trim().is_empty() {
            let detail = format!("  {}", sanitise::line(&choice.detail));
            pieces.push(Piece::new(detail, look.dim));
        }
        wrap(&pieces, width, &first, &rest, Break::Words)
    };
    ask.choices.iter().enumerate().flat_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::AskId;

    #[test]
    fn what_stands_on_a_programs_own_screen_offers_no_answers_here() {
        for (kind, words) in [
            (AskKind::Approval, "asks on its screen whether it may"),
            (AskKind::Question, "asks on its screen"),
            (AskKind::Login, "wants you to log in, on its screen"),
        ] {
            let ask = Ask {
                id: AskId(1),
                kind,
                title: "an approval, on its screen".into(),
                detail: "Do you want to proceed?".into(),
                since: 0,
                choices: Vec::new(),
                multiple: false,
                always: false,
                on_screen: true,
            };
            assert_eq!(answers(&ask), []);
            assert!(!takes_words(&ask));
            assert_eq!(title(&ask), words);
        }
    }
}
