//! The reporter: what a hook or a statusline of a program in a pane runs. It hands on what it is given and ends, and it
//! never holds the program up: without an engine, or with one that does not answer, it ends silently and with success.

use crate::protocol::{
    Answer, ClientFrame, MAX_FRAME_BYTES, Nano, Op, PROTOCOL_VERSION, Report, Request, ServerFrame,
    decode, encode,
};
use serde_json::Value;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// How long the engine may take with a report that is not waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// The most that is read, in bytes; what a tool wrote or read can be huge.
const LONGEST: u64 = 16 * 1024 * 1024;
/// The longest text and the longest list in what is handed on; more of it is of no use.
const LONGEST_TEXT: usize = 4000;
const LONGEST_LIST: usize = 100;

/// Hands a hook on. What is printed is the answer to a dialog, if it is given elsewhere.
pub fn hook(socket: &Path) {
    let mut body = given();
    // What a tool gave back is long and of no use.
    if let Some(fields) = body.as_object_mut() {
        for unused in ["tool_response", "last_assistant_message"] {
            fields.remove(unused);
        }
    }
    let waits = body["hook_event_name"] == "PermissionRequest";
    if let Some(Answer::Text(text)) = hand_on(socket, Report::Hook, body, waits) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }
}

/// Hands a statusline on, and prints the user's own, or a short one.
pub fn statusline(socket: &Path, show: Option<&str>) {
    let body = given();
    let line = match show {
        Some(command) => shown(command, &body),
        None => short(&body),
    };
    let mut out = std::io::stdout();
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    hand_on(socket, Report::Statusline, body, false);
}

fn given() -> Value {
    let mut text = Vec::new();
    let _ = std::io::stdin().take(LONGEST).read_to_end(&mut text);
    serde_json::from_slice(&text).unwrap_or_default()
}

/// What the engine answers; `None`: there is none, or it takes too long.
fn hand_on(socket: &Path, what: Report, mut body: Value, waits: bool) -> Option<Answer> {
    let ticket = std::env::var("ANTIPHON_TICKET").ok()?;
    let socket = socket.to_owned();
    // An answer to its questions repeats them: they must be whole.
    if body["tool_name"] != "AskUserQuestion" {
        trim(&mut body);
    }
    let report = Op::Report {
        ticket,
        what,
        body: body.to_string(),
    };
    let (sender, receiver) = channel();
    // A thread, since even connecting may take long where the engine hangs.
    std::thread::spawn(move || {
        let answer = UnixStream::connect(socket)
            .ok()
            .and_then(|mut stream| ask(&mut stream, report));
        let _ = sender.send(answer);
    });
    match waits {
        true => receiver.recv().ok()?,
        false => receiver.recv_timeout(PATIENCE).ok()?,
    }
}

fn ask(stream: &mut UnixStream, report: Op) -> Option<Answer> {
    let hello = ClientFrame::Hello {
        protocol: PROTOCOL_VERSION,
        version: env!("CARGO_PKG_VERSION").into(),
        events: false,
    };
    let request = ClientFrame::Request {
        id: 1,
        request: Request::Op(report),
    };
    let mut bytes = Vec::new();
    for frame in [encode(&hello).ok()?, encode(&request).ok()?] {
        bytes.extend(u32::try_from(frame.len()).ok()?.to_be_bytes());
        bytes.extend(frame);
    }
    stream.write_all(&bytes).ok()?;
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).ok()?;
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_FRAME_BYTES {
            return None;
        }
        let mut frame = vec![0; length];
        stream.read_exact(&mut frame).ok()?;
        match decode::<ServerFrame>(&frame).ok()? {
            ServerFrame::Reply { id: 1, result } => return result.ok(),
            ServerFrame::Refused(_) => return None,
            _ => {}
        }
    }
}

/// Cuts what is long.
fn trim(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => {
            let end = (0..=LONGEST_TEXT)
                .rev()
                .find(|at| text.is_char_boundary(*at));
            text.truncate(end.unwrap_or(0));
            text.push('…');
        }
        Value::Array(items) => {
            items.truncate(LONGEST_LIST);
            items.iter_mut().for_each(trim);
        }
        Value::Object(fields) => fields.values_mut().for_each(trim),
        _ => {}
    }
}

/// What the user's own statusline prints.
fn shown(command: &str, body: &Value) -> String {
    let child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        return String::new();
    };
    if let Some(mut stdin) = child.stdin.take() {
        // A line that reads nothing closes its input; that is its right.
        let _ = stdin.write_all(body.to_string().as_bytes());
    }
    let output = child.wait_with_output();
    output.map_or(String::new(), |o| {
        String::from_utf8_lossy(&o.stdout).into_owned()
    })
}

/// A line for those who have none: the session's name, how full the context is, what was spent.
fn short(body: &Value) -> String {
    let mut parts = Vec::new();
    if let Ok(name) = std::env::var("ANTIPHON_SESSION") {
        parts.push(name.chars().filter(|c| !c.is_control()).collect());
    }
    if let Some(used) = body["context_window"]["used_percentage"].as_f64() {
        parts.push(format!("context {used:.0} %"));
    }
    if let Some(dollars) = body["cost"]["total_cost_usd"].as_f64() {
        parts.push(Nano::from_dollars(dollars).to_string());
    }
    format!("{}\n", parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_handed_on_is_short_and_whole() {
        let mut value = json!({"a": "ü".repeat(5000), "b": [[vec![1; 500]]], "c": 1});
        trim(&mut value);
        assert!(
            value["a"]
                .as_str()
                .is_some_and(|a| a.len() <= LONGEST_TEXT + 3 && a.ends_with('…'))
        );
        assert_eq!(
            value["b"][0][0].as_array().map(Vec::len),
            Some(LONGEST_LIST)
        );
        assert_eq!(value["c"], 1);
    }

    #[test]
    fn a_line_shows_what_is_known() {
        for (dollars, shown) in [(0.4212, "$0.42"), (0.0031, "$0.0031"), (0.0, "$0")] {
            let body = json!({"cost": {"total_cost_usd": dollars}, "context_window": {"used_percentage": 12}});
            let line = short(&body);
            assert!(
                line.ends_with(&format!("context 12 % · {shown}\n")),
                "{line}"
            );
        }
        assert_eq!(shown("cat; echo '!'", &json!({"a": 1})), "{\"a\":1}!\n");
    }
}
