//! A connection to the engine's socket, with frames written by hand: what a stranger could send.

use super::{DEADLINE, home::Home};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
};

/// Whoever connects.
pub struct Peer(UnixStream);

impl Peer {
    pub fn connect(home: &Home) -> Peer {
        let stream = UnixStream::connect(home.socket()).expect("the engine listens");
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Peer(stream)
    }

    /// Bytes as they are. The other side may have hung up; that is to be seen by reading.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes);
    }

    /// Four bytes of length, big endian, and the JSON.
    pub fn send(&mut self, frame: &Value) {
        let body = frame.to_string();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        self.send_bytes(&[&length, body.as_bytes()].concat());
    }

    pub fn hello(&mut self, protocol: u32) {
        self.send(
            &json!({ "hello": { "protocol": protocol, "version": "9.9.9", "events": false } }),
        );
    }

    /// The next frame; `None`: the engine hung up.
    pub fn receive(&mut self) -> Option<Value> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).ok()?;
        let mut body = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut body).ok()?;
        Some(serde_json::from_slice(&body).expect("frames are JSON"))
    }
}
