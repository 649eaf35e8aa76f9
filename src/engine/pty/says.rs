//! What programs say of themselves in their terminal: the program status protocol (OSC 7501), revision 0.3. Claude Code
//! reports where its question whether that is heard is answered; Codex in any case.
//!
//! `OSC 7501 ; key=value:key=value ST`. A program may keep several records, named by paths (`build/tests`), for parts of
//! it that run side by side; each report puts a whole record in the place of the one before. Seen:
//! `state=blocked:app=claude-code:kind=permission:msg=BASE64`.

use super::scan::{Found, Mark};
use super::terminal::{Heard, clean_title};
use crate::config::Means;
use crate::config::agents::Kind;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// The text by which a program asks whether reports are heard, and what tells it so.
const QUESTION: &[u8] = b"?";
const ANSWER: &[u8] = b"\x1b]7501;?\x1b\\";

/// Records that are kept of one program; of more, the one that was not told of for longest is given up.
const MOST: usize = 256;
/// Levels of a record's name, and bytes of each and of a message as it is sent.
const DEEPEST: usize = 8;
const LONGEST_SEGMENT: usize = 32;
const LONGEST_MESSAGE: usize = 2732;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent),
);

/// What a program says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Says {
    pub means: Means,
    /// Whether it ended what it was doing with an error.
    pub failed: bool,
    /// In its own words, one line without control characters; empty where it gives none.
    pub line: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Report {
    Record(Says),
    Clear,
}

/// All records of one program, the newest last.
#[derive(Debug, Default)]
pub struct Records(Vec<(String, Says)>);

impl Records {
    /// What was found in the output; `report`: the text of the newest report.
    pub fn hear(&mut self, found: Found, report: &[u8], heard: &mut Heard) {
        let changed = match found {
            Found::Report if report == QUESTION => {
                heard.answers.extend(ANSWER);
                false
            }
            Found::Report => self.take(report),
            Found::Mark(Mark::Prompt) => self.prompt(),
            Found::Reset => self.clear(),
            _ => false,
        };
        if changed {
            heard.says = Some(self.say());
        }
    }

    /// Takes in the text of a report; whether it was one. One with a mistake that matters is passed over whole.
    fn take(&mut self, text: &[u8]) -> bool {
        let Some((name, report)) = std::str::from_utf8(text).ok().and_then(read) else {
            return false;
        };
        match report {
            Report::Clear => self.0.retain(|(known, _)| !is_below(known, &name)),
            Report::Record(says) => {
                self.0.retain(|(known, _)| *known != name);
                if self.0.len() >= MOST {
                    self.0.remove(0);
                }
                self.0.push((name, says));
            }
        }
        true
    }

    /// A shell shows its prompt: what ran before runs no more. Whether that changes anything.
    fn prompt(&mut self) -> bool {
        let before = self.0.len();
        self.0.retain(|(_, says)| says.means == Means::Idle);
        before != self.0.len()
    }

    /// Whether there was anything to be forgotten.
    fn clear(&mut self) -> bool {
        !std::mem::take(&mut self.0).is_empty()
    }

    /// All of it in one: what waits for its user before what works, and that before what rests; of the same the newest.
    fn say(&self) -> Option<Says> {
        let weight = |says: &Says| match says.means {
            Means::NeedsYou(_) => 2,
            Means::Working => 1,
            Means::Idle | Means::NotWorking => 0,
        };
        let all = self.0.iter().map(|(_, says)| says);
        all.max_by_key(|says| weight(says)).cloned()
    }
}

/// Whether a record is the one that is named, or a part of it; of the whole program (no name) everything is.
fn is_below(known: &str, name: &str) -> bool {
    let rest = known.strip_prefix(name);
    name.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The name of a record, and what is reported of it.
fn read(text: &str) -> Option<(String, Report)> {
    let (mut state, mut name, mut kind, mut message) = (None, "", "", "");
    // Of a key that comes twice the last holds; what is no pair and what is not known is passed over.
    for (key, value) in text.split(':').filter_map(|pair| pair.split_once('=')) {
        match key {
            "state" => state = Some(value),
            "id" => name = Some(value).filter(|name| is_name(name))?,
            "kind" => kind = value,
            "msg" => message = value,
            _ => {}
        }
    }
    let means = match state? {
        "idle" | "done" | "error" => Means::Idle,
        "working" => Means::Working,
        "blocked" => Means::NeedsYou(match kind {
            "permission" => Kind::Approval,
            "auth" => Kind::Login,
            _ => Kind::Question,
        }),
        "clear" => return Some((name.to_owned(), Report::Clear)),
        _ => return None,
    };
    let says = Says {
        means,
        failed: state == Some("error"),
        line: line(message)?,
    };
    Some((name.to_owned(), Report::Record(says)))
}

fn is_name(name: &str) -> bool {
    let is_one = |segment: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.+-".contains(c);
        (1..=LONGEST_SEGMENT).contains(&segment.len()) && segment.chars().all(allowed)
    };
    name.split('/').count() <= DEEPEST && name.split('/').all(is_one)
}

/// A message as it is shown; `None`: it is none.
fn line(message: &str) -> Option<String> {
    if message.len() > LONGEST_MESSAGE {
        return None;
    }
    let text = String::from_utf8(BASE64.decode(message).ok()?).ok()?;
    let clean = !text.chars().any(char::is_control);
    clean.then(|| clean_title(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKS: Means = Means::NeedsYou(Kind::Approval);

    fn said(reports: &[&str]) -> Option<Says> {
        let mut records = Records::default();
        for report in reports {
            records.take(report.as_bytes());
        }
        records.say()
    }

    fn means(reports: &[&str]) -> Option<Means> {
        said(reports).map(|says| says.means)
    }

    /// Everything that the real programs wrote in a talk with an approval and an interruption; see `tests/recording.rs`.
    #[test]
    fn what_was_recorded_is_understood() {
        use Means::{Idle, Working};
        let claude = [
            ("state=idle:app=claude-code", Some(Idle)),
            ("state=working:app=claude-code", Some(Working)),
            ("state=done:app=claude-code", Some(Idle)),
            ("state=working:app=claude-code", Some(Working)),
            (
                "state=blocked:app=claude-code:kind=permission:msg=YXBwcm92ZSBCYXNoOiB0b3VjaCBtYWRl",
                Some(ASKS),
            ),
            ("state=working:app=claude-code", Some(Working)),
            ("state=idle:app=claude-code", Some(Idle)),
            ("state=clear", None),
        ];
        let codex = [
            ("state=idle:app=codex", Some(Idle)),
            ("state=working:app=codex", Some(Working)),
            ("state=blocked:app=codex:kind=permission", Some(ASKS)),
            ("state=done:app=codex", Some(Idle)),
            ("state=clear", None),
        ];
        let mut records = Records::default();
        for (report, wanted) in claude.into_iter().chain(codex) {
            assert!(records.take(report.as_bytes()), "{report}");
            let says = records.say();
            assert_eq!(says.as_ref().map(|says| says.means), wanted, "{report}");
            if report.contains("msg") {
                assert_eq!(says.unwrap().line, "approve Bash: touch made");
            }
        }
    }

    #[test]
    fn records_stand_beside_each_other() {
        use Means::{Idle, Working};
        for (reports, wanted) in [
            (&["state=idle", "state=working:id=a"][..], Some(Working)),
            (&["state=working:id=a", "state=idle"], Some(Working)),
            (
                &["state=blocked:id=a/b:kind=permission", "state=working"],
                Some(ASKS),
            ),
            (&["state=working:id=a", "state=done:id=a"], Some(Idle)),
            (&["state=working:id=a/b", "state=clear:id=a"], None),
            (&["state=working:id=ab", "state=clear:id=a"], Some(Working)),
            (&["state=working:id=a", "state=clear:id=a/b"], Some(Working)),
            (
                &["state=working:id=a", "state=working", "state=clear"],
                None,
            ),
            // The newest of those that rest.
            (&["state=error:id=a", "state=done:id=b"], Some(Idle)),
        ] {
            assert_eq!(means(reports), wanted, "{reports:?}");
        }
        assert!(said(&["state=done", "state=error:id=a"]).unwrap().failed);
        assert!(!said(&["state=error:id=a", "state=done"]).unwrap().failed);
        let many: Vec<String> = (0..MOST + 9)
            .map(|n| format!("state=idle:id=r{n}"))
            .collect();
        let mut records = Records::default();
        assert!(many.iter().all(|report| records.take(report.as_bytes())));
        assert_eq!(records.0.len(), MOST);
        assert!(!records.prompt(), "what rests stays");
        records.take(b"state=working");
        assert!(records.prompt() && records.say().is_some());
        assert!(records.clear() && !records.clear());
    }

    #[test]
    fn a_program_that_asks_is_answered_before_what_it_asks_next_and_heard() {
        let mut terminal = super::super::terminal::Terminal::small(5, 20, 10);
        let heard =
            terminal.feed(b"\x1b]7501;?\x07\x1b[c\x1b]7501;state=working:msg=SGk\x1b\\text");
        let answers = String::from_utf8(heard.answers).unwrap();
        assert!(answers.starts_with("\x1b]7501;?\x1b\\\x1b["), "{answers:?}");
        let says = heard.says.flatten().unwrap();
        assert_eq!((says.means, says.line.as_str()), (Means::Working, "Hi"));
        assert_eq!(terminal.feed(b"more").says, None, "nothing new");
        assert_eq!(
            terminal.feed(b"\x1b]133;A\x07").says,
            Some(None),
            "its shell is back"
        );
        terminal.feed(b"\x1b]7501;state=idle\x07");
        assert_eq!(terminal.feed(b"\x1bc").says, Some(None));
    }

    #[test]
    fn what_is_no_report_changes_nothing() {
        let deep = format!("state=idle:id={}", ["a"; 9].join("/"));
        let wide = format!("state=idle:id={}", "a".repeat(33));
        let long = format!("state=idle:msg={}", "QUFB".repeat(700));
        for report in [
            "",
            "?",
            "idle",
            "state=",
            "state=asleep",
            "app=codex",
            "state=clear:id=",
            "state=clear:id=a//b",
            "state=idle:id=a b",
            // Not base64, not UTF-8, two lines.
            "state=idle:msg=%",
            "state=idle:msg=/w==",
            "state=idle:msg=YQpi",
            &deep,
            &wide,
            &long,
        ] {
            assert_eq!(
                means(&["state=working", report]),
                Some(Means::Working),
                "{report}"
            );
        }
        // What else there is in it is for others, or of later.
        let more = "progress=40:state=blocked::kind=auth:title=TQ==:new=x:=:state=blocked:msg=SGk";
        let says = said(&[more]).unwrap();
        assert_eq!(
            (says.means, says.line.as_str()),
            (Means::NeedsYou(Kind::Login), "Hi")
        );
    }
}
