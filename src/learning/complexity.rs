//! How hard a prompt is, told by its size, its words and what it holds.

use crate::learning::cues::Cue;
use crate::learning::marks::Marks;
use crate::learning::scan::Heard;
use serde::{Deserialize, Serialize};

/// How hard a prompt is, 0 to 100. A scale of ours, chosen and not measured: about 10 is a small question, 25 an
/// ordinary one, 50 a piece of work, 75 one that a day goes into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complexity {
    pub score: u8,
    /// What it is the sum of: a part's name and its share of the score. Parts of 0 are left out.
    pub parts: Vec<(String, u8)>,
}

/// What a kind of prompt asks for by itself.
fn task(category: &str) -> f64 {
    match category {
        "debug" | "refactor" | "code_review" | "reasoning" => 20.0,
        "code_gen" | "math" | "research" | "data" => 15.0,
        "explain" | "creative" => 8.0,
        "simple_qa" => 0.0,
        _ => 2.0,
    }
}

/// The complexity of a prompt read as `category`, with `topics` fields and technologies in it.
pub(super) fn complexity(category: &str, heard: &Heard, marks: Marks, topics: usize) -> Complexity {
    let cue = |cue: Cue| f64::from(heard.cues[cue as usize]);
    let yes = |mark: bool, points: f64| if mark { points } else { 0.0 };
    // 10 words give 4, 100 give 11, 1000 give 19.
    let size = (f64::from(heard.words).log10() * 7.5 - 3.5).clamp(0.0, 20.0);
    let hard = 5.0 * cue(Cue::Hard) - 6.0 * cue(Cue::Easy);
    let parts = [
        ("kind of task", task(category)),
        ("length", size),
        ("hard words", hard.clamp(0.0, 20.0)),
        (
            "conditions",
            (1.5 * cue(Cue::Condition) + 2.0 * cue(Cue::Demand)).clamp(0.0, 15.0),
        ),
        (
            "steps",
            (1.5 * cue(Cue::Order) + yes(marks.list, 3.0)).clamp(0.0, 8.0),
        ),
        (
            "what it holds",
            yes(marks.code, 4.0) + yes(marks.error, 3.0) + yes(marks.formula, 3.0),
        ),
        ("breadth", (2.5 * (topics as f64 - 1.0)).clamp(0.0, 7.0)),
    ];
    let parts: Vec<(String, u8)> = parts
        .into_iter()
        .map(|(name, points)| (name.to_owned(), points.round() as u8))
        .filter(|(_, points)| *points > 0)
        .collect();
    Complexity {
        score: parts.iter().map(|(_, points)| points).sum(),
        parts,
    }
}
