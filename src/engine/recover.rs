//! From what the store holds to a state, and to what must be started.

use super::effect::Effect;
use super::kept::Kept;
use super::limits::watch_limit;
use super::session::{Alive, Session};
use super::settle::settle_unfinished;
use super::state::{Money, Next, Now, State};
use super::{
    availability, budget, calibrate, evidence, plan, records, reports, supervise, terminals,
    worktree,
};
use crate::catalog::{Catalog, Factors};
use crate::config::Config;
use crate::learning::Corrections;
use crate::learning::Learner;
use crate::learning::Priors;
use crate::protocol::{
    Backend, Cost, EngineStatus, Gauges, Millis, Nano, Problem, Restart, SessionId, SessionView,
    Source, Status, Turn,
};
use crate::store::{Loaded, SessionRow, Write};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// The setting of the store that holds the learned token factors, as JSON.
pub const FACTORS: &str = "token_factors";

/// What the engine starts with, besides the store's contents.
pub struct Beginning {
    pub config: Arc<Config>,
    pub problems: Vec<Problem>,
    pub catalog: Arc<Catalog>,
    pub about: EngineStatus,
    pub cwd: PathBuf,
    /// What is believed after all evidence there is, and up to which row of it that is in a snapshot.
    pub learner: Learner,
    pub written: u64,
    /// As the setting of that name keeps it.
    pub calibrated_at: Option<Millis>,
    /// As the setting of that name keeps them.
    pub corrections: Corrections,
    /// As the setting of that name keeps them.
    pub factors: Factors,
    /// What was spent since `now.midnight`.
    pub spent: Cost,
}

/// Puts the state together, and says which processes are to be started: those that restart by policy, plain shells,
/// and programs that come back to their conversation. A command that ran once is not run again unasked.
pub fn recover(begin: Beginning, loaded: Loaded, now: Now) -> (State, Vec<Effect>) {
    let turns: HashMap<_, Turn> = loaded.turns.into_iter().map(|t| (t.id, t)).collect();
    let mut state = State {
        config: begin.config,
        problems: begin.problems,
        priors: Priors::of(&begin.catalog),
        catalog: begin.catalog,
        learner: begin.learner,
        evidence: evidence::Place {
            next: loaded.next_evidence,
            written: begin.written,
        },
        kept: Kept::loaded(&loaded.adjustments, &loaded.learnings, begin.calibrated_at),
        corrections: begin.corrections,
        factors: begin.factors,
        sessions: BTreeMap::new(),
        turns,
        last_over: None,
        records: loaded
            .known
            .into_iter()
            .map(|known| (known.record.turn, known))
            .collect(),
        lately: VecDeque::new(),
        availability: availability::loaded(loaded.availability),
        projects: HashMap::new(),
        faces: BTreeMap::new(),
        reachable: Vec::new(),
        money: Money {
            midnight: now.midnight,
            spent: begin.spent,
            set: loaded.daily,
        },
        next: Next {
            session: loaded.next_session.0,
            turn: loaded.next_turn.0,
            ask: 1,
            broadcast: loaded.next_broadcast,
        },
        flush_armed: false,
        about: begin.about,
        cwd: begin.cwd,
        held: Vec::new(),
        counted: reports::remembered(loaded.counted),
        followed: loaded
            .followed
            .into_iter()
            .map(|(session, path, position)| ((session, path), position))
            .collect(),
    };
    let mut out = Vec::new();
    for id in loaded.recovered {
        let Some(left) = state.turns.get(&id) else {
            continue;
        };
        let turn = settle_unfinished(&state, left);
        let spent = turn.timings.ended_at.or(turn.timings.sent_at);
        if spent.is_some_and(|at| at >= now.midnight) {
            let change = turn.cost.priced.0 - left.cost.priced.0;
            let today = &mut state.money.spent;
            today.priced = Nano((today.priced.0 + change).max(0));
            today.unpriced = today.unpriced + turn.cost.unpriced;
            today.estimated |= turn.cost.estimated;
        }
        out.push(Effect::Write(Write::TurnEnded(turn.clone())));
        state.turns.insert(id, turn);
    }
    let kept = loaded.sessions.iter().map(|row| row.id);
    reports::catch_up(&state, kept, &mut out);
    for row in loaded.sessions {
        let id = row.id;
        let before = row.status.clone();
        let session = session(&state, row, now);
        state.sessions.insert(id, session);
        records::look_around(&mut state, id, now, &mut out);
        wake(&mut state, id, before, now, &mut out);
    }
    calibrate::arm(&state, now, &mut out);
    (state, out)
}

fn session(state: &State, row: SessionRow, now: Now) -> Session {
    let spec = row.spec;
    let path = state.path(row.head);
    let last_model = || path.iter().rev().find_map(|turn| turn.model.clone());
    let configured = || plan::place(&state.config, &spec.backend).ok()?.model;
    let model = match spec.backend {
        Backend::Claude | Backend::Agent(_) => spec.model.clone().or_else(last_model),
        _ => spec.model.clone().or_else(configured),
    };
    let own: Vec<&Turn> = path
        .iter()
        .copied()
        .filter(|t| t.session == row.id)
        .collect();
    let sent = own.iter().filter(|turn| turn.timings.sent_at.is_some());
    let window = model.as_deref().and_then(|name| state.catalog.window(name));
    let gauges = Gauges {
        turns: sent.count() as u32,
        usage: own.iter().map(|turn| turn.usage).sum(),
        cost: own.iter().map(|turn| turn.cost).sum(),
        local: budget::is_local(state, &spec.backend)
            && (spec.backend != Backend::Terminal || own.is_empty()),
        saved: row.gauges.saved,
        context_used: row.gauges.context_used,
        window: row.gauges.window.or(window),
        tokens_per_second: None,
    };
    let view = SessionView {
        id: row.id,
        name: spec.name.clone(),
        backend: spec.backend.clone(),
        model,
        cwd: spec.cwd.clone().unwrap_or_else(|| state.cwd.clone()),
        group: spec.group.clone(),
        command: spec.command.clone(),
        restart: spec.restart,
        parent: row.parent,
        forked_at: row.forked_at,
        head: row.head,
        status: Status::Idle,
        source: Source::Protocol,
        since: now.ms,
        gauges,
        asks: Vec::new(),
        permission_mode: spec.permission_mode.clone(),
        waiting: 0,
        pid: None,
        title: None,
        note: row.note,
        created_at: row.created_at,
        agent: terminals::agent_name(state, &spec),
        gauges_source: Source::Protocol,
        quotas: Vec::new(),
        tree: None,
        worktree: spec.own_worktree.clone(),
        resume_at_reset: spec.resume_at_reset,
    };
    Session::new(view, spec, row.agent_ref)
}

/// Starts what is to be started; the others stand as they stood `before`.
fn wake(state: &mut State, id: SessionId, before: Status, now: Now, out: &mut Vec<Effect>) {
    let lived = !matches!(before, Status::Ended { .. } | Status::Failed { .. });
    let comes_back = (state.sessions.get(&id))
        .is_some_and(|session| lived && terminals::comes_back(state, session));
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let over = matches!(before, Status::Limited { until } if until.is_none_or(|at| at <= now.ms));
    let keeps = matches!(before, Status::Failed { .. } | Status::Limited { .. });
    if session.view.backend.is_chat() && keeps && !over {
        session.set_status(before.clone(), Source::Protocol, now);
        watch_limit(session, now, out);
    } else if session.view.backend.is_chat() {
        session.view.note = None;
    }
    if session.lacks_worktree() {
        // One that git refused is tried again when it is asked for.
        if !keeps {
            worktree::life::make_first(state, id, now, out);
        } else {
            session.set_status(before, Source::Protocol, now);
        }
        return;
    }
    match session.view.backend {
        Backend::Terminal => {
            let shell = session.spec.command.is_empty();
            if shell || comes_back || session.spec.restart != Restart::Never {
                supervise::start(state, id, now, out);
            } else {
                let how = match before {
                    Status::Ended { .. } | Status::Failed { .. } => before,
                    _ => {
                        let why = "ended with the engine · R starts it again";
                        session.view.note = Some(why.into());
                        Status::Ended {
                            code: None,
                            signal: None,
                        }
                    }
                };
                session.set_status(how, Source::Protocol, now);
            }
        }
        Backend::Ollama | Backend::Endpoint(_) if session.view.model.is_none() => {
            session.process = Alive::Starting;
            let backend = session.view.backend.clone();
            out.push(Effect::FindModels {
                session: id,
                backend,
            });
        }
        Backend::Ollama => {
            let model = session.view.model.clone().unwrap_or_default();
            out.push(Effect::FindWindow { session: id, model });
        }
        // An agent is started when it is asked something; then it resumes its conversation.
        _ => {}
    }
}
