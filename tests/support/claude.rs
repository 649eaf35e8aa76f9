//! The real Claude Code CLI for a test, where `ANTIPHON_CLAUDE` names it.

use super::{home::Home, installed, messages_api::MessagesApi};
use std::fs;

/// The home of a user who has the CLI, logged in to the stand-in; `None` where there is no CLI.
pub fn home(api: &MessagesApi) -> Option<Home> {
    let mut home = installed::home("ANTIPHON_CLAUDE", "the real Claude Code CLI")?;
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
