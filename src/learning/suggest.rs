//! Models in order for one prompt: those that fit the wish, by the rule.

use crate::catalog::{Ability, Catalog, Model, UNKNOWN_PRICE, plain_name};
use crate::learning::blend::blended;
use crate::learning::estimate::{estimate, expected_output_tokens};
use crate::learning::features::{FEATURES, Features};
use crate::learning::learner::{Learner, USUAL_COMPLEXITY};
use crate::learning::posterior::{Belief, Beliefs, Question};
use crate::learning::prior::Priors;
use crate::learning::reason::reason;
use crate::learning::rule::{Bar, FAILURE, Offer, Rank, Terms, order, trial};
use crate::protocol::{Backend, BudgetTier, Candidate, Cost, Nano, Suggestion};
use std::borrow::Cow;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// As [`crate::learning::classify()`] gives it.
    pub category: String,
    pub tags: Vec<String>,
    /// 0 to 100.
    pub complexity: u8,
    pub features: Features,
    /// Tokens the answer is expected to have; `None`: as shipped for the category.
    pub output_tokens: Option<u64>,
    /// Of the prompt, and of the conversation before it, as [`crate::catalog::count_tokens`] counts.
    pub prompt_tokens: u64,
    pub context_tokens: u64,
    /// Names of the endpoints that run on this machine: what they answer costs nothing.
    pub local: Vec<String>,
    /// The models at hand, and what each would be run on.
    pub reachable: Cow<'a, [(String, Backend)]>,
    pub budget: BudgetTier,
    /// Models not to be suggested, by any of their names.
    pub exclude: Vec<String>,
    /// Abilities a model must be known to have.
    pub require: Vec<Ability>,
    /// The least window, in tokens: a model known to have less is left out, one whose window is not known is not.
    pub min_window: Option<u64>,
    /// What the lower bound of success must reach; 0.80 unless told.
    pub threshold: f64,
    /// What a failed answer costs beside its price; a cent unless told.
    pub failure: Nano,
    /// What is left of the budget; `None`: no budget is set.
    pub affordable: Option<Nano>,
    /// The share of the budget that is used, 0 to 1; 0 without one. The nearer to 1, the more success is given up for
    /// a lower cost.
    pub used: f64,
    /// The model the conversation was held with so far: its context lies in a cache.
    pub current: Option<String>,
    /// Evenly from 0 to below 1, drawn anew for each prompt that will be sent: lets about one in a hundred go to a
    /// model that is about as good, so that something is learnt of it. `None`: none is tried.
    pub chance: Option<f64>,
    pub policy: Policy,
}

/// How what benchmarks say and what this user saw are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Policy {
    /// Each counts for what it is worth: the more was seen, the less benchmarks.
    #[default]
    Shrink,
    /// Fixed shares of benchmark and personal results, however much was seen.
    Blend { benchmark: f64, personal: f64 },
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Wish {
            category: "other".to_owned(),
            tags: Vec::new(),
            complexity: USUAL_COMPLEXITY,
            features: [0.0; FEATURES],
            output_tokens: None,
            prompt_tokens: 0,
            context_tokens: 0,
            local: Vec::new(),
            reachable: Cow::default(),
            budget: BudgetTier::Any,
            exclude: Vec::new(),
            require: Vec::new(),
            min_window: None,
            threshold: 0.80,
            failure: Nano(FAILURE as i64),
            affordable: None,
            used: 0.0,
            current: None,
            chance: None,
            policy: Policy::Shrink,
        }
    }
}

/// A candidate while it is being ordered.
pub(super) struct Entry<'a> {
    pub(super) model: &'a str,
    pub(super) backend: &'a Backend,
    pub(super) belief: Belief,
    pub(super) cost: Cost,
    /// Whether it could be checked that the prompt fits.
    pub(super) window_known: bool,
    pub(super) is_current: bool,
    known: Option<&'a Model>,
    is_local: bool,
    plain: String,
}

impl Entry<'_> {
    /// `None`: no price is known.
    pub(super) fn price(&self) -> Option<Nano> {
        (self.cost.unpriced == Nano(0)).then_some(self.cost.priced)
    }

    /// Whether another company stands between the user and the model's maker.
    fn resold(&self) -> bool {
        matches!(self.backend, Backend::Endpoint(_)) && self.known.is_some() && !self.is_local
    }
}

/// The models of `wish.reachable` that fit the wish, best first. Terminals and the rehearsal are never among them.
///
/// Equal candidates keep the order of `reachable`, the current model first.
pub(super) fn suggest(
    catalog: &Catalog,
    priors: &Priors,
    learner: &Learner,
    wish: &Wish,
) -> Suggestion {
    let beliefs = Beliefs::new(priors, learner.results());
    let output = wish
        .output_tokens
        .unwrap_or_else(|| expected_output_tokens(&wish.category));
    let excluded: Vec<String> = wish.exclude.iter().map(|name| catalog.key(name)).collect();
    let current = wish.current.as_deref().map(|name| catalog.key(name));
    let mut entries: Vec<Entry> = wish
        .reachable
        .iter()
        .filter_map(|(model, backend)| {
            let known = catalog.find(model);
            let key = match known {
                Some(known) => Cow::Borrowed(known.id.as_str()),
                None => Cow::Owned(plain_name(model)),
            };
            let window = catalog.window(model);
            if excluded.iter().any(|name| *name == key) || !fits(wish, known, window, backend) {
                return None;
            }
            let plain = plain_name(&key);
            let is_local = is_local(wish, backend);
            let is_current = current.as_deref() == Some(&*key);
            Some(Entry {
                model,
                backend,
                belief: believe(&beliefs, learner, wish, &plain),
                cost: match is_local {
                    true => Cost::default(),
                    false => estimate(
                        catalog,
                        backend,
                        Some(model),
                        output,
                        wish.prompt_tokens,
                        wish.context_tokens,
                        is_current,
                    ),
                },
                window_known: window.is_some(),
                is_current,
                known,
                is_local,
                plain,
            })
        })
        .collect();
    // The rule keeps the order of equals.
    entries.sort_by_key(|entry| !entry.is_current);

    let terms = Terms {
        threshold: wish.threshold,
        failure: wish.failure.0 as f64,
        used: wish.used,
        complexity: wish.complexity,
    };
    let offers: Vec<Offer> = entries
        .iter()
        .map(|entry| offer(&entries, entry, wish))
        .collect();
    let mut places = order(&offers, &terms);
    let tried = wish
        .chance
        .and_then(|chance| trial(&offers, &places, &terms, beliefs.trust().weight, chance));
    if let Some(tried) = tried {
        places[..=tried.place].rotate_right(1);
    }
    let ordered: Vec<(&Entry, Rank)> = places
        .iter()
        .map(|(at, rank)| (&entries[*at], *rank))
        .collect();
    Suggestion {
        category: wish.category.clone(),
        reached: ordered.iter().any(|(_, rank)| *rank == Rank::Reaches),
        value: None,
        fault: None,
        tried: tried.map(|tried| tried.propensity),
        candidates: ordered
            .iter()
            .enumerate()
            .map(|(place, (entry, _))| Candidate {
                model: entry.model.to_owned(),
                backend: entry.backend.clone(),
                success: entry.belief.success,
                lower: entry.belief.lower,
                seen: entry.belief.cell.seen,
                cost: entry.price(),
                reason: reason(wish, &terms, &ordered, place, tried.is_some() && place == 0),
            })
            .collect(),
    }
}

fn believe(beliefs: &Beliefs, learner: &Learner, wish: &Wish, plain: &str) -> Belief {
    let question = Question {
        category: &wish.category,
        tags: &wish.tags,
        complexity: wish.complexity,
        features: &wish.features,
    };
    match wish.policy {
        Policy::Shrink => learner.belief(beliefs, plain, &question),
        Policy::Blend {
            benchmark,
            personal,
        } => {
            let belief = beliefs.of(plain, &wish.category);
            let success = blended(belief.prior, &belief.cell, (benchmark, personal));
            // It knows of no uncertainty.
            Belief {
                success,
                lower: success,
                upper: success,
                ..belief
            }
        }
    }
}

fn offer(entries: &[Entry], entry: &Entry, wish: &Wish) -> Offer {
    let direct = |other: &Entry| other.plain == entry.plain && !other.resold();
    let barred = if wish
        .affordable
        .is_some_and(|left| entry.cost.counted() > left)
    {
        Some(Bar::TooDear)
    } else if entry.resold() && entries.iter().any(direct) {
        Some(Bar::Resold)
    } else {
        None
    };
    Offer {
        success: entry.belief.success,
        lower: entry.belief.lower,
        upper: entry.belief.upper,
        cost: entry.cost.counted().0 as f64,
        barred,
    }
}

/// Whether a model may be suggested at all. An ability that is not known counts as not there.
fn fits(wish: &Wish, known: Option<&Model>, window: Option<u64>, backend: &Backend) -> bool {
    if matches!(backend, Backend::Rehearsal | Backend::Terminal) {
        return false;
    }
    let able = wish
        .require
        .iter()
        .all(|ability| known.is_some_and(|m| m.can(*ability)));
    let wide = match (wish.min_window, window) {
        (Some(least), Some(window)) => window >= least,
        _ => true,
    };
    let input = match is_local(wish, backend) {
        true => Nano(0),
        false => known.map_or(UNKNOWN_PRICE.rates.input, |m| m.price.rates.input),
    };
    able && wide && in_tier(wish.budget, input)
}

/// Whether it runs on this machine, and costs nothing.
fn is_local(wish: &Wish, backend: &Backend) -> bool {
    match backend {
        Backend::Ollama => true,
        Backend::Endpoint(name) => wish.local.contains(name),
        _ => false,
    }
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
