//! What the house tests are made with: the program in a terminal of its own, and stand-ins for the servers it
//! talks to. Nothing here knows the inside of Antiphon; it sees what a user and a provider would see.
//!
//! Each file of `tests/` uses its part of it, so what one leaves unused is no mistake.
#![allow(dead_code)]

pub mod chat_api;
pub mod directives;
pub mod home;
pub mod http;
pub mod keys;
pub mod ledger;
pub mod listener;
pub mod measure;
pub mod messages_api;
pub mod plan;
pub mod screen;
pub mod svg;
pub mod svg_lines;

use std::{io::Write, time::Duration};

/// How long anything waited for may take. Far above what is ever needed, so that a busy machine fails no test.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Says on the terminal what a test leaves out, and why. Not through `eprintln!`, which is shown for failures only.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
