//! What goes over the socket, and the limits that hold there.
//!
//! A frame is four bytes of length (big endian) and that many bytes of JSON. The first frame of a face is
//! [`ClientFrame::Hello`]; it is answered by [`ServerFrame::Welcome`], or by [`ServerFrame::Refused`] and the
//! end of the connection. The layout of the length and of `Hello`, `Welcome` and `Refused` is frozen, so that
//! two versions can always tell each other that they differ.

use super::answer::{Answer, Refusal};
use super::messages::{Event, Request};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Raised whenever a message changes its form.
pub const PROTOCOL_VERSION: u32 = 1;

/// The longest frame either side accepts. A full screen of 500 by 200 styled cells takes 4 MiB at worst; a
/// prompt of the longest kind, every byte of it escaped, 48.
pub const MAX_FRAME_BYTES: usize = 64 * 1024 * 1024;

/// From a face to the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    Hello {
        protocol: u32,
        version: String,
        /// Whether events are wanted; a command that only asks something says no.
        events: bool,
    },
    /// `id` is the face's own and comes back with the reply.
    Request { id: u64, request: Request },
}

/// From the engine to a face.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    Welcome {
        protocol: u32,
        version: String,
        pid: u32,
    },
    /// The connection ends after this.
    Refused(Refusal),
    Reply {
        id: u64,
        result: Result<Answer, Refusal>,
    },
    Event(Event),
}

/// The JSON bytes of a frame. Fails only where a frame would pass [`MAX_FRAME_BYTES`].
pub fn encode<T: Serialize>(frame: &T) -> Result<Vec<u8>, String> {
    let bytes = serde_json::to_vec(frame).map_err(|e| e.to_string())?;
    if bytes.len() > MAX_FRAME_BYTES {
        return Err(format!(
            "a frame of {} bytes passes the limit of {MAX_FRAME_BYTES}",
            bytes.len()
        ));
    }
    Ok(bytes)
}

/// A frame from its JSON bytes.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::{Backend, Op, SessionSpec};
    use super::*;

    #[test]
    fn frames_survive_the_wire() {
        let frame = ClientFrame::Request {
            id: 7,
            request: Request::Op(Op::Spawn {
                spec: SessionSpec::new("critic", Backend::Endpoint("groq".into())),
            }),
        };
        let bytes = encode(&frame).unwrap();
        assert_eq!(decode::<ClientFrame>(&bytes).unwrap(), frame);
    }

    #[test]
    fn rubbish_is_an_error_not_a_panic() {
        assert!(decode::<ClientFrame>(b"\xff\x00rubbish").is_err());
    }
}
