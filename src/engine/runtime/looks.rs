//! Questions that need the store, the network or the file system: answered by tasks of their own.

use super::super::effect::{FaceId, Input};
use super::super::plan::place;
use super::super::provider;
use super::super::pty::Lines;
use super::super::ratings::{Said, Sighting};
use super::super::state::State;
use super::seeking;
use super::streams::key;
use super::tables::{self, load_catalog};
use super::{Hands, Mail, offers};
use crate::catalog::Catalog;
use crate::config::{self, Config, Paths};
use crate::error::Error;
use crate::protocol::{Answer, Backend, Query, RecordView, Refusal, SessionId, Stats, TurnId};
use crate::store::{Day, Reader};
use jiff::{ToSpan, Zoned};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a local server may take to list its models.
const PROBE: Duration = Duration::from_secs(3);
/// The most places of a pattern in a terminal that are told; the newest.
const MOST_FOUND: usize = 5_000;
/// Files of a folder that are looked at, to tell what kind of project it is.
const MOST_FILES: usize = 2_000;
/// Turns of a history that are sent at once: some megabytes.
const MOST_PAST: u32 = 5_000;
/// The longest span of statistics.
const MAX_DAYS: u32 = 3660;

impl Hands {
    /// Answers a query from the store or the machine.
    pub fn look(&self, state: &State, face: FaceId, id: u64, query: Query) {
        let inbox = self.inbox.clone();
        let store = self.paths.store_file();
        let config = state.config.clone();
        let catalog = state.catalog.clone();
        let data = self.paths.data.clone();
        let models_file = self.paths.models_file();
        let lines = match &query {
            Query::Find { session, .. } | Query::Text { session, .. } => {
                self.processes.lines(*session)
            }
            _ => None,
        };
        tokio::spawn(async move {
            let result = match query {
                Query::Offers => {
                    let found = offers::look(&config, &catalog).await;
                    let models = offers::reachable(&found, &config);
                    let _ = inbox.send(Mail::Input(Input::Reachable { models })).await;
                    Ok(Answer::Offers(found))
                }
                Query::Turn { turn } => {
                    read(store, move |reader| match reader.turn(turn)? {
                        Some(turn) => Ok(Ok(Answer::Log(vec![turn]))),
                        None => Ok(Err(Refusal::new(
                            format!("there is no turn {turn}"),
                            "antiphon log NAME shows their ids",
                        ))),
                    })
                    .await
                }
                Query::LogByName { name } => {
                    read(store, move |reader| match reader.log_by_name(&name)? {
                        Some(turns) => Ok(Ok(Answer::Log(turns))),
                        None => Ok(Err(Refusal::new(
                            format!("there never was a session `{name}`"),
                            "antiphon list shows those that live",
                        ))),
                    })
                    .await
                }
                Query::Record { turn } => {
                    read(store, move |reader| match reader.known(turn)? {
                        Some(known) => Ok(Ok(Answer::Record(Box::new(RecordView {
                            record: known.record,
                            seen: known.seen,
                        })))),
                        None => Ok(Err(Refusal::new(
                            format!("there is no turn {turn}"),
                            "antiphon log NAME shows their ids",
                        ))),
                    })
                    .await
                }
                Query::History { after, limit } => {
                    read(store, move |reader| {
                        let limit = limit.min(MOST_PAST);
                        Ok(Ok(Answer::History(reader.history(after, limit)?)))
                    })
                    .await
                }
                Query::Evidence { after, limit } => {
                    read(store, move |reader| {
                        let limit = limit.min(MOST_PAST);
                        let rows = seeking::results_after(reader, after, limit)?;
                        Ok(Ok(Answer::Evidence(rows)))
                    })
                    .await
                }
                Query::Results {
                    model,
                    category,
                    limit,
                } => {
                    read(store, move |reader| {
                        let (meant, limit) = ((&*model, &*category), limit.min(MOST_PAST));
                        let rows = seeking::newest_results(reader, &catalog, meant, limit)?;
                        Ok(Ok(Answer::Evidence(rows)))
                    })
                    .await
                }
                Query::Stats { days } => {
                    read(store, move |reader| {
                        stats(reader, days).map(|stats| Ok(Answer::Stats(stats)))
                    })
                    .await
                }
                Query::Catalog => {
                    let read = move || {
                        Answer::Catalog(tables::view(
                            &catalog,
                            &tables::copies(&data),
                            &config,
                            &models_file,
                        ))
                    };
                    let read = tokio::task::spawn_blocking(read).await;
                    read.map_err(|e| Refusal::new(format!("could not read the copies: {e}"), ""))
                }
                Query::Find { .. } | Query::Text { .. } => read_lines(lines, query).await,
                _ => Err(Refusal::new("that cannot be looked up", "")),
            };
            let _ = inbox.send(Mail::Reply { face, id, result }).await;
        });
    }

    /// Looks for a turn that is not in memory, of which something was said.
    pub fn find_turn(&self, face: FaceId, id: u64, turn: TurnId, said: Said) {
        let inbox = self.inbox.clone();
        let store = self.paths.store_file();
        tokio::spawn(async move {
            let looked = tokio::task::spawn_blocking(move || {
                let reader = Reader::open(&store)?;
                sight(&reader, turn)
            });
            let found = match looked.await {
                Ok(Ok(found)) => found,
                Ok(Err(error)) => Sighting::Unread(Refusal::new(error.what, error.next)),
                Err(e) => {
                    Sighting::Unread(Refusal::new(format!("could not read the store: {e}"), ""))
                }
            };
            let input = Input::FoundTurn {
                face,
                id,
                turn,
                found,
                said,
            };
            let _ = inbox.send(Mail::Input(input)).await;
        });
    }

    /// Tells the loop which files lie in a folder; one that cannot be read has none.
    pub fn look_at_project(&self, folder: PathBuf) {
        let inbox = self.inbox.clone();
        tokio::task::spawn_blocking(move || {
            let names = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let files = names
                .take(MOST_FILES)
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            let _ = inbox.blocking_send(Mail::Input(Input::Project { folder, files }));
        });
    }

    pub fn find_models(&self, state: &State, session: SessionId, backend: &Backend) {
        let inbox = self.inbox.clone();
        let place = place(&state.config, backend);
        tokio::spawn(async move {
            let result = async {
                let place = place?;
                let key = key(&place.key).await?;
                provider::probe_models(place.wire, &place.base_url, key.as_ref()).await
            }
            .await;
            let input = Input::ModelsFound { session, result };
            let _ = inbox.send(Mail::Input(input)).await;
        });
    }

    pub fn find_window(&self, state: &State, session: SessionId, model: String) {
        let inbox = self.inbox.clone();
        let base_url = state.config.ollama.base_url.clone();
        tokio::spawn(async move {
            let asked = provider::ollama_window(&base_url, &model);
            if let Ok(Some(window)) = tokio::time::timeout(PROBE, asked).await {
                let input = Input::WindowFound { session, window };
                let _ = inbox.send(Mail::Input(input)).await;
            }
        });
    }

    /// Finds out, in the background, what can be asked; suggestions are made among that.
    pub fn look_around(&self, state: &State) {
        let inbox = self.inbox.clone();
        let (config, catalog) = (state.config.clone(), state.catalog.clone());
        tokio::spawn(async move { look_around(&config, &catalog, &inbox).await });
    }

    pub fn read_config(&mut self, face: FaceId, id: u64) {
        self.config = load_config(&self.paths, Some(&self.config));
        let config = Arc::new(self.config.config.clone());
        let (catalog, mistakes) = load_catalog(&self.paths);
        let problems = [self.config.problems.clone(), mistakes].concat();
        let inbox = self.inbox.clone();
        tokio::spawn(async move {
            let input = Input::CatalogLoaded {
                catalog: catalog.clone(),
            };
            let _ = inbox.send(Mail::Input(input)).await;
            let now = config.clone();
            let input = Input::ConfigLoaded {
                config,
                problems: problems.clone(),
            };
            let _ = inbox.send(Mail::Input(input)).await;
            let result = Ok(Answer::Problems(problems));
            let _ = inbox.send(Mail::Reply { face, id, result }).await;
            // Keys, addresses and what is switched off may have changed.
            look_around(&now, &catalog, &inbox).await;
        });
    }
}

/// Finds out what can be asked, and tells the loop.
pub async fn look_around(config: &Config, catalog: &Catalog, inbox: &mpsc::Sender<Mail>) {
    let models = offers::reachable(&offers::look(config, catalog).await, config);
    let _ = inbox.send(Mail::Input(Input::Reachable { models })).await;
}

/// Looks for the turn of this id, or of one that begins so.
fn sight(reader: &Reader, start: TurnId) -> Result<Sighting, Error> {
    let like = reader.turns_like(start, 2)?;
    let [turn] = like[..] else {
        return Ok(match like.is_empty() {
            true => Sighting::Nothing,
            false => Sighting::Several(like),
        });
    };
    Ok(match reader.turn(turn)?.zip(reader.known(turn)?) {
        Some(found) => Sighting::One(Box::new(found)),
        None => Sighting::Nothing,
    })
}

/// The configuration as it is on disk; what is wrong in it stays as it was.
pub fn load_config(paths: &Paths, last: Option<&config::Loaded>) -> config::Loaded {
    config::load(paths, &|name| std::env::var(name).ok(), last)
}

/// Searches a terminal, or copies from it: neither the loop nor the program waits meanwhile.
async fn read_lines(lines: Option<Lines>, query: Query) -> Result<Answer, Refusal> {
    let Some(lines) = lines else {
        let what = "nothing ran in this terminal since the engine was started";
        return Err(Refusal::new(what, "restart it first"));
    };
    let look = move || match query {
        Query::Find { pattern, .. } => lines.find(&pattern, MOST_FOUND).map(Answer::Found),
        Query::Text {
            from, to, block, ..
        } => Ok(Answer::Text(lines.text(from, to, block))),
        _ => Err(Refusal::new("that is not in a terminal", "")),
    };
    let looked = tokio::task::spawn_blocking(look).await;
    looked.map_err(|e| Refusal::new(format!("could not read the terminal: {e}"), ""))?
}

async fn read(
    store: std::path::PathBuf,
    question: impl FnOnce(&Reader) -> Result<Result<Answer, Refusal>, Error> + Send + 'static,
) -> Result<Answer, Refusal> {
    let asked = tokio::task::spawn_blocking(move || question(&Reader::open(&store)?)).await;
    match asked {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Err(Refusal::new(error.what, error.next)),
        Err(e) => Err(Refusal::new(format!("could not read the store: {e}"), "")),
    }
}

fn stats(reader: &Reader, days: u32) -> Result<Stats, Error> {
    let now = Zoned::now();
    let days: Vec<Day> = (0..days.clamp(1, MAX_DAYS))
        .rev()
        .filter_map(|back| {
            let day = now.checked_sub(i64::from(back).days()).ok()?;
            Some(Day {
                name: day.date().to_string(),
                from: day.start_of_day().ok()?.timestamp().as_millisecond(),
            })
        })
        .collect();
    reader.stats(&days, now.timestamp().as_millisecond() + 1)
}
