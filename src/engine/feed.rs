//! Prompts for programs in terminals. What is sent to an agent that has only begun would be lost on it, or be taken for
//! the answer to a dialog: it is held until the agent shows that it takes prompts, for a while.

use super::effect::{Effect, FaceId, Timer, To};
use super::session::{Alive, Session};
use super::state::{Now, State};
use super::status;
use crate::config::Means;
use crate::config::agents::Agent;
use crate::protocol::{Event, Level, Millis, Refusal, SessionId, Status};

/// How long a prompt is held: programs begin within a few seconds, also on a busy machine.
const PATIENCE: Millis = 30_000;
/// How many are held for one program; more are refused.
const MOST: usize = 16;

/// Whether the program of a terminal takes prompts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ready {
    /// It does, or nothing would tell when it does.
    #[default]
    Yes,
    /// Not before its screen says so.
    WhenSeen,
    /// Not before anything else says so.
    WhenHeard,
}

/// A prompt on its way into a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    pub text: String,
    pub face: FaceId,
    /// The wish that is answered once it was typed; `None`: part of a broadcast, which was answered.
    pub id: Option<u64>,
}

impl Prompt {
    fn typed(self, session: SessionId) -> Effect {
        Effect::Paste {
            session,
            text: self.text,
            submit: true,
            face: self.face,
            id: self.id,
        }
    }

    fn refused(self, session: SessionId, refusal: &Refusal) -> Effect {
        match self.id {
            Some(id) => Effect::Reply {
                face: self.face,
                id,
                result: Err(refusal.clone()),
            },
            None => Effect::Tell {
                to: To::All,
                event: Event::Notice {
                    level: Level::Error,
                    text: refusal.to_string(),
                    session: Some(session),
                },
            },
        }
    }
}

/// How a program that is about to begin will show that it takes prompts.
pub fn readiness(agent: Option<&Agent>) -> Ready {
    let Some(agent) = agent else {
        return Ready::Yes;
    };
    let tells =
        |rules: &[crate::config::agents::Rule]| rules.iter().any(|r| r.means == Means::Idle);
    match (tells(&agent.screen.rules), tells(&agent.title.rules)) {
        (true, _) => Ready::WhenSeen,
        (false, true) => Ready::WhenHeard,
        (false, false) if agent.hooks.is_some() => Ready::WhenHeard,
        (false, false) => Ready::Yes,
    }
}

/// Types a prompt and sends it, now or once the program takes it.
pub fn feed(state: &mut State, id: SessionId, prompt: Prompt, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let takes = match session.process {
        // It refuses by itself.
        Alive::No => true,
        Alive::Starting => false,
        // One that is ended so that it begins again takes nothing; the next one does.
        Alive::Yes => session.ready == Ready::Yes && !session.restart_when_gone,
    };
    if takes {
        return out.push(prompt.typed(id));
    }
    if session.unfed.len() >= MOST {
        let what = format!(
            "{MOST} prompts wait already for `{}` to begin",
            session.view.name
        );
        let refusal = Refusal::new(what, "look at its pane; send it again once it has begun");
        return out.push(prompt.refused(id, &refusal));
    }
    if prompt.id.is_none() {
        // It was answered, and is not stored: who sent it is told so.
        out.push(held(&session.view.name, id, prompt.face));
    }
    session.unfed.push(prompt);
    out.push(Effect::Arm {
        timer: Timer::Unfed { session: id },
        at: now.ms + PATIENCE,
    });
}

fn held(name: &str, session: SessionId, face: FaceId) -> Effect {
    let seconds = PATIENCE / 1000;
    Effect::Tell {
        to: To::Face(face),
        event: Event::Notice {
            level: Level::Info,
            text: format!(
                "`{name}` takes no prompts yet: this one is held for at most {seconds} s, and lost if the engine ends before"
            ),
            session: Some(session),
        },
    }
}

/// Something has told of the program: what waited for it is sent if it takes prompts now.
pub fn heard(session: &mut Session, out: &mut Vec<Effect>) {
    if session.process != Alive::Yes || session.restart_when_gone {
        return;
    }
    let is_ready = match session.ready {
        Ready::Yes => true,
        // A title or a hook can be there before the line for prompts.
        Ready::WhenSeen => {
            let seen = session.rungs.screen.map(|said| said.means);
            matches!(seen, Some(Means::Idle | Means::Working))
        }
        Ready::WhenHeard => is_open(session),
    };
    if is_ready {
        session.ready = Ready::Yes;
        send(session, out);
    }
}

/// Whether anything says that it idles or works.
fn is_open(session: &Session) -> bool {
    matches!(
        status::believed(&session.rungs).0,
        Status::Idle | Status::Working
    )
}

fn send(session: &mut Session, out: &mut Vec<Effect>) {
    let id = session.view.id;
    out.extend(session.unfed.drain(..).map(|prompt| prompt.typed(id)));
}

/// They were held for long enough.
pub fn overdue(state: &mut State, id: SessionId, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.unfed.is_empty() {
        return;
    }
    if is_open(session) && session.process == Alive::Yes && !session.restart_when_gone {
        // Its screen looks like none that is described, and yet it has begun.
        session.ready = Ready::Yes;
        return send(session, out);
    }
    let what = match session.view.status {
        Status::NeedsYou => "asks something before it takes prompts",
        _ => "has not shown that it takes prompts",
    };
    let seconds = PATIENCE / 1000;
    let what = format!(
        "`{}` {what}: after {seconds} s, nothing was sent",
        session.view.name
    );
    refuse(session, &what, out);
}

/// Nothing can be sent to it any more.
pub fn gone(session: &mut Session, out: &mut Vec<Effect>) {
    let what = format!("`{}` ended before it took prompts", session.view.name);
    refuse(session, &what, out);
}

fn refuse(session: &mut Session, what: &str, out: &mut Vec<Effect>) {
    let refusal = Refusal::new(what, "look at its pane, then send it again");
    let id = session.view.id;
    out.extend(
        session
            .unfed
            .drain(..)
            .map(|prompt| prompt.refused(id, &refusal)),
    );
}
