//! A turn before its answer: held or sent, taken back. It comes from `accept`; `stream` and `settle` go on from there.

use super::agent::AgentCommand;
use super::effect::{Effect, To};
use super::session::{Alive, Running};
use super::settle::end;
use super::state::{Now, State};
use super::{budget, limits, plan, records, retry, supervise, worktree};
use crate::protocol::{
    Block, Category, Cost, Event, Failure, Nano, SessionId, Source, Status, Turn, TurnId, TurnState,
};
use crate::store::Write;

/// Sends the next waiting prompt, if the session is free and the budget allows it.
pub fn advance(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    let Some(&turn) = session.queue.front() else {
        return;
    };
    // Not to a process that is on its way out: its end would be taken for the answer's.
    if session.running.is_some() || session.held.is_some() || session.restart_when_gone {
        return;
    }
    if limits::waits(session, now) {
        return;
    }
    if worktree::life::make_first(state, id, now, out) {
        return; // it goes on from `made`
    }
    let Some(session) = state.sessions.get(&id) else {
        return;
    };
    if session.view.backend.is_api()
        && session.view.model.is_none()
        && session.process == Alive::Starting
    {
        return; // its model is being looked for
    }
    let amount = budget::reservation(state, session, turn);
    if session.allowed || budget::allows(state, amount) {
        send(state, id, amount, now, out);
    } else {
        budget::hold(state, id, amount, now, out);
    }
}

/// Sends the first of the queue, whatever the budget says.
pub fn send(state: &mut State, id: SessionId, reserved: Nano, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some(turn) = session.queue.pop_front() else {
        return;
    };
    session.view.waiting = session.queue.len() as u32;
    session.view.note = None;
    session.view.gauges.tokens_per_second = None;
    session.allowed = false;
    let detour = session.detour.take();
    let rerouted = detour.is_some();
    session.running = Some(Running {
        hops: detour.as_ref().map_or(0, |detour| detour.hops),
        ..Running::new(turn, reserved)
    });
    session.set_status(Status::Working, Source::Protocol, now);
    if let Some(sent) = state.turns.get_mut(&turn) {
        sent.state = TurnState::Streaming;
        sent.timings.sent_at = Some(now.ms);
        match detour {
            Some(detour) => {
                sent.backend = detour.backend;
                sent.model = Some(detour.model);
            }
            None => sent.model.clone_from(&session.view.model),
        }
        // Until it is settled, what was reserved stands for its cost, should the engine die.
        let mut stored = sent.clone();
        stored.cost = Cost {
            priced: reserved,
            estimated: true,
            ..Cost::default()
        };
        out.push(Effect::Write(Write::TurnStarted(stored)));
        tell_turn(id, sent, out);
    }
    if rerouted {
        records::rerouted(state, turn, out);
    }
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.view.backend.is_agent() {
        let prompt = state
            .turns
            .get(&turn)
            .map_or(String::new(), |t| t.prompt.clone());
        if session.process == Alive::No {
            supervise::start(state, id, now, out);
        }
        if let Some(session) = state.sessions.get_mut(&id) {
            session.set_status(Status::Working, Source::Protocol, now);
            out.push(Effect::Command {
                session: id,
                command: AgentCommand::Prompt(prompt),
            });
            out.push(session.changed());
        }
    } else {
        out.push(session.changed());
        stream_again(state, id, now, out);
    }
    out.push(state.budget_changed());
}

/// Asks the running turn's model, for the first time or once more.
pub fn stream_again(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some(turn) = session.running.as_ref().map(|running| running.turn) else {
        return;
    };
    session.epoch += 1;
    let epoch = session.epoch;
    let plan = match plan::stream_plan(state, &state.sessions[&id], turn) {
        Ok(plan) => Box::new(plan),
        Err(failure) => return retry::failed(state, id, failure, now, out),
    };
    let tight = plan::is_tight(state, &plan);
    let running = state.sessions.get_mut(&id).and_then(|s| s.running.as_mut());
    out.push(match running {
        Some(running) if tight && !running.counted => {
            running.counted = true;
            Effect::Count {
                session: id,
                epoch,
                plan,
            }
        }
        _ => Effect::Stream {
            session: id,
            epoch,
            plan,
        },
    });
}

/// The provider has counted a request that may not fit; it is sent if it does, or if nobody knows.
pub fn counted(
    state: &mut State,
    id: SessionId,
    epoch: u64,
    tokens: Option<u64>,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get(&id).filter(|s| s.epoch == epoch) else {
        return;
    };
    let turn = session
        .running
        .as_ref()
        .and_then(|r| state.turns.get(&r.turn));
    let model = turn.and_then(|turn| turn.model.as_deref());
    let window = model.and_then(|model| state.catalog.window(model));
    match (tokens, window) {
        (Some(tokens), Some(window)) if tokens >= window => {
            let failure = Failure::new(
                Category::ContextOverflow,
                format!("the conversation has {tokens} tokens, the model's window holds {window}"),
                "fork it at an earlier turn, or switch to a model with a larger window",
            );
            retry::failed(state, id, failure, now, out);
        }
        _ => stream_again(state, id, now, out),
    }
}

/// Stops what runs and takes back what waits.
pub fn interrupt(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    take_back(state, id, "taken back before it was sent", now, out);
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if session.running.is_none() {
        out.push(session.changed());
        return;
    }
    if session.view.backend.is_agent() && session.process != Alive::No {
        // The turn ends when the agent says so, with what it cost.
        out.push(Effect::Command {
            session: id,
            command: AgentCommand::Interrupt,
        });
    } else {
        session.epoch += 1;
        out.push(Effect::CutStream { session: id });
        end(state, id, TurnState::Interrupted, None, now, out);
    }
}

/// Ends every waiting turn unsent, with a word why. Their prompts stay in the store.
pub fn take_back(state: &mut State, id: SessionId, why: &str, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let waiting: Vec<TurnId> = session.queue.drain(..).collect();
    session.view.waiting = 0;
    // What was meant for the first of them is not for the next prompt.
    session.detour = None;
    session.allowed = false;
    if let Some(ask) = session.held.take() {
        session.view.asks.retain(|open| open.id != ask);
        session.set_status(Status::Idle, Source::Protocol, now);
    }
    for turn in waiting {
        if let Some(turn) = state.turns.get_mut(&turn) {
            turn.state = TurnState::Interrupted;
            turn.timings.ended_at = Some(now.ms);
            turn.blocks.push(Block::Notice { text: why.into() });
            out.push(Effect::Write(Write::TurnEnded(turn.clone())));
            tell_turn(id, turn, out);
        }
    }
}

/// Tells those who watch the session what has become of a turn.
pub fn tell_turn(session: SessionId, turn: &Turn, out: &mut Vec<Effect>) {
    out.push(Effect::Tell {
        to: To::Watchers(session),
        event: Event::TurnChanged {
            session,
            turn: turn.clone(),
        },
    });
}
