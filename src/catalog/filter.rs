//! Choosing among models by what is known of them, and two side by side.

use crate::catalog::load::Catalog;
use crate::catalog::model::{Ability, Model, Tier};
use crate::protocol::Nano;

/// What a list of models is narrowed to; `None` or empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Part of the id, an alias or the provider, in any case.
    pub text: String,
    pub provider: Option<String>,
    /// For a million tokens of input. A model without a known price is not below any.
    pub max_input_price: Option<Nano>,
    pub ability: Option<Ability>,
    pub tier: Option<Tier>,
    /// Tokens.
    pub min_window: Option<u64>,
    pub sort: Sort,
}

/// An order of models; what is not known comes last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The catalogue's own: by provider.
    #[default]
    Table,
    /// Cheapest first, by input and then by output.
    Price,
    /// Largest first.
    Window,
    Name,
    /// Best first in this category of one benchmark: the one that knows most of the models, as scales differ.
    Score(String),
}

/// The models that fit, sorted.
pub fn filter_models<'a>(catalog: &'a Catalog, filter: &Filter) -> Vec<&'a Model> {
    let mut models: Vec<&Model> = catalog
        .models()
        .iter()
        .filter(|m| fits(m, filter))
        .collect();
    match &filter.sort {
        Sort::Table => {}
        Sort::Price => {
            models.sort_by_key(|m| (!m.priced, m.price.rates.input, m.price.rates.output))
        }
        Sort::Window => models.sort_by_key(|m| std::cmp::Reverse(m.window)),
        Sort::Name => models.sort_by_key(|m| m.id.to_lowercase()),
        Sort::Score(category) => by_score(&mut models, category),
    }
    models
}

fn fits(model: &Model, filter: &Filter) -> bool {
    let text = filter.text.to_lowercase();
    let has_text = std::iter::once(&model.id)
        .chain(&model.aliases)
        .chain([&model.provider])
        .any(|name| name.to_lowercase().contains(&text));
    has_text
        && filter
            .provider
            .as_ref()
            .is_none_or(|p| p.eq_ignore_ascii_case(&model.provider))
        && filter
            .max_input_price
            .is_none_or(|most| model.priced && model.price.rates.input <= most)
        && filter.ability.is_none_or(|ability| model.can(ability))
        && filter.tier.is_none_or(|tier| model.tier == tier)
        && filter
            .min_window
            .is_none_or(|least| model.window >= Some(least))
}

/// Only models of one source are compared; the others follow in the order they had.
fn by_score(models: &mut [&Model], category: &str) {
    let Some(source) = score_source(models, category) else {
        return;
    };
    models.sort_by(|a, b| {
        let (a, b) = (score(a, &source, category), score(b, &source, category));
        match (a, b) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    });
}

/// The benchmark that knows most of `models` in this category; `None`: none has it.
pub fn score_source(models: &[&Model], category: &str) -> Option<String> {
    let mut sources: Vec<(usize, &str)> = Vec::new();
    for scores in models.iter().flat_map(|m| &m.scores) {
        if scores.mean(&[category]).is_none() {
            continue;
        }
        match sources.iter_mut().find(|(_, name)| *name == scores.source) {
            Some((count, _)) => *count += 1,
            None => sources.push((1, &scores.source)),
        }
    }
    let (_, source) = sources.into_iter().max()?;
    Some(source.to_owned())
}

/// What a benchmark measured of a model in a category: the best of its efforts.
pub fn score(model: &Model, source: &str, category: &str) -> Option<f64> {
    let rows = model.scores.iter().filter(|s| s.source == source);
    rows.filter_map(|s| s.mean(&[category]))
        .max_by(f64::total_cmp)
}

/// Two models side by side: rows of what, the first's, the second's. `?` is not known, `–` is none.
pub fn compare(a: &Model, b: &Model) -> Vec<(String, String, String)> {
    let mut rows: Vec<(String, String, String)> = Vec::new();
    let mut row = |what: &str, of: &dyn Fn(&Model) -> String| {
        rows.push((what.to_owned(), of(a), of(b)));
    };
    let price = |of: fn(&Model) -> Nano| {
        move |m: &Model| match m.priced {
            true => of(m).to_string(),
            false => "?".to_owned(),
        }
    };
    let tokens = |count: Option<u64>| count.map_or("?".to_owned(), |n| n.to_string());
    row("model", &|m| m.id.clone());
    row("provider", &|m| m.provider.clone());
    row("tier", &|m| m.tier.to_string());
    row("input, 1 M tokens", &price(|m| m.price.rates.input));
    row("output, 1 M tokens", &price(|m| m.price.rates.output));
    row("cache read", &price(|m| m.price.rates.cache_read));
    row(
        "cache write 5 min",
        &price(|m| m.price.rates.cache_write_5m),
    );
    row("cache write 1 h", &price(|m| m.price.rates.cache_write_1h));
    row(
        "large requests",
        &|m| match (m.priced, m.price.tiers.first()) {
            (false, _) => "?".to_owned(),
            (true, None) => "–".to_owned(),
            (true, Some((above, rates))) => {
                format!("{} in, {} out above {above}", rates.input, rates.output)
            }
        },
    );
    row("batch", &|m| match &m.batch {
        None => "?".to_owned(),
        Some(rates) => format!("{} in, {} out", rates.input, rates.output),
    });
    row("price read", &|m| match m.priced {
        true => format!("{}, {}", m.price_date, m.price_source),
        false => "?".to_owned(),
    });
    row("window", &|m| tokens(m.window));
    row("longest output", &|m| tokens(m.max_output));
    row("can", &|m| {
        let words: Vec<&str> = m.abilities.iter().map(|a| a.as_str()).collect();
        if words.is_empty() {
            "?".to_owned()
        } else {
            words.join(", ")
        }
    });
    // Only what both were measured with; figures of two tables must not stand in one row.
    for scores in &a.scores {
        if rows.iter().any(|(what, ..)| what.ends_with(&scores.source)) {
            continue;
        }
        let Some(others) = b.scores.iter().find(|s| s.source == scores.source) else {
            continue;
        };
        for (category, figure) in &scores.values {
            if let Some((_, other)) = others.values.iter().find(|(name, _)| name == category) {
                let with = |figure: f64, effort: &str| match effort {
                    "" | "none" => figure.to_string(),
                    effort => format!("{figure} ({effort})"),
                };
                let what = format!("{category}, {}", scores.source);
                rows.push((
                    what,
                    with(*figure, &scores.effort),
                    with(*other, &others.effort),
                ));
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(filter: Filter) -> Vec<&'static str> {
        let models = filter_models(Catalog::embedded(), &filter);
        models.iter().map(|m| m.id.as_str()).collect()
    }

    #[test]
    fn filters_narrow_and_sorts_order() {
        let text = |text: &str| Filter {
            text: text.to_owned(),
            ..Filter::default()
        };
        assert_eq!(ids(text("")).len(), Catalog::embedded().models().len());
        assert_eq!(
            ids(text("OPUS-5"))[..2],
            ["claude-opus-5-5", "claude-opus-5"]
        );
        let cheap = ids(Filter {
            max_input_price: Some(Nano(1_000_000_000)),
            provider: Some("anthropic".to_owned()),
            sort: Sort::Price,
            ..Filter::default()
        });
        assert_eq!(cheap, ["claude-haiku-5-5", "claude-haiku-4-5"]);
        let wide = filter_models(
            Catalog::embedded(),
            &Filter {
                min_window: Some(1_000_000),
                ability: Some(Ability::Vision),
                tier: Some(Tier::Budget),
                sort: Sort::Window,
                ..Filter::default()
            },
        );
        assert!(wide.len() >= 2 && wide.is_sorted_by_key(|m| std::cmp::Reverse(m.window)));
        assert!(
            wide.iter()
                .all(|m| m.can(Ability::Vision) && m.tier == Tier::Budget)
        );
    }

    #[test]
    fn scores_are_compared_within_one_table() {
        let order = ids(Filter {
            provider: Some("anthropic".to_owned()),
            sort: Sort::Score("agentic".to_owned()),
            ..Filter::default()
        });
        let place = |id| order.iter().position(|other| *other == id);
        assert!(
            place("claude-opus-4-8") < place("claude-haiku-4-5"),
            "{order:?}"
        );
        assert!(
            place("claude-haiku-4-5") < place("claude-haiku-5-5"),
            "without scores last"
        );
    }

    #[test]
    fn two_models_stand_side_by_side() {
        let catalog = Catalog::embedded();
        let (a, b) = (
            catalog.find("opus").expect("known"),
            catalog.find("gpt-5.5").expect("known"),
        );
        let rows = compare(a, b);
        let row = |what: &str| {
            let row = rows.iter().find(|(name, ..)| name == what).expect(what);
            (row.1.clone(), row.2.clone())
        };
        assert_eq!(row("cache read"), ("$0.20".to_owned(), "$0.50".to_owned()));
        assert_eq!(
            row("large requests"),
            (
                "–".to_owned(),
                "$10.00 in, $45.00 out above 272000".to_owned()
            )
        );
        assert_eq!(row("window").1, "1050000");
        let older = catalog.find("claude-opus-4-8").expect("known");
        let rows = compare(older, b);
        let agentic = rows
            .iter()
            .find(|(name, ..)| name == "agentic, livebench-2026-06-25");
        assert_eq!(
            agentic.map(|r| (r.1.as_str(), r.2.as_str())),
            Some(("56.1 (xhigh)", "46.8 (high)"))
        );
    }
}
