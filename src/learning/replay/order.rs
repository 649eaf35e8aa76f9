//! Full view: some prompts are learnt from, and all others put in the order in which the strong model should have them.

use crate::learning::learner::Learner;
use crate::learning::posterior::{Beliefs, Question};
use crate::learning::prior::Priors;
use crate::learning::replay::chance::Chance;
use crate::learning::replay::log::{Log, Task};
use crate::learning::replay::measure::{Curve, Scored, curve};
use crate::learning::replay::rates::Rates;
use crate::learning::replay::task::{observation, question, tags};

/// How prompts are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scorer {
    /// By chance.
    Random,
    /// The longer the prompt, the more the strong model is worth.
    Length,
    /// By priors alone.
    PriorOnly,
    /// 70 % prior, 30 % this user's rate in the category.
    Blend,
    /// Success rates of the kind of task the log names, shrunk with k = 20. No policy for real prompts, which nobody
    /// names: it says what the names are worth.
    Named,
    /// The learner.
    Ours,
    /// The learner, told the kind of task the log names as a tag.
    OursNamed,
}

/// What is seen of a prompt that is learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feedback {
    /// How every model did.
    Full,
    /// How one did, chosen by chance.
    Bandit,
}

/// One ordering of a log.
#[derive(Clone, Copy, Debug)]
pub struct Ordering<'a> {
    pub scorer: Scorer,
    pub feedback: Feedback,
    /// Prompts that are learnt from.
    pub labels: usize,
    pub seed: u64,
    pub priors: &'a Priors,
    /// Places in [`Log::models`].
    pub strong: usize,
    pub weak: usize,
}

impl Ordering<'_> {
    /// The curve over all prompts that are not learnt from; `None` without such, or without a gap.
    pub fn run(&self, log: &Log) -> Option<Curve> {
        let order = Chance::new(self.seed).order(log.tasks.len());
        let (known, asked) = order.split_at(self.labels.min(order.len()));
        let scores = self.scores(log, known, asked);
        let mut scored: Vec<Scored> = asked
            .iter()
            .zip(scores)
            .filter_map(|(at, score)| {
                let arms = &log.tasks[*at].arms;
                Some(Scored {
                    score,
                    weak: arms[self.weak]?.reward,
                    strong: arms[self.strong]?.reward,
                })
            })
            .collect();
        curve(&mut scored)
    }

    fn scores(&self, log: &Log, known: &[usize], asked: &[usize]) -> Vec<f64> {
        let mut chance = Chance::new(!self.seed);
        let tasks = asked.iter().map(|at| &log.tasks[*at]);
        match self.scorer {
            Scorer::Random => tasks.map(|_| chance.share()).collect(),
            Scorer::Length => tasks.map(|task| f64::from(task.length)).collect(),
            Scorer::PriorOnly => self.learner(log, &[], tasks, false),
            Scorer::Ours => self.learner(log, known, tasks, false),
            Scorer::OursNamed => self.learner(log, known, tasks, true),
            Scorer::Named => self.named(log, known, tasks),
            Scorer::Blend => self.blend(log, known, tasks),
        }
    }

    /// The answers that are seen of the prompts that are learnt from: (prompt, model).
    fn seen(&self, log: &Log, known: &[usize]) -> Vec<(usize, usize)> {
        let mut chance = Chance::new(self.seed.wrapping_add(1) << 32);
        let arms = log.models.len();
        known
            .iter()
            .flat_map(|at| match self.feedback {
                Feedback::Full => (0..arms).map(|arm| (*at, arm)).collect::<Vec<_>>(),
                Feedback::Bandit => vec![(*at, chance.below(arms))],
            })
            .collect()
    }

    fn learner<'t>(
        &self,
        log: &Log,
        known: &[usize],
        tasks: impl Iterator<Item = &'t Task>,
        named: bool,
    ) -> Vec<f64> {
        let mut learner = Learner::default();
        for (at, arm) in self.seen(log, known) {
            let task = &log.tasks[at];
            if let Some(answer) = task.arms[arm] {
                learner.observe(&observation(task, &log.models[arm], answer.reward, named));
            }
        }
        let beliefs = Beliefs::new(self.priors, learner.results());
        let of = |arm: usize, question: &Question| {
            let plain = crate::catalog::plain_name(&log.models[arm]);
            learner.belief(&beliefs, &plain, question).success
        };
        tasks
            .map(|task| {
                let tags = tags(task, named);
                let question = question(task, &tags);
                of(self.strong, &question) - of(self.weak, &question)
            })
            .collect()
    }

    fn named<'t>(
        &self,
        log: &Log,
        known: &[usize],
        tasks: impl Iterator<Item = &'t Task>,
    ) -> Vec<f64> {
        const LEAN: f64 = 20.0;
        let kind = |task: &'t Task| task.named.as_deref().unwrap_or_default();
        let seen = self.seen(log, known);
        let rates = |arm: usize| Rates::of(&seen, log, arm);
        let (strong, weak) = (rates(self.strong), rates(self.weak));
        tasks
            .map(|task| strong.shrunk(kind(task), LEAN) - weak.shrunk(kind(task), LEAN))
            .collect()
    }

    fn blend<'t>(
        &self,
        log: &Log,
        known: &[usize],
        tasks: impl Iterator<Item = &'t Task>,
    ) -> Vec<f64> {
        let mut learner = Learner::default();
        for (at, arm) in self.seen(log, known) {
            let task = &log.tasks[at];
            if let Some(answer) = task.arms[arm] {
                learner.observe(&observation(task, &log.models[arm], answer.reward, false));
            }
        }
        let of = |arm: usize, task: &Task| {
            let model = &log.models[arm];
            let prior = self
                .priors
                .get(&crate::catalog::plain_name(model), &task.category);
            crate::learning::blend::blended(
                prior.success,
                &learner.results().cell(model, &task.category),
                crate::learning::blend::USUAL,
            )
        };
        tasks
            .map(|task| of(self.strong, task) - of(self.weak, task))
            .collect()
    }
}
