//! The one writer: groups, failures, speed.

use super::*;

#[test]
fn a_batch_that_fails_takes_no_other_along() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    let saboteur = rusqlite::Connection::open(&path).unwrap();
    saboteur
        .execute_batch("CREATE TRIGGER no BEFORE INSERT ON setting WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END")
        .unwrap();
    let set = |key: &str| Write::Setting {
        key: key.into(),
        value: "1".into(),
    };
    let answers = [vec![set("a")], vec![set("b"), set("bad")], vec![set("c")]]
        .map(|writes| told(&journal, writes));
    let answers = answers.map(|answer| {
        answer
            .recv_timeout(Duration::from_secs(20))
            .unwrap()
            .is_ok()
    });
    assert_eq!(answers, [true, false, true]);
    let reader = Reader::open(&path).unwrap();
    let found = ["a", "b", "c"].map(|key| reader.setting(key).unwrap().is_some());
    assert_eq!(found, [true, false, true]);
}

/// Prints what a commit costs; the aim is 5,000 turns a second when many wait.
#[test]
fn many_turns_share_a_commit() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    let started = Instant::now();
    for id in 1..=20 {
        store(
            &journal,
            vec![Write::TurnEnded(asked(id, None, 1, TurnState::Done))],
        );
    }
    let alone = started.elapsed() / 20;
    let count = 5_000;
    let started = Instant::now();
    let answers: Vec<_> = (0..count)
        .map(|n| {
            told(
                &journal,
                vec![Write::TurnEnded(turn(
                    100 + n,
                    Some(99 + n),
                    "why",
                    &"word ".repeat(200),
                ))],
            )
        })
        .collect();
    for answer in answers {
        answer
            .recv_timeout(Duration::from_secs(60))
            .unwrap()
            .unwrap();
    }
    let rate = count as f64 / started.elapsed().as_secs_f64();
    println!(
        "one turn alone: {alone:.1?}; together: {rate:.0} turns/s, each acknowledged and synced"
    );
    drop(journal);
    assert_eq!(
        Reader::open(&path)
            .unwrap()
            .turns_of(SessionId(1))
            .unwrap()
            .len(),
        5_020
    );
}
