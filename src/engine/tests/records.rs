//! Records, what is seen of turns, and what follows from it.

use super::*;
use crate::engine::ratings::Said;
use crate::learning::CATEGORIES;
use crate::protocol::{
    Audience, Category, Chosen, Failure, Origin, Query, Rating, Record, Report, TurnState,
};
use crate::store::{EvidenceRow, Known};

fn failure(category: Category) -> StreamEvent {
    StreamEvent::Failed(Failure::new(category, "no", ""))
}

fn evidence(effects: &[Effect]) -> Vec<&EvidenceRow> {
    let rows = writes(effects).into_iter().filter_map(|write| match write {
        Write::Evidence(row) => Some(row),
        _ => None,
    });
    rows.collect()
}

fn record(effects: &[Effect]) -> &Record {
    let mut written = writes(effects).into_iter().filter_map(|write| match write {
        Write::Record(record) => Some(record),
        _ => None,
    });
    written.next().expect("a record")
}

impl House {
    fn known(&self, turn: TurnId) -> &Known {
        &self.state.records[&turn]
    }

    fn seen(&self, turn: TurnId) -> Vec<&str> {
        let seen = self.known(turn).seen.iter();
        seen.map(|seen| seen.name.as_str()).collect()
    }

    /// A prompt that was answered.
    fn exchange(&mut self, session: SessionId, prompt: &str) -> TurnId {
        let (turn, _) = self.ask(session, prompt);
        self.answer(session, "because it is so, and here is why", usage(100, 10));
        turn
    }

    fn rate(&mut self, turn: Option<u64>, rating: Rating) -> Vec<Effect> {
        self.op(Op::Rate {
            turn: turn.map(TurnId),
            rating,
            note: None,
        })
    }

    fn say(&mut self, session: SessionId, text: &str) -> (Result<Answer, Refusal>, Vec<Effect>) {
        let effects = self.op(Op::Ask {
            session,
            prompt: text.into(),
            suggested: false,
            attached: vec![],
        });
        (reply(&effects).expect("an answer"), effects)
    }
}

#[test]
fn a_record_is_stored_with_the_turn_and_holds_no_text() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, effects) = house.ask(s, "why does zzyzx fail with a panic in main.rs?");
    let kept = record(&effects);
    assert_eq!((kept.turn, kept.project.as_str()), (turn, "/work"));
    assert_eq!(kept.category, house.turn(turn).category);
    assert_eq!(kept.features.len(), crate::learning::FEATURES);
    assert_eq!(kept.quality, None, "it is not over");
    let predicted = kept.predicted.expect("a prediction");
    assert!(predicted.output > 0 && predicted.cost.0 > 0);
    assert!(!serde_json::to_string(kept).unwrap().contains("zzyzx"));
    let effects = house.answer(s, "because", usage(100, 10));
    assert!(
        writes(&effects)
            .iter()
            .any(|w| matches!(w, Write::Quality { turn: t, .. } if *t == turn))
    );
    assert!(house.known(turn).record.quality.is_some());
}

#[test]
fn why_a_model_was_chosen_is_told() {
    let mut house = House::new();
    let named = SessionSpec {
        model: Some("claude-opus-4-8".into()),
        group: Some("team".into()),
        ..SessionSpec::new("named", Backend::Anthropic)
    };
    house.ask_for(Op::Spawn { spec: named }).unwrap();
    let named = house.state.session_named("named").unwrap().view.id;
    let plain = house.spawn("plain", Backend::Anthropic);
    let kept = house.ask(named, "x").1;
    assert_eq!(record(&kept).chosen, Chosen::User);
    assert_eq!(record(&kept).group.as_deref(), Some("team"));
    assert_eq!(record(&house.ask(plain, "x").1).chosen, Chosen::Default);
    house.answer(named, "y", usage(1, 1));

    // A suggestion that stood beside the prompt, followed and not.
    house.take(Input::Reachable {
        models: vec![("claude-opus-4-8".into(), Backend::Anthropic)],
    });
    let suggested = |house: &mut House, session| {
        let effects = house.op(Op::Ask {
            session,
            prompt: "fix this bug".into(),
            suggested: true,
            attached: vec![],
        });
        let kept = record(&effects).clone();
        (kept.chosen, kept.followed)
    };
    assert_eq!(
        suggested(&mut house, named),
        (Chosen::Suggestion, Some(true))
    );
    assert_eq!(suggested(&mut house, plain), (Chosen::Default, Some(false)));
}

#[test]
fn the_tags_of_a_project_are_read_off_its_files() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (_, effects) = house.ask(s, "why?");
    let folder = std::path::PathBuf::from("/work");
    assert!(effects.contains(&Effect::LookAtProject {
        folder: folder.clone()
    }));
    house.take(Input::Project {
        folder,
        files: vec!["Cargo.toml".into(), "README".into()],
    });
    house.answer(s, "because", usage(1, 1));
    let (_, effects) = house.ask(s, "why?");
    assert_eq!(record(&effects).tags, ["rust"]);
    let looks = |effects: &[Effect]| {
        effects
            .iter()
            .any(|e| matches!(e, Effect::LookAtProject { .. }))
    };
    assert!(!looks(&effects), "it was looked at just now");
    house.now.ms += 120_000;
    house.answer(s, "because", usage(1, 1));
    assert!(looks(&house.ask(s, "why?").1));
}

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
    assert_eq!((row.turn, row.success, row.weight), (turn, 0.0, 1.0));
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
        found: None,
        said,
    });
    assert!(matches!(reply(&effects), Some(Err(r)) if r.what.contains("no such turn")));
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
        let found = Some(Box::new(stored.clone()));
        let effects = house.take(Input::FoundTurn {
            face: FACE,
            id: 7,
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
    for (said, words) in [
        ("/feedback", "no feedback"),
        ("/feedback good t1 because", "no feedback"),
        ("/feedback great", "`great` is not a rating"),
        ("/feedback 6", "`6` is not a rating"),
        ("/feedback good x", "not an id"),
        ("/feedback good t99", "no turn t99"),
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
    let refused = said(&mut house, "/feedback good t24").unwrap_err();
    assert!(refused.what.contains("t240, t241"), "{refused}");
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

#[test]
fn failures_of_machines_count_against_availability_alone() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let model = "claude-sonnet-5-5";
    house.take(Input::Reachable {
        models: vec![
            (model.into(), Backend::Anthropic),
            ("gpt-5.5".into(), Backend::OpenAi),
        ],
    });
    let suggested = |house: &mut House| {
        let query = Query::Suggest {
            prompt: "fix this bug".into(),
            session: None,
            budget: Default::default(),
            exclude: vec![],
            require: vec![],
            task: Default::default(),
        };
        let request = Request::Query(query);
        match reply(&house.take(Input::Request {
            face: FACE,
            id: 1,
            request,
        })) {
            Some(Ok(Answer::Suggestion(s))) => s.candidates.iter().any(|c| c.model == model),
            other => panic!("{other:?}"),
        }
    };
    for n in 1..=3_u32 {
        assert!(suggested(&mut house), "after {} failures", n - 1);
        let (turn, _) = house.ask(s, "one");
        let effects = house.stream(s, failure(Category::Auth));
        assert!(evidence(&effects).is_empty());
        assert_eq!(house.known(turn).evidence, None);
        let had = house.state.availability.values().next().unwrap();
        assert_eq!(
            (had.failed, had.in_a_row, had.answered),
            (u64::from(n), n, 0)
        );
        assert!(writes(&effects).contains(&&Write::Availability(had.clone())));
    }
    assert!(!suggested(&mut house), "it rests");
    house.exchange(s, "one more");
    assert!(suggested(&mut house), "it has answered again");
    let had = house.state.availability.values().next().unwrap();
    assert_eq!((had.failed, had.in_a_row, had.answered), (3, 0, 1));
}

#[test]
fn everything_rests_only_where_something_does_not() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.take(Input::Reachable {
        models: vec![("claude-sonnet-5-5".into(), Backend::Anthropic)],
    });
    for _ in 0..3 {
        house.ask(s, "one");
        house.stream(s, failure(Category::Auth));
    }
    let asked = crate::engine::suggest::Asked {
        prompt: "fix this bug",
        session: None,
        budget: Default::default(),
        exclude: vec![],
        require: vec![],
        threshold: None,
        tags: vec![],
    };
    assert_eq!(
        crate::engine::suggest::suggest(&house.state, asked)
            .candidates
            .len(),
        1
    );
}

#[test]
fn what_the_user_does_next_tells_of_the_answer() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    // The same again, in the same session.
    let first = house.exchange(s, "explain the borrow checker");
    house.exchange(s, "explain the borrow checker");
    assert_eq!(house.seen(first), ["same prompt again"]);
    // An answer sent on.
    let sent = house.exchange(s, "write a haiku about rust");
    let other = house.spawn("b", Backend::Anthropic);
    house
        .ask_for(Op::Relay {
            from: s,
            turn: Some(sent),
            to: other,
            submit: true,
            template: None,
        })
        .unwrap();
    assert!(house.seen(sent).contains(&"relayed onward"));
    assert!(
        house
            .known(sent)
            .evidence
            .as_ref()
            .is_some_and(|e| e.success > 0.5)
    );
    // A fork from before the turn, asked anew.
    let fork = Op::Fork {
        session: s,
        name: "c".into(),
        at: Some(first),
        backend: None,
        model: None,
        count: 1,
        worktree: false,
    };
    let Ok(Answer::Sessions(views)) = house.ask_for(fork) else {
        panic!("a fork");
    };
    let after = house
        .state
        .turns
        .values()
        .find(|t| t.parent == Some(first))
        .unwrap()
        .id;
    assert!(!house.seen(after).contains(&"forked before it"));
    house.exchange(views[0].id, "now to something else entirely");
    assert!(
        house.seen(after).contains(&"forked before it"),
        "{:?}",
        house.seen(after)
    );
    let before = house.seen(after).len();
    house.exchange(views[0].id, "and more of it");
    assert_eq!(
        house.seen(after).len(),
        before,
        "only the first prompt of the fork"
    );
}

#[test]
fn the_same_prompt_to_another_model_tells_of_the_first_answer() {
    let prompt = "prove that there are infinitely many primes";
    // How long after the answer, in minutes; whether it is over; whether it tells.
    for (minutes, over, tells) in [(1, true, true), (11, true, false), (1, false, false)] {
        let mut house = House::new();
        let s = house.spawn("a", Backend::Anthropic);
        let other = house.spawn("b", Backend::Gemini);
        let (first, _) = house.ask(s, prompt);
        if over {
            house.answer(s, "assume there were finitely many", usage(1, 1));
        }
        house.now.ms += minutes * 60_000;
        house.ask(other, prompt);
        assert_eq!(!house.seen(first).is_empty(), tells, "{minutes} {over}");
    }
    // A broadcast asks all at once, and tells of none.
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    house.spawn("b", Backend::Gemini);
    let to = Audience::All;
    house
        .ask_for(Op::Broadcast {
            to,
            prompt: prompt.into(),
        })
        .unwrap();
    house.answer(s, "assume", usage(1, 1));
    let told = house
        .state
        .records
        .values()
        .any(|known| !known.seen.is_empty());
    assert!(!told);
    assert!(
        house
            .state
            .turns
            .values()
            .all(|t| matches!(t.origin, Origin::Broadcast { .. }))
    );
}

#[test]
fn a_clock_that_goes_backwards_disturbs_nothing() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let first = house.exchange(s, "explain the borrow checker");
    house.now.ms -= 3_600_000;
    let second = house.exchange(s, "explain the borrow checker");
    house.rate(Some(first.0), Rating::Bad);
    house.rate(Some(second.0), Rating::Good);
    assert_eq!(house.turn(second).state, TurnState::Done);
    assert_eq!(house.seen(first), ["same prompt again"]);
    let of = house.turn(second).clone();
    assert_eq!(
        house
            .state
            .learner
            .results()
            .seen(&of.model.unwrap(), &of.category),
        2
    );
}

#[test]
fn a_program_in_a_terminal_has_records_too_and_its_prompts_stay_unkept() {
    let mut house = House::new();
    let spec = SessionSpec {
        command: vec!["claude".into()],
        ..SessionSpec::new("t", Backend::Terminal)
    };
    let Ok(Answer::Sessions(views)) = house.ask_for(Op::Spawn { spec }) else {
        panic!("a session");
    };
    let id = views[0].id;
    let epoch = house.state.sessions[&id].epoch;
    house.take(Input::Started {
        session: id,
        epoch,
        result: Ok(Some(1)),
    });
    let ticket = "ticket";
    house.state.sessions.get_mut(&id).unwrap().ticket = ticket.into();
    let hook = |house: &mut House, body: &str| {
        house.op(Op::Report {
            ticket: ticket.into(),
            what: Report::Hook,
            body: body.into(),
        })
    };
    let prompt = r#"{"hook_event_name":"UserPromptSubmit","session_id":"x","prompt":"why does zzyzx fail?"}"#;
    let effects = hook(&mut house, prompt);
    let kept = record(&effects).clone();
    assert_eq!(kept.predicted, None);
    assert!(kept.words > 0);
    let stop = r#"{"hook_event_name":"Stop","session_id":"x"}"#;
    hook(&mut house, stop);
    assert!(
        house.seen(kept.turn).is_empty(),
        "no answer is kept, which tells nothing"
    );
    let effects = hook(&mut house, prompt);
    assert_eq!(house.seen(kept.turn), ["same prompt again"]);
    let stored = writes(&effects).into_iter().map(|w| format!("{w:?}"));
    assert!(!stored.into_iter().any(|w| w.contains("zzyzx")));
}
