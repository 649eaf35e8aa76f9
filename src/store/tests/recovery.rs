//! What is left after a death, and what forks see.

use super::*;

#[test]
fn ten_half_answers_survive_the_writer() {
    let (_home, path) = home();
    let (dead, _) = open(&path).unwrap();
    for id in 1..=10 {
        store(
            &dead,
            vec![
                Write::Session(row(id, &format!("s{id}"), Some(id))),
                Write::TurnStarted(asked(id, None, id, TurnState::Streaming)),
            ],
        );
    }
    // In one commit and out of order, as a group may hold them; `seq` decides.
    let draft = |turn, seq, delta| Write::Draft {
        turn: TurnId(turn),
        seq,
        delta,
    };
    store(
        &dead,
        (1..=10).map(|id| draft(id, 2, text("half"))).collect(),
    );
    store(
        &dead,
        (1..=10).map(|id| draft(id, 1, text("one "))).collect(),
    );
    store(
        &dead,
        vec![
            Write::TurnStarted(asked(11, Some(1), 1, TurnState::Waiting)),
            draft(
                1,
                3,
                Delta::Replace {
                    blocks: vec![Block::Text {
                        text: "anew".into(),
                    }],
                },
            ),
        ],
    );
    let reader = Reader::open(&path).unwrap();
    assert_eq!(
        answer_of(&reader.turn(TurnId(2)).unwrap().unwrap()),
        "one half"
    );

    let (heir, loaded) = open(&path).unwrap();
    assert_eq!(loaded.recovered.len(), 11);
    assert_eq!(loaded.turns.len(), 11);
    assert!(
        loaded
            .turns
            .iter()
            .all(|turn| turn.state == TurnState::Interrupted)
    );
    let answers: Vec<_> = loaded.turns.iter().take(3).map(answer_of).collect();
    assert_eq!(answers, ["anew", "one half", "one half"]);
    assert!(
        matches!(&loaded.turns[10].blocks[..], [Block::Notice { text }] if text.contains("Never sent"))
    );
    drop((dead, heir));
    let (_, again) = open(&path).unwrap();
    assert!(again.recovered.is_empty());
    assert_eq!(again.turns, loaded.turns);
}

#[test]
fn a_fork_sees_what_it_inherited_even_from_the_dead() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    let turns = [
        (1, None, 1),
        (2, Some(1), 1),
        (3, Some(2), 1),
        (4, Some(2), 2),
        (5, None, 3),
    ];
    let mut writes: Vec<_> = turns
        .map(|(id, parent, session)| Write::TurnEnded(asked(id, parent, session, TurnState::Done)))
        .into();
    let fork = SessionRow {
        parent: Some(SessionId(1)),
        forked_at: Some(TurnId(2)),
        ..row(2, "fork", Some(4))
    };
    writes.extend([row(1, "root", Some(3)), fork, row(3, "other", Some(5))].map(Write::Session));
    writes.push(Write::SessionKilled {
        id: SessionId(1),
        at: 77,
    });
    writes.push(Write::SessionKilled {
        id: SessionId(3),
        at: 78,
    });
    // A late write does not bring the dead back.
    writes.push(Write::Session(row(3, "other", Some(5))));
    store(&journal, writes);
    journal.close();
    let (_journal, loaded) = open(&path).unwrap();
    let ids: Vec<_> = loaded.turns.iter().map(|turn| turn.id.0).collect();
    assert_eq!(ids, [1, 2, 4]);
    assert_eq!(loaded.sessions.len(), 1);
    let reader = Reader::open(&path).unwrap();
    let log = |name| {
        reader
            .log_by_name(name)
            .unwrap()
            .map(|log| log.iter().map(|t| t.id.0).collect::<Vec<_>>())
    };
    assert_eq!(log("root"), Some(vec![1, 2, 3]));
    assert_eq!(log("fork"), Some(vec![1, 2, 4]));
    assert_eq!(log("nobody"), None);
    assert_eq!(reader.turns_of(SessionId(1)).unwrap().len(), 3);
    assert_eq!(reader.turn(TurnId(99)).unwrap(), None);
}
