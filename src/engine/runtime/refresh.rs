//! Fetches the public tables of models. What cannot be had or read leaves its last good copy in force, and is told.

use super::super::effect::{FaceId, Input};
use super::super::models::changes;
use super::super::provider::{FileAnswer, fetch_file};
use super::super::state::State;
use super::looks::look_around;
use super::tables::{Copy, address, copies, layered, save, view};
use super::{Hands, Mail};
use crate::catalog::Catalog;
use crate::catalog::refresh::{Body, Fetched, Part, Refreshed, SOURCES, Source, refresh};
use crate::config::{Config, Paths, did_you_mean};
use crate::error::Error;
use crate::protocol::{Answer, CatalogView, Refusal};
use futures_util::future::join_all;
use jiff::{Timestamp, Zoned};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Hands {
    /// Refreshes in a task of its own: the loop goes on meanwhile.
    pub fn refresh_catalog(
        &self,
        state: &State,
        (face, id): (FaceId, u64),
        sources: Vec<String>,
        files: Vec<(String, PathBuf)>,
    ) {
        let inbox = self.inbox.clone();
        let (before, config) = (state.catalog.clone(), state.config.clone());
        let paths = self.paths.clone();
        let turn = self.refreshing.clone();
        tokio::spawn(async move {
            let _turn = turn.lock().await;
            let done = refreshed(&paths, &config, before, &sources, files).await;
            let (new, result) = match done {
                Ok((catalog, view)) => (Some(catalog), Ok(Answer::Catalog(view))),
                Err(refusal) => (None, Err(refusal)),
            };
            if let Some(catalog) = new.clone() {
                let input = Input::CatalogLoaded { catalog };
                let _ = inbox.send(Mail::Input(input)).await;
            }
            let _ = inbox.send(Mail::Reply { face, id, result }).await;
            if let Some(catalog) = new {
                look_around(&config, &catalog, &inbox).await;
            }
        });
    }
}

/// A source's answer, with the address and the mark that its copy is to be kept under.
struct Fresh {
    source: &'static Source,
    url: String,
    etag: Option<String>,
    fetched: Fetched,
}

async fn refreshed(
    paths: &Paths,
    config: &Config,
    before: Arc<Catalog>,
    sources: &[String],
    files: Vec<(String, PathBuf)>,
) -> Result<(Arc<Catalog>, CatalogView), Refusal> {
    let mut chosen: Vec<&'static Source> = named(sources.iter().map(String::as_str))?;
    let of_files = named(files.iter().map(|(name, _)| name.as_str()))?;
    if sources.is_empty() && files.is_empty() {
        chosen = SOURCES.iter().collect();
    }
    chosen.retain(|source| !of_files.iter().any(|other| other.name == source.name));
    let data = paths.data.clone();
    let kept = tokio::task::spawn_blocking(move || copies(&data)).await;
    let kept = kept.map_err(|e| lost(&e))?;
    let fetching = chosen.into_iter().map(|source| {
        let copy = kept.iter().find(|copy| copy.part.source == source.name);
        fetch(source, address(config, source.name, source.url), copy)
    });
    let mut fresh = join_all(fetching).await;
    let unknown = unknown_places(config);
    let (config, data, user_file) = (config.clone(), paths.data.clone(), paths.models_file());
    let work = move || {
        fresh.extend(
            of_files
                .into_iter()
                .map(|source| from_files(source, &files)),
        );
        let (kept, mut done) = keep(&data, kept, fresh);
        let (catalog, _) = layered(&done.parts, &user_file);
        done.errors.extend(unknown);
        let told = CatalogView {
            changes: changes(&before, &catalog),
            notes: done.notes,
            errors: done.errors.into_iter().map(|error| error.what).collect(),
            ..view(&catalog, &kept, &config, &user_file)
        };
        (catalog, told)
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| lost(&e))
}

fn lost(error: &tokio::task::JoinError) -> Refusal {
    let what = format!("the tables could not be read: {error}");
    Refusal::new(what, "the engine's log tells more")
}

/// The sources of these names, each once.
fn named<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<&'static Source>, Refusal> {
    let mut found: Vec<&'static Source> = Vec::new();
    for name in names {
        let Some(source) = Source::named(name) else {
            let all: Vec<&str> = SOURCES.iter().map(|source| source.name).collect();
            let next = did_you_mean(name, all.iter().copied(), || {
                format!("there are {}", all.join(", "))
            });
            let what = format!("no table `{}`", name.escape_debug());
            return Err(Refusal::new(what, next));
        };
        if !found.iter().any(|known| known.name == source.name) {
            found.push(source);
        }
    }
    Ok(found)
}

fn unknown_places(config: &Config) -> Vec<Error> {
    let names = config.catalog.sources.keys();
    names
        .filter(|name| Source::named(name).is_none())
        .map(|name| Error::new(format!("[catalog] sources names no table `{name}`"), "", ""))
        .collect()
}

async fn fetch(source: &'static Source, url: &str, copy: Option<&Copy>) -> Fresh {
    // A mark belongs to an address.
    let same_place = copy.filter(|copy| copy.url == url);
    let mark = same_place.and_then(|copy| copy.etag.clone());
    let mut etag = None;
    let fetched = match fetch_file(url, mark.as_deref()).await {
        // Said to one who has nothing, it is no answer.
        Ok(FileAnswer::Same) if mark.is_none() => failed(source, url, "an answer without a file"),
        Ok(FileAnswer::Same) => Fetched::Same,
        Ok(FileAnswer::Body { bytes, etag: new }) => {
            etag = new;
            bodies(source, url, bytes).await
        }
        Err(failure) => failed(source, url, &failure.message),
    };
    Fresh {
        source,
        url: url.to_owned(),
        etag,
        fetched,
    }
}

/// The answer itself, or what it names in its place.
async fn bodies(source: &Source, url: &str, bytes: Vec<u8>) -> Fetched {
    let urls = match source.follow(&bytes) {
        Ok(urls) => urls,
        Err(error) => return Fetched::Failed(error),
    };
    if urls.is_empty() {
        let url = url.to_owned();
        return Fetched::Bodies(vec![Body { url, bytes }]);
    }
    let mut found = Vec::new();
    for url in urls {
        match fetch_file(&url, None).await {
            Ok(FileAnswer::Body { bytes, .. }) => found.push(Body { url, bytes }),
            Ok(FileAnswer::Same) => return failed(source, &url, "an answer without a file"),
            Err(failure) => return failed(source, &url, &failure.message),
        }
    }
    Fetched::Bodies(found)
}

fn failed(source: &Source, url: &str, why: &str) -> Fetched {
    Fetched::Failed(Error::new(format!("{}: {why}", source.name), url, ""))
}

/// The files that stand for a source's answer, in their order.
fn from_files(source: &'static Source, files: &[(String, PathBuf)]) -> Fresh {
    let shown = |path: &PathBuf| path.display().to_string();
    let mut url = String::new();
    let mut found = Vec::new();
    let mut fetched = None;
    let of_source = |(name, _): &&(String, PathBuf)| name.eq_ignore_ascii_case(source.name);
    for (_, path) in files.iter().filter(of_source) {
        url = shown(path);
        match std::fs::read(path) {
            Ok(bytes) => found.push(Body {
                url: shown(path),
                bytes,
            }),
            Err(e) => fetched = Some(failed(source, &url, &format!("{}: {e}", shown(path)))),
        }
    }
    Fresh {
        source,
        url,
        etag: None,
        fetched: fetched.unwrap_or(Fetched::Bodies(found)),
    }
}

/// Reads the answers, and keeps the good ones. One that came and could not be kept is an error too, and holds all the
/// same until the engine ends.
fn keep(data: &Path, kept: Vec<Copy>, fresh: Vec<Fresh>) -> (Vec<Copy>, Refreshed) {
    let before: Vec<Part> = kept.iter().map(|copy| copy.part.clone()).collect();
    let answers: Vec<(&Source, Fetched)> = fresh
        .iter()
        .map(|one| (one.source, one.fetched.clone()))
        .collect();
    let mut done = refresh(&before, &answers, &Zoned::now().date().to_string());
    let checked_at = Timestamp::now().as_millisecond();
    let mut copies = kept;
    for one in fresh {
        let name = one.source.name;
        let begins = format!("{name}: ");
        if done.errors.iter().any(|e| e.what.starts_with(&begins)) {
            continue;
        }
        let part = done.parts.iter().find(|part| part.source == name);
        let old = copies.iter().find(|copy| copy.part.source == name);
        let copy = match (&one.fetched, part) {
            (Fetched::Same, _) => old.map(|old| Copy {
                checked_at,
                ..old.clone()
            }),
            (_, Some(part)) => Some(Copy {
                part: part.clone(),
                url: one.url,
                etag: one.etag,
                checked_at,
            }),
            (_, None) => None,
        };
        let Some(copy) = copy else { continue };
        if let Err(e) = save(data, &copy) {
            let what = format!("{name}: its copy cannot be kept: {e}");
            done.errors.push(Error::new(what, "", ""));
        }
        copies.retain(|old| old.part.source != name);
        copies.push(copy);
    }
    (copies, done)
}
