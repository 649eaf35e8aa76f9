//! What a task is worth to its user, for those who say more than the prompt, and the table it is reckoned by.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is said of a task besides its prompt. Words are those of the [`ValueTable`] in force; what is not said is
/// taken from the prompt or counts as the middle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    /// `P0` to `P4`.
    pub priority: Option<String>,
    /// `simple`, `moderate`, `complex` or `epic`; left out: as the prompt reads.
    pub complexity: Option<String>,
    /// Hours until it is due; `None`: some day.
    pub due_hours: Option<f64>,
    /// `backend`, `docs`, …
    pub domain: Option<String>,
    /// `production`, `staging`, …
    pub risk: Option<String>,
    /// As in a tracker: a label may stand for a domain, and is a tag where it is one.
    pub labels: Vec<String>,
}

impl Task {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Task::default()
    }
}

/// The figures a value is reckoned by; words to points or factors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueTable {
    /// Points.
    pub priority: BTreeMap<String, f64>,
    /// Factors of the priority's points.
    pub complexity: BTreeMap<String, f64>,
    /// Points for what is due within so long: `4h`, `24h`, `week`, `month`. Later adds nothing.
    pub time: BTreeMap<String, f64>,
    /// Factors of the sum.
    pub domain: BTreeMap<String, f64>,
    /// Factors of the sum.
    pub risk: BTreeMap<String, f64>,
    /// Scores from which a tier begins. Below all of them: `defer`.
    pub tiers: BTreeMap<String, f64>,
    /// What the lower bound of success must reach in each tier, 0 to 1.
    pub thresholds: BTreeMap<String, f64>,
    /// The domain that a label stands for.
    pub labels: BTreeMap<String, String>,
}

/// The spans of [`ValueTable::time`], in hours, shortest first.
pub const SPANS: [(&str, f64); 4] = [
    ("4h", 4.0),
    ("24h", 24.0),
    ("week", 7.0 * 24.0),
    ("month", 30.0 * 24.0),
];

/// The tier below all others.
pub const DEFER: &str = "defer";

fn figures(rows: &[(&str, f64)]) -> BTreeMap<String, f64> {
    rows.iter()
        .map(|&(word, figure)| (word.to_owned(), figure))
        .collect()
}

impl Default for ValueTable {
    fn default() -> ValueTable {
        let labels = [
            ("api", "backend"),
            ("database", "backend"),
            ("bug", "backend"),
            ("ci", "infrastructure"),
            ("devops", "infrastructure"),
            ("security", "infrastructure"),
            ("documentation", "docs"),
            ("ui", "frontend"),
            ("test", "testing"),
            ("tests", "testing"),
        ];
        ValueTable {
            priority: figures(&[
                ("P0", 40.0),
                ("P1", 30.0),
                ("P2", 20.0),
                ("P3", 10.0),
                ("P4", 5.0),
            ]),
            complexity: figures(&[
                ("simple", 0.5),
                ("moderate", 1.0),
                ("complex", 1.5),
                ("epic", 2.0),
            ]),
            time: figures(&[("4h", 15.0), ("24h", 12.0), ("week", 8.0), ("month", 5.0)]),
            domain: figures(&[
                ("infrastructure", 1.2),
                ("backend", 1.1),
                ("ml", 1.1),
                ("frontend", 1.0),
                ("testing", 0.9),
                ("docs", 0.8),
            ]),
            risk: figures(&[
                ("production", 1.3),
                ("staging", 1.1),
                ("development", 1.0),
                ("experimental", 0.9),
                ("sandbox", 0.7),
            ]),
            tiers: figures(&[
                ("critical", 90.0),
                ("high", 75.0),
                ("medium", 60.0),
                ("low", 40.0),
            ]),
            thresholds: figures(&[
                ("critical", 0.95),
                ("high", 0.9),
                ("medium", 0.85),
                ("low", 0.8),
                ("defer", 0.6),
            ]),
            labels: labels
                .iter()
                .map(|&(label, domain)| (label.to_owned(), domain.to_owned()))
                .collect(),
        }
    }
}

/// What a task is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskValue {
    /// 0 to 100.
    pub score: f64,
    /// A tier of the table, or `defer`.
    pub tier: String,
    /// What success must reach for it, 0 to 1.
    pub threshold: f64,
    /// How the score came about: `(P0 40 × moderate 1 + within 4h 15) × backend 1.1 × production 1.3`.
    pub how: String,
}

/// One of many tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BatchTask {
    pub prompt: String,
    #[serde(flatten)]
    pub task: Task,
}
