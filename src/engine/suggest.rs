//! Which model next: gathers what the learning room needs, and notes what was followed.

use super::effect::Effect;
use super::session::Session;
use super::state::{Now, State};
use super::{availability, records, rules};
use crate::catalog::{Ability, count_tokens};
use crate::config;
use crate::learning::{Policy, Wish};
use crate::protocol::{Backend, BudgetTier, Nano, SessionId, Suggestion, TurnId};
use crate::store::Write;
use std::borrow::Cow;

/// What is asked besides the prompt.
pub struct Asked<'a> {
    pub prompt: &'a str,
    /// Whose conversation would go on.
    pub session: Option<&'a Session>,
    pub budget: BudgetTier,
    pub exclude: Vec<String>,
    pub require: Vec<Ability>,
    /// Tokens that a model must take at once, where that is more than the prompt and its conversation have.
    pub min_window: Option<u64>,
    /// What success must reach; `None`: as the configuration says.
    pub threshold: Option<f64>,
    /// What else it is about.
    pub tags: Vec<&'a str>,
}

/// What can be asked now, without what rests; all of it where everything does.
pub(super) fn reachable(state: &State) -> Cow<'_, [(String, Backend)]> {
    if !availability::any_rests(state) {
        return Cow::Borrowed(&state.reachable);
    }
    let awake = state
        .reachable
        .iter()
        .filter(|(model, backend)| !availability::rests(state, model, backend));
    match awake.cloned().collect::<Vec<_>>() {
        none if none.is_empty() => Cow::Borrowed(&state.reachable),
        awake => Cow::Owned(awake),
    }
}

/// The endpoints that run on this machine.
fn local(state: &State) -> Vec<String> {
    let all = state.config.endpoints.iter();
    let local = all.filter(|(_, endpoint)| endpoint.local);
    local.map(|(name, _)| name.clone()).collect()
}

/// Models in order for a prompt that is not sent yet.
pub fn suggest(state: &State, asked: Asked) -> Suggestion {
    suggest_for(state, asked, state.next.turn)
}

/// Models in order for the prompt of the turn of this number.
fn suggest_for(state: &State, asked: Asked, turn: u64) -> Suggestion {
    let view = asked.session.map(|session| &session.view);
    let context_tokens = asked.session.map_or(0, records::context);
    // A window holds what the models themselves count.
    let held = view.and_then(|v| v.gauges.context_used).unwrap_or(0);
    let spent = state.budget().spent.counted() + state.reserved();
    let daily = state.budget().daily;
    let left = daily.map(|limit| Nano((limit.0 - spent.0).max(0)));
    let used = daily.map_or(0.0, |limit| spent.0 as f64 / limit.0.max(1) as f64);
    let reading = records::read(state, view.map(|v| v.id), asked.prompt);
    let labels = reading.labels();
    let mut tags: Vec<&str> = labels
        .iter()
        .map(String::as_str)
        .chain(asked.tags)
        .collect();
    tags.sort_unstable();
    tags.dedup();
    let usual = state.config.suggest.threshold;
    // Something is tried only with a prompt that is about to be sent, and that asks for no more than is usual.
    let may_try = asked.session.is_some() && asked.threshold.is_none_or(|wanted| wanted <= usual);
    let wish = Wish {
        category: reading.category.to_owned(),
        output_tokens: Some(
            state
                .kept
                .calibration
                .output_tokens(reading.category, reading.complexity.score),
        ),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        complexity: reading.complexity.score,
        features: reading.features,
        prompt_tokens: count_tokens(asked.prompt),
        context_tokens,
        local: local(state),
        reachable: reachable(state),
        budget: asked.budget,
        exclude: asked.exclude,
        require: asked.require,
        min_window: Some((held + count_tokens(asked.prompt)).max(asked.min_window.unwrap_or(0))),
        threshold: asked.threshold.unwrap_or(usual),
        failure: state.config.suggest.failure.unwrap_or_default(),
        affordable: left,
        used: used.clamp(0.0, 1.0),
        current: view.and_then(|v| v.model.clone()),
        chance: may_try.then(|| chance(turn)),
        policy: policy(&state.config.suggest),
    };
    let mut suggestion = state.learner.suggest(&state.priors, &state.catalog, &wish);
    let limits = (wish.threshold, wish.affordable);
    let before = (suggestion.candidates.first()).map(|first| first.model.clone());
    rules::apply(state, &mut suggestion, &tags, limits);
    if before.as_ref() != suggestion.candidates.first().map(|first| &first.model) {
        // A rule put another one first: nothing is tried.
        suggestion.tried = None;
    }
    suggestion
}

/// Models in order for a prompt of a category of which nothing else is known, without any rule.
pub fn plain(state: &State, category: &str) -> Suggestion {
    let wish = Wish {
        category: category.to_owned(),
        local: local(state),
        reachable: reachable(state),
        threshold: state.config.suggest.threshold,
        failure: state.config.suggest.failure.unwrap_or_default(),
        policy: policy(&state.config.suggest),
        ..Wish::default()
    };
    state.learner.suggest(&state.priors, &state.catalog, &wish)
}

fn policy(wanted: &config::Suggest) -> Policy {
    match wanted.policy.as_deref() {
        Some("blend") => Policy::Blend {
            benchmark: wanted.benchmarks,
            personal: 1.0 - wanted.benchmarks,
        },
        _ => Policy::Shrink,
    }
}

/// Evenly from 0 to below 1, and the same for as long as one prompt is being written: Fibonacci hashing of the turn's
/// number (Knuth, The Art of Computer Programming 3, 6.4), since what the engine thinks must not depend on chance.
fn chance(turn: u64) -> f64 {
    let mixed = turn.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// What stood beside a prompt when it was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Whether the session's model was the first of it.
    pub followed: bool,
    /// How probable it was that the first was put there to learn of it; `None`: it was not.
    pub tried: Option<f64>,
}

/// Notes beside a new turn what was suggested for it, and whether the session's model is it.
pub fn note(
    state: &State,
    id: SessionId,
    turn: TurnId,
    now: Now,
    out: &mut Vec<Effect>,
) -> Option<Shown> {
    let (session, asked) = (state.sessions.get(&id)?, state.turns.get(&turn)?);
    let rehearsed = session.view.backend == Backend::Rehearsal;
    if !state.config.suggest.enabled || rehearsed || state.reachable.is_empty() {
        return None;
    }
    // As it was shown: it was asked for when this turn was the next.
    let suggestion = suggest_for(
        state,
        Asked {
            prompt: &asked.prompt,
            session: Some(session),
            budget: BudgetTier::Any,
            exclude: Vec::new(),
            require: Vec::new(),
            min_window: None,
            threshold: None,
            tags: Vec::new(),
        },
        turn.0,
    );
    let tried = suggestion.tried;
    let first = suggestion.candidates.first()?;
    let model = session.view.model.as_deref();
    let followed = model.is_some_and(|model| state.catalog.same(model, &first.model));
    out.push(Effect::Write(Write::Suggestion {
        turn,
        suggestion,
        followed,
        at: now.ms,
    }));
    Some(Shown { followed, tried })
}
