//! `spawn`: a new session, and which backend it gets.

use crate::config::{Config, did_you_mean};
use crate::error::{Error, Result};
use crate::faces::cli::args::Spawn;
use crate::faces::cli::desk::{Desk, Engine, odd_answer};
use crate::faces::cli::out::Outcome;
use crate::protocol::{Answer, Backend, Op, Query, SessionSpec};
use std::path::PathBuf;

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
    let mut engine = desk.engine(false).await?;
    let backend = match named {
        Some(backend) => backend,
        None if !args.command.is_empty() => Backend::Terminal,
        None => default_backend(&config, &mut engine).await?,
    };
    let spec = SessionSpec {
        model: args.model,
        cwd: Some(cwd),
        group: args.group,
        restart: args.restart,
        command: args.command,
        system: args.system,
        permission_mode: args.permission_mode,
        ..SessionSpec::new(args.name, backend)
    };
    let Answer::Sessions(sessions) = engine.op(Op::Spawn { spec }).await? else {
        return Err(odd_answer().into());
    };
    if desk.out.json {
        return desk.out.json(&sessions);
    }
    for session in &sessions {
        let model = session.model.as_deref().unwrap_or_default();
        let line = format!("{}  {} {model}", session.name, session.backend);
        desk.out.line(line.trim_end())?;
    }
    Ok(())
}

/// The backend of that name, if it is built in or an endpoint of the configuration.
pub fn backend_named(config: &Config, name: &str) -> Result<Backend> {
    let backend = Backend::from(name.to_owned());
    match &backend {
        Backend::Endpoint(endpoint) if !config.endpoints.contains_key(endpoint) => {
            let builtin = [
                "claude",
                "anthropic",
                "openai",
                "ollama",
                "terminal",
                "rehearsal",
            ];
            let names = builtin
                .into_iter()
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
