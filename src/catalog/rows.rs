//! The form of a catalogue's file, ours, a refreshed one or the user's, and how its figures become integers.

use crate::catalog::model::{Ability, Model, Offered, Scores, Tier};
use crate::catalog::price::{Price, Rates};
use crate::protocol::Nano;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A layer of the catalogue. Only the embedded one is whole: in the others a row gives what it changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// When it was last edited or fetched, `YYYY-MM-DD`; the user's may leave it out.
    #[serde(default)]
    pub date: String,
    /// What the short names in `scores` stand for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<String, SourceRow>,
    #[serde(default)]
    pub models: Vec<ModelRow>,
}

/// A benchmark table, in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRow {
    pub name: String,
}

/// What one layer says of one model. What is `None` or empty is not said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelRow {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub can: Vec<Ability>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeds: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<RatesRow>,
    /// Belong to `price`: a row that gives a price gives its tiers too, or the model has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub price_tiers: Vec<TierRow>,
    /// For requests sent in a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<RatesRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<OfferRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<ScoresRow>,
}

/// USD per million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatesRow {
    pub input: f64,
    pub output: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_5m: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_1h: Option<f64>,
}

/// Rates of requests with more than `above` tokens of input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierRow {
    pub above: u64,
    pub input: f64,
    pub output: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_5m: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_1h: Option<f64>,
}

/// A reseller's name and price for the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferRow {
    pub provider: String,
    /// The name to ask the reseller for.
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<RatesRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_tiers: Vec<TierRow>,
}

/// A row of a benchmark table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoresRow {
    pub source: String,
    pub effort: String,
    /// When it was measured, `YYYY-MM-DD`; left out where the source's name ends with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(flatten)]
    pub values: BTreeMap<String, f64>,
}

impl Table {
    /// Reads what [`Table::to_text`] wrote, or TOML of the same form. The error names line and column.
    pub fn parse(text: &str) -> Result<Table, String> {
        match text.trim_start().starts_with('{') {
            true => serde_json::from_str(text).map_err(|e| e.to_string()),
            false => toml::from_str(text).map_err(|e| e.to_string()),
        }
    }

    /// As JSON, which is read several times faster than TOML: for the copy a refresh leaves.
    pub fn to_text(&self) -> String {
        // Cannot fail: all keys are strings; a figure that is not finite becomes null.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl TierRow {
    pub fn rates(&self) -> RatesRow {
        RatesRow {
            input: self.input,
            output: self.output,
            cache_read: self.cache_read,
            cache_write_5m: self.cache_write_5m,
            cache_write_1h: self.cache_write_1h,
        }
    }

    pub fn new(above: u64, rates: RatesRow) -> TierRow {
        TierRow {
            above,
            input: rates.input,
            output: rates.output,
            cache_read: rates.cache_read,
            cache_write_5m: rates.cache_write_5m,
            cache_write_1h: rates.cache_write_1h,
        }
    }
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

/// A price and its tiers, ascending.
pub(super) fn price(rates: RatesRow, tiers: &[TierRow]) -> Price {
    let mut tiers: Vec<(u64, Rates)> = tiers
        .iter()
        .map(|tier| (tier.above, tier.rates().into()))
        .collect();
    tiers.sort_by_key(|(above, _)| *above);
    Price {
        rates: rates.into(),
        tiers,
    }
}

impl From<&OfferRow> for Offered {
    fn from(row: &OfferRow) -> Offered {
        Offered {
            provider: row.provider.clone(),
            id: row.id.clone(),
            price: row.price.map(|rates| price(rates, &row.price_tiers)),
        }
    }
}

impl From<&ScoresRow> for Scores {
    fn from(row: &ScoresRow) -> Scores {
        let in_name = row.source.len().checked_sub(10).and_then(|at| {
            let tail = row.source.get(at..)?;
            (tail.starts_with("20") && tail.matches('-').count() == 2).then(|| tail.to_owned())
        });
        Scores {
            source: row.source.clone(),
            effort: row.effort.clone(),
            date: row.date.clone().or(in_name).unwrap_or_default(),
            values: row.values.iter().map(|(k, v)| (k.clone(), *v)).collect(),
        }
    }
}

impl ModelRow {
    /// The model of a row that stands alone; what is missing for that is named. Without a price the model counts as
    /// one of unknown price.
    pub(super) fn alone(&self) -> Result<Model, &'static str> {
        let family = crate::catalog::defaults::family_of(&self.id);
        let provider = self.provider.as_deref().or(family).ok_or("provider")?;
        let mut model = Model::unknown(&self.id, provider);
        model.tier = self.tier.unwrap_or(Tier::Standard);
        Ok(model)
    }
}
