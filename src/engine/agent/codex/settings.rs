//! How far Codex may go unasked: our one word for its two settings (sandbox and approval policy) and its plan mode.

use serde_json::{Value, json};

/// The word for its plan mode, in which it changes nothing and may ask questions.
pub const PLAN: &str = "plan";

/// Word, sandbox, approval policy. The words are in `assets/agents/codex.toml` too.
const MODES: [(&str, &str, &str); 5] = [
    ("read-only", "read-only", "on-request"),
    ("auto", "workspace-write", "on-request"),
    ("untrusted", "workspace-write", "untrusted"),
    ("never", "workspace-write", "never"),
    ("full-access", "danger-full-access", "never"),
];
/// Sandboxes: as an argument, and as the type of a policy.
const SANDBOXES: [(&str, &str); 3] = [
    ("read-only", "readOnly"),
    ("workspace-write", "workspaceWrite"),
    ("danger-full-access", "dangerFullAccess"),
];

/// Sandbox and approval policy of a word; also of the pairs that [`word`] makes of others. `None`: [`PLAN`], or
/// what we do not know.
pub fn read(word: &str) -> Option<(&'static str, &str)> {
    if let Some((_, sandbox, policy)) = MODES.iter().find(|(mode, ..)| *mode == word) {
        return Some((sandbox, policy));
    }
    let (sandbox, policy) = word.split_once(", ")?;
    let known = SANDBOXES.iter().find(|(name, _)| *name == sandbox)?;
    Some((known.0, policy))
}

/// What is in force, as one word. `settings` are those of a thread, or of the answer that opens one. `None`: it
/// cannot be said in our words, and is left alone.
pub fn word(settings: &Value) -> Option<String> {
    if settings["collaborationMode"]["mode"] == PLAN {
        return Some(PLAN.into());
    }
    let kind = match &settings["sandboxPolicy"] {
        Value::Null => &settings["sandbox"]["type"],
        policy => &policy["type"],
    };
    let (sandbox, _) = SANDBOXES.iter().find(|(_, name)| kind == *name)?;
    let policy = settings["approvalPolicy"].as_str()?;
    let mode = MODES
        .iter()
        .find(|(_, s, p)| (s, *p) == (sandbox, policy))
        .map(|(mode, ..)| (*mode).to_owned());
    Some(mode.unwrap_or_else(|| format!("{sandbox}, {policy}")))
}

/// Settings of a running thread as it knows them, for changes that must not lose the rest.
#[derive(Debug, Default)]
pub struct Known {
    /// The last policy that let it write into the workspace, with the user's own folders in it.
    workspace: Option<Value>,
    effort: Value,
    plan: bool,
}

impl Known {
    pub fn note(&mut self, settings: &Value) {
        for policy in [&settings["sandboxPolicy"], &settings["sandbox"]] {
            if policy["type"] == "workspaceWrite" {
                self.workspace = Some(policy.clone());
            }
        }
        for effort in [&settings["effort"], &settings["reasoningEffort"]] {
            if !effort.is_null() {
                self.effort = effort.clone();
            }
        }
        if let Some(mode) = settings["collaborationMode"]["mode"].as_str() {
            self.plan = mode == PLAN;
        }
    }

    /// The fields that bring a mode into force from the next turn on; `None`: not a word of ours.
    pub fn change(&self, word: &str, model: &str) -> Option<Value> {
        let together = |mode: &str| {
            let settings = json!({"model": model, "reasoning_effort": self.effort,
                "developer_instructions": null});
            json!({"mode": mode, "settings": settings})
        };
        if word == PLAN {
            return Some(json!({"collaborationMode": together(PLAN)}));
        }
        let (sandbox, policy) = read(word)?;
        let (_, kind) = SANDBOXES.iter().find(|(name, _)| *name == sandbox)?;
        let sandbox = match (&self.workspace, *kind) {
            (Some(policy), "workspaceWrite") => policy.clone(),
            (_, kind) => json!({"type": kind}),
        };
        let mut change = json!({"approvalPolicy": policy, "sandboxPolicy": sandbox});
        if self.plan {
            change["collaborationMode"] = together("default");
        }
        Some(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_that_are_offered_are_understood() {
        let shipped = crate::config::agents::shipped();
        let protocol = shipped["codex"].protocol.as_ref().unwrap();
        for mode in &protocol.modes {
            let change = Known::default().change(&mode.name, "m");
            assert_eq!(word(&change.unwrap()).as_deref(), Some(&*mode.name));
        }
        assert_eq!(protocol.modes.len(), MODES.len() + 1);
    }

    #[test]
    fn words_come_back_as_they_went() {
        let known = Known::default();
        for (word_, ..) in MODES {
            assert_eq!(word(&known.change(word_, "m").unwrap()).unwrap(), word_);
        }
        let odd = json!({"approvalPolicy": "never", "sandbox": {"type": "readOnly"}});
        assert_eq!(word(&odd).unwrap(), "read-only, never");
        assert_eq!(read("read-only, never"), Some(("read-only", "never")));
        for unknown in [
            json!({"approvalPolicy": {"granular": {}}, "sandbox": {"type": "readOnly"}}),
            json!({"approvalPolicy": "never", "sandbox": {"type": "externalSandbox"}}),
            json!({}),
        ] {
            assert_eq!(word(&unknown), None);
        }
        assert_eq!(read("bypassPermissions"), None);
    }

    #[test]
    fn plan_is_entered_and_left_and_the_users_folders_stay() {
        let mut known = Known::default();
        let policy = json!({"type": "workspaceWrite", "writableRoots": ["/srv"]});
        known.note(&json!({"sandbox": policy, "reasoningEffort": "high"}));
        let plan = known.change(PLAN, "m").unwrap();
        assert_eq!(
            plan["collaborationMode"]["settings"]["reasoning_effort"],
            "high"
        );
        known.note(&plan);
        let back = known.change("auto", "m").unwrap();
        assert_eq!(back["collaborationMode"]["mode"], "default");
        assert_eq!(back["sandboxPolicy"], policy);
        assert_eq!(known.change("nonsense", "m"), None);
    }
}
