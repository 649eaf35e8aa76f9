//! A log to replay: for each prompt, how good each model's answer was and what it cost. One JSON object a line:
//! `{"prompt": …, "category" or "source": …, "arms": {model: {"reward": 0 to 1, "cost": dollars}}}`; category, source
//! and costs may be left out.

use crate::learning::corrections::Corrections;
use crate::learning::features::Features;
use crate::learning::reading::read;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One prompt of a log, as far as a replay needs it; its text is not kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// As our own reading says.
    pub category: String,
    pub tags: Vec<String>,
    pub complexity: u8,
    pub features: Features,
    /// Characters of the prompt.
    pub length: u32,
    /// The kind of task the log itself names, if it does. Never shown to a policy but the one that says so.
    pub named: Option<String>,
    /// By place in [`Log::models`]; `None`: the model did not answer.
    pub arms: Vec<Option<Arm>>,
}

/// How one model did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arm {
    /// 0 to 1.
    pub reward: f64,
    /// Dollars.
    pub cost: Option<f64>,
}

/// What is wrong with a line that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    pub what: String,
}

/// All prompts of a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// In order of name.
    pub models: Vec<String>,
    pub tasks: Vec<Task>,
    pub faults: Vec<Fault>,
}

#[derive(Deserialize)]
struct Line {
    prompt: String,
    category: Option<String>,
    source: Option<String>,
    arms: BTreeMap<String, Value>,
}

/// A line that could be read, before all models are known.
struct Read {
    line: usize,
    task: Task,
    arms: BTreeMap<String, Arm>,
}

impl Log {
    /// Reads a log. A line that is broken is named in [`Log::faults`] and left out, and so is one that lacks a model
    /// which most lines have; empty lines are nothing.
    pub fn read(text: &str) -> Log {
        let mut faults = Vec::new();
        let mut found = Vec::new();
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            match read_line(line) {
                Ok((task, arms)) => found.push(Read {
                    line: at + 1,
                    task,
                    arms,
                }),
                Err(what) => faults.push(Fault { line: at + 1, what }),
            }
        }
        // One's own history: of each prompt only the answer of the model it was sent to is known.
        let single = found.iter().all(|read| read.arms.len() == 1);
        // Where no model has half of the lines either, each line stands for itself.
        let single = single || usual_models(&found, false).is_empty();
        let models = usual_models(&found, single);
        let mut tasks = Vec::with_capacity(found.len());
        for mut read in found {
            match complete(&models, &read.arms, single) {
                Ok(arms) => {
                    read.task.arms = arms;
                    tasks.push(read.task);
                }
                Err(what) => faults.push(Fault {
                    line: read.line,
                    what,
                }),
            }
        }
        faults.sort_by_key(|fault| fault.line);
        Log {
            models,
            tasks,
            faults,
        }
    }

    /// Whether every answer has a cost.
    pub fn priced(&self) -> bool {
        let mut arms = self
            .tasks
            .iter()
            .flat_map(|task| task.arms.iter().flatten());
        !self.tasks.is_empty() && arms.all(|arm| arm.cost.is_some())
    }
}

fn read_line(line: &str) -> Result<(Task, BTreeMap<String, Arm>), String> {
    let line: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
    if line.arms.is_empty() {
        return Err("`arms` is empty: no model answered".to_owned());
    }
    let mut arms = BTreeMap::new();
    for (model, value) in line.arms {
        let arm = read_arm(&value).map_err(|what| format!("`{model}`: {what}"))?;
        arms.insert(model, arm);
    }
    let reading = read(&line.prompt, &[], &Corrections::default());
    let task = Task {
        category: reading.category.to_owned(),
        tags: reading.labels(),
        complexity: reading.complexity.score,
        features: reading.features,
        length: u32::try_from(line.prompt.chars().count()).unwrap_or(u32::MAX),
        named: line.category.or(line.source),
        arms: Vec::new(),
    };
    Ok((task, arms))
}

fn read_arm(value: &Value) -> Result<Arm, String> {
    let reward = match value.get("reward").map(Value::as_f64) {
        Some(Some(reward)) => reward,
        Some(None) => return Err("`reward` is not a number".to_owned()),
        None => return Err("`reward` is missing".to_owned()),
    };
    if !(0.0..=1.0).contains(&reward) {
        return Err(format!("reward {reward} is not from 0 to 1"));
    }
    let cost = match value.get("cost") {
        None | Some(Value::Null) => None,
        Some(cost) => match cost.as_f64() {
            Some(cost) if cost >= 0.0 => Some(cost),
            _ => return Err(format!("cost {cost} is not an amount of dollars")),
        },
    };
    Ok(Arm { reward, cost })
}

/// The models that at least half of the lines have, in order of name; of a log with one answer to a prompt, where no
/// model need have half, all of them.
fn usual_models(found: &[Read], single: bool) -> Vec<String> {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for model in found.iter().flat_map(|read| read.arms.keys()) {
        *lines.entry(model).or_default() += 1;
    }
    lines
        .into_iter()
        .filter(|(_, lines)| single || 2 * lines >= found.len())
        .map(|(model, _)| model.to_owned())
        .collect()
}

fn complete(
    models: &[String],
    arms: &BTreeMap<String, Arm>,
    single: bool,
) -> Result<Vec<Option<Arm>>, String> {
    let row: Vec<Option<Arm>> = models
        .iter()
        .map(|model| arms.get(model).copied())
        .collect();
    let missing = models.iter().zip(&row).find(|(_, arm)| arm.is_none());
    match missing {
        Some((model, _)) if !single => Err(format!("`{model}` is missing in `arms`")),
        _ => Ok(row),
    }
}
