//! What is written comes back, and what is not ours stays untouched.

use super::*;

#[test]
fn a_new_store_is_empty_and_private() {
    let (_home, path) = home();
    let (journal, loaded) = open(&path).unwrap();
    assert_eq!(
        (loaded.next_session, loaded.next_turn, loaded.next_broadcast),
        (SessionId(1), TurnId(1), 1)
    );
    assert!(loaded.sessions.is_empty() && loaded.turns.is_empty() && loaded.daily.is_none());
    store(
        &journal,
        vec![Write::Setting {
            key: "a".into(),
            value: "b".into(),
        }],
    );
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
    assert_eq!(
        Reader::open(&path)
            .unwrap()
            .setting("a")
            .unwrap()
            .as_deref(),
        Some("b")
    );
}

#[test]
fn everything_comes_back_as_it_was_written() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    let full = Turn {
        origin: Origin::Relay {
            from: "primer".into(),
            turn: TurnId(1),
        },
        blocks: vec![
            Block::Thinking {
                text: "hm \0 \u{1b}[2J".into(),
            },
            Block::Tool {
                id: "x".into(),
                name: "Bash".into(),
                input: "{}".into(),
                output: Some("ok".into()),
                state: ToolState::Denied,
            },
        ],
        state: TurnState::Failed(Failure::new(Category::Quota, "no more", "wait")),
        model: Some("sonnet".into()),
        usage: Usage {
            input: 1,
            output: 2,
            reasoning: 3,
            cache_read: 4,
            cache_write_5m: 5,
            cache_write_1h: 6,
            estimated: true,
        },
        cost: Cost {
            priced: Nano(7),
            unpriced: Nano(8),
            plan: Nano(9),
            estimated: true,
        },
        timings: Timings {
            asked_at: 1,
            sent_at: Some(2),
            first_token_at: Some(3),
            ended_at: Some(4),
        },
        rating: Some(Rating::Stars(3)),
        agent_ref: Some("uuid".into()),
        ..asked(2, Some(1), 1, TurnState::Done)
    };
    let first = Turn {
        origin: Origin::Broadcast { number: 41 },
        ..asked(1, None, 1, TurnState::Done)
    };
    let mut session = row(1, "primer", Some(2));
    session.agent_ref = Some("claude-uuid".into());
    store(
        &journal,
        vec![
            Write::Session(session.clone()),
            Write::TurnEnded(first.clone()),
            Write::TurnEnded(full.clone()),
            Write::Budget {
                daily: Some(Nano(5)),
            },
        ],
    );
    store(&journal, vec![Write::Budget { daily: None }]);
    journal.close();
    let (_journal, loaded) = open(&path).unwrap();
    assert_eq!(loaded.sessions, [session]);
    assert_eq!(loaded.turns, [first, full]);
    assert_eq!(
        (loaded.next_session, loaded.next_turn, loaded.next_broadcast),
        (SessionId(2), TurnId(3), 42)
    );
    assert_eq!(loaded.daily, Some(None));
}

#[test]
fn a_newer_or_foreign_or_damaged_file_is_left_as_it_is() {
    let (_home, path) = home();
    open(&path).unwrap().0.close();
    let bytes = fs::read(&path).unwrap();
    let mut newer = bytes.clone();
    newer[60..64].copy_from_slice(&7u32.to_be_bytes());
    let mut foreign = bytes.clone();
    foreign[68..72].copy_from_slice(&1u32.to_be_bytes());
    let mut torn = bytes.clone();
    torn[4096..].fill(0xa5);
    let cases: [(&[u8], &str); 5] = [
        (&newer, "version 7"),
        (&foreign, "another program"),
        (b"This is no database at all, but long enough to be taken for one by a careless reader.", "damaged"),
        (&bytes[..5_000], "damaged"),
        (&torn, "damaged"),
    ];
    for (content, expected) in cases {
        fs::write(&path, content).unwrap();
        let error = open(&path).err().expect(expected);
        assert!(error.what.contains(expected), "{error}");
        assert_eq!(error.place, path.display().to_string());
        assert!(!error.next.is_empty());
        assert_eq!(fs::read(&path).unwrap(), content, "{expected}: touched");
    }
}

#[test]
fn what_was_counted_of_transcripts_is_remembered_for_a_while() {
    let (_folder, path) = home();
    let (journal, _) = open(&path).unwrap();
    let row_of = |key: &str, at: i64| CountedRow {
        key: key.into(),
        session: SessionId(1),
        turn: TurnId(2),
        model: None,
        usage: Usage {
            input: 3,
            ..Usage::default()
        },
        at,
    };
    let followed = |session: u64, position: u64| Write::Followed {
        session: SessionId(session),
        path: "/t.jsonl".into(),
        position,
    };
    let day = 24 * 3_600_000;
    store(
        &journal,
        vec![
            Write::Session(row(1, "lives", None)),
            Write::Session(row(2, "killed", None)),
            Write::Counted(row_of("old", 0)),
            Write::Counted(row_of("new", 8 * day)),
            Write::Counted(row_of("new", 9 * day)),
            followed(1, 5),
            followed(1, 9),
            followed(2, 7),
            Write::SessionKilled {
                id: SessionId(2),
                at: 1,
            },
        ],
    );
    drop(journal);
    let (_journal, loaded) = open(&path).unwrap();
    assert_eq!(loaded.counted, [row_of("new", 9 * day)]);
    assert_eq!(loaded.followed, [(SessionId(1), "/t.jsonl".into(), 9)]);
}
