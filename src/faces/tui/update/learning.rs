//! What is learnt, as it comes from the engine.

use crate::faces::tui::layers::Layer;
use crate::faces::tui::layers::learning::LearningView;
use crate::faces::tui::model::Model;
use crate::faces::tui::update::{Cmd, Purpose, plural, query};
use crate::protocol::{Answer, LearningState, Level, Query};

/// Asks for what is learnt; the layer opens when it has come.
pub fn open() -> Cmd {
    query(
        Query::Learned { all: false },
        Purpose::Learned { all: false },
    )
}

/// Something was said or seen of a turn, or the engine is a new one: what is shown is asked for anew.
pub fn stale(model: &Model, cmds: &mut Vec<Cmd>) {
    let all = model.layers.iter().find_map(|layer| match layer {
        Layer::Learning(view) => Some(view.shows_all()),
        _ => None,
    });
    if let Some(all) = all {
        cmds.push(query(Query::Learned { all }, Purpose::Learned { all }));
    }
}

/// The engine has answered.
pub fn came(model: &mut Model, purpose: Purpose, answer: Answer, cmds: &mut Vec<Cmd>) {
    let open = model.layers.iter_mut().find_map(|layer| match layer {
        Layer::Learning(view) => Some(view),
        _ => None,
    });
    match (purpose, answer, open) {
        (Purpose::Learned { all }, Answer::Learned(learned), Some(view)) => {
            view.came(*learned, all);
        }
        (Purpose::Learned { all }, Answer::Learned(learned), None) => {
            let view = LearningView::new(*learned, all);
            model.layers.push(Layer::Learning(view));
        }
        (Purpose::Advice, Answer::Advice(advice), Some(view)) => view.advice_came(*advice),
        (Purpose::Results { model, category }, Answer::Evidence(results), Some(view)) => {
            view.results_came(model, category, results);
        }
        (Purpose::Learn, answer, view) => {
            let all = view.is_some_and(|view| view.shows_all());
            model.notify(Level::Info, said(&answer));
            cmds.push(query(Query::Learned { all }, Purpose::Learned { all }));
        }
        _ => {}
    }
}

/// What a change came to, in one line.
fn said(answer: &Answer) -> String {
    match answer {
        Answer::Adjustments(rows) if rows.is_empty() => {
            "nothing is far enough off to be changed".to_owned()
        }
        Answer::Adjustments(rows) => {
            format!("{} {} changed", rows.len(), plural(rows.len(), "figure"))
        }
        Answer::Learnings(rules) => match rules.first() {
            Some(rule) if rule.state == LearningState::Approved => {
                format!("L{} is in force", rule.id)
            }
            Some(rule) => format!("L{} is out of force", rule.id),
            None => "nothing changed".to_owned(),
        },
        _ => "done".to_owned(),
    }
}
