//! What a program in a terminal is doing, from whatever tells of it: the best rung that knows is believed.

use super::effect::Effect;
use super::feed;
use super::reports;
use super::session::{Alive, Session};
use super::state::Now;
use crate::config::Means;
use crate::config::agents::Kind;
use crate::protocol::{Ask, AskId, AskKind, Millis, Source, Status};

/// What one rung says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub means: Means,
    /// Since when it says so.
    pub at: Millis,
}

/// What every rung says of one program; `None`: it does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rungs {
    pub hook: Option<Said>,
    /// What the program itself reports to its terminal.
    pub protocol: Option<Said>,
    pub transcript: Option<Said>,
    pub title: Option<Said>,
    pub screen: Option<Said>,
    /// Whether a hook waits with what it has asked: then it is open, whatever the screen looks like meanwhile.
    pub waits: bool,
}

impl Rungs {
    /// A rung's own place; `None` for those that are none.
    fn place(&mut self, source: Source) -> Option<&mut Option<Said>> {
        match source {
            Source::Hook => Some(&mut self.hook),
            Source::Protocol => Some(&mut self.protocol),
            Source::Transcript => Some(&mut self.transcript),
            Source::Title => Some(&mut self.title),
            Source::Screen => Some(&mut self.screen),
            Source::None => None,
        }
    }

    /// What the rung `source` says from now on. What it says again stays as old as it is.
    pub fn say(&mut self, source: Source, means: Option<Means>, at: Millis) {
        let Some(place) = self.place(source) else {
            return;
        };
        if place.map(|said| said.means) != means {
            *place = means.map(|means| Said { means, at });
        }
    }

    /// What is believed, and on whose word: the best rung that knows and was not overtaken by events. `None`: nobody
    /// knows.
    pub fn best(&self) -> Option<(Means, Source)> {
        let rungs = [
            (Source::Hook, self.hook),
            (Source::Protocol, self.protocol),
            (Source::Transcript, self.transcript),
            (Source::Title, self.title),
            (Source::Screen, self.screen),
        ];
        rungs.into_iter().find_map(|(source, said)| {
            let said = said?;
            let is_better = matches!(source, Source::Hook | Source::Transcript);
            let over = is_better && self.overtook(said);
            (said.means != Means::NotWorking && !over).then_some((said.means, source))
        })
    }

    /// Whether a lower rung has said later what cannot be true together with it. Hooks are silent when a turn is
    /// interrupted, when an approval is refused, and when the program goes on by itself; what it reports is not, nor the
    /// title, or else the screen.
    fn overtook(&self, said: Said) -> bool {
        let later = |rung: Option<Said>| rung.filter(|r| r.at > said.at).map(|r| r.means);
        let (reported, title) = (later(self.protocol), later(self.title));
        let works = [reported, title].contains(&Some(Means::Working));
        match said.means {
            Means::Working => [reported, title]
                .into_iter()
                .flatten()
                .any(|means| means != Means::Working),
            Means::Idle | Means::NotWorking => {
                works || matches!(reported, Some(Means::NeedsYou(_)))
            }
            Means::NeedsYou(_) => {
                works
                    || reported == Some(Means::Idle)
                    || !self.waits
                        && matches!(later(self.screen), Some(Means::Working | Means::Idle))
            }
        }
    }
}

/// Takes in what a rung says of a session's program (`None`: it does not know any more), with one line on what it
/// needs its user for, and shows what is to be believed now. `new_ask` is used if a question is opened.
pub fn hear(
    session: &mut Session,
    (source, means): (Source, Option<Means>),
    line: &str,
    new_ask: AskId,
    now: Now,
    out: &mut Vec<Effect>,
) {
    if source == Source::Title && reports::hold(session, means, now, out) {
        return;
    }
    session.rungs.say(source, means, now.ms);
    if session.process != Alive::Yes {
        // It has not begun, and is shown then; or it has ended, and that is the newer truth.
        return;
    }
    // The words on the screen, and the program's own, say more than the title.
    let line = match source {
        Source::Screen | Source::Protocol => line,
        _ => "",
    };
    show(session, line, new_ask, now, out);
    feed::heard(session, out);
}

/// What is believed, as a status.
pub fn believed(rungs: &Rungs) -> (Status, Source) {
    match rungs.best() {
        None => (Status::Unknown, Source::None),
        Some((Means::Working, source)) => (Status::Working, source),
        Some((Means::NeedsYou(_), source)) => (Status::NeedsYou, source),
        Some((Means::Idle | Means::NotWorking, source)) => (Status::Idle, source),
    }
}

/// Shows what is to be believed now.
fn show(session: &mut Session, line: &str, new_ask: AskId, now: Now, out: &mut Vec<Effect>) {
    let before = (session.view.status.clone(), session.view.source);
    let asks_before = session.view.asks.clone();
    let (status, source) = believed(&session.rungs);
    let kind = match session.rungs.best() {
        Some((Means::NeedsYou(kind), Source::Title | Source::Screen)) => Some(kind),
        // Hooks may have put it already, so that it can be answered here.
        Some((Means::NeedsYou(kind), Source::Protocol)) if !session.asks_elsewhere() => Some(kind),
        _ => None,
    };
    ask_on_screen(session, kind, line, new_ask, now);
    if status != Status::NeedsYou {
        // What hooks have asked was answered on the screen, or is not waited for any more.
        session.view.asks.clear();
        session.agent_asks.clear();
    }
    session.set_status(status, source, now);
    if before != (session.view.status.clone(), source) || asks_before != session.view.asks {
        out.push(session.changed());
    }
}

/// Opens, keeps or closes the one question that stands on the program's own screen and can be answered only there.
fn ask_on_screen(session: &mut Session, kind: Option<Kind>, line: &str, id: AskId, now: Now) {
    let (kind, title) = match kind {
        None => (None, ""),
        Some(Kind::Approval) => (Some(AskKind::Approval), "an approval, on its screen"),
        Some(Kind::Question) => (Some(AskKind::Question), "a question, on its screen"),
        Some(Kind::Login) => (Some(AskKind::Login), "a login, on its screen"),
    };
    let open = session.on_screen.take();
    let still = open.filter(|open| {
        let shown = session.view.asks.iter_mut().find(|ask| ask.id == *open);
        shown.is_some_and(|ask| {
            if !line.is_empty() {
                line.clone_into(&mut ask.detail);
            }
            Some(ask.kind) == kind
        })
    });
    if let Some(gone) = open.filter(|_| still.is_none()) {
        session.view.asks.retain(|ask| ask.id != gone);
    }
    session.on_screen = match (still, kind) {
        (Some(open), _) => Some(open),
        (None, None) => None,
        (None, Some(kind)) => {
            session.view.asks.push(Ask {
                id,
                kind,
                title: title.into(),
                detail: line.to_owned(),
                since: now.ms,
                choices: Vec::new(),
                multiple: false,
                always: false,
                on_screen: true,
            });
            Some(id)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKS: Means = Means::NeedsYou(Kind::Approval);

    /// Who says what, in the order in which it is said; then what is believed.
    type Row<'a> = (&'a [(Source, Option<Means>)], Option<(Means, Source)>);

    #[test]
    fn the_best_rung_that_knows_is_believed() {
        use Means::{Idle, NotWorking, Working};
        use Source::{Hook, Protocol, Screen, Title, Transcript};
        let rows: &[Row] = &[
            (&[], None),
            (&[(Screen, Some(Idle))], Some((Idle, Screen))),
            (&[(Screen, Some(Idle)), (Screen, None)], None),
            (
                &[(Screen, Some(Idle)), (Title, Some(Working))],
                Some((Working, Title)),
            ),
            (
                &[(Title, Some(Working)), (Screen, Some(Idle))],
                Some((Working, Title)),
            ),
            // A title that tells only half leaves the rest to the screen.
            (
                &[(Title, Some(NotWorking)), (Screen, Some(ASKS))],
                Some((ASKS, Screen)),
            ),
            (&[(Title, Some(NotWorking))], None),
            (
                &[(Title, Some(Working)), (Title, None), (Screen, Some(Idle))],
                Some((Idle, Screen)),
            ),
            // A better rung that has spoken is believed, whatever the others say at the same time or before.
            (
                &[(Title, Some(Idle)), (Hook, Some(Working))],
                Some((Working, Hook)),
            ),
            (
                &[(Title, Some(Working)), (Hook, Some(Idle))],
                Some((Idle, Hook)),
            ),
            (
                &[(Title, Some(NotWorking)), (Hook, Some(ASKS))],
                Some((ASKS, Hook)),
            ),
            (
                &[(Hook, Some(ASKS)), (Title, Some(NotWorking))],
                Some((ASKS, Hook)),
            ),
            (
                &[(Hook, Some(Working)), (Screen, Some(Idle))],
                Some((Working, Hook)),
            ),
            (
                &[(Transcript, Some(Idle)), (Screen, Some(Working))],
                Some((Idle, Transcript)),
            ),
            (
                &[(Hook, Some(Idle)), (Transcript, Some(Working))],
                Some((Idle, Hook)),
            ),
            // Esc in a running turn: no hook tells, the title does.
            (
                &[(Hook, Some(Working)), (Title, Some(Idle))],
                Some((Idle, Title)),
            ),
            (
                &[
                    (Hook, Some(Working)),
                    (Title, Some(NotWorking)),
                    (Screen, Some(Idle)),
                ],
                Some((Idle, Screen)),
            ),
            // Esc in an approval: neither hook nor title tells, the screen does.
            (
                &[
                    (Title, Some(NotWorking)),
                    (Hook, Some(ASKS)),
                    (Screen, Some(ASKS)),
                ],
                Some((ASKS, Hook)),
            ),
            (
                &[
                    (Hook, Some(ASKS)),
                    (Screen, Some(ASKS)),
                    (Screen, Some(Idle)),
                ],
                Some((Idle, Screen)),
            ),
            // Approved: it works before the next hook.
            (
                &[(Hook, Some(ASKS)), (Title, Some(Working))],
                Some((Working, Title)),
            ),
            // It goes on by itself after its end.
            (
                &[(Hook, Some(Idle)), (Title, Some(Working))],
                Some((Working, Title)),
            ),
            // What a program reports is believed before its files, its title and its screen,
            (
                &[
                    (Protocol, Some(Working)),
                    (Transcript, Some(Idle)),
                    (Title, Some(Idle)),
                    (Screen, Some(ASKS)),
                ],
                Some((Working, Protocol)),
            ),
            (
                &[(Title, Some(Working)), (Protocol, Some(ASKS))],
                Some((ASKS, Protocol)),
            ),
            (
                &[
                    (Protocol, Some(Idle)),
                    (Title, Some(Working)),
                    (Protocol, None),
                ],
                Some((Working, Title)),
            ),
            // after its hooks, unless these are silent: a turn is broken off, or a dialog left.
            (
                &[(Protocol, Some(Working)), (Hook, Some(ASKS))],
                Some((ASKS, Hook)),
            ),
            (
                &[(Hook, Some(ASKS)), (Protocol, Some(ASKS))],
                Some((ASKS, Hook)),
            ),
            (
                &[(Hook, Some(Working)), (Protocol, Some(Idle))],
                Some((Idle, Protocol)),
            ),
            (
                &[(Hook, Some(ASKS)), (Protocol, Some(Idle))],
                Some((Idle, Protocol)),
            ),
            (
                &[(Hook, Some(Idle)), (Protocol, Some(ASKS))],
                Some((ASKS, Protocol)),
            ),
            (
                &[
                    (Protocol, Some(Working)),
                    (Hook, Some(Idle)),
                    (Protocol, Some(Idle)),
                ],
                Some((Idle, Hook)),
            ),
            // A title that ticks on says nothing new.
            (
                &[
                    (Title, Some(Working)),
                    (Hook, Some(Idle)),
                    (Title, Some(Working)),
                ],
                Some((Idle, Hook)),
            ),
        ];
        for (said, believed) in rows {
            let mut rungs = Rungs::default();
            for (at, (source, means)) in (1..).zip(*said) {
                rungs.say(*source, *means, at);
            }
            assert_eq!(rungs.best(), *believed, "{said:?}");
        }
    }
}
