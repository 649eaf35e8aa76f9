//! What the answer says of itself, and whether it holds what was asked for. English.

use crate::protocol::{Block, Turn, TurnState, response_text};

/// The part of an answer in which it declines or begins with doubt, in bytes.
const OPENING: usize = 300;

/// A longer answer than this, in bytes, that begins with an apology has something else to say.
const DECLINED: usize = 900;

/// Words of doubt per word of the answer from which on it hedges: one in fifty.
const HEDGING: f64 = 0.02;

/// The least number of words of doubt.
const DOUBTS: usize = 2;

const DECLINES: &[&str] = &[
    "i can't help with",
    "i cannot help with",
    "i can't assist",
    "i cannot assist",
    "i'm sorry, but i can't",
    "i'm sorry, but i cannot",
    "i am sorry, but i cannot",
    "i won't be able to",
    "i'm not able to",
    "i am not able to",
    "i'm unable to",
    "i am unable to",
    "i must decline",
    "as an ai language model",
];

const DOUBT: &[&str] = &[
    "i'm not sure",
    "i am not sure",
    "not certain",
    "i think",
    "i believe",
    "it's possible",
    "it is possible",
    "might be",
    "may be",
    "could be",
    "perhaps",
    "probably",
    "i don't have access",
    "i do not have access",
    "i can't verify",
    "i cannot verify",
    "hard to say",
    "without more information",
    "may not be accurate",
];

const CONFIDENCE: &[&str] = &[
    "i have verified",
    "i've verified",
    "i verified",
    "i tested",
    "i've tested",
    "all tests pass",
    "the tests pass",
    "the root cause is",
    "the problem is that",
    "this fixes",
    "definitely",
    "certainly",
];

const SURRENDER: &[&str] = &[
    "i was unable to",
    "i wasn't able to",
    "i couldn't get",
    "i could not get",
    "i couldn't find",
    "i could not find",
    "i couldn't fix",
    "still failing",
    "still fails",
    "i ran out of",
];

const OMISSIONS: &[&str] = &[
    "rest of the code",
    "rest of your code",
    "existing code here",
    "... existing code",
    "remaining code",
    "same as before",
    "implement this yourself",
    "your code here",
    "left as an exercise",
    "todo: implement",
];

/// The names of what is seen in an answer that came to its end.
pub(super) fn seen(turn: &Turn) -> Vec<&'static str> {
    let answer = response_text(&turn.blocks);
    if turn.state != TurnState::Done || answer.trim().is_empty() {
        return Vec::new();
    }
    let text = answer.to_lowercase().replace('’', "'");
    let text = text.trim();
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let mut found = Vec::new();
    if declines(text) {
        found.push("declined");
    } else if any(SURRENDER) {
        found.push("gave up");
    }
    if wants_code(turn) && !has_code(turn, &answer) {
        found.push("no code");
    }
    if any(OMISSIONS) {
        found.push("left out parts");
    }
    if hedges(text) {
        found.push("hedges");
    } else if any(CONFIDENCE) {
        found.push("sure of itself");
    }
    found
}

fn declines(text: &str) -> bool {
    let mut end = OPENING.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.len() <= DECLINED && DECLINES.iter().any(|phrase| text[..end].contains(phrase))
}

fn hedges(text: &str) -> bool {
    let doubts: usize = DOUBT
        .iter()
        .map(|phrase| text.matches(phrase).count())
        .sum();
    let words = text.split_whitespace().count().max(1);
    doubts >= DOUBTS && doubts as f64 / words as f64 >= HEDGING
}

fn wants_code(turn: &Turn) -> bool {
    turn.category == "code_gen"
}

/// Whether there is a fenced or indented block, something that looks like a command or a statement, or a tool that
/// will have written it.
fn has_code(turn: &Turn, answer: &str) -> bool {
    let worked = turn
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Tool { .. }));
    let looks = |line: &str| {
        line.starts_with("    ")
            || line.starts_with('\t')
            || line.ends_with([';', '{', '}'])
            || line.contains("();")
    };
    worked || answer.contains('`') || answer.lines().any(looks)
}
