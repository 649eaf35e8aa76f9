//! Owns everything alive.

pub mod agent;
pub mod provider;
pub mod pty;
