//! What a structured agent tells, taken into its session.

use super::agent::{AgentEvent, AgentState};
use super::effect::{Effect, To};
use super::limits::watch_limit;
use super::settle::{Bill, end};
use super::state::{Now, State};
use super::{accept, stream, supervise};
use crate::protocol::{
    Ask, AskId, AskKind, Cost, Delta, Event, Level, Nano, SessionId, Source, Status, TurnState,
    Usage,
};

/// Takes in one event of an agent, if it is of the process that runs now.
pub fn told(
    state: &mut State,
    id: SessionId,
    epoch: u64,
    event: AgentEvent,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.epoch != epoch {
        return;
    }
    match event {
        AgentEvent::Started { pid } => {
            supervise::started(state, id, epoch, Ok(Some(pid)), now, out);
        }
        AgentEvent::Ready {
            model,
            permission_mode,
            ..
        } => {
            session.view.model = model.or(session.view.model.take());
            session.view.permission_mode = permission_mode.or(session.view.permission_mode.take());
            out.push(session.changed());
        }
        AgentEvent::Conversation(conversation) => {
            session.agent_ref = Some(conversation);
            out.push(session.row());
        }
        AgentEvent::Quotas(quotas) => {
            if session.view.quotas != quotas {
                session.view.quotas = quotas;
                out.push(session.changed());
            }
        }
        AgentEvent::Context { used, window } => {
            let gauges = &mut session.view.gauges;
            gauges.context_used = Some(used);
            gauges.window = window.or(gauges.window);
            out.push(session.changed());
        }
        AgentEvent::Billing { plan } => {
            session.plan = match state.config.claude.billing.as_deref() {
                Some("plan") => true,
                Some("metered") => false,
                _ => plan,
            };
        }
        AgentEvent::State(said) => {
            let status = match said {
                AgentState::Working => Status::Working,
                AgentState::NeedsYou => Status::NeedsYou,
                // Idle before the bill has come: the end of the turn will say so.
                AgentState::Idle if session.running.is_some() => return,
                AgentState::Idle => Status::Idle,
            };
            let status = match session.view.asks.is_empty() {
                true => status,
                false => Status::NeedsYou,
            };
            let failed = matches!(
                session.view.status,
                Status::Failed { .. } | Status::Limited { .. }
            );
            if !(failed && status == Status::Idle) {
                session.set_status(status, Source::Protocol, now);
                out.push(session.changed());
            }
        }
        AgentEvent::Delta(delta) => {
            if session.running.is_none() {
                accept::unasked(state, id, now, out);
            }
            stream::grow(state, id, delta, now, out);
        }
        AgentEvent::Approval {
            key,
            title,
            detail,
            always,
        } => {
            let ask = Ask {
                id: state.new_ask_id(),
                kind: AskKind::Approval,
                title,
                detail,
                since: now.ms,
                choices: Vec::new(),
                multiple: false,
                always,
                on_screen: false,
            };
            open_ask(state, id, key, ask, now, out);
        }
        AgentEvent::Question {
            key,
            title,
            detail,
            choices,
            multiple,
            login,
        } => {
            let ask = Ask {
                id: state.new_ask_id(),
                kind: match login {
                    true => AskKind::Login,
                    false => AskKind::Question,
                },
                title,
                detail,
                since: now.ms,
                choices,
                multiple,
                always: false,
                on_screen: false,
            };
            open_ask(state, id, key, ask, now, out);
        }
        AgentEvent::ApprovalGone { key } => {
            let gone = session.agent_asks.iter().find(|(_, open)| **open == key);
            if let Some(ask) = gone.map(|(&ask, _)| ask) {
                close_ask(state, id, ask, now, out);
            }
        }
        AgentEvent::PermissionMode(mode) => {
            session.view.permission_mode = Some(mode);
            out.push(session.changed());
            out.push(session.row());
        }
        AgentEvent::Model(model) => {
            session.view.model = Some(model);
            out.push(session.changed());
        }
        AgentEvent::Notice(text) => {
            if session.running.is_some() {
                stream::grow(state, id, Delta::Notice { text }, now, out);
            } else {
                out.push(Effect::Tell {
                    to: To::All,
                    event: Event::Notice {
                        level: Level::Info,
                        text,
                        session: Some(id),
                    },
                });
            }
        }
        AgentEvent::Limited { until } => {
            session.set_status(Status::Limited { until }, Source::Protocol, now);
            watch_limit(session, now, out);
            out.push(session.changed());
        }
        AgentEvent::TurnEnded {
            usage,
            spent,
            context_used,
            window,
            record,
            failure,
            interrupted,
        } => {
            session.view.asks.retain(|ask| session.held == Some(ask.id));
            session.agent_asks.clear();
            let model = state
                .sessions
                .get(&id)
                .and_then(|s| s.view.model.as_deref());
            let (usage, cost) = bill(state, model, usage, &spent);
            let cost = match state.sessions.get(&id).is_some_and(|s| s.plan) {
                true => Cost {
                    plan: cost.counted(),
                    ..Cost::default()
                },
                false => cost,
            };
            let how = match failure {
                _ if interrupted => TurnState::Interrupted,
                Some(failure) => TurnState::Failed(failure),
                None => TurnState::Done,
            };
            let conversation = state.sessions.get(&id).and_then(|s| s.agent_ref.clone());
            let bill = Bill {
                usage,
                cost,
                context_used,
                window,
                agent_ref: conversation.zip(record).map(|(c, r)| format!("{c}/{r}")),
            };
            end(state, id, how, Some(bill), now, out);
        }
        AgentEvent::Exited {
            code,
            signal,
            stderr,
        } => {
            out.push(Effect::End { session: id });
            let said_why = !stderr.trim().is_empty();
            let session = state.sessions.get(&id).filter(|_| said_why);
            let why = session.map(|session| supervise::exit_failure(state, session, &stderr));
            supervise::exited(state, id, (code, signal), why, now, out);
        }
    }
}

/// All tokens a turn used, side calls to other models included, and their price. A model that the
/// catalogue cannot price is taken at what the agent itself says it cost, and so are tokens that are only an estimate.
fn bill(
    state: &State,
    model: Option<&str>,
    usage: Usage,
    spent: &[(String, Usage, f64)],
) -> (Usage, Cost) {
    if spent.is_empty() {
        // It does not say which models: all of it at the session's own, marked as an estimate.
        let mut cost = state.catalog.cost_of_many(model, &usage);
        cost.estimated |= cost.counted() != Nano(0);
        return (usage, cost);
    }
    let total = spent.iter().map(|(_, usage, _)| *usage).sum();
    let cost = spent
        .iter()
        .map(|(model, usage, dollars)| {
            let cost = state.catalog.cost_of_many(Some(model), usage);
            let unsure = cost.unpriced != Nano(0) || usage.estimated;
            match unsure && *dollars > 0.0 {
                false => cost,
                true => Cost {
                    priced: Nano::from_dollars(*dollars),
                    ..Cost::default()
                },
            }
        })
        .sum();
    (total, cost)
}

/// The agent asks: the session waits for its user. `key`: the agent's own name of the question.
fn open_ask(
    state: &mut State,
    id: SessionId,
    key: String,
    ask: Ask,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.agent_asks.insert(ask.id, key);
    session.view.asks.push(ask);
    session.set_status(Status::NeedsYou, Source::Protocol, now);
    out.push(session.changed());
}

/// A question is no longer open; the session goes back to what it was doing.
pub fn close_ask(state: &mut State, id: SessionId, ask: AskId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.agent_asks.remove(&ask);
    session.view.asks.retain(|open| open.id != ask);
    session.set_status(session.own_status(), Source::Protocol, now);
    out.push(session.changed());
}
