//! A prompt of a log, as the learner is told of it.

use crate::learning::learner::Observation;
use crate::learning::posterior::Question;
use crate::learning::replay::log::Task;

/// The tags a learner is shown; with `named`, the kind of task the log names is one of them.
pub(super) fn tags(task: &Task, named: bool) -> Vec<String> {
    let mut tags = task.tags.clone();
    if let Some(name) = task.named.as_ref().filter(|_| named) {
        tags.push(format!("named {name}"));
    }
    tags
}

pub(super) fn question<'a>(task: &'a Task, tags: &'a [String]) -> Question<'a> {
    Question {
        category: &task.category,
        tags,
        complexity: task.complexity,
        features: &task.features,
    }
}

pub(super) fn observation(task: &Task, model: &str, success: f64, named: bool) -> Observation {
    Observation {
        model: model.to_owned(),
        category: task.category.clone(),
        tags: tags(task, named),
        complexity: task.complexity,
        features: task.features,
        success,
        weight: 1.0,
    }
}
