//! New sessions: named, stored, started.

use super::agent::AgentCommand;
use super::effect::Effect;
use super::feed::Ready;
use super::forks::{Result, no_session};
use super::reports::Told;
use super::session::{Alive, Session};
use super::state::{Now, State};
use super::status::Rungs;
use super::{plan, records, settle, supervise, terminals, turns, worktree};
use crate::protocol::{
    Backend, Category, Failure, Gauges, Refusal, SessionId, SessionSpec, SessionView, Source,
    Status, TurnId,
};
use std::collections::{HashMap, VecDeque};

/// The most sessions that live at once.
pub const MAX_SESSIONS: usize = 500;
/// The longest name, in characters.
const MAX_NAME: usize = 40;
/// Signs that a name may have: none that a shell or a list of names would take for its own.
const SIGNS: &str = "._-+#@:=";

/// Makes a session and starts it.
///
/// # Errors
/// A name that is taken or will not do, a folder that is none, an unknown endpoint.
pub fn spawn(
    state: &mut State,
    spec: SessionSpec,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<SessionView> {
    let spec = SessionSpec {
        own_worktree: None,
        ..spec
    };
    let id = create(state, spec, None, now)?;
    begin(state, id, now, out);
    Ok(state.sessions[&id].view.clone())
}

/// Where a fork comes from.
#[derive(Clone, Copy)]
pub struct Parent {
    pub session: SessionId,
    pub at: Option<TurnId>,
}

/// Makes a session without starting it.
///
/// # Errors
/// As [`spawn`].
pub fn create(
    state: &mut State,
    spec: SessionSpec,
    parent: Option<Parent>,
    now: Now,
) -> Result<SessionId> {
    check_name(state, &spec.name)?;
    let spec = as_agent(state, spec)?;
    if state.sessions.len() >= MAX_SESSIONS {
        return Err(too_many());
    }
    let cwd = spec.cwd.clone().unwrap_or_else(|| state.cwd.clone());
    if !cwd.is_absolute() {
        return Err(Refusal::new(
            format!("`{}` is not an absolute folder", cwd.display()),
            "name the whole path",
        ));
    }
    let mut model = spec.model.clone();
    if spec.backend.is_api() {
        let place = plan::place(&state.config, &spec.backend)
            .map_err(|failure| Refusal::new(failure.message, failure.next))?;
        model = model.or(place.model);
    }
    if let (Some(mode), None) = (&spec.permission_mode, &parent)
        && spec.backend.is_agent()
    {
        super::controls::check_mode(state, &spec.backend, mode)?;
    }
    let id = state.new_session_id();
    let window = model.as_deref().and_then(|name| state.catalog.window(name));
    let gauges = Gauges {
        local: super::budget::is_local(state, &spec.backend),
        window,
        ..Gauges::default()
    };
    let agent = terminals::agent_name(state, &spec);
    let view = SessionView {
        id,
        name: spec.name.clone(),
        backend: spec.backend.clone(),
        model,
        cwd,
        group: spec.group.clone(),
        command: spec.command.clone(),
        restart: spec.restart,
        parent: parent.as_ref().map(|parent| parent.session),
        forked_at: parent.as_ref().and_then(|parent| parent.at),
        head: parent.as_ref().and_then(|parent| parent.at),
        status: Status::Idle,
        source: Source::Protocol,
        since: now.ms,
        gauges,
        asks: Vec::new(),
        permission_mode: spec.permission_mode.clone(),
        waiting: 0,
        pid: None,
        title: None,
        note: None,
        created_at: now.ms,
        agent,
        gauges_source: Source::Protocol,
        quotas: Vec::new(),
        tree: None,
        worktree: spec.own_worktree.clone(),
        resume_at_reset: spec.resume_at_reset,
    };
    let agent_ref = (spec.backend == Backend::Claude).then(|| uuid::Uuid::new_v4().to_string());
    state
        .sessions
        .insert(id, Session::new(view, spec, agent_ref));
    Ok(id)
}

/// A backend that is called as a described agent and as no endpoint is that agent: run structured where it can be,
/// else in a terminal.
fn as_agent(state: &State, spec: SessionSpec) -> Result<SessionSpec> {
    let name = match &spec.backend {
        Backend::Endpoint(name) if !state.config.endpoints.contains_key(name) => name,
        Backend::Agent(name) => name,
        _ => return Ok(spec),
    };
    let Some(agent) = state.config.agents.get(name) else {
        return Ok(spec);
    };
    if agent.protocol.is_some() {
        return Ok(SessionSpec {
            backend: Backend::Agent(name.clone()),
            ..spec
        });
    }
    let mut command = agent.command();
    command.extend(spec.command);
    Ok(SessionSpec {
        backend: Backend::Terminal,
        command,
        ..spec
    })
}

/// Stores a new session, tells of it, and starts what it needs.
pub fn begin(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    out.push(session.row());
    records::look_around(state, id, now, out);
    if worktree::life::make_first(state, id, now, out) {
        return;
    }
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let backend = session.view.backend.clone();
    match (&backend, &session.view.model) {
        (Backend::Ollama | Backend::Endpoint(_), None) => {
            session.process = Alive::Starting;
            session.set_status(Status::Starting, Source::Protocol, now);
            out.push(session.changed());
            out.push(Effect::FindModels {
                session: id,
                backend,
            });
        }
        (Backend::Ollama, Some(model)) => {
            out.push(Effect::FindWindow {
                session: id,
                model: model.clone(),
            });
            out.push(session.changed());
        }
        (Backend::Terminal | Backend::Claude | Backend::Agent(_), _) => {
            supervise::start(state, id, now, out)
        }
        _ => out.push(session.changed()),
    }
}

/// The models of a server were found, for a session that named none.
pub fn models_found(
    state: &mut State,
    id: SessionId,
    result: std::result::Result<Vec<String>, Failure>,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.process = Alive::No;
    let found = result.and_then(|models| {
        models.into_iter().next().ok_or_else(|| {
            Failure::new(
                Category::Missing,
                format!("{} has no model", session.view.backend),
                "ollama pull NAME, or spawn with --model",
            )
        })
    });
    match found {
        Ok(model) if session.view.model.is_none() => {
            session.spec.model = Some(model.clone());
            if session.view.backend == Backend::Ollama {
                out.push(Effect::FindWindow {
                    session: id,
                    model: model.clone(),
                });
            }
            session.view.model = Some(model);
            session.set_status(Status::Idle, Source::Protocol, now);
            out.push(session.row());
        }
        Ok(_) => session.set_status(Status::Idle, Source::Protocol, now),
        Err(failure) => {
            session.view.note = Some(failure.to_string());
            session.set_status(settle::status_after(&failure), Source::Protocol, now);
        }
    }
    out.push(session.changed());
    turns::advance(state, id, now, out);
}

/// What is answered to one session more than there may be.
pub fn too_many() -> Refusal {
    Refusal::new(
        format!("at most {MAX_SESSIONS} sessions live at once"),
        "kill some: antiphon kill NAME",
    )
}

/// Whether a name will do for a new session.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_name(state: &State, name: &str) -> Result<()> {
    let strange = |c: char| {
        c.is_whitespace() || c.is_control() || c.is_ascii_punctuation() && !SIGNS.contains(c)
    };
    let wrong = if name.is_empty() {
        Some("a name is not empty")
    } else if name.chars().count() > MAX_NAME {
        Some("a name has at most 40 characters")
    } else if name.starts_with('-') || name.contains(strange) {
        Some("a name has no blanks, of signs only . _ - + # @ : = and no - first")
    } else if name.chars().all(|c| c.is_ascii_digit()) {
        Some("a name is not a number alone")
    } else {
        None
    };
    if let Some(wrong) = wrong {
        let plain: Vec<&str> = name
            .split(strange)
            .filter(|part| !part.is_empty())
            .collect();
        let plain = plain.join("-").trim_start_matches('-').to_owned();
        let next = match plain.is_empty() || plain == name || plain.chars().count() > MAX_NAME {
            true => "choose another".to_owned(),
            false => format!("choose another, such as `{plain}`"),
        };
        return Err(Refusal::new(
            format!("`{}`: {wrong}", name.escape_debug()),
            next,
        ));
    }
    if state.session_named(name).is_some() {
        return Err(Refusal::new(
            format!("there is a session `{name}` already"),
            format!("choose another name, or end it: antiphon kill {name}"),
        ));
    }
    Ok(())
}

/// Changes the model of a session from its next turn on.
///
/// # Errors
/// A terminal, which has none.
pub fn set_model(
    state: &mut State,
    id: SessionId,
    model: String,
    out: &mut Vec<Effect>,
) -> Result<()> {
    let window = state.catalog.window(&model);
    let session = state.sessions.get_mut(&id).ok_or_else(no_session)?;
    if !session.view.backend.is_chat() {
        return Err(Refusal::new("a terminal has no model", ""));
    }
    session.spec.model = Some(model.clone());
    session.view.model = Some(model.clone());
    session.view.gauges.window = window;
    if session.view.backend == Backend::Ollama {
        out.push(Effect::FindWindow {
            session: id,
            model: model.clone(),
        });
    }
    if session.view.backend.is_agent() && session.process != Alive::No {
        out.push(Effect::Command {
            session: id,
            command: AgentCommand::SetModel(model),
        });
    }
    out.push(session.row());
    out.push(session.changed());
    Ok(())
}

impl Session {
    /// A session in which nothing has happened yet.
    pub fn new(view: SessionView, spec: SessionSpec, agent_ref: Option<String>) -> Session {
        Session {
            view,
            spec,
            epoch: 0,
            running: None,
            queue: VecDeque::new(),
            detour: None,
            plan: false,
            allowed: false,
            held: None,
            agent_asks: HashMap::new(),
            process: Alive::No,
            restart_when_gone: false,
            restarts: VecDeque::new(),
            agent_ref,
            ticket: String::new(),
            size: (24, 80),
            rungs: Rungs::default(),
            ready: Ready::Yes,
            unfed: Vec::new(),
            on_screen: None,
            told: Told::default(),
        }
    }
}
