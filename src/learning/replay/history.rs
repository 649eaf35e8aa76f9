//! One's own turns as a log: features instead of prompts, and of each prompt the answers it was given.

use crate::learning::features::FEATURES;
use crate::learning::replay::log::{Arm, Log, Task};
use crate::protocol::{Nano, Past};
use std::collections::BTreeSet;

/// Nano-dollars of a dollar.
const DOLLAR: f64 = 1e9;

impl Log {
    /// Turns of one broadcast are one prompt with several answers; what was only seen counts like what was rated.
    pub fn of_history(turns: &[Past]) -> Log {
        let names: BTreeSet<&str> = turns.iter().map(|past| past.model.as_str()).collect();
        let models: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut tasks: Vec<Task> = Vec::new();
        let mut broadcast = None;
        for past in turns {
            let together = past.broadcast.is_some() && past.broadcast == broadcast;
            broadcast = past.broadcast;
            if !together || tasks.is_empty() {
                tasks.push(task(past, models.len()));
            }
            let place = models.iter().position(|model| *model == past.model);
            if let (Some(task), Some(place)) = (tasks.last_mut(), place) {
                task.arms[place] = Some(arm(past));
            }
        }
        Log {
            models,
            tasks,
            faults: Vec::new(),
        }
    }
}

fn task(past: &Past, models: usize) -> Task {
    let mut features = [0.0; FEATURES];
    for (figure, kept) in features.iter_mut().zip(&past.features) {
        *figure = *kept;
    }
    Task {
        category: past.category.clone(),
        tags: past.tags.clone(),
        complexity: past.complexity,
        // The first figure is the prompt's length, scaled; only the order of lengths is asked for.
        length: ((features[0] + 10.0) * 1_000.0) as u32,
        features,
        named: None,
        arms: vec![None; models],
    }
}

fn arm(past: &Past) -> Arm {
    let known = past.cost.unpriced == Nano(0);
    Arm {
        reward: past.success.clamp(0.0, 1.0),
        cost: known.then(|| past.cost.counted().0 as f64 / DOLLAR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Backend, Cost, TurnId};

    #[test]
    fn a_broadcast_is_one_prompt() {
        let past = |turn, broadcast, model: &str| Past {
            turn: TurnId(turn),
            at: 0,
            broadcast,
            category: "debug".into(),
            tags: vec![],
            complexity: 20,
            features: vec![0.5; FEATURES],
            model: model.into(),
            backend: Backend::Anthropic,
            success: 1.0,
            weight: 1.0,
            cost: Cost {
                priced: Nano(2_000_000),
                ..Cost::default()
            },
            propensity: None,
        };
        let log = Log::of_history(&[
            past(1, None, "a"),
            past(2, Some(1), "a"),
            past(3, Some(1), "b"),
            past(4, Some(2), "b"),
        ]);
        assert_eq!((log.models.len(), log.tasks.len()), (2, 3));
        assert!(log.tasks[1].arms.iter().all(Option::is_some));
        assert_eq!(log.tasks[2].arms[0], None);
        assert_eq!(log.tasks[0].arms[0].and_then(|arm| arm.cost), Some(0.002));
    }
}
