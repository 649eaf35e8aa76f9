//! Worktrees are made, listed, removed and brought back by the git program, one after another, beside the loop.

mod archive;
mod copy;
mod git;
mod list;
mod make;
mod records;
mod remove;
mod restore;
mod source;
mod trees;

use super::super::effect::{Effect, FaceId, Input};
use super::super::state::State;
use super::super::worktree::judge::quoted;
use super::super::worktree::record::{Record, Stage};
use super::super::worktree::{Living, Wanted, Wish};
use super::Mail;
use crate::protocol::{Answer, Millis, Refusal, SessionId};
use git::Git;
use records::Records;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// What the loop knows of the work of git.
pub struct Worktrees {
    bench: Bench,
    /// Those that are being made, and how their making is given up.
    making: HashMap<SessionId, watch::Sender<bool>>,
}

/// What each piece of work needs.
#[derive(Clone)]
struct Bench {
    /// Where the records are.
    folder: PathBuf,
    inbox: mpsc::Sender<Mail>,
    /// One at a time, in the order in which they came: git locks what it changes.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Worktrees {
    /// `data`: the folder of the store.
    pub fn new(data: &std::path::Path, inbox: mpsc::Sender<Mail>) -> Worktrees {
        Worktrees {
            bench: Bench {
                folder: data.join("worktrees"),
                inbox,
                turn: Arc::default(),
            },
            making: HashMap::new(),
        }
    }

    /// Does what is wanted of worktrees.
    pub fn act(&mut self, effect: Effect) {
        match effect {
            Effect::MakeWorktree {
                session,
                epoch,
                wanted,
            } => self.make(session, epoch, *wanted),
            Effect::GiveUpWorktree { session } => {
                if let Some(give_up) = self.making.remove(&session) {
                    let _ = give_up.send(true);
                }
            }
            Effect::Worktrees {
                face,
                id,
                wish,
                living,
            } => self.grant((face, id), wish, living),
            _ => {}
        }
    }

    /// Answered by [`Input::WorktreeMade`].
    fn make(&mut self, session: SessionId, epoch: u64, wanted: Wanted) {
        let (give_up, given_up) = watch::channel(false);
        self.making.insert(session, give_up);
        let bench = self.bench.clone();
        tokio::spawn(async move {
            let result = {
                let _turn = bench.turn.lock().await;
                match Git::take(&bench.folder, Some(given_up)).await {
                    Ok(git) => make::make(&git, &Records(&bench.folder), &wanted).await,
                    Err(failure) => Err(failure),
                }
            };
            let input = Input::WorktreeMade {
                session,
                epoch,
                result,
            };
            let _ = bench.inbox.send(Mail::Input(input)).await;
        });
    }

    /// The making of a session's worktree is over.
    pub fn ended(&mut self, session: SessionId) {
        self.making.remove(&session);
    }

    /// Answers a face.
    fn grant(&self, (face, id): (FaceId, u64), wish: Wish, living: Vec<Living>) {
        let bench = self.bench.clone();
        tokio::spawn(async move {
            let result = bench.grant(wish, &living).await;
            let _ = bench.inbox.send(Mail::Reply { face, id, result }).await;
        });
    }

    /// Brings to an end what an engine that died had begun: worktrees that nobody waits for any more, and removed
    /// ones whose time is over.
    pub fn sweep(&self, state: &State) {
        if !self.bench.folder.is_dir() {
            return;
        }
        let waiting: Vec<(SessionId, Millis)> = state
            .sessions
            .values()
            .filter(|session| session.awaits_worktree())
            .map(|session| (session.view.id, session.view.created_at))
            .collect();
        let bench = self.bench.clone();
        tokio::spawn(async move {
            for record in Records(&bench.folder).all() {
                match &record.state {
                    Stage::Making if !waiting.contains(&(record.session, record.created_at)) => {
                        let _turn = bench.turn.lock().await;
                        if let Ok(git) = Git::take(&bench.folder, None).await {
                            make::undo(&git, &Records(&bench.folder), &record).await;
                        }
                    }
                    Stage::Removed { .. } => bench.clone().finish_later(record),
                    _ => {}
                }
            }
        });
    }
}

impl Bench {
    /// Lets a removed worktree go when its time is over, unless it was brought back meanwhile.
    fn finish_later(self, record: Record) {
        let Stage::Removed { at, .. } = record.state else {
            return;
        };
        let wait = u64::try_from(at + remove::UNDO - now()).unwrap_or(0);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(wait.min(remove::UNDO as u64))).await;
            let _turn = self.turn.lock().await;
            let records = Records(&self.folder);
            if records.of(record.session, record.created_at).as_ref() != Some(&record) {
                return;
            }
            match Git::take(&self.folder, None).await {
                Ok(git) => remove::finish(&git, &records, record).await,
                Err(failure) => tracing::warn!("a removed worktree is kept: {failure}"),
            }
        });
    }

    async fn grant(&self, wish: Wish, living: &[Living]) -> Result<Answer, Refusal> {
        let records = Records(&self.folder);
        let _turn = self.turn.lock().await;
        let git = Git::take(&self.folder, None)
            .await
            .map_err(remove::as_refusal)?;
        let record = match wish {
            Wish::List => {
                return Ok(Answer::Worktrees(list::list(&git, &records, living).await));
            }
            Wish::Remove { name, force } => {
                let there = |record: &Record| record.state == Stage::Made;
                let record = list::find(&records, &name, living, there)?;
                match record.state {
                    Stage::Made if !record.worktree.path.is_dir() => {
                        make::undo(&git, &records, &record).await;
                        record
                    }
                    Stage::Made => {
                        let done = remove::set_aside(&git, &records, record, force, living, now());
                        let record = done.await?;
                        self.clone().finish_later(record.clone());
                        record
                    }
                    Stage::Making => {
                        return Err(Refusal::new(
                            format!("the worktree of `{}` is being made", record.name),
                            format!("antiphon kill {} gives it up", quoted(&record.name)),
                        ));
                    }
                    Stage::Removed { .. } | Stage::Archived { .. } => {
                        return Err(Refusal::new(
                            format!("the worktree of `{}` is removed already", record.name),
                            format!(
                                "antiphon worktree restore {} brings it back",
                                record.worktree.branch
                            ),
                        ));
                    }
                }
            }
            Wish::Restore { name } => {
                let gone = |record: &Record| {
                    matches!(record.state, Stage::Removed { .. } | Stage::Archived { .. })
                };
                let record = list::find(&records, &name, living, gone)?;
                restore::restore(&git, &records, record).await?
            }
        };
        Ok(Answer::Worktrees(vec![
            list::view(&git, &record, living).await,
        ]))
    }
}

fn now() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}
