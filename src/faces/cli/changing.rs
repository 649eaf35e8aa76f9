//! `interrupt`, `set`, `restart` and `kill`: one session, changed. Each says what it did.

use crate::faces::cli::desk::Desk;
use crate::faces::cli::groups::{Change, Switch};
use crate::faces::cli::out::Outcome;
use crate::faces::cli::starting::{started, warn_of_model};
use crate::faces::cli::words;
use crate::protocol::{Backend, Op, SessionView, Status};

pub async fn interrupt(desk: &mut Desk<'_>, name: &str) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let view = engine.session(name).await?;
    let session = view.id;
    engine.op(Op::Interrupt { session }).await?;
    let busy = matches!(view.status, Status::Working | Status::NeedsYou);
    let name = &view.name;
    // What a program in a terminal does is not always known: it was told in any case.
    let told = busy || view.backend == Backend::Terminal;
    let text = match (told, view.waiting) {
        (true, 0) => format!("{name} interrupted"),
        (true, waiting) => format!("{name} interrupted, {waiting} waiting taken back"),
        (false, _) => {
            let (_, status) = words::status(&view);
            format!("{name} is {status}: nothing to interrupt")
        }
    };
    desk.out.done(text)
}

pub async fn set(desk: &mut Desk<'_>, name: &str, args: Change) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let view = engine.session(name).await?;
    let session = view.id;
    let group = match (args.group, args.no_group) {
        (None, true) => Some(None),
        (group, _) => group.map(Some),
    };
    if let Some(model) = &args.model {
        warn_of_model(&mut engine, &view.backend, model).await;
    }
    let was = |text: &Option<String>| match text {
        Some(text) => format!(" (was {text})"),
        None => String::new(),
    };
    let mut steps: Vec<(String, Op)> = Vec::new();
    if let Some(model) = args.model {
        let told = format!("model {model}{}, from the next prompt on", was(&view.model));
        steps.push((told, Op::SetModel { session, model }));
    }
    if let Some(mode) = args.permission_mode {
        let told = format!("permission mode {mode}{}", was(&view.permission_mode));
        steps.push((told, Op::SetPermissionMode { session, mode }));
    }
    if let Some(switch) = args.resume_at_reset {
        let on = switch == Switch::On;
        let told = match on {
            true => "goes on by itself when a limit is over",
            false => "waits for you when a limit is over",
        };
        steps.push((told.to_owned(), Op::SetResumeAtReset { session, on }));
    }
    if let Some(group) = group {
        let word = group
            .as_ref()
            .map_or("no group".to_owned(), |name| format!("group {name}"));
        steps.push((
            format!("{word}{}", was(&view.group)),
            Op::SetGroup { session, group },
        ));
    }
    if let Some(name) = args.rename {
        steps.push((format!("now called {name}"), Op::Rename { session, name }));
    }
    for (told, op) in steps {
        engine.op(op).await?;
        desk.out.done(format!("{}: {told}", view.name))?;
    }
    Ok(())
}

pub async fn restart(desk: &mut Desk<'_>, name: &str) -> Outcome {
    let mut engine = desk.engine(true).await?;
    let view = engine.session(name).await?;
    let session = view.id;
    engine.op(Op::Restart { session }).await?;
    if view.backend.is_api() {
        let text = format!("{} has no process; it can be asked again", view.name);
        return desk.out.done(text);
    }
    let now = engine.session(&session.to_string()).await?;
    let now = started(&mut engine, now).await?;
    let (_, status) = words::status(&now);
    let process = now
        .pid
        .map_or(String::new(), |pid| format!(" (process {pid})"));
    desk.out
        .done(format!("{} started anew{process}: {status}", now.name))
}

pub async fn kill(desk: &mut Desk<'_>, name: Option<&str>) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let Some(name) = name else {
        let count = engine.snapshot().await?.sessions.len();
        engine.op(Op::KillAll).await?;
        return desk.out.done(match count {
            0 => "no sessions to kill".to_owned(),
            1 => "1 session killed; its turns stay in the store".to_owned(),
            count => format!("{count} sessions killed; their turns stay in the store"),
        });
    };
    let SessionView {
        id, name, worktree, ..
    } = engine.session(name).await?;
    engine.op(Op::Kill { session: id }).await?;
    desk.out
        .done(format!("{name} killed; its turns stay in the store"))?;
    match worktree {
        Some(tree) => desk.out.done(format!(
            "its worktree stays: {}; antiphon worktree remove {} takes it away",
            words::worktree(&tree),
            tree.branch
        )),
        None => Ok(()),
    }
}
