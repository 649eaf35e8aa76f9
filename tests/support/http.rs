//! A small HTTP/1.1 server on loopback, for stand-ins: a thread for each connection, answers whole or in chunks.

use serde_json::Value;
use std::{
    io::{self, BufRead, BufReader, ErrorKind, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The longest body that is read.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A request, its path without the query.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// `Null` where the body is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// What all connections share.
struct Shared {
    stopped: AtomicBool,
    /// How many holds were released.
    released: Mutex<usize>,
    changed: Condvar,
    connections: Mutex<Vec<TcpStream>>,
}

/// A running server. Dropping it cuts every connection.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Serves on a free port. `handler` answers one request; an error ends the connection.
    pub fn start<H>(handler: H) -> Server
    where
        H: Fn(&Request, &mut Reply<'_>) -> io::Result<()> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            stopped: AtomicBool::new(false),
            released: Mutex::new(0),
            changed: Condvar::new(),
            connections: Mutex::new(Vec::new()),
        });
        let (accepted, handler) = (shared.clone(), Arc::new(handler));
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if accepted.stopped.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(copy) = stream.try_clone() {
                    accepted.connections.lock().unwrap().push(copy);
                }
                let (shared, handler) = (accepted.clone(), handler.clone());
                // The end of a connection is its client's to notice.
                thread::spawn(move || serve(&stream, &shared, handler.as_ref()));
            }
        });
        Server {
            address,
            shared,
            accepting: Some(accepting),
        }
    }

    /// Such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets every answer go on that is held, or will be and was already asked for.
    pub fn release(&self) {
        *self.shared.released.lock().unwrap() += 1;
        self.shared.changed.notify_all();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.changed.notify_all();
        for connection in self.shared.connections.lock().unwrap().drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.accepting.take() {
            let _ = thread.join();
        }
    }
}

fn serve<H>(stream: &TcpStream, shared: &Shared, handler: &H) -> io::Result<()>
where
    H: Fn(&Request, &mut Reply<'_>) -> io::Result<()>,
{
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = read_request(&mut reader)? {
        let mut reply = Reply {
            stream,
            shared,
            released: *shared.released.lock().unwrap(),
            head_only: request.method == "HEAD",
        };
        if let Err(e) = handler(&request, &mut reply) {
            let _ = stream.shutdown(Shutdown::Both);
            return Err(e);
        }
    }
    Ok(())
}

/// `None`: the client has nothing more to ask.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(ErrorKind::InvalidData.into());
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        request
            .headers
            .push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = request
        .header("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if length > MAX_BODY || request.header("transfer-encoding").is_some() {
        return Err(ErrorKind::Unsupported.into());
    }
    request.body.resize(length, 0);
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}

/// The way back to the client. Either one [`Reply::json`], or [`Reply::start`], any number of
/// [`Reply::send`] and one of [`Reply::end`] and [`Reply::cut`].
pub struct Reply<'a> {
    stream: &'a TcpStream,
    shared: &'a Shared,
    /// The releases there were when the request was read: one that comes before the answer is held counts.
    released: usize,
    head_only: bool,
}

impl Reply<'_> {
    pub fn json(&mut self, status: u16, body: &Value, headers: &[(&str, &str)]) -> io::Result<()> {
        let body = if self.head_only {
            String::new()
        } else {
            body.to_string()
        };
        let mut text = head(status, "application/json", headers);
        text.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        text.push_str(&body);
        self.write(&text)
    }

    pub fn start(&mut self, content_type: &str, headers: &[(&str, &str)]) -> io::Result<()> {
        let head = head(200, content_type, headers);
        self.write(&format!("{head}transfer-encoding: chunked\r\n\r\n"))
    }

    pub fn send(&mut self, text: &str) -> io::Result<()> {
        self.write(&format!("{:x}\r\n{text}\r\n", text.len()))
    }

    pub fn end(&mut self) -> io::Result<()> {
        self.write("0\r\n\r\n")
    }

    /// Breaks the connection in the middle of the answer.
    pub fn cut(&mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Both)
    }

    /// Lets time pass. An error where the client went away meanwhile or the server stops.
    pub fn pause(&mut self, time: Duration) -> io::Result<()> {
        self.wait(Instant::now() + time, |_| false).map(|_| ())
    }

    /// Waits for a [`Server::release`] after the request was read. An error where none comes.
    pub fn hold(&mut self) -> io::Result<()> {
        let before = self.released;
        let until = Instant::now() + super::DEADLINE;
        match self.wait(until, |released| released > before)? {
            true => Ok(()),
            false => Err(ErrorKind::TimedOut.into()),
        }
    }

    /// Whether it was `done` in time.
    fn wait(&mut self, until: Instant, done: impl Fn(usize) -> bool) -> io::Result<bool> {
        let mut released = self.shared.released.lock().unwrap();
        while !done(*released) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            let slice = left.min(Duration::from_millis(25));
            released = self.shared.changed.wait_timeout(released, slice).unwrap().0;
            if self.shared.stopped.load(Ordering::SeqCst) || gone(self.stream)? {
                return Err(ErrorKind::BrokenPipe.into());
            }
        }
        Ok(true)
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(text.as_bytes())
    }
}

/// Whether the client has closed its side.
fn gone(stream: &TcpStream) -> io::Result<bool> {
    stream.set_nonblocking(true)?;
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    Ok(match peeked {
        Ok(bytes) => bytes == 0,
        Err(e) => e.kind() != ErrorKind::WouldBlock,
    })
}

fn head(status: u16, content_type: &str, headers: &[(&str, &str)]) -> String {
    // Clients read the number; the words are for people.
    let mut text = format!("HTTP/1.1 {status} stand-in\r\ncontent-type: {content_type}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text
}
