//! `cargo bench --bench replay`: how well the next model is chosen, on public logs, printed beside the bars. The logs are
//! found through `ANTIPHON_DATA` (`replay/mmlu.jsonl`, `gsm8k.jsonl`, `paretobandit_val.jsonl`); seeds are fixed, so that
//! the tables are the same on every machine.

use antiphon::learning::replay::{
    Curve, Feedback, Log, Ordering, Outcome, Pass, Policy, Scorer, mean_costs, priors_from_others,
};
use std::path::{Path, PathBuf};

/// Each figure is the mean over the seeds from 0 to below this.
const SEEDS: u64 = 10;
/// The same for passes under bandit feedback, whose differences are smaller.
const PASSES: u64 = 20;
const THRESHOLD: f64 = 0.80;
/// The share of the best single model's success that makes a single model adequate.
const ADEQUATE: f64 = 0.98;
/// Turns at the end of a pass by which recovery from wrong priors is judged, and how near it must come.
const LATE: usize = 1_000;
const NEAR: f64 = 0.03;

fn main() {
    let Some(folder) = std::env::var_os("ANTIPHON_DATA") else {
        println!("skipped: ANTIPHON_DATA names no data folder");
        return;
    };
    if cfg!(debug_assertions) {
        println!("(a debug build: the figures are the same, but take long)");
    }
    println!(
        "Ours learns from other prompts of the same log (in-domain); the published routers it stands beside saw"
    );
    println!("none of them (zero-shot): no contest between equals. Chance: APGR 0.500.\n");
    let folder = PathBuf::from(folder).join("replay");
    if let Some(log) = read(&folder, "mmlu.jsonl") {
        orders("MMLU", &log, &[(300, 0.627), (1_500, 0.651)], 0.603);
        recovery("MMLU", &log);
    }
    if let Some(log) = read(&folder, "gsm8k.jsonl") {
        orders("GSM8K", &log, &[(600, 0.657)], 0.622);
    }
    if let Some(log) = read(&folder, "paretobandit_val.jsonl") {
        passes(&log);
        recovery("ParetoBandit", &log);
    }
}

/// `None`, and a line that says so, where there is no such log.
fn read(folder: &Path, name: &str) -> Option<Log> {
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(Log::read(&text)),
        Err(e) => {
            println!("skipped: {}: {e}\n", path.display());
            None
        }
    }
}

fn verdict(met: bool) -> &'static str {
    match met {
        true => "met",
        false => "MISSED",
    }
}

/// 0, 1, 2 … : each model is given its own priors.
fn own(log: &Log) -> Vec<usize> {
    (0..log.models.len()).collect()
}

/// Mean success of each model over the log.
fn singles(log: &Log) -> Vec<f64> {
    let mean = |arm: usize| {
        let rewards = log.tasks.iter().filter_map(|task| task.arms[arm]);
        rewards.map(|answer| answer.reward).sum::<f64>() / log.tasks.len() as f64
    };
    own(log).into_iter().map(mean).collect()
}

/// The place of the highest figure.
fn most(figures: impl Iterator<Item = f64>) -> usize {
    let best = figures.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or(0, |(place, _)| place)
}

fn orders(name: &str, log: &Log, sizes: &[(usize, f64)], published: f64) {
    let rows = [
        ("random", Scorer::Random, Feedback::Full),
        ("length alone", Scorer::Length, Feedback::Full),
        (
            "the named subject alone, k = 20",
            Scorer::Named,
            Feedback::Full,
        ),
        ("ours, told the subject", Scorer::OursNamed, Feedback::Full),
        (
            "ours, one answer seen of each prompt",
            Scorer::Ours,
            Feedback::Bandit,
        ),
        ("ours, by its own reading", Scorer::Ours, Feedback::Full),
    ];
    // One name for all prompts tells nothing.
    let named = log
        .tasks
        .iter()
        .any(|task| task.named != log.tasks[0].named);
    let success = singles(log);
    let strong = most(success.iter().copied());
    let weak = most(success.iter().map(|success| -success));
    let priors = priors_from_others(log, &own(log));
    println!(
        "{name}: {} prompts, {} or {}; best published router {published}",
        log.tasks.len(),
        log.models[strong],
        log.models[weak]
    );
    println!(
        "{:<40}{:>7}{:>8}{:>8}{:>8}{:>9}",
        "", "labels", "APGR", "CPT50", "CPT80", "spread"
    );
    for (labels, bar) in sizes {
        for (row, scorer, feedback) in rows {
            if !named && matches!(scorer, Scorer::Named | Scorer::OursNamed) {
                continue;
            }
            let run = |seed| {
                let ordering = Ordering {
                    scorer,
                    feedback,
                    labels: *labels,
                    seed,
                    priors: &priors,
                    strong,
                    weak,
                };
                ordering.run(log)
            };
            let curves: Vec<Curve> = (0..SEEDS).filter_map(run).collect();
            let of = |figure: fn(&Curve) -> f64| mean(curves.iter().map(figure));
            let apgr = of(|curve| curve.apgr);
            let spread = mean(curves.iter().map(|curve| (curve.apgr - apgr).powi(2))).sqrt();
            let beside = match (scorer, feedback) {
                (Scorer::Ours, Feedback::Full) => {
                    format!("   bar {bar}: {}", verdict(apgr >= *bar))
                }
                _ => String::new(),
            };
            println!(
                "{row:<40}{labels:>7}{apgr:>8.3}{:>8.3}{:>8.3}{spread:>9.3}{beside}",
                of(|curve| curve.cpt50),
                of(|curve| curve.cpt80)
            );
        }
    }
    println!();
}

/// One pass per seed, with the priors of the models in `given_to`.
fn pass(log: &Log, given_to: &[usize], seeds: u64) -> Vec<Outcome> {
    let priors = priors_from_others(log, given_to);
    let costs = mean_costs(log);
    let run = |seed| {
        let pass = Pass {
            policy: Policy::Ours,
            seed,
            priors: &priors,
            threshold: THRESHOLD,
            costs: &costs,
        };
        pass.run(log)
    };
    (0..seeds).map(run).collect()
}

fn passes(log: &Log) {
    println!(
        "ParetoBandit: {} prompts, only the chosen answer seen, threshold {THRESHOLD}, {PASSES} seeds",
        log.tasks.len()
    );
    println!("{:<40}{:>10}{:>14}", "", "success", "$ per 1,000");
    let (success, costs) = (singles(log), mean_costs(log));
    let row =
        |name: &str, success: f64, cost: f64| println!("{name:<40}{success:>10.4}{cost:>14.3}");
    for (model, (success, cost)) in log.models.iter().zip(success.iter().zip(&costs)) {
        row(&format!("always {model}"), *success, cost * 1e3);
    }
    let outcomes = pass(log, &own(log), PASSES);
    let ours = mean(outcomes.iter().map(|outcome| outcome.since(0).0));
    let cost = mean(outcomes.iter().map(|outcome| outcome.since(0).1));
    let spread = mean(
        outcomes
            .iter()
            .map(|outcome| (outcome.since(0).0 - ours).powi(2)),
    )
    .sqrt();
    row(&format!("ours (spread over seeds {spread:.4})"), ours, cost);
    let best = most(success.iter().copied());
    let adequate = (0..success.len()).filter(|arm| success[*arm] >= ADEQUATE * success[best]);
    let single = adequate
        .min_by(|a, b| costs[*a].total_cmp(&costs[*b]))
        .unwrap_or(best);
    println!(
        "not below {}, the cheapest adequate single: {}",
        log.models[single],
        verdict(ours >= success[single])
    );
    let (kept, share) = (ours / success[best], cost / (costs[best] * 1e3));
    println!(
        "98 % of the best single's success at under 5 % of its cost: {:.1} % at {:.1} %: {}\n",
        100.0 * kept,
        100.0 * share,
        verdict(kept >= ADEQUATE && share < 0.05)
    );
}

/// Every model is given the priors of the next, of the one after that, and so on.
fn recovery(name: &str, log: &Log) {
    let models = log.models.len();
    let late = |given_to: &[usize]| {
        let outcomes = pass(log, given_to, SEEDS);
        mean(
            outcomes
                .iter()
                .map(|outcome| outcome.since(outcome.rewards.len().saturating_sub(LATE)).0),
        )
    };
    let unspoiled = late(&own(log));
    println!(
        "{name}: priors of other models, success over the last {LATE} turns; unspoiled {unspoiled:.4}"
    );
    for by in 1..models {
        let given: Vec<usize> = (0..models).map(|arm| (arm + by) % models).collect();
        let found = late(&given);
        let points = 100.0 * (unspoiled - found);
        println!(
            "{:<40}{found:>8.4}   {points:.1} points below: {}",
            format!("shifted by {by}"),
            verdict(found >= unspoiled - NEAR)
        );
    }
    println!();
}

/// 0 of none.
fn mean(figures: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = figures.fold((0.0, 0_u32), |(sum, n), figure| (sum + figure, n + 1));
    sum / f64::from(n.max(1))
}
