//! What the user says of turns: ratings, feedback in a composer, corrections.

use super::records::evidence;
use super::*;
use crate::engine::ratings::{Said, Sighting};
use crate::learning::CATEGORIES;
use crate::protocol::{Audience, Rating};

#[test]
fn what_the_user_says_revises_what_was_learnt() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let turn = house.exchange(s, "fix this bug");
    let effects = house.rate(None, Rating::Bad);
    let [row] = evidence(&effects)[..] else {
        panic!("one row: {effects:?}");
    };
    let first = row.seq;
    assert_eq!((row.turn, row.success, row.weight), (Some(turn), 0.0, 1.0));
    assert!(
        evidence(&house.rate(None, Rating::Bad)).is_empty(),
        "nothing new"
    );
    let effects = house.rate(None, Rating::Stars(5));
    assert_eq!(
        (evidence(&effects)[0].seq, evidence(&effects)[0].success),
        (first + 1, 1.0)
    );
    let of = house.turn(turn);
    let cell = house
        .state
        .learner
        .results()
        .cell(of.model.as_deref().unwrap(), &of.category);
    assert_eq!((cell.seen, cell.successes), (1, 1.0));
}

#[test]
fn the_newest_answer_is_meant_whatever_the_clock_says() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let other = house.spawn("b", Backend::Anthropic);
    let slow = house.ask(s, "explain this").0;
    let quick = house.exchange(other, "fix this bug");
    let rated = |house: &mut House| {
        house.rate(None, Rating::Good);
        let turns = house.state.turns.values_mut();
        let rated: Vec<TurnId> = turns
            .filter_map(|turn| turn.rating.take().map(|_| turn.id))
            .collect();
        rated[0]
    };
    assert_eq!(rated(&mut house), quick);
    // Set back by an hour: what was asked first is answered last.
    house.now.ms -= 3_600_000;
    house.answer(s, "because it is so", usage(100, 20));
    assert_eq!(rated(&mut house), slow);
    // An engine that has started since goes by the clocks, but not by those from after now.
    house.state.last_over = None;
    assert_eq!(rated(&mut house), slow);
    house.now.ms += 3_600_000 * 2;
    house.state.last_over = None;
    assert_eq!(rated(&mut house), quick);
    // One of a session that is gone is not meant.
    house.state.last_over = Some(slow);
    house.op(Op::Kill { session: s });
    assert_eq!(rated(&mut house), quick);
}

#[test]
fn nothing_is_learnt_of_rehearsals() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Rehearsal);
    house.exchange(s, "fix this bug");
    assert!(evidence(&house.rate(None, Rating::Good)).is_empty());
}

#[test]
fn a_turn_that_cannot_be_rated_is_refused() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (running, _) = house.ask(s, "one");
    let (queued, _) = house.ask(s, "two");
    for (turn, words) in [
        (running, "still being answered"),
        (queued, "still being answered"),
    ] {
        let refused = reply(&house.rate(Some(turn.0), Rating::Good))
            .unwrap()
            .unwrap_err();
        assert!(refused.what.contains(words), "{refused}");
    }
    house.op(Op::Interrupt { session: s });
    let refused = reply(&house.rate(Some(queued.0), Rating::Good))
        .unwrap()
        .unwrap_err();
    assert!(refused.what.contains("never sent"), "{refused}");
    // Of one that is not in memory the store decides.
    let said = Said::Rating {
        rating: Rating::Good,
        note: None,
    };
    let effects = house.take(Input::FoundTurn {
        face: FACE,
        id: 7,
        turn: TurnId(77),
        found: Sighting::Nothing,
        said,
    });
    assert!(matches!(reply(&effects), Some(Err(r)) if r.what == "there is no turn t77"));
    assert!(writes(&effects).is_empty());
}

#[test]
fn a_turn_out_of_memory_is_rated_twice_and_counts_once() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let turn = house.exchange(s, "fix this bug");
    let stored = (house.turn(turn).clone(), house.known(turn).clone());
    house.op(Op::Kill { session: s });
    assert!(house.state.records.is_empty());
    for rating in [Rating::Good, Rating::Bad] {
        let said = Said::Rating { rating, note: None };
        // Both were read off the store before either was written.
        let found = Sighting::One(Box::new(stored.clone()));
        let effects = house.take(Input::FoundTurn {
            face: FACE,
            id: 7,
            turn,
            found,
            said,
        });
        assert_eq!(evidence(&effects).len(), 1);
    }
    let (model, category) = (stored.0.model.unwrap(), stored.0.category);
    let cell = house.state.learner.results().cell(&model, &category);
    assert_eq!((cell.seen, cell.successes), (1, 0.0));
}

#[test]
fn feedback_in_a_composer_is_never_sent() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let refused = house.say(s, "/feedback good").0.unwrap_err();
    assert!(refused.what.contains("answered nothing yet"), "{refused}");
    let turns: Vec<TurnId> = (0..12)
        .map(|n| house.exchange(s, &format!("question {n}")))
        .collect();
    let other = house.spawn("b", Backend::Anthropic);
    let elsewhere = house.exchange(other, "another");
    assert_eq!((turns[11], elsewhere), (TurnId(12), TurnId(13)));
    for (said, rated, rating) in [
        ("/feedback good", 12, Rating::Good),
        ("  /feedback   4  t3 ", 3, Rating::Stars(4)),
        ("/feedback bad 1", 1, Rating::Bad),
        ("/feedback 2 t13", 13, Rating::Stars(2)),
    ] {
        let (answer, effects) = house.say(s, said);
        let Ok(Answer::Text(text)) = answer else {
            panic!("{said}: {answer:?}");
        };
        assert!(
            text.starts_with(&format!("t{rated} rated {rating}: claude")),
            "{text}"
        );
        assert_eq!(house.turn(TurnId(rated)).rating, Some(rating));
        assert_eq!(streams(&effects), 0, "{said}");
        let asked = |w: &&Write| matches!(w, Write::TurnStarted(_));
        assert!(!writes(&effects).iter().any(asked), "{said}");
    }
    // Of a turn that no living session has the store is asked.
    let effects = house.op(Op::Ask {
        session: s,
        prompt: "/feedback 3 t99".into(),
        suggested: false,
        attached: vec![],
    });
    let three = Said::Feedback(Rating::Stars(3));
    assert!(
        matches!(&effects[..], [Effect::FindTurn { turn: TurnId(99), said, .. }] if *said == three),
        "{effects:?}"
    );
    for (said, words) in [
        ("/feedback", "no feedback"),
        ("/feedback good t1 because", "no feedback"),
        ("/feedback great", "`great` is not a rating"),
        ("/feedback 6", "`6` is not a rating"),
        ("/feedback good x", "not an id"),
    ] {
        let (answer, effects) = house.say(s, said);
        assert!(answer.unwrap_err().to_string().contains(words), "{said}");
        assert!(writes(&effects).is_empty() && streams(&effects) == 0);
    }
    // Something else that begins alike is a prompt.
    assert_eq!(streams(&house.say(s, "/feedbacks are what?").1), 1);
    let to = Audience::All;
    let prompt = "/feedback good".into();
    assert!(house.ask_for(Op::Broadcast { to, prompt }).is_err());
}

#[test]
fn the_start_of_an_id_is_enough_where_it_is_clear() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.state.next.turn = 240;
    house.exchange(s, "one");
    house.exchange(s, "two");
    house.state.next.turn = 301;
    house.exchange(s, "three");
    let said = |house: &mut House, text| house.say(s, text).0.map(|a| format!("{a:?}"));
    assert!(
        said(&mut house, "/feedback good t3")
            .unwrap()
            .contains("t301")
    );
    // A whole id is that turn, though here is one whose id begins so.
    house.state.next.turn = 3;
    let other = house.spawn("b", Backend::Anthropic);
    assert_eq!(house.exchange(other, "four"), TurnId(3));
    let rated = said(&mut house, "/feedback good t3").unwrap();
    assert!(rated.contains("t3 rated"), "{rated}");
    let refused = said(&mut house, "/feedback good t24").unwrap_err();
    assert!(refused.what.contains("t240, t241"), "{refused}");
}

#[test]
fn feedback_reaches_turns_of_sessions_that_are_gone() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let turn = house.exchange(s, "fix this bug");
    let stored = (house.turn(turn).clone(), house.known(turn).clone());
    house.op(Op::Kill { session: s });
    house.spawn("b", Backend::Anthropic);
    let mut found = |found, said: &Said| {
        let effects = house.take(Input::FoundTurn {
            face: FACE,
            id: 7,
            turn: TurnId(1),
            found,
            said: said.clone(),
        });
        let rows = evidence(&effects).len();
        (reply(&effects).unwrap(), rows)
    };
    let bad = Said::Feedback(Rating::Bad);
    let one = || Sighting::One(Box::new(stored.clone()));
    let (answer, rows) = found(one(), &bad);
    let Ok(Answer::Text(said)) = answer else {
        panic!("{answer:?}");
    };
    assert!(said.starts_with(&format!("{turn} rated bad: claude")));
    assert_eq!(rows, 1);
    let (answer, rows) = found(one(), &Said::Category("math".into()));
    assert!(matches!(answer, Ok(Answer::Text(said)) if said.contains("is math")));
    assert_eq!(rows, 1, "what was learnt is revised");
    for (seen, words) in [
        (Sighting::Nothing, "no turn t1"),
        (
            Sighting::Several(vec![TurnId(10), TurnId(11)]),
            "t1 may be t10, t11 or others",
        ),
        (
            Sighting::Unread(Refusal::new("the store is damaged", "")),
            "damaged",
        ),
    ] {
        let (answer, rows) = found(seen, &bad);
        assert!(answer.unwrap_err().what.contains(words));
        assert_eq!(rows, 0);
    }
}

#[test]
fn a_corrected_category_holds_for_the_turn_and_for_prompts_like_it() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let prompt = "the sum of what the ledger says";
    let turn = house.exchange(s, prompt);
    house.rate(Some(turn.0), Rating::Good);
    let was = house.turn(turn).category.clone();
    let right = CATEGORIES
        .iter()
        .find(|c| **c != was && **c == "data")
        .unwrap_or(&"math");
    let correct = |category: &str| Op::Correct {
        turn: None,
        category: category.into(),
    };
    let refused = house.ask_for(correct("poetry")).unwrap_err();
    assert!(
        refused.what.contains("poetry") && refused.next.contains("debug"),
        "{refused}"
    );
    let effects = house.op(correct(right));
    assert!(
        matches!(reply(&effects), Some(Ok(Answer::Text(t))) if t.contains(right) && t.contains(&was))
    );
    assert_eq!(house.turn(turn).category, *right);
    assert_eq!(house.known(turn).record.read_as, was);
    assert_eq!(evidence(&effects)[0].category, *right);
    let settings = writes(&effects);
    assert!(settings.iter().any(|w| matches!(w, Write::Setting { key, value } if key == "corrections" && !value.contains("ledger"))));
    let (again, _) = house.ask(s, prompt);
    assert_eq!(house.turn(again).category, *right);
}
