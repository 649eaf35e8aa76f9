//! What kind of prompt it is, told by its words: a table of phrases with weights, and a few marks of form.

use crate::learning::CATEGORIES;
use crate::learning::words::WORDS;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What is read of a long prompt, in bytes: people say what they want at the beginning or at the end, and paste
/// what it is about between. Bounds the time.
const HEAD: usize = 1_500;
const TAIL: usize = 500;

/// A word among the first so many says what is to be done, and counts twice.
const OPENING_WORDS: usize = 4;

/// The least that a category must weigh; below it the prompt is `other`.
const LEAST: u32 = 3;

/// What may follow a phrase's first word: the rest with a blank before it (or nothing), category, weight.
type Endings = Vec<(&'static str, usize, u32)>;

/// The category of `prompt`, one of [`CATEGORIES`]. The same prompt always gives the same; at a tie the category
/// that comes first in [`CATEGORIES`] wins.
pub fn classify(prompt: &str) -> &'static str {
    let text = normal(prompt);
    let mut weights = [0_u32; CATEGORIES.len()];
    let mut words = 0;
    let mut start = 0;
    for word in text.split(' ') {
        let after = &text[start + word.len()..];
        start += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        let times = if words < OPENING_WORDS { 2 } else { 1 };
        words += 1;
        for (rest, category, weight) in endings(word) {
            let whole = after
                .strip_prefix(rest)
                .is_some_and(|left| left.is_empty() || left.starts_with(' '));
            if whole {
                weights[*category] += weight * times;
            }
        }
    }
    for (category, weight) in marks(prompt, words) {
        weights[place(category)] += weight;
    }
    let mut best = (place("other"), LEAST - 1);
    for (category, weight) in weights.into_iter().enumerate() {
        if weight > best.1 {
            best = (category, weight);
        }
    }
    CATEGORIES[best.0]
}

/// What the form tells, beside the words. `words` is how many were read.
fn marks(prompt: &str, words: usize) -> Vec<(&'static str, u32)> {
    let head = ends(prompt).0;
    let mut found = Vec::new();
    if head.contains("error[E") || head.contains("panicked at") || head.contains("\n    at ") {
        found.push(("debug", 4));
    }
    if head.contains("\n@@ ") || head.contains("diff --git") {
        found.push(("code_review", 4));
    }
    let code = head.contains("```")
        || head.contains("();")
        || head.contains("\n@@ ")
        || head.contains("fn ")
        || head.contains("def ");
    let formula = !code && is_formula(head);
    if formula {
        found.push(("math", 7));
    }
    // A word problem: several numbers and a question.
    if !code && numbers(head) >= 2 && words > 12 && prompt.trim_end().ends_with('?') {
        found.push(("math", 6));
    }
    // A short question wants a short answer.
    if !code && !formula && words <= 12 && prompt.trim_end().ends_with('?') {
        found.push(("simple_qa", 2));
    }
    found
}

/// Whether there is a sign of mathematics, or digits on both sides of an operator: `3x + 4`, `12*7`, `x^2`.
fn is_formula(text: &str) -> bool {
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

/// How many words of `text` are numbers: `5`, `$2.50`, `40%`.
fn numbers(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| {
            let core = word.trim_matches(|c: char| c.is_ascii_punctuation());
            core.starts_with(|c: char| c.is_ascii_digit()) && !core.contains(char::is_alphabetic)
        })
        .count()
}

/// Lower case, words parted by one blank; what is inside code fences is left out.
fn normal(prompt: &str) -> String {
    let (head, tail) = ends(prompt);
    let mut text = String::with_capacity(HEAD + TAIL + 2);
    for part in [head, tail] {
        for (place, piece) in part.split("```").enumerate() {
            if place % 2 == 1 {
                continue;
            }
            let mut parted = true;
            for c in piece.chars() {
                match c {
                    '’' => text.push('\''),
                    _ if c.is_alphanumeric() || matches!(c, '\'' | '-' | '_') => {
                        text.extend(c.to_lowercase())
                    }
                    _ if parted => continue,
                    _ => text.push(' '),
                }
                parted = text.ends_with(' ');
            }
            text.push(' ');
        }
    }
    text
}

/// The beginning and the end of a prompt, cut between characters; the end is empty if the beginning is all.
fn ends(prompt: &str) -> (&str, &str) {
    if prompt.len() <= HEAD + TAIL {
        return (prompt, "");
    }
    let head = boundary(prompt, HEAD);
    let tail = boundary(prompt, prompt.len() - TAIL);
    (&prompt[..head], &prompt[tail..])
}

/// The last place at or before `at` where a character begins.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn endings(word: &str) -> &'static [(&'static str, usize, u32)] {
    static TABLE: OnceLock<HashMap<&'static str, Endings>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: HashMap<&'static str, Endings> = HashMap::new();
        for (phrase, category, weight) in WORDS {
            let end = phrase.find(' ').unwrap_or(phrase.len());
            table.entry(&phrase[..end]).or_default().push((
                &phrase[end..],
                place(category),
                *weight,
            ));
        }
        table
    });
    table.get(word).map_or(&[], Vec::as_slice)
}

/// Where a category stands in [`CATEGORIES`]; what is not there counts as `other`, the last.
fn place(category: &str) -> usize {
    CATEGORIES
        .iter()
        .position(|known| *known == category)
        .unwrap_or(CATEGORIES.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_fall_into_their_categories() {
        let mut wrong = Vec::new();
        for (category, prompts) in [
            (
                "code_gen",
                &[
                    "Write a function that merges two sorted lists in Rust",
                    "implement an LRU cache in typescript",
                    "Add a --json flag to the list command",
                    "Create a React component for a login form",
                    "write unit tests for src/parser.rs",
                    "Can you build me a CLI that renames photos by date?",
                    "Add support for retries to the HTTP client",
                ][..],
            ),
            (
                "debug",
                &[
                    "Why does this crash when the list is empty?",
                    "fix the failing test in ci",
                    "TypeError: cannot read properties of undefined (reading 'map')",
                    "thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds",
                    "My server hangs after about 100 connections, what's wrong?",
                    "error[E0502]: cannot borrow `x` as mutable",
                    "The login doesn't work on Safari any more",
                ],
            ),
            (
                "refactor",
                &[
                    "Refactor this module into smaller files",
                    "clean up the error handling in store.rs",
                    "Simplify this:\n```rust\nfn f() { panic!() }\n```",
                    "rename Foo to Bar everywhere",
                    "Make this code more readable",
                ],
            ),
            (
                "code_review",
                &[
                    "Review this pull request",
                    "please review the diff for security issues",
                    "Audit this contract for vulnerabilities",
                    "diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b",
                ],
            ),
            (
                "explain",
                &[
                    "Explain how async works in Rust",
                    "What does this regular expression match?",
                    "walk me through the borrow checker",
                    "What is the difference between TCP and UDP?",
                    "How does git rebase differ from merge?",
                ],
            ),
            (
                "simple_qa",
                &[
                    "What is the capital of Australia?",
                    "Who wrote Faust?",
                    "When was the Berlin wall built?",
                    "what's the default port of postgres?",
                    "Translate 'good morning' to Spanish",
                ],
            ),
            (
                "reasoning",
                &[
                    "Solve this riddle: what walks on four legs in the morning?",
                    "Should we use Kafka or Postgres for the queue? Weigh the trade-offs",
                    "If all bloops are razzies and some razzies are lazzies, what must be true?",
                    "Design a strategy for sharding our users",
                ],
            ),
            (
                "math",
                &[
                    "What is 17 * 23?",
                    "Find the derivative of x^3 sin(x)",
                    "A train travels 60 miles per hour for 3 hours. Calculate the distance.",
                    "Prove that the square root of 2 is irrational",
                    "∫ e^x dx",
                    "Ann picks 12 apples on each of 3 days and gives away half of them. How many does she have left?",
                ],
            ),
            (
                "creative",
                &[
                    "Write a short story about a lighthouse keeper",
                    "a haiku on autumn",
                    "Write an email to my landlord about the heating",
                    "brainstorm names for a coffee shop",
                ],
            ),
            (
                "research",
                &[
                    "Compare the latest vector databases",
                    "Summarize the literature on spaced repetition",
                    "Give me a survey of papers about LLM routing",
                    "What are alternatives to Redis?",
                ],
            ),
            (
                "data",
                &[
                    "Convert this CSV to a table with one row per customer",
                    "Write a SQL query for the top ten customers by revenue",
                    "plot a histogram of the ages in this dataset",
                    "Here is a spreadsheet. Which columns have outliers?",
                ],
            ),
            (
                "other",
                &[
                    "hi",
                    "",
                    "continue",
                    "thanks, that is great",
                    "你好",
                    "\u{0}\u{1b}[31m",
                ],
            ),
        ] {
            for prompt in prompts {
                let found = classify(prompt);
                if found != category {
                    wrong.push(format!("{prompt:?} is {category}, found {found}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_phrase_speaks_for_a_category_that_exists() {
        for (phrase, category, weight) in WORDS {
            assert!(CATEGORIES.contains(category), "{phrase}");
            assert!(
                (1..=5).contains(weight) && *phrase == phrase.to_lowercase(),
                "{phrase}"
            );
        }
    }

    #[test]
    fn what_is_wanted_is_found_around_what_is_pasted() {
        let pasted = "lorem ipsum dolor sit amet ".repeat(1_000);
        assert_eq!(classify(&format!("Refactor this:\n{pasted}")), "refactor");
        assert_eq!(
            classify(&format!("{pasted}\nExplain that in simple terms, please.")),
            "explain"
        );
        assert_eq!(classify(&"é".repeat(5_000)), "other");
        let code = "```\nexplain(); solve(); story();\n```";
        assert_eq!(classify(&format!("Refactor {code}")), "refactor");
    }
}
