//! Aider's polyglot leaderboard: YAML, of which only the few lines `key: value` of each entry are read.

use crate::catalog::age::is_date;
use crate::catalog::refresh::found::{Found, Part};
use crate::catalog::rows::ScoresRow;
use std::collections::BTreeMap;

pub(super) fn read(body: &[u8], part: &mut Part) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|_| "the answer is not text".to_owned())?;
    if text.trim_start().starts_with('<') {
        return Err("the answer is a web page, not data".to_owned());
    }
    let mut entry: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        let begins = line.starts_with("- ");
        if begins {
            part.found.extend(found(&entry));
            entry.clear();
        }
        let inner = line.strip_prefix("- ").or_else(|| line.strip_prefix("  "));
        let Some((key, value)) = inner.and_then(|inner| inner.split_once(':')) else {
            continue;
        };
        entry.insert(key.trim(), value.trim().trim_matches(['"', '\'']));
    }
    // The last one may be cut off; then it lacks what stands at its end.
    part.found.extend(found(&entry));
    Ok(())
}

/// An entry with a model, a pass rate and a date. Two models at work together are no figure of either.
fn found(entry: &BTreeMap<&str, &str>) -> Option<Found> {
    let number = |key: &str| {
        entry
            .get(key)?
            .parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
    };
    let named = *entry.get("model")?;
    let date = *entry.get("date").filter(|date| is_date(date))?;
    if named.contains(" + ") || named.contains('/') {
        return None;
    }
    let (name, note) = match named.split_once('(') {
        Some((name, note)) => (name.trim(), note.trim_end_matches(')').trim()),
        None => (named, ""),
    };
    let effort = entry.get("reasoning_effort").copied().unwrap_or(note);
    let mut values = BTreeMap::from([("pass".to_owned(), number("pass_rate_2")?)]);
    if let Some(cases) = number("test_cases").filter(|cases| *cases > 0.0) {
        // 0 stands for "not recorded".
        if let Some(cost) = number("total_cost").filter(|cost| *cost > 0.0) {
            values.insert(
                "dollars_per_case".to_owned(),
                (cost / cases * 1e6).round() / 1e6,
            );
        }
    }
    if let Some(seconds) = number("seconds_per_case").filter(|seconds| *seconds > 0.0) {
        values.insert("seconds_per_case".to_owned(), seconds);
    }
    Some(Found {
        name: name.replace(' ', "-"),
        scores: vec![ScoresRow {
            source: "aider-polyglot".to_owned(),
            effort: effort.to_owned(),
            date: Some(date.to_owned()),
            values,
        }],
        ..Found::default()
    })
}
