//! Connected faces: reading their requests, writing to them, and what happens when they cannot keep up.

use super::super::effect::{FaceId, Input, To};
use super::super::state::State;
use super::Mail;
use super::gate::{Outgoing, frame};
use crate::protocol::{
    ClientFrame, Event, Level, MAX_FRAME_BYTES, PROTOCOL_VERSION, Refusal, ServerFrame, decode,
    encode,
};
use bytes::Bytes;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// Frames that may wait for one face. When it is full, events are left out, and the face is sent the
/// newest state as soon as it has taken what there is; a face that takes no replies is hung up on.
const OUTBOX: usize = 1024;
/// How long a new connection may take to say hello.
const HELLO: Duration = Duration::from_secs(5);

/// How long a face that is hung up on may take to read what it was sent before.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Where frames for a face go.
#[derive(Clone)]
pub struct FaceOut {
    frames: mpsc::Sender<Bytes>,
    /// Set when an event was left out.
    behind: Arc<AtomicBool>,
    /// Told when the connection is given up from either side.
    hung_up: Arc<Notify>,
}

impl FaceOut {
    /// Sends an event unless the face is behind. `false`: it was left out.
    pub fn tell(&self, event: Event) -> bool {
        match encode(&ServerFrame::Event(event)) {
            Ok(bytes) => self.push(bytes.into()),
            Err(_) => false,
        }
    }

    fn push(&self, frame: Bytes) -> bool {
        if self.behind.load(Ordering::Relaxed) {
            return false;
        }
        let taken = self.frames.try_send(frame).is_ok();
        if !taken {
            self.behind.store(true, Ordering::Relaxed);
        }
        taken
    }
}

/// All connected faces.
#[derive(Default)]
pub struct Faces {
    /// Connections whose end has not been told yet, those that were hung up on included.
    connected: usize,
    outs: HashMap<FaceId, FaceOut>,
}

impl Faces {
    pub fn joined(&mut self, face: FaceId, out: FaceOut) {
        self.connected += 1;
        self.outs.insert(face, out);
    }

    pub fn left(&mut self, face: FaceId) {
        self.connected = self.connected.saturating_sub(1);
        self.outs.remove(&face);
    }

    pub fn is_empty(&self) -> bool {
        self.connected == 0
    }

    pub fn out(&self, face: FaceId) -> Option<FaceOut> {
        self.outs.get(&face).cloned()
    }

    /// Sends a message to whom it is for; it is put into bytes once, however many they are.
    pub fn send(&mut self, state: &State, message: Outgoing) {
        match &message {
            Outgoing::Reply { face, id, .. } => {
                let Some(out) = self.outs.get(face) else {
                    return;
                };
                let bytes = encode(&frame(&message)).or_else(|what| {
                    encode(&ServerFrame::Reply {
                        id: *id,
                        result: Err(Refusal::new(what, "ask for less at once")),
                    })
                });
                if let Ok(bytes) = bytes
                    && out.frames.try_send(bytes.into()).is_err()
                {
                    out.hung_up.notify_one();
                    self.outs.remove(face);
                }
            }
            Outgoing::Tell { to, event } => {
                let mut bytes: Option<Bytes> = None;
                for (&face, out) in &self.outs {
                    if !is_for(*to, state, face, event) {
                        continue;
                    }
                    let bytes = bytes.get_or_insert_with(|| event_bytes(event));
                    out.push(bytes.clone());
                }
            }
        }
    }

    /// Hangs up on everybody, after what they were sent.
    pub fn say_goodbye(&mut self) {
        for (_, out) in self.outs.drain() {
            out.hung_up.notify_one();
        }
    }
}

/// An event as it goes over the wire; one that is too large is told of instead.
fn event_bytes(event: &Event) -> Bytes {
    let told = |event: Event| encode(&ServerFrame::Event(event));
    let bytes = told(event.clone()).or_else(|what| {
        told(Event::Notice {
            level: Level::Error,
            text: format!("something is too large to be shown: {what}"),
            session: None,
        })
    });
    bytes.unwrap_or_default().into()
}

/// Serves one connection until either side hangs up.
pub async fn serve(stream: UnixStream, face: FaceId, inbox: mpsc::Sender<Mail>) {
    let codec = LengthDelimitedCodec::builder()
        .max_frame_length(MAX_FRAME_BYTES)
        .new_codec();
    let mut frames = Framed::new(stream, codec);
    let events = match greet(&mut frames).await {
        Ok(events) => events,
        Err(refusal) => return refuse(&mut frames, refusal).await,
    };
    let (to_face, outbox) = mpsc::channel(OUTBOX);
    let out = FaceOut {
        frames: to_face,
        behind: Arc::default(),
        hung_up: Arc::default(),
    };
    let (sink, mut stream) = frames.split();
    let writer = Writer {
        sink,
        outbox,
        out: out.clone(),
        face,
        inbox: inbox.clone(),
    };
    let joined = Mail::Joined {
        face,
        events,
        out: out.clone(),
    };
    if inbox.send(joined).await.is_err() {
        return;
    }
    let (refuse, refused) = oneshot::channel();
    let writing = tokio::spawn(writer.run(refused));
    let why = loop {
        let frame = tokio::select! {
            () = out.hung_up.notified() => break None,
            frame = stream.next() => frame,
        };
        let request = match frame {
            None => break None,
            Some(Err(e)) => break Some(bad_frame(&e.to_string())),
            Some(Ok(bytes)) => decode::<ClientFrame>(&bytes),
        };
        match request {
            Ok(ClientFrame::Request { id, request }) => {
                let input = Input::Request { face, id, request };
                if inbox.send(Mail::Input(input)).await.is_err() {
                    break None;
                }
            }
            Ok(ClientFrame::Hello { .. }) => break Some(bad_frame("hello was said before")),
            Err(e) => break Some(bad_frame(&e)),
        }
    };
    let _ = refuse.send(why);
    let _ = inbox.send(Mail::Input(Input::FaceLeft { face })).await;
    let _ = writing.await;
}

/// The half of a connection that writes, in a task of its own: while it waits for room in the socket,
/// requests are still read.
struct Writer {
    sink: SplitSink<Frames, Bytes>,
    outbox: mpsc::Receiver<Bytes>,
    out: FaceOut,
    face: FaceId,
    inbox: mpsc::Sender<Mail>,
}

impl Writer {
    /// Writes until the reading half ends; what it refused is said last.
    async fn run(mut self, mut refused: oneshot::Receiver<Option<Refusal>>) {
        loop {
            tokio::select! {
                biased;
                why = &mut refused => {
                    self.say_last_words(why.ok().flatten()).await;
                    return;
                }
                frame = self.outbox.recv() => {
                    let Some(frame) = frame else { return };
                    if !self.write(frame).await {
                        self.out.hung_up.notify_one();
                        return;
                    }
                }
            }
        }
    }

    /// `false`: nobody is there any more.
    async fn write(&mut self, frame: Bytes) -> bool {
        if self.sink.feed(frame).await.is_err() {
            return false;
        }
        if !self.outbox.is_empty() {
            return true;
        }
        if SinkExt::<Bytes>::flush(&mut self.sink).await.is_err() {
            return false;
        }
        if self.out.behind.swap(false, Ordering::Relaxed) {
            let caught_up = Input::FaceCaughtUp { face: self.face };
            return self.inbox.send(Mail::Input(caught_up)).await.is_ok();
        }
        true
    }

    async fn say_last_words(&mut self, refusal: Option<Refusal>) {
        while let Ok(frame) = self.outbox.try_recv() {
            if self.sink.feed(frame).await.is_err() {
                return;
            }
        }
        if let Some(bytes) = refusal.and_then(|r| encode(&ServerFrame::Refused(r)).ok()) {
            let _ = self.sink.feed(Bytes::from(bytes)).await;
        }
        let last = SinkExt::<Bytes>::close(&mut self.sink);
        let _ = tokio::time::timeout(LAST_WORDS, last).await;
    }
}

type Frames = Framed<UnixStream, LengthDelimitedCodec>;

/// Whether the face wants events; or why it is not served.
async fn greet(frames: &mut Frames) -> Result<bool, Refusal> {
    let me = rustix::process::geteuid().as_raw();
    match frames.get_ref().peer_cred() {
        Ok(peer) if peer.uid() == me => {}
        Ok(_) => {
            return Err(Refusal::new(
                "this engine belongs to another user",
                "start your own: antiphon engine start",
            ));
        }
        Err(e) => return Err(Refusal::new(format!("cannot tell who is calling: {e}"), "")),
    }
    let hello = tokio::time::timeout(HELLO, frames.next())
        .await
        .map_err(|_| bad_frame("nobody said hello"))?
        .ok_or_else(|| bad_frame("nobody said hello"))?
        .map_err(|e| bad_frame(&e.to_string()))?;
    let ClientFrame::Hello {
        protocol,
        version,
        events,
    } = decode::<ClientFrame>(&hello).map_err(|e| bad_frame(&e))?
    else {
        return Err(bad_frame("a request before hello"));
    };
    if protocol != PROTOCOL_VERSION {
        return Err(Refusal::new(
            format!(
                "the engine is version {} (protocol {PROTOCOL_VERSION}), this program is {version} \
                 (protocol {protocol})",
                env!("CARGO_PKG_VERSION"),
            ),
            "antiphon engine stop, then start this program again; sessions come back",
        ));
    }
    let welcome = encode(&ServerFrame::Welcome {
        protocol: PROTOCOL_VERSION,
        version: env!("CARGO_PKG_VERSION").into(),
        pid: std::process::id(),
    })
    .map_err(|e| bad_frame(&e))?;
    frames
        .send(Bytes::from(welcome))
        .await
        .map_err(|e| bad_frame(&e.to_string()))?;
    Ok(events)
}

/// Whether an event may be left out for a face that cannot keep up; it is sent the newest state later.
fn is_for(to: To, state: &State, face: FaceId, _event: &Event) -> bool {
    state.faces.get(&face).is_some_and(|known| {
        known.events
            && match to {
                To::All => true,
                To::Face(one) => one == face,
                To::Watchers(session) => known.watching.contains(&session),
            }
    })
}

fn bad_frame(why: &str) -> Refusal {
    let why: String = why.chars().filter(|c| !c.is_control()).take(200).collect();
    Refusal::new(
        format!("this is not what Antiphon speaks: {why}"),
        "connect with antiphon itself",
    )
}

async fn refuse(frames: &mut Frames, refusal: Refusal) {
    if let Ok(bytes) = encode(&ServerFrame::Refused(refusal)) {
        let _ = frames.send(Bytes::from(bytes)).await;
    }
}
