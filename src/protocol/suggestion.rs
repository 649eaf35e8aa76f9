//! Which model to take next.

use super::{money::Nano, session::Backend, task::TaskValue};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Models in order, best first, for one prompt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What kind of prompt it was taken for, such as `debug`.
    pub category: String,
    pub candidates: Vec<Candidate>,
    /// Whether any candidate's lower bound reached the threshold; if not, the order is by affordable success.
    pub reached: bool,
    /// What the task is worth, where something was said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<TaskValue>,
    /// Set where the first candidate is not the best but about as good, put first so that something is learnt of it:
    /// how probable that was, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<f64>,
    /// Of one task of many: why nothing can be suggested for it, such as a priority that is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// One model, and what is expected of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub model: String,
    pub backend: Backend,
    /// Expected share of good answers, 0 to 1, and its lower credible bound.
    pub success: f64,
    pub lower: f64,
    /// Results of this user behind the figure.
    pub seen: u32,
    /// Expected cost of this prompt; `None`: no price is known.
    pub cost: Option<Nano>,
    /// One true line.
    pub reason: String,
}

/// How dear a suggested model may be, by its price per million input tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetTier {
    /// Up to $1.
    Low,
    /// Up to $5.
    Medium,
    /// $2 to $20.
    High,
    #[default]
    Any,
}

impl FromStr for BudgetTier {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "low" => Ok(BudgetTier::Low),
            "medium" => Ok(BudgetTier::Medium),
            "high" => Ok(BudgetTier::High),
            "any" => Ok(BudgetTier::Any),
            _ => Err(format!(
                "`{text}` is not a budget tier: expected low, medium, high or any"
            )),
        }
    }
}
