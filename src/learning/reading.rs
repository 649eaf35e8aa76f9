//! What is read off a prompt before it is sent: its category, how hard it is, what it is about.

use crate::learning::complexity::{Complexity, complexity};
use crate::learning::corrections::Corrections;
use crate::learning::counts::Counts;
use crate::learning::features::{Features, features};
use crate::learning::languages::language;
use crate::learning::marks::Marks;
use crate::learning::scan::hear;
use crate::learning::subs::sub;
use crate::learning::topics::{is_form, tags};
use serde::Serialize;

/// Everything that is read off a prompt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// One of [`crate::learning::CATEGORIES`].
    pub category: &'static str,
    /// Where benchmarks tell more apart than our categories do: `agentic`, `algebra`, …
    pub sub: Option<&'static str>,
    pub complexity: Complexity,
    /// What it is about, which technology it is of, how it asks: `security`, `law`, `rust`, `asks which`, …; sorted,
    /// each once. [`crate::learning::tag_kind`] tells the kinds apart.
    pub tags: Vec<&'static str>,
    pub features: Features,
    /// The natural language, where it could be told: `en`, `de`, `zh`, …
    pub language: Option<&'static str>,
    /// What it holds: `code`, `error`, `formula`, `numbers`, `link`, …; in no order of weight.
    pub marks: Vec<&'static str>,
    /// How many words it has.
    pub words: u32,
}

/// Reads a prompt. `project` are the tags of the project it is asked in, as
/// [`project_tags`](crate::learning::project_tags) gives them; `corrections` are what the user said of earlier readings.
pub fn read(prompt: &str, project: &[&'static str], corrections: &Corrections) -> Reading {
    let heard = hear(prompt);
    let counts = Counts::of(prompt);
    let marks = Marks::of(prompt, &counts);
    let category = corrections.read(&heard, marks);
    let tags = tags(&heard, marks, project);
    let topics = tags.iter().filter(|tag| !is_form(tag)).count();
    Reading {
        category,
        sub: sub(category, &heard.subs),
        complexity: complexity(category, &heard, marks, topics),
        tags,
        features: features(prompt, &heard, &counts, marks),
        language: language(&heard.text, &heard.languages),
        marks: marks.names(),
        words: heard.words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::{CATEGORIES, project_tags, tag_kind};
    use std::time::Instant;

    fn plain(prompt: &str) -> Reading {
        read(prompt, &[], &Corrections::default())
    }

    #[test]
    fn prompts_are_about_their_fields_and_technologies() {
        let mut wrong = Vec::new();
        for (prompt, wanted) in [
            (
                "The defendant was sued by the landlord. Will the court find for the plaintiff?",
                &["law"][..],
            ),
            (
                "A 45-year-old woman comes to the physician with fever and chest pain",
                &["medicine"],
            ),
            (
                "Which ring homomorphisms from Z to Z have a maximal ideal as kernel?",
                &["algebra"],
            ),
            (
                "What happens to aggregate demand when the central bank raises interest rates?",
                &["economics"],
            ),
            (
                "Compare Kant's categorical imperative with utilitarianism",
                &["philosophy"],
            ),
            (
                "What caused the French Revolution, and how did the nobility react?",
                &["history"],
            ),
            (
                "How do mitochondria make ATP in an animal cell?",
                &["biology"],
            ),
            (
                "How do I record accrued interest and depreciation in the ledger?",
                &["accounting"],
            ),
            (
                "A photon with a wavelength of 500 nm hits a frictionless mirror",
                &["physics"],
            ),
            ("Evaluate $\\frac{3}{4} + \\frac{1}{2}$.", &["mathematics"]),
            (
                "(∃x)(Fx ∧ Gx): which of these is the best reading?",
                &["logic"],
            ),
            (
                "Why does the borrow checker refuse this in Rust?",
                &["rust"],
            ),
            ("cargo clippy complains about lifetimes", &["rust"]),
            (
                "Add a Dockerfile and a docker-compose setup for Postgres",
                &["database", "docker", "postgres"],
            ),
            (
                "The useState hook in my React component renders twice",
                &["react"],
            ),
            (
                "Write pytest fixtures for the Django login view",
                &["django", "python", "testing"],
            ),
            (
                "Is this JWT check open to a replay attack or CSRF?",
                &["security"],
            ),
            ("Port this C++ template to C#", &["cpp", "csharp"]),
            (
                "Deploy the helm chart to Kubernetes with terraform",
                &["infrastructure", "kubernetes", "terraform"],
            ),
        ] {
            let tags = plain(prompt).tags;
            if wanted.iter().any(|tag| !tags.contains(tag)) {
                wrong.push(format!("{prompt}: {wanted:?}, found {tags:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn words_of_every_day_tell_of_no_technology() {
        for prompt in [
            "Let's go and react to the news",
            "My shell necklace is going to rust",
            "hi",
            "",
        ] {
            let tags = plain(prompt).tags;
            let technical = tags.iter().find(|tag| {
                !matches!(
                    tag_kind(tag),
                    Some(crate::learning::TagKind::Form | crate::learning::TagKind::Field)
                )
            });
            assert_eq!(technical, None, "{prompt}: {tags:?}");
        }
    }

    #[test]
    fn a_projects_tags_stand_beside_the_prompts() {
        let project = project_tags(["Cargo.toml", "README.md", "Dockerfile"]);
        let found = read("Why does it crash?", &project, &Corrections::default());
        assert_eq!(found.tags, ["asks why", "docker", "rust"]);
    }

    #[test]
    fn harder_prompts_are_found_harder() {
        let ladder = [
            "hi",
            "What is the capital of Australia?",
            "Write a function that adds two numbers",
            "Debug why our deployment script fails when two workers must take the same lock, and add a test for it",
            "Redesign the architecture of our distributed queue: it must be fault-tolerant and backwards compatible, \
             every consumer needs exactly one delivery even when a node dies, and latency should stay under 5 ms. \
             First prove that the current protocol can lose messages, then plan the migration step by step, without \
             downtime, and evaluate the trade-offs between consistency and throughput. \
             - Rust and Kafka\n - Postgres as the store",
        ];
        let scores: Vec<u8> = ladder.iter().map(|p| plain(p).complexity.score).collect();
        assert!(scores.is_sorted() && scores[0] <= 10, "{scores:?}");
        assert!(scores[4] >= 70 && scores[1] < 20, "{scores:?}");
        for prompt in ladder {
            let found = plain(prompt).complexity;
            let sum: u8 = found.parts.iter().map(|(_, points)| points).sum();
            assert_eq!(sum, found.score);
        }
        let most = "must if should prove design race condition then ".repeat(400);
        assert!(
            plain(&format!("Debug ```fn error[E``` 1+1\n- a\n- b\n{most}"))
                .complexity
                .score
                <= 100
        );
    }

    #[test]
    fn finer_kinds_and_marks_and_languages() {
        let sub = |prompt: &str| plain(prompt).sub;
        assert_eq!(sub("Find the derivative of x^3 sin(x)"), Some("calculus"));
        assert_eq!(
            sub("fix the failing test in ci, then commit to the branch"),
            Some("agentic")
        );
        assert_eq!(
            sub("Translate 'good morning' to Spanish"),
            Some("translation")
        );
        let marks =
            plain("See src/main.rs and https://x.org:\n```\nfn a() {}\n```\nWhat is wrong?").marks;
        assert_eq!(marks, ["code", "link", "file", "question"]);
        for (prompt, language) in [
            ("What is the weather like in the north?", Some("en")),
            (
                "Schreibe mir bitte ein Gedicht und nicht zu lang",
                Some("de"),
            ),
            ("Pourquoi est-ce que le ciel est bleu ?", Some("fr")),
            ("¿Por qué el cielo es azul y no verde?", Some("es")),
            ("今天天气怎么样？", Some("zh")),
            ("これは何ですか", Some("ja")),
            ("Почему небо синее?", Some("ru")),
            ("refactor", None),
        ] {
            assert_eq!(plain(prompt).language, language, "{prompt}");
        }
    }

    #[test]
    fn any_text_is_read_the_same_twice() {
        for prompt in [
            "",
            "\u{0}",
            "•a",
            "- ",
            "é",
            "$",
            "\\",
            "𝕏 = ∞",
            "(a",
            "A. ",
            "```",
            "s",
            "'s ies es",
        ] {
            for times in [1, 3_000] {
                let prompt = prompt.repeat(times);
                let found = plain(&prompt);
                assert_eq!(found, plain(&prompt));
                assert!(CATEGORIES.contains(&found.category));
                assert!(found.features.iter().all(|figure| figure.abs() <= 3.0));
            }
        }
    }

    /// `cargo test --release --lib learning::reading -- --nocapture` prints what a prompt of 4 KB takes; the aim is
    /// below 50 µs. Only a release build is held to a figure, with room for a machine that does other things.
    #[test]
    fn four_kilobytes_are_read_in_microseconds() {
        let fill = |text: &str| text.repeat(4_096 / text.len() + 1)[..4_096].to_owned();
        for (kind, prompt) in [
            (
                "prose",
                fill(
                    "The committee met on Tuesday to talk about where the new bridge should stand. ",
                ),
            ),
            (
                "code",
                fill(
                    "let total: u32 = items.iter().map(|item| item.price * 2).sum(); // all of them\n",
                ),
            ),
            (
                "lexicon",
                fill(
                    "Explain how the defendant's patient data must be encrypted in every Rust test. ",
                ),
            ),
        ] {
            let mut corrections = Corrections::default();
            corrections.learn("Explain the committee's bridge to the defendant", "data");
            let mut took: Vec<u128> = (0..300)
                .map(|_| {
                    let start = Instant::now();
                    std::hint::black_box(read(
                        std::hint::black_box(&prompt),
                        &["rust"],
                        &corrections,
                    ));
                    start.elapsed().as_nanos()
                })
                .collect();
            took.sort_unstable();
            let micros = took[took.len() / 2] as f64 / 1_000.0;
            println!("4 KB of {kind} are read in {micros:.1} µs (median of 300)");
            assert!(cfg!(debug_assertions) || micros < 150.0);
        }
    }
}
