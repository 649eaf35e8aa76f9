//! models.dev: providers with their models, USD per million tokens. Read in the form of its API, `{provider: {models:
//! {…}}}`, and in one that holds the same under `providers`.

use crate::catalog::model::Ability;
use crate::catalog::refresh::found::{Found, Part, cache_price, is_chat, is_plan, seller};
use crate::catalog::refresh::json;
use crate::catalog::rows::{RatesRow, TierRow};
use serde_json::Value;

pub(super) fn read(body: &[u8], part: &mut Part) -> Result<(), String> {
    let answer = json::parse(body)?;
    let top = json::object(&answer)?;
    let providers = match top.get("providers") {
        Some(inner) => json::object(inner)?,
        None => top,
    };
    if let Some(date) = answer.pointer("/_meta/commit_date").and_then(Value::as_str) {
        part.date = date.to_owned();
    }
    for (name, provider) in providers {
        if is_plan(name) {
            continue;
        }
        let (Some(seller), Some(models)) = (seller(name), provider.get("models")) else {
            continue;
        };
        for (id, model) in json::object(models)? {
            if is_chat(id) && json::lists(model, "/modalities/output", "text") {
                part.found.push(found(id, seller, model));
            }
        }
    }
    Ok(())
}

fn found(id: &str, seller: &str, model: &Value) -> Found {
    let cost = model.get("cost").unwrap_or(&Value::Null);
    let tiers = cost.get("tiers").and_then(Value::as_array);
    let mut can = Vec::new();
    for (ability, has) in [
        (
            Ability::Vision,
            json::lists(model, "/modalities/input", "image"),
        ),
        (Ability::Tools, json::yes(model, "tool_call")),
        (Ability::Json, json::yes(model, "structured_output")),
        (Ability::Reasoning, json::yes(model, "reasoning")),
    ] {
        if has {
            can.push(ability);
        }
    }
    let limit = model.get("limit").unwrap_or(&Value::Null);
    // The API's older form of a tier.
    let above_200k = cost
        .get("context_over_200k")
        .and_then(rates)
        .map(|rates| TierRow::new(200_000, rates));
    Found {
        name: id.to_owned(),
        seller: seller.to_owned(),
        price: rates(cost),
        tiers: match tiers {
            Some(tiers) => tiers.iter().filter_map(tier).collect(),
            None => above_200k.into_iter().collect(),
        },
        window: json::count(limit, "context"),
        max_output: json::count(limit, "output"),
        can,
        ..Found::default()
    }
}

/// Where thinking is dearer than output, its price is taken for both: which of the two modes answers is not known
/// before, and too much is the safe side.
fn rates(cost: &Value) -> Option<RatesRow> {
    let output = json::number(cost, "output")?;
    Some(RatesRow {
        input: json::number(cost, "input")?,
        output: json::number(cost, "reasoning").map_or(output, |thinking| output.max(thinking)),
        cache_read: cache_price(json::number(cost, "cache_read")),
        cache_write_5m: cache_price(json::number(cost, "cache_write")),
        cache_write_1h: None,
    })
}

fn tier(tier: &Value) -> Option<TierRow> {
    let above = json::count(tier.get("tier")?, "size")?;
    Some(TierRow::new(above, rates(tier)?))
}
