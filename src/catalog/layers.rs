//! One layer of the catalogue on top of another, row by row.

use crate::catalog::load::Catalog;
use crate::catalog::model::{Model, Offered, Scores};
use crate::catalog::names::plain_name;
use crate::catalog::price::Rates;
use crate::catalog::rows::{ModelRow, RatesRow, Table, price};
use crate::protocol::Nano;
use std::collections::hash_map::Entry;

/// Where a row comes from: what it may overrule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    Embedded,
    Refreshed,
    User,
}

impl Catalog {
    pub(super) fn lay(&mut self, table: &Table, layer: Layer) {
        for row in &table.models {
            self.lay_row(row, layer, &table.date);
        }
        if layer != Layer::User && table.date > self.date {
            self.date.clone_from(&table.date);
        }
    }

    /// Changes the model a row names, or adds it. A row of an unknown model without provider is passed over.
    pub(super) fn lay_row(&mut self, row: &ModelRow, layer: Layer, date: &str) {
        let name = plain_name(&row.id);
        let at = match self.by_name.get(&name) {
            Some(at) => *at,
            None => {
                let Ok(model) = row.alone() else { return };
                self.models.push(model);
                self.by_name.insert(name, self.models.len() - 1);
                self.models.len() - 1
            }
        };
        self.name(at, &row.aliases, layer);
        if let Some(model) = self.models.get_mut(at) {
            change(model, row, layer, date);
        }
    }

    /// Gives a model more names. A refreshed list takes no other model's name; the user does.
    fn name(&mut self, at: usize, aliases: &[String], layer: Layer) {
        for alias in aliases {
            let plain = plain_name(alias);
            let before = match self.by_name.entry(plain.clone()) {
                Entry::Vacant(free) => {
                    free.insert(at);
                    None
                }
                Entry::Occupied(mut taken) => match layer == Layer::User && *taken.get() != at {
                    true => Some(taken.insert(at)),
                    false => continue,
                },
            };
            if let Some(before) = before.and_then(|before| self.models.get_mut(before)) {
                before.aliases.retain(|name| plain_name(name) != plain);
            }
            if let Some(model) = self.models.get_mut(at) {
                model.aliases.push(alias.clone());
            }
        }
    }
}

fn change(model: &mut Model, row: &ModelRow, layer: Layer, date: &str) {
    let said = |value: &Option<String>, otherwise: &str| {
        value.clone().unwrap_or_else(|| otherwise.to_owned())
    };
    let price_date = said(&row.price_date, date);
    // A refreshed row with no price of its own is as new as its table.
    let newer = layer != Layer::Refreshed || price_date >= model.price_date;
    let as_before = |rates: &RatesRow| {
        let new = Rates::from(*rates);
        let old = &model.price.rates;
        model.priced && (new.input, new.output) == (old.input, old.output)
    };
    if layer == Layer::Refreshed && row.price.as_ref().is_some_and(as_before) {
        if newer {
            confirm(model, row);
            model.price_date = price_date;
        }
    } else if let Some(rates) = row.price.filter(|_| newer) {
        model.price = price(rates, &row.price_tiers);
        model.priced = true;
        model.price_source = said(&row.price_source, "models.toml");
        model.price_date = price_date;
        // A discount on another price would be a wrong one.
        model.batch = None;
    } else if layer == Layer::User && !row.price_tiers.is_empty() && model.priced {
        let tiers = row.price_tiers.iter();
        model.price.tiers = tiers
            .map(|tier| (tier.above, tier.rates().into()))
            .collect();
        model.price.tiers.sort_by_key(|(above, _)| *above);
    }
    if newer {
        model.batch = row.batch.map(Into::into).or(model.batch);
        model.window = row.window.or(model.window);
        model.max_output = row.max_output.or(model.max_output);
    } else {
        model.window = model.window.or(row.window);
        model.max_output = model.max_output.or(row.max_output);
    }
    if layer != Layer::Refreshed {
        model.provider = said(&row.provider, &model.provider);
        model.tier = row.tier.unwrap_or(model.tier);
        model.succeeds = row.succeeds.clone().or(model.succeeds.take());
    }
    match layer {
        // The user's list is the whole list; a source seldom knows all abilities.
        Layer::User if !row.can.is_empty() => model.abilities.clone_from(&row.can),
        _ => {
            for ability in &row.can {
                if !model.abilities.contains(ability) {
                    model.abilities.push(*ability);
                }
            }
        }
    }
    for offer in row.offers.iter().map(Offered::from) {
        model.offers.retain(|old| old.provider != offer.provider);
        model.offers.push(offer);
    }
    scores(&mut model.scores, row.scores.iter().map(Scores::from));
}

/// A source seldom knows all of a price. Where it says what was known before, what it leaves out still holds.
fn confirm(model: &mut Model, row: &ModelRow) {
    let Some(rates) = row.price else { return };
    let held = &mut model.price.rates;
    for (place, said) in [
        (&mut held.cache_read, rates.cache_read),
        (&mut held.cache_write_5m, rates.cache_write_5m),
        (&mut held.cache_write_1h, rates.cache_write_1h),
    ] {
        *place = said.map_or(*place, Nano::from_dollars);
    }
    if !row.price_tiers.is_empty() {
        model.price.tiers = price(rates, &row.price_tiers).tiers;
    }
    if let Some(source) = &row.price_source {
        model.price_source.clone_from(source);
    }
}

/// A score replaces the one of the same source and effort. A new effort stands behind those its source has, a new
/// source before the others: its table is the newer one.
fn scores(known: &mut Vec<Scores>, rows: impl Iterator<Item = Scores>) {
    let mut fresh = Vec::new();
    for row in rows {
        let of_source = known.iter().rposition(|old| old.source == row.source);
        let same = known
            .iter()
            .position(|old| old.source == row.source && old.effort == row.effort);
        match (same, of_source) {
            (Some(at), _) => known[at] = row,
            (None, Some(last)) => known.insert(last + 1, row),
            (None, None) => fresh.push(row),
        }
    }
    fresh.append(known);
    *known = fresh;
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
