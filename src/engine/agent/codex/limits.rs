//! Rate limits of a subscription: how much of each window is used, and when one that is used up resets.

use crate::protocol::Millis;
use crate::protocol::Quota;
use serde_json::Value;
use std::collections::BTreeMap;

/// Windows that are known, by the limit and the place in it. Codex tells only what has changed.
#[derive(Debug, Default)]
pub struct Limits {
    windows: BTreeMap<(String, &'static str), Quota>,
}

impl Limits {
    /// Takes in a `rateLimits` snapshot. Whether it says that a limit is reached.
    pub fn told(&mut self, snapshot: &Value) -> bool {
        let limit = snapshot["limitId"].as_str().unwrap_or("codex");
        let label = snapshot["limitName"].as_str().filter(|_| limit != "codex");
        for place in ["primary", "secondary"] {
            let window = &snapshot[place];
            let Some(percent) = window["usedPercent"].as_f64() else {
                continue;
            };
            let span = name(window["windowDurationMins"].as_u64());
            let quota = Quota {
                name: match label {
                    Some(label) => format!("{label} {span}"),
                    None => span,
                },
                used_percent: percent as f32,
                resets_at: window["resetsAt"].as_i64().map(|seconds| seconds * 1000),
            };
            self.windows.insert((limit.to_owned(), place), quota);
        }
        snapshot["rateLimitReachedType"].is_string()
    }

    pub fn quotas(&self) -> Vec<Quota> {
        self.windows.values().cloned().collect()
    }

    /// When the windows that are used up have all been reset.
    pub fn until(&self) -> Option<Millis> {
        let full = self.windows.values().filter(|q| q.used_percent >= 100.0);
        full.filter_map(|quota| quota.resets_at).max()
    }
}

/// `5h`, `week`, `3d`, `90m`.
fn name(minutes: Option<u64>) -> String {
    match minutes {
        Some(10_080) => "week".into(),
        Some(days) if days > 0 && days.is_multiple_of(1_440) => format!("{}d", days / 1_440),
        Some(hours) if hours > 0 && hours.is_multiple_of(60) => format!("{}h", hours / 60),
        Some(minutes) => format!("{minutes}m"),
        None => "limit".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn windows_are_named_kept_and_end() {
        let mut limits = Limits::default();
        let window = |percent: f64, minutes: u64, at: i64| json!({"usedPercent": percent, "windowDurationMins": minutes, "resetsAt": at});
        assert!(!limits.told(
            &json!({"limitId": "codex", "primary": window(100.0, 300, 50),
            "secondary": window(12.5, 10_080, 900)})
        ));
        // A sparse update changes nothing that it does not name.
        assert!(!limits.told(&json!({"limitId": "codex", "primary": null})));
        assert!(limits.told(&json!({"limitId": "x", "limitName": "Spark",
            "primary": window(100.0, 1_440, 70), "rateLimitReachedType": "rate_limit_reached"})));
        let names: Vec<String> = limits.quotas().into_iter().map(|q| q.name).collect();
        assert_eq!(names, ["5h", "week", "Spark 1d"]);
        assert_eq!(limits.until(), Some(70_000));
        assert_eq!(Limits::default().until(), None);
        assert_eq!((name(Some(90)), name(None)), ("90m".into(), "limit".into()));
    }
}
