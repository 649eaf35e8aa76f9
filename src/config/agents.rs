//! Descriptions of agents: how each is found, started and spoken to. Data; those shipped are in `assets/agents`.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The descriptions that come with the program.
const SHIPPED: &[&str] = &[
    include_str!("../../assets/agents/claude.toml"),
    include_str!("../../assets/agents/codex.toml"),
    include_str!("../../assets/agents/gemini-cli.toml"),
    include_str!("../../assets/agents/opencode.toml"),
];

/// One agent.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// The name used for its backend.
    pub name: String,
    /// Such as `Claude Code`.
    pub label: String,
    /// A name on the PATH, or a path.
    pub program: String,
    /// How to get it, said where it is missing.
    pub install: String,
    /// How it is run structured; `None`: only in a terminal.
    pub protocol: Option<AgentProtocol>,
}

/// How an agent is run structured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentProtocol {
    pub kind: ProtocolKind,
    /// Arguments that bring the program into this protocol.
    #[serde(default)]
    pub args: Vec<String>,
    /// Up to where of a conversation a fork can inherit.
    #[serde(default)]
    pub fork: ForkPoint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProtocolKind {
    /// Claude Code's stream-json.
    Claude,
    /// Codex's app-server.
    Codex,
    /// The Agent Client Protocol.
    Acp,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForkPoint {
    /// It cannot fork.
    #[default]
    No,
    /// The whole conversation.
    End,
    /// Any turn.
    Turn,
}

/// The shipped descriptions, by name.
pub fn shipped() -> BTreeMap<String, Agent> {
    SHIPPED
        .iter()
        .filter_map(|text| toml::from_str::<Agent>(text).ok())
        .map(|agent| (agent.name.clone(), agent))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_shipped_descriptions_are_read() {
        for text in SHIPPED {
            let read = toml::from_str::<Agent>(text);
            assert!(read.is_ok(), "{text}: {read:?}");
        }
        assert_eq!(shipped().len(), SHIPPED.len());
    }
}
