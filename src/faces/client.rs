//! A connection to the engine, and how to start one. It carries requests there and events back; it
//! understands neither.

use crate::error::{Error, Result};
use crate::protocol::{
    Answer, ClientFrame, Event, MAX_FRAME_BYTES, PROTOCOL_VERSION, Refusal, Request, ServerFrame,
    decode, encode,
};
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, ErrorKind},
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::{net::UnixStream, sync::mpsc, time::timeout};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// How long the engine may take to greet us.
const GREETING: Duration = Duration::from_secs(5);

/// What comes from the engine.
#[derive(Debug)]
pub enum Incoming {
    Event(Event),
    /// The reply to the request that [`Client::send`] gave this id.
    Reply {
        id: u64,
        result: std::result::Result<Answer, Refusal>,
    },
    /// The connection has ended; nothing comes after this. Holds the reason in one line.
    Lost(String),
}

/// The sending half of a connection. Dropping it ends the connection.
pub struct Client {
    requests: mpsc::Sender<ClientFrame>,
    next_id: AtomicU64,
    /// Version and process of the engine that greeted us.
    pub engine_version: String,
    pub engine_pid: u32,
}

impl Client {
    /// Connects and greets. With `events` false only replies come back.
    ///
    /// # Errors
    /// No engine (see [`is_absent`]), one that speaks another protocol, or one that does not answer.
    pub async fn connect(
        socket: &Path,
        events: bool,
    ) -> Result<(Client, mpsc::Receiver<Incoming>)> {
        let place = socket.display().to_string();
        let failed = |what: String| Error::new(what, &place, "antiphon engine status");
        // One that hangs up before it has said a word is just ending.
        let gone = || Error::new(NO_ENGINE, &place, "antiphon engine start");
        let stream = UnixStream::connect(socket).await.map_err(|e| {
            let absent = matches!(e.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused);
            match absent {
                true => gone(),
                false => failed(format!("cannot reach the engine: {e}")),
            }
        })?;
        let codec = LengthDelimitedCodec::builder()
            .max_frame_length(MAX_FRAME_BYTES)
            .new_codec();
        let mut frames = Framed::new(stream, codec);
        let hello = ClientFrame::Hello {
            protocol: PROTOCOL_VERSION,
            version: env!("CARGO_PKG_VERSION").into(),
            events,
        };
        let bytes = encode(&hello).map_err(&failed)?;
        frames.send(Bytes::from(bytes)).await.map_err(|_| gone())?;
        let greeting = timeout(GREETING, frames.next())
            .await
            .map_err(|_| failed("the engine does not answer".into()))?
            .ok_or_else(gone)?
            .map_err(|_| gone())?;
        let (engine_version, engine_pid) = match decode::<ServerFrame>(&greeting) {
            Ok(ServerFrame::Welcome { version, pid, .. }) => (version, pid),
            Ok(ServerFrame::Refused(refusal)) => {
                return Err(Error::new(refusal.what, place, refusal.next));
            }
            _ => {
                return Err(failed(
                    "what answers there does not speak Antiphon's protocol".into(),
                ));
            }
        };
        // 1024 requests: when the engine takes no more, the face waits. 1024 messages back: when the
        // face takes no more, the socket fills, and the engine sends it the newest state later.
        let (requests, to_send) = mpsc::channel(1024);
        let (tell, incoming) = mpsc::channel(1024);
        let (sink, stream) = frames.split();
        tokio::spawn(carry_out(sink, to_send, tell.clone()));
        tokio::spawn(carry_in(stream, tell));
        let client = Client {
            requests,
            next_id: AtomicU64::new(1),
            engine_version,
            engine_pid,
        };
        Ok((client, incoming))
    }

    /// Sends a request and gives the id under which its reply comes. On a lost connection nothing is
    /// sent; [`Incoming::Lost`] tells.
    pub async fn send(&self, request: Request) -> u64 {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let _ = self
            .requests
            .send(ClientFrame::Request { id, request })
            .await;
        id
    }
}

const NO_ENGINE: &str = "no engine runs";

/// Whether an error of [`Client::connect`] means that there is nobody to talk to, so that starting an
/// engine may help.
pub fn is_absent(error: &Error) -> bool {
    error.what == NO_ENGINE
}

type Frames = Framed<UnixStream, LengthDelimitedCodec>;

/// Requests out, in a task of their own: who waits for room in the socket must not stop reading, or both
/// sides would wait for each other.
async fn carry_out(
    mut sink: SplitSink<Frames, Bytes>,
    mut to_send: mpsc::Receiver<ClientFrame>,
    tell: mpsc::Sender<Incoming>,
) {
    while let Some(frame) = to_send.recv().await {
        match (encode(&frame), frame) {
            // A socket that is closed tells so to whoever reads.
            (Ok(bytes), _) => {
                if sink.send(Bytes::from(bytes)).await.is_err() {
                    return;
                }
            }
            (Err(what), ClientFrame::Request { id, .. }) => {
                let result = Err(Refusal::new(what, "send less at once"));
                if tell.send(Incoming::Reply { id, result }).await.is_err() {
                    return;
                }
            }
            (Err(_), ClientFrame::Hello { .. }) => {}
        }
    }
    // The face is done: the engine is told by the end of the stream.
    let _ = sink.close().await;
}

async fn carry_in(mut stream: SplitStream<Frames>, tell: mpsc::Sender<Incoming>) {
    let reason = loop {
        let bytes = match stream.next().await {
            None => break "the engine hung up".to_owned(),
            Some(Err(e)) => break format!("the engine hung up: {e}"),
            Some(Ok(bytes)) => bytes,
        };
        let message = match decode::<ServerFrame>(&bytes) {
            Ok(ServerFrame::Event(event)) => Incoming::Event(event),
            Ok(ServerFrame::Reply { id, result }) => Incoming::Reply { id, result },
            Ok(ServerFrame::Refused(refusal)) => break refusal.to_string(),
            Ok(ServerFrame::Welcome { .. }) => continue,
            Err(e) => break format!("the engine sent what this program cannot read: {e}"),
        };
        if tell.send(message).await.is_err() {
            return;
        }
    };
    let _ = tell.send(Incoming::Lost(reason)).await;
}

/// How often an engine that is just ending is waited for.
const TRIES: usize = 3;

/// Connects to the engine, and starts one if none runs, also where one is just ending.
///
/// # Errors
/// As [`ensure_engine`] and [`Client::connect`].
pub async fn reach(
    program: &Path,
    socket: &Path,
    log: &Path,
    events: bool,
) -> Result<(Client, mpsc::Receiver<Incoming>)> {
    let mut tries = 1;
    loop {
        ensure_engine(program, socket, log).await?;
        match Client::connect(socket, events).await {
            Err(error) if is_absent(&error) && tries < TRIES => tries += 1,
            connected => return connected,
        }
    }
}

/// A connection for one thing after another: ask, and wait for the answer. What happens meanwhile is
/// kept for [`Dialogue::next_event`].
pub struct Dialogue {
    pub client: Client,
    incoming: mpsc::Receiver<Incoming>,
    kept: VecDeque<Event>,
}

impl Dialogue {
    /// As [`Client::connect`].
    pub async fn open(socket: &Path, events: bool) -> Result<Dialogue> {
        Ok(Dialogue::on(Client::connect(socket, events).await?))
    }

    /// On a connection that is there.
    pub fn on((client, incoming): (Client, mpsc::Receiver<Incoming>)) -> Dialogue {
        Dialogue {
            client,
            incoming,
            kept: VecDeque::new(),
        }
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// The engine's refusal, or the loss of the connection.
    pub async fn ask(&mut self, request: Request) -> Result<Answer> {
        let wanted = self.client.send(request).await;
        loop {
            match self.incoming.recv().await {
                Some(Incoming::Event(event)) => self.kept.push_back(event),
                Some(Incoming::Reply { id, result }) if id == wanted => {
                    return result.map_err(|refusal| Error::new(refusal.what, "", refusal.next));
                }
                Some(Incoming::Reply { .. }) => {}
                Some(Incoming::Lost(reason)) => return Err(lost(reason)),
                None => return Err(lost("the engine hung up".into())),
            }
        }
    }

    /// The next event, waiting for it.
    ///
    /// # Errors
    /// The loss of the connection.
    pub async fn next_event(&mut self) -> Result<Event> {
        if let Some(event) = self.kept.pop_front() {
            return Ok(event);
        }
        loop {
            match self.incoming.recv().await {
                Some(Incoming::Event(event)) => return Ok(event),
                Some(Incoming::Reply { .. }) => {}
                Some(Incoming::Lost(reason)) => return Err(lost(reason)),
                None => return Err(lost("the engine hung up".into())),
            }
        }
    }
}

fn lost(reason: String) -> Error {
    Error::new(
        reason,
        "",
        "antiphon engine status; the engine's log tells more",
    )
}

/// The words with which `antiphon engine run --report` says how its start went, on its first line.
pub const READY: &str = "ready";
/// Said by an engine that found another in possession of the lock.
pub const HELD: &str = "held";

/// Starts an engine in the background, in a session of its own, and waits until it can be reached. Does
/// nothing if one runs. `log`: where its standard error goes.
///
/// # Errors
/// What the engine said when it could not start.
pub async fn ensure_engine(program: &Path, socket: &Path, log: &Path) -> Result<()> {
    match UnixStream::connect(socket).await {
        Ok(_) => return Ok(()),
        Err(e) if !matches!(e.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            return Err(Error::new(
                format!("cannot reach the engine: {e}"),
                socket.display().to_string(),
                "check who owns that folder",
            ));
        }
        Err(_) => {}
    }
    let program = program.to_owned();
    let log = log.to_owned();
    let said = tokio::task::spawn_blocking(move || start_and_listen(&program, &log))
        .await
        .map_err(|e| Error::new(format!("could not start the engine: {e}"), "", ""))??;
    match said.trim_end() {
        READY => Ok(()),
        HELD => wait_for_the_other(socket).await,
        "" => Err(Error::new(
            "the engine ended before it was ready",
            "",
            "antiphon engine run shows why",
        )),
        reason => Err(Error::new(
            "the engine could not start",
            reason.to_owned(),
            "antiphon engine run shows more",
        )),
    }
}

fn start_and_listen(program: &Path, log: &Path) -> Result<String> {
    let failed = |e: std::io::Error| {
        Error::new(
            format!("could not start the engine: {e}"),
            program.display().to_string(),
            "",
        )
    };
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .map_err(|e| {
            Error::new(
                format!("cannot write the engine's log: {e}"),
                log.display().to_string(),
                "check who owns that folder",
            )
        })?;
    let mut child = Command::new(program)
        .args(["engine", "run", "--report"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(failed)?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(failed)?;
    }
    // Waited for as long as this face lives: an engine that ends before must not stay behind as a zombie,
    // which would look alive to whoever waits for its end.
    std::thread::spawn(move || child.wait());
    Ok(line)
}

/// Another engine holds the lock and is about to listen; there is nothing to be told by, so ask again.
async fn wait_for_the_other(socket: &Path) -> Result<()> {
    for _ in 0..100 {
        if UnixStream::connect(socket).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(Error::new(
        "another engine holds the lock but does not listen",
        socket.display().to_string(),
        "antiphon engine stop",
    ))
}
