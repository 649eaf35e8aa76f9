//! One model, as the catalogue knows it.

use crate::catalog::price::{Price, Rates, UNKNOWN_PRICE};
use crate::protocol::ModelView;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One model. What is `None` or empty is not known, which is not the same as absent.
#[derive(Clone, Debug)]
pub struct Model {
    /// The name its provider gives it, without a date.
    pub id: String,
    /// Who prices it, such as `anthropic`; for open weights the family's maker.
    pub provider: String,
    pub tier: Tier,
    /// Other names of the same model at the same price.
    pub aliases: Vec<String>,
    /// [`UNKNOWN_PRICE`] where it is not known; see `priced`.
    pub price: Price,
    /// Whether `price` is known.
    pub priced: bool,
    /// What a request in a batch is billed at.
    pub batch: Option<Rates>,
    /// Where the price was read off, and when (`YYYY-MM-DD`); empty where there is none.
    pub price_source: String,
    pub price_date: String,
    /// Tokens of context, input and output together.
    pub window: Option<u64>,
    pub max_output: Option<u64>,
    pub abilities: Vec<Ability>,
    /// The model of the same line before this one.
    pub succeeds: Option<String>,
    /// Resellers that have it, at prices of their own.
    pub offers: Vec<Offered>,
    /// One per source and effort; the newest source first, and of one source the usual effort first.
    pub scores: Vec<Scores>,
}

/// A model as a reseller has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Such as `openrouter`.
    pub provider: String,
    /// The name to ask the reseller for.
    pub id: String,
    pub price: Option<Price>,
}

impl Model {
    /// A model of which nothing but the name is known.
    pub(super) fn unknown(id: &str, provider: &str) -> Model {
        Model {
            id: id.to_owned(),
            provider: provider.to_owned(),
            tier: Tier::Standard,
            aliases: Vec::new(),
            price: UNKNOWN_PRICE,
            priced: false,
            batch: None,
            price_source: String::new(),
            price_date: String::new(),
            window: None,
            max_output: None,
            abilities: Vec::new(),
            succeeds: None,
            offers: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// Days from the date of the price to `today`, both `YYYY-MM-DD`; `None` where a date is missing or wrong.
    pub fn price_age_days(&self, today: &str) -> Option<i64> {
        crate::catalog::age::days_between(&self.price_date, today)
    }

    /// The model as a face is shown it; `reachable` tells whether a key or a server for it is at hand.
    pub fn view(&self, reachable: bool) -> ModelView {
        let rates = &self.price.rates;
        ModelView {
            id: self.id.clone(),
            provider: self.provider.clone(),
            input: self.priced.then_some(rates.input),
            output: self.priced.then_some(rates.output),
            cache_read: self.priced.then_some(rates.cache_read),
            window: self.window,
            price_date: self.priced.then(|| self.price_date.clone()),
            reachable,
            tier: self.tier.to_string(),
            can: self.abilities.iter().map(ToString::to_string).collect(),
            score: None,
        }
    }

    pub fn can(&self, ability: Ability) -> bool {
        self.abilities.contains(&ability)
    }
}

/// What a model can do beside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// Reads images.
    Vision,
    Tools,
    /// Answers in a given JSON schema.
    Json,
    /// Thinks before it answers.
    Reasoning,
}

impl Ability {
    pub fn as_str(self) -> &'static str {
        match self {
            Ability::Vision => "vision",
            Ability::Tools => "tools",
            Ability::Json => "json",
            Ability::Reasoning => "reasoning",
        }
    }
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Ability {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "vision" => Ok(Ability::Vision),
            "tools" => Ok(Ability::Tools),
            "json" => Ok(Ability::Json),
            "reasoning" => Ok(Ability::Reasoning),
            _ => Err(format!(
                "`{text}` is not an ability: expected vision, tools, json or reasoning"
            )),
        }
    }
}

/// The class a provider sells a model in. Stands in where no benchmark knows the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Budget,
    Standard,
    Premium,
}

impl Tier {
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Budget => "budget",
            Tier::Standard => "standard",
            Tier::Premium => "premium",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tier {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "budget" => Ok(Tier::Budget),
            "standard" => Ok(Tier::Standard),
            "premium" => Ok(Tier::Premium),
            _ => Err(format!(
                "`{text}` is not a tier: expected premium, standard or budget"
            )),
        }
    }
}

/// A row of a benchmark table. Scales differ between sources: compare only within one.
#[derive(Clone, Debug)]
pub struct Scores {
    /// Such as `livebench-2026-06-25`: the table and its date.
    pub source: String,
    /// The effort or thinking budget the row was measured with, as the source names it.
    pub effort: String,
    /// When it was measured or published, `YYYY-MM-DD`; empty where the source does not say.
    pub date: String,
    /// By the source's own category, such as `agentic`.
    pub values: Vec<(String, f64)>,
}

impl Scores {
    /// The mean of those of `categories` that the row has; `None` if it has none of them.
    pub fn mean(&self, categories: &[&str]) -> Option<f64> {
        let known: Vec<f64> = self
            .values
            .iter()
            .filter(|(category, _)| categories.contains(&category.as_str()))
            .map(|(_, score)| *score)
            .collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}
