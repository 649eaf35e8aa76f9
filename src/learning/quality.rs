//! How good an answer was, as far as that can be seen without asking.

use crate::learning::signals::{Layer, Signal};

/// The score of an answer of which nothing was seen.
const UNSEEN: f64 = 7.0;

/// How good an answer was, and how that is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    /// 0 to 10.
    pub score: f64,
    /// What each signal changed at the score, in points, from the strongest on.
    pub why: Vec<(Signal, f64)>,
    /// How much of a success that is, 0 to 1, for [`crate::learning::Observation`].
    pub success: f64,
    /// How sure it is, 0 to 1; 0: it tells nothing.
    pub weight: f64,
}

impl Quality {
    /// The score and its reasons in one line: `8.5 of 10: tests passed +2.5, hedges -1`.
    pub fn line(&self) -> String {
        format!("{:.1} of 10", self.score)
    }
}

/// Weighs what was seen of one answer.
pub fn quality(signals: &[Signal]) -> Quality {
    let seen = signals.iter().filter(|s| s.layer != Layer::Availability);
    let why: Vec<(Signal, f64)> = seen.map(|signal| (*signal, signal.weight)).collect();
    let score = (UNSEEN + why.iter().map(|(_, change)| change).sum::<f64>()).clamp(0.0, 10.0);
    Quality {
        score,
        success: ((score - 3.0) / 5.0).clamp(0.0, 1.0),
        weight: (why.iter().map(|(_, change)| change.abs()).sum::<f64>() / 6.0).min(1.0),
        why,
    }
}
