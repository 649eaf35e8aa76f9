//! The first words: who we are, whose account it is, and the thread that is begun, gone on with or copied.

use super::super::{AgentFrom, AgentState};
use super::failure::{of_error, one_line};
use super::state::{Asked, LOGIN, State};
use super::{AgentEvent, settings};
use serde_json::{Value, json};

/// The greeting. All else waits for its answer.
pub fn initialize(state: &mut State) {
    let client =
        json!({"name": "antiphon", "title": "Antiphon", "version": env!("CARGO_PKG_VERSION")});
    // Without them there is no change of settings between turns, no plan mode and no question of the model's.
    let capabilities = json!({"experimentalApi": true, "requestAttestation": false});
    let fields = json!({"clientInfo": client, "capabilities": capabilities});
    state.rpc.ask(Asked::Initialize, "initialize", fields);
}

/// The greeting was answered.
pub fn greeted(state: &mut State, answer: &Value) {
    // `antiphon/0.169.0 (…)`: our name, its version.
    let agent = answer["userAgent"].as_str().unwrap_or_default();
    let version = agent.split_whitespace().next().unwrap_or_default();
    state.version = version.rsplit('/').next().unwrap_or_default().to_owned();
    state.rpc.notify("initialized", json!({}));
    state.rpc.ask(Asked::Account, "account/read", json!({}));
    let start = &state.start;
    let mut fields = json!({"cwd": start.cwd});
    if let Some(model) = &start.model {
        fields["model"] = model.as_str().into();
    }
    if let Some((sandbox, policy)) = start.permission_mode.as_deref().and_then(settings::read) {
        fields["sandbox"] = sandbox.into();
        fields["approvalPolicy"] = policy.into();
    }
    if let Some(system) = &start.system {
        fields["developerInstructions"] = system.as_str().into();
    }
    let method = match &start.from {
        AgentFrom::New => "thread/start",
        AgentFrom::Resume => {
            fields["threadId"] = start.conversation.as_str().into();
            fields["excludeTurns"] = true.into();
            "thread/resume"
        }
        AgentFrom::Fork { source, at } => {
            fields["threadId"] = source.as_str().into();
            fields["lastTurnId"] = json!(at);
            fields["excludeTurns"] = true.into();
            "thread/fork"
        }
    };
    state.rpc.ask(Asked::Open, method, fields);
}

/// The thread is there.
pub fn opened(state: &mut State, answer: &Value, events: &mut Vec<AgentEvent>) {
    let Some(thread) = answer["thread"]["id"].as_str() else {
        state.gives_up = Some("it opened no thread: this version speaks otherwise".into());
        return;
    };
    if state.start.from == AgentFrom::New {
        state.spending.begin(thread);
    }
    state.thread = Some(thread.to_owned());
    state.settings.note(answer);
    state.model = answer["model"]
        .as_str()
        .map(String::from)
        .or(state.model.take());
    state.mode = settings::word(answer);
    events.push(AgentEvent::Conversation(thread.to_owned()));
    events.push(AgentEvent::Ready {
        model: state.model.clone(),
        permission_mode: state.mode.clone(),
        version: state.version.clone(),
    });
    if state.start.permission_mode.as_deref() == Some(settings::PLAN) {
        state.command(super::AgentCommand::SetPermissionMode(
            settings::PLAN.into(),
        ));
    }
    for command in std::mem::take(&mut state.waiting) {
        state.command(command);
    }
}

/// The account was told.
pub fn account(state: &mut State, answer: &Value, events: &mut Vec<AgentEvent>) {
    let account = &answer["account"];
    if account.is_null() && answer["requiresOpenaiAuth"] == true {
        if !std::mem::replace(&mut state.login_wanted, true) {
            events.push(AgentEvent::Question {
                key: LOGIN.into(),
                title: "log in to Codex".into(),
                detail: "run `codex login` in a terminal, then answer here".into(),
                choices: Vec::new(),
                multiple: false,
                login: true,
            });
        }
        return;
    }
    let plan = account["type"] == "chatgpt";
    events.push(AgentEvent::Billing { plan });
    if plan {
        state
            .rpc
            .ask(Asked::Limits, "account/rateLimits/read", Value::Null);
    }
    logged_in(state, events);
}

/// Nobody waits for a login any more.
pub fn logged_in(state: &mut State, events: &mut Vec<AgentEvent>) {
    if std::mem::take(&mut state.login_wanted) {
        events.push(AgentEvent::ApprovalGone { key: LOGIN.into() });
    }
}

/// A request of ours was answered.
pub fn answered(
    state: &mut State,
    asked: Asked,
    answer: Result<&Value, &Value>,
    events: &mut Vec<AgentEvent>,
) {
    let error = match answer {
        Err(error) => error,
        Ok(answer) => {
            match asked {
                Asked::Initialize => greeted(state, answer),
                Asked::Account => account(state, answer, events),
                Asked::Limits => super::turns::limits(state, &answer["rateLimits"], events),
                Asked::Open => opened(state, answer, events),
                Asked::Turn => state.turn.starting = false,
                Asked::Model(model) => note_model(state, model, events),
                Asked::Mode(mode) => note_mode(state, mode, events),
                Asked::Interrupt | Asked::Steer => {}
            }
            return;
        }
    };
    let why = one_line(error["message"].as_str().unwrap_or("no reason given"));
    // A request that an older version does not know.
    let unknown = why.contains("unknown variant") || why.contains("experimentalApi");
    match asked {
        Asked::Initialize | Asked::Open => state.gives_up = Some(why),
        Asked::Turn => {
            state.turn.starting = false;
            state.turn.failure = Some(of_error(error, state.limits.until()));
            super::turns::finish(state, events);
            events.push(AgentEvent::State(AgentState::Idle));
        }
        Asked::Model(model) if unknown => {
            state.next_turn["model"] = model.as_str().into();
            note_model(state, model, events);
        }
        Asked::Mode(mode) if unknown => {
            let fields = state.settings.change(&mode, &state.model_of(""));
            if let (Some(Value::Object(fields)), Some(next)) =
                (fields, state.next_turn.as_object_mut())
            {
                next.extend(fields);
            }
            note_mode(state, mode, events);
        }
        Asked::Model(model) => {
            let text = format!("the model is not changed to {model}: {why}");
            events.push(AgentEvent::Notice(text));
        }
        Asked::Mode(mode) => {
            let text = format!("the permission mode is not changed to {mode}: {why}");
            events.push(AgentEvent::Notice(text));
        }
        Asked::Steer => {
            let text = format!("your words did not reach it: {why}");
            events.push(AgentEvent::Notice(text));
        }
        // It has ended by itself meanwhile, or this version does not tell.
        Asked::Interrupt | Asked::Account | Asked::Limits => {}
    }
}

/// Takes in the settings that are in force.
pub fn settings_told(state: &mut State, settings: &Value, events: &mut Vec<AgentEvent>) {
    state.settings.note(settings);
    if let Some(model) = settings["model"].as_str() {
        note_model(state, model.to_owned(), events);
    }
    if let Some(mode) = settings::word(settings) {
        note_mode(state, mode, events);
    }
}

fn note_model(state: &mut State, model: String, events: &mut Vec<AgentEvent>) {
    if state.model.as_ref() != Some(&model) {
        state.model = Some(model.clone());
        events.push(AgentEvent::Model(model));
    }
}

fn note_mode(state: &mut State, mode: String, events: &mut Vec<AgentEvent>) {
    if state.mode.as_ref() != Some(&mode) {
        state.mode = Some(mode.clone());
        events.push(AgentEvent::PermissionMode(mode));
    }
}
