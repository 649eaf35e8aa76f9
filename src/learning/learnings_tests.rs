//! Which learnings are drawn, what is done with them, and what they change.

use super::*;
use crate::learning::{FEATURES, Observation, Trends};
use crate::protocol::Backend;

const DAY: Millis = 24 * 3_600_000;

fn candidate(model: &str, lower: f64, cost: i64) -> Candidate {
    Candidate {
        model: model.into(),
        backend: Backend::OpenAi,
        success: lower + 0.05,
        lower,
        seen: 0,
        cost: (cost >= 0).then_some(Nano(cost)),
        reason: "why".into(),
    }
}

/// A good dear model, and a cheap one that is not yet believed in.
fn suggested() -> Suggestion {
    Suggestion {
        category: "debug".into(),
        candidates: vec![
            candidate("dear", 0.85, 100),
            candidate("cheap", 0.6, 10),
            candidate("unpriced", 0.5, -1),
        ],
        reached: true,
        value: None,
        tried: None,
        fault: None,
    }
}

fn trends(model: &str, good: u32, bad: u32) -> Trends {
    let mut trends = Trends::default();
    for i in 0..good + bad {
        trends.observe(&Observation {
            model: model.into(),
            category: "debug".into(),
            tags: vec!["rust".into()],
            complexity: 0,
            features: [0.0; FEATURES],
            success: f64::from(u8::from(i < good)),
            weight: 1.0,
        });
    }
    trends
}

fn with_case<T>(model: &str, (good, bad): (u32, u32), run: impl Fn(&Case) -> T) -> T {
    let trends = trends(model, good, bad);
    run(&Case {
        model,
        category: "debug",
        trend: trends.of(model, "debug", None).unwrap(),
        tag: None,
        suggested: &suggested(),
        threshold: 0.8,
        affordable: None,
        same: &|name| name == model,
    })
}

fn drawn(model: &str, results: (u32, u32), known: &[Learning], now: Millis) -> Option<Learning> {
    with_case(model, results, |case| draw(case, known, now, 7))
}

#[test]
fn how_well_results_bear_a_rule_out_decides_what_is_done_with_it() {
    for (model, good, bad, found) in [
        (
            "cheap",
            5,
            0,
            Some((RuleAdvice::Prefer, Tier::Auto, LearningState::Applied)),
        ),
        (
            "cheap",
            9,
            1,
            Some((RuleAdvice::Prefer, Tier::Auto, LearningState::Applied)),
        ),
        (
            "cheap",
            4,
            0,
            Some((RuleAdvice::Prefer, Tier::Noted, LearningState::Applied)),
        ),
        (
            "cheap",
            7,
            3,
            Some((RuleAdvice::Prefer, Tier::Noted, LearningState::Applied)),
        ),
        (
            "cheap",
            2,
            0,
            Some((RuleAdvice::Prefer, Tier::Review, LearningState::Waiting)),
        ),
        (
            "cheap",
            6,
            4,
            Some((RuleAdvice::Prefer, Tier::Review, LearningState::Waiting)),
        ),
        ("cheap", 1, 0, None),
        (
            "dear",
            0,
            5,
            Some((RuleAdvice::Avoid, Tier::Auto, LearningState::Applied)),
        ),
        (
            "dear",
            1,
            3,
            Some((RuleAdvice::Avoid, Tier::Noted, LearningState::Applied)),
        ),
        // It comes first anyway; it does not come first anyway; what it costs is not known.
        ("dear", 9, 0, None),
        ("cheap", 0, 9, None),
        ("unpriced", 9, 0, None),
    ] {
        let learning = drawn(model, (good, bad), &[], 0);
        let told = learning.map(|l| (l.rule.advice, l.tier, l.state));
        assert_eq!(told, found, "{model} {good} {bad}");
    }
}

#[test]
fn a_learning_says_what_it_is() {
    let learning = drawn("cheap", (9, 1), &[], 3).unwrap();
    assert_eq!(learning.text, "prefer cheap for debug: 9 of 10 good");
    assert_eq!((learning.id, learning.at, learning.n), (7, 3, 10));
    let avoided = drawn("dear", (1, 3), &[], 3).unwrap();
    assert_eq!(avoided.text, "avoid dear for debug: 3 of 4 bad");
    assert_eq!(avoided.rule.key(), "avoid debug dear");
}

#[test]
fn a_rule_in_force_needs_no_review_once_more_results_bear_it_out() {
    let noted = drawn("cheap", (4, 0), &[], 0).unwrap();
    assert_eq!(noted.tier, Tier::Noted);
    let risen = drawn("cheap", (5, 0), std::slice::from_ref(&noted), DAY).unwrap();
    assert_eq!((risen.id, risen.tier), (noted.id, Tier::Auto));
    assert_eq!(risen.text, "prefer cheap for debug: 5 of 5 good");
    assert_eq!(drawn("cheap", (6, 0), &[risen], DAY), None);
    // What the user has said of it stays.
    for state in [LearningState::Approved, LearningState::Rejected] {
        let said = Learning {
            state,
            ..noted.clone()
        };
        assert_eq!(drawn("cheap", (5, 0), &[said], DAY), None);
    }
}

#[test]
fn the_same_is_not_concluded_again_within_a_week() {
    let waiting = drawn("cheap", (2, 0), &[], 0).unwrap();
    let known = [waiting.clone()];
    assert_eq!(drawn("cheap", (2, 0), &known, DAY), None);
    // Of a higher tier, it is the same learning risen.
    let risen = drawn("cheap", (5, 0), &known, DAY).unwrap();
    assert_eq!(
        (risen.id, risen.tier, risen.state),
        (7, Tier::Auto, LearningState::Applied)
    );
    // After it, the one that waits is put forward again; there is no second.
    let again = with_case("cheap", (2, 0), |case| draw(case, &known, 7 * DAY, 8)).unwrap();
    assert_eq!(
        again,
        Learning {
            at: 7 * DAY,
            ..waiting.clone()
        }
    );
    assert_eq!(drawn("cheap", (2, 0), &[again], 8 * DAY), None);
    // The clock was set back: by a little, and by more than that.
    assert_eq!(drawn("cheap", (2, 0), &known, -DAY), None);
    assert!(drawn("cheap", (2, 0), &known, -30 * DAY).is_some());
    // What was decided is not asked again, what was withdrawn may come back.
    for (state, again) in [
        (LearningState::Rejected, false),
        (LearningState::Approved, false),
        (LearningState::Applied, false),
        (LearningState::Withdrawn, true),
    ] {
        let known = [Learning {
            state,
            ..risen.clone()
        }];
        assert_eq!(
            drawn("cheap", (9, 0), &known, 90 * DAY).is_some(),
            again,
            "{state:?}"
        );
    }
}

#[test]
fn what_results_no_longer_bear_out_is_withdrawn() {
    let applied = drawn("cheap", (5, 0), &[], 0).unwrap();
    let gone = |results, state| {
        let known = [Learning {
            state,
            ..applied.clone()
        }];
        let found = with_case("cheap", results, |case| withdrawn(case, &known));
        found.into_iter().map(|l| l.state).next()
    };
    assert_eq!(gone((5, 2), LearningState::Applied), None);
    assert_eq!(
        gone((5, 3), LearningState::Applied),
        Some(LearningState::Withdrawn)
    );
    assert_eq!(gone((5, 3), LearningState::Approved), None);
    assert_eq!(gone((0, 2), LearningState::Applied), None);
}

fn order(suggestion: &Suggestion) -> Vec<&str> {
    suggestion
        .candidates
        .iter()
        .map(|c| c.model.as_str())
        .collect()
}

fn applied(known: &[Learning], tags: &[&str], left: Option<i64>) -> Suggestion {
    let mut suggestion = suggested();
    let limits = (0.8, left.map(Nano));
    apply(&mut suggestion, known, tags, limits, &|a, b| a == b);
    suggestion
}

#[test]
fn a_learning_in_force_moves_its_model_and_says_so() {
    let auto = drawn("cheap", (5, 0), &[], 0).unwrap();
    let noted = drawn("cheap", (3, 1), &[], 0).unwrap();
    let found = applied(std::slice::from_ref(&auto), &[], None);
    assert_eq!(order(&found), ["cheap", "dear", "unpriced"]);
    assert_eq!(found.candidates[0].reason, "learnt: 5 of 5 good · why");
    let found = applied(&[noted], &[], None);
    assert_eq!(
        found.candidates[0].reason,
        "learnt, L7 to review: 3 of 4 good · why"
    );

    for (state, moved) in [
        (LearningState::Approved, true),
        (LearningState::Waiting, false),
        (LearningState::Rejected, false),
        (LearningState::Withdrawn, false),
    ] {
        let found = applied(
            &[Learning {
                state,
                ..auto.clone()
            }],
            &[],
            None,
        );
        assert_eq!(order(&found)[0] == "cheap", moved, "{state:?}");
    }
    // What is over the budget stays where it is.
    assert_eq!(order(&applied(&[auto], &[], Some(5)))[0], "dear");

    let avoid = drawn("dear", (0, 5), &[], 0).unwrap();
    let found = applied(&[avoid], &[], None);
    assert_eq!(order(&found), ["cheap", "unpriced", "dear"]);
    assert_eq!(found.candidates[2].reason, "learnt: 5 of 5 bad · why");
}

#[test]
fn a_rule_with_a_tag_is_for_prompts_that_have_it() {
    let mut learning = drawn("cheap", (5, 0), &[], 0).unwrap();
    learning.rule.tag = Some("rust".into());
    assert_eq!(
        order(&applied(&[learning.clone()], &["rust"], None))[0],
        "cheap"
    );
    assert_eq!(
        order(&applied(&[learning.clone()], &["go"], None))[0],
        "dear"
    );
    learning.rule.category = "math".into();
    assert_eq!(order(&applied(&[learning], &["rust"], None))[0], "dear");
}

#[test]
fn a_preferred_model_does_not_pass_a_cheaper_one_that_reaches_the_threshold() {
    let mut suggestion = suggested();
    suggestion
        .candidates
        .insert(0, candidate("cheapest", 0.82, 5));
    let learning = drawn("cheap", (5, 0), &[], 0).unwrap();
    apply(
        &mut suggestion,
        std::slice::from_ref(&learning),
        &[],
        (0.8, None),
        &|a, b| a == b,
    );
    assert_eq!(
        order(&suggestion),
        ["cheapest", "cheap", "dear", "unpriced"]
    );

    // Where nothing reaches it, the preferred model comes first, and it is reached.
    let mut suggestion = suggested();
    suggestion.reached = false;
    suggestion.candidates[0].lower = 0.7;
    apply(&mut suggestion, &[learning], &[], (0.8, None), &|a, b| {
        a == b
    });
    assert_eq!((order(&suggestion)[0], suggestion.reached), ("cheap", true));
}

fn avoid(model: &str) -> Learning {
    let mut learning = drawn("dear", (0, 5), &[], 0).unwrap();
    learning.rule.model = model.into();
    learning
}

/// A suggestion of these (name, lower bound, cost), with `left` to be spent, after these are avoided.
fn avoiding(avoided: &[&str], candidates: &[(&str, f64, i64)], left: Option<i64>) -> Suggestion {
    let mut suggestion = Suggestion {
        candidates: candidates
            .iter()
            .map(|(model, lower, cost)| candidate(model, *lower, *cost))
            .collect(),
        ..suggested()
    };
    let rules: Vec<Learning> = avoided.iter().map(|model| avoid(model)).collect();
    let limits = (0.8, left.map(Nano));
    apply(&mut suggestion, &rules, &[], limits, &|a, b| a == b);
    suggestion
}

#[test]
fn what_is_avoided_still_comes_before_what_is_over_the_budget() {
    let candidates = [
        ("cheap", 0.6, 10),
        ("fair", 0.5, 20),
        ("dear", 0.85, 100),
        ("dearest", 0.9, 200),
        ("unpriced", 0.5, -1),
    ];
    for (avoided, left, found) in [
        // Something else can be afforded, nothing else can, nothing can.
        (&["cheap"][..], Some(50), "fair cheap dear dearest unpriced"),
        (&["fair"], Some(15), "cheap dear dearest unpriced fair"),
        (&["cheap"], Some(15), "cheap fair dear dearest unpriced"),
        (&["cheap"], Some(5), "fair dear dearest unpriced cheap"),
        (&["dear"], Some(50), "cheap fair dearest unpriced dear"),
        // Exactly what is left can be spent.
        (&["cheap"], Some(100), "fair dear cheap dearest unpriced"),
        // Without a price, it does not rise.
        (&["unpriced"], Some(50), "cheap fair dear dearest unpriced"),
        (
            &["cheap", "fair"],
            Some(50),
            "cheap fair dear dearest unpriced",
        ),
        (&["cheap"], None, "fair dear dearest unpriced cheap"),
    ] {
        let suggestion = avoiding(avoided, &candidates, left);
        let found_order = order(&suggestion).join(" ");
        assert_eq!(found_order, found, "{avoided:?} {left:?}");
    }
}

#[test]
fn what_is_avoided_does_not_count_as_reaching_the_threshold() {
    let candidates = [("good", 0.85, 20), ("weak", 0.6, 10), ("dear", 0.9, 100)];
    for (avoided, left, reached) in [
        (&[][..], Some(50), true),
        (&["weak"], Some(50), true),
        (&["good"], None, true),
        // The other that reaches it cannot be afforded, or is avoided too.
        (&["good"], Some(50), false),
        (&["good", "dear"], None, false),
    ] {
        let found = avoiding(avoided, &candidates, left).reached;
        assert_eq!(found, reached, "{avoided:?} {left:?}");
    }
    // What is preferred reaches it, unless it is avoided for another reason.
    let mut prefer = drawn("cheap", (5, 0), &[], 0).unwrap();
    let rules = [prefer.clone(), avoid("dear")];
    assert!(applied(&rules, &[], None).reached);
    assert!(!applied(&rules, &[], Some(5)).reached);
    prefer.rule.model = "dear".into();
    assert!(!applied(&[prefer, avoid("dear")], &[], None).reached);
}
