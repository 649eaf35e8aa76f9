//! Success rates of one model by the kind of task a log names: the baseline a learner is set beside.

use crate::learning::replay::log::Log;
use std::collections::HashMap;

/// Rates of one model.
pub(super) struct Rates<'a> {
    /// Kind → (successes, answers).
    kinds: HashMap<&'a str, (f64, f64)>,
    all: (f64, f64),
}

impl<'a> Rates<'a> {
    /// Of the answers seen: (prompt, model).
    pub(super) fn of(seen: &[(usize, usize)], log: &'a Log, model: usize) -> Rates<'a> {
        let mut rates = Rates {
            kinds: HashMap::new(),
            all: (0.0, 0.0),
        };
        for (at, _) in seen.iter().filter(|(_, arm)| *arm == model) {
            let task = &log.tasks[*at];
            let Some(answer) = task.arms[model] else {
                continue;
            };
            let name = task.named.as_deref().unwrap_or_default();
            let kind = rates.kinds.entry(name).or_default();
            for sums in [kind, &mut rates.all] {
                sums.0 += answer.reward;
                sums.1 += 1.0;
            }
        }
        rates
    }

    /// The rate of a kind, shrunk towards the rate of all by `lean` answers.
    pub(super) fn shrunk(&self, kind: &str, lean: f64) -> f64 {
        let all = match self.all {
            (_, 0.0) => 0.5,
            (good, n) => good / n,
        };
        let (good, n) = self.kinds.get(kind).copied().unwrap_or_default();
        (good + lean * all) / (n + lean)
    }
}
