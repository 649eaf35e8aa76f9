//! `spawn`: a new session, and which backend it gets.

use crate::config::{Config, did_you_mean};
use crate::error::{Error, Result};
use crate::faces::cli::desk::{Desk, Engine, odd_answer};
use crate::faces::cli::groups::Spawn;
use crate::faces::cli::out::{Outcome, tell};
use crate::faces::cli::words;
use crate::protocol::{
    Answer, Backend, Event, Level, Op, Options, Query, SessionSpec, SessionView, Status,
};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long a start is waited for.
const A_WHILE: Duration = Duration::from_secs(2);

pub async fn spawn(desk: &mut Desk<'_>, args: Spawn) -> Outcome {
    let config = desk.config();
    let named = match &args.backend {
        Some(name) => Some(backend_named(&config, name)?),
        None => None,
    };
    if !args.command.is_empty() && named.as_ref().is_some_and(Backend::is_chat) {
        let what = "a command can only be run in a terminal";
        return Err(Error::new(what, "", "leave out --backend, or the command").into());
    }
    let cwd = folder(args.cwd, &config)?;
    let mut engine = desk.engine(true).await?;
    let chosen = named.is_some() || config.default.backend.is_some();
    let backend = match named {
        Some(backend) => backend,
        None if !args.command.is_empty() => Backend::Terminal,
        None => default_backend(&config, &mut engine).await?,
    };
    if let Some(model) = &args.model {
        warn_of_model(&mut engine, &backend, model).await;
    }
    let options: Options = args.sampling.into();
    if !backend.is_api() && (options != Options::default() || !args.fallback.is_empty()) {
        tell(&format!(
            "antiphon: warning: {backend} takes neither sampling options nor a fallback; they are left unused"
        ));
    }
    let rehearsed = backend == Backend::Rehearsal && !chosen;
    let spec = SessionSpec {
        model: args.model,
        cwd: Some(cwd),
        group: args.group,
        restart: args.restart,
        command: args.command,
        system: args.system,
        permission_mode: args.permission_mode,
        options,
        fallback: args.fallback,
        resume_at_reset: args.resume_at_reset,
        worktree: args.worktree,
        ..SessionSpec::new(args.name, backend)
    };
    let Answer::Sessions(sessions) = engine.op(Op::Spawn { spec }).await? else {
        return Err(odd_answer().into());
    };
    if rehearsed {
        tell(
            "antiphon: warning: no model is set up here: this is a rehearsal, its answers are made up; \
             antiphon doctor says what is missing",
        );
    }
    let mut running = Vec::new();
    for session in settled(&mut engine, sessions, args.worktree).await? {
        running.push(verdict(session)?);
    }
    if desk.out.json {
        return desk.out.json(&running);
    }
    for session in &running {
        let model = session.model.as_deref().unwrap_or_default();
        let line = format!("{}  {} {model}", session.name, session.backend);
        desk.out.line(line.trim_end())?;
        if let Some(tree) = &session.worktree {
            desk.out.line(words::worktree(tree))?;
        }
    }
    Ok(())
}

/// Waits until a session has started, or for as long as a person would; what is then still starting is no failure.
///
/// # Errors
/// It could not start, and why.
pub async fn started(engine: &mut Engine, session: SessionView) -> Result<SessionView> {
    let mut sessions = settled(engine, vec![session], false).await?;
    sessions.pop().map_or_else(|| Err(odd_answer()), verdict)
}

/// Waits until all have started or failed to, or for as long as a person would; for worktrees as long as git takes.
/// Says on standard error what could not be carried over into one.
///
/// # Errors
/// The engine is gone.
pub async fn settled(
    engine: &mut Engine,
    mut sessions: Vec<SessionView>,
    worktrees: bool,
) -> Result<Vec<SessionView>> {
    let starting = |s: &SessionView| s.status == Status::Starting;
    let by_git = |s: &SessionView| worktrees && starting(s) && s.worktree.is_none();
    let mut deadline = Instant::now() + A_WHILE;
    while sessions.iter().any(starting) {
        let event = match sessions.iter().any(by_git) {
            true => {
                let event = engine.0.next_event().await?;
                deadline = Instant::now() + A_WHILE;
                event
            }
            false => match timeout_at(deadline, engine.0.next_event()).await {
                Ok(event) => event?,
                Err(_) => break,
            },
        };
        match event {
            Event::SessionChanged { session } => {
                if let Some(place) = sessions.iter_mut().find(|s| s.id == session.id) {
                    *place = session;
                }
            }
            Event::SessionRemoved { session } => sessions.retain(|s| s.id != session),
            Event::Notice {
                level: Level::Warning,
                text,
                session: Some(id),
            } => {
                if let Some(session) = sessions.iter().find(|s| s.id == id) {
                    tell(&format!("antiphon: warning: {}: {text}", session.name));
                }
            }
            _ => {}
        }
    }
    Ok(sessions)
}

/// The session, or why it did not start.
///
/// # Errors
/// It could not start.
pub fn verdict(session: SessionView) -> Result<SessionView> {
    let (Status::Failed { .. } | Status::Limited { .. }) = session.status else {
        return Ok(session);
    };
    let name = &session.name;
    let note = session.note.clone().unwrap_or_default();
    let (_, status) = words::status(&session);
    let why = if note.is_empty() {
        status
    } else {
        words::in_commands(&note, name)
    };
    Err(Error::new(
        format!("{name} did not start: {why}"),
        "",
        format!("antiphon restart {name} tries again; antiphon kill {name} takes it from the list"),
    ))
}

/// Says on standard error what speaks against a model; it may be right all the same.
pub async fn warn_of_model(engine: &mut Engine, backend: &Backend, model: &str) {
    let query = Query::CheckModel {
        backend: backend.clone(),
        model: model.to_owned(),
    };
    if let Ok(Answer::Warnings(warnings)) = engine.query(query).await {
        for warning in warnings {
            tell(&format!("antiphon: warning: {warning}"));
        }
    }
}

/// The backend of that name, if it is built in or an endpoint of the configuration.
pub fn backend_named(config: &Config, name: &str) -> Result<Backend> {
    let backend = Backend::from(name.to_owned());
    match &backend {
        Backend::Endpoint(agent)
            if config.agents.contains_key(agent) && !config.endpoints.contains_key(agent) =>
        {
            // The engine knows what an agent is run as.
            Ok(backend)
        }
        Backend::Endpoint(endpoint) if !config.endpoints.contains_key(endpoint) => {
            let builtin = Backend::BUILT_IN;
            let names = builtin
                .iter()
                .copied()
                .chain(config.agents.keys().map(String::as_str))
                .chain(config.endpoints.keys().map(String::as_str));
            let next = did_you_mean(name, names, || {
                format!(
                    "one of {}, or add [endpoints.NAME] to config.toml",
                    builtin.join(", ")
                )
            });
            Err(Error::new(
                format!("no backend `{name}`"),
                "--backend",
                next,
            ))
        }
        _ => Ok(backend),
    }
}

/// That of the configuration, else the first that this machine has.
async fn default_backend(config: &Config, engine: &mut Engine) -> Result<Backend> {
    if let Some(backend) = &config.default.backend {
        return Ok(backend.clone());
    }
    let Answer::Offers(offers) = engine.query(Query::Offers).await? else {
        return Err(odd_answer());
    };
    let ready = offers
        .into_iter()
        .find(|offer| offer.ready && offer.backend.is_chat());
    Ok(ready.map_or(Backend::Rehearsal, |offer| offer.backend))
}

fn folder(given: Option<PathBuf>, config: &Config) -> Result<PathBuf> {
    let failed = |e: std::io::Error| Error::new(format!("no such folder: {e}"), "--cwd", "");
    let Some(given) = given else {
        return match &config.default.cwd {
            Some(cwd) => Ok(cwd.clone()),
            None => std::env::current_dir().map_err(failed),
        };
    };
    let whole = given.canonicalize().map_err(|e| {
        let place = given.display().to_string();
        Error::new(
            format!("the folder cannot be used: {e}"),
            place,
            "choose another with --cwd",
        )
    })?;
    match whole.is_dir() {
        true => Ok(whole),
        false => Err(Error::new(
            "this is not a folder",
            given.display().to_string(),
            "choose one with --cwd",
        )),
    }
}
