//! What is said of a task on the command line or in a file of tasks.

use crate::error::Error;
use crate::faces::cli::lines;
use crate::faces::cli::out::tell;
use crate::protocol::{BatchTask, Millis, Task};
use clap::Args as Group;
use jiff::{Zoned, civil};
use serde::Deserialize;
use std::io::Read;

const HOUR: f64 = 3_600_000.0;

/// Spans of time that have a name, in hours.
const NAMED: [(&str, f64); 6] = [
    ("immediate", 0.0),
    ("now", 0.0),
    ("today", 24.0),
    ("day", 24.0),
    ("week", 7.0 * 24.0),
    ("month", 30.0 * 24.0),
];

/// Units of a span, in hours.
const UNITS: [(&str, f64); 6] = [
    ("min", 1.0 / 60.0),
    ("m", 1.0 / 60.0),
    ("h", 1.0),
    ("d", 24.0),
    ("w", 7.0 * 24.0),
    ("mo", 30.0 * 24.0),
];

/// What may be said of a task; `antiphon config default` shows the words and what they count (under `[value]`).
#[derive(Clone, Debug, Default, Group, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Said {
    /// P0 to P4
    #[arg(long)]
    pub priority: Option<String>,
    /// simple, moderate, complex or epic; left out: as the prompt reads
    #[arg(long)]
    pub complexity: Option<String>,
    /// When it is due: 90m, 4h, 2d, 1w, 3mo, immediate, today, week, month or a date
    #[arg(long)]
    pub due: Option<String>,
    /// infrastructure, backend, ml, frontend, testing or docs; left out: as labels and prompt read
    #[arg(long)]
    pub domain: Option<String>,
    /// production, staging, development, experimental or sandbox
    #[arg(long)]
    pub risk: Option<String>,
    /// As in a tracker, such as security; with commas, or more than once
    #[arg(long = "label", value_name = "LABEL", value_delimiter = ',')]
    #[serde(alias = "label")]
    pub labels: Vec<String>,
}

impl Said {
    /// In the words of the engine.
    ///
    /// # Errors
    /// A time that is none.
    pub fn task(&self, now: Millis) -> Result<Task, Error> {
        let due_hours = match &self.due {
            Some(text) => Some(due(text, now)?),
            None => None,
        };
        Ok(Task {
            priority: self.priority.clone(),
            complexity: self.complexity.clone(),
            due_hours,
            domain: self.domain.clone(),
            risk: self.risk.clone(),
            labels: self.labels.clone(),
        })
    }

    /// What is said here, and of the rest what is said of all.
    fn or(self, all: &Said) -> Said {
        let labels = [self.labels, all.labels.clone()].concat();
        Said {
            priority: self.priority.or_else(|| all.priority.clone()),
            complexity: self.complexity.or_else(|| all.complexity.clone()),
            due: self.due.or_else(|| all.due.clone()),
            domain: self.domain.or_else(|| all.domain.clone()),
            risk: self.risk.or_else(|| all.risk.clone()),
            labels,
        }
    }
}

/// Hours from now: of a span, of a word, or up to the end of a day.
fn due(text: &str, now: Millis) -> Result<f64, Error> {
    let word = text.trim().to_lowercase();
    if let Some((_, hours)) = NAMED.iter().find(|(name, _)| *name == word) {
        return Ok(*hours);
    }
    let split = word.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    if let Some((number, unit)) = split.map(|at| word.split_at(at))
        && let Ok(number) = number.parse::<f64>()
        && let Some((_, hours)) = UNITS.iter().find(|(name, _)| *name == unit.trim())
    {
        return Ok(number * hours);
    }
    let end_of = |date: civil::Date| {
        let zone = Zoned::now().time_zone().clone();
        let end = date.tomorrow().ok()?.to_zoned(zone).ok()?;
        Some(end.timestamp().as_millisecond())
    };
    if let Some(end) = word.parse::<civil::Date>().ok().and_then(end_of) {
        return Ok((end - now) as f64 / HOUR);
    }
    Err(Error::new(
        format!("`{text}` is no time"),
        "",
        "write a span such as 4h, 2d or 1w, a date such as 2026-12-31, or today, week, month",
    ))
}

/// One line of a file of tasks.
#[derive(Deserialize)]
struct Line {
    prompt: String,
    #[serde(flatten)]
    said: serde_json::Map<String, serde_json::Value>,
}

/// The tasks of a file (`-`: standard input), each with its line, and how many lines are broken; those are named on
/// standard error and left out. What is said of all holds where a line says nothing else.
///
/// # Errors
/// The file cannot be read, or no line of it is a task.
pub fn read(file: &str, all: &Said, now: Millis) -> Result<Tasks, Error> {
    let (name, bytes) = match file {
        "-" => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().read_to_end(&mut bytes);
            ("standard input", read.map(|_| bytes))
        }
        _ => (file, std::fs::read(file)),
    };
    let mut read = Tasks {
        name: name.to_owned(),
        ..Tasks::default()
    };
    let failed = |what: String| Error::new(what, name, "one task a line");
    let bytes = bytes.map_err(|e| failed(format!("the tasks cannot be read: {e}")))?;
    for (number, line) in lines::of(&bytes).enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match lines::text(line).and_then(|line| task(line, all, now)) {
            Ok(task) => {
                read.lines.push(number + 1);
                read.tasks.push(task);
            }
            Err(what) => read.leave_out(number + 1, &what),
        }
    }
    match read.tasks.is_empty() {
        true => Err(failed("there is no task in it".to_owned())),
        false => Ok(read),
    }
}

/// A file of tasks.
#[derive(Default)]
pub struct Tasks {
    name: String,
    pub tasks: Vec<BatchTask>,
    /// The line of each.
    pub lines: Vec<usize>,
    /// Lines that were left out.
    pub broken: usize,
}

impl Tasks {
    /// Names a line that is left out on standard error, and counts it.
    pub fn leave_out(&mut self, line: usize, what: &str) {
        self.broken += 1;
        // Where serde says where, it counts within this line.
        let what = what.replace(" at line 1 column", ", column");
        tell(&format!("{}:{line}: {what} · left out", self.name));
    }

    /// How many lines were left out of how many, if any were.
    pub fn sum_up(&self, all: usize) {
        if self.broken > 0 {
            tell(&format!("{} of {all} lines left out", self.broken));
        }
    }
}

fn task(line: &str, all: &Said, now: Millis) -> Result<BatchTask, String> {
    let (prompt, said) = match line.trim_start().starts_with('{') {
        false => (line.to_owned(), Said::default()),
        true => {
            let line: Line = serde_json::from_str(line).map_err(|e| e.to_string())?;
            let said = serde_json::from_value(line.said.into());
            (line.prompt, said.map_err(|e| e.to_string())?)
        }
    };
    if prompt.trim().is_empty() {
        return Err("the prompt is empty".to_owned());
    }
    let task = said.or(all).task(now).map_err(|e| e.to_string())?;
    Ok(BatchTask { prompt, task })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_due_in_a_span_or_at_the_end_of_a_day() {
        for (text, hours) in [
            ("4h", 4.0),
            ("90m", 1.5),
            ("1.5 d", 36.0),
            ("1w", 168.0),
            ("3mo", 2160.0),
            ("Immediate", 0.0),
            ("week", 168.0),
        ] {
            assert_eq!(due(text, 0).unwrap(), hours, "{text}");
        }
        let now = Zoned::now();
        let today = due(&now.date().to_string(), now.timestamp().as_millisecond()).unwrap();
        assert!((0.0..=25.1).contains(&today), "{today}");
        assert!(due("2001-01-01", now.timestamp().as_millisecond()).unwrap() < 0.0);
        for text in ["soon", "", "4", "h", "4 fortnights", "2026-13-01"] {
            assert!(due(text, 0).is_err(), "{text}");
        }
    }

    #[test]
    fn a_line_is_json_or_a_prompt_and_says_more_than_the_rest() {
        let all = Said {
            priority: Some("P3".into()),
            labels: vec!["docs".into()],
            ..Said::default()
        };
        let plain = task("write it down", &all, 0).unwrap();
        assert_eq!(plain.task.priority.as_deref(), Some("P3"));
        let line = r#"{"prompt": "fix it", "priority": "P0", "due": "4h", "label": ["security"]}"#;
        let said = task(line, &all, 0).unwrap();
        assert_eq!(
            (said.task.priority.as_deref(), said.task.due_hours),
            (Some("P0"), Some(4.0))
        );
        assert_eq!(said.task.labels, ["security", "docs"]);
        for line in [
            r#"{"prompt": "x", "urgent": true}"#,
            r#"{"priority": "P0"}"#,
            r#"{"prompt": ""}"#,
            r#"{"prompt": "x", "due": "soon"}"#,
            "{",
        ] {
            assert!(task(line, &all, 0).is_err(), "{line}");
        }
    }
}
