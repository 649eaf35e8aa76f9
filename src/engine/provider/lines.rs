//! Bytes as they arrive, cut into lines and into server-sent events.

use crate::protocol::{Category, Failure};

/// The longest line, and the longest event, that is accepted.
pub(super) const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Cuts a stream into lines that end in `\n`, `\r\n` or `\r`, wherever the network cuts it into chunks.
///
/// No JSON text holds a bare `\r` or `\n` (inside strings they are escaped), so newline-delimited JSON can be
/// read with it too.
#[derive(Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end has not arrived.
    pending: Vec<u8>,
    /// The last byte seen was `\r`: a `\n` that follows belongs to it.
    after_cr: bool,
}

impl Lines {
    /// Takes the next bytes and calls `each` with every line they complete, without its end. Stops at the first error.
    pub(super) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        while !bytes.is_empty() {
            if std::mem::take(&mut self.after_cr) && bytes[0] == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = memchr::memchr2(b'\n', b'\r', bytes);
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if self.pending.len() + part.len() > MAX_BYTES {
                return Err(too_long());
            }
            let Some(end) = end else {
                self.pending.extend_from_slice(part);
                return Ok(());
            };
            self.after_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            if self.pending.is_empty() {
                each(part)?;
            } else {
                self.pending.extend_from_slice(part);
                let line = std::mem::take(&mut self.pending);
                each(&line)?;
            }
        }
        Ok(())
    }

    /// The line that was begun and not ended; for when the stream is over.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pending)
    }
}

/// Reads server-sent events as the HTML standard defines them (section 9.2.6), except that the field `event` is
/// not kept: every API read here repeats it inside its data.
#[derive(Default)]
pub(super) struct Sse {
    lines: Lines,
    data: Vec<u8>,
    has_data: bool,
    begun: bool,
}

impl Sse {
    /// Takes the next bytes and calls `each` with the data of every event they complete.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Sse {
            lines,
            data,
            has_data,
            begun,
        } = self;
        lines.feed(bytes, |line| {
            let line = match std::mem::replace(begun, true) {
                false => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
                true => line,
            };
            if line.is_empty() {
                if std::mem::take(has_data) {
                    let taken = each(data);
                    data.clear();
                    return taken;
                }
                return Ok(());
            }
            take_field(line, data, has_data)
        })
    }

    /// The data of an event that was begun and not ended with its blank line. The standard throws it away; some
    /// servers forget the blank line after the last event.
    pub(super) fn rest(&mut self) -> Option<Vec<u8>> {
        let last = self.lines.rest();
        take_field(&last, &mut self.data, &mut self.has_data).ok()?;
        std::mem::take(&mut self.has_data).then(|| std::mem::take(&mut self.data))
    }
}

/// Adds a `data` line to the event; comments (`: …`) and other fields say nothing to us.
fn take_field(line: &[u8], data: &mut Vec<u8>, has_data: &mut bool) -> Result<(), Failure> {
    let value = match line.strip_prefix(b"data") {
        Some([]) => &[][..],
        Some([b':', b' ', value @ ..]) | Some([b':', value @ ..]) => value,
        _ => return Ok(()),
    };
    if data.len() + value.len() > MAX_BYTES {
        return Err(too_long());
    }
    if std::mem::replace(has_data, true) {
        data.push(b'\n');
    }
    data.extend_from_slice(value);
    Ok(())
}

fn too_long() -> Failure {
    Failure::new(
        Category::Parse,
        "the server sent a line of more than 8 MiB",
        "check that base_url is the address of a chat API",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(chunks: &[&[u8]]) -> Vec<String> {
        let mut sse = Sse::default();
        let mut seen = Vec::new();
        for chunk in chunks {
            sse.feed(chunk, |data| {
                seen.push(String::from_utf8_lossy(data).into_owned());
                Ok(())
            })
            .unwrap();
        }
        if let Some(data) = sse.rest() {
            seen.push(format!("rest {}", String::from_utf8_lossy(&data)));
        }
        seen
    }

    #[test]
    fn events_come_out_whole_wherever_they_are_cut() {
        let text = "\u{feff}: hello\nevent: a\ndata: {\"x\":\"grüße 🎼\"}\n\ndata:one\r\ndata: two\r\n\r\nid: 7\rdata\rdata: \
                    \u{2028}\r\rretry: 5\n\ndata: [DONE]";
        let expected = [
            "{\"x\":\"grüße 🎼\"}",
            "one\ntwo",
            "\n\u{2028}",
            "rest [DONE]",
        ];
        let bytes = text.as_bytes();
        for first in 0..=bytes.len() {
            for second in [first, (first + 1).min(bytes.len()), bytes.len()] {
                assert_eq!(
                    events(&[&bytes[..first], &bytes[first..second], &bytes[second..]]),
                    expected,
                    "cut at {first} and {second}"
                );
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(events(&single), expected);
    }

    #[test]
    fn a_line_without_end_is_given_up_at_the_bound() {
        let mut lines = Lines::default();
        let chunk = vec![b'x'; 1024 * 1024];
        let fed = (0..9).try_for_each(|_| lines.feed(&chunk, |_| Ok(())));
        assert_eq!(fed.unwrap_err().category, Category::Parse);

        let mut sse = Sse::default();
        let mut chunk = b"data: ".to_vec();
        chunk.resize(1024 * 1024, b'x');
        chunk.push(b'\n');
        let fed = (0..9).try_for_each(|_| sse.feed(&chunk, |_| Ok(())));
        assert_eq!(fed.unwrap_err().category, Category::Parse);
    }
}
