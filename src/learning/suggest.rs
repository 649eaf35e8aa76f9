//! Models in order for one prompt: the cheapest whose lower bound reaches the threshold, then the others.

use crate::catalog::{Ability, Catalog, UNKNOWN_PRICE};
use crate::learning::estimate::{estimate, expected_output_tokens};
use crate::learning::posterior::{Belief, Beliefs};
use crate::learning::reason::reason;
use crate::learning::results::Results;
use crate::protocol::{Backend, BudgetTier, Candidate, Cost, Nano, Suggestion};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// As [`crate::learning::classify()`] gives it.
    pub category: String,
    /// Tokens the answer is expected to have; `None`: as shipped for the category.
    pub output_tokens: Option<u64>,
    /// Of the prompt, and of the conversation before it, as [`crate::catalog::count_tokens`] counts.
    pub prompt_tokens: u64,
    pub context_tokens: u64,
    /// The models at hand, and what each would be run on.
    pub reachable: Vec<(String, Backend)>,
    pub budget: BudgetTier,
    /// Models not to be suggested, by any of their names.
    pub exclude: Vec<String>,
    /// Abilities a model must be known to have.
    pub require: Vec<Ability>,
    /// The least window, in tokens: a model known to have less is left out, one whose window is not known is not.
    pub min_window: Option<u64>,
    /// What the lower bound of success must reach; 0.80 unless told.
    pub threshold: f64,
    /// What is left of the budget; `None`: no budget is set.
    pub affordable: Option<Nano>,
    /// The model the conversation was held with so far: its context lies in a cache.
    pub current: Option<String>,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            category: "other".to_owned(),
            output_tokens: None,
            prompt_tokens: 0,
            context_tokens: 0,
            reachable: Vec::new(),
            budget: BudgetTier::Any,
            exclude: Vec::new(),
            require: Vec::new(),
            min_window: None,
            threshold: 0.80,
            affordable: None,
            current: None,
        }
    }
}

/// Where a candidate stands in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Affordable, and its lower bound reaches the threshold: by cost.
    Reaches,
    /// Affordable: by expected success.
    Affordable,
    /// Dearer than what is left of the budget: by cost.
    TooDear,
}

/// A candidate while it is being ordered.
pub(crate) struct Entry<'a> {
    pub(crate) model: &'a str,
    pub(crate) backend: &'a Backend,
    pub(crate) belief: Belief,
    pub(crate) cost: Cost,
    pub(crate) rank: Rank,
    /// Whether it could be checked that the prompt fits.
    pub(crate) window_known: bool,
    is_current: bool,
}

impl Entry<'_> {
    /// `None`: no price is known.
    pub(crate) fn price(&self) -> Option<Nano> {
        (self.cost.unpriced == Nano(0)).then_some(self.cost.priced)
    }
}

/// The models of `wish.reachable` that fit the wish, best first. Terminals and the rehearsal are never among them.
///
/// Equal candidates keep the order of `reachable`, the current model first.
pub fn suggest(catalog: &Catalog, results: &Results, wish: &Wish) -> Suggestion {
    let mut beliefs = Beliefs::new(catalog, results);
    let output = wish
        .output_tokens
        .unwrap_or_else(|| expected_output_tokens(&wish.category));
    let mut entries: Vec<Entry> = wish
        .reachable
        .iter()
        .filter(|(model, backend)| fits(catalog, wish, model, backend))
        .map(|(model, backend)| {
            let belief = beliefs.of(model, &wish.category);
            let is_current = wish
                .current
                .as_deref()
                .is_some_and(|name| catalog.same(name, model));
            let cost = estimate(
                catalog,
                backend,
                Some(model),
                output,
                wish.prompt_tokens,
                wish.context_tokens,
                is_current,
            );
            let rank = if wish.affordable.is_some_and(|left| cost.counted() > left) {
                Rank::TooDear
            } else if belief.lower >= wish.threshold {
                Rank::Reaches
            } else {
                Rank::Affordable
            };
            Entry {
                model,
                backend,
                belief,
                cost,
                rank,
                window_known: catalog.window(model).is_some(),
                is_current,
            }
        })
        .collect();

    entries.sort_by(|a, b| {
        let cost = a.cost.counted().cmp(&b.cost.counted());
        let success = b.belief.success.total_cmp(&a.belief.success);
        let within = match a.rank {
            Rank::Reaches | Rank::TooDear => cost.then(success),
            Rank::Affordable => success.then(cost),
        };
        a.rank
            .cmp(&b.rank)
            .then(within)
            .then(b.is_current.cmp(&a.is_current))
    });

    let candidates = entries
        .iter()
        .enumerate()
        .map(|(place, entry)| Candidate {
            model: entry.model.to_owned(),
            backend: entry.backend.clone(),
            success: entry.belief.success,
            lower: entry.belief.lower,
            seen: entry.belief.cell.seen,
            cost: entry.price(),
            reason: reason(wish, entry, place == 0),
        })
        .collect();
    Suggestion {
        category: wish.category.clone(),
        reached: entries.iter().any(|entry| entry.rank == Rank::Reaches),
        candidates,
        value: None,
    }
}

/// Whether a model may be suggested at all. An ability that is not known counts as not there.
fn fits(catalog: &Catalog, wish: &Wish, name: &str, backend: &Backend) -> bool {
    if matches!(backend, Backend::Rehearsal | Backend::Terminal) {
        return false;
    }
    if wish
        .exclude
        .iter()
        .any(|excluded| catalog.same(excluded, name))
    {
        return false;
    }
    let known = catalog.find(name);
    let able = wish
        .require
        .iter()
        .all(|ability| known.is_some_and(|m| m.can(*ability)));
    let wide = match (wish.min_window, catalog.window(name)) {
        (Some(least), Some(window)) => window >= least,
        _ => true,
    };
    let input = match backend {
        Backend::Ollama => Nano(0),
        _ => known.map_or(UNKNOWN_PRICE.rates.input, |m| m.price.rates.input),
    };
    able && wide && in_tier(wish.budget, input)
}

/// Whether a price per million input tokens lies in a budget tier.
fn in_tier(tier: BudgetTier, input: Nano) -> bool {
    const DOLLAR: i64 = 1_000_000_000;
    match tier {
        BudgetTier::Low => input.0 <= DOLLAR,
        BudgetTier::Medium => input.0 <= 5 * DOLLAR,
        BudgetTier::High => (2 * DOLLAR..=20 * DOLLAR).contains(&input.0),
        BudgetTier::Any => true,
    }
}
