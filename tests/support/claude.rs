//! The real Claude Code CLI for a test, where `ANTIPHON_CLAUDE` names it.

use super::{home::Home, ledger::Call, messages_api::MessagesApi};
use antiphon::catalog::Catalog;
use antiphon::protocol::{Nano, Usage};
use std::fs;
use std::path::Path;

/// The home of a user who has the CLI, logged in to the stand-in; `None` where there is no CLI.
pub fn home(api: &MessagesApi) -> Option<Home> {
    let Ok(program) = std::env::var("ANTIPHON_CLAUDE") else {
        super::skipped("the real Claude Code CLI; ANTIPHON_CLAUDE=PROGRAM cargo test");
        return None;
    };
    let mut home = Home::new();
    let folder = Path::new(&program).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    home.set("PATH", &format!("{}:{path}", folder.display()));
    home.set("ANTHROPIC_BASE_URL", &api.url());
    home.set("ANTHROPIC_AUTH_TOKEN", "dummy");
    for name in [
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
        "DISABLE_AUTOUPDATER",
        "DISABLE_TELEMETRY",
        "DISABLE_ERROR_REPORTING",
    ] {
        home.set(name, "1");
    }
    let trusted = home.user().canonicalize().expect("it is there");
    let known = serde_json::json!({
        "hasCompletedOnboarding": true,
        "theme": "dark",
        "projects": {trusted.display().to_string(): {"hasTrustDialogAccepted": true}},
    });
    fs::write(home.user().join(".claude.json"), known.to_string()).expect("written");
    Some(home)
}

/// What the stand-in billed, at the catalogue's prices.
pub fn billed(calls: &[Call]) -> Nano {
    calls
        .iter()
        .map(|call| {
            let usage = Usage {
                input: call.billed.input,
                output: call.billed.output - call.billed.reasoning,
                reasoning: call.billed.reasoning,
                cache_read: call.billed.cache_read,
                cache_write_5m: call.billed.cache_write_5m,
                cache_write_1h: call.billed.cache_write_1h,
                estimated: false,
            };
            let cost = Catalog::embedded().cost(Some(&call.model), &usage);
            assert_eq!(cost.unpriced, Nano(0), "{} has a price", call.model);
            cost.priced
        })
        .sum()
}
