//! `interrupt`, `respond`, `set`, `restart` and `kill`: one session, changed.

use crate::error::Error;
use crate::faces::cli::args::{Change, Respond, Word};
use crate::faces::cli::desk::Desk;
use crate::faces::cli::out::{Outcome, tell};
use crate::protocol::{Decision, Op, SessionId};

/// Sends the op that is made of the session's id.
pub async fn one(desk: &mut Desk<'_>, name: &str, op: impl Fn(SessionId) -> Op) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let session = engine.session(name).await?.id;
    engine.op(op(session)).await?;
    Ok(())
}

pub async fn respond(desk: &mut Desk<'_>, args: Respond) -> Outcome {
    if args.message.is_some() && args.decision != Word::No {
        let what = "words for the model can only go with no";
        return Err(Error::new(what, "--message", "leave it out").into());
    }
    let mut engine = desk.engine(false).await?;
    let session = engine.session(&args.name).await?;
    let Some(ask) = session.asks.first() else {
        let what = format!("{} asks nothing", session.name);
        return Err(Error::new(what, "", "antiphon status shows who needs you").into());
    };
    let decision = match args.decision {
        Word::Once => Decision::Once,
        Word::Always => Decision::Always,
        Word::No => Decision::No {
            message: args.message.unwrap_or_default(),
        },
    };
    // Said before it is sent, so that what was decided about is on record even if the answer fails.
    tell(&format!("{}: {}", ask.title, ask.detail));
    let op = Op::Respond {
        session: session.id,
        ask: ask.id,
        decision,
    };
    engine.op(op).await?;
    Ok(())
}

pub async fn set(desk: &mut Desk<'_>, name: &str, args: Change) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let session = engine.session(name).await?.id;
    let group = match (args.group, args.no_group) {
        (None, true) => Some(None),
        (group, _) => group.map(Some),
    };
    let ops = [
        args.model.map(|model| Op::SetModel { session, model }),
        args.permission_mode
            .map(|mode| Op::SetPermissionMode { session, mode }),
        group.map(|group| Op::SetGroup { session, group }),
        args.rename.map(|name| Op::Rename { session, name }),
    ];
    for op in ops.into_iter().flatten() {
        engine.op(op).await?;
    }
    Ok(())
}

pub async fn kill(desk: &mut Desk<'_>, name: Option<&str>) -> Outcome {
    match name {
        Some(name) => one(desk, name, |session| Op::Kill { session }).await,
        None => {
            desk.engine(false).await?.op(Op::KillAll).await?;
            Ok(())
        }
    }
}
