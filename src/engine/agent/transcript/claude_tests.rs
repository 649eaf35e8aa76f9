use super::*;

/// A transcript of the real program, made smaller: attachments and the snapshots of requests are left out.
fn facts(text: &str) -> Vec<Fact> {
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    lines.flat_map(|line: Value| read(&line)).collect()
}

/// Requests by key, the last record of each, as `input+read+written/output`.
fn requests(facts: &[Fact]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for fact in facts {
        if let Fact::Spent(spent) = fact {
            let usage = spent.usage;
            let text = format!(
                "{}+{}+{}/{}",
                usage.input,
                usage.cache_read,
                usage.cache_write_5m,
                usage.total_output()
            );
            all.retain(|(key, _)| *key != spent.key);
            all.push((spent.key.clone(), text));
        }
    }
    all
}

fn figures(text: &str) -> Vec<String> {
    let requests = requests(&facts(text)).into_iter();
    requests.map(|(_, text)| text).collect()
}

#[test]
fn a_request_counts_once_however_many_lines_tell_of_it() {
    let facts = facts(include_str!("fixtures/claude_interrupted.jsonl"));
    let told = facts.iter().filter(|f| matches!(f, Fact::Spent(_))).count();
    assert_eq!(told, 5, "two blocks of one answer are two lines");
    assert_eq!(
        figures(include_str!("fixtures/claude_interrupted.jsonl")),
        [
            "12+13880+0/14",
            "12+13931+0/64",
            "12+14133+0/15",
            "12+14177+0/1"
        ]
    );
    let ends: Vec<&str> = (facts.iter())
        .filter_map(|fact| match fact {
            Fact::Over { .. } => Some("over"),
            Fact::Interrupted { .. } => Some("interrupted"),
            _ => None,
        })
        .collect();
    assert_eq!(ends, ["over", "interrupted", "over", "interrupted"]);
}

#[test]
fn what_no_line_tells_of_is_in_the_totals() {
    let text = include_str!("fixtures/claude_background.jsonl");
    let facts = facts(text);
    let totals = facts.iter().rev().find_map(|fact| match fact {
        Fact::Totals { by_model, .. } => by_model.first(),
        _ => None,
    });
    let (model, total, dollars) = totals.expect("it was left");
    assert_eq!(model, "claude-opus-5-5");
    // Ten requests were made: six lines here, one of the sub-agent, two more of the answer that was cut.
    let helper = super::tests::facts(include_str!("fixtures/claude_subagent.jsonl"));
    assert_eq!(requests(&helper).len(), 1);
    assert!(matches!(
        &helper[..],
        [Fact::Spent(Spent { aside: true, .. })]
    ));
    let inputs = |facts: &[Fact]| requests(facts).len() as u64 * 12;
    assert_eq!(total.input, inputs(&facts) + inputs(&helper) + 24);
    assert!((dollars - 0.033_237_4).abs() < 1e-9);
}

#[test]
fn a_fork_repeats_what_it_inherits_under_the_same_names_and_times() {
    let fork = facts(include_str!("fixtures/claude_fork.jsonl"));
    let began = "2026-11-20T10:28:48Z".parse::<jiff::Timestamp>().unwrap();
    let own = fork.iter().filter(|fact| match fact {
        Fact::Spent(spent) => spent.at >= began.as_millisecond(),
        _ => false,
    });
    assert_eq!(own.count(), 1);
    assert_eq!(requests(&fork).len(), 3);
}

#[test]
fn errors_and_strange_lines_are_no_usage() {
    for line in [
        r#"{"type":"assistant","timestamp":"2026-11-20T10:00:00Z","message":{"id":"a","model":"<synthetic>","usage":{"input_tokens":1}}}"#,
        r#"{"type":"assistant","timestamp":"2026-11-20T10:00:00Z","isApiErrorMessage":true,"message":{"id":"a","model":"m","usage":{"input_tokens":1}}}"#,
        r#"{"type":"assistant","timestamp":"2026-11-20T10:00:00Z","message":{"id":"a","model":"m","usage":null}}"#,
        r#"{"type":"assistant","timestamp":"yesterday","message":{"id":"a","model":"m","usage":{}}}"#,
        r#"{"type":"assistant","message":[]}"#,
        r#"{"type":"user","message":{"content":"[Request interrupted by user] they say"}}"#,
        r#"[1,2]"#,
        "null",
    ] {
        assert_eq!(facts(line), [], "{line}");
    }
    let odd = r#"{"type":"assistant","timestamp":"2026-11-20T10:00:00Z","message":{"id":"a","model":"m","usage":{"output_tokens":5,"output_tokens_details":{"thinking_tokens":9},"cache_creation_input_tokens":3,"cache_creation":{"ephemeral_1h_input_tokens":7}}}}"#;
    let Some(Fact::Spent(spent)) = facts(odd).pop() else {
        panic!("it reads");
    };
    assert_eq!((spent.usage.output, spent.usage.reasoning), (0, 5));
    assert_eq!(
        (spent.usage.cache_write_5m, spent.usage.cache_write_1h),
        (0, 3)
    );
}

#[test]
fn windows_of_a_subscription_have_names() {
    let limits = serde_json::json!({
        "five_hour": {"used_percentage": 41.5, "resets_at": 1_795_180_000},
        "seven_day": {"used_percentage": 3, "resets_at": "2026-11-24T00:00:00Z"},
        "other": {"resets_at": 1},
    });
    let quotas = quotas(&limits);
    assert_eq!(quotas.len(), 2);
    assert_eq!(
        (quotas[0].name.as_str(), quotas[0].used_percent),
        ("5h", 41.5)
    );
    assert_eq!(quotas[0].resets_at, Some(1_795_180_000_000));
    assert_eq!(quotas[1].name, "week");
    assert!(quotas[1].resets_at.is_some());
}

/// What is told of tools, as `CALL` where one begins and `CALL passed` or `CALL failed`.
fn tools(lines: &[&str]) -> Vec<String> {
    let all = facts(&lines.join("\n"));
    let told = all.into_iter().filter_map(|fact| match fact {
        Fact::Called { call, name, .. } => Some(format!("{name} {call}")),
        Fact::Ran { call, passed, .. } => Some(match passed {
            true => format!("{call} passed"),
            false => format!("{call} failed"),
        }),
        _ => None,
    });
    told.collect()
}

#[test]
fn tests_and_builds_are_told_and_what_was_not_run_is_not() {
    let call = |id: &str, command: &str| {
        format!(
            r#"{{"type":"assistant","timestamp":"2026-11-20T16:25:53.006Z","message":{{"content":[{{"id":"{id}","input":{{"command":"{command}"}},"name":"Bash","type":"tool_use"}}]}}}}"#
        )
    };
    let result = |id: &str, content: &str, is_error: bool, about: &str| {
        format!(
            r#"{{"type":"user","timestamp":"2026-11-20T16:25:54.453Z","message":{{"role":"user","content":[{{"tool_use_id":"{id}","type":"tool_result","content":{content},"is_error":{is_error}}}]}},"toolUseResult":{about}}}"#
        )
    };
    let ran = r#"{"stdout":"","stderr":"","interrupted":false}"#;
    let background = r#"{"stdout":"","backgroundTaskId":"b1","interrupted":false}"#;
    let words = r#"[{"type":"text","text":"ok"}]"#;
    for (lines, wanted) in [
        (
            vec![call("a", "touch made"), result("a", "\"\"", false, ran)],
            vec!["a passed"],
        ),
        (
            vec![
                call("a", "cargo test"),
                result("a", "\"test result: ok\"", false, ran),
            ],
            vec!["Bash a", "a passed"],
        ),
        (
            vec![
                call("a", "npm test"),
                result(
                    "a",
                    "\"Exit code 1\\n1 failing\"",
                    true,
                    "\"Error: Exit code 1\"",
                ),
            ],
            vec!["Bash a", "a failed"],
        ),
        (
            vec![call("a", "make"), result("a", words, false, ran)],
            vec!["Bash a", "a passed"],
        ),
        // Refused by its user; gone on with behind; of a sub-agent.
        (
            vec![
                call("a", "make"),
                result(
                    "a",
                    "\"The user doesn't want to proceed\"",
                    true,
                    "\"Error\"",
                ),
            ],
            vec!["Bash a"],
        ),
        (
            vec![call("a", "make"), result("a", "\"\"", false, background)],
            vec!["Bash a"],
        ),
        (
            vec![call("a", "make").replacen("{", "{\"isSidechain\":true,", 1)],
            vec![],
        ),
    ] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(tools(&lines), wanted, "{lines:?}");
    }
}
