//! `wait`: until a session is in a state, as the engine tells it; nothing is asked again and again.

use crate::error::Error;
use crate::faces::cli::desk::{Desk, Engine, find};
use crate::faces::cli::groups::{Until, Wait};
use crate::faces::cli::out::{Ink, Out, Outcome, Stop};
use crate::faces::cli::words;
use crate::protocol::{Event, SessionView, Status};
use std::time::Duration;

pub async fn wait(desk: &mut Desk<'_>, args: Wait) -> Outcome {
    let mut engine = desk.engine(true).await?;
    let met = match args.timeout {
        None => met(&mut engine, &args).await?,
        Some(seconds) => {
            let time = Duration::from_secs(seconds);
            let met = tokio::time::timeout(time, met(&mut engine, &args)).await;
            met.map_err(|_| {
                let what = format!("it did not come within {seconds} s");
                Error::new(what, "", "antiphon list shows how all sessions are")
            })??
        }
    };
    tell(&mut desk.out, &met)
}

/// The sessions that are what was waited for, as soon as there are enough.
async fn met(engine: &mut Engine, args: &Wait) -> Result<Vec<SessionView>, Stop> {
    let mut sessions = engine.snapshot().await?.sessions;
    let mut wanted = Vec::new();
    for name in &args.names {
        wanted.push(find(&sessions, name)?.id);
    }
    let every = wanted.is_empty();
    loop {
        let meant = |s: &&SessionView| every || wanted.contains(&s.id);
        let all: Vec<&SessionView> = sessions.iter().filter(meant).collect();
        let is = |s: &&&SessionView| args.until.iter().any(|until| fits(s, *until));
        let met: Vec<SessionView> = all.iter().filter(is).map(|s| (*s).clone()).collect();
        if !met.is_empty() && (!args.all || met.len() == all.len()) {
            return Ok(met);
        }
        match engine.0.next_event().await? {
            Event::SessionChanged { session } => {
                match sessions.iter_mut().find(|own| own.id == session.id) {
                    Some(own) => *own = session,
                    None => sessions.push(session),
                }
            }
            Event::SessionRemoved { session } => {
                sessions.retain(|own| own.id != session);
                if wanted.contains(&session) {
                    let what = "the session was killed";
                    return Err(Error::new(what, "", "antiphon list shows the others").into());
                }
            }
            Event::Snapshot { snapshot } => sessions = snapshot.sessions,
            Event::Stopping => return Err(Error::new("the engine was stopped", "", "").into()),
            _ => {}
        }
    }
}

fn fits(session: &SessionView, until: Until) -> bool {
    let asks = session.status == Status::NeedsYou || !session.asks.is_empty();
    match until {
        Until::NeedsYou => asks,
        // With prompts that wait it is idle for a moment only.
        Until::Idle => session.status == Status::Idle && !asks && session.waiting == 0,
        Until::Working => matches!(session.status, Status::Working | Status::Starting),
        Until::Limited => matches!(session.status, Status::Limited { .. }),
        Until::Failed => matches!(session.status, Status::Failed { .. }),
        Until::Ended => matches!(session.status, Status::Ended { .. }),
    }
}

fn tell(out: &mut Out, met: &[SessionView]) -> Outcome {
    if out.json {
        return out.json(&met);
    }
    for session in met {
        let (ink, status) = words::status(session);
        out.inked(&[
            (Ink::Bold, &session.name),
            (Ink::Plain, "  "),
            (ink, &status),
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::faces::cli::testing::{only, run, snapshot};
    use crate::protocol::testing::session;
    use crate::protocol::*;

    /// Two sessions that work; then `b` asks, `a` is idle, `b` is idle.
    fn busy(request: &Request) -> (Vec<Event>, Result<Answer, Refusal>, Vec<Event>) {
        let one = |id: u64, status: Status| {
            let mut one = session(id, ["a", "b"][id as usize - 1]);
            one.status = status;
            one
        };
        let changed = |id, status| Event::SessionChanged {
            session: one(id, status),
        };
        match request {
            Request::Query(Query::Snapshot) => {
                let house = vec![one(1, Status::Working), one(2, Status::Working)];
                let events = vec![
                    changed(2, Status::NeedsYou),
                    changed(1, Status::Idle),
                    changed(2, Status::Idle),
                ];
                (vec![], Ok(snapshot(house)), events)
            }
            _ => only(Answer::Done),
        }
    }

    #[tokio::test]
    async fn it_ends_when_one_or_all_are_so() {
        for (line, page) in [
            ("wait --until needs-you", "b  needs you\n"),
            ("wait --until idle", "a  idle\n"),
            ("wait b --until idle", "b  idle\n"),
            ("wait a b --until idle --all", "a  idle\nb  idle\n"),
            (
                "wait --all --until idle,needs-you",
                "a  idle\nb  needs you\n",
            ),
            ("wait --until working", "a  working\nb  working\n"),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            let (outcome, shown, seen) = run(&words, busy).await;
            outcome.unwrap();
            assert_eq!(shown, page, "{line}");
            assert_eq!(seen.len(), 1, "it asks once");
        }
        let (outcome, ..) = run(&["wait", "--until", "failed", "--timeout", "0"], busy).await;
        assert!(outcome.is_err());
        assert!(
            run(&["wait", "c", "--until", "idle"], busy)
                .await
                .0
                .is_err()
        );
    }
}
