//! What the engine says to an agent, and what it hears from it.

use crate::protocol::Choice;
use crate::protocol::Decision;
use crate::protocol::Delta;
use crate::protocol::Failure;
use crate::protocol::Millis;
use crate::protocol::Quota;
use crate::protocol::Usage;

/// A wish of the user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentCommand {
    Prompt(String),
    /// Ends the running turn; the process goes on.
    Interrupt,
    SetModel(String),
    SetPermissionMode(String),
    /// Answers the approval or the question of that key. Of a key that is gone: nothing happens.
    Decide {
        key: String,
        decision: Decision,
    },
    /// Ends the process. [`AgentEvent::Exited`] follows within about four seconds.
    Stop,
}

/// What the agent itself says it is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentState {
    Working,
    Idle,
    NeedsYou,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentEvent {
    Started {
        pid: u32,
    },
    /// It can be spoken to. `None` where it does not say yet; `Model` or `PermissionMode` follows with the
    /// first turn.
    Ready {
        model: Option<String>,
        permission_mode: Option<String>,
        version: String,
    },
    /// The agent's own name of its conversation, where it chooses one itself.
    Conversation(String),
    /// Whether a subscription pays for what is used.
    Billing {
        plan: bool,
    },
    State(AgentState),
    /// The response of the running turn grows. Where none was asked for, the agent has gone on by itself
    /// (a task in its background has ended); a `TurnEnded` follows then too.
    Delta(Delta),
    /// A tool waits for a decision. `always`: whether "always" can be more than "once".
    Approval {
        key: String,
        title: String,
        detail: String,
        always: bool,
    },
    /// The agent asks something, or wants a login (then without choices and with nothing to decide). Answered by
    /// [`AgentCommand::Decide`] with a [`Decision::Answer`] or a no.
    Question {
        key: String,
        title: String,
        detail: String,
        choices: Vec<Choice>,
        /// Whether several choices can be taken.
        multiple: bool,
        login: bool,
    },
    /// The agent does not wait for that decision or answer any more.
    ApprovalGone {
        key: String,
    },
    PermissionMode(String),
    Model(String),
    TurnEnded {
        /// All tokens of the turn, those of helpers and side calls included. None of them and `estimated`: the agent
        /// does not tell, and what can be seen of the turn is all there is to estimate it by.
        usage: Usage,
        /// The same by model, with the agent's own price in dollars. Empty: nothing was used, or the agent
        /// does not tell by model.
        spent: Vec<(String, Usage, f64)>,
        /// Tokens of the conversation as the model last saw it.
        context_used: Option<u64>,
        /// Tokens that the model's window holds.
        window: Option<u64>,
        /// The agent's own name for the last record of the turn: where it can be forked.
        record: Option<String>,
        failure: Option<Failure>,
        interrupted: bool,
    },
    /// What is used of the subscription's windows, all that are known.
    Quotas(Vec<Quota>),
    /// Tokens of the conversation as the model last saw it, while a turn goes on.
    Context {
        used: u64,
        window: Option<u64>,
    },
    /// A limit of the provider was reached.
    Limited {
        until: Option<Millis>,
    },
    /// One line for the person.
    Notice(String),
    /// The last event. `stderr`: its last words, without control characters other than line ends.
    Exited {
        code: Option<i32>,
        signal: Option<i32>,
        stderr: String,
    },
}
