//! What the engine tells of its learning: what is believed, from what, and what changed it.

use super::ids::{Millis, TurnId};
use super::money::Nano;
use serde::{Deserialize, Serialize};

/// Turns of one kind with one model below which nothing is advised.
pub const ADVISED_FROM: u64 = 5;

/// Everything learnt, as it stands now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// Results that were learnt from.
    pub results: u64,
    /// How far the benchmarks proved right for this user, 0 to 1; 1 as well where too little is known to tell.
    pub trust: f64,
    /// What the lower bound of success must reach, 0 to 1.
    pub threshold: f64,
    /// By model and category, those with results first, the newest changed first.
    pub beliefs: Vec<BeliefView>,
    /// Newest first.
    pub changes: Vec<Adjustment>,
    /// Those that wait for review first, then the newest.
    pub learnings: Vec<Learning>,
}

/// What is believed of one model in one category.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BeliefView {
    /// Its key in the catalogue.
    pub model: String,
    pub category: String,
    /// Expected share of good answers, 0 to 1, and the 20th and 80th percentile of what it may be.
    pub success: f64,
    pub lower: f64,
    pub upper: f64,
    /// What was expected before the first result, and from what: `6 benchmarks`, `claude-opus-4-8`, …
    pub prior: f64,
    pub ground: String,
    /// This user's results: successes (parts of one are possible) of so many.
    pub successes: f64,
    pub seen: u32,
    /// What these are worth, in ratings: what was only seen counts for less, and what is long ago.
    #[serde(default)]
    pub worth: f64,
    /// How the newest results differ from those before, −1 to 1, and in how many standard deviations. `None`: too few.
    pub drift: Option<Drift>,
    /// Whether the model is still in the catalogue.
    pub known: bool,
}

/// A change of a model's success in the course of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The share of good answers among the newest, less that among the older ones.
    pub change: f64,
    /// The same in standard deviations of what chance would do.
    pub deviations: f64,
}

/// What was learnt from one turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceView {
    /// Its place in the log.
    pub seq: u64,
    /// `None`: it came from another store.
    pub turn: Option<TurnId>,
    pub at: Millis,
    pub model: String,
    pub category: String,
    pub tags: Vec<String>,
    pub complexity: u8,
    pub features: Vec<f32>,
    /// 0 to 1, and how sure that is, 0 to 1.
    pub success: f64,
    pub weight: f64,
}

/// A figure of the learning that was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    pub id: u64,
    pub at: Millis,
    pub kind: AdjustmentKind,
    /// Which of its kind: `debug/complex`, `backend`, …
    pub what: String,
    pub old: f64,
    pub new: f64,
    pub reason: String,
    /// How sure it is that the new figure is nearer the truth than the old, 0 to 1.
    pub confidence: f64,
}

/// What an [`Adjustment`] changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// Output tokens expected, by category and complexity.
    Tokens,
    /// A factor of the value of a task, by complexity.
    Complexity,
    /// A factor of the value of a task, by domain.
    Domain,
    /// The number of results, by what was forgotten.
    Forgotten,
    /// The number of results, by what was imported.
    Imported,
}

impl AdjustmentKind {
    pub const ALL: [AdjustmentKind; 5] = [
        AdjustmentKind::Tokens,
        AdjustmentKind::Complexity,
        AdjustmentKind::Domain,
        AdjustmentKind::Forgotten,
        AdjustmentKind::Imported,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            AdjustmentKind::Tokens => "tokens",
            AdjustmentKind::Complexity => "complexity",
            AdjustmentKind::Domain => "domain",
            AdjustmentKind::Forgotten => "forgotten",
            AdjustmentKind::Imported => "imported",
        }
    }
}

/// A rule that follows from results: to take a model for a kind of prompt, or not to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    pub id: u64,
    pub at: Millis,
    pub rule: Rule,
    /// The rule in words.
    pub text: String,
    /// The share of results that bear it out, 0 to 1, of `n`.
    pub success: f64,
    pub n: u32,
    pub tier: Tier,
    pub state: LearningState,
}

/// What a [`Learning`] says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub advice: RuleAdvice,
    /// Its key in the catalogue.
    pub model: String,
    pub category: String,
    /// Only where the prompt or its project has this tag.
    pub tag: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleAdvice {
    Prefer,
    Avoid,
}

impl Rule {
    /// What tells it from others, such as `prefer debug claude-haiku-4-5`.
    pub fn key(&self) -> String {
        let advice = match self.advice {
            RuleAdvice::Prefer => "prefer",
            RuleAdvice::Avoid => "avoid",
        };
        match &self.tag {
            Some(tag) => format!("{advice} {}+{tag} {}", self.category, self.model),
            None => format!("{advice} {} {}", self.category, self.model),
        }
    }
}

/// What is done with a learning when it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// It is applied.
    Auto,
    /// It is applied, and every suggestion that it changes says so.
    Noted,
    /// It waits until the user has looked at it.
    Review,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearningState {
    /// In force without having been asked for.
    Applied,
    Waiting,
    /// In force because the user said so.
    Approved,
    Rejected,
    /// Was in force until later results spoke against it.
    Withdrawn,
}

/// What cheaper models would have cost, from the turns of this store alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    pub days: u32,
    /// Turns looked at, those whose cost is known.
    pub turns: u64,
    pub spent: Nano,
    /// The largest saving first.
    pub rows: Vec<AdviceRow>,
}

/// One kind of prompt that one model answered and another could have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdviceRow {
    pub category: String,
    /// Keys in the catalogue.
    pub model: String,
    pub instead: String,
    pub turns: u64,
    pub spent: Nano,
    /// What `instead` would have cost, and the 10th and 90th percentile of that.
    pub cost: Nano,
    pub cost_low: Nano,
    pub cost_high: Nano,
    /// Success of `instead` less that of `model`, and the 10th and 90th percentile of it.
    pub difference: f64,
    pub difference_low: f64,
    pub difference_high: f64,
    /// This user's results of either in this category.
    pub seen: u32,
    pub seen_instead: u32,
    pub verdict: Verdict,
    /// One true line.
    pub text: String,
}

/// What this user's results say of one model beside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As good or better, as far as can be told.
    Same,
    /// It may be worse; nobody has tried often enough to tell.
    Unknown,
    /// Worse.
    Worse,
}

/// A wish to change what is learnt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "learn")]
pub enum LearnChange {
    /// → [`super::Answer::Adjustments`] with what was forgotten
    Forget { what: Forget },
    /// Results of another store; those that are here already are passed over. → [`super::Answer::Adjustments`]
    Import { results: Vec<EvidenceView> },
    /// Fits what is expected to what was seen. → [`super::Answer::Adjustments`], empty where nothing is far off
    Calibrate,
    /// Puts a learning in force, whatever became of it. → [`super::Answer::Learnings`]
    Approve { learning: u64 },
    /// Takes a learning out of force, for good. → [`super::Answer::Learnings`]
    Reject { learning: u64 },
}

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Forget {
    /// Results of a model, of a category, or of the one in the other.
    Results {
        model: Option<String>,
        category: Option<String>,
    },
    /// All that calibrations changed.
    Calibration,
    Learnings,
    /// What was learnt from corrections of categories.
    Corrections,
    All,
}
