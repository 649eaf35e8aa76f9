//! What is known of the CLI and its running turn, and what commands make of it. Pure: no clock, no process.

use super::answer::Answer;
use super::approval::{self, Pending};
use super::questions::{self, Form};
use super::spending::{Spending, Spent};
use super::{AgentCommand, AgentEvent, AgentFrom, AgentStart, say};
use crate::protocol::Failure;
use crate::protocol::Millis;
use crate::protocol::Usage;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is known of the process and its running turn.
pub struct State {
    /// Lines to be sent to the CLI, in order; whoever runs the process takes them.
    pub replies: Vec<Value>,
    pub(super) answer: Answer,
    pub(super) spending: Spending,
    pub(super) model: Option<String>,
    /// The model that answered last. Not always the one in force: in plan mode the CLI has a larger one
    /// answer for a small one.
    pub(super) answered_by: Option<String>,
    pub(super) permission_mode: Option<String>,
    pub(super) ready: bool,
    /// The conversation is new: nothing of it is resumed.
    pub(super) fresh: bool,
    /// Questions that wait, by the CLI's request id.
    pub(super) approvals: BTreeMap<String, Pending>,
    /// Questions of the model's own that wait, by the CLI's request id.
    pub(super) forms: BTreeMap<String, Form>,
    /// Tool calls the user has denied.
    pub(super) denied: Vec<String>,
    pub(super) asked: BTreeMap<String, Asked>,
    pub(super) next_request: u64,
    /// Tasks run in the background whose end takes the turn up again.
    pub(super) tasks: bool,
    /// A prompt was sent and the CLI has not begun with it: its "idle" is about what was before.
    pub(super) awaited: bool,
    pub(super) interrupting: bool,
    pub(super) limit_until: Option<Millis>,
    pub(super) turn: Turn,
    pub(super) input_tokens: u64,
    pub(super) context_used: Option<u64>,
}

/// What the results of the running turn have told; several where background tasks took it up again.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) spent: Spent,
    pub(super) usage: Usage,
    pub(super) record: Option<String>,
    pub(super) window: Option<u64>,
    pub(super) failure: Option<Failure>,
    pub(super) said: Option<String>,
    pub(super) interrupted: bool,
    /// A result came, but the turn goes on in the background.
    pub(super) held: bool,
}

/// Requests of ours that are not answered yet.
pub(super) enum Asked {
    Initialize,
    Usage,
    Interrupt,
    Model(String),
    Mode(String),
}

impl State {
    /// The state before the first line; `replies` holds what is said first.
    pub fn new(start: &AgentStart) -> State {
        let fresh = start.from == AgentFrom::New;
        let mut state = State {
            replies: Vec::new(),
            answer: Answer::default(),
            spending: Spending::new(fresh),
            model: start.model.clone(),
            answered_by: None,
            permission_mode: start.permission_mode.clone(),
            ready: false,
            fresh,
            approvals: BTreeMap::new(),
            forms: BTreeMap::new(),
            denied: Vec::new(),
            asked: BTreeMap::new(),
            next_request: 1,
            tasks: false,
            awaited: false,
            interrupting: false,
            limit_until: None,
            turn: Turn::default(),
            input_tokens: 0,
            context_used: None,
        };
        // Without it the CLI says nothing before the first prompt.
        state.ask(Asked::Initialize, "initialize", json!({}));
        // What was spent before, and whether a subscription pays.
        state.ask(Asked::Usage, "get_usage", json!({}));
        state
    }

    /// Puts a command into `replies`. [`AgentCommand::Stop`] is not said but done.
    pub fn command(&mut self, command: AgentCommand) {
        match command {
            AgentCommand::Prompt(text) => {
                self.awaited = true;
                self.interrupting = false;
                self.replies.push(say::prompt(&text));
            }
            AgentCommand::Interrupt => {
                self.interrupting = true;
                self.ask(Asked::Interrupt, "interrupt", json!({}));
            }
            AgentCommand::SetModel(model) => {
                let fields = json!({"model": &model});
                self.ask(Asked::Model(model), "set_model", fields);
            }
            AgentCommand::SetPermissionMode(mode) => {
                let fields = json!({"mode": &mode});
                self.ask(Asked::Mode(mode), "set_permission_mode", fields);
            }
            AgentCommand::Decide { key, decision } => {
                if let Some(pending) = self.approvals.remove(&key) {
                    let answer = approval::decide(&pending, &decision);
                    self.reply(&key, answer, pending.tool_use);
                } else if let Some((id, at)) = questions::split(&key)
                    && let Some(form) = self.forms.get_mut(id)
                    && let Some(answer) = form.take(at, &decision)
                {
                    let tool_use = form.tool_use.take();
                    self.forms.remove(id);
                    self.reply(id, answer, tool_use);
                }
            }
            AgentCommand::Stop => {}
        }
    }

    fn reply(&mut self, id: &str, answer: Value, tool_use: Option<String>) {
        if answer["behavior"] == "deny" {
            self.denied.extend(tool_use);
        }
        self.replies.push(say::response(id, answer));
    }

    /// The process has ended: what it did not come to tell.
    pub fn ended(&mut self) -> Vec<AgentEvent> {
        let mut events = Vec::new();
        if self.turn.held {
            self.finish(&mut events);
        }
        self.drop_approvals(&mut events);
        events
    }

    fn ask(&mut self, asked: Asked, subtype: &str, fields: Value) {
        let id = format!("antiphon-{}", self.next_request);
        self.next_request += 1;
        self.replies.push(say::request(&id, subtype, fields));
        self.asked.insert(id, asked);
    }

    pub(super) fn drop_approvals(&mut self, events: &mut Vec<AgentEvent>) {
        let mut gone: Vec<String> = std::mem::take(&mut self.approvals).into_keys().collect();
        for (id, form) in std::mem::take(&mut self.forms) {
            gone.extend(form.open(&id));
        }
        events.extend(gone.into_iter().map(|key| AgentEvent::ApprovalGone { key }));
    }

    /// Ends the turn with all its results have told.
    pub(super) fn finish(&mut self, events: &mut Vec<AgentEvent>) {
        let turn = std::mem::take(&mut self.turn);
        let broken = turn.interrupted || turn.failure.is_some();
        events.extend(super::translate::grown(
            self.answer.end(broken, turn.said.as_deref()),
        ));
        self.interrupting = false;
        self.denied.clear();
        events.push(AgentEvent::TurnEnded {
            usage: match turn.spent.is_empty() {
                true => turn.usage,
                false => turn.spent.iter().map(|(_, usage, _)| *usage).sum(),
            },
            spent: turn.spent,
            context_used: self.context_used,
            window: turn.window,
            record: turn.record,
            failure: turn.failure,
            interrupted: turn.interrupted,
        });
    }
}
