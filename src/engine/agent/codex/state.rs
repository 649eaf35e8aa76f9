//! What is known of the app-server and its running turn, and what commands make of it. Pure: no clock, no process.

use super::super::rpc::Rpc;
use super::answer::Answer;
use super::approval::{self, Pending};
use super::limits::Limits;
use super::opening;
use super::questions::{self, Form};
use super::settings;
use super::spending::Spending;
use super::{AgentCommand, AgentStart};
use crate::protocol::Decision;
use crate::protocol::Failure;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The key of the question for a login.
pub const LOGIN: &str = "login";

/// What is known of the process and its running turn.
pub struct State {
    pub rpc: Rpc<Asked>,
    /// Why nothing can come of the process any more; whoever runs it takes it.
    pub gives_up: Option<String>,
    pub(super) start: AgentStart,
    /// `None`: it is not open yet.
    pub(super) thread: Option<String>,
    pub(super) version: String,
    pub(super) model: Option<String>,
    pub(super) mode: Option<String>,
    pub(super) settings: settings::Known,
    /// Prompts and changes that came before the thread was there.
    pub(super) waiting: Vec<AgentCommand>,
    /// Fields for the next turn: changes that an older version cannot take at once.
    pub(super) next_turn: Value,
    pub(super) turn: Turn,
    pub(super) answer: Answer,
    pub(super) spending: Spending,
    /// Threads of sub-agents that run, with the turn in each.
    pub(super) helpers: BTreeMap<String, String>,
    /// Models of sub-agents, where they were told.
    pub(super) helper_models: BTreeMap<String, String>,
    pub(super) limits: Limits,
    pub(super) limited: bool,
    /// The login is missing, and was asked for.
    pub(super) login_wanted: bool,
    /// Requests that wait for a decision, by their key.
    pub(super) approvals: BTreeMap<String, Pending>,
    /// Requests that wait for answers, by the key of the request.
    pub(super) forms: BTreeMap<String, Form>,
    /// Changes of files that run: requests about them do not repeat what they change.
    pub(super) changes: BTreeMap<String, Value>,
    pub(super) context_used: Option<u64>,
    pub(super) window: Option<u64>,
    /// Warnings that were passed on; Codex repeats them with each turn.
    pub(super) warned: BTreeSet<String>,
}

/// The running turn.
#[derive(Default)]
pub(super) struct Turn {
    /// It was asked for or has begun, and was not told to be over.
    pub(super) open: bool,
    /// It was asked for by us.
    pub(super) asked: bool,
    /// Something of it was told.
    pub(super) told: bool,
    /// Our request to begin it is not answered yet.
    pub(super) starting: bool,
    /// Codex's name of it, once it has begun.
    pub(super) id: Option<String>,
    /// The name of the last one that has ended.
    pub(super) last: Option<String>,
    pub(super) model: Option<String>,
    /// Bytes of its prompt.
    pub(super) prompt: usize,
    /// It is to be interrupted as soon as it has begun.
    pub(super) unwanted: bool,
    pub(super) interrupted: bool,
    pub(super) failure: Option<Failure>,
    /// It has ended, but sub-agents of it go on.
    pub(super) held: bool,
}

/// Requests of ours that are not answered yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Initialize,
    Account,
    Limits,
    Open,
    Turn,
    Interrupt,
    Steer,
    Model(String),
    Mode(String),
}

impl State {
    /// The state before the first line.
    pub fn new(start: &AgentStart) -> State {
        let mut state = State {
            rpc: Rpc::default(),
            gives_up: None,
            start: start.clone(),
            thread: None,
            version: String::new(),
            model: start.model.clone(),
            mode: None,
            settings: settings::Known::default(),
            waiting: Vec::new(),
            next_turn: json!({}),
            turn: Turn::default(),
            answer: Answer::default(),
            spending: Spending::default(),
            helpers: BTreeMap::new(),
            helper_models: BTreeMap::new(),
            limits: Limits::default(),
            limited: false,
            login_wanted: false,
            approvals: BTreeMap::new(),
            forms: BTreeMap::new(),
            changes: BTreeMap::new(),
            context_used: None,
            window: None,
            warned: BTreeSet::new(),
        };
        opening::initialize(&mut state);
        state
    }

    /// Puts a command into words. [`AgentCommand::Stop`] is not said but done.
    pub fn command(&mut self, command: AgentCommand) {
        let Some(thread) = self.thread.clone() else {
            if command == AgentCommand::Interrupt && self.turn.open {
                self.turn.unwanted = true;
            } else if let AgentCommand::Decide { key, decision } = command {
                self.decide(&key, &decision);
            } else {
                self.turn.open |= matches!(command, AgentCommand::Prompt(_));
                self.waiting.push(command);
            }
            return;
        };
        match command {
            AgentCommand::Prompt(text) => self.prompt(&thread, &text),
            AgentCommand::Interrupt => self.interrupt(),
            AgentCommand::SetModel(model) => {
                let fields = json!({"threadId": thread, "model": model});
                self.rpc
                    .ask(Asked::Model(model), "thread/settings/update", fields);
            }
            AgentCommand::SetPermissionMode(mode) => {
                let model = self.model.clone().unwrap_or_default();
                if let Some(mut fields) = self.settings.change(&mode, &model) {
                    fields["threadId"] = thread.into();
                    self.rpc
                        .ask(Asked::Mode(mode), "thread/settings/update", fields);
                }
            }
            AgentCommand::Decide { key, decision } => self.decide(&key, &decision),
            AgentCommand::Stop => {}
        }
    }

    fn prompt(&mut self, thread: &str, text: &str) {
        self.turn.open = true;
        self.turn.asked = true;
        self.turn.prompt = text.len();
        if text.trim() == "/compact" {
            let fields = json!({"threadId": thread});
            self.rpc.ask(Asked::Turn, "thread/compact/start", fields);
            return;
        }
        self.turn.starting = true;
        let mut fields = std::mem::replace(&mut self.next_turn, json!({}));
        fields["threadId"] = thread.into();
        fields["input"] = json!([{"type": "text", "text": text}]);
        self.rpc.ask(Asked::Turn, "turn/start", fields);
    }

    /// Interrupts what runs; what has not begun yet, as soon as it has.
    pub(super) fn interrupt(&mut self) {
        let own = self.turn.id.clone().filter(|_| self.turn.open);
        self.turn.unwanted = self.turn.open && own.is_none() && !self.turn.held;
        self.turn.interrupted |= self.turn.held;
        let own = self.thread.clone().zip(own);
        let helpers = self.helpers.clone();
        for (thread, turn) in own.into_iter().chain(helpers) {
            let fields = json!({"threadId": thread, "turnId": turn});
            self.rpc.ask(Asked::Interrupt, "turn/interrupt", fields);
        }
    }

    fn decide(&mut self, key: &str, decision: &Decision) {
        if key == LOGIN {
            // Done in a terminal; whether it was, Codex says.
            self.login_wanted = false;
            self.rpc.ask(Asked::Account, "account/read", json!({}));
        } else if let Some(pending) = self.approvals.remove(key) {
            let (answer, words) = approval::decide(&pending, decision);
            self.rpc.answer(&pending.id, answer);
            if let Some(words) = words {
                let (thread, turn) = pending.turn;
                let fields = json!({"threadId": thread, "expectedTurnId": turn,
                    "input": [{"type": "text", "text": words}]});
                self.rpc.ask(Asked::Steer, "turn/steer", fields);
            }
        } else if let Some((request, at)) = questions::split(key)
            && let Some(form) = self.forms.get_mut(request)
            && let Some(answer) = form.take(at, decision)
        {
            let id = form.id.clone();
            self.forms.remove(request);
            self.rpc.answer(&id, answer);
        }
    }

    /// The model that a thread's requests go to.
    pub(super) fn model_of(&self, thread: &str) -> String {
        let helper = self.helper_models.get(thread);
        let own = self.turn.model.as_ref().or(self.model.as_ref());
        helper.or(own).cloned().unwrap_or_default()
    }
}
