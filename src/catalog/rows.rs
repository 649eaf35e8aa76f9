//! The form of the catalogue's file, and how its figures become integers.

use crate::catalog::model::{Ability, Model, Scores, Tier};
use crate::catalog::price::{Price, Rates};
use crate::protocol::Nano;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) date: String,
    /// Read to be checked only; people look them up in the file.
    #[serde(default, rename = "sources")]
    _sources: BTreeMap<String, SourceRow>,
    pub(super) models: Vec<ModelRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceRow {
    #[serde(rename = "name")]
    _name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelRow {
    id: String,
    provider: String,
    tier: Tier,
    #[serde(default)]
    aliases: Vec<String>,
    window: Option<u64>,
    max_output: Option<u64>,
    #[serde(default)]
    can: Vec<Ability>,
    succeeds: Option<String>,
    price: RatesRow,
    #[serde(default)]
    price_tiers: Vec<TierRow>,
    price_source: String,
    price_date: String,
    #[serde(default)]
    scores: Vec<ScoresRow>,
}

/// USD per million tokens.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatesRow {
    input: f64,
    output: f64,
    cache_read: Option<f64>,
    cache_write_5m: Option<f64>,
    cache_write_1h: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierRow {
    above: u64,
    input: f64,
    output: f64,
    cache_read: Option<f64>,
    cache_write_5m: Option<f64>,
    cache_write_1h: Option<f64>,
}

#[derive(Deserialize)]
struct ScoresRow {
    source: String,
    effort: String,
    #[serde(flatten)]
    values: BTreeMap<String, f64>,
}

/// A cache price the source does not give: reads and 5 min writes at the input price, 1 h writes at the 5 min one.
/// Never less than is billed, as far as we know: a provider without cache prices bills cached input as input.
impl From<RatesRow> for Rates {
    fn from(row: RatesRow) -> Rates {
        let write = row.cache_write_5m.unwrap_or(row.input);
        Rates {
            input: Nano::from_dollars(row.input),
            output: Nano::from_dollars(row.output),
            cache_read: Nano::from_dollars(row.cache_read.unwrap_or(row.input)),
            cache_write_5m: Nano::from_dollars(write),
            cache_write_1h: Nano::from_dollars(row.cache_write_1h.unwrap_or(write)),
        }
    }
}

impl From<ModelRow> for Model {
    fn from(row: ModelRow) -> Model {
        let mut tiers: Vec<(u64, Rates)> = row
            .price_tiers
            .into_iter()
            .map(|t| {
                let rates = RatesRow {
                    input: t.input,
                    output: t.output,
                    cache_read: t.cache_read,
                    cache_write_5m: t.cache_write_5m,
                    cache_write_1h: t.cache_write_1h,
                };
                (t.above, rates.into())
            })
            .collect();
        tiers.sort_by_key(|(above, _)| *above);
        Model {
            id: row.id,
            provider: row.provider,
            tier: row.tier,
            aliases: row.aliases,
            price: Price {
                rates: row.price.into(),
                tiers,
            },
            price_source: row.price_source,
            price_date: row.price_date,
            window: row.window,
            max_output: row.max_output,
            abilities: row.can,
            succeeds: row.succeeds,
            scores: row
                .scores
                .into_iter()
                .map(|s| Scores {
                    source: s.source,
                    effort: s.effort,
                    values: s.values.into_iter().collect(),
                })
                .collect(),
        }
    }
}
