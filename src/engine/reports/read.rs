//! What is read of a transcript, taken into its session.

use super::told::Counted;
use super::{asks, hooks, ran, spent};
use crate::config::agents::Means;
use crate::engine::agent::transcript::{Fact, Kind, News, Wanted};
use crate::engine::effect::Effect;
use crate::engine::state::{Now, State};
use crate::protocol::{Millis, SessionId, Source, TurnState};
use crate::store::{CountedRow, Write};
use std::collections::HashMap;
use std::path::PathBuf;

/// Takes in what was read, if it is of the start that is meant.
pub fn transcript(state: &mut State, news: News, now: Now, out: &mut Vec<Effect>) {
    let id = news.session;
    let Some(start) = state.sessions.get(&id).map(|s| s.told.start) else {
        return;
    };
    let late = news.start == BEFORE;
    if start != news.start && !late {
        return;
    }
    for fact in news.facts {
        match fact {
            // What was counted when it was written is not known any more.
            Fact::Totals { .. } if late => {}
            Fact::Spent(spent) => spent::count(state, id, spent, now, out),
            Fact::Totals {
                conversation,
                by_model,
                before,
            } => spent::totals(state, id, &conversation, (by_model, before), now, out),
            Fact::Hidden { conversation } => {
                if let Some(session) = state.sessions.get_mut(&id) {
                    session.told.bill(&conversation).hidden = true;
                }
                spent::even(state, id, &conversation, now, out);
            }
            Fact::Conversation(conversation) => {
                if let Some(session) = state.sessions.get_mut(&id)
                    && session.agent_ref.as_ref() != Some(&conversation)
                {
                    session.agent_ref = Some(conversation);
                    out.push(session.row());
                }
            }
            Fact::Model(model) => {
                if let Some(session) = state.sessions.get_mut(&id) {
                    session.view.model = Some(model);
                    out.push(session.changed());
                }
            }
            Fact::Quotas(quotas) => {
                if let Some(session) = state.sessions.get_mut(&id) {
                    // Only a subscription has windows.
                    session.plan = true;
                    session.view.quotas = quotas;
                    out.push(session.changed());
                }
            }
            Fact::Limited if late => {}
            Fact::Limited => {
                if let Some(session) = state.sessions.get_mut(&id) {
                    session.told.limited = true;
                }
            }
            Fact::Context { used, window } => {
                if let Some(session) = state.sessions.get_mut(&id) {
                    let gauges = &mut session.view.gauges;
                    gauges.context_used = Some(used);
                    gauges.window = window.or(gauges.window);
                    out.push(session.changed());
                }
            }
            Fact::Began { .. } | Fact::Interrupted { .. } | Fact::Over { .. } if late => {}
            Fact::Called { .. } | Fact::Ran { .. } if late => {}
            Fact::Called {
                call, name, input, ..
            } => ran::called(state, id, call, name, input),
            Fact::Ran {
                call,
                passed,
                output,
                ..
            } => ran::answered(state, id, &call, (passed, output), now, out),
            Fact::Began { .. } => {
                if !hooked(state, id) {
                    spent::begin(state, id, "", now, out);
                    tell(state, id, Means::Working, now, out);
                }
            }
            Fact::Over { .. } => {
                if !hooked(state, id) {
                    spent::end(state, id, TurnState::Done, now, out);
                    tell(state, id, Means::Idle, now, out);
                }
            }
            // What was sent since has begun another exchange, which goes on or is over.
            Fact::Interrupted { at } if has_gone_on(state, id, at) => {}
            Fact::Interrupted { .. } => {
                // No hook tells of this.
                asks::close_all(state, id, out);
                spent::end(state, id, TurnState::Interrupted, now, out);
                if let Some(session) = state.sessions.get_mut(&id) {
                    session.told.still = None;
                    session.rungs.say(Source::Hook, None, now.ms);
                }
                tell(state, id, Means::Idle, now, out);
            }
        }
    }
    for (path, position) in news.positions {
        state.followed.insert((id, path.clone()), position);
        out.push(Effect::Write(Write::Followed {
            session: id,
            path,
            position,
        }));
    }
}

/// Whether hooks have told of something later.
fn has_gone_on(state: &State, id: SessionId, at: Millis) -> bool {
    let Some(session) = state.sessions.get(&id) else {
        return false;
    };
    let begun = (session.told.exchange).and_then(|turn| state.turns.get(&turn));
    hooked(state, id)
        && (begun.is_some_and(|turn| turn.timings.asked_at > at)
            || session.rungs.hook.is_some_and(|said| said.at > at))
}

/// The start that what was written before the engine began is read for.
const BEFORE: u64 = 0;

/// Whether hooks tell where exchanges begin and end.
fn hooked(state: &State, id: SessionId) -> bool {
    let session = state.sessions.get(&id);
    session.is_some_and(|s| s.told.transcript.is_some())
}

fn tell(state: &mut State, id: SessionId, means: Means, now: Now, out: &mut Vec<Effect>) {
    hooks::rung(state, id, (Source::Transcript, Some(means)), now, out);
}

/// How far the transcripts of a session were taken in.
pub fn positions(state: &State, id: SessionId) -> Vec<(PathBuf, u64)> {
    let all = state
        .followed
        .iter()
        .filter(|((session, _), _)| *session == id);
    all.map(|((_, path), position)| (path.clone(), *position))
        .collect()
}

/// What the store remembers of requests that were counted.
pub fn remembered(rows: Vec<CountedRow>) -> HashMap<String, Counted> {
    let rows = rows.into_iter().map(|row| {
        let counted = Counted {
            session: row.session,
            turn: row.turn,
            usage: row.usage,
        };
        (row.key, counted)
    });
    rows.collect()
}

/// After a start of the engine: what was written while nobody read, up to the end of the program that wrote it.
pub fn catch_up(state: &State, sessions: impl Iterator<Item = SessionId>, out: &mut Vec<Effect>) {
    for id in sessions {
        for (path, position) in positions(state, id) {
            let kind = match path.file_name().and_then(|name| name.to_str()) {
                Some(name) if name.starts_with("rollout-") => Kind::Codex,
                _ => Kind::Claude,
            };
            out.push(Effect::Follow {
                session: id,
                start: BEFORE,
                wanted: Wanted::File {
                    kind,
                    path: path.clone(),
                    from: vec![(path, position)],
                    since: 0,
                    resumed: true,
                },
            });
        }
        if state.followed.keys().any(|(session, _)| *session == id) {
            out.push(Effect::Forget { session: id });
        }
    }
}
