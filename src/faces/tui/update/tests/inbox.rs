//! The inbox: keys against what they ask of the engine.

use super::*;
use crate::faces::tui::views::tests::inbox::{asked, waiting};
use crate::faces::tui::views::tests::picture;

fn respond(session: SessionId, ask: u64, decision: Decision) -> Op {
    Op::Respond {
        session,
        ask: AskId(ask),
        decision,
    }
}

fn answer(words: &[&str]) -> Decision {
    Decision::Answer {
        answers: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

fn no(message: &str) -> Decision {
    Decision::No {
        message: message.into(),
    }
}

pub(super) const PARSER: SessionId = SessionId(2);
pub(super) const DOCS: SessionId = SessionId(4);

#[test]
fn every_line_is_answered_by_its_keys() {
    for (keys, sent) in [
        ("I y", vec![respond(TESTS, 1, Decision::Once)]),
        ("I a", vec![respond(TESTS, 1, Decision::Always)]),
        ("I n", vec![respond(TESTS, 1, no(""))]),
        ("I x", vec![respond(TESTS, 1, no(""))]),
        ("I w l a t e r enter", vec![respond(TESTS, 1, no("later"))]),
        ("I X l a t e r enter", vec![respond(TESTS, 1, no("later"))]),
        ("I w l a t e r esc", vec![]),
        // A question: by its number, by words, or not at all.
        ("I j 2", vec![respond(PARSER, 2, answer(&["No"]))]),
        (
            "I j tab tab space",
            vec![respond(PARSER, 2, answer(&["No"]))],
        ),
        (
            "I j w b o t h enter",
            vec![respond(PARSER, 2, answer(&["both"]))],
        ),
        ("I j n", vec![respond(PARSER, 2, no(""))]),
        ("I j 3", vec![]),
        ("I j y", vec![]),
        // Several answers: ticked, then sent.
        (
            "I j j 1 3 enter",
            vec![respond(PARSER, 3, answer(&["Door", "Wall"]))],
        ),
        (
            "I j j 1 3 1 enter",
            vec![respond(PARSER, 3, answer(&["Wall"]))],
        ),
        (
            "I j j tab space right right space enter",
            vec![respond(PARSER, 3, answer(&["Door", "Wall"]))],
        ),
        ("I k y", vec![respond(DOCS, 4, Decision::Once)]),
        ("I k a", vec![respond(DOCS, 4, Decision::Once)]),
        ("I k w", vec![]),
        // One after another, oldest first, without moving.
        (
            "I y 1 2 enter n",
            vec![
                respond(TESTS, 1, Decision::Once),
                respond(PARSER, 2, answer(&["Yes"])),
                respond(PARSER, 3, answer(&["Roof"])),
                respond(DOCS, 4, no("")),
            ],
        ),
        ("I y y y y y", vec![respond(TESTS, 1, Decision::Once)]),
    ] {
        let mut model = waiting((80, 24));
        assert_eq!(ops(press(&mut model, keys)), sent, "{keys}");
        let shown = !keys.ends_with("esc");
        assert!(!model.layers.is_empty() || !shown, "{keys}: it stays open");
        assert_eq!(model.panes.selected(), Some(PRIMER), "{keys}: in its pane");
    }
}

#[test]
fn esc_goes_back_to_where_one_was() {
    for (before, mode) in [
        ("", Mode::Normal),
        ("i d r a f t esc", Mode::Insert),
        ("i d r a f t ctrl-]", Mode::Insert),
        ("i d r a f t esc j k", Mode::Normal),
    ] {
        for leave in ["esc", "I", "q", "ctrl-c", "j j y w esc esc"] {
            let mut model = waiting((80, 24));
            press(&mut model, before);
            let panes = model.panes.clone();
            press(&mut model, "I");
            assert!(picture(&model).contains("inbox · 4 open"));
            press(&mut model, leave);
            assert!(model.layers.is_empty(), "{before} I {leave}");
            assert_eq!((model.mode, &model.panes), (mode, &panes), "{before}");
            if !before.is_empty() {
                assert_eq!(model.composers[&PRIMER].text(), "draft");
            }
        }
    }
    for open in ["o", "enter"] {
        let mut model = waiting((80, 24));
        press(&mut model, "i esc I j");
        press(&mut model, open);
        assert_eq!(model.panes.selected(), Some(PARSER));
        assert_eq!((model.mode, model.layers.len()), (Mode::Normal, 0));
    }
}

#[test]
fn a_key_is_never_taken_for_another_question_than_the_one_it_was_meant_for() {
    let mut model = waiting((80, 24));
    press(&mut model, "I j");
    // Somebody else answers the chosen one in the moment before the key.
    let parser = model.sessions.iter_mut().find(|s| s.id == PARSER).unwrap();
    parser.asks.remove(0);
    assert_eq!(ops(press(&mut model, "2")), []);
    assert_eq!(ops(press(&mut model, "2 enter")).len(), 1);
    // An older one comes before it: the choice stays where it is.
    let mut model = waiting((80, 24));
    press(&mut model, "I j");
    let docs = model.sessions.iter_mut().find(|s| s.id == DOCS).unwrap();
    docs.asks
        .insert(0, asked(0, AskKind::Approval, "Bash", "ls"));
    assert_eq!(
        ops(press(&mut model, "1")),
        [respond(PARSER, 2, answer(&["Yes"]))]
    );
    let mut empty = house((80, 24));
    for session in &mut empty.sessions {
        session.asks.clear();
        session.status = Status::Idle;
    }
    press(&mut empty, "I y a n w 1 enter o tab space j k");
    assert!(!empty.layers.is_empty());
}

#[test]
fn a_question_is_answered_in_its_pane_too() {
    for (keys, sent) in [
        ("2", vec![respond(PARSER, 2, answer(&["No"]))]),
        (
            "X b o t h enter",
            vec![respond(PARSER, 2, answer(&["both"]))],
        ),
        ("X enter", vec![respond(PARSER, 2, no(""))]),
        ("x", vec![respond(PARSER, 2, no(""))]),
        ("5", vec![]),
        ("y", vec![]),
    ] {
        let mut model = waiting((80, 24));
        model.panes.select(PARSER);
        assert_eq!(ops(press(&mut model, keys)), sent, "{keys}");
    }
    let mut model = waiting((80, 24));
    let parser = model.sessions.iter_mut().find(|s| s.id == PARSER).unwrap();
    parser.asks.remove(0);
    model.panes.select(PARSER);
    assert!(picture(&model).contains("1 [ ] Door"));
    press(&mut model, "1 2");
    assert!(picture(&model).contains("2 [x] Roof"));
    assert_eq!(
        ops(press(&mut model, "2 3 enter")),
        [respond(PARSER, 3, answer(&["Door", "Wall"]))]
    );
    // Where nothing is asked, a digit rates.
    model.panes.select(PRIMER);
    assert!(matches!(ops(press(&mut model, "2"))[..], [Op::Rate { .. }]));
}
