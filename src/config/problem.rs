//! Mistakes in files: finding the place, naming the likely word, and showing it all to a person.

use crate::config::secrets::without_secrets;
use crate::protocol::Problem;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A file's name and text, from which problems take their place.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub path: PathBuf,
    pub text: String,
}

impl SourceFile {
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> SourceFile {
        SourceFile {
            path: path.into(),
            text: text.into(),
        }
    }

    /// A problem at a span of bytes of the text. What may be an API key is left out of the source line.
    pub fn problem(
        &self,
        span: Range<usize>,
        what: impl Into<String>,
        next: impl Into<String>,
    ) -> Problem {
        let mut start = span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &self.text[line_start..];
        let source_line = rest.lines().next().unwrap_or_default();
        Problem {
            path: self.path.clone(),
            line: before.matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
            what: what.into(),
            next: next.into(),
            source_line: without_secrets(source_line),
        }
    }

    /// A syntax error of the whole file.
    pub fn syntax(&self, error: &toml::de::Error) -> Problem {
        let what = error.message().lines().collect::<Vec<_>>().join(", ");
        let span = error.span().unwrap_or(0..0);
        self.problem(
            span,
            what,
            "nothing of this file is in force until it is mended",
        )
    }
}

/// A problem of a file as a whole, such as one that cannot be read.
pub fn whole_file(path: &Path, what: impl Into<String>, next: impl Into<String>) -> Problem {
    Problem {
        path: path.to_owned(),
        line: 0,
        column: 0,
        what: what.into(),
        next: next.into(),
        source_line: String::new(),
    }
}

/// The name most like `word`, if any is like it at all.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('_', "-");
    names
        .into_iter()
        .map(|name| {
            let plain = name.to_lowercase().replace('_', "-");
            let alike = strsim::jaro_winkler(&word, &plain);
            let starts = !word.is_empty() && plain.starts_with(&word);
            (if starts { alike.max(0.9) } else { alike }, name)
        })
        .filter(|(alike, _)| *alike > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// "did you mean `x`?", or else `otherwise`.
pub fn did_you_mean<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    match nearest(word, names) {
        Some(name) => format!("did you mean `{name}`?"),
        None => otherwise(),
    }
}

/// "`path:line:col: what`", the source line, a caret under the place, and what to do next.
///
/// The source line is shown without control characters: a file of the user's can hold any bytes.
pub fn report(problem: &Problem) -> String {
    let path = problem.path.display();
    let mut text = match problem.line {
        0 => format!("{path}: {}", problem.what),
        line => format!("{path}:{line}:{}: {}", problem.column, problem.what),
    };
    if problem.line > 0 && !problem.source_line.is_empty() {
        let shown: String = problem.source_line.chars().map(printable).collect();
        let indent = problem.column.saturating_sub(1);
        text.push_str(&format!("\n  {shown}\n  {}^", " ".repeat(indent)));
    }
    if !problem.next.is_empty() {
        text.push_str(&format!("\n  next: {}", problem.next));
    }
    text
}

fn printable(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let file = SourceFile::new("a.toml", "x = 1\ndäß = wrong\n");
        let at = file.text.find("wrong").unwrap();
        let problem = file.problem(at..at + 5, "not a number", "write 5");
        assert_eq!((problem.line, problem.column), (2, 7));
        assert_eq!(
            report(&problem),
            "a.toml:2:7: not a number\n  däß = wrong\n        ^\n  next: write 5"
        );
    }

    #[test]
    fn a_word_finds_its_neighbour_and_rubbish_finds_none() {
        let names = ["model", "backend", "next-session"];
        assert_eq!(nearest("modle", names), Some("model"));
        assert_eq!(nearest("next_session", names), Some("next-session"));
        assert_eq!(nearest("next", names), Some("next-session"));
        assert_eq!(nearest("qqqq", names), None);
    }

    #[test]
    fn control_characters_of_a_file_do_not_reach_the_terminal() {
        let file = SourceFile::new("a.toml", "x = \"\x1b[2J\"");
        assert!(!report(&file.problem(0..1, "bad", "")).contains('\x1b'));
    }
}
