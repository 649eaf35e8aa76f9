//! What several sources say, made one table. A provider's own price is never overwritten by a reseller's; of two
//! sources with a provider's price the more trusted one holds, and the other only adds what the first leaves out.

use crate::catalog::load::Catalog;
use crate::catalog::model::Tier;
use crate::catalog::names::plain_name;
use crate::catalog::refresh::found::{Found, Part};
use crate::catalog::rows::{ModelRow, OfferRow, RatesRow, SourceRow, Table};
use std::collections::{BTreeMap, HashMap};

/// Dollars per million tokens outside of this are cents or single tokens taken for something else.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 0.001..=2_000.0;

/// A table, and what was passed over to get it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    pub table: Table,
    /// One line each.
    pub notes: Vec<String>,
}

/// Merges parts, the most trusted first.
pub fn merge(parts: &[Part]) -> Merged {
    let mut merging = Merging::default();
    for part in parts {
        merging.notes.extend(part.notes.iter().cloned());
        let mut of_part: Vec<&Found> = part.found.iter().collect();
        // A name without a date stands for the model; dated ones beside it may be older and dearer.
        of_part.sort_by_key(|found| found.name.len());
        for found in of_part.iter().filter(|found| found.scores.is_empty()) {
            merging.sold(found, part);
        }
    }
    for part in parts {
        for found in part.found.iter().filter(|found| !found.scores.is_empty()) {
            merging.scored(found);
        }
        for found in &part.found {
            for row in &found.scores {
                let name = format!("{}, {}", part.source, part.date);
                let source = row.source.clone();
                merging
                    .table
                    .sources
                    .entry(source)
                    .or_insert(SourceRow { name });
            }
        }
    }
    merging.finish(parts)
}

#[derive(Default)]
struct Merging {
    table: Table,
    /// Plain name → place in the table.
    places: HashMap<String, usize>,
    /// What part said first what a row's seller is, so that a dated double in the same part adds nothing.
    seen: BTreeMap<(String, String, String), ()>,
    notes: Vec<String>,
    nameless: BTreeMap<String, usize>,
}

impl Merging {
    /// The row of the model called `name`: that of the embedded table's model, if it knows the name.
    fn row(&mut self, name: &str, provider: &str) -> &mut ModelRow {
        let known = Catalog::embedded().find(name);
        let id = known.map_or(name, |model| model.id.as_str());
        let plain = plain_name(id);
        let at = *self.places.entry(plain).or_insert(self.table.models.len());
        if at == self.table.models.len() {
            self.table.models.push(ModelRow {
                id: id.to_owned(),
                provider: Some(known.map_or(provider, |model| &model.provider).to_owned()),
                ..ModelRow::default()
            });
        }
        &mut self.table.models[at]
    }

    fn knows(&self, name: &str) -> bool {
        Catalog::embedded().find(name).is_some() || self.places.contains_key(&plain_name(name))
    }

    fn sold(&mut self, found: &Found, part: &Part) {
        let known = Catalog::embedded().find(&found.name);
        let maker = known
            .map(|model| model.provider.as_str())
            .or_else(|| crate::catalog::defaults::family_of(&found.name));
        let direct = maker.is_none_or(|maker| maker == found.seller) && !found.name.contains('/');
        // A new model is taken from its maker only; a reseller's names are too many and too free.
        if !direct && !self.knows(&found.name) {
            return;
        }
        let key = (
            part.source.clone(),
            found.seller.clone(),
            plain_name(&found.name),
        );
        if self.seen.insert(key, ()).is_some() {
            return;
        }
        let price = found
            .price
            .filter(|rates| self.plausible(found, rates, part));
        match direct {
            true => self.own(found, price, part),
            false => self.offered(found, price),
        }
    }

    /// Whether a price can be one. A paid model at $0 is a gap in a table, or a plan's.
    fn plausible(&mut self, found: &Found, rates: &RatesRow, part: &Part) -> bool {
        let figures = [rates.input, rates.output];
        if figures.iter().all(|dollars| PLAUSIBLE.contains(dollars)) {
            return true;
        }
        self.notes.push(format!(
            "{}: {} at {} for ${} in and ${} out: not taken as a price",
            part.source, found.name, found.seller, rates.input, rates.output
        ));
        false
    }

    fn own(&mut self, found: &Found, price: Option<RatesRow>, part: &Part) {
        let mut note = None;
        let row = self.row(&found.name, &found.seller);
        row.window = row.window.or(found.window);
        row.max_output = row.max_output.or(found.max_output);
        for ability in &found.can {
            if !row.can.contains(ability) {
                row.can.push(*ability);
            }
        }
        match (&mut row.price, price) {
            (None, Some(rates)) => {
                row.price = Some(rates);
                row.price_tiers.clone_from(&found.tiers);
                row.batch = found.batch;
                row.price_source = Some(part.source.clone());
                row.price_date = Some(part.date.clone());
            }
            (Some(held), Some(rates))
                if (held.input, held.output) == (rates.input, rates.output) =>
            {
                held.cache_read = held.cache_read.or(rates.cache_read);
                held.cache_write_5m = held.cache_write_5m.or(rates.cache_write_5m);
                held.cache_write_1h = held.cache_write_1h.or(rates.cache_write_1h);
                if row.price_tiers.is_empty() && !found.tiers.is_empty() {
                    row.price_tiers.clone_from(&found.tiers);
                    let source = row.price_source.get_or_insert_default();
                    source.push_str(&format!(", tiers {}", part.source));
                }
                row.batch = row.batch.or(found.batch);
            }
            (Some(held), Some(rates)) => {
                let by = row.price_source.as_deref().unwrap_or_default();
                note = Some(format!(
                    "{}: ${}/${} by {by} holds, {} says ${}/${}",
                    row.id, held.input, held.output, part.source, rates.input, rates.output
                ));
            }
            (_, None) => {}
        }
        self.notes.extend(note);
    }

    fn offered(&mut self, found: &Found, price: Option<RatesRow>) {
        let row = self.row(&found.name, &found.seller);
        let taken = row
            .offers
            .iter()
            .any(|offer| offer.provider == found.seller);
        if !taken && price.is_some() {
            row.offers.push(OfferRow {
                provider: found.seller.clone(),
                id: found.name.clone(),
                price,
                price_tiers: found.tiers.clone(),
            });
        }
    }

    /// A benchmark's row: its name is a model's, with the effort behind it.
    fn scored(&mut self, found: &Found) {
        let turned = other_order(&found.name).unwrap_or_default();
        let split = self.split_effort(&found.name);
        let Some((name, effort)) = split.or_else(|| self.split_effort(&turned)) else {
            let source = found.scores.first().map_or("", |row| &row.source);
            *self.nameless.entry(source.to_owned()).or_default() += 1;
            return;
        };
        let (name, effort) = (name.to_owned(), effort.to_owned());
        let row = self.row(&name, "");
        for scores in &found.scores {
            let mut scores = scores.clone();
            if scores.effort.is_empty() {
                scores.effort.clone_from(&effort);
            }
            let same = row
                .scores
                .iter()
                .position(|old| old.source == scores.source && old.effort == scores.effort);
            match same {
                // The same model under a dated and an undated name, or measured again: the newer one.
                Some(at) if row.scores[at].date < scores.date => row.scores[at] = scores,
                Some(_) => {}
                None => row.scores.push(scores),
            }
        }
    }

    /// `gpt-5.5-xhigh` → (`gpt-5.5`, `xhigh`). Words are taken from the end only while they are words for an effort,
    /// and only until what is left is a known model: `qwen3.7-max` is one.
    fn split_effort<'a>(&self, name: &'a str) -> Option<(&'a str, &'a str)> {
        const EFFORTS: &[&str] = &[
            "auto",
            "base",
            "default",
            "effort",
            "high",
            "highthinking",
            "low",
            "max",
            "medium",
            "minimal",
            "no",
            "none",
            "nothinking",
            "think",
            "thinking",
            "xhigh",
        ];
        let mut end = name.len();
        let mut dated = "";
        loop {
            let model = &name[..end];
            if self.knows(model) {
                let behind = name[end..].strip_prefix(dated).unwrap_or_default();
                let effort = behind.trim_start_matches('-');
                return Some((model, effort.strip_suffix("-effort").unwrap_or(effort)));
            }
            let (rest, word) = model.rsplit_once('-')?;
            let budget = word.strip_suffix('k').is_some_and(is_number);
            // A month, as in `-11-2025`.
            let month = rest.rsplit_once('-').filter(|(_, month)| {
                month.len() == 2 && is_number(month) && word.starts_with("20") && is_number(word)
            });
            end = match month {
                Some((rest, _)) => {
                    dated = &model[rest.len()..];
                    rest.len()
                }
                None if budget || EFFORTS.contains(&word) => rest.len(),
                None => return None,
            };
        }
    }

    fn finish(mut self, parts: &[Part]) -> Merged {
        for row in &mut self.table.models {
            complete(row);
        }
        self.table
            .models
            .sort_by(|a, b| (&a.provider, &a.id).cmp(&(&b.provider, &b.id)));
        let dates = parts.iter().map(|part| part.date.as_str());
        self.table.date = dates.max().unwrap_or_default().to_owned();
        for (source, count) in self.nameless {
            self.notes.push(format!(
                "{source}: {count} rows of models that are sold by none of the sources"
            ));
        }
        Merged {
            table: self.table,
            notes: self.notes,
        }
    }
}

/// `claude-4-1-opus-20250805` → `claude-opus-4-1-20250805`: LiveBench puts the version of some first.
fn other_order(name: &str) -> Option<String> {
    let rest = name.strip_prefix("claude-")?;
    let line = ["opus", "sonnet", "haiku"]
        .into_iter()
        .find(|line| rest.contains(&format!("-{line}")))?;
    let (version, behind) = rest.split_once(&format!("-{line}"))?;
    Some(format!("claude-{line}-{version}{behind}"))
}

fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok()
}

/// What no source says of a new model, by rule: Anthropic bills a write for an hour at twice the input price
/// (docs.claude.com, "Prompt caching"), and a class is told by the price of the output.
fn complete(row: &mut ModelRow) {
    if row.provider.as_deref() == Some("anthropic") {
        let double = |input: f64| Some((input * 2e9).round() / 1e9);
        if let Some(rates) = row
            .price
            .as_mut()
            .filter(|rates| rates.cache_write_5m.is_some())
        {
            rates.cache_write_1h = rates.cache_write_1h.or(double(rates.input));
        }
        for tier in &mut row.price_tiers {
            tier.cache_write_1h = tier.cache_write_1h.or(double(tier.input));
        }
    }
    if let Some(rates) = row.price.filter(|_| row.tier.is_none()) {
        row.tier = Some(match rates.output {
            dollars if dollars >= 20.0 => Tier::Premium,
            dollars if dollars >= 4.0 => Tier::Standard,
            _ => Tier::Budget,
        });
    }
}
