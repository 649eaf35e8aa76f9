//! Reserve before, settle after. A prompt whose worst cost would pass the day's limit waits for the user.

use super::effect::Effect;
use super::session::Session;
use super::state::{Now, State};
use super::turns;
use crate::catalog::{count_exact, count_tokens};
use crate::protocol::{
    Ask, AskKind, Backend, Cost, Nano, SessionId, Source, Status, TurnId, Usage, response_text,
};

/// Tokens Claude Code sends before the conversation: its own instructions and tools (seen: 21,600).
pub const AGENT_OVERHEAD: u64 = 22_000;

/// What an image is reserved for: about as many tokens as the largest that is not scaled down takes.
const IMAGE_TOKENS: u64 = 1_600;

/// Whether a session costs nothing because it runs on this machine.
pub fn is_local(state: &State, backend: &Backend) -> bool {
    match backend {
        Backend::Rehearsal | Backend::Ollama | Backend::Terminal => true,
        Backend::Endpoint(name) => state
            .config
            .endpoints
            .get(name)
            .is_some_and(|endpoint| endpoint.local),
        _ => false,
    }
}

/// What `usage` costs with this model, through this backend.
pub fn price(state: &State, backend: &Backend, model: Option<&str>, usage: &Usage) -> Cost {
    if is_local(state, backend) {
        return Cost::default();
    }
    state.catalog.cost_on(backend, model, usage)
}

/// Tokens of a text as this model counts: exact where the vocabulary is built in (`exact-tokens`), else by our
/// heuristic and what was learned of the model.
pub fn tokens(state: &State, text: &str, model: Option<&str>) -> u64 {
    let exact = model.and_then(|model| count_exact(model, text));
    exact.unwrap_or_else(|| {
        let counted = count_tokens(text);
        model.map_or(counted, |model| state.factors.estimate(model, counted))
    })
}

/// Tokens of a conversation up to a turn: prompts and answers.
pub fn conversation_tokens(state: &State, head: Option<TurnId>, model: Option<&str>) -> u64 {
    state
        .path(head)
        .iter()
        .map(|turn| {
            tokens(state, &turn.prompt, model) + tokens(state, &response_text(&turn.blocks), model)
        })
        .sum()
}

/// The most the turn can be expected to cost: its whole context anew, and as much output as is allowed.
pub fn reservation(state: &State, session: &Session, turn: TurnId) -> Nano {
    let Some(turn) = state.turns.get(&turn) else {
        return Nano(0);
    };
    // A turn on a detour is reserved for at its model's price.
    let (backend, model) = match &session.detour {
        Some(detour) => (&detour.backend, Some(detour.model.as_str())),
        None => (&session.view.backend, session.view.model.as_deref()),
    };
    let known = session.view.gauges.context_used;
    let before = known.unwrap_or_else(|| conversation_tokens(state, turn.parent, model));
    let overhead = match session.view.backend {
        Backend::Claude | Backend::Agent(_) if session.view.gauges.context_used.is_none() => {
            AGENT_OVERHEAD
        }
        _ => 0,
    };
    let system = session
        .spec
        .system
        .as_ref()
        .or(state.config.system.as_ref());
    let anew = match known {
        Some(_) => 0,
        None => system.map_or(0, |text| tokens(state, text, model)),
    };
    let images = turn.attached.len() as u64 * IMAGE_TOKENS;
    let shown = before + overhead + anew + images + tokens(state, &turn.prompt, model);
    // Where the prompt is marked for the cache, writing it costs more than plain input.
    let (input, cache_write_5m) = match backend {
        Backend::Anthropic | Backend::Claude => (0, shown),
        _ => (shown, 0),
    };
    let usage = Usage {
        input,
        cache_write_5m,
        output: u64::from(
            session
                .spec
                .options
                .max_output_tokens
                .unwrap_or(state.config.max_output_tokens),
        ),
        estimated: true,
        ..Usage::default()
    };
    price(state, backend, model, &usage).counted()
}

/// Whether `amount` more may be spent today.
pub fn allows(state: &State, amount: Nano) -> bool {
    let budget = state.budget();
    match budget.daily {
        // What costs nothing needs no budget.
        None => true,
        Some(_) if amount == Nano(0) => true,
        Some(limit) => budget.spent.counted() + budget.reserved + amount <= limit,
    }
}

/// Sends what was held, where the budget allows it by now: it was raised, or a new day has begun.
pub fn look_again(state: &mut State, now: Now, out: &mut Vec<Effect>) {
    let held: Vec<SessionId> = state
        .sessions
        .iter()
        .filter_map(|(id, session)| session.held.map(|_| *id))
        .collect();
    for id in held {
        let Some(session) = state.sessions.get(&id) else {
            continue;
        };
        let Some(&turn) = session.queue.front() else {
            continue;
        };
        if !allows(state, reservation(state, session, turn)) {
            continue;
        }
        if let Some(session) = state.sessions.get_mut(&id)
            && let Some(ask) = session.held.take()
        {
            session.view.asks.retain(|open| open.id != ask);
        }
        turns::advance(state, id, now, out);
    }
}

/// Holds the first prompt of the session's queue, and asks.
pub fn hold(state: &mut State, id: SessionId, amount: Nano, now: Now, out: &mut Vec<Effect>) {
    let ask = state.new_ask_id();
    let budget = state.budget();
    let limit = budget.daily.unwrap_or_default();
    let detail = format!(
        "today {} of {limit}{} · this prompt may cost up to {amount}",
        budget.spent,
        match budget.reserved {
            Nano(0) => String::new(),
            held => format!(", {held} reserved"),
        },
    );
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.held = Some(ask);
    session.view.asks.push(Ask {
        id: ask,
        kind: AskKind::Budget,
        title: "over the day's budget: send anyway?".into(),
        detail,
        since: now.ms,
        choices: Vec::new(),
        multiple: false,
        always: false,
        on_screen: false,
    });
    session.set_status(Status::NeedsYou, Source::Protocol, now);
    out.push(session.changed());
}
