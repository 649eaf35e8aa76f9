//! Looking at what is learnt, and changing it.

use super::*;
use crate::faces::tui::views::tests::learning::learned;

fn reply(model: &mut Model, purpose: Purpose, answer: Answer) -> Vec<Cmd> {
    let result = Ok(answer);
    update(model, Msg::Reply { purpose, result })
}

fn queries(cmds: &[Cmd]) -> Vec<&Query> {
    cmds.iter()
        .filter_map(|cmd| match cmd {
            Cmd::Send {
                request: Request::Query(query),
                ..
            } => Some(query),
            _ => None,
        })
        .collect()
}

fn opened() -> Model {
    let mut model = on(PRIMER);
    let cmds = press(&mut model, "W");
    assert_eq!(queries(&cmds), [&Query::Learned { all: false }]);
    assert!(
        model.layers.is_empty(),
        "it opens when there is something to show"
    );
    let answer = Answer::Learned(Box::new(learned()));
    reply(&mut model, Purpose::Learned { all: false }, answer);
    assert!(matches!(model.layers[..], [Layer::Learning(_)]));
    model
}

fn changes(cmds: Vec<Cmd>) -> Vec<LearnChange> {
    let change = |op| match op {
        Op::Learn { change } => change,
        other => panic!("{other:?}"),
    };
    ops(cmds).into_iter().map(change).collect()
}

#[test]
fn forgetting_is_asked_before_it_is_done() {
    let mut model = opened();
    assert_eq!(changes(press(&mut model, "j f n")), []);
    assert_eq!(changes(press(&mut model, "f j")), []);
    let what = Forget::Results {
        model: Some("claude-haiku-4-5".into()),
        category: Some("debug".into()),
    };
    assert_eq!(
        changes(press(&mut model, "f y")),
        [LearnChange::Forget { what }]
    );
    // What is changed is shown anew.
    let cmds = reply(&mut model, Purpose::Learn, Answer::Adjustments(vec![]));
    assert_eq!(queries(&cmds), [&Query::Learned { all: false }]);
}

#[test]
fn rules_are_put_in_force_and_out_of_it() {
    let mut model = opened();
    press(&mut model, "3");
    for (keys, change) in [
        ("y", Some(LearnChange::Approve { learning: 4 })),
        ("n", Some(LearnChange::Reject { learning: 4 })),
        ("j n", Some(LearnChange::Reject { learning: 3 })),
        // Withdrawn: it is out of force already, and may be put in force.
        ("G n", None),
        ("y", Some(LearnChange::Approve { learning: 1 })),
        ("c", Some(LearnChange::Calibrate)),
    ] {
        let found = changes(press(&mut model, keys));
        assert_eq!(found, Vec::from_iter(change), "{keys}");
    }
}

#[test]
fn what_is_looked_at_is_asked_for_once() {
    let mut model = opened();
    let cmds = press(&mut model, "4");
    assert_eq!(queries(&cmds), [&Query::Advice { days: 30 }]);
    reply(&mut model, Purpose::Advice, Answer::Advice(Box::default()));
    assert_eq!(queries(&press(&mut model, "1 4")), [] as [&Query; 0]);
    let cmds = press(&mut model, "1 a");
    assert_eq!(queries(&cmds), [&Query::Learned { all: true }]);
    let cmds = press(&mut model, "enter");
    let asked = Query::Results {
        model: "gpt-5.6-terra".into(),
        category: "code_review".into(),
        limit: 50,
    };
    assert_eq!(queries(&cmds), [&asked]);
    // First out of the results, then out of the layer.
    press(&mut model, "esc");
    assert_eq!(model.layers.len(), 1);
    press(&mut model, "esc");
    assert!(model.layers.is_empty());
}

#[test]
fn what_is_shown_is_asked_for_anew_when_it_is_out_of_date() {
    let asked = [&Query::Learned { all: false }];
    let ended = |model: &mut Model| {
        let event = Event::TurnChanged {
            session: PRIMER,
            turn: turn(2, Some(1), "more", "answer"),
        };
        update(model, Msg::Event(event))
    };
    let mut model = opened();
    assert_eq!(queries(&ended(&mut model)), asked);
    press(&mut model, "esc");
    assert_eq!(queries(&ended(&mut model)), [] as [&Query; 0]);
}
