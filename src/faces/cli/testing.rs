//! A page to write on and an engine that says what it is told to, for tests of the commands.

use crate::config::Paths;
use crate::faces::cli::args::Args;
use crate::faces::cli::out::{Out, Outcome};
use crate::protocol::*;
use clap::Parser;
use futures_util::{SinkExt, StreamExt};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// What was written, shared by all clones.
#[derive(Clone, Default)]
pub struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What an engine does with a request: events that come before the reply, the reply, events after it.
pub type Script = fn(&Request) -> (Vec<Event>, Result<Answer, Refusal>, Vec<Event>);

/// A reply and nothing else.
pub fn only(answer: Answer) -> (Vec<Event>, Result<Answer, Refusal>, Vec<Event>) {
    (vec![], Ok(answer), vec![])
}

/// The state of a house with these sessions.
pub fn snapshot(sessions: Vec<SessionView>) -> Answer {
    Answer::Snapshot(Box::new(Snapshot {
        engine: EngineStatus {
            pid: 7,
            version: "0.1.0".into(),
            socket: "/run/engine.sock".into(),
            store: "/data/antiphon.db".into(),
            sessions: sessions.len(),
            faces: 1,
            started_at: 0,
        },
        sessions,
        budget: BudgetView::default(),
        problems: vec![],
    }))
}

/// Runs a command line against an engine with that script. Gives how it ended, what was written to standard output,
/// and every request that was sent.
pub async fn run(line: &[&str], script: Script) -> (Outcome, String, Vec<Request>) {
    let home = tempfile::tempdir().unwrap();
    let text = home.path().display().to_string();
    let paths =
        Paths::from_lookup(&|name| (name == "ANTIPHON_HOME").then(|| text.clone()), 1).unwrap();
    paths.create().unwrap();
    let listener = UnixListener::bind(paths.socket()).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, script, noted.clone()));
        }
    });
    let args = Args::try_parse_from(std::iter::once(&"antiphon").chain(line)).unwrap();
    let page = Page::default();
    let out = Out::to(Box::new(page.clone()), false, args.json);
    let outcome = crate::faces::cli::dispatch(args.command.unwrap(), &paths, out, |_, _, _| {
        Default::default()
    })
    .await;
    let seen = seen.lock().unwrap().clone();
    (outcome, page.text(), seen)
}

async fn serve(stream: UnixStream, script: Script, seen: Arc<Mutex<Vec<Request>>>) {
    let mut frames = Framed::new(stream, LengthDelimitedCodec::new());
    while let Some(Ok(bytes)) = frames.next().await {
        let replies = match decode::<ClientFrame>(&bytes).unwrap() {
            ClientFrame::Hello {
                protocol, version, ..
            } => vec![ServerFrame::Welcome {
                protocol,
                version,
                pid: 7,
            }],
            ClientFrame::Request { id, request } => {
                let (before, result, after) = script(&request);
                seen.lock().unwrap().push(request);
                let before = before.into_iter().map(ServerFrame::Event);
                let after = after.into_iter().map(ServerFrame::Event);
                let reply = std::iter::once(ServerFrame::Reply { id, result });
                before.chain(reply).chain(after).collect()
            }
        };
        for reply in replies {
            let bytes = bytes::Bytes::from(encode(&reply).unwrap());
            if frames.send(bytes).await.is_err() {
                return;
            }
        }
    }
}
