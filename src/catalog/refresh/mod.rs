//! From the answers of public price and benchmark tables to a layer of the catalogue. Bytes in, table out: no network,
//! no files, no clock; who fetches handles addresses, ETags and the copy on disk.
//!
//! Each source is read into a [`Part`] of its own. An answer that cannot be read is one error that names the source,
//! and the part that source gave last time stays. Parts are then merged, the most trusted first, into a [`Table`].

mod aider;
mod changes;
mod found;
mod json;
mod litellm;
mod livebench;
mod merge;
mod models_dev;
mod openrouter;

pub use changes::{Change, diff};
pub(in crate::catalog) use found::canonical_seller;
pub use found::{Found, Part};
pub use merge::{Merged, merge};

use crate::catalog::load::Catalog;
use crate::catalog::rows::Table;
use crate::error::{Error, Result};

/// A public table.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// As the user reads it.
    pub name: &'static str,
    pub url: &'static str,
    pub licence: &'static str,
    read: fn(&[Body], &mut Part) -> std::result::Result<(), String>,
    /// Addresses named by the answer of `url` that must be fetched in its place.
    follow: fn(&[u8]) -> std::result::Result<Vec<String>, String>,
    /// Fewer models than this are no whole answer.
    least: usize,
}

/// An answer and the address it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub url: String,
    pub bytes: Vec<u8>,
}

/// All sources, the most trusted first.
pub const SOURCES: &[Source] = &[
    Source {
        name: "models.dev",
        url: "https://models.dev/api.json",
        licence: "MIT",
        read: |bodies, part| models_dev::read(one(bodies)?, part),
        follow: nowhere,
        least: 50,
    },
    Source {
        name: "LiteLLM",
        url: "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
        licence: "MIT",
        read: |bodies, part| litellm::read(one(bodies)?, part),
        follow: nowhere,
        least: 50,
    },
    Source {
        name: "OpenRouter",
        url: "https://openrouter.ai/api/v1/models",
        licence: "none stated",
        read: |bodies, part| openrouter::read(one(bodies)?, part),
        follow: nowhere,
        least: 20,
    },
    Source {
        name: "LiveBench",
        url: "https://api.github.com/repos/LiveBench/livebench.github.io/contents/public",
        licence: "none stated",
        read: livebench::read,
        follow: livebench::newest,
        least: 10,
    },
    Source {
        name: "Aider",
        url: "https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/polyglot_leaderboard.yml",
        licence: "Apache-2.0",
        read: |bodies, part| aider::read(one(bodies)?, part),
        follow: nowhere,
        least: 10,
    },
];

fn nowhere(_: &[u8]) -> std::result::Result<Vec<String>, String> {
    Ok(Vec::new())
}

fn one(bodies: &[Body]) -> std::result::Result<&[u8], String> {
    let body = bodies.first().ok_or_else(|| "no answer".to_owned())?;
    Ok(&body.bytes)
}

impl Source {
    /// The source called `name`, in any case.
    pub fn named(name: &str) -> Option<&'static Source> {
        SOURCES.iter().find(|s| s.name.eq_ignore_ascii_case(name))
    }

    /// What to fetch after `url` answered `body`: these addresses, whose bodies are handed to [`Source::read`] in this
    /// order. Empty: `body` itself is what is read.
    pub fn follow(&self, body: &[u8]) -> Result<Vec<String>> {
        (self.follow)(body).map_err(|what| self.error(&what))
    }

    /// Reads an answer, fetched on `date` (`YYYY-MM-DD`). The error names the source.
    pub fn read(&self, bodies: &[Body], date: &str) -> Result<Part> {
        let mut part = Part::new(self.name, date);
        (self.read)(bodies, &mut part).map_err(|what| self.error(&what))?;
        // Names are shown on terminals and looked up in tables: what is no name is no model.
        part.found.retain(|found| is_name(&found.name));
        part.notes.retain(|note| !note.contains(char::is_control));
        match part.found.len() {
            0 => Err(self.error("the answer has no models")),
            few if few < self.least => Err(self.error(&format!(
                "the answer has {few} models where {} or more were expected",
                self.least
            ))),
            _ => Ok(part),
        }
    }

    fn error(&self, what: &str) -> Error {
        Error::new(
            format!("{}: {what}", self.name),
            self.url,
            "its last good part stays in force; run `antiphon catalog refresh` again later",
        )
    }
}

fn is_name(name: &str) -> bool {
    (1..=120).contains(&name.len()) && !name.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// What became of a source's request.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// Not changed since the last time (304).
    Same,
    /// The bodies, in the order of [`Source::follow`].
    Bodies(Vec<Body>),
    Failed(Error),
}

/// What a refresh comes to.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// To be kept for the next refresh: new parts, and the last good ones of sources without one.
    pub parts: Vec<Part>,
    pub table: Table,
    /// Of what is in force, the user's `models.toml` aside.
    pub changes: Vec<Change>,
    /// What was passed over, in one line each.
    pub notes: Vec<String>,
    /// One for each source that failed.
    pub errors: Vec<Error>,
}

/// Reads the answers that came on `date`, keeps the parts of `before` for sources without a good one, and merges.
pub fn refresh(before: &[Part], answers: &[(&Source, Fetched)], date: &str) -> Refreshed {
    let mut parts = before.to_vec();
    let mut errors = Vec::new();
    for (source, fetched) in answers {
        let read = match fetched {
            Fetched::Same => continue,
            Fetched::Failed(error) => Err(error.clone()),
            Fetched::Bodies(bodies) => source.read(bodies, date),
        };
        match read {
            Ok(part) => {
                parts.retain(|old| old.source != part.source);
                parts.push(part);
            }
            Err(error) => errors.push(error),
        }
    }
    let trust = |part: &Part| SOURCES.iter().position(|s| s.name == part.source);
    parts.sort_by_key(|part| trust(part).unwrap_or(SOURCES.len()));
    let merged = merge(&parts);
    Refreshed {
        changes: diff(&in_force(&merge(before).table), &in_force(&merged.table)),
        notes: merged.notes,
        table: merged.table,
        parts,
        errors,
    }
}

fn in_force(table: &Table) -> Catalog {
    Catalog::layered(Some(table), None)
}

#[cfg(test)]
mod tests;
