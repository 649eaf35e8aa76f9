//! Every key of config.toml, in one table: its section, its name, the place it fills.

use crate::config::endpoint::Endpoint;
use crate::config::slots::Slot;
use crate::config::values::{
    BILLING, CLIPBOARD, Config, DESKTOP, ENDPOINT_WIRES, FALLBACK_ON, NOTIFY_ON, PERMISSION_MODES,
    SUGGEST_POLICIES, WIRES,
};

/// A key: section (empty at the top), name, place.
pub type KeyRow<T> = (&'static str, &'static str, Slot<T>);

/// All keys but those of endpoints and of `[keys]`.
pub const CONFIG_KEYS: &[KeyRow<Config>] = &[
    ("", "system", Slot::MaybeText(|c| &mut c.system)),
    (
        "",
        "max_output_tokens",
        Slot::Count(|c| &mut c.max_output_tokens, 1..=1_000_000),
    ),
    ("", "temperature", Slot::Temperature(|c| &mut c.temperature)),
    ("", "theme", Slot::Text(|c| &mut c.theme)),
    ("", "keymap", Slot::Text(|c| &mut c.keymap)),
    ("", "bell", Slot::Flag(|c| &mut c.bell)),
    ("", "mouse", Slot::Flag(|c| &mut c.mouse)),
    (
        "default",
        "backend",
        Slot::Backend(|c| &mut c.default.backend),
    ),
    ("default", "cwd", Slot::Folder(|c| &mut c.default.cwd)),
    (
        "notify",
        "desktop",
        Slot::Choice(|c| &mut c.notify.desktop, DESKTOP),
    ),
    (
        "notify",
        "on",
        Slot::Choices(|c| &mut c.notify.on, NOTIFY_ON),
    ),
    ("budget", "daily", Slot::Money(|c| &mut c.budget.daily)),
    ("budget", "warn_at", Slot::Share(|c| &mut c.budget.warn_at)),
    ("suggest", "enabled", Slot::Flag(|c| &mut c.suggest.enabled)),
    (
        "suggest",
        "threshold",
        Slot::Share(|c| &mut c.suggest.threshold),
    ),
    (
        "suggest",
        "failure",
        Slot::Money(|c| &mut c.suggest.failure),
    ),
    (
        "suggest",
        "policy",
        Slot::Choice(|c| &mut c.suggest.policy, SUGGEST_POLICIES),
    ),
    (
        "suggest",
        "benchmarks",
        Slot::Share(|c| &mut c.suggest.benchmarks),
    ),
    (
        "value",
        "priority",
        Slot::Figures(|c| &mut c.value.priority, 0.0..=100.0),
    ),
    (
        "value",
        "complexity",
        Slot::Figures(|c| &mut c.value.complexity, 0.0..=10.0),
    ),
    (
        "value",
        "time",
        Slot::Figures(|c| &mut c.value.time, 0.0..=100.0),
    ),
    (
        "value",
        "domain",
        Slot::Figures(|c| &mut c.value.domain, 0.0..=10.0),
    ),
    (
        "value",
        "risk",
        Slot::Figures(|c| &mut c.value.risk, 0.0..=10.0),
    ),
    (
        "value",
        "tiers",
        Slot::Figures(|c| &mut c.value.tiers, 0.0..=100.0),
    ),
    (
        "value",
        "thresholds",
        Slot::Figures(|c| &mut c.value.thresholds, 0.0..=1.0),
    ),
    ("value", "labels", Slot::Named(|c| &mut c.value.labels)),
    (
        "sessions",
        "restart_limit",
        Slot::Count(|c| &mut c.sessions.restart_limit, 0..=100),
    ),
    (
        "worktrees",
        "folder",
        Slot::Folder(|c| &mut c.worktrees.folder),
    ),
    (
        "relay",
        "templates",
        Slot::Named(|c| &mut c.relay.templates),
    ),
    (
        "terminal",
        "shell",
        Slot::MaybeText(|c| &mut c.terminal.shell),
    ),
    (
        "terminal",
        "scrollback",
        Slot::Count(|c| &mut c.terminal.scrollback, 0..=100_000),
    ),
    (
        "terminal",
        "scrollback_disk",
        Slot::Bytes(|c| &mut c.terminal.scrollback_disk),
    ),
    (
        "terminal",
        "clipboard_from_programs",
        Slot::Choice(|c| &mut c.terminal.clipboard_from_programs, CLIPBOARD),
    ),
    ("claude", "program", Slot::Text(|c| &mut c.claude.program)),
    ("claude", "model", Slot::MaybeText(|c| &mut c.claude.model)),
    (
        "claude",
        "permission_mode",
        Slot::Choice(|c| &mut c.claude.permission_mode, PERMISSION_MODES),
    ),
    ("claude", "args", Slot::Texts(|c| &mut c.claude.args)),
    (
        "claude",
        "billing",
        Slot::Choice(|c| &mut c.claude.billing, BILLING),
    ),
    ("providers", "off", Slot::Texts(|c| &mut c.providers.off)),
    (
        "providers",
        "order",
        Slot::Texts(|c| &mut c.providers.order),
    ),
    ("catalog", "sources", Slot::Urls(|c| &mut c.catalog.sources)),
    (
        "retry",
        "attempts",
        Slot::Count(|c| &mut c.retry.attempts, 1..=10),
    ),
    (
        "retry",
        "longest_wait",
        Slot::Count(|c| &mut c.retry.longest_wait, 0..=3600),
    ),
    (
        "fallback",
        "on",
        Slot::Choices(|c| &mut c.fallback.on, FALLBACK_ON),
    ),
    (
        "fallback",
        "groups",
        Slot::Lists(|c| &mut c.fallback.groups),
    ),
    (
        "anthropic",
        "base_url",
        Slot::Url(|c| &mut c.anthropic.base_url),
    ),
    (
        "anthropic",
        "api_key_env",
        Slot::Variable(|c| &mut c.anthropic.api_key_env),
    ),
    (
        "anthropic",
        "api_key_cmd",
        Slot::MaybeText(|c| &mut c.anthropic.api_key_cmd),
    ),
    (
        "anthropic",
        "model",
        Slot::MaybeText(|c| &mut c.anthropic.model),
    ),
    (
        "anthropic",
        "models",
        Slot::Texts(|c| &mut c.anthropic.models),
    ),
    ("openai", "base_url", Slot::Url(|c| &mut c.openai.base_url)),
    (
        "openai",
        "api_key_env",
        Slot::Variable(|c| &mut c.openai.api_key_env),
    ),
    (
        "openai",
        "api_key_cmd",
        Slot::MaybeText(|c| &mut c.openai.api_key_cmd),
    ),
    ("openai", "model", Slot::MaybeText(|c| &mut c.openai.model)),
    ("openai", "models", Slot::Texts(|c| &mut c.openai.models)),
    (
        "openai",
        "wire",
        Slot::Choice(|c| &mut c.openai.wire, WIRES),
    ),
    ("gemini", "base_url", Slot::Url(|c| &mut c.gemini.base_url)),
    (
        "gemini",
        "api_key_env",
        Slot::Variable(|c| &mut c.gemini.api_key_env),
    ),
    (
        "gemini",
        "api_key_cmd",
        Slot::MaybeText(|c| &mut c.gemini.api_key_cmd),
    ),
    ("gemini", "model", Slot::MaybeText(|c| &mut c.gemini.model)),
    ("gemini", "models", Slot::Texts(|c| &mut c.gemini.models)),
    ("ollama", "base_url", Slot::Url(|c| &mut c.ollama.base_url)),
    ("ollama", "model", Slot::MaybeText(|c| &mut c.ollama.model)),
];

/// The keys of `[endpoints.NAME]`.
pub const ENDPOINT_KEYS: &[KeyRow<Endpoint>] = &[
    ("", "base_url", Slot::Url(|e| &mut e.base_url)),
    (
        "",
        "api_key_env",
        Slot::MaybeVariable(|e| &mut e.api_key_env),
    ),
    ("", "api_key_cmd", Slot::MaybeText(|e| &mut e.api_key_cmd)),
    ("", "headers", Slot::Headers(|e| &mut e.headers)),
    ("", "wire", Slot::Choice(|e| &mut e.wire, ENDPOINT_WIRES)),
    ("", "model", Slot::MaybeText(|e| &mut e.model)),
    ("", "models", Slot::Texts(|e| &mut e.models)),
    ("", "local", Slot::Flag(|e| &mut e.local)),
];

/// Sections that are not made of rows.
pub const FREE_SECTIONS: [&str; 2] = ["endpoints", "keys"];
