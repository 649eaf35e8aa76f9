//! LiteLLM's price map: one flat object, USD per token, tiers and batch prices in the names of the keys.

use crate::catalog::model::Ability;
use crate::catalog::refresh::found::{
    Found, Part, cache_price, is_chat, is_plan, per_million, seller,
};
use crate::catalog::refresh::json;
use crate::catalog::rows::{RatesRow, TierRow};
use serde_json::Value;

pub(super) fn read(body: &[u8], part: &mut Part) -> Result<(), String> {
    let answer = json::parse(body)?;
    for (key, model) in json::object(&answer)? {
        let provider = model.get("litellm_provider").and_then(Value::as_str);
        let mode = model.get("mode").and_then(Value::as_str);
        let chat = matches!(mode, Some("chat" | "responses")) && is_chat(key);
        let (true, Some(provider)) = (chat && key != "sample_spec", provider) else {
            continue;
        };
        let Some(seller) = seller(provider).filter(|_| !is_plan(provider)) else {
            continue;
        };
        // `openrouter/anthropic/…` is asked for as `anthropic/…`. A region or a fine-tune is another price.
        let name = key.strip_prefix(&format!("{provider}/")).unwrap_or(key);
        if !name.starts_with("ft:") {
            part.found.push(found(name, seller, model));
        }
    }
    Ok(())
}

fn found(name: &str, seller: &str, model: &Value) -> Found {
    let can = [
        (Ability::Vision, "supports_vision"),
        (Ability::Tools, "supports_function_calling"),
        (Ability::Json, "supports_response_schema"),
        (Ability::Reasoning, "supports_reasoning"),
    ];
    let price = rates(model, "", None);
    Found {
        name: name.to_owned(),
        seller: seller.to_owned(),
        price,
        tiers: tiers(model, price),
        batch: rates(model, "_batches", None),
        // For some models this is the most that may be sent, not the whole window.
        window: json::count(model, "max_input_tokens"),
        max_output: json::count(model, "max_output_tokens"),
        can: can
            .into_iter()
            .filter(|(_, key)| json::yes(model, key))
            .map(|(ability, _)| ability)
            .collect(),
        scores: Vec::new(),
    }
}

/// The rates whose keys end with `suffix`; what is not given there is as in `base`.
fn rates(model: &Value, suffix: &str, base: Option<RatesRow>) -> Option<RatesRow> {
    let of = |key: &str| json::number(model, &format!("{key}{suffix}")).map(per_million);
    Some(RatesRow {
        input: of("input_cost_per_token").or(base.map(|b| b.input))?,
        output: of("output_cost_per_token").or(base.map(|b| b.output))?,
        cache_read: cache_price(of("cache_read_input_token_cost")),
        cache_write_5m: cache_price(of("cache_creation_input_token_cost")),
        cache_write_1h: cache_price(of("cache_creation_input_token_cost_above_1hr")),
    })
}

/// From keys such as `input_cost_per_token_above_200k_tokens`, or from a list `tiered_pricing` with ranges.
fn tiers(model: &Value, base: Option<RatesRow>) -> Vec<TierRow> {
    let Some(object) = model.as_object() else {
        return Vec::new();
    };
    let mut tiers: Vec<TierRow> = object
        .keys()
        .filter_map(|key| {
            let rest = key.strip_prefix("input_cost_per_token_above_")?;
            let thousands: u64 = rest.strip_suffix("k_tokens")?.parse().ok()?;
            let rates = rates(model, &format!("_above_{rest}"), base)?;
            Some(TierRow::new(thousands * 1_000, rates))
        })
        .collect();
    let ranges = model.get("tiered_pricing").and_then(Value::as_array);
    tiers.extend(ranges.into_iter().flatten().filter_map(|tier| {
        let from = tier.pointer("/range/0").and_then(Value::as_f64)?;
        Some(TierRow::new(from as u64, rates(tier, "", None)?)).filter(|tier| tier.above > 0)
    }));
    tiers.sort_by_key(|tier| tier.above);
    tiers
}
