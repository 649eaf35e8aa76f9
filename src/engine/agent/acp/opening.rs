//! How a conversation comes about: the handshake, then a new one, a loaded one or a copy, then model and mode.

use super::failure::{self, LOGIN_WANTED, one_line};
use super::settings::{Which, names_model};
use super::state::{Asked, LOGIN, Place, State};
use super::{AgentEvent, AgentFrom};
use crate::engine::agent::rpc::Rpc;
use crate::protocol::Category;
use crate::protocol::Failure;
use serde_json::{Value, json};

/// The version of the protocol that is spoken here.
const VERSION: u64 = 1;
/// A method that no agent has: the protocol keeps names that begin so for others, and an agent that does not know one
/// says so at once.
const BARRIER: &str = "_antiphon/heard";
/// Put before the name of a conversation that Gemini CLI loads. It reads names without such blanks, but begins a file
/// of its own under the first eight characters before it loads: under those of the conversation that file takes the
/// place of the conversation's, or has it deleted at the next start (google-gemini/gemini-cli#28775).
const BLANKS: &str = "        ";

/// What the agent says of itself.
#[derive(Debug, Default)]
pub struct About {
    initialized: bool,
    protocol: u64,
    name: String,
    title: String,
    version: String,
    load: bool,
    resume: bool,
    fork: bool,
    /// Its ways to log in, in words.
    logins: Vec<String>,
    login_asked: bool,
}

/// Says hello. Files and terminals of ours are not offered: the agents have their own.
pub(super) fn initialize(rpc: &mut Rpc<Asked>) {
    let params = json!({
        "protocolVersion": VERSION,
        "clientCapabilities": {"fs": {"readTextFile": false, "writeTextFile": false}, "terminal": false},
        "clientInfo": {"name": "antiphon", "title": "Antiphon", "version": env!("CARGO_PKG_VERSION")},
    });
    rpc.ask(Asked::Initialize, "initialize", params);
}

/// The agent has answered the handshake.
pub(super) fn initialized(state: &mut State, answer: Result<&Value, &Value>) -> Vec<AgentEvent> {
    match answer {
        Ok(told) => {
            state.about = About::read(told);
            begin(state);
            Vec::new()
        }
        Err(error) => shut(state, failure::of_error(error), Some(error)),
    }
}

/// Asks for the conversation.
pub(super) fn begin(state: &mut State) {
    state.place = Place::Opening;
    if !state.about.initialized {
        return initialize(&mut state.rpc);
    }
    let place = |id: &str| json!({"sessionId": id, "cwd": state.cwd, "mcpServers": []});
    let about = &state.about;
    let asked = match &state.from {
        _ if about.protocol != VERSION => Err(format!(
            "it speaks version {} of the Agent Client Protocol, and Antiphon version {VERSION}",
            about.protocol
        )),
        AgentFrom::New => Ok(("session/new", json!({"cwd": state.cwd, "mcpServers": []}))),
        // Without the history where possible: we have it.
        AgentFrom::Resume if about.resume => Ok(("session/resume", place(&state.conversation))),
        AgentFrom::Resume if about.load && about.name == "gemini-cli" => Ok((
            "session/load",
            place(&format!("{BLANKS}{}", state.conversation)),
        )),
        AgentFrom::Resume if about.load => Ok(("session/load", place(&state.conversation))),
        AgentFrom::Resume => Err("it cannot take up a conversation again".into()),
        AgentFrom::Fork { source, .. } if about.fork => Ok(("session/fork", place(source))),
        AgentFrom::Fork { .. } => Err("it cannot fork a conversation".into()),
    };
    match asked {
        Ok((method, params)) => {
            if let (AgentFrom::Resume, Some(id)) = (&state.from, params["sessionId"].as_str()) {
                state.session = id.to_owned();
            }
            state.replays = matches!(method, "session/load" | "session/fork");
            state.rpc.ask(Asked::Session, method, params);
        }
        Err(why) => {
            let why = format!("{}: {why}", state.about.title());
            let next = "spawn a new session and relay the answer it needs";
            let failure = Failure::new(Category::CapabilityMismatch, why, next);
            let events = shut(state, failure, None);
            state.settled.extend(events);
        }
    }
}

/// The agent has answered the request for the conversation.
pub(super) fn opened(state: &mut State, answer: Result<&Value, &Value>) -> Vec<AgentEvent> {
    let told = match answer {
        Ok(told) => told,
        Err(error) => return shut(state, failure::of_error(error), Some(error)),
    };
    let mut events = Vec::new();
    if let Some(id) = told["sessionId"].as_str() {
        state.session = id.to_owned();
        if state.from != AgentFrom::Resume {
            state.conversation = id.to_owned();
            events.push(AgentEvent::Conversation(id.to_owned()));
        }
    }
    // From now on it is this one that is taken up, however often it must be.
    state.from = AgentFrom::Resume;
    state.settings.read(told);
    if std::mem::take(&mut state.about.login_asked) {
        events.push(AgentEvent::ApprovalGone { key: LOGIN.into() });
    }
    state.place = match state.replays {
        true => Place::Replaying { quiet: true },
        false => Place::Open,
    };
    if state.replays {
        state.rpc.ask(Asked::Barrier, BARRIER, json!({}));
    }
    for which in [Which::Model, Which::Mode] {
        let wanted = state.wanted[which as usize].take();
        if let Some(wanted) =
            wanted.filter(|w| state.settings.of(which).current.as_ref() != Some(w))
        {
            state.change(which, wanted);
        }
    }
    if !std::mem::replace(&mut state.ready, true) {
        let current = state.settings.model.current.clone();
        let model = current.filter(|model| names_model(model));
        let mode = state.settings.mode.current.clone();
        state.told = [state.settings.model.current.clone(), mode.clone()];
        events.push(AgentEvent::Ready {
            model,
            permission_mode: mode,
            version: state.about.version.clone(),
        });
    }
    state.advance();
    events
}

/// The agent has answered what it does not know: all it told before has been heard. What it tells of the conversation
/// so far can come behind the answer that it is loaded, so it is asked until nothing has come in between.
pub(super) fn heard(state: &mut State) {
    match state.place {
        Place::Replaying { quiet: false } => {
            state.place = Place::Replaying { quiet: true };
            state.rpc.ask(Asked::Barrier, BARRIER, json!({}));
        }
        Place::Replaying { quiet: true } => {
            state.place = Place::Open;
            state.advance();
        }
        _ => {}
    }
}

/// The conversation did not come about: the prompt that waits for it has failed, and the next one tries again. Where
/// none waits and nothing can be done here, the process is of no use.
fn shut(state: &mut State, failure: Failure, error: Option<&Value>) -> Vec<AgentEvent> {
    state.place = Place::Shut;
    let login = error.filter(|error| error["code"] == LOGIN_WANTED);
    let mut events = Vec::new();
    match (state.waiting.pop_front(), login) {
        (Some(_), _) => events.push(state.turn_ended(Some(failure), false)),
        (None, Some(_)) => {}
        (None, None) => state.gives_up = Some(failure.message),
    }
    events.extend(login.map(|error| state.about.login(error)));
    events
}

impl About {
    fn read(told: &Value) -> About {
        let can = &told["agentCapabilities"];
        let session = &can["sessionCapabilities"];
        let offered = |what: &Value| !matches!(what, Value::Null | Value::Bool(false));
        let text = |value: &Value| one_line(value.as_str().unwrap_or_default());
        let info = &told["agentInfo"];
        let methods = told["authMethods"].as_array().into_iter().flatten();
        About {
            initialized: true,
            protocol: told["protocolVersion"].as_u64().unwrap_or(VERSION),
            name: text(&info["name"]),
            title: text(&info["title"]),
            version: text(&info["version"]),
            load: can["loadSession"] == true,
            resume: offered(&session["resume"]),
            fork: offered(&session["fork"]),
            logins: methods
                .map(|method| {
                    let name = text(&method["name"]);
                    match text(&method["description"]) {
                        what if what.is_empty() => name,
                        what => format!("{name}: {what}"),
                    }
                })
                .collect(),
            login_asked: false,
        }
    }

    /// What the agent calls itself.
    fn title(&self) -> &str {
        match (self.title.as_str(), self.name.as_str()) {
            ("", "") => "the agent",
            ("", name) => name,
            (title, _) => title,
        }
    }

    /// The question for a login, after an error that wants one.
    pub(super) fn login(&mut self, error: &Value) -> AgentEvent {
        self.login_asked = true;
        let mut lines = vec![failure::of_error(error).message];
        lines.extend(self.logins.iter().map(|login| format!("· {login}")));
        lines.push("do it in a terminal, then ask again".into());
        AgentEvent::Question {
            key: LOGIN.into(),
            title: format!("{} wants a login", self.title()),
            detail: lines.join("\n"),
            choices: Vec::new(),
            multiple: false,
            login: true,
        }
    }
}
