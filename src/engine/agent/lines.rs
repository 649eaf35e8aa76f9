//! Lines of a process, bounded; and the last of its words.

use serde_json::Value;
use std::collections::VecDeque;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// The longest line that is read. A longer one is skipped, with a notice; the turn goes on without it.
pub const LONGEST: usize = 16 * 1024 * 1024;
/// How much of the last words is kept.
const LAST_WORDS: usize = 2048;

/// What stood in a line.
#[derive(Debug, PartialEq)]
pub enum Line {
    Json(Value),
    /// Something else, such as an error of the program's own runtime.
    Other(Vec<u8>),
    TooLong,
    /// There are no more.
    End,
}

/// Reads lines from a pipe.
pub struct Lines<R> {
    pipe: BufReader<R>,
    line: Vec<u8>,
    /// The line is too long; what is left of it is thrown away.
    skipping: bool,
    longest: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub fn new(pipe: R, longest: usize) -> Lines<R> {
        Lines {
            pipe: BufReader::with_capacity(64 * 1024, pipe),
            line: Vec::new(),
            skipping: false,
            longest,
        }
    }

    /// The next line that is not blank. Nothing is lost where the future is dropped.
    pub async fn next(&mut self) -> Line {
        loop {
            let piece = match self.pipe.fill_buf().await {
                Ok(piece) if !piece.is_empty() => piece,
                _ if self.line.is_empty() => return Line::End,
                _ => {
                    if let Some(line) = self.take() {
                        return line;
                    }
                    continue;
                }
            };
            let end = piece.iter().position(|&byte| byte == b'\n');
            let used = end.unwrap_or(piece.len());
            if self.line.len() + used > self.longest {
                self.skipping = true;
                self.line = Vec::new();
            }
            if !self.skipping {
                self.line.extend_from_slice(&piece[..used]);
            }
            self.pipe.consume(used + usize::from(end.is_some()));
            if end.is_none() {
                continue;
            }
            if std::mem::take(&mut self.skipping) {
                return Line::TooLong;
            }
            if let Some(line) = self.take() {
                return line;
            }
        }
    }

    fn take(&mut self) -> Option<Line> {
        let line = std::mem::take(&mut self.line);
        if line.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        Some(match serde_json::from_slice(&line) {
            Ok(value) => Line::Json(value),
            Err(_) => Line::Other(line),
        })
    }
}

/// The end of a stream of bytes.
#[derive(Debug, Default)]
pub struct LastWords(VecDeque<u8>);

impl LastWords {
    pub fn push(&mut self, bytes: &[u8]) {
        self.0
            .extend(&bytes[bytes.len().saturating_sub(LAST_WORDS)..]);
        let over = self.0.len().saturating_sub(LAST_WORDS);
        self.0.drain(..over);
    }

    /// As text, without control characters other than line ends.
    pub fn text(&self) -> String {
        let bytes: Vec<u8> = self.0.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let kept = text.chars().filter(|c| *c == '\n' || !c.is_control());
        kept.collect::<String>().trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn lines_are_read_bounded_and_whatever_they_hold() {
        let long = "x".repeat(100);
        let stream = format!("{{\"a\":1}}\n\n  \nplain\n{long}\n[2]");
        let mut lines = Lines::new(stream.as_bytes(), 50);
        for line in [
            Line::Json(json!({"a": 1})),
            Line::Other(b"plain".to_vec()),
            Line::TooLong,
            Line::Json(json!([2])),
            Line::End,
            Line::End,
        ] {
            assert_eq!(lines.next().await, line);
        }
    }

    #[test]
    fn last_words_are_the_last_and_harmless() {
        let mut words = LastWords::default();
        words.push(&[b'a'; 5000]);
        words.push(b"\x1b[31mend\xff\n");
        let text = words.text();
        assert!(text.len() <= LAST_WORDS + 2 && text.ends_with("a[31mend\u{fffd}"));
    }
}
