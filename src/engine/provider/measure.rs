//! The readers without a network, for `benches/streams.rs`.

use super::failure::Asked;
use super::lines::Sse;
use super::reading::Reading;
use super::{StreamEvent, Wire};
use crate::protocol::{Delta, Failure};

/// Cuts `chunks` into server-sent events; how many there were, and how many bytes of data in them.
///
/// # Errors
/// A line that is too long.
pub fn read_frames<'a>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(usize, usize), Failure> {
    let (mut sse, mut count, mut bytes) = (Sse::default(), 0, 0);
    for chunk in chunks {
        sse.feed(chunk, |data| {
            count += 1;
            bytes += std::hint::black_box(data).len();
            Ok(())
        })?;
    }
    Ok((count, bytes))
}

/// Reads `chunks` as an answer of `wire`, up to the events that leave this room; how many bytes of text there were.
///
/// # Errors
/// Whatever an answer can fail with.
pub fn read_answer<'a>(
    wire: Wire,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Result<usize, Failure> {
    let mut reading = Reading::new(Asked::at(wire, "", None, &[]));
    let mut bytes = 0;
    for chunk in chunks {
        reading.feed(chunk)?;
        for event in reading.out.take_events() {
            if let StreamEvent::Delta(Delta::Text { text }) = event {
                bytes += text.len();
            }
        }
    }
    reading.close()?;
    Ok(bytes)
}
