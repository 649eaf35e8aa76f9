//! `list` and `status`: the sessions as they are now.

use crate::faces::cli::desk::{Desk, find};
use crate::faces::cli::last_turn::{self, newest};
use crate::faces::cli::out::{Ink, Out, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::words;
use crate::protocol::{BudgetView, Nano, SessionView, Snapshot, Status, Turn, fork_tree};

pub async fn list(desk: &mut Desk<'_>) -> Outcome {
    let snapshot = desk.engine(false).await?.snapshot().await?;
    if desk.out.json {
        return desk.out.json(&snapshot.sessions);
    }
    if snapshot.sessions.is_empty() {
        return desk
            .out
            .line("No sessions. antiphon spawn NAME starts one.");
    }
    sessions(&mut desk.out, &snapshot.sessions)
}

fn sessions(out: &mut Out, sessions: &[SessionView]) -> Outcome {
    let mut table = Table::new(&[
        "session", "id", "status", "known by", "backend", "model", "group", ">in", ">out", ">cost",
        "context",
    ]);
    for row in fork_tree(sessions) {
        let session = &sessions[row.index];
        let (ink, status) = words::status(session);
        let usage = &session.gauges.usage;
        let count = |tokens: u64| match tokens {
            0 => String::new(),
            tokens => format!(
                "{}{}",
                if usage.estimated { "~" } else { "" },
                words::tokens(tokens)
            ),
        };
        table.row(vec![
            cell(Ink::Bold, format!("{}{}", row.branch, session.name)),
            cell(Ink::Dim, session.id.to_string()),
            cell(ink, status),
            cell(Ink::Dim, session.source.as_str()),
            plain(session.backend.as_str()),
            plain(session.model.as_deref().unwrap_or_default()),
            plain(session.group.as_deref().unwrap_or_default()),
            plain(count(usage.total_input())),
            plain(count(usage.total_output())),
            plain(if session.backend.is_chat() {
                words::cost(session)
            } else {
                String::new()
            }),
            plain(words::context(session)),
        ]);
    }
    table.write(out)
}

pub async fn status(desk: &mut Desk<'_>, name: Option<&str>) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let snapshot = engine.snapshot().await?;
    let Some(name) = name else {
        return match desk.out.json {
            true => desk.out.json(&snapshot),
            false => overview(&mut desk.out, &snapshot),
        };
    };
    let session = find(&snapshot.sessions, name)?;
    if desk.out.json {
        return desk.out.json(session);
    }
    let newest = newest(&mut engine, session).await;
    one(&mut desk.out, session, &snapshot.sessions, newest.as_ref())
}

fn overview(out: &mut Out, snapshot: &Snapshot) -> Outcome {
    let engine = &snapshot.engine;
    let up = words::since(engine.started_at);
    let count = snapshot.sessions.len();
    out.line(format!(
        "engine    {}, process {}, up {up}, {count} sessions",
        engine.version, engine.pid
    ))?;
    out.line(format!("today     {}", budget(&snapshot.budget)))?;
    for session in snapshot
        .sessions
        .iter()
        .filter(|s| s.status == Status::NeedsYou)
    {
        let what = session
            .asks
            .first()
            .map(|ask| format!("{}: {}", ask.title, ask.detail));
        let words = [
            (Ink::Warning, "needs you "),
            (Ink::Bold, session.name.as_str()),
            (
                Ink::Plain,
                &format!("  {}", what.unwrap_or_default().replace('\n', " ")),
            ),
        ];
        out.inked(&words)?;
    }
    for problem in &snapshot.problems {
        out.line(format!("problem   {}", crate::config::report(problem)))?;
    }
    Ok(())
}

/// `$1.84 of $5.00 (37 %), $0.02 of it reserved`.
pub fn budget(view: &BudgetView) -> String {
    let mut text = view.spent.to_string();
    if let (Some(daily), Some(share)) = (view.daily, view.share()) {
        text.push_str(&format!(" of {daily} ({:.0} %)", share * 100.0));
    }
    if view.reserved.0 != 0 {
        text.push_str(&format!(", {} reserved", view.reserved));
    }
    text
}

/// What the prompt cache has saved; empty where nothing was cached.
fn saved(session: &SessionView) -> String {
    match session.gauges.saved {
        Nano(0) => String::new(),
        Nano(..0) => format!("{} by the prompt cache so far", session.gauges.saved),
        saved => format!("{saved} by the prompt cache"),
    }
}

fn one(
    out: &mut Out,
    session: &SessionView,
    all: &[SessionView],
    newest: Option<&Turn>,
) -> Outcome {
    let usage = &session.gauges.usage;
    let (ink, status) = words::status(session);
    let source = match session.source.as_str() {
        "" => String::new(),
        word => format!(" ({word})"),
    };
    let words = [
        (Ink::Bold, session.name.as_str()),
        (Ink::Plain, "  "),
        (ink, &status),
        (Ink::Dim, &source),
    ];
    out.inked(&words)?;
    let parent = session.parent.map(|id| {
        let known = all.iter().find(|s| s.id == id).map(|s| s.name.clone());
        let at = session
            .forked_at
            .map(|turn| format!(" at {turn}"))
            .unwrap_or_default();
        format!("{}{at}", known.unwrap_or_else(|| id.to_string()))
    });
    let cached = usage.cached_share().filter(|share| *share > 0.0);
    let tokens = format!(
        "{} in · {} out{}",
        words::tokens(usage.total_input()),
        words::tokens(usage.total_output()),
        cached.map_or(String::new(), |share| format!(
            " · {:.0} % cached",
            share * 100.0
        ))
    );
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    let chat = |text: String| {
        if session.backend.is_chat() {
            text
        } else {
            String::new()
        }
    };
    let rows = [
        ("id", session.id.to_string()),
        ("backend", session.backend.to_string()),
        ("model", some(&session.model)),
        ("folder", session.cwd.display().to_string()),
        (
            "worktree",
            session
                .worktree
                .as_ref()
                .map(words::worktree)
                .unwrap_or_default(),
        ),
        ("group", some(&session.group)),
        ("command", session.command.join(" ")),
        ("forked from", parent.unwrap_or_default()),
        ("permissions", some(&session.permission_mode)),
        (
            "process",
            session.pid.map(|pid| pid.to_string()).unwrap_or_default(),
        ),
        ("uses", words::tree(session)),
        ("windows", words::quotas(session)),
        ("title", some(&session.title)),
        ("turns", chat(session.gauges.turns.to_string())),
        (
            "waiting",
            if session.waiting == 0 {
                String::new()
            } else {
                session.waiting.to_string()
            },
        ),
        ("tokens", chat(tokens)),
        ("cost", chat(words::cost(session))),
        ("saved", saved(session)),
        ("context", words::context(session)),
        (
            "since",
            format!(
                "{} ({})",
                words::clock(session.since),
                words::since(session.since)
            ),
        ),
        (
            "note",
            words::in_commands(&some(&session.note), &session.name),
        ),
    ];
    let of_turn = newest.map(last_turn::rows).unwrap_or_default();
    for (name, value) in rows
        .iter()
        .chain(&of_turn)
        .filter(|(_, value)| !value.is_empty())
    {
        out.inked(&[(Ink::Dim, &format!("  {name:<12}")), (Ink::Plain, value)])?;
    }
    for ask in &session.asks {
        out.inked(&[(Ink::Warning, &format!("  asks        {}", ask.title))])?;
        for line in ask.detail.lines() {
            out.line(format!("              {line}"))?;
        }
    }
    Ok(())
}
