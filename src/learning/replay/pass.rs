//! One pass over a log in random order: each prompt goes to the model a policy chooses, and only that answer is seen.

use crate::catalog::plain_name;
use crate::learning::blend::{USUAL, blended};
use crate::learning::learner::Learner;
use crate::learning::posterior::{Belief, Beliefs};
use crate::learning::prior::Priors;
use crate::learning::replay::chance::Chance;
use crate::learning::replay::log::{Log, Task};
use crate::learning::replay::task::{observation, question};
use crate::learning::rule::{FAILURE, Offer, Rank, Terms, order, trial};

/// The share of prompts that the 70/30 policy sends anywhere, as its origin does.
const BLEND_TRIES: f64 = 0.03;

/// Nano-dollars of a dollar.
const DOLLAR: f64 = 1e9;

/// How a model is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Always the same, by its place in [`Log::models`].
    Single(usize),
    Random,
    /// Longer prompts to the better half of the models by prior, shorter ones to the cheaper half.
    Length,
    /// The rule on priors alone.
    PriorOnly,
    /// Highest blend of prior and own rate, 3 % anywhere.
    Blend,
    /// The learner, its rule and its trials.
    Ours,
}

/// One pass.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a> {
    pub policy: Policy,
    pub seed: u64,
    pub priors: &'a Priors,
    /// What the lower bound of success must reach.
    pub threshold: f64,
    /// Expected cost of an answer by model, in dollars: what a price list tells beforehand.
    pub costs: &'a [f64],
}

/// What came of a pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Reward and cost of each prompt in the order they came.
    pub rewards: Vec<f64>,
    pub costs: Vec<f64>,
    /// How often each model was chosen.
    pub chosen: Vec<u32>,
    /// How often another than the first was tried.
    pub tried: u32,
}

impl Outcome {
    /// Mean reward and dollars per thousand prompts of the prompts from `first` on.
    pub fn since(&self, first: usize) -> (f64, f64) {
        let first = first.min(self.rewards.len());
        let mean =
            |all: &[f64]| all[first..].iter().sum::<f64>() / (all.len() - first).max(1) as f64;
        (mean(&self.rewards), mean(&self.costs) * 1_000.0)
    }
}

impl Pass<'_> {
    pub fn run(&self, log: &Log) -> Outcome {
        let plain: Vec<String> = log.models.iter().map(|name| plain_name(name)).collect();
        let mut chance = Chance::new(self.seed);
        let order = chance.order(log.tasks.len());
        let mut learner = Learner::default();
        let mut outcome = Outcome {
            chosen: vec![0; log.models.len()],
            ..Outcome::default()
        };
        let middle = median_length(log);
        for at in order {
            let task = &log.tasks[at];
            let (chosen, tried) = match self.policy {
                Policy::Single(arm) => (arm, false),
                Policy::Random => (chance.below(plain.len()), false),
                Policy::Length => (self.by_length(task, middle, &plain), false),
                Policy::PriorOnly => (
                    self.by_rule(task, &Learner::default(), &plain, 1.0).0,
                    false,
                ),
                Policy::Blend if chance.share() < BLEND_TRIES => (chance.below(plain.len()), true),
                Policy::Blend => (self.by_blend(task, &learner, &plain), false),
                Policy::Ours => self.by_rule(task, &learner, &plain, chance.share()),
            };
            let Some(answer) = task.arms[chosen] else {
                continue;
            };
            outcome.rewards.push(answer.reward);
            outcome.costs.push(answer.cost.unwrap_or(0.0));
            outcome.chosen[chosen] += 1;
            outcome.tried += u32::from(tried);
            if matches!(self.policy, Policy::Blend | Policy::Ours) {
                learner.observe(&observation(
                    task,
                    &log.models[chosen],
                    answer.reward,
                    false,
                ));
            }
        }
        outcome
    }

    /// As [`Learner::suggest`] chooses, but of the models and at the costs of the log.
    fn by_rule(
        &self,
        task: &Task,
        learner: &Learner,
        plain: &[String],
        chance: f64,
    ) -> (usize, bool) {
        let beliefs = Beliefs::new(self.priors, learner.results());
        let question = question(task, &task.tags);
        let offer = |(arm, plain): (usize, &String)| {
            let Belief {
                success,
                lower,
                upper,
                ..
            } = learner.belief(&beliefs, plain, &question);
            Offer {
                success,
                lower,
                upper,
                cost: self.costs[arm] * DOLLAR,
                barred: None,
            }
        };
        let offers: Vec<Offer> = plain.iter().enumerate().map(offer).collect();
        let terms = Terms {
            threshold: self.threshold,
            failure: FAILURE,
            used: 0.0,
            complexity: task.complexity,
        };
        let places: Vec<(usize, Rank)> = order(&offers, &terms);
        match trial(&offers, &places, &terms, beliefs.trust().weight, chance) {
            Some(trial) => (places[trial.place].0, true),
            None => (places[0].0, false),
        }
    }

    fn by_blend(&self, task: &Task, learner: &Learner, plain: &[String]) -> usize {
        let success = |arm: usize| {
            let prior = self.priors.get(&plain[arm], &task.category).success;
            let cell = learner.results().cell(&plain[arm], &task.category);
            blended(prior, &cell, USUAL)
        };
        best(plain.len(), success)
    }

    fn by_length(&self, task: &Task, middle: u32, plain: &[String]) -> usize {
        let prior = |arm: usize| self.priors.get(&plain[arm], &task.category).success;
        match task.length > middle {
            true => best(plain.len(), prior),
            false => best(plain.len(), |arm| -self.costs[arm]),
        }
    }
}

/// The first of those with the highest figure.
fn best(n: usize, figure: impl Fn(usize) -> f64) -> usize {
    (0..n).fold(0, |best, arm| {
        if figure(arm) > figure(best) {
            arm
        } else {
            best
        }
    })
}

fn median_length(log: &Log) -> u32 {
    let mut lengths: Vec<u32> = log.tasks.iter().map(|task| task.length).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}
