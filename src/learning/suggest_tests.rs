//! The rule of [`crate::learning::suggest`], as tables.

use crate::catalog::{Ability, Catalog};
use crate::learning::learner::Learner;
use crate::learning::prior::Priors;
use crate::learning::results::Results;
use crate::learning::suggest::Wish;
use crate::protocol::{Backend, BudgetTier, Nano, Suggestion};
use std::borrow::Cow;

fn wish(category: &str) -> Wish<'static> {
    let at = |model: &str, backend| (model.to_owned(), backend);
    Wish {
        category: category.to_owned(),
        prompt_tokens: 500,
        reachable: Cow::Owned(vec![
            at("rehearsal", Backend::Rehearsal),
            at("bash", Backend::Terminal),
            at("claude-opus-4-8", Backend::Anthropic),
            at("claude-haiku-4-5", Backend::Anthropic),
            at("gpt-4o-mini", Backend::OpenAi),
            at("qwen3.6-plus", Backend::Endpoint("router".into())),
            at("nobody-1", Backend::Endpoint("router".into())),
            at("qwen3:32b", Backend::Ollama),
        ]),
        ..Wish::default()
    }
}

fn ask(wish: &Wish, rows: &[(&str, &str, f64, u32)]) -> Suggestion {
    let catalog = Catalog::embedded();
    let learner = Learner::new(Results::from_rows(rows.iter().copied()));
    learner.suggest(&Priors::of(catalog), catalog, wish)
}

fn names(suggestion: &Suggestion) -> Vec<&str> {
    suggestion
        .candidates
        .iter()
        .map(|c| c.model.as_str())
        .collect()
}

#[test]
fn a_stranger_gets_the_cheapest_that_benchmarks_vouch_for() {
    let hard = ask(&wish("debug"), &[]);
    assert_eq!(names(&hard)[0], "claude-opus-4-8");
    assert!(hard.reached);
    let easy = ask(&wish("simple_qa"), &[]);
    assert_eq!(names(&easy)[0], "qwen3.6-plus");
    assert!(!names(&hard).contains(&"rehearsal") && !names(&hard).contains(&"bash"));
}

#[test]
fn ten_good_results_lift_a_cheap_model_to_the_top() {
    let lifted = ask(&wish("debug"), &[("qwen3.6-plus", "debug", 10.0, 10)]);
    let first = &lifted.candidates[0];
    assert_eq!((first.model.as_str(), first.seen), ("qwen3.6-plus", 10));
    assert!(first.lower >= 0.80);
    assert_eq!(names(&lifted)[1], "claude-opus-4-8");
}

#[test]
fn bad_results_sink_a_model() {
    let sunk = ask(&wish("debug"), &[("claude-opus-4-8", "debug", 2.0, 12)]);
    assert!(!sunk.reached);
    assert_ne!(names(&sunk)[0], "claude-opus-4-8");
}

#[test]
fn a_good_local_model_is_free_and_so_first() {
    let local = ask(&wish("explain"), &[("qwen3:32b", "explain", 20.0, 20)]);
    let first = &local.candidates[0];
    assert_eq!(
        (first.model.as_str(), first.cost),
        ("qwen3:32b", Some(Nano(0)))
    );
    assert_eq!(
        first.reason,
        "cheapest above 80 % for explain here (20 of 20, n=20); free, on this machine against $0.034 at claude-opus-4-8"
    );
}

#[test]
fn filters_hold() {
    type Change = fn(&mut Wish);
    let table: [(&str, Change, &[&str]); 7] = [
        (
            "low",
            |w| w.budget = BudgetTier::Low,
            &[
                "claude-haiku-4-5",
                "gpt-4o-mini",
                "qwen3.6-plus",
                "qwen3:32b",
            ],
        ),
        (
            "low, and an endpoint on this machine",
            |w| {
                w.budget = BudgetTier::Low;
                w.local = vec!["router".into()];
            },
            &[
                "claude-haiku-4-5",
                "gpt-4o-mini",
                "nobody-1",
                "qwen3.6-plus",
                "qwen3:32b",
            ],
        ),
        (
            "high",
            |w| w.budget = BudgetTier::High,
            &["claude-opus-4-8", "nobody-1"],
        ),
        (
            "exclude",
            |w| {
                w.exclude = vec![
                    "anthropic/claude-opus-4.8".into(),
                    "qwen3:32b".into(),
                    "nobody-1".into(),
                ]
            },
            &["claude-haiku-4-5", "gpt-4o-mini", "qwen3.6-plus"],
        ),
        (
            "require",
            |w| w.require = vec![Ability::Vision, Ability::Reasoning],
            &["claude-haiku-4-5", "claude-opus-4-8", "qwen3.6-plus"],
        ),
        (
            "window",
            |w| w.min_window = Some(500_000),
            &["claude-opus-4-8", "nobody-1", "qwen3.6-plus", "qwen3:32b"],
        ),
        ("nothing", |w| w.reachable.to_mut().clear(), &[]),
    ];
    for (name, change, left) in table {
        let mut wish = wish("debug");
        change(&mut wish);
        let suggestion = ask(&wish, &[]);
        let mut found = names(&suggestion);
        found.sort_unstable();
        assert_eq!(found, left, "{name}");
    }
}

#[test]
fn what_is_too_dear_comes_last_and_says_so() {
    let mut poor = wish("debug");
    poor.affordable = Some(Nano(5_000_000));
    let suggestion = ask(&poor, &[]);
    assert!(!suggestion.reached);
    assert!(
        suggestion.candidates[0]
            .reason
            .starts_with("best affordable for debug: ")
    );
    let last = suggestion.candidates.last().expect("candidates");
    assert_eq!(
        (last.model.as_str(), last.cost),
        ("nobody-1", None),
        "counted at a conservative price"
    );
    assert!(
        last.reason.starts_with("over what is left of the budget"),
        "{}",
        last.reason
    );
}

#[test]
fn the_current_model_reads_its_context_from_a_cache() {
    let mut long = wish("debug");
    long.context_tokens = 100_000;
    let cost = |wish: &Wish| ask(wish, &[]).candidates[0].cost;
    let cold = cost(&long);
    long.current = Some("claude-opus-4-8-20260528".into());
    assert!(cost(&long) < cold);
}

#[test]
fn the_order_is_always_the_same_and_equals_keep_theirs() {
    let mut twice = wish("debug");
    twice.reachable = Cow::Owned(vec![
        ("claude-opus-4-8".into(), Backend::Claude),
        ("claude-opus-4-8".into(), Backend::Anthropic),
    ]);
    let first = ask(&twice, &[]);
    assert_eq!(first, ask(&twice, &[]));
    assert_eq!(first.candidates[0].backend, Backend::Claude);
    twice.reachable.to_mut().reverse();
    assert_eq!(ask(&twice, &[]).candidates[0].backend, Backend::Anthropic);
}

#[test]
fn reasons_are_true() {
    let rows = [
        ("qwen3.6-plus", "debug", 9.5, 10),
        ("gpt-4o-mini", "debug", 1.0, 3),
    ];
    let suggestion = ask(&wish("debug"), &rows);
    for c in &suggestion.candidates {
        let reason = &c.reason;
        assert_eq!(
            reason.contains("above 80 %"),
            c.lower >= 0.80,
            "{} {reason}",
            c.model
        );
        assert_eq!(
            reason.contains("no results here yet"),
            c.seen == 0,
            "{} {reason}",
            c.model
        );
        assert_eq!(
            reason.contains("price unknown"),
            c.cost.is_none(),
            "{} {reason}",
            c.model
        );
        assert!(!reason.contains('\n'));
    }
    let of = |model| {
        suggestion
            .candidates
            .iter()
            .find(|c| c.model == model)
            .map(|c| c.reason.as_str())
    };
    assert_eq!(
        of("gpt-4o-mini").map(|r| r.contains("expected for debug here (1 of 3, n=3); about $0.0")),
        Some(true),
        "{:?}",
        of("gpt-4o-mini")
    );
    assert!(
        of("nobody-1")
            .is_some_and(|r| r.contains("no benchmark known") && r.ends_with("price unknown"))
    );
}

#[test]
fn a_window_that_could_not_be_checked_is_said() {
    let mut long = wish("debug");
    long.min_window = Some(100_000);
    for c in ask(&long, &[]).candidates {
        let unknown = ["nobody-1", "qwen3:32b"].contains(&c.model.as_str());
        assert_eq!(
            c.reason.ends_with("window unknown"),
            unknown,
            "{}",
            c.reason
        );
    }
}
