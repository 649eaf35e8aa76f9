//! What an agent in its own interface uses, as turns: one for each exchange, without its text, so that statistics,
//! budget and learning see it. What is counted is stored together with how far it was read.

use super::ran;
use super::told::Counted;
use crate::config::Means;
use crate::engine::accept::blank;
use crate::engine::agent::hooks::statusline::Statusline;
use crate::engine::agent::transcript::Spent;
use crate::engine::effect::Effect;
use crate::engine::limits;
use crate::engine::records::{self, Asked};
use crate::engine::seen;
use crate::engine::state::{Now, State};
use crate::engine::status;
use crate::engine::turns::tell_turn;
use crate::protocol::{
    Cost, Nano, Origin, PriceNote, SessionId, Source, Timings, Turn, TurnId, TurnState, Usage,
};
use crate::store::{CountedRow, Write};

/// How a prompt begins that the agent gives itself, as when a task in its background has ended.
const BY_ITSELF: &str = "<task-notification>";
/// What the agent's own figure must be above ours to be believed: a fiftieth and a hundredth of a cent.
const SLACK: (i64, Nano) = (50, Nano(100_000));

/// An exchange begins. Of the prompt its kind is kept, not its text.
pub fn begin(state: &mut State, id: SessionId, prompt: &str, now: Now, out: &mut Vec<Effect>) {
    let session = state.sessions.get(&id);
    if let Some((session, open)) = session.and_then(|s| Some((s, s.told.exchange?))) {
        // Its end was not told by a hook; or more was said while it went on.
        let broken_off = session.rungs.best() == Some((Means::Idle, Source::Protocol));
        let ended = match broken_off {
            true => TurnState::Interrupted,
            false => TurnState::Done,
        };
        finish(state, id, open, ended, now, out);
    }
    let (origin, prompt) = match prompt.trim_start().starts_with(BY_ITSELF) {
        true => (Origin::Agent, ""),
        false => (Origin::Typed, prompt),
    };
    open(state, id, origin, prompt, now, out);
}

fn open(
    state: &mut State,
    id: SessionId,
    origin: Origin,
    prompt: &str,
    now: Now,
    out: &mut Vec<Effect>,
) -> Option<TurnId> {
    let number = state.new_turn_id();
    let reading = records::read(state, id, prompt);
    let session = state.sessions.get_mut(&id)?;
    let turn = Turn {
        state: TurnState::Streaming,
        agent_ref: session.agent_ref.clone(),
        timings: Timings {
            asked_at: now.ms,
            sent_at: Some(now.ms),
            ..Timings::default()
        },
        ..blank(number, session, String::new(), origin, reading.category)
    };
    session.view.head = Some(number);
    session.told.exchange = Some(number);
    session.view.gauges.local = false;
    out.push(Effect::Write(Write::TurnStarted(turn.clone())));
    out.push(session.row());
    tell_turn(id, &turn, out);
    state.turns.insert(number, turn);
    let asked = Asked {
        turn: number,
        prompt,
        reading: &reading,
        suggested: false,
    };
    records::asked(state, id, &asked, now, out);
    Some(number)
}

/// The exchange that goes on is over.
pub fn end(state: &mut State, id: SessionId, how: TurnState, now: Now, out: &mut Vec<Effect>) {
    if let Some(open) = state.sessions.get(&id).and_then(|s| s.told.exchange) {
        finish(state, id, open, how, now, out);
    }
}

fn finish(
    state: &mut State,
    id: SessionId,
    number: TurnId,
    how: TurnState,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let (Some(session), Some(turn)) = (state.sessions.get_mut(&id), state.turns.get_mut(&number))
    else {
        return;
    };
    session.told.exchange = None;
    session.view.gauges.turns += 1;
    turn.state = how;
    turn.timings.ended_at = Some(now.ms);
    out.push(Effect::Write(Write::TurnEnded(turn.clone())));
    out.push(session.row());
    tell_turn(id, turn, out);
    out.push(session.changed());
    seen::over(state, number, now, out);
    ran::tell(state, id, number, now, out);
}

/// The turn that what is told now belongs to: the exchange that goes on; else the newest, for what is told late; else
/// one of its own.
fn place(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) -> Option<TurnId> {
    let session = state.sessions.get(&id)?;
    let newest = session.told.exchange.or(session.view.head);
    let turn = newest.and_then(|turn| state.turns.get(&turn));
    // What was spent today is not booked into a turn of yesterday.
    let fits = |turn: &&Turn| {
        turn.session == id && turn.timings.ended_at.is_none_or(|at| at >= now.midnight)
    };
    if let Some(turn) = turn.filter(fits) {
        return Some(turn.id);
    }
    let own = open(state, id, Origin::Agent, "", now, out)?;
    finish(state, id, own, TurnState::Done, now, out);
    Some(own)
}

/// Counts a request, or what more is known of it.
pub fn count(state: &mut State, id: SessionId, spent: Spent, now: Now, out: &mut Vec<Effect>) {
    let known = state.counted.get(&spent.key).cloned();
    let before = known.as_ref().map_or(Usage::default(), |c| c.usage);
    // The last record is the fullest. One that a compaction copied with less takes nothing back.
    let usage = most(before, spent.usage);
    if usage == before && known.is_some() {
        return;
    }
    let turn = match known {
        Some(known) => Some(known.turn).filter(|turn| state.turns.contains_key(turn)),
        None => None,
    };
    let Some(turn) = turn.or_else(|| place(state, id, now, out)) else {
        return;
    };
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let model = spent.model.clone().or_else(|| session.view.model.clone());
    let more = less(usage, before);
    // By the request, since some prices depend on its size.
    let cost = state.catalog.cost(model.as_deref(), &usage);
    let cost = minus(cost, state.catalog.cost(model.as_deref(), &before));
    let bill = session.told.bill(&spent.conversation);
    bill.counted = bill.counted + cost.counted();
    let sum = bill.by_model.entry(model.clone().unwrap_or_default());
    let sum = sum.or_default();
    *sum = *sum + more;
    let gauges = &mut session.view.gauges;
    gauges.saved = gauges.saved + state.catalog.saved(model.as_deref(), &more);
    if !spent.aside {
        gauges.context_used = Some(usage.total_input() + usage.total_output());
        let window = model
            .as_deref()
            .and_then(|model| state.catalog.window(model));
        gauges.window = gauges.window.or(window);
        session.view.model = model.clone().or(session.view.model.take());
    }
    if session.view.gauges_source != Source::Hook {
        session.view.gauges_source = Source::Transcript;
    }
    out.push(Effect::Write(Write::Counted(CountedRow {
        key: spent.key.clone(),
        session: id,
        turn,
        model: model.clone(),
        usage,
        at: spent.at,
    })));
    let counted = Counted {
        session: id,
        turn,
        usage,
    };
    state.counted.insert(spent.key, counted);
    book(state, id, turn, (more, cost), model, out);
    even(state, id, &spent.conversation, now, out);
}

/// Adds to a turn, its session and the day.
fn book(
    state: &mut State,
    id: SessionId,
    number: TurnId,
    (usage, cost): (Usage, Cost),
    model: Option<String>,
    out: &mut Vec<Effect>,
) {
    let (Some(session), Some(turn)) = (state.sessions.get_mut(&id), state.turns.get_mut(&number))
    else {
        return;
    };
    let cost = match session.plan {
        true => Cost {
            plan: cost.counted(),
            ..Cost::default()
        },
        false => cost,
    };
    turn.usage = turn.usage + usage;
    turn.cost = turn.cost + cost;
    turn.model = model.or(turn.model.take());
    let known = turn
        .model
        .as_deref()
        .and_then(|model| state.catalog.find(model));
    turn.price = known.map(|model| PriceNote {
        source: model.price_source.clone(),
        date: model.price_date.clone(),
    });
    let gauges = &mut session.view.gauges;
    gauges.usage = gauges.usage + usage;
    gauges.cost = gauges.cost + cost;
    gauges.local = false;
    state.money.spent = state.money.spent + cost;
    let stored = match turn.state.is_over() {
        true => Write::TurnEnded(turn.clone()),
        false => Write::TurnStarted(turn.clone()),
    };
    out.push(Effect::Write(stored));
    tell_turn(id, turn, out);
    out.push(session.row());
    out.push(session.changed());
    out.push(state.budget_changed());
}

/// Takes in the figures of a statusline.
pub fn line(state: &mut State, id: SessionId, line: Statusline, now: Now, out: &mut Vec<Effect>) {
    let billing = state.config.claude.billing.clone();
    let new_ask = state.new_ask_id();
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let before = session.view.clone();
    let view = &mut session.view;
    view.gauges_source = Source::Hook;
    view.model = line.model.or(view.model.take());
    view.gauges.context_used = line.context.or(view.gauges.context_used);
    view.gauges.window = line.window.or(view.gauges.window);
    if !line.quotas.is_empty() {
        view.quotas = line.quotas;
    }
    // Only a subscription has windows.
    session.plan = match billing.as_deref() {
        Some("plan") => true,
        Some("metered") => false,
        _ => session.plan || !session.view.quotas.is_empty(),
    };
    let conversation = line.conversation.unwrap_or_default();
    let bill = session.told.bill(&conversation);
    if let Some(dollars) = line.dollars {
        bill.before.get_or_insert(dollars);
        bill.said = dollars;
    }
    if session.view != before {
        out.push(session.changed());
    }
    // When a limit ends may be told only now, and of one that an engine before this one has seen.
    let refused = (state.sessions.get(&id)).is_some_and(|s| limits::still_refused(state, s, now));
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    session.told.limited |= refused;
    status::look_again(session, new_ask, now, out);
    even(state, id, &conversation, now, out);
}

/// Where the agent has made requests that no line of its transcript tells of (it compacts, or asks again after an
/// answer was cut), what its own figure is above ours is added, and taken back when they are told of after all.
pub fn even(state: &mut State, id: SessionId, conversation: &str, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let told = &mut session.told;
    let resting = told.exchange.is_none() && told.tasks.agents == 0 && !told.compacting;
    let bill = told.bill(conversation);
    let (true, true, Some(before)) = (bill.hidden, resting, bill.before) else {
        return;
    };
    let said = Nano::from_dollars(bill.said - before);
    let above = Nano(said.0.saturating_sub(bill.counted.0));
    let much = above.0 > bill.counted.0 / SLACK.0 && above > SLACK.1;
    let wanted = if much { above } else { Nano(0) };
    let change = Nano(wanted.0.saturating_sub(bill.extra.0));
    if change == Nano(0) {
        return;
    }
    bill.extra = wanted;
    let cost = Cost {
        priced: change,
        ..Cost::default()
    };
    if let Some(turn) = place(state, id, now, out) {
        book(state, id, turn, (Usage::default(), cost), None, out);
    }
}

/// What the agent has counted itself, by model, when it leaves a conversation: what no line told of is added.
pub fn totals(
    state: &mut State,
    id: SessionId,
    conversation: &str,
    (by_model, before): (Vec<(String, Usage, f64)>, bool),
    now: Now,
    out: &mut Vec<Effect>,
) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    if before {
        let known = by_model.into_iter().map(|(model, usage, _)| (model, usage));
        session.told.bill(conversation).totals_before = known.collect();
        return;
    }
    session.told.bill(conversation).hidden = true;
    for (model, total, dollars) in by_model {
        let Some(session) = state.sessions.get_mut(&id) else {
            return;
        };
        let bill = session.told.bill(conversation);
        if bill.totals_before.is_empty() && bill.before.is_some_and(|dollars| dollars > 0.0) {
            // It goes on from what it was resumed with, and that is not known by tokens.
            break;
        }
        let before = bill.totals_before.get(&model).copied().unwrap_or_default();
        let known = bill.by_model.entry(model.clone()).or_default();
        let more = less(less(total, before), *known);
        if more == Usage::default() {
            continue;
        }
        *known = *known + more;
        let mut cost = state.catalog.cost_of_many(Some(&model), &more);
        if cost.unpriced != Nano(0) && dollars > 0.0 && before == Usage::default() {
            // A model that the catalogue cannot price: as the agent has it, in proportion.
            let share = more.total_output() as f64 / total.total_output().max(1) as f64;
            cost = Cost {
                priced: Nano::from_dollars(dollars * share),
                estimated: true,
                ..Cost::default()
            };
        }
        bill.counted = bill.counted + cost.counted();
        if let Some(turn) = place(state, id, now, out) {
            book(state, id, turn, (more, cost), None, out);
        }
    }
    even(state, id, conversation, now, out);
}

/// Of each kind the larger.
fn most(a: Usage, b: Usage) -> Usage {
    Usage {
        input: a.input.max(b.input),
        output: a.output.max(b.output),
        reasoning: a.reasoning.max(b.reasoning),
        cache_read: a.cache_read.max(b.cache_read),
        cache_write_5m: a.cache_write_5m.max(b.cache_write_5m),
        cache_write_1h: a.cache_write_1h.max(b.cache_write_1h),
        estimated: a.estimated || b.estimated,
    }
}

/// `a` without `b`; nothing below zero.
fn less(a: Usage, b: Usage) -> Usage {
    Usage {
        input: a.input.saturating_sub(b.input),
        output: a.output.saturating_sub(b.output),
        reasoning: a.reasoning.saturating_sub(b.reasoning),
        cache_read: a.cache_read.saturating_sub(b.cache_read),
        cache_write_5m: a.cache_write_5m.saturating_sub(b.cache_write_5m),
        cache_write_1h: a.cache_write_1h.saturating_sub(b.cache_write_1h),
        estimated: a.estimated,
    }
}

fn minus(a: Cost, b: Cost) -> Cost {
    let nano = |a: Nano, b: Nano| Nano(a.0.saturating_sub(b.0));
    Cost {
        priced: nano(a.priced, b.priced),
        unpriced: nano(a.unpriced, b.unpriced),
        plan: nano(a.plan, b.plan),
        estimated: a.estimated,
    }
}
