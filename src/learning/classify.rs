//! What kind of prompt it is, told by its words: a table of phrases with weights, and a few marks of form.

use crate::learning::CATEGORIES;
use crate::learning::counts::Counts;
use crate::learning::marks::Marks;
use crate::learning::scan::{Heard, hear};

/// What each of [`CATEGORIES`] weighs.
pub(super) type Weights = [f32; CATEGORIES.len()];

/// The least that a category must weigh; below it the prompt is `other`.
pub(super) const LEAST: f32 = 3.0;

/// The category of `prompt`, one of [`CATEGORIES`]. The same prompt always gives the same; at a tie the category
/// that comes first in [`CATEGORIES`] wins.
pub fn classify(prompt: &str) -> &'static str {
    let marks = Marks::of(prompt, &Counts::of(prompt));
    category(&weights(&hear(prompt), marks))
}

/// What each category weighs for a prompt of which `heard` was heard and that holds `marks`.
pub(super) fn weights(heard: &Heard, marks: Marks) -> Weights {
    let mut weights = heard.categories.map(|weight| weight as f32);
    for (category, weight) in told_by_form(marks, heard.wish_words) {
        weights[place(category)] += weight;
    }
    weights
}

/// The category that weighs most.
pub(super) fn category(weights: &Weights) -> &'static str {
    let mut best = (place("other"), LEAST - 1.0);
    for (category, weight) in weights.iter().enumerate() {
        if *weight > best.1 {
            best = (category, *weight);
        }
    }
    CATEGORIES[best.0]
}

/// What the form tells, beside the words. `words` is how many were read.
fn told_by_form(marks: Marks, words: u32) -> impl Iterator<Item = (&'static str, f32)> {
    let prose = !marks.code;
    let rows = [
        (marks.crash, "debug", 4.0),
        (marks.diff, "code_review", 4.0),
        (marks.formula, "math", 7.0),
        // A word problem: several numbers and a question.
        (
            prose && marks.numbers && words > 12 && marks.question,
            "math",
            6.0,
        ),
        // A short question wants a short answer.
        (
            prose && !marks.formula && words <= 12 && marks.question,
            "simple_qa",
            2.0,
        ),
    ];
    rows.into_iter()
        .filter(|(there, ..)| *there)
        .map(|(_, category, weight)| (category, weight))
}

/// Where a category stands in [`CATEGORIES`]; what is not there counts as `other`, the last.
pub(super) fn place(category: &str) -> usize {
    CATEGORIES
        .iter()
        .position(|known| *known == category)
        .unwrap_or(CATEGORIES.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::words::WORDS;

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
