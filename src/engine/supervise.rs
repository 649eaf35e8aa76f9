//! Processes of sessions: started, ended, started again; never in circles.

use super::agent::{AgentFrom, AgentStart, Protocol};
use super::effect::{Effect, Process, Timer, To};
use super::pty::PtyEvent;
use super::session::{Alive, Session};
use super::settle::{end, status_after};
use super::state::{Now, State};
use super::status::{self, Rungs};
use super::{feed, reports, terminals, turns, worktree};
use crate::config::{ForkPoint, ProtocolKind};
use crate::protocol::{
    Backend, Block, Category, Event, Failure, ProcessTree, Restart, SessionId, Source, Status,
    Turn, TurnState,
};

/// Within so many milliseconds a process is not started again more often than the configuration allows.
const RESTART_SPAN: i64 = 60_000;

/// Starts the session's process. A chat API has none.
pub fn start(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    if worktree::life::make_first(state, id, now, out) {
        return;
    }
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    if session.view.backend == Backend::Claude
        && agent_from(state, session) != AgentFrom::Resume
        && let Some(session) = state.sessions.get_mut(&id)
    {
        // A conversation's name can be used once: the CLI may have taken it and ended before its first answer.
        session.agent_ref = Some(uuid::Uuid::new_v4().to_string());
        out.push(session.row());
    }
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    let process = match session.view.backend {
        Backend::Terminal => Ok(terminals::process(state, session)),
        Backend::Claude | Backend::Agent(_) => agent(state, session).map(Process::Agent),
        _ => return,
    };
    let mut process = match process {
        Ok(process) => process,
        Err(failure) => {
            let epoch = session.epoch;
            if let Some(session) = state.sessions.get_mut(&id) {
                session.process = Alive::Starting;
            }
            return started(state, id, epoch, Err(failure), now, out);
        }
    };
    let config = state.config.clone();
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.epoch += 1;
    session.rungs = Rungs::default();
    session.on_screen = None;
    if let Process::Terminal(start, manners) = &mut process {
        let agent = manners
            .agent
            .as_ref()
            .and_then(|name| config.agents.get(name));
        session.ready = feed::readiness(agent);
        session.view.agent.clone_from(&manners.agent);
        session.ticket = uuid::Uuid::new_v4().to_string();
        start
            .env
            .push(("ANTIPHON_TICKET".into(), session.ticket.clone()));
        reports::starting(state, id, start, now, out);
    }
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.process = Alive::Starting;
    session.view.note = None;
    session.view.title = None;
    session.set_status(Status::Starting, Source::Protocol, now);
    out.push(Effect::Start {
        session: id,
        epoch: session.epoch,
        process: Box::new(process),
    });
    out.push(session.changed());
}

/// How the session's agent is started.
///
/// # Errors
/// There is no such agent any more, or it cannot be run structured.
fn agent(state: &State, session: &Session) -> Result<AgentStart, Failure> {
    let name = session.view.backend.as_str();
    let described = state.config.agents.get(name);
    let Some((agent, protocol)) = described.and_then(|a| Some((a, a.protocol.as_ref()?))) else {
        return Err(Failure::new(
            Category::Missing,
            format!("no agent `{name}` is described that could be run structured"),
            format!("describe it in agents/{name}.toml beside the configuration"),
        ));
    };
    let start = AgentStart {
        protocol: spoken(protocol.kind),
        program: agent.program.clone().into(),
        install: format!("install: {}", agent.install),
        args: protocol.args.clone(),
        cwd: session.view.cwd.clone(),
        model: session.spec.model.clone(),
        permission_mode: session.view.permission_mode.clone(),
        conversation: session.agent_ref.clone().unwrap_or_default(),
        from: agent_from(state, session),
        system: session
            .spec
            .system
            .clone()
            .or_else(|| state.config.system.clone()),
        env: vec![("ANTIPHON_SESSION".into(), session.view.name.clone())],
    };
    if session.view.backend != Backend::Claude {
        return Ok(start);
    }
    let config = &state.config.claude;
    let mut args = start.args;
    args.extend(config.args.iter().cloned());
    Ok(AgentStart {
        program: config.program.clone().into(),
        args,
        model: start.model.or_else(|| config.model.clone()),
        permission_mode: start
            .permission_mode
            .or_else(|| config.permission_mode.clone()),
        ..start
    })
}

fn spoken(kind: ProtocolKind) -> Protocol {
    match kind {
        ProtocolKind::Claude => Protocol::Claude,
        ProtocolKind::Codex => Protocol::Codex,
        ProtocolKind::Acp => Protocol::Acp,
    }
}

/// What the last words of a session's agent tell, which ended with an error.
pub fn exit_failure(state: &State, session: &Session, stderr: &str) -> Failure {
    let described = state.config.agents.get(session.view.backend.as_str());
    let protocol = described.and_then(|agent| agent.protocol.as_ref());
    let protocol = protocol.map_or(Protocol::Claude, |protocol| spoken(protocol.kind));
    super::agent::exit_failure(protocol, stderr)
}

/// Where the agent takes the conversation from: its own, once it has answered in it; its parent's for a
/// fork that has not; else nothing.
fn agent_from(state: &State, session: &Session) -> AgentFrom {
    let path = state.path(session.view.head);
    let newest = path.iter().rev().find_map(|turn| {
        let (conversation, record) = turn.agent_ref.as_deref()?.split_once('/')?;
        Some((conversation, record))
    });
    let own = session.agent_ref.as_deref();
    match newest {
        Some((conversation, _)) if own == Some(conversation) => AgentFrom::Resume,
        _ if has_begun(state, session, &path) => AgentFrom::Resume,
        None => AgentFrom::New,
        Some((conversation, record)) => AgentFrom::Fork {
            source: conversation.to_owned(),
            at: Some(record.to_owned()),
        },
    }
}

/// Whether an agent that names its conversations itself has one of this session's own, though no turn of it has ended:
/// it was broken off in its first answer, or it is a copy of a parent's that cannot be made again, because the parent
/// may have gone on.
fn has_begun(state: &State, session: &Session, path: &[&Turn]) -> bool {
    if session.agent_ref.is_none() || !matches!(session.view.backend, Backend::Agent(_)) {
        return false;
    }
    let described = state.config.agents.get(session.view.backend.as_str());
    let fork = described.and_then(|agent| Some(agent.protocol.as_ref()?.fork));
    let told = |block: &Block| !matches!(block, Block::Notice { .. });
    let own = |turn: &&&Turn| turn.session == session.view.id;
    let copied = session.view.parent.is_some() && fork == Some(ForkPoint::End);
    copied
        || path
            .iter()
            .filter(own)
            .any(|turn| turn.blocks.iter().any(told))
}

/// A process has started, or could not.
pub fn started(
    state: &mut State,
    id: SessionId,
    epoch: u64,
    result: Result<Option<u32>, Failure>,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    // What has ended meanwhile, or was given up, does not begin any more.
    if session.epoch != epoch || session.process != Alive::Starting {
        return;
    }
    match result {
        Ok(pid) => {
            // A terminal's end is told by its own thread: that of a short program can be there before its
            // start, and is then the newer truth. Its last picture is shown all the same.
            if session.process != Alive::No {
                session.process = Alive::Yes;
                session.view.pid = pid;
                let status = match (&session.view.backend, &session.running) {
                    (Backend::Terminal, _) => status::believed(&session.rungs),
                    (_, Some(_)) => (Status::Working, Source::Protocol),
                    (_, None) => (Status::Idle, Source::Protocol),
                };
                session.set_status(status.0, status.1, now);
                out.push(session.changed());
                feed::heard(session, out);
            }
            if session.view.backend == Backend::Terminal {
                for (&face, known) in &state.faces {
                    if known.watching.contains(&id) {
                        out.push(Effect::WatchScreen { session: id, face });
                    }
                }
            }
        }
        Err(failure) => {
            session.process = Alive::No;
            feed::gone(session, out);
            session.view.note = Some(failure.to_string());
            session.set_status(status_after(&failure), Source::Protocol, now);
            out.push(session.changed());
            out.push(Effect::End { session: id });
            end(state, id, TurnState::Failed(failure), None, now, out);
        }
    }
}

/// A terminal tells something.
pub fn pty(
    state: &mut State,
    id: SessionId,
    epoch: u64,
    event: PtyEvent,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.epoch != epoch {
        return;
    }
    match event {
        PtyEvent::Title(title) => terminals::titled(state, id, &title, now, out),
        PtyEvent::Seen(seen) => terminals::seen(state, id, seen, now, out),
        PtyEvent::Says(says) => terminals::says(state, id, says, now, out),
        PtyEvent::Mark(mark) => terminals::marked(state, id, mark, now, out),
        PtyEvent::Bell => out.push(Effect::Tell {
            to: To::All,
            event: Event::Bell { session: id },
        }),
        PtyEvent::Clipboard(text) => {
            let text = Some(text).filter(|_| state.config.terminal.clipboard_is_open());
            let event = Event::Clipboard { session: id, text };
            let to = To::Watchers(id);
            out.push(Effect::Tell { to, event });
        }
        PtyEvent::Exited { code, signal } => exited(state, id, (code, signal), None, now, out),
    }
}

/// A session's process has ended by itself, with a code or by a signal; `why` where more is known.
pub fn exited(
    state: &mut State,
    id: SessionId,
    (code, signal): (Option<i32>, Option<i32>),
    why: Option<Failure>,
    now: Now,
    out: &mut Vec<Effect>,
) {
    reports::ended(state, id, now, out);
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.process = Alive::No;
    if !session.restart_when_gone {
        feed::gone(session, out);
    }
    session.view.pid = None;
    session.view.tree = None;
    session.view.asks.retain(|ask| session.held == Some(ask.id));
    session.agent_asks.clear();
    let note = why
        .as_ref()
        .filter(|_| code != Some(0))
        .map(Failure::to_string);
    if session.running.is_some() {
        let failure = why.unwrap_or_else(|| {
            let how = match signal {
                Some(signal) => format!("the process was ended by signal {signal}"),
                None => format!("the process ended with code {}", code.unwrap_or(-1)),
            };
            Failure::new(Category::Exited, how, "ask again to go on")
        });
        end(state, id, TurnState::Failed(failure), None, now, out);
    }
    let limit = state.config.sessions.restart_limit as usize;
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.process != Alive::No {
        return; // a waiting prompt has started it again
    }
    if std::mem::take(&mut session.restart_when_gone) {
        start(state, id, now, out);
        return turns::advance(state, id, now, out);
    }
    session.set_status(Status::Ended { code, signal }, Source::Protocol, now);
    session.view.note = note;
    let wanted = match session.view.restart {
        Restart::Never => false,
        Restart::Always => true,
        Restart::OnFailure => code != Some(0),
    };
    if wanted {
        plan_restart(session, limit, now, out);
    }
    out.push(session.row());
    out.push(session.changed());
}

fn plan_restart(session: &mut Session, limit: usize, now: Now, out: &mut Vec<Effect>) {
    while session
        .restarts
        .front()
        .is_some_and(|&at| now.ms - at > RESTART_SPAN)
    {
        session.restarts.pop_front();
    }
    if session.restarts.len() >= limit {
        session.view.note = Some(format!(
            "started again {limit} times within a minute: left alone · R starts it"
        ));
        return;
    }
    let wait = 500_i64 << session.restarts.len().min(6);
    session.restarts.push_back(now.ms);
    session.epoch += 1;
    session.view.note = Some(format!("starts again in {:.1} s", wait as f64 / 1000.0));
    out.push(Effect::Arm {
        timer: Timer::Restart {
            session: session.view.id,
            epoch: session.epoch,
        },
        at: now.ms + wait,
    });
}

/// The wait before a restart is over.
pub fn restart_due(state: &mut State, id: SessionId, epoch: u64, now: Now, out: &mut Vec<Effect>) {
    let due = state
        .sessions
        .get(&id)
        .is_some_and(|s| s.epoch == epoch && s.process == Alive::No);
    if due {
        start(state, id, now, out);
    }
}

/// Takes in what the processes use. A face is told of what a person would notice.
pub fn trees(state: &mut State, trees: &[(SessionId, ProcessTree)], out: &mut Vec<Effect>) {
    for (id, tree) in trees {
        let Some(session) = state.sessions.get_mut(id) else {
            continue;
        };
        let worth = session.view.tree.is_none_or(|shown| {
            let percent = |tree: &ProcessTree| tree.cpu_percent.map(f32::round);
            shown.processes != tree.processes
                || percent(&shown) != percent(tree)
                || shown.memory.abs_diff(tree.memory) > shown.memory / 50
        });
        if worth && session.process == Alive::Yes {
            session.view.tree = Some(*tree);
            out.push(session.changed());
        }
    }
}
