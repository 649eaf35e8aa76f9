//! How long the first word of an answer takes from the server to the terminal.

use crate::linux::{Home, PROGRAM, row};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Between the parts of the stand-in's answer: long enough for the part before to be taken in.
const PAUSE: Duration = Duration::from_millis(60);

/// A stand-in for Chat Completions on loopback that answers each request with one word, and tells when it
/// wrote it.
fn one_word_server() -> (String, Receiver<Instant>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let (written, times) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            answer(stream, number, &written);
        }
    });
    (url, times)
}

fn answer(mut stream: TcpStream, number: usize, written: &Sender<Instant>) {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    // The prompt ends the request's body.
    while !request.windows(6).any(|bytes| bytes == b"prompt") {
        match stream.read(&mut piece) {
            Ok(n @ 1..) => request.extend_from_slice(&piece[..n]),
            _ => return,
        }
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let word =
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"word{number}x\"}}}}]}}\n\n");
    let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let _ = stream.write_all(head.as_bytes());
    std::thread::sleep(PAUSE);
    let at = Instant::now();
    let _ = stream.write_all(word.as_bytes());
    let _ = written.send(at);
    std::thread::sleep(PAUSE);
    let _ = stream.write_all(end.as_bytes());
}

/// From the write of an answer's first word at the server until it is on the terminal.
pub fn first_token() {
    let (url, times) = one_word_server();
    let home = Home::new();
    let size = PtySize {
        rows: 40,
        cols: 120,
        ..PtySize::default()
    };
    let pty = native_pty_system().openpty(size).expect("a terminal");
    let mut command = CommandBuilder::new(PROGRAM);
    command.env("ANTIPHON_HOME", home.path());
    command.env("TERM", "xterm-256color");
    command.env("OPENAI_API_KEY", "x");
    command.env("OPENAI_BASE_URL", url);
    let mut reader = pty.master.try_clone_reader().expect("a reader");
    let mut child = pty.slave.spawn_command(command).expect("the program runs");
    let run = |args: &[&str]| {
        let done = std::process::Command::new(PROGRAM)
            .args(args)
            .env("ANTIPHON_HOME", home.path())
            .output()
            .expect("the program runs");
        assert!(done.status.success(), "{done:?}");
    };
    let mut seen = Vec::new();
    let mut until = move |text: &str| {
        let mut buffer = [0; 16 * 1024];
        while !seen
            .windows(text.len())
            .any(|bytes| bytes == text.as_bytes())
        {
            let n = reader.read(&mut buffer).unwrap_or(0);
            assert!(n > 0, "ended before {text}");
            seen.extend_from_slice(&buffer[..n]);
        }
        Instant::now()
    };
    until("NORMAL");
    run(&["spawn", "one", "--backend", "openai", "--model", "gpt-5"]);
    until("write to one");
    let mut took: Vec<f64> = (0..21)
        .map(|number| {
            run(&["ask", "one", "prompt", "--async"]);
            let shown = until(&format!("word{number}x"));
            let written = times.recv().expect("it was written");
            shown.saturating_duration_since(written).as_secs_f64() * 1000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    row(
        "first token, server's write to terminal (median of 21)",
        format!("{:.1} ms", took[took.len() / 2]),
        "within one frame, 16 ms",
    );
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
}
