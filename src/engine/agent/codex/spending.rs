//! What a turn used. Codex tells running totals of each thread (the conversation, and one for each sub-agent), which
//! a resumed or forked thread inherits; so a turn is told by differences.

use crate::protocol::Usage;
use serde_json::Value;
use std::collections::BTreeMap;

/// Totals as Codex counts them: `input` includes what came from the cache and what was written into it, `output`
/// the reasoning.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Total {
    input: u64,
    cached: u64,
    written: u64,
    output: u64,
    reasoning: u64,
}

/// The totals of all threads, and what was used since they were last settled.
#[derive(Debug, Default)]
pub struct Spending {
    threads: BTreeMap<String, Thread>,
    /// By model.
    used: BTreeMap<String, Usage>,
}

#[derive(Debug, Default)]
struct Thread {
    /// `None`: what it has inherited is not known.
    before: Option<Total>,
    /// Something of the model's has come since the totals were last told.
    answered: bool,
}

impl Spending {
    /// A thread that has inherited nothing.
    pub fn begin(&mut self, thread: &str) {
        self.threads.entry(thread.to_owned()).or_default().before = Some(Total::default());
    }

    /// The model has said or done something in a thread.
    pub fn answered(&mut self, thread: &str) {
        self.threads.entry(thread.to_owned()).or_default().answered = true;
    }

    /// Takes in the `tokenUsage` of a thread. `own`: of a turn that runs or ran in this process.
    ///
    /// Totals are also repeated, without a new request: after a resume, and where a request was cut or interrupted.
    pub fn told(&mut self, thread: &str, usage: &Value, own: bool, model: &str) {
        let thread = self.threads.entry(thread.to_owned()).or_default();
        let total = Total::read(&usage["total"]);
        let repeated = !own || !std::mem::take(&mut thread.answered);
        let before = match thread.before {
            Some(before) => before,
            None if repeated => total,
            // All but the newest request was inherited.
            None => total.less(Total::read(&usage["last"])),
        };
        thread.before = Some(total);
        if own {
            let used = self.used.entry(model.to_owned()).or_default();
            *used = *used + total.less(before).usage();
        }
    }

    /// A request that Codex will tell no figures of.
    pub fn guess(&mut self, model: &str, usage: Usage) {
        let used = self.used.entry(model.to_owned()).or_default();
        *used = Usage {
            estimated: true,
            ..*used + usage
        };
    }

    /// What was used since the last time, by model; Codex knows no prices.
    pub fn settle(&mut self) -> Vec<(String, Usage, f64)> {
        std::mem::take(&mut self.used)
            .into_iter()
            .filter(|(_, usage)| usage.total_input() + usage.total_output() > 0)
            .map(|(model, usage)| (model, usage, 0.0))
            .collect()
    }
}

impl Total {
    fn read(value: &Value) -> Total {
        let number = |key: &str| value[key].as_u64().unwrap_or(0);
        Total {
            input: number("inputTokens"),
            cached: number("cachedInputTokens"),
            written: number("cacheWriteInputTokens"),
            output: number("outputTokens"),
            reasoning: number("reasoningOutputTokens"),
        }
    }

    /// The difference; all of `self` where the totals have begun anew, as they do when the window is full.
    fn less(self, before: Total) -> Total {
        if self.input < before.input || self.output < before.output {
            return self;
        }
        Total {
            input: self.input - before.input,
            cached: self.cached.saturating_sub(before.cached),
            written: self.written.saturating_sub(before.written),
            output: self.output - before.output,
            reasoning: self.reasoning.saturating_sub(before.reasoning),
        }
    }

    fn usage(self) -> Usage {
        let cache_read = self.cached.min(self.input);
        let written = self.written.min(self.input - cache_read);
        let reasoning = self.reasoning.min(self.output);
        Usage {
            input: self.input - cache_read - written,
            output: self.output - reasoning,
            reasoning,
            cache_read,
            cache_write_5m: written,
            ..Usage::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(total: u64, last: u64) -> Value {
        let tokens = |n: u64| {
            json!({"inputTokens": n, "cachedInputTokens": n / 2, "outputTokens": n / 10,
                "reasoningOutputTokens": n / 20, "totalTokens": n + n / 10})
        };
        json!({"total": tokens(total), "last": tokens(last)})
    }

    fn input(spending: &mut Spending) -> u64 {
        let spent = spending.settle();
        spent.iter().map(|(_, usage, _)| usage.total_input()).sum()
    }

    #[test]
    fn parts_of_a_total_are_told_apart() {
        let mut spending = Spending::default();
        spending.begin("t");
        spending.answered("t");
        let mut usage = told(100, 100);
        usage["total"]["cacheWriteInputTokens"] = 20.into();
        spending.told("t", &usage, true, "m");
        let spent = Usage {
            input: 30,
            output: 5,
            reasoning: 5,
            cache_read: 50,
            cache_write_5m: 20,
            ..Usage::default()
        };
        assert_eq!(spending.settle(), [("m".into(), spent, 0.0)]);
        assert_eq!(spending.settle(), []);
    }

    #[test]
    fn what_is_inherited_is_not_spent_again() {
        // A resume repeats the totals under an old turn.
        let mut resumed = Spending::default();
        resumed.told("t", &told(500, 300), false, "m");
        resumed.answered("t");
        resumed.told("t", &told(600, 100), true, "m");
        assert_eq!(input(&mut resumed), 100);
        // A fork does not.
        let mut forked = Spending::default();
        forked.answered("t");
        forked.told("t", &told(600, 100), true, "m");
        assert_eq!(input(&mut forked), 100);
        // Its first request is cut: what comes then is the parent's.
        let mut cut = Spending::default();
        cut.told("t", &told(500, 300), true, "m");
        cut.answered("t");
        cut.told("t", &told(600, 100), true, "m");
        assert_eq!(input(&mut cut), 100);
    }

    #[test]
    fn totals_that_begin_anew_and_those_of_helpers_count() {
        let mut spending = Spending::default();
        spending.begin("t");
        for (thread, total, last) in [("t", 100, 100), ("t", 0, 50), ("t", 40, 40), ("h", 7, 7)] {
            spending.answered(thread);
            spending.told(thread, &told(total, last), true, "m");
        }
        assert_eq!(input(&mut spending), 147);
    }
}
