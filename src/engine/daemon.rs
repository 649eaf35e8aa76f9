//! The engine as a process: one for each user, found through its socket, ended by a word or a signal.

use super::calibrate::CALIBRATED;
use super::effect::{FaceId, Input};
use super::evidence;
use super::ratings::CORRECTIONS;
use super::recover::{Beginning, FACTORS, recover};
use super::runtime::{
    Clock, INBOX, Mail, end_those_of_the_last, load_catalog, load_config, run, serve,
};
use crate::config::Paths;
use crate::error::{Error, Result};
use crate::protocol::EngineStatus;
use crate::store::{self, Reader};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::UnixListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// Possession of the right to be the engine; ends with the process, however that ends.
struct Lock {
    _file: File,
}

/// Why no engine was started.
pub enum NotStarted {
    /// Another one runs, with this process id where it could be read.
    Held(Option<u32>),
    Failed(Error),
}

impl From<Error> for NotStarted {
    fn from(error: Error) -> NotStarted {
        NotStarted::Failed(error)
    }
}

/// Removes the socket when the engine ends.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Runs the engine in this process until it is told to stop. `ready` is called once faces can connect.
///
/// # Errors
/// Another engine runs; the folders, the socket or the store cannot be used.
pub fn run_engine(
    paths: Paths,
    ready: impl FnOnce() + Send + 'static,
) -> std::result::Result<(), NotStarted> {
    paths.create()?;
    let _lock = lock(&paths)?;
    // A session of its own, so that the terminal it was started from does not take it along.
    let _ = rustix::process::setsid();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Error::new(format!("cannot start threads: {e}"), "", ""))?;
    // On one of the runtime's threads: what a face asks for is heard without waking another one.
    let living = runtime.spawn(live(paths, ready));
    match runtime.block_on(living) {
        Ok(result) => result?,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
    // Tasks that hang on a dead network are not waited for.
    runtime.shutdown_background();
    Ok(())
}

async fn live(paths: Paths, ready: impl FnOnce() + Send) -> Result<()> {
    let listener = listen(&paths)?;
    let socket = Socket(paths.socket());
    let (journal, loaded) = store::open(&paths.store_file())?;
    let mut clock = Clock::new();
    let now = clock.now();
    let reader = Reader::open(&paths.store_file())?;
    let spent = reader.spent_since(now.midnight)?;
    let (catalog, mistakes) = load_catalog(&paths);
    let (learner, written) = evidence::load(&reader, &catalog)?;
    let corrections = reader.setting(CORRECTIONS)?;
    let corrections = corrections.and_then(|text| serde_json::from_str(&text).ok());
    let calibrated_at = reader.setting(CALIBRATED)?;
    let calibrated_at = calibrated_at.and_then(|text| text.parse().ok());
    // Factors and corrections that cannot be read are learned anew.
    let factors = reader.setting(FACTORS)?;
    let factors = factors.and_then(|text| serde_json::from_str(&text).ok());
    drop(reader);
    let config = load_config(&paths, None);
    // Before sessions begin that might join them.
    let (tickets, agents) = (paths.tickets(), config.config.agents.clone());
    let ending = move || end_those_of_the_last(&tickets, &agents);
    let _ = tokio::task::spawn_blocking(ending).await;
    let beginning = Beginning {
        config: Arc::new(config.config.clone()),
        problems: [config.problems.clone(), mistakes].concat(),
        catalog,
        about: EngineStatus {
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").into(),
            socket: paths.socket(),
            store: paths.store_file(),
            sessions: 0,
            faces: 0,
            started_at: now.ms,
        },
        cwd: std::env::current_dir().unwrap_or_else(|_| "/".into()),
        learner,
        written,
        calibrated_at,
        corrections: corrections.unwrap_or_default(),
        factors: factors.unwrap_or_default(),
        spent,
    };
    let (state, first) = recover(beginning, loaded, now);
    let (inbox, mail) = mpsc::channel(INBOX);
    tokio::spawn(accept(listener, inbox.clone()));
    tokio::spawn(heed_signals(inbox.clone()));
    tracing::info!("ready: {} sessions", state.sessions.len());
    ready();
    run(state, first, journal, (paths, config), clock, (inbox, mail)).await;
    drop(socket);
    tracing::info!("ended");
    Ok(())
}

async fn accept(listener: UnixListener, inbox: mpsc::Sender<Mail>) {
    let mut next = 1;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, FaceId(next), inbox.clone()));
                next += 1;
            }
            Err(e) => {
                // Out of files, most likely: wait for some to be closed.
                tracing::warn!("a face could not connect: {e}");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
}

async fn heed_signals(inbox: mpsc::Sender<Mail>) {
    let (Ok(mut term), Ok(mut int), Ok(mut hup)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
        signal(SignalKind::hangup()),
    ) else {
        return;
    };
    loop {
        tokio::select! {
            _ = term.recv() => break,
            _ = int.recv() => break,
            // The terminal it was started from is gone; that is no reason to end.
            _ = hup.recv() => {}
        }
    }
    let _ = inbox.send(Mail::Input(Input::Stop)).await;
}

fn lock(paths: &Paths) -> std::result::Result<Lock, NotStarted> {
    let path = paths.lock();
    let failed = |e: std::io::Error| {
        Error::new(
            format!("cannot use the engine's lock: {e}"),
            path.display().to_string(),
            "check who owns that folder",
        )
    };
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let pid = std::fs::read_to_string(&path)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        return Err(NotStarted::Held(pid));
    }
    file.set_len(0).map_err(failed)?;
    file.rewind().map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    Ok(Lock { _file: file })
}

/// Whoever holds the lock may take the place of a socket that nobody listens on any more.
fn listen(paths: &Paths) -> Result<UnixListener> {
    let path = paths.socket();
    let failed = |e: std::io::Error| {
        Error::new(
            format!("cannot listen for faces: {e}"),
            path.display().to_string(),
            "check who owns that folder",
        )
    };
    match std::fs::remove_file(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
        _ => {}
    }
    let listener = UnixListener::bind(&path).map_err(failed)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}
