//! The end of a turn: what it used, what it cost, and what the session is free for.

use super::effect::Effect;
use super::limits::watch_limit;
use super::provider::messages;
use super::recover::FACTORS;
use super::state::{Now, State};
use super::turns::{advance, tell_turn};
use super::{budget, seen};
use crate::catalog::count_tokens;
use crate::protocol::{
    Backend, Block, Category, Cost, Failure, Nano, PriceNote, SessionId, Source, Status, Turn,
    TurnState, Usage, response_text,
};
use crate::store::Write;

/// What an agent reports at the end of a turn instead of a plain usage record.
pub struct Bill {
    pub usage: Usage,
    pub cost: Cost,
    pub context_used: Option<u64>,
    pub window: Option<u64>,
    pub agent_ref: Option<String>,
}

/// Ends the running turn: settles its cost, frees the session, sends what waits.
pub fn end(
    state: &mut State,
    id: SessionId,
    how: TurnState,
    bill: Option<Bill>,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let Some(running) = session.running.take() else {
        return;
    };
    let Some(turn) = state.turns.get(&running.turn) else {
        return;
    };
    let mut turn = turn.clone();
    let backend = turn.backend.clone();
    turn.timings.ended_at = Some(now.ms);
    turn.state = how;
    // An agent names its model only once it has begun.
    turn.model = turn.model.or_else(|| session.view.model.clone());
    let mut context_used = None;
    let mut told_window = None;
    match bill {
        Some(bill) => {
            turn.usage = bill.usage;
            turn.cost = bill.cost;
            if turn.usage.estimated && turn.usage.total_input() + turn.usage.total_output() == 0 {
                // It does not tell: what can be seen of the turn is counted.
                let plan = session.plan;
                complete_usage(state, &mut turn);
                if turn.cost.counted() == Nano(0) {
                    let cost = budget::price(state, &backend, turn.model.as_deref(), &turn.usage);
                    turn.cost = match plan {
                        true => Cost {
                            plan: cost.counted(),
                            ..Cost::default()
                        },
                        false => cost,
                    };
                }
            }
            turn.agent_ref = bill.agent_ref;
            context_used = bill.context_used;
            told_window = bill.window;
        }
        None => {
            learn_factor(state, &turn, out);
            complete_usage(state, &mut turn);
            turn.cost = budget::price(state, &backend, turn.model.as_deref(), &turn.usage);
        }
    }
    if context_used.is_none() && turn.usage.total_input() > 0 && backend.is_api() {
        context_used = Some(turn.usage.total_input() + turn.usage.total_output());
    }
    state.money.spent = state.money.spent + turn.cost;
    let known = turn
        .model
        .as_deref()
        .and_then(|model| state.catalog.find(model));
    let charged = turn.cost.priced != Nano(0) || turn.cost.plan != Nano(0);
    turn.price = known.filter(|_| charged).map(|model| PriceNote {
        source: model.price_source.clone(),
        date: model.price_date.clone(),
    });
    let saved = match budget::is_local(state, &backend) {
        true => Nano(0),
        false => state.catalog.saved(turn.model.as_deref(), &turn.usage),
    };
    let window = turn
        .model
        .as_deref()
        .and_then(|model| state.catalog.window(model));
    if let Some(session) = state.sessions.get_mut(&id) {
        let gauges = &mut session.view.gauges;
        gauges.turns += 1;
        gauges.usage = gauges.usage + turn.usage;
        gauges.cost = gauges.cost + turn.cost;
        gauges.saved = gauges.saved + saved;
        gauges.context_used = context_used.or(gauges.context_used);
        gauges.window = told_window.or(gauges.window).or(window);
        gauges.tokens_per_second = pace(&turn).or(gauges.tokens_per_second);
        let (status, note) = match &turn.state {
            TurnState::Failed(failure) => (status_after(failure), Some(failure.to_string())),
            _ => (session.own_status(), None),
        };
        session.view.note = note;
        session.set_status(status, Source::Protocol, now);
        watch_limit(session, now, out);
        out.push(Effect::Write(Write::TurnEnded(turn.clone())));
        out.push(session.row());
        tell_turn(id, &turn, out);
        out.push(session.changed());
    }
    let number = turn.id;
    state.turns.insert(number, turn);
    seen::over(state, number, now, out);
    out.push(state.budget_changed());
    advance(state, id, now, out);
}

/// A turn that the last engine left unfinished: what it reserved gives way to what can be estimated.
pub fn settle_unfinished(state: &State, turn: &Turn) -> Turn {
    let mut turn = turn.clone();
    if turn.backend == Backend::Terminal {
        // It holds what was counted, and no text from which more could be guessed.
        return turn;
    }
    complete_usage(state, &mut turn);
    turn.cost = budget::price(state, &turn.backend, turn.model.as_deref(), &turn.usage);
    turn
}

/// How a session stands after a turn or a start that failed.
pub fn status_after(failure: &Failure) -> Status {
    match failure.category {
        Category::RateLimit | Category::Quota => Status::Limited {
            until: failure.until,
        },
        category => Status::Failed { category },
    }
}

/// Answers that came in less are no measure of speed, in milliseconds.
const SHORTEST: i64 = 200;

/// Output tokens a second: as the server measured them, else from the first token to the end.
fn pace(turn: &Turn) -> Option<f32> {
    if let Some(told) = turn.receipt.tokens_per_second {
        return Some(told);
    }
    let took = turn.timings.ended_at? - turn.timings.first_token_at?;
    let tokens = turn.usage.total_output();
    (took >= SHORTEST && tokens > 0).then(|| tokens as f32 * 1000.0 / took as f32)
}

/// Learns how many tokens the model makes of a text, from a whole conversation that was sent and counted.
fn learn_factor(state: &mut State, turn: &Turn, out: &mut Vec<Effect>) {
    let reported = turn.usage.total_input();
    let path = state.path(turn.parent);
    let images = !turn.attached.is_empty() || path.iter().any(|turn| !turn.attached.is_empty());
    let (Some(model), Some(session)) = (&turn.model, state.sessions.get(&turn.session)) else {
        return;
    };
    if turn.usage.estimated || reported == 0 || images || turn.backend == Backend::Rehearsal {
        return;
    }
    let system = session
        .spec
        .system
        .as_ref()
        .or(state.config.system.as_ref());
    let sent: u64 = messages(&path, &turn.prompt)
        .iter()
        .map(|message| count_tokens(&message.text))
        .sum();
    let counted = sent + system.map_or(0, |text| count_tokens(text));
    state.factors.update(model, counted, reported);
    if let Ok(value) = serde_json::to_string(&state.factors) {
        out.push(Effect::Write(Write::Setting {
            key: FACTORS.into(),
            value,
        }));
    }
}

/// Whether a failure means that no model has read the prompt.
fn refused_unread(state: &TurnState) -> bool {
    let TurnState::Failed(failure) = state else {
        return false;
    };
    matches!(
        failure.category,
        Category::Auth
            | Category::Quota
            | Category::RateLimit
            | Category::Overloaded
            | Category::BadRequest
            | Category::ContextOverflow
            | Category::CapabilityMismatch
            | Category::Missing
            | Category::Network
    )
}

/// Where the server gave no figures for what it did send, ours are put in and marked.
fn complete_usage(state: &State, turn: &mut Turn) {
    let done = turn.state == TurnState::Done;
    // An agent that ended before its first word had most likely not asked anything yet.
    let ended =
        matches!(&turn.state, TurnState::Failed(failure) if failure.category == Category::Exited);
    if ended && turn.timings.first_token_at.is_none() {
        return;
    }
    let counted = turn.usage.total_input() > 0 && turn.usage.total_output() > 0;
    if done && counted || turn.timings.sent_at.is_none() || refused_unread(&turn.state) {
        return;
    }
    let model = turn.model.as_deref();
    let thinking: u64 = turn
        .blocks
        .iter()
        .map(|block| match block {
            Block::Thinking { text } => budget::tokens(state, text, model),
            _ => 0,
        })
        .sum();
    let output = budget::tokens(state, &response_text(&turn.blocks), model) + thinking;
    let overhead = match turn.backend {
        Backend::Claude | Backend::Agent(_) => budget::AGENT_OVERHEAD,
        _ => 0,
    };
    let input = budget::conversation_tokens(state, turn.parent, model)
        + budget::tokens(state, &turn.prompt, model)
        + overhead;
    if output > turn.usage.total_output() {
        turn.usage.output = output;
        turn.usage.estimated = true;
    }
    if turn.usage.total_input() == 0 {
        turn.usage.input = input;
        turn.usage.estimated = true;
    }
}
