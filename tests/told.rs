//! What commands say of what they did, or could not do: starts, changes, ratings, models, budgets, endpoints.

mod support;

use support::home::Home;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn a_start_that_fails_is_told_and_a_change_says_what_it_did() {
    let home = Home::new();
    let error = home.refused(&["spawn", "x", "-b", "terminal", "--", "/no/such/prog"]);
    assert!(
        error.starts_with("antiphon: x did not start") && error.contains("/no/such/prog"),
        "{error}"
    );
    home.configure("[claude]\nprogram = \"no-such-claude\"\n");
    home.ok(&["kill", "x"]);
    home.ok(&["engine", "stop"]);
    let error = home.refused(&["spawn", "y", "-b", "claude"]);
    assert!(
        error.contains("y did not start") && error.contains("no-such-claude"),
        "{error}"
    );

    home.ok(&[
        "spawn",
        "a",
        "-b",
        "rehearsal",
        "--temperature",
        "0.5",
        "--fallback",
        "opus,gpt-5",
    ]);
    for (line, said) in [
        (&["interrupt", "a"][..], "a is idle: nothing to interrupt\n"),
        (
            &["set", "a", "--group", "g", "--rename", "b"],
            "a: group g\na: now called b\n",
        ),
        (
            &["restart", "b"],
            "b has no process; it can be asked again\n",
        ),
        (&["kill", "b"], "b killed; its turns stay in the store\n"),
        (
            &["kill", "--all"],
            "1 session killed; its turns stay in the store\n",
        ),
        (&["kill", "--all"], "no sessions to kill\n"),
    ] {
        assert_eq!(home.ok(line), said, "{line:?}");
    }
}

#[test]
fn a_session_that_ended_says_the_command_that_starts_it() {
    let home = Home::new();
    home.ok(&["spawn", "once", "--", "sleep", "600"]);
    home.ok(&["engine", "stop"]);
    let status = home.ok(&["status", "once"]);
    assert!(status.contains("antiphon restart once"), "{status}");
    assert!(
        home.ok(&["restart", "once"])
            .starts_with("once started anew (process ")
    );
}

#[test]
fn the_newest_answer_of_a_session_is_rated_by_its_name() {
    let home = Home::new();
    for name in ["a", "b"] {
        home.ok(&["spawn", name, "--backend", "rehearsal"]);
        home.ok(&["ask", name, "hi"]);
    }
    let of_a = home.json(&["log", "a"])[0]["id"].to_string();
    assert_eq!(
        home.ok(&["rate", "a", "4"]),
        format!("t{of_a} rated 4: rehearsal, other\n")
    );
    home.ok(&["spawn", "c", "--backend", "rehearsal"]);
    assert!(
        home.refused(&["rate", "c", "4"])
            .contains("c has answered nothing yet")
    );
    assert!(home.refused(&["rate", "d", "4"]).contains("no session `d`"));
}

#[test]
fn a_model_that_nobody_knows_is_a_warning() {
    let home = Home::new();
    let warned = |line: &[&str]| {
        let output = home.cli(line);
        assert!(output.status.success(), "{line:?}: {output:?}");
        text(&output.stderr)
    };
    let said = warned(&["spawn", "a", "-b", "anthropic", "-m", "claude-opsu-5"]);
    assert!(
        said.starts_with("antiphon: warning: ") && said.contains("did you mean `claude-opus-5"),
        "{said}"
    );
    assert_eq!(
        warned(&["spawn", "b", "-b", "anthropic", "-m", "sonnet"]),
        ""
    );
    let said = warned(&["set", "a", "--model", "gpt-5.5"]);
    assert!(said.contains("is a model of openai"), "{said}");
}

#[test]
fn a_prompt_over_the_budget_keeps_no_script_waiting() {
    let home = Home::new();
    // Nothing listens there: a prompt that is sent fails at once.
    let file = "[anthropic]\nbase_url = \"http://127.0.0.1:9\"\napi_key_cmd = \"echo sk-none\"\n\
                [retry]\nattempts = 1\n[budget]\ndaily = 0\n";
    home.configure(file);
    home.ok(&["spawn", "a", "-b", "anthropic"]);
    let error = home.refused(&["ask", "a", "hi"]);
    assert!(
        error.contains("antiphon: not sent: over the day's budget"),
        "{error}"
    );
    assert!(error.contains("--over-budget send"), "{error}");
    assert_eq!(home.json(&["status", "a"])["waiting"], 0);
    let turn = home.json(&["log", "a"])[0]["id"].to_string();
    let error = home.refused(&["poll", &turn]);
    assert!(error.contains("not sent: over the day's budget"), "{error}");
    assert!(
        !error.contains("antiphon poll"),
        "no hint in a circle: {error}"
    );
    let error = home.refused(&["ask", "a", "hi", "--over-budget", "send"]);
    assert!(error.contains("network"), "{error}");
    let error = home.refused(&["ask", "a", "hi", "--attach", "no.png"]);
    assert!(error.contains("cannot be attached"), "{error}");
}

#[test]
fn actions_are_listed_and_endpoints_come_from_the_environment() {
    let home = Home::new();
    assert!(home.ok(&["config", "actions"]).contains("leave-insert"));
    let with = |json: &str, line: &[&str]| {
        let mut home = Home::new();
        home.set("CUSTOM_PROVIDERS", json);
        home.cli(line)
    };
    let good = r#"[{"name": "lab", "base_url": "http://127.0.0.1:9/v1", "model": "m"}]"#;
    assert!(with(good, &["config", "check"]).status.success());
    assert!(with(good, &["spawn", "a", "-b", "lab"]).status.success());
    let bad = r#"[{"name": "lab", "base_url": "http://h", "api_key": "sk-secret"}]"#;
    let checked = with(bad, &["config", "check"]);
    assert_eq!(checked.status.code(), Some(1));
    let out = text(&checked.stdout);
    assert!(
        out.starts_with("CUSTOM_PROVIDERS: ") && out.contains("api_key_env"),
        "{out}"
    );
    assert!(!out.contains("secret"), "{out}");
}
