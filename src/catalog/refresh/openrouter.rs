//! OpenRouter's model list: a reseller's own names and prices, USD per token, written as texts.

use crate::catalog::model::Ability;
use crate::catalog::refresh::found::{Found, Part, cache_price, is_chat, per_million};
use crate::catalog::refresh::json;
use crate::catalog::rows::RatesRow;
use serde_json::Value;

pub(super) fn read(body: &[u8], part: &mut Part) -> Result<(), String> {
    let answer = json::parse(body)?;
    let models = answer.get("data").and_then(Value::as_array);
    for model in models.ok_or("the answer has no list `data`")? {
        let Some(id) = model.get("id").and_then(Value::as_str) else {
            continue;
        };
        let outputs = model.pointer("/architecture/output_modalities");
        let text =
            outputs.is_none() || json::lists(model, "/architecture/output_modalities", "text");
        // A tag (`:free`, `:batch`) is another price, and a router's price is not known before it answers.
        let routed = model.get("pricing").and_then(|p| json::number(p, "prompt")) < Some(0.0);
        if text && is_chat(id) && !id.contains(':') && !routed {
            part.found.push(found(id, model));
        }
    }
    Ok(())
}

fn found(id: &str, model: &Value) -> Found {
    let pricing = model.get("pricing").unwrap_or(&Value::Null);
    let of = |key| json::number(pricing, key).map(per_million);
    let price = of("prompt")
        .zip(of("completion"))
        .map(|(input, output)| RatesRow {
            input,
            output,
            cache_read: cache_price(of("input_cache_read")),
            cache_write_5m: cache_price(of("input_cache_write")),
            cache_write_1h: None,
        });
    let parameter = |name| json::lists(model, "/supported_parameters", name);
    let mut can = Vec::new();
    for (ability, has) in [
        (
            Ability::Vision,
            json::lists(model, "/architecture/input_modalities", "image"),
        ),
        (Ability::Tools, parameter("tools")),
        (Ability::Json, parameter("structured_outputs")),
        (Ability::Reasoning, parameter("reasoning")),
    ] {
        if has {
            can.push(ability);
        }
    }
    Found {
        name: id.to_owned(),
        seller: "openrouter".to_owned(),
        price,
        window: json::count(model, "context_length"),
        max_output: model
            .get("top_provider")
            .and_then(|top| json::count(top, "max_completion_tokens")),
        can,
        ..Found::default()
    }
}
