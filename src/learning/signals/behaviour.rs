//! What the user's next prompt tells of the answer before it. English.

use crate::learning::classify::classify;
use crate::protocol::{Millis, Turn};
use std::collections::BTreeSet;

/// The prompt that came after a turn.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    pub prompt: &'a str,
    /// When it was asked.
    pub at: Millis,
    pub place: Place,
}

/// Where the next prompt was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the same session, right after the turn.
    Session,
    /// In place of the turn: in a fork from before it, or in a conversation that was taken back.
    Instead,
    /// In another session with another model.
    OtherModel,
}

/// How long after an answer a new topic is a quick one, in milliseconds.
const QUICK: Millis = 10 * 60_000;

/// The share of words, of those that either prompt has, from which on a prompt is the other one edited; below the
/// second, it is of another topic.
const EDITED: f64 = 0.6;
const OTHER_TOPIC: f64 = 0.15;

/// The least number of words for a likeness to say anything.
const WORDS: usize = 4;

/// (how a prompt begins, what that is of the answer before it); the first row that fits holds.
const OPENINGS: &[(&str, &str)] = &[
    ("no problem", "thanks"),
    ("no worries", "thanks"),
    ("no thanks", "thanks"),
    ("no need", ""),
    ("no more", ""),
    ("try again", "try again"),
    ("please try again", "try again"),
    ("try once more", "try again"),
    ("again", "try again"),
    ("retry", "try again"),
    ("redo", "try again"),
    ("do it again", "try again"),
    ("do that again", "try again"),
    ("once more", "try again"),
    ("regenerate", "try again"),
    ("start over", "try again"),
    ("no", "objection"),
    ("nope", "objection"),
    ("wrong", "objection"),
    ("that's wrong", "objection"),
    ("that is wrong", "objection"),
    ("this is wrong", "objection"),
    ("that's not", "objection"),
    ("that is not", "objection"),
    ("this is not", "objection"),
    ("not what", "objection"),
    ("incorrect", "objection"),
    ("that's incorrect", "objection"),
    ("that didn't", "objection"),
    ("that doesn't", "objection"),
    ("this doesn't", "objection"),
    ("it doesn't work", "objection"),
    ("it does not work", "objection"),
    ("doesn't work", "objection"),
    ("does not work", "objection"),
    ("didn't work", "objection"),
    ("still", "objection"),
    ("it still", "objection"),
    ("it's still", "objection"),
    ("you broke", "objection"),
    ("you forgot", "objection"),
    ("you missed", "objection"),
    ("you didn't", "objection"),
    ("you did not", "objection"),
    ("why did you", "objection"),
    ("revert", "objection"),
    ("undo", "objection"),
    ("stop", "objection"),
    ("actually", "redirected"),
    ("i meant", "redirected"),
    ("i mean", "redirected"),
    ("i said", "redirected"),
    ("i asked", "redirected"),
    ("instead", "redirected"),
    ("rather", "redirected"),
    ("don't", "redirected"),
    ("do not", "redirected"),
    ("thanks", "thanks"),
    ("thank you", "thanks"),
    ("thx", "thanks"),
    ("perfect", "thanks"),
    ("great", "thanks"),
    ("excellent", "thanks"),
    ("awesome", "thanks"),
    ("nice", "thanks"),
    ("lovely", "thanks"),
    ("brilliant", "thanks"),
    ("well done", "thanks"),
    ("good job", "thanks"),
    ("good work", "thanks"),
    ("looks good", "thanks"),
    ("lgtm", "thanks"),
    ("that works", "thanks"),
    ("that worked", "thanks"),
    ("it works", "thanks"),
    ("works", "thanks"),
    ("exactly", "thanks"),
];

/// What takes back thanks that stand before it.
const BUTS: [&str; 5] = [
    " but ",
    " however ",
    " except ",
    " still ",
    " unfortunately ",
];

/// Words that point back at the answer.
const BACK: [&str; 9] = [
    "it", "that", "this", "them", "those", "now", "also", "and", "then",
];

/// What the user's next prompt tells of the turn before it: one thing at most.
pub fn signals_after(turn: &Turn, next: Next<'_>) -> Vec<super::Signal> {
    let name = match next.place {
        Place::Session => in_session(turn, next),
        Place::Instead => alike(&turn.prompt, next.prompt).or(Some("forked before it")),
        Place::OtherModel => alike(&turn.prompt, next.prompt).map(|_| "asked another model"),
    };
    name.and_then(super::Signal::named).into_iter().collect()
}

fn in_session(turn: &Turn, next: Next<'_>) -> Option<&'static str> {
    let text = plain(next.prompt);
    if let Some(name) = alike(&turn.prompt, next.prompt) {
        return Some(name);
    }
    let begins = |opening: &str| {
        text.strip_prefix(opening)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let opening = OPENINGS.iter().find(|(opening, _)| begins(opening));
    match opening.map(|(_, name)| *name) {
        Some("thanks") if BUTS.iter().any(|but| text.contains(but)) => Some("redirected"),
        Some("") => None,
        Some(name) => Some(name),
        None if redirects(&text) => Some("redirected"),
        None if moves_on(turn, next, &text) => Some("on to the next"),
        None => None,
    }
}

/// `use X instead`, `not like that`.
fn redirects(text: &str) -> bool {
    let padded = format!(" {text} ");
    (padded.contains(" use ") && padded.contains(" instead "))
        || padded.contains(" instead of that ")
        || padded.contains(" not like that ")
        || padded.contains(" that's not what ")
}

/// Whether the user went on to something else soon after the answer, with no word about it.
fn moves_on(turn: &Turn, next: Next<'_>, text: &str) -> bool {
    let Some(ended) = turn.timings.ended_at else {
        return false;
    };
    // A clock that was set back tells nothing.
    let soon = (0..=QUICK).contains(&(next.at - ended));
    let points_back = text.split(' ').take(WORDS).any(|word| BACK.contains(&word));
    let (before, after) = (words(&turn.prompt), words(next.prompt));
    // A remark on the answer is of no kind of its own.
    let kind = classify(next.prompt);
    let other = kind != "other" && kind != turn.category;
    soon && other && !points_back && likeness(&before, &after) < OTHER_TOPIC
}

/// Whether a prompt is the other one, as it was or edited.
fn alike(before: &str, next: &str) -> Option<&'static str> {
    let (a, b) = (plain(before), plain(next));
    if a == b && !a.is_empty() {
        return Some("same prompt again");
    }
    let (a, b) = (words(before), words(next));
    let enough = a.len().min(b.len()) >= WORDS;
    (enough && likeness(&a, &b) >= EDITED).then_some("edited and resent")
}

/// Words that both have, as a share of those that either has.
fn likeness(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let both = a.intersection(b).count();
    let either = a.len() + b.len() - both;
    both as f64 / either.max(1) as f64
}

fn words(text: &str) -> BTreeSet<String> {
    plain(text).split(' ').map(str::to_owned).collect()
}

/// Lower case, words parted by one blank, without signs.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace('’', "'");
    let words = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
