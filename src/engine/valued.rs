//! Suggestions as faces ask for them: one or many, for tasks of which more is said than the prompt.

use super::accept::check_length;
use super::forks::Result;
use super::session::Session;
use super::state::State;
use super::suggest::{self, Asked};
use super::{calibrate, records};
use crate::catalog::Ability;
use crate::learning::{self, Reading};
use crate::protocol::{BatchTask, BudgetTier, Refusal, Suggestion, Task, TaskValue};

/// The most tasks of one batch.
const MOST: usize = 10_000;
/// Candidates that are told of each task of a batch.
const FIRST: usize = 3;

/// Which models may be suggested.
pub struct Limits {
    pub budget: BudgetTier,
    pub exclude: Vec<String>,
    pub require: Vec<Ability>,
    /// Tokens; `None`: what the prompt and its conversation have.
    pub min_window: Option<u64>,
}

impl Limits {
    /// # Errors
    /// A word that is no ability; a model to be left out that nobody knows, since it may be one misspelt.
    pub fn new(
        state: &State,
        budget: BudgetTier,
        exclude: Vec<String>,
        require: &[String],
        min_window: Option<u64>,
    ) -> Result<Limits> {
        let known = |name: &String| {
            let mut reachable = state.reachable.iter();
            state.catalog.find(name).is_some()
                || reachable.any(|(model, _)| state.catalog.same(model, name))
        };
        if let Some(name) = exclude.iter().find(|name| !known(name)) {
            return Err(Refusal::new(
                format!("there is no model `{name}` to leave out"),
                "antiphon models lists them",
            ));
        }
        let require = require
            .iter()
            .map(|ability| ability.parse::<Ability>())
            .collect::<std::result::Result<Vec<_>, String>>()
            .map_err(|what| Refusal::new(what, ""))?;
        Ok(Limits {
            budget,
            exclude,
            require,
            min_window,
        })
    }
}

/// Models in order for a task.
///
/// # Errors
/// Too long a prompt, or a word of the task that is not known.
pub fn suggest(
    state: &State,
    prompt: &str,
    session: Option<&Session>,
    task: &Task,
    limits: &Limits,
) -> Result<Suggestion> {
    check_length(prompt)?;
    let value = match task.is_empty() {
        true => None,
        false => {
            let reading = records::read(state, session.map(|s| s.view.id), prompt);
            Some(value(state, task, &reading)?)
        }
    };
    let asked = Asked {
        prompt,
        session,
        budget: limits.budget,
        exclude: limits.exclude.clone(),
        require: limits.require.clone(),
        min_window: limits.min_window,
        threshold: value.as_ref().map(|value| value.threshold),
        tags: task.labels.iter().map(String::as_str).collect(),
    };
    Ok(Suggestion {
        value,
        ..suggest::suggest(state, asked)
    })
}

/// The same for many tasks, in their order, with the first candidates of each only. One that is not in order says so in
/// its place, and takes nothing from the others.
///
/// # Errors
/// Too many.
pub fn batch(state: &State, tasks: &[BatchTask], limits: &Limits) -> Result<Vec<Suggestion>> {
    if tasks.len() > MOST {
        return Err(Refusal::new(
            format!("{} tasks are too many at once", tasks.len()),
            format!("send {MOST} at most"),
        ));
    }
    let one = |BatchTask { prompt, task }: &BatchTask| {
        let mut found =
            suggest(state, prompt, None, task, limits).unwrap_or_else(|refusal| Suggestion {
                fault: Some(refusal.what),
                ..Suggestion::default()
            });
        found.candidates.truncate(FIRST);
        found
    };
    Ok(tasks.iter().map(one).collect())
}

fn value(state: &State, task: &Task, reading: &Reading) -> Result<TaskValue> {
    learning::value(
        &calibrate::value_table(state),
        task,
        reading.complexity.score,
        &reading.tags,
    )
    .map_err(|what| Refusal::new(what, "antiphon config default shows the table: [value]"))
}
