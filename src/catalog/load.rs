//! The embedded table, read once; models found by name; the cost of a turn.

use crate::catalog::layers::Layer;
use crate::catalog::model::Model;
use crate::catalog::names::{plain, plain_name};
use crate::catalog::price::{Price, UNKNOWN_PRICE};
use crate::catalog::rows::Table;
use crate::protocol::{Backend, Cost, Nano, Usage};
use std::collections::HashMap;
use std::sync::OnceLock;

static TABLE: &str = include_str!("../../assets/catalog/models.toml");

/// All models known, by name.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub(super) date: String,
    pub(super) models: Vec<Model>,
    /// Plain name or alias → place in `models`.
    pub(super) by_name: HashMap<String, usize>,
}

impl Catalog {
    /// The table this program was built with; read on first use.
    pub fn embedded() -> &'static Catalog {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        // Cannot fail: the text is part of the program, and a test reads it.
        CATALOG.get_or_init(|| Catalog::parse(TABLE).expect("the embedded catalogue is valid"))
    }

    /// The embedded table, below the last refreshed one, below the user's. Costs a copy of the embedded table and the
    /// rows of the others; see [`Table::parse`] and [`crate::catalog::read_user_table`] for where they come from.
    ///
    /// A refreshed price holds only if it is dated no earlier than the one it replaces; what the user wrote always
    /// holds.
    pub fn layered(refreshed: Option<&Table>, user: Option<&Table>) -> Catalog {
        let mut catalog = Catalog::embedded().clone();
        if let Some(table) = refreshed {
            catalog.lay(table, Layer::Refreshed);
        }
        if let Some(table) = user {
            catalog.lay(table, Layer::User);
        }
        catalog
    }

    /// Reads a whole table, of the form of `assets/catalog/models.toml`. The error names line and column, or the model.
    pub fn parse(text: &str) -> Result<Catalog, String> {
        let table = Table::parse(text)?;
        let mut catalog = Catalog {
            date: table.date.clone(),
            ..Catalog::default()
        };
        for row in &table.models {
            let lacks = [
                ("provider", row.provider.is_none()),
                ("tier", row.tier.is_none()),
                ("price", row.price.is_none()),
                ("price_source", row.price_source.is_none()),
                ("price_date", row.price_date.is_none()),
            ];
            if let Some((what, _)) = lacks.iter().find(|(_, lacks)| *lacks) {
                return Err(format!("`{}` has no {what}", row.id));
            }
            for name in std::iter::once(&row.id).chain(&row.aliases) {
                if catalog.by_name.contains_key(&plain_name(name)) {
                    return Err(format!("`{name}` names two models"));
                }
            }
            catalog.lay_row(row, Layer::Embedded, &table.date);
        }
        Ok(catalog)
    }

    /// When the newest layer that is not the user's was edited or fetched, `YYYY-MM-DD`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// Days from [`Catalog::date`] to `today` (`YYYY-MM-DD`); `None` where `today` is not a date.
    pub fn age_days(&self, today: &str) -> Option<i64> {
        crate::catalog::age::days_between(&self.date, today)
    }

    /// In the table's order: by provider.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The model called `name`, whatever a provider, a date or a window adds to it (see [`plain_name`]).
    /// Ollama's tags (`qwen3:32b`) name no hosted model and find none.
    pub fn find(&self, name: &str) -> Option<&Model> {
        let at = self.by_name.get(&*plain(name))?;
        self.models.get(*at)
    }

    /// Tokens of context of the model called `name`; Claude Code's `[1m]` behind a name is a window of a million.
    pub fn window(&self, name: &str) -> Option<u64> {
        match name.trim_end().ends_with("[1m]") {
            true => Some(1_000_000),
            false => self.find(name)?.window,
        }
    }

    /// What all names of one model have in common: its id in the catalogue, else its plain name.
    pub fn key(&self, name: &str) -> String {
        self.find(name)
            .map_or_else(|| plain_name(name), |model| model.id.clone())
    }

    /// Whether two names are the same model.
    pub fn same(&self, one: &str, other: &str) -> bool {
        match (self.find(one), self.find(other)) {
            (Some(one), Some(other)) => one.id == other.id,
            (None, None) => plain(one) == plain(other),
            _ => false,
        }
    }

    /// What `usage` cost at a hosted `model`. Without a known price all of it is `unpriced`, at [`UNKNOWN_PRICE`].
    pub fn cost(&self, model: Option<&str>, usage: &Usage) -> Cost {
        let known = model.and_then(|name| self.find(name));
        price_cost(known.filter(|m| m.priced).map(|m| &m.price), usage)
    }

    /// As [`Catalog::cost`], for the sum of many requests, none of which is large: base rates, whatever the sum.
    pub fn cost_of_many(&self, model: Option<&str>, usage: &Usage) -> Cost {
        let known = model.and_then(|name| self.find(name)).filter(|m| m.priced);
        match known {
            Some(model) => Cost {
                priced: model.price.rates.cost(usage),
                estimated: usage.estimated,
                ..Cost::default()
            },
            None => self.cost(None, usage),
        }
    }

    /// [`Catalog::cost`], but nothing where the backend runs on this machine.
    pub fn cost_on(&self, backend: &Backend, model: Option<&str>, usage: &Usage) -> Cost {
        match backend {
            Backend::Ollama | Backend::Rehearsal | Backend::Terminal => Cost {
                estimated: usage.estimated,
                ..Cost::default()
            },
            Backend::Claude
            | Backend::Agent(_)
            | Backend::Anthropic
            | Backend::OpenAi
            | Backend::Gemini
            | Backend::Endpoint(_) => self.cost_at(backend.as_str(), model, usage),
        }
    }

    /// [`Catalog::cost`], at the reseller's own price where `seller` (an endpoint's name, such as `openrouter`) is one
    /// whose price for the model is known.
    pub fn cost_at(&self, seller: &str, model: Option<&str>, usage: &Usage) -> Cost {
        let seller = crate::catalog::refresh::canonical_seller(seller);
        let known = model.and_then(|name| self.find(name));
        let offer = known
            .and_then(|found| found.offers.iter().find(|offer| offer.provider == seller))
            .and_then(|offer| offer.price.as_ref());
        let own = || known.filter(|model| model.priced).map(|model| &model.price);
        price_cost(offer.or_else(own), usage)
    }

    /// What a plan's use would have cost at list price: as [`Catalog::cost`], always marked as an estimate, since
    /// nobody is billed it.
    pub fn list_price(&self, model: Option<&str>, usage: &Usage) -> Cost {
        Cost {
            estimated: true,
            ..self.cost(model, usage)
        }
    }
}

fn price_cost(price: Option<&Price>, usage: &Usage) -> Cost {
    let (priced, unpriced) = match price {
        Some(price) => (price.cost(usage), Nano(0)),
        None => (Nano(0), UNKNOWN_PRICE.cost(usage)),
    };
    Cost {
        priced,
        unpriced,
        estimated: usage.estimated,
        ..Cost::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_found_by_every_usual_name() {
        let catalog = Catalog::embedded();
        for (name, id) in [
            ("claude-opus-5-5", "claude-opus-5-5"),
            ("claude-opus-5-5[1m]", "claude-opus-5-5"),
            ("opus", "claude-opus-5-5"),
            ("sonnet", "claude-sonnet-5-5"),
            ("haiku", "claude-haiku-5-5"),
            ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
            ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
            ("openai:gpt-4o-2024-08-06", "gpt-4o"),
            ("GPT-5.6", "gpt-5.6-sol"),
            ("deepseek-chat", "deepseek-v4-flash"),
            ("MiniMax-M3", "MiniMax-M3"),
        ] {
            assert_eq!(
                catalog.find(name).map(|m| m.id.as_str()),
                Some(id),
                "{name}"
            );
        }
        for (name, window) in [
            ("claude-sonnet-4-5", Some(200_000)),
            ("claude-sonnet-4-5[1m]", Some(1_000_000)),
            ("qwen3:32b", None),
        ] {
            assert_eq!(catalog.window(name), window, "{name}");
        }
        for name in [
            "qwen3:32b",
            "gpt-oss:20b",
            "llama3.3",
            "qwen3-32b:free",
            "gpt",
            "",
            "<synthetic>",
        ] {
            assert!(catalog.find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn the_table_is_whole() {
        let catalog = Catalog::embedded();
        assert!(catalog.models().len() >= 60);
        for model in catalog.models() {
            let rates = &model.price.rates;
            assert!(
                rates.input.0 > 0 && rates.output >= rates.input,
                "{}",
                model.id
            );
            assert!(rates.cache_read <= rates.input, "{}", model.id);
            assert!(rates.cache_write_1h >= rates.cache_write_5m, "{}", model.id);
            assert!(
                !model.price_source.is_empty() && model.price_date.len() == 10,
                "{}",
                model.id
            );
            if let Some(before) = &model.succeeds {
                assert!(
                    catalog.find(before).is_some(),
                    "{} succeeds {before}",
                    model.id
                );
            }
            assert!(
                model
                    .scores
                    .iter()
                    .all(|s| TABLE.contains(&format!("[sources.{}]", s.source)))
            );
        }
    }

    #[test]
    fn an_unknown_model_is_never_free_and_a_local_one_is() {
        let usage = Usage {
            input: 1_000,
            output: 1_000,
            estimated: true,
            ..Usage::default()
        };
        let catalog = Catalog::embedded();
        for model in [None, Some("nobody-1"), Some("qwen3:32b")] {
            let cost = catalog.cost(model, &usage);
            assert_eq!((cost.priced, cost.unpriced), (Nano(0), Nano(60_000_000)));
        }
        let cost = catalog.cost(Some("sonnet"), &usage);
        assert_eq!(
            (cost.priced, cost.unpriced, cost.estimated),
            (Nano(12_000_000), Nano(0), true)
        );
        let cost = catalog.cost_on(&Backend::Ollama, Some("qwen3:32b"), &usage);
        assert_eq!(cost.counted(), Nano(0));
    }

    #[test]
    fn a_table_with_a_mistake_is_refused_with_its_place() {
        let bad = TABLE.replacen("window =", "windw =", 1);
        assert!(Catalog::parse(&bad).is_err_and(|e| e.contains("line") && e.contains("windw")));
        let twice = format!(
            "{TABLE}\n{}",
            &TABLE[TABLE.find("[[models]]").unwrap_or(0)..]
        );
        assert!(Catalog::parse(&twice).is_err_and(|e| e.contains("names two models")));
    }
}
