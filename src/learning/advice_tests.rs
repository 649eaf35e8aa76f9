//! What is advised, and how sure it is said to be.

use super::*;
use crate::learning::{FEATURES, Observation};

const DEAR: &str = "claude-opus-4-8";
const CHEAP: &str = "claude-haiku-4-5";

fn learner(rows: &[(&str, u32, u32)]) -> Learner {
    let mut learner = Learner::default();
    for (model, good, bad) in rows {
        for i in 0..good + bad {
            learner.observe(&Observation {
                model: (*model).into(),
                category: "debug".into(),
                tags: vec![],
                complexity: 0,
                features: [0.0; FEATURES],
                success: f64::from(u8::from(i < *good)),
                weight: 1.0,
            });
        }
    }
    learner
}

fn turns(model: &str, n: u64, output: u64) -> Vec<(String, Usage)> {
    let usage = Usage {
        input: 10_000,
        output,
        ..Usage::default()
    };
    vec![(model.to_owned(), usage); n as usize]
}

fn used(turns: &[(String, Usage)]) -> Vec<Used> {
    let mut tally = Tally::default();
    for (model, usage) in turns {
        let cost = Catalog::embedded().cost_on(&Backend::Anthropic, Some(model), usage);
        tally.add("debug", model, *usage, cost);
    }
    tally.finish()
}

fn run(results: &[(&str, u32, u32)], turns: &[(String, Usage)]) -> Advice {
    let reachable = [
        (DEAR.to_owned(), Backend::Anthropic),
        (CHEAP.to_owned(), Backend::Anthropic),
    ];
    let learner = learner(results);
    let priors = Priors::of(Catalog::embedded());
    let at = AtHand {
        catalog: Catalog::embedded(),
        priors: &priors,
        learner: &learner,
        reachable: &reachable,
        threshold: 0.8,
        days: 30,
    };
    advice(&at, &used(turns))
}

#[test]
fn a_cheaper_model_that_does_as_well_is_advised_with_what_it_would_have_cost() {
    let turns = [turns(DEAR, 40, 1_000), turns(CHEAP, 20, 1_000)].concat();
    let found = run(&[(DEAR, 36, 4), (CHEAP, 57, 3)], &turns);
    let [row] = &found.rows[..] else {
        panic!("{found:?}");
    };
    assert_eq!((row.model.as_str(), row.instead.as_str()), (DEAR, CHEAP));
    assert_eq!((row.turns, row.verdict), (40, Verdict::Same));
    // The same text is three quarters as many tokens to the older model; the lengths of its answers are known.
    let price = |model, turns: i64| {
        let usage = Usage {
            input: (10_000.0 * factor(model) / factor(DEAR)).round() as u64,
            output: 1_000,
            ..Usage::default()
        };
        let one = Catalog::embedded().cost_on(&Backend::Anthropic, Some(model), &usage);
        Nano(one.priced.0 * turns)
    };
    assert_eq!((row.spent, row.cost), (price(DEAR, 40), price(CHEAP, 40)));
    // Answers that are all of one length leave no doubt about the cost.
    assert_eq!((row.cost_low, row.cost_high), (row.cost, row.cost));
    assert!(row.difference_low < row.difference && row.difference < row.difference_high);
    assert_eq!(found.turns, 60);
    assert!(
        row.text
            .starts_with("on these 40 debug turns claude-haiku-4-5 would have cost $")
    );
    assert!(row.text.contains("and does as well"), "{}", row.text);
}

#[test]
fn longer_answers_cost_more_and_unknown_lengths_leave_a_doubt() {
    let good = [(DEAR, 36, 4), (CHEAP, 57, 3)];
    let known = [turns(DEAR, 40, 1_000), turns(CHEAP, 20, 4_000)].concat();
    let longer = run(&good, &known).rows.remove(0);
    let unknown = run(&good, &turns(DEAR, 40, 1_000)).rows.remove(0);
    assert!(longer.cost > unknown.cost);
    assert!(unknown.cost_low < unknown.cost && unknown.cost < unknown.cost_high);
    assert!(
        unknown.text.contains("if its answers are about as long"),
        "{}",
        unknown.text
    );
}

#[test]
fn nothing_is_advised_that_is_not_known() {
    let good = [(DEAR, 36, 4), (CHEAP, 57, 3)];
    assert_eq!(run(&good, &turns(DEAR, 4, 1_000)).rows, []);
    assert_eq!(run(&good, &turns(CHEAP, 40, 1_000)).rows, []);
    assert_eq!(run(&good, &[]).rows, []);
    // An unknown price is not compared.
    assert_eq!(run(&good, &turns("nobody-1", 40, 1_000)).rows, []);
    // A cheap one that is bad here reaches no threshold.
    assert_eq!(
        run(&[(DEAR, 36, 4), (CHEAP, 2, 30)], &turns(DEAR, 40, 1_000)).rows,
        []
    );
}

#[test]
fn what_was_not_tried_here_is_never_said_to_be_as_good() {
    for (cheap, verdict, said) in [
        ((0, 0), Verdict::Unknown, "was not tried here"),
        ((2, 0), Verdict::Unknown, "tried too little to tell"),
        ((40, 1), Verdict::Same, "does as well"),
    ] {
        let rows = [(DEAR, 40, 0), (CHEAP, cheap.0, cheap.1)];
        // What benchmarks think of it must not decide whether it is looked at.
        let mut at_hand = run(&rows, &turns(DEAR, 40, 1_000)).rows;
        if at_hand.is_empty() {
            assert_eq!(verdict, Verdict::Unknown, "{cheap:?}");
            continue;
        }
        let row = at_hand.remove(0);
        assert_eq!(row.verdict, verdict, "{}", row.text);
        assert!(row.text.contains(said), "{}", row.text);
    }
}
