//! placeholder of the types; replaced by the branch that builds this room
use crate::protocol::{Decision, Delta, Failure, Millis, Usage};
use std::path::PathBuf;
#[derive(Clone, Debug, PartialEq)]
pub struct ClaudeStart {
    pub program: PathBuf,
    pub args: Vec<String>,
    pub cwd: PathBuf,
    pub model: Option<String>,
    pub permission_mode: Option<String>,
    pub session_uuid: String,
    pub from: ClaudeFrom,
    pub system: Option<String>,
}
#[derive(Clone, Debug, PartialEq)]
pub enum ClaudeFrom {
    New,
    Resume,
    Fork {
        source_uuid: String,
        at: Option<String>,
    },
}
#[derive(Clone, Debug, PartialEq)]
pub enum AgentCommand {
    Prompt(String),
    Interrupt,
    SetModel(String),
    SetPermissionMode(String),
    Decide { key: String, decision: Decision },
    Stop,
}
#[derive(Clone, Debug, PartialEq)]
pub enum AgentState {
    Working,
    Idle,
    NeedsYou,
}
#[derive(Clone, Debug, PartialEq)]
pub enum AgentEvent {
    Started {
        pid: Option<u32>,
    },
    Ready {
        model: Option<String>,
        permission_mode: Option<String>,
        version: Option<String>,
    },
    State(AgentState),
    Delta(Delta),
    Approval {
        key: String,
        title: String,
        detail: String,
        always: bool,
    },
    ApprovalGone {
        key: String,
    },
    PermissionMode(String),
    Model(String),
    TurnEnded {
        usage: Usage,
        spent: Vec<(String, Usage, f64)>,
        context_used: Option<u64>,
        window: Option<u64>,
        record: Option<String>,
        failure: Option<Failure>,
        interrupted: bool,
    },
    Limited {
        until: Option<Millis>,
    },
    Notice(String),
    Exited {
        code: Option<i32>,
        signal: Option<i32>,
        stderr: String,
    },
}
pub fn start(
    _start: ClaudeStart,
    _out: tokio::sync::mpsc::Sender<AgentEvent>,
) -> Result<tokio::sync::mpsc::Sender<AgentCommand>, Failure> {
    Err(Failure::new(
        crate::protocol::Category::Missing,
        "not built yet",
        "",
    ))
}
