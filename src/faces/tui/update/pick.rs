//! What a choice in a picker does.

use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::picker::{Kind, Value};
use crate::faces::tui::model::Model;
use crate::faces::tui::model::found::Way;
use crate::faces::tui::update::copying::copied;
use crate::faces::tui::update::insert::attach;
use crate::faces::tui::update::{Cmd, Purpose, asking, change, find, op, seek};
use crate::protocol::{Level, Nano, Op};

pub fn choose(model: &mut Model, kind: Kind, value: Value, cmds: &mut Vec<Cmd>) -> Verdict {
    match (kind, value) {
        (_, Value::Action(action)) => return Verdict::Act(action),
        (Kind::Find, Value::Session(session)) => model.panes.select(session),
        (Kind::Find, Value::Text(word)) => return search(model, &word, cmds),
        (Kind::Search(session, way), Value::Text(pattern)) => {
            seek::start(session, &pattern, way, cmds);
        }
        (Kind::CopyCode, Value::Text(code)) => copied(model, code, cmds),
        (Kind::OpenLink, Value::Text(target)) => cmds.push(Cmd::Open(target)),
        (Kind::Answer(session, ask), Value::Text(words)) => {
            let asks = model.session(session).map(|s| s.asks.as_slice());
            let open = asks.and_then(|asks| asks.iter().find(|open| open.id == ask));
            match open.map(|open| asking::worded(open, &words)) {
                Some(decision) => drop(asking::decide(model, session, ask, decision, cmds)),
                None => model.notify(Level::Info, "that question is no longer open"),
            }
        }
        (Kind::Attach(session), Value::Text(path)) => attach(model, session, &path),
        (
            Kind::Relay {
                from,
                turn,
                submit,
                template,
            },
            Value::Session(to),
        ) => {
            let terminal = model.session(to).is_some_and(|s| !s.backend.is_chat());
            let template = model
                .templates
                .get(template)
                .filter(|name| *name != "plain");
            cmds.push(change(Op::Relay {
                from,
                turn: Some(turn),
                to,
                submit: submit && terminal,
                template: template.cloned(),
            }));
            let text = format!("relayed to {}", model.name_of(to));
            model.notify(Level::Info, text);
        }
        (Kind::Rename(session), Value::Text(name)) => {
            cmds.push(change(Op::Rename { session, name }))
        }
        (Kind::Group(session), Value::Text(name)) => {
            let group = (!name.is_empty()).then_some(name);
            cmds.push(change(Op::SetGroup { session, group }));
        }
        (Kind::Model(session), Value::Text(name)) => {
            cmds.push(change(Op::SetModel {
                session,
                model: name,
            }));
        }
        (Kind::PermissionMode(session), Value::Text(mode)) => {
            cmds.push(change(Op::SetPermissionMode { session, mode }));
        }
        (Kind::Category(turn), Value::Text(category)) => {
            let request = Op::Correct {
                turn: Some(turn),
                category,
            };
            cmds.push(op(request, Purpose::Say));
        }
        (Kind::Budget, Value::Text(text)) => match daily_limit(&text) {
            Ok(daily) => cmds.push(change(Op::SetBudget { daily })),
            Err(what) => {
                model.notify(Level::Error, what);
                return Verdict::Keep;
            }
        },
        // A kind of picker holds one kind of value; the others do not occur.
        _ => {}
    }
    Verdict::Close
}

fn search(model: &mut Model, word: &str, cmds: &mut Vec<Cmd>) -> Verdict {
    if let Some(session) = model.current().filter(|s| !s.backend.is_chat()) {
        seek::start(session.id, word, Way::Up, cmds);
        return Verdict::Close;
    }
    if find::find(model, word) {
        return Verdict::Close;
    }
    let text = format!("“{word}” is nowhere in this pane; ↓ chooses a session");
    model.notify(Level::Info, text);
    Verdict::Keep
}

/// `5`, `$2.50`, `none`.
fn daily_limit(text: &str) -> Result<Option<Nano>, String> {
    if matches!(text, "none" | "no" | "off") {
        return Ok(None);
    }
    match text.trim_start_matches('$').parse::<f64>() {
        Ok(dollars) if (0.0..1e9).contains(&dollars) => Ok(Some(Nano::from_dollars(dollars))),
        _ => Err(format!(
            "`{text}` is not an amount · write dollars such as 5 or 2.50, or none"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_dollars_or_none() {
        assert_eq!(daily_limit("$2.50"), Ok(Some(Nano(2_500_000_000))));
        assert_eq!(daily_limit("none"), Ok(None));
        for text in ["five", "-1", "nan", "1e12", ""] {
            assert!(daily_limit(text).is_err(), "{text}");
        }
    }
}
