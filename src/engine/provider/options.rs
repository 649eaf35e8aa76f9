//! How a model is to answer, as far as the user says so, and which of it a wire can be told.

use super::{ChatRequest, Wire, anthropic, gemini};
use serde_json::Value;

/// Sampling and effort. What is not set is left to the server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    pub temperature: Option<f32>,
    /// Sample from the likeliest tokens that together have this probability, 0 to 1.
    pub top_p: Option<f32>,
    /// Sample from this many of the likeliest tokens.
    pub top_k: Option<u32>,
    /// Texts at which the answer ends.
    pub stop: Vec<String>,
    pub seed: Option<i64>,
    /// How much the model shall think: `low`, `medium`, `high`. Other words (`minimal`, `xhigh`, `max`) are handed on
    /// to those who take words; where a number of tokens is wanted instead, only these three are known.
    pub effort: Option<String>,
}

/// As it was written: `0.7`, not the `0.699999988079071` that the nearest `f32` is. `None` for what is no number.
pub(super) fn decimal(number: Option<f32>) -> Option<Value> {
    serde_json::from_str(&number?.to_string()).ok()
}

/// Puts `value` into `object` under `name`, if there is one.
pub(super) fn put(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}

/// Of the request's options those that its wire takes, and the names of the others.
pub(super) fn sent(request: &ChatRequest) -> (Options, Vec<&'static str>) {
    let mut options = request.options.clone();
    let mut left_out = Vec::new();
    let effort = options.effort.as_deref();
    let can_think = effort.is_none_or(|effort| match request.wire {
        Wire::Anthropic => anthropic::thinking(request, effort).is_some(),
        Wire::Gemini => gemini::thinking(&request.model, Some(effort)).is_some(),
        _ => true,
    });
    let refused: &[&str] = match request.wire {
        // Claude thinks at its own temperature.
        Wire::Anthropic if effort.is_some() && can_think => {
            &["temperature", "top_p", "top_k", "seed"]
        }
        Wire::Anthropic => &["seed"],
        // Compatible servers do take it.
        Wire::OpenAiChat if is_openai(request) => &["top_k"],
        Wire::OpenAiResponses => &["top_k", "stop", "seed"],
        Wire::OpenAiChat | Wire::Gemini | Wire::Ollama | Wire::Rehearsal => &[],
    };
    let Options {
        temperature,
        top_p,
        top_k,
        stop,
        seed,
        effort,
    } = &mut options;
    for name in refused {
        let was_set = match *name {
            "temperature" => temperature.take().is_some(),
            "top_p" => top_p.take().is_some(),
            "top_k" => top_k.take().is_some(),
            "stop" => !std::mem::take(stop).is_empty(),
            _ => seed.take().is_some(),
        };
        if was_set {
            left_out.push(*name);
        }
    }
    if !can_think {
        *effort = None;
        left_out.push("effort");
    }
    (options, left_out)
}

/// What the user is told of options that were left out; `None` if none were.
pub(super) fn notice(request: &ChatRequest) -> Option<String> {
    let (_, names) = sent(request);
    (!names.is_empty()).then(|| {
        format!(
            "Left out, because {} does not take it in this request: {}.",
            request.wire.as_str(),
            names.join(", ")
        )
    })
}

/// Whether the request goes to OpenAI itself, which is stricter than those who are compatible with it.
pub(super) fn is_openai(request: &ChatRequest) -> bool {
    super::http::place(&request.base_url).ends_with("//api.openai.com")
}

#[cfg(test)]
mod tests {
    use super::super::stand_in::request;
    use super::super::{ollama, openai, responses};
    use super::*;
    use serde_json::json;

    fn all() -> Options {
        Options {
            temperature: Some(0.7),
            top_p: Some(0.95),
            top_k: Some(40),
            stop: vec!["END".into()],
            seed: Some(-7),
            effort: Some("high".into()),
        }
    }

    /// Wire, place, model, output limit, what is left out, and where in the body the rest is.
    type Row = (
        Wire,
        &'static str,
        &'static str,
        u32,
        &'static [&'static str],
        Value,
    );

    #[test]
    fn each_wire_is_told_what_it_knows_and_the_rest_is_named() {
        let openai = "https://api.openai.com/v1";
        let rows: [Row; 11] = [
            (
                Wire::Anthropic,
                "",
                "claude-opus-5-5",
                4096,
                &["temperature", "top_p", "top_k", "seed"],
                json!({"stop_sequences": ["END"], "thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "high"}}),
            ),
            (
                Wire::Anthropic,
                "",
                "claude-haiku-4-5",
                4096,
                &["temperature", "top_p", "top_k", "seed"],
                json!({"thinking": {"type": "enabled", "budget_tokens": 3072}}),
            ),
            // Too little room to think in.
            (
                Wire::Anthropic,
                "",
                "claude-3-5-haiku-latest",
                1024,
                &["seed", "effort"],
                json!({"temperature": 0.7, "top_p": 0.95, "top_k": 40, "thinking": null}),
            ),
            (
                Wire::OpenAiChat,
                openai,
                "m",
                64,
                &["top_k"],
                json!({"temperature": 0.7, "top_p": 0.95, "stop": ["END"], "seed": -7, "reasoning_effort": "high", "top_k": null}),
            ),
            (
                Wire::OpenAiChat,
                "http://127.0.0.1:1",
                "m",
                64,
                &[],
                json!({"top_k": 40, "seed": -7}),
            ),
            (
                Wire::OpenAiResponses,
                openai,
                "m",
                64,
                &["top_k", "stop", "seed"],
                json!({"temperature": 0.7, "top_p": 0.95, "reasoning": {"effort": "high", "summary": "auto"}, "stop": null}),
            ),
            (
                Wire::Gemini,
                "",
                "gemini-2.5-pro",
                64,
                &[],
                json!({"generationConfig": {"maxOutputTokens": 64, "temperature": 0.7, "topP": 0.95, "topK": 40, "stopSequences": ["END"],
                    "seed": -7, "thinkingConfig": {"includeThoughts": true, "thinkingBudget": 24576}}}),
            ),
            (
                Wire::Gemini,
                "",
                "models/gemini-3.1-pro-preview",
                64,
                &[],
                json!({"generationConfig": {"maxOutputTokens": 64, "temperature": 0.7, "topP": 0.95, "topK": 40, "stopSequences": ["END"],
                    "seed": -7, "thinkingConfig": {"includeThoughts": true, "thinkingLevel": "high"}}}),
            ),
            (
                Wire::Gemini,
                "",
                "gemini-2.0-flash",
                64,
                &["effort"],
                json!({"generationConfig": {"maxOutputTokens": 64, "temperature": 0.7, "topP": 0.95, "topK": 40, "stopSequences": ["END"], "seed": -7}}),
            ),
            (
                Wire::Ollama,
                "",
                "gpt-oss:20b",
                64,
                &[],
                json!({"think": "high", "options": {"num_predict": 64, "temperature": 0.7, "top_p": 0.95, "top_k": 40, "stop": ["END"], "seed": -7}}),
            ),
            (Wire::Ollama, "", "qwen3", 64, &[], json!({"think": true})),
        ];
        for (wire, base, model, limit, left_out, expected) in rows {
            let mut wish = request(wire, base);
            wish.options = all();
            wish.model = model.into();
            wish.max_output_tokens = limit;
            assert_eq!(sent(&wish).1, left_out, "{wire:?} {model}");
            let body = match wire {
                Wire::Anthropic => anthropic::body(&wish),
                Wire::OpenAiResponses => responses::body(&wish),
                Wire::Gemini => gemini::body(&wish),
                Wire::Ollama => ollama::body(&wish),
                _ => openai::body(&wish),
            };
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(&body[name], value, "{wire:?} {model} {name}");
            }
            let told = notice(&wish).unwrap_or_default();
            assert!(left_out.iter().all(|name| told.contains(name)), "{told}");
        }
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        for wire in [
            Wire::Anthropic,
            Wire::OpenAiChat,
            Wire::OpenAiResponses,
            Wire::Gemini,
            Wire::Ollama,
        ] {
            let wish = request(wire, "");
            assert_eq!(notice(&wish), None);
            let body = match wire {
                Wire::Anthropic => anthropic::body(&wish),
                Wire::OpenAiResponses => responses::body(&wish),
                Wire::Gemini => gemini::body(&wish),
                Wire::Ollama => ollama::body(&wish),
                _ => openai::body(&wish),
            }
            .to_string();
            for name in ["temp", "top", "stop", "seed", "think", "effort", "reason"] {
                assert!(!body.contains(name), "{name}: {body}");
            }
        }
        assert_eq!(decimal(Some(f32::NAN)), None);
        assert_eq!(decimal(Some(1.0)), Some(json!(1)));
    }
}
