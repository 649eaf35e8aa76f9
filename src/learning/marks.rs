//! What a prompt holds beside words: code, errors, formulas, lists, links.

use crate::learning::counts::Counts;
use crate::learning::scan::seen;

/// What a prompt holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) code: bool,
    /// What a program prints when it fails.
    pub(super) error: bool,
    /// Of errors, what only a crash prints: a panic, a stack of calls.
    pub(super) crash: bool,
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
const CRASHES: [&str; 4] = [
    "error[E",
    "panicked at",
    "\n    at ",
    "Traceback (most recent",
];
const ERRORS: [&str; 4] = ["Error: ", "Exception: ", "error: ", "Segmentation fault"];

/// Signs of mathematics, and of formal logic, beside those of ASCII.
const MATHS: [char; 6] = ['∫', '√', '∑', 'π', '≤', '≥'];
const LOGIC: [char; 9] = ['∀', '∃', '⊃', '≡', '∨', '∧', '¬', '⊢', '⊨'];

impl Marks {
    /// Looks at a prompt in which `counts` was counted.
    pub(super) fn of(prompt: &str, counts: &Counts) -> Marks {
        let mut marks = Marks {
            numbers: counts.numbers >= 2,
            file: counts.files > 0,
            list: counts.items >= 2,
            table: counts.rows >= 3,
            choices: counts.choices >= 2,
            question: prompt.trim_end().ends_with('?'),
            ..Marks::default()
        };
        let (head, tail) = seen(prompt);
        marks.look(head);
        marks.look(tail);
        marks.formula &= !marks.code;
        marks
    }

    fn look(&mut self, text: &str) {
        let any = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        self.diff |= text.contains("\n@@ ") || text.contains("diff --git");
        self.code |= self.diff || any(&CODE);
        self.crash |= any(&CRASHES);
        self.error |= self.crash || any(&ERRORS);
        self.link |= text.contains("://");
        self.tex |= has_tex(text);
        self.formula |= is_formula(text);
        self.logic |= !text.is_ascii() && text.contains(LOGIC);
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
fn is_formula(text: &str) -> bool {
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
