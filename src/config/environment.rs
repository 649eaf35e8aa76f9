//! What the environment says where config.toml is silent.

use crate::config::custom::custom_providers;
use crate::config::load::Env;
use crate::config::reading::value_at;
use crate::config::slots;
use crate::config::values::Config;
use crate::protocol::Problem;
use toml::de::DeTable;

/// Addresses that the file does not give are taken from the variables that the providers' own programs obey, and
/// endpoints that it does not have from `CUSTOM_PROVIDERS`, whose mistakes come back.
pub fn from_environment(config: &mut Config, env: Env, table: &DeTable) -> Vec<Problem> {
    let silent = |section: &str| value_at(table, section, "base_url").is_none();
    let address = |name: &str| env(name).and_then(|text| slots::url(text.trim()).ok());
    if let (true, Some(url)) = (silent("anthropic"), address("ANTHROPIC_BASE_URL")) {
        config.anthropic.base_url = url;
    }
    if let (true, Some(url)) = (silent("openai"), address("OPENAI_BASE_URL")) {
        config.openai.base_url = url;
    }
    if let (true, Some(url)) = (silent("gemini"), address("GOOGLE_GEMINI_BASE_URL")) {
        config.gemini.base_url = url;
    }
    let host = env("OLLAMA_HOST").and_then(|host| ollama_address(host.trim()));
    if let (true, Some(url)) = (silent("ollama"), host) {
        config.ollama.base_url = url;
    }
    match env("CUSTOM_PROVIDERS").filter(|text| !text.trim().is_empty()) {
        Some(text) => custom_providers(&text, &mut config.endpoints),
        None => Vec::new(),
    }
}

/// `OLLAMA_HOST` as Ollama reads it: the scheme and the port may be missing; 0.0.0.0 is where a server listens, so
/// a client goes to this machine.
fn ollama_address(host: &str) -> Option<String> {
    if host.is_empty() {
        return None;
    }
    let (scheme, rest) = host.split_once("://").unwrap_or(("", host));
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    // A colon within [..] belongs to an IPv6 address.
    let port_at = authority
        .rfind(':')
        .filter(|colon| !authority[*colon..].contains(']'));
    let (name, port) = match port_at {
        Some(colon) => (&authority[..colon], &authority[colon..]),
        None if scheme.is_empty() => (authority, ":11434"),
        None => (authority, ""),
    };
    let name = match name {
        "" | "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        name => name,
    };
    let scheme = if scheme.is_empty() { "http" } else { scheme };
    slots::url(&format!("{scheme}://{name}{port}{path}")).ok()
}
