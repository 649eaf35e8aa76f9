//! What a turn used. The protocol has a draft of it, which opencode speaks; Gemini CLI tells it beside the protocol.
//!
//! Facts, as of opencode 1.18 and Gemini CLI 0.61: opencode's `usage` is that of the turn's *last* request, later
//! versions' that of the whole turn; its cost adds up over the conversation. Gemini's figures add up over the turn,
//! but leave out thinking, do not tell cached from new, and not the small requests by which it chooses a model.

use super::settings::names_model;
use super::{AgentEvent, Value};
use crate::protocol::Usage;

/// What is told of the conversation as it goes on.
#[derive(Debug)]
pub struct Figures {
    /// Tokens of the conversation, as told in this turn.
    used: Option<u64>,
    window: Option<u64>,
    /// Dollars of the conversation, and how many of them are accounted for; `None`: not known.
    dollars: Option<f64>,
    before: Option<f64>,
    /// Requests to the model in this turn, as far as can be seen.
    requests: u64,
}

/// What a turn used.
#[derive(Debug, Default, PartialEq)]
pub struct Settled {
    pub usage: Usage,
    pub spent: Vec<(String, Usage, f64)>,
    pub context_used: Option<u64>,
    pub window: Option<u64>,
}

impl Figures {
    /// `fresh`: the conversation is new, so nothing was spent in it.
    pub fn new(fresh: bool) -> Figures {
        Figures {
            used: None,
            window: None,
            dollars: fresh.then_some(0.0),
            before: fresh.then_some(0.0),
            requests: 1,
        }
    }

    pub fn begin(&mut self) {
        self.used = None;
        // What a loaded conversation has cost is told while it is loaded, if at all.
        self.before = self.before.or(self.dollars);
        self.requests = 1;
    }

    /// The model was asked once more.
    pub fn asked_again(&mut self) {
        self.requests += 1;
    }

    /// Reads a `usage_update`.
    pub fn update(&mut self, told: &Value) -> Option<AgentEvent> {
        let cost = &told["cost"];
        if let (Some("USD"), Some(dollars)) = (cost["currency"].as_str(), cost["amount"].as_f64()) {
            self.dollars = Some(dollars);
        }
        self.window = told["size"]
            .as_u64()
            .filter(|&size| size > 0)
            .or(self.window);
        // Nothing is told where a request was broken off.
        let used = told["used"].as_u64().filter(|&used| used > 0)?;
        self.used = Some(used);
        Some(AgentEvent::Context {
            used,
            window: self.window,
        })
    }

    /// The figures of a turn from its result. `model`: that of the conversation.
    pub fn settle(&mut self, result: &Value, model: Option<&str>) -> Settled {
        let dollars = match (self.before, self.dollars) {
            (Some(before), Some(now)) => (now - before).max(0.0),
            _ => 0.0,
        };
        // Those that are told only after the turn's end are the next one's.
        self.before = self.dollars;
        let (usage, mut spent) = match &result["_meta"]["quota"] {
            Value::Null => (self.drafted(&result["usage"]), Vec::new()),
            quota => from_quota(quota),
        };
        let untold = usage.total_input() + usage.total_output() == 0;
        if let (true, Some(model)) = (spent.is_empty() && (!untold || dollars > 0.0), model) {
            spent.push((model.to_owned(), usage, dollars));
        }
        let one_request = self.requests == 1 && !untold;
        let context = one_request.then(|| usage.total_input() + usage.total_output());
        Settled {
            usage,
            spent,
            context_used: self.used.or(context),
            window: self.window,
        }
    }

    /// The draft's `usage`. Where it is only that of the last of several requests, the others are taken to have read
    /// as much each, which is what a conversation that grows slowly does.
    fn drafted(&self, told: &Value) -> Usage {
        let number = |key: &str| told[key].as_u64().unwrap_or(0);
        let usage = Usage {
            input: number("inputTokens"),
            output: number("outputTokens"),
            reasoning: number("thoughtTokens"),
            cache_read: number("cachedReadTokens"),
            cache_write_5m: number("cachedWriteTokens"),
            cache_write_1h: 0,
            estimated: false,
        };
        let only_last = self.requests > 1 && self.used == Some(usage.total_input());
        match only_last {
            false => usage,
            true => Usage {
                input: usage.input * self.requests,
                cache_read: usage.cache_read * self.requests,
                estimated: true,
                ..usage
            },
        }
    }
}

/// Gemini CLI's figures, by model. What went to a model it does not name went to the one it names beside it.
fn from_quota(quota: &Value) -> (Usage, Vec<(String, Usage, f64)>) {
    let read = |told: &Value| {
        let number = |key: &str| told["token_count"][key].as_u64().unwrap_or(0);
        let (input, output) = (number("input_tokens"), number("output_tokens"));
        Usage {
            input,
            output,
            estimated: input + output > 0,
            ..Usage::default()
        }
    };
    let mut named: Vec<(String, Usage, f64)> = Vec::new();
    let mut unnamed = Usage::default();
    for told in quota["model_usage"].as_array().into_iter().flatten() {
        match told["model"].as_str().filter(|name| names_model(name)) {
            Some(name) => named.push((name.to_owned(), read(told), 0.0)),
            None => unnamed = unnamed + read(told),
        }
    }
    match named.first_mut() {
        Some(first) => first.1 = first.1 + unnamed,
        None => return (read(quota), Vec::new()),
    }
    (named.iter().map(|(_, usage, _)| *usage).sum(), named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cost(used: u64, dollars: f64) -> Value {
        json!({"used": used, "size": 1000, "cost": {"amount": dollars, "currency": "USD"}})
    }

    #[test]
    fn dollars_are_differences_and_tokens_those_told() {
        let mut figures = Figures::new(true);
        let told = json!({"usage": {"inputTokens": 80, "outputTokens": 6, "thoughtTokens": 4, "cachedReadTokens": 20}});
        figures.begin();
        let context = figures.update(&cost(100, 0.5));
        assert_eq!(
            context,
            Some(AgentEvent::Context {
                used: 100,
                window: Some(1000)
            })
        );
        let first = figures.settle(&told, Some("m"));
        let usage = Usage {
            input: 80,
            output: 6,
            reasoning: 4,
            cache_read: 20,
            ..Usage::default()
        };
        assert_eq!(first.spent, [("m".into(), usage, 0.5)]);
        assert_eq!(
            (first.usage, first.context_used, first.window),
            (usage, Some(100), Some(1000))
        );
        figures.begin();
        figures.update(&cost(100, 0.75));
        assert_eq!(figures.settle(&told, Some("m")).spent[0].2, 0.25);
        // Nothing was told of a turn that was broken off: no figures, no dollars, and no empty gauge.
        figures.begin();
        assert_eq!(figures.update(&cost(0, 0.75)), None);
        let broken = figures.settle(
            &json!({"usage": {"inputTokens": 0, "outputTokens": 0}}),
            Some("m"),
        );
        assert_eq!(
            (broken.usage, broken.spent.len(), broken.context_used),
            (Usage::default(), 0, None)
        );
    }

    #[test]
    fn what_was_spent_before_a_resumed_conversation_is_not_charged() {
        let mut figures = Figures::new(false);
        figures.begin();
        figures.update(&cost(100, 7.0));
        let told = json!({"usage": {"inputTokens": 100, "outputTokens": 6}});
        assert_eq!(figures.settle(&told, Some("m")).spent[0].2, 0.0);
        // Told late.
        figures.update(&cost(100, 7.25));
        figures.begin();
        figures.update(&json!({"used": 1, "cost": {"amount": 90.0, "currency": "credits"}}));
        figures.update(&cost(100, 7.5));
        assert_eq!(figures.settle(&told, Some("m")).spent[0].2, 0.5);
    }

    #[test]
    fn the_last_of_several_requests_is_not_taken_for_all() {
        let told = json!({"usage": {"inputTokens": 100, "outputTokens": 6}});
        for (requests, used, input, estimated) in [
            (1, 100, 100, false),
            (3, 100, 300, true),
            // All of them together are more than the conversation holds.
            (3, 40, 100, false),
        ] {
            let mut figures = Figures::new(true);
            figures.begin();
            (1..requests).for_each(|_| figures.asked_again());
            figures.update(&cost(used, 0.0));
            let usage = figures.settle(&told, Some("m")).usage;
            assert_eq!((usage.input, usage.estimated), (input, estimated));
        }
    }

    #[test]
    fn gemini_tells_by_model_and_not_all() {
        let told = json!({"_meta": {"quota": {"token_count": {"input_tokens": 30, "output_tokens": 3}, "model_usage": [
            {"model": "gemini-x", "token_count": {"input_tokens": 10, "output_tokens": 1}},
            {"model": "auto", "token_count": {"input_tokens": 20, "output_tokens": 2}}]}}});
        let settled = Figures::new(true).settle(&told, Some("auto"));
        let usage = Usage {
            input: 30,
            output: 3,
            estimated: true,
            ..Usage::default()
        };
        assert_eq!(
            (settled.usage, settled.spent),
            (usage, vec![("gemini-x".into(), usage, 0.0)])
        );
        let none =
            json!({"_meta": {"quota": {"token_count": {"input_tokens": 0}, "model_usage": []}}});
        assert_eq!(
            Figures::new(true).settle(&none, Some("m")).usage,
            Usage::default()
        );
    }
}
