//! What is believed, as people look at it.

use crate::catalog::{Catalog, plain_name};
use crate::learning::CATEGORIES;
use crate::learning::learner::Learner;
use crate::learning::posterior::Beliefs;
use crate::learning::prior::{Ground, Priors};
use crate::learning::trends::Trend;
use crate::protocol::BeliefView;
use std::collections::BTreeSet;

/// What is believed of every model that has results, in the categories in which it has some; most results first. Then,
/// of the models in `reachable`, what is believed of them elsewhere, best first.
pub fn beliefs(
    catalog: &Catalog,
    priors: &Priors,
    learner: &Learner,
    reachable: &[&str],
) -> Vec<BeliefView> {
    let held = Beliefs::new(priors, learner.results());
    let mut told = BTreeSet::new();
    let mut view = |model: &str, category: &str| {
        let key = catalog.key(model);
        if !told.insert((key.clone(), category.to_owned())) {
            return None;
        }
        let belief = held.of(&plain_name(&key), category);
        let trend = learner.trends().of(&key, category, None);
        Some(BeliefView {
            success: belief.success,
            lower: belief.lower,
            upper: belief.upper,
            prior: belief.prior,
            ground: ground(&belief.ground),
            successes: belief.cell.successes,
            seen: belief.cell.seen,
            worth: belief.cell.weight,
            drift: trend.and_then(Trend::drift),
            known: catalog.find(&key).is_some(),
            model: key,
            category: category.to_owned(),
        })
    };
    let seen: Vec<(String, String)> = learner
        .results()
        .cells()
        .map(|(model, category, _)| (model.to_owned(), category.to_owned()))
        .collect();
    let mut rows: Vec<BeliefView> = seen
        .iter()
        .filter_map(|(model, category)| view(model, category))
        .filter(|row| row.seen > 0)
        .collect();
    rows.sort_by(|a, b| {
        let order = b.seen.cmp(&a.seen).then(b.success.total_cmp(&a.success));
        order
            .then_with(|| a.model.cmp(&b.model))
            .then_with(|| a.category.cmp(&b.category))
    });
    let elsewhere = CATEGORIES
        .iter()
        .flat_map(|category| reachable.iter().map(move |model| (*model, *category)));
    let mut others: Vec<BeliefView> = elsewhere
        .filter_map(|(model, category)| view(model, category))
        .collect();
    others.sort_by(|a, b| {
        let place = |row: &BeliefView| CATEGORIES.iter().position(|c| *c == row.category);
        let order = place(a).cmp(&place(b));
        order
            .then(b.success.total_cmp(&a.success))
            .then_with(|| a.model.cmp(&b.model))
    });
    rows.extend(others);
    rows
}

/// What a prior rests on, in two words.
fn ground(ground: &Ground) -> String {
    match ground {
        Ground::Scores(_) => "benchmarks".to_owned(),
        Ground::Predecessor(older) => format!("as {older}"),
        Ground::Tier => "price class".to_owned(),
        Ground::Nothing => "nothing known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::{FEATURES, Observation};

    fn shown_of(learner: &Learner, reachable: &[&str]) -> Vec<BeliefView> {
        let catalog = Catalog::embedded();
        beliefs(catalog, &Priors::of(catalog), learner, reachable)
    }

    fn learner(rows: &[(&str, &str, f64)]) -> Learner {
        let mut learner = Learner::default();
        for (model, category, success) in rows {
            learner.observe(&Observation {
                model: Catalog::embedded().key(model),
                category: (*category).into(),
                tags: vec![],
                complexity: 0,
                features: [0.0; FEATURES],
                success: *success,
                weight: 1.0,
            });
        }
        learner
    }

    #[test]
    fn every_model_with_results_is_there_once_and_says_what_it_rests_on() {
        let rows = [
            ("claude-haiku-4-5-20251001", "debug", 1.0),
            ("claude-haiku-4-5", "debug", 0.0),
            ("gone-model-1", "math", 1.0),
        ];
        let found = shown_of(&learner(&rows), &[]);
        let told: Vec<_> = found
            .iter()
            .map(|row| (row.model.as_str(), row.seen, row.successes, row.known))
            .collect();
        assert_eq!(
            told,
            [
                ("claude-haiku-4-5", 2, 1.0, true),
                ("gone-model-1", 1, 1.0, false)
            ]
        );
        for row in &found {
            assert!(
                row.lower < row.success && row.success < row.upper,
                "{row:?}"
            );
            assert!((0.0..=1.0).contains(&row.prior) && !row.ground.is_empty());
        }
        assert!(found[0].success < found[0].prior, "a failure pulls it down");
    }

    #[test]
    fn models_at_hand_follow_with_what_benchmarks_say() {
        let rows = [("claude-haiku-4-5", "debug", 1.0)];
        let reachable = ["claude-haiku-4-5", "claude-opus-4-8"];
        let found = shown_of(&learner(&rows), &reachable);
        assert_eq!(found.len(), 2 * CATEGORIES.len());
        assert_eq!(
            (found[0].model.as_str(), found[0].seen),
            ("claude-haiku-4-5", 1)
        );
        assert!(
            found[1..]
                .iter()
                .all(|row| row.seen == 0 && row.drift.is_none())
        );
    }

    #[test]
    fn the_upper_bound_is_the_lower_one_of_failures() {
        let rows = [("claude-haiku-4-5", "debug", 1.0); 60];
        let found = shown_of(&learner(&rows), &[]);
        let row = &found[0];
        // 60 of 60, leaning on a prior: exact percentiles of Beta(73.7, 6.3), which has this mean and weight.
        assert!(
            (row.upper - 0.949).abs() < 0.01 && (row.lower - 0.896).abs() < 0.01,
            "{row:?}"
        );
    }
}
