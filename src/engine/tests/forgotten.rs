//! What is forgotten stays forgotten, whatever is seen of it later, until the user speaks of it again.

use super::*;
use crate::engine::ratings::{Said, Sighting};
use crate::store::EvidenceRow;

impl Kept {
    /// The engine dies, and another begins on the same store.
    fn restart(&mut self) {
        let reader = Reader::open(&self.path).unwrap();
        let (learner, written) = evidence::load(&reader, &self.house.state.catalog).unwrap();
        let now = self.house.now;
        // The journal of the one that died is still open; it writes no more of its own.
        let (_, loaded) = store::open(&self.path).unwrap();
        self.house = House::with(Config::default(), loaded);
        self.house.state.learner = learner;
        self.house.state.evidence.written = written;
        self.house.now = now;
    }

    fn told(&self, turn: TurnId) -> Option<&EvidenceRow> {
        self.house.state.records[&turn].evidence.as_ref()
    }

    fn results(&self) -> u32 {
        let cells = self.house.state.learner.results().cells();
        cells.map(|(_, _, cell)| cell.seen).sum()
    }

    /// The answer to this turn is sent on, which tells well of it.
    fn relay(&mut self, turn: TurnId) {
        let id = |name: &str| self.house.state.session_named(name).unwrap().view.id;
        let (from, to) = (id("opus"), id("haiku"));
        self.op(Op::Relay {
            from,
            turn: Some(turn),
            to,
            submit: false,
            template: None,
        });
    }
}

#[test]
fn a_turn_whose_result_is_forgotten_counts_anew_when_it_is_rated_again() {
    let mut kept = Kept::new();
    let turn = kept.rated("opus", DEBUG, 10, Rating::Bad);
    kept.op(Op::Correct {
        turn: Some(turn),
        category: "math".into(),
    });
    // What was said before the category was corrected does not come back.
    kept.forget(None, Some("math")).unwrap();
    assert_eq!(
        kept.house
            .state
            .learner
            .results()
            .cells()
            .filter(|c| c.2.seen > 0)
            .count(),
        0
    );
    kept.rate(turn, Rating::Good);
    assert_eq!(kept.seen(OPUS, "math"), 1);
    kept.in_step();
    kept.rate(turn, Rating::Bad);
    assert_eq!(kept.seen(OPUS, "math"), 1);
    kept.in_step();
}

#[test]
fn a_forgotten_turn_comes_back_by_no_later_signal() {
    for restarted in [false, true] {
        let mut kept = Kept::new();
        // Never rated: what it tells was only seen.
        let turn = kept.answered("opus", "write a haiku about rust", 10);
        kept.answered("opus", "write a haiku about rust", 10);
        assert!(kept.told(turn).is_some_and(|row| row.success < 0.5));
        kept.forget(None, None).unwrap();
        if restarted {
            kept.restart();
        }
        assert_eq!((kept.results(), kept.told(turn)), (0, None));
        kept.relay(turn);
        let seen = &kept.house.state.records[&turn].seen;
        assert!(
            seen.iter().any(|seen| seen.name == "relayed onward"),
            "it is seen, all the same: {seen:?}"
        );
        assert_eq!((kept.results(), kept.told(turn)), (0, None), "{restarted}");
        // Nor by another category.
        kept.op(Op::Correct {
            turn: Some(turn),
            category: "math".into(),
        });
        assert_eq!((kept.results(), kept.told(turn)), (0, None), "{restarted}");
        kept.in_step();
        kept.rate(turn, Rating::Good);
        assert_eq!(kept.results(), 1);
        assert!(kept.told(turn).is_some_and(|row| row.success == 1.0));
        kept.in_step();
        // What is seen of others is learnt as ever.
        let next = kept.answered("opus", EXPLAIN, 10);
        kept.relay(next);
        assert!(kept.told(next).is_some());
        kept.in_step();
    }
}

#[test]
fn what_was_read_off_the_store_before_it_was_forgotten_is_forgotten() {
    let mut kept = Kept::new();
    let turn = kept.rated("opus", DEBUG, 10, Rating::Bad);
    let other = kept.rated("haiku", DEBUG, 10, Rating::Good);
    let of = kept.house.turn(turn).clone();
    let read = (of, kept.house.state.records[&turn].clone());
    let session = kept.house.state.session_named("opus").unwrap().view.id;
    kept.op(Op::Kill { session });
    kept.forget(Some(OPUS), None).unwrap();
    assert_eq!(kept.results(), 1);
    let rating = Rating::Good;
    kept.take(Input::FoundTurn {
        face: FACE,
        id: 7,
        turn,
        found: Sighting::One(Box::new(read)),
        said: Said::Rating { rating, note: None },
    });
    assert_eq!((kept.results(), kept.seen(OPUS, "debug")), (2, 1));
    assert!(kept.told(other).is_some());
    kept.in_step();
}
