//! Agents that hold a conversation of their own, run as processes.
pub mod claude;
