//! Programs in terminals: how each is run, which conversation it is started on, and what it tells.

use super::conversation::{Way, own_conversation, split, ways};
use super::effect::{Effect, Process};
use super::pty::{Mark, PtyStart, Says, Seen, Sight};
use super::session::Session;
use super::state::{Now, State};
use super::status;
use crate::config::Means;
use crate::config::agents::{Agent, Feed, Stop, StopSignal, first, of_command};
use crate::protocol::{Backend, Refusal, SessionId, SessionSpec, Source};
use rustix::process::Signal;
use std::time::Duration;

/// What the runtime needs to know of a program, besides how its terminal is started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manners {
    /// The description that it was recognised by.
    pub agent: Option<String>,
    /// Ways to start it, best first: the first that can be gone is. Empty: with its command as it is.
    pub ways: Vec<Way>,
    pub feed: Feed,
    pub stop: Stop,
}

/// The description of the program in a session's terminal.
pub fn agent<'a>(state: &'a State, session: &Session) -> Option<&'a Agent> {
    if session.view.backend != Backend::Terminal {
        return None;
    }
    of_command(&state.config.agents, &command(state, session))
}

/// The name of the description by which a session's program is known.
pub fn agent_name(state: &State, spec: &SessionSpec) -> Option<String> {
    match &spec.backend {
        Backend::Claude | Backend::Agent(_) => Some(spec.backend.as_str().to_owned()),
        Backend::Terminal => {
            let command = words(state, &spec.command);
            of_command(&state.config.agents, &command).map(|agent| agent.name.clone())
        }
        _ => None,
    }
}

fn command(state: &State, session: &Session) -> Vec<String> {
    words(state, &session.spec.command)
}

/// The user's words, or the shell of the configuration.
fn words(state: &State, words: &[String]) -> Vec<String> {
    match &state.config.terminal.shell {
        Some(shell) if words.is_empty() => vec![shell.clone()],
        _ => words.to_vec(),
    }
}

/// How the program of a terminal is started.
pub fn process(state: &State, session: &Session) -> Process {
    let agent = agent(state, session);
    let mut command = command(state, session);
    let mut manners = Manners::default();
    let mut sight = Sight::default();
    let mut env = vec![("ANTIPHON_SESSION".into(), session.view.name.clone())];
    let mut not_inherited = Vec::new();
    if let Some(agent) = agent {
        sight = Sight {
            lines: agent.screen.lines,
            rules: agent.screen.rules.clone(),
        };
        let set = agent.environment.set.iter();
        env.extend(set.map(|(name, value)| (name.clone(), value.clone())));
        not_inherited.clone_from(&agent.environment.remove);
        if let Some(conversation) = own_conversation(agent, &command) {
            let parent = session.view.parent.and_then(|id| state.sessions.get(&id));
            let source = parent.and_then(|parent| parent.agent_ref.as_deref());
            let (options, prompts) = split(&command, &conversation.valued);
            let own = session.agent_ref.as_deref();
            manners.ways = ways(conversation, own, source, prompts);
            command = options;
        }
        manners = Manners {
            agent: Some(agent.name.clone()),
            feed: agent.feed.clone(),
            stop: agent.stop.clone(),
            ..manners
        };
    }
    let start = PtyStart {
        session: session.view.id,
        command,
        cwd: session.view.cwd.clone(),
        rows: session.size.0,
        cols: session.size.1,
        scrollback: state.config.terminal.scrollback as usize,
        scrollback_disk: state.config.terminal.scrollback_disk,
        // The runtime knows where.
        state: std::path::PathBuf::new(),
        env,
        not_inherited,
        sight,
        ending: ending(&manners.stop),
    };
    Process::Terminal(start, manners)
}

fn ending(stop: &Stop) -> (Signal, Duration) {
    let signal = match stop.signal {
        StopSignal::Hup => Signal::HUP,
        StopSignal::Int => Signal::INT,
        StopSignal::Term => Signal::TERM,
    };
    (signal, Duration::from_millis(stop.grace_ms.into()))
}

/// The program was started on this conversation.
pub fn begun(
    state: &mut State,
    id: SessionId,
    epoch: u64,
    conversation: String,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.epoch == epoch && session.agent_ref.as_ref() != Some(&conversation) {
        session.agent_ref = Some(conversation);
        out.push(session.row());
    }
}

/// Whether the program can be started again on its conversation, so that nothing is done twice.
pub fn comes_back(state: &State, session: &Session) -> bool {
    let conversation =
        agent(state, session).and_then(|agent| own_conversation(agent, &command(state, session)));
    conversation.is_some() && session.agent_ref.is_some()
}

/// Whether a session's program can give its conversation to a copy of it.
///
/// # Errors
/// It has none, or none that can be copied; says which.
pub fn may_fork(state: &State, session: &Session) -> Result<(), Refusal> {
    let name = &session.view.name;
    let refused = |what: String, next: &str| Err(Refusal::new(what, next));
    let Some(agent) = agent(state, session) else {
        return refused(
            format!("`{name}` runs no program that is known to hold a conversation"),
            "fork a chat session, or spawn another terminal",
        );
    };
    let label = &agent.label;
    match (
        &agent.conversation,
        own_conversation(agent, &command(state, session)),
    ) {
        (Some(known), _) if known.fork.is_empty() => refused(
            format!("{label} cannot copy a conversation"),
            "spawn another, and relay to it what it needs",
        ),
        (None, _) => refused(
            format!("{label} in a terminal cannot copy a conversation"),
            "spawn another, and relay to it what it needs",
        ),
        (Some(_), None) => refused(
            format!("the command of `{name}` chooses its conversation itself"),
            "spawn one with the arguments that copy it",
        ),
        (Some(_), Some(_)) if session.agent_ref.is_none() => refused(
            format!("the conversation of `{name}` has no name yet"),
            "fork it once it has answered",
        ),
        (Some(_), Some(_)) => Ok(()),
    }
}

/// Whether a copy of the program's conversation goes on in another folder.
pub fn forks_elsewhere(state: &State, session: &Session) -> bool {
    let conversation = agent(state, session).and_then(|agent| agent.conversation.as_ref());
    conversation.is_some_and(|conversation| conversation.fork_elsewhere)
}

/// Asks the program to stop what it is doing, by its own keys.
pub fn interrupt(state: &State, id: SessionId, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    let keys = agent(state, session).map_or_else(
        || crate::config::agents::Interrupt::default().keys,
        |agent| agent.interrupt.keys.clone(),
    );
    out.push(Effect::Press { session: id, keys });
}

/// The title has changed. What it says of the status is said by the status, and not shown twice.
pub fn titled(state: &mut State, id: SessionId, title: &str, now: Now, out: &mut Vec<Effect>) {
    let agents = state.config.clone();
    let new_ask = state.new_ask_id();
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let agent = (session.view.agent.as_deref()).and_then(|name| agents.agents.get(name));
    let rules = agent.map(|agent| agent.title.rules.as_slice());
    let found = first(rules.unwrap_or_default(), title).filter(|_| !title.is_empty());
    let rest = match &found {
        Some((_, place)) if place.start == 0 => &title[place.end..],
        _ => title,
    };
    let rest = rest.trim();
    let shown = (!rest.is_empty()).then(|| rest.to_owned());
    let retitled = session.view.title != shown;
    session.view.title = shown;
    let before = out.len();
    let means = found.map(|(rule, _)| rule.means);
    status::hear(session, (Source::Title, means), rest, new_ask, now, out);
    if retitled && out.len() == before {
        out.push(session.changed());
    }
}

/// The screen says something else.
pub fn seen(state: &mut State, id: SessionId, seen: Option<Seen>, now: Now, out: &mut Vec<Effect>) {
    let new_ask = state.new_ask_id();
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let means = seen.as_ref().map(|seen| seen.means);
    let line = seen.map(|seen| seen.line).unwrap_or_default();
    status::hear(session, (Source::Screen, means), &line, new_ask, now, out);
}

/// How the note begins that tells of an error which the program itself reports.
const ERROR: &str = "it reports an error";

/// The program says something else of itself.
pub fn says(state: &mut State, id: SessionId, says: Option<Says>, now: Now, out: &mut Vec<Effect>) {
    let new_ask = state.new_ask_id();
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let note = says.as_ref().filter(|says| says.failed);
    let note = note.map(|says| match says.line.is_empty() {
        true => ERROR.to_owned(),
        false => format!("{ERROR}: {}", says.line),
    });
    let was = session.view.note.as_deref();
    // Any other note stays.
    let renoted =
        was != note.as_deref() && (note.is_some() || was.is_some_and(|was| was.starts_with(ERROR)));
    if renoted {
        session.view.note = note;
    }
    let before = out.len();
    let means = says.as_ref().map(|says| says.means);
    let line = says.map(|says| says.line).unwrap_or_default();
    status::hear(session, (Source::Protocol, means), &line, new_ask, now, out);
    if renoted && out.len() == before {
        out.push(session.changed());
    }
}

/// A shell has marked its prompt or a command: its own hooks tell.
pub fn marked(state: &mut State, id: SessionId, mark: Mark, now: Now, out: &mut Vec<Effect>) {
    let config = state.config.clone();
    let new_ask = state.new_ask_id();
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let agent = (session.view.agent.as_deref()).and_then(|name| config.agents.get(name));
    if !agent.is_some_and(|agent| agent.prompt_marks) {
        return;
    }
    let means = match mark {
        Mark::Prompt => Means::Idle,
        Mark::Command => Means::Working,
    };
    status::hear(session, (Source::Hook, Some(means)), "", new_ask, now, out);
}
