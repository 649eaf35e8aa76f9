//! What goes from one session to others: a conversation (fork), an answer (relay), a prompt (broadcast).

use super::effect::{Effect, FaceId};
use super::spawn::{MAX_SESSIONS, Parent, begin, check_name, create, too_many};
use super::state::{Now, State};
use super::{accept, feed, seen, terminals};
use crate::config::ForkPoint;
use crate::protocol::{
    Answer, Audience, Backend, Origin, Refusal, SessionId, SessionSpec, SessionView, TurnId,
    response_text,
};
use std::collections::HashSet;

/// The most sessions one fork makes at once.
const MAX_COUNT: u32 = 32;
/// What most wishes end in.
pub type Result<T> = std::result::Result<T, Refusal>;

/// What a fork is to be.
pub struct ForkWish {
    pub session: SessionId,
    pub name: String,
    pub at: Option<TurnId>,
    pub backend: Option<Backend>,
    pub model: Option<String>,
    pub count: u32,
    pub worktree: bool,
}

/// Makes sessions that inherit another's conversation up to a turn: pointers into the same tree.
///
/// # Errors
/// A terminal; a turn that is not in the conversation or not over; too many; a name; a backend that
/// cannot take the conversation over.
pub fn fork(
    state: &mut State,
    wish: ForkWish,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Vec<SessionView>> {
    let source = state.sessions.get(&wish.session).ok_or_else(no_session)?;
    let from = source.view.backend.clone();
    let backend = wish.backend.clone().unwrap_or_else(|| from.clone());
    if from == Backend::Terminal && backend == from {
        return fork_terminal(state, wish, now, out);
    }
    if !from.is_chat() || !backend.is_chat() {
        return Err(Refusal::new(
            "a terminal holds no turns that could be inherited",
            "fork a chat session, or spawn another terminal",
        ));
    }
    if backend.is_agent() && from != backend {
        return Err(Refusal::new(
            format!("{backend} cannot take over a conversation held with {from}"),
            format!("spawn a session with {backend} and relay the answer it needs"),
        ));
    }
    let point = match state.config.agents.get(backend.as_str()) {
        Some(agent) if backend.is_agent() => {
            agent.protocol.as_ref().map_or(ForkPoint::No, |p| p.fork)
        }
        _ => ForkPoint::Turn,
    };
    if point == ForkPoint::No && source.view.head.is_some() {
        return Err(Refusal::new(
            format!("{backend} cannot fork a conversation"),
            "spawn a new session and relay the answer it needs",
        ));
    }
    check_count(wish.count)?;
    let path = state.path(source.view.head);
    let at = match wish.at {
        None => path
            .iter()
            .rev()
            .find(|turn| turn.state.is_over())
            .map(|turn| turn.id),
        Some(wanted) => match path.iter().find(|turn| turn.id == wanted) {
            Some(turn) if turn.state.is_over() => Some(wanted),
            Some(_) => {
                return Err(Refusal::new(
                    format!("{wanted} is still being answered"),
                    "fork at an earlier turn, or wait",
                ));
            }
            None => {
                return Err(Refusal::new(
                    format!(
                        "{wanted} is not in the conversation of `{}`",
                        source.view.name
                    ),
                    format!("antiphon log {}", source.view.name),
                ));
            }
        },
    };
    let newest = path.iter().rev().find(|turn| turn.state.is_over());
    if point == ForkPoint::End && at != newest.map(|turn| turn.id) {
        return Err(Refusal::new(
            format!("{backend} can fork a conversation only at its end"),
            "fork without --at",
        ));
    }
    let same = backend == from;
    let spec = SessionSpec {
        model: wish
            .model
            .or_else(|| source.view.model.clone().filter(|_| same)),
        backend,
        permission_mode: source.view.permission_mode.clone().filter(|_| same),
        cwd: Some(source.view.cwd.clone()),
        worktree: wish.worktree,
        own_worktree: None,
        ..source.spec.clone()
    };
    let context_used = source
        .view
        .gauges
        .context_used
        .filter(|_| wish.at.is_none());
    let parent = Parent {
        session: wish.session,
        at,
    };
    let views = copies(state, (wish.name, wish.count), spec, parent, now, out)?;
    for view in &views {
        if let Some(session) = state.sessions.get_mut(&view.id) {
            session.view.gauges.context_used = context_used;
        }
    }
    let views = views
        .iter()
        .map(|view| state.sessions[&view.id].view.clone());
    Ok(views.collect())
}

/// Copies of a program in a terminal, each on a copy of its conversation.
fn fork_terminal(
    state: &mut State,
    wish: ForkWish,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Vec<SessionView>> {
    let source = state.sessions.get(&wish.session).ok_or_else(no_session)?;
    terminals::may_fork(state, source)?;
    check_count(wish.count)?;
    if wish.at.is_some() {
        return Err(Refusal::new(
            "a program in a terminal can be forked only at the end of its conversation",
            "fork without --at",
        ));
    }
    if wish.model.is_some() {
        return Err(Refusal::new(
            "a program in a terminal is told its model by its own arguments",
            "fork without a model",
        ));
    }
    if wish.worktree && !terminals::forks_elsewhere(state, source) {
        return Err(Refusal::new(
            "this program goes on with a conversation in the folder where it began",
            "fork without a worktree",
        ));
    }
    let spec = SessionSpec {
        cwd: Some(source.view.cwd.clone()),
        worktree: wish.worktree,
        own_worktree: None,
        ..source.spec.clone()
    };
    let parent = Parent {
        session: wish.session,
        at: None,
    };
    copies(state, (wish.name, wish.count), spec, parent, now, out)
}

fn check_count(count: u32) -> Result<()> {
    if count == 0 || count > MAX_COUNT {
        return Err(Refusal::new(
            format!("{count} forks at once: from 1 to {MAX_COUNT} are possible"),
            format!("--count {MAX_COUNT}"),
        ));
    }
    Ok(())
}

/// So many sessions of this spec: all of them, or none.
fn copies(
    state: &mut State,
    (name, count): (String, u32),
    spec: SessionSpec,
    parent: Parent,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Vec<SessionView>> {
    let names: Vec<String> = match count {
        1 => vec![name],
        count => (1..=count).map(|n| format!("{name}-{n}")).collect(),
    };
    if state.sessions.len() + names.len() > MAX_SESSIONS {
        return Err(too_many());
    }
    for name in &names {
        check_name(state, name)?;
    }
    let mut views = Vec::new();
    for name in names {
        let spec = SessionSpec {
            name,
            ..spec.clone()
        };
        let id = create(state, spec, Some(parent), now)?;
        begin(state, id, now, out);
        views.push(state.sessions[&id].view.clone());
    }
    Ok(views)
}

/// What is to be relayed where.
pub struct RelayWish {
    pub from: SessionId,
    pub turn: Option<TurnId>,
    pub to: SessionId,
    pub submit: bool,
    pub template: Option<String>,
}

/// Sends an answer of one session as the prompt of another. For a terminal it is pasted.
///
/// # Errors
/// No such session, answer or template, or an answer without text.
pub fn relay(
    state: &mut State,
    wish: RelayWish,
    (face, request): (FaceId, u64),
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let (from, to) = (wish.from, wish.to);
    let source = state.sessions.get(&from).ok_or_else(no_session)?;
    let target = state.sessions.get(&to).ok_or_else(no_session)?;
    let path = state.path(source.view.head);
    let has_text = |turn: &&&crate::protocol::Turn| !response_text(&turn.blocks).is_empty();
    let relayed = match wish.turn {
        Some(wanted) => path.iter().find(|turn| turn.id == wanted),
        None => path
            .iter()
            .rev()
            .filter(|turn| turn.state.is_over())
            .find(has_text),
    };
    let Some(relayed) = relayed.filter(has_text) else {
        return Err(Refusal::new(
            format!("`{}` has no answer to relay", source.view.name),
            format!("antiphon log {}", source.view.name),
        ));
    };
    let (id, text) = (relayed.id, response_text(&relayed.blocks));
    let name = source.view.name.clone();
    let filled = fill(state, wish.template.as_deref(), &name, &text)?;
    if target.view.backend == Backend::Terminal {
        seen::relayed(state, id, now, out);
        let text = match wish.template {
            Some(_) => filled,
            None => text,
        };
        let id = Some(request);
        match wish.submit {
            true => feed::feed(state, to, feed::Prompt { text, face, id }, now, out),
            false => out.push(Effect::Paste {
                session: to,
                text,
                submit: false,
                face,
                id,
            }),
        }
        return Ok(None);
    }
    let origin = Origin::Relay {
        from: name,
        turn: id,
    };
    seen::relayed(state, id, now, out);
    let asked = accept::ask(state, to, accept::Prompt::new(filled, origin), now, out);
    Ok(Some(Answer::Turns(vec![(to, asked)])))
}

/// A template with the answer in it. Never begins with a slash, which an agent would take for a command.
fn fill(state: &State, template: Option<&str>, from: &str, text: &str) -> Result<String> {
    let templates = &state.config.relay.templates;
    let name = template.unwrap_or("plain");
    let Some(template) = templates.get(name) else {
        let known: Vec<&str> = templates.keys().map(String::as_str).collect();
        return Err(Refusal::new(
            format!("there is no template `{name}`"),
            format!("the configuration has {}", known.join(", ")),
        ));
    };
    let filled = template.replace("{from}", from).replace("{text}", text);
    Ok(match filled.trim_start().starts_with('/') {
        true => format!("From {from}:\n\n{filled}"),
        false => filled,
    })
}

/// Sends one prompt to a set of sessions.
///
/// # Errors
/// An empty set, or a session that does not exist; then nothing is sent.
pub fn broadcast(
    state: &mut State,
    to: Audience,
    prompt: &str,
    face: FaceId,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Answer> {
    let mut audience: Vec<SessionId> = match &to {
        Audience::Sessions(ids) => ids.clone(),
        Audience::Group(group) => state
            .sessions
            .values()
            .filter(|s| s.view.group.as_ref() == Some(group) && s.view.backend.is_chat())
            .map(|s| s.view.id)
            .collect(),
        Audience::All => state
            .sessions
            .values()
            .filter(|s| s.view.backend.is_chat())
            .map(|s| s.view.id)
            .collect(),
    };
    let mut seen = HashSet::new();
    audience.retain(|id| seen.insert(*id));
    if audience.iter().any(|id| !state.sessions.contains_key(id)) {
        return Err(no_session());
    }
    if audience.is_empty() {
        return Err(Refusal::new(
            match to {
                Audience::Group(group) => format!("no chat session is in group `{group}`"),
                _ => "there is nobody to broadcast to".into(),
            },
            "antiphon list shows the sessions and their groups",
        ));
    }
    let number = state.next.broadcast;
    state.next.broadcast += 1;
    let mut asked = Vec::new();
    for id in audience {
        if state.sessions[&id].view.backend == Backend::Terminal {
            let prompt = feed::Prompt {
                text: prompt.to_owned(),
                face,
                id: None,
            };
            feed::feed(state, id, prompt, now, out);
        } else {
            let origin = Origin::Broadcast { number };
            let prompt = accept::Prompt::new(prompt.to_owned(), origin);
            asked.push((id, accept::ask(state, id, prompt, now, out)));
        }
    }
    Ok(Answer::Turns(asked))
}

/// What is answered to a wish about a session that is not there.
pub fn no_session() -> Refusal {
    Refusal::new(
        "there is no such session",
        "antiphon list shows those there are",
    )
}
