//! The log is the truth: what the engine believes is what anybody finds who folds the store anew.

use super::*;
use crate::engine::evidence;
use crate::learning::Learner;
use crate::protocol::{Category, Failure, Rating};
use crate::store::{self, Reader};
use serde_json::Value;
use std::sync::mpsc::channel;

/// Hands every write of these effects to a real store and waits until they are on disk.
pub(super) fn stored(journal: &store::Journal, effects: &[Effect]) {
    let writes = writes(effects).into_iter().cloned().collect();
    let (sender, receiver) = channel();
    journal.write(
        writes,
        Some(Box::new(move |result| sender.send(result).unwrap())),
    );
    receiver.recv().unwrap().unwrap();
}

/// Whether two learners believe the same. JSON loses the last bit of a number now and then.
pub(super) fn same(a: &Learner, b: &Learner) -> bool {
    fn near(a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Number(a), Value::Number(b)) => {
                let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
                (a - b).abs() <= 1e-9 * a.abs().max(1.0)
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && near(a.1, b.1))
            }
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
            }
            _ => a == b,
        }
    }
    let value = |learner: &Learner| serde_json::from_str(&learner.to_snapshot()).unwrap();
    near(&value(a), &value(b))
}

#[test]
fn a_life_of_turns_is_folded_to_the_same_belief_from_the_store() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("antiphon.db");
    let (journal, _) = store::open(&path).unwrap();
    let mut house = House::new();
    let mut all = Vec::new();
    let sessions: Vec<SessionId> = [
        ("a", Backend::Anthropic),
        ("b", Backend::OpenAi),
        ("c", Backend::Gemini),
    ]
    .into_iter()
    .map(|(name, backend)| house.spawn(name, backend))
    .collect();
    for n in 0..60_u64 {
        let s = sessions[(n % 3) as usize];
        let prompt = [
            "fix this bug",
            "explain monads",
            "write a function that sorts",
        ][(n / 2 % 3) as usize];
        let (turn, effects) = house.ask(s, prompt);
        all.extend(effects);
        all.extend(match n % 7 {
            3 => house.stream(
                s,
                StreamEvent::Failed(Failure::new(Category::Parse, "no", "")),
            ),
            5 => house.stream(
                s,
                StreamEvent::Failed(Failure::new(Category::Quota, "no", "")),
            ),
            _ => house.answer(s, "because it is so", usage(10, 10)),
        });
        let rating = match n % 4 {
            0 => Rating::Good,
            1 => Rating::Bad,
            2 => Rating::Stars(3),
            _ => continue,
        };
        let rate = |turn, rating| Op::Rate {
            turn,
            rating,
            note: None,
        };
        all.extend(house.op(rate(Some(turn), rating)));
        if n % 8 == 1 {
            all.extend(house.op(rate(Some(turn), Rating::Stars(5))));
        }
        if n % 10 == 6 {
            let category = "math".into();
            all.extend(house.op(Op::Correct {
                turn: Some(turn),
                category,
            }));
        }
    }
    stored(&journal, &all);
    let reader = Reader::open(&path).unwrap();
    let (learner, from) = evidence::load(&reader, &house.state.catalog).unwrap();
    assert_eq!(from, 0, "no snapshot yet");
    assert_eq!(learner, house.state.learner);
    assert!(house.state.evidence.next > 30, "{:?}", house.state.evidence);

    // The end of an engine writes a snapshot; what comes after is folded onto it.
    stored(&journal, &house.take(Input::Stop));
    let (learner, from) = evidence::load(&reader, &house.state.catalog).unwrap();
    assert_eq!(from, house.state.evidence.next - 1);
    assert!(same(&learner, &house.state.learner));
    let turn = house
        .state
        .turns
        .values()
        .find(|t| t.rating.is_none() && t.model.is_some());
    let turn = turn.expect("one unrated").id;
    let effects = house.op(Op::Rate {
        turn: Some(turn),
        rating: Rating::Bad,
        note: None,
    });
    stored(&journal, &effects);
    let (learner, again) = evidence::load(&reader, &house.state.catalog).unwrap();
    assert_eq!(again, from);
    assert!(same(&learner, &house.state.learner));

    // A snapshot of another version is not believed.
    let strange = Write::Learner(store::LearnerRow {
        seq: 9_999,
        snapshot: "{\"version\":0}".into(),
        at: 0,
    });
    stored(&journal, &[Effect::Write(strange)]);
    let (learner, from) = evidence::load(&reader, &house.state.catalog).unwrap();
    assert_eq!((from, &learner), (0, &house.state.learner));
}

#[test]
fn a_snapshot_is_written_now_and_then_and_at_the_end() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let snapshots = |effects: &[Effect]| {
        let rows = writes(effects).into_iter();
        rows.filter(|w| matches!(w, Write::Learner(_))).count()
    };
    house.ask(s, "fix this bug");
    house.answer(s, "done", usage(1, 1));
    let mut written = 0;
    for n in 0..2_500 {
        let rating = if n % 2 == 0 {
            Rating::Good
        } else {
            Rating::Bad
        };
        written += snapshots(&house.op(Op::Rate {
            turn: None,
            rating,
            note: None,
        }));
    }
    assert_eq!(written, 2);
    assert_eq!(snapshots(&house.take(Input::Stop)), 1);
    assert_eq!(snapshots(&house.take(Input::Stop)), 0, "nothing new");
}
