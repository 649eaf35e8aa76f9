//! What a text means: regular expressions, each with a status.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

/// The largest compiled form of one expression, in bytes: some small texts make very large ones.
const LARGEST: usize = 1 << 20;

/// A regular expression in which `^` and `$` stand for the ends of each line.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

impl Pattern {
    /// Where in a text it is found first.
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        self.0.find(text).map(|found| found.range())
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;
    fn try_from(text: String) -> Result<Pattern, String> {
        let mut builder = RegexBuilder::new(&text);
        let built = builder.multi_line(true).size_limit(LARGEST).build();
        built.map(Pattern).map_err(|error| {
            // The last line says what is wrong; those above it show the place within the expression.
            let said = error.to_string();
            let why = said.lines().last().unwrap_or_default();
            let why = why.trim_start_matches("error: ");
            format!("`{text}` is no regular expression: {why}")
        })
    }
}

impl Eq for Pattern {}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// A pattern, and what its agent does when it is found.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Rule {
    pub pattern: Pattern,
    pub means: Means,
}

/// What an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    Working,
    Idle,
    /// Idle or in need of its user: which of both, something else must tell.
    NotWorking,
    NeedsYou(Kind),
}

/// What it needs its user for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Approval,
    Question,
    Login,
}

/// A rule as it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "match")]
    pattern: Pattern,
    status: Word,
    kind: Option<Kind>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Working,
    Idle,
    NotWorking,
    NeedsYou,
}

impl TryFrom<Written> for Rule {
    type Error = &'static str;
    fn try_from(rule: Written) -> Result<Rule, &'static str> {
        let means = match (rule.status, rule.kind) {
            (Word::Working, None) => Means::Working,
            (Word::Idle, None) => Means::Idle,
            (Word::NotWorking, None) => Means::NotWorking,
            (Word::NeedsYou, kind) => Means::NeedsYou(kind.unwrap_or(Kind::Question)),
            (_, Some(_)) => return Err("`kind` belongs to status = \"needs_you\" alone"),
        };
        Ok(Rule {
            pattern: rule.pattern,
            means,
        })
    }
}

/// The first rule that matches a text, and where.
pub fn first<'a>(rules: &'a [Rule], text: &str) -> Option<(&'a Rule, std::ops::Range<usize>)> {
    rules
        .iter()
        .find_map(|rule| Some((rule, rule.pattern.find(text)?)))
}
