//! Where a cheaper model would have done: what its answers would have cost, and whether they are as good here.
//!
//! From this user's turns alone. The tokens are those that were used; only the length of answers differs between
//! models, by as much as was seen, or by a chosen spread where nothing was.

use crate::catalog::{Catalog, factor, plain_name};
use crate::learning::calibrate::Sample;
use crate::learning::learner::Learner;
use crate::learning::posterior::Beliefs;
use crate::learning::prior::Priors;
use crate::learning::results::Cell;
use crate::learning::suggest::Wish;
use crate::protocol::{ADVISED_FROM, Advice, AdviceRow, Backend, Cost, Nano, Usage, Verdict};

/// Answers of a model in a category from which its length is known.
const LENGTH_KNOWN: usize = 5;
/// How far the length of an answer may be off where it is not known, as the deviation of its logarithm: a factor of
/// 1.6 either way covers four of five. Chosen, not measured.
const LENGTH_SPREAD: f64 = 0.37;
/// Results of a model in a category below which it counts as not tried.
const TRIED: u32 = 3;
/// As good means: at most ten points worse, at the 10th percentile.
const MARGIN: f64 = 0.10;
/// The 90th percentile of a normal distribution, in standard deviations.
const Z90: f64 = 1.281_552;

/// What one model's turns of one category used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Used {
    pub category: String,
    /// Its key in the catalogue.
    pub model: String,
    pub turns: u64,
    /// Sums.
    pub usage: Usage,
    pub cost: Cost,
    /// Mean and variance of the logarithm of output tokens, over `answers` that have any.
    pub answers: usize,
    pub mean_ln: f64,
    pub variance: f64,
}

/// A log of what turns used, summed by category and model.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    rows: Vec<(Used, Sample)>,
}

impl Tally {
    /// Takes in one turn whose cost is known.
    pub fn add(&mut self, category: &str, model: &str, usage: Usage, cost: Cost) {
        let found = self
            .rows
            .iter()
            .position(|(used, _)| used.category == category && used.model == model);
        let at = found.unwrap_or_else(|| {
            let used = Used {
                category: category.to_owned(),
                model: model.to_owned(),
                ..Used::default()
            };
            self.rows.push((used, Sample::default()));
            self.rows.len() - 1
        });
        let (used, sample) = &mut self.rows[at];
        used.turns += 1;
        used.usage = used.usage + usage;
        used.cost = used.cost + cost;
        if usage.total_output() > 0 {
            sample.add((usage.total_output() as f64).ln());
        }
    }

    pub fn finish(self) -> Vec<Used> {
        let finish = |(used, sample): (Used, Sample)| Used {
            answers: sample.n,
            mean_ln: sample.mean_ln,
            variance: sample.variance(),
            ..used
        };
        self.rows.into_iter().map(finish).collect()
    }
}

/// What is at hand, and what is wanted.
pub struct AtHand<'a> {
    pub catalog: &'a Catalog,
    pub priors: &'a Priors,
    pub learner: &'a Learner,
    pub reachable: &'a [(String, Backend)],
    pub threshold: f64,
    pub days: u32,
}

/// Where a cheaper model would have done. The largest saving first.
pub fn advice(at: &AtHand, used: &[Used]) -> Advice {
    let mut rows: Vec<AdviceRow> = used
        .iter()
        .filter_map(|row| advise(at, used, row))
        .collect();
    rows.sort_by_key(|row| (row.verdict != Verdict::Same, row.cost.0 - row.spent.0));
    Advice {
        days: at.days,
        turns: used.iter().map(|row| row.turns).sum(),
        spent: used.iter().map(list_price).sum(),
        rows,
    }
}

/// What turns cost whoever paid: what a subscription covers counts at its list price.
fn list_price(used: &Used) -> Nano {
    used.cost.priced + used.cost.plan
}

fn advise(at: &AtHand, all: &[Used], used: &Used) -> Option<AdviceRow> {
    let spent = list_price(used);
    // What has no price cannot be compared.
    if used.turns < ADVISED_FROM || spent <= Nano(0) || used.cost.unpriced > Nano(0) {
        return None;
    }
    let wish = Wish {
        category: used.category.clone(),
        prompt_tokens: used.usage.total_input() / used.turns,
        reachable: at.reachable.into(),
        threshold: at.threshold,
        ..Wish::default()
    };
    let suggestion = at.learner.suggest(at.priors, at.catalog, &wish);
    let first = suggestion
        .candidates
        .first()
        .filter(|_| suggestion.reached)
        .filter(|first| !at.catalog.same(&first.model, &used.model))?;
    let instead = at.catalog.key(&first.model);
    // The same text is another number of tokens to another model.
    let ratio = factor(&instead) / factor(&used.model);
    let length = length(all, used, &instead, ratio);
    let cost = |deviations: f64| {
        let times = (length.mean + deviations * length.deviation).exp();
        // By the average turn, since a price may depend on how much is sent at once.
        let each =
            |tokens: u64, times: f64| (tokens as f64 * times / used.turns as f64).round() as u64;
        let usage = Usage {
            input: each(used.usage.input, ratio),
            output: each(used.usage.output, times),
            reasoning: each(used.usage.reasoning, times),
            cache_read: each(used.usage.cache_read, ratio),
            cache_write_5m: each(used.usage.cache_write_5m, ratio),
            cache_write_1h: each(used.usage.cache_write_1h, ratio),
            estimated: true,
        };
        let one = at
            .catalog
            .cost_on(&first.backend, Some(&first.model), &usage);
        let all = |amount: Nano| Nano(amount.0.saturating_mul(used.turns as i64));
        (all(one.priced), all(one.unpriced))
    };
    let middle = cost(0.0);
    if middle.1 > Nano(0) || middle.0 >= spent {
        return None;
    }
    let held = Beliefs::new(at.priors, at.learner.results());
    let of = |model: &str| held.of(&plain_name(&at.catalog.key(model)), &used.category);
    let (theirs, its) = (of(&used.model), of(&instead));
    let (before, after) = (share(&theirs.cell), share(&its.cell));
    let deviation = (before.variance + after.variance).sqrt();
    let difference = after.mean - before.mean;
    let (low, high) = (difference - Z90 * deviation, difference + Z90 * deviation);
    let verdict = match () {
        _ if high < 0.0 => Verdict::Worse,
        _ if its.cell.seen >= TRIED && low >= -MARGIN => Verdict::Same,
        _ => Verdict::Unknown,
    };
    let mut row = AdviceRow {
        category: used.category.clone(),
        model: used.model.clone(),
        instead,
        turns: used.turns,
        spent,
        cost: middle.0,
        cost_low: cost(-Z90).0,
        cost_high: cost(Z90).0,
        difference,
        difference_low: low,
        difference_high: high,
        seen: theirs.cell.seen,
        seen_instead: its.cell.seen,
        verdict,
        text: String::new(),
    };
    row.text = text(&row, length.known);
    Some(row)
}

/// What this user's results alone say of a model: the Beta distribution of Jeffreys' prior and of them.
struct Share {
    mean: f64,
    variance: f64,
}

fn share(cell: &Cell) -> Share {
    let n = f64::from(cell.seen);
    let mean = (cell.successes + 0.5) / (n + 1.0);
    Share {
        mean,
        variance: mean * (1.0 - mean) / (n + 2.0),
    }
}

/// How much longer the answers of another model are, in tokens: mean and deviation of the logarithm of the ratio.
struct Length {
    mean: f64,
    deviation: f64,
    known: bool,
}

/// `ratio`: how many tokens of the other model one of this one's is, where nothing else is known.
fn length(all: &[Used], used: &Used, instead: &str, ratio: f64) -> Length {
    let other = all
        .iter()
        .find(|row| row.category == used.category && row.model == instead);
    match other {
        Some(other) if other.answers >= LENGTH_KNOWN && used.answers >= LENGTH_KNOWN => Length {
            mean: other.mean_ln - used.mean_ln,
            deviation: (other.variance / other.answers as f64
                + used.variance / used.answers as f64)
                .sqrt(),
            known: true,
        },
        _ => Length {
            mean: ratio.ln(),
            deviation: LENGTH_SPREAD,
            known: false,
        },
    }
}

fn text(row: &AdviceRow, length_known: bool) -> String {
    let points = |share: f64| format!("{:+.0}", share * 100.0);
    let judged = match (row.verdict, row.seen_instead) {
        (Verdict::Worse, _) => "but does worse",
        (_, 0) => "but was not tried here",
        (Verdict::Same, _) if row.difference_low > 0.0 => "and does better",
        (Verdict::Same, _) => "and does as well",
        (Verdict::Unknown, _) => "but was tried too little to tell",
    };
    let length = match length_known {
        true => "",
        false => ", if its answers are about as long",
    };
    let (low, high) = (row.cost_low.to_string(), row.cost_high.to_string());
    let range = match (low == high, length_known) {
        (true, true) => String::new(),
        _ => format!(" ({low} to {high}{length})"),
    };
    format!(
        "on these {} {} turns {} would have cost {}{range} instead of {} with {}, {judged}: \
         {} points ({} to {}), {} results against {}",
        row.turns,
        row.category,
        row.instead,
        row.cost,
        row.spent,
        row.model,
        points(row.difference),
        points(row.difference_low),
        points(row.difference_high),
        row.seen_instead,
        row.seen,
    )
}

#[cfg(test)]
#[path = "advice_tests.rs"]
mod tests;
