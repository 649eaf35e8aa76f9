//! What a stand-in was asked, and what it would have billed for it.

use super::DEADLINE;
use antiphon::catalog::Catalog;
use antiphon::protocol::{Nano, Usage};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::{Condvar, Mutex},
    time::Instant,
};

/// Tokens as a provider bills them. No part is contained in another, except `reasoning` in `output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Billed {
    pub input: u64,
    /// All that was produced, `reasoning` included.
    pub output: u64,
    pub reasoning: u64,
    pub cache_read: u64,
    pub cache_write_5m: u64,
    pub cache_write_1h: u64,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
    pub model: String,
    /// The newest prompt in it.
    pub prompt: String,
    pub status: u16,
    /// Zero for an answer that was not given to its end.
    pub billed: Billed,
    /// `None`: it is being answered; then whether the answer was given to its end.
    pub finished: Option<bool>,
}

#[derive(Default)]
struct Book {
    calls: Vec<Call>,
    /// How often each prompt was answered with an error.
    errors: HashMap<String, u32>,
    /// Prefixes of conversations that are in the cache.
    cached: HashSet<u64>,
}

/// All requests of one stand-in, oldest first.
#[derive(Default)]
pub struct Ledger {
    book: Mutex<Book>,
    changed: Condvar,
}

/// How a piece of a conversation is to be cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    None,
    FiveMinutes,
    OneHour,
}

impl Ledger {
    /// Enters a request and gives its number.
    pub fn open(&self, call: Call) -> usize {
        let mut book = self.book.lock().unwrap();
        book.calls.push(call);
        self.changed.notify_all();
        book.calls.len() - 1
    }

    /// Enters how a request ended.
    pub fn close(&self, number: usize, status: u16, billed: Option<Billed>) {
        let mut book = self.book.lock().unwrap();
        let call = &mut book.calls[number];
        call.status = status;
        call.finished = Some(billed.is_some());
        call.billed = billed.unwrap_or_default();
        self.changed.notify_all();
    }

    pub fn calls(&self) -> Vec<Call> {
        self.book.lock().unwrap().calls.clone()
    }

    /// The requests, as soon as they are what is waited for.
    pub fn wait_for(&self, what: &str, mut met: impl FnMut(&[Call]) -> bool) -> Vec<Call> {
        let until = Instant::now() + DEADLINE;
        let mut book = self.book.lock().unwrap();
        while !met(&book.calls) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let seen: Vec<_> = book
                    .calls
                    .iter()
                    .map(|c| (&c.path, &c.prompt, c.finished))
                    .collect();
                let message = format!("no {what} among the requests: {seen:#?}");
                drop(book);
                panic!("{message}");
            }
            book = self.changed.wait_timeout(book, left).unwrap().0;
        }
        book.calls.clone()
    }

    /// Whether this prompt is still to be answered with an error that comes `times` times.
    pub fn fails(&self, prompt: &str, times: u32) -> bool {
        let mut book = self.book.lock().unwrap();
        let count = book.errors.entry(prompt.to_owned()).or_default();
        *count = count.saturating_add(1);
        *count <= times
    }

    /// The input side of a bill: the longest prefix that is in the cache is read, what follows up to the
    /// last mark is written, the rest is plain input. `free` caches everything without a mark and charges
    /// no writes, as OpenAI does.
    pub fn bill_input(&self, conversation: &[(String, Mark)], free: bool) -> Billed {
        let mut book = self.book.lock().unwrap();
        let last = match free {
            true => conversation.len(),
            false => conversation
                .iter()
                .rposition(|(_, mark)| *mark != Mark::None)
                .map_or(0, |n| n + 1),
        };
        let (mut hasher, mut total, mut read, mut marked) = (DefaultHasher::new(), 0, 0, 0);
        let mut fresh = Vec::new();
        for (index, (piece, mark)) in conversation.iter().enumerate() {
            piece.hash(&mut hasher);
            total += tokens(piece);
            if index < last {
                marked = total;
                if book.cached.contains(&hasher.finish()) {
                    read = total;
                }
                if free || *mark != Mark::None {
                    fresh.push(hasher.finish());
                }
            }
        }
        book.cached.extend(fresh);
        let written = if free { 0 } else { marked - read };
        let hour = conversation.iter().any(|(_, mark)| *mark == Mark::OneHour);
        Billed {
            input: total - read - written,
            cache_read: read,
            cache_write_5m: if hour { 0 } else { written },
            cache_write_1h: if hour { written } else { 0 },
            ..Billed::default()
        }
    }
}

/// Four characters to a token, never none.
pub fn tokens(text: &str) -> u64 {
    (text.chars().count() as u64 / 4).max(1)
}

/// What the stand-in billed, at the catalogue's prices.
pub fn billed(calls: &[Call]) -> Nano {
    calls
        .iter()
        .map(|call| {
            let usage = Usage {
                input: call.billed.input,
                output: call.billed.output - call.billed.reasoning,
                reasoning: call.billed.reasoning,
                cache_read: call.billed.cache_read,
                cache_write_5m: call.billed.cache_write_5m,
                cache_write_1h: call.billed.cache_write_1h,
                estimated: false,
            };
            let cost = Catalog::embedded().cost(Some(&call.model), &usage);
            assert_eq!(cost.unpriced, Nano(0), "{} has a price", call.model);
            cost.priced
        })
        .sum()
}
