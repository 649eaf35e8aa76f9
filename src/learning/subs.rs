//! Finer kinds within a category, where benchmarks or one's own results tell them apart.

/// (category, finer kind, words that speak for it; `_` for a blank). Within a category the row with most words wins.
pub(super) const SUBS: &[(&str, &str, &str)] = &[
    ("code_gen", "agentic", AGENTIC),
    ("debug", "agentic", AGENTIC),
    ("refactor", "agentic", AGENTIC),
    (
        "code_gen",
        "tests",
        "unit_test unit_tests test tests coverage pytest jest",
    ),
    (
        "code_gen",
        "interface",
        "component css html page button form layout react frontend",
    ),
    (
        "code_gen",
        "script",
        "script bash shell one-liner regex cron",
    ),
    (
        "code_review",
        "security",
        "security vulnerability vulnerabilities audit exploit injection unsafe",
    ),
    (
        "math",
        "geometry",
        "triangle circle rectangle square angle radius area volume perimeter polygon cube sphere cone diameter",
    ),
    (
        "math",
        "algebra",
        "equation equations polynomial quadratic matrix eigenvalue eigenvalues variable variables solve_for roots factor \
         linear inequality logarithm",
    ),
    (
        "math",
        "calculus",
        "derivative integral differentiate integrate limit gradient series converge converges differential",
    ),
    (
        "math",
        "statistics",
        "probability mean median variance deviation distribution random dice coin expected sample regression",
    ),
    (
        "math",
        "numbers",
        "prime divisor divisible remainder modulo integer integers gcd factorial digits congruent",
    ),
    (
        "math",
        "proof",
        "prove proof theorem lemma show_that contradiction induction irrational",
    ),
    (
        "math",
        "word problem",
        "how_many how_much each total altogether left cost costs per hours minutes miles dollars buys sells bought sold",
    ),
    (
        "reasoning",
        "puzzle",
        "puzzle riddle liar lying logic deduce must_be_true knights",
    ),
    (
        "reasoning",
        "decision",
        "should_i should_we trade-offs tradeoffs pros_and_cons decide choose weigh recommend",
    ),
    (
        "reasoning",
        "design",
        "design architecture plan strategy roadmap",
    ),
    (
        "data",
        "sql",
        "sql query join table tables select postgres group_by",
    ),
    (
        "data",
        "charts",
        "plot chart histogram graph visualize axis",
    ),
    (
        "data",
        "convert",
        "convert parse extract format json csv xml yaml",
    ),
    (
        "creative",
        "letters",
        "email letter message reply linkedin cover_letter invitation",
    ),
    (
        "creative",
        "verse",
        "poem haiku limerick lyrics song rhyme sonnet",
    ),
    (
        "creative",
        "stories",
        "story novel character plot scene dialogue fiction",
    ),
    (
        "research",
        "summary",
        "summarize summarise summary tldr key_points",
    ),
    (
        "research",
        "comparison",
        "compare comparison versus vs alternatives best",
    ),
    (
        "simple_qa",
        "translation",
        "translate translation spanish german french",
    ),
];

/// Work in a whole repository, with tools, rather than one piece of code in an answer.
const AGENTIC: &str = "repo repository codebase project ci tests_pass run_the run_tests run_it commit branch pull_request issue \
                       all_files everywhere module modules crate package src failing_test failing_tests workspace";

/// The finer kind of a prompt read as `category`, by how often words of each row were heard.
pub(super) fn sub(category: &str, heard: &[u16]) -> Option<&'static str> {
    let mut best = (0, None);
    for ((of, name, _), times) in SUBS.iter().zip(heard) {
        if *of == category && *times > best.0 {
            best = (*times, Some(*name));
        }
    }
    best.1
}
