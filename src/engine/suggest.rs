//! Which model next: gathers what the learning room needs, and notes what was followed.

use super::effect::Effect;
use super::session::Session;
use super::state::{Now, State};
use crate::catalog::{Ability, count_tokens};
use crate::learning::{FEATURES, Observation, Wish, read};
use crate::protocol::{Backend, BudgetTier, Nano, Rating, SessionId, Suggestion, Turn, TurnId};
use crate::store::Write;

/// What is asked besides the prompt.
pub struct Asked<'a> {
    pub prompt: &'a str,
    /// Whose conversation would go on.
    pub session: Option<&'a Session>,
    pub budget: BudgetTier,
    pub exclude: Vec<String>,
    pub require: Vec<Ability>,
}

/// Models in order for a prompt.
pub fn suggest(state: &State, asked: Asked) -> Suggestion {
    let view = asked.session.map(|session| &session.view);
    let context_tokens = view.and_then(|v| v.gauges.context_used).unwrap_or(0);
    let left = state.budget().daily.map(|limit| {
        let used = state.budget().spent.counted() + state.reserved();
        Nano((limit.0 - used.0).max(0))
    });
    let reading = read(asked.prompt, &[], &state.corrections);
    let wish = Wish {
        category: reading.category.to_owned(),
        tags: reading.labels(),
        complexity: reading.complexity.score,
        features: reading.features,
        prompt_tokens: count_tokens(asked.prompt),
        context_tokens,
        reachable: state.reachable.clone(),
        budget: asked.budget,
        exclude: asked.exclude,
        require: asked.require,
        min_window: Some(context_tokens + count_tokens(asked.prompt)),
        threshold: state.config.suggest.threshold,
        affordable: left,
        current: view.and_then(|v| v.model.clone()),
    };
    state
        .learner
        .suggest(&state.priors, &state.catalog, &wish)
}

/// Notes beside a new turn what would have been suggested for it, and whether the session's model is it.
pub fn note(state: &State, id: SessionId, turn: TurnId, now: Now, out: &mut Vec<Effect>) {
    let (Some(session), Some(asked)) = (state.sessions.get(&id), state.turns.get(&turn)) else {
        return;
    };
    let rehearsed = session.view.backend == Backend::Rehearsal;
    if !state.config.suggest.enabled || rehearsed || state.reachable.is_empty() {
        return;
    }
    let suggestion = suggest(
        state,
        Asked {
            prompt: &asked.prompt,
            session: Some(session),
            budget: BudgetTier::Any,
            exclude: Vec::new(),
            require: Vec::new(),
        },
    );
    let Some(first) = suggestion.candidates.first() else {
        return;
    };
    let canonical = |name: &str| state.catalog.find(name).map(|model| model.id.clone());
    let followed = session.view.model.as_deref().is_some_and(|model| {
        model == first.model || canonical(model).is_some_and(|id| id == first.model)
    });
    out.push(Effect::Write(Write::Suggestion {
        turn,
        suggestion,
        followed,
        at: now.ms,
    }));
}

/// Takes a rating of `turn` into what is known of its model; one that was rated before is judged anew.
pub fn learn(state: &mut State, turn: &Turn, rating: Rating) {
    let Some(model) = turn
        .model
        .as_deref()
        .filter(|_| turn.backend != Backend::Rehearsal)
    else {
        return;
    };
    let seen = |rating: Rating| Observation {
        model: state.catalog.key(model),
        category: turn.category.clone(),
        tags: Vec::new(),
        complexity: 0,
        features: [0.0; FEATURES],
        success: rating.success(),
        weight: 1.0,
    };
    let now = seen(rating);
    match turn.rating.map(seen) {
        None => state.learner.observe(&now),
        Some(before) => state.learner.revise(&before, &now),
    }
}
