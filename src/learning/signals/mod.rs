//! What can be seen of an answer without asking: each thing seen is a signal. Four files for the four layers.

mod behaviour;
mod content;
#[cfg(test)]
mod tests;
mod tools;
mod transport;

pub use behaviour::{Next, Place, signals_after};
pub use tools::is_run;
pub use transport::is_infrastructure;

use crate::protocol::{Block, Turn};

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

/// Every signal there is. The weights are chosen, not measured: a test that fails says more than a word of doubt.
const SIGNALS: &[(&str, Layer, f64)] = &[
    // The model could not be reached; or it could, and did not take what was sent.
    ("unavailable", Layer::Availability, 0.0),
    ("not taken", Layer::Availability, 0.0),
    ("refused", Layer::Transport, -6.0),
    ("empty", Layer::Transport, -6.0),
    ("failed", Layer::Transport, -4.0),
    ("cut off", Layer::Transport, -3.0),
    ("far too short", Layer::Transport, -2.5),
    ("stopped by the user", Layer::Transport, -1.0),
    ("declined", Layer::Content, -5.0),
    ("no code", Layer::Content, -2.5),
    ("gave up", Layer::Content, -2.0),
    ("left out parts", Layer::Content, -1.0),
    ("hedges", Layer::Content, -0.5),
    ("sure of itself", Layer::Content, 0.3),
    ("try again", Layer::Behaviour, -3.0),
    ("objection", Layer::Behaviour, -3.0),
    ("same prompt again", Layer::Behaviour, -2.5),
    ("asked another model", Layer::Behaviour, -2.0),
    ("edited and resent", Layer::Behaviour, -1.5),
    ("redirected", Layer::Behaviour, -1.5),
    ("forked before it", Layer::Behaviour, -1.0),
    ("on to the next", Layer::Behaviour, 1.0),
    ("relayed onward", Layer::Behaviour, 1.5),
    ("thanks", Layer::Behaviour, 2.0),
    ("tests failed", Layer::Tools, -3.0),
    ("build failed", Layer::Tools, -2.5),
    ("build passed", Layer::Tools, 1.0),
    ("tests passed", Layer::Tools, 2.5),
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

/// What is seen of a turn that is over, by itself: transport, content, tools. Of one that could not be asked,
/// nothing but that.
pub fn signals_of(turn: &Turn) -> Vec<Signal> {
    let mut names = transport::seen(turn);
    let unasked =
        |name: &&str| Signal::named(name).is_some_and(|signal| signal.layer == Layer::Availability);
    if !names.iter().any(unasked) {
        names.extend(content::seen(turn));
        names.extend(tools::seen(&turn.blocks));
    }
    if names.contains(&"declined") {
        // Which is why it is short.
        names.retain(|name| *name != "far too short");
    }
    names.into_iter().filter_map(Signal::named).collect()
}

/// What tests and builds said that were run by these tool calls, in their order.
pub fn signals_of_tools(blocks: &[Block]) -> Vec<Signal> {
    let names = tools::seen(blocks).into_iter();
    names.filter_map(Signal::named).collect()
}

#[cfg(test)]
mod table {
    use super::*;

    #[test]
    fn every_signal_has_a_name_of_its_own_and_a_fair_weight() {
        for (place, (name, layer, weight)) in SIGNALS.iter().enumerate() {
            assert!(SIGNALS[..place].iter().all(|row| row.0 != *name), "{name}");
            assert!(weight.abs() <= 7.0, "{name}");
            assert_eq!(*layer == Layer::Availability, *weight == 0.0, "{name}");
            assert_eq!(Signal::named(name).map(|signal| signal.name), Some(*name));
        }
        assert_eq!(Signal::named("astrology"), None);
    }
}
