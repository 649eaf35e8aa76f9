//! What a task is worth, from what its user says of it: a score, a tier, and how sure a good answer must be.
//!
//! score = clamp((priority × complexity + time) × domain × risk, 0, 100). The figures are the user's
//! ([`ValueTable`]); what is not said counts as the middle: P2, as complex as the prompt reads, due some day, no domain,
//! development.

use crate::protocol::{DEFER, SPANS, Task, TaskValue, ValueTable};
use std::collections::BTreeMap;

/// The words for complexity, and up to which score of a prompt each goes (0 to 100).
pub const BANDS: [(&str, u8); 4] = [
    ("simple", 24),
    ("moderate", 49),
    ("complex", 74),
    ("epic", 100),
];

/// What is meant where nothing is said.
const PRIORITY: &str = "P2";
const RISK: &str = "development";

/// The word for how hard a prompt is, 0 to 100.
pub fn band(complexity: u8) -> &'static str {
    BANDS
        .iter()
        .find(|(_, up_to)| complexity <= *up_to)
        .map_or(BANDS[3].0, |(word, _)| word)
}

/// Reckons the value of a task whose prompt is of `complexity` (0 to 100) and has `tags`.
///
/// # Errors
/// A word that the table does not have, with those that it has.
pub fn value(
    table: &ValueTable,
    task: &Task,
    complexity: u8,
    tags: &[&str],
) -> Result<TaskValue, String> {
    let (priority, points) = pick(
        "priority",
        &table.priority,
        task.priority.as_deref(),
        PRIORITY,
    )?;
    let read = band(complexity);
    let (complex, times) = pick(
        "complexity",
        &table.complexity,
        task.complexity.as_deref(),
        read,
    )?;
    let (due, time) = within(table, task.due_hours)?;
    let (domain, kind) = domain(table, task, tags)?;
    let (risk, danger) = pick("risk", &table.risk, task.risk.as_deref(), RISK)?;

    let score = ((points * times + time) * kind * danger).clamp(0.0, 100.0);
    let (tier, threshold) = tier(table, score);
    let mut how = format!("{priority} {points} × {complex} {}", figure(times));
    how = match due {
        Some(due) => format!("({how} + within {due} {time})"),
        None => how,
    };
    if let Some(domain) = domain {
        how.push_str(&format!(" × {domain} {}", figure(kind)));
    }
    how.push_str(&format!(" × {risk} {}", figure(danger)));
    Ok(TaskValue {
        score,
        tier,
        threshold,
        how,
    })
}

/// No more digits than a fitted factor is worth.
fn figure(factor: f64) -> String {
    format!("{}", (factor * 100.0).round() / 100.0)
}

/// A word of a table and its figure, whatever its case. A word that was not said and is not there either counts 1.
fn pick(
    what: &str,
    table: &BTreeMap<String, f64>,
    said: Option<&str>,
    unsaid: &str,
) -> Result<(String, f64), String> {
    let find = |word: &str| {
        let found = table
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word));
        found.map(|(known, figure)| (known.clone(), *figure))
    };
    let Some(said) = said else {
        return Ok(find(unsaid).unwrap_or_else(|| (unsaid.to_owned(), 1.0)));
    };
    find(said).ok_or_else(|| unknown(what, said, table))
}

fn unknown(what: &str, said: &str, table: &BTreeMap<String, f64>) -> String {
    let mut known: Vec<_> = table.iter().collect();
    known.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
    let known: Vec<&str> = known.iter().map(|(word, _)| word.as_str()).collect();
    format!("`{said}` is no {what}: expected {}", known.join(", "))
}

/// The shortest span that the task is due within, and its points.
fn within(table: &ValueTable, due: Option<f64>) -> Result<(Option<&'static str>, f64), String> {
    let Some(hours) = due else {
        return Ok((None, 0.0));
    };
    if !hours.is_finite() {
        return Err("a task is due in a number of hours".to_owned());
    }
    let span = SPANS.iter().find(|(_, longest)| hours <= *longest);
    let points = |(name, _): &(&'static str, f64)| {
        (Some(*name), table.time.get(*name).copied().unwrap_or(0.0))
    };
    Ok(span.map_or((None, 0.0), points))
}

/// The domain that was named; else the weightiest that a label stands for; else that of the prompt's own tags.
fn domain(table: &ValueTable, task: &Task, tags: &[&str]) -> Result<(Option<String>, f64), String> {
    if let Some(said) = task.domain.as_deref() {
        let (word, factor) = pick("domain", &table.domain, Some(said), "")?;
        return Ok((Some(word), factor));
    }
    let weightiest = |words: &mut dyn Iterator<Item = &str>| {
        words
            .filter_map(|word| table.domain.get_key_value(word))
            .max_by(|a, b| a.1.total_cmp(b.1))
            .map(|(word, factor)| (Some(word.clone()), *factor))
    };
    let lower: Vec<String> = task
        .labels
        .iter()
        .map(|label| label.to_lowercase())
        .collect();
    let meant = |label: &'_ String| table.labels.get(label).unwrap_or(label).as_str().to_owned();
    let labels: Vec<String> = lower.iter().map(meant).collect();
    let by_label = weightiest(&mut labels.iter().map(String::as_str));
    let found = by_label.or_else(|| weightiest(&mut tags.iter().copied()));
    Ok(found.unwrap_or((None, 1.0)))
}

/// The highest tier that a score reaches, and what success must reach in it.
fn tier(table: &ValueTable, score: f64) -> (String, f64) {
    // 90 is reached by 89.999…: products of factors such as 1.1 are not exact.
    let reached = table
        .tiers
        .iter()
        .filter(|(_, from)| score + 1e-9 >= **from)
        .max_by(|a, b| a.1.total_cmp(b.1));
    let tier = reached.map_or(DEFER, |(tier, _)| tier.as_str());
    let threshold = table.thresholds.get(tier).copied().unwrap_or(0.8);
    (tier.to_owned(), threshold.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &str) -> Task {
        let mut task = Task::default();
        for word in words.split_whitespace() {
            let (key, value) = word.split_once('=').unwrap();
            let owned = Some(value.to_owned());
            match key {
                "priority" => task.priority = owned,
                "complexity" => task.complexity = owned,
                "due" => task.due_hours = value.parse().ok(),
                "domain" => task.domain = owned,
                "risk" => task.risk = owned,
                "label" => task.labels.push(value.to_owned()),
                _ => panic!("{key}"),
            }
        }
        task
    }

    #[test]
    fn a_task_is_worth_what_is_said_of_it() {
        for (words, complexity, tags, score, tier) in [
            // (40 × 1 + 15) × 1.1 × 1.3
            (
                "priority=P0 complexity=moderate due=0 domain=backend risk=production",
                0,
                &[][..],
                78.65,
                "high",
            ),
            // Nothing said: P2, moderate as read, no time, no domain, development.
            ("", 30, &[], 20.0, "defer"),
            ("", 80, &[], 40.0, "low"),
            ("", 80, &["docs", "rust"], 32.0, "defer"),
            ("priority=p1 due=24", 30, &["ml"], 46.2, "low"),
            (
                "priority=P0 complexity=epic due=3 risk=production",
                0,
                &[],
                100.0,
                "critical",
            ),
            (
                "priority=P4 complexity=simple risk=sandbox",
                0,
                &[],
                1.75,
                "defer",
            ),
            // A label stands for a domain; the weightiest counts; a domain that is named wins.
            ("label=Security label=docs", 30, &[], 24.0, "defer"),
            ("label=security domain=docs", 30, &["ml"], 16.0, "defer"),
            ("label=wontfix", 30, &[], 20.0, "defer"),
            ("due=168", 30, &[], 28.0, "defer"),
            ("due=168.1", 30, &[], 25.0, "defer"),
            ("due=9000", 30, &[], 20.0, "defer"),
            // Overdue is due at once.
            ("due=-5", 30, &[], 35.0, "defer"),
        ] {
            let found = value(&ValueTable::default(), &said(words), complexity, tags).unwrap();
            assert!(
                (found.score - score).abs() < 1e-9 && found.tier == tier,
                "{words}: {found:?}"
            );
        }
    }

    #[test]
    fn a_value_says_how_it_came_about() {
        let words = "priority=P0 complexity=moderate due=1 domain=backend risk=production";
        let found = value(&ValueTable::default(), &said(words), 0, &[]).unwrap();
        assert_eq!(
            found.how,
            "(P0 40 × moderate 1 + within 4h 15) × backend 1.1 × production 1.3"
        );
        assert_eq!(found.threshold, 0.9);
        let plain = value(&ValueTable::default(), &Task::default(), 10, &[]).unwrap();
        assert_eq!(plain.how, "P2 20 × simple 0.5 × development 1");
    }

    #[test]
    fn a_word_that_is_not_known_is_named_beside_those_that_are() {
        let refused = |words: &str| value(&ValueTable::default(), &said(words), 0, &[]);
        assert_eq!(
            refused("priority=P9").unwrap_err(),
            "`P9` is no priority: expected P0, P1, P2, P3, P4"
        );
        for words in ["complexity=hard", "domain=law", "risk=none", "due=nan"] {
            assert!(refused(words).is_err(), "{words}");
        }
    }

    #[test]
    fn every_tier_begins_where_the_table_says() {
        let table = ValueTable::default();
        for (score, name) in [
            (100.0, "critical"),
            (90.0, "critical"),
            (89.99, "high"),
            (75.0, "high"),
            (60.0, "medium"),
            (40.0, "low"),
            (39.9, "defer"),
            (0.0, "defer"),
        ] {
            assert_eq!(tier(&table, score).0, name, "{score}");
        }
        assert_eq!(
            (band(0), band(49), band(50), band(255)),
            ("simple", "moderate", "complex", "epic")
        );
    }
}
