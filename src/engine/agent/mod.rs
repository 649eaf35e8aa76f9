//! Agents that hold a conversation of their own, run as processes and spoken to in their own protocol.
//!
//! Each agent's room turns its protocol into the words below and back. None of them knows sessions, turns,
//! prices or the store; what a turn cost is told as the agent reports it.

pub mod claude;
mod event;

pub use event::{AgentCommand, AgentEvent, AgentState};
