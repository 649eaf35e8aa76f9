//! The clipboard: answers and code that are copied by a key, and what programs want to put there.

use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::picker::{Item, Kind, Picker, Value};
use crate::faces::tui::model::{Model, links};
use crate::faces::tui::sanitise;
use crate::faces::tui::update::copying::{copied, open_link};
use crate::faces::tui::update::selecting::shown;
use crate::faces::tui::update::{Cmd, open};
use crate::protocol::{Block, Level, SessionId, Turn};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The shown answer of a chat, as it was written.
fn answer(model: &Model, session: SessionId) -> Option<String> {
    let spoken = |turn: &Turn| open::answered(turn) || !text(turn).is_empty();
    let turn = model.chats.get(&session)?.meant(spoken)?;
    Some(text(turn)).filter(|text| !text.is_empty())
}

fn text(turn: &Turn) -> String {
    let texts = turn.blocks.iter().filter_map(|block| match block {
        Block::Text { text } => Some(text.trim()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n\n").trim().to_owned()
}

/// Copies the shown answer.
pub fn copy_answer(model: &mut Model, session: SessionId, cmds: &mut Vec<Cmd>) {
    match answer(model, session) {
        Some(text) => copied(model, text, cmds),
        None => model.notify(Level::Info, "there is no answer to copy"),
    }
}

/// Copies the block of code of the shown answer; of several, the one that is chosen.
pub fn copy_code(model: &mut Model, session: SessionId, cmds: &mut Vec<Cmd>) {
    let mut codes = answer(model, session).map_or_else(Vec::new, |text| blocks_of_code(&text));
    if codes.len() < 2 {
        return match codes.pop() {
            Some(code) => copied(model, code, cmds),
            None => model.notify(Level::Info, "there is no code in the shown answer"),
        };
    }
    // The newest first: it is the one that is meant most often.
    let items = codes.into_iter().rev().map(|code| {
        let first = code.lines().find(|line| !line.trim().is_empty());
        let lines = code.lines().count();
        Item {
            label: sanitise::line(first.unwrap_or_default().trim()).into_owned(),
            detail: format!("{lines} lines"),
            value: Value::Text(code),
        }
    });
    let picker = Picker::new("copy code", Kind::CopyCode, items.collect());
    model.layers.push(Layer::Picker(picker));
}

fn blocks_of_code(text: &str) -> Vec<String> {
    let mut codes = Vec::new();
    let mut inside: Option<String> = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => inside = Some(String::new()),
            Event::Text(part) => {
                if let Some(code) = &mut inside {
                    code.push_str(&part);
                }
            }
            Event::End(TagEnd::CodeBlock) => codes.extend(inside.take()),
            _ => {}
        }
    }
    codes.retain(|code| !code.trim().is_empty());
    codes
}

/// Opens a link that the pane shows; of several, the one that is chosen.
pub fn open_a_link(model: &mut Model, session: SessionId) {
    let mut targets = match shown(model, session) {
        Some(view) => links::all(view),
        None => {
            let text = answer(model, session).unwrap_or_default();
            let found = links::in_text(&text);
            found.iter().map(|(a, b)| text[*a..*b].to_owned()).collect()
        }
    };
    let mut seen = Vec::new();
    targets.retain(|target: &String| {
        let new = !seen.contains(target);
        seen.push(target.clone());
        new
    });
    match targets.len() {
        0 => model.notify(Level::Info, "there is no link in sight"),
        1 => open_link(model, targets.remove(0)),
        _ => {
            // The one nearest to the prompt first.
            let items = targets.iter().rev().map(|target| Item::text(target));
            let picker = Picker::new("open a link", Kind::OpenLink, items.collect());
            model.layers.push(Layer::Picker(picker));
        }
    }
}

/// A program in a terminal wants to put text on the clipboard; without the text it is not allowed to.
pub fn from_program(
    model: &mut Model,
    session: SessionId,
    text: Option<String>,
    cmds: &mut Vec<Cmd>,
) {
    let name = model.name_of(session);
    let Some(text) = text else {
        // Said once: a program that tries will try again.
        if model.told.denied.insert(session) {
            let text = format!(
                "{name} wants to set the clipboard and may not · clipboard_from_programs in [terminal] allows it"
            );
            model.notify(Level::Info, text);
        }
        return;
    };
    let count = text.chars().count();
    model.notify(Level::Info, format!("{name} copied {count} characters"));
    cmds.push(Cmd::Copy(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_taken_out_of_its_fences() {
        let text =
            "Do\n\n```rust\nfn a() {}\n\n  b\n```\n\nor `x`:\n\n    indented\n\n```\n\n```\nend";
        assert_eq!(blocks_of_code(text), ["fn a() {}\n\n  b\n", "indented\n"]);
    }
}
