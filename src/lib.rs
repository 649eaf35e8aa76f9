//! Antiphon: many LLM sessions side by side in one terminal. The floor plan is in the README,
//! "How it is built"; `tests/house.rs` holds the walls.

pub mod catalog;
pub mod config;
pub mod engine;
pub mod error;
pub mod faces;
pub mod learning;
pub mod protocol;
pub mod store;
