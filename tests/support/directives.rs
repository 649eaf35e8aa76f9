//! What a prompt can ask of a stand-in.
//!
//! | in the prompt | does |
//! |---|---|
//! | `@tool:Name {json}` | one call of that tool (not again once its result came) |
//! | `@err:STATUS`, `@err:STATUSxN` | an error of that status, always or the first N times |
//! | `@retry:SECONDS` | the `retry-after` that goes with it |
//! | `@slow:SECONDS` | spreads the answer over that time |
//! | `@hold` | stops in the middle of the answer until the test releases it |
//! | `@midcut` | breaks the connection in the middle |
//! | `@midend` | ends the stream in the middle, cleanly, without its last message |
//! | `@sseerr` | an error event in the middle |
//! | `@badjson` | a line in the middle that is no JSON |
//! | `@think` | thinks before it answers |
//! | `@ctl` | answers with terminal control sequences |
//! | `@len:N` | answers with N words |
//! | `@say TEXT` | answers with TEXT, all that follows |

use serde_json::Value;
use std::{sync::Mutex, time::Duration};

/// Prompts that are to be read as something else, such as a sentence that looks well in a picture.
static SCRIPT: Mutex<Vec<(&str, &str)>> = Mutex::new(Vec::new());

/// From now on, in this process, a prompt that begins with `prompt` is read as `directives`.
pub fn script(prompt: &'static str, directives: &'static str) {
    SCRIPT.lock().unwrap().push((prompt, directives));
}

/// What happens after half of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Middle {
    #[default]
    GoOn,
    Hold,
    Cut,
    End,
    Error,
    BadJson,
}

/// A prompt, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directives {
    pub tool: Option<(String, Value)>,
    /// Status, and how often.
    pub error: Option<(u16, u32)>,
    pub retry_after: Option<String>,
    pub slow: Duration,
    pub middle: Middle,
    pub think: bool,
    /// The answer, if the prompt sets it.
    pub answer: Option<String>,
}

/// Reads the directives of a prompt.
pub fn read(prompt: &str) -> Directives {
    let script = SCRIPT.lock().unwrap().clone();
    let scripted = script.iter().find(|(begin, _)| prompt.starts_with(begin));
    let prompt = scripted.map_or(prompt, |(_, directives)| directives);
    let middles = [
        ("@hold", Middle::Hold),
        ("@midcut", Middle::Cut),
        ("@midend", Middle::End),
        ("@sseerr", Middle::Error),
        ("@badjson", Middle::BadJson),
    ];
    let middle = middles.iter().find(|(word, _)| prompt.contains(word));
    Directives {
        tool: after(prompt, "@tool:").and_then(|rest| {
            let (name, rest) = rest.split_once(' ')?;
            let input = serde_json::Deserializer::from_str(rest)
                .into_iter()
                .next()?
                .ok()?;
            Some((name.to_owned(), input))
        }),
        error: after(prompt, "@err:").and_then(|rest| {
            let (status, rest) = number(rest)?;
            let times = rest
                .strip_prefix('x')
                .and_then(number)
                .map_or(f64::MAX, |(n, _)| n);
            Some((status as u16, times as u32))
        }),
        retry_after: value(prompt, "@retry:").map(|seconds| seconds.to_string()),
        slow: Duration::from_secs_f64(value(prompt, "@slow:").unwrap_or(0.0)),
        middle: middle.map_or(Middle::GoOn, |(_, middle)| *middle),
        think: prompt.contains("@think"),
        answer: answer(prompt),
    }
}

fn answer(prompt: &str) -> Option<String> {
    if prompt.contains("@ctl") {
        return Some(
            "before \u{1b}]52;c;c3RvbGVu\u{7}\u{1b}[2J\u{1b}]0;taken\u{7}\u{9b}31m after".into(),
        );
    }
    if let Some(count) = value(prompt, "@len:") {
        let words: Vec<String> = (1..=count as usize).map(|n| format!("word{n}")).collect();
        return Some(words.join(" "));
    }
    after(prompt, "@say ").map(str::to_owned)
}

fn after<'a>(prompt: &'a str, word: &str) -> Option<&'a str> {
    prompt.split_once(word).map(|(_, rest)| rest)
}

fn value(prompt: &str, word: &str) -> Option<f64> {
    number(after(prompt, word)?).map(|(number, _)| number)
}

/// The number at the start of a text, and what follows it.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let digits = text[..end].trim_end_matches('.');
    Some((digits.parse().ok()?, &text[digits.len()..]))
}

/// A text in the pieces in which it is streamed: words with the white space behind them.
pub fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let end = rest[word..]
            .find(|c: char| !c.is_whitespace())
            .map_or(rest.len(), |n| word + n);
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}
