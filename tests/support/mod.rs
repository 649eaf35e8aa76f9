//! What the house tests are made with: the program in a terminal of its own, and stand-ins for the servers it
//! talks to. Nothing here knows the inside of Antiphon; it sees what a user and a provider would see.
//!
//! Each file of `tests/` uses its part of it, so what one leaves unused is no mistake.
#![allow(dead_code)]

pub mod acp;
pub mod chat_api;
pub mod claude;
pub mod codex;
pub mod directives;
pub mod gemini_api;
pub mod home;
pub mod http;
pub mod installed;
pub mod keys;
pub mod ledger;
pub mod listener;
pub mod messages_api;
pub mod peer;
pub mod plan;
pub mod repository;
pub mod responses_api;
pub mod screen;
pub mod svg;
pub mod svg_lines;

use std::{
    io::Write,
    thread,
    time::{Duration, Instant},
};

/// How long anything waited for may take. Far above what is ever needed, so that a busy machine fails no test.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Says on the terminal what a test leaves out, and why. Not through `eprintln!`, which is shown for failures only.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The value, as soon as there is one. For what is told to nobody and can only be looked at again.
#[track_caller]
pub fn until<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(value) = ready() {
            return value;
        }
        assert!(Instant::now() < end, "no {what} in time");
        thread::park_timeout(Duration::from_millis(10));
    }
}
