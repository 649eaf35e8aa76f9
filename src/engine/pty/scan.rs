//! What the terminal emulation leaves out, found in the byte stream before it: the question for the
//! terminal's name (XTVERSION), the marks by which shells tell prompts from commands (OSC 133), what programs report of
//! themselves (OSC 7501), and control strings that never end.

/// The longest OSC, DCS or APC string let through; the emulation would keep the whole of it in memory.
const LONGEST_STRING: usize = 1024 * 1024;
/// The longest text of a report: with what stands around it, 4096 bytes.
const LONGEST_REPORT: usize = 4087;

/// What was found, right behind the bytes at which it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// `CSI > q` or `CSI > 0 q`: the program asks for the terminal's name and version.
    NameAsked,
    /// A control string has become too long and is to be cut off here.
    Endless,
    Mark(Mark),
    /// A report is whole: [`Scanner::report`].
    Report,
    /// `ESC c`: the terminal is as new.
    Reset,
}

/// What a shell says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It shows its prompt, or a command has ended.
    Prompt,
    /// It runs a command.
    Command,
}

/// What stands before the letter of a mark.
const MARK: &[u8] = b"133;";
/// What stands before the text of a report.
const REPORT: &[u8] = b"7501;";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Ground,
    Escape,
    /// Behind `CSI`, with nothing of it seen yet.
    Csi,
    /// Behind `CSI >`, and only zeros since.
    CsiGreater,
    /// Behind `OSC` and so many bytes of [`MARK`].
    Osc(usize),
    /// Behind `OSC` and so many bytes of [`REPORT`].
    Reporting(usize),
    /// In the text of a report.
    Report,
    /// In a control string, this many bytes into it.
    Text(usize),
}

/// A scanner over a stream that arrives in pieces.
#[derive(Debug, Default)]
pub struct Scanner {
    at: At,
    report: Vec<u8>,
}

impl Scanner {
    /// The text of the report that was found just now.
    pub fn report(&self) -> &[u8] {
        &self.report
    }

    /// The first thing found in `bytes`, and how many of them lie up to and with it. To be called again
    /// with the rest. `None`: nothing, all bytes are read.
    pub fn next(&mut self, bytes: &[u8]) -> Option<(usize, Found)> {
        let mut i = 0;
        while i < bytes.len() {
            if self.at == At::Ground {
                // The stretch that counts: plain text is skipped at the speed of a search.
                i += memchr::memchr(0x1b, &bytes[i..])?;
                self.at = At::Escape;
                i += 1;
                continue;
            }
            let byte = bytes[i];
            i += 1;
            self.at = match (self.at, byte) {
                (At::Report, 0x1b | 0x07) => {
                    self.at = match byte {
                        0x1b => At::Escape,
                        _ => At::Ground,
                    };
                    return Some((i, Found::Report));
                }
                (_, 0x1b) => At::Escape,
                (_, 0x18 | 0x1a) => At::Ground,
                (At::Escape, b'[') => At::Csi,
                (At::Escape, b']') => At::Osc(0),
                (At::Escape, b'P' | b'X' | b'^' | b'_') => At::Text(0),
                (At::Escape, b'c') => {
                    self.at = At::Ground;
                    return Some((i, Found::Reset));
                }
                (At::Osc(_) | At::Reporting(_), 0x07) => At::Ground,
                (At::Osc(0), b'7') => At::Reporting(1),
                (At::Reporting(length), byte) if REPORT[length] == byte => {
                    self.report.clear();
                    match length + 1 == REPORT.len() {
                        true => At::Report,
                        false => At::Reporting(length + 1),
                    }
                }
                (At::Reporting(length), _) => At::Text(length + 1),
                (At::Report, byte) if self.report.len() < LONGEST_REPORT => {
                    self.report.push(byte);
                    At::Report
                }
                (At::Report, _) => At::Text(LONGEST_REPORT),
                (At::Osc(length), byte) if MARK.get(length) == Some(&byte) => At::Osc(length + 1),
                (At::Osc(length), byte) => {
                    self.at = At::Text(length + 1);
                    let mark = match byte {
                        b'A' | b'B' | b'D' => Mark::Prompt,
                        b'C' => Mark::Command,
                        _ => continue,
                    };
                    if length < MARK.len() {
                        continue;
                    }
                    return Some((i, Found::Mark(mark)));
                }
                (At::Csi, b'>') => At::CsiGreater,
                (At::CsiGreater, b'0') => At::CsiGreater,
                (At::CsiGreater, b'q') => {
                    self.at = At::Ground;
                    return Some((i, Found::NameAsked));
                }
                (At::Text(_), 0x07) => At::Ground,
                (At::Text(length), _) if length >= LONGEST_STRING => {
                    self.at = At::Ground;
                    return Some((i, Found::Endless));
                }
                (At::Text(length), _) => At::Text(length + 1),
                _ => At::Ground,
            };
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_found_wherever_the_pieces_are_cut() {
        let stream = b"ab\x1b[>0qcd\x1b[>c\x1b]0;\x1b\\[>q\x1b[>q";
        for cut in 0..stream.len() {
            let mut scanner = Scanner::default();
            let mut seen = Vec::new();
            for (start, piece) in [(0, &stream[..cut]), (cut, &stream[cut..])] {
                let mut from = 0;
                while let Some((end, found)) = scanner.next(&piece[from..]) {
                    from += end;
                    seen.push((start + from, found));
                }
            }
            assert_eq!(
                seen,
                [(7, Found::NameAsked), (stream.len(), Found::NameAsked)]
            );
        }
    }

    #[test]
    fn marks_of_a_shell_are_found_and_titles_are_none() {
        let stream = b"\x1b]133;A\x07$ \x1b]133;B\x1b\\ls\x1b]133;C;x\x07out\x1b]133;D;0\x07\x1b]0;133;C\x07\x1b]13C\x07";
        let marks = [Mark::Prompt, Mark::Prompt, Mark::Command, Mark::Prompt];
        for size in 1..stream.len() {
            let mut scanner = Scanner::default();
            let mut seen = Vec::new();
            for mut piece in stream.chunks(size) {
                while let Some((end, found)) = scanner.next(piece) {
                    piece = &piece[end..];
                    seen.push(found);
                }
            }
            assert_eq!(seen, marks.map(Found::Mark), "pieces of {size}");
        }
    }

    #[test]
    fn reports_are_found_whole_wherever_the_pieces_are_cut() {
        let long = "x".repeat(LONGEST_REPORT);
        let stream = format!(
            "\x1b]7501;?\x07\x1b]7501;state=idle:app=codex\x1b\\\x1b]750;no\x07\x1b]7502;no\x07\x1b]7501\x07\x1b]0;7501;no\x07\
             \x1b]7501;{long}y\x07\x1b]7501;broken off\x18\x1b]7501;{long}\x07\x1bc"
        );
        let wanted = ["?", "state=idle:app=codex", &long];
        for size in [1, 2, 3, 7, 61, stream.len()] {
            let mut scanner = Scanner::default();
            let (mut seen, mut last) = (Vec::new(), None);
            for mut piece in stream.as_bytes().chunks(size) {
                while let Some((end, found)) = scanner.next(piece) {
                    piece = &piece[end..];
                    if found == Found::Report {
                        seen.push(String::from_utf8_lossy(scanner.report()).into_owned());
                    }
                    last = Some(found);
                }
            }
            assert_eq!(seen, wanted, "pieces of {size}");
            assert_eq!(last, Some(Found::Reset));
        }
    }

    #[test]
    fn an_endless_string_is_cut() {
        let mut scanner = Scanner::default();
        assert_eq!(scanner.next(b"\x1b]0;"), None);
        let flood = vec![b'x'; LONGEST_STRING + 10];
        assert!(matches!(scanner.next(&flood), Some((_, Found::Endless))));
        assert_eq!(scanner.next(b"plain"), None);
    }
}
