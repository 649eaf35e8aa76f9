//! Why something did not work, in kinds that the user and the learning store tell apart.

use super::ids::Millis;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why something did not work: what happened, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub category: Category,
    /// What happened, in one line, without secrets.
    pub message: String,
    /// What the user can do, in one line; may be empty.
    pub next: String,
    /// When a limit ends, if the server said so.
    pub until: Option<Millis>,
}

impl Failure {
    /// A failure without an end time.
    pub fn new(category: Category, message: impl Into<String>, next: impl Into<String>) -> Failure {
        Failure {
            category,
            message: message.into(),
            next: next.into(),
            until: None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.category, self.message)?;
        if !self.next.is_empty() {
            write!(f, " · {}", self.next)?;
        }
        Ok(())
    }
}

/// The kinds of failure, as the user and the learning store tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    RateLimit,
    Overloaded,
    Auth,
    Quota,
    ContextOverflow,
    Refused,
    BadRequest,
    Network,
    Timeout,
    CutOff,
    Parse,
    /// The model or its server cannot do what was asked, such as read images.
    CapabilityMismatch,
    /// A tool of an agent failed.
    ToolError,
    /// A program, model or key that is not there.
    Missing,
    /// A process that ended by itself.
    Exited,
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Category::RateLimit => "rate limit",
            Category::Overloaded => "overloaded",
            Category::Auth => "auth",
            Category::Quota => "quota",
            Category::ContextOverflow => "context overflow",
            Category::Refused => "refused",
            Category::BadRequest => "bad request",
            Category::Network => "network",
            Category::Timeout => "timeout",
            Category::CutOff => "cut off",
            Category::Parse => "parse",
            Category::CapabilityMismatch => "capability mismatch",
            Category::ToolError => "tool error",
            Category::Missing => "missing",
            Category::Exited => "exited",
        })
    }
}
