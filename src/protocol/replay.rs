//! A log replayed under several policies: what is asked for, and what came of it.

use serde::{Deserialize, Serialize};

/// How a log is to be replayed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayPlan {
    /// Prompts that are learnt from before the others are put in order, one or more sizes; empty: what fits the log.
    pub labels: Vec<usize>,
    /// Runs of each, with the seeds 0, 1, 2, …; figures are their means.
    pub seeds: u64,
    /// What the lower bound of success must reach, 0 to 1.
    pub threshold: f64,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplayReport {
    pub prompts: usize,
    /// Lines that were left out: their number, from 1, and why.
    pub faults: Vec<(usize, String)>,
    pub seeds: u64,
    pub models: Vec<ReplayModel>,
    /// Which of the models is the strong and which the weak one of `orders`; `None` where there are not two that differ.
    pub pair: Option<(String, String)>,
    pub orders: Vec<ReplayOrder>,
    pub passes: Vec<ReplayPass>,
    /// What quality costs, where the log has costs.
    pub equal: Option<ReplayEqual>,
}

/// One model of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayModel {
    pub model: String,
    pub answers: usize,
    /// Mean reward of its answers, 0 to 1, and their mean cost in dollars.
    pub success: f64,
    pub cost: Option<f64>,
}

/// Some prompts learnt from, all others put in the order in which the strong model should have them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayOrder {
    pub policy: String,
    /// `full` (how every model did is seen) or `bandit` (how one did, chosen by chance).
    pub feedback: String,
    pub labels: usize,
    /// The mean share of the gap recovered over all shares of prompts sent to the strong model; chance gives 0.5. Then
    /// the least shares that recover 50 % and 80 %.
    pub apgr: f64,
    pub cpt50: f64,
    pub cpt80: f64,
    /// Standard deviation of `apgr` over the seeds.
    pub spread: f64,
}

/// All prompts once, each to the model that the policy chooses; only that answer is seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayPass {
    pub policy: String,
    /// Prompts that were answered: all, but of one's own history those where the policy chose what was chosen then.
    pub answered: f64,
    /// Mean reward, and that of the newest third.
    pub success: f64,
    pub success_late: f64,
    /// Dollars per thousand prompts.
    pub cost: Option<f64>,
    /// What the best model for each prompt would have gained beyond that, per prompt; `None` where it is not known.
    pub regret: Option<f64>,
    /// The share of prompts that went to another model than the first, so as to learn of it.
    pub tried: f64,
}

/// The least that 98 % of the best single model's success costs, as shares of the best model's cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayEqual {
    pub best: String,
    /// The cheapest single model that reaches it.
    pub single: String,
    pub single_share: f64,
    /// The learner, at the threshold at which it reaches it most cheaply; `None`: at none that was tried.
    pub ours_share: Option<f64>,
    pub ours_threshold: Option<f64>,
}
