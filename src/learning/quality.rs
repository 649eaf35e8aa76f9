//! How good an answer was, as far as that can be seen without asking.

use crate::learning::signals::{Layer, Signal};

/// The score of an answer of which nothing was seen.
const UNSEEN: f64 = 7.0;

/// The scores from which on an answer is no success at all, and a full one.
const FAILURE: f64 = 3.0;
const SUCCESS: f64 = 8.0;

/// Points of change, either way, at which a quality is as sure as a rating.
const SURE: f64 = 6.0;

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
    /// The score and its reasons in one line: `9.0 of 10: 7 to begin with, tests passed +2.5, hedges -0.5`.
    pub fn line(&self) -> String {
        let reasons: Vec<String> = self
            .why
            .iter()
            .map(|(signal, change)| format!("{} {change:+.1}", signal.name))
            .collect();
        match reasons.is_empty() {
            true => "nothing was seen of it".to_owned(),
            false => format!(
                "{:.1} of 10: {UNSEEN} to begin with, {}",
                self.score,
                reasons.join(", ")
            ),
        }
    }
}

/// Weighs what was seen of one answer: the score is that of an answer of which nothing was seen, and what each signal
/// changes, each once, between 0 and 10. Signals of availability count for nothing.
pub fn quality(signals: &[Signal]) -> Quality {
    let mut seen: Vec<Signal> = Vec::new();
    for signal in signals {
        let counts = signal.layer != Layer::Availability;
        if counts && !seen.iter().any(|other| other.name == signal.name) {
            seen.push(*signal);
        }
    }
    seen.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let mut score = UNSEEN;
    let mut sure = 0.0;
    let mut why = Vec::new();
    for signal in seen {
        // What goes past the ends of the scale changes nothing more.
        let now = (score + signal.weight).clamp(0.0, 10.0);
        why.push((signal, now - score));
        sure += signal.weight.abs();
        score = now;
    }
    Quality {
        score,
        why,
        success: ((score - FAILURE) / (SUCCESS - FAILURE)).clamp(0.0, 1.0),
        weight: (sure / SURE).min(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quality_explains_itself() {
        for (names, line, success, weight) in [
            (&[][..], "nothing was seen of it", 0.8, 0.0),
            (&["unavailable"], "nothing was seen of it", 0.8, 0.0),
            (
                &["hedges", "tests passed", "hedges"],
                "9.0 of 10: 7 to begin with, tests passed +2.5, hedges -0.5",
                1.0,
                0.5,
            ),
            (
                &["refused"],
                "1.0 of 10: 7 to begin with, refused -6.0",
                0.0,
                1.0,
            ),
            (
                &["tests failed", "try again"],
                "1.0 of 10: 7 to begin with, tests failed -3.0, try again -3.0",
                0.0,
                1.0,
            ),
            (
                &["tests passed", "thanks", "relayed onward"],
                "10.0 of 10: 7 to begin with, tests passed +2.5, thanks +0.5, relayed onward +0.0",
                1.0,
                1.0,
            ),
            (
                &["thanks"],
                "9.0 of 10: 7 to begin with, thanks +2.0",
                1.0,
                1.0 / 3.0,
            ),
            (
                &["objection"],
                "4.0 of 10: 7 to begin with, objection -3.0",
                0.2,
                0.5,
            ),
        ] {
            let signals: Vec<Signal> = names.iter().filter_map(|n| Signal::named(n)).collect();
            assert_eq!(signals.len(), names.len());
            let found = quality(&signals);
            assert_eq!(found.line(), line);
            assert!((found.success - success).abs() < 1e-9, "{found:?}");
            assert!((found.weight - weight).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn the_changes_add_up_to_the_score() {
        let all: Vec<Signal> = ["empty", "no code", "thanks", "build passed"]
            .iter()
            .filter_map(|name| Signal::named(name))
            .collect();
        let found = quality(&all);
        let sum: f64 = found.why.iter().map(|(_, change)| change).sum();
        assert!((UNSEEN + sum - found.score).abs() < 1e-9, "{found:?}");
    }
}
