//! What is written to standard output and standard error, and how it is made harmless.

use crate::error::Error;
use std::borrow::Cow;
use std::io::{self, Write};

/// Why a command ends early.
#[derive(Debug)]
pub enum Stop {
    Error(Error),
    /// Nobody reads any more; nothing is left to say.
    Pipe,
    /// Everything was said already; only the exit code is missing.
    Failed,
}

/// How a command ends.
pub type Outcome = Result<(), Stop>;

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::Pipe,
            _ => Stop::Error(Error::new(
                format!("cannot write the output: {error}"),
                "",
                "",
            )),
        }
    }
}

/// How a word stands out where colours are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Bold,
    Dim,
    Good,
    Warning,
    Bad,
}

/// Where output goes, and what may be sent there.
pub struct Out {
    sink: Box<dyn Write>,
    /// Whether a terminal shows it.
    terminal: bool,
    color: bool,
    /// Whether data is wanted as JSON.
    pub json: bool,
}

impl Out {
    /// Standard output; colours only on a terminal, and never with `NO_COLOR`.
    pub fn stdout(json: bool) -> Out {
        use std::io::IsTerminal;
        let terminal = io::stdout().is_terminal();
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Out {
            sink: Box::new(io::stdout()),
            terminal,
            color: terminal && !refused && !dumb,
            json,
        }
    }

    /// Another place, for tests.
    #[cfg(test)]
    pub fn to(sink: Box<dyn Write>, terminal: bool, json: bool) -> Out {
        Out {
            sink,
            terminal,
            color: terminal,
            json,
        }
    }

    /// Columns that a line may have: the terminal's, or 100 where nobody looks.
    pub fn width(&self) -> usize {
        let size = self.terminal.then(crossterm::terminal::size);
        match size {
            Some(Ok((columns, _))) if columns > 0 => usize::from(columns),
            _ => 100,
        }
    }

    /// Prints what was done, to people; a script has the exit code.
    pub fn done(&mut self, text: impl AsRef<str>) -> Outcome {
        if self.json { Ok(()) } else { self.line(text) }
    }

    /// A line of our own words. What others wrote in it is made harmless.
    pub fn line(&mut self, text: impl AsRef<str>) -> Outcome {
        let text = self.harmless(text.as_ref());
        writeln!(self.sink, "{text}")?;
        Ok(())
    }

    /// Text as it comes, without a line break after it.
    pub fn text(&mut self, text: &str) -> Outcome {
        let text = self.harmless(text);
        self.sink.write_all(text.as_bytes())?;
        self.sink.flush()?;
        Ok(())
    }

    /// One line of words that stand out.
    pub fn inked(&mut self, words: &[(Ink, &str)]) -> Outcome {
        let line: String = words
            .iter()
            .map(|(ink, word)| self.paint(*ink, word))
            .collect();
        writeln!(self.sink, "{}", line.trim_end())?;
        Ok(())
    }

    /// A value as indented JSON. Control characters are escaped by the format itself.
    pub fn json<T: serde::Serialize>(&mut self, value: &T) -> Outcome {
        let text = serde_json::to_string_pretty(value)
            .map_err(|e| Error::new(format!("cannot write this as JSON: {e}"), "", ""))?;
        // JSON leaves DEL and the C1 controls as they are.
        let escaped = escape_rest(&text);
        writeln!(self.sink, "{escaped}")?;
        Ok(())
    }

    /// `word` in `ink`, made harmless.
    pub fn paint(&self, ink: Ink, word: &str) -> String {
        let word = self.harmless(word);
        let code = match ink {
            Ink::Plain => return word.into_owned(),
            _ if !self.color || word.is_empty() => return word.into_owned(),
            Ink::Bold => 1,
            Ink::Dim => 2,
            Ink::Bad => 31,
            Ink::Good => 32,
            Ink::Warning => 33,
        };
        format!("\u{1b}[{code}m{word}\u{1b}[0m")
    }

    fn harmless<'a>(&self, text: &'a str) -> Cow<'a, str> {
        harmless(text, self.terminal)
    }
}

/// Standard error, for people: progress and errors.
pub fn tell(text: &str) {
    // If nobody listens there, nothing is lost that a script counts on.
    let _ = writeln!(io::stderr(), "{}", harmless(text, true));
}

/// Text without the characters that a terminal would act on: all control characters but line break and tab; for a
/// terminal also the marks that turn the order of what is read.
pub fn harmless(text: &str, terminal: bool) -> Cow<'_, str> {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    let kept = |c: char| matches!(c, '\n' | '\t') || !(c.is_control() || (terminal && turns(c)));
    match text.chars().all(kept) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.chars().filter(|c| kept(*c)).collect()),
    }
}

fn escape_rest(json: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_control() && c != '\n';
    if !json.contains(odd) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match odd(c) {
            true => escaped.push_str(&format!("\\u{:04x}", c as u32)),
            false => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::cli::testing::Page;

    #[test]
    fn no_control_character_is_written_whatever_the_text_holds() {
        let nasty: String = ('\0'..='\u{a0}').chain(['\u{202e}', 'ä']).collect();
        for terminal in [true, false] {
            let page = Page::default();
            let mut out = Out::to(Box::new(page.clone()), terminal, false);
            out.line(&nasty).unwrap();
            out.text(&nasty).unwrap();
            out.json(&nasty).unwrap();
            let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
            assert!(!page.text().contains(bad));
            assert!(page.text().contains('ä'));
        }
        assert_eq!(harmless("a\u{202e}b\r\n\tc", true), "ab\n\tc");
        assert_eq!(harmless("a\u{202e}b", false), "a\u{202e}b");
    }

    #[test]
    fn json_can_be_read_back() {
        let page = Page::default();
        let nasty = "\u{1b}[31m \u{7f} \u{9b} \" \\";
        Out::to(Box::new(page.clone()), true, true)
            .json(&nasty)
            .unwrap();
        assert_eq!(serde_json::from_str::<String>(&page.text()).unwrap(), nasty);
    }

    #[test]
    fn colours_are_for_terminals() {
        let paint =
            |terminal| Out::to(Box::new(Page::default()), terminal, false).paint(Ink::Bad, "x");
        assert_eq!(paint(false), "x");
        assert_eq!(paint(true), "\u{1b}[31mx\u{1b}[0m");
    }
}
