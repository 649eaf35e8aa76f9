//! Text that others wrote, made harmless: no control character and no reordering mark of it reaches the screen.

use std::borrow::Cow;

const TAB: &str = "    ";

/// Several lines: line breaks stay (`\r\n` and `\r` become `\n`), tabs become four blanks, everything else
/// that a terminal could act on is dropped.
pub fn block(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

/// One line: as [`block`], with each line break as one blank.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// Whether a character could act on the terminal or turn the order of what is read: C0 and C1 controls, line and
/// paragraph separators, bidirectional embeddings, overrides and isolates, invisible tags.
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn clean(text: &str, keep_breaks: bool) -> Cow<'_, str> {
    let harmless = |c: char| !is_harmful(c) || (keep_breaks && c == '\n');
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(if keep_breaks { '\n' } else { ' ' }),
            '\t' => out.push_str(TAB),
            c if is_harmful(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_gets_through_as_a_control() {
        let all: Vec<u8> = (0..=255u8).collect();
        for first in 0..=255u8 {
            for second in [0, 7, 10, 27, 0x80, 0x9b, 0xc2, 0xe2, b'[', b'a'] {
                let mut bytes = all.clone();
                bytes.extend([first, second, 0x9b, 0xaa]);
                let text = String::from_utf8_lossy(&bytes);
                assert!(block(&text).chars().all(|c| c == '\n' || !is_harmful(c)));
                assert!(!line(&text).chars().any(is_harmful));
            }
        }
        for c in '\u{0}'..='\u{ffff}' {
            assert!(!line(&c.to_string()).chars().any(is_harmful));
        }
    }

    #[test]
    fn plain_text_is_left_alone() {
        for text in ["", "grüße, 世界 👩‍👩‍👧", "a\nb"] {
            assert!(matches!(block(text), Cow::Borrowed(kept) if kept == text));
        }
        assert_eq!(block("a\r\nb\rc\td"), "a\nb\nc    d");
        assert_eq!(line("a\nb"), "a b");
        assert_eq!(line("\u{1b}]52;c;aGk=\u{7}x\u{202e}y"), "]52;c;aGk=xy");
    }
}
