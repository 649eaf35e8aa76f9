//! What a prompt holds beside words: code, errors, formulas, lists, links.

use crate::learning::scan::ends;

/// What is looked at of a long prompt, in bytes.
const HEAD: usize = 6_000;
const TAIL: usize = 2_000;

/// What a prompt holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) code: bool,
    /// What a program prints when it fails.
    pub(super) error: bool,
    pub(super) diff: bool,
    pub(super) formula: bool,
    /// Formulas as TeX writes them.
    pub(super) tex: bool,
    pub(super) numbers: bool,
    pub(super) link: bool,
    /// A file's name or path.
    pub(super) file: bool,
    pub(super) list: bool,
    /// Rows of a table or of comma-separated values.
    pub(super) table: bool,
    /// Answers to choose from.
    pub(super) choices: bool,
    pub(super) question: bool,
}

/// What code looks like, in no certain language.
const CODE: [&str; 10] = [
    "```", "();", "fn ", "def ", ") {", "){", "=> {", "</", "#include", "};",
];

/// What errors look like.
const ERRORS: [&str; 8] = [
    "error[E",
    "panicked at",
    "\n    at ",
    "Traceback (most recent",
    "Error: ",
    "Exception: ",
    "error: ",
    "Segmentation fault",
];

impl Marks {
    /// Looks at a prompt.
    pub(super) fn of(prompt: &str) -> Marks {
        let mut marks = Marks::default();
        let (head, tail) = ends(prompt, HEAD, TAIL);
        marks.look(head);
        marks.look(tail);
        marks.formula &= !marks.code;
        marks.question = prompt.trim_end().ends_with('?');
        marks
    }

    fn look(&mut self, text: &str) {
        let any = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        self.diff |= text.contains("\n@@ ") || text.contains("diff --git");
        self.code |= any(&CODE) || self.diff;
        self.error |= any(&ERRORS);
        self.link |= text.contains("://");
        self.tex |= has_tex(text);
        self.formula |= is_formula(text);
        self.numbers |= numbers(text) >= 2;
        let (mut listed, mut rows, mut choices) = (0, 0, 0);
        for line in text.lines() {
            let line = line.trim_start();
            listed += u32::from(line.starts_with(['-', '*', '•']) && line[1..].contains(' '));
            rows += u32::from(
                line.bytes()
                    .filter(|b| matches!(b, b'|' | b',' | b'\t'))
                    .count()
                    >= 3
                    && !line.contains(". "),
            );
            choices += u32::from(choice(line).is_some());
        }
        self.list |= listed >= 2;
        self.table |= rows >= 3;
        self.choices |= choices >= 2;
        self.file |= text.split_whitespace().any(is_file);
    }

    /// The names of what there is.
    pub(super) fn names(self) -> Vec<&'static str> {
        let all = [
            (self.code, "code"),
            (self.error, "error"),
            (self.diff, "diff"),
            (self.formula, "formula"),
            (self.tex, "tex"),
            (self.numbers, "numbers"),
            (self.link, "link"),
            (self.file, "file"),
            (self.list, "list"),
            (self.table, "table"),
            (self.choices, "choices"),
            (self.question, "question"),
        ];
        let there = all.into_iter().filter(|(there, _)| *there);
        there.map(|(_, name)| name).collect()
    }
}

/// Whether there is a sign of mathematics, or digits on both sides of an operator: `3x + 4`, `12*7`, `x^2`.
pub(super) fn is_formula(text: &str) -> bool {
    if text.contains(['∫', '√', '∑', 'π', '≤', '≥', '^']) || text.contains("\\frac") {
        return true;
    }
    let mut previous = ' ';
    let mut chars = text.chars().filter(|c| *c != ' ').peekable();
    while let Some(c) = chars.next() {
        let between = |next: Option<&char>| {
            (previous.is_ascii_digit() || previous == ')') && next.is_some_and(char::is_ascii_digit)
        };
        if matches!(c, '+' | '*' | '×' | '=') && between(chars.peek()) {
            return true;
        }
        previous = c;
    }
    false
}

/// A command of TeX's mathematics, or a dollar sign before a letter or a bracket: `\frac`, `$x$`, `$(0,1)$`.
fn has_tex(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'\\', b'$', bytes).any(|at| {
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        match bytes[at] {
            b'\\' => [
                "frac", "sqrt", "cdot", "sum", "int", "left", "text", "math", "begin", "leq",
                "geq", "times", "pi", "angle", "log", "sin", "cos", "ldots",
            ]
            .iter()
            .any(|command| bytes[at + 1..].starts_with(command.as_bytes())),
            _ => {
                (next.is_ascii_alphabetic() || matches!(next, b'(' | b'\\'))
                    && bytes[at + 1..].iter().take(80).any(|b| *b == b'$')
            }
        }
    })
}

/// How many words of `text` are numbers: `5`, `$2.50`, `40%`.
pub(super) fn numbers(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| {
            let core = word.trim_matches(|c: char| c.is_ascii_punctuation());
            core.starts_with(|c: char| c.is_ascii_digit()) && !core.contains(char::is_alphabetic)
        })
        .count()
}

/// What stands behind the letter or number of a choice: `B. 4`, `(b) 4`, `2) 4`.
pub(super) fn choice(line: &str) -> Option<&str> {
    let line = line.strip_prefix('(').unwrap_or(line);
    let mut chars = line.chars();
    let mark = chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    let end = chars.next().is_some_and(|c| matches!(c, '.' | ')'));
    (mark && end)
        .then(|| chars.as_str())
        .filter(|rest| rest.starts_with(' '))
}

/// Whether a word names a file: `src/main.rs`, `config.toml`, `./run`.
fn is_file(word: &str) -> bool {
    let word = word.trim_matches(|c: char| {
        matches!(
            c,
            '`' | '"' | '\'' | '(' | ')' | ',' | ':' | '.' | ';' | '?'
        )
    });
    let Some((name, ending)) = word.rsplit_once('.') else {
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
