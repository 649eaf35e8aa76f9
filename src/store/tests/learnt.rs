//! Records, evidence and what is concluded: kept as written, folded in order, and old stores brought up.

use super::*;
use crate::protocol::{Availability, Chosen, Predicted, Record};

fn record(turn: u64) -> Record {
    Record {
        turn: TurnId(turn),
        category: "debug".into(),
        read_as: "explain".into(),
        sub: Some("agentic".into()),
        complexity: 61,
        parts: vec![("length".into(), 40), ("code".into(), 21)],
        tags: vec!["rust".into(), "security".into()],
        language: Some("en".into()),
        marks: vec!["code".into()],
        words: 120,
        features: (0..32).map(|i| i as f32 / 7.0 - 2.0).collect(),
        project: "/home/me/thing".into(),
        group: Some("team".into()),
        chosen: Chosen::Fallback,
        followed: Some(false),
        propensity: Some(0.97),
        predicted: Some(Predicted {
            input: 10,
            output: 20,
            cost: Nano(30),
        }),
        quality: None,
        why: String::new(),
    }
}

fn evidence(seq: u64, turn: u64, category: &str, success: f64, weight: f64) -> EvidenceRow {
    EvidenceRow {
        seq,
        turn: Some(TurnId(turn)),
        model: "sonnet".into(),
        category: category.into(),
        success,
        weight,
        at: 7,
        about: None,
    }
}

/// A turn of a living session, with its record.
fn kept(turn: u64) -> Vec<Write> {
    vec![
        Write::Session(row(1, "a", Some(turn))),
        Write::TurnEnded(asked(
            turn,
            turn.checked_sub(1).filter(|p| *p > 0),
            1,
            TurnState::Done,
        )),
        Write::Record(record(turn)),
    ]
}

#[test]
fn a_record_comes_back_with_what_was_seen_and_what_it_tells() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    store(&journal, kept(1));
    let refused = seen("refused", "content", -3.0);
    let again = seen("same prompt again", "behaviour", -2.5);
    store(
        &journal,
        vec![
            Write::Outcome {
                turn: TurnId(1),
                seen: refused.clone(),
                at: 1,
            },
            Write::Outcome {
                turn: TurnId(1),
                seen: again.clone(),
                at: 2,
            },
            Write::Quality {
                turn: TurnId(1),
                score: 1.5,
                why: "1.5 of 10".into(),
            },
            Write::Evidence(evidence(1, 1, "debug", 0.2, 0.5)),
            Write::Evidence(evidence(2, 1, "debug", 0.0, 1.0)),
            Write::Category {
                turn: TurnId(1),
                category: "math".into(),
            },
        ],
    );
    journal.close();
    let (_journal, loaded) = open(&path).unwrap();
    let expected = Known {
        record: Record {
            category: "math".into(),
            quality: Some(1.5),
            why: "1.5 of 10".into(),
            ..record(1)
        },
        seen: vec![refused, again],
        evidence: Some(evidence(2, 1, "debug", 0.0, 1.0)),
        forgotten: false,
    };
    assert_eq!(loaded.known, std::slice::from_ref(&expected));
    assert_eq!(loaded.turns[0].category, "math");
    assert_eq!(loaded.next_evidence, 3);
    let reader = Reader::open(&path).unwrap();
    assert_eq!(reader.known(TurnId(1)).unwrap(), Some(expected));
    assert_eq!(reader.known(TurnId(2)).unwrap(), None);
}

#[test]
fn a_turn_is_found_by_the_start_of_its_id() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    for turn in [2, 21, 30, 31, 312, 4_000_000_000] {
        store(
            &journal,
            vec![Write::TurnEnded(asked(turn, None, 1, TurnState::Done))],
        );
    }
    let reader = Reader::open(&path).unwrap();
    for (start, like) in [
        (2, &[2][..]),
        (21, &[21]),
        (3, &[30, 31]),
        (31, &[31]),
        (400, &[4_000_000_000]),
        (5, &[]),
        (0, &[]),
        (u64::MAX, &[]),
    ] {
        let found = reader.turns_like(TurnId(start), 2).unwrap();
        let ids: Vec<u64> = found.iter().map(|turn| turn.0).collect();
        assert_eq!(ids, like, "{start}");
    }
}

#[test]
fn evidence_is_handed_on_in_order_with_what_it_takes_the_place_of() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    let first = evidence(1, 1, "debug", 0.2, 0.5);
    let other = evidence(2, 2, "math", 1.0, 1.0);
    let anew = evidence(3, 1, "math", 0.0, 1.0);
    store(&journal, kept(1));
    store(&journal, kept(2));
    store(
        &journal,
        [&first, &other, &anew]
            .map(|row| Write::Evidence(row.clone()))
            .into(),
    );
    let snapshot = LearnerRow {
        seq: 1,
        snapshot: "{}".into(),
        at: 9,
    };
    store(&journal, vec![Write::Learner(snapshot.clone())]);
    let reader = Reader::open(&path).unwrap();
    assert_eq!(reader.learner().unwrap(), Some(snapshot));
    let folded = |after| {
        let mut rows = Vec::new();
        reader
            .evidence(after, |e| rows.push((e.row, e.before)))
            .unwrap();
        rows
    };
    let all = [
        (first.clone(), None),
        (other.clone(), None),
        (anew.clone(), Some(first)),
    ];
    assert_eq!(folded(0), all);
    assert_eq!(folded(1), all[1..]);
    let mut tagged = Vec::new();
    reader
        .evidence(2, |e| {
            tagged.push((e.about.tags, e.about.complexity, e.about.features.len()))
        })
        .unwrap();
    assert_eq!(tagged, [(record(1).tags, 61, 32)]);
    // What came from another store has no turn, and says itself what it is about.
    let foreign = EvidenceRow {
        turn: None,
        about: Some(About {
            tags: vec!["law".into()],
            complexity: 7,
            features: vec![0.5; 32],
        }),
        ..evidence(4, 0, "other", 1.0, 1.0)
    };
    store(&journal, vec![Write::Evidence(foreign.clone())]);
    let mut strangers = Vec::new();
    reader
        .evidence(3, |e| strangers.push((e.row, e.about)))
        .unwrap();
    let about = foreign.about.clone().unwrap();
    assert_eq!(strangers, [(foreign.clone(), about)]);
    // What is forgotten is left out, also as what came before; and so is the fold that holds it.
    let forget = ForgottenRow {
        seq: 2,
        model: Some("sonnet".into()),
        category: Some("debug".into()),
        at: 10,
    };
    store(&journal, vec![Write::Forgotten(forget)]);
    assert_eq!(
        folded(0),
        [(other, None), (anew.clone(), None), (foreign, None)]
    );
    assert_eq!(reader.learner().unwrap(), None);
    let known = reader.known(TurnId(1)).unwrap().expect("a record");
    assert_eq!((known.evidence, known.forgotten), (Some(anew), false));
    store(
        &journal,
        vec![Write::Forgotten(ForgottenRow {
            seq: 3,
            model: None,
            category: None,
            at: 11,
        })],
    );
    let known = reader.known(TurnId(1)).unwrap().expect("a record");
    assert_eq!((known.evidence, known.forgotten), (None, true));
}

#[test]
fn history_tells_each_turn_once_and_nothing_of_its_text() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    for turn in 1..=4 {
        store(&journal, kept(turn));
    }
    let rows = [
        (1, 1, 0.2, 0.5),
        (2, 1, 1.0, 1.0),
        (3, 2, 0.5, 1.0),
        (4, 3, 0.0, 0.0),
        (5, 4, 0.0, 0.3),
    ];
    let rows = rows.map(|(seq, turn, s, w)| Write::Evidence(evidence(seq, turn, "debug", s, w)));
    store(&journal, rows.into());
    let reader = Reader::open(&path).unwrap();
    let told = |after, limit| {
        let rows = reader.history(TurnId(after), limit).unwrap();
        rows.iter()
            .map(|row| (row.turn.0, row.success))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(0, 9), [(1, 1.0), (2, 0.5), (4, 0.0)]);
    assert_eq!(told(1, 1), [(2, 0.5)]);
    assert!(
        !format!("{:?}", reader.history(TurnId(0), 9)).contains("why"),
        "the prompt"
    );
    // What is forgotten is not told, and fills no page; what is rated again since then is.
    let forget = |seq, category: &str| {
        let category = Some(category.to_owned());
        Write::Forgotten(ForgottenRow {
            seq,
            model: None,
            category,
            at: 11,
        })
    };
    store(&journal, vec![forget(5, "math"), forget(3, "debug")]);
    assert_eq!(told(0, 9), [(4, 0.0)]);
    assert_eq!(told(0, 1), [(4, 0.0)]);
    store(
        &journal,
        vec![
            forget(5, "debug"),
            Write::Evidence(evidence(6, 2, "debug", 1.0, 1.0)),
        ],
    );
    assert_eq!(told(0, 1), [(2, 1.0)]);
    assert_eq!(told(2, 9), []);
}

#[test]
fn small_tables_are_kept_as_written() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    let adjustment = |id, what: &str| AdjustmentRow {
        id,
        at: 5,
        kind: "tokens".into(),
        what: what.into(),
        old: "2000".into(),
        new: "900".into(),
        reason: "40 turns".into(),
        confidence: 0.8,
    };
    let learning = |id, state: &str| LearningRow {
        id,
        at: 6,
        kind: "model".into(),
        key: "haiku/debug".into(),
        text: "enough".into(),
        success: 0.92,
        n: 12,
        tier: "auto".into(),
        state: state.into(),
    };
    let availability = |in_a_row| Availability {
        model: "m".into(),
        backend: Backend::Endpoint("groq".into()),
        answered: 3,
        failed: 4,
        in_a_row,
        category: Some(Category::Overloaded),
        at: 8,
    };
    // The oldest of a thing is beyond the newest that are read, and still known.
    let mut writes = vec![Write::Adjustment(adjustment(1, "rare"))];
    writes.extend((2..=700).map(|id| Write::Adjustment(adjustment(id, "often"))));
    writes.extend([
        Write::Learning(learning(1, "queued")),
        Write::Learning(learning(1, "approved")),
        Write::Availability(availability(1)),
        Write::Availability(availability(2)),
    ]);
    store(&journal, writes);
    journal.close();
    let (_journal, loaded) = open(&path).unwrap();
    assert_eq!(loaded.adjustments[0], adjustment(1, "rare"));
    assert_eq!(
        (loaded.adjustments.len(), loaded.adjustments[500].id),
        (501, 700)
    );
    assert_eq!(loaded.learnings, [learning(1, "approved")]);
    assert_eq!(loaded.availability, [availability(2)]);
}

#[test]
fn an_older_store_keeps_its_ratings_as_evidence() {
    let (_home, path) = home();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let old = rusqlite::Connection::open(&path).unwrap();
    for sql in [
        include_str!("../migrations/0001.sql"),
        include_str!("../migrations/0002.sql"),
    ] {
        old.execute_batch(sql).unwrap();
    }
    let turn = "INSERT INTO turn (id, session, prompt, origin, blocks, state, backend, model, category, input, output,
        reasoning, cache_read, cache_write_5m, cache_write_1h, usage_estimated, priced_nano, unpriced_nano, plan_nano,
        cost_estimated, attached, attempts, receipt, asked_at, rating, success)
        VALUES (?1, 1, 'why', '\"typed\"', '[]', 'done', ?2, 'sonnet', 'debug', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]',
        '[]', '{}', ?1, ?3, ?4)";
    for (id, backend, rating, success) in [
        (1, "anthropic", Some("good"), Some(1.0)),
        (2, "anthropic", None, None),
        (3, "rehearsal", Some("bad"), Some(0.0)),
        (4, "claude", Some("3"), Some(0.5)),
    ] {
        old.execute(turn, rusqlite::params![id, backend, rating, success])
            .unwrap();
    }
    for name in ["answered", "relayed", "failed"] {
        let sql = "INSERT INTO outcome (turn, name, weight, at) VALUES (1, ?1, 1.0, 3)";
        old.execute(sql, [name]).unwrap();
    }
    old.pragma_update(None, "application_id", 0x416e_7470)
        .unwrap();
    old.pragma_update(None, "user_version", 2).unwrap();
    drop(old);
    let (_journal, loaded) = open(&path).unwrap();
    assert_eq!(loaded.next_evidence, 3);
    let reader = Reader::open(&path).unwrap();
    let mut rows = Vec::new();
    reader
        .evidence(0, |e| {
            rows.push((e.row.turn.unwrap().0, e.row.success, e.about.features.len()))
        })
        .unwrap();
    assert_eq!(rows, [(1, 1.0, 0), (4, 0.5, 0)]);
    let past = reader.history(TurnId(0), 9).unwrap();
    assert_eq!((past.len(), past[0].model.as_str()), (2, "sonnet"));
    let kept: Vec<(String, String)> = {
        let connection = rusqlite::Connection::open(&path).unwrap();
        let mut statement = connection
            .prepare("SELECT name, layer FROM outcome")
            .unwrap();
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        rows.map(|row| row.unwrap()).collect()
    };
    assert_eq!(kept, [("relayed onward".into(), "behaviour".into())]);
}
