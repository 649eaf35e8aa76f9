//! Text that is pasted into a program: nothing in it may end the paste or act as a key.

use crate::protocol::Refusal;

/// The text with every control character gone but line feeds and tabs, and with one form of line end.
/// Without ESC, no sequence in it (such as the end of the bracket) is one any more; its visible rest goes too.
pub fn sanitise_paste(text: &str) -> String {
    let mut clean = text.replace("\r\n", "\n").replace('\r', "\n");
    for sequence in ["\x1b[200~", "\x1b[201~", "\u{9b}200~", "\u{9b}201~"] {
        clean = clean.replace(sequence, "");
    }
    clean.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    clean
}

/// The bytes to be sent: bracketed where the program asked for that. Where it did not, line ends at the
/// end are left out, so that nothing runs by itself, and several lines are refused.
pub fn paste_bytes(text: &str, bracketed: bool) -> Result<Vec<u8>, Refusal> {
    let clean = sanitise_paste(text);
    if bracketed {
        return Ok(format!("\x1b[200~{clean}\x1b[201~").into_bytes());
    }
    let line = clean.trim_end_matches('\n');
    if line.contains('\n') {
        return Err(Refusal::new(
            "the text has several lines, and the program did not ask for bracketed paste: it would run line by line",
            "paste one line at a time, or type it in insert mode",
        ));
    }
    Ok(line.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_paste_acts() {
        for (text, clean) in [
            ("a\r\nb\rc\td", "a\nb\nc\td"),
            ("x\x1b[201~rm -rf\n", "xrm -rf\n"),
            // What is left when a sequence is taken out of another one.
            ("\x1b[20\x1b[201~1~", "[201~"),
            ("\u{9b}201~a\x03\x7f\x00é", "aé"),
        ] {
            assert_eq!(sanitise_paste(text), clean, "{text:?}");
        }
    }

    #[test]
    fn lines_go_only_where_they_do_not_run() {
        assert_eq!(
            paste_bytes("a\nb", true).unwrap(),
            b"\x1b[200~a\nb\x1b[201~"
        );
        assert_eq!(paste_bytes("one\n", false).unwrap(), b"one");
        let refusal = paste_bytes("a\nb", false).unwrap_err();
        assert!(refusal.what.contains("would run line by line"));
    }
}
