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
    /// Signs of formal logic.
    pub(super) logic: bool,
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

/// Signs of mathematics, and of formal logic, beside those of ASCII.
const MATHS: [char; 6] = ['∫', '√', '∑', 'π', '≤', '≥'];
const LOGIC: [char; 9] = ['∀', '∃', '⊃', '≡', '∨', '∧', '¬', '⊢', '⊨'];

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
        self.code |= self.diff || any(&CODE);
        self.error |= any(&ERRORS);
        self.link |= text.contains("://");
        self.tex |= has_tex(text);
        self.formula |= is_formula(text);
        self.logic |= !text.is_ascii() && text.contains(LOGIC);
        let (mut listed, mut rows, mut choices, mut figures) = (0, 0, 0, 0);
        for line in text.lines() {
            let line = line.trim_ascii_start();
            let item = line.strip_prefix(['-', '*', '•']);
            listed += u32::from(item.is_some_and(|rest| rest.starts_with(' ')));
            choices += u32::from(choice(line).is_some());
            let mut cells = 0;
            for word in line.split_ascii_whitespace() {
                figures += u32::from(is_number(word));
                self.file |= is_file(word);
                cells += u32::from(word == "|");
            }
            // A row of a table, or of comma-separated values: hardly a blank between its commas.
            let commas = memchr::memchr_iter(b',', line.as_bytes()).count();
            let tight = commas >= 2 && !line.contains(", ");
            rows += u32::from(cells >= 2 || tight || line.matches('\t').count() >= 2);
        }
        self.numbers |= figures >= 2;
        self.list |= listed >= 2;
        self.table |= rows >= 3;
        self.choices |= choices >= 2;
    }

    /// The names of what there is.
    pub(super) fn names(self) -> Vec<&'static str> {
        let all = [
            (self.code, "code"),
            (self.error, "error"),
            (self.diff, "diff"),
            (self.formula, "formula"),
            (self.tex, "tex"),
            (self.logic, "logic"),
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
    let foreign = !text.is_ascii();
    if text.contains('^') || foreign && text.contains(MATHS) || text.contains("\\frac") {
        return true;
    }
    let bytes = text.as_bytes();
    let operator = |at: usize| {
        let before = bytes[..at].iter().rfind(|byte| **byte != b' ');
        let after = bytes[at + 1..].iter().find(|byte| **byte != b' ');
        before.is_some_and(|byte| byte.is_ascii_digit() || *byte == b')')
            && after.is_some_and(u8::is_ascii_digit)
    };
    memchr::memchr3_iter(b'+', b'*', b'=', bytes).any(operator)
        || foreign
            && text
                .match_indices('×')
                .any(|(at, _)| operator(at) || operator(at + 1))
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

/// How many words of `text` are numbers.
pub(super) fn numbers(text: &str) -> usize {
    text.split_ascii_whitespace()
        .filter(|word| is_number(word))
        .count()
}

/// Whether a word is a number: `5`, `$2.50`, `40%`.
fn is_number(word: &str) -> bool {
    let core = word.trim_matches(|c: char| c.is_ascii_punctuation());
    core.starts_with(|c: char| c.is_ascii_digit()) && !core.contains(char::is_alphabetic)
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
    if !word.contains('.') {
        return false;
    }
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
