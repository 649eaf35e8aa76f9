//! Lines of a file that others wrote: one that is no text is broken like any other, and the rest is read.

/// The text of a line, without the end of one as Windows writes it.
///
/// # Errors
/// It is no UTF-8; what is said counts bytes from 1.
pub fn text(line: &[u8]) -> Result<&str, String> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    std::str::from_utf8(line)
        .map_err(|e| format!("no UTF-8 text from byte {}", e.valid_up_to() + 1))
}

/// All lines; the ends of lines are not among them.
pub fn of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_text_leaves_the_others() {
        let read: Vec<_> = of(b"caf\xc3\xa9\r\nca\xe9\n\nend").map(text).collect();
        let broken = Err("no UTF-8 text from byte 3".to_owned());
        assert_eq!(read, [Ok("caf\u{e9}"), broken, Ok(""), Ok("end")]);
    }
}
