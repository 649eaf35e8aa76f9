//! One walk through a prompt: what its words speak for.

use crate::learning::CATEGORIES;
use crate::learning::cues::CUE_COUNT;
use crate::learning::languages::LANGUAGES;
use crate::learning::phrases::{Phrases, Target};
use crate::learning::subs::SUBS;
use crate::learning::tags;

/// What is read of a long prompt, in bytes: people say what they want at the beginning or at the end, and paste
/// what it is about between. Bounds the time.
const HEAD: usize = 3_000;
const TAIL: usize = 1_096;

/// Nearer to the ends than this, words tell what is to be done; further in, only what it is about.
const WISH_HEAD: usize = 1_500;
const WISH_TAIL: usize = 500;

/// A word among the first so many says what is to be done, and counts twice.
const OPENING_WORDS: u32 = 4;

/// What the words of a prompt speak for.
pub(super) struct Heard {
    /// The words that were read: lower case, parted by one blank, without what is inside code fences.
    pub(super) text: String,
    pub(super) words: u32,
    /// How many of them stand near the ends.
    pub(super) wish_words: u32,
    pub(super) categories: [u32; CATEGORIES.len()],
    /// By the places of [`tags::all`].
    pub(super) tags: Vec<u16>,
    pub(super) cues: [u32; CUE_COUNT],
    /// By the places of [`SUBS`].
    pub(super) subs: [u16; SUBS.len()],
    /// By the places of [`LANGUAGES`].
    pub(super) languages: [u16; LANGUAGES.len()],
}

/// Walks through a prompt.
pub(super) fn hear(prompt: &str) -> Heard {
    let (text, wish) = normal(prompt);
    let phrases = Phrases::all();
    let mut heard = Heard {
        text: String::new(),
        words: 0,
        wish_words: 0,
        categories: [0; CATEGORIES.len()],
        tags: vec![0; tags::all().len()],
        cues: [0; CUE_COUNT],
        subs: [0; SUBS.len()],
        languages: [0; LANGUAGES.len()],
    };
    let mut start = 0;
    for word in text.split(' ') {
        let after = &text[start + word.len()..];
        let wished = start < wish.0 || start >= wish.1;
        start += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        let times = if heard.words < OPENING_WORDS { 2 } else { 1 };
        heard.words += 1;
        heard.wish_words += u32::from(wished);
        phrases.at(word, after, |target| match target {
            Target::Category(place, weight) if wished => {
                heard.categories[usize::from(place)] += u32::from(weight) * times;
            }
            Target::Category(..) => {}
            Target::Tag(place, weight) => heard.tags[usize::from(place)] += u16::from(weight),
            Target::Cue(cue) => heard.cues[cue as usize] += 1,
            Target::Sub(place) => heard.subs[usize::from(place)] += 1,
            Target::Language(place) => heard.languages[usize::from(place)] += 1,
        });
    }
    heard.text = text;
    heard
}

/// Lower case, words parted by one blank; what is inside code fences is left out. With it the places before which
/// and from which on words are near the ends of the prompt.
fn normal(prompt: &str) -> (String, (usize, usize)) {
    let (head, tail) = seen(prompt);
    let wish_end = boundary(prompt, WISH_HEAD);
    let wish_start = match prompt.len() <= WISH_HEAD + WISH_TAIL {
        true => 0,
        false => boundary(prompt, prompt.len() - WISH_TAIL),
    };
    let mut text = String::with_capacity(head.len() + tail.len() + 2);
    let mut wish = (usize::MAX, usize::MAX);
    for (part, offset) in [(head, 0), (tail, prompt.len() - tail.len())] {
        let mut fenced = false;
        let mut rest = part;
        loop {
            let cut = rest.find("```");
            let piece = &rest[..cut.unwrap_or(rest.len())];
            if !fenced {
                let at = offset + part.len() - rest.len();
                plain(piece, at, (wish_end, wish_start), &mut text, &mut wish);
            }
            match cut {
                Some(cut) => rest = &rest[cut + 3..],
                None => break,
            }
            fenced = !fenced;
        }
        blank(&mut text);
    }
    (text, wish)
}

/// Adds the words of `piece`, which begins at `offset` of the prompt, to `text`; notes in `wish` how long the text
/// was when the places `near` of the prompt were met.
fn plain(
    piece: &str,
    offset: usize,
    near: (usize, usize),
    text: &mut String,
    wish: &mut (usize, usize),
) {
    // In parts, so that no letter need be asked where it stands.
    let mut from = 0;
    for (border, met) in [(near.0, &mut wish.0), (near.1, &mut wish.1)] {
        if *met != usize::MAX || border > offset + piece.len() {
            continue;
        }
        let at = border.saturating_sub(offset).max(from);
        letters(&piece[from..at], text);
        *met = text.len();
        from = at;
    }
    letters(&piece[from..], text);
    blank(text);
}

/// Adds the letters of `piece` in lower case, a blank for all else.
fn letters(piece: &str, text: &mut String) {
    let mut parted = text.is_empty() || text.ends_with(' ');
    let mut rest = piece;
    loop {
        // Plain letters in one go; they are most of a text.
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'\'' | b'-' | b'_');
        let run = rest.bytes().position(|byte| !plain(&byte));
        let run = run.unwrap_or(rest.len());
        if run > 0 {
            let from = text.len();
            text.push_str(&rest[..run]);
            text[from..].make_ascii_lowercase();
            parted = false;
        }
        let mut chars = rest[run..].chars();
        let Some(c) = chars.next() else {
            return;
        };
        rest = chars.as_str();
        match c {
            '’' => text.push('\''),
            // C++, C#, F#.
            '+' | '#' if !parted && is_language(text) => text.push(c),
            _ if !c.is_ascii() && c.is_alphanumeric() => text.extend(c.to_lowercase()),
            _ if parted => continue,
            _ => {
                text.push(' ');
                parted = true;
                continue;
            }
        }
        parted = false;
    }
}

/// Whether the word so far is `c`, `c+` or `f`.
fn is_language(text: &str) -> bool {
    let word = text.rsplit(' ').next().unwrap_or("");
    matches!(word, "c" | "c+" | "f")
}

fn blank(text: &mut String) {
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}

/// What is read of a prompt: its beginning and its end.
pub(super) fn seen(prompt: &str) -> (&str, &str) {
    ends(prompt, HEAD, TAIL)
}

/// The beginning and the end of a prompt, cut between characters; the end is empty if the beginning is all.
pub(super) fn ends(prompt: &str, head: usize, tail: usize) -> (&str, &str) {
    if prompt.len() <= head + tail {
        return (prompt, "");
    }
    let head = boundary(prompt, head);
    let tail = boundary(prompt, prompt.len() - tail);
    (&prompt[..head], &prompt[tail..])
}

/// The last place at or before `at` where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
