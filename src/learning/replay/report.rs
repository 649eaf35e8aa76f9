//! A whole log under every policy, several seeds each.

use crate::catalog::Catalog;
use crate::learning::prior::Priors;
use crate::learning::replay::expected::{mean_costs, priors_from_others};
use crate::learning::replay::log::Log;
use crate::learning::replay::measure::Curve;
use crate::learning::replay::order::{Feedback, Ordering, Scorer};
use crate::learning::replay::pass::{Outcome, Pass, Policy};
use crate::protocol::{
    ReplayEqual, ReplayModel, ReplayOrder, ReplayPass, ReplayPlan, ReplayReport,
};

/// The share of the best single model's success that must be kept.
const KEPT: f64 = 0.98;
/// Thresholds at which the learner's cost is looked at.
const THRESHOLDS: [f64; 6] = [0.60, 0.70, 0.80, 0.85, 0.90, 0.95];
/// Sizes that are learnt from where none is said, and the prompts there must be for each.
const SIZES: [(usize, usize); 3] = [(300, 600), (600, 1_200), (1_500, 3_000)];

const SCORERS: [(&str, Scorer, &[Feedback]); 7] = [
    ("random", Scorer::Random, &[Feedback::Full]),
    ("length", Scorer::Length, &[Feedback::Full]),
    ("prior only", Scorer::PriorOnly, &[Feedback::Full]),
    ("70/30", Scorer::Blend, &[Feedback::Full]),
    ("named kinds, shrunk", Scorer::Named, &[Feedback::Full]),
    ("ours", Scorer::Ours, &[Feedback::Full, Feedback::Bandit]),
    ("ours, kinds named", Scorer::OursNamed, &[Feedback::Full]),
];

/// Replays `log` as `plan` says. `progress` is told how many of how many runs are done.
pub fn report(
    log: &Log,
    plan: &ReplayPlan,
    progress: &mut dyn FnMut(usize, usize),
) -> ReplayReport {
    let seeds = plan.seeds.max(1);
    let costs = mean_costs(log);
    let own_history = log.tasks.iter().any(|task| task.arms.contains(&None));
    let given: Vec<usize> = (0..log.models.len()).collect();
    let priors = match own_history {
        true => Priors::of(Catalog::embedded()),
        false => priors_from_others(log, &given),
    };
    let models = models(log);
    let pair = (!own_history).then(|| pair(&models)).flatten();
    let labels = sizes(&plan.labels, log.tasks.len());
    let named = log.tasks.iter().any(|task| task.named.is_some());
    let runs = runs(pair.is_some(), &labels, named);
    let policies = policies(&models);
    let equal = log.priced() && !own_history;
    let looks = if equal { THRESHOLDS.len() } else { 0 };
    let all = (runs.len() + policies.len() + looks) * seeds as usize;
    let mut done = 0;
    let mut tick = || {
        done += 1;
        progress(done, all);
    };

    let mut orders = Vec::new();
    if let Some((strong, weak)) = pair {
        for (name, scorer, feedback, labels) in runs {
            let curves: Vec<Curve> = (0..seeds)
                .filter_map(|seed| {
                    let ordering = Ordering {
                        scorer,
                        feedback,
                        labels,
                        seed,
                        priors: &priors,
                        strong,
                        weak,
                    };
                    let curve = ordering.run(log);
                    tick();
                    curve
                })
                .collect();
            orders.extend(order_row(name, feedback, labels, &curves));
        }
    }
    let mut run = |policy: Policy, threshold: f64| -> Vec<Outcome> {
        let once = |seed| {
            let pass = Pass {
                policy,
                seed,
                priors: &priors,
                threshold,
                costs: &costs,
            };
            let outcome = pass.run(log);
            tick();
            outcome
        };
        (0..seeds).map(once).collect()
    };
    let passes = policies
        .into_iter()
        .map(|(name, policy)| pass_row(log, name, &run(policy, plan.threshold), own_history))
        .collect();
    let equal = equal
        .then(|| equal_quality(&models, |threshold| run(Policy::Ours, threshold)))
        .flatten();
    ReplayReport {
        prompts: log.tasks.len(),
        faults: log
            .faults
            .iter()
            .map(|fault| (fault.line, fault.what.clone()))
            .collect(),
        seeds,
        pair: pair.map(|(strong, weak)| (log.models[strong].clone(), log.models[weak].clone())),
        models,
        orders,
        passes,
        equal,
    }
}

fn models(log: &Log) -> Vec<ReplayModel> {
    let one = |(arm, model): (usize, &String)| {
        let answers: Vec<_> = log.tasks.iter().filter_map(|task| task.arms[arm]).collect();
        let costs: Option<Vec<f64>> = answers.iter().map(|answer| answer.cost).collect();
        ReplayModel {
            model: model.clone(),
            answers: answers.len(),
            success: mean(answers.iter().map(|answer| answer.reward)),
            cost: costs.map(|costs| mean(costs.into_iter())),
        }
    };
    log.models.iter().enumerate().map(one).collect()
}

/// The best model and the cheapest; without costs the worst. `None` where these are one.
fn pair(models: &[ReplayModel]) -> Option<(usize, usize)> {
    let by = |figure: &dyn Fn(&ReplayModel) -> f64| {
        (0..models.len()).max_by(|a, b| figure(&models[*a]).total_cmp(&figure(&models[*b])))
    };
    let strong = by(&|model| model.success)?;
    let weak = by(&|model| model.cost.map_or(-model.success, |cost| -cost))?;
    (strong != weak).then_some((strong, weak))
}

fn sizes(wanted: &[usize], prompts: usize) -> Vec<usize> {
    if !wanted.is_empty() {
        return wanted.iter().copied().filter(|n| *n < prompts).collect();
    }
    let fitting = SIZES.iter().filter(|(_, least)| prompts >= *least);
    let sizes: Vec<usize> = fitting.map(|(size, _)| *size).collect();
    match sizes.is_empty() {
        true => vec![prompts / 2],
        false => sizes,
    }
}

type Run = (&'static str, Scorer, Feedback, usize);

fn runs(pair: bool, labels: &[usize], named: bool) -> Vec<Run> {
    if !pair {
        return Vec::new();
    }
    let needs_names = |scorer| matches!(scorer, Scorer::Named | Scorer::OursNamed);
    let learns = |scorer| !matches!(scorer, Scorer::Random | Scorer::Length | Scorer::PriorOnly);
    let mut runs = Vec::new();
    for (name, scorer, feedbacks) in SCORERS {
        if needs_names(scorer) && !named {
            continue;
        }
        // What learns nothing is the same for every size but for the prompts that are left.
        let sizes = if learns(scorer) {
            labels
        } else {
            &labels[..1.min(labels.len())]
        };
        for labels in sizes {
            runs.extend(feedbacks.iter().map(|f| (name, scorer, *f, *labels)));
        }
    }
    runs
}

fn policies(models: &[ReplayModel]) -> Vec<(String, Policy)> {
    let singles = models
        .iter()
        .enumerate()
        .map(|(arm, model)| (format!("always {}", model.model), Policy::Single(arm)));
    let others = [
        ("random", Policy::Random),
        ("length", Policy::Length),
        ("prior only", Policy::PriorOnly),
        ("70/30", Policy::Blend),
        ("ours", Policy::Ours),
    ];
    let others = others.map(|(name, policy)| (name.to_owned(), policy));
    singles.chain(others).collect()
}

fn order_row(
    name: &str,
    feedback: Feedback,
    labels: usize,
    curves: &[Curve],
) -> Option<ReplayOrder> {
    if curves.is_empty() {
        return None;
    }
    let of = |figure: fn(&Curve) -> f64| mean(curves.iter().map(figure));
    let apgr = of(|curve| curve.apgr);
    let variance = mean(curves.iter().map(|curve| (curve.apgr - apgr).powi(2)));
    Some(ReplayOrder {
        policy: name.to_owned(),
        feedback: match feedback {
            Feedback::Full => "full".to_owned(),
            Feedback::Bandit => "bandit".to_owned(),
        },
        labels,
        apgr,
        cpt50: of(|curve| curve.cpt50),
        cpt80: of(|curve| curve.cpt80),
        spread: variance.sqrt(),
    })
}

fn pass_row(log: &Log, policy: String, outcomes: &[Outcome], own_history: bool) -> ReplayPass {
    let answered = mean(outcomes.iter().map(|o| o.rewards.len() as f64));
    let success = mean(outcomes.iter().map(|o| o.since(0).0));
    let best = mean(log.tasks.iter().map(|task| {
        let rewards = task.arms.iter().flatten().map(|arm| arm.reward);
        rewards.fold(0.0, f64::max)
    }));
    ReplayPass {
        policy,
        answered,
        success,
        success_late: mean(outcomes.iter().map(|o| o.since(o.rewards.len() * 2 / 3).0)),
        cost: log
            .priced()
            .then(|| mean(outcomes.iter().map(|o| o.since(0).1))),
        regret: (!own_history).then_some(best - success),
        tried: mean(outcomes.iter().map(|o| f64::from(o.tried))) / answered.max(1.0),
    }
}

fn equal_quality(
    models: &[ReplayModel],
    mut ours: impl FnMut(f64) -> Vec<Outcome>,
) -> Option<ReplayEqual> {
    let best = models
        .iter()
        .max_by(|a, b| a.success.total_cmp(&b.success))?;
    let whole = best.cost.filter(|cost| *cost > 0.0)?;
    let goal = KEPT * best.success;
    let single = models
        .iter()
        .filter(|model| model.success >= goal)
        .min_by(|a, b| a.cost.unwrap_or(whole).total_cmp(&b.cost.unwrap_or(whole)))?;
    let reached = THRESHOLDS
        .iter()
        .filter_map(|threshold| {
            let outcomes = ours(*threshold);
            let of = |outcome: &Outcome| outcome.since(0);
            let success = mean(outcomes.iter().map(|o| of(o).0));
            let cost = mean(outcomes.iter().map(|o| of(o).1)) / 1_000.0;
            (success >= goal).then_some((cost, *threshold))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0));
    Some(ReplayEqual {
        best: best.model.clone(),
        single: single.model.clone(),
        single_share: single.cost? / whole,
        ours_share: reached.map(|(cost, _)| cost / whole),
        ours_threshold: reached.map(|(_, threshold)| threshold),
    })
}

/// 0 of none.
fn mean(figures: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = figures.fold((0.0, 0_u32), |(sum, n), figure| (sum + figure, n + 1));
    sum / f64::from(n.max(1))
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
