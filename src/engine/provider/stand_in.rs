//! For tests: servers that speak canned bytes on a port of this machine, and readings without any server.

use super::failure::Asked;
use super::reading::Reading;
use super::{ChatRequest, Image, Limits, Message, Options, Role, Secret, StreamEvent, Wire};
use crate::protocol::{Block, Failure, Usage, apply};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A request of one prompt with a system prompt and a key.
pub(super) fn request(wire: Wire, base_url: &str) -> ChatRequest {
    ChatRequest {
        wire,
        base_url: base_url.into(),
        key: Some(Secret::new("hush-hush-1")),
        headers: vec![],
        model: "m1".into(),
        system: Some("Be brief.".into()),
        messages: vec![Message::new(Role::User, "hello")],
        max_output_tokens: 64,
        options: Options::default(),
    }
}

/// The beginning of a GIF, which is enough of an image for a request.
pub(super) fn picture() -> Image {
    Image {
        media_type: "image/gif".into(),
        base64: "R0lGODlh".into(),
    }
}

/// What came of a stream.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub blocks: Vec<Block>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    /// Tokens per second, as the server tells it.
    pub pace: Option<f32>,
    /// Request id and limits.
    pub head: Option<(Option<String>, Limits)>,
    pub end: Option<Result<Option<String>, Failure>>,
    pub deltas: usize,
}

impl Seen {
    pub(super) fn take(&mut self, event: StreamEvent) {
        assert!(self.end.is_none(), "{event:?} after the end");
        match event {
            StreamEvent::Answered { request_id, limits } => {
                assert_eq!((self.deltas, &self.model, &self.head), (0, &None, &None));
                self.head = Some((request_id, limits));
            }
            StreamEvent::Pace { tokens_per_second } => {
                assert!(self.pace.replace(tokens_per_second).is_none());
            }
            StreamEvent::Delta(delta) => {
                self.deltas += 1;
                apply(&mut self.blocks, &delta);
            }
            StreamEvent::Model(name) => assert!(self.model.replace(name).is_none()),
            StreamEvent::Usage(usage) => self.usage = Some(usage),
            StreamEvent::Ended { stop_reason } => self.end = Some(Ok(stop_reason)),
            StreamEvent::Failed(failure) => self.end = Some(Err(failure)),
        }
    }

    pub(super) fn failure(&self) -> &Failure {
        match &self.end {
            Some(Err(failure)) => failure,
            other => panic!("no failure: {other:?}"),
        }
    }

    /// Everything but how many pieces it came in.
    pub(super) fn content(self) -> Seen {
        Seen { deltas: 0, ..self }
    }
}

/// Reads `chunks` as an answer of `wire`, without a server; they are all there is.
pub(super) fn read(wire: Wire, chunks: &[&[u8]]) -> Seen {
    let asked = Asked::new(&request(wire, "http://127.0.0.1:1"));
    let mut reading = Reading::new(asked);
    let mut seen = Seen::default();
    let mut end = None;
    for chunk in chunks {
        end = match reading.feed(chunk) {
            Ok(()) => reading.out.end.clone(),
            Err(failure) => Some(Err(failure)),
        };
        reading
            .out
            .take_events()
            .into_iter()
            .for_each(|e| seen.take(e));
        if end.is_some() {
            break;
        }
    }
    let end = end.unwrap_or_else(|| reading.close());
    reading
        .out
        .take_events()
        .into_iter()
        .for_each(|e| seen.take(e));
    seen.end = Some(end.map(|end| end.stop_reason));
    seen
}

/// Reads `bytes` whole, and cut in two at every place, and byte by byte: always with the same result, which it gives.
pub(super) fn read_cut_everywhere(wire: Wire, bytes: &[u8]) -> Seen {
    let whole = read(wire, &[bytes]).content();
    for at in 0..=bytes.len() {
        let cut = read(wire, &[&bytes[..at], &bytes[at..]]).content();
        assert_eq!(cut, whole, "cut at {at}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(read(wire, &single).content(), whole);
    whole
}

/// A server for one request: what it was asked is sent back through the channel, its answer is `answer`, and then it
/// closes the connection (or, if `hold`, waits for the other side to do so and tells `closed`).
pub(super) async fn serve(answer: Vec<u8>, hold: bool) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel(1);
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !complete(&asked) {
            assert_ne!(socket.read_buf(&mut asked).await.unwrap(), 0);
        }
        tell.send(String::from_utf8(asked).unwrap()).await.unwrap();
        // The other side may have had enough of it.
        let _ = socket.write_all(&answer).await;
        if hold {
            let _ = socket.read_u8().await;
            let _ = tell.send("closed".into()).await;
        }
    });
    (address, told)
}

/// A server that answers the first bytes it gets, whatever they are.
pub(super) async fn serve_plainly(answer: &'static [u8]) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.read_u8().await.unwrap();
        socket.write_all(answer).await.unwrap();
        let _ = socket.read_to_end(&mut Vec::new()).await;
    });
    (address, task)
}

/// Whether head and body of an HTTP request are there.
fn complete(asked: &[u8]) -> bool {
    let text = String::from_utf8_lossy(asked);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let ours = name.eq_ignore_ascii_case("content-length");
        ours.then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}

/// An HTTP answer that ends when the connection does.
pub(super) fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\r\n{body}").into_bytes()
}

/// Streams `request` to its end, within ten seconds.
pub(super) async fn stream_all(request: ChatRequest, idle: Duration) -> Seen {
    let (tell, mut told) = mpsc::channel(4);
    let task = tokio::spawn(super::stream_within(request, tell, idle));
    let mut seen = Seen::default();
    let all = async {
        while let Some(event) = told.recv().await {
            seen.take(event);
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(10), all).await;
    assert!(done.is_ok(), "no end: {seen:?}");
    task.await.unwrap();
    seen
}
