//! What is known of the models of a log before a replay: priors and costs.

use crate::learning::prior::Priors;
use crate::learning::replay::log::Log;
use std::collections::{BTreeMap, BTreeSet};

/// Observations that a prior made of the log itself is worth, as one made of benchmarks.
const WORTH: f64 = 20.0;

/// Priors as a benchmark of other tasks would give them: a model's expected success in a category is its mean over
/// all other categories of the log. `given_to` says which model is given whose priors, by place in [`Log::models`]:
/// each its own, or another's, to see how a policy recovers from wrong ones.
pub fn priors_from_others(log: &Log, given_to: &[usize]) -> Priors {
    let categories: BTreeSet<&str> = log.tasks.iter().map(|t| t.category.as_str()).collect();
    let mut rows: Vec<(&str, &str, f64, f64)> = Vec::new();
    for (arm, model) in log.models.iter().enumerate() {
        let giver = given_to.get(arm).copied().unwrap_or(arm);
        let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        let mut all = (0.0, 0.0);
        for task in &log.tasks {
            let Some(answer) = task.arms.get(giver).copied().flatten() else {
                continue;
            };
            let sum = sums.entry(&task.category).or_default();
            for sum in [sum, &mut all] {
                sum.0 += answer.reward;
                sum.1 += 1.0;
            }
        }
        for category in &categories {
            let own = sums.get(category).copied().unwrap_or_default();
            let (good, n) = (all.0 - own.0, all.1 - own.1);
            // A log of one category has no others.
            let mean = if n > 0.0 {
                good / n
            } else {
                all.0 / all.1.max(1.0)
            };
            rows.push((model, category, mean, WORTH));
        }
    }
    Priors::given(rows)
}

/// Mean cost of each model's answers, in dollars: what a price list and a guess at the length tell beforehand. 0 where
/// the log has no costs.
pub fn mean_costs(log: &Log) -> Vec<f64> {
    (0..log.models.len())
        .map(|arm| {
            let costs: Vec<f64> = log
                .tasks
                .iter()
                .filter_map(|task| task.arms[arm]?.cost)
                .collect();
            costs.iter().sum::<f64>() / costs.len().max(1) as f64
        })
        .collect()
}
