//! What can be seen of an answer without asking: each thing seen is a signal.

use crate::protocol::{Category, Millis, Turn, TurnState};

/// Where a signal was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Whether there is an answer, and whether it is whole.
    Transport,
    /// What the answer says.
    Content,
    /// What the user did next.
    Behaviour,
    /// What tests and builds said that the agent ran.
    Tools,
    /// Nothing of the answer's quality, only whether the model could be reached. Changes no score.
    Availability,
}

/// One thing seen of a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// As it is stored and shown: `tests passed`.
    pub name: &'static str,
    pub layer: Layer,
    /// What it changes at a score of 0 to 10, if nothing else was seen: above 0 it speaks for the answer.
    pub weight: f64,
}

/// Every signal there is.
const SIGNALS: &[(&str, Layer, f64)] = &[
    ("unavailable", Layer::Availability, 0.0),
    ("failed", Layer::Transport, -4.0),
    ("forked before it", Layer::Behaviour, -2.0),
    ("relayed onward", Layer::Behaviour, 1.5),
    ("same prompt again", Layer::Behaviour, -2.5),
];

impl Signal {
    /// The signal of that name, as a store gives it; `None` for one that this version does not know.
    pub fn named(name: &str) -> Option<Signal> {
        let row = SIGNALS.iter().find(|row| row.0 == name)?;
        Some(Signal {
            name: row.0,
            layer: row.1,
            weight: row.2,
        })
    }
}

/// Whether a failure tells of keys, limits, machines and networks, and so nothing of how good a model is.
pub fn is_infrastructure(category: Category) -> bool {
    !matches!(
        category,
        Category::Refused
            | Category::Parse
            | Category::CutOff
            | Category::ToolError
            | Category::CapabilityMismatch
    )
}

/// What is seen of a turn that is over, by itself: transport, content, tools.
pub fn signals_of(turn: &Turn) -> Vec<Signal> {
    let TurnState::Failed(failure) = &turn.state else {
        return Vec::new();
    };
    let name = match is_infrastructure(failure.category) {
        true => "unavailable",
        false => "failed",
    };
    Signal::named(name).into_iter().collect()
}

/// The prompt that came after a turn.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    pub prompt: &'a str,
    /// When it was asked.
    pub at: Millis,
    pub place: Place,
}

/// Where the next prompt was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the same session, right after the turn.
    Session,
    /// In place of the turn: in a fork from before it, or in a conversation that was taken back.
    Instead,
    /// In another session with another model.
    OtherModel,
}

/// What the user's next prompt tells of the turn before it.
pub fn signals_after(turn: &Turn, next: Next<'_>) -> Vec<Signal> {
    let again = turn.prompt.trim() == next.prompt.trim();
    let name = match next.place {
        _ if again => "same prompt again",
        Place::Instead => "forked before it",
        _ => return Vec::new(),
    };
    Signal::named(name).into_iter().collect()
}
