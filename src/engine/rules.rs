//! Rules that follow from results: drawn, withdrawn, put in force and out of it by the user, applied.

use super::effect::Effect;
use super::forks::Result;
use super::state::{Now, State};
use super::suggest;
use crate::learning::{Case, TagKind, apply_learnings, draw, tag_kind, tier, withdrawn};
use crate::protocol::{
    Answer, Learning, LearningState, Nano, Refusal, RuleAdvice, Suggestion, Tier,
};
use crate::store::Evidence;
use std::collections::HashMap;

/// What is sure by less than this is no ground for a rule to be looked at.
const SURE: f64 = 0.5;

/// What is suggested in each category that was looked at; it holds for as long as nothing is learnt, since rules have no
/// part in it.
type Plain = HashMap<String, Suggestion>;

/// A result came in: what follows from it for its model, in its category and with each of its tags.
pub fn follow(state: &mut State, evidence: &Evidence, now: Now, out: &mut Vec<Effect>) {
    if evidence.row.weight < SURE {
        return;
    }
    let model = state.catalog.key(&evidence.row.model);
    let tags = evidence.about.tags.iter().map(|tag| Some(tag.as_str()));
    let mut plain = Plain::new();
    for tag in std::iter::once(None).chain(tags) {
        let of = (&*model, &*evidence.row.category, tag);
        look(state, of, &mut plain, now, out);
    }
}

/// Looks at everything there are results of, whatever was seen of it before.
pub fn sweep(state: &mut State, now: Now, out: &mut Vec<Effect>) {
    state.kept.considered.clear();
    let all: Vec<(String, String, Option<String>)> = state
        .learner
        .trends()
        .kinds()
        .map(|(model, category, tag)| {
            (
                model.to_owned(),
                category.to_owned(),
                tag.map(str::to_owned),
            )
        })
        .collect();
    let mut plain = Plain::new();
    for (model, category, tag) in &all {
        let of = (&**model, &**category, tag.as_deref());
        look(state, of, &mut plain, now, out);
    }
}

fn look(
    state: &mut State,
    (model, category, tag): (&str, &str, Option<&str>),
    plain: &mut Plain,
    now: Now,
    out: &mut Vec<Effect>,
) {
    // How a prompt asks is no ground for a rule that people would follow.
    if tag.is_some_and(|tag| tag_kind(tag) == Some(TagKind::Form)) {
        return;
    }
    let Some(trend) = state.learner.trends().of(model, category, tag) else {
        return;
    };
    let (successes, weight) = trend.results();
    let good = successes / weight.max(1e-9);
    let found = tier(good.max(1.0 - good), (weight + 1e-3) as u32);
    let key = format!(
        "{category}+{}+{model}+{}",
        tag.unwrap_or_default(),
        good >= 0.5
    );
    let in_force = |rule: &Learning| {
        rule.state == LearningState::Applied
            && rule.rule.model == model
            && rule.rule.category == category
    };
    // A suggestion is only made where it may tell something new.
    let seen = state.kept.considered.get(&key) == Some(&found);
    if (seen || found.is_none()) && !state.kept.rules.iter().any(in_force) {
        return;
    }
    let trend = trend.clone();
    if !plain.contains_key(category) {
        plain.insert(category.to_owned(), suggest::plain(state, category));
    }
    let suggested = &plain[category];
    let catalog = state.catalog.clone();
    let case = Case {
        model,
        category,
        trend: &trend,
        tag,
        suggested,
        threshold: state.config.suggest.threshold,
        affordable: None,
        same: &|name| catalog.same(name, model),
    };
    for rule in withdrawn(&case, &state.kept.rules) {
        state.kept.put_rule(rule, out);
    }
    let covered = tag.is_some() && covered(state, (model, category), good >= 0.5, found);
    if !seen
        && !covered
        && let Some(rule) = draw(&case, &state.kept.rules, now.ms, state.kept.next_rule())
    {
        state.kept.put_rule(rule, out);
    }
    state.kept.considered.insert(key, found);
}

/// Whether there is a rule for the whole category that is borne out as well as this one for a tag would be: then the
/// tag adds nothing, and the same results would only be told twice.
fn covered(
    state: &State,
    (model, category): (&str, &str),
    prefer: bool,
    found: Option<Tier>,
) -> bool {
    let general = |rule: &Learning| {
        rule.rule.tag.is_none()
            && rule.rule.model == model
            && rule.rule.category == category
            && (rule.rule.advice == RuleAdvice::Prefer) == prefer
            && rule.state != LearningState::Withdrawn
    };
    if !state.kept.rules.iter().any(general) {
        return false;
    }
    let Some(trend) = state.learner.trends().of(model, category, None) else {
        return false;
    };
    let (successes, weight) = trend.results();
    let good = successes / weight.max(1e-9);
    let share = if prefer { good } else { 1.0 - good };
    let rank = |tier: Option<Tier>| match tier {
        None => 0,
        Some(Tier::Review) => 1,
        Some(Tier::Noted) => 2,
        Some(Tier::Auto) => 3,
    };
    rank(tier(share, (weight + 1e-3) as u32)) >= rank(found)
}

/// Puts the rules in force on a suggestion. What is preferred counts as reaching the threshold of the configuration,
/// not a higher one that a task asks for.
pub fn apply(
    state: &State,
    suggestion: &mut Suggestion,
    tags: &[&str],
    limits: (f64, Option<Nano>),
) {
    let same = |a: &str, b: &str| state.catalog.same(a, b);
    if limits.0 <= state.config.suggest.threshold + 1e-9 {
        return apply_learnings(suggestion, &state.kept.rules, tags, limits, &same);
    }
    let avoids = |rule: &&Learning| rule.rule.advice == RuleAdvice::Avoid;
    let rules: Vec<Learning> = state.kept.rules.iter().filter(avoids).cloned().collect();
    apply_learnings(suggestion, &rules, tags, limits, &same);
}

/// The user puts a rule in force, or out of it.
///
/// # Errors
/// There is no such rule.
pub fn decide(
    state: &mut State,
    id: u64,
    state_of_it: LearningState,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Answer> {
    let rule = state.kept.rules.iter().find(|rule| rule.id == id);
    let rule = rule.ok_or_else(|| {
        Refusal::new(
            format!("there is no rule L{id}"),
            "antiphon learn review lists all",
        )
    })?;
    let rule = Learning {
        at: now.ms,
        state: state_of_it,
        ..rule.clone()
    };
    state.kept.put_rule(rule.clone(), out);
    Ok(Answer::Learnings(vec![rule]))
}

/// All rules as people look at them: what waits for them first, then the newest.
pub fn shown(state: &State) -> Vec<Learning> {
    let mut rules = state.kept.rules.clone();
    rules.sort_by_key(|rule| {
        let waits = rule.state == LearningState::Waiting;
        let noted = rule.state == LearningState::Applied && rule.tier == Tier::Noted;
        (!waits, !noted, std::cmp::Reverse((rule.at, rule.id)))
    });
    rules
}

/// Takes all rules out of force, so that they may be drawn anew. Returns how many were in force or waited.
pub fn forget(state: &mut State, out: &mut Vec<Effect>) -> usize {
    let alive: Vec<Learning> = state
        .kept
        .rules
        .iter()
        .filter(|rule| rule.state != LearningState::Withdrawn)
        .cloned()
        .collect();
    for rule in &alive {
        let withdrawn = Learning {
            state: LearningState::Withdrawn,
            ..rule.clone()
        };
        state.kept.put_rule(withdrawn, out);
    }
    state.kept.considered.clear();
    alive.len()
}
