//! The stand-in for the Messages API against the real Claude Code CLI: what it reports to have used is what the
//! stand-in billed. Needs the CLI: set `ANTIPHON_CLAUDE` to its path, or this says that it was skipped.

mod support;

use serde_json::Value;
use std::{env, fs, path::Path};
use support::{home::Home, messages_api::MessagesApi};

/// A home whose user has the CLI, past its first questions, and nothing but the stand-in to talk to.
fn claude(api: &MessagesApi) -> Option<(Home, String)> {
    let Ok(program) = env::var("ANTIPHON_CLAUDE") else {
        eprintln!("skipped: ANTIPHON_CLAUDE does not name the Claude Code CLI");
        return None;
    };
    let mut home = Home::new();
    let folder = Path::new(&program)
        .parent()
        .expect("a full path")
        .display()
        .to_string();
    let path = env::var("PATH").unwrap_or_default();
    for (name, value) in [
        ("PATH", format!("{folder}:{path}").as_str()),
        ("ANTHROPIC_BASE_URL", &api.url()),
        ("ANTHROPIC_AUTH_TOKEN", "stand-in"),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
        ("CLAUDE_CODE_MAX_RETRIES", "1"),
        ("DISABLE_AUTOUPDATER", "1"),
        ("IS_SANDBOX", "1"),
    ] {
        home.set(name, value);
    }
    fs::write(
        home.user().join(".claude.json"),
        r#"{"hasCompletedOnboarding":true,"theme":"dark"}"#,
    )
    .expect("its settings");
    Some((home, program))
}

fn run(home: &Home, program: &str, args: &[&str]) -> Value {
    let output = home.run(program, args, "");
    let stdout = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&stdout)
        .unwrap_or_else(|e| panic!("{e}: {stdout}\n{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn the_real_claude_code_accepts_the_stand_in_and_its_bill() {
    let api = MessagesApi::start();
    let Some((home, program)) = claude(&api) else {
        return;
    };
    let prompt =
        "@think @tool:Bash {\"command\": \"echo from-the-tool\", \"description\": \"say\"} please";
    let model = "claude-sonnet-4-5";
    let result = run(
        &home,
        &program,
        &[
            "-p",
            prompt,
            "--output-format",
            "json",
            "--model",
            model,
            "--allowedTools",
            "Bash(echo:*)",
        ],
    );
    assert_eq!(result["is_error"], false, "{result:#}");
    assert!(
        result["result"].as_str().unwrap().contains("from-the-tool"),
        "{result:#}"
    );
    let calls = api.billed();
    let sum = |part: fn(&support::ledger::Billed) -> u64| {
        calls.iter().map(|call| part(&call.billed)).sum::<u64>()
    };
    let reported = |field: &str| -> u64 {
        let models = result["modelUsage"]
            .as_object()
            .expect("usage by model")
            .values();
        models.filter_map(|usage| usage[field].as_u64()).sum()
    };
    assert_eq!(reported("inputTokens"), sum(|b| b.input));
    assert_eq!(reported("outputTokens"), sum(|b| b.output));
    assert_eq!(reported("cacheReadInputTokens"), sum(|b| b.cache_read));
    assert_eq!(
        reported("cacheCreationInputTokens"),
        sum(|b| b.cache_write_5m + b.cache_write_1h)
    );
    assert!(
        sum(|b| b.cache_read) > 0,
        "the second request reads the cache of the first"
    );
}

#[test]
fn the_real_claude_code_survives_what_breaks() {
    let api = MessagesApi::start();
    let Some((home, program)) = claude(&api) else {
        return;
    };
    for (prompt, fails) in [
        ("@err:529x1 again", false),
        ("@err:400", true),
        ("@sseerr", false),
    ] {
        let result = run(&home, &program, &["-p", prompt, "--output-format", "json"]);
        assert_eq!(result["is_error"], fails, "{prompt}: {result:#}");
    }
}
