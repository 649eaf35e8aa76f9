//! `engine start`, `stop` and `status`.

use crate::error::Error;
use crate::faces::cli::args::EngineCommand;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::out::Outcome;
use crate::faces::cli::words;
use crate::faces::client::{Dialogue, is_absent};
use crate::protocol::{Answer, Event, Op, Query, Request};

pub async fn run(desk: &mut Desk<'_>, what: EngineCommand) -> Outcome {
    match what {
        EngineCommand::Start => {
            desk.engine(false).await?;
            status(desk).await
        }
        EngineCommand::Status => status(desk).await,
        EngineCommand::Stop => stop(desk).await,
        // The engine is another room; the program's main function runs it.
        EngineCommand::Run { .. } => {
            Err(Error::new("only the program itself runs the engine", "", "").into())
        }
    }
}

async fn status(desk: &mut Desk<'_>) -> Outcome {
    let mut line = Dialogue::open(&desk.paths.socket(), false).await?;
    let Answer::Engine(engine) = line.ask(Request::Query(Query::Engine)).await? else {
        return Err(odd_answer().into());
    };
    if desk.out.json {
        return desk.out.json(&engine);
    }
    for (name, value) in [
        ("process", engine.pid.to_string()),
        ("version", engine.version),
        ("socket", engine.socket.display().to_string()),
        ("store", engine.store.display().to_string()),
        ("log", desk.paths.log().display().to_string()),
        ("sessions", engine.sessions.to_string()),
        ("faces", engine.faces.to_string()),
        ("up", words::since(engine.started_at)),
    ] {
        desk.out.line(format!("{name:<9} {value}"))?;
    }
    Ok(())
}

/// Returns when the engine has ended, so that the next command finds none.
async fn stop(desk: &mut Desk<'_>) -> Outcome {
    let mut line = match Dialogue::open(&desk.paths.socket(), true).await {
        Ok(line) => line,
        Err(error) if is_absent(&error) => return desk.out.line("no engine runs"),
        Err(error) => return Err(error.into()),
    };
    let pid = line.client.engine_pid;
    line.ask(Request::Op(Op::Shutdown)).await?;
    // The end of the connection is what is waited for; what is told until then does not matter here.
    loop {
        match line.next_event().await {
            Ok(Event::Stopping) | Err(_) => break,
            Ok(_) => {}
        }
    }
    while line.next_event().await.is_ok() {}
    desk.out.line(format!(
        "engine stopped (process {pid}); sessions come back at its next start"
    ))
}
