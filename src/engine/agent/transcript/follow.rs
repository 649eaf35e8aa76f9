//! Follows the transcripts of living sessions. A thread that sleeps until the system tells of a change.

use super::followed::Followed;
use super::rollout::{self, Waiting};
use super::{Fact, Kind, Wanted, places};
use crate::protocol::SessionId;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Changes that may wait for the thread. When there are so many, further ones are dropped, and all files are looked at
/// again. Wishes are not counted: a session has few, and the engine must not wait for a thread that waits for it.
const CHANGES: usize = 1024;

/// What has been read of a session's transcripts.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    pub session: SessionId,
    /// As given to [`Follower::follow`].
    pub start: u64,
    pub facts: Vec<Fact>,
    /// How far which file is read by now.
    pub positions: Vec<(PathBuf, u64)>,
}

enum Mail {
    Follow(SessionId, u64, Wanted),
    Forget(SessionId),
    Changed(PathBuf),
    End,
}

/// A handle to the thread; it ends when this is dropped.
pub struct Follower {
    mail: Sender<Mail>,
}

impl Follower {
    /// `tell` is called from the thread, which may wait.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(tell: impl Fn(News) + Send + 'static) -> std::io::Result<Follower> {
        let (mail, inbox) = channel();
        let changes = mail.clone();
        std::thread::Builder::new()
            .name("transcripts".into())
            .spawn(move || run(&inbox, changes, &tell))?;
        Ok(Follower { mail })
    }

    /// From now on the session's transcript is followed, besides those it had since the same start.
    pub fn follow(&self, session: SessionId, start: u64, wanted: Wanted) {
        let _ = self.mail.send(Mail::Follow(session, start, wanted));
    }

    /// Reads what is there once more and lets go of the session.
    pub fn forget(&self, session: SessionId) {
        let _ = self.mail.send(Mail::Forget(session));
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // The watcher holds a sender too, so the thread has to be told.
        let _ = self.mail.send(Mail::End);
    }
}

/// What the watcher and the thread share.
#[derive(Default)]
struct Queue {
    waiting: AtomicUsize,
    missed: AtomicBool,
}

fn run(inbox: &Receiver<Mail>, changes: Sender<Mail>, tell: &impl Fn(News)) {
    let mut house = House::default();
    let queue = Arc::new(Queue::default());
    let full = queue.clone();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        // Looking at a file is no change of it; our own reading would wake us for ever.
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for path in event.paths {
            if full.waiting.load(Ordering::Relaxed) >= CHANGES {
                full.missed.store(true, Ordering::Relaxed);
            } else {
                full.waiting.fetch_add(1, Ordering::Relaxed);
                let _ = changes.send(Mail::Changed(path));
            }
        }
    });
    house.watcher = watcher
        .map_err(|e| tracing::warn!("transcripts cannot be followed: {e}"))
        .ok();
    while let Ok(mail) = inbox.recv() {
        let news = match mail {
            Mail::Follow(session, start, wanted) => house.follow(session, start, wanted),
            Mail::Forget(session) => house.forget(session),
            Mail::Changed(path) => {
                queue.waiting.fetch_sub(1, Ordering::Relaxed);
                house.changed(&path)
            }
            Mail::End => return,
        };
        news.into_iter().for_each(tell);
        if queue.missed.swap(false, Ordering::Relaxed) {
            house.everything().into_iter().for_each(tell);
        }
    }
}

/// Everything that is followed, and the watcher.
#[derive(Default)]
struct House {
    followed: Vec<Followed>,
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
}

impl House {
    fn follow(&mut self, session: SessionId, start: u64, wanted: Wanted) -> Vec<News> {
        let same = |f: &Followed| f.session == session && f.start == start;
        if !self.followed.iter().any(same) {
            self.followed.retain(|f| f.session != session);
            self.followed.push(Followed {
                session,
                start,
                since: 0,
                files: Vec::new(),
                rollouts: None,
                from: Vec::new(),
                resumed: false,
            });
        }
        let Some(followed) = self.followed.iter_mut().find(|f| same(f)) else {
            return Vec::new();
        };
        match wanted {
            Wanted::File {
                kind,
                path,
                from,
                since,
                resumed,
            } => {
                followed.since = since;
                followed.resumed = resumed;
                followed.from.extend(from);
                followed.open(path, kind, false);
            }
            Wanted::Rollout {
                home,
                cwd,
                since,
                conversation,
            } => {
                followed.since = since;
                if let Some(sessions) = places::codex_sessions(home.as_deref()) {
                    let known = conversation.and_then(|conversation| {
                        rollout::of_conversation(&sessions, &conversation)
                    });
                    if let Some(path) = known {
                        followed.open(path, Kind::Codex, false);
                    }
                    followed.rollouts = Some((sessions, cwd));
                }
            }
        }
        self.look_again(None)
    }

    fn forget(&mut self, session: SessionId) -> Vec<News> {
        let news = self.look_again(None);
        self.followed.retain(|f| f.session != session);
        self.watch();
        news.into_iter().filter(|n| n.session == session).collect()
    }

    fn everything(&mut self) -> Vec<News> {
        self.look_again(None)
    }

    fn changed(&mut self, path: &Path) -> Vec<News> {
        let known = |f: &Followed| f.files.iter().any(|open| open.lines.path() == path);
        if self.followed.iter().any(known) {
            return self.read(Some(path));
        }
        // A folder we watched may be gone with its watch.
        if !path.exists() {
            self.watched.remove(path);
            self.watch();
            return Vec::new();
        }
        let transcript = path.extension().is_some_and(|e| e == "jsonl");
        match transcript || path.is_dir() {
            true => self.look_again(None),
            false => Vec::new(),
        }
    }

    /// Finds files that are new, watches what has to be watched, and reads. Again where a folder was new: files may
    /// have come before it was watched.
    fn look_again(&mut self, only: Option<&Path>) -> Vec<News> {
        loop {
            self.find_rollouts();
            self.followed.iter_mut().for_each(Followed::discover);
            if !self.watch() {
                return self.read(only);
            }
        }
    }

    fn read(&mut self, only: Option<&Path>) -> Vec<News> {
        let news = self.followed.iter_mut().map(|f| f.read(only));
        news.filter(|n| !n.positions.is_empty()).collect()
    }

    fn find_rollouts(&mut self) {
        let panes: Vec<(usize, Waiting<'_>)> = (self.followed.iter().enumerate())
            .filter_map(|(at, f)| {
                let (sessions, cwd) = f.rollouts.as_ref()?;
                let threads = f.files.iter().map(|open| open.codex.thread().to_owned());
                let pane = Waiting {
                    sessions: sessions.clone(),
                    cwd,
                    since: f.since,
                    threads: threads.filter(|thread| !thread.is_empty()).collect(),
                };
                Some((at, pane))
            })
            .collect();
        let opened = |path: &Path| {
            let files = self.followed.iter().flat_map(|f| &f.files);
            files.into_iter().any(|open| open.lines.path() == path)
        };
        let homes: BTreeSet<&PathBuf> = panes.iter().map(|(_, pane)| &pane.sessions).collect();
        let mut found = Vec::new();
        for sessions in homes {
            let [_, _, _, day] = places::days(sessions, jiff::Zoned::now().date());
            for path in places::transcripts(&day) {
                if opened(&path) {
                    continue;
                }
                let Some(head) = rollout::head(&path) else {
                    continue;
                };
                let waiting: Vec<Waiting<'_>> = panes.iter().map(|(_, p)| p.clone()).collect();
                if let Some(owner) = rollout::owner(&head, sessions, &waiting) {
                    found.push((panes[owner].0, path, head.parent.is_some()));
                }
            }
        }
        for (at, path, aside) in found {
            self.followed[at].open(path, Kind::Codex, aside);
        }
    }

    /// Watches what is to be watched and nothing else; says whether something was new.
    fn watch(&mut self) -> bool {
        let wanted: BTreeSet<PathBuf> = self.followed.iter().flat_map(Followed::folders).collect();
        let Some(watcher) = &mut self.watcher else {
            return false;
        };
        let mut new = false;
        for folder in self.watched.difference(&wanted) {
            let _ = watcher.unwatch(folder);
        }
        for folder in wanted.difference(&self.watched) {
            match watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => new = true,
                Err(e) => tracing::warn!("{} cannot be watched: {e}", folder.display()),
            }
        }
        self.watched = wanted;
        new
    }
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
