//! What is known of the agent and its running turn, and what commands make of it. Pure: no clock, no process.

use super::approval::{self, Pending};
use super::opening::{self, About};
use super::settings::{Settings, Which};
use super::tools::Tools;
use super::usage::Figures;
use super::{AgentCommand, AgentEvent, AgentFrom, AgentStart};
use crate::engine::agent::rpc::Rpc;
use crate::protocol::Decision;
use crate::protocol::Delta;
use crate::protocol::Failure;
use crate::protocol::Usage;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// The key of the question for a login.
pub const LOGIN: &str = "login";
/// What is told as the last record of a turn: the protocol has no names for turns, a fork takes all of them.
const RECORD: &str = "end";

/// What is known of the process and its running turn.
pub struct State {
    pub(super) rpc: Rpc<Asked>,
    /// What commands have brought about.
    pub(super) settled: Vec<AgentEvent>,
    /// Why nothing can come of this process.
    pub(super) gives_up: Option<String>,
    pub(super) cwd: String,
    pub(super) from: AgentFrom,
    /// Said before the first prompt of a new conversation: the protocol has no system prompt.
    pub(super) system: Option<String>,
    pub(super) place: Place,
    /// The request for the conversation is one that has what was said before told again.
    pub(super) replays: bool,
    pub(super) about: About,
    /// The conversation's lasting name.
    pub(super) conversation: String,
    /// What the agent calls it as long as this process lives.
    pub(super) session: String,
    pub(super) settings: Settings,
    /// Model and mode as they were last told.
    pub(super) told: [Option<String>; 2],
    /// The model that answered last, where the agent chooses it.
    pub(super) answering: Option<String>,
    /// What the user wants them to be, until the conversation is there.
    pub(super) wanted: [Option<String>; 2],
    /// Changes of settings that are not answered: a prompt waits for them.
    pub(super) changing: u32,
    pub(super) ready: bool,
    /// Prompts that are not sent yet.
    pub(super) waiting: VecDeque<String>,
    pub(super) turn: Option<Turn>,
    pub(super) turns: u64,
    /// The agent has answered in this conversation, so that it can be taken up again.
    pub(super) answered: bool,
    /// Questions that wait, by the request's id.
    pub(super) approvals: BTreeMap<String, Pending>,
    pub(super) tools: Tools,
    pub(super) figures: Figures,
}

/// How far the conversation has come about.
#[derive(Debug)]
pub(super) enum Place {
    Opening,
    /// It is loaded, and the agent still tells what was said in it before. `quiet`: nothing of that has come since it
    /// was last asked whether it is done.
    Replaying {
        quiet: bool,
    },
    Open,
    /// It did not come about. The next prompt tries again.
    Shut,
}

/// The running turn.
#[derive(Debug, Default)]
pub(super) struct Turn {
    pub number: u64,
    /// A slash command, which may end without a word.
    pub command: bool,
    pub interrupted: bool,
    /// Something of an answer has come.
    pub told: bool,
    /// All tools that ran have ended: what comes next is of another request to the model.
    pub round_over: bool,
    pub last: Last,
    pub plan: Vec<String>,
}

/// What was told last, with the agent's name of the message where it gives one: a new message is a new paragraph.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Last {
    #[default]
    Nothing,
    Text(Option<String>),
    Thought(Option<String>),
}

/// Requests of ours that are not answered yet.
#[derive(Debug)]
pub(super) enum Asked {
    Initialize,
    /// That for the conversation.
    Session,
    Barrier,
    Setting(Which, String),
    Prompt(u64),
}

impl State {
    /// The state before the first line; what is said first waits.
    pub fn new(start: &AgentStart) -> State {
        let fresh = start.from == AgentFrom::New;
        let mut rpc = Rpc::default();
        opening::initialize(&mut rpc);
        State {
            rpc,
            settled: Vec::new(),
            gives_up: None,
            cwd: start.cwd.display().to_string(),
            from: start.from.clone(),
            system: start.system.clone().filter(|_| fresh),
            place: Place::Opening,
            replays: false,
            about: About::default(),
            conversation: start.conversation.clone(),
            session: String::new(),
            settings: Settings::default(),
            told: [None, None],
            answering: None,
            wanted: [start.model.clone(), start.permission_mode.clone()],
            changing: 0,
            ready: false,
            waiting: VecDeque::new(),
            turn: None,
            turns: 0,
            answered: !fresh,
            approvals: BTreeMap::new(),
            tools: Tools::default(),
            figures: Figures::new(fresh),
        }
    }

    pub fn command(&mut self, command: AgentCommand) {
        match command {
            AgentCommand::Prompt(text) => {
                self.waiting.push_back(text);
                if matches!(self.place, Place::Shut) {
                    opening::begin(self);
                }
                self.advance();
            }
            AgentCommand::Interrupt => self.interrupt(),
            AgentCommand::SetModel(model) => self.change(Which::Model, model),
            AgentCommand::SetPermissionMode(mode) => self.change(Which::Mode, mode),
            AgentCommand::Decide { key, decision } => self.decide(&key, &decision),
            AgentCommand::Stop => {}
        }
    }

    /// The process has ended: what it did not come to tell.
    pub fn ended(&mut self) -> Vec<AgentEvent> {
        let mut events: Vec<AgentEvent> = self.drop_approvals();
        if self.turn.is_some() {
            events.extend(self.tools.end().into_iter().map(AgentEvent::Delta));
        }
        events
    }

    /// Sends the next prompt, if the conversation is free for it.
    pub(super) fn advance(&mut self) {
        let free = matches!(self.place, Place::Open) && self.changing == 0 && self.turn.is_none();
        let Some(text) = free.then(|| self.waiting.pop_front()).flatten() else {
            return;
        };
        let command = text.starts_with('/');
        let mut prompt = Vec::new();
        if !command && let Some(system) = self.system.take() {
            prompt.push(json!({"type": "text", "text": system}));
        }
        prompt.push(json!({"type": "text", "text": text}));
        self.turns += 1;
        self.turn = Some(Turn {
            number: self.turns,
            command,
            ..Turn::default()
        });
        self.figures.begin();
        let params = json!({"sessionId": self.session, "prompt": prompt});
        self.rpc
            .ask(Asked::Prompt(self.turns), "session/prompt", params);
    }

    /// Breaks the turn off. Asked twice, it is over whatever the agent does: some do not hear while they wait for
    /// their model's server.
    fn interrupt(&mut self) {
        match &mut self.turn {
            Some(turn) if !turn.interrupted => {
                turn.interrupted = true;
                let params = json!({"sessionId": self.session});
                self.rpc.notify("session/cancel", params);
                for pending in self.approvals.values() {
                    self.rpc.answer(&pending.id, approval::cancelled());
                }
                let gone = self.drop_approvals();
                self.settled.extend(gone);
            }
            Some(_) => {
                let ended = self.finish(Ok(&Value::Null));
                self.settled.extend(ended);
            }
            None if self.waiting.pop_front().is_some() => {
                let unsent = self.turn_ended(None, true);
                self.settled.push(unsent);
            }
            None => {}
        }
    }

    /// Asks for another model or mode, or notes the wish until the conversation is there.
    pub(super) fn change(&mut self, which: Which, value: String) {
        if !matches!(self.place, Place::Open | Place::Replaying { .. }) {
            self.wanted[which as usize] = Some(value);
            return;
        }
        match self.settings.request(which, &value, &self.session) {
            Ok((method, params, value)) => {
                self.changing += 1;
                self.rpc.ask(Asked::Setting(which, value), method, params);
            }
            Err(why) => {
                self.settled.push(AgentEvent::Notice(why));
                self.told[which as usize] = Some(value);
                self.tell_settings();
            }
        }
    }

    /// Tells model and mode, where they are not what was told last.
    pub(super) fn tell_settings(&mut self) {
        for which in [Which::Model, Which::Mode] {
            let current = self.settings.of(which).current.clone();
            let told = &mut self.told[which as usize];
            if let (Some(current), true) = (current.clone(), *told != current) {
                *told = Some(current.clone());
                self.answering = None;
                self.settled.push(match which {
                    Which::Model => AgentEvent::Model(current),
                    Which::Mode => AgentEvent::PermissionMode(current),
                });
            }
        }
    }

    fn decide(&mut self, key: &str, decision: &Decision) {
        if key == LOGIN && matches!(self.place, Place::Shut) {
            return opening::begin(self);
        }
        let Some(pending) = self.approvals.remove(key) else {
            return;
        };
        let answer = approval::decide(&pending, decision);
        self.rpc.answer(&pending.id, answer.outcome);
        let notice = answer.notice.map(|text| AgentEvent::Notice(text.into()));
        self.settled.extend(notice);
        if let (false, Some(tool)) = (answer.allowed, pending.tool) {
            let denied = self.tools.denied(&tool).map(AgentEvent::Delta);
            self.settled.extend(denied);
            self.note_round();
        }
    }

    pub(super) fn note_round(&mut self) {
        if let Some(turn) = &mut self.turn {
            turn.round_over = self.tools.all_ended();
        }
    }

    pub(super) fn drop_approvals(&mut self) -> Vec<AgentEvent> {
        let gone = std::mem::take(&mut self.approvals).into_keys();
        gone.map(|key| AgentEvent::ApprovalGone { key }).collect()
    }

    /// Ends the running turn with what its answer tells.
    pub(super) fn finish(&mut self, answer: Result<&Value, &Value>) -> Vec<AgentEvent> {
        let Some(turn) = self.turn.take() else {
            return Vec::new();
        };
        let mut events = self.drop_approvals();
        events.extend(self.tools.end().into_iter().map(AgentEvent::Delta));
        let result = answer.unwrap_or(&Value::Null);
        let reason = result["stopReason"].as_str().unwrap_or_default();
        // Once it was told to stop, what it says of how it ended is no failure.
        let interrupted = turn.interrupted || reason == "cancelled";
        let mut settled = self
            .figures
            .settle(result, self.settings.model.current.as_deref());
        let tokens = settled.usage.total_input() + settled.usage.total_output();
        let nothing = !turn.told && tokens == 0;
        let failure = match answer {
            _ if interrupted => None,
            Err(error) => Some(super::failure::of_error(error)),
            Ok(_) if nothing && !turn.command => Some(super::failure::silent()),
            Ok(_) => super::failure::of_stop(reason),
        };
        // That nothing was used is believed of a command of the agent's own only.
        if tokens == 0 && (turn.told || interrupted || failure.is_some()) {
            settled.usage.estimated = true;
            for (_, usage, _) in &mut settled.spent {
                usage.estimated = true;
            }
        }
        self.answered |= turn.told;
        events.extend(self.answered_by(&settled.spent));
        events.push(AgentEvent::TurnEnded {
            usage: settled.usage,
            spent: settled.spent,
            context_used: settled.context_used,
            window: settled.window,
            record: self.answered.then(|| RECORD.into()),
            failure,
            interrupted,
        });
        if let Err(error) = answer
            && error["code"] == super::failure::LOGIN_WANTED
        {
            events.push(self.about.login(error));
        }
        events
    }

    /// Where the agent chose the model, the one that answered is told.
    fn answered_by(&mut self, spent: &[(String, Usage, f64)]) -> Option<AgentEvent> {
        let current = self.settings.model.current.as_deref();
        let (model, ..) = spent.first()?;
        if current.is_some_and(super::settings::names_model)
            || self.answering.as_ref() == Some(model)
        {
            return None;
        }
        self.answering = Some(model.clone());
        Some(AgentEvent::Model(model.clone()))
    }

    /// The end of a turn that the agent has not seen.
    pub(super) fn turn_ended(&self, failure: Option<Failure>, interrupted: bool) -> AgentEvent {
        AgentEvent::TurnEnded {
            usage: Usage::default(),
            spent: Vec::new(),
            context_used: None,
            window: None,
            record: self.answered.then(|| RECORD.into()),
            failure,
            interrupted,
        }
    }

    /// The running turn's answer grows.
    pub(super) fn grown(&mut self, deltas: Vec<Delta>) -> Vec<AgentEvent> {
        if let (Some(turn), false) = (&mut self.turn, deltas.is_empty()) {
            turn.told = true;
        }
        deltas.into_iter().map(AgentEvent::Delta).collect()
    }
}
