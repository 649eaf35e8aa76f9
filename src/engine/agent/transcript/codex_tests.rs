use super::*;

/// A rollout of the real program, made smaller: messages, instructions and profiles are left out.
fn facts(text: &str) -> Vec<Fact> {
    let mut reader = Reader::default();
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    lines.flat_map(|line: Value| reader.read(&line)).collect()
}

fn spent(facts: &[Fact]) -> Vec<&Spent> {
    let all = facts.iter().filter_map(|fact| match fact {
        Fact::Spent(spent) => Some(spent),
        _ => None,
    });
    all.collect()
}

#[test]
fn a_rollout_tells_of_turns_answers_and_what_is_interrupted() {
    let facts = facts(include_str!("fixtures/codex_aborted.jsonl"));
    let turns: Vec<&str> = (facts.iter())
        .filter_map(|fact| match fact {
            Fact::Began { .. } => Some("began"),
            Fact::Over { .. } => Some("over"),
            Fact::Interrupted { .. } => Some("interrupted"),
            _ => None,
        })
        .collect();
    let expected = [
        "began",
        "over",
        "began",
        "interrupted",
        "began",
        "interrupted",
    ];
    assert_eq!(turns, expected);
    let spent = spent(&facts);
    assert_eq!(spent.len(), 2, "each answer once");
    let (first, usage) = (spent[0], spent[0].usage);
    assert_eq!(
        (usage.input, usage.cache_read, usage.output),
        (13275 - 6637, 6637, 5)
    );
    assert_eq!(first.model.as_deref(), Some("gpt-5.2-codex"));
    assert!(facts.contains(&Fact::Context {
        used: 13_409,
        window: Some(258_400)
    }));
    assert!(matches!(&facts[0], Fact::Conversation(id) if id.starts_with("01a1f87c")));
}

#[test]
fn a_fork_counts_its_own_answers_only() {
    let facts = facts(include_str!("fixtures/codex_fork.jsonl"));
    let spent = spent(&facts);
    assert_eq!(
        spent.len(),
        1,
        "its first total holds the parent's 26,689 tokens"
    );
    assert_eq!(
        spent[0].usage.total_input() + spent[0].usage.total_output(),
        13_797
    );
}

/// A version that has no record for each answer.
#[test]
fn totals_are_differenced_where_there_is_nothing_better() {
    let line = |total: u64, last: u64| {
        serde_json::json!({"timestamp": "2026-11-20T10:00:00Z", "type": "event_msg", "payload": {
            "type": "token_count",
            "info": {"total_token_usage": {"total_tokens": total},
                "last_token_usage": {"input_tokens": last, "output_tokens": 1, "total_tokens": last + 1}},
            "rate_limits": {"primary": {"used_percent": 12.5, "window_minutes": 300, "resets_in_seconds": 60},
                "secondary": null}}})
    };
    let mut reader = Reader::default();
    let mut seen = std::collections::BTreeMap::new();
    // The parent's total comes first, an interruption repeats the last.
    for line in [line(1_000, 10), line(1_000, 10), line(1_021, 20)] {
        for fact in reader.read(&line) {
            match fact {
                Fact::Spent(spent) => {
                    seen.insert(spent.key.clone(), spent.usage.input);
                }
                Fact::Quotas(quotas) => {
                    assert_eq!((quotas[0].name.as_str(), quotas.len()), ("5h", 1));
                    assert_eq!(quotas[0].resets_at.map(|at| at % 3_600_000), Some(60_000));
                }
                _ => {}
            }
        }
    }
    assert_eq!(seen.into_values().collect::<Vec<_>>(), [10, 20]);
    for strange in [
        "null",
        "[]",
        r#"{"type":"event_msg"}"#,
        r#"{"timestamp":"x"}"#,
    ] {
        let line = serde_json::from_str(strange).unwrap();
        assert_eq!(reader.read(&line), []);
    }
}

#[test]
fn tests_and_builds_are_told_with_how_they_ended() {
    let line = |payload: &str| {
        format!(
            r#"{{"timestamp":"2026-11-20T16:25:51.671Z","type":"response_item","payload":{payload}}}"#
        )
    };
    let call = |command: &str| {
        line(&format!(
            r#"{{"type":"function_call","name":"exec_command","arguments":"{{\"cmd\":\"{command}\"}}","call_id":"c"}}"#
        ))
    };
    let output = |text: &str| {
        let text =
            serde_json::json!({"type": "function_call_output", "call_id": "c", "output": text});
        line(&text.to_string())
    };
    for (command, printed, wanted) in [
        (
            "cargo test",
            "Wall time: 2 seconds\nProcess exited with code 0\nOutput:\nok",
            Some((true, true)),
        ),
        (
            "cargo test",
            "Wall time: 2 seconds\nProcess exited with code 101\nOutput:\nno",
            Some((true, false)),
        ),
        (
            "make",
            "Exit code: 0\nWall time: 1 seconds\nOutput:\n",
            Some((true, true)),
        ),
        (
            "make",
            r#"{"output":"no","metadata":{"exit_code":2}}"#,
            Some((true, false)),
        ),
        (
            "ls",
            "Process exited with code 0\nOutput:\n",
            Some((false, true)),
        ),
        // Neither run nor ended; and what a program prints is no word of Codex.
        ("make", "Wall time: 1.5 seconds\naborted by user", None),
        (
            "make",
            "Process running with session ID 5\nOutput:\nProcess exited with code 0",
            None,
        ),
    ] {
        let facts = facts(&[call(command), output(printed)].join("\n"));
        let called = facts.iter().any(|fact| matches!(fact, Fact::Called { .. }));
        let ran = facts.iter().find_map(|fact| match fact {
            Fact::Ran { passed, .. } => Some((called, *passed)),
            _ => None,
        });
        assert_eq!(ran, wanted, "{command}: {printed}");
    }
}
