//! What a turn used, by model. The CLI's totals run on: over the process, and after a clean end over every
//! resume and fork too (after a crash they begin at nothing). So a turn is told by the CLI's own figure
//! since the last result where it gives one, and else by the difference to the totals before.

use crate::protocol::Usage;
use serde_json::Value;
use std::collections::BTreeMap;

/// Tokens and dollars of one model.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Total {
    input: u64,
    output: u64,
    thinking: u64,
    cache_read: u64,
    cache_write: u64,
    /// As far as the CLI tells them apart.
    cache_write_5m: u64,
    cache_write_1h: u64,
    dollars: f64,
}

/// The totals as of the last result.
#[derive(Debug, Default)]
pub struct Spending {
    totals: BTreeMap<String, Total>,
    /// Whether `totals` can be trusted: after a resume or fork not before the CLI has named them.
    known: bool,
}

/// What a turn used: by model, with the CLI's price in dollars.
pub type Spent = Vec<(String, Usage, f64)>;

impl Spending {
    /// `fresh`: the conversation is new, all totals are nothing.
    pub fn new(fresh: bool) -> Spending {
        Spending {
            totals: BTreeMap::new(),
            known: fresh,
        }
    }

    /// Takes totals as those before the next turn: an answer to `get_usage`.
    pub fn baseline(&mut self, model_usage: &Value) {
        if !self.known && model_usage.is_object() {
            self.totals = totals(model_usage);
            self.known = true;
        }
    }

    /// What was used since the last result. Of models that used nothing, nothing is told.
    pub fn settle(&mut self, result: &Value) -> Spent {
        let now = totals(&result["modelUsage"]);
        let usage = &result["usage"];
        let since = &result["model_usage_since_last_result"];
        let split = usage["cache_creation"]["ephemeral_1h_input_tokens"].as_u64();
        let turn: Vec<(String, Total)> = if since.is_object() {
            totals(since).into_iter().collect()
        } else if self.known {
            let old = |model: &str| self.totals.get(model).copied().unwrap_or_default();
            let new = now.iter();
            new.map(|(model, total)| (model.clone(), less(*total, old(model))))
                .collect()
        } else {
            return self.only_usage(usage, now);
        };
        self.totals = now;
        self.known = true;
        turn.into_iter()
            .filter(|(_, total)| *total != Total::default())
            .map(|(model, total)| (model, as_usage(total, split.unwrap_or(0)), total.dollars))
            .collect()
    }

    /// The totals before are not known and the turn is told without models: its own figures are all there
    /// is, under the one model there is. Side calls are missing from them, so they count as estimated.
    fn only_usage(&mut self, usage: &Value, now: BTreeMap<String, Total>) -> Spent {
        let only = (now.len() == 1).then(|| now.keys().next().cloned());
        self.totals = now;
        self.known = true;
        let spent = from_usage(usage);
        match only.flatten() {
            Some(model) if spent != Usage::default() => vec![(
                model,
                Usage {
                    estimated: true,
                    ..spent
                },
                0.0,
            )],
            _ => Vec::new(),
        }
    }
}

/// The `usage` of a result or message: one turn's, of the main model, without side calls.
pub fn from_usage(usage: &Value) -> Usage {
    let number = |key: &str| usage[key].as_u64().unwrap_or(0);
    let thinking = usage["output_tokens_details"]["thinking_tokens"].as_u64();
    let one_hour = usage["cache_creation"]["ephemeral_1h_input_tokens"].as_u64();
    as_usage(
        Total {
            input: number("input_tokens"),
            output: number("output_tokens"),
            thinking: thinking.unwrap_or(0),
            cache_read: number("cache_read_input_tokens"),
            cache_write: number("cache_creation_input_tokens"),
            ..Total::default()
        },
        one_hour.unwrap_or(0),
    )
}

/// The window of `model` in a result; of another, if it is the only one.
pub fn window(result: &Value, model: Option<&str>) -> Option<u64> {
    let all = result["modelUsage"].as_object()?;
    let bare = |name: &str| name.split('[').next().unwrap_or_default().to_owned();
    let wanted = |key: &str, value: &Value| {
        model.is_some_and(|m| bare(m) == bare(key) || value["canonicalModel"] == bare(m))
    };
    all.iter()
        .find(|(key, value)| wanted(key, value))
        .or_else(|| all.iter().next().filter(|_| all.len() == 1))
        .and_then(|(_, value)| value["contextWindow"].as_u64())
}

fn totals(model_usage: &Value) -> BTreeMap<String, Total> {
    let models = model_usage.as_object();
    let mut all: BTreeMap<String, Total> = BTreeMap::new();
    for (key, value) in models.into_iter().flatten() {
        let number = |key: &str| value[key].as_u64().unwrap_or(0);
        let model = value["canonicalModel"].as_str().unwrap_or(key);
        let sum = all.entry(model.to_owned()).or_default();
        sum.input += number("inputTokens");
        sum.output += number("outputTokens");
        sum.thinking += number("thinkingTokens");
        sum.cache_read += number("cacheReadInputTokens");
        sum.cache_write += number("cacheCreationInputTokens");
        sum.cache_write_5m += number("cacheCreationEphemeral5mInputTokens");
        sum.cache_write_1h += number("cacheCreationEphemeral1hInputTokens");
        sum.dollars += value["costUSD"].as_f64().unwrap_or(0.0);
    }
    all
}

/// `now` less `before`; all of `now` where the totals have begun anew.
fn less(now: Total, before: Total) -> Total {
    if now.input < before.input || now.output < before.output || now.cache_read < before.cache_read
    {
        return now;
    }
    Total {
        input: now.input - before.input,
        output: now.output - before.output,
        thinking: now.thinking.saturating_sub(before.thinking),
        cache_read: now.cache_read - before.cache_read,
        cache_write: now.cache_write.saturating_sub(before.cache_write),
        cache_write_5m: now.cache_write_5m.saturating_sub(before.cache_write_5m),
        cache_write_1h: now.cache_write_1h.saturating_sub(before.cache_write_1h),
        dollars: (now.dollars - before.dollars).max(0.0),
    }
}

/// `one_hour`: how much was written for an hour, where the total does not tell.
fn as_usage(total: Total, one_hour: u64) -> Usage {
    let told = total.cache_write_5m + total.cache_write_1h;
    let one_hour = match told == total.cache_write {
        true => total.cache_write_1h,
        false => one_hour.max(total.cache_write_1h).min(total.cache_write),
    };
    Usage {
        input: total.input,
        output: total.output.saturating_sub(total.thinking),
        reasoning: total.thinking.min(total.output),
        cache_read: total.cache_read,
        cache_write_5m: total.cache_write - one_hour,
        cache_write_1h: one_hour,
        estimated: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn result(input: u64, dollars: f64) -> Value {
        json!({"modelUsage": {"m": {"inputTokens": input, "outputTokens": 10, "thinkingTokens": 4,
            "cacheCreationInputTokens": 100, "costUSD": dollars, "contextWindow": 1000}},
            "usage": {"input_tokens": 7, "cache_creation": {"ephemeral_1h_input_tokens": 30}}})
    }

    #[test]
    fn turns_are_differences_of_totals() {
        let mut spending = Spending::new(true);
        let first = &spending.settle(&result(50, 1.0))[0];
        let usage = Usage {
            input: 50,
            output: 6,
            reasoning: 4,
            cache_write_5m: 70,
            cache_write_1h: 30,
            ..Usage::default()
        };
        assert_eq!(*first, ("m".into(), usage, 1.0));
        let second = &spending.settle(&result(80, 1.5))[0];
        assert_eq!(
            (second.1.input, second.1.total_output(), second.2),
            (30, 0, 0.5)
        );
        assert_eq!(spending.settle(&result(80, 1.5)), []);
        // Totals that have begun anew.
        assert_eq!(spending.settle(&result(20, 0.2))[0].1.input, 20);
    }

    #[test]
    fn a_resumed_conversation_is_not_charged_twice() {
        let mut named = Spending::new(false);
        named.baseline(&result(50, 1.0)["modelUsage"]);
        assert_eq!(named.settle(&result(60, 1.2))[0].1.input, 10);
        let mut unnamed = Spending::new(false);
        let spent = unnamed.settle(&result(60, 1.2));
        assert!(spent[0].1.input == 7 && spent[0].1.estimated);
        let mut told = Spending::new(false);
        let mut since = result(60, 1.2);
        since["model_usage_since_last_result"] = json!({"m[1m]": {"inputTokens": 3, "costUSD": 0.1,
            "canonicalModel": "m"}});
        let spent = told.settle(&since);
        assert_eq!((&*spent[0].0, spent[0].1.input, spent[0].2), ("m", 3, 0.1));
    }

    #[test]
    fn the_window_is_that_of_the_model() {
        let two = json!({"modelUsage": {"a[1m]": {"contextWindow": 1}, "b": {"contextWindow": 2}}});
        assert_eq!(window(&two, Some("a")), Some(1));
        assert_eq!(window(&two, Some("b")), Some(2));
        assert_eq!(window(&two, None), None);
        assert_eq!(window(&result(1, 0.0), None), Some(1000));
    }
}
