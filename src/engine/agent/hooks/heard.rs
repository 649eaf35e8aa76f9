//! A hook of Claude Code, read.

use serde_json::Value;
use std::path::PathBuf;

/// One hook, as far as it is of use.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// The conversation's name: another after `/clear`, and after resuming inside the interface.
    pub conversation: Option<String>,
    pub transcript: Option<PathBuf>,
    pub permission_mode: Option<String>,
    /// Set for what a sub-agent does.
    pub sub_agent: Option<String>,
    pub heard: Heard,
}

/// What a hook tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A conversation begins or goes on. `after`: `startup`, `resume`, `clear`, `compact`, `fork`.
    Begun {
        after: String,
        model: Option<String>,
    },
    /// A prompt was sent. Its text is kept by nobody; it says what kind of work it is.
    Prompted {
        text: String,
    },
    ToolBegins,
    ToolEnds {
        tool: String,
    },
    /// A dialog stands open. The request as `can_use_tool` has it.
    Permission(Value),
    Notified {
        kind: String,
        message: String,
    },
    /// The answer is complete.
    Stopped {
        tasks: Tasks,
    },
    /// The answer could not be had.
    Failed {
        error: String,
    },
    SubAgentStopped {
        tasks: Tasks,
    },
    Compacting,
    Compacted,
    /// The conversation is left: `clear`, `resume`, `prompt_input_exit`, …
    Ended {
        reason: String,
    },
    Other,
}

/// What runs on behind the prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    /// Agents: the session works on and will answer by itself.
    pub agents: usize,
    /// Programs, such as a server: the session is free.
    pub programs: usize,
}

/// Reads the JSON that a hook is given. `None`: it is none.
pub fn read(body: &Value) -> Option<Hook> {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let word = |name: &str| text(name).unwrap_or_default();
    let heard = match body["hook_event_name"].as_str()? {
        "SessionStart" => Heard::Begun {
            after: word("source"),
            model: text("model"),
        },
        "UserPromptSubmit" => Heard::Prompted {
            text: word("prompt"),
        },
        "PreToolUse" => Heard::ToolBegins,
        "PostToolUse" | "PostToolUseFailure" | "PermissionDenied" => Heard::ToolEnds {
            tool: word("tool_name"),
        },
        "PermissionRequest" => {
            let mut request = body.clone();
            request["input"] = request["tool_input"].take();
            Heard::Permission(request)
        }
        "Notification" => Heard::Notified {
            kind: word("notification_type"),
            message: word("message"),
        },
        "Stop" => Heard::Stopped { tasks: tasks(body) },
        "StopFailure" => Heard::Failed {
            error: text("error")
                .or_else(|| text("error_details"))
                .unwrap_or_default(),
        },
        "SubagentStop" => Heard::SubAgentStopped { tasks: tasks(body) },
        "PreCompact" => Heard::Compacting,
        "PostCompact" => Heard::Compacted,
        "SessionEnd" => Heard::Ended {
            reason: word("reason"),
        },
        _ => Heard::Other,
    };
    Some(Hook {
        conversation: text("session_id"),
        transcript: text("transcript_path").map(PathBuf::from),
        permission_mode: text("permission_mode"),
        sub_agent: text("agent_id"),
        heard,
    })
}

/// What still runs, without the sub-agent that has just stopped and is still in the list.
fn tasks(body: &Value) -> Tasks {
    let mut tasks = Tasks::default();
    for task in body["background_tasks"].as_array().into_iter().flatten() {
        let over = task["status"]
            .as_str()
            .is_some_and(|status| status != "running");
        let stopped = task["id"].is_string() && task["id"] == body["agent_id"];
        match task["type"].as_str() {
            _ if over || stopped => {}
            Some("shell" | "monitor") => tasks.programs += 1,
            _ => tasks.agents += 1,
        }
    }
    tasks
}
