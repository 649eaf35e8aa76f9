//! What a session asks its user, and what can be answered.

use super::ids::{AskId, Millis};
use serde::{Deserialize, Serialize};

/// A question put to the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub id: AskId,
    pub kind: AskKind,
    /// One line, such as `Bash` or `over budget`.
    pub title: String,
    /// What exactly is asked, such as the command to be run; may have several lines.
    pub detail: String,
    pub since: Millis,
    /// For [`AskKind::Question`]: the answers that are offered. Words of one's own are always possible.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Whether several of the choices can be taken.
    #[serde(default)]
    pub multiple: bool,
    /// For [`AskKind::Approval`]: whether [`Decision::Always`] allows more than [`Decision::Once`].
    #[serde(default)]
    pub always: bool,
    /// Whether it stands on a program's own screen, and can be answered only there.
    #[serde(default)]
    pub on_screen: bool,
}

/// An answer that is offered to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub label: String,
    /// What it means; possibly empty.
    pub detail: String,
}

/// What a question is about, and so which decisions fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    /// A tool wants to run: once, always for this session, or not.
    Approval,
    /// The agent asks something: [`Decision::Answer`], or no.
    Question,
    /// The agent wants its user to log in; it is done in a terminal, and nothing can be decided here.
    Login,
    /// A prompt would pass the budget: send it anyway, or take it back.
    Budget,
}

/// The answer to an [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Once,
    /// For the rest of this session. For [`AskKind::Budget`] the same as `Once`.
    Always,
    /// With words for the model, possibly empty.
    No {
        message: String,
    },
    /// To a [`AskKind::Question`]: labels of its choices, or words of one's own. Not empty.
    Answer {
        answers: Vec<String>,
    },
}
