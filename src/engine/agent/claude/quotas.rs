//! What is used of a subscription's windows, as the CLI tells it.

use crate::protocol::{Millis, Quota};
use serde_json::Value;

/// The CLI's names of windows, and ours.
const WINDOWS: [(&str, &str); 5] = [
    ("five_hour", "5h"),
    ("seven_day", "week"),
    ("seven_day_opus", "week opus"),
    ("seven_day_sonnet", "week sonnet"),
    ("seven_day_overage_included", "week overage"),
];

/// The windows of a `rate_limit_event`: all of them where it names them (since 2.1.259), else the one it is about.
/// Shares are told as 0 to 1, times in seconds.
pub fn of_event(info: &Value) -> Vec<Quota> {
    let all = named(&info["unifiedWindows"], 100.0);
    if !all.is_empty() {
        return all;
    }
    let about = info["rateLimitType"].as_str().unwrap_or_default();
    let known = WINDOWS.iter().find(|(theirs, _)| *theirs == about);
    let quota = known.and_then(|(_, ours)| quota(ours, info, 100.0));
    quota.into_iter().collect()
}

/// The windows of the answer to `get_usage`; percents, and times as text.
pub fn of_usage(limits: &Value) -> Vec<Quota> {
    named(limits, 1.0)
}

fn named(windows: &Value, percents: f64) -> Vec<Quota> {
    let known = WINDOWS.iter();
    known
        .filter_map(|(theirs, ours)| quota(ours, &windows[*theirs], percents))
        .collect()
}

fn quota(name: &str, window: &Value, percents: f64) -> Option<Quota> {
    let used = window["utilization"].as_f64().filter(|used| *used >= 0.0)?;
    let resets_at = window["resetsAt"]
        .as_i64()
        .map(|seconds| seconds.saturating_mul(1000))
        .or_else(|| time(window["resets_at"].as_str()?));
    Some(Quota {
        name: name.to_owned(),
        used_percent: (used * percents) as f32,
        resets_at,
    })
}

fn time(text: &str) -> Option<Millis> {
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(quotas: Vec<Quota>) -> Vec<(String, f32, Option<Millis>)> {
        let each = quotas.into_iter();
        each.map(|q| (q.name, q.used_percent.round(), q.resets_at))
            .collect()
    }

    #[test]
    fn windows_are_read_in_every_form_and_nothing_is_made_up() {
        let five = |used, at| ("5h".to_owned(), used, at);
        let week = |used, at| ("week".to_owned(), used, at);
        for (info, quotas) in [
            (
                json!({"status": "allowed", "resetsAt": 7, "rateLimitType": "five_hour", "unifiedWindows":
                    {"five_hour": {"utilization": 0.33, "resetsAt": 7}, "seven_day": {"utilization": 1.0, "resetsAt": 9}}}),
                vec![five(33.0, Some(7000)), week(100.0, Some(9000))],
            ),
            (
                json!({"status": "allowed_warning", "rateLimitType": "seven_day", "utilization": 0.9}),
                vec![week(90.0, None)],
            ),
            (json!({"status": "allowed", "utilization": 0.9}), vec![]),
            (
                json!({"rateLimitType": "overage", "utilization": "much"}),
                vec![],
            ),
            (json!(null), vec![]),
        ] {
            assert_eq!(seen(of_event(&info)), quotas, "{info}");
        }
        let usage = json!({"five_hour": {"utilization": 12.0, "resets_at": "1970-01-01T00:00:07Z"}, "seven_day": null});
        assert_eq!(seen(of_usage(&usage)), [five(12.0, Some(7000))]);
    }
}
