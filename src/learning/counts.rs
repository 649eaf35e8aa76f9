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
                fresh = word.ends_with(['.', '?', '!', ':', '"']);
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

fn count_word(word: &str, fresh: bool, counts: &mut Counts) {
    let (mut letters, mut digits, mut slash, mut point) = (0, 0_u32, false, false);
    let (mut foreign, mut point_inside, mut previous) = (false, false, b' ');
    for byte in word.bytes() {
        // Letters first: they are most of a text.
        if byte.is_ascii_alphabetic() {
            letters += 1;
            point_inside |= previous == b'.';
            previous = byte;
            continue;
        }
        previous = byte;
        match byte {
            b'0'..=b'9' => digits += 1,
            b',' | b';' => counts.commas += 1,
            b'.' => point |= digits > 0,
            b'-' | b'\'' | b':' | b'!' | b'?' | b'%' => {}
            b'/' => slash = digits > 0,
            b'"' | b'`' => counts.quotes += 1,
            b'$' => {
                counts.dollars += 1;
                counts.symbols += 1;
            }
            0x80.. => foreign = true,
            _ => counts.symbols += 1,
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
    counts.sentences += u32::from(word.ends_with(['.', '?', '!']) && letters + digits > 1);
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
    ENDINGS.contains(&ending) && !name.is_empty() && name.chars().all(plain)
}

const ENDINGS: [&str; 40] = [
    "rs", "py", "js", "ts", "tsx", "jsx", "go", "java", "kt", "swift", "c", "h", "cpp", "hpp",
    "cs", "rb", "php", "sh", "sql", "html", "css", "scss", "vue", "json", "toml", "yaml", "yml",
    "md", "txt", "csv", "xml", "lock", "log", "tf", "ex", "hs", "scala", "lua", "proto", "ipynb",
];
