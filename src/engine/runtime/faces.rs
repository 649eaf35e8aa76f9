//! Connected faces: reading their requests, writing to them, and what happens when they cannot keep up.

use super::super::effect::{FaceId, Input};
use super::super::state::State;
use super::gate::Outgoing;
use super::{Mail, frame, is_for};
use crate::protocol::{
    ClientFrame, Event, MAX_FRAME_BYTES, PROTOCOL_VERSION, Refusal, ServerFrame, decode, encode,
};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// Frames that may wait for one face. When it is full, events are left out, and the face is sent the
/// newest state as soon as it has taken what there is; a face that takes no replies is hung up on.
const OUTBOX: usize = 1024;
/// How long a new connection may take to say hello.
const HELLO: Duration = Duration::from_secs(5);

/// Where frames for a face go.
#[derive(Clone)]
pub struct FaceOut {
    frames: mpsc::Sender<Bytes>,
    /// Set when an event was left out.
    behind: Arc<AtomicBool>,
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
    outs: HashMap<FaceId, FaceOut>,
}

impl Faces {
    pub fn joined(&mut self, face: FaceId, out: FaceOut) {
        self.outs.insert(face, out);
    }

    pub fn left(&mut self, face: FaceId) {
        self.outs.remove(&face);
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
                    self.outs.remove(face);
                }
            }
            Outgoing::Tell { to, event } => {
                let mut bytes: Option<Bytes> = None;
                for (&face, out) in &self.outs {
                    if !is_for(*to, state, face, event) {
                        continue;
                    }
                    if bytes.is_none() {
                        bytes = encode(&frame(&message)).ok().map(Bytes::from);
                    }
                    if let Some(bytes) = &bytes {
                        out.push(bytes.clone());
                    }
                }
            }
        }
    }

    /// Hangs up on everybody, after what they were sent.
    pub fn say_goodbye(&mut self) {
        self.outs.clear();
    }
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
    let (to_face, mut outbox) = mpsc::channel(OUTBOX);
    let behind = Arc::new(AtomicBool::new(false));
    let out = FaceOut {
        frames: to_face,
        behind: behind.clone(),
    };
    if inbox
        .send(Mail::Joined { face, events, out })
        .await
        .is_err()
    {
        return;
    }
    loop {
        tokio::select! {
            biased;
            frame = outbox.recv() => {
                let Some(frame) = frame else { break };
                if frames.feed(frame).await.is_err() {
                    break;
                }
                if outbox.is_empty() {
                    if SinkExt::<Bytes>::flush(&mut frames).await.is_err() {
                        break;
                    }
                    if behind.swap(false, Ordering::Relaxed)
                        && inbox.send(Mail::Input(Input::FaceCaughtUp { face })).await.is_err()
                    {
                        break;
                    }
                }
            }
            frame = frames.next() => {
                let request = match frame {
                    None => break,
                    Some(Err(e)) => {
                        refuse(&mut frames, bad_frame(&e.to_string())).await;
                        break;
                    }
                    Some(Ok(bytes)) => decode::<ClientFrame>(&bytes),
                };
                match request {
                    Ok(ClientFrame::Request { id, request }) => {
                        let input = Input::Request { face, id, request };
                        if inbox.send(Mail::Input(input)).await.is_err() {
                            break;
                        }
                    }
                    Ok(ClientFrame::Hello { .. }) => {
                        refuse(&mut frames, bad_frame("hello was said before")).await;
                        break;
                    }
                    Err(e) => {
                        refuse(&mut frames, bad_frame(&e)).await;
                        break;
                    }
                }
            }
        }
    }
    let _ = inbox.send(Mail::Input(Input::FaceLeft { face })).await;
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
