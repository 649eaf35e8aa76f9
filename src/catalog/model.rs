//! One model, as the catalogue knows it.

use crate::catalog::price::Price;
use crate::protocol::ModelView;
use serde::Deserialize;
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
    pub price: Price,
    /// Where the price was read off, and when (`YYYY-MM-DD`).
    pub price_source: String,
    pub price_date: String,
    /// Tokens of context, input and output together.
    pub window: Option<u64>,
    pub max_output: Option<u64>,
    pub abilities: Vec<Ability>,
    /// The model of the same line before this one.
    pub succeeds: Option<String>,
    /// At most one per source; the newest source first.
    pub scores: Vec<Scores>,
}

impl Model {
    /// The model as a face is shown it; `reachable` tells whether a key or a server for it is at hand.
    pub fn view(&self, reachable: bool) -> ModelView {
        let rates = &self.price.rates;
        ModelView {
            id: self.id.clone(),
            provider: self.provider.clone(),
            input: Some(rates.input),
            output: Some(rates.output),
            cache_read: Some(rates.cache_read),
            window: self.window,
            price_date: Some(self.price_date.clone()),
            reachable,
        }
    }

    pub fn can(&self, ability: Ability) -> bool {
        self.abilities.contains(&ability)
    }
}

/// What a model can do beside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Budget,
    Standard,
    Premium,
}

/// A row of a benchmark table. Scales differ between sources: compare only within one.
#[derive(Clone, Debug)]
pub struct Scores {
    /// Such as `livebench-2026-06-25`: the table and its date.
    pub source: String,
    /// The effort or thinking budget the row was measured with, as the source names it.
    pub effort: String,
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
