//! `fork`, `relay` and `broadcast`: from one session to others.

use crate::faces::cli::asking::{finish, tell_where};
use crate::faces::cli::desk::{Desk, find, odd_answer, prompt};
use crate::faces::cli::follow::{to_the_end, verdict as of_turn, watch};
use crate::faces::cli::groups::{Broadcast, Fork, Relay};
use crate::faces::cli::out::{Ink, Outcome, Stop, tell};
use crate::faces::cli::starting::{backend_named, settled, verdict};
use crate::faces::cli::words;
use crate::protocol::{
    Answer, Audience, Backend, Op, SessionId, SessionView, TurnId, response_text,
};

pub async fn fork(desk: &mut Desk<'_>, args: Fork) -> Outcome {
    let backend = match &args.backend {
        Some(name) => Some(backend_named(&desk.config(), name)?),
        None => None,
    };
    let mut engine = desk.engine(args.worktree).await?;
    let op = Op::Fork {
        session: engine.session(&args.source).await?.id,
        name: args.name,
        at: args.at,
        backend,
        model: args.model,
        count: args.count,
        worktree: args.worktree,
    };
    let Answer::Sessions(sessions) = engine.op(op).await? else {
        return Err(odd_answer().into());
    };
    let sessions = match args.worktree {
        true => settled(&mut engine, sessions, true).await?,
        false => sessions,
    };
    let mut failed = false;
    if desk.out.json {
        desk.out.json(&sessions)?;
    }
    for session in sessions {
        let session = match verdict(session) {
            Ok(session) => session,
            // The others are there all the same; each says its own.
            Err(error) if args.worktree => {
                tell(&format!("antiphon: {error}"));
                failed = true;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if !desk.out.json {
            let place = session.worktree.as_ref().map(words::worktree);
            let place = place.map_or(String::new(), |place| format!("  {place}"));
            desk.out.line(format!(
                "{}  forked from {}{place}",
                session.name, args.source
            ))?;
        }
    }
    if failed { Err(Stop::Failed) } else { Ok(()) }
}

pub async fn relay(desk: &mut Desk<'_>, args: Relay) -> Outcome {
    let mut engine = desk.engine(args.wait).await?;
    let sessions = engine.snapshot().await?.sessions;
    let (from, to) = (
        find(&sessions, &args.from)?.id,
        find(&sessions, &args.to)?.id,
    );
    if args.wait {
        watch(&mut engine, vec![to]).await?;
    }
    let op = Op::Relay {
        from,
        turn: args.turn,
        to,
        submit: args.enter,
        template: args.template,
    };
    let turns = engine.turns(op).await?;
    match args.wait {
        true => finish(desk, &mut engine, &turns, args.over.choice()).await,
        false => begun(desk, &sessions, &turns),
    }
}

pub async fn broadcast(desk: &mut Desk<'_>, args: Broadcast) -> Outcome {
    let text = prompt(args.prompt)?;
    let mut engine = desk.engine(args.wait).await?;
    let sessions = engine.snapshot().await?.sessions;
    let mut to: Vec<SessionId> = Vec::new();
    for name in &args.to.to {
        let id = find(&sessions, name.trim())?.id;
        if !to.contains(&id) {
            to.push(id);
        }
    }
    let audience = match args.to.group {
        Some(group) => Audience::Group(group),
        None if args.to.all => Audience::All,
        None => Audience::Sessions(to),
    };
    if args.wait {
        watch(&mut engine, sessions.iter().map(|s| s.id).collect()).await?;
    }
    let op = Op::Broadcast {
        to: audience,
        prompt: text,
    };
    let terminals: Vec<&str> = (sessions.iter())
        .filter(|session| session.backend == Backend::Terminal)
        .filter(|session| matches!(&op, Op::Broadcast { to: Audience::Sessions(to), .. } if to.contains(&session.id)))
        .map(|session| session.name.as_str())
        .collect();
    let turns = engine.turns(op).await?;
    if !terminals.is_empty() {
        tell(&format!(
            "it goes into {} as soon as a prompt is taken there, and is not stored before; next: antiphon shows its screen",
            terminals.join(", ")
        ));
    }
    if !args.wait {
        return begun(desk, &sessions, &turns);
    }
    let over = to_the_end(&mut engine, &turns, None, args.over.choice()).await?;
    if desk.out.json {
        desk.out.json(&over)?;
    }
    let mut failed = false;
    for ((session, _), turn) in turns.iter().zip(&over) {
        if !desk.out.json {
            let head = format!(
                "{}  {}  {}",
                name_of(&sessions, *session),
                turn.id,
                turn.cost
            );
            desk.out.inked(&[(Ink::Bold, &head)])?;
            desk.out
                .line(format!("{}\n", response_text(&turn.blocks)))?;
        }
        if let Err(Stop::Error(error)) = of_turn(turn) {
            tell(&format!(
                "antiphon: {}: {error}",
                name_of(&sessions, *session)
            ));
            failed = true;
        }
    }
    if failed { Err(Stop::Failed) } else { Ok(()) }
}

/// Prints which turns were begun, one a line.
fn begun(desk: &mut Desk<'_>, sessions: &[SessionView], turns: &[(SessionId, TurnId)]) -> Outcome {
    if desk.out.json {
        let rows: Vec<_> = turns
            .iter()
            .map(|(session, turn)| {
                serde_json::json!({ "session": session, "name": name_of(sessions, *session), "turn": turn })
            })
            .collect();
        return desk.out.json(&rows);
    }
    for (session, turn) in turns {
        desk.out
            .line(format!("{turn}  {}", name_of(sessions, *session)))?;
    }
    tell_where(turns);
    Ok(())
}

fn name_of(sessions: &[SessionView], id: SessionId) -> String {
    let known = sessions.iter().find(|session| session.id == id);
    known.map_or_else(|| id.to_string(), |session| session.name.clone())
}
