//! Rules and advice that follow from what was learnt.

use super::*;
use crate::protocol::{BatchTask, Task};

fn first(kept: &mut Kept) -> (String, String) {
    first_for(kept, Task::default())
}

fn first_for(kept: &mut Kept, task: Task) -> (String, String) {
    let request = Request::Query(Query::Suggest {
        prompt: DEBUG.into(),
        session: None,
        budget: Default::default(),
        exclude: vec![],
        require: vec![],
        min_window: None,
        task,
    });
    let effects = kept.take(Input::Request {
        face: FACE,
        id: 8,
        request,
    });
    match reply(&effects) {
        Some(Ok(Answer::Suggestion(found))) => {
            let first = &found.candidates[0];
            (first.model.clone(), first.reason.clone())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_follows_from_results_and_is_the_users_to_decide() {
    let mut kept = Kept::new();
    let at_hand = [OPUS, HAIKU].map(|model| (model.to_owned(), Backend::Anthropic));
    kept.take(Input::Reachable {
        models: at_hand.to_vec(),
    });
    assert_eq!(first(&mut kept).0, OPUS, "haiku is not believed in yet");
    let mut after = 0;
    while kept.house.state.kept.rules.is_empty() {
        kept.rated("haiku", DEBUG, 10, Rating::Good);
        after += 1;
        assert!(after < 9, "no rule");
    }
    assert_eq!(after, 2, "it waits for review first");
    assert_eq!(first(&mut kept).0, OPUS);
    let rule = kept.house.state.kept.rules[0].clone();
    assert_eq!((rule.n, rule.state), (2, LearningState::Waiting));
    let learning = rule.id;
    kept.op(Op::Learn {
        change: LearnChange::Approve { learning },
    });
    let (model, reason) = first(&mut kept);
    assert!(
        model == HAIKU && reason.starts_with("approved: 2 of 2 good"),
        "{reason}"
    );
    // A task that is worth more asks for more than the rule was drawn for.
    let worthy = Task {
        priority: Some("P0".into()),
        complexity: Some("epic".into()),
        due_hours: Some(1.0),
        risk: Some("production".into()),
        ..Task::default()
    };
    let (model, reason) = first_for(&mut kept, worthy);
    assert!(model == OPUS && !reason.contains("approved"), "{reason}");
    kept.op(Op::Learn {
        change: LearnChange::Reject { learning },
    });
    assert_eq!(first(&mut kept).0, OPUS);
    let refused = kept.op(Op::Learn {
        change: LearnChange::Approve { learning: 99 },
    });
    assert!(matches!(reply(&refused), Some(Err(r)) if r.what == "there is no rule L99"));

    // A new engine has it too.
    let (_, loaded) = store::open(&kept.path).unwrap();
    let again = House::with(Config::default(), loaded);
    assert_eq!(again.state.kept.rules, kept.house.state.kept.rules);
}

#[test]
fn advice_comes_from_the_turns_of_this_store() {
    let mut kept = Kept::new();
    let at_hand = [OPUS, HAIKU].map(|model| (model.to_owned(), Backend::Anthropic));
    kept.take(Input::Reachable {
        models: at_hand.to_vec(),
    });
    for _ in 0..12 {
        kept.rated("opus", DEBUG, 500, Rating::Good);
        for _ in 0..3 {
            kept.rated("haiku", DEBUG, 500, Rating::Good);
        }
    }
    let reader = Reader::open(&kept.path).unwrap();
    let taken = reader.taken(0, 100).unwrap();
    assert_eq!(taken.len(), 48);
    let Answer::Advice(advice) = crate::engine::learnt::advice(&kept.house.state, 30, &taken)
    else {
        panic!("no advice");
    };
    let [row] = &advice.rows[..] else {
        panic!("{advice:?}");
    };
    assert_eq!(
        (row.model.as_str(), row.instead.as_str()),
        (OPUS, "claude-haiku-4-5")
    );
    assert_eq!((row.turns, row.seen, row.seen_instead), (12, 12, 36));
    assert!(row.cost < row.spent);
}

#[test]
fn a_clock_that_is_set_back_stops_neither_learning_nor_calibration() {
    const DAY: i64 = 24 * 3_600_000;
    let mut kept = Kept::new();
    let turn = kept.rated("opus", DEBUG, 10, Rating::Good);
    kept.change(LearnChange::Calibrate).unwrap();
    kept.house.now.ms -= 30 * DAY;
    kept.rated("opus", DEBUG, 10, Rating::Bad);
    kept.rate(turn, Rating::Bad);
    assert_eq!(kept.seen(OPUS, "debug"), 2);
    kept.in_step();
    // A day from now, not a day after what was in the future.
    let mut out = Vec::new();
    crate::engine::calibrate::arm(&kept.house.state, kept.house.now, &mut out);
    assert!(
        matches!(out[..], [Effect::Arm { at, .. }] if at == kept.house.now.ms + DAY),
        "{out:?}"
    );
    kept.change(LearnChange::Calibrate).unwrap();
    assert_eq!(kept.house.state.kept.calibrated_at, Some(kept.house.now.ms));
}

#[test]
fn a_model_that_vanished_from_the_catalogue_keeps_its_history() {
    let mut kept = Kept::new();
    let turn = kept.rated("haiku", DEBUG, 10, Rating::Good);
    kept.rated("opus", DEBUG, 10, Rating::Good);
    kept.take(Input::Reachable {
        models: [OPUS, HAIKU]
            .map(|model| (model.to_owned(), Backend::Anthropic))
            .to_vec(),
    });
    let believed = |kept: &Kept| {
        let learned = crate::engine::learnt::learned(&kept.house.state, false);
        let rows = learned.beliefs.into_iter();
        rows.map(|row| (row.model, row.seen, row.successes, row.known))
            .collect::<Vec<_>>()
    };
    let haiku = "claude-haiku-4-5".to_owned();
    assert!(believed(&kept).contains(&(haiku.clone(), 1, 1.0, true)));
    // A catalogue that knows of another model only.
    let row = "date = \"2026-11-20\"\n[[models]]\nid = \"claude-opus-4-8\"\nprovider = \"anthropic\"\n\
        tier = \"premium\"\nprice = { input = 5, output = 25 }\nprice_source = \"a test\"\nprice_date = \"2026-11-20\"\n";
    let catalog = std::sync::Arc::new(crate::catalog::Catalog::parse(row).unwrap());
    kept.take(Input::CatalogLoaded { catalog });
    assert!(believed(&kept).contains(&(haiku.clone(), 1, 1.0, false)));
    kept.in_step();
    // It is revised, added to, suggested without a price, and forgotten, by its names.
    kept.rate(turn, Rating::Bad);
    kept.rated("haiku", DEBUG, 10, Rating::Good);
    assert!(believed(&kept).contains(&(haiku, 2, 1.0, false)));
    kept.in_step();
    assert_eq!(first(&mut kept).0, OPUS);
    kept.forget(Some(HAIKU), None).unwrap();
    assert_eq!(
        (kept.seen(HAIKU, "debug"), kept.seen(OPUS, "debug")),
        (0, 1)
    );
    kept.in_step();
}

#[test]
fn a_tag_that_tells_nothing_more_makes_no_rule_of_its_own() {
    let mut kept = Kept::new();
    let at_hand = [OPUS, HAIKU].map(|model| (model.to_owned(), Backend::Anthropic));
    kept.take(Input::Reachable {
        models: at_hand.to_vec(),
    });
    for _ in 0..8 {
        let prompt = "fix this bug: error[E0382] in src/main.rs";
        kept.rated("haiku", prompt, 10, Rating::Good);
    }
    let tags: Vec<&String> = kept
        .house
        .state
        .records
        .values()
        .flat_map(|known| &known.record.tags)
        .collect();
    assert!(tags.iter().any(|tag| *tag == "debug agentic"), "{tags:?}");
    let rules: Vec<_> = kept.house.state.kept.rules.iter().collect();
    assert_eq!(rules.len(), 1, "{rules:?}");
    assert_eq!(rules[0].rule.tag, None);
}

#[test]
fn tasks_of_a_batch_are_answered_each_for_itself() {
    let mut kept = Kept::new();
    kept.take(Input::Reachable {
        models: vec![(OPUS.to_owned(), Backend::Anthropic)],
    });
    let task = |priority: &str| BatchTask {
        prompt: DEBUG.into(),
        task: Task {
            priority: Some(priority.into()),
            ..Task::default()
        },
    };
    let mut ask = |exclude: &[&str], min_window| {
        let request = Request::Query(Query::SuggestBatch {
            tasks: vec![task("P0"), task("P9"), task("P4")],
            budget: Default::default(),
            exclude: exclude.iter().map(|name| (*name).to_owned()).collect(),
            require: vec![],
            min_window,
        });
        let effects = kept.take(Input::Request {
            face: FACE,
            id: 8,
            request,
        });
        reply(&effects)
            .expect("an answer")
            .map(|answer| match answer {
                Answer::Suggestions(rows) => rows,
                other => panic!("{other:?}"),
            })
    };
    let rows = ask(&[], None).unwrap();
    let told: Vec<(usize, bool)> = rows
        .iter()
        .map(|row| (row.candidates.len(), row.fault.is_some()))
        .collect();
    assert_eq!(told, [(1, false), (0, true), (1, false)]);
    assert!(
        rows[1]
            .fault
            .as_ref()
            .unwrap()
            .contains("`P9` is no priority")
    );
    // Left out, and too small a window.
    assert!(ask(&[OPUS], None).unwrap()[0].candidates.is_empty());
    assert!(ask(&[], Some(50_000_000)).unwrap()[0].candidates.is_empty());
    // One misspelt would be suggested all the same.
    let refused = ask(&["claude-opsu"], None).unwrap_err();
    assert!(refused.what.contains("no model `claude-opsu`"), "{refused}");
}
