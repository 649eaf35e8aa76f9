//! `engine start`, `stop` and `status`.

use crate::error::Error;
use crate::faces::cli::args::EngineCommand;
use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::out::Outcome;
use crate::faces::cli::words;
use crate::faces::client::{Dialogue, is_absent};
use crate::protocol::{Answer, Op, Query, Request};
use rustix::process::{Pid, test_kill_process};
use std::time::{Duration, Instant};

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
    // What is told until the connection ends does not matter here.
    while line.next_event().await.is_ok() {}
    drop(line);
    wait_for_its_end(desk, pid).await?;
    desk.out.line(format!(
        "engine stopped (process {pid}); sessions come back at its next start"
    ))
}

/// The engine tells its faces first and closes its store afterwards. Nothing tells a stranger of a process's end, so
/// ask; what is still listed long after the socket went is a process that nobody has buried yet.
async fn wait_for_its_end(desk: &Desk<'_>, pid: u32) -> Outcome {
    let alive = || {
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        pid.is_some_and(|pid| test_kill_process(pid).is_ok())
    };
    let start = Instant::now();
    loop {
        let deaf = Dialogue::open(&desk.paths.socket(), false)
            .await
            .is_err_and(|error| is_absent(&error));
        if deaf && (!alive() || start.elapsed() > Duration::from_secs(2)) {
            return Ok(());
        }
        if start.elapsed() > Duration::from_secs(15) {
            let what = format!("the engine (process {pid}) was told to stop and has not ended");
            return Err(Error::new(
                what,
                "",
                format!("kill {pid} ends it; its store survives that"),
            )
            .into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
