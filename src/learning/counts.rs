//! What is counted in a prompt as it stands, letter by letter; what is told by its words is in
//! [`scan`](crate::learning::scan).

use crate::learning::scan::seen;
use crate::learning::text::hash;

/// What is counted in the text as it stands.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) letters: u32,
    pub(super) sentences: u32,
    pub(super) numbers: u32,
    pub(super) large: u32,
    /// Numbers with a decimal point.
    pub(super) decimals: u32,
    /// Numbers as `2/3`.
    pub(super) fractions: u32,
    pub(super) dollars: u32,
    pub(super) quotes: u32,
    pub(super) symbols: u32,
    pub(super) commas: u32,
    pub(super) lines: u32,
    pub(super) names: u32,
    pub(super) choices: u32,
    pub(super) numeric_choices: u32,
    pub(super) choice_words: u32,
    pub(super) different_choice_words: u32,
    /// Lines that are items of a list, or rows of a table or of comma-separated values.
    pub(super) items: u32,
    pub(super) rows: u32,
    /// Names and paths of files.
    pub(super) files: u32,
}

impl Counts {
    /// Goes through a prompt.
    pub(super) fn of(prompt: &str) -> Counts {
        let mut counts = Counts::default();
        let mut choice_words: Vec<u32> = Vec::new();
        let (head, tail) = seen(prompt);
        for line in head.lines().chain(tail.lines()) {
            counts.lines += 1;
            let begins = line.trim_ascii_start();
            let item = begins.strip_prefix(['-', '*', '•']);
            counts.items += u32::from(item.is_some_and(|rest| rest.starts_with(' ')));
            if let Some(choice) = choice(begins) {
                counts.choices += 1;
                let figures = choice.bytes().filter(u8::is_ascii_digit).count();
                let letters = choice.bytes().filter(u8::is_ascii_alphabetic).count();
                counts.numeric_choices += u32::from(figures > 0 && letters <= 8);
                choice_words.extend(choice.split_ascii_whitespace().map(hash));
            }
            counts.rows += u32::from(is_row(line));
            let mut fresh = true;
            for word in line.split_ascii_whitespace() {
                count_word(word, fresh, &mut counts);
                let last = word.as_bytes().last();
                fresh = matches!(last, Some(b'.' | b'?' | b'!' | b':' | b'"'));
            }
        }
        counts.choice_words = choice_words.len() as u32;
        choice_words.sort_unstable();
        choice_words.dedup();
        counts.different_choice_words = choice_words.len() as u32;
        counts
    }
}

/// Whether a line is a row of a table or of comma-separated values, which have hardly a blank behind their commas.
fn is_row(line: &str) -> bool {
    let count = |sign| memchr::memchr_iter(sign, line.as_bytes()).count();
    count(b'|') >= 2 || count(b'\t') >= 2 || count(b',') >= 2 && !line.contains(", ")
}

/// A byte of each kind as the lowest bit of a lane of its own, so that one addition counts it.
const LETTER: u64 = 1;
const DIGIT: u64 = 1 << 8;
const COMMA: u64 = 1 << 16;
const QUOTE: u64 = 1 << 24;
const SYMBOL: u64 = 1 << 32;
const DOLLAR: u64 = 1 << 40;
/// A point or a slash.
const POINT: u64 = 1 << 48;
const FOREIGN: u64 = 1 << 56;

/// What each byte adds.
const LANES: [u64; 256] = {
    let mut lanes = [SYMBOL; 256];
    let mut byte = 0;
    while byte < lanes.len() {
        lanes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b',' | b';' => COMMA,
            b'.' | b'/' => POINT,
            b'-' | b'\'' | b':' | b'!' | b'?' | b'%' => 0,
            b'"' | b'`' => QUOTE,
            b'$' => DOLLAR + SYMBOL,
            0x80.. => FOREIGN,
            _ => SYMBOL,
        };
        byte += 1;
    }
    lanes
};

fn count_word(word: &str, fresh: bool, counts: &mut Counts) {
    let bytes = word.as_bytes();
    let (mut letters, mut digits, mut points, mut foreign) = (0, 0, 0, false);
    // No lane may flow over.
    for part in bytes.chunks(255) {
        let sum = part.iter().map(|byte| LANES[usize::from(*byte)]);
        let lanes = sum.sum::<u64>().to_le_bytes().map(u32::from);
        letters += lanes[0];
        digits += lanes[1];
        counts.commas += lanes[2];
        counts.quotes += lanes[3];
        counts.symbols += lanes[4];
        counts.dollars += lanes[5];
        points += lanes[6];
        foreign |= lanes[7] > 0;
    }
    let point_inside =
        points > 0 && (bytes.windows(2)).any(|two| two[0] == b'.' && two[1].is_ascii_alphabetic());
    // Whether a digit stands before a point, and before the last slash.
    let (mut point, mut slash) = (false, false);
    if points > 0 && digits > 0 {
        let mut behind = false;
        for byte in bytes {
            match byte {
                b'0'..=b'9' => behind = true,
                b'.' => point |= behind,
                b'/' => slash = behind,
                _ => {}
            }
        }
    }
    if foreign {
        for c in word.chars().filter(|c| !c.is_ascii()) {
            match c {
                '“' | '”' => counts.quotes += 1,
                '’' | '—' | '–' | '…' => {}
                c if c.is_alphabetic() => letters += 1,
                _ => counts.symbols += 1,
            }
        }
    }
    counts.files += u32::from(point_inside && is_file(word));
    counts.letters += letters;
    let ends = matches!(bytes.last(), Some(b'.' | b'?' | b'!'));
    counts.sentences += u32::from(ends && letters + digits > 1);
    if digits > 0 && letters <= 2 {
        counts.numbers += 1;
        counts.large += u32::from(digits >= 4 && !point);
        counts.fractions += u32::from(slash);
        counts.decimals += u32::from(point && !word.ends_with('.'));
    }
    let mut chars = word.chars();
    let capital = chars.next().is_some_and(char::is_uppercase);
    counts.names += u32::from(!fresh && capital && chars.next().is_some_and(char::is_lowercase));
}

/// What stands behind the letter or number of a choice: `B. 4`, `(b) 4`, `2) 4`.
pub(super) fn choice(line: &str) -> Option<&str> {
    let line = line.strip_prefix('(').unwrap_or(line);
    let mut chars = line.chars();
    let mark = chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    let end = chars.next().is_some_and(|c| matches!(c, '.' | ')'));
    (mark && end)
        .then_some(chars.as_str())
        .filter(|rest| rest.starts_with(' '))
}

/// Whether a word names a file: `src/main.rs`, `config.toml`, `./run.sh`.
fn is_file(word: &str) -> bool {
    let sign = |c: char| {
        matches!(
            c,
            '`' | '"' | '\'' | '(' | ')' | ',' | ':' | '.' | ';' | '?'
        )
    };
    let Some((name, ending)) = word.trim_matches(sign).rsplit_once('.') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.');
    ending.len() <= LONGEST
        && ENDINGS.contains(&ending)
        && !name.is_empty()
        && name.chars().all(plain)
}

/// Bytes of the longest of [`ENDINGS`].
const LONGEST: usize = 5;

const ENDINGS: [&str; 40] = [
    "rs", "py", "js", "ts", "tsx", "jsx", "go", "java", "kt", "swift", "c", "h", "cpp", "hpp",
    "cs", "rb", "php", "sh", "sql", "html", "css", "scss", "vue", "json", "toml", "yaml", "yml",
    "md", "txt", "csv", "xml", "lock", "log", "tf", "ex", "hs", "scala", "lua", "proto", "ipynb",
];
