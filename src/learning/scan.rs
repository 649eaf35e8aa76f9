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
    // The text ends with a blank, and no two stand beside each other.
    for end in memchr::memchr_iter(b' ', text.as_bytes()) {
        let (word, after) = (&text[start..end], &text[end..]);
        let wished = start < wish.0 || start >= wish.1;
        start = end + 1;
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
    let mut text = Vec::with_capacity(head.len() + tail.len() + 2);
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
    // It is made of whole characters.
    (String::from_utf8(text).unwrap_or_default(), wish)
}

/// Adds the words of `piece`, which begins at `offset` of the prompt, to `text`; notes in `wish` how long the text
/// was when the places `near` of the prompt were met.
fn plain(
    piece: &str,
    offset: usize,
    near: (usize, usize),
    text: &mut Vec<u8>,
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

/// What becomes of each byte of a text: itself, in lower case, if it is part of a word; a blank if it is not; 0 if that
/// is not told by the byte alone.
const PLAIN: [u8; 256] = {
    let mut plain = [b' '; 256];
    let mut byte = 0;
    while byte < plain.len() {
        plain[byte] = match byte as u8 {
            letter @ (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9') => letter.to_ascii_lowercase(),
            sign @ (b'\'' | b'-' | b'_') => sign,
            b'+' | b'#' | 0x80.. => 0,
            _ => b' ',
        };
        byte += 1;
    }
    plain
};

/// Adds the letters of `piece` in lower case, a blank for all else.
fn letters(piece: &str, text: &mut Vec<u8>) {
    let mut rest = piece;
    loop {
        let told = |byte: u8| PLAIN[usize::from(byte)] != 0;
        let run = rest.bytes().position(|byte| !told(byte));
        let (run, others) = rest.split_at(run.unwrap_or(rest.len()));
        words(run.as_bytes(), text);
        let mut chars = others.chars();
        let Some(c) = chars.next() else {
            return;
        };
        rest = chars.as_str();
        match c {
            '’' => text.push(b'\''),
            // C++, C#, F#.
            '+' | '#' if is_language(text) => text.push(c as u8),
            _ if !c.is_ascii() && c.is_alphanumeric() => {
                for c in c.to_lowercase() {
                    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            _ => blank(text),
        }
    }
}

/// Adds a run of bytes of which [`PLAIN`] tells; of several blanks only the first.
fn words(run: &[u8], text: &mut Vec<u8>) {
    let from = text.len();
    let mut parted = text.last().is_none_or(|last| *last == b' ');
    text.resize(from + run.len(), b' ');
    let (added, mut length) = (&mut text[from..], 0);
    // Each byte is put where the next belongs, and stays there only if it counts: without a branch.
    for byte in run {
        let plain = PLAIN[usize::from(*byte)];
        added[length] = plain;
        length += usize::from(plain != b' ' || !parted);
        parted = plain == b' ';
    }
    text.truncate(from + length);
}

/// Whether the word so far is `c`, `c+` or `f`.
fn is_language(text: &[u8]) -> bool {
    let word = text.rsplit(|byte| *byte == b' ').next();
    matches!(word, Some(b"c" | b"c+" | b"f"))
}

fn blank(text: &mut Vec<u8>) {
    if text.last().is_some_and(|last| *last != b' ') {
        text.push(b' ');
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
