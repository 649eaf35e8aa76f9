//! Rules that follow from results: which model to prefer, or to avoid, for a kind of prompt.
//!
//! A rule is only made where it would change what is suggested. A preferred model counts as reaching the threshold
//! though its cautious estimate does not yet; one to be avoided comes last of what can be afforded, and does not count
//! as reaching it. How well results bear a rule out decides whether it is applied at once, applied with a note, or
//! waits for the user.

use crate::learning::trends::Trend;
use crate::protocol::{
    Candidate, Learning, LearningState, Millis, Nano, Rule, RuleAdvice, Suggestion, Tier,
};

/// A learning is applied from so large a share of results that bear it out, of so many.
const AUTO: (f64, u32) = (0.9, 5);
const NOTED: (f64, u32) = (0.7, 3);
/// Below this it is not even shown for review.
const REVIEW: (f64, u32) = (0.5, 2);

/// How long the same conclusion is not drawn again.
pub const AGAIN: Millis = 7 * 24 * 3_600_000;

/// What is done with a rule that `success` of `n` results bear out; `None`: it is none.
pub fn tier(success: f64, n: u32) -> Option<Tier> {
    let reaches = |(share, least): (f64, u32)| success + 1e-9 >= share && n >= least;
    match () {
        _ if reaches(AUTO) => Some(Tier::Auto),
        _ if reaches(NOTED) => Some(Tier::Noted),
        _ if reaches(REVIEW) => Some(Tier::Review),
        _ => None,
    }
}

/// What is known where a learning may be drawn.
pub struct Case<'a> {
    /// Of whom the newest result is.
    pub model: &'a str,
    pub category: &'a str,
    /// The results that count, of the model in the category, and with the tag, if there is one.
    pub trend: &'a Trend,
    pub tag: Option<&'a str>,
    /// What would be suggested now for such a prompt, without any rule.
    pub suggested: &'a Suggestion,
    /// What success must reach, and what is left to be spent.
    pub threshold: f64,
    pub affordable: Option<Nano>,
    /// Whether a candidate is this model.
    pub same: &'a dyn Fn(&str) -> bool,
}

/// What is learnt from the newest result: a new learning, or one that is there and has changed, or has waited for so
/// long that it is put forward again. A new one has the id `next`.
pub fn draw(case: &Case, known: &[Learning], now: Millis, next: u64) -> Option<Learning> {
    let (successes, weight) = case.trend.results();
    let n = (weight + 1e-3) as u32;
    if n == 0 {
        return None;
    }
    let good = successes / weight;
    let (advice, success) = match good >= 0.5 {
        true => (RuleAdvice::Prefer, good),
        false => (RuleAdvice::Avoid, 1.0 - good),
    };
    let rule = Rule {
        advice,
        model: case.model.to_owned(),
        category: case.category.to_owned(),
        tag: case.tag.map(str::to_owned),
    };
    let tier = tier(success, n)?;
    let before = known
        .iter()
        .rev()
        .find(|learning| learning.rule == rule && learning.state != LearningState::Withdrawn);
    let rises =
        |before: &&Learning| before.state == LearningState::Applied && better(tier, before.tier);
    let id = match before {
        None => next,
        // It is in force already, and needs no review any more.
        Some(before) if rises(&before) => before.id,
        Some(before)
            if before.state == LearningState::Waiting
                // A clock that was set back must not put it off for long.
                && (better(tier, before.tier) || (now - before.at).abs() >= AGAIN) =>
        {
            before.id
        }
        Some(_) => return None,
    };
    let learning = Learning {
        id,
        at: now,
        text: text(&rule, success, n),
        rule,
        success,
        n,
        tier,
        state: match tier {
            Tier::Auto | Tier::Noted => LearningState::Applied,
            Tier::Review => LearningState::Waiting,
        },
    };
    (before.is_some_and(|before| rises(&before)) || changes(case, &learning)).then_some(learning)
}

/// Whether `tier` asks less of the user than `before`.
fn better(tier: Tier, before: Tier) -> bool {
    let rank = |tier| match tier {
        Tier::Auto => 2,
        Tier::Noted => 1,
        Tier::Review => 0,
    };
    rank(tier) > rank(before)
}

/// Whether the suggestion would begin with another model, were the learning in force.
fn changes(case: &Case, learning: &Learning) -> bool {
    let head = |suggestion: &Suggestion| {
        let first = suggestion.candidates.first();
        first.map(|first| (first.model.clone(), first.backend.clone()))
    };
    let mut changed = case.suggested.clone();
    let limits = (case.threshold, case.affordable);
    match learning.rule.advice {
        RuleAdvice::Prefer => prefer(&mut changed, learning, limits, case.same),
        RuleAdvice::Avoid => avoid(&mut changed, learning, case.affordable, case.same),
    }
    head(&changed) != head(case.suggested)
}

/// The learnings in force that newer results no longer bear out, as they are from now on.
pub fn withdrawn(case: &Case, known: &[Learning]) -> Vec<Learning> {
    let (successes, weight) = case.trend.results();
    if weight < f64::from(NOTED.1) {
        return Vec::new();
    }
    let good = successes / weight;
    let spoken_against = |learning: &&Learning| {
        let share = match learning.rule.advice {
            RuleAdvice::Prefer => good,
            RuleAdvice::Avoid => 1.0 - good,
        };
        learning.state == LearningState::Applied
            && learning.rule.model == case.model
            && learning.rule.category == case.category
            && learning.rule.tag.as_deref() == case.tag
            && share + 1e-9 < NOTED.0
    };
    let withdraw = |learning: &Learning| Learning {
        state: LearningState::Withdrawn,
        ..learning.clone()
    };
    known.iter().filter(spoken_against).map(withdraw).collect()
}

/// Puts the learnings in force on a suggestion for a prompt that has `tags`. `same` tells whether two names are of one
/// model; `threshold` is what success must reach, `affordable` what is left to be spent.
pub fn apply(
    suggestion: &mut Suggestion,
    known: &[Learning],
    tags: &[&str],
    (threshold, affordable): (f64, Option<Nano>),
    same: &dyn Fn(&str, &str) -> bool,
) {
    let applies = |learning: &&Learning| {
        let rule = &learning.rule;
        matches!(
            learning.state,
            LearningState::Applied | LearningState::Approved
        ) && rule.category == suggestion.category
            && rule.tag.as_deref().is_none_or(|tag| tags.contains(&tag))
    };
    let in_force: Vec<Learning> = known.iter().filter(applies).cloned().collect();
    // What is to be avoided comes last even where it was preferred before.
    for advice in [RuleAdvice::Prefer, RuleAdvice::Avoid] {
        for learning in in_force.iter().filter(|l| l.rule.advice == advice) {
            let is = |model: &str| same(&learning.rule.model, model);
            match advice {
                RuleAdvice::Prefer => prefer(suggestion, learning, (threshold, affordable), &is),
                RuleAdvice::Avoid => avoid(suggestion, learning, affordable, &is),
            }
        }
    }
    let advised = |advice: RuleAdvice, model: &str| {
        let mut rules = in_force.iter().map(|learning| &learning.rule);
        rules.any(|rule| rule.advice == advice && same(&rule.model, model))
    };
    // Where only what is to be avoided reached the threshold, nothing does that would be taken.
    let reaches = |candidate: &Candidate| {
        !advised(RuleAdvice::Avoid, &candidate.model)
            && !too_dear(candidate, affordable)
            && (candidate.lower >= threshold || advised(RuleAdvice::Prefer, &candidate.model))
    };
    if in_force.iter().any(|l| l.rule.advice == RuleAdvice::Avoid) {
        suggestion.reached &= suggestion.candidates.iter().any(reaches);
    }
}

/// Moves the model among those that reach the threshold, to where its cost belongs.
fn prefer(
    suggestion: &mut Suggestion,
    learning: &Learning,
    (threshold, affordable): (f64, Option<Nano>),
    is: &dyn Fn(&str) -> bool,
) {
    let candidates = &mut suggestion.candidates;
    let Some(from) = candidates.iter().position(|c| is(&c.model)) else {
        return;
    };
    let cost = candidates[from].cost;
    // Without a price it cannot be said to be the cheapest.
    let Some(cost) = cost.filter(|cost| affordable.is_none_or(|left| *cost <= left)) else {
        return;
    };
    let reaching = candidates
        .iter()
        .take_while(|c| c.lower >= threshold && c.cost.is_some_and(|other| other <= cost))
        .count();
    let to = match suggestion.reached {
        true => reaching,
        false => 0,
    };
    if to >= from {
        return;
    }
    let mut candidate = candidates.remove(from);
    candidate.reason = format!("{} · {}", because(learning), candidate.reason);
    candidates.insert(to, candidate);
    suggestion.reached = true;
}

/// Moves the model behind all others that can be afforded; behind all, if it cannot be afforded itself.
fn avoid(
    suggestion: &mut Suggestion,
    learning: &Learning,
    affordable: Option<Nano>,
    is: &dyn Fn(&str) -> bool,
) {
    let dear = |candidate: &Candidate| too_dear(candidate, affordable);
    let (mut kept, mut avoided, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for mut candidate in std::mem::take(&mut suggestion.candidates) {
        if !is(&candidate.model) {
            kept.push(candidate);
            continue;
        }
        candidate.reason = format!("{} · {}", because(learning), candidate.reason);
        // One without a price that stood behind what is too dear may be so itself: it must not rise by being avoided.
        let behind = candidate.cost.is_none() && kept.iter().any(dear);
        match behind || dear(&candidate) {
            true => last.push(candidate),
            false => avoided.push(candidate),
        }
    }
    let dearer = kept.split_off(kept.iter().position(dear).unwrap_or(kept.len()));
    suggestion.candidates = [kept, avoided, dearer, last].concat();
}

/// Whether it is known to cost more than what is left to be spent.
fn too_dear(candidate: &Candidate, affordable: Option<Nano>) -> bool {
    let left = affordable.zip(candidate.cost);
    left.is_some_and(|(left, cost)| cost > left)
}

/// `learnt: 5 of 5 good`; with a note, where the learning wants to be looked at.
fn because(learning: &Learning) -> String {
    let said = said(&learning.rule, learning.success, learning.n);
    match (learning.state, learning.tier) {
        (LearningState::Approved, _) => format!("approved: {said}"),
        (_, Tier::Auto) => format!("learnt: {said}"),
        _ => format!("learnt, L{} to review: {said}", learning.id),
    }
}

fn said(rule: &Rule, success: f64, n: u32) -> String {
    let outcome = match rule.advice {
        RuleAdvice::Prefer => "good",
        RuleAdvice::Avoid => "bad",
    };
    let count = (success * f64::from(n) * 10.0).round() / 10.0;
    format!("{count} of {n} {outcome}")
}

fn text(rule: &Rule, success: f64, n: u32) -> String {
    let advice = match rule.advice {
        RuleAdvice::Prefer => "prefer",
        RuleAdvice::Avoid => "avoid",
    };
    let kind = match &rule.tag {
        Some(tag) => format!("{} with {tag}", rule.category),
        None => rule.category.clone(),
    };
    format!(
        "{advice} {} for {kind}: {}",
        rule.model,
        said(rule, success, n)
    )
}

#[cfg(test)]
#[path = "learnings_tests.rs"]
mod tests;
